//! What this room promises, as tables and small texts.

mod bpmn;
mod bpmn_elements;
mod camunda;
mod catalog;
mod choices;
mod connectors;
mod corpora;
mod decision_cells;
mod decision_files;
mod decision_shapes;
mod decisions;
mod descriptions;
mod dialects;
mod encodings;
mod exhaustive;
mod exporters;
mod expression_limits;
mod expressions;
mod feel;
mod feel_types;
mod flaws;
mod flaws_of_bpmn;
mod flaws_of_rules;
mod generated_forms;
mod hostile;
mod kept;
mod layout;
mod library;
mod nameless;
mod people;
mod picture;
mod pools;
mod properties;
mod reminders;
mod resets;
mod results;
mod shortest;
mod sound;
mod stuck;
mod templates;
mod timers;
mod undone;
mod waits;
mod walks;
mod written;
mod yaml;
mod yaml_constructs;
mod yaml_events;
mod yaml_mistakes;
mod yaml_writing;

use definitions::{Format, Process, read};
use serde_json::Value;
use std::collections::BTreeMap;

/// The meaning of a text, one line for the whole and one for each node, or its flaws.
fn meaning(format: Format, text: &str) -> String {
    let process = match read(format, text, &catalog::catalog()) {
        Ok(process) => process,
        Err(flaws) => return flaws.iter().map(|flaw| format!("{flaw}\n")).collect(),
    };
    yaml_writing::written(&process);
    let mut meaning = process.meaning();
    let nodes: BTreeMap<String, Value> =
        serde_json::from_value(meaning["nodes"].take()).unwrap_or_default();
    let nodes: String = nodes.iter().map(|(id, node)| format!("{id}: {node}\n")).collect();
    format!("{meaning}\n{nodes}")
}

/// A process that is read without a flaw; written as YAML it means the same.
fn process(format: Format, text: &str) -> Process {
    let read = read(format, text, &catalog::catalog());
    let process = read.unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    yaml_writing::written(&process);
    process
}
