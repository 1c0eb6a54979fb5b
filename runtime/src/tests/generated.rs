//! Definitions and orders of commands made at random, run by the runtime: in memory and on a disk,
//! with a restart after every command, and with a crash after any commit, all comes to the same.
//!
//! `GATEWRIGHT_CASES` says how many are made, and `GATEWRIGHT_SEED` with which the first one is.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use activities::{Submitted, Wait, Waiting};
use definitions::{Process, prove};
use engine::{Command, Instance, Status};
use serde::Serialize;
use storage::Store;

use super::*;
use crate::instance;

#[path = "../../../engine/tests/stories/made.rs"]
mod made;
#[path = "../../../engine/tests/stories/told.rs"]
mod told;

use made::{Maker, Numbers};

/// The most commands until an instance must have come to its end.
const PATIENCE: usize = 400;
/// The same of a shipped journey, which may go round for ever when nobody gives good answers.
const PATIENCE_WITH_A_JOURNEY: usize = 40;

/// What the activities of the definitions may raise.
#[derive(Serialize, JsonSchema, Debug)]
#[expect(dead_code, reason = "definitions catch them, and only commands raise them")]
enum Raised {
    /// Something is lost.
    Lost,
    /// It is late.
    Late,
    /// It is odd.
    Odd,
}

/// An activity that waits for an end user.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {}

impl Waiting for Ask {
    const NAME: &'static str = "ask";
    const LABEL: &'static str = "Ask";
    const CATEGORY: &'static str = "Tests";
    type Output = ();
    type Error = Raised;

    async fn open(self, _: &mut Context<'_>) -> Result<Wait, Failure<Raised>> {
        Ok(Wait {
            activity: Self::NAME.to_owned(),
            screen_id: String::new(),
            step_id: String::new(),
            screens: Vec::new(),
            form: None,
            passcode: None,
            errors: Vec::new(),
            attempts: 0,
        })
    }

    async fn submit(
        self,
        _: &mut Context<'_>,
        _: &Wait,
        _: Submission,
    ) -> Result<Submitted<()>, Failure<Raised>> {
        Ok(Submitted::Done(()))
    }
}

/// An activity that is done at once.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Do {}

impl Activity for Do {
    const NAME: &'static str = "work";
    const LABEL: &'static str = "Work";
    const CATEGORY: &'static str = "Tests";
    type Output = ();
    type Error = Raised;

    async fn run(self, _: &mut Context<'_>) -> Result<(), Failure<Raised>> {
        Ok(())
    }
}

static MADE: &[Plugin] = &[Plugin::waits::<Ask>(), Plugin::local::<Do>()];

/// What the definitions call.
const OTHER: &str = "\nname: other\nsteps:\n  - { script: 1, result: m }\n";

/// Where the rows are, which outlive the runtime over them.
enum Ground {
    Memory(Store),
    Disk(Folder),
}

impl Ground {
    fn memory() -> Ground {
        Ground::Memory(Store::memory())
    }

    fn disk() -> Ground {
        Ground::Disk(Folder::new())
    }

    /// A folder with the same rows as one that nobody has open.
    fn copy_of(folder: &Folder) -> Ground {
        let copy = Folder::new();
        copy_files(&folder.0, &copy.0);
        Ground::Disk(copy)
    }

    /// A runtime over the rows, with nothing in memory but a clock.
    async fn house(&self, clock: &Clock) -> House {
        let data = match self {
            Ground::Memory(_) => None,
            Ground::Disk(folder) => Some(folder.0.clone()),
        };
        let settings = Settings {
            data,
            driver: Driver::Sled,
            base_url: "http://localhost:8080".to_owned(),
            retention: Retention::default(),
        };
        let slices: [&'static [Plugin]; 2] = [activities::ALL, MADE];
        let runtime = match self {
            Ground::Memory(store) => {
                Runtime::over(store.clone(), settings, clock.clone(), &slices).await
            }
            Ground::Disk(_) => Runtime::with_plugins(settings, clock.clone(), &slices).await,
        };
        let runtime = runtime.unwrap();
        runtime.seed().await.unwrap();
        let rooms = runtime.tenant("demo", "Test").await.unwrap();
        House { runtime, clock: clock.clone(), rooms }
    }
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.unwrap(), to.to_owned());
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_files(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// What happens to the runtime while a case is played.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    Nothing,
    /// It is opened anew after every command.
    Restarts,
    /// It is gone when so many commits more are durable, and is opened anew.
    Crash(u64),
}

/// A case: a definition, and the numbers that decide what its instance is told.
struct Case {
    seed: u64,
    source: String,
}

impl Case {
    fn of(seed: u64) -> Case {
        let mut maker = Maker::new(Numbers::of(seed));
        let steps = maker.process();
        let variables = told::first(&maker.counters.clone(), &mut maker.numbers);
        let variables = serde_json::to_string(&variables).unwrap();
        let source = format!("\nname: made{seed}\nvariables: {variables}\nsteps:\n{steps}");
        Case { seed, source }
    }

