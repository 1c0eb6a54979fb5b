//! The check of a story: it plays a script, compares the trace, and makes every story a test of
//! persistence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use definitions::{ActivityShape, Catalog, Format, NodeId, ParameterKind, ParameterShape, Process};
use engine::{
    Awaited, CatchId, Command, Effect, Event, Instance, Moment, Path, PathId, PathState, Rejection,
    ScopeId, Status, Step, TimerId, step,
};
use expect_test::Expect;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::names;
use super::script::{self, Line};

/// Plays a script on a process and compares what happened.
///
/// A line of the trace is a line of the script (`>`), an event, an effect (`+`) or a rejection
/// (`!`); the last ones say how the instance stands.
pub(crate) fn check(process: &str, script: &str, trace: Expect) {
    trace.assert_eq(&play(process, script));
}

/// Plays a script on a process, and gives the trace of what happened.
pub(crate) fn play(process: &str, script: &str) -> String {
    let process = process_of(process);
    let mut story = Story::begin(&process);
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        story.play(line);
    }
    story.close();
    story.crash();
    story.trace
}

/// A process made of the YAML of its steps, with the activities that stories know.
pub(crate) fn process_of(steps: &str) -> Process {
    let text = format!("name: Story\nsteps:\n{steps}");
    match definitions::read(Format::Yaml, &text, &catalog()) {
        Ok(process) => process,
        Err(flaws) => {
            panic!("{}", flaws.iter().map(|flaw| format!("{flaw}\n")).collect::<String>())
        }
    }
}

/// The activities that stories know: `work` is done at once, `ask` waits.
pub(crate) fn catalog() -> Catalog {
    let any = |name: &str| ParameterShape {
        name: name.into(),
        kind: ParameterKind::Any,
        required: false,
    };
    let shape = |name: &str, waits| ActivityShape {
        name: name.into(),
        aliases: Vec::new(),
        waits,
        parameters: ["a", "b", "c"].map(any).into(),
        errors: ["Lost", "Late", "Odd"].map(str::to_owned).into(),
        of_configuration: Vec::new(),
        ruled_out: Vec::new(),
        outputs: Vec::new(),
        check: |_, _| Vec::new(),
    };
    // The only activity that is given to people.
    let form = ActivityShape {
        parameters: ["dataForm", "formDataKey"].map(any).into(),
        errors: vec!["ExceededCustomDataFormRetake".to_owned()],
        ..shape("customDataForm", true)
    };
    let shapes = [shape("work", false), shape("ask", true), form];
    let activities = shapes.into_iter().map(|shape| (shape.name.clone(), shape)).collect();
    Catalog { activities }
}

/// The time at which every story begins.
pub(crate) fn beginning() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) struct Story<'a> {
    process: &'a Process,
    pub(crate) instance: Instance,
    /// Made of the events alone.
    replay: Instance,
    now: Timestamp,
    /// What the effects have asked to be told of, and have not taken back.
    asked: Asked,
    /// What was told when, and the instance before it.
    told: Vec<(Timestamp, Command, Instance)>,
    pub(crate) trace: String,
}

/// What the world outside tells an instance of, as the effects have it.
#[derive(Debug, Default, PartialEq)]
struct Asked {
    timers: BTreeMap<TimerId, Timestamp>,
    catches: BTreeMap<CatchId, Awaited>,
}

