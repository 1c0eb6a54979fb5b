//! The lives of all elements, run by the runtime: calm, with a restart after every line, and with a
//! crash between any two commits, each comes line by line to what it comes to in the engine alone.

use std::collections::VecDeque;

use definitions::Process;
use engine::{Command, Effect, Instance, Status, step};

use super::generated::{Course, Ground, Play, Trouble, Word};
use super::*;
use crate::identifier;
use crate::instance::Kept;

#[path = "../../../engine/tests/stories/life.rs"]
mod life;
#[path = "../../../engine/tests/stories/names.rs"]
mod names;
#[path = "../../../engine/tests/stories/script.rs"]
mod script;

use life::Life;
use script::Line;

/// An instance without a runtime. What it asks for waits, as the activities of the lives do.
struct Alone {
    process: Process,
    instance: Instance,
    now: Timestamp,
}

impl Alone {
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
                    Effect::Call { path, .. } => calls.push(waits(path)),
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
}

/// A life on ground where its process is deployed.
struct Deployed {
    ground: Ground,
    version: Definition,
    process: Process,
}

impl Deployed {
    /// `None` where what it needs is no part of the ground.
    async fn of(life: &Life, began: &Ground) -> Option<Deployed> {
        if life.steps.contains("decide: ") {
            return None;
        }
        let ground = began.copy();
        let house = ground.house(&noon()).await;
        let steps = life.steps.replace("activity: work", "activity: ask");
        let source = format!("\nname: life\nsteps:\n{steps}\n");
        let version = house.deploy("life", &source).await;
        let process = definitions::read(Format::Yaml, &source, house.runtime.catalog());
        Some(Deployed { ground, version, process: process.unwrap() })
    }

    async fn begin(&self, rooms: &Tenant, start: Command) -> Result<String, Error> {
        let mut work = rooms.identity();
        let now = work.now();
        let mut kept = Kept {
            id: identifier::timed(now)?,
            definition: self.version.process_definition_id.clone(),
            definition_name: self.version.name.clone(),
            definition_version: self.version.version,
            created: now,
            expires: now.checked_add(SignedDuration::from_hours(24)).unwrap(),
            ..Kept::default()
        };
        rooms.advance(&mut work, &mut kept, start).await?;
        work.commit().await?;
        Ok(kept.id)
    }

    /// Begins an instance. Whoever gets no answer begins it again.
    async fn begins(&self, play: &mut Play, start: &Command) {
        loop {
            let commits = play.store().commits();
            let begun = self.begin(&play.house().rooms, start.clone()).await;
            let happened = play.happens(commits).await;
            match begun {
                Ok(id) => break play.id = id,
                Err(error) => assert!(!happened, "{error}"),
            }
        }
    }

    /// Plays a script in the runtime and alone, and compares them after each line.
    async fn live(&self, life: &Life, script: &str, trouble: Trouble) -> Course {
        let mut play = Play::on(self.ground.copy(), trouble).await;
        let before = (play.store().commits(), play.store().count_rows().unwrap());
        let (process, now) = (self.process.clone(), play.clock.now());
        let mut alone = Alone { process, instance: Instance::default(), now };
        play.begin();
        for line in life::lines(script) {
            match script::read(&names::numbered(&alone.instance, line)) {
                // It waits already.
                Line::Tell(Command::Wait { .. }) => continue,
                Line::Tell(start @ Command::Start { .. }) => {
                    self.begins(&mut play, &start).await;
                    alone.tell(start);
                }
                Line::Tell(command) => {
                    play.say(Word::Tell(command.clone())).await;
                    alone.tell(command);
                }
                Line::Pass(seconds) => {
                    let to = alone.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
                    play.say(Word::Pass(to)).await;
                    alone.pass(to);
                }
            }
            // What is due already happens at once.
            alone.pass(alone.now);
            assert_eq!(*play.engine().await, alone.instance, "{}: {line}: {trouble:?}", life.of);
        }
        let ended = alone.instance.status();
        assert_eq!(ended, Status::Completed, "{}: {script}", life.of);
        let course = play.course(before).await;
        assert_eq!(course.crash.is_some(), matches!(trouble, Trouble::Crash(_)), "{}", life.of);
        course
    }
}

/// Plays one script of every life, in all kinds of trouble.
async fn live_through_all(script: fn(&Life) -> &'static str) {
    let began = Ground::memory().await;
    let house = began.house(&noon()).await;
    house.deploy("other-1", "\nname: other-1\nsteps:\n  - { activity: ask }\n").await;
    house.deploy("other", "\nname: other\nsteps:\n  - { activity: ask, id: wait }\n").await;
    let (mut lived, mut crashes) = (0, 0);
    for life in life::all() {
        let Some(deployed) = Deployed::of(life, &began).await else { continue };
        let script = script(life);
        let calm = deployed.live(life, script, Trouble::Nothing).await;
        assert!(script != life.error || calm.told.contains(life.shows), "{}", calm.told);
        let crashing = (0..calm.commits).map(Trouble::Crash);
        for trouble in [Trouble::Restarts].into_iter().chain(crashing) {
            let other = deployed.live(life, script, trouble).await;
            let of = format!("{}: {script}: {trouble:?}", life.of);
            assert_eq!((&other.told, other.rows), (&calm.told, calm.rows), "{of}");
        }
        lived += 1;
        crashes += calm.commits;
    }
    assert!(lived > 80 && crashes > lived * 2, "{lived} have lived through {crashes} crashes");
}

#[tokio::test]
async fn every_element_has_its_normal_course_whatever_becomes_of_the_runtime() {
    live_through_all(|life| life.course).await;
}

#[tokio::test]
async fn every_element_has_its_error_whatever_becomes_of_the_runtime() {
    live_through_all(|life| life.error).await;
}
