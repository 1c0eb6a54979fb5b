//! The walk: one step under way, from the command to where every path rests again.

use std::collections::VecDeque;

use definitions::{Flow, Node, Place, Process};
use jiff::Timestamp;

use crate::elements::{self, parallel_gateway};
use crate::view::View;
use crate::{Effect, Event, Instance, Moment, PathId, Status, Step, TimerId, Write};

/// How many nodes paths may enter in one step; a loop of automatic nodes ends in an incident there.
pub const STEP_BUDGET: u32 = 10_000;

/// A step under way. Everything that it decides happens to the instance at once.
pub(crate) struct Walk<'a> {
    pub(crate) process: &'a Process,
    pub(crate) instance: &'a mut Instance,
    pub(crate) now: Timestamp,
    step: Step,
    /// The next move; most steps never have two at a time, and need no queue.
    next: Option<Move<'a>>,
    later: VecDeque<Move<'a>>,
}

/// A path at a node.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) path: PathId,
    pub(crate) place: Place,
    pub(crate) node: &'a Node,
}

/// A move that is decided and not yet made. Without a path it begins one.
struct Move<'a> {
    path: Option<PathId>,
    flow: Option<&'a Flow>,
    to: Place,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        process: &'a Process,
        instance: &'a mut Instance,
        now: Timestamp,
    ) -> Walk<'a> {
        let step = Step { events: Vec::with_capacity(8), effects: Vec::new() };
        Walk { process, instance, now, step, next: None, later: VecDeque::new() }
    }

    /// The process variables, for an expression.
    pub(crate) fn view(&self) -> View<'_> {
        View::of(self.instance.variables())
    }

    pub(crate) fn record(&mut self, event: Event) {
        self.instance.apply(&event);
        self.step.events.push(event);
    }

    pub(crate) fn ask(&mut self, effect: Effect) {
        self.step.effects.push(effect);
    }

    /// Sets process variables from where a path stands.
    pub(crate) fn write(&mut self, visit: Visit<'_>, writes: Vec<Write>) {
        if !writes.is_empty() {
            self.record(Event::Wrote { path: visit.path, node: visit.node.id.clone(), writes });
        }
    }

    /// Stops a path with an incident.
    pub(crate) fn stop(&mut self, visit: Visit<'_>, moment: Moment, message: String) {
        let node = visit.node.id.clone();
        self.record(Event::IncidentRaised { path: visit.path, node, message, moment });
    }

    /// Sends a path to a place, or a new path.
    pub(crate) fn go(&mut self, path: Option<PathId>, flow: Option<&'a Flow>, to: Place) {
        let further = Move { path, flow, to };
        if self.next.is_none() {
            self.next = Some(further);
        } else {
            self.later.push_back(further);
        }
    }

    /// Sends a path along every flow that leaves its node: itself along the first, new paths along
    /// the others.
    pub(crate) fn leave(&mut self, visit: Visit<'a>) {
        self.leave_by_all(visit, Some(visit.path));
    }

    /// Sends new paths along every flow that leaves a node; the path that was there has ended.
    pub(crate) fn leave_anew(&mut self, visit: Visit<'a>) {
        self.leave_by_all(visit, None);
    }

    fn leave_by_all(&mut self, visit: Visit<'a>, mut path: Option<PathId>) {
        let mut left = false;
        for (flow, to) in self.process.outgoing(visit.place) {
            self.go(path.take(), Some(flow), to);
            left = true;
        }
        if !left {
            self.record(Event::Ended { path: visit.path, node: visit.node.id.clone() });
        }
    }

    /// Disarms a timer, which must be armed.
    pub(crate) fn disarm(&mut self, id: TimerId) {
        let Some(timer) = self.instance.timer(id) else { return };
        let (node, due) = (timer.node.clone(), timer.due);
        self.record(Event::Disarmed { timer: id, node });
        self.ask(Effect::DisarmTimer { timer: id, due });
    }

    /// Whether the instance runs and nothing in it can go on.
    pub(crate) fn is_emptied(&self) -> bool {
        self.instance.status() == Status::Active && !self.instance.has_paths()
    }

    /// Makes all moves, until every path rests.
    pub(crate) fn finish(mut self) -> Step {
        let mut entered = 0;
        while let Some(Move { path, flow, to }) = self.next.take() {
            self.next = self.later.pop_front();
            let path = path.unwrap_or(self.instance.next_path());
            let visit = Visit { path, place: to, node: self.process.node(to) };
            self.record(Event::Entered { path, node: visit.node.id.clone() });
            entered += 1;
            // Arrivals at a join are let through, to be counted: no loop consists of joins alone.
            if entered > STEP_BUDGET && !parallel_gateway::joins(self.process, visit) {
                let message =
                    format!("the process went through {STEP_BUDGET} nodes without a rest");
                self.stop(visit, Moment::Entering, message);
            } else {
                elements::enter(&mut self, visit, flow);
            }
        }
        elements::emptied(&mut self);
        self.step
    }
}
