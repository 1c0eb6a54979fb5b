//! Parsed things that never change once saved, kept so that they are parsed once.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// Values by tenant and identifier; it forgets everything when it is full, since all can be read
/// again.
pub(crate) struct Cache<T> {
    kept: RwLock<BTreeMap<String, Arc<T>>>,
    limit: usize,
}

impl<T> Cache<T> {
    pub(crate) fn new(limit: usize) -> Cache<T> {
        Cache { kept: RwLock::new(BTreeMap::new()), limit }
    }

    pub(crate) fn find(&self, tenant: &str, id: &str) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.get(&name(tenant, id)).cloned()
    }

    pub(crate) fn keep(&self, tenant: &str, id: &str, value: Arc<T>) {
        let mut kept = self.kept.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if kept.len() >= self.limit {
            kept.clear();
        }
        kept.insert(name(tenant, id), value);
    }
}

fn name(tenant: &str, id: &str) -> String {
    format!("{tenant}\u{0}{id}")
}
