//! Throttling of guesses: how many failed authentications are taken from a source, for a user and in a store, and when
//! the next one is.
//!
//! Each is a bucket that a failure fills and time drains; successes cost nothing. Two of them are *one's own*: what this
//! source has failed, and what it has failed for this user. When one of one's own is full, one waits. Two are *shared*:
//! what all sources have failed for the user, and in the store. When a shared one is full, only those wait who have
//! lately failed themselves: whoever has not is let in. So nobody can lock out somebody else by guessing, however many
//! machines guess; they only use up their own buckets sooner.
//!
//! A user who does not exist has buckets like one who does. Everything is in memory, bounded, and forgotten at a restart.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::fmt::temporal::SpanParser;
use jiff::{SignedDuration, Timestamp};

/// How many failures are taken at once, and how soon each of them is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    burst: u32,
    /// In milliseconds.
    every: i64,
}

/// How many failures are taken. `None`: as many as come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottleLimits {
    /// Of one source: an address, or for IPv6 a network of 64 bits.
    pub source: Option<Rate>,
    /// For one user, once by each source and once by all of them together.
    pub user: Option<Rate>,
    /// In one identity store.
    pub store: Option<Rate>,
}

/// The buckets.
#[derive(Debug)]
pub struct Throttle {
    limits: ThrottleLimits,
    hasher: RandomState,
    /// When each bucket is empty again, in milliseconds since 1970, by a hash that nobody can foresee.
    empty: Mutex<HashMap<u64, i64>>,
}

/// Who guesses, and whose secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Guess {
    /// Where the guess comes from; nowhere where a permitted caller asks, who answers for all of its own.
    pub source: Option<IpAddr>,
    /// The address that a permitted caller names for its end user. It counts instead of the source, and apart from what
    /// others at that address do: a caller who names it wrongly harms nobody but its own end users.
    pub end_user: Option<IpAddr>,
    /// Who asks: the caller, or the end user.
    pub by: String,
    /// The identifier of the identity store.
    pub store_id: String,
    /// The user, as it was named.
    pub user: String,
}

/// How many buckets are kept; of more, those are forgotten that are empty soonest.
const KEPT: usize = 200_000;

impl Rate {
    /// So many at once, and one more each time so much has passed.
    pub fn new(burst: u32, every: Duration) -> Rate {
        Rate {
            burst: burst.max(1),
            every: i64::try_from(every.as_millis()).unwrap_or(i64::MAX).max(1),
        }
    }

    /// How long one waits before the next failure would be taken, in milliseconds.
    fn wait(&self, empty: i64, now: i64) -> i64 {
        (empty - now).saturating_sub(self.every.saturating_mul(i64::from(self.burst) - 1)).max(0)
    }
}

impl FromStr for Rate {
    type Err = String;

    /// Reads `20/PT30S`: twenty at once, and one more each thirty seconds.
    fn from_str(text: &str) -> Result<Rate, String> {
        let wrong = || format!("\"{text}\" is no rate; write one as in 20/PT30S");
        let (burst, every) = text.split_once('/').ok_or_else(wrong)?;
        let burst = burst.parse::<u32>().ok().filter(|burst| *burst > 0).ok_or_else(wrong)?;
        let every = SpanParser::new().parse_span(every).map_err(|_| wrong())?;
        let every = SignedDuration::try_from(every).map_err(|_| wrong())?;
        let every = Duration::try_from(every).ok().filter(|every| every.as_millis() > 0);
        Ok(Rate::new(burst, every.ok_or_else(wrong)?))
    }
}

impl Default for ThrottleLimits {
    /// 100 of a source and one more each 5 seconds, 20 for a user and one more each 30 seconds, 1,000 in a store and
    /// five more each second.
    fn default() -> ThrottleLimits {
        ThrottleLimits {
            source: Some(Rate::new(100, Duration::from_secs(5))),
            user: Some(Rate::new(20, Duration::from_secs(30))),
            store: Some(Rate::new(1000, Duration::from_millis(200))),
        }
    }
}

/// The buckets of a guess.
struct Places {
    source: Option<u64>,
    user_of_source: u64,
    user: u64,
    store: u64,
}

impl Throttle {
    /// Empty buckets.
    pub fn new(limits: ThrottleLimits) -> Throttle {
        Throttle { limits, hasher: RandomState::new(), empty: Mutex::default() }
    }

