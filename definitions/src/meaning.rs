//! The meaning of a process as canonical JSON: what runs, without lines, flow ids or drawing.

use crate::process::{Flow, Place, Process};
use crate::{Activity, Event, EventDefinition, Input, Kind, Task, TaskKind, Template, Timer, Work};
use serde_json::{Map, Value, json};

impl Process {
    /// The meaning of the process, equal for two texts that say the same in BPMN and in YAML.
    ///
    /// It holds everything that the engine or the end user can tell apart; it leaves out lines,
    /// ids of flows, annotations, the diagram, and the order in which nodes are written.
    pub fn meaning(&self) -> Value {
        let nodes: Map<String, Value> = self
            .nodes()
            .map(|(place, node)| (node.id.to_string(), self.node_meaning(place)))
            .collect();
        json!({
            "id": self.id(),
            "name": self.name(),
            "defaultLanguage": self.default_language(),
            "supportedLanguages": self.supported_languages(),
            "nodes": nodes,
        })
    }

    fn node_meaning(&self, place: Place) -> Value {
        let node = self.node(place);
        let mut meaning = match &node.kind {
            Kind::StartEvent(_) => json!({ "kind": "startEvent" }),
            Kind::EndEvent(_) => json!({ "kind": "endEvent" }),
            Kind::ExclusiveGateway => json!({ "kind": "exclusiveGateway" }),
            Kind::ParallelGateway => json!({ "kind": "parallelGateway" }),
            Kind::Activity(activity) => activity_meaning(activity),
            Kind::Boundary(boundary) => json!({
                "kind": "boundaryEvent",
                "host": self.node(boundary.host).id.as_str(),
                "interrupting": boundary.interrupting,
                "trigger": event_meaning(&boundary.event),
            }),
            _ => json!({ "kind": "other" }),
        };
        let flows: Vec<Value> =
            self.outgoing(place).map(|(flow, target)| self.flow_meaning(flow, target)).collect();
        meaning["name"] = node.name.as_str().into();
        meaning["flows"] = flows.into();
        meaning
    }

    fn flow_meaning(&self, flow: &Flow, target: Place) -> Value {
        json!({
            "to": self.node(target).id.as_str(),
            "name": flow.name,
            "condition": flow.condition.as_ref().map(|condition| condition.source()),
            "default": flow.is_default,
        })
    }
}

fn activity_meaning(activity: &Activity) -> Value {
    let inputs: Map<String, Value> =
        activity.inputs.iter().map(|(name, input)| (name.clone(), input_meaning(input))).collect();
    let outputs: Vec<Value> =
        activity.outputs.iter().map(|(name, input)| json!([name, input_meaning(input)])).collect();
    let (kind, name) = match &activity.work {
        Work::Task(Task { kind: TaskKind::User, activity }) => ("userTask", &**activity),
        Work::Task(Task { activity, .. }) => ("serviceTask", &**activity),
        _ => ("other", ""),
    };
    json!({ "kind": kind, "activity": name, "inputs": inputs, "outputs": outputs })
}

fn input_meaning(input: &Input) -> Value {
    match input {
        Input::Template(template) => template_meaning(template),
        Input::List(items) => {
            json!({ "list": items.iter().map(input_meaning).collect::<Vec<_>>() })
        }
        Input::Map(entries) => {
            let entries: Map<String, Value> =
                entries.iter().map(|(key, input)| (key.clone(), input_meaning(input))).collect();
            json!({ "map": entries })
        }
    }
}

fn template_meaning(template: &Template) -> Value {
    match template.constant() {
        Some(value) => json!({ "value": value }),
        None => json!({ "expression": template.source().trim() }),
    }
}

fn event_meaning(event: &Event) -> Value {
    match event.only() {
        Some(EventDefinition::Error(error)) => json!({
            "error": error.code,
            "codeVariable": error.code_variable,
            "messageVariable": error.message_variable,
        }),
        Some(EventDefinition::Timer(timer)) => timer_meaning(timer),
        _ => json!({}),
    }
}

fn timer_meaning(timer: &Timer) -> Value {
    let value = template_meaning(timer.template());
    match timer {
        Timer::Date(_) => json!({ "date": value }),
        Timer::Duration(_) => json!({ "duration": value }),
        Timer::Cycle(_) => json!({ "cycle": value }),
    }
}