    fn name(&self) -> String {
        format!("made{}", self.seed)
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("GATEWRIGHT_SEED={} GATEWRIGHT_CASES=1\n{}", self.seed, self.source);
        }
    }
}

/// A case that is played on some ground.
struct Play<'a> {
    ground: &'a Ground,
    clock: Clock,
    /// `None` only while it is opened anew.
    house: Option<House>,
    id: String,
    process: Process,
    trouble: Trouble,
    /// How many commits the store will have made when the runtime is gone.
    until: Option<u64>,
    crashed: bool,
}

/// What came of a case.
#[derive(Debug, PartialEq)]
struct Course {
    told: String,
    /// What happened where, without any values.
    outline: String,
    ended: bool,
    commits: u64,
    crashed: bool,
}

impl Play<'_> {
    fn house(&self) -> &House {
        self.house.as_ref().unwrap()
    }

    fn commits(&self) -> u64 {
        self.house().runtime.store_figures().commits
    }

    async fn reopen(&mut self) {
        // A folder is held by one at a time.
        self.house = None;
        self.house = Some(self.ground.house(&self.clock).await);
    }

    async fn engine(&self) -> Arc<Instance> {
        let rooms = &self.house().rooms;
        instance::read(rooms, &mut rooms.unit(), &self.id).await.unwrap().engine
    }

    /// Tells the instance something, and lets all happen that follows; through a crash where there
    /// is to be one.
    async fn tell(&mut self, command: Command) {
        loop {
            let before = self.engine().await;
            if self.tell_once(&before, &command).await.is_some() {
                break;
            }
            self.until = None;
            self.crashed = true;
            self.reopen().await;
            // What was durable is not told again: whoever told it sees that it has happened.
            if self.engine().await.sequence() != before.sequence() {
                self.house().runtime.fire_due().await.unwrap();
                break;
            }
        }
        if self.trouble == Trouble::Restarts {
            self.reopen().await;
        }
    }

    /// `None` where the runtime was gone before it was done.
    async fn tell_once(&self, before: &Instance, command: &Command) -> Option<()> {
        let House { runtime, rooms, clock } = self.house();
        let work = async {
            match command {
                Command::Fire { timer } => {
                    let due = before.timer(*timer).map(|timer| timer.due());
                    let by = due.map(|due| due.duration_since(clock.now()));
                    clock.advance(by.unwrap_or_default().max(SignedDuration::ZERO));
                }
                other => match rooms.tell(&self.id, std::slice::from_ref(other)).await {
                    Ok(()) | Err(Error::Rejected(_)) => {}
                    Err(error) => panic!("{other:?}: {error}"),
                },
            }
            runtime.fire_due().await.unwrap();
        };
        let mut work = pin!(work);
        let gone = || self.until.is_some_and(|until| runtime.store_figures().commits >= until);
        poll_fn(|context| match gone() {
            true => Poll::Ready(None),
            false => work.as_mut().poll(context).map(Some),
        })
        .await
    }

    /// All that has happened to the instance, and how it stands.
    async fn course(&self, commits: u64) -> Course {
        let rooms = &self.house().rooms;
        let mut query =
            HistoryQuery { kinds: Vec::new(), element: None, after: 0, limit: 1000, values: true };
        let (mut told, mut outline) = (String::new(), String::new());
        loop {
            let part = rooms.instance_history(&self.id, &query).await.unwrap();
            for event in part.events {
                let at = event.element_id.as_deref().unwrap_or_default();
                writeln!(outline, "{:?} {} {at}", event.time, event.kind).unwrap();
                writeln!(told, "{}", serde_json::to_string(&event).unwrap()).unwrap();
            }
            match part.next {
                Some(next) => query.after = next,
                None => break,
            }
        }
        let view = rooms.read_instance(&self.id).await.unwrap();
        let engine = self.engine().await;
        writeln!(told, "{:?} {:?} {:?}", view.status, view.ended_at, view.incidents).unwrap();
        writeln!(told, "{}", serde_json::to_string(&engine).unwrap()).unwrap();
        writeln!(outline, "{:?} {:?}", view.status, view.ended_at).unwrap();
        let (ended, crashed) = (engine.status() != Status::Active, self.crashed);
        Course { told, outline, ended, commits, crashed }
    }
}

