//! The walk: one step under way, from the command to where every path rests again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use definitions::{Flow, Node, Place, Process};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::catch::Owner;
use crate::effort::Effort;
use crate::elements::conditional::Written;
use crate::elements::{self, quantity};
use crate::view::View;
use crate::{CatchId, Effect, Event, Instance, Moment, PathId, ScopeId, Status, Step, Write};

mod asking;
pub(crate) mod properties;
mod room;
mod ways;

pub(crate) use room::Held;
pub use room::LARGEST_INSTANCE;
pub(crate) use ways::holds;

/// A step under way. Everything that it decides happens to the instance at once.
pub(crate) struct Walk<'a> {
    pub(crate) process: &'a Process,
    pub(crate) instance: &'a mut Instance,
    pub(crate) now: Timestamp,
    step: Step,
    pub(crate) effort: Effort,
    /// How many instances of repeated activities are under way.
    crowd: Option<usize>,
    /// The next move; most steps never have two at a time, and need no queue.
    next: Option<Move<'a>>,
    later: VecDeque<Move<'a>>,
    /// How many moves were decided in all.
    decided: u64,
    /// The scopes in which something moved since their joins were last weighed.
    touched: BTreeSet<Option<ScopeId>>,
    /// What was written since the conditions were last asked.
    pub(crate) written: Written,
    /// The conditions that are awaited since this step and have not been asked yet.
    pub(crate) unasked: Vec<CatchId>,
    /// What was ended before its time; few steps do that.
    ended: Option<Box<EndedEarly>>,
}

/// What a step has ended before its time.
#[derive(Default)]
struct EndedEarly {
    /// How many moves were decided when the beginnings of a scope were last taken back.
    beginnings: BTreeMap<Option<ScopeId>, u64>,
    /// The scopes of transactions that were cancelled and undone.
    transactions: BTreeSet<ScopeId>,
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
    brought: Brought,
    /// How many moves were decided before it.
    after: u64,
}

