//! A draft: what a reader found in a text, before anything in it is believed.

use crate::Flaw;
use crate::check::did_you_mean;
use crate::process::{Heading, TaskKind};
use serde_json::Value;

/// A definition as it was written; names and expressions are still text.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) heading: Heading,
    pub(crate) line: u32,
    pub(crate) nodes: Vec<DraftNode>,
    pub(crate) flows: Vec<DraftFlow>,
    /// Ids of what is neither a node nor a flow, with their lines.
    pub(crate) further_ids: Vec<(String, u32)>,
}

#[derive(Debug)]
pub(crate) struct DraftNode {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) kind: DraftKind,
    /// The id of the default flow, if one is named.
    pub(crate) default: Option<String>,
}

#[derive(Debug)]
pub(crate) enum DraftKind {
    Start,
    End,
    Task(DraftTask),
    Exclusive,
    Parallel,
    Boundary {
        host: String,
        interrupting: bool,
        trigger: DraftTrigger,
    },
    /// An element that was refused; it stays so that flows to it do not dangle.
    Refused,
}

#[derive(Debug)]
pub(crate) struct DraftTask {
    pub(crate) kind: TaskKind,
    /// The names under which the activity may be found, the best first; nothing when the way in
    /// which it is named was refused.
    pub(crate) activity: Option<Vec<String>>,
    pub(crate) inputs: Vec<Parameter>,
    pub(crate) outputs: Vec<Parameter>,
}

/// One input or output parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) value: Raw,
}

/// A written value.
#[derive(Debug)]
pub(crate) enum Raw {
    Text(String),
    Constant(Value),
    List(Vec<Raw>),
    Map(Vec<(String, Raw)>),
}

#[derive(Debug)]
pub(crate) enum DraftTrigger {
    Error {
        code: Option<String>,
        code_variable: Option<String>,
        message_variable: Option<String>,
    },
    Duration(String),
    /// A trigger that was refused.
    Refused,
}

#[derive(Debug)]
pub(crate) struct DraftFlow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) condition: Option<String>,
}

/// Collects flaws, up to a number that somebody can still read.
#[derive(Debug, Default)]
pub(crate) struct Flaws(Vec<Flaw>);

/// The most flaws that are reported of one text.
const MOST: usize = 200;

impl Flaws {
    pub(crate) fn add(
        &mut self,
        rule: &'static str,
        element: &str,
        line: u32,
        message: impl Into<String>,
    ) {
        if self.0.len() >= MOST {
            return;
        }
        let element = (!element.is_empty()).then(|| crate::excerpt(element));
        let line = (line > 0).then_some(line);
        self.0.push(Flaw { rule, element, line, message: message.into() });
    }

    /// A clause such as `; did you mean addUser?`, or nothing when no known name is near.
    pub(crate) fn hint<'a>(&self, wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
        // A flaw that is not reported needs no hint.
        if self.0.len() >= MOST { String::new() } else { did_you_mean(wrong, known) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The flaws in the order of the text.
    pub(crate) fn into_vec(mut self) -> Vec<Flaw> {
        self.0.sort_by_key(|flaw| flaw.line.unwrap_or(0));
        self.0
    }
}
