//! Turns: those whose commit somebody else outran decide again one after the other, first come, first served.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::Runtime;

/// How many rows are told apart; two that are not only wait for each other.
const PLACES: u64 = 256;

/// The queues of those who wait to decide again, by the row that they want to change.
pub(crate) struct Turns(Vec<Arc<Mutex<()>>>);

/// The right to decide again before all others who were outrun at the same row.
///
/// Without it many who change one row outrun each other again and again, and some of them for ever.
#[derive(Debug, Default)]
pub struct Turn(Option<(usize, OwnedMutexGuard<()>)>);

impl Turns {
    pub(crate) fn new() -> Turns {
        Turns((0..PLACES).map(|_| Arc::default()).collect())
    }

    /// Waits for a turn at the row that the conflict names, unless it is that turn already.
    pub(crate) async fn wait(&self, turn: &mut Turn, conflict: &impl ToString) {
        let mut hasher = DefaultHasher::new();
        conflict.to_string().hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % PLACES).unwrap_or_default();
        if turn.0.as_ref().is_some_and(|(held, _)| *held == place) {
            return;
        }
        // Whoever waits holds no other turn, so that nobody waits for each other.
        turn.0 = None;
        if let Some(queue) = self.0.get(place) {
            turn.0 = Some((place, queue.clone().lock_owned().await));
        }
    }
}

impl Runtime {
    /// Waits until it is one's turn to do again what failed with this conflict; the turn lasts as long as the value.
    pub async fn wait_for_turn(&self, turn: &mut Turn, conflict: &impl ToString) {
        self.inner().turns.wait(turn, conflict).await;
    }
}
