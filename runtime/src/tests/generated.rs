//! Definitions and orders of commands made at random, run by the runtime: in memory and on a disk,
//! with a restart after every command, and with a crash between any two commits, all comes to the
//! same.
//!
//! `GATEWRIGHT_CASES` says how many are made, and `GATEWRIGHT_SEED` with which the first one is.

use std::fmt::Write as _;
use std::sync::Arc;

use activities::{Submitted, Wait, Waiting};
use definitions::{Process, Work, prove};
use engine::{Command, Instance, Status};
use serde::Serialize;
use storage::Store;

use super::*;
use crate::instance::{self, Kept};
use crate::{call, identifier};

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
#[expect(dead_code, reason = "definitions give them, and nobody reads them")]
struct Ask {
    a: Option<Value>,
    b: Option<Value>,
    c: Option<Value>,
}

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
            passkey: None,
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

/// What the definitions call: it ends well, with an error, escalates something, asks somebody first,
/// or calls what ends with an error that it does not catch.
const CALLED: [(&str, &str); 5] = [
    ("other", "  - { script: 1, result: m }"),
    ("failing", "  - { script: 2, result: m }\n  - { end: Failed, error: Lost }"),
    (
        "escalating",
        "  - { throw: Up, escalation: Up }\n  - { script: 3, result: m }\n  - { end: Over, escalation: Odd }",
    ),
    (
        "late",
        "  - { activity: ask }\n  - { throw: Up, escalation: Up }\n  - { end: Late, error: Late, message: late }",
    ),
    (
        "outer",
        "  - { call: late, on: [{ compensate: true, then: undo }] }\n  - { id: undo, activity: work }",
    ),
];

/// What an alarm begins.
const ALARMED: &str = "
name: alarmed
steps:
  - { start: Alarm, signal: alarm }
  - { activity: work }
";

