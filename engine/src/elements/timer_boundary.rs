//! Timer boundary event (BPMN 2.0.2 §10.5.4, §10.5.5, §13.5.3): happens when its task has stayed
//! too long.

use definitions::{Activity, Boundary, EventDefinition, Kind, Place};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::interrupt;
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Effect, Event, Write};

/// The process variable that is true once an interrupting timer has ended a task.
pub const TIMED_OUT: &str = "_timedOut";

/// When the timers of a task would be due if it were entered now, seen with its inputs.
///
/// # Errors
/// What is wrong with a timer, in words.
pub(crate) fn dues(
    walk: &Walk<'_>,
    task: &Activity,
    inputs: &Map<String, Value>,
) -> Result<Vec<(Place, Timestamp)>, String> {
    let mut dues = Vec::new();
    for place in &task.boundaries {
        let node = walk.process.node(*place);
        let Kind::Boundary(boundary) = &node.kind else { continue };
        let Some(EventDefinition::Timer(timer)) = boundary.event.only() else { continue };
        let view = View { locals: Some(inputs), ..walk.view() };
        let due = timer.due(&view, walk.now);
        dues.push((*place, due.map_err(|error| format!("timer `{}`: {error}", node.id))?));
    }
    Ok(dues)
}

/// The task has been entered: the timer is armed.
pub(crate) fn arm(walk: &mut Walk<'_>, host: Visit<'_>, place: Place, due: Timestamp) {
    let timer = walk.instance.next_timer();
    let node = walk.process.node(place).id.clone();
    walk.record(Event::Armed { timer, path: host.path, node, due });
    walk.ask(Effect::ArmTimer { timer, due });
}

/// A path comes out of the event and goes along its flow.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    walk.leave(visit);
}

/// The timer has fired. An interrupting event ends the task; any other leaves it alone and begins a
/// new path.
pub(crate) fn resume(walk: &mut Walk<'_>, host: Visit<'_>, place: Place, boundary: &Boundary) {
    if boundary.interrupting {
        walk.write(host, vec![Write::variable(TIMED_OUT, true)]);
        interrupt(walk, host, place);
    } else {
        walk.go(None, None, place);
    }
}
