//! An import: its lines are read in parts, each in one commit with how far it is.

use std::collections::BTreeSet;
use std::mem::take;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reason::reason_of;
use super::{PasscodeLine, PasskeyLine, RecoveryCodesLine, TotpLine, UserLine};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::modality::Modality;
use crate::name::is_identifier;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::user::{NewUser, Row, UserChange, UserId};
use crate::work::Work;

/// The longest line that is read, in bytes.
pub const LONGEST_LINE: usize = 1 << 20;
/// How many lines that failed are kept with their reasons; all are counted.
const MOST_FAILURES: usize = 100;
/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 200;

/// An import and how far it is; it is kept for the store's `auditDuration` after it last went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// The identifier.
    pub id: String,
    /// Whether more lines are awaited.
    pub status: ImportStatus,
    /// How many lines were read, empty ones included; the next is one later.
    pub lines: u64,
    /// How many users were added.
    pub created: u64,
    /// How many users were changed.
    pub updated: u64,
    /// How many users were there as the line says already.
    pub unchanged: u64,
    /// How many lines were not usable.
    pub failed: u64,
    /// The first hundred of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<ImportFailure>,
    /// When it was begun.
    pub created_dtm: Timestamp,
    /// When it last went on.
    pub last_updated_dtm: Timestamp,
    /// Who began it.
    pub created_by: String,
}

/// Whether an import is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportStatus {
    /// More lines are awaited: they are under way, or whoever sent them was cut off.
    Open,
    /// Its last line was read.
    Completed,
}

/// A line that was not usable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportFailure {
    /// The number of the line, counted from 1.
    pub line: u64,
    /// What was wrong with it: the member, without what it holds.
    pub reason: String,
}

/// What a line came to.
enum Change {
    Created,
    Updated,
    Unchanged,
}

/// The credentials of a line.
struct Brought {
    passcodes: Vec<PasscodeLine>,
    passkeys: Vec<PasskeyLine>,
    totps: Vec<TotpLine>,
    recovery_codes: Vec<RecoveryCodesLine>,
}

impl Brought {
    fn out_of(line: &mut UserLine) -> Brought {
        Brought {
            passcodes: take(&mut line.passcodes),
            passkeys: take(&mut line.passkeys),
            totps: take(&mut line.totps),
            recovery_codes: take(&mut line.recovery_codes),
        }
    }
}

impl Work {
    /// Begins an import, or takes up the one of this identifier, which is chosen by whoever imports: 1 to 64
    /// letters, digits, `-` and `_`. Without one it is drawn. A completed import can be taken up for further lines.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::ImportUnnamed`], [`Error::ImportCutOff`] if there are lines before `from`
    /// that were not read, [`Error::Storage`].
    pub async fn start_import(
        &mut self,
        store: &str,
        id: Option<&str>,
        from: u64,
    ) -> Result<Import, Error> {
        let store = self.read_store(store).await?;
        let id = match id {
            Some(id) if is_name(id) => id.to_owned(),
            Some(_) => return Err(Error::ImportUnnamed),
            None => identifier()?,
        };
        let import = match self.find_import(&store, &id).await {
            Err(Error::ImportMissing(_)) => {
                self.expire_import(&store.id, &id, self.now()).await?;
                Import {
                    id,
                    status: ImportStatus::Open,
                    lines: 0,
                    created: 0,
                    updated: 0,
                    unchanged: 0,
                    failed: 0,
                    failures: Vec::new(),
                    created_dtm: self.now(),
                    last_updated_dtm: self.now(),
                    created_by: self.by().to_owned(),
                }
            }
            found => found?,
        };
        if from > import.lines.saturating_add(1) {
            return Err(Error::ImportCutOff { next: import.lines + 1 });
        }
        // One that is over stays so until a line comes that was not read.
        let import = self.keep_import(&store, import)?;
        Ok(Import { status: ImportStatus::Open, ..import })
    }

