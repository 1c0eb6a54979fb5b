//! The elements of BPMN, one file each, and which of them a moment of a path or a scope concerns.

pub(crate) mod activity;
pub(crate) mod ad_hoc_sub_process;
pub(crate) mod boundary_event;
pub(crate) mod business_rule_task;
pub(crate) mod call_activity;
pub(crate) mod cancel_event;
pub(crate) mod catch_event;
pub(crate) mod catcher;
pub(crate) mod compensation;
pub(crate) mod completion;
pub(crate) mod complex_gateway;
pub(crate) mod conditional;
pub(crate) mod end_event;
pub(crate) mod error;
pub(crate) mod escalation;
pub(crate) mod event_gateway;
pub(crate) mod event_sub_process;
pub(crate) mod exclusive_gateway;
pub(crate) mod inclusive_gateway;
pub(crate) mod link_event;
pub(crate) mod message;
pub(crate) mod multi_instance;
pub(crate) mod parallel_gateway;
pub(crate) mod quantity;
pub(crate) mod receive_task;
pub(crate) mod script_task;
pub(crate) mod signal;
pub(crate) mod standard_loop;
pub(crate) mod start_event;
pub(crate) mod sub_process;
pub(crate) mod task;
pub(crate) mod terminate_event;
pub(crate) mod throw_event;
pub(crate) mod timer;
pub(crate) mod trigger;

use definitions::{Flow, Kind, Place, Process};

use crate::effort::LOOK;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathState, ScopeId, ScopeKind};

/// A path has come to a node.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, by: Option<&'a Flow>) {
    // An activity's come with each of its instances.
    if visit.node.kind.activity().is_none()
        && let Err(message) = walk.declare_missing(visit)
    {
        return walk.stop(visit, Moment::Entering, message);
    }
    match &visit.node.kind {
        Kind::StartEvent(_) => start_event::enter(walk, visit),
        Kind::CatchEvent(event) => catch_event::enter(walk, visit, event),
        Kind::ThrowEvent(event) => throw_event::enter(walk, visit, event),
        Kind::EndEvent(event) => end_event::enter(walk, visit, event),
        Kind::Boundary(_) => boundary_event::enter(walk, visit),
        Kind::Activity(activity) => activity::enter(walk, visit, activity, by),
        Kind::ExclusiveGateway => exclusive_gateway::enter(walk, visit),
        Kind::InclusiveGateway => inclusive_gateway::enter(walk, visit, by),
        Kind::ParallelGateway => parallel_gateway::enter(walk, visit, by),
        Kind::ComplexGateway(gateway) => complex_gateway::enter(walk, visit, gateway, by),
        Kind::EventGateway(_) => event_gateway::enter(walk, visit),
    }
}

/// Whether a path that comes along a flow has to await others here.
pub(crate) fn joins(process: &Process, place: Place, by: Option<&Flow>) -> bool {
    by.is_some()
        && match &process.node(place).kind {
            Kind::ParallelGateway | Kind::InclusiveGateway => process.incoming_count(place) > 1,
            // Several paths may have to come along one flow.
            Kind::ComplexGateway(gateway) => gateway.activation.is_some(),
            _ => false,
        }
}

/// Every path rests, and something has moved in a scope: its joins are weighed again, and it may
/// have no path left.
pub(crate) fn settle(walk: &mut Walk<'_>, scope: Option<ScopeId>) {
    // A scope that was closed meanwhile has no joins, and must not be taken for the process.
    if scope.is_some_and(|scope| walk.instance.scope(scope).is_none()) {
        return;
    }
    if weigh(walk, scope) {
        return walk.touch(scope);
    }
    let Some(id) = scope else { return };
    let Some(open) = walk.instance.scope(id) else { return };
    if !open.paths.is_empty() {
        return;
    }
    let (kind, host) = (open.kind(), open.host());
    if walk.effort.is_exhausted() && kind != ScopeKind::Compensation {
        let inside =
            walk.instance.path(host).is_some_and(|path| *path.state() == PathState::Inside);
        if let Some(visit) = walk.visit(host).filter(|_| inside) {
            walk.stop_spent(visit, Moment::Leaving);
        }
        return;
    }
    match kind {
        ScopeKind::SubProcess | ScopeKind::EventSubProcess => sub_process::emptied(walk, id),
        ScopeKind::Body => multi_instance::emptied(walk, id),
        ScopeKind::Compensation => compensation::emptied(walk, id),
    }
}

/// Lets the first join of a scope that has all it can get go on; whether there was one.
fn weigh(walk: &mut Walk<'_>, scope: Option<ScopeId>) -> bool {
    let waiting = walk.instance.gateways(scope);
    let mut nodes: Vec<_> = waiting.arrivals.keys().chain(waiting.resets.keys()).cloned().collect();
    nodes.dedup();
    walk.effort.spend(nodes.len() * LOOK);
    nodes.iter().any(|node| {
        let Some(place) = walk.process.place(node) else { return false };
        match &walk.process.node(place).kind {
            Kind::InclusiveGateway => inclusive_gateway::weigh(walk, scope, place),
            Kind::ComplexGateway(_) => complex_gateway::weigh(walk, scope, place),
            _ => false,
        }
    })
}

/// The process as a scope has no path left: the instance is complete (BPMN 2.0.2 §13.2).
pub(crate) fn finished(walk: &mut Walk<'_>) {
    trigger::end_all_of_scope(walk, None);
    walk.record(Event::Finished);
}
