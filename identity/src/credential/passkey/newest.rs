//! The active passkeys of users by relying party and age, so that of many only those are read that are shown.

use storage::{Key, Range, Table};

use super::decoy::SHOWN;
use super::registered::{PasskeyStatus, PasskeySummary};
use crate::error::Error;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// Credential identifiers (base64url) of active passkeys by store, user, relying party, creation and identifier.
const BY_CREATION: Table<String> = Table::new("passkeys-by-creation");

impl Work {
    /// Brings a passkey as it is now into the index, or takes it out.
    pub(super) fn index_passkey(
        &mut self,
        store: &str,
        user: &UserId,
        passkey: &PasskeySummary,
    ) -> Result<(), Error> {
        let key = created(store, user, passkey);
        match passkey.status {
            PasskeyStatus::Active => {
                self.unit().put(&BY_CREATION, key, &passkey.credential_id)?;
            }
            PasskeyStatus::Disabled | PasskeyStatus::Cloned => {
                self.unit().remove(&BY_CREATION, key);
            }
        }
        Ok(())
    }

    /// Takes a passkey that goes out of the index.
    pub(super) fn leave_index(&mut self, store: &str, user: &UserId, passkey: &PasskeySummary) {
        self.unit().remove(&BY_CREATION, created(store, user, passkey));
    }

    /// The credential identifiers (base64url) of the newest active passkeys, newest first; no more than are shown.
    pub(super) async fn newest_passkeys(
        &mut self,
        store: &str,
        user: &UserId,
        rp_id: &str,
    ) -> Result<Vec<String>, Error> {
        let stretch = Range::prefix(of_party(store, user, rp_id)).descending();
        let rows = self.unit().list(&BY_CREATION, stretch, SHOWN).await?;
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }

    /// Brings the passkeys of a user into the index who may have had them before there was one.
    pub(crate) async fn index_passkeys(&mut self, store: &str, user: &UserId) -> Result<(), Error> {
        for passkey in self.summarise_passkeys(store, user).await? {
            self.index_passkey(store, user, &passkey)?;
        }
        Ok(())
    }
}

fn of_party(store: &str, user: &UserId, rp_id: &str) -> Key {
    Key::new().text(store).text(user.as_str()).text(rp_id)
}

fn created(store: &str, user: &UserId, passkey: &PasskeySummary) -> Key {
    let party = of_party(store, user, &passkey.relying_party_id);
    party.number(milliseconds(passkey.created_dtm)).text(&passkey.id)
}
