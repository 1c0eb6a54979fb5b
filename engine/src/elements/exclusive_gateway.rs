//! Exclusive gateway (BPMN 2.0.2 §10.6.2, §13.4.2): every arrival passes at once, along exactly one
//! flow.

use definitions::{EvaluationError, Flow, Place};

use crate::Moment;
use crate::walk::{Visit, Walk};

/// A path takes the first flow whose condition is true, in the order of the text, or else the
/// default flow.
///
/// A condition that has no value, and a choice without a way out, are incidents (the standard's
/// runtime exception).
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    match choose(walk, visit) {
        Ok(Some(way)) => walk.leave_along(visit, way),
        Ok(None) if walk.process.outgoing(visit.place).next().is_none() => walk.leave(visit),
        Ok(None) => {
            let message = "no condition is true and there is no default flow".to_owned();
            walk.stop(visit, Moment::Entering, message);
        }
        Err((flow, error)) => {
            let message = format!("the condition of flow `{}` has no value: {error}", flow.id);
            walk.stop(visit, Moment::Entering, message);
        }
    }
}

type Choice<'a> = Result<Option<(&'a Flow, Place)>, (&'a Flow, EvaluationError)>;

fn choose<'a>(walk: &Walk<'a>, visit: Visit<'a>) -> Choice<'a> {
    let view = walk.view(visit.scope);
    let mut default = None;
    for (flow, to) in walk.process.outgoing(visit.place) {
        if flow.is_default {
            default = Some((flow, to));
            continue;
        }
        let open = match &flow.condition {
            Some(condition) => {
                condition.evaluate_condition(&view).map_err(|error| (flow, error))?
            }
            None => true,
        };
        if open {
            return Ok(Some((flow, to)));
        }
    }
    Ok(default)
}
