//! The group committer: one thread that writes for many at once, and syncs once for all that have gathered. Who commits
//! alone writes without it, and is spared waking it and being woken by it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::address::{Address, Kind};
use crate::counter::cell_value;
use crate::drivers::{Changes, Rows};
use crate::store::{Opened, row_of};
use crate::{Batch, Error, Key};

/// How many commits may wait before further ones wait to be let in.
const QUEUE: usize = 1024;
/// How many commits share a sync at most.
const GROUP: usize = 256;
/// How many bytes share a sync at most, the last commit apart.
const GROUP_WEIGHT: usize = 4 << 20;
/// How long a group waits to become as large as the one before it, at most. Who commits alone never waits; many at
/// once share a sync instead of having one each.
const GATHERING: Duration = Duration::from_millis(2);

/// A commit that waits for its group.
struct Waiting {
    batch: Batch,
    answer: oneshot::Sender<Result<(), Error>>,
    place: OwnedSemaphorePermit,
}

/// The way to the running thread, and past it.
#[derive(Clone)]
pub(crate) struct Queue {
    places: Arc<Semaphore>,
    to: mpsc::Sender<Waiting>,
    groups: Arc<Mutex<Groups>>,
}

/// The running thread and the way to it.
pub(crate) struct Committer {
    queue: Queue,
    finished: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

impl Committer {
    pub(crate) fn start(open: Arc<Opened>, sequence: u64) -> Committer {
        let (to, waiting) = mpsc::channel();
        let groups = Arc::new(Mutex::new(Groups { open, sequence, former: 1 }));
        let queue = Queue { places: Arc::new(Semaphore::new(QUEUE)), to, groups: groups.clone() };
        let (ended, finished) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            run(&groups, &waiting);
            let _ = ended.send(());
        });
        Committer { queue, finished, thread }
    }

    pub(crate) fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// Waits until all commits in the queue are answered and the thread has ended.
    pub(crate) async fn finished(self) {
        let Committer { queue, finished, thread } = self;
        drop(queue);
        let _ = finished.await;
        join(thread);
    }

    /// The same, blocking.
    pub(crate) fn finish(self) {
        let Committer { queue, thread, .. } = self;
        drop(queue);
        join(thread);
    }
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!("the committer ended in a panic");
    }
}

/// What a commit takes of the budget that tokio gives a task until it has to let others go on, which is 128.
const COSTS: usize = 32;

tokio::task_local! {
    static BACKGROUND: ();
}

/// Does work for which no caller waits. Its commits never hold up the thread that it runs on, and those that it makes
/// side by side share their syncs.
pub async fn in_background<F: Future>(work: F) -> F::Output {
    BACKGROUND.scope((), work).await
}

/// Commits a batch at once where nobody else commits, or else hands it to the committer and waits for its answer.
pub(crate) async fn commit(queue: Queue, batch: Batch) -> Result<(), Error> {
    let batch = match queue.alone(batch) {
        Ok(result) => {
            // A task of many commits would hold its thread, and what only that one looks for, such as connections. To
            // give it away after each would let another thread take the task, and its caller wait for that.
            for _ in 0..COSTS {
                tokio::task::consume_budget().await;
            }
            return result;
        }
        Err(batch) => batch,
    };
    let (answer, answered) = oneshot::channel();
    let place = queue.places.clone().acquire_owned().await.map_err(|_| Error::Closed)?;
    let waiting = Waiting { batch, answer, place };
    queue.to.send(waiting).map_err(|_| Error::Closed)?;
    drop(queue);
    answered
        .await
        .unwrap_or_else(|_| Err(Error::Database("the committer ended without an answer".into())))
}

