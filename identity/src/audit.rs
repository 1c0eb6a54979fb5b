//! The audit: what was changed and who was verified, written in the same commit, without any secret.
//!
//! An entry is first written as it is, under its time and a random identifier, so that commits never wait for each
//! other. Soon afterwards [`Work::sequence_audit`] moves what waits into the log, oldest first, and gives each
//! record an index that never changes:
//!
//! - The **body** of a record is the text of a JSON object: index, identifier, time, who did it, action, store,
//!   policy, and the hash of the personal part. It stays as it is until its time is over.
//! - The **personal part** is the text of a JSON object with the user's identifier, the reason and the credential. It lies in
//!   a row of its own with a random salt of 32 bytes; the body holds only SHA-256(salt ‖ part), of which nobody can
//!   guess the part.
//! - The **leaf** of a record is SHA-256(0x00 ‖ body). The leaves make the Merkle tree of RFC 6962; each batch ends
//!   with a **checkpoint** over the whole tree, a signed note of C2SP. The last one of each hour is kept.
//!
//! After the store's `auditDuration` body and part go, and the leaf stays. When a user is erased, the parts of all
//! records about the user go, and bodies and leaves stay. Both leave every checkpoint provable. What is waiting is
//! not yet under a checkpoint: whoever can write to the disk can change it unnoticed within those seconds.

mod authentication;
mod erasure;
mod export;
mod log;
mod note;
mod tree;
mod verify;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};

pub use authentication::{
    AuthAuditDisplayInfo, AuthAuditRecord, AuthenticationRecord, TotpAuditInfo,
};
pub use export::{Export, SignedCheckpoint};
pub use note::VerifierKey;
pub use verify::{Hashes, Proof, Tampering, Verifier};

use crate::credential::totp::TotpAlgorithm;
use crate::error::Error;
use crate::modality::Modality;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::user::UserId;
use crate::work::{Work, milliseconds};
use log::Place;

/// The entries that are not in the log yet, by time, position in their commit, and identifier.
const AUDIT: Table<Entry> = Table::new("audit");
/// What is written in place of an entry where there is nothing to note, and in place of where one is.
const STAND_INS: Table<Entry> = Table::new("stand-in-records");
const STAND_IN_PLACES: Table<Place> = Table::new("stand-in-places-of-records");

/// One thing that happened in an identity store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When it happened.
    pub dtm: Timestamp,
    /// Who did it.
    pub by: String,
    /// What happened.
    pub action: Action,
    /// The identifier of the identity store; empty where it happened to the tenant.
    pub store_id: String,
    /// The name that the identity store had; empty where it happened to the tenant.
    pub store_name: String,
    /// The user that it happened to, where there is one. A name that is nobody's is not kept: people type
    /// passcodes into the wrong field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The policy of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// The form of authentication that was locked or unlocked, or that locked the user by failing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// Why an authentication was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The TOTP, where one was registered, changed or used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_info: Option<TotpInfo>,
    /// The passkey, where one of the user's was registered, changed, removed or used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey_info: Option<PasskeyInfo>,
}

/// What the audit keeps of a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyInfo {
    /// The identifier of the passkey.
    pub id: String,
    /// The relying party that it was registered for.
    pub relying_party_id: String,
}

/// What the audit keeps of a TOTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpInfo {
    /// The identifier of the credential.
    pub id: String,
    /// The policy that it was registered under.
    pub policy_name: String,
    /// The hash behind the codes.
    pub algorithm: TotpAlgorithm,
    /// When its registration was started.
    pub registration_created_dtm: Timestamp,
    /// When its first code was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_activated_dtm: Option<Timestamp>,
}

