//! The only reader of the time of day: the system's clock, or one that stands still for tests.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// Where the runtime reads the time. Times are whole milliseconds.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Still(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that shows `at` until it is advanced; all clones show the same time.
    pub fn still(at: Timestamp) -> Clock {
        Clock(Source::Still(Arc::new(Mutex::new(at))))
    }

    /// Moves a still clock on; the system's clock cannot be moved and ignores this.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Still(at) = &self.0 {
            let mut at = at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *at = at.checked_add(by).unwrap_or(Timestamp::MAX);
        }
    }

    /// The present time, cut to milliseconds.
    pub fn now(&self) -> Timestamp {
        let at = match &self.0 {
            Source::System => Timestamp::now(),
            Source::Still(at) => *at.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
        };
        Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
    }
}
