//! The rules that YAML cannot break, or breaks otherwise, broken in BPMN.

use crate::meaning;
use crate::picture::picture;
use crate::written::around;
use definitions::Format;
use expect_test::{Expect, expect};
use std::fmt::Write;

/// What nodes refer to; each text has those that it names.
const ROOTS: [(&str, &str); 7] = [
    ("\"m\"", r#"<message id="m" name="m"/>"#),
    ("\"n\"", r#"<message id="n" name="n"/>"#),
    ("\"nameless\"", r#"<message id="nameless"/>"#),
    ("\"sig\"", r#"<signal id="sig" name="sig"/>"#),
    ("\"x\"", r#"<error id="x" errorCode="X"/>"#),
    ("\"bare\"", r#"<error id="bare"/>"#),
    ("\"quiet\"", r#"<escalation id="quiet"/>"#),
];

/// A text from the nodes of a process and its flows, such as `a>b` or, with a condition, `a>b?c`.
fn bpmn(text: &str) -> String {
    let (nodes, flows) = text.rsplit_once('|').unwrap_or((text, ""));
    let mut drawn = String::new();
    for (number, flow) in flows.split_whitespace().enumerate() {
        let (ends, condition) = flow.split_once('?').unwrap_or((flow, ""));
        let (source, target) = ends.split_once('>').unwrap_or((ends, ""));
        let condition = match condition {
            "" => String::new(),
            name => format!("<conditionExpression>${{{name}}}</conditionExpression>"),
        };
        let _ = write!(
            drawn,
            "<sequenceFlow id=\"f{}\" sourceRef=\"{source}\" targetRef=\"{target}\">{condition}\
             </sequenceFlow>",
            number + 1
        );
    }
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\">{}\
         <process id=\"p\" isExecutable=\"true\">{nodes}{drawn}</process></definitions>",
        ROOTS.iter().filter(|(id, _)| text.contains(id)).map(|(_, root)| *root).collect::<String>()
    )
}

/// Each case is a definition that breaks a rule, and one like it that does not.
fn check(cases: &[(&str, &str)], expected: Expect) {
    let (mut actual, mut wrong) = (String::new(), String::new());
    for (broken, whole) in cases {
        let near = meaning(Format::Bpmn, &bpmn(whole));
        if !near.starts_with('{') {
            let _ = writeln!(wrong, "{whole}\n{near}");
        }
        let flaws = meaning(Format::Bpmn, &bpmn(broken));
        let _ = writeln!(actual, "{broken}");
        for flaw in flaws.lines() {
            let _ = writeln!(actual, "  {flaw}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    expected.assert_eq(&actual);
}

#[test]
fn sub_processes_begin_as_their_kind_does() {
    let cases = [
        (r#"<subProcess id="s"/>"#, r#"<subProcess id="s"><task id="a"/></subProcess>"#),
        (
            r#"<task id="t"/><subProcess id="s" triggeredByEvent="true"><task id="a"/></subProcess>"#,
            r#"<task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess>"#,
        ),
        (
            r#"<task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"/></subProcess>"#,
            r#"<task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b" isInterrupting="false"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent></subProcess>"#,
        ),
        (
            r#"<startEvent id="z"/><task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess><boundaryEvent id="e" attachedToRef="s"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent> | z>t e>t"#,
            r#"<startEvent id="z"/><subProcess id="s"><startEvent id="b"/></subProcess><task id="t"/><boundaryEvent id="e" attachedToRef="s"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent> | z>s e>t"#,
        ),
        (
            r#"<task id="t"/><subProcess id="s" triggeredByEvent="true"><standardLoopCharacteristics loopMaximum="2"/><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess>"#,
            r#"<subProcess id="s"><standardLoopCharacteristics loopMaximum="2"/><startEvent id="b"/></subProcess>"#,
        ),
        (
            r#"<startEvent id="z"/><task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess> | z>t s>t"#,
            r#"<startEvent id="z"/><task id="t"/><subProcess id="s"><startEvent id="b"/></subProcess> | z>s s>t"#,
        ),
        (
            r#"<startEvent id="a"/><task id="b"/><task id="c"/> | a>b"#,
            r#"<startEvent id="a"/><task id="b"/><task id="c"/> | a>b a>c"#,
        ),
        (r#"<endEvent id="a"/>"#, r#"<task id="a"/>"#),
    ];
    check(
        &cases,
        expect![[r#"
            <subProcess id="s"/>
              line 1: s: the sub-process is empty; put something into it [one-start]
            <task id="t"/><subProcess id="s" triggeredByEvent="true"><task id="a"/></subProcess>
              line 1: s: an event sub-process begins with a start event that has a trigger; add one [event-sub-process-start]
            <task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"/></subProcess>
              line 1: b: the start event of an event sub-process has a trigger; give it one [event-sub-process-start]
            <startEvent id="z"/><task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess><boundaryEvent id="e" attachedToRef="s"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent> | z>t e>t
              line 1: e: s is an event sub-process, which has no boundary events; put the event on an activity [boundary-host]
            <task id="t"/><subProcess id="s" triggeredByEvent="true"><standardLoopCharacteristics loopMaximum="2"/><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess>
              line 1: s: an event sub-process is done as often as its event happens; take the loop or quantity away [repeat-place]
            <startEvent id="z"/><task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="b"><signalEventDefinition signalRef="sig"/></startEvent></subProcess> | z>t s>t
              line 1: f2: nothing leads on from an event sub-process; take the flow away [flow-from-event-sub-process]
            <startEvent id="a"/><task id="b"/><task id="c"/> | a>b
              line 1: c: nothing leads here from the start; connect it or take it away [unreachable]
            <endEvent id="a"/>
              line 1: p: the process has no start event; add one [one-start]
        "#]],
    );
}

#[test]
fn nothing_reaches_into_a_sub_process_or_out_of_it() {
    let cases = [
        (
            r#"<startEvent id="z"/><task id="a"/><subProcess id="s"><task id="b"/></subProcess> | z>a a>s b>a"#,
            r#"<startEvent id="z"/><task id="a"/><subProcess id="s"><task id="b"/></subProcess><endEvent id="e"/> | z>a a>s s>a?x s>e?y"#,
        ),
        (
            r#"<subProcess id="s"><task id="a"/><boundaryEvent id="e" attachedToRef="s"><signalEventDefinition signalRef="sig"/></boundaryEvent></subProcess> | e>a"#,
            r#"<subProcess id="s"><task id="a"/></subProcess><task id="b"/><boundaryEvent id="e" attachedToRef="s"><signalEventDefinition signalRef="sig"/></boundaryEvent> | e>b"#,
        ),
        (
            r#"<subProcess id="s"><task id="a"/></subProcess><boundaryEvent id="e" attachedToRef="a"><signalEventDefinition signalRef="sig"/></boundaryEvent><task id="b"/> | e>b"#,
            r#"<subProcess id="s"><task id="a"/><boundaryEvent id="e" attachedToRef="a"><signalEventDefinition signalRef="sig"/></boundaryEvent><task id="b"/></subProcess> | e>b"#,
        ),
    ];
    check(
        &cases,
        expect![[r#"
        <startEvent id="z"/><task id="a"/><subProcess id="s"><task id="b"/></subProcess> | z>a a>s b>a
          line 1: f3: the flow leads from b to a, and only one of them is in that sub-process; end the path inside, and lead on from the sub-process itself [flow-crosses-scope]
        <subProcess id="s"><task id="a"/><boundaryEvent id="e" attachedToRef="s"><signalEventDefinition signalRef="sig"/></boundaryEvent></subProcess> | e>a
          line 1: s: the sub-process has no start event; add one [one-start]
          line 1: e: s is in another sub-process; put the event beside it [boundary-host]
        <subProcess id="s"><task id="a"/></subProcess><boundaryEvent id="e" attachedToRef="a"><signalEventDefinition signalRef="sig"/></boundaryEvent><task id="b"/> | e>b
          line 1: e: a is in another sub-process; put the event beside it [boundary-host]
    "#]],
    );
}

#[test]
fn what_undoes_is_joined_by_one_association_in_its_scope() {
    let event =
        r#"<boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>"#;
    let cases = [
        ("", "<association id=\"j\" sourceRef=\"e\" targetRef=\"u\"/>"),
        (
            r#"<association id="j" sourceRef="e" targetRef="u"/><task id="v" isForCompensation="true"/><association id="k" sourceRef="e" targetRef="v"/>"#,
            r#"<association id="j" sourceRef="u" targetRef="e"/>"#,
        ),
        (
            r#"<association id="j" sourceRef="e" targetRef="a"/>"#,
            r#"<association id="j" sourceRef="e" targetRef="u"/><textAnnotation id="w"><text>Why</text></textAnnotation><association id="k" sourceRef="e" targetRef="w"/>"#,
        ),
        (
            r#"<subProcess id="s"><task id="b"/><task id="v" isForCompensation="true"/></subProcess><association id="j" sourceRef="e" targetRef="v"/>"#,
            r#"<association id="j" sourceRef="e" targetRef="u"/><subProcess id="s"><task id="b"/></subProcess>"#,
        ),
    ];
    let head = format!(r#"<task id="a"/>{event}<task id="u" isForCompensation="true"/>"#);
    let cases = cases.map(|(broken, whole)| (format!("{head}{broken}"), format!("{head}{whole}")));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(b, w)| (b.as_str(), w.as_str())).collect();
    check(
        &cases,
        expect![[r#"
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true"/>
          line 1: e: nothing says what undoes the activity; join the event by an association to the activity that does [compensation-association]
          line 1: u: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true"/><association id="j" sourceRef="e" targetRef="u"/><task id="v" isForCompensation="true"/><association id="k" sourceRef="e" targetRef="v"/>
          line 1: e: one activity undoes; take the association with v away [compensation-association]
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true"/><association id="j" sourceRef="e" targetRef="a"/>
          line 1: e: a is not there to undo; mark it as being for compensation [compensation-association]
          line 1: u: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true"/><subProcess id="s"><task id="b"/><task id="v" isForCompensation="true"/></subProcess><association id="j" sourceRef="e" targetRef="v"/>
          line 1: e: v is in another sub-process; put it beside the event [compensation-association]
          line 1: u: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
    "#]],
    );
    let association = r#"<association id="j" sourceRef="e" targetRef="u"/>"#;
    let flow = format!("{head}{association} | e>a");
    let looped = head.replace(
        "isForCompensation=\"true\"/>",
        "isForCompensation=\"true\" startQuantity=\"2\"/>",
    );
    let cases = [
        (flow, format!("{head}{association}")),
        (
            format!("{looped}{association}"),
            format!("{head}{association}<task id=\"b\" startQuantity=\"2\"/>"),
        ),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(b, w)| (b.as_str(), w.as_str())).collect();
    check(
        &cases,
        expect![[r#"
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true"/><association id="j" sourceRef="e" targetRef="u"/> | e>a
          line 1: p: the process has no start event; add one [one-start]
          line 1: f1: what undoes an activity is joined to the event by an association, not by a flow [flow-from-compensation]
        <task id="a"/><boundaryEvent id="e" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="u" isForCompensation="true" startQuantity="2"/><association id="j" sourceRef="e" targetRef="u"/>
          line 1: u: no path comes to what undoes another; take the quantity away [repeat-place]
    "#]],
    );
}

#[test]
fn flows_choose_only_where_something_can_choose() {
    let cases = [
        (
            r#"<startEvent id="s"/><task id="a"/><task id="b"/> | s>a?x s>b"#,
            r#"<startEvent id="s"/><task id="a"/><task id="b"/><task id="c"/> | s>a a>b?x a>c"#,
        ),
        (
            r#"<startEvent id="s"/><task id="a"/><task id="b"/> | s>a a>b?x"#,
            r#"<startEvent id="s"/><task id="a"/><task id="b"/> | s>a a>b"#,
        ),
        (
            r#"<parallelGateway id="g"/><task id="a"/><task id="b"/> | g>a?x g>b"#,
            r#"<inclusiveGateway id="g"/><task id="a"/><task id="b"/> | g>a?x g>b"#,
        ),
        (
            r#"<parallelGateway id="g" default="f2"/><task id="a"/><task id="b"/> | g>a g>b"#,
            r#"<inclusiveGateway id="g" default="f2"/><task id="a"/><task id="b"/> | g>a?x g>b"#,
        ),
        (
            r#"<complexGateway id="g" default="f1"/><task id="a"/><task id="b"/> | g>a?x g>b"#,
            r#"<complexGateway id="g" default="f2"/><task id="a"/><task id="b"/> | g>a?x g>b"#,
        ),
        (
            r#"<eventBasedGateway id="g"/><receiveTask id="a" messageRef="m"/><receiveTask id="b" messageRef="n"/> | g>a?x g>b"#,
            r#"<eventBasedGateway id="g"/><receiveTask id="a" messageRef="m"/><receiveTask id="b" messageRef="n"/> | g>a g>b"#,
        ),
        (
            r#"<exclusiveGateway id="g"/><task id="a"/><task id="b"/> | g>a g>b"#,
            r#"<task id="g"/><task id="a"/><task id="b"/> | g>a g>b"#,
        ),
    ];
    check(
        &cases,
        expect![[r#"
            <startEvent id="s"/><task id="a"/><task id="b"/> | s>a?x s>b
              line 1: f1: only flows that leave an activity or an exclusive, inclusive or complex gateway have a condition; put one before it [condition-place]
            <startEvent id="s"/><task id="a"/><task id="b"/> | s>a a>b?x
              line 1: f2: the only flow of an activity has a condition; take it away or add another flow [lone-condition]
            <parallelGateway id="g"/><task id="a"/><task id="b"/> | g>a?x g>b
              line 1: f1: only flows that leave an activity or an exclusive, inclusive or complex gateway have a condition; put one before it [condition-place]
            <parallelGateway id="g" default="f2"/><task id="a"/><task id="b"/> | g>a g>b
              line 1: g: only activities and exclusive, inclusive and complex gateways have a default flow; take it away [default-place]
            <complexGateway id="g" default="f1"/><task id="a"/><task id="b"/> | g>a?x g>b
              line 1: g: the default flow has a condition; take one of the two away [default-with-condition]
            <eventBasedGateway id="g"/><receiveTask id="a" messageRef="m"/><receiveTask id="b" messageRef="n"/> | g>a?x g>b
              line 1: f1: only flows that leave an activity or an exclusive, inclusive or complex gateway have a condition; put one before it [condition-place]
            <exclusiveGateway id="g"/><task id="a"/><task id="b"/> | g>a g>b
              line 1: f1: several flows of the gateway have no condition; give each one but the default flow a condition [missing-condition]
              line 1: f2: several flows of the gateway have no condition; give each one but the default flow a condition [missing-condition]
        "#]],
    );
}

#[test]
fn event_gateways_begin_instances_by_messages_alone() {
    let events = r#"<intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="b"><messageEventDefinition messageRef="n"/></intermediateCatchEvent>"#;
    let case = |gateway: &str, flows: &str| format!("{gateway}{events} | g>a g>b {flows}");
    let cases = [
        (
            case(r#"<eventBasedGateway id="g" eventGatewayType="Parallel"/>"#, ""),
            case(
                r#"<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>"#,
                "",
            ),
        ),
        (
            case(r#"<startEvent id="s"/><eventBasedGateway id="g" instantiate="true"/>"#, "s>g"),
            case(r#"<startEvent id="s"/><eventBasedGateway id="g"/>"#, "s>g"),
        ),
        (
            case(r#"<eventBasedGateway id="g"/><task id="c"/>"#, "g>c"),
            case(
                r#"<eventBasedGateway id="g"/><intermediateCatchEvent id="c"><conditionalEventDefinition><condition>${x}</condition></conditionalEventDefinition></intermediateCatchEvent>"#,
                "g>c",
            ),
        ),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(b, w)| (b.as_str(), w.as_str())).collect();
    check(
        &cases,
        expect![[r#"
            <eventBasedGateway id="g" eventGatewayType="Parallel"/><intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="b"><messageEventDefinition messageRef="n"/></intermediateCatchEvent> | g>a g>b 
              line 1: g: only an event gateway that begins an instance awaits all of its events; make it exclusive, or let it instantiate [event-gateway-parallel]
            <startEvent id="s"/><eventBasedGateway id="g" instantiate="true"/><intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="b"><messageEventDefinition messageRef="n"/></intermediateCatchEvent> | g>a g>b s>g
              line 1: f3: an instance begins here, so nothing leads here; take the flow or instantiate away [flow-into-start]
            <eventBasedGateway id="g"/><task id="c"/><intermediateCatchEvent id="a"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="b"><messageEventDefinition messageRef="n"/></intermediateCatchEvent> | g>a g>b g>c
              line 1: f3: an event gateway leads to catching events and receive tasks, not to c; put one before it [event-gateway-target]
        "#]],
    );
}

#[test]
fn what_was_refused_is_not_missed_again() {
    let cases = [
        (
            r#"<task id="a"/><endEvent id="e"><errorEventDefinition errorRef="bare"/></endEvent> | a>e"#,
            r#"<task id="a"/><endEvent id="e"><errorEventDefinition errorRef="x"/></endEvent> | a>e"#,
        ),
        (
            r#"<intermediateThrowEvent id="a"><escalationEventDefinition escalationRef="quiet"/></intermediateThrowEvent>"#,
            r#"<callActivity id="a" calledElement="c"/><boundaryEvent id="e" attachedToRef="a"><escalationEventDefinition/></boundaryEvent><task id="b"/> | e>b"#,
        ),
        (
            r#"<receiveTask id="a" messageRef="nameless"/>"#,
            r#"<receiveTask id="a" messageRef="m"/>"#,
        ),
        (r#"<receiveTask id="a"/>"#, r#"<sendTask id="a" messageRef="m"/>"#),
        (r#"<intermediateCatchEvent id="a"/>"#, r#"<intermediateThrowEvent id="a"/>"#),
        (
            r#"<intermediateCatchEvent id="a"><timerEventDefinition/></intermediateCatchEvent>"#,
            r#"<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"#,
        ),
        (
            r#"<task id="a"/><boundaryEvent id="e"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><task id="b"/> | e>b"#,
            r#"<task id="a"/><boundaryEvent id="e" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><task id="b"/> | e>b"#,
        ),
        (
            r#"<task id="a"><multiInstanceLoopCharacteristics/></task>"#,
            r#"<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>"#,
        ),
        (
            r#"<task id="a"><standardLoopCharacteristics/></task>"#,
            r#"<task id="a"><standardLoopCharacteristics><loopCondition>${x}</loopCondition></standardLoopCharacteristics></task>"#,
        ),
        (r#"<task id="a" startQuantity="none"/>"#, r#"<task id="a" startQuantity="2"/>"#),
        (r#"<callActivity id="a"/>"#, r#"<callActivity id="a" calledElement="${x}"/>"#),
        (
            r#"<task id="a"/><choreographyTask id="c"/><task id="b"/> | a>c c>b"#,
            r#"<task id="a"/><task id="c"/><task id="b"/> | a>c c>b"#,
        ),
    ];
    check(
        &cases,
        expect![[r#"
            <task id="a"/><endEvent id="e"><errorEventDefinition errorRef="bare"/></endEvent> | a>e
              line 1: bare: error needs the attribute errorCode [missing-attribute]
            <intermediateThrowEvent id="a"><escalationEventDefinition escalationRef="quiet"/></intermediateThrowEvent>
              line 1: quiet: escalation needs the attribute escalationCode [missing-attribute]
            <receiveTask id="a" messageRef="nameless"/>
              line 1: nameless: message needs the attribute name [missing-attribute]
              line 1: a: the message has no name; give it one [missing-name]
            <receiveTask id="a"/>
              line 1: a: receiveTask needs the attribute messageRef [missing-attribute]
            <intermediateCatchEvent id="a"/>
              line 1: a: the event awaits nothing; say what it awaits [missing-trigger]
            <intermediateCatchEvent id="a"><timerEventDefinition/></intermediateCatchEvent>
              line 1: a: the timer does not say when; give it a timeDuration such as PT15M, a timeDate or a timeCycle [invalid-timer]
            <task id="a"/><boundaryEvent id="e"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><task id="b"/> | e>b
              line 1: e: boundaryEvent needs the attribute attachedToRef [missing-attribute]
            <task id="a"><multiInstanceLoopCharacteristics/></task>
              line 1: a: a multi-instance activity needs a loopCardinality or a collection [missing-collection]
            <task id="a"><standardLoopCharacteristics/></task>
              line 1: a: the loop would never end; give it a condition or a maximum [endless-loop]
            <task id="a" startQuantity="none"/>
              line 1: a: startQuantity="none" of task is not a whole number [wrong-type]
            <callActivity id="a"/>
              line 1: a: callActivity needs the attribute calledElement [missing-attribute]
            <task id="a"/><choreographyTask id="c"/><task id="b"/> | a>c c>b
              line 1: c: choreographyTask is not supported; take it away [unsupported-element]
        "#]],
    );
}

#[test]
fn sub_processes_are_not_nested_without_end() {
    let nested = |depth: usize| {
        let mut text = "<task id=\"a\"/>".to_owned();
        for level in 0..depth {
            text = format!("<subProcess id=\"s{level}\">{text}</subProcess>");
        }
        meaning(Format::Bpmn, &bpmn(&text))
    };
    assert!(nested(20).starts_with('{'), "{}", nested(20));
    expect![[r#"
        line 1: s0: sub-processes are nested more than 20 deep; call another process instead [too-deep]
    "#]].assert_eq(&nested(21));
}

#[test]
fn a_long_ring_without_a_way_out_is_told_once() {
    const LONG: usize = 10_000;
    let nodes: String = (0..LONG).map(|n| format!("<task id=\"t{n}\"/>")).collect();
    let flows: String = (0..LONG).map(|n| format!(" t{n}>t{}", (n + 1) % LONG)).collect();
    let text = bpmn(&format!("<startEvent id=\"s\"/>{nodes}|s>t0{flows}"));
    expect![[r#"
        line 1: t0: no end event can be reached from here; lead it to one [no-way-to-end]
    "#]]
    .assert_eq(&meaning(Format::Bpmn, &text));
}

#[test]
fn as_many_links_as_one_likes_are_judged() {
    let link = |kind: &str, n: usize| {
        let kind = format!("intermediate{kind}Event");
        format!("<{kind} id=\"{kind}{n}\"><linkEventDefinition name=\"l\"/></{kind}>")
    };
    let links: String = (0..5_000).map(|n| link("Throw", n) + &link("Catch", n)).collect();
    let text = meaning(Format::Bpmn, &bpmn(&links));
    assert_eq!(text.lines().filter(|line| line.ends_with("[link-pair]")).count(), 200);
}

#[test]
fn what_gives_tasks_to_people_or_calls_single_tasks_is_refused_with_the_reason() {
    let contents = r#"<startEvent id="s" /><endEvent id="e" /><sequenceFlow id="f" sourceRef="s" targetRef="t" /><sequenceFlow id="g" sourceRef="t" targetRef="e" />"#;
    let mut told = String::new();
    for word in ["resourceRole", "performer", "humanPerformer", "potentialOwner"] {
        let task = format!(r#"<manualTask id="t"><{word} id="r" /></manualTask>"#);
        told.push_str(&picture(Format::Bpmn, &around(&format!("{contents}{task}"))));
    }
    for word in ["globalTask", "globalUserTask", "globalScriptTask"] {
        let text = around(&format!(r#"{contents}<task id="t" />"#));
        let text = text.replace("<process", &format!("<{word} id=\"called\" /><process"));
        told.push_str(&picture(Format::Bpmn, &text));
    }
    expect![[r#"
        line 2: t: resourceRole in manualTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
        line 2: t: performer in manualTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
        line 2: t: humanPerformer in manualTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
        line 2: t: potentialOwner in manualTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
        line 2: called: globalTask is not taken: only processes are called; make it a process with this one task [unsupported-element]
        line 2: called: globalUserTask is not taken: only processes are called; make it a process with this one task [unsupported-element]
        line 2: called: globalScriptTask is not taken: only processes are called; make it a process with this one task [unsupported-element]
    "#]].assert_eq(&told);
}

#[test]
fn what_a_modeler_left_empty_is_told_once_and_with_what_to_do() {
    let empty = "<conditionalEventDefinition><condition/></conditionalEventDefinition>";
    let (bare, link) = ("<conditionalEventDefinition/>", "<linkEventDefinition/>");
    let event = |tag: &str, inside: &str| format!(r#"<{tag} id="n">{inside}</{tag}>"#);
    let catch = |inside: &str| event("intermediateCatchEvent", inside);
    let throw = |inside: &str| event("intermediateThrowEvent", inside);
    let each = |more: &str| {
        let inside = format!(
            r#"<multiInstanceLoopCharacteristics {more}><loopCardinality>2</loopCardinality><complexBehaviorDefinition /></multiInstanceLoopCharacteristics>"#
        );
        event("manualTask", &inside)
    };
    let cases = [
        catch(empty),
        catch(bare),
        throw(empty),
        throw(bare),
        throw(
            "<conditionalEventDefinition><condition>${a}</condition></conditionalEventDefinition>",
        ),
        throw(link),
        event("serviceTask", ""),
        event("userTask", ""),
        event("sendTask", ""),
        each(r#"behavior="One" oneBehaviorEventRef="x""#),
        each(r#"behavior="All" noneBehaviorEventRef="x""#),
    ];
    let mut told = String::new();
    for case in cases {
        let rest = r#"<startEvent id="s" /><endEvent id="e" /><sequenceFlow id="f" sourceRef="s" targetRef="n" /><sequenceFlow id="g" sourceRef="n" targetRef="e" />"#;
        told.push_str(&format!(
            "{case}\n{}",
            picture(Format::Bpmn, &around(&format!("{rest}{case}")))
        ));
    }
    for (end, flow) in [(link, ""), (empty, ""), ("", "<conditionExpression/>")] {
        let case = format!(
            r#"<startEvent id="s" /><exclusiveGateway id="n" default="h" /><endEvent id="o" /><endEvent id="e">{end}</endEvent><sequenceFlow id="f" sourceRef="s" targetRef="n" /><sequenceFlow id="g" sourceRef="n" targetRef="e"><conditionExpression>${{a}}</conditionExpression></sequenceFlow><sequenceFlow id="h" sourceRef="n" targetRef="o" />"#
        );
        let case = match flow.is_empty() {
            true => case,
            false => case.replace("<conditionExpression>${a}</conditionExpression>", flow),
        };
        told.push_str(&format!("{end}{flow}\n{}", picture(Format::Bpmn, &around(&case))));
    }
    expect![[r#"
        <intermediateCatchEvent id="n"><conditionalEventDefinition><condition/></conditionalEventDefinition></intermediateCatchEvent>
        line 2: n: the condition is empty; write one such as ${approved} [missing-condition]
        <intermediateCatchEvent id="n"><conditionalEventDefinition/></intermediateCatchEvent>
        line 2: n: a conditional event needs a condition [missing-condition]
        <intermediateThrowEvent id="n"><conditionalEventDefinition><condition/></conditionalEventDefinition></intermediateThrowEvent>
        line 2: n: a condition cannot stand at an intermediate throwing event; await it with a catching event [event-place]
        <intermediateThrowEvent id="n"><conditionalEventDefinition/></intermediateThrowEvent>
        line 2: n: a condition cannot stand at an intermediate throwing event; await it with a catching event [event-place]
        <intermediateThrowEvent id="n"><conditionalEventDefinition><condition>${a}</condition></conditionalEventDefinition></intermediateThrowEvent>
        line 2: n: a condition cannot stand at an intermediate throwing event; await it with a catching event [event-place]
        <intermediateThrowEvent id="n"><linkEventDefinition/></intermediateThrowEvent>
        line 2: n: a link event needs a name, that of the other end [missing-attribute]
        <serviceTask id="n"></serviceTask>
        line 2: n: the task does not say which activity it runs; name it as camunda:topic, camunda:delegateExpression or zeebe:taskDefinition [missing-activity]
        <userTask id="n"></userTask>
        line 2: n: the task does not say which activity it runs; name it as camunda:formKey or in zeebe:formDefinition, or give it a form [missing-activity]
        <sendTask id="n"></sendTask>
        line 2: n: a send task names a message, as messageRef, or the activity that sends, as camunda:topic or zeebe:taskDefinition [missing-attribute]
        <manualTask id="n"><multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="x"><loopCardinality>2</loopCardinality><complexBehaviorDefinition /></multiInstanceLoopCharacteristics></manualTask>
        line 2: n: behavior="One" of multiInstanceLoopCharacteristics is not supported; only All is [unsupported-value]
        <manualTask id="n"><multiInstanceLoopCharacteristics behavior="All" noneBehaviorEventRef="x"><loopCardinality>2</loopCardinality><complexBehaviorDefinition /></multiInstanceLoopCharacteristics></manualTask>
        p
          s: start -> n
          e: end
          n: Manual task at once times 2 -> e
        <linkEventDefinition/>
        line 2: e: a link cannot stand at an end event; a throwing event goes on at a catching event by it [event-place]
        <conditionalEventDefinition><condition/></conditionalEventDefinition>
        line 2: e: a condition cannot stand at an end event; await it with a catching event [event-place]
        <conditionExpression/>
        line 2: g: the condition is empty; write one such as ${approved} [missing-condition]
    "#]].assert_eq(&told);
}
