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

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outline {
    Rectangle,
    Diamond,
    Circle,
}

fn outline(process: &Process, place: Place) -> Outline {
    match process.node(place).kind {
        Kind::Activity(_) => Outline::Rectangle,
        Kind::StartEvent(_)
        | Kind::CatchEvent(_)
        | Kind::ThrowEvent(_)
        | Kind::EndEvent(_)
        | Kind::Boundary(_) => Outline::Circle,
        _ => Outline::Diamond,
    }
}

/// Whether a point is on the border of a node, give or take a pixel.
fn on_border(outline: Outline, bounds: &Bounds, point: Point) -> bool {
    let center = bounds.center();
    let (x, y) = ((point.x - center.x).abs(), (point.y - center.y).abs());
    let (wide, high) = (bounds.width / 2.0, bounds.height / 2.0);
    match outline {
        Outline::Rectangle => {
            ((x - wide).abs() <= 1.0 && y <= high + 1.0)
                || ((y - high).abs() <= 1.0 && x <= wide + 1.0)
        }
        Outline::Diamond => (x + y - wide).abs() <= 1.0,
        Outline::Circle => (x.hypot(y) - wide).abs() <= 1.0,
    }
}

/// Whether a part of a line runs through the inside of a shape.
pub(crate) fn runs_through(bounds: &Bounds, one: Point, two: Point) -> bool {
    let (left, right) = (one.x.min(two.x), one.x.max(two.x));
    let (top, bottom) = (one.y.min(two.y), one.y.max(two.y));
    left < bounds.right() - 1.0
        && right > bounds.x + 1.0
        && top < bounds.bottom() - 1.0
        && bottom > bounds.y + 1.0
}

/// Where two parts of lines lie on each other: how long.
fn shared(one: (Point, Point), other: (Point, Point)) -> f64 {
    let along = |part: (Point, Point), by: fn(Point) -> f64| {
        (by(part.0).min(by(part.1)), by(part.0).max(by(part.1)))
    };
    let common = |by: fn(Point) -> f64| {
        let (one, other) = (along(one, by), along(other, by));
        one.1.min(other.1) - one.0.max(other.0)
    };
    let (x, y) = (common(|point| point.x), common(|point| point.y));
    match (one.0.x == one.1.x, other.0.x == other.1.x) {
        (true, true) if one.0.x == other.0.x => y,
        (false, false) if one.0.y == other.0.y => x,
        _ => 0.0,
    }
}

/// A flow as it is drawn, with its ends.
struct Drawn<'a> {
    id: &'a str,
    from: Place,
    to: Place,
    parts: Vec<(Point, Point)>,
    label: Option<Bounds>,
}