    /// How long a guess has to wait; `None` where it may be examined now.
    pub fn wait(&self, guess: &Guess, now: Timestamp) -> Option<Duration> {
        let (now, places) = (now.as_millisecond(), self.places(guess));
        let empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |place: u64| empty.get(&place).copied().unwrap_or(now);
        let wait = |place: Option<u64>, rate: Option<Rate>| {
            place.zip(rate).map_or(0, |(place, rate)| rate.wait(at(place), now))
        };
        let own_user = wait(Some(places.user_of_source), self.limits.user);
        let own = wait(places.source, self.limits.source).max(own_user);
        // Of what is shared: until there is room again, or until one has failed nothing oneself, whichever is sooner.
        let user = wait(Some(places.user), self.limits.user).min(at(places.user_of_source) - now);
        let oneself = places.source.map_or(places.user_of_source, |source| source);
        let store = wait(Some(places.store), self.limits.store).min(at(oneself) - now);
        let wait = own.max(user).max(store);
        (wait > 0).then(|| Duration::from_millis(wait.unsigned_abs()))
    }

    /// How long a source has to wait before anything that it guesses is examined; `None` where it need not.
    pub fn wait_of_source(&self, source: IpAddr, now: Timestamp) -> Option<Duration> {
        let (now, place) = (now.as_millisecond(), self.place_of(source));
        let empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.limits.source?.wait(*empty.get(&place)?, now);
        (wait > 0).then(|| Duration::from_millis(wait.unsigned_abs()))
    }

    /// Counts an API key that opens nothing; gives how long this source has to wait if it has shown too many.
    pub fn count_key(&self, source: IpAddr, now: Timestamp) -> Option<Duration> {
        let (now, rate) = (now.as_millisecond(), self.limits.source?);
        let place = self.hasher.hash_one(("keys", self.place_of(source)));
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = rate.wait(*empty.get(&place).unwrap_or(&now), now);
        if wait == 0 {
            fill(&mut empty, place, rate, now);
            forget_some(&mut empty, now);
        }
        (wait > 0).then(|| Duration::from_millis(wait.unsigned_abs()))
    }

    /// Counts a guess that failed.
    pub fn count(&self, guess: &Guess, now: Timestamp) {
        let now = now.as_millisecond();
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, rate) in self.buckets(guess) {
            fill(&mut empty, place, rate, now);
        }
        forget_some(&mut empty, now);
    }

    /// Takes back a guess that was counted before it was known whether it failed.
    pub fn forgive(&self, guess: &Guess) {
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, rate) in self.buckets(guess) {
            if let Some(at) = empty.get_mut(&place) {
                *at = at.saturating_sub(rate.every);
            }
        }
    }

    /// The buckets that a guess fills.
    fn buckets(&self, guess: &Guess) -> impl Iterator<Item = (u64, Rate)> {
        let (places, limits) = (self.places(guess), self.limits);
        let filled = [
            (places.source, limits.source),
            (Some(places.user_of_source), limits.user),
            (Some(places.user), limits.user),
            (Some(places.store), limits.store),
        ];
        filled.into_iter().filter_map(|(place, rate)| place.zip(rate))
    }

    fn place_of(&self, source: IpAddr) -> u64 {
        self.hasher.hash_one(("source", network_of(source)))
    }

    fn place_of_caller(&self, by: &str) -> u64 {
        self.hasher.hash_one(("caller", by))
    }

    /// A number for where a guess comes from: of two that count as one source it is the same.
    pub(crate) fn number_of(&self, address: Option<IpAddr>, by: &str) -> u64 {
        address.map_or_else(|| self.place_of_caller(by), |address| self.place_of(address))
    }

    fn places(&self, guess: &Guess) -> Places {
        let Guess { source, end_user, by, store_id, user } = guess;
        let named = |address| self.hasher.hash_one(("end user", store_id, by, network_of(address)));
        let source = end_user.map(named).or_else(|| source.map(|source| self.place_of(source)));
        let oneself = source.unwrap_or_else(|| self.place_of_caller(by));
        Places {
            source,
            user_of_source: self.hasher.hash_one(("user of source", store_id, user, oneself)),
            user: self.hasher.hash_one(("user", store_id, user)),
            store: self.hasher.hash_one(("store", store_id)),
        }
    }
}

/// What counts as one source: an address, or for IPv6 a network of 64 bits.
fn network_of(source: IpAddr) -> IpAddr {
    match source {
        IpAddr::V6(address) if address.to_ipv4_mapped().is_none() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64))
        }
        other => other.to_canonical(),
    }
}

/// Puts one more failure into a bucket.
fn fill(empty: &mut HashMap<u64, i64>, place: u64, rate: Rate, now: i64) {
    let most = now.saturating_add(rate.every.saturating_mul(i64::from(rate.burst)));
    let at = empty.entry(place).or_insert(now);
    *at = (*at).max(now).saturating_add(rate.every).min(most);
}

/// Where there are too many buckets, forgets those that are empty soonest.
fn forget_some(empty: &mut HashMap<u64, i64>, now: i64) {
    if empty.len() > KEPT {
        let mut times: Vec<i64> = empty.values().copied().collect();
        let (_, middle, _) = times.select_nth_unstable(KEPT / 2);
        let soonest = (*middle).max(now);
        empty.retain(|_, at| *at > soonest);
    }
}

#[cfg(test)]
mod tests;
