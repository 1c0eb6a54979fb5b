//! A unit of work in one tenant's identity stores: who does it, and when.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit as Time};
use storage::Unit;

use crate::credential::passcode::Target;
use crate::{Error, Guess, Throttle};

/// The door to a tenant's identity stores: reads and changes that are committed together.
///
/// Every operation on stores, users and credentials is a method of `Work`. Nothing is written before the commit.
/// When it fails with a conflict, the whole work has to be done again on a new unit.
#[derive(Debug)]
pub struct Work {
    unit: Unit,
    now: Timestamp,
    by: String,
    entries: u64,
    /// Until when ceremonies that are started may be completed, where that is later than usual.
    open_until: Option<Timestamp>,
    throttle: Option<Arc<Throttle>>,
    source: Option<IpAddr>,
    end_user: Option<IpAddr>,
    /// Guesses that failed; they count once this is committed.
    failed: Vec<Guess>,
    /// Guesses that were counted before it was known whether they failed.
    forgiven: Vec<Guess>,
    /// Whom the stranger's authentication is for that is done here.
    target: Option<Target>,
    /// The journey for which it is done, if it is for one.
    journey: String,
    /// The passcode for whose check the end user of the journey waits.
    awaited_check: Option<String>,
}

/// How long whoever is asked something may take.
const USUAL: SignedDuration = SignedDuration::from_mins(15);

impl Work {
    /// Work on a tenant's rows. `now` counts in whole milliseconds; `by` is who the changes are ascribed to.
    pub fn new(unit: Unit, now: Timestamp, by: impl Into<String>) -> Work {
        let whole = TimestampRound::new().smallest(Time::Millisecond).mode(RoundMode::Trunc);
        Work {
            unit,
            now: now.round(whole).unwrap_or(now),
            by: by.into(),
            entries: 0,
            open_until: None,
            throttle: None,
            source: None,
            end_user: None,
            failed: Vec::new(),
            forgiven: Vec::new(),
            target: None,
            journey: String::new(),
            awaited_check: None,
        }
    }

    /// The same work, whose failed authentications are throttled, by the address that they come from if they come from
    /// an end user.
    #[must_use]
    pub fn throttled(self, throttle: Arc<Throttle>, source: Option<IpAddr>) -> Work {
        Work { throttle: Some(throttle), source, ..self }
    }

    /// The same work for the end user of a permitted caller, who is at this address if the caller says so.
    #[must_use]
    pub fn on_behalf_of(self, end_user: Option<IpAddr>) -> Work {
        Work { end_user, ..self }
    }

    /// A number for where this work comes from: the address of an end user, an IPv6 network, or the caller.
    pub fn number_of_source(&self) -> u64 {
        let address = self.end_user.or(self.source);
        self.throttle.as_ref().map_or(0, |throttle| throttle.number_of(address, &self.by))
    }

    /// How long whoever guesses this user's secret has to wait; `None` where the guess may be examined.
    pub(crate) fn wait_to_guess(&self, store_id: &str, user: &str) -> Option<Duration> {
        self.throttle.as_ref()?.wait(&self.guess(store_id, user), self.now)
    }

    /// Counts a guess that failed, once this is committed.
    pub(crate) fn note_failed_guess(&mut self, store_id: &str, user: &str) {
        self.failed.push(self.guess(store_id, user));
    }

    /// Says whom the stranger's authentication is for that is done here.
    pub(crate) fn aim(&mut self, target: Target) {
        self.target = Some(target);
    }

    pub(crate) fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Takes back a guess that was counted, once this is committed.
    pub(crate) fn forgive_guess(&mut self, store_id: &str, user: &str) {
        self.forgiven.push(self.guess(store_id, user));
    }

    fn guess(&self, store_id: &str, user: &str) -> Guess {
        let (store_id, user) = (store_id.to_owned(), user.to_owned());
        let (source, end_user) = (self.source, self.end_user);
        Guess { source, end_user, by: self.by.clone(), store_id, user }
    }

    /// The rows, for what belongs into the same commit.
    pub fn unit(&mut self) -> &mut Unit {
        &mut self.unit
    }

    /// The rows, without what this type knows beside them.
    pub fn into_unit(self) -> Unit {
        self.unit
    }

    /// The time of everything that happens in this work.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who the changes are ascribed to.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Lets ceremonies that are started from now on be completed until then, where that is later than usual: a
    /// journey may wait for days until somebody looks at its page, and ends by itself.
    pub fn keep_open(&mut self, until: Timestamp) {
        self.open_until = Some(until);
    }

    /// Names the journey for which all this is done: what is sealed for its end user is opened for no other.
    pub fn act_for(&mut self, journey: &str) {
        journey.clone_into(&mut self.journey);
    }

    pub(crate) fn journey(&self) -> &str {
        &self.journey
    }

    /// Has the end user of the journey wait for the check of a passcode.
    pub(crate) fn await_check(&mut self, passcode_id: &str) {
        self.awaited_check = Some(passcode_id.to_owned());
    }

    /// The identifier of the passcode for whose check the end user has to wait since the last look, if there is one.
    pub fn take_awaited_check(&mut self) -> Option<String> {
        self.awaited_check.take()
    }

    /// When a ceremony that is started now can no longer be completed: after 15 minutes, or later.
    pub(crate) fn ceremony_ends(&self) -> Timestamp {
        let usual = self.now.checked_add(USUAL).unwrap_or(self.now);
        self.open_until.map_or(usual, |until| until.max(usual))
    }

    /// The position of the next audit entry within this work.
    pub(crate) fn next_entry(&mut self) -> u64 {
        self.entries += 1;
        self.entries
    }

    /// Writes everything durably, or nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]; [`Error::is_conflict`] says whether doing the work again may help.
    pub async fn commit(self) -> Result<(), Error> {
        self.unit.commit().await?;
        if let Some(throttle) = self.throttle {
            self.forgiven.iter().for_each(|guess| throttle.forgive(guess));
            self.failed.iter().for_each(|guess| throttle.count(guess, self.now));
        }
        Ok(())
    }
}

/// A time as a number that sorts like it: milliseconds since 1970.
pub(crate) fn milliseconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceremony_lasts_fifteen_minutes_or_as_long_as_its_journey() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let mut work = Work::new(storage::Store::memory().space("t").unit(), now, "tester");
        let quarter = now + SignedDuration::from_mins(15);
        assert_eq!(work.ceremony_ends(), quarter);
        work.keep_open(now + SignedDuration::from_mins(5));
        assert_eq!(work.ceremony_ends(), quarter);
        work.keep_open(now + SignedDuration::from_hours(48));
        assert_eq!(work.ceremony_ends(), now + SignedDuration::from_hours(48));
    }
}
