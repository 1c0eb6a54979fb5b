//! Definitions and orders of commands made at random: nothing breaks, every step can be replayed and
//! reloaded, and what is proved to be sound comes to its end.
//!
//! `GATEWRIGHT_CASES` says how many are made, and `GATEWRIGHT_SEED` with which the first one is.

use definitions::{Format, Process, prove};
use engine::{Command, Instance, PathId, PathState, ScopeKind, Status, Write, step};
use serde_json::{Map, Value, json};

use crate::check::{Story, beginning, catalog};
use crate::made::{Maker, Numbers};

/// How many cases a run makes.
const CASES: u64 = 2_000;
/// The most commands until an instance must have come to its end.
const PATIENCE: usize = 1_500;

/// Says which case failed.
struct Case {
    seed: u64,
    text: String,
    told: Vec<Command>,
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("GATEWRIGHT_SEED={} GATEWRIGHT_CASES=1\n{}", self.seed, self.text);
            self.told.iter().for_each(|command| eprintln!("{command:?}"));
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn what_is_made_at_random_never_breaks_and_ends_when_it_is_sound() {
    let first = setting("GATEWRIGHT_SEED").unwrap_or(0);
    let cases = setting("GATEWRIGHT_CASES").unwrap_or(CASES);
    let (mut sound, mut ended, mut refused) = (0, 0, 0);
    for seed in first..first + cases {
        let mut maker = Maker::new(Numbers::of(seed));
        let text = maker.process();
        let mut case = Case { seed, text, told: Vec::new() };
        let whole = format!("name: Made\nsteps:\n{}", case.text);
        let process = match definitions::read(Format::Yaml, &whole, &catalog()) {
            Ok(process) => process,
            Err(flaws) => {
                refused += 1;
                if cases == 1 {
                    panic!("{}", flaws.iter().map(|flaw| format!("{flaw}\n")).collect::<String>());
                }
                continue;
            }
        };
        // That somebody may wait for ever is no matter here, where all are answered.
        let findings = prove(&process, &catalog()).findings;
        let is_sound = findings.iter().all(|finding| finding.rule == "waits-for-ever");
        let has_ended = play(&process, &mut case, &mut maker, is_sound);
        sound += u64::from(is_sound);
        ended += u64::from(has_ended);
    }
    if cases >= 100 {
        assert!(refused * 10 < cases, "{refused} of {cases} are refused");
        assert!(sound * 3 > cases, "{sound} of {cases} are sound");
        assert!(ended * 3 > cases, "{ended} of {cases} have come to their end");
    }
}

/// Plays a case; gives whether it has come to its end.
fn play(process: &Process, case: &mut Case, maker: &mut Maker, is_sound: bool) -> bool {
    let counters = maker.counters.clone();
    let numbers = &mut maker.numbers;
    let mut story = Story::begin(process);
    let mut tell = |story: &mut Story<'_>, command: Command| {
        case.told.push(command.clone());
        story.tell(command);
        check_counters(&story.instance);
    };
    tell(&mut story, Command::start(first(&counters, numbers)));
    let moves = numbers.below(8) == 0;
    for _ in 0..numbers.below(14) {
        let command = any(process, &story.instance, numbers, moves);
        tell(&mut story, command);
    }
    for _ in 0..PATIENCE {
        match answer(&story.instance) {
            Some(command) => tell(&mut story, command),
            None => break,
        }
    }
    let ended = story.instance.status() != Status::Active;
    if setting("GATEWRIGHT_CASES") == Some(1) {
        eprintln!("{}", story.trace);
    }
    assert!(ended || moves || !is_sound, "what is sound comes to its end");
    // Without a reload in between all comes to the same.
    let mut at_once = Instance::default();
    for command in &case.told {
        drop(step(process, &mut at_once, command.clone(), beginning()));
    }
    assert_eq!(at_once, story.instance);
    ended
}

