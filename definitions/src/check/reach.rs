//! Rules about reach: every node is reached from where its scope begins, and gets to an end.

use super::outline::{
    Holder, Outline, activity, instantiates, is_compensation_boundary, is_event_sub_process, link,
    undoes,
};
use super::scopes;
use crate::draft::{DraftKind, Flaws};
use crate::{EventDefinition, Repeat, SubProcessKind};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::BTreeMap;

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    let edges = edges(outline);
    let mut led_to = vec![false; outline.draft.nodes.len()];
    edges.iter().for_each(|(_, to)| led_to[*to] = true);
    let mut begins_at_all = vec![false; outline.draft.nodes.len() + 1];
    for holder in outline.holders() {
        begins_at_all[slot(holder)] = scopes::begins(outline, holder);
    }
    // A scope in which nothing begins is told as that.
    let begins =
        |at: usize| is_root(outline, at, led_to[at]) || !begins_at_all[slot(outline.parent(at))];
    let reached = closure(outline, edges.iter().copied(), begins);
    // What hangs on a flow to or from nowhere, or to another scope, is not told again.
    let crossing = edges.iter().any(|(from, to)| !outline.beside(*from, *to));
    let broken = outline.dangling_source || outline.dangling_target || crossing;
    for position in heads(edges.iter().copied(), &reached).into_iter().filter(|_| !broken) {
        let node = outline.node(position);
        let message = "nothing leads here from the start; connect it or take it away";
        flaws.add("unreachable", &node.id, node.line, message);
    }
    let back = || edges.iter().map(|(from, to)| (*to, *from));
    let (loose, ends) = exits(outline, &edges);
    for position in loose {
        let node = outline.node(position);
        let message = "no end event can be reached from here; lead it to one";
        flaws.add("no-way-to-end", &node.id, node.line, message);
    }
    let ending = closure(outline, back(), |at| ends[at]);
    for position in heads(back(), &ending) {
        let node = outline.node(position);
        let message = "no end event can be reached from here; lead it to one";
        flaws.add("no-way-to-end", &node.id, node.line, message);
    }
}

/// All ways on from node to node: flows, boundary events and links.
fn edges(outline: &Outline<'_>) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    let mut catching: BTreeMap<(Holder, &str), usize> = BTreeMap::new();
    for (position, node) in outline.nodes() {
        if let (DraftKind::Catch(_), Some(name)) = (&node.kind, link(&node.kind)) {
            let first = *catching.entry((outline.parent(position), name)).or_insert(position);
            // A second one of the name was told already, and is not told to be unreachable too.
            edges.extend((first != position).then_some((first, position)));
        }
    }
    for (position, node) in outline.nodes() {
        edges.extend(outline.targets(position).map(|target| (position, target)));
        edges.extend(outline.boundaries(position).iter().map(|event| (position, *event)));
        if let (DraftKind::Throw(_), Some(name)) = (&node.kind, link(&node.kind)) {
            let target = catching.get(&(outline.parent(position), name));
            edges.extend(target.map(|target| (position, *target)));
        }
    }
    edges
}

/// Whether a path may be at a node without having come over an edge, or that is told elsewhere.
fn is_root(outline: &Outline<'_>, position: usize, led_to: bool) -> bool {
    let node = outline.node(position);
    if is_unclear(outline, position) {
        return true;
    }
    match &node.kind {
        DraftKind::Start(_) | DraftKind::Refused => true,
        DraftKind::End(_) => false,
        DraftKind::Boundary { .. } => !led_to,
        DraftKind::Catch(_) if link(&node.kind).is_some() => !led_to,
        kind if is_event_sub_process(kind) || undoes(kind) || instantiates(kind) => true,
        _ => outline.incoming(position).is_empty() && begins_by_itself(outline, position),
    }
}

/// Whether something is wrong with a node itself, so that its ways cannot be judged.
fn is_unclear(outline: &Outline<'_>, position: usize) -> bool {
    let node = outline.node(position);
    let astray = node.parent.is_some() && outline.parent(position).is_none();
    node.refused || astray || outline.doubled(position)
}

/// Whether what holds a node has no start event, so that it begins where nothing leads to.
fn begins_by_itself(outline: &Outline<'_>, position: usize) -> bool {
    let holder = outline.parent(position);
    let ad_hoc = matches!(outline.behaviour(holder), Some(SubProcessKind::AdHoc(_)));
    ad_hoc || !outline.has_start(holder)
}

