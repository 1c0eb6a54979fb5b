//! An export that is under way: users in the order of their identifiers, read a piece at a time.

use super::UserLine;
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::UserId;
use crate::work::Work;

/// An export of the users of a store. Who comes or goes while it is under way may be in it or not.
#[derive(Debug)]
pub struct UserExport {
    store: IdentityStore,
    secrets: bool,
    after: Option<UserId>,
}

impl Work {
    /// Begins to export the users of a store with their passkeys, and with or without what their passcodes, TOTPs and
    /// recovery codes are verified with, from the first or from the one that comes after `after`; the audit tells of it.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn start_user_export(
        &mut self,
        store: &str,
        secrets: bool,
        after: Option<UserId>,
    ) -> Result<UserExport, Error> {
        let store = self.read_store(store).await?;
        let action =
            if secrets { Action::StoreExportedWithPasscodes } else { Action::StoreExported };
        self.audit(Entry::new(action, &store))?;
        Ok(UserExport { store, secrets, after })
    }

    /// The next lines of an export, with at most so many users; nothing at its end.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`] when the store was removed meanwhile, [`Error::Storage`].
    pub async fn read_user_export(
        &mut self,
        export: &mut UserExport,
        limit: usize,
    ) -> Result<String, Error> {
        self.read_store_by_id(&export.store.id).await?;
        let rows = self.users_after(&export.store.id, export.after.as_ref(), limit).await?;
        let mut lines = String::new();
        for row in rows {
            export.after = Some(row.id.clone());
            let (store, user) = (&export.store.id, &row.id);
            let passkeys = self.export_passkeys(store, user).await?;
            let (passcodes, totps, recovery_codes) = match export.secrets {
                true => (
                    self.export_passcodes(store, user).await?,
                    self.export_totps(store, user).await?,
                    self.export_recovery_codes(store, user).await?,
                ),
                false => <_>::default(),
            };
            let line = UserLine {
                passcodes,
                passkeys,
                totps,
                recovery_codes,
                ..UserLine::of(row, self.now())
            };
            // Only texts, times and lists of them: it always has a JSON form.
            lines.push_str(&serde_json::to_string(&line).unwrap_or_default());
            lines.push('\n');
        }
        Ok(lines)
    }
}