impl Queue {
    /// Commits a batch on this thread; gives it back where others commit, or no other thread does the work meanwhile.
    ///
    /// The thread is held up by a sync, and never more than one is. To tell tokio so would cost a tenth of a sync.
    fn alone(&self, batch: Batch) -> Result<Result<(), Error>, Batch> {
        let several = |handle: Handle| handle.metrics().num_workers() > 1;
        // The places are held by the committer and by each that commits, from the begin to the answer.
        let crowded = Arc::strong_count(&self.places) > 2;
        let background = BACKGROUND.try_with(|()| ()).is_ok();
        let Ok(mut groups) = self.groups.try_lock() else { return Err(batch) };
        if crowded || background || groups.former > 1 || !Handle::try_current().is_ok_and(several) {
            return Err(batch);
        }
        let results = groups.commit(vec![batch]);
        Ok(results.into_iter().next().unwrap_or(Err(Error::Closed)))
    }
}

/// The sequence number of the last commit in the database.
pub(crate) fn last_sequence(rows: &Rows) -> Result<u64, Error> {
    let address = sequence_address();
    let bytes = rows.get(&address.bytes).map_err(|failure| failure.of(&address))?;
    cell_value(&address, bytes.as_deref())
}

fn sequence_address() -> Address {
    Address::new(Kind::Own, "", "store", &Key::from("sequence"))
}

/// A commit and those that go with it: all that wait already, and, if they come soon, as many as went together before.
fn gather(first: Waiting, waiting: &mpsc::Receiver<Waiting>, former: usize) -> Vec<Waiting> {
    let until = Instant::now() + GATHERING;
    let mut weight = first.batch.weight();
    let mut group = vec![first];
    while group.len() < GROUP && weight < GROUP_WEIGHT {
        let next = match waiting.try_recv() {
            Ok(next) => next,
            Err(_) if group.len() >= former => break,
            Err(_) => match waiting.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(next) => next,
                Err(_) => break,
            },
        };
        weight += next.batch.weight();
        group.push(next);
    }
    group
}

/// The thread's work: group after group, until nobody can commit any more.
fn run(groups: &Mutex<Groups>, waiting: &mpsc::Receiver<Waiting>) {
    let mut former = 1;
    while let Ok(first) = waiting.recv() {
        let group = gather(first, waiting, former);
        former = group.len();
        let Ok(mut groups) = groups.lock() else { return };
        groups.former = former;
        let (batches, answers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|one| (one.batch, (one.answer, one.place))).unzip();
        let results = groups.commit(batches);
        drop(groups);
        for ((answer, place), result) in answers.into_iter().zip(results) {
            drop(place);
            // Whoever no longer waits for the answer dropped the future.
            let _ = answer.send(result);
        }
    }
}

/// What a group came to; a panic is a failure that ends all commits and that a look at the store's health tells.
fn unless_it_panics(
    open: &Opened,
    number: usize,
    commit: impl FnOnce() -> Vec<Result<(), Error>>,
) -> Vec<Result<(), Error>> {
    catch_unwind(AssertUnwindSafe(commit)).unwrap_or_else(|_| {
        tracing::error!("a group of commits panicked; the store takes no more commits");
        let failure = "an earlier commit panicked, open the store again";
        let failure = Error::Database(failure.to_owned());
        let _ = open.failure.set(failure.clone());
        vec![Err(failure); number]
    })
}

/// What whoever writes holds.
struct Groups {
    open: Arc<Opened>,
    sequence: u64,
    /// How many commits the last group had.
    former: usize,
}

impl Groups {
    /// Commits batches together, in their order; one result for each. After a panic nothing is committed any more: how
    /// far it came is not known before the store is opened again.
    fn commit(&mut self, batches: Vec<Batch>) -> Vec<Result<(), Error>> {
        let (open, number) = (self.open.clone(), batches.len());
        unless_it_panics(&open, number, || self.commit_all(batches))
    }

