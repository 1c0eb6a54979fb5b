//! The story of a shipped journey: a script of what happens to it, and the way that it goes.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use definitions::{Format, NodeId, Process};
use engine::{Command, Effect, Event, Instance, Path, PathState, Status, Step, Write, step};
use expect_test::Expect;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::catalog::catalog;

/// Plays a script on a shipped journey and compares the way that it went.
///
/// A line of the script names nodes, never numbers: `start a=1` with `@NODE` for what was triggered,
/// `done NODE local=1 !variable.at=2`, `error NODE Code`, `message NODE a=1`, `signal Name`,
/// `pass 24h`. What asks nobody is done at once, unless `next NODE …` said before what it comes to:
/// `next NODE error Code !variable=1`.
///
/// A line of the trace is a line of the script (`>`), the nodes that paths came to, or what was
/// told to others. The last line says how the journey stands, where, and its decision.
pub(crate) fn check(journey: &str, script: &str, trace: Expect) {
    trace.assert_eq(&way(journey, script));
}

/// Plays a script and tells how the journey stands then: the last line of its trace.
pub(crate) fn end(journey: &str, script: &str) -> String {
    way(journey, script).lines().last().unwrap_or_default().to_owned()
}

/// Plays a script and tells the way that it went.
pub(crate) fn way(journey: &str, script: &str) -> String {
    let journey = definitions::library::ALL.iter().find(|one| one.name == journey);
    let text = journey.expect("the journey is shipped").yaml;
    let process = definitions::read(Format::Yaml, text, &catalog());
    let process = process.unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    let mut story = Story {
        process: &process,
        instance: Instance::default(),
        replay: Instance::default(),
        now: "2026-01-01T00:00:00Z".parse().unwrap(),
        answers: BTreeMap::new(),
        trace: String::new(),
    };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        writeln!(story.trace, "> {line}").unwrap();
        story.play(line);
    }
    story.close();
    story.trace
}

struct Story<'a> {
    process: &'a Process,
    instance: Instance,
    /// Made of the events alone.
    replay: Instance,
    now: Timestamp,
    /// What the next visits of nodes come to.
    answers: BTreeMap<String, VecDeque<Vec<String>>>,
    trace: String,
}

