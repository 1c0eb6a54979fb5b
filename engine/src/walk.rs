//! The walk: one step under way, from the command to where every path rests again.

use std::collections::{BTreeSet, VecDeque};

use definitions::{EvaluationError, Flow, Node, Place, Process};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::elements::{self, conditional};
use crate::view::View;
use crate::{CatchId, Effect, Event, Instance, Moment, PathId, ScopeId, Status, Step, Write};

/// How many nodes paths may enter in one step; a loop of automatic nodes ends in an incident there.
/// Each instance of a parallel multi-instance activity adds [`FOR_EACH`] to it.
pub const STEP_BUDGET: u32 = 10_000;

/// How many more nodes may be entered in a step for each instance that begins in it.
pub const FOR_EACH: u32 = 100;

/// How many nodes may be entered in a step at the very most.
const MOST_MOVES: u32 = 1_000_000;

/// A step under way. Everything that it decides happens to the instance at once.
pub(crate) struct Walk<'a> {
    pub(crate) process: &'a Process,
    pub(crate) instance: &'a mut Instance,
    pub(crate) now: Timestamp,
    step: Step,
    budget: u32,
    /// How many nodes paths have entered.
    entered: u32,
    /// The next move; most steps never have two at a time, and need no queue.
    next: Option<Move<'a>>,
    later: VecDeque<Move<'a>>,
    /// The scopes in which something moved since their joins were last weighed.
    touched: BTreeSet<Option<ScopeId>>,
    /// Whether a variable was written since the conditions were last asked.
    pub(crate) written: bool,
    /// The conditions that are awaited since this step and have not been asked yet.
    pub(crate) unasked: Vec<CatchId>,
}

/// A path at a node.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) path: PathId,
    pub(crate) scope: Option<ScopeId>,
    pub(crate) place: Place,
    pub(crate) node: &'a Node,
}

