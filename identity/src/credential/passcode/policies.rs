//! Passcode policies as things of their own, beside being members of a store's configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Flaw};
use crate::period::Period;
use crate::policy::{PasscodePolicy, PasscodeRequirements};
use crate::store::StoreChange;
use crate::work::Work;

/// A passcode policy with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedPasscodePolicy {
    /// The name, unique within the store. A request may call it `name` as well.
    #[serde(alias = "name")]
    pub policy_name: String,
    /// What the policy is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a passcode has to look like.
    #[serde(default)]
    pub passcode_requirements: PasscodeRequirements,
    /// How long a passcode can be used after its registration; for ever without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<Period>,
}

impl NamedPasscodePolicy {
    fn new(name: &str, policy: PasscodePolicy) -> NamedPasscodePolicy {
        NamedPasscodePolicy {
            policy_name: name.to_owned(),
            description: policy.description,
            passcode_requirements: policy.passcode_requirements,
            expiration_duration: policy.expiration_duration,
        }
    }
}

impl Work {
    /// Adds a passcode policy to a store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyExists`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn add_passcode_policy(
        &mut self,
        store: &str,
        new: NamedPasscodePolicy,
    ) -> Result<NamedPasscodePolicy, Error> {
        let present = self.read_store(store).await?;
        if present.configuration.passcode_policies.contains_key(&new.policy_name) {
            return Err(Error::PolicyExists(new.policy_name));
        }
        let name = new.policy_name;
        let policy = PasscodePolicy {
            description: new.description,
            passcode_requirements: new.passcode_requirements,
            expiration_duration: new.expiration_duration,
        };
        let policy = serde_json::to_value(policy).unwrap_or_default();
        self.change_passcode_policy(store, &name, policy).await?;
        self.read_passcode_policy(store, &name).await
    }

    /// Reads a passcode policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::Storage`].
    pub async fn read_passcode_policy(
        &mut self,
        store: &str,
        name: &str,
    ) -> Result<NamedPasscodePolicy, Error> {
        let store = self.read_store(store).await?;
        Ok(NamedPasscodePolicy::new(name, store.passcode_policy(name)?.clone()))
    }

    /// Changes a passcode policy: what is not given stays as it is, `null` takes a member back to its default
    /// (RFC 7396). Passcodes that were registered stay good until they expire.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn update_passcode_policy(
        &mut self,
        store: &str,
        name: &str,
        change: Map<String, Value>,
    ) -> Result<NamedPasscodePolicy, Error> {
        self.read_store(store).await?.passcode_policy(name)?;
        self.change_passcode_policy(store, name, Value::Object(change)).await?;
        self.read_passcode_policy(store, name).await
    }

    /// Removes a passcode policy. The passcodes under it can no longer be used; they can be removed.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::Storage`].
    pub async fn remove_passcode_policy(&mut self, store: &str, name: &str) -> Result<(), Error> {
        self.read_store(store).await?.passcode_policy(name)?;
        self.change_passcode_policy(store, name, Value::Null).await
    }

    async fn change_passcode_policy(
        &mut self,
        store: &str,
        name: &str,
        policy: Value,
    ) -> Result<(), Error> {
        let member = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
        let policies = Value::Object(member(name, policy));
        let configuration = Some(member("passcodePolicies", policies));
        let change = StoreChange { configuration, ..StoreChange::default() };
        match self.update_store(store, change).await {
            Err(Error::StoreInvalid(flaws)) => Err(Error::StoreInvalid(shortened(flaws, name))),
            other => other.map(drop),
        }
    }
}

/// The flaws with paths that begin at the policy.
fn shortened(flaws: Vec<Flaw>, name: &str) -> Vec<Flaw> {
    let beginning = format!("configuration.passcodePolicies.{name}");
    let shorten = |Flaw { path, message }: Flaw| {
        let path = match path.strip_prefix(&beginning) {
            Some("") => "policyName".to_owned(),
            Some(rest) => rest.trim_start_matches('.').to_owned(),
            None => path,
        };
        Flaw { path, message }
    };
    flaws.into_iter().map(shorten).collect()
}
