//! Writes element templates, with which the bpmn.io modelers show our activities by their labels.

use serde_json::{Value, json};

use crate::manual::literal;
use crate::{Acts, Kind, OutputShape, ParameterShape, Plugin, Shape};

/// The template descriptor of these activities: a JSON array in the form that the modelers read.
pub fn element_templates(plugins: &[Plugin]) -> Value {
    plugins.iter().map(|plugin| template(plugin.shape())).collect()
}

fn template(shape: &Shape) -> Value {
    let mut properties = vec![json!({
        "label": "Name",
        "type": "String",
        "value": shape.label,
        "binding": { "type": "property", "name": "name" },
    })];
    properties.extend(implementation(shape));
    properties.extend(shape.parameters.iter().filter(is_one_value).map(input));
    properties.extend(shape.outputs.iter().map(output));
    json!({
        "$schema": "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json",
        "id": format!("gatewright.{}", shape.name),
        "name": shape.label,
        "description": description(shape),
        "version": 1,
        "category": { "id": shape.category, "name": shape.category },
        "appliesTo": ["bpmn:Task"],
        "elementType": { "value": "bpmn:ServiceTask" },
        "properties": properties,
    })
}

/// An activity that acts at once is a delegate; one that waits is an external task whose topic is its name.
fn implementation(shape: &Shape) -> Vec<Value> {
    let hidden = |name: &str, value: String| json!({ "type": "Hidden", "value": value, "binding": { "type": "property", "name": name } });
    match shape.acts {
        Acts::Local => vec![hidden("camunda:delegateExpression", format!("${{{}}}", shape.name))],
        Acts::Waits => vec![
            hidden("camunda:type", "external".to_owned()),
            hidden("camunda:topic", shape.name.clone()),
        ],
    }
}

/// A template can write texts only, so lists and maps keep their defaults unless the file is edited by hand.
fn is_one_value(parameter: &&ParameterShape) -> bool {
    !matches!(parameter.kind, Kind::List | Kind::Map)
}

fn input(parameter: &ParameterShape) -> Value {
    let mut property = json!({
        "label": parameter.label,
        "description": parameter.doc,
        "type": "String",
        "binding": { "type": "camunda:inputParameter", "name": parameter.name },
    });
    let choices: Vec<&str> = match parameter.kind {
        Kind::Boolean => vec!["true", "false"],
        _ => parameter.choices.iter().map(String::as_str).collect(),
    };
    if !choices.is_empty() {
        property["type"] = "Dropdown".into();
        property["choices"] =
            choices.iter().map(|choice| json!({ "name": choice, "value": choice })).collect();
    }
    if let Some(default) = &parameter.default {
        property["value"] = literal(default).into();
    }
    if parameter.filled {
        property["constraints"] = json!({ "notEmpty": true });
    }
    property
}

/// A local result is offered as a process variable with a leading underscore, as is the custom.
fn output(output: &OutputShape) -> Value {
    json!({
        "label": format!("Variable for {}", output.name),
        "description": output.doc,
        "type": "String",
        "value": format!("_{}", output.name),
        "binding": { "type": "camunda:outputParameter", "source": format!("${{{}}}", output.name) },
    })
}

fn description(shape: &Shape) -> String {
    let events: Vec<String> =
        shape.errors.iter().map(|error| format!("{} ({})", error.label, error.code)).collect();
    match events.is_empty() {
        true => shape.doc.clone(),
        false => format!("{}\n\nError events for boundaries: {}.", shape.doc, events.join(", ")),
    }
}
