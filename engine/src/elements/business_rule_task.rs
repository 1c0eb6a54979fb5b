//! Business rule task (BPMN 2.0.2 §10.3.3, §13.3.3): a decision is asked for, and the path rests
//! until it is answered.

use definitions::{Binding, DecisionTask};

use super::activity;
use crate::effect::Version;
use crate::view::{View, text, weight};
use crate::walk::{Visit, Walk};
use crate::{Effect, Moment};

/// The local variable by which output mappings find the result.
pub const DECISION_RESULT: &str = "decisionResult";

/// Asks for the decision, with all variables that are visible at the task.
pub(crate) fn ask(walk: &mut Walk<'_>, visit: Visit<'_>, task: &DecisionTask) {
    let Some(path) = walk.instance.path(visit.path) else { return };
    let view = activity::within(walk, visit.path);
    let wanted = text(&task.decision, &view, "the decision")
        .and_then(|decision| Ok((decision, version(&task.binding, &view)?)));
    match wanted {
        Ok((decision, version)) => {
            let mut variables = walk.instance.seen_at(visit.path).into_owned();
            variables.extend(path.locals().clone());
            walk.effort.spend(weight(&variables));
            let (path, node, shape) = (visit.path, visit.node.id.clone(), task.shape);
            walk.ask(Effect::Decide { path, node, decision, version, shape, variables });
        }
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}

/// The version that a binding means.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn version(binding: &Binding, view: &View<'_>) -> Result<Version, String> {
    Ok(match binding {
        Binding::Latest => Version::Latest,
        Binding::Deployment => Version::Deployment,
        Binding::Tag(tag) => Version::Tag(text(tag, view, "the version tag")?),
        Binding::Version(number) => {
            let number = text(number, view, "the version")?;
            let parsed = number.trim().parse().ok().filter(|number| *number > 0);
            Version::Number(parsed.ok_or_else(|| format!("the version {number} is no number"))?)
        }
    })
}
