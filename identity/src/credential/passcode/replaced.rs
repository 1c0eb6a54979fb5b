//! Passcodes that a new one replaced while somebody waits for its check: they come back if it is undone.

use storage::{Seal, SealedTable};
use zeroize::Zeroizing;

use super::registered::{PASSCODES, PasscodeStatus, Row, Verifier};
use crate::credential::fields::{join, split};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::UserId;
use crate::work::Work;

/// The passcodes that may come back, by the identifier of the one that took their place.
const REPLACED: SealedTable<Replaced> = SealedTable::new("passcode-replaced");

/// A passcode with its verifier.
pub(super) struct Replaced {
    row: Row,
    verifier: Zeroizing<Vec<u8>>,
}

impl Seal for Replaced {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let row = serde_json::to_vec(&self.row).unwrap_or_default();
        join(&[&row, &self.verifier])
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Replaced, String> {
        let [row, verifier] = split(bytes)?;
        let row = serde_json::from_slice(row).map_err(|error| error.to_string())?;
        Ok(Replaced { row, verifier: Zeroizing::new(verifier.to_vec()) })
    }
}

impl Work {
    /// The passcode that a new one is about to replace, if it could be used again.
    pub(super) async fn replaceable(
        &mut self,
        store: &str,
        user: &UserId,
        row: &Row,
    ) -> Result<Option<Replaced>, Error> {
        let status = row.status(self.now());
        if !matches!(status, PasscodeStatus::Active | PasscodeStatus::Expired) {
            return Ok(None);
        }
        let found = PASSCODES.find_secret(self, store, user, &row.policy_name).await?;
        Ok(found.map(|Verifier(verifier)| Replaced { row: row.clone(), verifier }))
    }

    /// Keeps a replaced passcode until the new one with this identifier is checked.
    pub(super) async fn keep_replaced(&mut self, new: &str, was: &Replaced) -> Result<(), Error> {
        Ok(self.unit().put_sealed(&REPLACED, new, was).await?)
    }

    /// Forgets what the passcode with this identifier replaced.
    pub(super) fn forget_replaced(&mut self, new: &str) {
        self.unit().remove_sealed(&REPLACED, new);
    }

    /// Puts back what this passcode replaced, switched off if that was meanwhile; says whether anything was kept.
    pub(super) async fn put_back(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        new: &Row,
    ) -> Result<bool, Error> {
        let Some(Replaced { mut row, verifier }) =
            self.unit().find_sealed(&REPLACED, &new.id).await?
        else {
            return Ok(false);
        };
        row.disabled |= new.disabled;
        self.drop_former(store, user, &row);
        PASSCODES.keep(self, &store.id, user, &row, Some(&Verifier(verifier))).await?;
        Ok(true)
    }
}
