//! The computed layout: nothing lies on anything, and every line begins and ends where it should.

use crate::process;
use definitions::{
    Bounds, Drawing, Format, Kind, Place, Point, Process, library, read_drawing, write_bpmn,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The layout that a process gets when it has no drawing.
fn drawing(process: &Process) -> Drawing {
    let text = write_bpmn(process, None);
    assert_eq!(text, write_bpmn(process, None), "the same process, the same text");
    read_drawing(&text).expect("everything is drawn")
}

fn overlap(one: &Bounds, two: &Bounds) -> bool {
    one.x < two.right() && two.x < one.right() && one.y < two.bottom() && two.y < one.bottom()
}

fn on_border(bounds: &Bounds, point: Point) -> bool {
    let within = |value: f64, low: f64, high: f64| value >= low - 0.51 && value <= high + 0.51;
    let at = |value: f64, side: f64| (value - side).abs() <= 0.51;
    let (x, y) = (point.x, point.y);
    let beside = at(x, bounds.x) || at(x, bounds.right());
    let above = at(y, bounds.y) || at(y, bounds.bottom());
    (beside && within(y, bounds.y, bounds.bottom()))
        || (above && within(x, bounds.x, bounds.right()))
}

/// Whether a part of a line runs through the inside of a shape.
fn runs_through(bounds: &Bounds, one: Point, two: Point) -> bool {
    let (left, right) = (one.x.min(two.x), one.x.max(two.x));
    let (top, bottom) = (one.y.min(two.y), one.y.max(two.y));
    left < bounds.right() - 1.0
        && right > bounds.x + 1.0
        && top < bounds.bottom() - 1.0
        && bottom > bounds.y + 1.0
}

/// Checks all that a layout promises.
fn check(process: &Process, drawing: &Drawing) {
    let shape = |place: Place| drawing.shapes[process.node(place).id.as_str()].bounds;
    let mut scopes: BTreeMap<Option<Place>, Vec<Place>> = BTreeMap::new();
    for (place, node) in process.nodes() {
        let bounds = shape(place);
        if let Some(parent) = node.parent {
            let parent = shape(parent);
            let inside = bounds.x > parent.x
                && bounds.y > parent.y
                && bounds.right() < parent.right()
                && bounds.bottom() < parent.bottom();
            assert!(inside, "{} lies in what holds it", node.id);
        }
        match &node.kind {
            Kind::Boundary(boundary) => {
                assert!(on_border(&shape(boundary.host), bounds.center()), "{} sits", node.id);
            }
            _ => scopes.entry(node.parent).or_default().push(place),
        }
        let label = drawing.shapes[node.id.as_str()].label;
        let outside = !matches!(node.kind, Kind::Activity(_));
        assert_eq!(label.is_some(), outside && !node.name.is_empty(), "{}", node.id);
    }
    for places in scopes.values() {
        for (index, one) in places.iter().enumerate() {
            for two in &places[index + 1..] {
                let (one, two) = (process.node(*one), process.node(*two));
                let (here, there) =
                    (&drawing.shapes[one.id.as_str()], &drawing.shapes[two.id.as_str()]);
                assert!(!overlap(&here.bounds, &there.bounds), "{} and {}", one.id, two.id);
            }
        }
    }
    for (place, node) in process.nodes() {
        for (flow, target) in process.outgoing(place) {
            let points = &drawing.edges[&*flow.id].points;
            let (first, last) = (points[0], points[points.len() - 1]);
            assert!(on_border(&shape(place), first), "{} begins at {}", flow.id, node.id);
            assert!(on_border(&shape(target), last), "{} ends at its target", flow.id);
            for pair in points.windows(2) {
                let [one, two] = pair else { continue };
                assert!(one.x == two.x || one.y == two.y, "{} has right angles", flow.id);
                for other in &scopes[&node.parent] {
                    let through = runs_through(&shape(*other), *one, *two);
                    let other = process.node(*other);
                    assert!(!through, "{} runs through {}", flow.id, other.id);
                }
            }
        }
    }
}

#[test]
fn the_library_is_laid_out_well() {
    for journey in library::ALL {
        let process = process(Format::Yaml, journey.yaml);
        let drawing = drawing(&process);
        check(&process, &drawing);
        let extent = |id: &str| drawing.shapes[id].bounds;
        let contents = process.contents(None);
        let mut place = contents.start.unwrap_or_else(|| contents.starts[0]);
        let start = extent(process.node(place).id.as_str()).center();
        let mut passed = BTreeSet::new();
        while let Some((_, next)) = process.outgoing(place).next()
            && passed.insert(place)
        {
            let id = process.node(next).id.as_str();
            let beside = (extent(id).center().y - start.y).abs();
            assert!(beside < 1.0, "{}: {id} is beside", journey.name);
            place = next;
        }
        assert!(passed.len() >= 3, "{} has a main path", journey.name);
    }
}

#[test]
fn sub_processes_stand_around_what_they_hold() {
    let process = process(Format::Yaml, include_str!("order.yaml"));
    let drawing = drawing(&process);
    check(&process, &drawing);
    let association = &drawing.edges["undo.association"].points;
    let bounds = |id: &str| drawing.shapes[id].bounds;
    assert!(on_border(&bounds("undo"), association[0]));
    assert!(on_border(&bounds("release"), association[association.len() - 1]));
}

#[test]
fn shapes_have_their_usual_sizes() {
    let process = process(Format::Bpmn, include_str!("everything.bpmn"));
    let drawing = drawing(&process);
    check(&process, &drawing);
    for (_, node) in process.nodes() {
        let Bounds { width, height, .. } = drawing.shapes[node.id.as_str()].bounds;
        let size = match &node.kind {
            Kind::Activity(activity) if activity.boundaries.len() > 2 => continue,
            Kind::Activity(_) => (120.0, 90.0),
            Kind::ExclusiveGateway | Kind::ParallelGateway => (50.0, 50.0),
            _ => (36.0, 36.0),
        };
        assert_eq!((width, height), size, "{}", node.id);
    }
}

/// Numbers that look random and are the same for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A definition of tasks, choices, splits and errors that lead forward and back.
fn invented(seed: u64, size: usize) -> String {
    let mut dice = Dice(seed);
    let mut yaml = format!("name: Invented {seed}\nid: invented\nsteps:\n");
    for step in 0..size {
        let mut target = || match dice.roll(4) {
            0 => format!("s{}", dice.roll(step + 1)),
            _ => format!("s{}", step + 1 + dice.roll(6.min(size - step))),
        };
        let (one, two, three) = (target(), target(), target());
        let _ = match dice.roll(7) {
            0 => writeln!(
                yaml,
                "  - choose: [{{when: \"${{a}}\", then: {one}}}, {{when: \"${{b}}\", then: {two}, name: sometimes}}, \
                 {{otherwise: s{}}}]\n    id: s{step}\n    name: Which way?",
                step + 1
            ),
            1 => writeln!(
                yaml,
                "  - choose: [{{when: \"${{a}}\", then: {one}, name: Yes}}, {{otherwise: s{}, name: No}}]\n    id: s{step}",
                step + 1
            ),
            2 => writeln!(
                yaml,
                "  - activity: customDataForm\n    id: s{step}\n    name: Ask for more\n    with: {{dataFormName: x, dataFormVersion: 1}}\n    \
                 on: [{{error: ExceededCustomDataFormRetake, id: s{step}.e, name: Too often, then: {two}}}, {{timer: PT1M, id: s{step}.t, name: Late, then: {three}}}]"
            ),
            3 => writeln!(
                yaml,
                "  - activity: getUser\n    id: s{step}\n    with: {{storeName: x}}\n    on: [{{error: UserNotFound, id: s{step}.e, then: {two}}}]"
            ),
            _ => writeln!(
                yaml,
                "  - activity: writeSummaryReport\n    id: s{step}\n    name: Write the report"
            ),
        };
    }
    let _ = writeln!(yaml, "  - end: The end\n    id: s{size}");
    yaml
}

#[test]
fn many_invented_definitions_are_laid_out_well() {
    let mut laid_out = 0;
    for seed in 0..120 {
        let text = invented(seed, 3 + (seed as usize % 40));
        if let Ok(process) = definitions::read(Format::Yaml, &text, &crate::catalog::catalog()) {
            check(&process, &drawing(&process));
            laid_out += 1;
        }
    }
    assert!(laid_out > 60, "{laid_out} of the definitions can be read");
}

#[test]
fn five_hundred_elements_are_laid_out_at_once() {
    let read = (0..40).find_map(|seed| {
        definitions::read(Format::Yaml, &invented(seed, 450), &crate::catalog::catalog()).ok()
    });
    let process = read.expect("one of them can be read");
    assert!(process.nodes().count() > 500);
    check(&process, &drawing(&process));
}
