//! A drawing that is kept: what it lacks finds room and ways, and lies on nothing that is there.

use crate::layout::{crossed_names, flaws, runs_through};
use crate::process;
use crate::written::around;
use definitions::{Drawing, Format, Process, library, read_drawing, write_bpmn};

/// A task passed by a line, one with an event on its border, and a way back; no lines are drawn.
const STEPS: &str = r#"
<startEvent id="s" /><exclusiveGateway id="g" default="no" /><task id="a" name="Ask" />
<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
<task id="b" name="Check" /><exclusiveGateway id="h" default="done" /><endEvent id="e" />
<sequenceFlow id="begin" sourceRef="s" targetRef="g" />
<sequenceFlow id="yes" name="Yes" sourceRef="g" targetRef="a"><conditionExpression>${x}</conditionExpression></sequenceFlow>
<sequenceFlow id="no" name="No" sourceRef="g" targetRef="b" />
<sequenceFlow id="on" sourceRef="a" targetRef="b" />
<sequenceFlow id="over" sourceRef="late" targetRef="e" />
<sequenceFlow id="checked" sourceRef="b" targetRef="h" />
<sequenceFlow id="again" name="Again" sourceRef="h" targetRef="a"><conditionExpression>${y}</conditionExpression></sequenceFlow>
<sequenceFlow id="done" name="Done" sourceRef="h" targetRef="e" />
"#;
const PLACES: [(&str, [u32; 4]); 7] = [
    ("s", [100, 100, 36, 36]),
    ("g", [190, 93, 50, 50]),
    ("a", [300, 78, 100, 80]),
    ("late", [342, 140, 36, 36]),
    ("b", [460, 78, 100, 80]),
    ("h", [620, 93, 50, 50]),
    ("e", [730, 100, 36, 36]),
];

/// A text with steps and the shapes that are drawn.
fn drawn(steps: &str) -> (Process, Drawing) {
    let shape = |(id, [x, y, width, height]): (&str, [u32; 4])| {
        format!(
            r#"<di:BPMNShape bpmnElement="{id}"><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></di:BPMNShape>"#
        )
    };
    let diagram = format!(
        r#"<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane bpmnElement="p">{}</di:BPMNPlane></di:BPMNDiagram></definitions>"#,
        PLACES.map(shape).concat()
    );
    let text = around(steps).replace("</definitions>", &diagram);
    (process(Format::Bpmn, &text), read_drawing(&text).expect("the shapes are drawn"))
}

/// The drawing as it is written: everything that was known is where it was, the rest lies well.
fn completed(process: &Process, known: &Drawing) -> Drawing {
    let text = write_bpmn(process, Some(known));
    assert_eq!(text, write_bpmn(process, Some(known)), "the same process, the same text");
    let whole = read_drawing(&text).expect("everything is drawn");
    for (id, shape) in &known.shapes {
        assert_eq!(&whole.shapes[id], shape, "{id} stays");
    }
    for (id, edge) in &known.edges {
        assert_eq!(&whole.edges[id], edge, "{id} stays");
    }
    assert_eq!(flaws(process, &whole), [""; 0], "{}", process.id());
    assert_eq!(crossed_names(&whole), [""; 0], "{}", process.id());
    whole
}

#[test]
fn lines_that_are_not_drawn_run_around_what_is() {
    let (steps, places) = drawn(STEPS);
    let whole = completed(&steps, &places);
    let straight = ["begin", "yes", "on", "checked", "done"];
    let bends = |id: &str| whole.edges[id].points.len() - 2;
    assert_eq!(straight.map(bends), [0; 5], "what stands in a row is joined straight");
}

