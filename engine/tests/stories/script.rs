//! The script of a story: one line is one thing that somebody tells the instance.

use std::collections::BTreeSet;

use definitions::{Assignment, NodeId};
use engine::{CatchId, Command, PathId, ScopeId, TimerId, Write};
use serde_json::{Map, Value};

/// What a line of a script means.
pub(crate) enum Line {
    /// A command, told at once.
    Tell(Command),
    /// So many seconds pass; timers that come due meanwhile fire, each at its time.
    Pass(i64),
}

/// Reads a line.
///
/// `start a=1` with `@NODE` or `@NODE/1` for what was triggered and `called` for a called instance, `done PATH local=1 !variable.at.depth=2`, `waits PATH !variable=1`, `assign PATH name`, `error PATH
/// Code words !variable=1`, `fault PATH words`, `fault-for-good PATH words`, `escalate PATH Code`, `take PATH a=1`, `heard PATH`, `deliver CATCH a=1`,
/// `signal Name a=1`, `set !a=1`, `set-in SCOPE !a=1`, `note !a=1`, `ask a`, `fire TIMER`, `retry PATH`, `resolve PATH
/// !a=1`, `modify -PATH +NODE +NODE/SCOPE`, `cancel words` and `wait SECONDS`.
pub(crate) fn read(line: &str) -> Line {
    let mut words = line.split_whitespace();
    let verb = words.next().unwrap();
    Line::Tell(match verb {
        "start" => start(words),
        "done" => {
            let path = path(&mut words);
            let (writes, locals): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with('!'));
            Command::Complete { path, locals: map(locals.into_iter()), writes: writes_of(writes) }
        }
        "waits" => Command::Wait { path: path(&mut words), writes: writes_of(words) },
        "assign" => {
            let (path, assignee) = (path(&mut words), words.next().map(str::to_owned));
            let assignment = Box::new(Assignment { assignee, ..Assignment::default() });
            Command::Assign { path, assignment, by: "somebody".to_owned() }
        }
        "error" => {
            let (path, code) = (path(&mut words), words.next().unwrap().to_owned());
            let (writes, message): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with('!'));
            Command::RaiseError {
                path,
                code,
                message: message.join(" "),
                writes: writes_of(writes),
            }
        }
        "escalate" => {
            let path = path(&mut words);
            Command::Escalate { path, code: words.next().unwrap().to_owned() }
        }
        "take" => Command::Take { path: path(&mut words), variables: map(words) },
        "heard" => Command::Heard { path: path(&mut words) },
        "deliver" => {
            let catch = CatchId::from(number(&mut words));
            Command::Deliver { catch, payload: map(words) }
        }
        "signal" => {
            let name = words.next().unwrap().to_owned();
            Command::Signal { name, payload: map(words) }
        }
        "set" => Command::Set { scope: None, writes: writes_of(words) },
        "note" => Command::Note { scope: None, writes: writes_of(words) },
        "ask" => {
            let written: BTreeSet<_> = words.map(|name| (name.to_owned(), true)).collect();
            Command::Ask { written: Some(written).filter(|written| !written.is_empty()) }
        }
        "set-in" => {
            let scope = Some(ScopeId::from(number(&mut words)));
            Command::Set { scope, writes: writes_of(words) }
        }
        "resolve" => Command::Resolve { path: path(&mut words), writes: writes_of(words) },
        "modify" => modify(words),
        "fault" => Command::Fault { path: path(&mut words), message: rest(words), lasts: false },
        "fault-for-good" => {
            Command::Fault { path: path(&mut words), message: rest(words), lasts: true }
        }
        "fire" => Command::Fire { timer: TimerId::from(number(&mut words)) },
        "retry" => Command::Retry { path: path(&mut words) },
        "cancel" => Command::Cancel { reason: rest(words) },
        "wait" => return Line::Pass(number(&mut words).into()),
        other => panic!("a script does not know `{other}`"),
    })
}

fn start<'a>(words: impl Iterator<Item = &'a str>) -> Command {
    let (mut at, mut trigger, mut called, mut rest) = (None, 0, false, Vec::new());
    for word in words {
        match word.strip_prefix('@') {
            Some(node) => {
                let (node, number) = node.split_once('/').unwrap_or((node, "0"));
                at = Some(NodeId::from(node));
                trigger = number.parse().unwrap();
            }
            None if word == "called" => called = true,
            None => rest.push(word),
        }
    }
    Command::Start { variables: map(rest.into_iter()), at, trigger, called }
}

fn modify<'a>(words: impl Iterator<Item = &'a str>) -> Command {
    let (mut end, mut begin) = (Vec::new(), Vec::new());
    for word in words {
        match word.strip_prefix('+') {
            None => end.push(PathId::from(word.trim_start_matches('-').parse::<u32>().unwrap())),
            Some(node) => {
                let (node, scope) = node.split_once('/').unwrap_or((node, ""));
                let scope = scope.parse::<u32>().ok().map(ScopeId::from);
                begin.push((NodeId::from(node), scope));
            }
        }
    }
    Command::Modify { end, begin }
}

fn number<'a>(words: &mut impl Iterator<Item = &'a str>) -> u32 {
    words.next().unwrap().parse().unwrap()
}

fn path<'a>(words: &mut impl Iterator<Item = &'a str>) -> PathId {
    PathId::from(number(words))
}

fn rest<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

fn map<'a>(words: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    words.map(pair).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn writes_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<Write> {
    let write = |word: &'a str| {
        let (at, value) = pair(word.trim_start_matches('!'));
        let at = at.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        Write { at, value }
    };
    words.into_iter().map(write).collect()
}

/// `name=value`; what is not JSON is text.
fn pair(word: &str) -> (&str, Value) {
    let (name, value) = word.split_once('=').unwrap();
    (name, serde_json::from_str(value).unwrap_or_else(|_| value.into()))
}
