//! Writing BPMN: what was written means the same, and is written the same again.

use crate::{catalog, picture, process};
use definitions::{
    Drawing, Flow, Format, Place, Process, library, read_all, read_drawing, write_bpmn,
    write_bpmn_all,
};
use expect_test::expect;

const EVERYTHING: &str = include_str!("everything.bpmn");
const EVERYTHING_YAML: &str = include_str!("everything.yaml");

/// A process in which the given elements stand between a start and an end.
pub(crate) fn around(elements: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
        <process id="p" isExecutable="true">{elements}</process></definitions>"#
    )
}

/// Reads a written text again and compares; returns the text.
pub(crate) fn written_again(processes: &[Process], drawing: Option<&Drawing>) -> String {
    let first = write_bpmn_all(processes, drawing);
    let again = read_all(Format::Bpmn, &first, &catalog::catalog())
        .unwrap_or_else(|flaws| panic!("{flaws:#?}\n{first}"));
    assert_eq!(processes.len(), again.len());
    for (one, two) in processes.iter().zip(&again) {
        assert_eq!(one.meaning(), two.meaning(), "{first}");
        assert_eq!(lines(one), lines(two), "{first}");
    }
    let drawing = read_drawing(&first);
    assert!(drawing.is_some(), "everything is drawn");
    let second = write_bpmn_all(&again, drawing.as_ref());
    let mut differs = first.lines().zip(second.lines()).filter(|(one, two)| one != two);
    assert_eq!(differs.next(), None, "the second text is the first");
    assert_eq!(first.len(), second.len());
    first
}

