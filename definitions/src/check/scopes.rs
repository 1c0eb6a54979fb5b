//! Rules about scopes: what holds what, where a scope begins, and which links it pairs.

use super::outline::{
    DEEPEST, Holder, Outline, instantiates, is_event_sub_process, link, sub_process, undoes,
};
use crate::draft::{DraftKind, DraftNode, Flaws};
use crate::{SubProcessKind, Template};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    parents(outline, flaws);
    for holder in outline.holders() {
        if is_told(outline, holder) {
            continue;
        }
        match outline.behaviour(holder) {
            Some(SubProcessKind::AdHoc(ad_hoc)) => {
                contents_of_ad_hoc(outline, holder, flaws);
                active(outline, holder, ad_hoc.active.as_ref(), flaws);
            }
            Some(SubProcessKind::Event) => event_sub_process(outline, holder, flaws),
            Some(SubProcessKind::Embedded | SubProcessKind::Transaction) => {
                for at in outline.held(holder) {
                    let node = outline.node(*at);
                    if !node.refused && triggered(node) {
                        let message = "a sub-process begins when a path comes to it; take the \
                                       trigger away, or make it an event sub-process";
                        flaws.add("start-trigger", &node.id, node.line, message);
                    }
                }
                start(outline, holder, flaws);
            }
            None => {
                start(outline, holder, flaws);
            }
        }
        links(outline, holder, flaws);
    }
    inner_instantiation(outline, flaws);
}

/// Whether something in a sub-process was refused, so that what it misses may be that.
fn is_told(outline: &Outline<'_>, holder: Holder) -> bool {
    holder.is_some_and(|at| outline.node(at).refused || outline.doubled(at))
}

/// What holds a node is a sub-process, and not too deep.
fn parents(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes() {
        let Some(parent) = &node.parent else { continue };
        let found = outline.find(parent).map(|at| &outline.node(at).kind);
        let astray = match found {
            Some(DraftKind::Refused) => false,
            Some(kind) => sub_process(kind).is_none(),
            None => true,
        };
        if astray {
            let message =
                format!("{} is no sub-process; put the node into one", crate::excerpt(parent));
            flaws.add("parent", &node.id, node.line, message);
        }
        let holder = outline.parent(position);
        let deep = sub_process(&node.kind).is_some()
            && outline.around(holder).take(DEEPEST + 1).count() > DEEPEST;
        if deep {
            let message = format!(
                "sub-processes are nested more than {DEEPEST} deep; call another process instead"
            );
            flaws.add("too-deep", &node.id, node.line, message);
        }
    }
}

fn triggered(node: &DraftNode) -> bool {
    matches!(&node.kind, DraftKind::Start(start) if !start.event.is_none())
}

fn starts<'o>(outline: &'o Outline<'_>, holder: Holder) -> impl Iterator<Item = &'o DraftNode> {
    let held = outline.held(holder).iter().map(|at| outline.node(*at));
    held.filter(|node| matches!(node.kind, DraftKind::Start(_)))
}

/// Whether a path can begin at a node that no flow leads to.
pub(super) fn is_entry(outline: &Outline<'_>, position: usize) -> bool {
    let kind = &outline.node(position).kind;
    match kind {
        DraftKind::Start(_) | DraftKind::End(_) | DraftKind::Boundary { .. } => false,
        DraftKind::Catch(_) if link(kind).is_some() => false,
        kind if is_event_sub_process(kind) || undoes(kind) => false,
        _ => outline.incoming(position).is_empty(),
    }
}

/// Whether a path can begin in a process or sub-process, or nobody can tell.
pub(super) fn begins(outline: &Outline<'_>, holder: Holder) -> bool {
    let begins = |at: &usize| {
        let node = outline.node(*at);
        is_entry(outline, *at) || node.refused || matches!(node.kind, DraftKind::Refused)
    };
    let mut held = outline.held(holder).iter();
    outline.has_start(holder) || outline.dangling_target || held.any(begins)
}

/// A process or an embedded sub-process has one plain start at most, and something to begin with.
fn start(outline: &Outline<'_>, holder: Holder, flaws: &mut Flaws) {
    let what = if holder.is_some() { "sub-process" } else { "process" };
    for further in starts(outline, holder).filter(|n| !n.refused && !triggered(n)).skip(1) {
        let message = format!("a {what} has one plain start event; take this one away");
        flaws.add("one-start", &further.id, further.line, message);
    }
    if !begins(outline, holder) {
        let (id, line) = outline.told(holder);
        let message = match outline.held(holder) {
            [] => format!("the {what} is empty; put something into it"),
            _ => format!("the {what} has no start event; add one"),
        };
        flaws.add("one-start", id, line, message);
    }
}

