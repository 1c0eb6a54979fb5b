//! What a process is: BPMN 2.0 XML and YAML are read into one checked graph, a `Process`.

mod activity;
mod bpmn;
mod catalog;
mod check;
mod decision;
mod draft;
mod encoding;
mod expression;
mod feel;
mod flaw;
mod kind;
mod layout;
pub mod library;
mod meaning;
mod people;
mod process;
mod sound;
mod template;
mod timer;
mod yaml;

pub use activity::{
    Activity, AdHoc, Binding, Call, DecisionTask, Input, Mapping, MultiInstance, Raise, Repeat,
    SubProcess, SubProcessKind, Task, TaskKind, Work,
};
pub use bpmn::{with_scripts, write_bpmn, write_bpmn_all};
pub use catalog::{
    ActivityShape, Catalog, ParameterCheck, ParameterKind, ParameterShape, RuledOut,
};
pub use decision::{Decision, Decisions, ResultShape, read_decisions};
pub use encoding::decode;
pub use expression::{EvaluationError, Expression, ExpressionFlaw, Scope, bytes};
pub use flaw::Flaw;
pub use kind::{
    Boundary, Change, Compensation, ComplexGateway, Condition, ErrorDefinition, Escalation, Event,
    EventDefinition, EventGateway, Kind, Message, StartEvent,
};
pub use layout::{Bounds, Drawing, Edge, Point, Shape, read_drawing};
pub use people::{Assignment, Concern, People};
pub use process::{Container, Flow, Node, NodeId, Place, Process, Sets};
pub use sound::{Finding, Proof, Step, prove};
pub use template::Template;
pub use timer::{Cron, Cycle, Recurrence, Retries, Schedule, Timer};
pub use yaml::{write_yaml, write_yaml_all};

use draft::Flaws;

/// The forms in which a definition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// BPMN 2.0 XML: plain, with the `camunda:` extension elements of deployed files, or with those
    /// of Camunda 8, `zeebe:`, which are translated; `definitions/BPMN.md` says what of them is taken.
    ///
    /// What the dialects have no word for is said with `camunda:properties`: a property
    /// `correlationKey` on a message, or on the event or task that sends or receives it.
    Bpmn,
    /// YAML: a map with `name` and `steps`, each of which leads to the next unless it says `then`;
    /// the start and the end need not be written. `definitions/YAML.md` is the whole grammar.
    Yaml,
}

/// Reads a definition and checks it against the activities of a catalog.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text; first the ids that stand twice.
pub fn read(format: Format, text: &str, catalog: &Catalog) -> Result<Process, Vec<Flaw>> {
    let mut flaws = Flaws::default();
    let draft = match format {
        Format::Bpmn => bpmn::read_one(text, catalog, &mut flaws),
        Format::Yaml => yaml::read_one(text, &mut flaws),
    };
    let process = draft.and_then(|draft| check::check(&draft, catalog, &mut flaws));
    process.filter(|_| flaws.is_empty()).ok_or_else(|| flaws.into_vec())
}

/// Reads every executable process of a text and checks each against the activities of a catalog.
/// A BPMN file may have several pools, and YAML several documents.
///
/// # Errors
/// Everything that is wrong with any of them, in the order of the text; first the ids that stand
/// twice.
pub fn read_all(format: Format, text: &str, catalog: &Catalog) -> Result<Vec<Process>, Vec<Flaw>> {
    let mut flaws = Flaws::default();
    let drafts = match format {
        Format::Bpmn => bpmn::read(text, catalog, &mut flaws),
        Format::Yaml => yaml::read(text, &mut flaws).unwrap_or_default(),
    };
    let checked = drafts.iter().filter_map(|draft| check::check(draft, catalog, &mut flaws));
    let processes: Vec<Process> = checked.collect();
    if flaws.is_empty() { Ok(processes) } else { Err(flaws.into_vec()) }
}

/// A name for people: line breaks in it count as blanks, and several blanks as one.
pub(crate) fn title(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A message of a library as part of ours: one line, without a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.trim_end_matches('.').chars().take(300).map(visible).collect()
}

/// The beginning of a text, short and harmless enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// Says of a text which character XML 1.0 cannot hold, not even by its number (§2.2): such a definition could be
/// written as YAML only.
pub(crate) fn refused_character(text: &str) -> Option<String> {
    let refused = |one: &char| match one {
        '\t' | '\n' | '\r' => false,
        one => matches!(one, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'),
    };
    let number = u32::from(text.chars().find(refused)?);
    Some(format!("a text has the character U+{number:04X}, which XML cannot hold; take it away"))
}

/// A character as it may be shown: no controls, and none that turn the direction of writing.
fn visible(character: char) -> char {
    let turns = matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || character.is_control() { '\u{fffd}' } else { character }
}
