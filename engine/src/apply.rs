//! Applying events: the only way an instance changes.

use definitions::NodeId;
use serde_json::{Map, Value};

mod done;
mod rename;

use crate::catch::Owner;
use crate::scope::Gateways;
use crate::{
    Awaited, Catch, CatchId, Event, Instance, Move, Path, PathId, PathState, Scope, ScopeId,
    Status, Timer, TimerId, Write,
};

impl Instance {
    /// Takes over what has happened: the only way an instance changes.
    pub fn apply(&mut self, event: &Event) {
        self.sequence += 1;
        match event {
            Event::Started { variables, called } => {
                self.status = Status::Active;
                self.variables.clone_from(variables);
                self.called = *called;
            }
            Event::Entered { path, node, scope, host } => {
                self.enter(*path, node, *scope);
                host.iter().for_each(|host| self.happened_at(*host));
            }
            Event::Began { path, locals, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.locals.clone_from(locals);
                    path.state = PathState::Running { attempt: 1 };
                }
            }
            Event::Retried { path, attempt, .. } => {
                self.turn(*path, PathState::Running { attempt: *attempt });
            }
            Event::Waited { path, .. } => self.turn(*path, PathState::Waiting),
            Event::Rested { path, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.state = match path.hosts {
                        Some(_) => PathState::Inside,
                        None => PathState::Catching,
                    };
                }
            }
            Event::Wrote { path, writes, .. } => {
                writes.iter().for_each(|write| self.write_outward(*path, write));
            }
            Event::Set { owner, writes } => {
                let variables = self.variables_mut(*owner);
                writes.iter().for_each(|write| write.change(variables));
            }
            Event::Given { path, locals, .. } if self.is_repetition(*path) => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.given = Some(locals.clone());
                }
            }
            Event::Given { path, locals, beside, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.locals = Some(locals.clone());
                    path.beside.clone_from(beside);
                }
            }
            Event::Answered { path, locals, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.locals = Some(locals.clone());
                }
            }
            // It is answered, whoever catches the error.
            Event::ErrorRaised { path, .. } => self.turn(*path, PathState::Moving),
            Event::Assigned(_)
            | Event::Submitted(_)
            | Event::Escalated { .. }
            | Event::Sent { .. }
            | Event::Signalled { .. }
            | Event::Suspended(_)
            | Event::Resumed { .. } => {}
            Event::Completed { path, .. }
            | Event::Interrupted { path, .. }
            | Event::Withdrawn { path, .. } => self.remove(*path),
            Event::Faulted { path, node, attempt, timer, due, .. } => {
                let owner = Owner::path(*path);
                let (node, due) = (node.clone(), *due);
                let (definition, early, then) = (0, Map::new(), None);
                self.arm(*timer, Timer { owner, node, definition, early, due, then });
                self.turn(*path, PathState::Retrying { attempt: *attempt, timer: *timer });
            }
            Event::IncidentRaised { path, message, moment, .. } => {
                self.turn(*path, PathState::Incident { message: message.clone(), moment: *moment });
            }
            Event::IncidentTakenUp { path, .. } => self.turn(*path, PathState::Moving),
            Event::Armed { timer, armed } => self.arm(*timer, armed.clone()),
            Event::Fired { timer, .. } => {
                if let Some(gone) = self.disarm(*timer) {
                    self.hand_on(gone.owner, &gone.node, gone.early);
                }
            }
            Event::Disarmed { timer, .. } => drop(self.disarm(*timer)),
            Event::Arrived { path, node, flow } => self.arrive(*path, node, flow),
            Event::Joined { path, node, with } => {
                let scope = self.paths.get(path).and_then(|path| path.scope);
                self.take_arrivals(scope, node, *path, with);
                with.iter().for_each(|path| self.remove(*path));
                self.turn(*path, PathState::Moving);
            }
            Event::Ended { path, node } => {
                self.remove(*path);
                self.ended_at.push(node.clone());
            }
            Event::Opened { .. }
            | Event::Closed { .. }
            | Event::TookNext { .. }
            | Event::DroppedRest { .. }
            | Event::Gathered { .. } => self.apply_scope(event),
            Event::Subscribed { .. }
            | Event::Caught { .. }
            | Event::Turned { .. }
            | Event::Unsubscribed { .. } => self.apply_catch(event),
            Event::Remembered { .. } | Event::Recalled { .. } | Event::Undoing { .. } => {
                self.apply_done(event);
            }
            Event::Reset { scope, node, counted } => {
                let resets = &mut self.gateways_mut(*scope).resets;
                match counted.is_empty() {
                    true => drop(resets.remove(node)),
                    false => drop(resets.insert(node.clone(), counted.clone())),
                }
            }
            Event::Migrated(Move { nodes, gone, .. }) => {
                self.rename(nodes);
                for (path, names) in gone {
                    if let Some(path) = self.paths.get_mut(path) {
                        path.own.retain(|name, _| !names.contains(name));
                    }
                }
            }
            Event::Failed(failure) => {
                self.clear(Status::Failed);
                self.failure = Some(failure.clone());
            }
            Event::Finished => self.status = Status::Completed,
            Event::Cancelled { .. } => self.clear(Status::Cancelled),
        }
    }

    fn apply_scope(&mut self, event: &Event) {
        match event {
            Event::Opened { scope, path, node, of, variables, pending, undo } => {
                self.next_scope = self.next_scope.max(scope.0.saturating_add(1));
                let Some(host) = self.paths.get_mut(path) else { return };
                host.hosts = Some(*scope);
                host.state = PathState::Inside;
                let opened = Scope {
                    kind: *of,
                    parent: host.scope,
                    host: *path,
                    node: node.clone(),
                    variables: variables.clone(),
                    paths: Default::default(),
                    gateways: Gateways::default(),
                    done: undo.clone(),
                    timers: Vec::new(),
                    catches: Vec::new(),
                    // Taken from the end, which costs nothing however many there are.
                    pending: pending.iter().rev().cloned().collect(),
                    suffices: false,
                    gathered: Default::default(),
                };
                self.scopes.insert(*scope, opened);
            }
            Event::Closed { scope, .. } => {
                let Some(closed) = self.scopes.remove(scope) else { return };
                if let Some(host) = self.paths.get_mut(&closed.host) {
                    host.hosts = None;
                }
            }
            Event::TookNext { scope } => {
                if let Some(scope) = self.scopes.get_mut(scope) {
                    scope.pending.pop();
                }
            }
            Event::DroppedRest { scope } => {
                if let Some(scope) = self.scopes.get_mut(scope) {
                    scope.pending.clear();
                    scope.suffices = scope.kind == crate::ScopeKind::SubProcess;
                }
            }
            Event::Gathered { scope, number, value } => {
                if let Some(scope) = self.scopes.get_mut(scope) {
                    scope.gathered.insert(*number, value.clone());
                }
            }
            _ => {}
        }
    }

    fn apply_catch(&mut self, event: &Event) {
        match event {
            Event::Subscribed { catch, subscribed } => self.subscribe(*catch, subscribed.clone()),
            Event::Caught { again: true, .. } => {}
            Event::Turned { catch, held, .. } => {
                if let Some(catch) = self.conditions.get_mut(catch) {
                    catch.awaited = Awaited::Condition { held: *held };
                }
            }
            Event::Caught { catch, early, .. } => {
                if let Some(mut gone) = self.unsubscribe(*catch) {
                    gone.early.extend(early.clone());
                    self.hand_on(gone.owner, &gone.node, gone.early);
                }
            }
            Event::Unsubscribed { catch, .. } => drop(self.unsubscribe(*catch)),
            _ => {}
        }
    }

    fn enter(&mut self, id: PathId, node: &NodeId, scope: Option<ScopeId>) {
        self.next_path = self.next_path.max(id.0.saturating_add(1));
        match self.paths.get_mut(&id) {
            Some(path) => **path = Path::at(node.clone(), path.scope),
            None => {
                self.paths.insert(id, Box::new(Path::at(node.clone(), scope)));
                match scope {
                    None => self.own.add(id),
                    Some(scope) => {
                        let scope = self.scopes.get_mut(&scope);
                        scope.map(|scope| scope.paths.insert(id));
                    }
                }
            }
        }
    }

    fn remove(&mut self, id: PathId) {
        let Some(path) = self.paths.remove(&id) else { return };
        match path.scope {
            None => self.own.remove(id),
            Some(scope) => {
                let scope = self.scopes.get_mut(&scope);
                scope.map(|scope| scope.paths.remove(&id));
            }
        }
        if !self.gateways(path.scope).arrivals.is_empty() {
            self.take_arrivals(path.scope, &path.node, id, &[]);
        }
    }

    fn turn(&mut self, path: PathId, state: PathState) {
        if let Some(path) = self.paths.get_mut(&path) {
            path.state = state;
        }
    }

    /// Sets a variable of the node where a path is, or else in the innermost scope that has it, or
    /// else in the process.
    fn write_outward(&mut self, path: PathId, write: &Write) {
        let scope = self.path(path).and_then(Path::scope);
        let name = write.at.first().map_or("", String::as_str);
        let owner = self.owner_of(Some(path), scope, name);
        write.change(self.variables_mut(owner));
    }

    fn variables_mut(&mut self, owner: Owner) -> &mut Map<String, Value> {
        if let Some(path) = owner.path.and_then(|path| self.paths.get_mut(&path)) {
            return &mut path.own;
        }
        match owner.scope.and_then(|scope| self.scopes.get_mut(&scope)) {
            Some(scope) => &mut scope.variables,
            None => &mut self.variables,
        }
    }

    fn gateways_mut(&mut self, scope: Option<ScopeId>) -> &mut Gateways {
        match scope.and_then(|scope| self.scopes.get_mut(&scope)) {
            Some(scope) => &mut scope.gateways,
            None => &mut self.gateways,
        }
    }

    fn arrive(&mut self, id: PathId, node: &NodeId, flow: &str) {
        let Some(path) = self.paths.get_mut(&id) else { return };
        path.state = PathState::Joining;
        let scope = path.scope;
        self.gateways_mut(scope).arrivals.entry(node.clone()).or_default().add(id, flow);
    }

    /// Takes paths away from the arrivals at a node.
    fn take_arrivals(
        &mut self,
        scope: Option<ScopeId>,
        node: &NodeId,
        path: PathId,
        with: &[PathId],
    ) {
        let arrivals = &mut self.gateways_mut(scope).arrivals;
        let Some(here) = arrivals.get_mut(node) else { return };
        here.remove(path);
        with.iter().for_each(|path| here.remove(*path));
        if here.is_empty() {
            arrivals.remove(node);
        }
    }

    fn arm(&mut self, id: TimerId, timer: Timer) {
        self.next_timer = self.next_timer.max(id.0.saturating_add(1));
        if let Some(timers) = self.timers_of(timer.owner) {
            timers.push(id);
        }
        self.timers.insert(id, timer);
    }

    fn disarm(&mut self, id: TimerId) -> Option<Timer> {
        let timer = self.timers.remove(&id)?;
        if let Some(timers) = self.timers_of(timer.owner) {
            take(timers, id);
        }
        Some(timer)
    }

    /// What came early for the properties of an event is kept with another thing that it awaits.
    fn hand_on(&mut self, owner: Owner, node: &NodeId, early: Map<String, Value>) {
        if early.is_empty() {
            return;
        }
        let timers =
            self.timers.values_mut().map(|timer| (timer.owner, &timer.node, &mut timer.early));
        let catches = self.catches.values_mut().chain(self.conditions.values_mut());
        let catches = catches.map(|catch| (catch.owner, &catch.node, &mut catch.early));
        let mut others = timers.chain(catches);
        if let Some((_, _, kept)) = others.find(|(of, at, _)| *of == owner && *at == node) {
            kept.extend(early);
        }
    }

    fn timers_of(&mut self, owner: Owner) -> Option<&mut Vec<TimerId>> {
        match owner.path {
            Some(path) => self.paths.get_mut(&path).map(|path| &mut path.timers),
            None => self.scopes.get_mut(&owner.scope?).map(|scope| &mut scope.timers),
        }
    }

    fn subscribe(&mut self, id: CatchId, catch: Catch) {
        self.next_catch = self.next_catch.max(id.0.saturating_add(1));
        if let Some(catches) = self.catches_of(catch.owner) {
            catches.push(id);
        }
        match catch.awaited {
            Awaited::Condition { .. } => self.conditions.insert(id, catch),
            Awaited::Message { .. } | Awaited::Signal { .. } => self.catches.insert(id, catch),
        };
    }

    fn unsubscribe(&mut self, id: CatchId) -> Option<Catch> {
        let catch = self.catches.remove(&id).or_else(|| self.conditions.remove(&id))?;
        if let Some(catches) = self.catches_of(catch.owner) {
            take(catches, id);
        }
        Some(catch)
    }

    fn catches_of(&mut self, owner: Owner) -> Option<&mut Vec<CatchId>> {
        match owner.path {
            Some(path) => self.paths.get_mut(&path).map(|path| &mut path.catches),
            None => self.scopes.get_mut(&owner.scope?).map(|scope| &mut scope.catches),
        }
    }

    fn clear(&mut self, status: Status) {
        self.status = status;
        self.paths.clear();
        self.own = Default::default();
        self.timers.clear();
        self.scopes.clear();
        self.catches.clear();
        self.conditions.clear();
        self.done.clear();
        self.gateways = Gateways::default();
    }
}

/// Takes a number out of a list in which they stand in their order.
fn take<Id: Ord>(list: &mut Vec<Id>, id: Id) {
    if let Ok(at) = list.binary_search(&id) {
        list.remove(at);
    }
}