    fn commit_all(&mut self, batches: Vec<Batch>) -> Vec<Result<(), Error>> {
        let before = self.sequence;
        let mut changes = Changes::new();
        let mut results = Vec::with_capacity(batches.len());
        for batch in batches {
            results.push(match self.open.failure.get() {
                Some(failure) => Err(failure.clone()),
                None => self.judge(batch, &mut changes),
            });
        }
        if !changes.is_empty() {
            changes.insert(sequence_address().bytes, Some(self.sequence.to_be_bytes().to_vec()));
            let row = |(address, row): (&Vec<u8>, &Option<Vec<u8>>)| {
                address.len() + row.as_ref().map_or(0, Vec::len)
            };
            let bytes: usize = changes.iter().map(row).sum();
            match self.write(changes) {
                Ok(()) => {
                    self.open.written.fetch_add(bytes as u64, Ordering::Relaxed);
                    self.open.syncs.fetch_add(1, Ordering::Relaxed);
                    self.open.commits.fetch_add(self.sequence - before, Ordering::Relaxed);
                }
                Err(failure) => {
                    tracing::error!(%failure, "a group of commits could not be written; the store takes no more commits");
                    let failure = Error::Database(format!(
                        "an earlier write failed, open the store again: {failure}"
                    ));
                    results.fill(Err(failure.clone()));
                    let _ = self.open.failure.set(failure);
                }
            }
        }
        results
    }

    /// Checks a batch against the rows as the group has left them so far, and adds its writes to the group's.
    fn judge(&mut self, batch: Batch, changes: &mut Changes) -> Result<(), Error> {
        self.open.rows(|rows| {
            let stored = |address: &Address| {
                rows.find(&address.bytes).map_err(|failure| failure.of(address))
            };
            for (address, expected) in &batch.expectations {
                let version = |row: &[u8]| row_of(address, row).map(|(version, _)| version);
                let version = match changes.get(&address.bytes) {
                    Some(row) => row.as_deref().map(version),
                    None => stored(address)?.map(|row| version(row.bytes())),
                };
                if version.transpose()? != *expected {
                    return Err(address.conflict());
                }
            }
            let mut cells = Changes::new();
            for (address, change) in &batch.cells {
                let count = match cells.get(&address.bytes).or_else(|| changes.get(&address.bytes))
                {
                    Some(cell) => cell_value(address, cell.as_deref())?,
                    None => cell_value(address, stored(address)?.as_ref().map(|row| row.bytes()))?,
                };
                let count = change.apply(count).ok_or_else(|| address.exhausted())?;
                let cell = (count > 0).then(|| count.to_be_bytes().to_vec());
                cells.insert(address.bytes.clone(), cell);
            }
            if batch.is_empty() {
                return Ok(());
            }
            let one_fewer = |left: u64| left.checked_sub(1);
            let left = &self.open.left;
            if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_fewer).is_err() {
                let failure = Error::Database("a trial lets no more commits through".into());
                let _ = self.open.failure.set(failure.clone());
                return Err(failure);
            }
            self.sequence += 1;
            let version = self.sequence.to_be_bytes();
            changes.extend(cells);
            changes.extend(batch.rows.into_iter().map(|(address, row)| {
                let row = row.map(|row| [version.as_slice(), &row].concat());
                (address.bytes, row)
            }));
            Ok(())
        })
    }

    fn write(&self, changes: Changes) -> Result<(), Error> {
        self.open.rows(|rows| {
            rows.write(changes).map_err(|failure| Error::Database(failure.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn a_commit_that_panics_fails_and_is_seen_by_who_asks_for_the_health() {
        let store = Store::memory();
        store.takes_commits().unwrap();
        let results = unless_it_panics(store.opened(), 2, || panic!("out of order"));
        assert!(matches!(&results[..], [Err(_), Err(_)]), "{results:?}");
        let failure = store.takes_commits().unwrap_err().to_string();
        assert!(failure.contains("panicked, open the store again"), "{failure}");
        let mut unit = store.space("demo").unit();
        unit.put(&crate::Table::new("rows"), Key::from("a"), &1).unwrap();
        assert_eq!(unit.commit().await.unwrap_err().to_string(), failure);
    }
}