/// The nodes at which a path wrongly ends, and for each node whether a path may end there.
fn exits(outline: &Outline<'_>, edges: &[(usize, usize)]) -> (Vec<usize>, Vec<bool>) {
    let mut leads_on = vec![false; outline.draft.nodes.len()];
    edges.iter().for_each(|(from, _)| leads_on[*from] = true);
    let interrupted = interrupted(outline);
    let mut loose = Vec::new();
    let mut ends = vec![false; leads_on.len()];
    for holder in outline.holders() {
        let held = outline.held(holder);
        let closed = held.iter().any(|at| matches!(outline.node(*at).kind, DraftKind::End(_)));
        let interrupted = interrupted[slot(holder)];
        for position in held {
            let node = outline.node(*position);
            let kind = &node.kind;
            let told = is_unclear(outline, *position)
                || outline.dangling_source
                || link(kind).is_some()
                || matches!(kind, DraftKind::Boundary { .. } | DraftKind::EventBased(_));
            let quiet = matches!(kind, DraftKind::End(_) | DraftKind::Refused)
                || is_event_sub_process(kind)
                || is_compensation_boundary(kind)
                || undoes(kind);
            let misses = outline.outgoing(*position).len() != outline.targets(*position).count();
            if closed && !quiet && !told && !misses && !leads_on[*position] {
                loose.push(*position);
            }
            ends[*position] = quiet || misses || interrupted || !leads_on[*position];
        }
    }
    for (position, _) in outline.nodes() {
        ends[position] |= is_unclear(outline, position);
    }
    (loose, ends)
}

/// For the process and each sub-process whether something can end whatever still goes on in it; the
/// process stands first.
fn interrupted(outline: &Outline<'_>) -> Vec<bool> {
    let mut own = vec![false; outline.draft.nodes.len() + 1];
    for holder in outline.holders() {
        own[slot(holder)] = ends_by_itself(outline, holder);
    }
    let mut all = vec![false; own.len()];
    for holder in outline.holders() {
        all[slot(holder)] = outline.around(holder).any(|around| own[slot(around)]);
    }
    all
}

fn slot(holder: Holder) -> usize {
    holder.map_or(0, |position| position + 1)
}

/// Whether something in or on a process or sub-process ends whatever still goes on in it.
fn ends_by_itself(outline: &Outline<'_>, holder: Holder) -> bool {
    let left = holder.is_some_and(|at| {
        let boundaries = outline.boundaries(at).iter().map(|event| &outline.node(*event).kind);
        let mut interrupting = boundaries.filter(|kind| {
            let leaves = matches!(kind, DraftKind::Boundary { interrupting: true, .. });
            leaves && !is_compensation_boundary(kind)
        });
        let repeat = activity(&outline.node(at).kind).and_then(|it| it.repeat.as_ref());
        let enough = matches!(repeat, Some(Repeat::Multiple(it)) if it.completion.is_some());
        interrupting.next().is_some()
            || enough
            || matches!(outline.behaviour(holder), Some(SubProcessKind::AdHoc(_)))
    });
    left || outline.held(holder).iter().any(|at| match &outline.node(*at).kind {
        DraftKind::End(event) => event.definitions.iter().any(|definition| {
            use EventDefinition::{Cancel, Error, Terminate};
            matches!(definition, Terminate | Cancel | Error(_))
        }),
        kind if is_event_sub_process(kind) => {
            let inside = outline.held(Some(*at)).iter().map(|inner| &outline.node(*inner).kind);
            let mut starts =
                inside.filter(|kind| matches!(kind, DraftKind::Start(it) if it.interrupting));
            starts.next().is_some()
        }
        _ => false,
    })
}

/// For each node whether it is among the first or can be reached from them.
fn closure(
    outline: &Outline<'_>,
    edges: impl Iterator<Item = (usize, usize)>,
    first: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut next = vec![Vec::new(); outline.draft.nodes.len()];
    edges.for_each(|(from, to)| next[from].push(to));
    let mut reached: Vec<bool> = (0..next.len()).map(first).collect();
    let mut open: Vec<usize> = (0..next.len()).filter(|at| reached[*at]).collect();
    while let Some(position) = open.pop() {
        for to in &next[position] {
            if !std::mem::replace(&mut reached[*to], true) {
                open.push(*to);
            }
        }
    }
    reached
}

/// The nodes that were not reached and on which the others that were not reached hang: of each
/// ring or lone node that no other leads to, the first in the text.
fn heads(edges: impl Iterator<Item = (usize, usize)>, reached: &[bool]) -> Vec<usize> {
    let missed: Vec<usize> = (0..reached.len()).filter(|at| !reached[*at]).collect();
    if missed.is_empty() {
        return missed;
    }
    let mut graph = DiGraph::<usize, ()>::new();
    let at: BTreeMap<usize, _> =
        missed.into_iter().map(|position| (position, graph.add_node(position))).collect();
    for (from, to) in edges {
        if let (Some(from), Some(to)) = (at.get(&from), at.get(&to)) {
            graph.add_edge(*from, *to, ());
        }
    }
    let rings = kosaraju_scc(&graph);
    let mut ring_of = vec![0; graph.node_count()];
    for (number, ring) in rings.iter().enumerate() {
        ring.iter().for_each(|index| ring_of[index.index()] = number);
    }
    let mut hangs = vec![false; rings.len()];
    for edge in graph.raw_edges() {
        let (from, to) = (ring_of[edge.source().index()], ring_of[edge.target().index()]);
        hangs[to] |= from != to;
    }
    let heads = rings.iter().zip(hangs).filter(|(_, hangs)| !hangs);
    let firsts = heads.filter_map(|(ring, _)| ring.iter().map(|index| graph[*index]).min());
    let mut firsts: Vec<usize> = firsts.collect();
    firsts.sort_unstable();
    firsts
}
