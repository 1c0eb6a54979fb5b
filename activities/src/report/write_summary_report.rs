//! Write Summary Report: what an instance came to, in one place.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::variables::{
    CHECKS, DECISION, FORM_ATTEMPTS, FORM_DATA, IDENTITY_STORE, OVERALL_OUTCOME, SUMMARY, find,
};
use crate::{Activity, Context, Failure, NoEvent};

/// Writes the summary of the instance to the process variable `_summary`: the decision, the checks, the users, the times
/// and which forms were filled in.
///
/// It stands after the Simple Decider. It repeats neither what people wrote into forms nor anything that could prove who
/// they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteSummaryReport {}

impl Activity for WriteSummaryReport {
    const NAME: &'static str = "writeSummaryReport";
    const LABEL: &'static str = "Write Summary Report";
    const CATEGORY: &'static str = "General";
    const ALIASES: &'static [&'static str] = &["writeSummaryV2"];
    type Output = ();
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        let checks = checks(context.variables);
        let at = |check: &Value| check.get("at").and_then(Value::as_str).map(str::to_owned);
        let (first, last) =
            (checks.values().filter_map(at).min(), checks.values().filter_map(at).max());
        let summary = json!({
            "decision": decision(context.variables),
            "checks": checks,
            "users": users(context.variables),
            "forms": forms(context.variables),
            "times": { "firstCheck": first, "lastCheck": last, "written": context.work.now() },
        });
        context.write(&[SUMMARY], summary);
        Ok(())
    }
}

fn decision(variables: &Map<String, Value>) -> Option<&Value> {
    find(variables, &[CHECKS, OVERALL_OUTCOME]).or_else(|| find(variables, &[DECISION]))
}

fn checks(variables: &Map<String, Value>) -> Map<String, Value> {
    let mut checks = entries(variables, CHECKS).cloned().unwrap_or_default();
    checks.remove(OVERALL_OUTCOME);
    checks
}

/// Who took part, by user key; ceremonies, which share the place with them, have no `id`.
fn users(variables: &Map<String, Value>) -> Map<String, Value> {
    let told = ["storeName", "id", "externalId", "status"];
    let kept = entries(variables, IDENTITY_STORE).into_iter().flatten();
    let users = kept.filter(|(_, user)| user.get("id").is_some());
    let members = |user: &Value| -> Map<String, Value> {
        told.iter().filter_map(|&name| Some((name.to_owned(), user.get(name)?.clone()))).collect()
    };
    users.map(|(key, user)| (key.clone(), members(user).into())).collect()
}

/// Which forms were filled in, by form data key, and how many answers each took.
fn forms(variables: &Map<String, Value>) -> Map<String, Value> {
    let keys = entries(variables, FORM_DATA).into_iter().flat_map(Map::keys);
    let attempts =
        |key: &String| find(variables, &[FORM_ATTEMPTS, key]).cloned().unwrap_or(json!(1));
    keys.map(|key| (key.clone(), json!({ "attempts": attempts(key) }))).collect()
}

fn entries<'v>(variables: &'v Map<String, Value>, name: &str) -> Option<&'v Map<String, Value>> {
    variables.get(name).and_then(Value::as_object)
}
