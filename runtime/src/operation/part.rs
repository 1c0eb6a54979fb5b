//! Parts of an operation on many: each does a bounded number in a bounded time, and says where to go on.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{Failed, Tally};

/// The most that one part does.
pub(crate) const PART: usize = 500;

/// How long one part goes on, so that its answer comes before the caller has given up waiting.
const MOST_TIME: Duration = Duration::from_secs(15);

/// What one part has found to do, and what came of it so far.
pub(crate) struct Part {
    pub(crate) tally: Tally,
    /// What is left, each with where the next part begins if this is the last of the part.
    left: VecDeque<(String, Option<String>)>,
    /// Where the next part would begin.
    reached: Option<String>,
    begun: Instant,
}

impl Part {
    /// What was found, with where to go on after each, and after all.
    pub(crate) fn new(found: Vec<(String, String)>, next: Option<String>) -> Part {
        let left = found.into_iter().map(|(id, place)| (id, Some(place))).collect();
        let tally = Tally { next, ..Tally::default() };
        Part { tally, left, reached: None, begun: Instant::now() }
    }

    /// What the caller has named.
    pub(crate) fn named(ids: &[String]) -> Part {
        let left = ids.iter().map(|id| (id.clone(), None)).collect();
        Part { left, ..Part::new(Vec::new(), None) }
    }

    /// The next to do it to. One is done at least; when the time is over, the next part begins with the others, and
    /// those that were named are told to have failed.
    pub(crate) fn next(&mut self) -> Option<String> {
        if self.tally.matched > 0 && self.begun.elapsed() >= MOST_TIME {
            if let Some(reached) = self.reached.take().filter(|_| !self.left.is_empty()) {
                self.tally.next = Some(reached);
                self.left.clear();
            }
            for (id, _) in self.left.drain(..) {
                let reason = "no time was left for it; ask again".to_owned();
                self.tally.failed.push(Failed { id, reason });
                self.tally.matched += 1;
            }
        }
        let (id, place) = self.left.pop_front()?;
        self.reached = place;
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late(mut part: Part) -> (Vec<String>, Tally) {
        let mut done = Vec::new();
        while let Some(id) = part.next() {
            part.tally.count(id.clone(), Ok(())).unwrap();
            part.begun = Instant::now().checked_sub(MOST_TIME).unwrap();
            done.push(id);
        }
        (done, part.tally)
    }

    #[test]
    fn when_the_time_is_over_the_next_part_begins_where_this_one_has_come() {
        let found =
            |ids: &[&str]| ids.iter().map(|id| (id.to_string(), format!("after {id}"))).collect();
        let (done, tally) = late(Part::new(found(&["a", "b", "c"]), None));
        assert_eq!(
            (done, tally.matched, tally.next.as_deref()),
            (vec!["a".to_owned()], 1, Some("after a"))
        );
        let (done, tally) = late(Part::new(found(&["a"]), None));
        assert_eq!((done.len(), tally.next), (1, None), "nothing is left");
        let (_, tally) = late(Part::new(found(&["a"]), Some("end".to_owned())));
        assert_eq!(tally.next.as_deref(), Some("end"));
    }

    #[test]
    fn of_those_that_were_named_each_is_told_of() {
        let (done, tally) = late(Part::named(&["a", "b", "c"].map(str::to_owned)));
        let failed: Vec<&str> = tally.failed.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((done.len(), tally.matched, tally.done, failed), (1, 3, 1, vec!["b", "c"]));
    }
}
