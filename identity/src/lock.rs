//! When failed authentications lock a user, and for how long: pure rules of values and time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::configuration::UserLockConfig;
use crate::modality::Modality;

/// What is known of a user's failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LockState {
    /// Failed authentications: of each form those since its last success, or since the user was unlocked by hand.
    pub(crate) failures: u32,
    /// How many of them failed in which form; of those from before this was kept it is not known.
    #[serde(default, skip_serializing_if = "Failures::is_none")]
    pub(crate) by_modality: Failures,
    /// The lock that was applied last, until a success; one for a time is over when its time is.
    pub(crate) lock: Option<Lock>,
}

/// Failed authentications by their form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Failures {
    passcode: u32,
    totp: u32,
    passkey: u32,
    recovery_code: u32,
}

impl Failures {
    fn is_none(&self) -> bool {
        *self == Failures::default()
    }

    fn of(&mut self, modality: Modality) -> &mut u32 {
        match modality {
            Modality::Passcode => &mut self.passcode,
            Modality::Totp => &mut self.totp,
            Modality::Passkey => &mut self.passkey,
            Modality::RecoveryCode => &mut self.recovery_code,
        }
    }

    fn sum(self) -> u32 {
        let Failures { passcode, totp, passkey, recovery_code } = self;
        [passcode, totp, passkey, recovery_code].into_iter().fold(0, u32::saturating_add)
    }
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

    /// The state after one more failed authentication in this form.
    ///
    /// The n-th of the configured counts is answered with the n-th of the configured durations, and with a lock
    /// that stays where there is no such duration. Failures beyond the last count are answered like the last
    /// count. A lock that holds is neither extended nor counted against. Where locks are managed externally,
    /// failures are counted and never answered.
    #[must_use]
    pub(crate) fn after_failure(
        self,
        modality: Modality,
        rules: &UserLockConfig,
        now: Timestamp,
    ) -> LockState {
        if self.at(now).is_some() {
            return self;
        }
        let failures = self.failures.saturating_add(1);
        let mut by_modality = self.by_modality;
        *by_modality.of(modality) = by_modality.of(modality).saturating_add(1);
        if rules.external_lock_management {
            return LockState { failures, by_modality, lock: None };
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
        LockState { failures, by_modality, lock: lock.or(self.lock) }
    }

    /// The forms besides this one in which something failed.
    pub(crate) fn failed_beside(mut self, modality: Modality) -> Vec<Modality> {
        let failed = |other: &Modality| *other != modality && *self.by_modality.of(*other) > 0;
        Modality::ALL.into_iter().filter(failed).collect()
    }

    /// The state after a successful authentication in this form: its own failures are forgotten, and those of other
    /// forms in which the user has something to guess stay. Otherwise whoever has one of a user's secrets could guess
    /// another without end. What failed where there is nothing to guess is forgotten, and so is what is not known to
    /// have failed in another form.
    #[must_use]
    pub(crate) fn after_success(self, modality: Modality, others: &[Modality]) -> LockState {
        let mut by_modality = self.by_modality;
        for form in Modality::ALL {
            if form == modality || !others.contains(&form) {
                *by_modality.of(form) = 0;
            }
        }
        LockState { failures: by_modality.sum(), by_modality, lock: None }
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

    /// Plays `f` (a failure), `s` (a success), `F` and `S` (those of another form), `-` (a failure
    /// where there is nothing to guess) and numbers (minutes that pass); tells the state as a line.
    fn play(rules: &UserLockConfig, script: &str) -> String {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut state = LockState::default();
        let held = [Modality::Totp, Modality::Passcode];
        for word in script.split_whitespace() {
            match word {
                "f" => state = state.after_failure(Modality::Totp, rules, now),
                "s" => state = state.after_success(Modality::Totp, &held),
                "F" => state = state.after_failure(Modality::Passcode, rules, now),
                "S" => state = state.after_success(Modality::Passcode, &held),
                "-" => state = state.after_failure(Modality::RecoveryCode, rules, now),
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
            // A success takes nothing away from what failed in another form, nor from the locks that came of it.
            (&usual, "f f S f", "3 until 5"),
            (&usual, "f f f 5 S f f S f", "6 until 10"),
            (&usual, "f f f 5 S f f S f 5 S f f S f", "9 locked"),
            (&usual, "f F S", "1 open"),
            (&usual, "f f F 5 S", "2 open"),
            (&usual, "f f F 5 S s", "0 open"),
            (&usual, "F F f", "3 until 5"),
            // What failed where there is nothing to guess goes with any success, and locks like anything else before.
            (&usual, "- - -", "3 until 5"),
            (&usual, "- - s - - s - - s - - s - -", "2 open"),
            (&usual, "f - S", "1 open"),
            (&external, "f f f f f f f f f f", "10 open"),
            (&external, "f f F f s", "1 open"),
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
        let by_modality = Failures { totp: u32::MAX, passcode: 1, ..Failures::default() };
        let state = LockState { failures: u32::MAX, by_modality, lock: None };
        let after = state.after_failure(Modality::Totp, &never, Timestamp::UNIX_EPOCH);
        assert_eq!(after.failures, u32::MAX);
        assert_eq!(after.after_success(Modality::Totp, &[Modality::Passcode]).failures, 1);
    }

    #[test]
    fn what_was_written_before_the_forms_were_kept_apart_is_read_and_forgotten_by_any_success() {
        let state: LockState = serde_json::from_str(r#"{"failures":2,"lock":null}"#).unwrap();
        let after = state.after_failure(Modality::Totp, &rules(&[], &[]), Timestamp::UNIX_EPOCH);
        assert_eq!(after.failures, 3);
        assert_eq!(after.after_success(Modality::Passcode, &Modality::ALL).failures, 1);
        assert_eq!(after.after_success(Modality::Totp, &Modality::ALL).failures, 0);
    }

    #[test]
    fn a_lock_by_hand_stays() {
        let state = LockState::default().locked();
        assert_eq!(state.at(Timestamp::MAX), Some(Lock::Permanent));
    }
}
