//! The only reader of the time of day: the system's clock, or one that stands still until it is
//! moved.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use crate::{Error, Runtime, duration};

/// Where the runtime reads the time. Times are whole milliseconds.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Still(Arc<Mutex<Timestamp>>),
}

/// How far a still clock is moved; one of the two.
#[derive(Clone, Debug, Default)]
pub struct ClockMove {
    /// By an ISO 8601 duration such as `PT5M`.
    pub advance: Option<String>,
    /// To a moment that has not passed.
    pub to: Option<Timestamp>,
}

/// Moments at which something falls due that one move may pass.
const STOPS: usize = 500_000;

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that shows `at` until it is advanced; all clones show the same time.
    pub fn still(at: Timestamp) -> Clock {
        Clock(Source::Still(Arc::new(Mutex::new(at))))
    }

    /// A clock that shows the present time of the machine until it is moved.
    pub fn manual() -> Clock {
        Clock::still(Timestamp::now())
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

    fn is_still(&self) -> bool {
        matches!(self.0, Source::Still(_))
    }

    /// Moves a still clock to the first whole millisecond that is not before a moment; never back.
    fn reach(&self, moment: Timestamp) {
        let whole = Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment);
        let step = SignedDuration::from_millis(i64::from(whole < moment));
        let whole = whole.checked_add(step).unwrap_or(moment);
        if let Source::Still(at) = &self.0 {
            let mut at = at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *at = whole.max(*at);
        }
    }
}

impl Runtime {
    /// Moves a still clock. What falls due on the way fires at its own time, in order, also what
    /// is armed on the way; all has fired, and what has expired is swept, when this gives the new
    /// time.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the clock is the machine's own; [`Error::Invalid`] where the move
    /// is not forward or passes too much, with the clock left where it stopped.
    pub async fn move_clock(&self, by: &ClockMove) -> Result<Timestamp, Error> {
        let clock = &self.inner().clock;
        if !clock.is_still() {
            return Err(Error::not_found("clock", "manual"));
        }
        let _alone = self.inner().moving.lock().await;
        let target = target(by, clock.now())?;
        for _ in 0..STOPS {
            match self.fire_some().await? {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Some(next)) if next <= target => clock.reach(next),
                ControlFlow::Break(_) => {
                    clock.reach(target);
                    self.record().await;
                    self.sweep().await;
                    while self.remove_ended().await {}
                    return Ok(clock.now());
                }
            }
        }
        let at = if by.to.is_some() { "to" } else { "advance" };
        let now = clock.now();
        let message = format!("too much falls due before; the clock stopped at {now}");
        Err(Error::invalid(at, message))
    }
}

fn target(by: &ClockMove, now: Timestamp) -> Result<Timestamp, Error> {
    match (&by.advance, by.to) {
        (Some(advance), None) => {
            let span = duration::parse(advance).map_err(|e| Error::invalid("advance", e))?;
            duration::after(now, &span)
                .ok_or_else(|| Error::invalid("advance", "leads beyond the calendar"))
        }
        (None, Some(to)) if to >= now => Ok(to),
        (None, Some(_)) => {
            Err(Error::invalid("to", format!("has passed: the clock stands at {now}")))
        }
        _ => Err(Error::invalid("advance", "give either advance or to")),
    }
}