/// A move that is decided and not yet made. Without a path it begins one.
struct Move<'a> {
    path: Option<PathId>,
    scope: Option<ScopeId>,
    flow: Option<&'a Flow>,
    to: Place,
    locals: Option<Map<String, Value>>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        process: &'a Process,
        instance: &'a mut Instance,
        now: Timestamp,
    ) -> Walk<'a> {
        Walk {
            process,
            instance,
            now,
            step: Step { events: Vec::with_capacity(8), effects: Vec::new() },
            budget: STEP_BUDGET,
            entered: 0,
            next: None,
            later: VecDeque::new(),
            touched: BTreeSet::new(),
            written: false,
            unasked: Vec::new(),
        }
    }

    /// The variables that are visible in a scope, for an expression.
    pub(crate) fn view(&self, scope: Option<ScopeId>) -> View<'_> {
        View::of(self.instance, scope)
    }

    pub(crate) fn record(&mut self, event: Event) {
        self.instance.apply(&event);
        self.step.events.push(event);
    }

    pub(crate) fn ask(&mut self, effect: Effect) {
        self.step.effects.push(effect);
    }

    /// Where a path is.
    pub(crate) fn visit(&self, path: PathId) -> Option<Visit<'a>> {
        let found = self.instance.path(path)?;
        let place = self.process.place(found.node())?;
        Some(Visit { path, scope: found.scope(), place, node: self.process.node(place) })
    }

    /// Sets variables outward from where a path stands.
    pub(crate) fn write(&mut self, visit: Visit<'_>, writes: Vec<Write>) {
        if !writes.is_empty() {
            self.written = true;
            self.record(Event::Wrote { path: visit.path, node: visit.node.id.clone(), writes });
        }
    }

    /// Sets variables of a scope itself.
    pub(crate) fn set(&mut self, scope: Option<ScopeId>, writes: Vec<Write>) {
        if !writes.is_empty() {
            self.written = true;
            self.record(Event::Set { scope, writes });
        }
    }

    /// Stops a path with an incident.
    pub(crate) fn stop(&mut self, visit: Visit<'_>, moment: Moment, message: String) {
        let node = visit.node.id.clone();
        self.record(Event::IncidentRaised { path: visit.path, node, message, moment });
    }

    /// Notes that the paths of a scope have changed, so that its joins are weighed again and its
    /// end is noticed.
    pub(crate) fn touch(&mut self, scope: Option<ScopeId>) {
        // The process itself has its end noticed anyway; most have no join to weigh.
        if scope.is_some() || !self.instance.gateways.is_empty() {
            self.touched.insert(scope);
        }
    }

    /// Whether paths have entered as many nodes as they may in one step. Nothing goes on then; what
    /// rests is still looked after.
    pub(crate) fn is_spent(&self) -> bool {
        self.entered > self.budget
    }

    /// Stops a path because the step has gone through too many nodes.
    pub(crate) fn stop_spent(&mut self, visit: Visit<'_>, moment: Moment) {
        let budget = self.budget;
        let message = format!("the process went through {budget} nodes without a rest");
        self.stop(visit, moment, message);
    }

    /// Allows for the nodes that further instances of a repeated activity will enter.
    pub(crate) fn allow_for(&mut self, instances: usize) {
        let more = u32::try_from(instances).unwrap_or(u32::MAX).saturating_mul(FOR_EACH);
        self.budget = self.budget.saturating_add(more).min(MOST_MOVES);
    }

    /// How many moves are decided and not made.
    pub(crate) fn moves(&self) -> usize {
        self.later.len() + usize::from(self.next.is_some())
    }

    /// Sends a path to a place.
    pub(crate) fn go(&mut self, visit: Visit<'_>, flow: Option<&'a Flow>, to: Place) {
        self.push(Move { path: Some(visit.path), scope: visit.scope, flow, to, locals: None });
    }

    /// Sends a new path to a place of a scope.
    pub(crate) fn begin(&mut self, scope: Option<ScopeId>, flow: Option<&'a Flow>, to: Place) {
        self.push(Move { path: None, scope, flow, to, locals: None });
    }

    /// Sends a new path to a place of a scope, with what is local to it there.
    pub(crate) fn begin_with(
        &mut self,
        scope: Option<ScopeId>,
        to: Place,
        locals: Map<String, Value>,
    ) {
        let locals = Some(locals).filter(|locals| !locals.is_empty());
        self.push(Move { path: None, scope, flow: None, to, locals });
    }

    fn push(&mut self, further: Move<'a>) {
        if self.next.is_none() {
            self.next = Some(further);
        } else {
            self.later.push_back(further);
        }
    }

    /// Sends a path along every flow that leaves its node and whose condition holds: itself along
    /// the first, new paths along the others (BPMN 2.0.2 §13.2.1, uncontrolled flow).
    pub(crate) fn leave(&mut self, visit: Visit<'a>) {
        if let Some((flow, to)) = self.only_way(visit.place) {
            return self.go(visit, Some(flow), to);
        }
        match self.ways(visit.place, visit.scope) {
            Ok(ways) => self.leave_by(visit, ways),
            Err(message) => self.stop(visit, Moment::Parting, message),
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
    /// flow it ends.
    pub(crate) fn leave_by(&mut self, visit: Visit<'a>, ways: Vec<(&'a Flow, Place)>) {
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

    /// Ends a path at its node.
    pub(crate) fn end(&mut self, visit: Visit<'_>) {
        self.record(Event::Ended { path: visit.path, node: visit.node.id.clone() });
        self.touch(visit.scope);
    }

    /// Makes all moves, until every path rests.
    pub(crate) fn finish(mut self) -> Step {
        loop {
            self.make_moves();
            // Every path rests; what rests may still have to go on because of it.
            let unasked = std::mem::take(&mut self.unasked);
            if self.written {
                self.written = false;
                conditional::ask(&mut self);
                self.touch_complex_joins();
                continue;
            }
            if !unasked.is_empty() {
                conditional::ask_new(&mut self, unasked);
                continue;
            }
            match self.touched.pop_last() {
                Some(scope) => elements::settle(&mut self, scope),
                None if self.next.is_none() => break,
                None => {}
            }
        }
        if self.instance.status() == Status::Active && !self.instance.has_paths() {
            elements::finished(&mut self);
        }
        self.take_back_asks();
        self.step
    }

    /// A variable was written: it may be one that an activation condition asks for.
    fn touch_complex_joins(&mut self) {
        if !self.process.has_complex_joins() {
            return;
        }
        let waits = |gateways: &crate::scope::Gateways| !gateways.arrivals.is_empty();
        let scopes = self.instance.scopes().filter(|(_, open)| waits(&open.gateways));
        self.touched.extend(scopes.map(|(scope, _)| Some(scope)));
        if waits(&self.instance.gateways) {
            self.touched.insert(None);
        }
    }

    /// Work that was asked for in this step and is not needed any more is not begun.
    fn take_back_asks(&mut self) {
        let instance = &*self.instance;
        self.step.effects.retain(|effect| match effect {
            Effect::RunActivity { path, .. }
            | Effect::Decide { path, .. }
            | Effect::Call { path, .. } => instance.path(*path).is_some(),
            _ => true,
        });
    }

    fn make_moves(&mut self) {
        while let Some(Move { path, scope, flow, to, locals }) = self.next.take() {
            self.next = self.later.pop_front();
            let begins = path.is_none();
            let path = path.unwrap_or(self.instance.next_path());
            let visit = Visit { path, scope, place: to, node: self.process.node(to) };
            let of = scope.filter(|_| begins);
            // A scope that was ended meanwhile takes no new path.
            if of.is_some_and(|scope| self.instance.scope(scope).is_none()) {
                continue;
            }
            self.record(Event::Entered { path, node: visit.node.id.clone(), scope: of });
            if let Some(locals) = locals {
                let locals = std::sync::Arc::new(locals);
                self.record(Event::Given { path, node: visit.node.id.clone(), locals });
            }
            self.touch(scope);
            self.entered = self.entered.saturating_add(1);
            // Arrivals at a join are let through, to be counted: no loop consists of parallel joins
            // alone, and the other joins go no further.
            if self.is_spent() && !elements::joins(self.process, visit, flow) {
                self.stop_spent(visit, Moment::Entering);
            } else {
                elements::enter(self, visit, flow);
            }
        }
    }

    /// Takes back the moves that are decided and not made of the paths that have ended, and those
    /// that would begin in a scope that is closed.
    pub(crate) fn forget_moves(&mut self) {
        let instance = &*self.instance;
        let stays = |further: &Move<'_>| match further.path {
            Some(path) => instance.path(path).is_some(),
            None => further.scope.is_none_or(|scope| instance.scope(scope).is_some()),
        };
        self.later.retain(|further| stays(further));
        if self.next.as_ref().is_some_and(|next| !stays(next)) {
            self.next = self.later.pop_front();
        }
    }

    /// Takes back the moves that would begin a new path in a scope.
    pub(crate) fn forget_beginnings(&mut self, scope: Option<ScopeId>) {
        let begins = |further: &Move<'_>| further.path.is_none() && further.scope == scope;
        self.later.retain(|further| !begins(further));
        if self.next.as_ref().is_some_and(begins) {
            self.next = self.later.pop_front();
        }
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
