//! Event definitions: what an event awaits or makes happen (BPMN 2.0.2 §10.5.5).

use super::correlation::{self, Keyless};
use super::element::Element;
use super::events::is_trigger;
use super::extensions::{self, Extensions};
use super::pools::Assigned;
use super::reader::Reader;
use super::repeat::SHARED;
use super::tasks::SERVICE;
use crate::timer;
use crate::{
    Compensation, ErrorDefinition, Escalation, Event, EventDefinition, Message, NodeId, Template,
    Timer,
};

impl<'x> Reader<'x, '_> {
    /// Reads the event definitions of an event in the order of the text, those that it refers to
    /// included.
    pub(super) fn triggers(
        &mut self,
        event: &'x Element,
        found: &Extensions<'_>,
        throws: bool,
    ) -> Vec<EventDefinition> {
        let mut read = Vec::new();
        let references = event.all("eventDefinitionRef").map(|child| (child, child.words()));
        for (child, reference) in references {
            if !self.file.definitions.contains_key(reference) {
                self.dangling(child, &child.name, reference, "event definition");
            }
        }
        for definition in self.referred(event) {
            let id = definition.id();
            let same = ["timerEventDefinition", "conditionalEventDefinition"];
            let root =
                self.file.definitions.get(id).is_some_and(|root| same.contains(&&*root.name));
            if !root {
                read.extend(self.trigger(event, definition, found, throws));
            } else if let Some(shared) = self.shared.get(id) {
                read.extend(shared.clone());
            } else {
                let shared = self
                    .counting(SHARED, |reader| reader.trigger(event, definition, found, throws));
                read.extend(shared.clone());
                self.shared.insert(id, shared);
            }
        }
        read
    }

    /// The event definitions that are there.
    pub(super) fn referred(&self, event: &'x Element) -> Vec<&'x Element> {
        let children = event.children.iter().filter_map(|child| {
            if child.is("eventDefinitionRef") {
                return self.file.definitions.get(child.words()).copied();
            }
            is_trigger(child).then_some(child)
        });
        children.collect()
    }

    fn trigger(
        &mut self,
        event: &'x Element,
        definition: &'x Element,
        found: &Extensions<'_>,
        throws: bool,
    ) -> Option<EventDefinition> {
        if !matches!(&*definition.name, "signalEventDefinition" | "conditionalEventDefinition") {
            extensions::none(definition, self.flaws);
        }
        let kind = definition.name.strip_suffix("EventDefinition").unwrap_or_default();
        if !matches!(kind, "timer" | "conditional" | "link" | "message") {
            definition.nothing_inside_but_extensions(self.flaws);
        }
        match kind {
            "message" => self.message_event(event, definition, found, throws),
            "timer" => self.timer(event, definition, throws),
            "signal" => {
                definition.allow(&["id", "signalRef"], &[], self.flaws);
                let reference = definition.required("signalRef", self.flaws);
                let name = match self.file.signals.get(reference.as_str()) {
                    Some(name) => name.clone(),
                    None if reference.is_empty() => None,
                    None => {
                        self.dangling(definition, "signalRef", &reference, "signal");
                        None
                    }
                };
                name.map(|name| EventDefinition::Signal { name })
            }
            "error" => self.error(definition, throws),
            "escalation" => self.escalation(definition, throws),
            "compensate" => {
                definition.allow(&["id", "activityRef", "waitForCompletion"], &[], self.flaws);
                Some(EventDefinition::Compensation(Compensation {
                    activity: definition.given("activityRef").map(NodeId::from),
                    wait: definition.truth("waitForCompletion", true, self.flaws),
                }))
            }
            "conditional" => self.conditional(event, definition, throws),
            "link" => {
                definition.allow(&["id", "name"], &[], self.flaws);
                definition.no_text(self.flaws);
                for child in &definition.children {
                    let known = ["source", "target", "documentation", "extensionElements"];
                    if !known.contains(&child.name.as_str()) {
                        child.refuse(definition, self.flaws);
                    }
                }
                // Modelers name the event and not always its definition.
                let name = definition.given("name").or_else(|| event.given("name"));
                // Where there can be no link, that is told, and nobody misses the name.
                let fits = event.name.starts_with("intermediate");
                let name = name.or((!fits).then_some(event.id()));
                let Some(name) = name else {
                    let message = "a link event needs a name, that of the other end";
                    self.flaws.add("missing-attribute", event.id(), definition.line, message);
                    return None;
                };
                Some(EventDefinition::Link { name: name.to_owned() })
            }
            "terminate" => {
                definition.allow(&["id"], &[], self.flaws);
                Some(EventDefinition::Terminate)
            }
            "cancel" => {
                definition.allow(&["id"], &[], self.flaws);
                Some(EventDefinition::Cancel)
            }
            _ => {
                let name = crate::excerpt(&definition.name);
                let message = format!("{name} is not supported; take it away");
                self.flaws.add("unsupported-element", event.id(), definition.line, message);
                None
            }
        }
    }

    fn message_event(
        &mut self,
        event: &'x Element,
        definition: &'x Element,
        found: &Extensions<'_>,
        throws: bool,
    ) -> Option<EventDefinition> {
        let known = if throws { &SERVICE[..] } else { &[] };
        definition.allow(&["id", "messageRef", "operationRef"], known, self.flaws);
        let rest = definition.children.iter();
        for child in rest.filter(|c| !c.is("documentation") && !c.is("extensionElements")) {
            if !child.is("operationRef") {
                child.refuse(definition, self.flaws);
            }
        }
        let key = correlation::key(self.zeebe(), found, self.flaws);
        self.message(event, definition, key, throws).map(EventDefinition::Message)
    }

    /// The message that an event or a task names as `messageRef`, or that a message flow gives it.
    pub(super) fn message(
        &mut self,
        node: &'x Element,
        named: &'x Element,
        key: Option<Template>,
        sends: bool,
    ) -> Option<Message> {
        let given = named.given("messageRef").map(Assigned::Message);
        let assigned = given.or_else(|| self.file.assigned.get(node.id()).copied());
        let reference = match assigned {
            Some(Assigned::Message(reference)) => reference,
            Some(Assigned::Name(name)) => {
                let name = Template::of_constant(name.into());
                return Some(Message { name, key });
            }
            None if node.is("sendTask") => {
                let message = "a send task names a message, as messageRef, or the activity that sends, \
                               as camunda:topic or zeebe:taskDefinition";
                node.tell(self.flaws, "missing-attribute", message);
                return None;
            }
            None => {
                named.required("messageRef", self.flaws);
                return None;
            }
        };
        match self.file.messages.get(reference) {
            None => {
                self.dangling(named, "messageRef", reference, "message");
                None
            }
            Some(None) => None,
            Some(Some(message)) => {
                if sends && key.is_none() && message.key.is_none() {
                    self.sent_key(named, reference);
                }
                let subscribed = self.subscriptions.get(reference).filter(|_| !sends).cloned();
                let key = key.or(subscribed).or_else(|| message.key.clone());
                if !sends && key.is_none() {
                    self.keyless.push(Keyless { node, message: reference });
                }
                Some(Message { name: message.name.clone(), key })
            }
        }
    }

    fn error(&mut self, definition: &Element, throws: bool) -> Option<EventDefinition> {
        let variables = ["errorCodeVariable", "errorMessageVariable"];
        definition.allow(&["id", "errorRef"], if throws { &[] } else { &variables }, self.flaws);
        let variable = |name| definition.given_camunda(name).map(str::to_owned);
        let mut error = ErrorDefinition {
            code: None,
            message: None,
            code_variable: variable("errorCodeVariable"),
            message_variable: variable("errorMessageVariable"),
        };
        if let Some(reference) = definition.plain("errorRef") {
            let named = self.error_named(definition, reference)?;
            error.code = named.code;
            error.message = named.message.filter(|_| throws);
        }
        Some(EventDefinition::Error(error))
    }

    /// The error of the file that is named as `errorRef`.
    pub(super) fn error_named(&mut self, at: &Element, reference: &str) -> Option<ErrorDefinition> {
        match self.file.errors.get(reference) {
            Some(root) => {
                let root = root.as_ref()?;
                let (code, message) = (Some(root.code.clone()), root.message.clone());
                Some(ErrorDefinition { code, message, ..ErrorDefinition::default() })
            }
            None => {
                self.dangling(at, "errorRef", reference, "error");
                None
            }
        }
    }

    fn escalation(&mut self, definition: &Element, throws: bool) -> Option<EventDefinition> {
        let variables = ["escalationCodeVariable"];
        let variables: &[&str] = if throws { &[] } else { &variables };
        definition.allow(&["id", "escalationRef"], variables, self.flaws);
        let variable = definition.given_camunda("escalationCodeVariable").map(str::to_owned);
        let mut escalation = Escalation { code: None, code_variable: variable };
        if let Some(reference) = definition.plain("escalationRef") {
            match self.file.escalations.get(reference) {
                Some(code) => escalation.code = Some(code.clone()?),
                None => {
                    self.dangling(definition, "escalationRef", reference, "escalation");
                    return None;
                }
            }
        }
        Some(EventDefinition::Escalation(escalation))
    }

    fn timer(
        &mut self,
        event: &Element,
        definition: &Element,
        throws: bool,
    ) -> Option<EventDefinition> {
        definition.allow(&["id"], &[], self.flaws);
        definition.no_text(self.flaws);
        let mut times = definition
            .children
            .iter()
            .filter(|child| !child.is("documentation") && !child.is("extensionElements"));
        let read = match (times.next(), times.next()) {
            (Some(time), None) if time.is("timeDate") => Timer::date,
            (Some(time), None) if time.is("timeDuration") => Timer::duration,
            (Some(time), None) if time.is("timeCycle") => Timer::cycle,
            (time, _) => {
                let message = match (time, throws) {
                    (Some(_), _) => {
                        "a timer has one timeDate, timeDuration or timeCycle, such as the duration \
                         PT15M"
                    }
                    (None, false) => {
                        "the timer does not say when; give it a timeDuration such as PT15M, a \
                         timeDate or a timeCycle"
                    }
                    (None, true) => {
                        "a timer cannot be thrown, and this one does not say when; await it with a \
                         catching event, with a timeDuration such as PT15M, a timeDate or a \
                         timeCycle"
                    }
                };
                self.flaws.add("invalid-timer", event.id(), definition.line, message);
                return None;
            }
        };
        let time = definition.children.iter().find(|child| child.name.starts_with("time"))?;
        let text = self.formal(time)?;
        if self.file.quartz && time.is("timeCycle") && timer::named_weekdays(&text).is_some() {
            let message = "Camunda 7 counts the days of the week from Sunday as 1, and ends steps on \
                           Saturday, unlike others; write their names, such as MON-FRI";
            self.flaws.add("invalid-timer", event.id(), time.line, message);
            return None;
        }
        self.flaws.timer(event.id(), time.line, read(&text)).map(EventDefinition::Timer)
    }

    /// What the `camunda:in` elements of a thrown signal send along.
    pub(super) fn signal_variables(&mut self, definition: &'x Element, event: &mut Event) {
        if !definition.is("signalEventDefinition") {
            return;
        }
        let found = self.extensions(definition, &["camunda:in"]);
        for mapping in found.all("camunda:in") {
            mapping.only("local", "false", self.flaws);
            match mapping.plain("variables") {
                Some(_) => {
                    self.all(mapping);
                    event.sends_all = true;
                }
                None => event.inputs.extend(self.mapped(mapping)),
            }
        }
    }
}
