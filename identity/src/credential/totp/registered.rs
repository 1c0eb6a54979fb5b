//! Registered authenticator apps: what is stored of them, what is shown of them, and how they are managed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Seal, SealedTable, Table};
use zeroize::Zeroizing;

use super::code::Generator;
use super::{TotpAlgorithm, TotpPolicy};
use crate::audit::{Action, Entry, TotpInfo};
use crate::credential::kept::{Credential, Credentials};
use crate::credential::passcode::stand_in_key;
use crate::error::Error;
use crate::random::{identifier, random};
use crate::store::IdentityStore;
use crate::user::{User, UserId, Who};
use crate::work::Work;

/// The TOTPs.
pub(crate) const TOTPS: Credentials<Row, Secret> = Credentials::new("totp-secrets", "totps");

/// TOTPs that stand for those that a user, or nobody, does not have, by store and the letter of the name.
const STAND_INS: Table<Row> = Table::new("stand-in-totps");
/// Their secrets, by the same keys.
const STAND_IN_SECRETS: SealedTable<Secret> = SealedTable::new("stand-in-totp-secrets");

/// What is stored of a TOTP beside its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(super) id: String,
    pub(super) policy_name: String,
    pub(super) status: TotpStatus,
    pub(super) issuer: Option<String>,
    pub(super) username: String,
    pub(super) algorithm: TotpAlgorithm,
    pub(super) digits: u32,
    pub(super) period: u32,
    pub(super) created_dtm: Timestamp,
    pub(super) last_updated_dtm: Timestamp,
    pub(super) activated_dtm: Option<Timestamp>,
    pub(super) expiration_dtm: Option<Timestamp>,
    pub(super) last_authenticated_with_dtm: Option<Timestamp>,
    /// The last time step whose code was accepted.
    pub(super) last_step: Option<u64>,
}

/// What the app and the store share.
pub(crate) struct Secret(pub(super) Zeroizing<Vec<u8>>);

impl Seal for Secret {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.clone()
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Secret, String> {
        Ok(Secret(Zeroizing::new(bytes.to_vec())))
    }
}

/// What is shown of a TOTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpSummary {
    /// The identifier of the credential.
    pub id: String,
    /// When its registration was started.
    pub created_dtm: Timestamp,
    /// When it was last changed.
    pub last_updated_dtm: Timestamp,
    /// Whether it can be used.
    pub status: TotpStatus,
    /// Who the codes are for, as the app shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The name of the user, as the app shows it.
    pub username: String,
    /// The policy that it was registered under.
    pub policy_name: String,
    /// The hash behind the codes.
    pub algorithm: TotpAlgorithm,
    /// When its first code was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activated_dtm: Option<Timestamp>,
    /// Until when its first code is awaited; only while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_dtm: Option<Timestamp>,
    /// When somebody last authenticated with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

/// Whether a TOTP can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TotpStatus {
    /// It can.
    Active,
    /// Its first code is awaited.
    Pending,
    /// Somebody switched it off.
    Disabled,
}

impl TotpStatus {
    /// The status as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            TotpStatus::Active => "ACTIVE",
            TotpStatus::Pending => "PENDING",
            TotpStatus::Disabled => "DISABLED",
        }
    }
}

impl Credential for Row {
    fn policy_name(&self) -> &str {
        &self.policy_name
    }
}

impl Row {
    /// A TOTP whose first code is awaited.
    pub(super) fn new(
        id: String,
        policy_name: &str,
        policy: &TotpPolicy,
        username: &str,
        now: Timestamp,
    ) -> Row {
        Row {
            id,
            policy_name: policy_name.to_owned(),
            status: TotpStatus::Pending,
            issuer: policy.issuer.clone(),
            username: username.to_owned(),
            algorithm: policy.algorithm,
            digits: policy.digits,
            period: policy.period,
            created_dtm: now,
            last_updated_dtm: now,
            activated_dtm: None,
            expiration_dtm: Some(policy.pending_expiration.after(now)),
            last_authenticated_with_dtm: None,
            last_step: None,
        }
    }

    /// Whether its first code is awaited no longer, although none came.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.status == TotpStatus::Pending && self.expiration_dtm.is_some_and(|end| end <= now)
    }

    pub(super) fn generator(&self) -> Generator {
        Generator { algorithm: self.algorithm, digits: self.digits, period: self.period }
    }

    pub(super) fn audited(&self) -> TotpInfo {
        TotpInfo {
            id: self.id.clone(),
            policy_name: self.policy_name.clone(),
            algorithm: self.algorithm,
            registration_created_dtm: self.created_dtm,
            registration_activated_dtm: self.activated_dtm,
        }
    }

    pub(super) fn shown(self) -> TotpSummary {
        TotpSummary {
            id: self.id,
            created_dtm: self.created_dtm,
            last_updated_dtm: self.last_updated_dtm,
            status: self.status,
            issuer: self.issuer,
            username: self.username,
            policy_name: self.policy_name,
            algorithm: self.algorithm,
            activated_dtm: self.activated_dtm,
            expiration_dtm: self.expiration_dtm,
            last_authenticated_with_dtm: self.last_authenticated_with_dtm,
        }
    }
}

