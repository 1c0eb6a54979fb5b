//! Scripts of the engine's stories, played in the runtime and by an instance alone: line by line both come to the same.

use std::collections::{BTreeMap, VecDeque};

use definitions::Process;
use engine::{Command, DECISION_RESULT, Effect, Instance, PathId, Status, Version, step};

use super::generated::{Course, Ground, Play, Trouble, Word};
use super::*;

#[path = "../../../engine/tests/stories/names.rs"]
pub(super) mod names;
#[path = "../../../engine/tests/stories/script.rs"]
pub(super) mod script;

use script::Line;

/// The only decision that is deployed, and the only tag of it.
const DISH: &str = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="dish" name="Dish">
    <decisionTable hitPolicy="FIRST">
      <input id="i"><inputExpression><text>n</text></inputExpression></input>
      <output id="o1" name="name" typeRef="string"/>
      <output id="o2" name="price" typeRef="number"/>
      <rule id="r"><inputEntry><text>-</text></inputEntry><outputEntry><text>"stew"</text></outputEntry><outputEntry><text>7</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"#;
const TAG: &str = "v1";

impl House {
    /// Adds the only decision.
    pub(super) async fn add_dishes(&self) {
        let (name, resource) = ("dishes".to_owned(), DISH.to_owned());
        let version_tag = Some(TAG.to_owned());
        let new = NewDecision { name, description: None, version_tag, resource, deploy: true };
        self.rooms.add_decision(new).await.unwrap();
    }
}

/// A process that is called, in one of its versions: it waits.
fn called(name: &str, version: u32) -> String {
    format!("\nname: {name}\nsteps:\n  - {{ activity: ask, id: wait{version} }}\n")
}

/// An instance without a runtime. What it asks for waits, as the activities of the scripts do; decisions are made at
/// once.
struct Alone {
    process: Process,
    instance: Instance,
    now: Timestamp,
    /// What it called, and how many versions of that there are at least.
    called: BTreeMap<String, u32>,
}

impl Alone {
    fn at(process: &Process, now: Timestamp) -> Alone {
        let (process, called) = (process.clone(), BTreeMap::new());
        Alone { process, instance: Instance::default(), now, called }
    }

    fn tell(&mut self, command: Command) {
        let mut next = VecDeque::from([command]);
        while let Some(command) = next.pop_front() {
            // What does not fit changes nothing.
            let told = step(&self.process, &mut self.instance, command, self.now);
            let mut calls = Vec::new();
            for effect in told.map(|step| step.effects).unwrap_or_default() {
                let waits = |path| Command::Wait { path, writes: Vec::new() };
                match effect {
                    Effect::RunActivity { path, .. } => next.push_back(waits(path)),
                    Effect::Decide { path, decision, version, .. } => {
                        next.push_back(decided(path, &decision, &version));
                    }
                    Effect::Call { path, process, version, .. } => {
                        let known = self.called.entry(process).or_insert(1);
                        if let Version::Number(number) = version {
                            *known = number.max(*known);
                        }
                        calls.push(waits(path));
                    }
                    Effect::EscalateToCaller { path: Some(path), .. } => {
                        calls.push(Command::Heard { path });
                    }
                    _ => {}
                }
            }
            calls.into_iter().rev().for_each(|call| next.push_front(call));
        }
    }

    /// The time passes until then; each timer that falls due fires at its time.
    fn pass(&mut self, to: Timestamp) {
        loop {
            let first = self.instance.timers().map(|(timer, armed)| (armed.due(), timer)).min();
            let Some((due, timer)) = first.filter(|(due, _)| *due <= to) else { break };
            self.now = self.now.max(due);
            self.tell(Command::Fire { timer });
        }
        self.now = to;
    }

    /// What a line of a script means here; a timer fires because the time passes.
    fn word(&self, line: &str) -> Word {
        let after = |seconds| self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        match script::read(&names::numbered(&self.instance, line)) {
            Line::Tell(Command::Fire { timer }) => {
                let due = self.instance.timer(timer).map(|timer| timer.due());
                Word::Pass(due.unwrap_or(self.now).max(self.now))
            }
            Line::Tell(command) => Word::Tell(command),
            Line::Pass(seconds) => Word::Pass(after(seconds)),
        }
    }

