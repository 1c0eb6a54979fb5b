//! Which rows of a table a list takes, and from which end.

use std::ops::{Bound, RangeBounds};

use crate::Key;
use crate::address::Address;

/// A stretch of a table in key order.
#[derive(Clone, Debug, Default)]
pub struct Range {
    pub(crate) prefix: Key,
    start: Option<Bound<Key>>,
    before: Option<Key>,
    pub(crate) descending: bool,
}

impl Range {
    /// All rows of the table.
    pub fn all() -> Range {
        Range::default()
    }

    /// The rows whose key begins with these parts.
    pub fn prefix(prefix: impl Into<Key>) -> Range {
        Range { prefix: prefix.into(), ..Range::default() }
    }

    /// Only rows whose key sorts after this one (the whole key, prefix included), which itself is left out.
    #[must_use]
    pub fn after(mut self, key: impl Into<Key>) -> Range {
        self.start = Some(Bound::Excluded(key.into()));
        self
    }

    /// Only the row of this key (the whole key, prefix included) and those whose key sorts after it.
    #[must_use]
    pub fn from(mut self, key: impl Into<Key>) -> Range {
        self.start = Some(Bound::Included(key.into()));
        self
    }

    /// Only rows whose key sorts before this one (the whole key, prefix included), which itself is left out.
    #[must_use]
    pub fn before(mut self, key: impl Into<Key>) -> Range {
        self.before = Some(key.into());
        self
    }

    /// Only rows that a list in this direction comes to after this one (the whole key, prefix included): how the next
    /// page begins. A direction is chosen before.
    #[must_use]
    pub fn beyond(self, key: impl Into<Key>) -> Range {
        if self.descending { self.before(key) } else { self.after(key) }
    }

    /// From the last row to the first.
    #[must_use]
    pub fn descending(mut self) -> Range {
        self.descending = true;
        self
    }

    /// The same stretch among all rows of the store. `whole` gives the address of a key of the table.
    pub(crate) fn stretch(&self, whole: impl Fn(&Key) -> Address) -> Stretch {
        let prefix = whole(&self.prefix).bytes;
        let end = following(&prefix);
        let start =
            match self.start.as_ref().map(|bound| bound.as_ref().map(|key| whole(key).bytes)) {
                Some(Bound::Excluded(start)) if start >= prefix => Bound::Excluded(start),
                Some(Bound::Included(start)) if start >= prefix => Bound::Included(start),
                _ => Bound::Included(prefix),
            };
        let end = match self.before.as_ref().map(|key| whole(key).bytes) {
            Some(before) if before < end => before,
            _ => end,
        };
        Stretch { start, end, descending: self.descending }
    }
}

/// A stretch of addresses.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub(crate) start: Bound<Vec<u8>>,
    /// The first address that is no longer in it.
    pub(crate) end: Vec<u8>,
    pub(crate) descending: bool,
}

impl Stretch {
    pub(crate) fn is_empty(&self) -> bool {
        match &self.start {
            Bound::Included(start) | Bound::Excluded(start) => *start >= self.end,
            Bound::Unbounded => false,
        }
    }

    pub(crate) fn contains(&self, address: &[u8]) -> bool {
        RangeBounds::<[u8]>::contains(&self.bounds(), address)
    }

    pub(crate) fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (self.start.as_ref().map(Vec::as_slice), Bound::Excluded(self.end.as_slice()))
    }
}

/// The first byte string that sorts after everything beginning with `prefix`.
/// An address begins with a small kind byte, so there always is one.
fn following(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xFF {
            end.push(last + 1);
            break;
        }
    }
    end
}
