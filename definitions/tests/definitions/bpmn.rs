//! Reading BPMN: what good files mean.

use crate::{meaning, process};
use definitions::{EventDefinition, Format, Kind, NodeId, Work, read};
use expect_test::expect;

const BPMN: &str = include_str!("everything.bpmn");
const YAML: &str = include_str!("everything.yaml");

#[test]
fn all_that_bpmn_says_can_be_said_in_yaml() {
    let (bpmn, yaml) = (meaning(Format::Bpmn, BPMN), meaning(Format::Yaml, YAML));
    assert!(bpmn.starts_with('{'), "{bpmn}");
    assert_eq!(bpmn, yaml);
    expect![[r#"
        {"defaultLanguage":"en","historyTimeToLive":"P30D","id":"v1_activities","name":"Everything & more","nodes":null,"supportedLanguages":["en","de"],"versionTag":"1"}
        Again: {"flows":[{"condition":null,"default":true,"name":"","to":"Ask"}],"kind":"exclusiveGateway","name":"Entry"}
        Ask: {"activity":"customDataForm","flows":[{"condition":null,"default":false,"name":"","to":"Which"}],"inputs":{"dataFormName":{"value":"more"},"dataFormVersion":{"value":2}},"kind":"userTask","name":"Ask","outputs":[]}
        CDF01-e-1: {"flows":[{"condition":null,"default":false,"name":"","to":"Join"}],"host":"CDF01_Abc","interrupting":true,"kind":"boundaryEvent","name":"Too often","trigger":{"codeVariable":"errorCode","error":"ExceededCustomDataFormRetake","messageVariable":"errorMessage"}}
        CDF01-e-2: {"flows":[{"condition":null,"default":false,"name":"","to":"Join"}],"host":"CDF01_Abc","interrupting":true,"kind":"boundaryEvent","name":"","trigger":{"codeVariable":null,"error":null,"messageVariable":null}}
        CDF01-t-1: {"flows":[{"condition":null,"default":false,"name":"","to":"Report"}],"host":"CDF01_Abc","interrupting":false,"kind":"boundaryEvent","name":"Remind","trigger":{"duration":{"expression":"${_patience}"}}}
        CDF01-t-2: {"flows":[{"condition":null,"default":false,"name":"","to":"Join"}],"host":"CDF01_Abc","interrupting":true,"kind":"boundaryEvent","name":"","trigger":{"duration":{"value":"PT4M30S"}}}
        CDF01_Abc: {"activity":"customDataForm","boundaries":["CDF01-e-1","CDF01-e-2","CDF01-t-1","CDF01-t-2"],"flows":[{"condition":null,"default":false,"name":"","to":"Join"}],"inputs":{"dataFormName":{"value":"details"},"dataFormVersion":{"value":1},"extra":{"map":{"a":{"value":"1"},"b":{"list":[{"value":2},{"map":{}}]}}},"formDataKey":{"expression":"form${_n}&x=${_m}"},"hideButtons":{"value":true},"readOnlyForm":{"value":false},"screens":{"list":[{"value":"custom-data-form"},{"expression":"${_next}"}]}},"kind":"serviceTask","name":"Custom Data Form","outputs":[["_cdfContinue",{"expression":"${execution.hasVariableLocal(\"cdfContinue\") ? cdfContinue : false}"}],["_list",{"list":[]}]]}
        End: {"flows":[],"kind":"endEvent","name":"End"}
        Event_start: {"flows":[{"condition":null,"default":false,"name":"","to":"Split"}],"kind":"startEvent","name":"Start"}
        Join: {"flows":[{"condition":null,"default":false,"name":"","to":"Again"}],"kind":"parallelGateway","name":""}
        Merge: {"flows":[{"condition":null,"default":true,"name":"","to":"End"},{"condition":"${false}","default":false,"name":"","to":"Again"}],"kind":"exclusiveGateway","name":"Last?"}
        Report: {"activity":"writeSummaryReport","flows":[{"condition":null,"default":false,"name":"","to":"Merge"}],"inputs":{},"kind":"serviceTask","name":"","outputs":[]}
        SDD01_Def: {"activity":"simpleDecider","flows":[{"condition":null,"default":false,"name":"","to":"Join"}],"inputs":{},"kind":"serviceTask","name":"","outputs":[]}
        Split: {"flows":[{"condition":null,"default":false,"name":"ask","to":"CDF01_Abc"},{"condition":null,"default":false,"name":"decide","to":"SDD01_Def"}],"kind":"parallelGateway","name":"Both"}
        Which: {"flows":[{"condition":"${_again > \"\" && _n < 3}","default":false,"name":"again","to":"Again"},{"condition":null,"default":true,"name":"else","to":"End"},{"condition":"${_decision == \"REVIEW\" && true}","default":false,"name":"review","to":"Report"}],"kind":"exclusiveGateway","name":"Which?"}
    "#]].assert_eq(&bpmn);
}

#[test]
fn the_graph_can_be_walked_in_the_order_of_the_text() {
    let process = process(Format::Bpmn, BPMN);
    let ids: Vec<_> = process.nodes().map(|(_, node)| node.id.to_string()).collect();
    assert_eq!(ids[..4], ["Event_start", "Split", "CDF01_Abc", "CDF01-e-1"]);
    assert_eq!(process.node(process.contents(None).start.unwrap()).id.as_str(), "Event_start");
    let which = process.place(&NodeId::from("Which")).unwrap();
    let flows: Vec<_> = process.outgoing(which).map(|(flow, _)| &*flow.id).collect();
    assert_eq!(flows, ["Flow_13", "Flow_15", "Flow_14"]);
    assert_eq!(process.incoming_count(which), 1);
    assert_eq!(process.incoming_count(process.place(&NodeId::from("Again")).unwrap()), 3);
    assert_eq!(process.place(&NodeId::from("nowhere")), None);
}

#[test]
fn a_task_knows_its_boundary_events_and_they_know_it() {
    let process = process(Format::Bpmn, BPMN);
    let place = process.place(&NodeId::from("CDF01_Abc")).unwrap();
    let Kind::Activity(task) = &process.node(place).kind else { panic!("not a task") };
    let Work::Task(work) = &task.work else { panic!("not a task") };
    assert_eq!(&*work.activity, "customDataForm");
    let mut events = Vec::new();
    for boundary in &task.boundaries {
        let node = process.node(*boundary);
        let Kind::Boundary(boundary) = &node.kind else { panic!("not a boundary event") };
        assert_eq!(boundary.host, place);
        let trigger = match boundary.event.only().unwrap() {
            EventDefinition::Error(error) => format!("{:?}", error.code),
            _ => "timer".into(),
        };
        events.push(format!("{} {} {trigger}", node.id, boundary.interrupting));
    }
    let expected = [
        "CDF01-e-1 true Some(\"ExceededCustomDataFormRetake\")",
        "CDF01-e-2 true None",
        "CDF01-t-1 false timer",
        "CDF01-t-2 true timer",
    ];
    assert_eq!(events, expected);
}

#[test]
fn the_one_flow_without_a_condition_is_the_default() {
    let process = process(Format::Bpmn, BPMN);
    let merge = process.place(&NodeId::from("Merge")).unwrap();
    let flows: Vec<_> =
        process.outgoing(merge).map(|(flow, _)| (&*flow.id, flow.is_default)).collect();
    assert_eq!(flows, [("Flow_17", true), ("Flow_18", false)]);
}

#[test]
fn a_byte_order_mark_and_other_line_ends_are_read() {
    let catalog = crate::catalog::catalog();
    let marked = format!("\u{feff}{BPMN}");
    assert!(read(Format::Bpmn, &marked, &catalog).is_ok());
    let windows = BPMN.replace('\n', "\r\n");
    let read = read(Format::Bpmn, &windows, &catalog).unwrap();
    assert_eq!(read.meaning(), process(Format::Bpmn, BPMN).meaning());
}

#[test]
fn a_task_that_says_it_in_another_way_runs_the_same_activity() {
    let known = "c:skyId=\"CDF01\" c:description=\"A form\" c:type=\"external\" \
                 c:topic=\"${execution.getVariableLocal(&#39;localTopicId&#39;)}\"";
    assert!(BPMN.contains(known) && BPMN.contains("${customDataFormV1}"));
    let local =
        "c:type=\"external\" c:topic=\"${execution.getVariableLocal( &quot;localTopicId&quot; )}\"";
    let cases = [
        (local.to_owned(), "customDataFormV1"),
        (format!("{local} c:skyId=\"CDF01\""), "genericUserTaskV1"),
        ("c:type=\"external\" c:topic=\"customDataForm\"".into(), "genericUserTaskV1"),
        ("c:type=\"external\" c:topic=\"customDataForm\" c:skyId=\"X\"".into(), "customDataFormV1"),
        ("c:delegateExpression=\"${customDataForm}\"".into(), "customDataForm"),
        ("c:delegateExpression=\"${ CDF01 }\"".into(), "CDF01"),
    ];
    for (attributes, listener) in cases {
        let text = BPMN.replace(known, &attributes).replace("customDataFormV1", listener);
        assert_eq!(meaning(Format::Bpmn, &text), meaning(Format::Bpmn, BPMN), "{attributes}");
    }
}
