//! Operations on running instances: what a person who looks after them can do with one, or with
//! many in bounded parts.

use activities::fit;
use engine::{Command, Rejection, Write};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use storage::{Key, Range};

use self::part::{PART, Part};
use crate::instance::{self, BY_TIME, Kept, Summary};
use crate::{Error, InstanceStatus, InstanceView, Tenant};

pub(crate) mod incident;
pub(crate) mod migration;
pub(crate) mod modification;
pub(crate) mod part;
pub(crate) mod state;
pub(crate) mod suspension;
pub(crate) mod user_task;
pub(crate) mod variable;

/// What came of an operation on one part of many. What was looked at and fits is in `matched`; each
/// of these is done, has failed, or has failed again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// How many there were in this part.
    pub matched: usize,
    /// How many of them it was done to, and went on.
    pub done: usize,
    /// Those to which it could not be done, with the reason; nothing has changed with them.
    pub failed: Vec<Failed>,
    /// Incidents that were dealt with and stopped at once by a new one, with what is wrong now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub failed_again: Vec<Failed>,
    /// What to give as `after` to go on with the next part; absent when nothing is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One of many that an operation has not brought on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// What it is.
    pub id: String,
    /// What stands against it.
    pub reason: String,
}

/// Rows of an index that one part looks at.
const LOOKED_AT: usize = 10_000;
/// Rows read at a time.
const CHUNK: usize = 256;
/// How often a change is decided again when somebody else was quicker.
pub(crate) const ATTEMPTS: usize = 100;

/// Runs the same thing again while somebody else is quicker.
macro_rules! again {
    ($attempt:expr) => {{
        let mut left = crate::operation::ATTEMPTS;
        loop {
            match $attempt.await {
                Err(error) if error.is_conflict() && left > 0 => left -= 1,
                other => break other,
            }
        }
    }};
}
pub(crate) use again;

impl Tally {
    /// Counts one more. Where the store fails, nothing is counted any further.
    ///
    /// # Errors
    /// What is no refusal of this one alone.
    pub(crate) fn count(&mut self, id: String, came: Result<(), Error>) -> Result<(), Error> {
        match came {
            Ok(()) => self.done += 1,
            // What cannot be read is one instance's trouble.
            Err(error @ Error::Storage(storage::Error::Corrupt { .. })) => {
                self.failed.push(Failed { id, reason: error.to_string() });
            }
            Err(error @ (Error::Storage(_) | Error::Fault(_))) if !error.is_conflict() => {
                return Err(error);
            }
            Err(error) => self.failed.push(Failed { id, reason: error.to_string() }),
        }
        self.matched += 1;
        Ok(())
    }
}

impl Tenant {
    /// Tells an instance one thing after the other, all in one commit or none; gives it as it is
    /// then.
    ///
    /// # Errors
    /// [`Error::Rejected`] where one does not fit the state, [`Error::Suspended`], and
    /// [`Error::TooLarge`] for variables: nothing has changed then.
    pub(crate) async fn tell(&self, id: &str, commands: &[Command]) -> Result<Kept, Error> {
        again!(self.tell_once(id, commands))
    }

    async fn tell_once(&self, id: &str, commands: &[Command]) -> Result<Kept, Error> {
        let mut work = self.identity();
        let mut kept = instance::read(self, work.unit(), id).await?;
        let mut soonest = None;
        for command in commands {
            if let Command::Set { writes, .. } | Command::Resolve { writes, .. } = command {
                fits(&kept, writes)?;
            }
            let progress = self.advance(&mut work, &mut kept, command.clone()).await?;
            soonest = soonest.into_iter().chain(progress.soonest).min();
        }
        work.commit().await?;
        self.wake(soonest);
        Ok(kept)
    }

    /// Ends an instance; nobody needs to have opened it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Rejected`] where it has ended.
    pub async fn cancel_instance(&self, id: &str, reason: &str) -> Result<InstanceView, Error> {
        again!(self.cancel_once(id, reason))?;
        self.read_instance(id).await
    }

    async fn cancel_once(&self, id: &str, reason: &str) -> Result<(), Error> {
        let mut work = self.identity();
        let mut kept = instance::read(self, work.unit(), id).await?;
        if kept.is_over() {
            return Err(Rejection::AlreadyEnded.into());
        }
        let command = Command::Cancel { reason: reason.to_owned() };
        let soonest = self.advance(&mut work, &mut kept, command).await?.soonest;
        work.commit().await?;
        self.wake(soonest);
        Ok(())
    }

