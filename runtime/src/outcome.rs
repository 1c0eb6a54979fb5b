//! What a finished instance came to: the finalizer of reference §2.9, a pure function.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The status of an instance, in the words of the documented interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InstanceStatus {
    /// Created; nobody has opened it yet.
    #[default]
    Pending,
    /// Under way.
    Active,
    /// Ended; the decision was to accept.
    CompletedEndedSuccess,
    /// Ended; the decision was to decline.
    CompletedEndedError,
    /// Abandoned: it timed out or was cancelled.
    CompletedTerminated,
    /// It cannot go on.
    CompletedProcessError,
    /// Ended for the end user; a person has to look at it.
    Review,
    /// Held until its resume link is opened.
    Paused,
}

impl InstanceStatus {
    /// Every status.
    pub const ALL: [InstanceStatus; 8] = [
        InstanceStatus::Pending,
        InstanceStatus::Active,
        InstanceStatus::CompletedEndedSuccess,
        InstanceStatus::CompletedEndedError,
        InstanceStatus::CompletedTerminated,
        InstanceStatus::CompletedProcessError,
        InstanceStatus::Review,
        InstanceStatus::Paused,
    ];

    /// How people are shown it.
    pub fn mapped(self) -> &'static str {
        match self {
            InstanceStatus::Pending => "Pending",
            InstanceStatus::Active => "In Progress",
            InstanceStatus::CompletedEndedSuccess => "Accepted",
            InstanceStatus::CompletedEndedError => "Declined",
            InstanceStatus::CompletedTerminated => "Abandoned",
            InstanceStatus::CompletedProcessError => "Error",
            InstanceStatus::Review => "Review",
            InstanceStatus::Paused => "Paused",
        }
    }
}

/// The status of an instance whose last path has ended: timed out is abandoned; otherwise the
/// decision decides, and without one any failed check declines.
pub(crate) fn of(variables: &Map<String, Value>) -> InstanceStatus {
    if variables.get(engine::TIMED_OUT) == Some(&Value::Bool(true)) {
        return InstanceStatus::CompletedTerminated;
    }
    let checks = variables.get("_checks").and_then(Value::as_object);
    let overall = checks.and_then(|checks| checks.get("overallOutcome"));
    let decision = variables.get("_decision").or(overall).and_then(Value::as_str);
    match decision {
        Some("PASS") => InstanceStatus::CompletedEndedSuccess,
        Some("REVIEW") => InstanceStatus::Review,
        Some(_) => InstanceStatus::CompletedEndedError,
        None => {
            let failed =
                |check: &Value| check.get("status").and_then(Value::as_str) == Some("FAIL");
            if checks.is_some_and(|checks| checks.values().any(failed)) {
                InstanceStatus::CompletedEndedError
            } else {
                InstanceStatus::CompletedEndedSuccess
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(variables: Value) -> &'static str {
        match variables {
            Value::Object(variables) => of(&variables).mapped(),
            _ => "no map",
        }
    }

    #[test]
    fn the_decision_decides_and_a_timeout_comes_before_it() {
        let pass = json!({"status": "PASS"});
        let fail = json!({"status": "FAIL"});
        for (variables, expected) in [
            (json!({}), "Accepted"),
            (json!({"_decision": "PASS"}), "Accepted"),
            (json!({"_decision": "FAIL"}), "Declined"),
            (json!({"_decision": "REVIEW"}), "Review"),
            (json!({"_decision": "something else"}), "Declined"),
            (json!({"_decision": "PASS", "_checks": {"a": fail}}), "Accepted"),
            (json!({"_checks": {"a": pass}}), "Accepted"),
            (json!({"_checks": {"a": pass, "b": fail}}), "Declined"),
            (json!({"_checks": {"overallOutcome": "REVIEW"}}), "Review"),
            (json!({"_decision": "PASS", "_timedOut": true}), "Abandoned"),
            (json!({"_decision": "PASS", "_timedOut": false}), "Accepted"),
        ] {
            assert_eq!(outcome(variables.clone()), expected, "{variables}");
        }
    }
}