impl Work {
    /// Lists the TOTPs of a user, by policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn list_totps(&mut self, store: &str, who: &Who) -> Result<Vec<TotpSummary>, Error> {
        let (store, user) = self.holder(store, who).await?;
        self.summarise_totps(&store.id, &user.id).await
    }

    /// Reads a TOTP of a user by its identifier.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::TotpMissing`],
    /// [`Error::Storage`].
    pub async fn read_totp(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<TotpSummary, Error> {
        let totps = self.list_totps(store, who).await?;
        let found = totps.into_iter().find(|totp| totp.id == id);
        found.ok_or_else(|| Error::TotpMissing(id.to_owned()))
    }

    /// Switches a TOTP off or on again. One whose first code is awaited is activated by that code alone.
    ///
    /// # Errors
    ///
    /// As of [`Work::read_totp`]; [`Error::TotpStatusOutOfReach`].
    pub async fn update_totp(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
        status: TotpStatus,
    ) -> Result<TotpSummary, Error> {
        let policy = self.read_totp(store, who, id).await?.policy_name;
        let (store, user) = self.holder(store, who).await?;
        let found = TOTPS.find(self, &store.id, &user.id, &policy).await?;
        let mut row = found.ok_or_else(|| Error::TotpMissing(id.to_owned()))?;
        if row.status == status {
            return Ok(row.shown());
        }
        if row.status == TotpStatus::Pending || status == TotpStatus::Pending {
            return Err(Error::TotpStatusOutOfReach { from: row.status, to: status });
        }
        row.status = status;
        row.last_updated_dtm = self.now();
        TOTPS.keep(self, &store.id, &user.id, &row, None).await?;
        self.audit_totp(Action::TotpUpdated, &store, &user.id, &row)?;
        self.keep_user(&store, user)?;
        Ok(row.shown())
    }

    /// Removes a TOTP of a user by its identifier.
    ///
    /// # Errors
    ///
    /// As of [`Work::read_totp`].
    pub async fn remove_totp(&mut self, store: &str, who: &Who, id: &str) -> Result<User, Error> {
        let policy = self.read_totp(store, who, id).await?.policy_name;
        self.deregister_totp(store, who, &policy).await
    }

    /// Removes the TOTP that a user has under a policy, whatever its status.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::TotpPolicyMissing`] when there is neither such a TOTP nor such a policy, [`Error::TotpMissing`],
    /// [`Error::Storage`].
    pub async fn deregister_totp(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<User, Error> {
        let (store, user) = self.holder(store, who).await?;
        let Some(row) = TOTPS.find(self, &store.id, &user.id, policy).await? else {
            store.totp_policy(policy)?;
            return Err(Error::TotpMissing(policy.to_owned()));
        };
        TOTPS.erase(self, &store.id, &user.id, policy);
        self.audit_totp(Action::TotpRemoved, &store, &user.id, &row)?;
        let user = self.keep_user(&store, user)?;
        self.show(&store, user).await
    }

    /// Looks for what stands in for a TOTP that may be missing, and makes it where nobody needed it before. With it the
    /// work is that of reading a TOTP, so that it takes the same time.
    pub(super) async fn stand_in_for_totp(
        &mut self,
        store: &IdentityStore,
        policy: &str,
        letter: &str,
        missing: bool,
    ) -> Result<(), Error> {
        let key = stand_in_key(store, letter, missing);
        let found = self.unit().find(&STAND_INS, &key).await?;
        let secret = self.unit().find_sealed(&STAND_IN_SECRETS, &key).await?;
        if !missing || (found.is_some() && secret.is_some()) {
            return Ok(());
        }
        let rules = store.totp_policy(policy)?;
        let row = Row::new(identifier()?, policy, rules, "nobody", self.now());
        self.unit().put(&STAND_INS, &key, &row)?;
        let secret = random::<64>()?[..rules.algorithm.secret_length()].to_vec();
        Ok(self.unit().put_sealed(&STAND_IN_SECRETS, &key, &Secret(secret.into())).await?)
    }

    pub(super) fn audit_totp(
        &mut self,
        action: Action,
        store: &IdentityStore,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        let entry = Entry::new(action, store).user(user).policy(&row.policy_name);
        self.audit(Entry { totp_info: Some(row.audited()), ..entry })
    }

    /// The TOTPs of a user as shown, by policy.
    pub(crate) async fn summarise_totps(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<TotpSummary>, Error> {
        let rows = TOTPS.list(self, store, user).await?;
        Ok(rows.into_iter().map(Row::shown).collect())
    }

    /// The TOTPs of several users as shown, by user and policy.
    pub(crate) async fn summarise_all_totps(
        &mut self,
        users: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, TotpSummary)>, Error> {
        let rows = TOTPS.list_all(self, users).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, row.shown())).collect())
    }
}
