//! Asking: conditions and joins that may go on because of what a step has changed.

use super::Walk;
use crate::CatchId;
use crate::elements::conditional::{self, Written};
use crate::scope::Gateways;

impl Walk<'_> {
    /// Asks every condition that is awaited and every join where somebody waits.
    pub(crate) fn ask_everything(&mut self) {
        self.written.unknown = true;
        self.touch_all_joins();
    }

    /// Asks these conditions, those that name neither a variable nor a change, and every join where
    /// somebody waits.
    pub(crate) fn ask_again(&mut self, conditions: Vec<CatchId>) {
        self.written.any = true;
        self.unasked.extend(conditions);
        self.touch_all_joins();
    }

    /// Asks nothing of what this step has changed.
    pub(crate) fn ask_nothing(&mut self) {
        self.written = Written::default();
        self.unasked.clear();
    }

    /// Asks the conditions that what was written may have turned, and those that are new; whether
    /// there was anything to ask for.
    pub(super) fn ask_awaited(&mut self) -> bool {
        if !self.written.is_any() && self.unasked.is_empty() {
            return false;
        }
        let (unasked, written) =
            (std::mem::take(&mut self.unasked), std::mem::take(&mut self.written));
        // Conditions that are left unasked are asked when the incident is taken up.
        if self.effort.is_exhausted() {
            return false;
        }
        if written.is_any() {
            conditional::ask(self, &written, &unasked);
            self.touch_complex_joins();
        } else {
            conditional::ask_new(self, unasked);
        }
        true
    }

    /// A variable was written: it may be one that an activation condition asks for.
    fn touch_complex_joins(&mut self) {
        if !self.process.has_complex_joins() {
            return;
        }
        self.effort.spend(self.instance.scopes.len());
        self.touch_joins(|gateways| !gateways.arrivals.is_empty());
    }

    fn touch_all_joins(&mut self) {
        self.touch_joins(|gateways| !gateways.arrivals.is_empty() || !gateways.resets.is_empty());
    }

    fn touch_joins(&mut self, waits: impl Fn(&Gateways) -> bool) {
        let scopes = self.instance.scopes().filter(|(_, open)| waits(&open.gateways));
        self.touched.extend(scopes.map(|(scope, _)| Some(scope)));
        if waits(&self.instance.gateways) {
            self.touched.insert(None);
        }
    }
}
