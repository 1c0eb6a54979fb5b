//! Ways: along which flows a path leaves its node, and whether there is room for so many.

use definitions::{EvaluationError, Flow, Place};

use super::{Move, Visit, Walk};
use crate::effort::{MOST_PATHS, PATHS_FOR_EACH};
use crate::elements::{activity, ad_hoc_sub_process};
use crate::view::View;
use crate::{Event, Moment, Scope, ScopeId, ScopeKind};

impl<'a> Walk<'a> {
    /// Sends a path along every flow that leaves its node and whose condition holds: itself along
    /// the first, new paths along the others (BPMN 2.0.2 §13.2.1, uncontrolled flow).
    pub(crate) fn leave(&mut self, visit: Visit<'a>) {
        if let Some(way) = self.only_way(visit.place) {
            return self.leave_along(visit, way);
        }
        match self.ways(visit.place, visit.scope) {
            Ok(ways) => self.leave_by(visit, ways),
            Err(message) => self.stop(visit, Moment::Parting, message),
        }
    }

    /// Sends a path along one flow.
    pub(crate) fn leave_along(&mut self, visit: Visit<'a>, (flow, to): (&'a Flow, Place)) {
        if self.set_on_way(visit, &[(flow, to)]) {
            self.go(visit, Some(flow), to);
        }
    }

    /// Sets what a node sets when a path goes on, and what the flows set that it takes; false when
    /// that stopped the path, and nothing was set.
    pub(crate) fn set_on_way(&mut self, visit: Visit<'a>, ways: &[(&'a Flow, Place)]) -> bool {
        let leave = &visit.node.leave;
        if leave.is_empty() && ways.iter().all(|(flow, _)| flow.sets.is_empty()) {
            return true;
        }
        let flows: Vec<_> = ways.iter().map(|(flow, _)| &flow.sets).collect();
        let left = self.assigned(&[leave], self.view_at(visit), Vec::new());
        let writes = left.and_then(|mut writes| {
            // What goes to a property ends with it.
            let own = self.view_at(visit).own;
            let ends = |name: &String| own.is_some_and(|own| own.contains_key(name));
            writes.retain(|write| !write.at.first().is_some_and(ends));
            self.assigned(&flows, self.view(visit.scope), writes)
        });
        match writes.and_then(|writes| self.fit(&writes).map(|()| writes)) {
            Ok(writes) => {
                self.write_around(visit, writes);
                true
            }
            Err(message) => {
                self.stop(visit, Moment::Parting, message);
                false
            }
        }
    }

    /// The one flow that leaves a node, if there is just one and it has no condition.
    pub(crate) fn only_way(&self, place: Place) -> Option<(&'a Flow, Place)> {
        let process = self.process;
        let mut ways = process.outgoing(place);
        let first = ways.next()?;
        (ways.next().is_none() && first.0.condition.is_none()).then_some(first)
    }

    /// Sends a path along flows: itself along the first, new paths along the others. Without a
    /// flow it ends; where there would be too many paths it stops.
    pub(crate) fn leave_by(&mut self, visit: Visit<'a>, ways: Vec<(&'a Flow, Place)>) {
        if let Some(message) = self.has_no_room(ways.len()) {
            return self.stop(visit, Moment::Parting, message);
        }
        if !self.set_on_way(visit, &ways) {
            return;
        }
        let mut ways = ways.into_iter();
        match ways.next() {
            Some((flow, to)) => self.go(visit, Some(flow), to),
            None => self.end(visit),
        }
        for (flow, to) in ways {
            self.begin(visit.scope, Some(flow), to);
        }
    }

    /// Sends new paths along flows, so many along each; the path that was at the node has ended.
    pub(crate) fn leave_anew(&mut self, visit: Visit<'a>, ways: &[(&'a Flow, Place)], many: u32) {
        for (flow, to) in ways {
            for _ in 0..many {
                self.begin(visit.scope, Some(flow), *to);
            }
        }
        if ways.is_empty() {
            self.record(Event::Ended { path: visit.path, node: visit.node.id.clone() });
        }
        self.touch(visit.scope);
    }

    /// The flows that are taken out of a node: those without a condition, those whose condition
    /// holds, or else the default.
    ///
    /// # Errors
    /// Which condition has no value, in words; or that there is no way on.
    pub(crate) fn ways(
        &self,
        place: Place,
        scope: Option<ScopeId>,
    ) -> Result<Vec<(&'a Flow, Place)>, String> {
        self.ways_seen(place, self.view(scope))
    }

    pub(crate) fn ways_seen(
        &self,
        place: Place,
        view: View<'_>,
    ) -> Result<Vec<(&'a Flow, Place)>, String> {
        let process = self.process;
        let mut default = None;
        let mut ways = Vec::new();
        let mut any = false;
        for (flow, to) in process.outgoing(place) {
            any = true;
            if flow.is_default {
                default = Some((flow, to));
            } else if holds(flow, &view)? {
                ways.push((flow, to));
            }
        }
        if ways.is_empty() {
            ways.extend(default);
        }
        match any && ways.is_empty() {
            true => Err("no condition is true and there is no default flow".to_owned()),
            false => Ok(ways),
        }
    }

    /// Whether a move would go on in an ad-hoc sub-process that is complete, where nothing new
    /// begins (§13.3.5): its path ends where it is.
    pub(super) fn is_needless(&mut self, next: &Move<'_>) -> bool {
        let Some(scope) = next.scope.filter(|_| next.flow.is_some()) else { return false };
        let needless = ad_hoc_sub_process::suffices(self, scope);
        if let Some(path) = next.path.filter(|_| needless) {
            activity::withdraw(self, path);
        }
        needless
    }

    /// How many instances of repeated activities are under way, counted when it is first asked for.
    fn crowd(&mut self) -> usize {
        let body = |(_, scope): (ScopeId, &Scope)| match scope.kind() {
            ScopeKind::Body => scope.paths.len(),
            _ => 0,
        };
        *self.crowd.get_or_insert_with(|| self.instance.scopes().map(body).sum())
    }

    /// Why no further paths may begin now, if so many are too many.
    pub(crate) fn has_no_room(&mut self, further: usize) -> Option<String> {
        if further <= 1 {
            return None;
        }
        let living = self.instance.paths.len() + self.moves();
        if living.saturating_add(further) > MOST_PATHS {
            let most = MOST_PATHS.saturating_add(self.crowd().saturating_mul(PATHS_FOR_EACH));
            if living.saturating_add(further) > most {
                return Some(format!(
                    "{further} paths are too many; with {living} others, {most} may live"
                ));
            }
        }
        self.effort.is_spent().then(|| self.effort.message())
    }
}

/// Whether a flow is open; one without a condition is.
///
/// # Errors
/// That its condition has no value, in words.
pub(crate) fn holds(flow: &Flow, view: &View<'_>) -> Result<bool, String> {
    let Some(condition) = &flow.condition else { return Ok(true) };
    condition.evaluate_condition(view).map_err(|error: EvaluationError| {
        format!("the condition of flow `{}` has no value: {error}", flow.id)
    })
}