    /// Reads an import.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::ImportMissing`], [`Error::Storage`].
    pub async fn read_import(&mut self, store: &str, id: &str) -> Result<Import, Error> {
        let store = self.read_store(store).await?;
        self.find_import(&store, id).await
    }

    /// Reads lines of an import, the first of which is line `first`; those that were read before are passed over, and
    /// have to be the same. A line that is `None` was longer than [`LONGEST_LINE`]. What is wrong with a line is kept
    /// with the import.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::ImportMissing`], [`Error::ImportCutOff`], [`Error::ImportDiffers`],
    /// [`Error::Storage`].
    pub async fn import_lines(
        &mut self,
        store: &str,
        id: &str,
        first: u64,
        lines: &[Option<Vec<u8>>],
    ) -> Result<Import, Error> {
        let store = self.read_store(store).await?;
        let mut import = self.find_import(&store, id).await?;
        let next = import.lines.saturating_add(1);
        if first > next {
            return Err(Error::ImportCutOff { next });
        }
        let mut digests = self.digests(&store).await?;
        for (line, number) in lines.iter().zip(first..) {
            let line = line.as_deref();
            if number < next {
                self.compare_line(&store, &import, &mut digests, (number, line)).await?;
                continue;
            }
            (import.lines, import.status) = (number, ImportStatus::Open);
            let user = match line.is_some_and(|line| line.trim_ascii().is_empty()) {
                true => None,
                false => self.read_line(&store, &mut import, line).await?,
            };
            let line = (number, line);
            self.note_line(&store, &import, &mut digests, line, user.as_ref()).await?;
        }
        self.keep_digests(&store, &import, digests)?;
        let import = self.keep_import(&store, import)?;
        Ok(Import { status: ImportStatus::Open, ..import })
    }

    /// Completes an import: its last line was read.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::ImportMissing`], [`Error::Storage`].
    pub async fn complete_import(&mut self, store: &str, id: &str) -> Result<Import, Error> {
        let store = self.read_store(store).await?;
        let import = self.find_import(&store, id).await?;
        self.keep_import(&store, Import { status: ImportStatus::Completed, ..import })
    }

    /// Reads a line that is the next, and counts what it came to; gives the user whom it is of.
    async fn read_line(
        &mut self,
        store: &IdentityStore,
        import: &mut Import,
        line: Option<&[u8]>,
    ) -> Result<Option<Row>, Error> {
        self.unit().begin();
        match self.import_line(store, line).await {
            Ok((change, user)) => {
                self.unit().keep();
                match change {
                    Change::Created => import.created += 1,
                    Change::Updated => import.updated += 1,
                    Change::Unchanged => import.unchanged += 1,
                }
                Ok(Some(user))
            }
            // The machine is at fault, not the line.
            Err(error @ (Error::Storage(_) | Error::NoRandomness)) => Err(error),
            Err(error) => {
                self.unit().undo();
                import.failed += 1;
                if import.failures.len() < MOST_FAILURES {
                    let reason = reason_of(&error).chars().take(LONGEST_REASON).collect();
                    import.failures.push(ImportFailure { line: import.lines, reason });
                }
                self.user_of_line(store, line).await
            }
        }
    }

    async fn import_line(
        &mut self,
        store: &IdentityStore,
        line: Option<&[u8]>,
    ) -> Result<(Change, Row), Error> {
        let unreadable = |reason: String| Error::ImportLine(reason);
        let line =
            line.ok_or_else(|| unreadable(format!("it has more than {LONGEST_LINE} bytes")))?;
        let line = UserLine::read(line).map_err(unreadable)?;
        if line.id.as_ref().is_some_and(|id| !is_identifier(id.as_str())) {
            return Err(unreadable("id: it has 26 characters of upper-case base32".to_owned()));
        }
        let who = line.names().ok_or(Error::UserNotNamed)?;
        match self.find_user(store, &who).await? {
            Some(row) => self.import_change(store, row, line).await,
            None => self.import_new(store, line).await,
        }
    }

