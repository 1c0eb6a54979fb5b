//! Event-based gateway (BPMN 2.0.2 §10.6.6, §13.4.4): the path rests until the first of the events
//! behind it happens, and goes on there.

use std::sync::Arc;

use definitions::{Kind, Place, Work};
use serde_json::{Map, Value};

use super::{activity, catch_event, message, trigger};
use crate::catch::Owner;
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment};

/// A path is here: what the events behind the gateway await is subscribed to.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    match plan(walk, visit) {
        Ok(plans) => {
            walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
            for (place, plans) in plans {
                trigger::subscribe(walk, Owner::path(visit.path), place, plans);
            }
        }
        Err(message) => walk.stop(visit, Moment::Entering, message),
    }
}

fn plan(walk: &Walk<'_>, visit: Visit<'_>) -> Result<Vec<(Place, Vec<trigger::Plan>)>, String> {
    let mut plans = Vec::new();
    for (_, to) in walk.process.outgoing(visit.place) {
        let at = Visit { place: to, node: walk.process.node(to), ..visit };
        let own = walk.declared(at, Map::new())?;
        let view = View { own: Some(&own), ..walk.view(visit.scope) };
        match &walk.process.node(to).kind {
            Kind::CatchEvent(event) => plans.push((to, trigger::plan(walk, to, event, &view)?)),
            Kind::Activity(target) => {
                let Work::Receive { message, .. } = &target.work else { continue };
                let inputs = activity::inputs(target, view)?;
                let view = View { locals: Some(&inputs), ..view };
                let on = trigger::On::Catch(message::awaited(message, &view)?);
                plans.push((to, vec![trigger::Plan { definition: 0, on }]));
            }
            _ => {}
        }
    }
    Ok(plans)
}

/// The first event has happened: the others are not awaited any more, and the path goes on there.
pub(crate) fn happened<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    place: Place,
    payload: Map<String, Value>,
) {
    activity::close(walk, visit.path);
    arrive(walk, Visit { place, node: walk.process.node(place), ..visit }, payload);
}

/// A path comes to an event that has happened already.
pub(crate) fn arrive<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, payload: Map<String, Value>) {
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Entered { path, node: node.clone(), scope: None, host: None });
    walk.touch(visit.scope);
    match &visit.node.kind {
        Kind::Activity(target) => {
            let declared = walk.declare(visit);
            match declared.and_then(|()| activity::inputs(target, walk.view_at(visit))) {
                Ok(inputs) => {
                    activity::began(walk, visit, inputs);
                    super::receive_task::receive(walk, visit, target, payload);
                }
                Err(message) => {
                    walk.record(Event::Answered { path, node, locals: Arc::new(payload) });
                    walk.stop(visit, Moment::Leaving, message);
                }
            }
        }
        Kind::CatchEvent(_) => catch_event::go_on(walk, visit, payload),
        _ => walk.leave(visit),
    }
}