impl Story<'_> {
    fn play(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let command = match *words.as_slice() {
            ["start", at, ref rest @ ..] if at.starts_with('@') => {
                let at = Some(NodeId::from(&at[1..]));
                Command::Start { variables: map(rest), at, trigger: 0, called: false }
            }
            ["start", ref rest @ ..] => Command::start(map(rest)),
            ["done" | "error", node, ..] => self.answer(&words, node),
            ["message", node, ref rest @ ..] => {
                let mut catches = self.instance.catches();
                let catch = catches.find(|(_, catch)| catch.node().as_str() == node);
                let (catch, _) = catch.unwrap_or_else(|| panic!("{node} awaits no message"));
                Command::Deliver { catch, payload: map(rest) }
            }
            ["signal", ref name @ ..] => {
                Command::Signal { name: name.join(" "), payload: Map::new() }
            }
            ["next", node, ref rest @ ..] => {
                let answer = rest.iter().map(|word| (*word).to_owned()).collect();
                return self.answers.entry(node.to_owned()).or_default().push_back(answer);
            }
            ["pass", time] => return self.pass(time.parse().unwrap()),
            _ => panic!("a script does not know `{line}`"),
        };
        self.tell(command);
    }

    /// `done NODE …` or `error NODE Code …` for the first path that is at work at the node.
    fn answer(&self, words: &[&str], node: &str) -> Command {
        let at_work = |path: &Path| {
            matches!(path.state(), PathState::Running { .. } | PathState::Waiting)
                && path.node().as_str() == node
        };
        let path = self.instance.paths().find(|(_, path)| at_work(path)).map(|(id, _)| id);
        let path = path.unwrap_or_else(|| panic!("nobody is at work at {node}\n{}", self.trace));
        let (writes, words): (Vec<&str>, Vec<&str>) =
            words.iter().copied().partition(|word| word.starts_with('!'));
        let writes = writes.into_iter().map(write).collect();
        match words[0] {
            "error" => {
                let (code, message) = (words[2].to_owned(), String::new());
                Command::RaiseError { path, code, message, writes }
            }
            _ => Command::Complete { path, locals: map(&words[2..]), writes },
        }
    }

    fn pass(&mut self, time: SignedDuration) {
        let end = self.now + time;
        while let Some((due, timer)) =
            self.instance.timers().map(|(id, timer)| (timer.due(), id)).min()
            && due <= end
        {
            self.now = self.now.max(due);
            self.tell(Command::Fire { timer });
        }
        self.now = end;
    }

    fn tell(&mut self, command: Command) {
        let mut asked = VecDeque::from([command]);
        let mut way = Vec::new();
        let mut told = String::new();
        while let Some(command) = asked.pop_front() {
            let step = step(self.process, &mut self.instance, command, self.now)
                .unwrap_or_else(|rejection| panic!("{rejection}\n{}", self.trace));
            self.keep(&step);
            for event in &step.events {
                match event {
                    Event::Entered { node, .. } => way.push(node.as_str().to_owned()),
                    Event::Undoing { node, .. } => way.push(format!("undo({node})")),
                    Event::IncidentRaised { node, message, .. } => {
                        writeln!(told, "  ! {node}: {message}").unwrap();
                    }
                    Event::Failed(engine::Failure { code, .. }) => {
                        writeln!(told, "  failed {code}").unwrap()
                    }
                    _ => {}
                }
            }
            for effect in &step.effects {
                match effect {
                    Effect::SendMessage { name, key, .. } => {
                        let key = key.as_deref().map(|key| format!(" to {key}"));
                        writeln!(told, "  + {name}{}", key.unwrap_or_default()).unwrap();
                    }
                    Effect::SendSignal { name, .. } => writeln!(told, "  + {name}!").unwrap(),
                    Effect::Call { process, variables, .. } => {
                        let variables = Value::Object(variables.clone());
                        writeln!(told, "  + call {process} {variables}").unwrap();
                    }
                    Effect::EndCall { .. } => writeln!(told, "  + end the call").unwrap(),
                    _ => asked.extend(self.at_once(effect)),
                }
            }
        }
        if !way.is_empty() {
            writeln!(self.trace, "  {}", way.join(" ")).unwrap();
        }
        self.trace += &told;
    }

    /// What an activity or a decision comes to that asks nobody.
    fn at_once(&mut self, effect: &Effect) -> Option<Command> {
        match effect {
            Effect::RunActivity { path, activity, .. } if catalog().find(activity)?.waits => {
                Some(Command::Wait { path: *path, writes: Vec::new() })
            }
            Effect::RunActivity { path, node, .. } => {
                let answer = self.answers.get_mut(node.as_str()).and_then(VecDeque::pop_front);
                let answer = answer.unwrap_or_default();
                let (writes, words): (Vec<&str>, Vec<&str>) =
                    answer.iter().map(String::as_str).partition(|word| word.starts_with('!'));
                let (path, writes) = (*path, writes.into_iter().map(write).collect());
                Some(match words.as_slice() {
                    ["error", code] => {
                        let (code, message) = ((*code).to_owned(), String::new());
                        Command::RaiseError { path, code, message, writes }
                    }
                    locals => Command::Complete { path, locals: map(locals), writes },
                })
            }
            Effect::Decide { path, decision, shape, variables, .. } => {
                let shipped = definitions::library::DECISIONS.iter();
                let files = shipped.map(|(_, text)| definitions::read_decisions(text).unwrap());
                let all: Vec<_> = files.collect();
                let found = all.iter().find_map(|file| file.find(decision));
                let found = found.expect("the decision is shipped");
                let result = found.evaluate_as(&Seen(variables), *shape).unwrap();
                let locals = Map::from_iter([(engine::DECISION_RESULT.to_owned(), result)]);
                Some(Command::Complete { path: *path, locals, writes: Vec::new() })
            }
            _ => None,
        }
    }

    /// The events make the instance, and it is the same when it was stored and loaded.
    fn keep(&mut self, step: &Step) {
        for event in &step.events {
            self.replay.apply(event);
        }
        assert_eq!(self.replay, self.instance, "the events make the instance");
        let bytes = serde_json::to_vec(&self.instance).unwrap();
        self.instance = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(self.replay, self.instance, "what is stored is loaded again");
    }

    fn close(&mut self) {
        let status = format!("{:?}", self.instance.status()).to_lowercase();
        let nodes: Vec<&str> = match self.instance.status() {
            Status::Active => self.instance.paths().map(|(_, path)| path.node().as_str()).collect(),
            _ => self.instance.ended_at().iter().map(NodeId::as_str).collect(),
        };
        let decision = self.instance.variables().get("_decision").and_then(Value::as_str);
        let line = [&[status.as_str()], &*nodes, decision.as_slice()].concat().join(" ");
        writeln!(self.trace, "= {line}").unwrap();
    }
}

/// The variables that a decision sees.
struct Seen<'a>(&'a Map<String, Value>);

impl definitions::Scope for Seen<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

fn map(words: &[&str]) -> Map<String, Value> {
    words.iter().map(|word| pair(word)).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn write(word: &str) -> Write {
    let (at, value) = pair(word.trim_start_matches('!'));
    Write { at: at.split('.').map(str::to_owned).collect(), value }
}

/// `name=value`; what is not JSON is text.
fn pair(word: &str) -> (&str, Value) {
    let (name, value) = word.split_once('=').unwrap();
    (name, serde_json::from_str(value).unwrap_or_else(|_| value.into()))
}
