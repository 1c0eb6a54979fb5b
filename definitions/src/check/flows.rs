//! Rules about flows: where they may lead, where conditions may stand, which one is the default.

use super::outline::{
    self, Outline, drawn, instantiates, is_compensation_boundary, is_event_sub_process, undoes,
};
use crate::draft::{DraftFlow, DraftKind, DraftNode, Flaws};
use crate::process::Flow;
use crate::{Expression, TaskKind};

/// A flow that was checked and the positions of the nodes between which it leads.
pub(super) struct Checked {
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) flow: Flow,
}

/// Checks all flows; a flow with a flaw may come out as `None`.
pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) -> Vec<Option<Checked>> {
    for flow in &outline.draft.flows {
        ends(flow, outline, flaws);
    }
    for (position, node) in outline.nodes() {
        let leaving = outline.outgoing(position);
        default(node, leaving, flaws);
        choice(node, leaving, flaws);
    }
    outline.draft.flows.iter().map(|flow| compile(flow, outline, flaws)).collect()
}

/// Both ends of a flow are there, may have it, and are held by the same.
fn ends(flow: &DraftFlow, outline: &Outline<'_>, flaws: &mut Flaws) {
    let (source, target) = (outline.find(&flow.source), outline.find(&flow.target));
    for (id, found, verb) in [(&flow.source, source, "leaves"), (&flow.target, target, "leads to")]
    {
        // An empty id was reported as a missing attribute.
        if found.is_none() && !id.is_empty() {
            let hint = flaws.hint(id, outline.ids());
            let id = crate::excerpt(id);
            let message = format!("the flow {verb} {id}, which does not exist{hint}");
            flaws.add("dangling-reference", &flow.id, flow.line, message);
        }
    }
    let begins = source.and_then(|at| refused_source(&outline.node(at).kind));
    let leads = target.and_then(|at| refused_target(&outline.node(at).kind));
    for (rule, message) in begins.into_iter().chain(leads) {
        flaws.add(rule, &flow.id, flow.line, message);
    }
    if let (Some(source), Some(target)) = (source, target)
        && !outline.beside(source, target)
    {
        let (from, to) = (&outline.node(source).id, &outline.node(target).id);
        let message = format!(
            "the flow leads from {} to {}, and only one of them is in that sub-process; end the \
             path inside, and lead on from the sub-process itself",
            crate::excerpt(from),
            crate::excerpt(to),
        );
        flaws.add("flow-crosses-scope", &flow.id, flow.line, message);
    }
}

/// Why nothing may leave a node.
fn refused_source(kind: &DraftKind) -> Option<(&'static str, &'static str)> {
    match kind {
        kind if matches!(kind, DraftKind::End(_)) || drawn(kind) == Some(TaskKind::End) => {
            Some(("flow-from-end", "nothing leads on from an end event; take the flow away"))
        }
        DraftKind::Throw(_) if outline::link(kind).is_some() => {
            let message = "a throwing link goes on at the catching link of its name; take the \
                           flow away";
            Some(("flow-from-link", message))
        }
        kind if is_compensation_boundary(kind) => {
            let message = "what undoes an activity is joined to the event by an association, not \
                           by a flow";
            Some(("flow-from-compensation", message))
        }
        kind if is_event_sub_process(kind) => {
            let message = "nothing leads on from an event sub-process; take the flow away";
            Some(("flow-from-event-sub-process", message))
        }
        kind if undoes(kind) => {
            let message = "nothing leads on from an activity that undoes another; take the flow \
                           away";
            Some(("flow-from-compensation", message))
        }
        _ => None,
    }
}

/// Why nothing may lead to a node.
fn refused_target(kind: &DraftKind) -> Option<(&'static str, &'static str)> {
    match kind {
        DraftKind::Start(_) => {
            Some(("flow-into-start", "nothing leads back to a start event; lead it elsewhere"))
        }
        DraftKind::Boundary { .. } => {
            Some(("flow-into-boundary", "nothing leads to a boundary event; it happens by itself"))
        }
        DraftKind::Catch(_) if outline::link(kind).is_some() => {
            let message = "only throwing links of its name lead to a catching link; take the flow \
                           away";
            Some(("flow-into-link", message))
        }
        kind if is_event_sub_process(kind) => {
            let message = "nothing leads to an event sub-process; its start event begins it";
            Some(("flow-into-event-sub-process", message))
        }
        kind if undoes(kind) => {
            let message = "nothing leads to an activity that undoes another; its association does";
            Some(("flow-into-compensation", message))
        }
        kind if instantiates(kind) => {
            let message = "an instance begins here, so nothing leads here; take the flow or \
                           instantiate away";
            Some(("flow-into-start", message))
        }
        _ => None,
    }
}

