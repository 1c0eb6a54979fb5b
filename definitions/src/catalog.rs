//! The catalog: the activities that a definition may name, as plain data.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The activities that definitions may use, by canonical name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Every activity under its canonical name.
    pub activities: BTreeMap<String, ActivityShape>,
}

/// What a definition has to know of an activity in order to be checked against it.
#[derive(Clone, Debug)]
pub struct ActivityShape {
    /// Canonical name, such as `addUser`.
    pub name: String,
    /// Other names under which files may call it, such as the bean of a deployed file.
    pub aliases: Vec<String>,
    /// Whether it waits for somebody or something outside the process.
    pub waits: bool,
    /// The parameters that it takes.
    pub parameters: Vec<ParameterShape>,
    /// The codes of the error events that it can raise.
    pub errors: Vec<String>,
    /// Those of the errors that tell of missing configuration: nobody but an operator can go on, so an
    /// incident is right where nothing catches them.
    pub of_configuration: Vec<String>,
    /// Those of the errors that cannot occur with some parameters.
    pub ruled_out: Vec<RuledOut>,
    /// The local variables that it leaves behind for output parameters.
    pub outputs: Vec<String>,
    /// What the activity itself says of parameters, beyond their types.
    pub check: ParameterCheck,
}

/// An error that cannot occur where a definition gives a parameter this very value.
#[derive(Clone, Debug, PartialEq)]
pub struct RuledOut {
    /// The code of the error.
    pub code: String,
    /// The name of the parameter.
    pub parameter: String,
    /// The value that rules the error out.
    pub value: Value,
}

/// Tells what is wrong with parameters, each complaint with the name of its parameter. It is given their values, with the
/// text of what only expressions tell in its place, and the JSON paths of these texts, as in `$.dataForm.title`.
pub type ParameterCheck = fn(&Map<String, Value>, &[String]) -> Vec<(String, String)>;

/// One parameter of an activity.
#[derive(Clone, Debug)]
pub struct ParameterShape {
    /// Name as written in definitions.
    pub name: String,
    /// What kind of value it takes.
    pub kind: ParameterKind,
    /// Whether a definition must give it.
    pub required: bool,
}

/// The kinds of value that a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// A map.
    Map,
    /// Any of these, and fractions.
    Any,
}

impl Catalog {
    /// Finds an activity by its canonical name or by one of its aliases.
    pub fn find(&self, name: &str) -> Option<&ActivityShape> {
        self.activities.get(name).or_else(|| {
            self.activities.values().find(|shape| shape.aliases.iter().any(|alias| alias == name))
        })
    }
}

impl ActivityShape {
    /// Finds a parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<&ParameterShape> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}
