//! What nodes and flows say of themselves to people: kept in both forms, and no part of the meaning.

use crate::catalog;
use definitions::{Format, Process, read, write_bpmn, write_yaml};
use expect_test::expect;

/// Something of every shape that a step, an event or a flow is written in; `*` stands for a note.
const ALL: &str = r#"
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
<message id="m" name="note"/><error id="e" errorCode="UserNotFound"/>
<process id="p" name="P" isExecutable="true">*
  <startEvent id="start" name="Start">*</startEvent>
  <sequenceFlow id="f1" sourceRef="start" targetRef="which">*</sequenceFlow>
  <exclusiveGateway id="which" default="f3">*</exclusiveGateway>
  <sequenceFlow id="f2" sourceRef="which" targetRef="inner">*<conditionExpression>${a}</conditionExpression></sequenceFlow>
  <sequenceFlow id="f3" sourceRef="which" targetRef="await">*</sequenceFlow>
  <subProcess id="inner" name="Inner">*
    <startEvent id="inner.start" name="Start">*</startEvent>
    <sequenceFlow id="f4" sourceRef="inner.start" targetRef="task"/>
    <task id="task">*</task>
    <boundaryEvent id="late" attachedToRef="task">*<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="f5" sourceRef="late" targetRef="inner.end">*</sequenceFlow>
    <sequenceFlow id="f6" sourceRef="task" targetRef="merge">*</sequenceFlow>
    <exclusiveGateway id="merge"/>
    <sequenceFlow id="f13" sourceRef="merge" targetRef="inner.end">*</sequenceFlow>
    <endEvent id="inner.end" name="End">*</endEvent>
    <subProcess id="beside" triggeredByEvent="true">*
      <startEvent id="beside.start" name="Start"><messageEventDefinition messageRef="m"/></startEvent>
      <sequenceFlow id="f7" sourceRef="beside.start" targetRef="thrown"/>
      <endEvent id="thrown" name="Thrown">*<errorEventDefinition errorRef="e"/></endEvent>
    </subProcess>
  </subProcess>
  <sequenceFlow id="f8" sourceRef="inner" targetRef="end"/>
  <eventBasedGateway id="await">*</eventBasedGateway>
  <sequenceFlow id="f9" sourceRef="await" targetRef="noted"/>
  <sequenceFlow id="f10" sourceRef="await" targetRef="timed">*</sequenceFlow>
  <intermediateCatchEvent id="noted" name="Noted">*<messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <intermediateCatchEvent id="timed" name="Timed">*<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <sequenceFlow id="f11" sourceRef="noted" targetRef="end"/>
  <sequenceFlow id="f12" sourceRef="timed" targetRef="end">*</sequenceFlow>
  <endEvent id="end" name="End">*</endEvent>
</process></definitions>"#;

/// The definition with a note wherever one may be, each its own.
fn noted() -> String {
    let parts = ALL.split('*').enumerate();
    parts.fold(String::new(), |text, (number, part)| match number {
        0 => part.to_owned(),
        _ => format!(
            "{text}<documentation>Note {number}\nand more &amp; more.</documentation>{part}"
        ),
    })
}

fn process(format: Format, text: &str) -> Process {
    read(format, text, &catalog::catalog()).unwrap_or_else(|flaws| panic!("{flaws:#?}\n{text}"))
}

/// All that is said, by the node or by the ends of the flow.
fn said(process: &Process) -> Vec<String> {
    let mut said: Vec<String> = process.description().map(str::to_owned).into_iter().collect();
    for (place, node) in process.nodes() {
        said.extend(node.description.iter().map(|text| format!("{}: {text}", node.id)));
        for (flow, to) in process.outgoing(place) {
            let (from, to) = (&node.id, &process.node(to).id);
            said.extend(flow.description.iter().map(|text| format!("{from} > {to}: {text}")));
        }
    }
    said.sort();
    said
}

#[test]
fn notes_survive_the_way_to_yaml_and_back() {
    let first = process(Format::Bpmn, &noted());
    assert_eq!(said(&first).len(), ALL.matches('*').count());
    let yaml = process(Format::Yaml, &write_yaml(&first));
    assert_eq!(said(&yaml), said(&first), "{}", write_yaml(&first));
    let back = process(Format::Bpmn, &write_bpmn(&yaml, None));
    assert_eq!(said(&back), said(&first));
    assert_eq!(back.meaning(), first.meaning());
    assert_eq!(write_yaml(&back), write_yaml(&yaml));
}

#[test]
fn a_note_means_nothing() {
    let (noted, bare) =
        (process(Format::Bpmn, &noted()), process(Format::Bpmn, &ALL.replace('*', "")));
    assert_eq!(noted.hash(), bare.hash());
    assert_eq!(said(&bare), Vec::<String>::new());
    assert!(!write_yaml(&bare).contains("description"));
    assert!(!write_bpmn(&bare, None).contains("documentation"));
}

#[test]
fn notes_are_written_beside_the_names() {
    let text = "
name: P
description: All of it.
steps:
  - activity: simpleDecider
    name: Decide
    description: |
      Who decides?
      We do.
    on: [{ timer: PT1H, name: Late, description: Nobody came., then: end }]
    then:
      - { when: a, to: end, name: Yes, description: As most do. }
      - { otherwise: end, description: \" \" }
";
    expect![[r#"
        name: P
        description: All of it.
        steps:
          - activity: simpleDecider
            name: Decide
            description: "Who decides?\nWe do."
            on:
              - { timer: PT1H, name: Late, description: Nobody came., then: end }
            then:
              - { name: "Yes", description: As most do., when: a, to: end }
              - { otherwise: end }
    "#]]
    .assert_eq(&write_yaml(&process(Format::Yaml, text)));
}

#[test]
fn several_texts_of_an_element_are_one() {
    let text = ALL.replacen("<task id=\"task\">*", "<task id=\"task\"><documentation> One. </documentation><documentation/><documentation>Two.</documentation>", 1);
    let process = process(Format::Bpmn, &text.replace('*', ""));
    assert_eq!(said(&process), ["task: One.\n\nTwo."]);
}
