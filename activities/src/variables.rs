//! The process variables that activities share: where users, ceremonies, forms and checks are kept.

use identity::{AlgorithmInfo, FormerPasscode, PasscodeRequirements, User, Who};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::Context;

/// Users by their key, and the ceremonies under way by theirs.
pub(crate) const IDENTITY_STORE: &str = "_identityStore";
/// What was filled in, by form data key.
pub(crate) const FORM_DATA: &str = "_customFormData";
/// How many answers each form has had, by form data key.
pub(crate) const FORM_ATTEMPTS: &str = "_customFormAttempts";
/// The checks, by the key of what was checked.
pub(crate) const CHECKS: &str = "_checks";
/// The member of the checks that holds the decision.
pub(crate) const OVERALL_OUTCOME: &str = "overallOutcome";
/// The decision, under the name that definitions give it by custom.
pub(crate) const DECISION: &str = "_decision";
/// The summary report.
pub(crate) const SUMMARY: &str = "_summary";

/// What is kept of a user besides the store's name. How many attempts are left before a lock is not: it is true for a
/// moment only, and tells somebody who guesses where they stand.
const KEPT_OF_A_USER: [&str; 7] =
    ["id", "externalId", "status", "locale", "timezone", "attributes", "summaryInfo"];

/// What a check, or all of them together, came to.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Outcome {
    Pass,
    Fail,
    Review,
}

/// A ceremony in two halves: what the page and the second half have to find again. It is what an anonymous page is told
/// as well; the secrets rest in the identity store.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptCeremony {
    pub(crate) store_name: String,
    pub(crate) policy_name: String,
    pub(crate) user_key: String,
    pub(crate) session_id: String,
    pub(crate) algorithm_info: AlgorithmInfo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requirements: Option<PasscodeRequirements>,
    /// How the present passcode is proved; in a renewal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current_algorithm_info: Option<AlgorithmInfo>,
    /// The passcodes that a new one is compared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) passcode_history: Vec<FormerPasscode>,
    /// The name of the user, if the end user has typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
}

/// Finds a value by the names that lead to it.
pub(crate) fn find<'v>(variables: &'v Map<String, Value>, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let start = variables.get(*first)?;
    rest.iter().try_fold(start, |value, name| value.get(*name)).filter(|value| !value.is_null())
}

impl Context<'_> {
    /// The identifier of the user who is kept under the key, if they are of this store.
    pub(crate) fn kept_user(&self, store: &str, key: &str) -> Option<Who> {
        let kept = find(self.variables, &[IDENTITY_STORE, key])?;
        let text = |name: &str| kept.get(name).and_then(Value::as_str);
        (text("storeName")? == store).then_some(())?;
        Some(Who::Id(text("id")?.into()))
    }

    /// Keeps a user under the key, for later activities.
    pub(crate) fn keep_user(
        &mut self,
        store: &str,
        key: &str,
        user: &User,
    ) -> Result<(), anyhow::Error> {
        let told = serde_json::to_value(user)?;
        let member = |&name: &&str| Some((name.to_owned(), told.get(name)?.clone()));
        let mut view: Map<String, Value> = KEPT_OF_A_USER.iter().filter_map(member).collect();
        view.insert("storeName".to_owned(), store.into());
        self.write(&[IDENTITY_STORE, key], view.into());
        Ok(())
    }

    /// The external identifier by which a user is named, if the end user has typed it in a form of this journey. What
    /// they did not type is not shown to them: it would tell who is meant to whoever has the link.
    pub(crate) fn typed_name(&self, external_id: Option<&String>) -> Option<String> {
        let forms = find(self.variables, &[FORM_DATA])?.as_object()?;
        let mut values = forms.values().filter_map(Value::as_object).flat_map(Map::values);
        let name = external_id.filter(|name| !name.is_empty())?;
        values.any(|value| value == name.as_str()).then(|| name.clone())
    }

    /// The ceremony that was started under the key.
    pub(crate) fn ceremony(&self, key: &str) -> Option<KeptCeremony> {
        let kept = find(self.variables, &[IDENTITY_STORE, key])?;
        KeptCeremony::deserialize(kept).ok()
    }

    /// Keeps a ceremony under the key.
    pub(crate) fn keep_ceremony(
        &mut self,
        key: &str,
        ceremony: &KeptCeremony,
    ) -> Result<(), anyhow::Error> {
        self.write(&[IDENTITY_STORE, key], serde_json::to_value(ceremony)?);
        Ok(())
    }

    /// Writes the check of this key, counting one attempt more than it has had.
    pub(crate) fn check(&mut self, key: &str, outcome: Outcome, activity: &str, code: Option<u32>) {
        let before =
            find(self.variables, &[CHECKS, key, "attempts"]).and_then(Value::as_u64).unwrap_or(0);
        let at: Timestamp = self.work.now();
        let mut check = json!({
            "status": outcome,
            "activity": activity,
            "at": at,
            "attempts": before.saturating_add(1),
        });
        if let Some(code) = code {
            check["code"] = code.into();
        }
        self.write(&[CHECKS, key], check);
    }
}
