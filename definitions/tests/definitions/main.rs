//! What this room promises, as tables and small texts.

mod bpmn;
mod catalog;
mod expressions;
mod flaws;
mod hostile;
mod library;
mod templates;
mod yaml;

use definitions::{Format, Process, read};

/// The meaning of a text as JSON, or its flaws, one a line.
fn meaning(format: Format, text: &str) -> String {
    match read(format, text, &catalog::catalog()) {
        Ok(process) => serde_json::to_string_pretty(&process.meaning()).unwrap(),
        Err(flaws) => flaws.iter().map(|flaw| format!("{flaw}\n")).collect(),
    }
}

/// A process that is read without a flaw.
fn process(format: Format, text: &str) -> Process {
    read(format, text, &catalog::catalog()).unwrap_or_else(|flaws| panic!("{flaws:#?}"))
}