/// What is wrong with a layout: nothing may lie on anything else, and lines begin and end where
/// they should.
pub(crate) fn flaws(process: &Process, drawing: &Drawing) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut flaw = |holds: bool, text: String| {
        if !holds {
            flaws.push(text);
        }
    };
    let id = |place: Place| process.node(place).id.as_str();
    let shape = |place: Place| drawing.shapes[id(place)].bounds;
    let inside = |part: &Bounds, whole: &Bounds| {
        part.x > whole.x
            && part.y > whole.y
            && part.right() < whole.right()
            && part.bottom() < whole.bottom()
    };
    let mut scopes: BTreeMap<Option<Place>, Vec<Place>> = BTreeMap::new();
    for (place, node) in process.nodes() {
        scopes.entry(node.parent).or_default().push(place);
        if let Kind::Boundary(boundary) = &node.kind {
            let sits = on_border(Outline::Rectangle, &shape(boundary.host), shape(place).center());
            flaw(sits, format!("{} does not sit on its host", node.id));
            let (event, host) = (shape(place), shape(boundary.host));
            let apart = event.x >= host.x + 10.0 && event.right() <= host.right() - 10.0;
            flaw(apart, format!("{} sits on a corner", node.id));
        }
        let label = drawing.shapes[node.id.as_str()].label;
        let outside = !matches!(node.kind, Kind::Activity(_));
        flaw(label.is_some() == (outside && !node.name.is_empty()), format!("{}: name", node.id));
    }
    for (scope, places) in &scopes {
        let flows: Vec<Drawn<'_>> = places
            .iter()
            .flat_map(|from| process.outgoing(*from).map(|(flow, to)| (*from, flow, to)))
            .map(|(from, flow, to)| {
                let edge = &drawing.edges[&*flow.id];
                let parts = edge.points.windows(2).map(|pair| (pair[0], pair[1])).collect();
                flaw(edge.label.is_some() != flow.name.is_empty(), format!("{}: name", flow.id));
                Drawn { id: &flow.id, from, to, parts, label: edge.label }
            })
            .collect();
        let labels = places
            .iter()
            .filter_map(|place| drawing.shapes[id(*place)].label.map(|label| (id(*place), label)));
        let labels: Vec<(&str, Bounds)> = labels
            .chain(flows.iter().filter_map(|flow| flow.label.map(|label| (flow.id, label))))
            .collect();
        for (index, (one, here)) in labels.iter().enumerate() {
            for (other, there) in &labels[index + 1..] {
                flaw(!overlap(here, there), format!("names of {one} and {other} overlap"));
            }
            for place in places {
                let lies = overlap(here, &shape(*place));
                flaw(!lies, format!("the name of {one} lies on {}", id(*place)));
            }
        }
        for (index, &one) in places.iter().enumerate() {
            for &other in &places[index + 1..] {
                let sits = |place: Place, on: Place| match &process.node(place).kind {
                    Kind::Boundary(boundary) => boundary.host == on,
                    _ => false,
                };
                let apart = !overlap(&shape(one), &shape(other));
                let sits = sits(one, other) || sits(other, one);
                flaw(apart || sits, format!("{} and {} overlap", id(one), id(other)));
            }
        }
        if let Some(whole) = scope.map(shape) {
            let shapes = places.iter().map(|place| shape(*place));
            let parts = shapes.chain(labels.iter().map(|(_, label)| *label));
            let point = |point: Point| Bounds { x: point.x, y: point.y, width: 0.0, height: 0.0 };
            let ends = flows.iter().flat_map(|flow| &flow.parts).map(|(_, end)| point(*end));
            for part in parts.chain(ends) {
                flaw(inside(&part, &whole), format!("{part:?} is outside of {whole:?}"));
            }
        }
        for (index, flow) in flows.iter().enumerate() {
            let name = flow.id;
            let (first, last) = (flow.parts[0].0, flow.parts[flow.parts.len() - 1].1);
            let begins = on_border(outline(process, flow.from), &shape(flow.from), first);
            flaw(begins, format!("{name} does not begin at its source: {first:?}"));
            let ends = on_border(outline(process, flow.to), &shape(flow.to), last);
            flaw(ends, format!("{name} does not end at its target"));
            for (one, two) in &flow.parts {
                flaw(one.x == two.x || one.y == two.y, format!("{name} has right angles"));
                for place in places {
                    let free = !runs_through(&shape(*place), *one, *two);
                    let ends = [flow.from, flow.to].contains(place);
                    flaw(free || ends, format!("{name} runs through {}", id(*place)));
                }
            }
            for other in flows[index + 1..].iter().filter(|other| other.to != flow.to) {
                let pairs =
                    flow.parts.iter().flat_map(|one| other.parts.iter().map(|o| (*one, *o)));
                let longest = pairs.map(|(one, other)| shared(one, other)).fold(0.0, f64::max);
                flaw(longest < 1.0, format!("{name} and {} share {longest}", other.id));
            }
        }
    }
    flaws
}

/// How many parts of lines run through names.
pub(crate) fn crossed_names(drawing: &Drawing) -> Vec<String> {
    let shapes = drawing.shapes.iter().map(|(id, shape)| (id, shape.label));
    let labels = shapes.chain(drawing.edges.iter().map(|(id, edge)| (id, edge.label)));
    let mut crossed = Vec::new();
    for (id, label) in labels {
        let Some(label) = label else { continue };
        for (line, edge) in &drawing.edges {
            let mut parts = edge.points.windows(2);
            if parts.any(|pair| runs_through(&label, pair[0], pair[1])) {
                crossed.push(format!("{line} runs through the name of {id}"));
            }
        }
    }
    crossed
}