/// An event sub-process has one start event, and a trigger for it.
fn event_sub_process(outline: &Outline<'_>, holder: Holder, flaws: &mut Flaws) {
    let mut all = starts(outline, holder);
    let Some(first) = all.next() else {
        let (id, line) = outline.told(holder);
        let message = "an event sub-process begins with a start event that has a trigger; add one";
        return flaws.add("event-sub-process-start", id, line, message);
    };
    if !first.refused && !triggered(first) {
        let message = "the start event of an event sub-process has a trigger; give it one";
        flaws.add("event-sub-process-start", &first.id, first.line, message);
    }
    for further in all {
        let message = "an event sub-process has one start event; take this one away, or give it \
                       an event sub-process of its own";
        flaws.add("event-sub-process-start", &further.id, further.line, message);
    }
}

/// An ad-hoc sub-process holds activities, and neither starts nor ends (§10.3.5).
fn contents_of_ad_hoc(outline: &Outline<'_>, holder: Holder, flaws: &mut Flaws) {
    let held = || outline.held(holder).iter().map(|at| outline.node(*at));
    for node in held() {
        let what = match node.kind {
            DraftKind::Start(_) => "start",
            DraftKind::End(_) => "end",
            _ => continue,
        };
        let message = format!(
            "an ad-hoc sub-process has no {what} events; take this one away, as its activities \
             begin and end by themselves"
        );
        flaws.add("ad-hoc-contents", &node.id, node.line, message);
    }
    let work = |node: &DraftNode| match &node.kind {
        DraftKind::Refused => true,
        kind => matches!(kind, DraftKind::Activity(_)) && !is_event_sub_process(kind),
    };
    if !held().any(work) {
        let (id, line) = outline.told(holder);
        let message = "an ad-hoc sub-process holds at least one activity; add one";
        flaws.add("ad-hoc-contents", id, line, message);
    }
}

/// What an ad-hoc sub-process begins with is a list.
fn active(outline: &Outline<'_>, holder: Holder, active: Option<&Template>, flaws: &mut Flaws) {
    if active.and_then(Template::constant).is_some_and(|value| !value.is_array()) {
        let (id, line) = outline.told(holder);
        let message = "what an ad-hoc sub-process begins with is a list of ids of its activities; \
                       write an expression for one";
        flaws.add("wrong-type", id, line, message);
    }
}

/// Each throwing link has one catching link of its name in its scope, and each catching link a
/// throwing one.
fn links(outline: &Outline<'_>, holder: Holder, flaws: &mut Flaws) {
    let named = |wanted: fn(&DraftKind) -> bool| {
        let held = outline.held(holder).iter().map(|at| outline.node(*at));
        held.filter(move |node| !node.refused && wanted(&node.kind))
            .filter_map(|node| link(&node.kind).map(|name| (name, node)))
    };
    let mut caught: BTreeMap<&str, &DraftNode> = BTreeMap::new();
    for (name, node) in named(|kind| matches!(kind, DraftKind::Catch(_))) {
        if let Some(first) = caught.get(name) {
            let message = format!(
                "the link {} is caught by {} already; give this one another name",
                crate::excerpt(name),
                crate::excerpt(&first.id)
            );
            flaws.add("link-pair", &node.id, node.line, message);
            continue;
        }
        caught.insert(name, node);
    }
    let mut thrown = BTreeSet::new();
    for (name, node) in named(|kind| matches!(kind, DraftKind::Throw(_))) {
        thrown.insert(name);
        if !caught.contains_key(name) {
            let hint = flaws.hint(name, caught.keys().copied());
            let name = crate::excerpt(name);
            let message = format!("no link event catches {name} in the same scope; add one{hint}");
            flaws.add("link-pair", &node.id, node.line, message);
        }
    }
    for (name, node) in caught.iter().filter(|(name, _)| !thrown.contains(*name)) {
        let name = crate::excerpt(name);
        let message = format!("no link event throws {name} in the same scope; add one");
        flaws.add("link-pair", &node.id, node.line, message);
    }
}

/// Only the process itself begins with a message or an event gateway.
fn inner_instantiation(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes() {
        if outline.parent(position).is_some() && instantiates(&node.kind) {
            let message = "an instance begins in the process itself and not in a sub-process; \
                           take instantiate away";
            flaws.add("instantiate-place", &node.id, node.line, message);
        }
    }
}
