//! Rules about gateways: what an event gateway leads to, and what a complex one needs (§10.6).

use super::outline::{Outline, activity, work};
use crate::draft::{DraftFlow, DraftKind, DraftNode, Flaws};
use crate::{EventDefinition, EventGateway, Work};

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes().filter(|(_, node)| !node.refused) {
        match &node.kind {
            DraftKind::EventBased(gateway) => event_gateway(outline, position, *gateway, flaws),
            DraftKind::Complex(gateway)
                if gateway.activation.is_none() && outline.incoming(position).len() > 1 =>
            {
                let message = "several flows come together here; say with an activation \
                               condition when enough paths have come";
                flaws.add("activation-condition", &node.id, node.line, message);
            }
            _ => {}
        }
    }
}

fn event_gateway(outline: &Outline<'_>, position: usize, gateway: EventGateway, flaws: &mut Flaws) {
    let node = outline.node(position);
    let leaving = outline.outgoing(position);
    let mut add = |rule, message: &str| flaws.add(rule, &node.id, node.line, message);
    if leaving.len() < 2 && !outline.dangling_source {
        let message = "an event gateway waits for one of several events; lead it to at least two";
        add("event-gateway-flows", message);
    }
    if gateway.parallel && !gateway.instantiate {
        let message = "only an event gateway that begins an instance awaits all of its events; \
                       make it exclusive, or let it instantiate";
        add("event-gateway-parallel", message);
    }
    let (mut messages, mut tasks) = (false, None);
    for flow in leaving {
        let Some(at) = outline.find(&flow.target) else { continue };
        let target = outline.node(at);
        if target.refused || matches!(target.kind, DraftKind::Refused) {
            continue;
        }
        if let Some(message) = refused_target(outline, at, target, gateway) {
            flaws.add("event-gateway-target", &flow.id, flow.line, message);
            continue;
        }
        match &target.kind {
            DraftKind::Catch(event) => {
                let is_message = |it: &EventDefinition| matches!(it, EventDefinition::Message(_));
                messages |= event.definitions.iter().any(is_message);
            }
            _ => tasks = Some(*flow),
        }
    }
    if let (true, Some(flow)) = (messages, tasks) {
        mixed(flow, flaws);
    }
}

/// Why an event gateway may not lead to a node.
fn refused_target(
    outline: &Outline<'_>,
    at: usize,
    target: &DraftNode,
    gateway: EventGateway,
) -> Option<String> {
    use EventDefinition as D;
    let shown = crate::excerpt(&target.id);
    let message = match &target.kind {
        DraftKind::Catch(event) if event.parallel_multiple && event.definitions.len() > 1 => {
            format!("{shown} awaits several events together; an event gateway awaits one of them")
        }
        DraftKind::Catch(event) => {
            // §10.6.6: what must come together to one instance is correlated, and messages alone are.
            let may = |definition: &D| match definition {
                D::Message(_) => true,
                D::Timer(_) | D::Signal { .. } | D::Conditional(_) => !gateway.parallel,
                _ => false,
            };
            if event.definitions.iter().all(may) {
                return single_way(outline, at, &shown);
            }
            match gateway.parallel {
                true => format!(
                    "all of these events must come to one instance, and only messages find it; \
                     {shown} awaits something else"
                ),
                false => format!(
                    "an event gateway awaits messages, timers, signals and conditions, not {shown}"
                ),
            }
        }
        kind => match work(kind) {
            Some(Work::Receive { .. }) if !outline.boundaries(at).is_empty() => format!(
                "{shown} has boundary events, and a receive task after an event gateway has none; \
                 take them away"
            ),
            Some(Work::Receive { .. })
                if activity(kind)
                    .is_some_and(|it| it.repeat.is_some() || it.start_quantity > 1) =>
            {
                format!("{shown} is done several times; after an event gateway it is done once")
            }
            Some(Work::Receive { .. }) => return single_way(outline, at, &shown),
            _ => format!(
                "an event gateway leads to catching events and receive tasks, not to {shown}; put \
                 one before it"
            ),
        },
    };
    Some(message)
}

fn single_way(outline: &Outline<'_>, at: usize, shown: &str) -> Option<String> {
    (outline.incoming(at).len() > 1)
        .then(|| format!("other flows lead to {shown} too; only that of the event gateway may"))
}

/// §10.6.6: receive tasks and message events do not stand after the same gateway.
fn mixed(flow: &DraftFlow, flaws: &mut Flaws) {
    let message = "an event gateway leads either to message events or to receive tasks; make this \
                   a catching event";
    flaws.add("event-gateway-target", &flow.id, flow.line, message);
}