    fn hear(&mut self, word: &Word) {
        match word {
            Word::Tell(command) => self.tell(command.clone()),
            Word::Pass(to) => self.pass(*to),
            Word::Open | Word::Nothing | Word::Within(..) => {}
        }
        // What is due already happens at once.
        self.pass(self.now);
    }
}

/// What a decision comes to.
fn decided(path: PathId, decision: &str, version: &Version) -> Command {
    let wrong = match version {
        Version::Tag(tag) if tag != TAG => {
            Some(format!("no deployed decision `{decision}` has the tag `{tag}`"))
        }
        _ => None,
    };
    match wrong {
        Some(message) => Command::Fault { path, message, lasts: true },
        None => {
            let result = json!({ "name": "stew", "price": 7 });
            let locals = Map::from_iter([(DECISION_RESULT.to_owned(), result)]);
            Command::Complete { path, locals, writes: Vec::new() }
        }
    }
}

/// A process that is deployed, with what it calls and decides by.
pub(super) struct Deployed {
    ground: Ground,
    version: Definition,
    process: Process,
    clock: fn() -> Clock,
}

impl Deployed {
    /// Steps whose instance is to hear a script.
    pub(super) async fn of(
        steps: &str,
        script: &[&str],
        began: &Ground,
        clock: fn() -> Clock,
    ) -> Deployed {
        let ground = began.copy();
        let house = ground.house(&clock()).await;
        let steps = steps.replace("activity: work", "activity: ask");
        let source = format!("\nname: life\nsteps:\n{steps}\n");
        let process = definitions::read(Format::Yaml, &source, house.runtime.catalog()).unwrap();
        let mut alone = Alone::at(&process, clock().now());
        for line in script {
            let word = alone.word(line);
            alone.hear(&word);
        }
        for (name, versions) in &alone.called {
            for version in 1..=*versions {
                house.deploy(name, &called(name, version)).await;
            }
        }
        let version = house.deploy("life", &source).await;
        Deployed { ground, version, process, clock }
    }

    /// Plays a script in the runtime and alone, and compares them after each line; `None` where no instance has begun.
    async fn live(&self, script: &[&str], trouble: Trouble) -> Option<(Course, Status)> {
        let mut play = Play::at(self.ground.copy(), trouble, (self.clock)()).await;
        let before = (play.store().commits(), play.store().count_rows().unwrap());
        let mut alone = Alone::at(&self.process, play.clock.now());
        play.begin();
        for line in script {
            let word = alone.word(line);
            match &word {
                // It waits already, or has been heard.
                Word::Tell(Command::Wait { .. } | Command::Heard { .. }) => continue,
                Word::Tell(start @ Command::Start { .. }) if play.id.is_empty() => {
                    play.begins(&self.version, start).await;
                    alone.hear(&word);
                }
                // Nobody is told anything who is not there.
                _ if play.id.is_empty() => continue,
                _ => {
                    alone.hear(&word);
                    play.say(word).await;
                }
            }
            let is_there = alone.instance.status() != Status::Created;
            assert_eq!(is_there, !play.id.is_empty(), "{line}: {trouble:?}");
            if is_there {
                assert_eq!(*play.engine().await, alone.instance, "{line}: {trouble:?}");
            }
        }
        if play.id.is_empty() {
            assert_eq!(play.store().commits(), before.0, "nothing is kept of what has not begun");
            return None;
        }
        let course = play.course(before).await;
        assert_eq!(course.crash.is_some(), matches!(trouble, Trouble::Crash(_)));
        Some((course, alone.instance.status()))
    }

    /// Plays a script calmly, with a restart after every line, and with a crash between any two commits: all comes to
    /// the same.
    pub(super) async fn live_through_all(&self, script: &[&str]) -> Option<(Course, Status)> {
        let (calm, ended) = self.live(script, Trouble::Nothing).await?;
        let crashing = (0..calm.commits).map(Trouble::Crash);
        for trouble in [Trouble::Restarts].into_iter().chain(crashing) {
            let (other, _) = self.live(script, trouble).await.unwrap();
            assert_eq!((&other.told, other.rows), (&calm.told, calm.rows), "{trouble:?}");
        }
        Some((calm, ended))
    }
}
