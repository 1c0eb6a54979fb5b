//! Error boundary event (BPMN 2.0.2 §10.5.4, §13.5.3): catches a foreseen error of its task, always
//! interrupting it.

use definitions::{Activity, EventDefinition, Kind, Place, Process};

use super::interrupt;
use crate::walk::{Visit, Walk};
use crate::{Moment, Write};

/// A path comes out of the event and goes along its flow.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    walk.leave(visit);
}

/// The task has ended with an error: the event with its code catches it, else one that catches all.
///
/// The variables that the event names get the code and the message. An error that nothing catches
/// is an incident.
pub(crate) fn resume(
    walk: &mut Walk<'_>,
    host: Visit<'_>,
    task: &Activity,
    code: &str,
    message: &str,
) {
    let process = walk.process;
    let caught = find(process, task, Some(code)).or_else(|| find(process, task, None));
    let Some((place, variables)) = caught else {
        let colon = if message.is_empty() { "" } else { ": " };
        let message = format!("no boundary event catches the error `{code}`{colon}{message}");
        return walk.stop(host, Moment::Running, message);
    };
    let values = variables.into_iter().zip([code, message]);
    let writes = values.filter_map(|(name, value)| Some(Write::variable(name?, value))).collect();
    walk.write(host, writes);
    interrupt(walk, host, place);
}

type Catch<'a> = (Place, [Option<&'a str>; 2]);

/// The first error boundary event of this code, with the variables for the code and the message.
fn find<'a>(process: &'a Process, task: &Activity, wanted: Option<&str>) -> Option<Catch<'a>> {
    task.boundaries.iter().find_map(|place| {
        let Kind::Boundary(boundary) = &process.node(*place).kind else { return None };
        let Some(EventDefinition::Error(error)) = boundary.event.only() else { return None };
        let variables = [error.code_variable.as_deref(), error.message_variable.as_deref()];
        (error.code.as_deref() == wanted).then_some((*place, variables))
    })
}
