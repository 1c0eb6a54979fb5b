//! What other modelers and engines write: it is read as they mean it, or refused by name.

use crate::bpmn_elements::{file, flows};
use crate::picture::picture;
use crate::{meaning, process};
use definitions::{Format, NodeId, Process, read, read_drawing, write_bpmn};
use expect_test::{Expect, expect};

/// A file with a pool, whose elements name each other as `tns:ID` when there is a `prefix`.
fn qualified(prefix: &str) -> String {
    format!(
        r##"<bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:tns="http://sample/ns" xmlns:far="http://other/ns" targetNamespace="http://sample/ns" id="D">
<bpmn2:message id="M" name="go"/><bpmn2:signal id="S" name="s"/><bpmn2:error id="E" errorCode="x"/><bpmn2:escalation id="L" escalationCode="l"/>
<bpmn2:timerEventDefinition id="T"><bpmn2:timeDuration>PT5M</bpmn2:timeDuration></bpmn2:timerEventDefinition>
<bpmn2:collaboration id="C"><bpmn2:participant id="PA" processRef="{prefix}P"/><bpmn2:participant id="PB"/><bpmn2:messageFlow id="mf" sourceRef="{prefix}PB" targetRef="{prefix}r"/></bpmn2:collaboration>
<bpmn2:process id="P" isExecutable="true">
<bpmn2:laneSet id="ls"><bpmn2:lane id="la"><bpmn2:flowNodeRef>{prefix}r</bpmn2:flowNodeRef></bpmn2:lane></bpmn2:laneSet>
<bpmn2:dataObject id="do" name="thing"/><bpmn2:dataObjectReference id="dr" dataObjectRef="{prefix}do"/>
<bpmn2:startEvent id="s"><bpmn2:outgoing>{prefix}f1</bpmn2:outgoing></bpmn2:startEvent>
<bpmn2:receiveTask id="r" messageRef="{prefix}M" default="{prefix}f2"><bpmn2:incoming> {prefix}f1 </bpmn2:incoming><bpmn2:outgoing>{prefix}f2</bpmn2:outgoing></bpmn2:receiveTask>
<bpmn2:boundaryEvent id="b" attachedToRef="{prefix}r"><bpmn2:outgoing>{prefix}f3</bpmn2:outgoing><bpmn2:eventDefinitionRef>{prefix}T</bpmn2:eventDefinitionRef></bpmn2:boundaryEvent>
<bpmn2:serviceTask id="w" camunda:delegateExpression="${{addUser}}"><bpmn2:ioSpecification><bpmn2:dataInput id="di" name="storeName"/><bpmn2:inputSet/><bpmn2:outputSet/></bpmn2:ioSpecification><bpmn2:dataInputAssociation><bpmn2:sourceRef>{prefix}dr</bpmn2:sourceRef><bpmn2:targetRef>{prefix}di</bpmn2:targetRef></bpmn2:dataInputAssociation></bpmn2:serviceTask>
<bpmn2:callActivity id="k" calledElement="{prefix}P"/>
<bpmn2:boundaryEvent id="kb" attachedToRef="{prefix}k"><bpmn2:errorEventDefinition errorRef="{prefix}E"/></bpmn2:boundaryEvent>
<bpmn2:boundaryEvent id="kl" attachedToRef="{prefix}k"><bpmn2:escalationEventDefinition escalationRef="{prefix}L"/></bpmn2:boundaryEvent>
<bpmn2:boundaryEvent id="kc" attachedToRef="{prefix}k"><bpmn2:compensateEventDefinition/></bpmn2:boundaryEvent>
<bpmn2:task id="u" isForCompensation="true"/><bpmn2:association id="ua" sourceRef="{prefix}kc" targetRef="{prefix}u"/>
<bpmn2:intermediateThrowEvent id="c"><bpmn2:compensateEventDefinition activityRef="{prefix}k"/></bpmn2:intermediateThrowEvent>
<bpmn2:endEvent id="e"><bpmn2:signalEventDefinition signalRef="{prefix}S"/></bpmn2:endEvent>
<bpmn2:sequenceFlow id="f1" sourceRef="{prefix}s" targetRef="{prefix}r"/>
<bpmn2:sequenceFlow id="f2" sourceRef="{prefix}r" targetRef="{prefix}w"/>
<bpmn2:sequenceFlow id="f3" sourceRef="{prefix}b" targetRef="{prefix}e"/>
<bpmn2:sequenceFlow id="f4" sourceRef="{prefix}w" targetRef="{prefix}k"/>
<bpmn2:sequenceFlow id="f5" sourceRef="{prefix}k" targetRef="{prefix}c"/>
<bpmn2:sequenceFlow id="f6" sourceRef="{prefix}c" targetRef="{prefix}e"/>
<bpmn2:sequenceFlow id="f7" sourceRef="{prefix}kb" targetRef="{prefix}e"/>
<bpmn2:sequenceFlow id="f8" sourceRef="{prefix}kl" targetRef="{prefix}e"/>
</bpmn2:process>
<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="{prefix}C"><bpmndi:BPMNShape id="g" bpmnElement="{prefix}s"><dc:Bounds x="1" y="2" width="36" height="36"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn2:definitions>"##
    )
}