impl<'a> Story<'a> {
    pub(crate) fn begin(process: &'a Process) -> Story<'a> {
        let (instance, replay) = (Instance::default(), Instance::default());
        let (asked, told, trace) = (Asked::default(), Vec::new(), String::new());
        Story { process, instance, replay, now: beginning(), asked, told, trace }
    }

    /// Plays a line of a script.
    pub(crate) fn play(&mut self, line: &str) {
        writeln!(self.trace, "> {line}").unwrap();
        match script::read(&names::numbered(&self.instance, line)) {
            Line::Tell(command) => self.tell(command),
            Line::Pass(seconds) => self.pass(SignedDuration::from_secs(seconds)),
        }
    }

    pub(crate) fn tell(&mut self, command: Command) {
        let before = self.instance.clone();
        self.told.push((self.now, command.clone(), before.clone()));
        let fires = match &command {
            Command::Fire { timer } => Some(*timer),
            _ => None,
        };
        // Deciding twice from the same state is deciding the same.
        let mut twin = before.clone();
        let again = step(self.process, &mut twin, command.clone(), self.now);
        let told = step(self.process, &mut self.instance, command, self.now);
        assert_eq!(told, again, "the same inputs make the same step");
        assert_eq!(self.instance, twin);
        match told {
            Ok(step) => {
                self.follow(&before, &step);
                self.check_balance(fires, &step);
            }
            Err(rejection) => {
                assert_eq!(self.instance, before, "a rejection leaves the instance untouched");
                writeln!(self.trace, "! {rejection}").unwrap();
            }
        }
        self.instance = reloaded(&self.instance);
    }

    fn follow(&mut self, before: &Instance, step: &Step) {
        for event in &step.events {
            self.replay.apply(&reloaded(event));
            let line = self.line(event);
            writeln!(self.trace, "  {line}").unwrap();
        }
        assert_eq!(self.replay, self.instance, "the events make the instance");
        assert_eq!(self.instance.sequence(), before.sequence() + step.events.len() as u64);
        for effect in &step.effects {
            let line = self.line(&reloaded::<Effect>(effect));
            writeln!(self.trace, "  + {line}").unwrap();
        }
        self.check_order(step);
    }

    /// What holds whenever a step is over.
    fn check_order(&self, step: &Step) {
        let instance = &self.instance;
        for (id, path) in instance.paths() {
            assert_ne!(path.state(), &PathState::Moving, "path {id} rests");
            assert!(self.process.place(path.node()).is_some());
            let armed = |timer: &TimerId| {
                instance.timer(*timer).is_some_and(|timer| timer.path() == Some(id))
            };
            assert!(path.timers().iter().all(armed), "path {id} knows its timers");
        }
        self.check_arrivals();
        self.check_owners();
        for (id, timer) in instance.timers() {
            if let Some(path) = timer.path() {
                let path = instance.path(path).expect("the path of a timer is there");
                assert!(path.timers().contains(&id), "timer {id} is known to its path");
            }
        }
        assert_eq!(instance.status() == Status::Active, instance.paths().next().is_some());
        let armed =
            step.effects.iter().filter(|effect| matches!(effect, Effect::ArmTimer { .. })).count();
        let timers = step
            .events
            .iter()
            .filter(|event| matches!(event, Event::Armed { .. } | Event::Faulted { .. }));
        assert_eq!(armed, timers.count(), "each timer of the record is asked for");
    }

    /// Who is named is there, and knows of it.
    fn check_owners(&self) {
        let instance = &self.instance;
        for (id, path) in instance.paths() {
            let hosts = |scope| instance.scope(scope).is_some_and(|open| open.host() == id);
            assert!(path.hosts().is_none_or(hosts), "the scope that path {id} hosts is its own");
            let around = path.scope().is_none_or(|scope| instance.scope(scope).is_some());
            assert!(around, "the scope of path {id} is open");
            for catch in path.catches() {
                let owner = instance.catch(*catch).map(|catch| catch.owner().path);
                assert_eq!(owner, Some(Some(id)), "path {id} knows what it awaits");
            }
        }
        for (id, scope) in instance.scopes() {
            let host = instance.path(scope.host()).map(|host| (host.hosts(), host.scope()));
            assert_eq!(host, Some((Some(id), scope.parent())), "scope {id} has its host");
        }
        for (id, catch) in instance.catches() {
            match (catch.owner().path, catch.owner().scope) {
                (Some(path), _) => {
                    assert!(instance.path(path).unwrap().catches().contains(&id));
                }
                (None, Some(scope)) => {
                    assert!(instance.scope(scope).unwrap().catches().contains(&id));
                }
                (None, None) => assert_eq!(instance.status(), Status::Active),
            }
        }
    }

    /// What the effects have asked for is what the instance awaits.
    fn check_balance(&mut self, fired: Option<TimerId>, step: &Step) {
        if let Some(timer) = fired {
            assert!(self.asked.timers.remove(&timer).is_some(), "timer {timer} was asked for");
        }
        for effect in &step.effects {
            self.asked.take(effect);
        }
        let timers = self.instance.timers().map(|(id, timer)| (id, timer.due())).collect();
        let awaited = self.instance.catches().filter(|(_, catch)| !is_condition(catch.awaited()));
        let catches = awaited.map(|(id, catch)| (id, catch.awaited().clone())).collect();
        assert_eq!(self.asked, Asked { timers, catches }, "asked for is what is awaited");
    }

    /// Whenever the machine stops between two commands and the rest is told again, all comes to
    /// the same; and what was told already does nothing when it is told once more.
    pub(crate) fn crash(&self) {
        for from in 0..self.told.len() {
            let mut instance = reloaded(&self.told[from].2);
            for (at, (now, command, before)) in self.told.iter().enumerate().skip(from) {
                assert_eq!(instance, *before, "what is told after a crash comes to the same");
                drop(step(self.process, &mut instance, command.clone(), *now));
                if at == from {
                    self.repeat(&reloaded(&instance), command.clone(), *now);
                }
            }
            assert_eq!(instance, self.instance, "what is told after a crash comes to the same");
        }
    }

    fn repeat(&self, after: &Instance, command: Command, now: Timestamp) {
        let mut again = after.clone();
        let told = step(self.process, &mut again, command.clone(), now);
        match command {
            Command::Start { .. }
            | Command::Complete { .. }
            | Command::Wait { .. }
            | Command::RaiseError { .. }
            | Command::Fault { .. }
            | Command::Fire { .. }
            | Command::Cancel { .. } => {
                assert!(told.is_err(), "{command:?} happens once");
                assert_eq!(again, *after);
            }
            // These may be meant twice; that they are not told twice is for the caller to see to.
            Command::Assign { .. }
            | Command::Submit { .. }
            | Command::Take { .. }
            | Command::Escalate { .. }
            | Command::Heard { .. }
            | Command::Deliver { .. }
            | Command::Signal { .. }
            | Command::Set { .. }
            | Command::Note { .. }
            | Command::Ask { .. }
            | Command::Retry { .. }
            | Command::Resolve { .. }
            | Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::Modify { .. } => {
                assert!(again.paths().all(|(_, path)| path.state() != &PathState::Moving));
            }
        }
    }

    /// The flows along which paths have come that wait at a gateway.
    pub(crate) fn arrived(&self, scope: Option<ScopeId>, node: &NodeId) -> BTreeSet<String> {
        let stored = serde_json::to_value(&self.instance).unwrap();
        let gateways = match scope {
            Some(scope) => &stored["scopes"][scope.number().to_string()]["gateways"],
            None => &stored,
        };
        let flows = gateways["arrivals"][node.as_str()].as_object();
        flows.into_iter().flat_map(|flows| flows.keys().cloned()).collect()
    }

    fn check_arrivals(&self) {
        let joining =
            |(id, path): (PathId, &Path)| (path.state() == &PathState::Joining).then_some(id);
        let joining: BTreeSet<PathId> = self.instance.paths().filter_map(joining).collect();
        let stored = serde_json::to_value(&self.instance).unwrap();
        let scopes = stored["scopes"].as_object().into_iter().flat_map(|scopes| scopes.values());
        let gateways = scopes.map(|scope| &scope["gateways"]).chain([&stored]);
        let nodes = gateways.filter_map(|gateways| gateways["arrivals"].as_object());
        let flows = nodes.flat_map(|nodes| nodes.values());
        let arrivals = flows.flat_map(|flows| flows.as_object().unwrap().values());
        let paths = arrivals
            .flat_map(|paths| serde_json::from_value::<Vec<PathId>>(paths.clone()).unwrap());
        let arrived: BTreeSet<PathId> = paths.collect();
        assert!(joining.is_subset(&arrived), "who is joining has arrived somewhere");
        // A complex gateway whose activation condition has no value says so at one of them.
        let stopped = |path: &PathId| {
            let path = self.instance.path(*path).map(|path| path.state());
            matches!(path, Some(PathState::Incident { moment: Moment::Entering, .. }))
        };
        assert!(arrived.difference(&joining).all(stopped), "who has arrived is joining");
    }

    fn pass(&mut self, time: SignedDuration) {
        let end = self.now + time;
        loop {
            let due = self.instance.timers().map(|(id, timer)| (timer.due(), id)).min();
            match due {
                Some((due, timer)) if due <= end => {
                    self.now = self.now.max(due);
                    writeln!(self.trace, "  {} timer {timer} is due", self.since(due)).unwrap();
                    self.tell(Command::Fire { timer });
                    assert_eq!(self.instance.timer(timer), None, "a timer fires once");
                }
                _ => break,
            }
        }
        self.now = end;
    }

    fn since(&self, time: Timestamp) -> String {
        format!("{:#}", time.duration_since(beginning()))
    }

    /// An event or effect as it is written down, in a line.
    fn line(&self, told: &impl Serialize) -> String {
        let Value::Object(mut members) = serde_json::to_value(told).unwrap() else { panic!() };
        let mut line = members.remove("kind").unwrap().as_str().unwrap().to_owned();
        for name in ["path", "timer", "node"] {
            match members.remove(name) {
                Some(Value::String(text)) => write!(line, " {text}").unwrap(),
                Some(number) if name == "timer" => write!(line, " timer {number}").unwrap(),
                Some(number) => write!(line, " {number}").unwrap(),
                None => {}
            }
        }
        for (name, value) in members {
            match (name.as_str(), value) {
                ("due", Value::String(due)) => {
                    write!(line, " due {}", self.since(due.parse().unwrap())).unwrap();
                }
                (_, value) => write!(line, " {name}={value}").unwrap(),
            }
        }
        line
    }

    fn close(&mut self) {
        let instance = &self.instance;
        let mut end = format!("= {:?}", instance.status()).to_lowercase();
        for node in instance.ended_at() {
            write!(end, " {node}").unwrap();
        }
        writeln!(self.trace, "{end}").unwrap();
        if !instance.variables().is_empty() {
            writeln!(self.trace, "= {}", Value::Object(instance.variables().clone())).unwrap();
        }
        for (id, path) in instance.paths() {
            let (node, state) = (path.node(), serde_json::to_value(path.state()).unwrap());
            writeln!(self.trace, "= {id} {node} {state}").unwrap();
        }
        for incident in instance.incidents() {
            let same = instance.path(incident.path).map(|path| path.node());
            assert_eq!(same, Some(incident.node));
        }
    }
}

impl Asked {
    fn take(&mut self, effect: &Effect) {
        match effect {
            Effect::ArmTimer { timer, due } => {
                assert_eq!(self.timers.insert(*timer, *due), None, "timer {timer} is new");
            }
            Effect::DisarmTimer { timer, due } => {
                assert_eq!(self.timers.remove(timer), Some(*due), "timer {timer} is armed");
            }
            Effect::Subscribe { catch, awaited } => {
                assert!(!is_condition(awaited));
                let before = self.catches.insert(*catch, awaited.clone());
                assert_eq!(before, None, "catch {catch} is new");
            }
            Effect::Unsubscribe { catch, awaited } => {
                let before = self.catches.remove(catch);
                assert_eq!(before.as_ref(), Some(awaited), "catch {catch} is awaited");
            }
            _ => {}
        }
    }
}

/// A step for those who tell an instance by hand. It is saved and reloaded after it, its events make the instance, and
/// whoever was gone before all of it was kept comes to the same.
pub(crate) fn stepped(
    process: &Process,
    instance: &mut Instance,
    command: Command,
    now: Timestamp,
) -> Result<Step, Rejection> {
    let mut replay = instance.clone();
    let mut again: Instance = reloaded(instance);
    let told = step(process, instance, command.clone(), now);
    assert_eq!(step(process, &mut again, command, now), told, "the same inputs make the same step");
    assert_eq!(again, *instance);
    told.iter().flat_map(|step| &step.events).for_each(|event| replay.apply(event));
    assert_eq!(replay, *instance, "the events make the instance");
    *instance = reloaded(instance);
    told
}

fn is_condition(awaited: &Awaited) -> bool {
    matches!(awaited, Awaited::Condition { .. })
}

/// The same value, from its bytes.
fn reloaded<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> T {
    let bytes = serde_json::to_vec(value).unwrap();
    let again = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(value, &again, "what is written down is read back");
    again
}
