//! Whether the instances of a token last as long as the timers of its journey: a timer that comes
//! after an instance is given up never fires.

use definitions::{Event, EventDefinition, Kind, Node, Process, Timer};
use jiff::Timestamp;
use serde_json::Map;

use crate::Warning;
use crate::duration;
use crate::trigger::Given;

/// A warning for each timer of a process that is due only when an instance is given up or later, if
/// it is armed when the instance begins. A timer that only an expression tells is not known yet.
pub(crate) fn cut_short(process: &Process, lasts: &str, now: Timestamp) -> Vec<Warning> {
    let end = duration::parse(lasts).ok().and_then(|span| duration::after(now, &span));
    let Some(end) = end else { return Vec::new() };
    let mut warnings = Vec::new();
    for (_, node) in process.nodes() {
        for (timer, text) in timers(node) {
            let due = timer.schedule(&Given(&Map::new()), now).map(|schedule| schedule.due);
            if due.is_ok_and(|due| due >= end) {
                warnings.push(warning(node, text, lasts));
            }
        }
    }
    warnings
}

/// The timers that the instance itself awaits at a node, with what is written there.
fn timers(node: &Node) -> impl Iterator<Item = (&Timer, &str)> {
    let event: Option<&Event> = match &node.kind {
        Kind::Boundary(boundary) => Some(&boundary.event),
        Kind::CatchEvent(event) => Some(event),
        // One of the process itself begins an instance.
        Kind::StartEvent(start) => node.parent.map(|_| &start.event),
        _ => None,
    };
    let definitions = event.into_iter().flat_map(|event| &event.definitions);
    definitions.filter_map(|definition| match definition {
        EventDefinition::Timer(timer) => Some((timer, timer.template().constant()?.as_str()?)),
        _ => None,
    })
}

fn warning(node: &Node, timer: &str, lasts: &str) -> Warning {
    Warning {
        rule: "given-up-earlier".to_owned(),
        element: Some(node.id.to_string()),
        line: Some(node.line),
        message: format!(
            "the timer {timer} comes too late for an instance of this token, which is given up {lasts} after it began; give the token a longer maxProcessDuration"
        ),
        path: Vec::new(),
    }
}
