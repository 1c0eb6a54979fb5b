//! Rules about events: which definitions may stand where, and what each must say (§10.5).

use super::outline::{
    Outline, activity, event, is_compensation_boundary, is_event_sub_process, undoes,
};
use super::parameters;
use crate::draft::{DraftKind, DraftNode, Flaws};
use crate::{Event, EventDefinition, StartEvent, SubProcessKind, Template};
use serde_json::Value;

/// Where an event stands (the columns of Table 10.93).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Start,
    EventSubProcessStart { interrupting: bool },
    Catch,
    Boundary { interrupting: bool },
    Throw,
    End,
}

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (at, node) in outline.nodes() {
        if let DraftKind::Boundary { host, .. } = &node.kind {
            boundary(outline, at, host, flaws);
        }
        let Some(event) = event(&node.kind) else { continue };
        if let DraftKind::Start(StartEvent { initiator: Some(name), .. }) = &node.kind {
            parameters::variable(&node.id, node.line, name, flaws);
            if outline.parent(at).is_some() {
                let message = "only the start event of a process knows who created the instance; \
                               take the initiator away";
                flaws.add("unsupported-value", &node.id, node.line, message);
            }
        }
        if let Some(position) = position(outline, at)
            && !node.refused
        {
            number(node, event, position, flaws);
            for definition in &event.definitions {
                place(outline, at, definition, position, flaws);
            }
        }
        for definition in &event.definitions {
            said(node, definition, flaws);
        }
        let signal = |one: &EventDefinition| matches!(one, EventDefinition::Signal { .. });
        if event.sends_all && !event.definitions.iter().any(signal) {
            let message = "only a signal takes all variables along; name those that are sent";
            flaws.add("unsupported-value", &node.id, node.line, message);
        }
        for (name, _) in event.inputs.iter().chain(&event.outputs) {
            parameters::variable(&node.id, node.line, name, flaws);
        }
    }
}

/// Where a node stands, if it is an event; a start that begins no event sub-process is judged with
/// its scope.
fn position(outline: &Outline<'_>, at: usize) -> Option<Position> {
    Some(match &outline.node(at).kind {
        DraftKind::Start(start) => {
            let parent = outline.parent(at).map(|parent| &outline.node(parent).kind);
            match parent {
                None => Position::Start,
                Some(kind) if is_event_sub_process(kind) => {
                    Position::EventSubProcessStart { interrupting: start.interrupting }
                }
                Some(_) => return None,
            }
        }
        DraftKind::Catch(_) => Position::Catch,
        DraftKind::Throw(_) => Position::Throw,
        DraftKind::End(_) => Position::End,
        DraftKind::Boundary { interrupting, .. } => {
            Position::Boundary { interrupting: *interrupting }
        }
        _ => return None,
    })
}

/// A boundary event sits on an activity beside it, and leads on.
fn boundary(outline: &Outline<'_>, at: usize, host: &str, flaws: &mut Flaws) {
    let node = outline.node(at);
    let shown = crate::excerpt(host);
    let found = outline.find(host);
    let kind = found.map(|host| &outline.node(host).kind);
    let message = match (found, kind) {
        (_, None) if host.is_empty() => None, // Reported as a missing attribute.
        (_, None) => {
            let hint = flaws.hint(host, outline.ids());
            Some(format!("there is no activity {shown}; put the event on one{hint}"))
        }
        (_, Some(DraftKind::Refused)) => None,
        (_, Some(kind)) if is_event_sub_process(kind) => Some(format!(
            "{shown} is an event sub-process, which has no boundary events; put the event on an \
             activity"
        )),
        (_, Some(kind)) if activity(kind).is_none() => {
            Some(format!("{shown} is not an activity; put the event on one"))
        }
        (Some(host), _) if !outline.beside(at, host) => {
            Some(format!("{shown} is in another sub-process; put the event beside it"))
        }
        _ => None,
    };
    if let Some(message) = message {
        flaws.add("boundary-host", &node.id, node.line, message);
    }
    let told = node.refused || outline.dangling_source || kind.is_some_and(undoes);
    if outline.outgoing(at).is_empty() && !is_compensation_boundary(&node.kind) && !told {
        let message = "nothing follows this boundary event; lead it somewhere";
        flaws.add("boundary-flow", &node.id, node.line, message);
    }
}