    async fn import_new(
        &mut self,
        store: &IdentityStore,
        mut line: UserLine,
    ) -> Result<(Change, Row), Error> {
        let credentials = Brought::out_of(&mut line);
        let (id, mark) = match line.id {
            Some(id) => (id, Some(identifier()?)),
            None => (UserId::draw()?, None),
        };
        let created = line.created_dtm.map_or(self.now(), |time| time.min(self.now()));
        let new = NewUser {
            external_id: line.external_id,
            status: line.status,
            locale: line.locale,
            timezone: line.timezone,
            attributes: line.attributes,
        };
        let mut row = self.insert_user(store, new, id, created).await?;
        if mark.is_some() {
            row = self.keep_user(store, Row { mark, ..row })?;
        }
        let (row, _) = self.import_locks(store, row, line.locked_modalities)?;
        self.import_credentials(store, &row, credentials).await?;
        Ok((Change::Created, row))
    }

    /// Brings to a user what they do not have; says whether there was anything.
    async fn import_credentials(
        &mut self,
        store: &IdentityStore,
        user: &Row,
        Brought { passcodes, passkeys, totps, recovery_codes }: Brought,
    ) -> Result<bool, Error> {
        let mut brought = false;
        for passcode in passcodes {
            brought |= self.import_passcode(store, &user.id, passcode).await?;
        }
        for passkey in passkeys {
            brought |= self.import_passkey(store, user, passkey).await?;
        }
        for totp in totps {
            brought |= self.import_totp(store, user, totp).await?;
        }
        for codes in recovery_codes {
            brought |= self.import_recovery_codes(store, &user.id, codes).await?;
        }
        Ok(brought)
    }

    /// Locks those forms of authentication beside those that are locked; says whether that changed any.
    fn import_locks(
        &mut self,
        store: &IdentityStore,
        mut row: Row,
        locked: Option<BTreeSet<Modality>>,
    ) -> Result<(Row, bool), Error> {
        let mut changed = false;
        for modality in locked.unwrap_or_default() {
            if row.locked_modalities.insert(modality) {
                let entry = Entry::new(Action::ModalityLocked, store).user(&row.id);
                self.audit(Entry { modality: Some(modality), ..entry })?;
                changed = true;
            }
        }
        let row = if changed { self.keep_user(store, row)? } else { row };
        Ok((row, changed))
    }

    async fn import_change(
        &mut self,
        store: &IdentityStore,
        mut row: Row,
        mut line: UserLine,
    ) -> Result<(Change, Row), Error> {
        let credentials = Brought::out_of(&mut line);
        let before = (row.standing, row.locks);
        if let Some(status) = line.status {
            row.give_imported(status, self.now())?;
        }
        let is_given = before != (row.standing, row.locks);
        let other = |given: Option<String>, present: &str| given.filter(|given| given != present);
        let attributes = line.attributes.into_iter();
        let change = UserChange {
            external_id: other(line.external_id, row.external_id.as_deref().unwrap_or_default()),
            status: None,
            locale: other(line.locale, &row.locale),
            timezone: other(line.timezone, &row.timezone),
            attributes: attributes
                .filter(|(name, value)| row.attributes.get(name) != Some(value))
                .map(|(name, value)| (name, Some(value)))
                .collect(),
        };
        let (row, mut brought) = self.import_locks(store, row, line.locked_modalities)?;
        // Before the credentials, since what is shown of a passcode is derived from the name.
        let is_changed = is_given || change != UserChange::default();
        let row = if is_changed { self.change_user(store, row, change).await? } else { row };
        brought |= self.import_credentials(store, &row, credentials).await?;
        let row = if brought {
            // Writing the user makes a removal of the user at the same time see what was brought.
            self.keep_user(store, row)?
        } else if is_changed {
            row
        } else {
            return Ok((Change::Unchanged, row));
        };
        Ok((Change::Updated, row))
    }
}

fn is_name(id: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&id.len()) && id.bytes().all(is_fit)
}
