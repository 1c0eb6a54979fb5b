//! The meaning of a process as canonical JSON: what runs, without lines, flow ids or drawing.

use crate::process::{Flow, Input, Kind, Place, Process, Task, TaskKind, Trigger};
use crate::{Template, Timer};
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
            Kind::StartEvent => json!({ "kind": "startEvent" }),
            Kind::EndEvent => json!({ "kind": "endEvent" }),
            Kind::ExclusiveGateway => json!({ "kind": "exclusiveGateway" }),
            Kind::ParallelGateway => json!({ "kind": "parallelGateway" }),
            Kind::Task(task) => task_meaning(task),
            Kind::Boundary(boundary) => json!({
                "kind": "boundaryEvent",
                "host": self.node(boundary.host).id.as_str(),
                "interrupting": boundary.interrupting,
                "trigger": trigger_meaning(&boundary.trigger),
            }),
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

fn task_meaning(task: &Task) -> Value {
    let inputs: Map<String, Value> =
        task.inputs.iter().map(|(name, input)| (name.clone(), input_meaning(input))).collect();
    let outputs: Vec<Value> =
        task.outputs.iter().map(|(name, input)| json!([name, input_meaning(input)])).collect();
    let kind = match task.kind {
        TaskKind::Service => "serviceTask",
        TaskKind::User => "userTask",
    };
    json!({ "kind": kind, "activity": &*task.activity, "inputs": inputs, "outputs": outputs })
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

fn trigger_meaning(trigger: &Trigger) -> Value {
    match trigger {
        Trigger::Error { code, code_variable, message_variable } => json!({
            "error": code,
            "codeVariable": code_variable,
            "messageVariable": message_variable,
        }),
        Trigger::Timer(timer) => timer_meaning(timer),
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
