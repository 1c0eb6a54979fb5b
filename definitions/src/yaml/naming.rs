//! The ids and names that need not be written: reader and writer derive them in the same way.

use crate::{Event, EventDefinition, Template, Work};

/// The word for the implied start event of a scope.
pub(crate) const START: &str = "start";
/// The word for the implied end event of a scope, where a step leads that has no other way on.
pub(crate) const END: &str = "end";
/// What the implied events are called.
pub(super) const START_NAME: &str = "Start";
pub(super) const END_NAME: &str = "End";

/// The longest id in characters.
const LONGEST: usize = 200;
/// The longest condition in characters that its branch is called after.
const LONGEST_CONDITION: usize = 30;

/// An id made of a name: lower case, with hyphens between the words.
pub(crate) fn identifier(name: &str) -> String {
    let mut id = String::new();
    for character in name.chars() {
        if character.is_alphanumeric() {
            id.extend(character.to_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').into()
}

/// The id of a process that has none of its own: made of its name, behind a word where that is no id, and where a step
/// has that id already, told apart from it by a word and, if need be, a number.
pub(super) fn process(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut id = identifier(name);
    if !is_id(&id) {
        id = format!("process-{id}").trim_end_matches('-').chars().take(LONGEST).collect();
    }
    if !is_taken(&id) {
        return id;
    }
    let mut apart = format!("{id}-process");
    let mut count: u32 = 1;
    while is_taken(&apart) {
        count += 1;
        apart = format!("{id}-process-{count}");
    }
    apart
}

/// An id made of another and a suffix, `addUser.timer`; a long one is cut so that it stays an id.
pub(crate) fn joined(id: &str, suffix: &str) -> String {
    let whole = format!("{id}.{suffix}");
    if whole.chars().count() <= LONGEST {
        return whole;
    }
    let mark = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let kept: String = id.chars().take(100).collect();
    let suffix: String = suffix.chars().take(60).collect();
    format!("{kept}-{mark:016x}.{suffix}")
}

/// The id of something in a scope: as it is in the process, behind that of a sub-process in it.
pub(crate) fn within(scope: Option<&str>, id: &str) -> String {
    scope.map_or_else(|| id.to_owned(), |scope| joined(scope, id))
}

/// The id of a step that has none of its own. `kind` is its key, `word` what stands there or, for
/// a sub-process, its name; `plain` tells a start event without a trigger.
pub(super) fn step(
    scope: Option<&str>,
    index: usize,
    kind: &str,
    word: Option<&str>,
    plain: bool,
) -> String {
    let word = word.unwrap_or_default();
    let made = match kind {
        "activity" | "call" | "send" | "receive" | "decide" => word.to_owned(),
        "start" if plain || word.is_empty() => return within(scope, START),
        "end" if word.is_empty() => return within(scope, END),
        "start" | "end" | "catch" | "throw" | "steps" => identifier(word),
        _ => String::new(),
    };
    match made.as_str() {
        START | END => within(scope, &made),
        _ if is_id(&made) => made,
        _ => within(scope, &format!("step-{}", index + 1)),
    }
}

/// The id of an event sub-process that has none of its own.
pub(crate) fn event_sub_process(scope: Option<&str>, index: usize) -> String {
    within(scope, &format!("event-{}", index + 1))
}

/// What a step is called that has no name: its id in words, or where that is a position what it sets or names. The id
/// of a sub-process is made of its name, not the other way round.
pub(super) fn step_name(id: &str, work: &Work) -> String {
    let last = id.rsplit('.').next().and_then(|last| last.strip_prefix("step-"));
    let is_position = last.is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    let made = match work {
        Work::SubProcess(_) => return String::new(),
        Work::Script { result, .. } => result.as_ref().map(|result| format!("Set {result}")),
        Work::Send(message) | Work::Receive { message, .. } => text(&message.name).map(words),
        Work::Call(call) => text(&call.process).map(words),
        Work::Decision(task) => text(&task.decision).map(words),
        Work::Task(_) | Work::Nothing(_) => None,
    };
    made.filter(|_| is_position).unwrap_or_else(|| words(id))
}

/// What an event in the list of another node is called that has no name: what it awaits.
pub(super) fn event_name(event: &Event) -> String {
    match event.only() {
        Some(EventDefinition::Error(error)) => error.code.as_deref().map(words),
        Some(EventDefinition::Escalation(escalation)) => escalation.code.as_deref().map(words),
        Some(EventDefinition::Message(message)) => text(&message.name).map(words),
        Some(EventDefinition::Signal { name }) => text(name).map(words),
        Some(EventDefinition::Timer(timer)) => text(timer.template()).map(crate::title),
        Some(EventDefinition::Conditional(one)) => return branch_name(one.condition.source()),
        _ => None,
    }
    .unwrap_or_default()
}

/// What a branch is called that has no name: its condition if that is short.
pub(super) fn branch_name(condition: &str) -> String {
    let bare = condition.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let name = crate::title(bare.unwrap_or_default());
    if name.chars().count() > LONGEST_CONDITION { String::new() } else { name }
}

/// An id in words: `addUser` is `Add user`. What is no id stays as it is.
pub(super) fn words(id: &str) -> String {
    if !is_id(id) {
        return crate::title(id);
    }
    let letters: Vec<char> = id.chars().collect();
    let mut words = String::new();
    let mut before = ' ';
    for (index, &letter) in letters.iter().enumerate() {
        let small_follows = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (!before.is_uppercase() || small_follows);
        let begins = begins && before.is_alphanumeric();
        if begins {
            words.push(' ');
        }
        match letter {
            _ if !letter.is_alphanumeric() => words.push(' '),
            _ if words.trim().is_empty() => words.extend(letter.to_uppercase()),
            _ if begins && small_follows => words.extend(letter.to_lowercase()),
            _ => words.push(letter),
        }
        before = letter;
    }
    crate::title(&words)
}

/// A text that is no expression.
fn text(template: &Template) -> Option<&str> {
    template.constant().and_then(|value| value.as_str())
}

/// The word that tells an event from the others on the same activity.
pub(super) fn label(event: &Event) -> String {
    let named =
        |name: Option<&str>, word: &str| name.filter(|name| is_id(name)).unwrap_or(word).to_owned();
    match event.only() {
        None if event.is_none() => "event".into(),
        None => "events".into(),
        Some(EventDefinition::Error(error)) => match &error.code {
            None => "any".into(),
            Some(code) => named(Some(code), "error"),
        },
        Some(EventDefinition::Escalation(escalation)) => {
            named(escalation.code.as_deref(), "escalation")
        }
        Some(EventDefinition::Message(message)) => named(text(&message.name), "message"),
        Some(EventDefinition::Signal { name }) => named(text(name), "signal"),
        Some(EventDefinition::Timer(_)) => "timer".into(),
        Some(EventDefinition::Compensation(_)) => "compensate".into(),
        Some(EventDefinition::Conditional(_)) => "condition".into(),
        Some(EventDefinition::Link { .. }) => "link".into(),
        Some(EventDefinition::Terminate) => "terminate".into(),
        Some(EventDefinition::Cancel) => "cancel".into(),
    }
}

/// Whether a text can be an id: a name without colon (XML 1.0 §2.3) of bearable length.
pub(crate) fn is_id(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let rest = characters.all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    first && rest && text.chars().count() <= LONGEST
}

/// The id of an event in the list of another node: the second timer is `addUser.timer2`.
pub(super) fn numbered(of: &str, label: &str, count: u32) -> String {
    let number = if count > 1 { count.to_string() } else { String::new() };
    joined(of, &format!("{label}{number}"))
}