    /// Instances of a version that nobody has called and that stand so.
    pub(crate) async fn part_that_is(
        &self,
        status: InstanceStatus,
        definition: &str,
        after: Option<&str>,
    ) -> Result<Part, Error> {
        let fits = |row: &Summary| {
            row.definition == definition && row.parent.is_none() && row.status == status
        };
        self.part_of_instances(after, fits).await
    }

    /// The instances that fit, the oldest first: as many as one part has, and where to go on.
    pub(crate) async fn part_of_instances(
        &self,
        after: Option<&str>,
        fits: impl Fn(&Summary) -> bool,
    ) -> Result<Part, Error> {
        let unit = self.unit();
        let mut rest = match after {
            Some(after) => Range::all().after(place(after, 2)?),
            None => Range::all(),
        };
        let (mut found, mut looked) = (Vec::new(), 0);
        loop {
            let rows = unit.list(&BY_TIME, rest.clone(), CHUNK).await?;
            let full = rows.len() == CHUNK;
            looked += rows.len();
            let mut last = None;
            for (key, row) in rows {
                if fits(&row) {
                    let mut parts = key.read();
                    let _ = parts.number()?;
                    found.push((parts.text()?, cursor(&key)?));
                }
                if found.len() == PART {
                    return Ok(Part::new(found, Some(cursor(&key)?)));
                }
                last = Some(key);
            }
            match last {
                Some(key) if full && looked < LOOKED_AT => rest = Range::all().after(key),
                Some(key) if full => return Ok(Part::new(found, Some(cursor(&key)?))),
                _ => return Ok(Part::new(found, None)),
            }
        }
    }
}

// Whoever adds to the variables, activities and the engine alike, is bounded by the same.
const _: () = assert!(activities::LARGEST_INSTANCE == engine::LARGEST_INSTANCE);

/// Whether variables may be set: each and all together have a size.
fn fits(kept: &Kept, writes: &[Write]) -> Result<(), Error> {
    let scopes = kept.engine.scopes().flat_map(|(_, scope)| scope.variables());
    let scopes = scopes.map(|(name, value)| (name.clone(), value));
    let added = writes.iter().map(|write| (write.at.join("."), &write.value));
    Ok(fit(kept.engine.variables(), scopes.chain(added))?)
}

/// Variables as writes.
///
/// # Errors
/// [`Error::Invalid`] for one without a name; [`Error::TooLarge`] where they would fit no instance.
pub(crate) fn writes(variables: &Map<String, Value>) -> Result<Vec<Write>, Error> {
    if variables.contains_key("") {
        return Err(Error::invalid("variables", "a variable has to have a name"));
    }
    crate::trigger::check_payload(variables)?;
    let write = |(name, value): (&String, &Value)| Write::variable(name.as_str(), value.clone());
    Ok(variables.iter().map(write).collect())
}

/// A key of an index as a place to go on from: a number, an instance, and maybe one more number.
fn cursor(key: &Key) -> Result<String, Error> {
    let mut parts = key.read();
    let (time, id) = (parts.number()?, parts.text()?);
    Ok(match parts.number() {
        Ok(number) => format!("{time}-{id}-{number}"),
        Err(_) => format!("{time}-{id}"),
    })
}

/// The key that a place to go on from stands for.
fn place(after: &str, parts: usize) -> Result<Key, Error> {
    let words: Vec<&str> = after.split('-').collect();
    if words.len() != parts {
        return Err(no_place());
    }
    let key = Key::new().number(words[0].parse().map_err(|_| no_place())?).text(words[1]);
    match words.get(2) {
        Some(number) => Ok(key.number(number.parse().map_err(|_| no_place())?)),
        None => Ok(key),
    }
}

fn no_place() -> Error {
    Error::invalid("after", "has to be the `next` of the part before")
}

/// A time that stands as microseconds in a key.
fn time_of(microseconds: u64) -> Timestamp {
    let whole = i64::try_from(microseconds).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(whole).unwrap_or(Timestamp::MAX)
}

/// Whether a list of many is short enough for one request.
pub(crate) fn bounded(path: &str, count: usize) -> Result<(), Error> {
    match count > PART {
        true => Err(Error::invalid(path, format!("has {count} entries; give at most {PART}"))),
        false => Ok(()),
    }
}
