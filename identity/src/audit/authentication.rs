//! The records of a user's authentications, one by one.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::Key;

use super::log::{PLACES, Place};
use super::{AUDIT, Action, Entry, PasskeyInfo, Reason, TotpInfo};
use crate::credential::totp::TotpAlgorithm;
use crate::error::Error;
use crate::user::{UserId, Who};
use crate::work::Work;

/// How often an entry is looked for that is being moved into the log.
const LOOKS: usize = 3;

/// The record of an authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationRecord {
    /// What was recorded.
    pub auth_audit_record: AuthAuditRecord,
    /// The same in a form for people.
    pub auth_audit_display_info: AuthAuditDisplayInfo,
}

/// What was recorded of an authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthAuditRecord {
    /// The identifier of the record.
    pub id: String,
    /// The form of authentication, for instance `Passcode` or `TOTP`.
    #[serde(rename = "type")]
    pub form: String,
    /// The identifier of the identity store.
    pub store_id: String,
    /// The user.
    pub user_id: UserId,
    /// The policy of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The TOTP, where a code of one was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_info: Option<TotpInfo>,
    /// The passkey, where one of the user's was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkey_info: Option<PasskeyInfo>,
    /// When it happened.
    pub created_dtm: Timestamp,
    /// Who asked for it.
    pub created_by: String,
}

/// What people are shown of an authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthAuditDisplayInfo {
    /// The name of the identity store when it happened.
    pub store_name: String,
    /// The form of authentication.
    #[serde(rename = "type")]
    pub form: String,
    /// The policy of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// `SUCCEEDED` or `FAILED`.
    pub outcome: String,
    /// The TOTP, where a code of one was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_audit_info: Option<TotpAuditInfo>,
    /// The passkey, where one of the user's was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkey_audit_info: Option<PasskeyAuditInfo>,
    /// When it happened.
    pub authentication_dtm: Timestamp,
}

/// What people are shown of a passkey that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyAuditInfo {
    /// The identifier of the passkey.
    pub id: String,
    /// The relying party that it was registered for.
    pub relying_party_id: String,
    /// The policy that it was used under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// When it was used.
    pub authentication_dtm: Timestamp,
}

/// What people are shown of a TOTP whose code was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpAuditInfo {
    /// The policy that it was registered under.
    pub policy_name: String,
    /// The hash behind the codes.
    pub algorithm: TotpAlgorithm,
    /// When its registration was started.
    pub registration_created_dtm: Timestamp,
    /// When its first code was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_activated_dtm: Option<Timestamp>,
    /// When the code was checked.
    pub authentication_dtm: Timestamp,
}

impl TotpAuditInfo {
    fn of(info: &TotpInfo, authentication_dtm: Timestamp) -> TotpAuditInfo {
        TotpAuditInfo {
            policy_name: info.policy_name.clone(),
            algorithm: info.algorithm,
            registration_created_dtm: info.registration_created_dtm,
            registration_activated_dtm: info.registration_activated_dtm,
            authentication_dtm,
        }
    }
}

impl Action {
    /// The action as it is written.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    }

    /// The form of an authentication and whether it succeeded; nothing of any other action.
    pub(crate) fn authentication(self) -> Option<(String, bool)> {
        let name = self.name();
        let (form, succeeded) = match name.strip_suffix("_ACCEPTED") {
            Some(form) => (form, true),
            None => (name.strip_suffix("_REFUSED")?, false),
        };
        let form = match form {
            "TOTP" => form.to_owned(),
            form => {
                let (first, rest) = form.split_at_checked(1)?;
                format!("{first}{}", rest.to_lowercase().replace('_', ""))
            }
        };
        Some((form, succeeded))
    }
}

impl AuthenticationRecord {
    fn of(id: &str, user: UserId, entry: Entry) -> Option<AuthenticationRecord> {
        let (form, succeeded) = entry.action.authentication()?;
        let totp = entry.totp_info.as_ref();
        let totp_audit_info = totp.map(|info| TotpAuditInfo::of(info, entry.dtm));
        let passkey_audit_info = entry.passkey_info.as_ref().map(|info| PasskeyAuditInfo {
            id: info.id.clone(),
            relying_party_id: info.relying_party_id.clone(),
            policy_name: entry.policy_name.clone(),
            authentication_dtm: entry.dtm,
        });
        Some(AuthenticationRecord {
            auth_audit_display_info: AuthAuditDisplayInfo {
                store_name: entry.store_name,
                form: form.clone(),
                policy_name: entry.policy_name.clone(),
                outcome: if succeeded { "SUCCEEDED" } else { "FAILED" }.to_owned(),
                authentication_dtm: entry.dtm,
                totp_audit_info,
                passkey_audit_info,
            },
            auth_audit_record: AuthAuditRecord {
                id: id.to_owned(),
                form,
                store_id: entry.store_id,
                user_id: user,
                policy_name: entry.policy_name,
                succeeded,
                reason: entry.reason,
                totp_info: entry.totp_info,
                passkey_info: entry.passkey_info,
                created_dtm: entry.dtm,
                created_by: entry.by,
            },
        })
    }
}

impl Work {
    /// Reads the record of an authentication of a user, until the store's `auditDuration` is over.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::AuthenticationMissing`], [`Error::Storage`].
    pub async fn read_authentication(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<AuthenticationRecord, Error> {
        let store = self.read_store(store).await?;
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?.id;
        let place = Key::new().text(&store.id).text(user.as_str()).text(id);
        let entry = self.find_entry(&place, id).await?;
        let record = entry.and_then(|entry| AuthenticationRecord::of(id, user, entry));
        record.ok_or_else(|| Error::AuthenticationMissing(id.to_owned()))
    }

    /// The entry of this place. While it is moved into the log it may be missed once.
    async fn find_entry(&mut self, place: &Key, id: &str) -> Result<Option<Entry>, Error> {
        for _ in 0..LOOKS {
            match self.unit().peek(&PLACES, place).await? {
                None => return Ok(None),
                Some(Place::Logged(index)) => {
                    let record = self.find_record(index).await?;
                    return Ok(record.map(|(body, part)| body.entry(part.as_ref())));
                }
                Some(Place::Waiting { time, position }) => {
                    let key = Key::new().number(time).number(position).text(id);
                    if let Some(entry) = self.unit().peek(&AUDIT, key).await? {
                        return Ok(Some(entry));
                    }
                }
            }
        }
        Ok(None)
    }
}
