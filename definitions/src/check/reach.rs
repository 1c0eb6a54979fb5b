//! Rules about reach: every node is reached from the start, and from every node an end is.

use crate::draft::{Draft, DraftKind, Flaws};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(draft: &Draft, flaws: &mut Flaws) {
    let ids: BTreeSet<&str> = draft.nodes.iter().map(|node| node.id.as_str()).collect();
    let mut edges: Vec<(&str, &str)> =
        draft.flows.iter().map(|flow| (flow.source.as_str(), flow.target.as_str())).collect();
    for node in &draft.nodes {
        if let DraftKind::Boundary { host, .. } = &node.kind {
            edges.push((host, &node.id));
        }
    }
    let of_kind = |wanted: fn(&DraftKind) -> bool| {
        draft.nodes.iter().filter(move |node| wanted(&node.kind)).map(|node| node.id.as_str())
    };
    let starts: Vec<&str> = of_kind(|kind| matches!(kind, DraftKind::Start(_))).collect();
    // An edge to or from nowhere was reported already; what hangs on it is not reported again.
    let broken = edges.iter().any(|(from, to)| !ids.contains(from) || !ids.contains(to));
    if starts.len() == 1 && !broken {
        let reached = closure(starts.into_iter(), edges.iter().copied());
        for node in draft.nodes.iter().filter(|node| !reached.contains(node.id.as_str())) {
            if matches!(node.kind, DraftKind::Refused) {
                continue;
            }
            let message = "nothing leads here from the start; connect it or take it away";
            flaws.add("unreachable", &node.id, node.line, message);
        }
    }
    let ends = of_kind(|kind| matches!(kind, DraftKind::End(_) | DraftKind::Refused));
    let nowhere = edges.iter().map(|(_, to)| *to).filter(|to| !ids.contains(to));
    let ending = closure(ends.chain(nowhere), edges.iter().map(|(from, to)| (*to, *from)));
    for node in draft.nodes.iter().filter(|node| !ending.contains(node.id.as_str())) {
        let message = "no end event can be reached from here; lead it to one";
        flaws.add("no-way-to-end", &node.id, node.line, message);
    }
}

/// Everything that can be reached over the edges.
fn closure<'a>(
    from: impl Iterator<Item = &'a str>,
    edges: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeSet<&'a str> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let mut reached: BTreeSet<&str> = from.collect();
    let mut open: Vec<&str> = reached.iter().copied().collect();
    while let Some(id) = open.pop() {
        for to in next.get(id).into_iter().flatten() {
            if reached.insert(to) {
                open.push(to);
            }
        }
    }
    reached
}
