//! What nothing refers to needs no id.

use crate::picture::picture;
use crate::written::around;
use definitions::Format;
use expect_test::expect;

const FRAME: &str = r#"<startEvent id="s" /><task id="x" /><endEvent id="e" /><sequenceFlow id="f" sourceRef="s" targetRef="x" />"#;

/// The picture of a process around some elements, with the ids of its flows.
fn told(elements: &str, roots: &str) -> String {
    let text = around(&format!("{FRAME}{elements}"));
    let text = text.replace("<process", &format!("{roots}<process"));
    let mut told = picture(Format::Bpmn, &text);
    if let Ok(process) = definitions::read(Format::Bpmn, &text, &crate::catalog::catalog()) {
        crate::written::written_again(std::slice::from_ref(&process), None);
        let flows = process.nodes().flat_map(|(place, _)| process.outgoing(place));
        let flows: Vec<&str> = flows.map(|(flow, _)| &*flow.id).collect();
        told.push_str(&format!("  {}\n", flows.join(" ")));
    }
    told
}

#[test]
fn what_nothing_refers_to_is_named_as_in_yaml() {
    let flow = r#"<sequenceFlow sourceRef="x" targetRef="e" />"#;
    let whenever = |signal: &str| {
        format!(
            r#"<subProcess triggeredByEvent="true"><startEvent><signalEventDefinition signalRef="{signal}" /></startEvent></subProcess>"#
        )
    };
    let cases = [
        (flow.to_owned(), ""),
        (format!(r#"<task id="x.flow1" />{flow}{flow}"#).replace("<task", "<dataObject"), ""),
        (
            format!(
                r#"{flow}<adHocSubProcess id="a"><task name="Sing along" /><task name="Sing along" /><task /><manualTask name="e" /></adHocSubProcess><sequenceFlow sourceRef="x" targetRef="a" /><sequenceFlow sourceRef="a" targetRef="e" />"#
            ),
            "",
        ),
        (
            format!("{flow}{}{}", whenever("g"), whenever("h")),
            r#"<signal id="g" name="gone" /><signal id="h" name="here" />"#,
        ),
        (
            format!(r#"{flow}<dataObject name="q" /><dataObject /><property name="r" />"#),
            r#"<message name="m" /><message name="m" /><signal name="s" /><error errorCode="E" /><escalation escalationCode="E" /><dataStore /><collaboration><participant processRef="p" /><participant name="z" /><participant name="z" /></collaboration>"#,
        ),
        (
            format!(
                r#"{flow}<boundaryEvent id="one" attachedToRef="x"><timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow sourceRef="one" targetRef="e" /><boundaryEvent id="two" attachedToRef="x"><timerEventDefinition><timeDuration>PT2M</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow sourceRef="two" targetRef="e" />"#
            ),
            "<timerEventDefinition><timeDuration>PT3M</timeDuration></timerEventDefinition>",
        ),
    ];
    let told: String = cases.iter().map(|(elements, roots)| told(elements, roots)).collect();
    expect![[r#"
        p
          s: start -> x
          x: Abstract task -> e
          e: end
          f x.flow1
        p
          s: start -> x
          x: Abstract task -> e, e
          e: end
          f x.flow1.2 x.flow2
        p
          s: start -> x
          x: Abstract task -> e, a
          e: end
          a: parallel ad-hoc -> e
          a/sing-along: Abstract task
          a/sing-along.2: Abstract task
          a/a.step-3: Abstract task
          a/e.2: Manual task
          f x.flow1 x.flow2 a.flow1
        p
          s: start -> x
          x: Abstract task -> e
          e: end
          event-1: event sub-process
          event-1/event-1.start: interrupting start signal "gone"
          event-2: event sub-process
          event-2/event-2.start: interrupting start signal "here"
          f x.flow1
        p has q, r
          s: start -> x
          x: Abstract task -> e
          e: end
          f x.flow1
        p
          s: start -> x
          x: Abstract task -> e
          e: end
          one: leaves x duration "PT1M" -> e
          two: leaves x duration "PT2M" -> e
          f x.flow1 one.flow1 two.flow1
    "#]]
    .assert_eq(&told);
}

#[test]
fn an_id_that_something_names_was_forgotten() {
    let flow = r#"<sequenceFlow id="g" sourceRef="x" targetRef="e" />"#;
    let cases = [
        format!(r#"{flow}<task name="Wait" /><sequenceFlow sourceRef="x" targetRef="wait" />"#),
        format!(
            r#"{flow}<subProcess><startEvent id="i" /></subProcess><sequenceFlow sourceRef="x" targetRef="in" />"#
        ),
        r#"<exclusiveGateway id="y" default="g" /><sequenceFlow sourceRef="x" targetRef="y" /><sequenceFlow sourceRef="y" targetRef="e" />"#
            .to_owned(),
        format!(r#"{flow}<sequenceFlow targetRef="e" /><property />"#),
    ];
    let told: String = cases.iter().map(|elements| told(elements, "") + "\n").collect();
    expect![[r#"
        line 2: p: task "Wait" has no id; give it the one that the flows name [missing-attribute]
        line 2: x.flow1: the flow leads to wait, which does not exist [dangling-reference]

        line 2: p: subProcess has no id; give it the one that the flows name [missing-attribute]
        line 2: x.flow1: the flow leads to in, which does not exist [dangling-reference]

        line 2: p: the flow from x to y has no id; give it the one that the nodes name [missing-attribute]
        line 2: p: the flow from y to e has no id; give it the one that the nodes name [missing-attribute]
        line 2: y: the default flow g does not leave this node; name one that does [default-place]

        line 2: p: a property is a variable; give it a name [invalid-variable]
        line 2: flow1: sequenceFlow needs the attribute sourceRef [missing-attribute]

    "#]].assert_eq(&told);
}
