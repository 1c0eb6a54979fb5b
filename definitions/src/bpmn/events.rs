//! Events (BPMN 2.0.2 §10.5): where they stand, and what they send and receive.

use super::element::{Element, Space};
use super::extensions::{Extensions, PARAMETERS};
use super::reader::{Holder, Reader};
use super::tasks::{EVALUATING, WORKER};
use crate::draft::{DraftKind, Parameter};
use crate::{Event, EventDefinition, Input, StartEvent};

/// The parameters with which deployed files say what an end event shows; the pages know it.
pub(super) const END_INPUTS: [&str; 3] = ["screens", "stepId", "screenId"];
/// The listener on the end events of deployed files; the pages do what it did.
const END_LISTENER: &str = "redirectMapperV1";

/// Whether an element is one of the event definitions.
pub(super) fn is_trigger(element: &Element) -> bool {
    element.space == Space::Bpmn && element.name.ends_with("EventDefinition")
}

impl<'x> Reader<'x, '_> {
    /// Reads a start event.
    pub(super) fn start(&mut self, holder: Holder<'x>, element: &'x Element) -> DraftKind {
        let plain = ["id", "name", "isInterrupting", "parallelMultiple"];
        element.allow(&plain, &["initiator"], self.flaws);
        let event = self.caught(element);
        let interrupting = element.truth("isInterrupting", true, self.flaws);
        // Elsewhere there is nothing around it that it could interrupt.
        let inside = holder.element.plain("triggeredByEvent").map(str::trim);
        let inside = holder.parent.is_some() && matches!(inside, Some("true" | "1"));
        let initiator = element.given_camunda("initiator").map(str::to_owned);
        DraftKind::Start(StartEvent { event, interrupting: interrupting && inside, initiator })
    }

    /// Reads an intermediate catch event.
    pub(super) fn catching(&mut self, element: &'x Element) -> DraftKind {
        element.allow(&["id", "name", "parallelMultiple"], &[], self.flaws);
        DraftKind::Catch(self.caught(element))
    }

    /// Reads a boundary event.
    pub(super) fn boundary(&mut self, element: &'x Element) -> DraftKind {
        let plain = ["id", "name", "attachedToRef", "cancelActivity", "parallelMultiple"];
        element.allow(&plain, &[], self.flaws);
        let host = element.required("attachedToRef", self.flaws);
        let interrupting = element.truth("cancelActivity", true, self.flaws);
        let event = self.caught(element);
        DraftKind::Boundary { host, interrupting, event }
    }

    /// Reads an intermediate throw event or an end event.
    pub(super) fn throwing(&mut self, element: &'x Element) -> DraftKind {
        let ends = element.is("endEvent");
        element.allow(&["id", "name"], &[], self.flaws);
        let mut found = self.extensions(element, &WORKER);
        for listener in &found.listeners {
            if !(ends && listener.at_start && listener.bean == END_LISTENER) {
                let bean = crate::excerpt(&listener.bean);
                let message = match ends {
                    true => {
                        format!("an end event does nothing, so it cannot call {bean}; take it away")
                    }
                    false => format!("an event cannot call {bean}; take the listener away"),
                };
                self.flaws.add("unknown-listener", element.id(), listener.line, message);
            }
        }
        if let Some(mut activity) = self.sending(element, &mut found) {
            let data = self.event_data(element);
            activity.inputs.extend(data.inputs.into_iter().map(|(_, input)| input));
            activity.outputs.extend(data.outputs);
            return DraftKind::Activity(Box::new(activity));
        }
        self.without_activity(element, &found);
        let definitions = match self.evaluating_event(element).is_some() {
            true => Vec::new(),
            false => self.triggers(element, &found, true),
        };
        let sends = definitions.iter().any(|definition| {
            matches!(definition, EventDefinition::Message(_) | EventDefinition::Signal { .. })
        });
        let Extensions { inputs, outputs, .. } = found;
        let data = self.event_data(element);
        let given = inputs.into_iter().chain(data.inputs.into_iter().map(|(_, input)| input));
        let mut event = Event { definitions, ..Event::default() };
        for parameter in given {
            if ends && END_INPUTS.contains(&parameter.name.as_str()) {
                continue;
            }
            if !sends {
                let what = if ends { "an end event" } else { "a throwing event" };
                self.no_parameter(element, &parameter, what, " unless it sends a message");
                continue;
            }
            event.inputs.extend(self.parameter(element, parameter));
        }
        let what = if ends { "an end event" } else { "a throwing event" };
        let unless = if self.file.zeebe { " unless it has no trigger" } else { "" };
        for parameter in self.set_by_outputs(event.is_none(), outputs).iter().chain(&data.outputs) {
            self.no_parameter(element, parameter, what, unless);
        }
        for definition in self.referred(element) {
            self.signal_variables(definition, &mut event);
        }
        match ends {
            true => DraftKind::End(event),
            false => DraftKind::Throw(event),
        }
    }

    /// The message event definition of Camunda 7 that evaluates an expression and sends nothing.
    pub(super) fn evaluating_event(&self, element: &'x Element) -> Option<&'x Element> {
        let mut definitions = self.referred(element).into_iter();
        let throws = element.is("intermediateThrowEvent") || element.is("endEvent");
        definitions.find(|definition| {
            throws
                && definition.is("messageEventDefinition")
                && EVALUATING.iter().any(|name| definition.camunda(name).is_some())
        })
    }

    /// What a start, catch or boundary event awaits and keeps.
    fn caught(&mut self, element: &'x Element) -> Event {
        let parallel_multiple = element.truth("parallelMultiple", false, self.flaws);
        let found = self.extensions(element, &[PARAMETERS, "zeebe:subscription"]);
        let definitions = self.triggers(element, &found, false);
        let Extensions { inputs, outputs, .. } = found;
        for parameter in &inputs {
            self.no_parameter(element, parameter, "a catching event", " that goes in");
        }
        let data = self.event_data(element);
        let mut event = Event { definitions, parallel_multiple, ..Event::default() };
        let none = event.is_none() && element.is("startEvent");
        for parameter in self.set_by_outputs(none, outputs).into_iter().chain(data.outputs) {
            if event.is_none() {
                self.no_parameter(element, &parameter, "an event without a trigger", "");
                continue;
            }
            event.outputs.extend(self.parameter(element, parameter));
        }
        event
    }

    /// Output mappings of Camunda 8 on an event without a trigger: variables that it sets. Those that
    /// are none come back.
    fn set_by_outputs(&mut self, none: bool, outputs: Vec<Parameter>) -> Vec<Parameter> {
        if !none || !self.file.zeebe {
            return outputs;
        }
        self.mapped = outputs;
        Vec::new()
    }

    fn no_parameter(&mut self, element: &Element, parameter: &Parameter, what: &str, unless: &str) {
        let name = crate::excerpt(&parameter.name);
        let message = format!("{what} has no parameter {name}{unless}; take it away");
        self.flaws.add("unknown-parameter", element.id(), parameter.line, message);
    }

    /// A parameter with its value parsed.
    fn parameter(&mut self, element: &Element, given: Parameter) -> Option<(String, Input)> {
        let input = self.flaws.input(element.id(), given.line, &given.name, &given.value)?;
        Some((given.name, input))
    }
}
