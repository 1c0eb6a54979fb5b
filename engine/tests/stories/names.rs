//! Names in a script: a path, a catch or a timer may be called by the node where it is.

use std::fmt::Write as _;

use engine::{Instance, PathState};

/// The number for a name that nothing goes by.
const NOBODY: u32 = 999;

/// A line with numbers in the place of names: of the oldest path that rests at the node, or of the
/// oldest catch or timer for it.
pub(crate) fn numbered(instance: &Instance, line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((verb, name)) = words.first().zip(words.get(1)) else { return line.to_owned() };
    let number = match *verb {
        "done" | "waits" | "assign" | "error" | "fault" | "fault-for-good" | "escalate" => {
            let answers =
                |state: &PathState| matches!(state, PathState::Running { .. } | PathState::Waiting);
            let here = instance.paths().filter(|(_, path)| path.node().as_str() == *name);
            let mut here = here.filter(|(_, path)| answers(path.state()));
            here.next().map(|(id, _)| id.number())
        }
        "take" | "heard" => {
            let mut here = instance.paths().filter(|(_, path)| path.node().as_str() == *name);
            here.next().map(|(id, _)| id.number())
        }
        "retry" | "resolve" => {
            let mut stopped = instance.incidents().filter(|one| one.node.as_str() == *name);
            stopped.next().map(|one| one.path.number())
        }
        "deliver" => {
            let mut here = instance.catches().filter(|(_, one)| one.node().as_str() == *name);
            here.next().map(|(id, _)| id.number())
        }
        "fire" => {
            let mut here = instance.timers().filter(|(_, one)| one.node().as_str() == *name);
            here.next().map(|(id, _)| id.number())
        }
        _ => return line.to_owned(),
    };
    match number.unwrap_or(NOBODY) {
        number if name.parse::<u32>().is_err() => {
            let mut line = format!("{verb} {number}");
            words[2..].iter().for_each(|word| write!(line, " {word}").unwrap());
            line
        }
        _ => line.to_owned(),
    }
}
