//! What an instance of a definition made at random is told: anything at all, then what takes it on.

use definitions::{Kind, NodeId, Process, Work};
use engine::{Awaited, CatchId, Command, Instance, PathId, PathState, Write};
use serde_json::{Map, Value, json};

use super::made::Numbers;

/// The variables that it begins with.
pub(crate) fn first(counters: &[String], numbers: &mut Numbers) -> Map<String, Value> {
    let zero = |name: &String| (name.clone(), json!(0));
    let mut variables: Map<String, Value> = counters.iter().map(zero).collect();
    variables.insert("n".to_owned(), numbers.below(5).into());
    variables.insert("d".to_owned(), decimal(numbers));
    variables.insert("list".to_owned(), json!([1, 2, 3]));
    variables
}

/// The start of an instance, plainly or with a trigger at a node.
pub(crate) fn start(at: Option<&(String, u16)>, variables: Map<String, Value>) -> Command {
    let (at, trigger) = match at {
        Some((node, trigger)) => (Some(NodeId::from(node.as_str())), *trigger),
        None => (None, 0),
    };
    Command::Start { variables, at, trigger, called: false }
}

/// A decimal with as many places as one has.
fn decimal(numbers: &mut Numbers) -> Value {
    json!(f64::from(numbers.below(1000)) / 7.0)
}

/// Something that somebody may tell the instance, fitting or not.
pub(crate) fn any(
    process: &Process,
    instance: &Instance,
    numbers: &mut Numbers,
    moves: bool,
) -> Command {
    let count = u32::try_from(instance.paths().count()).unwrap();
    let at = numbers.below(count + 1) as usize;
    let path = instance.paths().nth(at).map_or(PathId::from(999), |(id, _)| id);
    let writes = match numbers.below(4) {
        0 => vec![Write::variable("n", numbers.below(6))],
        1 => vec![Write::variable("d", decimal(numbers))],
        _ => Vec::new(),
    };
    let code = numbers.one_of(&["Lost", "Odd", "Up"]).to_owned();
    let scope = instance.scopes().nth(numbers.below(4) as usize).map(|(id, _)| id);
    let catch = instance.catches().nth(numbers.below(3) as usize).map(|(id, _)| id);
    let timer = instance.timers().nth(numbers.below(3) as usize).map(|(id, _)| id);
    let payload = match numbers.below(3) {
        0 => Map::from_iter([("n".to_owned(), numbers.below(6).into())]),
        _ => Map::new(),
    };
    let calls = instance.path(path).is_some_and(|at| {
        let place = process.place(at.node()).map(|place| &process.node(place).kind);
        let activity = place.and_then(Kind::activity);
        activity.is_some_and(|activity| matches!(activity.work, Work::Call(_)))
    });
    match numbers.below(if calls { 36 } else { 27 }) {
        27..30 => Command::RaiseError { path, code, message: "no".to_owned(), writes },
        30..36 => Command::Escalate { path, code },
        24 => Command::Heard { path },
        26 => Command::Ask { written: None },
        25 => Command::Take { path, variables: Map::from_iter([("n".to_owned(), 1.into())]) },
        0..7 => Command::Complete { path, locals: Map::new(), writes },
        7 => Command::Wait { path, writes },
        8 | 9 => Command::RaiseError { path, code, message: String::new(), writes },
        10 => Command::Fault { path, message: "down".to_owned(), lasts: false },
        11 => Command::Escalate { path, code },
        12 | 13 if catch.is_some() => Command::Deliver { catch: catch.unwrap(), payload },
        14 => Command::Signal { name: "alarm".to_owned(), payload },
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
pub(crate) fn answer(instance: &Instance) -> Option<Command> {
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
        // What is read and may be missing is there then.
        let writes = ["s", "m"].map(|name| Write::variable(name, 1)).into();
        return Some(Command::Resolve { path, writes });
    }
    if let Some((_, found)) =
        of(|state| matches!(state, PathState::Catching | PathState::Retrying { .. }))
    {
        if let Some(timer) = found.timers().first() {
            return Some(Command::Fire { timer: *timer });
        }
        // A condition is not delivered; another trigger stands beside it.
        let delivered = |catch: &&CatchId| {
            let awaited = instance.catch(**catch).map(|catch| catch.awaited());
            !matches!(awaited, Some(Awaited::Condition { .. }))
        };
        let catch = *found.catches().iter().find(delivered)?;
        return Some(Command::Deliver { catch, payload: Map::new() });
    }
    None
}
