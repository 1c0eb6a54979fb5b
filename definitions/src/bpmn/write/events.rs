//! Events: their tags and their event definitions.

use super::Writer;
use super::parameters::input_output;
use super::text::Tag;
use crate::{Change, Condition, Event, EventDefinition, Timer};

impl Writer<'_> {
    /// The extension elements of an event.
    pub(super) fn event_parameters(event: &Event) -> Vec<Tag> {
        input_output(&event.inputs, &event.outputs).into_iter().collect()
    }

    /// Adds the event definitions, and the attributes that concern them.
    pub(super) fn definitions(&mut self, tag: &mut Tag, event: &Event) {
        if event.parallel_multiple {
            tag.set("parallelMultiple", "true");
        }
        for definition in &event.definitions {
            let mut definition = self.definition(definition);
            if event.sends_all && definition.is("bpmn:signalEventDefinition") {
                let all = Tag::new("camunda:in").with("variables", "all");
                definition.push(Tag::new("bpmn:extensionElements").holding(all));
            }
            tag.push(definition);
        }
    }

    fn definition(&mut self, definition: &EventDefinition) -> Tag {
        match definition {
            EventDefinition::Message(message) => Tag::new("bpmn:messageEventDefinition")
                .with("messageRef", self.roots.message(message)),
            EventDefinition::Timer(timer) => {
                let name = match timer {
                    Timer::Date(_) => "bpmn:timeDate",
                    Timer::Duration(_) => "bpmn:timeDuration",
                    Timer::Cycle(_) => "bpmn:timeCycle",
                };
                let time = Tag::formal(name, timer.template().firm());
                Tag::new("bpmn:timerEventDefinition").holding(time)
            }
            EventDefinition::Signal { name } => {
                Tag::new("bpmn:signalEventDefinition").with("signalRef", self.roots.signal(name))
            }
            EventDefinition::Error(error) => Tag::new("bpmn:errorEventDefinition")
                .with_some("errorRef", self.roots.error(error))
                .with_some("camunda:errorCodeVariable", error.code_variable.as_deref())
                .with_some("camunda:errorMessageVariable", error.message_variable.as_deref()),
            EventDefinition::Escalation(escalation) => Tag::new("bpmn:escalationEventDefinition")
                .with_some("escalationRef", self.roots.escalation(escalation))
                .with_some("camunda:escalationCodeVariable", escalation.code_variable.as_deref()),
            EventDefinition::Compensation(compensation) => {
                let activity = compensation.activity.as_ref().map(|activity| activity.as_str());
                Tag::new("bpmn:compensateEventDefinition")
                    .with_some("activityRef", activity)
                    .with_some("waitForCompletion", (!compensation.wait).then_some("false"))
            }
            EventDefinition::Conditional(Condition { condition, variable, change }) => {
                let change = match change {
                    Change::Any => None,
                    Change::Created => Some("create"),
                    Change::Updated => Some("update"),
                };
                Tag::new("bpmn:conditionalEventDefinition")
                    .with_some("camunda:variableName", variable.as_deref())
                    .with_some("camunda:variableEvents", change)
                    .holding(Tag::formal("bpmn:condition", condition.source()))
            }
            EventDefinition::Link { name } => {
                Tag::new("bpmn:linkEventDefinition").with("name", name)
            }
            EventDefinition::Terminate => Tag::new("bpmn:terminateEventDefinition"),
            EventDefinition::Cancel => Tag::new("bpmn:cancelEventDefinition"),
        }
    }
}
