//! What the engine walks: who undoes what, where a scope begins, and how many flows meet.

use crate::process;
use definitions::{Format, NodeId, Place, Process};

fn place(process: &Process, id: &str) -> Place {
    process.place(&NodeId::from(id)).unwrap_or_else(|| panic!("there is no {id}"))
}

#[test]
fn an_activity_knows_what_undoes_it() {
    let process = process(
        Format::Yaml,
        "{name: P, steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u}]}",
    );
    let undone_by = |id| process.node(place(&process, id)).kind.activity().unwrap().undone_by;
    assert_eq!(undone_by("a"), Some(place(&process, "u")));
    assert_eq!(undone_by("u"), None);
}

#[test]
fn a_process_without_a_start_begins_where_nothing_leads_to() {
    let text =
        "{name: P, startless: true, steps: [{do: nothing, id: a}, {do: nothing, id: b, then: []},
        {receive: m, id: r, starts: true, on: [], then: b}, {throw: T, id: t, then: a},
        {catch: C, id: c, link: x, then: a}, {throw: L, id: l, link: x}]}";
    let process = process(Format::Yaml, text);
    let entries: Vec<&str> =
        process.contents(None).entries.iter().map(|at| process.node(*at).id.as_str()).collect();
    assert_eq!(entries, ["t", "l"]);
    assert_eq!(process.contents(None).start, None);
}

#[test]
fn flows_are_counted_and_walked_in_the_order_of_the_text_from_both_ends() {
    let text = "{name: P, steps: [{parallel: [c, a, b], id: g}, {do: nothing, id: a, then: j},
        {do: nothing, id: b, then: j}, {do: nothing, id: c, then: j}, {parallel: , id: j}]}";
    let process = process(Format::Yaml, text);
    let ids = |ends: Vec<Place>| -> Vec<String> {
        ends.into_iter().map(|at| process.node(at).id.to_string()).collect()
    };
    let (split, join) = (place(&process, "g"), place(&process, "j"));
    assert_eq!((process.outgoing_count(split), process.incoming_count(split)), (3, 1));
    assert_eq!((process.outgoing_count(join), process.incoming_count(join)), (1, 3));
    assert_eq!(ids(process.outgoing(split).map(|(_, to)| to).collect()), ["c", "a", "b"]);
    assert_eq!(ids(process.incoming(join).map(|(_, from)| from).collect()), ["a", "b", "c"]);
    let (flow, from) = process.incoming(join).next().unwrap();
    assert_eq!((&*flow.id, from), ("a.flow1", place(&process, "a")));
}
