//! Writing BPMN: what was written means the same, and is written the same again.

use crate::{catalog, process};
use definitions::{Drawing, Format, Process, library, read, read_drawing, write_bpmn};

const EVERYTHING: &str = include_str!("everything.bpmn");
const EVERYTHING_YAML: &str = include_str!("everything.yaml");

/// A process in which the given elements stand between a start and an end.
fn around(elements: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
        <process id="p" isExecutable="true">{elements}</process></definitions>"#
    )
}

/// Reads a written text again and compares; returns the text.
fn written_again(process: &Process, drawing: Option<&Drawing>) -> String {
    let first = write_bpmn(process, drawing);
    let again = read(Format::Bpmn, &first, &catalog::catalog())
        .unwrap_or_else(|flaws| panic!("{flaws:#?}\n{first}"));
    assert_eq!(process.meaning(), again.meaning(), "{first}");
    let drawing = read_drawing(&first);
    assert!(drawing.is_some(), "everything is drawn");
    assert_eq!(first, write_bpmn(&again, drawing.as_ref()), "the second text is the first");
    if drawing.is_none() {
        assert_eq!(first, write_bpmn(&again, None), "the layout is the same again");
    }
    first
}

#[test]
fn the_library_means_the_same_when_it_was_written() {
    for journey in library::ALL {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        written_again(&bpmn, None);
        written_again(&bpmn, read_drawing(journey.bpmn).as_ref());
        written_again(&process(Format::Yaml, journey.yaml), None);
    }
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
    written_again(&process(Format::Bpmn, EVERYTHING), None);
    written_again(&process(Format::Bpmn, EVERYTHING), read_drawing(EVERYTHING).as_ref());
    written_again(&process(Format::Yaml, EVERYTHING_YAML), None);
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
        written_again(&process(Format::Yaml, &yaml), None);
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
    let text = written_again(&process(Format::Bpmn, &text), None);
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
fn a_text_without_drawing_has_none() {
    assert_eq!(read_drawing("no xml"), None);
    assert_eq!(read_drawing(&around("<startEvent id=\"s\" />")), None);
    let nonsense =
        EVERYTHING.replace("x=\"1\" y=\"2\" width=\"3\"", "x=\"NaN\" y=\"1e300\" width=\"-1\"");
    assert_eq!(read_drawing(&nonsense), None);
}