/// Deploys what a case is about; `None` where the definition is refused.
async fn prepare(ground: &Ground, case: &Case) -> Option<(Token, Process)> {
    let house = ground.house(&noon()).await;
    let process = definitions::read(Format::Yaml, &case.source, house.runtime.catalog()).ok()?;
    let page = Page { number: 0, size: 1 };
    if house.rooms.list_definition_versions("other", page).await.unwrap().total == 0 {
        house.deploy("other", OTHER).await;
    }
    house.deploy(&case.name(), &case.source).await;
    Some((house.token(&case.name(), json!({})).await, process))
}

/// Plays a case on ground where it was prepared.
async fn play(
    ground: &Ground,
    case: &Case,
    (token, process): &(Token, Process),
    trouble: Trouble,
    patience: usize,
) -> Course {
    let clock = noon();
    let house = ground.house(&clock).await;
    let id = house.create(token).await.unwrap();
    house.runtime.fire_due().await.unwrap();
    let first = house.runtime.store_figures().commits;
    let until = match trouble {
        Trouble::Crash(commits) => Some(first + commits),
        Trouble::Nothing | Trouble::Restarts => None,
    };
    let (house, process) = (Some(house), process.clone());
    let crashed = false;
    let mut play = Play { ground, clock, house, id, process, trouble, until, crashed };
    let mut numbers = Numbers::of(case.seed + 1);
    for _ in 0..numbers.below(14) {
        let engine = play.engine().await;
        let command = told::any(&play.process, &engine, &mut numbers, false);
        play.tell(command).await;
    }
    for _ in 0..patience {
        let engine = play.engine().await;
        let Some(command) = told::answer(&engine) else { break };
        play.tell(command).await;
    }
    let commits = if trouble == Trouble::Nothing { play.commits() - first } else { 0 };
    let course = play.course(commits).await;
    if !course.ended {
        play.house().rooms.cancel_instance(&play.id, "over").await.unwrap();
    }
    course
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn cases(usual: u64) -> std::ops::Range<u64> {
    let first = setting("GATEWRIGHT_SEED").unwrap_or(0);
    first..first + setting("GATEWRIGHT_CASES").unwrap_or(usual)
}

#[tokio::test]
async fn what_is_made_at_random_comes_to_the_same_however_often_the_runtime_is_opened_anew() {
    let ground = Ground::memory();
    let (mut played, mut ended) = (0, 0);
    for case in cases(200).map(Case::of) {
        let Some(prepared) = prepare(&ground, &case).await else { continue };
        let course = play(&ground, &case, &prepared, Trouble::Nothing, PATIENCE).await;
        let findings = prove(&prepared.1, ground.house(&noon()).await.runtime.catalog()).findings;
        let is_sound = findings.iter().all(|finding| finding.rule == "waits-for-ever");
        assert!(course.ended || !is_sound, "what is sound comes to its end\n{}", course.told);
        let restarted = play(&ground, &case, &prepared, Trouble::Restarts, PATIENCE).await;
        assert_eq!(course.told, restarted.told, "with a restart after every command");
        played += 1;
        ended += u64::from(course.ended);
    }
    assert!(played == 1 || played > 100, "only {played} were played");
    assert!(played == 1 || ended * 3 > played, "{ended} of {played} have come to their end");
}

#[tokio::test]
async fn a_crash_after_any_commit_changes_nothing_of_what_is_made_at_random() {
    let ground = Ground::memory();
    let (mut crashes, mut plays) = (0, 0);
    for case in cases(60).map(Case::of) {
        let Some(prepared) = prepare(&ground, &case).await else { continue };
        let course = play(&ground, &case, &prepared, Trouble::Nothing, PATIENCE).await;
        // All of them in a short course, some of them in a long one.
        let stride = (course.commits / 8 + 1) as usize;
        for commits in (case.seed % stride as u64..=course.commits).step_by(stride) {
            let crashed = play(&ground, &case, &prepared, Trouble::Crash(commits), PATIENCE).await;
            assert_eq!(course.told, crashed.told, "crashed after {commits} commits");
            plays += 1;
            crashes += u64::from(crashed.crashed);
        }
    }
    assert!(crashes * 10 > plays * 7, "{crashes} of {plays} have crashed");
}

#[tokio::test]
async fn on_a_disk_it_comes_to_the_same() {
    let (memory, disk) = (Ground::memory(), Ground::disk());
    for case in cases(6).map(Case::of) {
        let Some(prepared) = prepare(&memory, &case).await else { continue };
        let course = play(&memory, &case, &prepared, Trouble::Nothing, PATIENCE).await;
        let prepared = prepare(&disk, &case).await.unwrap();
        for trouble in [Trouble::Nothing, Trouble::Restarts, Trouble::Crash(course.commits / 2)] {
            let other = play(&disk, &case, &prepared, trouble, PATIENCE).await;
            assert_eq!(course.told, other.told, "{trouble:?}");
        }
    }
}

/// A folder with all shipped journeys, and a token for each.
async fn shipped() -> (Folder, Vec<(Case, (Token, Process))>) {
    let folder = Folder::new();
    let ground = Ground::copy_of(&folder);
    let house = ground.house(&noon()).await;
    for (name, resource) in forms::library::ALL {
        if !forms::library::SEEDED.contains(name) {
            let (name, resource) = ((*name).to_owned(), (*resource).to_owned());
            let form = NewForm { name, description: None, resource, deploy: true };
            house.rooms.add_form(form).await.unwrap();
        }
    }
    for (name, resource) in definitions::library::DECISIONS {
        let (name, resource) = ((*name).to_owned(), (*resource).to_owned());
        let new =
            NewDecision { name, description: None, version_tag: None, resource, deploy: true };
        house.rooms.add_decision(new).await.unwrap();
    }
    let mut journeys = Vec::new();
    for (journey, seed) in definitions::library::ALL.iter().zip(0..) {
        let process = definitions::read(Format::Yaml, journey.yaml, house.runtime.catalog());
        house.deploy(journey.name, journey.yaml).await;
        let token = json!({ "name": format!("Crash {seed}") });
        let token = house.token(journey.name, token).await;
        let case = Case { seed, source: journey.yaml.to_owned() };
        let process = process.unwrap();
        // One that only a message begins is created by no token.
        if process.contents(None).start.is_some() {
            journeys.push((case, (token, process)));
        }
    }
    drop(house);
    let Ground::Disk(ready) = ground else { panic!() };
    (ready, journeys)
}

#[tokio::test]
async fn a_crash_after_a_commit_changes_nothing_of_a_shipped_journey() {
    let (folder, journeys) = shipped().await;
    let all = setting("GATEWRIGHT_CASES").is_some();
    for (case, prepared) in &journeys {
        let course = async |trouble| {
            let ground = Ground::copy_of(&folder);
            play(&ground, case, prepared, trouble, PATIENCE_WITH_A_JOURNEY).await
        };
        let calm = course(Trouble::Nothing).await;
        let stride = if all { 1 } else { (calm.commits / 2 + 1) as usize };
        for commits in (case.seed % stride as u64..=calm.commits).step_by(stride) {
            let crashed = course(Trouble::Crash(commits)).await;
            assert_eq!(calm.outline, crashed.outline, "crashed after {commits} commits");
        }
    }
    assert!(journeys.len() >= 10, "only {} journeys were played", journeys.len());
}
