//! Rows behind a log: a write is durable once the log has it, and the database takes it in afterwards, a file of the
//! log at a time.
//!
//! What the database does not have yet lies over it in two layers: the changes of the present turn of the log, and
//! those of the turn before while the database takes them in. Readers look at the layers first, so they see every
//! acknowledged write, and never what the database is taking in and a power cut could take back.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard,
    RwLockWriteGuard,
};
use std::thread::JoinHandle;
use std::time::Duration;

use itertools::Itertools;
use tokio::runtime::{Handle, RuntimeFlavor};

use super::log::{Log, record_of};
use super::recent::{Found, Recent};
use super::{Changes, Failure, Rows, Stored};
use crate::Key;
use crate::address::{Address, Kind};
use crate::range::Stretch;

/// How many rows the database is given at a time; it may answer no reads meanwhile.
const SLICE: usize = 64;
/// How long changes lie over the database, unless the log is full: the same row is often changed again soon.
const REST: Duration = Duration::from_millis(500);

/// A database with a log before it.
pub(crate) struct Logged {
    recent: Recent,
    shared: Arc<Shared>,
    taker: Option<JoinHandle<()>>,
}

struct Shared {
    rows: Rows,
    /// How often the database was written and synced.
    syncs: AtomicU64,
    /// Taken after the state by whoever holds both.
    layers: RwLock<Layers>,
    state: Mutex<State>,
    /// Told when the state has changed.
    changed: Condvar,
    /// What ended all writes.
    failure: OnceLock<Failure>,
}

/// What lies over the database; the present layer hides the former one.
#[derive(Default)]
struct Layers {
    present: Changes,
    former: Arc<Changes>,
}

struct State {
    log: Log,
    /// Whether the former layer is being taken in.
    taking: bool,
    /// Whether the log is full and somebody waits for its next turn.
    wanted: bool,
    closing: bool,
}

/// Where the database keeps the last turn of the log that it has taken in.
fn mark_address() -> Vec<u8> {
    Address::new(Kind::Own, "", "store", &Key::from("log")).bytes
}

impl Logged {
    /// Puts the log of a folder before its database, which first takes in what the log still holds.
    pub(crate) fn open(rows: Rows, folder: &Path) -> Result<Logged, Failure> {
        let mark = rows.get(&mark_address())?;
        let mark = mark.and_then(|mark| mark.try_into().ok()).map_or(0, u64::from_be_bytes);
        let (log, turns) = Log::open(folder, mark)?;
        let syncs = AtomicU64::new(0);
        for turn in turns {
            take_in(&rows, &turn.changes, turn.epoch, &syncs)?;
        }
        let state = State { log, taking: false, wanted: false, closing: false };
        let shared = Arc::new(Shared {
            rows,
            syncs,
            layers: RwLock::default(),
            state: Mutex::new(state),
            changed: Condvar::new(),
            failure: OnceLock::new(),
        });
        let taker = shared.clone();
        let taker = std::thread::Builder::new()
            .name("store-taker".into())
            .spawn(move || taker.take_turns())
            .map_err(|e| Failure::Database(format!("no thread can be started: {e}")))?;
        Ok(Logged { recent: Recent::default(), shared, taker: Some(taker) })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.shared.rows.name()
    }

    pub(crate) fn find(&self, address: &[u8]) -> Result<Option<Arc<Found>>, Failure> {
        let since = match self.recent.get(address) {
            Ok(row) => return Ok(Some(row)),
            Err(since) => since,
        };
        {
            let layers = self.shared.layers();
            if let Some(row) = layers.present.get(address).or_else(|| layers.former.get(address)) {
                return Ok(row.clone().map(Found::new));
            }
        }
        // What left the layers meanwhile is in the database.
        let row = self.shared.rows.find(address)?;
        if let Some(row) = &row {
            self.recent.keep(since, address, row);
        }
        Ok(row)
    }

    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Result<Vec<Stored>, Failure> {
        // Held all the while, so that nothing moves from a layer into the database between the looks at both.
        let layers = self.shared.layers();
        let mut asked = limit;
        loop {
            let rows = self.shared.rows.scan(stretch, asked)?;
            let bare = |layer| over(layer, stretch).next().is_none();
            if bare(&layers.present) && bare(&layers.former) {
                return Ok(rows);
            }
            let whole = rows.len() < asked;
            let shown = if stretch.descending {
                let layer = |changes| over(changes, stretch).rev();
                let (present, former) = (layer(&layers.present), layer(&layers.former));
                merged([present, former], &rows, whole, limit, |a, b| a >= b)
            } else {
                let layer = |changes| over(changes, stretch);
                let (present, former) = (layer(&layers.present), layer(&layers.former));
                merged([present, former], &rows, whole, limit, |a, b| a <= b)
            };
            if whole || shown.len() == limit {
                return Ok(shown);
            }
            // The layers hide some of the rows.
            asked = asked.saturating_mul(2);
        }
    }

    /// Writes a group into the log.
    pub(crate) fn write(&self, changes: Changes) -> Result<(), Failure> {
        let record = record_of(&changes);
        let mut state = self.shared.room_for(record.len())?;
        if let Err(failure) = state.log.append(&record) {
            let _ = self.shared.failure.set(failure.clone());
            return Err(failure);
        }
        let mut layers = self.shared.layers_to_change();
        self.recent.forget(changes.keys());
        layers.present.extend(changes);
        Ok(())
    }

