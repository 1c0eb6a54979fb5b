//! One tenant's rooms, opened for one caller.

use std::net::IpAddr;
use std::sync::Arc;

use identity::Work;
use jiff::Timestamp;
use storage::{Space, Unit};

use crate::Inner;

/// What a permitted caller may do in one tenant. Nothing of another tenant can be reached by it.
#[derive(Clone)]
pub struct Tenant {
    inner: Arc<Inner>,
    space: Space,
    by: Arc<str>,
    source: Option<IpAddr>,
    end_user: Option<IpAddr>,
}

impl Tenant {
    pub(crate) fn new(inner: Arc<Inner>, space: Space, by: &str) -> Tenant {
        Tenant { inner, space, by: by.into(), source: None, end_user: None }
    }

    /// The same rooms for an end user who comes from this address.
    #[must_use]
    pub fn reached_from(self, source: IpAddr) -> Tenant {
        Tenant { source: Some(source), ..self }
    }

    /// The same rooms for the end user of a permitted caller, who is at this address if the caller says so.
    #[must_use]
    pub fn on_behalf_of(self, end_user: Option<IpAddr>) -> Tenant {
        Tenant { end_user, ..self }
    }

    /// The tenant's name.
    pub fn name(&self) -> &str {
        self.space.tenant()
    }

    /// A unit of work on the tenant's identity stores; nothing of it is kept until it commits.
    pub fn identity(&self) -> Work {
        let work = Work::new(self.unit(), self.now(), &*self.by);
        work.throttled(self.inner.throttle.clone(), self.source).on_behalf_of(self.end_user)
    }

    pub(crate) fn by(&self) -> &str {
        &self.by
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn unit(&self) -> Unit {
        self.space.unit()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Tells the timer worker of what a commit has armed.
    pub(crate) fn wake(&self, soonest: Option<Timestamp>) {
        self.inner.alarm.set(soonest);
    }

    /// Wakes the timer worker whatever it expects: a commit may have armed something.
    pub(crate) fn ring(&self) {
        self.inner.alarm.ring();
    }
}
