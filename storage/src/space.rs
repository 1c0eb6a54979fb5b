//! A space: the store as one tenant sees it.

use std::sync::Arc;

use crate::store::Inner;
use crate::{Error, Unit};

/// One tenant's rows, and the shared ones. Whoever holds a space cannot name another tenant's rows.
#[derive(Clone)]
pub struct Space {
    pub(crate) store: Arc<Inner>,
    tenant: Arc<str>,
}

impl Space {
    pub(crate) fn new(store: Arc<Inner>, tenant: &str) -> Space {
        Space { store, tenant: tenant.into() }
    }

    /// The tenant.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Begins a unit of work.
    pub fn unit(&self) -> Unit {
        Unit::new(self.clone())
    }

    /// Commits a batch of this store, which may write rows of other spaces as well.
    /// Errors as of [`Store::commit`](crate::Store::commit).
    pub async fn commit(&self, batch: crate::Batch) -> Result<(), Error> {
        self.store.commit(batch).await
    }
}

impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Space({})", self.tenant)
    }
}
