//! States of large instances, kept in memory by their revision so that a command need not read
//! and replay what the one before it has left.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Instance;

/// States by revision; those that were not used for the longest time go first, since all that are
/// committed can be read again.
pub(crate) struct States {
    shelf: Mutex<Shelf>,
    /// How many bytes they may have together, as JSON.
    limit: usize,
}

#[derive(Default)]
struct Shelf {
    states: BTreeMap<String, State>,
    bytes: usize,
    /// How often something was looked up or kept.
    uses: u64,
}

struct State {
    engine: Arc<Instance>,
    bytes: usize,
    used: u64,
}

impl States {
    pub(crate) fn new(limit: usize) -> States {
        States { shelf: Mutex::default(), limit }
    }

    pub(crate) fn find(&self, revision: &str) -> Option<Arc<Instance>> {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let used = shelf.uses;
        let state = shelf.states.get_mut(revision)?;
        state.used = used;
        Some(state.engine.clone())
    }

    /// Keeps a state of about so many bytes.
    pub(crate) fn keep(&self, revision: &str, engine: &Arc<Instance>, bytes: usize) {
        let mut shelf = self.shelf();
        shelf.remove(revision);
        if bytes > self.limit {
            return;
        }
        while shelf.bytes + bytes > self.limit {
            let oldest = shelf.states.iter().min_by_key(|(_, state)| state.used);
            let Some(oldest) = oldest.map(|(revision, _)| revision.clone()) else { break };
            shelf.remove(&oldest);
        }
        shelf.uses += 1;
        let state = State { engine: engine.clone(), bytes, used: shelf.uses };
        shelf.bytes += bytes;
        shelf.states.insert(revision.to_owned(), state);
    }

    pub(crate) fn forget(&self, revision: &str) {
        self.shelf().remove(revision);
    }

    #[cfg(test)]
    pub(crate) fn forget_all(&self) {
        *self.shelf() = Shelf::default();
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn remove(&mut self, revision: &str) {
        if let Some(state) = self.states.remove(revision) {
            self.bytes -= state.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_that_was_used_longest_ago_goes_first_and_one_that_is_too_large_is_not_kept() {
        let states = States::new(100);
        let engine = Arc::new(Instance::default());
        states.keep("a", &engine, 40);
        states.keep("b", &engine, 40);
        assert!(states.find("a").is_some());
        states.keep("c", &engine, 40);
        states.keep("d", &engine, 101);
        let there = ["a", "b", "c", "d"].map(|name| states.find(name).is_some());
        assert_eq!(there, [true, false, true, false]);
        states.forget("a");
        states.forget("c");
        states.keep("e", &engine, 100);
        assert!(states.find("e").is_some(), "what is gone takes no room");
    }
}