/// Whether flows that leave a node may have a condition, and one of them be the default.
fn may_choose(kind: &DraftKind) -> bool {
    if drawn(kind).is_some_and(TaskKind::is_event) {
        return false;
    }
    match kind {
        DraftKind::Exclusive
        | DraftKind::Inclusive
        | DraftKind::Complex(_)
        | DraftKind::Activity(_)
        | DraftKind::Refused => true,
        DraftKind::Start(_)
        | DraftKind::Catch(_)
        | DraftKind::Throw(_)
        | DraftKind::End(_)
        | DraftKind::Boundary { .. }
        | DraftKind::Parallel
        | DraftKind::EventBased(_) => false,
    }
}

/// A default flow is named by what may choose, leaves it, and has no condition.
fn default(node: &DraftNode, leaving: &[&DraftFlow], flaws: &mut Flaws) {
    let Some(default) = &node.default else { return };
    let mut add = |rule, message: String| flaws.add(rule, &node.id, node.line, message);
    if !may_choose(&node.kind) {
        let message = "only activities and exclusive, inclusive and complex gateways have a \
                       default flow; take it away";
        add("default-place", message.into());
        return;
    }
    match leaving.iter().find(|flow| flow.id == *default) {
        None => {
            let default = crate::excerpt(default);
            let message = format!(
                "the default flow {default} does not leave this node; name one \
                                   that does"
            );
            add("default-place", message);
        }
        Some(flow) if flow.condition.is_some() => {
            let message = "the default flow has a condition; take one of the two away";
            add("default-with-condition", message.into());
        }
        Some(_) => {}
    }
}

/// A node that chooses can tell its flows apart, and has a way out (BPMN 2.0.2 §8.4.13).
fn choice(node: &DraftNode, leaving: &[&DraftFlow], flaws: &mut Flaws) {
    if let [only] = leaving
        && only.condition.is_some()
        && may_choose(&node.kind)
    {
        let node = match node.kind {
            DraftKind::Activity(_) => "an activity",
            _ => "a gateway",
        };
        let message =
            format!("the only flow of {node} has a condition; take it away or add another flow");
        flaws.add("lone-condition", &only.id, only.line, message);
        return;
    }
    if !matches!(node.kind, DraftKind::Exclusive) {
        return;
    }
    let unconditioned: Vec<_> = leaving.iter().filter(|flow| flow.condition.is_none()).collect();
    if unconditioned.len() < 2 {
        return;
    }
    let default = node.default.as_deref();
    for flow in unconditioned.into_iter().filter(|flow| Some(flow.id.as_str()) != default) {
        let message = "several flows of the gateway have no condition; give each one but the \
                       default flow a condition";
        flaws.add("missing-condition", &flow.id, flow.line, message);
    }
}

fn compile(flow: &DraftFlow, outline: &Outline<'_>, flaws: &mut Flaws) -> Option<Checked> {
    let source = outline.find(&flow.source)?;
    let node = outline.node(source);
    let condition = match &flow.condition {
        None => None,
        Some(_) if !may_choose(&node.kind) => {
            let message = "only flows that leave an activity or an exclusive, inclusive or \
                           complex gateway have a condition; put one before it";
            flaws.add("condition-place", &flow.id, flow.line, message);
            return None;
        }
        Some(text) => match Expression::parse(text) {
            Ok(condition) => Some(condition),
            Err(flaw) => {
                let message = format!("in the condition: {flaw}");
                flaws.add("invalid-condition", &flow.id, flow.line, message);
                return None;
            }
        },
    };
    // At an exclusive gateway the one flow without a condition is taken when no condition holds,
    // named default or not.
    let named = node.default.as_deref() == Some(flow.id.as_str());
    let implied = matches!(node.kind, DraftKind::Exclusive) && condition.is_none();
    Some(Checked {
        source,
        target: outline.find(&flow.target)?,
        flow: Flow {
            id: flow.id.as_str().into(),
            name: flow.name.clone(),
            condition,
            is_default: named || implied,
            sets: flow.sets.clone(),
            description: flow.description.clone(),
            line: flow.line,
        },
    })
}
