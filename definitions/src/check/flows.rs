//! Rules about flows: where they may lead, where conditions may stand, which one is the default.

use crate::Expression;
use crate::draft::{Draft, DraftFlow, DraftKind, DraftNode, Flaws};
use crate::process::Flow;
use std::collections::BTreeMap;

/// A flow that was checked and the ids between which it leads.
pub(super) struct Checked {
    pub(super) source: String,
    pub(super) target: String,
    pub(super) flow: Flow,
}

/// Checks all flows; a flow with a flaw may come out as `None`.
pub(super) fn check(draft: &Draft, flaws: &mut Flaws) -> Vec<Option<Checked>> {
    let nodes: BTreeMap<&str, &DraftNode> =
        draft.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut outgoing: BTreeMap<&str, Vec<&DraftFlow>> = BTreeMap::new();
    for flow in &draft.flows {
        outgoing.entry(&flow.source).or_default().push(flow);
        ends(flow, &nodes, flaws);
    }
    for node in &draft.nodes {
        let leaving = outgoing.get(node.id.as_str()).map_or(&[][..], Vec::as_slice);
        default(node, leaving, flaws);
        if matches!(node.kind, DraftKind::Exclusive) {
            choice(node, leaving, flaws);
        }
    }
    draft
        .flows
        .iter()
        .map(|flow| {
            let source = nodes.get(flow.source.as_str())?;
            compile(flow, source, flaws)
        })
        .collect()
}

/// Both ends of a flow are there and may have it.
fn ends(flow: &DraftFlow, nodes: &BTreeMap<&str, &DraftNode>, flaws: &mut Flaws) {
    let (source, target) = (flow.source.as_str(), flow.target.as_str());
    let begins = match nodes.get(source).map(|node| &node.kind) {
        None if source.is_empty() => None, // Reported as a missing attribute.
        None => {
            let hint = flaws.hint(source, nodes.keys().copied());
            let source = crate::excerpt(source);
            let message = format!("the flow leaves {source}, which does not exist{hint}");
            Some(("dangling-reference", message))
        }
        Some(DraftKind::End(_)) => {
            let message = "nothing leads on from an end event; take the flow away";
            Some(("flow-from-end", message.into()))
        }
        Some(_) => None,
    };
    let leads = match nodes.get(target).map(|node| &node.kind) {
        None if target.is_empty() => None,
        None => {
            let hint = flaws.hint(target, nodes.keys().copied());
            let target = crate::excerpt(target);
            let message = format!("the flow leads to {target}, which does not exist{hint}");
            Some(("dangling-reference", message))
        }
        Some(DraftKind::Start(_)) => {
            let message = "nothing leads back to a start event; lead it elsewhere";
            Some(("flow-into-start", message.into()))
        }
        Some(DraftKind::Boundary { .. }) => {
            let message = "nothing leads to a boundary event; it happens by itself";
            Some(("flow-into-boundary", message.into()))
        }
        Some(_) => None,
    };
    for (rule, message) in begins.into_iter().chain(leads) {
        flaws.add(rule, &flow.id, flow.line, message);
    }
}

/// A default flow is named by an exclusive gateway, leaves it, and has no condition.
fn default(node: &DraftNode, leaving: &[&DraftFlow], flaws: &mut Flaws) {
    let Some(default) = &node.default else { return };
    let mut add = |rule, message: String| flaws.add(rule, &node.id, node.line, message);
    if !matches!(node.kind, DraftKind::Exclusive | DraftKind::Refused) {
        add("default-place", "only an exclusive gateway has a default flow".into());
        return;
    }
    match leaving.iter().find(|flow| flow.id == *default) {
        None => {
            let default = crate::excerpt(default);
            add("default-place", format!("the default flow {default} does not leave this gateway"));
        }
        Some(flow) if flow.condition.is_some() => {
            let message = "the default flow has a condition; take one of the two away";
            add("default-with-condition", message.into());
        }
        Some(_) => {}
    }
}

/// An exclusive gateway can tell its flows apart.
fn choice(node: &DraftNode, leaving: &[&DraftFlow], flaws: &mut Flaws) {
    if let [only] = leaving
        && only.condition.is_some()
    {
        let message =
            "the only flow of a gateway has a condition; take it away or add another flow";
        flaws.add("lone-condition", &only.id, only.line, message);
        return;
    }
    let unconditioned: Vec<_> = leaving.iter().filter(|flow| flow.condition.is_none()).collect();
    if leaving.len() < 2 || unconditioned.len() < 2 {
        return;
    }
    let default = node.default.as_deref();
    for flow in unconditioned.into_iter().filter(|flow| Some(flow.id.as_str()) != default) {
        let message = "several flows of the gateway have no condition; give each one but the \
                       default flow a condition";
        flaws.add("missing-condition", &flow.id, flow.line, message);
    }
}

fn compile(flow: &DraftFlow, source: &DraftNode, flaws: &mut Flaws) -> Option<Checked> {
    let exclusive = matches!(source.kind, DraftKind::Exclusive);
    let condition = match &flow.condition {
        None => None,
        Some(_) if !exclusive => {
            if !matches!(source.kind, DraftKind::Refused) {
                let message = "only flows that leave an exclusive gateway have a condition; put \
                               one before it";
                flaws.add("condition-place", &flow.id, flow.line, message);
            }
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
    // The one flow without a condition is taken when no condition holds, named default or not.
    let is_default = exclusive && condition.is_none();
    Some(Checked {
        source: flow.source.clone(),
        target: flow.target.clone(),
        flow: Flow {
            id: flow.id.as_str().into(),
            name: flow.name.clone(),
            condition,
            is_default,
            line: flow.line,
        },
    })
}
