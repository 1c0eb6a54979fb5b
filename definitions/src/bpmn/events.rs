//! Start, end and boundary events.

use super::element::Element;
use super::extensions;
use crate::draft::{DraftKind, Flaws};
use crate::{ErrorDefinition, Event, EventDefinition, StartEvent, Timer};
use std::collections::BTreeMap;

/// The parameters with which deployed files say what an end event shows; the pages know it.
const END_INPUTS: [&str; 3] = ["screens", "stepId", "screenId"];
/// The listener on the end events of deployed files; the pages do what it did.
const END_LISTENER: &str = "redirectMapperV1";

/// Reads a start event.
pub(super) fn start(element: &Element, flaws: &mut Flaws) -> DraftKind {
    element.allow(&["id", "name", "isInterrupting", "parallelMultiple"], &[], flaws);
    element.only("parallelMultiple", "false", flaws);
    extensions::none(element, flaws);
    no_trigger(element, "a start event", flaws);
    DraftKind::Start(StartEvent::default())
}

/// Reads an end event.
pub(super) fn end(element: &Element, flaws: &mut Flaws) -> DraftKind {
    element.allow(&["id", "name"], &[], flaws);
    no_trigger(element, "an end event", flaws);
    let found = extensions::read(element, flaws);
    for listener in found.listeners.iter().filter(|l| l.bean != END_LISTENER || !l.at_start) {
        let bean = crate::excerpt(&listener.bean);
        let message = format!("an end event does nothing, so it cannot call {bean}; take it away");
        flaws.add("unknown-listener", element.id(), listener.line, message);
    }
    let known = |name: &str| END_INPUTS.contains(&name);
    let inputs = found.inputs.iter().filter(|parameter| !known(&parameter.name));
    for parameter in inputs.chain(&found.outputs) {
        let name = crate::excerpt(&parameter.name);
        let message = format!("an end event has no parameter {name}; take it away");
        flaws.add("unknown-parameter", element.id(), parameter.line, message);
    }
    DraftKind::End(Event::default())
}

fn no_trigger(element: &Element, what: &str, flaws: &mut Flaws) {
    for child in element.children.iter().filter(|child| is_trigger(child)) {
        let name = crate::excerpt(&child.name);
        let message = format!("{what} with {name} is not supported; take {name} away");
        flaws.add("unsupported-element", element.id(), child.line, message);
    }
}

/// Whether an element is one of the event definitions.
pub(super) fn is_trigger(element: &Element) -> bool {
    element.space == super::element::Space::Bpmn && element.name.ends_with("EventDefinition")
}

/// Reads a boundary event; `errors` holds the codes of the error elements by id.
pub(super) fn boundary(
    element: &Element,
    errors: &BTreeMap<&str, Option<&str>>,
    flaws: &mut Flaws,
) -> DraftKind {
    let plain = ["id", "name", "attachedToRef", "cancelActivity", "parallelMultiple"];
    element.allow(&plain, &[], flaws);
    element.only("parallelMultiple", "false", flaws);
    extensions::none(element, flaws);
    let host = element.required("attachedToRef", flaws);
    let interrupting = match element.plain("cancelActivity").map(str::trim) {
        None | Some("true" | "1") => true,
        Some("false" | "0") => false,
        Some(_) => {
            element.only("cancelActivity", "true or false", flaws);
            true
        }
    };
    let triggers: Vec<_> = element.children.iter().filter(|child| is_trigger(child)).collect();
    let trigger = match triggers[..] {
        [trigger] if trigger.name == "errorEventDefinition" => {
            error(element, trigger, errors, flaws)
        }
        [trigger] if trigger.name == "timerEventDefinition" => timer(element, trigger, flaws),
        [other] => {
            let name = crate::excerpt(&other.name);
            let message =
                format!("a boundary event with {name} is not supported; use an error or a timer");
            flaws.add("unsupported-element", element.id(), other.line, message);
            None
        }
        _ => {
            let message = "a boundary event has one event definition, an error or a timer";
            flaws.add("boundary-trigger", element.id(), element.line, message);
            None
        }
    };
    let event = Event { definitions: trigger.into_iter().collect(), ..Event::default() };
    DraftKind::Boundary { host, interrupting, event }
}

fn error(
    event: &Element,
    definition: &Element,
    errors: &BTreeMap<&str, Option<&str>>,
    flaws: &mut Flaws,
) -> Option<EventDefinition> {
    let variables = ["errorCodeVariable", "errorMessageVariable"];
    definition.allow(&["id", "errorRef"], &variables, flaws);
    definition.no_text(flaws);
    definition.children.iter().for_each(|child| child.refuse(event, flaws));
    let variable = |name| definition.camunda(name).filter(|v| !v.is_empty()).map(str::to_owned);
    let code = match definition.plain("errorRef") {
        None => None,
        Some(reference) => match errors.get(reference) {
            Some(Some(code)) => Some((*code).into()),
            Some(None) => return None,
            None => {
                let reference = crate::excerpt(reference);
                let message = format!("errorRef names {reference}, but there is no such error");
                flaws.add("dangling-reference", event.id(), definition.line, message);
                return None;
            }
        },
    };
    Some(EventDefinition::Error(ErrorDefinition {
        code,
        message: None,
        code_variable: variable("errorCodeVariable"),
        message_variable: variable("errorMessageVariable"),
    }))
}

fn timer(event: &Element, definition: &Element, flaws: &mut Flaws) -> Option<EventDefinition> {
    definition.allow(&["id"], &[], flaws);
    definition.no_text(flaws);
    match &definition.children[..] {
        [duration] if duration.is("timeDuration") => {
            duration.allow(&["id"], &[], flaws);
            duration.children.iter().for_each(|child| child.refuse(event, flaws));
            let timer = Timer::duration(duration.text.trim());
            flaws.timer(event.id(), definition.line, timer).map(EventDefinition::Timer)
        }
        _ => {
            let message = "a timer has one timeDuration such as PT15M; dates and cycles are not \
                           supported";
            flaws.add("invalid-timer", event.id(), definition.line, message);
            None
        }
    }
}