/// The counters of a multi-instance activity are right whenever a step is over.
fn check_counters(instance: &Instance) {
    for (id, scope) in instance.scopes().filter(|(_, scope)| scope.kind() == ScopeKind::Body) {
        let count = |name: &str| scope.variables().get(name).and_then(Value::as_u64);
        let Some(all) = count("nrOfInstances") else { continue };
        let paths = instance.paths().filter(|(_, path)| path.scope() == Some(id)).count();
        assert_eq!(count("nrOfActiveInstances"), Some(paths as u64), "active in scope {id}");
        let over = count("nrOfCompletedInstances").zip(count("nrOfTerminatedInstances")).unwrap();
        assert!(over.0 + over.1 + paths as u64 <= all, "no more than there are in scope {id}");
    }
}

fn first(counters: &[String], numbers: &mut Numbers) -> Map<String, Value> {
    let zero = |name: &String| (name.clone(), json!(0));
    let mut variables: Map<String, Value> = counters.iter().map(zero).collect();
    variables.insert("n".to_owned(), numbers.below(5).into());
    variables.insert("list".to_owned(), json!([1, 2, 3]));
    variables
}

/// Something that somebody may tell the instance, fitting or not.
fn any(process: &Process, instance: &Instance, numbers: &mut Numbers, moves: bool) -> Command {
    let count = u32::try_from(instance.paths().count()).unwrap();
    let at = numbers.below(count + 1) as usize;
    let path = instance.paths().nth(at).map_or(PathId::from(999), |(id, _)| id);
    let writes = match numbers.below(3) {
        0 => vec![Write::variable("n", numbers.below(6))],
        _ => Vec::new(),
    };
    let code = numbers.one_of(&["Lost", "Odd", "Up"]).to_owned();
    let scope = instance.scopes().nth(numbers.below(4) as usize).map(|(id, _)| id);
    let catch = instance.catches().nth(numbers.below(3) as usize).map(|(id, _)| id);
    let timer = instance.timers().nth(numbers.below(3) as usize).map(|(id, _)| id);
    match numbers.below(24) {
        0..7 => Command::Complete { path, locals: Map::new(), writes },
        7 => Command::Wait { path, writes },
        8 | 9 => Command::RaiseError { path, code, message: String::new(), writes },
        10 => Command::Fault { path, message: "down".to_owned() },
        11 => Command::Escalate { path, code },
        12 | 13 if catch.is_some() => {
            Command::Deliver { catch: catch.unwrap(), payload: Map::new() }
        }
        14 => Command::Signal { name: "alarm".to_owned(), payload: Map::new() },
        15 => Command::Set { scope, writes },
        16 | 17 if timer.is_some() => Command::Fire { timer: timer.unwrap() },
        18 => Command::Retry { path },
        19 => Command::Resolve { path, writes },
        20 | 21 if moves => {
            let places = u32::try_from(process.nodes().count()).unwrap();
            let (_, node) = process.nodes().nth(numbers.below(places) as usize).unwrap();
            let scope = scope.filter(|_| numbers.below(2) == 0);
            let end = if numbers.below(2) == 0 { vec![path] } else { Vec::new() };
            Command::Modify { end, begin: vec![(node.id.clone(), scope)] }
        }
        22 if numbers.below(30) == 0 => Command::Cancel { reason: String::new() },
        _ => Command::Complete { path, locals: Map::new(), writes: Vec::new() },
    }
}

/// What takes the instance on: an activity is answered, an incident resolved, or what a path awaits
/// comes.
fn answer(instance: &Instance) -> Option<Command> {
    let of = |wanted: fn(&PathState) -> bool| {
        let mut found = instance.paths().filter(|(_, path)| wanted(path.state()));
        found.next()
    };
    if let Some((path, _)) =
        of(|state| matches!(state, PathState::Running { .. } | PathState::Waiting))
    {
        return Some(Command::Complete { path, locals: Map::new(), writes: Vec::new() });
    }
    if let Some((path, _)) = of(|state| matches!(state, PathState::Incident { .. })) {
        return Some(Command::Resolve { path, writes: Vec::new() });
    }
    if let Some((_, found)) =
        of(|state| matches!(state, PathState::Catching | PathState::Retrying { .. }))
    {
        if let Some(timer) = found.timers().first() {
            return Some(Command::Fire { timer: *timer });
        }
        let catch = *found.catches().first()?;
        return Some(Command::Deliver { catch, payload: Map::new() });
    }
    None
}
