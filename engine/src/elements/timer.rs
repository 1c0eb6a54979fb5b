//! Timer (BPMN 2.0.2 §10.5.5): a moment, a span or a cycle that an event awaits.

use super::trigger;
use crate::walk::Walk;
use crate::{Effect, Event, Timer, TimerId};

/// The process variable that is true once an interrupting timer has ended a task.
pub const TIMED_OUT: &str = "_timedOut";

/// The timer has fired. If it repeats, and what it belongs to is still there and awaits the next,
/// it is armed again.
pub(crate) fn fire(walk: &mut Walk<'_>, id: TimerId) {
    let Some(timer) = walk.instance.timer(id).cloned() else { return };
    walk.record(Event::Fired { timer: id, node: timer.node.clone() });
    let next = timer.then.as_ref().and_then(|then| then.next(timer.due, walk.now));
    // An event that awaits several together awaits them all anew when it has happened.
    let again = trigger::repeats(walk.process, &timer.node)
        && !trigger::awaits_all(walk.process, &timer.node);
    if let Some(next) = next.filter(|_| again) {
        let again = walk.instance.next_timer();
        let due = next.due;
        let armed = Timer { due, then: next.then.map(Box::new), ..timer.clone() };
        walk.record(Event::Armed { timer: again, armed });
        walk.ask(Effect::ArmTimer { timer: again, due });
    }
    trigger::happened(walk, timer.owner, &timer.node, timer.early, true);
}