/// What happened. Those of authentications end in `ACCEPTED` or `REFUSED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// An identity store was added.
    StoreAdded,
    /// An identity store was changed.
    StoreUpdated,
    /// An identity store was removed with its users.
    StoreRemoved,
    /// What the tenant may have at most was changed; it is about no identity store.
    LimitsChanged,
    /// The users of an identity store were exported.
    StoreExported,
    /// The users of an identity store were exported with what their passcodes, TOTPs and recovery codes are verified
    /// with.
    StoreExportedWithPasscodes,
    /// A user was added.
    UserAdded,
    /// A user was changed.
    UserUpdated,
    /// A user was removed.
    UserRemoved,
    /// A user was locked by hand.
    UserLocked,
    /// Failed authentications locked a user for a time.
    UserTempLocked,
    /// A lock for a time was over, and the user authenticated.
    UserTempUnlocked,
    /// Failed authentications locked a user until somebody takes the lock off.
    UserLockedByFailures,
    /// The lock was taken off a user by hand.
    UserUnlocked,
    /// A form of authentication of a user was locked by hand.
    ModalityLocked,
    /// The lock was taken off a form of authentication of a user by hand.
    ModalityUnlocked,
    /// A passcode was registered.
    PasscodeRegistered,
    /// A passcode was brought from elsewhere, as a verifier or a hash.
    PasscodeImported,
    /// A passcode was undone after its registration: it was found among those that everybody tries first.
    PasscodeUndone,
    /// A passcode that came as a hash was shown once, and a verifier took the place of the hash.
    PasscodeConverted,
    /// A passcode was removed.
    PasscodeRemoved,
    /// The status or the expiration date of a passcode was changed.
    PasscodeUpdated,
    /// Somebody proved to know a passcode and put another in its place.
    PasscodeRenewed,
    /// Somebody proved to know a passcode.
    PasscodeAccepted,
    /// An authentication with a passcode failed.
    PasscodeRefused,
    /// A passkey was registered.
    PasskeyRegistered,
    /// A passkey was brought from elsewhere.
    PasskeyImported,
    /// The name or the status of a passkey was changed.
    PasskeyUpdated,
    /// A passkey was removed.
    PasskeyRemoved,
    /// Somebody proved to have a passkey.
    PasskeyAccepted,
    /// An authentication with a passkey failed.
    PasskeyRefused,
    /// The registration of a TOTP was started.
    TotpRegistered,
    /// A TOTP was brought from elsewhere.
    TotpImported,
    /// The registration of a TOTP was completed with its first code.
    TotpActivated,
    /// A TOTP was switched off or on again.
    TotpUpdated,
    /// A TOTP was removed.
    TotpRemoved,
    /// Somebody authenticated with a code of a TOTP.
    TotpAccepted,
    /// An authentication with a code of a TOTP failed.
    TotpRefused,
    /// Recovery codes were made, in place of all earlier ones.
    RecoveryCodesGenerated,
    /// Recovery codes were brought from elsewhere.
    RecoveryCodesImported,
    /// Recovery codes were removed.
    RecoveryCodesRemoved,
    /// Somebody authenticated with a recovery code.
    RecoveryCodeAccepted,
    /// An authentication with a recovery code failed.
    RecoveryCodeRefused,
}

/// Why an authentication was refused; only the audit knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The proof did not belong to the passcode.
    WrongPasscode,
    /// Too many had failed before; it was not examined.
    Throttled,
    /// There is no such user.
    UserUnknown,
    /// The user was locked.
    UserLocked,
    /// The user was disabled.
    UserDisabled,
    /// This form of authentication was locked for the user.
    ModalityLocked,
    /// The user has no passcode under this policy.
    PasscodeMissing,
    /// The passcode had expired.
    PasscodeExpired,
    /// The passcode was disabled.
    PasscodeDisabled,
    /// The passcode had been undone: it is one that everybody tries first.
    PasscodeTooCommon,
    /// The passcode is a hash of another system that was not verified yet.
    PasscodeImported,
    /// The passcode was right, but the new one that was to take its place is not allowed.
    NewPasscodeUnfit,
    /// What the client answered did not belong to the ceremony, the user or the passkey.
    WrongPasskey,
    /// There is no passkey for the credential.
    PasskeyMissing,
    /// The passkey was disabled, or might have been copied.
    PasskeyNotActive,
    /// The signature counter of the passkey went back.
    PasskeyCloned,
    /// The client said that it could not use a passkey.
    ClientFailed,
    /// The client said that the person did not want to.
    ClientCancelled,
    /// The client said that nobody did anything in time.
    ClientTimedOut,
    /// The code was not the right one.
    WrongCode,
    /// The code had been used before, or a later one had.
    CodeUsed,
    /// The user has no TOTP under this policy.
    TotpMissing,
    /// The first code of the TOTP was still awaited.
    TotpPending,
    /// The TOTP was switched off.
    TotpDisabled,
    /// The user has no recovery codes under this policy.
    RecoveryCodesMissing,
}

