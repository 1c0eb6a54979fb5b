//! Definitions and orders of commands made at random: nothing breaks, every step can be replayed and
//! reloaded, and what is proved to be sound comes to its end.
//!
//! `GATEWRIGHT_CASES` says how many are made, and `GATEWRIGHT_SEED` with which the first one is.

use std::collections::BTreeSet;

use definitions::{Format, Kind, Process, Work, prove};
use engine::{Command, Instance, ScopeKind, Status, step};
use expect_test::expect;
use serde_json::Value;

use crate::check::{Story, beginning, catalog};
use crate::made::{Maker, Numbers};
use crate::migration;
use crate::sorts::sorts;
use crate::told::{answer, any, first, start};

/// How many cases a run makes.
const CASES: u64 = 2_000;
/// The most commands until an instance must have come to its end.
const PATIENCE: usize = 1_500;
/// Events after which one who was moved by hand is answered no more.
const LONG: u64 = 20_000;

/// Kinds of what a definition may say that are rare enough to be forgotten.
const KINDS: [&str; 7] =
    ["enter", "leave", "set", "raise", "keep", "with: all", "variables of a step"];
/// In how many of a hundred cases there is each kind of them, at least.
const OF_A_HUNDRED: u64 = 5;

/// Those of the kinds that a process has.
fn kinds(process: &Process) -> [bool; KINDS.len()] {
    let mut has = [false; KINDS.len()];
    for (place, node) in process.nodes() {
        has[6] |= !node.variables.is_empty();
        has[0] |= !node.enter.is_empty();
        has[1] |= !node.leave.is_empty();
        has[2] |= process.outgoing(place).any(|(flow, _)| !flow.sets.is_empty());
        match &node.kind {
            Kind::Activity(activity) => match &activity.work {
                Work::Task(task) => has[3] |= !task.raises.is_empty(),
                Work::Call(call) => has[4] |= !call.kept.is_empty(),
                _ => {}
            },
            Kind::ThrowEvent(event) => has[5] |= event.sends_all,
            _ => {}
        }
    }
    has
}

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
    let (mut having, mut reached) = ([0; KINDS.len()], BTreeSet::new());
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
        having.iter_mut().zip(kinds(&process)).for_each(|(count, has)| *count += u64::from(has));
        // That somebody may wait for ever, or that nothing catches an error, is no matter here, where all
        // are answered.
        let findings = prove(&process, &catalog()).findings;
        let is_sound =
            findings.iter().all(|one| ["uncaught-error", "waits-for-ever"].contains(&one.rule));
        let has_ended = play(&process, &mut case, &mut maker, is_sound, &mut reached);
        sound += u64::from(is_sound);
        ended += u64::from(has_ended);
    }
    if cases >= 100 {
        assert!(refused * 10 < cases, "{refused} of {cases} are refused");
        assert!(sound * 3 > cases, "{sound} of {cases} are sound");
        assert!(ended * 3 > cases, "{ended} of {cases} have come to their end");
        for (kind, count) in KINDS.iter().zip(having) {
            assert!(count * 100 > cases * OF_A_HUNDRED, "{count} of {cases} have `{kind}`");
        }
    }
    if cases == CASES && first == 0 {
        let reached: String = reached.iter().map(|sort| format!("{sort}\n")).collect();
        expect![[r#"
            ad-hoc
            await
            await all, at the start
            await, at the start
            boundary of ad-hoc, beside: any of several
            boundary of ad-hoc, beside: condition
            boundary of ad-hoc, beside: signal
            boundary of ad-hoc: any of several
            boundary of ad-hoc: condition
            boundary of ad-hoc: signal
            boundary of call, beside: any escalation
            boundary of call, beside: any of several
            boundary of call, beside: condition
            boundary of call, beside: cycle
            boundary of call, beside: message
            boundary of call, beside: timer
            boundary of call: any error
            boundary of call: any escalation
            boundary of call: any of several
            boundary of call: condition
            boundary of call: error
            boundary of call: message
            boundary of call: signal
            boundary of call: timer
            boundary of sub-process, beside: escalation
            boundary of sub-process: any error
            boundary of sub-process: escalation
            boundary of sub-process: timer
            boundary of task, beside: all of several
            boundary of task, beside: any of several
            boundary of task, beside: condition
            boundary of task, beside: cycle
            boundary of task, beside: message
            boundary of task, beside: signal
            boundary of task, beside: timer
            boundary of task: all of several
            boundary of task: any error
            boundary of task: any of several
            boundary of task: condition
            boundary of task: error
            boundary of task: message
            boundary of task: signal
            boundary of task: timer
            boundary of transaction, beside: condition
            boundary of transaction, beside: timer
            boundary of transaction: any of several
            boundary of transaction: cancel
            boundary of transaction: condition
            boundary of transaction: message
            boundary of transaction: signal
            boundary of transaction: timer
            call
            catch: all of several
            catch: any of several
            catch: condition
            catch: link
            catch: message
            catch: signal
            catch: timer
            complex: one in, several out
            complex: several in, several out
            end: any of several
            end: cancel
            end: compensation
            end: error
            end: escalation
            end: message
            end: none
            end: signal
            end: terminate
            event sub-process
            exclusive: one in, one out
            exclusive: one in, several out
            exclusive: several in, one out
            exclusive: several in, several out
            inclusive: one in, several out
            inclusive: several in, one out
            inclusive: several in, several out
            loop: asks after
            loop: asks before
            makes several
            needs several
            parallel: one in, several out
            parallel: several in, one out
            parallel: several in, several out
            several of ad-hoc: at once
            several of call: at once
            several of call: one after another
            several of sub-process: at once
            several of sub-process: one after another
            several of task: at once
            several of task: one after another
            several of transaction: at once
            several of transaction: one after another
            start of a process, among several: condition
            start of a process, among several: message
            start of a process, among several: none
            start of a process, among several: signal
            start of a process: all of several
            start of a process: any of several
            start of a process: condition
            start of a process: cycle
            start of a process: message
            start of a process: none
            start of a process: signal
            start of a process: timer
            start of a sub-process: none
            start of an event sub-process, beside: all of several
            start of an event sub-process, beside: any of several
            start of an event sub-process, beside: condition
            start of an event sub-process, beside: cycle
            start of an event sub-process, beside: escalation
            start of an event sub-process, beside: message
            start of an event sub-process, beside: signal
            start of an event sub-process, beside: timer
            start of an event sub-process: any error
            start of an event sub-process: any escalation
            start of an event sub-process: any of several
            start of an event sub-process: condition
            start of an event sub-process: error
            start of an event sub-process: escalation
            start of an event sub-process: message
            start of an event sub-process: signal
            sub-process
            task
            task by a rule, by an activity
            task by hand
            task of a decision
            task of a script
            task of a user
            task of nothing
            task that receives
            task that receives, at the start
            task that sends
            task that sends, by an activity
            throw: any of several
            throw: compensation
            throw: compensation of one
            throw: escalation
            throw: link
            throw: message
            throw: signal
            transaction
            undoes
        "#]]
        .assert_eq(&reached);
    }
}

/// Plays a case; gives whether it has come to its end.
fn play(
    process: &Process,
    case: &mut Case,
    maker: &mut Maker,
    is_sound: bool,
    reached: &mut BTreeSet<String>,
) -> bool {
    let counters = maker.counters.clone();
    let numbers = &mut maker.numbers;
    let mut story = Story::begin(process);
    let mut tell = |story: &mut Story<'_>, command: Command| {
        case.told.push(command.clone());
        story.tell(command);
        check_counters(&story.instance);
        if case.told.len().is_multiple_of(4) {
            migration::stays(process, &story.instance);
        }
    };
    let variables = first(&counters, numbers);
    tell(&mut story, start(maker.begins.as_ref(), variables));
    let moves = numbers.below(8) == 0;
    for _ in 0..numbers.below(14) {
        let command = any(process, &story.instance, numbers, moves);
        tell(&mut story, command);
    }
    for _ in 0..PATIENCE {
        match answer(&story.instance) {
            // A loop into which somebody was moved may go on for ever.
            Some(_) if moves && story.instance.sequence() > LONG => break,
            Some(command) => tell(&mut story, command),
            None => break,
        }
    }
    let ended = story.instance.status() != Status::Active;
    if setting("GATEWRIGHT_CASES") == Some(1) {
        eprintln!("{}", story.trace);
    }
    assert!(ended || moves || !is_sound, "what is sound comes to its end");
    let entered = story.trace.lines().filter_map(|line| line.strip_prefix("  entered "));
    let entered: BTreeSet<&str> = entered.filter_map(|line| line.split(' ').nth(1)).collect();
    let nodes = process.nodes().filter(|(_, node)| entered.contains(node.id.as_str()));
    reached.extend(nodes.flat_map(|(_, node)| sorts(process, node)));
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
