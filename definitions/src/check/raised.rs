//! Rules about errors and escalations: an event catches only what can come to it (§10.5.1).

use super::nodes::shape_of;
use super::outline::{Outline, activity, is_event_sub_process, sub_process};
use crate::catalog::Catalog;
use crate::draft::{DraftKind, DraftNode, DraftWork, Flaws};
use crate::{Event, EventDefinition, Work};
use std::collections::BTreeSet;

/// What may come out of an activity or a scope.
#[derive(Clone, Default)]
struct Raised<'d> {
    codes: BTreeSet<&'d str>,
    /// Whether nobody can tell what else may come.
    any: bool,
}

/// Errors or escalations, which go the same ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Errors,
    Escalations,
}

pub(super) fn check(outline: &Outline<'_>, catalog: &Catalog, flaws: &mut Flaws) {
    for sort in [Sort::Errors, Sort::Escalations] {
        let mut scopes: Vec<(usize, Option<usize>)> =
            outline.holders().map(|holder| (outline.around(holder).count(), holder)).collect();
        // The innermost first; the sort keeps the order of the text.
        scopes.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
        let mut raised: Vec<Raised<'_>> = vec![Raised::default(); outline.draft.nodes.len()];
        for (_, holder) in scopes {
            let out = scope(outline, catalog, holder, sort, &raised, flaws);
            if let Some(at) = holder {
                raised[at] = out;
            }
        }
    }
}

/// What comes out of a scope, after what its event sub-processes and boundary events catch.
fn scope<'d>(
    outline: &Outline<'d>,
    catalog: &'d Catalog,
    holder: Option<usize>,
    sort: Sort,
    raised: &[Raised<'d>],
    flaws: &mut Flaws,
) -> Raised<'d> {
    let mut inside = Raised::default();
    let mut while_caught = Raised::default();
    let mut starts: Vec<&DraftNode> = Vec::new();
    for at in outline.held(holder) {
        let node = outline.node(*at);
        match &node.kind {
            DraftKind::Refused => inside.any = true,
            DraftKind::Throw(event) | DraftKind::End(event) => {
                inside.any |= node.refused;
                codes(event, sort).for_each(|code| inside.put(code));
            }
            kind if is_event_sub_process(kind) => {
                while_caught.join(&raised[*at]);
                while_caught.any |= node.refused;
                let held = outline.held(Some(*at)).iter().map(|at| outline.node(*at));
                starts.extend(held.filter(|node| matches!(node.kind, DraftKind::Start(_))));
            }
            DraftKind::Activity(_) => {
                let mut own = of_activity(node, catalog, sort, &raised[*at]);
                let boundaries: Vec<&DraftNode> =
                    outline.boundaries(*at).iter().map(|at| outline.node(*at)).collect();
                for event in &boundaries {
                    known(event, node, catalog, sort, &own, flaws);
                }
                own.caught(&boundaries, sort);
                inside.join(&own);
            }
            _ => {}
        }
    }
    let mut all = inside.clone();
    all.join(&while_caught);
    for start in &starts {
        if let DraftKind::Start(inner) = &start.kind
            && !start.refused
        {
            for code in codes(&inner.event, sort).flatten() {
                if let Some(reason) = all.misses(code, "the scope around", sort, flaws) {
                    flaws.add(sort.rule(), &start.id, start.line, reason);
                }
            }
        }
    }
    inside.caught(&starts, sort);
    inside.join(&while_caught);
    inside
}

/// What an activity raises; `inside` is what comes out of it when it is a sub-process.
fn of_activity<'d>(
    node: &'d DraftNode,
    catalog: &'d Catalog,
    sort: Sort,
    inside: &Raised<'d>,
) -> Raised<'d> {
    let mut own = Raised { any: node.refused, ..Raised::default() };
    match activity(&node.kind).map(|it| &it.work) {
        Some(DraftWork::Task(task)) if sort == Sort::Errors => match shape_of(task, catalog) {
            Some(shape) => {
                own.codes.extend(shape.errors.iter().map(String::as_str));
                task.raises.iter().for_each(|raise| own.put(raise.error.code.as_deref()));
            }
            None => own.any = true,
        },
        Some(DraftWork::Other(Work::Call(_))) => own.any = true,
        Some(DraftWork::Other(Work::SubProcess(_))) => own.join(inside),
        _ => {}
    }
    own
}

/// What a boundary event catches can come out of its host.
fn known(
    event: &DraftNode,
    host: &DraftNode,
    catalog: &Catalog,
    sort: Sort,
    raised: &Raised<'_>,
    flaws: &mut Flaws,
) {
    let DraftKind::Boundary { event: inner, .. } = &event.kind else { return };
    if event.refused {
        return;
    }
    let task = activity(&host.kind).map(|activity| &activity.work);
    let name = match task {
        Some(DraftWork::Task(task)) => shape_of(task, catalog).map(|shape| shape.name.as_str()),
        _ => None,
    };
    let mut name = crate::excerpt(name.unwrap_or(&host.id));
    if sub_process(&host.kind).is_some() {
        name = format!("what is in {name}");
    }
    for code in codes(inner, sort).flatten() {
        if let Some(reason) = raised.misses(code, &name, sort, flaws) {
            flaws.add(sort.rule(), &event.id, event.line, reason);
        }
    }
}

/// The codes of an event; `None` for one that catches all.
fn codes(event: &Event, sort: Sort) -> impl Iterator<Item = Option<&str>> {
    event.definitions.iter().filter_map(move |definition| match definition {
        EventDefinition::Error(error) if sort == Sort::Errors => Some(error.code.as_deref()),
        EventDefinition::Escalation(escalation) if sort == Sort::Escalations => {
            Some(escalation.code.as_deref())
        }
        _ => None,
    })
}

impl Sort {
    fn rule(self) -> &'static str {
        match self {
            Sort::Errors => "unknown-error",
            Sort::Escalations => "unknown-escalation",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Sort::Errors => "errors",
            Sort::Escalations => "escalations",
        }
    }
}

impl<'d> Raised<'d> {
    /// Adds what is thrown; a throw without a code is told elsewhere, and nobody knows its code.
    fn put(&mut self, code: Option<&'d str>) {
        match code {
            Some(code) => {
                self.codes.insert(code);
            }
            None => self.any = true,
        }
    }

    fn join(&mut self, other: &Raised<'d>) {
        self.any |= other.any;
        self.codes.extend(&other.codes);
    }

    /// Takes away what events catch.
    fn caught(&mut self, events: &[&DraftNode], sort: Sort) {
        for event in events.iter().filter_map(|node| super::outline::event(&node.kind)) {
            for code in codes(event, sort) {
                match code {
                    Some(code) => {
                        self.codes.remove(code);
                    }
                    None => *self = Raised::default(),
                }
            }
        }
    }

    /// Why a code cannot come from what has a name, if it cannot.
    fn misses(&self, code: &str, name: &str, sort: Sort, flaws: &Flaws) -> Option<String> {
        if self.any || self.codes.contains(code) {
            return None;
        }
        let word = sort.word();
        if self.codes.is_empty() {
            return Some(format!("{name} raises no {word}; take the event away"));
        }
        const MOST: usize = 12;
        let hint = flaws.hint(code, self.codes.iter().copied());
        let known: Vec<&str> = self.codes.iter().copied().take(MOST).collect();
        let more = if self.codes.len() > MOST { " and others" } else { "" };
        let (known, code) = (known.join(", "), crate::excerpt(code));
        Some(format!("{name} raises {known}{more}, but never {code}{hint}"))
    }
}