/// An event has as many definitions as its position asks for, and such as go together.
fn number(node: &DraftNode, event: &Event, position: Position, flaws: &mut Flaws) {
    use EventDefinition as D;
    let catching = !matches!(position, Position::Throw | Position::End);
    let told = event.definitions.is_empty() && flaws.tell_of(&node.id);
    let mut add = |rule, message: &str| flaws.add(rule, &node.id, node.line, message);
    match &event.definitions[..] {
        [] if matches!(position, Position::Catch | Position::Boundary { .. }) => {
            if !told {
                add("missing-trigger", "the event awaits nothing; say what it awaits");
            }
        }
        [] | [_] => {}
        several => {
            let mut left = false;
            for definition in several {
                let fits = match definition {
                    D::Message(_) | D::Signal { .. } => true,
                    D::Timer(_) | D::Conditional(_) => catching,
                    D::Escalation(_) | D::Error(_) if catching => !event.parallel_multiple,
                    D::Compensation(_) | D::Cancel if catching => false,
                    D::Escalation(_) => !left,
                    // The path does not come back from these.
                    D::Error(_) | D::Terminate | D::Cancel | D::Compensation(_) => {
                        !std::mem::replace(&mut left, true)
                    }
                    D::Link { .. } => false,
                };
                if !fits && left {
                    let (word, _) = word(definition);
                    let message =
                        format!("nothing of the event happens after this; put {word} before it");
                    add("multiple-event", &message);
                    continue;
                }
                if !fits {
                    let (word, _) = word(definition);
                    let message =
                        format!("{word} does not go together with others; give it its own event");
                    add("multiple-event", &message);
                }
            }
        }
    }
}

/// A definition may stand at a position (Table 10.93).
fn place(
    outline: &Outline<'_>,
    at: usize,
    definition: &EventDefinition,
    position: Position,
    flaws: &mut Flaws,
) {
    use EventDefinition as D;
    use Position as P;
    let node = outline.node(at);
    let fits = match definition {
        D::Message(_) | D::Signal { .. } => true,
        D::Timer(_) | D::Conditional(_) => !matches!(position, P::Throw | P::End),
        D::Error(_) => {
            matches!(position, P::EventSubProcessStart { .. } | P::Boundary { .. } | P::End)
        }
        D::Escalation(_) | D::Compensation(_) => !matches!(position, P::Start | P::Catch),
        D::Link { .. } => matches!(position, P::Catch | P::Throw),
        D::Terminate => matches!(position, P::End),
        D::Cancel => matches!(position, P::Boundary { .. } | P::End),
    };
    let mut add = |rule, message: String| flaws.add(rule, &node.id, node.line, message);
    if !fits {
        let (word, place) = word(definition);
        let position = position.word();
        return add("event-place", format!("{word} cannot stand at {position}; {place}"));
    }
    match (definition, position) {
        (_, P::Start) if reads_variables(definition) => {
            let message = "a process that has not begun has no variables; write this without an \
                           expression";
            add("start-variables", message.into());
        }
        (D::Error(_), P::Boundary { interrupting: false }) => {
            let message = "an error always leaves its activity; let the event interrupt";
            add("error-interrupts", message.into());
        }
        (D::Error(_), P::EventSubProcessStart { interrupting: false }) => {
            let message = "an error always leaves the scope around; let the event interrupt";
            add("error-interrupts", message.into());
        }
        (D::Compensation(_), P::EventSubProcessStart { interrupting }) => {
            if !interrupting {
                let message = "undoing has nothing to go on beside; let the event interrupt";
                add("compensation-interrupts", message.into());
            }
            let scope = outline.parent(at).and_then(|parent| outline.parent(parent));
            if scope.is_none() {
                let message = "a process as a whole is never undone; put the event sub-process \
                               into a sub-process";
                add("compensation-place", message.into());
            }
        }
        (D::Cancel, P::Boundary { interrupting }) => {
            let DraftKind::Boundary { host, .. } = &node.kind else { return };
            let behaviour = outline.behaviour(outline.find(host));
            if outline.find(host).is_some_and(|host| !outline.node(host).refused)
                && !matches!(behaviour, Some(SubProcessKind::Transaction))
            {
                let message = "only a transaction is cancelled; put the event on one";
                add("cancel-place", message.into());
            }
            if !interrupting {
                let message = "what is cancelled does not go on; let the event interrupt";
                add("cancel-interrupts", message.into());
            }
        }
        (D::Cancel, P::End) => {
            let behaviour = outline.behaviour(outline.parent(at));
            if !matches!(behaviour, Some(SubProcessKind::Transaction)) {
                let message = "only a transaction is cancelled; put the event into one, not into \
                               another sub-process of it";
                add("cancel-place", message.into());
            } else if let Some(transaction) = outline.parent(at)
                && !outline.boundaries(transaction).iter().any(|at| is_cancel(outline, *at))
            {
                let message = "nothing says how to go on when the transaction is cancelled; put a \
                               boundary event with cancel on it";
                add("cancel-uncaught", message.into());
            }
        }
        _ => {}
    }
}

