//! The group committer: one thread that owns all writes, and syncs once for all that have gathered.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

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
    _place: OwnedSemaphorePermit,
}

/// The way to the running thread.
#[derive(Clone)]
pub(crate) struct Queue {
    places: Arc<Semaphore>,
    to: mpsc::Sender<Waiting>,
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
        let queue = Queue { places: Arc::new(Semaphore::new(QUEUE)), to };
        let (ended, finished) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            Groups { open, sequence }.run(waiting);
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

/// Hands a batch to the committer and waits for its answer.
pub(crate) async fn commit(queue: Queue, batch: Batch) -> Result<(), Error> {
    let (answer, answered) = oneshot::channel();
    let place = queue.places.clone().acquire_owned().await.map_err(|_| Error::Closed)?;
    let waiting = Waiting { batch, answer, _place: place };
    queue.to.send(waiting).map_err(|_| Error::Closed)?;
    drop(queue);
    answered
        .await
        .unwrap_or_else(|_| Err(Error::Database("the committer ended without an answer".into())))
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

/// The thread's own state.
struct Groups {
    open: Arc<Opened>,
    sequence: u64,
}

impl Groups {
    fn run(&mut self, waiting: mpsc::Receiver<Waiting>) {
        let mut former = 1;
        while let Ok(first) = waiting.recv() {
            let group = gather(first, &waiting, former);
            former = group.len();
            self.commit(group);
        }
    }

    fn commit(&mut self, group: Vec<Waiting>) {
        let before = self.sequence;
        let mut changes = Changes::new();
        let mut answers = Vec::with_capacity(group.len());
        for Waiting { batch, answer, .. } in group {
            let result = match self.open.failure.get() {
                Some(failure) => Err(failure.clone()),
                None => self.judge(batch, &mut changes),
            };
            answers.push((answer, result));
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
                    for (_, result) in &mut answers {
                        *result = Err(failure.clone());
                    }
                    let _ = self.open.failure.set(failure);
                }
            }
        }
        for (answer, result) in answers {
            // Whoever no longer waits for the answer dropped the future.
            let _ = answer.send(result);
        }
    }

    /// Checks a batch against the rows as the group has left them so far, and adds its writes to the group's.
    fn judge(&mut self, batch: Batch, changes: &mut Changes) -> Result<(), Error> {
        self.open.rows(|rows| {
            let present = |changes: &Changes, address: &Address| match changes.get(&address.bytes) {
                Some(row) => Ok(row.clone()),
                None => rows.get(&address.bytes).map_err(|failure| failure.of(address)),
            };
            for (address, expected) in &batch.expectations {
                let row = present(changes, address)?;
                let version =
                    row.map(|row| row_of(address, &row).map(|(version, _)| version)).transpose()?;
                if version != *expected {
                    return Err(address.conflict());
                }
            }
            let mut cells = Changes::new();
            for (address, change) in &batch.cells {
                let cell = match cells.get(&address.bytes) {
                    Some(cell) => cell.clone(),
                    None => present(changes, address)?,
                };
                let count = cell_value(address, cell.as_deref())?;
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