/// The picture of a process, whatever the order of its nodes.
fn lines(process: &Process) -> Vec<String> {
    let mut lines: Vec<String> = picture::of(process).lines().map(String::from).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_library_means_the_same_when_it_was_written() {
    for journey in library::ALL {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        written_again(std::slice::from_ref(&bpmn), None);
        written_again(&[bpmn], read_drawing(journey.bpmn).as_ref());
        written_again(&[process(Format::Yaml, journey.yaml)], None);
    }
}

#[test]
fn what_a_repeated_activity_gathers_into_is_there_to_be_referred_to() {
    let text = "id: p
steps:
  - { do: nothing, id: ask, each: { in: \"${people}\", as: person, collect: { into: p, value: \"${answer}\" } } }
  - steps: [{ do: nothing, id: inside }]
    id: many
    each: { in: \"${people}\", as: person, collect: { into: votes, value: \"${vote}\" } }
";
    let written = written_again(&[process(Format::Yaml, text)], None);
    let told = |word: &str| -> Vec<&str> {
        let lines = written.lines().filter(|line| line.contains(word));
        lines.map(str::trim).collect()
    };
    assert_eq!(
        told("dataOutput"),
        [
            r#"<bpmn:dataOutput id="ask.p" name="p" isCollection="true" />"#,
            "<bpmn:dataOutputRefs>ask.p</bpmn:dataOutputRefs>",
            r#"<bpmn:dataOutput id="many.votes" name="votes" isCollection="true" />"#,
            "<bpmn:dataOutputRefs>many.votes</bpmn:dataOutputRefs>",
        ],
    );
    assert_eq!(
        told("loopDataOutputRef"),
        [
            "<bpmn:loopDataOutputRef>ask.p</bpmn:loopDataOutputRef>",
            "<bpmn:loopDataOutputRef>many.votes</bpmn:loopDataOutputRef>",
        ],
    );
}

#[test]
fn a_library_file_keeps_its_drawing() {
    for journey in library::ALL {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        let drawing = read_drawing(journey.bpmn).expect("the library is drawn");
        let kept = read_drawing(&write_bpmn(&bpmn, Some(&drawing))).expect("it is drawn still");
        for (id, shape) in &kept.shapes {
            assert_eq!(Some(shape), drawing.shapes.get(id), "{id}");
        }
        for (id, edge) in &kept.edges {
            assert_eq!(Some(edge), drawing.edges.get(id), "{id}");
        }
        assert_eq!(kept.shapes.len(), bpmn.nodes().count());
    }
}

#[test]
fn a_library_file_is_written_line_by_line_as_it_is_shipped_but_for_what_people_read() {
    let journey = library::ALL[0];
    let bpmn = process(Format::Bpmn, journey.bpmn);
    let written = write_bpmn(&bpmn, read_drawing(journey.bpmn).as_ref());
    let shipped: Vec<&str> = journey.bpmn.lines().collect();
    let strange: Vec<&str> = written
        .lines()
        .filter(|line| !shipped.contains(line))
        .filter(|line| !line.contains("inputParameter") && !line.contains("serviceTask"))
        .collect();
    assert_eq!(strange, [""; 0]);
}

#[test]
fn all_of_a_deployed_file_means_the_same_when_it_was_written() {
    written_again(&[process(Format::Bpmn, EVERYTHING)], None);
    written_again(&[process(Format::Bpmn, EVERYTHING)], read_drawing(EVERYTHING).as_ref());
    written_again(&[process(Format::Yaml, EVERYTHING_YAML)], None);
}

#[test]
fn texts_come_back_as_they_were() {
    for value in [
        "a < b && c > \\\"d\\\" 'e'",
        " blanks around ",
        "",
        "two\\nlines",
        "tab\\tand return\\r\\nhere",
        "\\\\${not an expression}",
        "]]> <![CDATA[ -->",
        "\\u2028 \\u0085 ünï 🦊",
        "1",
        "back\\\\slash",
        " \\\"quoted\\\" \\\\ ",
    ] {
        let yaml = format!(
            "name: Texts & <more>\nid: texts\nsteps:\n  - activity: customDataForm\n    with: {{dataFormName: \
             \"x\", dataFormVersion: 1, extra: [\"{value}\", {{key: \"{value}\"}}, 1, 2.5, true], \
             formDataKey: \"{value}\"}}\n"
        );
        written_again(&[process(Format::Yaml, &yaml)], None);
    }
}

#[test]
fn blanks_around_a_text_with_expressions_are_part_of_it_wherever_it_stands() {
    let yaml = r#"
name: x
steps:
  - { call: child, take: { a: "  before ${b} " } }
  - { activity: customDataForm, with: { dataFormName: x, dataFormVersion: 1, extra: ["${n} and\n", " ${lone} "] } }
  - { throw: All, signal: news, with: { more: " ${n} and ${m}" } }
"#;
    let process = process(Format::Yaml, yaml);
    let written = definitions::write_bpmn(&process, None);
    let read =
        definitions::read(Format::Bpmn, &written, &catalog::catalog()).expect("a definition");
    assert_eq!(read.meaning(), process.meaning(), "{written}");
    let dropped = definitions::read(
        Format::Yaml,
        &yaml.replace("before ${b} ", "before ${b}"),
        &catalog::catalog(),
    );
    assert_ne!(
        dropped.expect("a definition").meaning(),
        process.meaning(),
        "the blanks mean something"
    );
    for kept in [r#"${"  "}before ${b}${" "}"#, r#"${" "}${n} and ${m}"#, ">${lone}<"] {
        let attribute = kept.replace('"', "&quot;");
        assert!(written.contains(kept) || written.contains(&attribute), "{kept}: {written}");
    }
}

#[test]
fn ids_that_would_clash_are_avoided() {
    let text = around(
        r#"<startEvent id="definitions" /><sequenceFlow id="diagram" sourceRef="definitions" targetRef="plane" />
        <serviceTask id="plane" camunda:delegateExpression="${addUser}"><extensionElements><camunda:inputOutput><camunda:inputParameter name="storeName">x</camunda:inputParameter></camunda:inputOutput></extensionElements></serviceTask>
        <sequenceFlow id="error.ExtIdNotUnique" sourceRef="plane" targetRef="plane.shape" />
        <boundaryEvent id="b" attachedToRef="plane"><errorEventDefinition errorRef="e" /></boundaryEvent>
        <sequenceFlow id="p.shape" sourceRef="b" targetRef="plane.shape" />
        <endEvent id="plane.shape" />"#,
    )
    .replace("</definitions>", r#"<error id="e" errorCode="ExtIdNotUnique" /></definitions>"#);
    let text = written_again(&[process(Format::Bpmn, &text)], None);
    let mut ids: Vec<&str> = text
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(id, _)| id))
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{text}");
}

#[test]
fn a_new_element_finds_a_place_in_a_drawing_that_stays_as_it_is() {
    for journey in library::ALL.iter().filter(|journey| journey.seeded) {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        let whole = read_drawing(journey.bpmn).expect("the library is drawn");
        for (_, node) in bpmn.nodes() {
            let mut drawing = whole.clone();
            drawing.shapes.remove(node.id.as_str());
            let text = written_again(std::slice::from_ref(&bpmn), Some(&drawing));
            let kept = read_drawing(&text).expect("it is drawn still");
            let new = kept.shapes[node.id.as_str()].bounds;
            for (id, shape) in kept.shapes.iter().filter(|(id, _)| *id != node.id.as_str()) {
                assert_eq!(Some(shape), whole.shapes.get(id), "{id} stays");
                let sits = |id: &str| id.contains('.');
                let apart = sits(node.id.as_str()) == sits(id) && shape.bounds.overlaps(&new);
                assert!(!apart, "{} lies on {id}", node.id);
            }
            for (id, edge) in &kept.edges {
                let own = bpmn.nodes().flat_map(|(place, _)| bpmn.outgoing(place));
                let touches = |(flow, _): &(&Flow, Place)| *flow.id == **id;
                assert!(edge.points.len() > 1 && own.filter(touches).count() == 1, "{id}");
            }
        }
    }
}

const COLLAPSED: &str = r#"
name: Folded
steps:
  - id: inner
    name: Inside
    steps: [{ do: manual, id: one }, { do: nothing, id: two }]
    on: [{ timer: PT1H, id: late, then: end }]
  - { do: manual, id: three }
"#;

#[test]
fn a_collapsed_sub_process_keeps_its_own_plane() {
    let folded = process(Format::Yaml, COLLAPSED);
    let mut drawing = read_drawing(&write_bpmn(&folded, None)).expect("it is drawn");
    let inner = drawing.shapes.get_mut("inner").expect("it has a shape");
    inner.collapsed = true;
    (inner.bounds.width, inner.bounds.height) = (120.0, 90.0);
    for id in ["one", "two", "inner.start", "inner.end"] {
        drawing.shapes.remove(id);
    }
    let text = written_again(&[folded], Some(&drawing));
    let planes: Vec<&str> = text.split("<bpmndi:BPMNPlane").skip(1).collect();
    assert_eq!(planes.len(), 2, "{text}");
    assert!(planes[0].contains("\"inner\" isExpanded=\"false\""), "{}", planes[0]);
    assert!(planes[1].starts_with(" id=\"inner.plane\" bpmnElement=\"inner\">"), "{}", planes[1]);
    for id in ["one", "two", "inner.start", "inner.end"] {
        let shape = format!("bpmnElement=\"{id}\"");
        assert!(!planes[0].contains(&shape) && planes[1].contains(&shape), "{id}");
    }
}

#[test]
fn several_processes_are_written_as_pools_that_do_not_touch() {
    let one = process(Format::Yaml, COLLAPSED);
    let two = process(
        Format::Yaml,
        "name: Other\nid: other\nsteps: [{start: Begin, id: begin}, {send: news}, {end: Over, id: over}]\n",
    );
    let text = written_again(&[one.clone(), two.clone()], None);
    let drawing = read_drawing(&text).expect("it is drawn");
    let pools = ["participant.folded", "participant.other"].map(|id| drawing.shapes[id].bounds);
    assert!(!pools[0].overlaps(&pools[1]));
    assert_eq!(pools[0].width, pools[1].width);
    for (process, pool) in [one, two].iter().zip(pools) {
        for (_, node) in process.nodes() {
            let bounds = drawing.shapes[node.id.as_str()].bounds;
            assert_eq!(pool.around(&bounds), pool, "{} lies in its pool", node.id);
        }
    }
}

#[test]
fn a_text_without_drawing_has_none() {
    assert_eq!(read_drawing("no xml"), None);
    assert_eq!(read_drawing(&around("<startEvent id=\"s\" />")), None);
    let nonsense =
        EVERYTHING.replace("x=\"1\" y=\"2\" width=\"3\"", "x=\"NaN\" y=\"1e300\" width=\"-1\"");
    assert_eq!(read_drawing(&nonsense), None);
}

#[test]
fn ids_that_two_processes_have_are_told_apart() {
    let text = "name: one
steps:
  - { script: 1, id: a, on: [{ compensate: true, then: undo }] }
  - { do: nothing, id: undo }
  - { throw: Back, compensate: a }
---
name: two
steps:
  - { script: 2, id: a, on: [{ compensate: true, then: undo }] }
  - { do: nothing, id: undo }
  - { throw: Back, compensate: a }
";
    let processes = definitions::read_all(Format::Yaml, text, &crate::catalog::catalog()).unwrap();
    let written = write_bpmn_all(&processes, None);
    let read = definitions::read_all(Format::Bpmn, &written, &crate::catalog::catalog()).unwrap();
    let ids: Vec<String> = read[1].nodes().map(|(_, node)| node.id.to_string()).collect();
    expect!["two.start two.a two.a.compensate two.undo two.back two.end"].assert_eq(&ids.join(" "));
    assert_eq!(read[0].hash(), processes[0].hash());
    assert_eq!(read[1].nodes().count(), processes[1].nodes().count());
}
