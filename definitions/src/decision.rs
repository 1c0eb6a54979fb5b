//! Decisions: DMN XML is read into decision tables and literal expressions, each a value.

mod aggregate;
mod compare;
mod evaluate;
mod matching;
mod meaning;
mod read;
mod requirements;
mod shape;
mod sort;
mod table;

use crate::draft::Flaws;
use crate::feel::Tests;
use crate::{Expression, Flaw};
use serde_json::Value;
pub use shape::ResultShape;
use sort::Sort;
use std::sync::Arc;

/// The decisions of one DMN file.
#[derive(Clone, Debug)]
pub struct Decisions(Vec<Decision>);

/// A decision with all that it requires (DMN 1.3 §6.3.7).
#[derive(Clone, Debug)]
pub struct Decision {
    file: Arc<[Body]>,
    /// The places of the required decisions, each after those that it requires; its own comes last.
    order: Vec<usize>,
    own: usize,
}

/// Reads DMN 1.1, 1.2 or 1.3.
///
/// Decision tables with all hit policies and literal expressions are read, in the common subset of
/// FEEL, or in our own expressions where `expressionLanguage` is `juel`. Unary tests compare
/// without coercion. An input that is but a name or a path is null when the variable is missing;
/// anywhere else a missing variable is an error. Item definitions, business knowledge models,
/// decision services and boxed expressions other than tables are refused by name.
///
/// # Errors
/// Everything that is wrong with the text, in its order.
pub fn read_decisions(text: &str) -> Result<Decisions, Vec<Flaw>> {
    let mut flaws = Flaws::default();
    let decisions = read::read(text, &mut flaws);
    match decisions.filter(|_| flaws.is_empty()) {
        Some(decisions) => Ok(decisions),
        None => Err(flaws.into_vec()),
    }
}

impl Decisions {
    /// A decision by its id.
    pub fn find(&self, id: &str) -> Option<&Decision> {
        self.iter().find(|decision| decision.id() == id)
    }

    /// All decisions, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Decision> {
        self.0.iter()
    }
}

impl Decision {
    /// The id, unique within the file.
    pub fn id(&self) -> &str {
        &self.body().id
    }

    /// The name, or nothing.
    pub fn name(&self) -> &str {
        &self.body().name
    }

    fn body(&self) -> &Body {
        &self.file[self.own]
    }
}

/// One decision as it is written.
#[derive(Debug)]
struct Body {
    id: String,
    name: String,
    /// The name of its result, where it is written and another one.
    variable: String,
    requires: Vec<Required>,
    logic: Logic,
}

impl Body {
    /// The names under which those that require it see its result.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in [&self.id, &self.name, &self.variable] {
            if !name.is_empty() && !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

/// A decision that another one requires, and the names under which that one sees its result.
#[derive(Debug)]
struct Required {
    place: usize,
    names: Vec<String>,
}

#[derive(Debug)]
enum Logic {
    Table(Table),
    Literal { expression: Expression, sort: Option<Sort> },
}

#[derive(Debug)]
struct Table {
    policy: Policy,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    rules: Vec<Rule>,
}

/// What becomes of the rules that match (DMN 1.3 §8.2.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Unique,
    Any,
    Priority,
    First,
    RuleOrder,
    OutputOrder,
    Collect(Option<Aggregation>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregation {
    Sum,
    Count,
    Min,
    Max,
}

const POLICIES: [(&str, Policy); 7] = [
    ("UNIQUE", Policy::Unique),
    ("FIRST", Policy::First),
    ("PRIORITY", Policy::Priority),
    ("ANY", Policy::Any),
    ("COLLECT", Policy::Collect(None)),
    ("RULE ORDER", Policy::RuleOrder),
    ("OUTPUT ORDER", Policy::OutputOrder),
];

const AGGREGATIONS: [(&str, Aggregation); 4] = [
    ("SUM", Aggregation::Sum),
    ("COUNT", Aggregation::Count),
    ("MIN", Aggregation::Min),
    ("MAX", Aggregation::Max),
];

impl Policy {
    fn name(self) -> &'static str {
        let known = POLICIES.iter().find(|(_, policy)| match (policy, self) {
            (Policy::Collect(_), Policy::Collect(_)) => true,
            (policy, own) => *policy == own,
        });
        known.map_or("", |(name, _)| name)
    }

    fn aggregation(self) -> Option<&'static str> {
        match self {
            Policy::Collect(aggregation) => aggregation.map(Aggregation::name),
            _ => None,
        }
    }

    /// Whether at most one result is chosen.
    fn is_single(self) -> bool {
        matches!(self, Policy::Unique | Policy::Any | Policy::Priority | Policy::First)
    }

    /// Whether the order of the output values decides.
    fn is_ranked(self) -> bool {
        matches!(self, Policy::Priority | Policy::OutputOrder)
    }
}

#[derive(Debug)]
struct Input {
    /// How messages call it.
    label: String,
    expression: Expression,
    sort: Option<Sort>,
    allowed: Option<Tests>,
}

#[derive(Debug)]
struct Output {
    /// The key of the result when there are several outputs.
    name: String,
    sort: Option<Sort>,
    /// The values that are allowed, the best first; none of them allows all.
    values: Vec<Value>,
    default: Option<Expression>,
}

#[derive(Debug)]
struct Rule {
    /// The id, or nothing.
    id: String,
    tests: Vec<Tests>,
    outputs: Vec<Expression>,
}