#[test]
fn references_may_have_the_prefix_of_the_file() {
    let (plain, prefixed) = (qualified(""), qualified("tns:"));
    let whole = meaning(Format::Bpmn, &plain);
    assert!(whole.starts_with('{'), "{whole}");
    assert_eq!(meaning(Format::Bpmn, &prefixed), whole);
    assert_eq!(meaning(Format::Bpmn, &qualified("nobody:")), whole, "a prefix that is not bound");
    assert_eq!(read_drawing(&prefixed), read_drawing(&plain));
    assert!(read_drawing(&prefixed).is_some_and(|drawing| drawing.shapes.contains_key("s")));
}

#[test]
fn references_to_other_files_are_refused_by_name() {
    let text = qualified("").replace("attachedToRef=\"r\"", "attachedToRef=\"far:r\"").replace(
        "<bpmn2:flowNodeRef>r<",
        "<bpmn2:flowNodeRef xmlns:near=\"http://near/ns\">near:r<",
    );
    expect![[r#"
        line 6: ls: flowNodeRef names near:r, which is in another file, that of the namespace http://near/ns; put it into this file [dangling-reference]
        line 10: b: attachedToRef names far:r, which is in another file, that of the namespace http://other/ns; put it into this file [dangling-reference]
    "#]]
    .assert_eq(&meaning(Format::Bpmn, &text));
}

/// The flows that leave a node, in the order in which they are tried.
fn leaving(process: &Process, node: &str) -> Vec<String> {
    let place = process.place(&NodeId::from(node)).expect("the node is there");
    process.outgoing(place).map(|(flow, _)| flow.id.to_string()).collect()
}

const CHOICE: &str = r#"<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="d">OUT</bpmn:exclusiveGateway><bpmn:task id="t1"/><bpmn:task id="t2"/><bpmn:task id="t3"/>
<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="g"/>
<bpmn:sequenceFlow id="a" sourceRef="g" targetRef="t1"><bpmn:conditionExpression>${x &gt; 1}</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="d" sourceRef="g" targetRef="t2"/>
<bpmn:sequenceFlow id="b" sourceRef="g" targetRef="t3"><bpmn:conditionExpression>${x &gt; 2}</bpmn:conditionExpression></bpmn:sequenceFlow>"#;

#[test]
fn flows_are_tried_in_the_order_in_which_their_node_lists_them() {
    let read = |listed: &[&str]| {
        let out = listed.iter().map(|flow| format!("<bpmn:outgoing>{flow}</bpmn:outgoing>"));
        process(Format::Bpmn, &file(&CHOICE.replace("OUT", &out.collect::<String>()), ""))
    };
    let cases: [(&[&str], [&str; 3]); 4] = [
        (&[], ["a", "d", "b"]),
        (&["a", "d", "b"], ["a", "d", "b"]),
        (&["b", "d", "a"], ["b", "d", "a"]),
        // What is not listed comes after, in the order of the text.
        (&["b", "b"], ["b", "a", "d"]),
    ];
    for (listed, expected) in cases {
        let process = read(listed);
        assert_eq!(leaving(&process, "g"), expected, "{listed:?}");
        let again = self::process(Format::Bpmn, &write_bpmn(&process, None));
        assert_eq!(leaving(&again, "g"), expected, "as written, {listed:?}");
        assert_eq!(again.hash(), process.hash());
    }
    assert_ne!(read(&["b", "a", "d"]).hash(), read(&["a", "b", "d"]).hash());
}

/// What a file with something in it is told, one case a line.
fn told(cases: &[&str], text: impl Fn(&str) -> String, expected: Expect) {
    let mut actual = String::new();
    for case in cases {
        let meaning = meaning(Format::Bpmn, &text(case));
        let meaning = if meaning.starts_with('{') { "read\n" } else { &meaning };
        actual.push_str(&format!("{case}\n  {}\n", meaning.trim_end().replace('\n', "\n  ")));
    }
    expected.assert_eq(&actual);
}

/// A file of a modeler whose words are its own.
fn foreign(attribute: &str, extension: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:signavio="http://www.signavio.com" xmlns:foo="urn:foo" id="D">
<extensionElements>{extension}</extensionElements>
<collaboration id="C"><extensionElements>{extension}</extensionElements><participant id="PA" processRef="P" {attribute}><extensionElements>{extension}</extensionElements></participant></collaboration>
<process id="P" isExecutable="true" {attribute}><extensionElements>{extension}</extensionElements>
<startEvent id="s" {attribute}><extensionElements>{extension}</extensionElements></startEvent>
<task id="t" {attribute}><extensionElements>{extension}</extensionElements><multiInstanceLoopCharacteristics {attribute}><extensionElements>{extension}</extensionElements><loopCardinality {attribute}>2</loopCardinality></multiInstanceLoopCharacteristics></task>
<exclusiveGateway id="g"><extensionElements>{extension}</extensionElements></exclusiveGateway>
<endEvent id="e"><terminateEventDefinition {attribute}><extensionElements>{extension}</extensionElements></terminateEventDefinition></endEvent>
<sequenceFlow id="a" sourceRef="s" targetRef="t" {attribute}><extensionElements>{extension}</extensionElements></sequenceFlow>
<sequenceFlow id="b" sourceRef="t" targetRef="g"/><sequenceFlow id="c" sourceRef="g" targetRef="e"/>
</process></definitions>"#
    )
}

#[test]
fn notes_of_other_tools_are_passed_over() {
    let plain = meaning(Format::Bpmn, &foreign("", ""));
    assert!(plain.starts_with('{'), "{plain}");
    let noted = foreign(
        "foo:z=\"1\" signavio:id=\"other\"",
        "<signavio:signavioMetaData metaKey=\"bgcolor\"/><foo:a>text<foo:b id=\"s\"/><task id=\"x\"/></foo:a>",
    );
    assert_eq!(meaning(Format::Bpmn, &noted), plain);
}

#[test]
fn extensions_that_must_be_understood_are_refused() {
    let cases = [
        r#"<extension definition="foo:x"/>"#,
        r#"<extension mustUnderstand="false" definition="foo:x"><documentation>d</documentation></extension>"#,
        r#"<extension mustUnderstand="true" definition="foo:x"/>"#,
        r#"<extension mustUnderstand="perhaps" definition="foo:x"/>"#,
        r#"<foo:x/>"#,
    ];
    let text =
        |case: &str| foreign("", "").replace("</definitions>", &format!("\n{case}</definitions>"));
    told(
        &cases,
        text,
        expect![[r#"
            <extension definition="foo:x"/>
              read
            <extension mustUnderstand="false" definition="foo:x"><documentation>d</documentation></extension>
              read
            <extension mustUnderstand="true" definition="foo:x"/>
              line 12: D: the extension foo:x must be understood, which nothing here does; take it away, or its mustUnderstand where the process runs without it [unsupported-element]
            <extension mustUnderstand="perhaps" definition="foo:x"/>
              line 12: D: mustUnderstand="perhaps" of extension is not supported; only true or false is [unsupported-value]
            <foo:x/>
              line 12: D: x in definitions is not understood; take it away [unknown-element]
        "#]],
    );
}

#[test]
fn words_of_other_engines_are_refused_by_name() {
    let cases = [
        r#"flowable:delegateExpression="${y}" xmlns:flowable="http://flowable.org/bpmn""#,
        r#"a:async="true" xmlns:a="http://activiti.org/bpmn""#,
        r#"tns:taskName="x" xmlns:tns="http://www.jboss.org/drools""#,
        r#"b:x="1" xmlns:b="http://www.bonitasoft.org/ns/bpmn""#,
        r#"c:type="external" xmlns:c="http://camunda.org/schema/9.0/bpmn""#,
        r#"camunda:name="x""#,
        r#"assignee="x""#,
        r#"asyncBefore="true""#,
        r#"bpmn:name="x""#,
    ];
    let text = |case: &str| {
        file(
            &format!("<bpmn:startEvent id=\"s\"/><bpmn:task id=\"t\" {case}/>{}", flows("s>t")),
            "",
        )
    };
    told(
        &cases,
        text,
        expect![[r#"
            flowable:delegateExpression="${y}" xmlns:flowable="http://flowable.org/bpmn"
              line 4: t: the attribute delegateExpression of task is a word of Flowable (namespace http://flowable.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            a:async="true" xmlns:a="http://activiti.org/bpmn"
              line 4: t: the attribute async of task is a word of Activiti (namespace http://activiti.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            tns:taskName="x" xmlns:tns="http://www.jboss.org/drools"
              line 4: t: the attribute taskName of task is a word of jBPM (namespace http://www.jboss.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            b:x="1" xmlns:b="http://www.bonitasoft.org/ns/bpmn"
              line 4: t: the attribute x of task is a word of Bonita (namespace http://www.bonitasoft.…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            c:type="external" xmlns:c="http://camunda.org/schema/9.0/bpmn"
              line 4: t: the attribute type of task is a word of another Camunda (namespace http://camunda.org/schema/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            camunda:name="x"
              line 4: t: the attribute camunda:name of task is not understood; write name without a prefix [unknown-attribute]
            assignee="x"
              line 4: t: the attribute assignee of task is not understood; take it away [unknown-attribute]
            asyncBefore="true"
              line 4: t: the attribute asyncBefore of task is not understood; take it away [unknown-attribute]
            bpmn:name="x"
              line 4: t: the attribute name of task is not understood; write name without a prefix [unknown-attribute]
        "#]],
    );
    let element = |case: &str| {
        let case = format!("<bpmn:extensionElements>{case}</bpmn:extensionElements>");
        file(&format!("<bpmn:startEvent id=\"s\">{case}</bpmn:startEvent>"), "")
    };
    told(
        &[
            r#"<f:executionListener event="start" xmlns:f="http://flowable.org/bpmn"/>"#,
            r#"<tns:onEntry-script xmlns:tns="http://www.jboss.org/drools"/>"#,
        ],
        element,
        expect![[r#"
            <f:executionListener event="start" xmlns:f="http://flowable.org/bpmn"/>
              line 4: s: executionListener in startEvent is a word of Flowable (namespace http://flowable.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-element]
            <tns:onEntry-script xmlns:tns="http://www.jboss.org/drools"/>
              line 4: s: onEntry-script in startEvent is a word of jBPM (namespace http://www.jboss.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-element]
        "#]],
    );
}

#[test]
fn gateways_lead_as_they_say() {
    let text = |case: &str| {
        let (direction, flows) = case.split_once(' ').unwrap();
        let flows = self::flows(&flows.replace(',', " "));
        file(
            &format!(
                "<bpmn:startEvent id=\"s\"/><bpmn:parallelGateway id=\"fork\"/>\n\
                 <bpmn:parallelGateway id=\"g\" gatewayDirection=\"{direction}\"/>\n\
                 <bpmn:task id=\"x\"/><bpmn:task id=\"y\"/>{flows}"
            ),
            "",
        )
    };
    let shapes = [
        "s>fork,fork>x,fork>g,g>y",
        "s>fork,fork>g,fork>g,g>x,fork>y",
        "s>fork,fork>g,g>x,g>y",
        "s>fork,fork>g,fork>g,g>x,g>y",
    ];
    let directions = ["Unspecified", "Converging", "Diverging", "Mixed", "Sideways"];
    let cases: Vec<String> = directions
        .iter()
        .flat_map(|direction| shapes.iter().map(move |shape| format!("{direction} {shape}")))
        .collect();
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    told(
        &cases,
        text,
        expect![[r#"
            Unspecified s>fork,fork>x,fork>g,g>y
              read
            Unspecified s>fork,fork>g,fork>g,g>x,fork>y
              read
            Unspecified s>fork,fork>g,g>x,g>y
              read
            Unspecified s>fork,fork>g,fork>g,g>x,g>y
              read
            Converging s>fork,fork>x,fork>g,g>y
              read
            Converging s>fork,fork>g,fork>g,g>x,fork>y
              read
            Converging s>fork,fork>g,g>x,g>y
              line 5: g: the gatewayDirection is Converging, but 2 flows lead out of the gateway; leave one, or make it Mixed [gateway-direction]
            Converging s>fork,fork>g,fork>g,g>x,g>y
              line 5: g: the gatewayDirection is Converging, but 2 flows lead out of the gateway; leave one, or make it Mixed [gateway-direction]
            Diverging s>fork,fork>x,fork>g,g>y
              read
            Diverging s>fork,fork>g,fork>g,g>x,fork>y
              line 5: g: the gatewayDirection is Diverging, but 2 flows lead into the gateway; leave one, or make it Mixed [gateway-direction]
            Diverging s>fork,fork>g,g>x,g>y
              read
            Diverging s>fork,fork>g,fork>g,g>x,g>y
              line 5: g: the gatewayDirection is Diverging, but 2 flows lead into the gateway; leave one, or make it Mixed [gateway-direction]
            Mixed s>fork,fork>x,fork>g,g>y
              read
            Mixed s>fork,fork>g,fork>g,g>x,fork>y
              read
            Mixed s>fork,fork>g,g>x,g>y
              read
            Mixed s>fork,fork>g,fork>g,g>x,g>y
              read
            Sideways s>fork,fork>x,fork>g,g>y
              line 5: g: gatewayDirection="Sideways" of parallelGateway is not supported; only Unspecified, Converging, Diverging or Mixed is [unsupported-value]
            Sideways s>fork,fork>g,fork>g,g>x,fork>y
              line 5: g: gatewayDirection="Sideways" of parallelGateway is not supported; only Unspecified, Converging, Diverging or Mixed is [unsupported-value]
            Sideways s>fork,fork>g,g>x,g>y
              line 5: g: gatewayDirection="Sideways" of parallelGateway is not supported; only Unspecified, Converging, Diverging or Mixed is [unsupported-value]
            Sideways s>fork,fork>g,fork>g,g>x,g>y
              line 5: g: gatewayDirection="Sideways" of parallelGateway is not supported; only Unspecified, Converging, Diverging or Mixed is [unsupported-value]
        "#]],
    );
}

/// A file of Camunda 8 in which an event has mappings.
fn mapped(event: &str, trigger: &str) -> String {
    let of = |name: &str| {
        if name != event {
            return String::new();
        }
        let outputs = "<zeebe:output source=\"=n + 1\" target=\"m\"/><zeebe:output source=\"a ${text}\" target=\"k\"/>";
        format!(
            "<bpmn:extensionElements><zeebe:ioMapping>{outputs}</zeebe:ioMapping></bpmn:extensionElements>{trigger}"
        )
    };
    let text = file(
        &format!(
            "<bpmn:startEvent id=\"s\">{}</bpmn:startEvent><bpmn:intermediateThrowEvent id=\"t\">{}</bpmn:intermediateThrowEvent>\n<bpmn:endEvent id=\"e\">{}</bpmn:endEvent>{}",
            of("s"),
            of("t"),
            of("e"),
            flows("s>t t>e")
        ),
        "<bpmn:signal id=\"Signal_1\" name=\"stop\" />",
    );
    text.replace("xmlns:xsi", "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" xmlns:xsi")
}

#[test]
fn events_without_a_trigger_set_what_their_output_mappings_say() {
    let mut actual = String::new();
    for event in ["s", "t", "e"] {
        let meaning = meaning(Format::Bpmn, &mapped(event, ""));
        let own = meaning.lines().find(|line| line.starts_with(&format!("{event}: ")));
        actual.push_str(own.unwrap_or(&meaning));
        actual.push('\n');
    }
    expect![[r#"
        s: {"flows":[{"condition":null,"default":false,"name":"","to":"t"}],"kind":"startEvent","leave":[["m",{"expression":"${n == null ? null : n + 1}"}],["k",{"value":"a ${text}"}]],"name":""}
        t: {"flows":[{"condition":null,"default":false,"name":"","to":"e"}],"kind":"throwEvent","leave":[["m",{"expression":"${n == null ? null : n + 1}"}],["k",{"value":"a ${text}"}]],"name":""}
        e: {"enter":[["m",{"expression":"${n == null ? null : n + 1}"}],["k",{"value":"a ${text}"}]],"flows":[],"kind":"endEvent","name":""}
    "#]]
    .assert_eq(&actual);
    let signal = "<bpmn:signalEventDefinition signalRef=\"Signal_1\"/>";
    expect![[r#"
        line 5: e: an end event has no parameter m unless it has no trigger; take it away [unknown-parameter]
        line 5: e: an end event has no parameter k unless it has no trigger; take it away [unknown-parameter]
    "#]]
    .assert_eq(&meaning(Format::Bpmn, &mapped("e", signal)));
}

#[test]
fn weekdays_of_camunda_7_are_named() {
    let timer = |cycle: &str| {
        format!(
            "<bpmn:startEvent id=\"s\"><bpmn:timerEventDefinition><bpmn:timeCycle>{cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
        )
    };
    let cases = [
        "0 0 9 ? * 2-6",
        "0 0 9 ? * MON,7",
        "0 0 9 ? * 2/2",
        "0 0 9 ? * MON/2",
        "0 9 * * 1",
        "0 0 9 ? * MON-FRI",
        "0 0 9 ? * sun,MON-FRI/2",
        "0 0/5 9-17 1 2 ?",
        "0 0 9 * * */2",
        "R3/PT10M",
        "${when}",
    ];
    told(
        &cases,
        |case| file(&timer(case), ""),
        expect![[r#"
            0 0 9 ? * 2-6
              line 4: s: Camunda 7 counts the days of the week from Sunday as 1, and ends steps on Saturday, unlike others; write their names, such as MON-FRI [invalid-timer]
            0 0 9 ? * MON,7
              line 4: s: Camunda 7 counts the days of the week from Sunday as 1, and ends steps on Saturday, unlike others; write their names, such as MON-FRI [invalid-timer]
            0 0 9 ? * 2/2
              line 4: s: Camunda 7 counts the days of the week from Sunday as 1, and ends steps on Saturday, unlike others; write their names, such as MON-FRI [invalid-timer]
            0 0 9 ? * MON/2
              line 4: s: Camunda 7 counts the days of the week from Sunday as 1, and ends steps on Saturday, unlike others; write their names, such as MON-FRI [invalid-timer]
            0 9 * * 1
              line 4: s: Camunda 7 counts the days of the week from Sunday as 1, and ends steps on Saturday, unlike others; write their names, such as MON-FRI [invalid-timer]
            0 0 9 ? * MON-FRI
              read
            0 0 9 ? * sun,MON-FRI/2
              read
            0 0/5 9-17 1 2 ?
              read
            0 0 9 * * */2
              read
            R3/PT10M
              read
            ${when}
              line 4: s: a process that has not begun has no variables; write this without an expression [start-variables]
        "#]],
    );
    // Elsewhere, and in Camunda 8, they are numbers of Unix.
    for text in [
        file(&timer("0 0 9 ? * 1-5"), "")
            .replace("xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\"", "")
            .replace("Camunda Platform", "Camunda Cloud"),
        foreign("", "").replace(
            "<startEvent id=\"s\" >",
            "<startEvent id=\"s\"><timerEventDefinition><timeCycle>0 0 9 ? * 1-5</timeCycle></timerEventDefinition>",
        ).replace("<extensionElements></extensionElements></startEvent>", "</startEvent>"),
    ] {
        let process = process(Format::Bpmn, &text);
        let written = write_bpmn(&process, None);
        assert!(written.contains("0 0 9 ? * MON-FRI"), "{written}");
        assert_eq!(self::process(Format::Bpmn, &written).hash(), process.hash());
    }
}

#[test]
fn what_says_nothing_to_the_engine_is_passed_over() {
    let contents = r#"<bpmn:supportedInterfaceRef>I</bpmn:supportedInterfaceRef>
<bpmn:startEvent id="s"><bpmn:categoryValueRef>V</bpmn:categoryValueRef></bpmn:startEvent>
<bpmn:userTask id="u" camunda:formRef="f" camunda:formRefBinding="version" camunda:formRefVersion="1"><bpmn:categoryValueRef>V</bpmn:categoryValueRef><bpmn:rendering id="R" /></bpmn:userTask>
<bpmn:subProcess id="p1"><bpmn:categoryValueRef>V</bpmn:categoryValueRef><bpmn:task id="t" /></bpmn:subProcess>
<bpmn:parallelGateway id="g"><bpmn:auditing /><bpmn:categoryValueRef>V</bpmn:categoryValueRef></bpmn:parallelGateway>
<bpmn:dataObject id="d" name="d"><bpmn:categoryValueRef>V</bpmn:categoryValueRef></bpmn:dataObject>
<bpmn:endEvent id="e" />"#;
    let flows = flows("s>u u>p1 p1>g g>e");
    let flows = flows.replacen(
        "/>",
        "><bpmn:categoryValueRef>V</bpmn:categoryValueRef></bpmn:sequenceFlow>",
        1,
    );
    let roots = r#"<bpmn:import namespace="u" location="x.xsd" importType="http://www.w3.org/2001/XMLSchema" />
<bpmn:import namespace="u" location="x.wsdl" importType="http://www.w3.org/TR/wsdl20/" />
<bpmn:category id="C"><bpmn:categoryValue id="V" value="v" /></bpmn:category><bpmn:interface id="I" name="i" />
<bpmn:collaboration id="K"><bpmn:participant id="A" processRef="p"><bpmn:participantMultiplicity minimum="0" maximum="5" /></bpmn:participant><bpmn:participant id="B" />
<bpmn:conversation id="L"><bpmn:participantRef>A</bpmn:participantRef></bpmn:conversation><bpmn:callConversation id="N" /><bpmn:conversationLink id="M" sourceRef="A" targetRef="L" /></bpmn:collaboration>"#;
    let text = file(&format!("{contents}{flows}"), roots);
    expect![[r#"
        p has d
          s: start -> u
          u: User task customDataForm in(dataFormName="f", dataFormVersion=1) -> p1
          p1: sub-process -> g
          p1/t: Abstract task
          g: parallel -> e
          e: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, &text));
    for (old, new) in [
        ("http://www.w3.org/2001/XMLSchema\"", "http://www.omg.org/spec/BPMN/20100524/MODEL\""),
        ("http://www.w3.org/2001/XMLSchema\"", "https://www.omg.org/spec/DMN/20191111/MODEL/\""),
    ] {
        let text = text.replace(old, new);
        assert!(read(Format::Bpmn, &text, &crate::catalog::catalog()).is_err(), "{new}");
    }
}
