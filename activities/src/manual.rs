//! Writes the manual of activities: a card for each, in Markdown.

use serde_json::Value;

use crate::{Acts, Kind, ParameterShape, Plugin, Shape};

/// The manual of these activities in Markdown, in their order.
pub fn manual(plugins: &[Plugin]) -> String {
    let mut text = String::from("# Activities\n");
    for plugin in plugins {
        card(&mut text, plugin.shape());
    }
    text
}

fn card(text: &mut String, shape: &Shape) {
    let acts = match shape.acts {
        Acts::Local => "acts at once, inside the step's commit",
        Acts::Waits => "waits for the end user",
    };
    text.push_str(&format!(
        "\n## {}\n\n`{}` · {} · {acts}\n\n{}\n",
        shape.label, shape.name, shape.category, shape.doc
    ));
    if !shape.aliases.is_empty() {
        let aliases: Vec<String> = shape.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        text.push_str(&format!("\nAlso known as {}.\n", aliases.join(", ")));
    }
    let rows = |row: &dyn Fn(&ParameterShape) -> String| {
        shape.parameters.iter().map(row).collect::<String>()
    };
    table(text, "Parameter | Name | Type | Required | Default | Meaning", &rows(&parameter));
    let errors = shape
        .errors
        .iter()
        .map(|error| format!("| {} | `{}` | {} |\n", error.label, error.code, cell(&error.doc)));
    table(text, "Error event | Code | Raised when", &errors.collect::<String>());
    let outputs = shape
        .outputs
        .iter()
        .map(|output| format!("| `{}` | {} |\n", output.name, cell(&output.doc)));
    table(text, "Output | Meaning", &outputs.collect::<String>());
}

fn table(text: &mut String, head: &str, rows: &str) {
    if !rows.is_empty() {
        let rule = vec!["---"; head.split('|').count()].join(" | ");
        text.push_str(&format!("\n| {head} |\n| {rule} |\n{rows}"));
    }
}

fn parameter(parameter: &ParameterShape) -> String {
    let ParameterShape { name, label, doc, .. } = parameter;
    let required = if parameter.filled { "yes" } else { "no" };
    let default =
        parameter.default.as_ref().map(|value| format!("`{}`", literal(value))).unwrap_or_default();
    let mut doc = cell(doc);
    if !parameter.choices.is_empty() {
        doc.push_str(&format!(" One of `{}`.", parameter.choices.join("`, `")));
    }
    format!("| {label} | `{name}` | {} | {required} | {default} | {doc} |\n", kind(parameter))
}

/// A value as a definition writes it: texts bare, the rest as JSON.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn kind(parameter: &ParameterShape) -> String {
    match (word(parameter.kind), parameter.members) {
        (outer, Kind::Any) => outer.to_owned(),
        (outer, members) => format!("{outer} of {}", word(members)),
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "String",
        Kind::Integer => "Integer",
        Kind::Boolean => "Boolean",
        Kind::List => "List",
        Kind::Map => "Map",
        Kind::Any => "Any",
    }
}

/// Documentation may run over lines and use bars; a cell of a table may not.
fn cell(doc: &str) -> String {
    doc.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}
