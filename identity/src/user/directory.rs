//! Adding, finding, changing, listing and removing users.

use std::collections::BTreeSet;

use jiff::Timestamp;
use storage::{Counter, Key, Range, Table};

use super::row::Row;
use super::status::Standing;
use super::{NewUser, SummaryInfo, User, UserChange, UserId, UserStatus, Who};
use crate::audit::{Action, Entry};
use crate::credential::recovery::RECOVERY_CODES;
use crate::credential::totp::TOTPS;
use crate::error::Error;
use crate::lock::LockState;
use crate::statistics::Total;
use crate::store::IdentityStore;
use crate::work::{Work, milliseconds};

/// The users by store and identifier.
pub(super) const USERS: Table<Row> = Table::new("users");
/// The identifiers of users by store and external identifier.
const EXTERNAL_IDS: Table<UserId> = Table::new("users-by-external-id");
/// The identifiers of users by store and time of creation.
pub(super) const BY_CREATION: Table<UserId> = Table::new("users-by-creation");
/// How many users were ever added to a store.
const ADDED: Counter = Counter::new("users-added");
/// How many users were ever removed from a store.
const REMOVED: Counter = Counter::new("users-removed");

impl Work {
    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserInvalid`], [`Error::StatusOutOfReach`], [`Error::ExternalIdTaken`],
    /// [`Error::Storage`].
    pub async fn add_user(&mut self, store: &str, new: NewUser) -> Result<User, Error> {
        let store = self.read_store(store).await?;
        let row = self.insert_user(&store, new, UserId::draw()?, self.now()).await?;
        Ok(row.shown(SummaryInfo::default(), self.now()))
    }

    /// Adds a user with this identifier, as if at this time.
    pub(crate) async fn insert_user(
        &mut self,
        store: &IdentityStore,
        new: NewUser,
        id: UserId,
        created_dtm: Timestamp,
    ) -> Result<Row, Error> {
        let defaults = &store.configuration;
        let status = new.status.unwrap_or(defaults.default_user_status);
        let mut row = Row {
            id,
            external_id: new.external_id,
            standing: match status {
                UserStatus::PendingActive => Standing::PendingActive,
                _ => Standing::Active,
            },
            locale: new.locale.unwrap_or_else(|| defaults.default_user_locale.clone()),
            timezone: new.timezone.unwrap_or_else(|| defaults.default_user_timezone.clone()),
            attributes: new.attributes,
            locks: LockState::default(),
            locked_modalities: BTreeSet::new(),
            mark: None,
            created_dtm,
            last_updated_dtm: self.now(),
            created_by: self.by().to_owned(),
            last_updated_by: self.by().to_owned(),
            last_authenticated_dtm: None,
        };
        row.give(status, self.now())?;
        let row = row.checked()?;
        // A journey goes on after a refusal and keeps what was written: so nothing is, before all is allowed.
        if let Some(external_id) = &row.external_id {
            self.expect_unused_external_id(store, external_id).await?;
        }
        self.count_added_user().await?;
        if let Some(external_id) = &row.external_id {
            self.unit().put(&EXTERNAL_IDS, key(&store.id, external_id), &row.id)?;
        }
        self.unit().put(&USERS, key(&store.id, row.id.as_str()), &row)?;
        self.index_user(&store.id, None, Some(&row))?;
        self.unit().put(&BY_CREATION, created(&store.id, &row), &row.id)?;
        self.unit().add(&ADDED, &store.id, 1, None);
        self.audit(Entry::new(Action::UserAdded, store).user(&row.id))?;
        Ok(row)
    }

    /// Reads a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn read_user(&mut self, store: &str, who: &Who) -> Result<User, Error> {
        let (store, row) = self.holder(store, who).await?;
        self.show(&store, row).await
    }

    /// Changes a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::UserInvalid`],
    /// [`Error::StatusOutOfReach`], [`Error::ExternalIdTaken`], [`Error::Storage`].
    pub async fn update_user(
        &mut self,
        store: &str,
        who: &Who,
        change: UserChange,
    ) -> Result<User, Error> {
        let (store, row) = self.holder(store, who).await?;
        let row = self.change_user(&store, row, change).await?;
        self.show(&store, row).await
    }

    /// Changes a user; gives the row as it is then.
    pub(crate) async fn change_user(
        &mut self,
        store: &IdentityStore,
        mut row: Row,
        change: UserChange,
    ) -> Result<Row, Error> {
        let before = row.clone();
        if let Some(external_id) = change.external_id {
            row.external_id = Some(external_id).filter(|id| !id.is_empty());
        }
        if let Some(status) = change.status {
            row.give(status, self.now())?;
        }
        row.locale = change.locale.unwrap_or(row.locale);
        row.timezone = change.timezone.unwrap_or(row.timezone);
        for (name, value) in change.attributes {
            match value {
                Some(value) => row.attributes.insert(name, value),
                None => row.attributes.remove(&name),
            };
        }
        let row = row.checked()?;
        if row.external_id != before.external_id {
            if let Some(external_id) = &row.external_id {
                self.expect_unused_external_id(store, external_id).await?;
                self.unit().put(&EXTERNAL_IDS, key(&store.id, external_id), &row.id)?;
            }
            if let Some(former) = &before.external_id {
                self.unit().remove(&EXTERNAL_IDS, key(&store.id, former));
            }
        }
        self.index_user(&store.id, Some(&before), Some(&row))?;
        self.audit(Entry::new(Action::UserUpdated, store).user(&row.id))?;
        self.keep_user(store, row)
    }

    /// Removes a user with all credentials.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn remove_user(&mut self, store: &str, who: &Who) -> Result<(), Error> {
        let (store, row) = self.holder(store, who).await?;
        self.erase_user(&store.id, &row).await?;
        self.unit().add(&REMOVED, &store.id, 1, None);
        self.count_removed_users(1);
        self.audit(Entry::new(Action::UserRemoved, &store).user(&row.id))
    }

    /// The store and the user of these names.
    pub(crate) async fn holder(
        &mut self,
        store: &str,
        who: &Who,
    ) -> Result<(IdentityStore, Row), Error> {
        let store = self.read_store(store).await?;
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        Ok((store, user))
    }

    /// The user, if there is one.
    pub(crate) async fn find_user(
        &mut self,
        store: &IdentityStore,
        who: &Who,
    ) -> Result<Option<Row>, Error> {
        let id = match who {
            Who::Id(id) => Some(id.clone()),
            Who::ExternalId(id) => self.unit().find(&EXTERNAL_IDS, key(&store.id, id)).await?,
        };
        // Of nobody a row is looked for as well, so that it takes the same time.
        let id = id.unwrap_or_else(UserId::nobody);
        Ok(self.unit().find(&USERS, key(&store.id, id.as_str())).await?)
    }

    /// Whether there is a user of this identifier.
    pub(crate) async fn has_user(&mut self, store: &str, user: &str) -> Result<bool, Error> {
        Ok(self.unit().find(&USERS, key(store, user)).await?.is_some())
    }

    /// Writes a user, changed now and by whoever does this work.
    pub(crate) fn keep_user(&mut self, store: &IdentityStore, row: Row) -> Result<Row, Error> {
        let row =
            Row { last_updated_dtm: self.now(), last_updated_by: self.by().to_owned(), ..row };
        self.keep_attempt(store, &row)?;
        Ok(row)
    }

    /// Writes a user whose authentication succeeded or failed, which changes nothing that was entered.
    pub(crate) fn keep_attempt(&mut self, store: &IdentityStore, row: &Row) -> Result<(), Error> {
        Ok(self.unit().put(&USERS, key(&store.id, row.id.as_str()), row)?)
    }

    /// The user as shown now.
    pub(crate) async fn show(&mut self, store: &IdentityStore, row: Row) -> Result<User, Error> {
        let summary_info = self.summarise_credentials(store, &row.id).await?;
        Ok(row.shown(summary_info, self.now()))
    }

    /// The credentials of a user of all kinds.
    pub(crate) async fn summarise_credentials(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
    ) -> Result<SummaryInfo, Error> {
        Ok(SummaryInfo {
            passcodes: self.summarise_passcodes(&store.id, user).await?,
            passkeys: self.summarise_passkeys(&store.id, user).await?,
            totps: self.summarise_totps(&store.id, user).await?,
            recovery_codes: self.summarise_recovery_codes(&store.id, user).await?,
        })
    }

    /// How many users were added to a store and removed from it.
    pub(crate) async fn count_users(&mut self, store: &str) -> Result<Total, Error> {
        let added = self.unit().count(&ADDED, store).await?;
        Ok(Total::of(added, self.unit().count(&REMOVED, store).await?))
    }

    /// Erases at most so many users of a store, and what failed for nobody; says how many it found.
    pub(crate) async fn erase_users(&mut self, store: &str, limit: usize) -> Result<usize, Error> {
        let users = self.unit().list(&USERS, Range::prefix(store), limit).await?;
        for (_, row) in &users {
            self.erase_user(store, row).await?;
        }
        self.count_removed_users(users.len());
        if users.len() < limit {
            self.unit().remove_counter(&ADDED, store);
            self.unit().remove_counter(&REMOVED, store);
            self.erase_imports(store).await?;
            self.erase_hash_templates(store).await?;
            self.erase_events(store);
            self.erase_stand_ins(store).await?;
            return Ok(users.len() + self.erase_marks(store, limit - users.len()).await?);
        }
        Ok(users.len())
    }

    /// The next users of a store in the order of their identifiers, after this one; at most so many.
    pub(crate) async fn users_after(
        &mut self,
        store: &str,
        after: Option<&UserId>,
        limit: usize,
    ) -> Result<Vec<Row>, Error> {
        let mut range = Range::prefix(store);
        if let Some(after) = after {
            range = range.after(key(store, after.as_str()));
        }
        let rows = self.unit().list(&USERS, range, limit).await?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// The next users of all stores, each with its store's identifier, after this one; at most so many. The commit
    /// fails if one of them is changed meanwhile.
    pub(super) async fn users_of_all_stores(
        &mut self,
        after: Option<&(String, UserId)>,
        limit: usize,
    ) -> Result<Vec<(String, Row)>, Error> {
        let mut range = Range::all();
        if let Some((store, user)) = after {
            range = range.after(key(store, user.as_str()));
        }
        let mut users = Vec::new();
        for (key, _) in self.unit().list(&USERS, range, limit).await? {
            let store = key.read().text()?;
            users.extend(self.unit().find(&USERS, &key).await?.map(|row| (store, row)));
        }
        Ok(users)
    }

    async fn erase_user(&mut self, store: &str, row: &Row) -> Result<(), Error> {
        self.erase_passcodes(store, &row.id).await?;
        self.erase_from_audit(store, &row.id)?;
        self.erase_passkeys(store, &row.id).await?;
        TOTPS.erase_all(self, store, &row.id).await?;
        RECOVERY_CODES.erase_all(self, store, &row.id).await?;
        if let Some(external_id) = &row.external_id {
            self.unit().remove(&EXTERNAL_IDS, key(store, external_id));
        }
        self.index_user(store, Some(row), None)?;
        self.unit().remove(&BY_CREATION, created(store, row));
        self.unit().remove(&USERS, key(store, row.id.as_str()));
        Ok(())
    }

    async fn expect_unused_external_id(
        &mut self,
        store: &IdentityStore,
        external_id: &str,
    ) -> Result<(), Error> {
        match self.unit().find(&EXTERNAL_IDS, key(&store.id, external_id)).await? {
            Some(_) => Err(Error::ExternalIdTaken(external_id.to_owned())),
            None => Ok(()),
        }
    }
}

pub(super) fn key(store: &str, name: &str) -> Key {
    Key::new().text(store).text(name)
}

fn created(store: &str, row: &Row) -> Key {
    Key::new().text(store).number(milliseconds(row.created_dtm)).text(row.id.as_str())
}