/// What a new path has where it begins.
#[derive(Default)]
pub(crate) struct Brought {
    /// What is local to it.
    pub(crate) locals: Map<String, Value>,
    /// Of a boundary event: the properties of its activity.
    pub(crate) beside: Map<String, Value>,
    /// The path at the activity whose boundary event it comes out of, if that is to be noted.
    pub(crate) host: Option<PathId>,
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
            effort: Effort::new(),
            crowd: None,
            next: None,
            later: VecDeque::new(),
            decided: 0,
            touched: BTreeSet::new(),
            written: Written::default(),
            unasked: Vec::new(),
            ended: None,
        }
    }

    /// The variables that are visible in a scope, for an expression.
    pub(crate) fn view(&self, scope: Option<ScopeId>) -> View<'_> {
        View::of(self.instance, scope, &self.effort)
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
            let instance = &*self.instance;
            let owner = |name: &str| instance.owner_of(Some(visit.path), visit.scope, name);
            self.written.note(instance, &writes, owner);
            self.hold(&writes);
            self.record(Event::Wrote { path: visit.path, node: visit.node.id.clone(), writes });
        }
    }

    /// Sets variables of a scope itself.
    pub(crate) fn set(&mut self, scope: Option<ScopeId>, writes: Vec<Write>) {
        self.set_of(Owner::scope(scope), writes);
    }

    /// Sets variables of a scope itself, or properties of the node at a path.
    pub(crate) fn set_of(&mut self, owner: Owner, writes: Vec<Write>) {
        if !writes.is_empty() {
            self.written.note(self.instance, &writes, |_| owner);
            self.hold(&writes);
            self.record(Event::Set { owner, writes });
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

    /// Stops a path because the step has done what it may.
    pub(crate) fn stop_spent(&mut self, visit: Visit<'_>, moment: Moment) {
        let message = self.effort.message();
        self.stop(visit, moment, message);
    }

    /// Allows for what further instances of a repeated activity will do.
    pub(crate) fn allow_for(&mut self, instances: usize) {
        self.effort.allow_for(instances);
        self.crowd = self.crowd.map(|crowd| crowd.saturating_add(instances));
    }

    /// How many moves are decided and not made.
    pub(crate) fn moves(&self) -> usize {
        self.later.len() + usize::from(self.next.is_some())
    }

    /// Sends a path to a place.
    pub(crate) fn go(&mut self, visit: Visit<'_>, flow: Option<&'a Flow>, to: Place) {
        self.push(Some(visit.path), visit.scope, flow, to, Brought::default());
    }

    /// Sends a new path to a place of a scope.
    pub(crate) fn begin(&mut self, scope: Option<ScopeId>, flow: Option<&'a Flow>, to: Place) {
        self.push(None, scope, flow, to, Brought::default());
    }

    /// Sends a new path to a place of a scope, with what is local to it there.
    pub(crate) fn begin_with(
        &mut self,
        scope: Option<ScopeId>,
        to: Place,
        locals: Map<String, Value>,
    ) {
        self.begin_beside(scope, to, Brought { locals, ..Brought::default() });
    }

    /// Sends a new path to a boundary event, with what came and what is seen there.
    pub(crate) fn begin_beside(&mut self, scope: Option<ScopeId>, to: Place, brought: Brought) {
        self.push(None, scope, None, to, brought);
    }

    fn push(
        &mut self,
        path: Option<PathId>,
        scope: Option<ScopeId>,
        flow: Option<&'a Flow>,
        to: Place,
        brought: Brought,
    ) {
        let further = Move { path, scope, flow, to, brought, after: self.decided };
        self.decided += 1;
        if self.next.is_none() {
            self.next = Some(further);
        } else {
            self.later.push_back(further);
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
            if self.ask_awaited() {
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
        while let Some(next) = self.next.take() {
            self.next = self.later.pop_front();
            if self.is_taken_back(&next) || self.is_needless(&next) {
                continue;
            }
            let Move { path, scope, flow, to, brought, .. } = next;
            let Brought { locals, beside, host } = brought;
            let begins = path.is_none();
            let path = path.unwrap_or(self.instance.next_path());
            let visit = Visit { path, scope, place: to, node: self.process.node(to) };
            let of = scope.filter(|_| begins);
            self.record(Event::Entered { path, node: visit.node.id.clone(), scope: of, host });
            if !locals.is_empty() || !beside.is_empty() {
                let beside = (!beside.is_empty()).then(|| Arc::new(beside));
                let (node, locals) = (visit.node.id.clone(), Arc::new(locals));
                self.record(Event::Given { path, node, locals, beside });
            }
            self.touch(scope);
            self.effort.enter();
            // Arrivals at a join are let through, to be counted: no loop consists of these alone.
            let joins = || {
                elements::joins(self.process, to, flow) || quantity::awaits(self.instance, visit)
            };
            if self.effort.is_spent() && !joins() {
                self.stop_spent(visit, Moment::Entering);
            } else {
                self.arrive(visit, flow);
            }
        }
    }

    /// A path comes to a node: variables are set, and the node is entered.
    pub(crate) fn arrive(&mut self, visit: Visit<'a>, by: Option<&'a Flow>) {
        let enter = &visit.node.enter;
        // An activity sets them when its inputs are known.
        if !enter.is_empty() && visit.node.kind.activity().is_none() {
            let declared = self.declare(visit);
            let writes =
                declared.and_then(|()| self.assigned(&[enter], self.view_at(visit), Vec::new()));
            match writes.and_then(|writes| self.fit(&writes).map(|()| writes)) {
                Ok(writes) => self.write(visit, writes),
                Err(message) => return self.stop(visit, Moment::Arriving, message),
            }
        }
        elements::enter(self, visit, by);
    }

    /// The values of variables that are set on the way, after others; each is seen by those after it.
    ///
    /// # Errors
    /// Which has no value, in words.
    pub(crate) fn assigned(
        &self,
        sets: &[&definitions::Sets],
        view: View<'_>,
        mut writes: Vec<Write>,
    ) -> Result<Vec<Write>, String> {
        for (name, value) in sets.iter().copied().flatten() {
            let seen = View { outputs: &writes, ..view };
            let value = value.evaluate(&seen).map_err(|error| format!("set `{name}`: {error}"))?;
            writes.push(Write::variable(name.as_str(), value));
        }
        Ok(writes)
    }

    /// Whether a move that was decided is not to be made any more: its path has ended, or the scope in which it would
    /// begin one has, or the beginnings there were taken back.
    fn is_taken_back(&self, next: &Move<'_>) -> bool {
        match (next.path, next.scope) {
            (Some(path), _) => self.instance.path(path).is_none(),
            (None, Some(scope)) if self.instance.scope(scope).is_none() => true,
            (None, scope) => self.ended.as_ref().is_some_and(|ended| {
                ended.beginnings.get(&scope).is_some_and(|until| next.after < *until)
            }),
        }
    }

    /// Takes back the moves that would begin a new path in a scope.
    pub(crate) fn forget_beginnings(&mut self, scope: Option<ScopeId>) {
        let decided = self.decided;
        self.ended.get_or_insert_default().beginnings.insert(scope, decided);
    }

    /// Notes that a transaction was cancelled and undone; nothing in it is undone again.
    pub(crate) fn cancelled(&mut self, scope: ScopeId) {
        self.ended.get_or_insert_default().transactions.insert(scope);
    }

    /// Whether a transaction was cancelled and undone in this step.
    pub(crate) fn is_cancelled(&self, scope: ScopeId) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.transactions.contains(&scope))
    }
}