fn is_cancel(outline: &Outline<'_>, at: usize) -> bool {
    let event = event(&outline.node(at).kind);
    event.is_some_and(|event| {
        event.definitions.iter().any(|one| matches!(one, EventDefinition::Cancel))
    })
}

/// Whether a trigger is different from variable to variable.
fn reads_variables(definition: &EventDefinition) -> bool {
    let template = match definition {
        EventDefinition::Message(message) => &message.name,
        EventDefinition::Signal { name } => name,
        EventDefinition::Timer(timer) => timer.template(),
        _ => return false,
    };
    template.constant().is_none()
}

/// A definition says what it must, in words that can be read.
fn said(node: &DraftNode, definition: &EventDefinition, flaws: &mut Flaws) {
    let throwing = matches!(node.kind, DraftKind::Throw(_) | DraftKind::End(_));
    let mut missing = |what: &str| {
        if !node.refused {
            let message = format!("the {what}; give it one");
            flaws.add("missing-name", &node.id, node.line, message);
        }
    };
    let mut variables = Vec::new();
    match definition {
        EventDefinition::Message(message) if is_blank(&message.name) => {
            missing("message has no name");
        }
        EventDefinition::Signal { name } if is_blank(name) => missing("signal has no name"),
        EventDefinition::Link { name } if name.trim().is_empty() => missing("link has no name"),
        EventDefinition::Error(error) => {
            if blank_code(error.code.as_deref(), throwing) {
                missing("error has no code");
            }
            variables.extend([&error.code_variable, &error.message_variable]);
        }
        EventDefinition::Escalation(escalation) => {
            if blank_code(escalation.code.as_deref(), throwing) {
                missing("escalation has no code");
            }
            variables.push(&escalation.code_variable);
        }
        EventDefinition::Conditional(condition) => variables.push(&condition.variable),
        _ => {}
    }
    for name in variables.into_iter().flatten() {
        parameters::variable(&node.id, node.line, name, flaws);
    }
}

/// What throws has a code; what catches has none, or one that is not blank.
pub(super) fn blank_code(code: Option<&str>, throwing: bool) -> bool {
    code.map_or(throwing, |code| code.trim().is_empty())
}

/// Whether a template always gives nothing that can be read.
pub(super) fn is_blank(template: &Template) -> bool {
    match template.constant() {
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Null) => true,
        _ => false,
    }
}

/// What a definition is, and where it may stand.
fn word(definition: &EventDefinition) -> (&'static str, &'static str) {
    match definition {
        EventDefinition::Message(_) => ("a message", "it may stand anywhere"),
        EventDefinition::Signal { .. } => ("a signal", "it may stand anywhere"),
        EventDefinition::Timer(_) => ("a timer", "await it with a catching event"),
        EventDefinition::Conditional(_) => ("a condition", "await it with a catching event"),
        EventDefinition::Error(_) => {
            ("an error", "end events throw it, boundary events and event sub-processes catch it")
        }
        EventDefinition::Escalation(_) => (
            "an escalation",
            "throwing and end events throw it, boundary events and event sub-processes catch it",
        ),
        EventDefinition::Compensation(_) => (
            "compensation",
            "throwing and end events throw it, boundary events and event sub-processes catch it",
        ),
        EventDefinition::Link { .. } => {
            ("a link", "a throwing event goes on at a catching event by it")
        }
        EventDefinition::Terminate => ("terminate", "make it an end event"),
        EventDefinition::Cancel => (
            "cancel",
            "an end event in a transaction throws it, a boundary event on one catches it",
        ),
    }
}

impl Position {
    fn word(self) -> &'static str {
        match self {
            Position::Start => "the start of a process",
            Position::EventSubProcessStart { .. } => "the start of an event sub-process",
            Position::Catch => "an intermediate catching event",
            Position::Boundary { .. } => "a boundary event",
            Position::Throw => "an intermediate throwing event",
            Position::End => "an end event",
        }
    }
}