    /// How often the database was written and synced, apart from the log.
    pub(crate) fn syncs(&self) -> u64 {
        self.shared.syncs.load(Ordering::Relaxed)
    }

    /// The failure that ended all writes, if one did.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.shared.failure.get().cloned()
    }
}

/// Waits on this thread. If it is one of tokio's, another does its work meanwhile.
fn aside<T>(wait: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        _ => wait(),
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        self.shared.state().closing = true;
        self.shared.changed.notify_all();
        if self.taker.take().is_some_and(|taker| taker.join().is_err()) {
            tracing::error!("what the log holds was not taken in; the next start does it");
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn layers(&self) -> RwLockReadGuard<'_, Layers> {
        self.layers.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn layers_to_change(&self) -> RwLockWriteGuard<'_, Layers> {
        self.layers.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state once the present turn of the log has room for so many bytes.
    fn room_for(&self, bytes: usize) -> Result<MutexGuard<'_, State>, Failure> {
        let mut state = self.state();
        loop {
            if let Some(failure) = self.failure.get() {
                return Err(failure.clone());
            }
            if state.log.has_room(bytes) {
                return Ok(state);
            }
            state.wanted = true;
            self.changed.notify_all();
            state = aside(|| self.changed.wait(state)).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the database take in turn after turn, until the store is closed or the database fails.
    fn take_turns(&self) {
        while let Some((changes, epoch)) = self.next_turn() {
            match take_in(&self.rows, &changes, epoch, &self.syncs) {
                Ok(()) => self.layers_to_change().former = Arc::default(),
                // They stay over the database: what was acknowledged is still seen.
                Err(failure) => {
                    tracing::error!(%failure, "the database took nothing in; the store takes no more commits");
                    let _ = self.failure.set(failure);
                }
            }
            self.state().taking = false;
            self.changed.notify_all();
        }
    }

    /// Waits until there is something to take in; makes it the former layer and lets the log go on with its other
    /// file. Nothing when writes have failed, or the store is closed and everything is taken in.
    fn next_turn(&self) -> Option<(Arc<Changes>, u64)> {
        let mut state = self.state();
        loop {
            let begun = !state.log.is_empty();
            if self.failure.get().is_some() || (state.closing && !begun) {
                return None;
            }
            if begun && (state.wanted || state.closing) {
                break;
            }
            let waited = self.changed.wait_timeout(state, REST);
            let (after, time) = waited.unwrap_or_else(PoisonError::into_inner);
            state = after;
            if begun && time.timed_out() {
                break;
            }
        }
        state.taking = true;
        state.wanted = false;
        let epoch = state.log.epoch();
        state.log.turn();
        let mut layers = self.layers_to_change();
        layers.former = Arc::new(std::mem::take(&mut layers.present));
        let changes = layers.former.clone();
        drop(layers);
        drop(state);
        self.changed.notify_all();
        Some((changes, epoch))
    }
}

/// A row of a layer or of the database, or that there is none.
type Seen<'a> = (&'a [u8], Option<&'a [u8]>);

/// The part of a layer that lies over a stretch.
fn over<'a>(
    layer: &'a Changes,
    stretch: &'a Stretch,
) -> impl DoubleEndedIterator<Item = Seen<'a>> + use<'a> {
    let inside = layer.range::<[u8], _>(stretch.bounds());
    inside.map(|(address, row)| (address.as_slice(), row.as_deref()))
}

/// The first rows of the layers, the newer one before the older, and of the database, all in the same order. Unless
/// they are the `whole` of the stretch, the rows of the database say nothing of what follows the last of them.
fn merged<'a>(
    [newer, older]: [impl Iterator<Item = Seen<'a>>; 2],
    rows: &'a [Stored],
    whole: bool,
    limit: usize,
    comes_first: fn(&[u8], &[u8]) -> bool,
) -> Vec<Stored> {
    let last = rows.last().map(|(address, _)| address.as_slice()).filter(|_| !whole);
    let first = |a: &Seen<'_>, b: &Seen<'_>| comes_first(a.0, b.0);
    let stored = rows.iter().map(|(address, row)| (address.as_slice(), Some(row.as_slice())));
    newer
        .merge_by(older, first)
        .merge_by(stored, first)
        .dedup_by(|a, b| a.0 == b.0)
        .take_while(|(address, _)| last.is_none_or(|last| comes_first(address, last)))
        .filter_map(|(address, row)| Some((address.to_vec(), row?.to_vec())))
        .take(limit)
        .collect()
}

/// Lets the database take in the changes of a turn, a slice at a time, and then which turn it was.
fn take_in(rows: &Rows, changes: &Changes, epoch: u64, syncs: &AtomicU64) -> Result<(), Failure> {
    let mut slice = Changes::new();
    for (address, row) in changes {
        slice.insert(address.clone(), row.clone());
        if slice.len() == SLICE {
            rows.write(std::mem::take(&mut slice))?;
        }
    }
    slice.insert(mark_address(), Some(epoch.to_be_bytes().to_vec()));
    rows.write(slice)?;
    syncs.fetch_add(1, Ordering::Relaxed);
    rows.sync()
}

#[cfg(test)]
mod tests;
