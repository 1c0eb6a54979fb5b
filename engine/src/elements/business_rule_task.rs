//! Business rule task (BPMN 2.0.2 §10.3.3, §13.3.3): a decision is asked for, and the path rests
//! until it is answered.

use definitions::{Binding, DecisionTask, Template};
use serde_json::Value;

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
    let wanted = text(&task.decision, &view, "the decision").and_then(|decision| {
        let version = version(&task.binding, &view)?;
        Ok((decision, version, tenant(task.tenant.as_ref(), &view)?))
    });
    match wanted {
        Ok((decision, version, tenant)) => {
            let mut variables = walk.instance.seen_at(visit.path).into_owned();
            variables.extend(path.locals().clone());
            walk.effort.spend(weight(&variables));
            let (path, node, shape) = (visit.path, visit.node.id.clone(), task.shape);
            walk.ask(Effect::Decide { path, node, decision, version, tenant, shape, variables });
        }
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}

/// The tenant that is named; none where that is null or empty.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn tenant(named: Option<&Template>, view: &View<'_>) -> Result<Option<String>, String> {
    let is_none = |value: &Value| value.is_null() || value == "";
    let named = named.filter(|named| !named.evaluate(view).as_ref().is_ok_and(is_none));
    named.map(|named| text(named, view, "the tenant")).transpose()
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