fn check(process: &Process, drawing: &Drawing) {
    assert_eq!(flaws(process, drawing), [""; 0], "{}", process.id());
}

#[test]
fn the_library_is_laid_out_well() {
    for journey in library::ALL {
        let process = process(Format::Yaml, journey.yaml);
        let drawing = drawing(&process);
        check(&process, &drawing);
        assert_eq!(crossed_names(&drawing), [""; 0], "{}", journey.name);
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
    assert!(on_border(Outline::Circle, &bounds("undo"), association[0]));
    assert!(on_border(Outline::Rectangle, &bounds("release"), association[association.len() - 1]));
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

#[test]
fn a_name_of_many_long_words_has_a_line_for_each() {
    let words = ["Thoroughness", "Identification", "Requirements"].repeat(3);
    let yaml = format!("name: n\nsteps:\n  - {{ end: {}, id: over }}\n", words.join(" "));
    let drawing = drawing(&process(Format::Yaml, &yaml));
    let label = drawing.shapes["over"].label.expect("it is named");
    assert!(label.height >= 9.0 * 12.0, "{label:?}");
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
    // In the last one a line that leads back comes to a column in which another goes up.
    let sizes = (0..120).map(|seed| (seed, 3 + seed as usize % 40)).chain([(520, 78)]);
    for (seed, size) in sizes {
        let text = invented(seed, size);
        if let Ok(process) = definitions::read(Format::Yaml, &text, &crate::catalog::catalog()) {
            let drawing = drawing(&process);
            assert_eq!(flaws(&process, &drawing), [""; 0], "seed {seed}");
            assert_eq!(crossed_names(&drawing), [""; 0], "seed {seed}");
            laid_out += 1;
        }
    }
    assert!(laid_out > 60, "{laid_out} of the definitions can be read");
}

/// A BPMN process of any nodes and any flows between them: tasks with several ways out, two flows
/// to one target, gateways with many ways, events on borders with named flows, sub-processes.
fn tangled(seed: u64) -> String {
    let mut dice = Dice(seed);
    let size = 3 + dice.roll(18);
    let mut text = String::from("<startEvent id=\"n0\" name=\"Beginning\" />");
    let mut sources = vec![(0, false)];
    for node in 1..size {
        let name =
            ["", "Late", "Ask for better details", "Weiterverarbeitungsergebnis"][dice.roll(4)];
        let inner = "<startEvent id=\"ID.a\" /><exclusiveGateway id=\"ID.b\" default=\"ID.f\" />\
                     <endEvent id=\"ID.c\" name=\"Done\" /><endEvent id=\"ID.d\" name=\"Not done\" />\
                     <sequenceFlow id=\"ID.e\" sourceRef=\"ID.a\" targetRef=\"ID.b\" />\
                     <sequenceFlow id=\"ID.f\" name=\"Yes, of course\" sourceRef=\"ID.b\" targetRef=\"ID.c\" />\
                     <sequenceFlow id=\"ID.g\" name=\"No\" sourceRef=\"ID.b\" targetRef=\"ID.d\">CONDITION</sequenceFlow>";
        let timer =
            "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
        let kind = dice.roll(8);
        let _ = match kind {
            0 => write!(text, "<exclusiveGateway id=\"n{node}\" name=\"{name}\" />"),
            1 => write!(text, "<inclusiveGateway id=\"n{node}\" name=\"{name}\" />"),
            2 => write!(text, "<parallelGateway id=\"n{node}\" name=\"{name}\" />"),
            3 => write!(
                text,
                "<intermediateCatchEvent id=\"n{node}\" name=\"{name}\">{timer}</intermediateCatchEvent>"
            ),
            4 => write!(
                text,
                "<subProcess id=\"n{node}\" name=\"{name}\">{}</subProcess>",
                inner.replace("ID", &format!("n{node}"))
            ),
            _ => write!(text, "<task id=\"n{node}\" name=\"{name}\" />"),
        };
        sources.push((node, !matches!(kind, 2 | 3)));
        let events = if kind > 3 { dice.roll(4) } else { 0 };
        for event in 0..events {
            let id = node * 10 + event + 1000;
            let _ = write!(
                text,
                "<boundaryEvent id=\"n{id}\" name=\"{name}\" attachedToRef=\"n{node}\">{timer}</boundaryEvent>"
            );
            sources.push((id, false));
        }
    }
    let _ = write!(text, "<endEvent id=\"n{size}\" name=\"The end\" />");
    for (index, (source, chooses)) in sources.into_iter().enumerate() {
        let ways = if source == 0 { 1 } else { 1 + dice.roll(5).saturating_sub(dice.roll(4)) };
        for way in 0..ways {
            let next = if source < 1000 { source + 1 } else { 1 + dice.roll(size) };
            let to = if way == 0 { next } else { 1 + dice.roll(size) };
            let name = ["", "Yes", "No", "Ask again and tell the owner", "Otherwise"][dice.roll(5)];
            let condition = if chooses && ways > 1 { "CONDITION" } else { "" };
            let _ = write!(
                text,
                "<sequenceFlow id=\"f{index}.{way}\" name=\"{name}\" sourceRef=\"n{source}\" targetRef=\"n{to}\">{condition}</sequenceFlow>"
            );
        }
    }
    text.replace("CONDITION", "<conditionExpression>${a}</conditionExpression>")
}

#[test]
fn any_tangle_of_nodes_and_flows_is_laid_out_well() {
    let (mut laid_out, mut all) = (0, Vec::new());
    for seed in 0..120 {
        let text = crate::written::around(&tangled(seed));
        if let Ok(process) = definitions::read(Format::Bpmn, &text, &crate::catalog::catalog()) {
            let drawing = drawing(&process);
            all.extend(flaws(&process, &drawing).into_iter().map(|f| format!("{seed}: {f}")));
            laid_out += 1;
        }
    }
    assert_eq!(all, [""; 0]);
    assert!(laid_out > 90, "{laid_out} of the definitions can be read");
}

/// How often lines cross that leave the border of one host.
fn crossings(process: &Process, drawing: &Drawing) -> usize {
    let parts = |place: Place| {
        let edges = process.outgoing(place).map(|(flow, _)| &drawing.edges[&*flow.id].points);
        edges.flat_map(|points| points.windows(2).map(|p| (p[0], p[1]))).collect::<Vec<_>>()
    };
    let within = |x: f64, one: f64, two: f64| one.min(two) < x && x < one.max(two);
    let cross = |(one, two): (Point, Point), (three, four): (Point, Point)| {
        one.x == two.x && within(one.x, three.x, four.x) && within(three.y, one.y, two.y)
    };
    let mut count = 0;
    for (_, node) in process.nodes() {
        let Some(activity) = node.kind.activity() else { continue };
        for &one in &activity.boundaries {
            for &other in activity.boundaries.iter().filter(|other| **other != one) {
                let others = parts(other);
                count += parts(one)
                    .into_iter()
                    .map(|part| others.iter().filter(|other| cross(part, **other)).count())
                    .sum::<usize>();
            }
        }
    }
    count
}

#[test]
fn lines_of_events_on_one_border_do_not_cross() {
    let form = |id: &str, on: &str| {
        format!(
            "  - {{ activity: customDataForm, id: {id}, with: {{ dataFormName: x, dataFormVersion: 1 }}, on: [{on}] }}\n"
        )
    };
    let late = |to: &str| format!("{{ timer: PT1H, then: {to} }}");
    let often = |to: &str| format!("{{ error: ExceededCustomDataFormRetake, then: {to} }}");
    for on in [
        [late("over"), often("first")],
        [often("first"), late("over")],
        [late("third"), often("over")],
        [often("over"), late("third")],
    ] {
        let steps = form("first", "") + &form("second", &on.join(", ")) + &form("third", "");
        let text =
            format!("name: n\nsteps:\n{steps}  - end: Done\n  - {{ end: Over, id: over }}\n");
        let process = process(Format::Yaml, &text);
        let drawing = drawing(&process);
        check(&process, &drawing);
        assert_eq!(crossings(&process, &drawing), 0, "{text}");
    }
}

#[test]
fn no_line_runs_through_the_name_of_a_gateway_with_many_ways() {
    let ways = ["inside", "outside", "ask", "read", "forged"];
    let ways =
        ways.map(|to| format!("      - {{ when: kind == \"{to}\", then: {to}, name: Go {to} }}\n"));
    let steps = [("inside", "over"), ("outside", "over"), ("read", "ask"), ("forged", "over")];
    let steps = steps
        .map(|(id, then)| format!("  - {{ do: nothing, id: {id}, name: {id}, then: {then} }}\n"));
    let text = format!(
        "name: n\nsteps:\n  - {{ do: nothing, id: ask, on: [{{ timer: PT1H, then: none }}] }}\n  - id: which\n    name: What kind of document has been shown to us?\n    choose:\n{}      - {{ otherwise: none }}\n{}  - {{ end: Over, id: over }}\n  - {{ end: None, id: none }}\n",
        ways.concat(),
        steps.concat()
    );
    let process = process(Format::Yaml, &text);
    let drawing = drawing(&process);
    check(&process, &drawing);
    assert_eq!(crossed_names(&drawing), [""; 0]);
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

/// Hostile definitions: each far larger than anybody draws, and each of the sort that costs most.
#[test]
fn the_layout_of_a_hostile_definition_costs_no_more_than_its_size_allows() {
    let hub = |many: usize| {
        let ways: Vec<String> = (0..many).map(|n| format!("w{n}")).collect();
        let steps: String =
            (0..many).map(|n| format!("  - {{ id: w{n}, do: nothing, then: join }}\n")).collect();
        format!(
            "name: hub\nsteps:\n  - {{ id: fork, parallel: [{}] }}\n{steps}  - {{ id: join, parallel: [over] }}\n  - {{ id: over, end: Over }}\n",
            ways.join(", ")
        )
    };
    let backwards = |many: usize| {
        let steps: String = (0..many)
            .map(|n| {
                let back = n / 2;
                format!("  - id: c{n}\n    choose:\n      - {{ when: a == {n}, then: c{back} }}\n      - {{ otherwise: c{} }}\n", n + 1)
            })
            .collect();
        format!(
            "name: back\nsteps:\n  - {{ id: one, do: nothing }}\n{steps}  - {{ id: c{many}, end: Over }}\n"
        )
    };
    let parts = |many: usize| {
        let steps: String = (0..many)
            .map(|n| format!("  - {{ id: p{n}, steps: [{{ id: d{n}, do: nothing }}] }}\n"))
            .collect();
        format!("name: parts\nsteps:\n{steps}")
    };
    let crowded = |many: usize| {
        let events: String = (0..many)
            .map(|n| format!("      - {{ timer: PT{}S, id: t{n}, then: over }}\n", n + 1))
            .collect();
        format!(
            "name: crowded\nsteps:\n  - id: ask\n    activity: addUser\n    with: {{ storeName: s }}\n    on:\n{events}  - {{ id: over, end: Over }}\n"
        )
    };
    let small = [hub(400), backwards(400), parts(300), crowded(400)];
    let large = [hub(1_500), backwards(1_500), parts(1_500), crowded(2_500)];
    for (text, is_small) in
        small.iter().map(|text| (text, true)).chain(large.iter().map(|text| (text, false)))
    {
        let name = text.lines().next().unwrap();
        let read = definitions::read(Format::Yaml, text, &crate::catalog::catalog());
        let process = read.unwrap_or_else(|flaws| panic!("{name}: {:?}", flaws.first()));
        let before = std::time::Instant::now();
        let written = write_bpmn(&process, None);
        let took = before.elapsed();
        let drawn = read_drawing(&written);
        let drawn = drawn.unwrap_or_else(|| panic!("{name}: {} bytes", written.len()));
        assert!(took.as_secs() < 20, "{name} {} took {took:?}", process.nodes().count());
        assert_eq!(drawn.shapes.len(), process.nodes().count(), "{name}");
        let flows: usize = process.nodes().map(|(place, _)| process.outgoing(place).count()).sum();
        assert_eq!(drawn.edges.len(), flows, "{name}");
        let straight = drawn.edges.values().all(|edge| edge.points.len() == 2);
        assert!(is_small || straight, "{name}: no ways are sought for so many");
    }
}
