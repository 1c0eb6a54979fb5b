//! The bell that wakes the timer worker when something falls due earlier than it expected.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::instance::moment;

/// Shared by all who arm timers and the one worker that fires them.
pub(crate) struct Alarm {
    bell: Notify,
    /// When the worker wakes by itself, in microseconds.
    expected: AtomicU64,
}

impl Alarm {
    pub(crate) fn new() -> Alarm {
        Alarm { bell: Notify::new(), expected: AtomicU64::new(u64::MAX) }
    }

    /// The worker is about to sleep until then.
    pub(crate) fn expect(&self, next: Option<Timestamp>) {
        self.expected.store(next.map_or(u64::MAX, moment), Ordering::SeqCst);
    }

    /// Something falls due at `soonest`; called after the commit that armed it.
    pub(crate) fn set(&self, soonest: Option<Timestamp>) {
        if soonest.is_some_and(|at| moment(at) < self.expected.load(Ordering::SeqCst)) {
            self.bell.notify_one();
        }
    }

    /// Wakes the worker whatever it expects.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }
}
