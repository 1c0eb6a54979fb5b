//! When failed authentications lock a user, and for how long: pure rules of values and time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::configuration::UserLockConfig;

/// What is known of a user's failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LockState {
    /// Failed authentications since the last successful one, or since the user was unlocked by hand.
    pub(crate) failures: u32,
    /// The lock that was applied last; one for a time is over when its time is.
    pub(crate) lock: Option<Lock>,
}

/// A lock on a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Lock {
    /// The lock ends by itself at this time.
    Until(Timestamp),
    /// The lock stays until somebody takes it off.
    Permanent,
}

impl LockState {
    /// The lock that holds at this time.
    pub(crate) fn at(&self, now: Timestamp) -> Option<Lock> {
        self.lock.filter(|lock| match lock {
            Lock::Until(end) => now < *end,
            Lock::Permanent => true,
        })
    }

    /// The state after one more failed authentication.
    ///
    /// The n-th of the configured counts is answered with the n-th of the configured durations, and with a lock
    /// that stays where there is no such duration. Failures beyond the last count are answered like the last
    /// count. A lock that holds is neither extended nor counted against. Where locks are managed externally,
    /// failures are counted and never answered.
    #[must_use]
    pub(crate) fn after_failure(self, rules: &UserLockConfig, now: Timestamp) -> LockState {
        if self.at(now).is_some() {
            return self;
        }
        let failures = self.failures.saturating_add(1);
        if rules.external_lock_management {
            return LockState { failures, lock: None };
        }
        let counts = &rules.invalid_counts_before_temp_lock;
        let reached = match counts.iter().position(|count| *count == failures) {
            None if counts.last().is_some_and(|last| failures > *last) => Some(counts.len() - 1),
            position => position,
        };
        let lock = reached.map(|position| match rules.temp_lock_durations.get(position) {
            Some(duration) => Lock::Until(duration.after(now)),
            None => Lock::Permanent,
        });
        LockState { failures, lock }
    }

    /// The state of a user who was locked by hand.
    #[must_use]
    pub(crate) fn locked(self) -> LockState {
        LockState { lock: Some(Lock::Permanent), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(counts: &[u32], durations: &[&str]) -> UserLockConfig {
        UserLockConfig {
            invalid_counts_before_temp_lock: counts.to_vec(),
            temp_lock_durations: durations
                .iter()
                .map(|text| (*text).to_owned().try_into().unwrap())
                .collect(),
            ..UserLockConfig::default()
        }
    }

    /// Plays `f` (a failure), `s` (a success) and numbers (minutes that pass); tells the state as a line.
    fn play(rules: &UserLockConfig, script: &str) -> String {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut state = LockState::default();
        for word in script.split_whitespace() {
            match word {
                "f" => state = state.after_failure(rules, now),
                "s" => state = LockState::default(),
                minutes => now += jiff::Span::new().minutes(minutes.parse::<i64>().unwrap()),
            }
        }
        let lock = match state.at(now) {
            None => "open".to_owned(),
            Some(Lock::Permanent) => "locked".to_owned(),
            Some(Lock::Until(end)) => format!("until {}", end.as_second() / 60),
        };
        format!("{} {lock}", state.failures)
    }

    #[test]
    fn failures_lock_a_user_as_the_counts_and_durations_say() {
        let usual = UserLockConfig::default();
        let external = UserLockConfig { external_lock_management: true, ..usual.clone() };
        let growing = rules(&[1, 2], &["PT1M", "PT10M"]);
        let never = rules(&[], &[]);
        let at_once = rules(&[2], &[]);
        let cases = [
            (&usual, "", "0 open"),
            (&usual, "f f", "2 open"),
            (&usual, "f f f", "3 until 5"),
            (&usual, "f f f 4", "3 until 5"),
            (&usual, "f f f 5", "3 open"),
            // A failure during the lock neither counts nor extends it.
            (&usual, "f f f 4 f f f f", "3 until 5"),
            (&usual, "f f f 5 f", "4 open"),
            (&usual, "f f f 5 f f f", "6 until 10"),
            (&usual, "f f f 5 f f f 5 f f", "8 open"),
            (&usual, "f f f 5 f f f 5 f f f", "9 locked"),
            (&usual, "f f f 5 f f f 5 f f f 9999999", "9 locked"),
            (&usual, "f f f 5 f f f 5 f f f f s", "0 open"),
            (&usual, "f f s f f", "2 open"),
            (&usual, "f f f 5 s f f f", "3 until 10"),
            (&external, "f f f f f f f f f f", "10 open"),
            (&growing, "f", "1 until 1"),
            (&growing, "f 1 f", "2 until 11"),
            // Beyond the last count, every failure is answered like the last count.
            (&growing, "f 1 f 10 f", "3 until 21"),
            (&never, "f f f f f f f f f f", "10 open"),
            (&at_once, "f", "1 open"),
            (&at_once, "f f", "2 locked"),
        ];
        for (rules, script, state) in cases {
            assert_eq!(play(rules, script), state, "{script}");
        }
    }

    #[test]
    fn failures_are_counted_without_end() {
        let never = rules(&[], &[]);
        let state = LockState { failures: u32::MAX, lock: None };
        assert_eq!(state.after_failure(&never, Timestamp::UNIX_EPOCH).failures, u32::MAX);
    }

    #[test]
    fn a_lock_by_hand_stays() {
        let state = LockState::default().locked();
        assert_eq!(state.at(Timestamp::MAX), Some(Lock::Permanent));
    }
}