impl Entry {
    /// An entry on something in this store; the rest is filled in as it is written.
    pub(crate) fn new(action: Action, store: &IdentityStore) -> Entry {
        let (store_id, store_name) = (store.id.clone(), store.name.clone());
        Entry { store_id, store_name, ..Entry::of_tenant(action) }
    }

    /// An entry on something in no store.
    pub(crate) fn of_tenant(action: Action) -> Entry {
        Entry {
            dtm: Timestamp::UNIX_EPOCH,
            by: String::new(),
            action,
            store_id: String::new(),
            store_name: String::new(),
            user_id: None,
            policy_name: None,
            modality: None,
            reason: None,
            totp_info: None,
            passkey_info: None,
        }
    }

    pub(crate) fn user(self, user: &UserId) -> Entry {
        Entry { user_id: Some(user.clone()), ..self }
    }

    pub(crate) fn policy(self, policy: &str) -> Entry {
        Entry { policy_name: Some(policy.to_owned()), ..self }
    }
}

impl Work {
    /// Writes an entry, by and at what this work is.
    pub(crate) fn audit(&mut self, entry: Entry) -> Result<(), Error> {
        self.record(entry).map(drop)
    }

    /// Writes an entry, by and at what this work is; gives its identifier.
    pub(crate) fn record(&mut self, entry: Entry) -> Result<String, Error> {
        let entry = Entry { dtm: self.now(), by: self.by().to_owned(), ..entry };
        let id = identifier()?;
        let (time, position) = (milliseconds(entry.dtm), self.next_entry());
        if let Some(user) = &entry.user_id {
            self.place(&entry.store_id, user, &id, &Place::Waiting { time, position })?;
        }
        self.count_event(&entry);
        let key = Key::new().number(time).number(position).text(&id);
        self.unit().put(&AUDIT, key, &entry)?;
        Ok(id)
    }

    /// Does the work of writing an entry about a user, without writing one; the user is nobody.
    pub(crate) fn record_nothing(&mut self, key: &Key, entry: Entry) -> Result<(), Error> {
        let user_id = Some(UserId::draw()?);
        let entry = Entry { dtm: self.now(), by: self.by().to_owned(), user_id, ..entry };
        self.count_no_event(&entry);
        Ok(self.unit().put(&STAND_INS, key, &entry)?)
    }

    /// Does the work of writing where an entry about a user is, without writing it.
    pub(crate) fn place_nothing(&mut self, key: &Key) -> Result<(), Error> {
        let place = Place::Waiting { time: milliseconds(self.now()), position: 1 };
        Ok(self.unit().put(&STAND_IN_PLACES, key, &place)?)
    }

    /// Whether an entry of this time or before is not in the log yet.
    pub(crate) async fn audit_waits(&mut self, time: Timestamp) -> Result<bool, Error> {
        let before = Key::new().number(milliseconds(time) + 1);
        Ok(!self.unit().list(&AUDIT, Range::all().before(before), 1).await?.is_empty())
    }

    /// The latest entries of the tenant, newest first, at most so many.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn list_audit(&mut self, limit: usize) -> Result<Vec<Entry>, Error> {
        let rows = self.unit().list(&AUDIT, Range::all().descending(), limit).await?;
        let mut entries: Vec<Entry> = rows.into_iter().map(|(_, entry)| entry).collect();
        entries.extend(self.latest_records(limit - entries.len()).await?);
        Ok(entries)
    }
}

#[cfg(test)]
mod tests;