#[test]
fn a_new_step_stands_on_nothing_and_near_what_it_follows() {
    let (steps, places) = drawn(STEPS);
    let known = completed(&steps, &places);
    // Between two others, on the border and at the end.
    for (flow, follows, to) in [("on", "a", "b"), ("over", "late", "e"), ("done", "h", "e")] {
        let one = format!(r#"id="{flow}" "#);
        let name = if flow == "done" { r#"name="Done" "# } else { "" };
        let old = format!(r#"{one}{name}sourceRef="{follows}" targetRef="{to}""#);
        assert!(STEPS.contains(&old));
        let new = format!(r#"{one}{name}sourceRef="{follows}" targetRef="new""#);
        let more = format!(
            r#"<task id="new" name="New" /><sequenceFlow id="further" sourceRef="new" targetRef="{to}" />"#
        );
        let text = around(&(STEPS.replace(&old, &new) + &more));
        let process = process(Format::Bpmn, &text);
        let mut known = known.clone();
        known.edges.remove(flow);
        let whole = completed(&process, &known);
        let bounds = |id: &str| whole.shapes[id].bounds;
        for edge in known.edges.values() {
            for pair in edge.points.windows(2) {
                let through = runs_through(&bounds("new"), pair[0], pair[1]);
                assert!(!through, "a line runs through what follows {follows}");
            }
        }
        let (one, two) = (bounds(follows).center(), bounds("new").center());
        let far = (one.x - two.x).abs() + (one.y - two.y).abs();
        assert!(far < 450.0, "it is {far} away from {follows}");
    }
}

#[test]
fn the_library_without_lines_gets_lines_that_run_well() {
    for journey in library::ALL {
        let process = process(Format::Yaml, journey.yaml);
        let mut known = read_drawing(&write_bpmn(&process, None)).expect("it is drawn");
        known.edges.clear();
        completed(&process, &known);
    }
}

#[test]
fn any_line_of_the_library_is_drawn_again() {
    for journey in library::ALL.iter().filter(|journey| journey.seeded) {
        let process = process(Format::Yaml, journey.yaml);
        let whole = read_drawing(&write_bpmn(&process, None)).expect("it is drawn");
        for id in whole.edges.keys() {
            let mut known = whole.clone();
            known.edges.remove(id);
            completed(&process, &known);
        }
    }
}

/// The shapes of the library's sub-processes, taken out one at a time.
#[test]
fn a_sub_process_without_a_shape_gets_one_around_what_it_holds() {
    let mut mended = 0;
    for journey in library::ALL {
        let process = process(Format::Yaml, journey.yaml);
        let whole = read_drawing(&write_bpmn(&process, None)).expect("it is drawn");
        for (scope, node) in process.nodes() {
            if !process.nodes().any(|(_, inner)| inner.parent == Some(scope)) {
                continue;
            }
            let mut known = whole.clone();
            known.shapes.remove(node.id.as_str());
            completed(&process, &known);
            mended += 1;
        }
    }
    assert!(mended >= 3, "{mended} sub-processes");
}

#[test]
fn an_event_that_sits_nowhere_is_put_on_the_border_of_the_new_box() {
    let steps = |more: &str| {
        r#"<startEvent id="s" /><subProcess id="in"><startEvent id="a" /><task id="b" /><endEvent id="c" /><sequenceFlow id="ab" sourceRef="a" targetRef="b" /><sequenceFlow id="bc" sourceRef="b" targetRef="c" /></subProcess>
        <boundaryEvent id="late" attachedToRef="in"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
        <endEvent id="e" /><sequenceFlow id="si" sourceRef="s" targetRef="in" /><sequenceFlow id="ie" sourceRef="in" targetRef="e" /><sequenceFlow id="le" sourceRef="late" targetRef="e" />"#
            .to_owned()
            + more
    };
    let process = process(Format::Bpmn, &around(&steps("")));
    let mut whole = read_drawing(&write_bpmn(&process, None)).expect("it is drawn");
    whole.edges.clear();
    let mut known = whole.clone();
    known.shapes.remove("in");
    let late = known.shapes.get_mut("late").expect("it is drawn");
    late.bounds.y -= 100.0;
    let text = write_bpmn(&process, Some(&known));
    let mended = read_drawing(&text).expect("it is drawn");
    assert_eq!(flaws(&process, &mended), [""; 0]);
    assert_eq!(mended.shapes["b"], whole.shapes["b"], "what it holds stays");
    // A stranger in the middle of the contents: there is no such box, and all is laid out anew.
    known.shapes.get_mut("e").expect("it is drawn").bounds = whole.shapes["b"].bounds;
    let text = write_bpmn(&process, Some(&known));
    assert_eq!(flaws(&process, &read_drawing(&text).expect("it is drawn")), [""; 0]);
}

#[test]
fn a_new_step_does_not_stand_behind_what_it_leads_to() {
    let (steps, places) = drawn(STEPS);
    let mut known = completed(&steps, &places);
    known.edges.remove("on");
    let new = r#"sourceRef="a" targetRef="new" /><task id="new" name="New" /><sequenceFlow id="further" sourceRef="new" targetRef="b" />"#;
    let text = STEPS.replace(r#"sourceRef="a" targetRef="b" />"#, new);
    let process = process(Format::Bpmn, &around(&text));
    let whole = completed(&process, &known);
    let (new, next) = (whole.shapes["new"].bounds, whole.shapes["b"].bounds);
    assert!(new.right() < next.x, "{new:?} {next:?}");
    let points = &whole.edges["further"].points;
    assert!(points.windows(2).all(|pair| pair[0].x <= pair[1].x), "{points:?}");
}

#[test]
fn a_new_end_stands_right_of_all_that_leads_to_it() {
    let (steps, places) = drawn(STEPS);
    let mut known = completed(&steps, &places);
    known.shapes.remove("e");
    known.edges.retain(|id, _| !["over", "done"].contains(&id.as_str()));
    let whole = completed(&steps, &known);
    let (end, last) = (whole.shapes["e"].bounds, whole.shapes["h"].bounds);
    assert!(last.right() < end.x, "{last:?} {end:?}");
}