/// Steps beside ENTRY in which an alarm, a note and news with all variables are sent and heard.
const HEARD: &str = "  - { id: beside, parallel: [ENTRY, say, hear, note, learn] }
  - { id: say, activity: ask, then: said }
  - { id: said, throw: Said, all: [{ signal: alarm }, { message: note }], then: spread }
  - { id: spread, throw: Spread, signal: news, with: all, then: end }
  - { id: learn, catch: Learnt, signal: news, out: { learnt: \"${n}\" }, then: heard }
  - { id: hear, catch: Heard, signal: alarm, then: heard }
  - { id: note, receive: note, then: heard }
  - { id: heard, activity: work, then: end }
";

/// Where the rows are, which outlive the runtime over them. A clone is the same place.
#[derive(Clone)]
pub(super) enum Ground {
    Memory(Store),
    Disk(Arc<Folder>),
}

impl Ground {
    /// A store in memory that has begun, with what the definitions call.
    pub(super) async fn memory() -> Ground {
        let ground = Ground::Memory(Store::memory());
        ground.begin().await;
        ground
    }

    async fn begin(&self) {
        let house = self.house(&noon()).await;
        for (name, steps) in CALLED {
            house.deploy(name, &format!("\nname: {name}\nsteps:\n{steps}\n")).await;
        }
        house.add_dishes().await;
        house.deploy("alarmed", ALARMED).await;
    }

    /// Another place in memory, with the rows that are here now.
    pub(super) fn copy(&self) -> Ground {
        match self {
            Ground::Memory(store) => Ground::Memory(store.copy().unwrap()),
            Ground::Disk(_) => panic!("only what is in memory is copied"),
        }
    }

    /// A runtime over the rows, with nothing in memory but a clock.
    pub(super) async fn house(&self, clock: &Clock) -> House {
        let data = match self {
            Ground::Memory(_) => None,
            Ground::Disk(folder) => Some(folder.0.clone()),
        };
        let settings = Settings {
            data,
            driver: Driver::Sled,
            base_url: "http://localhost:8080".to_owned(),
            retention: Retention::default(),
            master_keys: storage::MasterKeys::default(),
            throttle: identity::ThrottleLimits::default(),
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

/// What happens to the runtime while a case is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trouble {
    Nothing,
    /// It is opened anew after every word.
    Restarts,
    /// So many commits more become durable. Then it is gone, and is opened anew on what they left.
    Crash(u64),
}

/// A case: a definition, and the numbers that decide what its instance is told.
struct Case {
    seed: u64,
    source: String,
    /// What begins it, where it does not begin plainly.
    begins: Option<Command>,
}

impl Case {
    fn of(seed: u64) -> Case {
        Case::beside(seed, None)
    }

    /// A case beside which others are told something: they hear it after the commit in which it is
    /// said.
    fn heard(seed: u64) -> Case {
        Case::beside(seed, Some(HEARD))
    }

    /// What is made with this seed, which begins plainly where steps come first.
    fn beside(seed: u64, first: Option<&str>) -> Case {
        let mut maker = Maker::new(Numbers::of(seed));
        maker.plainly = first.is_some();
        let steps = maker.process();
        let (_, entry) = steps.split_once("id: ").unwrap();
        let entry = entry.split([',', '\n']).next().unwrap();
        let first = first.map(|first| first.replace("ENTRY", entry)).unwrap_or_default();
        let variables = told::first(&maker.counters.clone(), &mut maker.numbers);
        let begins = maker.begins.as_ref().map(|at| told::start(Some(at), variables.clone()));
        let variables = serde_json::to_string(&variables).unwrap();
        let source = format!("\nname: made{seed}\nvariables: {variables}\nsteps:\n{first}{steps}");
        Case { seed, source, begins }
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

/// What somebody does with an instance.
pub(super) enum Word {
    /// Its end user opens it.
    Open,
    Tell(Command),
    /// A called instance is told something.
    Within(String, Command),
    /// Nothing is done.
    Nothing,
    /// The time passes until then, and what falls due meanwhile happens at its time.
    Pass(Timestamp),
}

/// A case that is played on some ground.
pub(super) struct Play {
    ground: Ground,
    pub(super) clock: Clock,
    /// `None` only while it is opened anew.
    house: Option<House>,
    pub(super) id: String,
    trouble: Trouble,
    /// The numbers of the commits that were not the first that a word came to.
    inside: Vec<u64>,
    crash: Option<Crash>,
    /// How often it was gone again while it took up what a crash had left.
    lost_again: usize,
}

/// Where in what a word came to the runtime was gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Crash {
    /// Nothing of it was durable.
    Before,
    /// Some of it was durable.
    Between,
}

/// What came of a case.
pub(super) struct Course {
    pub(super) told: String,
    /// What happened where, without any values.
    outline: String,
    ended: bool,
    /// How many commits it took, and which of them were not the first that a word came to.
    pub(super) commits: u64,
    inside: Vec<u64>,
    /// How many rows it left in the store.
    pub(super) rows: usize,
    pub(super) crash: Option<Crash>,
    lost_again: usize,
}

impl Course {
    /// The commits to crash at: some of those inside of what one word came to, and of the others.
    fn crashes(&self, seed: u64, most: usize) -> Vec<u64> {
        let some = |of: Vec<u64>| {
            let stride = of.len().div_ceil(most).max(1);
            of.into_iter().skip(seed as usize % stride).step_by(stride)
        };
        let first = (0..self.commits).filter(|number| !self.inside.contains(number));
        some(self.inside.clone()).chain(some(first.collect())).collect()
    }
}

impl Play {
    pub(super) async fn at(ground: Ground, trouble: Trouble, clock: Clock) -> Play {
        let house = Some(ground.house(&clock).await);
        let (id, inside, crash) = (String::new(), Vec::new(), None);
        Play { ground, clock, house, id, trouble, inside, crash, lost_again: 0 }
    }

    /// The trouble begins.
    pub(super) fn begin(&self) {
        if let Trouble::Crash(commits) = self.trouble {
            self.store().fail_after(commits);
        }
    }

    pub(super) fn house(&self) -> &House {
        self.house.as_ref().unwrap()
    }

    pub(super) fn store(&self) -> &Store {
        &self.house().runtime.inner().store
    }

    async fn reopen(&mut self) {
        // A folder is held by one at a time.
        self.house = None;
        self.house = Some(self.ground.house(&self.clock).await);
    }

    pub(super) async fn engine(&self) -> Arc<Instance> {
        let rooms = &self.house().rooms;
        instance::read(rooms, &mut rooms.unit(), &self.id).await.unwrap().engine
    }

    /// Creates the instance. Whoever gets no answer creates it again.
    async fn create(&mut self, token: &Token) {
        let mut created = None;
        while created.is_none() {
            let commits = self.store().commits();
            created = self.house().create(token).await.ok();
            self.happens(commits).await;
        }
        self.id = created.unwrap();
    }

    /// Begins an instance, unless it cannot begin so. Whoever gets no answer begins it again.
    pub(super) async fn begins(&mut self, version: &Definition, start: &Command) {
        loop {
            let commits = self.store().commits();
            let begun = begin(&self.house().rooms, version, start.clone()).await;
            let happened = self.happens(commits).await;
            match begun {
                Ok(id) => break self.id = id,
                Err(Error::Rejected(_)) => break,
                Err(error) => assert!(!happened, "{error}"),
            }
        }
    }

    /// What a command means here: nobody but the called instance answers for a call, so while that
    /// is under way it is taken on.
    async fn word(&self, process: &Process, command: Command) -> Word {
        let (Command::Complete { path, .. }
        | Command::Wait { path, .. }
        | Command::Take { path, .. }
        | Command::Escalate { path, .. }
        | Command::RaiseError { path, .. }
        | Command::Fault { path, .. }) = command
        else {
            return Word::Tell(command);
        };
        let engine = self.engine().await;
        let at = engine.path(path).and_then(|path| process.place(path.node()));
        let activity = at.and_then(|place| process.node(place).kind.activity());
        if !matches!(activity.map(|activity| &activity.work), Some(Work::Call(_))) {
            return Word::Tell(command);
        }
        let rooms = &self.house().rooms;
        let unit = rooms.unit();
        let mut called = call::all_called(&unit, &self.id).await.unwrap();
        called.retain(|(of, _)| *of == path);
        let Some((_, mut called)) = called.pop() else { return Word::Nothing };
        while let Some(inner) = call::first_called(&unit, &called).await.unwrap() {
            let outer = instance::read(rooms, &mut rooms.unit(), &called).await.unwrap().engine;
            if outer.incidents().next().is_some() {
                break;
            }
            called = inner;
        }
        let engine = instance::read(rooms, &mut rooms.unit(), &called).await.unwrap().engine;
        told::answer(&engine).map_or(Word::Nothing, |command| Word::Within(called, command))
    }

    /// The instance that a word is about.
    async fn about(&self, word: &Word) -> Arc<Instance> {
        let id = if let Word::Within(id, _) = word { id } else { &self.id };
        let rooms = &self.house().rooms;
        instance::read(rooms, &mut rooms.unit(), id).await.unwrap().engine
    }

    /// Does something with the instance, and lets all happen that follows. Whoever gets no answer
    /// looks whether it has happened, and does it again if it has not.
    pub(super) async fn say(&mut self, word: Word) {
        let before = self.about(&word).await;
        loop {
            let commits = self.store().commits();
            let said = self.say_once(&before, &word).await;
            if self.happens(commits).await {
                said.unwrap();
                break;
            }
            let passes = matches!(word, Word::Pass(_));
            if !passes && self.about(&word).await.sequence() != before.sequence() {
                break;
            }
        }
        if self.trouble == Trouble::Restarts {
            self.reopen().await;
        }
    }

    async fn say_once(&self, before: &Instance, word: &Word) -> Result<(), Error> {
        let House { runtime, rooms, clock } = self.house();
        let said = match word {
            Word::Open => rooms.start(&self.id, None).await.map(drop),
            Word::Pass(to) => {
                let to = ClockMove { to: Some(*to), ..ClockMove::default() };
                runtime.move_clock(&to).await.map(drop)
            }
            Word::Tell(Command::Fire { timer }) => {
                let due = before.timer(*timer).map(|timer| timer.due());
                let by = due.map(|due| due.duration_since(clock.now()));
                clock.advance(by.unwrap_or_default().max(SignedDuration::ZERO));
                Ok(())
            }
            Word::Nothing => Ok(()),
            Word::Within(id, command) => {
                rooms.tell(id, std::slice::from_ref(command)).await.map(drop)
            }
            Word::Tell(other) => rooms.tell(&self.id, std::slice::from_ref(other)).await.map(drop),
        };
        match said {
            Err(Error::Rejected(_)) => Ok(()),
            other => other,
        }
    }

    /// All happens that is due after a word that began at so many commits. Where the runtime is
    /// gone meanwhile, this is `false`, and it happens after it was opened anew.
    pub(super) async fn happens(&mut self, commits: u64) -> bool {
        let happened = self.house().runtime.fire_due().await;
        if self.store().takes_commits().is_ok() {
            happened.unwrap();
            self.inside.extend(commits + 1..self.store().commits());
            return true;
        }
        let is_first = self.store().commits() == commits;
        let crash = if is_first { Crash::Before } else { Crash::Between };
        assert_eq!(self.crash.replace(crash), None, "it is gone once");
        self.recover().await;
        false
    }

    /// Opens the runtime anew and lets all happen that was left. It is gone in the midst of that too, first before any
    /// commit of it, then after one, and so on until that is all.
    async fn recover(&mut self) {
        for commits in 0.. {
            if let Ground::Memory(_) = self.ground {
                self.ground = self.ground.copy();
            }
            self.reopen().await;
            self.store().fail_after(commits);
            let happened = self.house().runtime.fire_due().await;
            if self.store().takes_commits().is_ok() {
                self.store().fail_after(u64::MAX);
                happened.unwrap();
                return;
            }
            self.lost_again += 1;
        }
    }

    /// All that has happened to the instance, and how it stands.
    pub(super) async fn course(self, before: (u64, usize)) -> Course {
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
        let (commits, rows) = before;
        Course {
            told,
            outline,
            ended: !matches!(engine.status(), Status::Created | Status::Active),
            commits: self.store().commits().saturating_sub(commits),
            inside: self.inside.iter().map(|number| number - commits).collect(),
            rows: self.store().count_rows().unwrap() - rows,
            crash: self.crash,
            lost_again: self.lost_again,
        }
    }
}

/// Begins an instance of a version, in a commit.
async fn begin(rooms: &Tenant, version: &Definition, start: Command) -> Result<String, Error> {
    let mut work = rooms.identity();
    let now = work.now();
    let mut kept = Kept {
        id: identifier::timed(now)?,
        definition: version.process_definition_id.clone(),
        definition_name: version.name.clone(),
        definition_version: version.version,
        created: now,
        expires: now.checked_add(SignedDuration::from_hours(24 * 10_000)).unwrap(),
        ..Kept::default()
    };
    rooms.advance(&mut work, &mut kept, start).await?;
    work.commit().await?;
    Ok(kept.id)
}

/// A case that is deployed: a token where one begins it, and otherwise its version.
enum Beginning {
    Token(Token),
    Version(Definition),
}

/// Deploys what a case is about; `None` where the definition is refused.
async fn prepare(ground: &Ground, case: &Case) -> Option<(Beginning, Process)> {
    let house = ground.house(&noon()).await;
    let process = definitions::read(Format::Yaml, &case.source, house.runtime.catalog()).ok()?;
    let version = house.deploy(&case.name(), &case.source).await;
    let beginning = match case.begins {
        None => Beginning::Token(house.token(&case.name(), json!({})).await),
        Some(_) => Beginning::Version(version),
    };
    Some((beginning, process))
}

/// Plays a case on ground where it was prepared.
async fn play(
    ground: Ground,
    case: &Case,
    (beginning, process): &(Beginning, Process),
    trouble: Trouble,
    patience: usize,
) -> Course {
    let mut play = Play::at(ground, trouble, noon()).await;
    let before = (play.store().commits(), play.store().count_rows().unwrap());
    play.begin();
    match (beginning, &case.begins) {
        (Beginning::Token(token), _) => play.create(token).await,
        (Beginning::Version(version), Some(start)) => play.begins(version, start).await,
        (Beginning::Version(_), None) => panic!("something begins it"),
    }
    if play.engine().await.status() == Status::Created {
        play.say(Word::Open).await;
    }
    let mut numbers = Numbers::of(case.seed + 1);
    for _ in 0..numbers.below(14) {
        let engine = play.engine().await;
        let command = told::any(process, &engine, &mut numbers, false);
        play.say(play.word(process, command).await).await;
    }
    for _ in 0..patience {
        let engine = play.engine().await;
        let Some(command) = told::answer(&engine) else { break };
        play.say(play.word(process, command).await).await;
    }
    play.course(before).await
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
    let began = Ground::memory().await;
    let (mut played, mut ended) = (0, 0);
    for case in cases(200).map(Case::of) {
        let ground = began.copy();
        let Some(prepared) = prepare(&ground, &case).await else { continue };
        let course = play(ground.copy(), &case, &prepared, Trouble::Nothing, PATIENCE).await;
        let findings = prove(&prepared.1, ground.house(&noon()).await.runtime.catalog()).findings;
        let is_sound =
            findings.iter().all(|one| ["uncaught-error", "waits-for-ever"].contains(&one.rule));
        assert!(course.ended || !is_sound, "what is sound comes to its end\n{}", course.told);
        let restarted = play(ground, &case, &prepared, Trouble::Restarts, PATIENCE).await;
        assert_eq!(course.told, restarted.told, "with a restart after every word");
        assert_eq!(course.rows, restarted.rows);
        played += 1;
        ended += u64::from(course.ended);
    }
    assert!(played == 1 || played > 100, "only {played} were played");
    assert!(played == 1 || ended * 3 > played, "{ended} of {played} have come to their end");
}

/// Crashes of a case at some commits come to what it comes to without them; counts those before
/// and between the commits of one word, and those while it was taken up again.
async fn crash(
    ground: &Ground,
    case: &Case,
    prepared: &(Beginning, Process),
    (patience, most): (usize, usize),
    compared: fn(&Course) -> &str,
) -> [usize; 3] {
    let calm = play(ground.copy(), case, prepared, Trouble::Nothing, patience).await;
    let mut counts = [0; 3];
    for commits in calm.crashes(case.seed, most) {
        let crashed = play(ground.copy(), case, prepared, Trouble::Crash(commits), patience).await;
        assert_eq!(compared(&calm), compared(&crashed), "crashed after {commits} commits");
        assert_eq!(calm.rows, crashed.rows, "crashed after {commits} commits");
        counts[crashed.crash.expect("a crash") as usize] += 1;
        counts[2] += crashed.lost_again;
    }
    counts
}

#[tokio::test]
async fn a_crash_between_any_two_commits_changes_nothing_of_what_is_made_at_random() {
    let began = Ground::memory().await;
    let (mut before, mut between, mut again) = (0, 0, 0);
    for case in cases(80).map(Case::heard) {
        let ground = began.copy();
        let Some(prepared) = prepare(&ground, &case).await else { continue };
        let counts = crash(&ground, &case, &prepared, (PATIENCE, 6), |course| &course.told).await;
        before += counts[0];
        between += counts[1];
        again += counts[2];
    }
    assert!(before > 0 && between * 2 > before, "{before} before, and {between} between commits");
    assert!(again * 2 > between, "{again} while it was taken up again");
}

#[tokio::test]
async fn on_a_disk_it_comes_to_the_same() {
    let began = Ground::memory().await;
    let disk = Ground::Disk(Arc::new(Folder::new()));
    disk.begin().await;
    for case in cases(40).map(Case::of) {
        let memory = began.copy();
        let Some(prepared) = prepare(&memory, &case).await else { continue };
        let course = play(memory, &case, &prepared, Trouble::Nothing, PATIENCE).await;
        let prepared = prepare(&disk, &case).await.unwrap();
        let crashes = course.crashes(case.seed, 1).into_iter().map(Trouble::Crash);
        for trouble in [Trouble::Nothing, Trouble::Restarts].into_iter().chain(crashes) {
            let other = play(disk.clone(), &case, &prepared, trouble, PATIENCE).await;
            assert_eq!(course.told, other.told, "{trouble:?}");
            assert_eq!(other.crash.is_some(), matches!(trouble, Trouble::Crash(_)));
        }
    }
}

/// All shipped journeys on one ground: the text of each, and a token for it.
async fn shipped() -> (Ground, Vec<(&'static str, (Beginning, Process))>) {
    let ground = Ground::memory().await;
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
        let process = process.unwrap();
        // One that only a message begins is created by no token.
        if process.contents(None).start.is_some() {
            journeys.push((journey.yaml, (Beginning::Token(token), process)));
        }
    }
    (ground, journeys)
}

#[tokio::test]
async fn a_crash_between_any_two_commits_changes_nothing_of_a_shipped_journey() {
    let (ground, journeys) = shipped().await;
    let most = setting("GATEWRIGHT_CASES").map_or(3, |_| usize::MAX);
    let (mut before, mut between) = (0, 0);
    for ((yaml, prepared), seed) in journeys.iter().zip(0..) {
        let case = Case { seed, source: (*yaml).to_owned(), begins: None };
        let bounds = (PATIENCE_WITH_A_JOURNEY, most);
        let counts = crash(&ground, &case, prepared, bounds, |course| &course.outline).await;
        before += counts[0];
        between += counts[1];
    }
    assert!(journeys.len() >= 10, "only {} journeys were played", journeys.len());
    assert!(before >= 30 && between >= 5, "{before} before, and {between} between commits");
}
