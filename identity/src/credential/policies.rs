//! Policies of credentials as resources of their own: each is a member of the store's configuration.

use serde_json::{Map, Value, json};

use crate::credential::recovery::RecoveryCodePolicy;
use crate::credential::totp::TotpPolicy;
use crate::error::Error;
use crate::store::{IdentityStore, StoreChange};
use crate::work::Work;

impl Work {
    /// Adds a TOTP policy to a store; what is not given has its default.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyExists`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn add_totp_policy(
        &mut self,
        store: &str,
        name: &str,
        policy: Map<String, Value>,
    ) -> Result<TotpPolicy, Error> {
        if self.read_store(store).await?.configuration.totp_policies.contains_key(name) {
            return Err(Error::TotpPolicyExists(name.to_owned()));
        }
        let store = self.configure(store, "totpPolicies", name, policy.into()).await?;
        store.totp_policy(name).cloned()
    }

    /// Reads a TOTP policy of a store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::Storage`].
    pub async fn read_totp_policy(&mut self, store: &str, name: &str) -> Result<TotpPolicy, Error> {
        self.read_store(store).await?.totp_policy(name).cloned()
    }

    /// Changes a TOTP policy member by member (RFC 7396). Authenticator apps that are registered already keep the
    /// algorithm, digits and period that they were registered with.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn update_totp_policy(
        &mut self,
        store: &str,
        name: &str,
        change: Map<String, Value>,
    ) -> Result<TotpPolicy, Error> {
        self.read_totp_policy(store, name).await?;
        let store = self.configure(store, "totpPolicies", name, change.into()).await?;
        store.totp_policy(name).cloned()
    }

    /// Removes a TOTP policy. What was registered under it can be seen and removed, and not used.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::Storage`].
    pub async fn remove_totp_policy(&mut self, store: &str, name: &str) -> Result<(), Error> {
        self.read_totp_policy(store, name).await?;
        self.configure(store, "totpPolicies", name, Value::Null).await.map(|_| ())
    }

    /// Adds a recovery code policy to a store; what is not given has its default.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyExists`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn add_recovery_code_policy(
        &mut self,
        store: &str,
        name: &str,
        policy: Map<String, Value>,
    ) -> Result<RecoveryCodePolicy, Error> {
        if self.read_store(store).await?.configuration.recovery_code_policies.contains_key(name) {
            return Err(Error::RecoveryCodePolicyExists(name.to_owned()));
        }
        let store = self.configure(store, "recoveryCodePolicies", name, policy.into()).await?;
        store.recovery_code_policy(name).cloned()
    }

    /// Reads a recovery code policy of a store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyMissing`], [`Error::Storage`].
    pub async fn read_recovery_code_policy(
        &mut self,
        store: &str,
        name: &str,
    ) -> Result<RecoveryCodePolicy, Error> {
        self.read_store(store).await?.recovery_code_policy(name).cloned()
    }

    /// Changes a recovery code policy member by member (RFC 7396). Codes that were made already stay good.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyMissing`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn update_recovery_code_policy(
        &mut self,
        store: &str,
        name: &str,
        change: Map<String, Value>,
    ) -> Result<RecoveryCodePolicy, Error> {
        self.read_recovery_code_policy(store, name).await?;
        let store = self.configure(store, "recoveryCodePolicies", name, change.into()).await?;
        store.recovery_code_policy(name).cloned()
    }

    /// Removes a recovery code policy. Codes that were made under it can be seen and removed, and not used.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyMissing`], [`Error::Storage`].
    pub async fn remove_recovery_code_policy(
        &mut self,
        store: &str,
        name: &str,
    ) -> Result<(), Error> {
        self.read_recovery_code_policy(store, name).await?;
        self.configure(store, "recoveryCodePolicies", name, Value::Null).await.map(|_| ())
    }

    /// Merges a policy into the configuration of a store; `null` takes it away.
    async fn configure(
        &mut self,
        store: &str,
        kind: &str,
        name: &str,
        policy: Value,
    ) -> Result<IdentityStore, Error> {
        let change = Map::from_iter([(kind.to_owned(), json!({ name: policy }))]);
        let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
        self.update_store(store, change).await
    }
}
