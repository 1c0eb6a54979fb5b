//! Simple Decider: one outcome out of all checks.

use anyhow::anyhow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::variables::{CHECKS, OVERALL_OUTCOME, Outcome, find};
use crate::{Activity, Context, Failure, NoEvent};

/// Decides over everything that was checked: the local result `decision` and `_checks.overallOutcome` become `PASS`,
/// `FAIL` or `REVIEW`.
///
/// It stands after all checks and before the summary report. When it is told where to derive the decision from, that
/// decides. Otherwise any failed check gives the decision on any failure, any check that needs a review gives `REVIEW`,
/// and everything else gives `PASS`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SimpleDecider {
    /// What a failed check leads to.
    #[serde(default)]
    #[schemars(title = "Decision on Any Failure")]
    decision_on_any_failure: OnFailure,
    /// Process variable that holds `PASS`, `FAIL` or `REVIEW` and decides alone, as `name` or as `map.name`. The three
    /// words themselves may stand here as well, as an expression yields them.
    #[schemars(title = "Derive Decision From")]
    decision_variable: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Default, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum OnFailure {
    #[default]
    Fail,
    Review,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Decided {
    /// The decision: `PASS`, `FAIL` or `REVIEW`.
    #[schemars(with = "String")]
    decision: Outcome,
}

impl Activity for SimpleDecider {
    const NAME: &'static str = "simpleDecider";
    const LABEL: &'static str = "Simple Decider";
    const CATEGORY: &'static str = "General";
    const ALIASES: &'static [&'static str] = &["activityOutcomeDeciderV1"];
    type Output = Decided;
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<Decided, Failure<NoEvent>> {
        let decision = match &self.decision_variable {
            Some(variable) => derived(variable, context.variables).ok_or_else(|| {
                anyhow!("the variable `{variable}` from which to derive the decision is not PASS, FAIL or REVIEW")
            })?,
            None => over_all(context.variables.get(CHECKS), self.decision_on_any_failure),
        };
        context.write(&[CHECKS, OVERALL_OUTCOME], json!(decision));
        Ok(Decided { decision })
    }
}

fn derived(variable: &str, variables: &Map<String, Value>) -> Option<Outcome> {
    let path: Vec<&str> = variable.trim().split('.').collect();
    let word = |word: &str| Outcome::deserialize(&json!(word)).ok();
    word(variable.trim()).or_else(|| word(find(variables, &path)?.as_str()?))
}

fn over_all(checks: Option<&Value>, on_failure: OnFailure) -> Outcome {
    let mut outcomes = Vec::new();
    gather(checks.unwrap_or(&Value::Null), &mut outcomes);
    match on_failure {
        OnFailure::Fail if outcomes.contains(&Outcome::Fail) => Outcome::Fail,
        _ if outcomes.iter().any(|outcome| *outcome != Outcome::Pass) => Outcome::Review,
        _ => Outcome::Pass,
    }
}

/// A map with a status is a check, a map without one is a group of checks. A status that is none of the three words is a
/// failure: what cannot be read has not passed.
fn gather(checks: &Value, outcomes: &mut Vec<Outcome>) {
    let Value::Object(group) = checks else { return };
    match group.get("status") {
        Some(status) => outcomes.push(Outcome::deserialize(status).unwrap_or(Outcome::Fail)),
        None => group
            .iter()
            .filter(|(name, _)| *name != OVERALL_OUTCOME)
            .for_each(|(_, one)| gather(one, outcomes)),
    }
}
