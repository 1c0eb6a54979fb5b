//! A draft: what a reader found in a text, before anything in it is believed.

use crate::check::did_you_mean;
use crate::process::{Heading, Sets};
use crate::{
    ComplexGateway, Event, EventGateway, Expression, ExpressionFlaw, Flaw, Input, People, Raise,
    Repeat, Retries, StartEvent, TaskKind, Template, Timer, Work,
};
use serde_json::Value;

/// A definition as it was written. Expressions are parsed, parameters of tasks are still text, and
/// nodes name each other by id.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) heading: Heading,
    pub(crate) line: u32,
    /// All nodes; what is in a sub-process comes after it.
    pub(crate) nodes: Vec<DraftNode>,
    pub(crate) flows: Vec<DraftFlow>,
    pub(crate) associations: Vec<DraftAssociation>,
    /// Data objects and properties of the process itself.
    pub(crate) variables: Vec<(String, Option<Input>)>,
    /// Ids of what is neither a node nor a flow, with their lines.
    pub(crate) further_ids: Vec<(String, u32)>,
}

#[derive(Debug)]
pub(crate) struct DraftNode {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    /// The id of the sub-process that holds it.
    pub(crate) parent: Option<String>,
    pub(crate) kind: DraftKind,
    /// The id of the default flow, if one is named.
    pub(crate) default: Option<String>,
    /// Properties of a task, a call or an event.
    pub(crate) variables: Vec<(String, Option<Input>)>,
    pub(crate) enter: Sets,
    pub(crate) leave: Sets,
    pub(crate) description: Option<String>,
    /// Whether something in it was refused already, so that nobody misses it a second time.
    pub(crate) refused: bool,
}

#[derive(Debug)]
pub(crate) enum DraftKind {
    Start(StartEvent),
    Catch(Event),
    Throw(Event),
    End(Event),
    Boundary {
        host: String,
        interrupting: bool,
        event: Event,
    },
    Activity(Box<DraftActivity>),
    Exclusive,
    Inclusive,
    Parallel,
    Complex(ComplexGateway),
    EventBased(EventGateway),
    /// An element that was refused; it stays so that flows to it do not dangle.
    Refused,
}

#[derive(Debug)]
pub(crate) struct DraftActivity {
    pub(crate) work: DraftWork,
    pub(crate) inputs: Vec<Parameter>,
    pub(crate) outputs: Vec<Parameter>,
    pub(crate) repeat: Option<Repeat>,
    pub(crate) retries: Option<Retries>,
    pub(crate) start_quantity: u32,
    pub(crate) completion_quantity: u32,
    pub(crate) for_compensation: bool,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a draft lives as long as its text is read")]
pub(crate) enum DraftWork {
    Task(DraftTask),
    Other(Work),
}

/// A task that runs an activity of the catalog.
#[derive(Debug)]
pub(crate) struct DraftTask {
    pub(crate) kind: TaskKind,
    /// The names under which the activity may be found, the best first; nothing when the way in
    /// which it is named was refused.
    pub(crate) activity: Option<Vec<String>>,
    pub(crate) raises: Vec<Raise>,
    pub(crate) people: Option<Box<People>>,
}

/// A line between two things; one between a compensation boundary event and an activity says what
/// undoes.
#[derive(Debug)]
pub(crate) struct DraftAssociation {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) line: u32,
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
pub(crate) struct DraftFlow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) condition: Option<String>,
    pub(crate) sets: Sets,
    pub(crate) description: Option<String>,
}

/// Collects flaws, up to a number that somebody can still read.
#[derive(Debug, Default)]
pub(crate) struct Flaws(Vec<Flaw>);

/// The most flaws that are reported of one text.
const MOST: usize = 200;

impl DraftNode {
    /// Whether it holds nodes.
    pub(crate) fn is_container(&self) -> bool {
        let DraftKind::Activity(activity) = &self.kind else { return false };
        matches!(activity.work, DraftWork::Other(Work::SubProcess(_)))
    }
}

impl DraftActivity {
    /// An activity that is done once, with nothing given and nothing kept.
    pub(crate) fn of(work: DraftWork) -> DraftActivity {
        DraftActivity {
            work,
            inputs: Vec::new(),
            outputs: Vec::new(),
            repeat: None,
            retries: None,
            start_quantity: 1,
            completion_quantity: 1,
            for_compensation: false,
        }
    }
}

impl Raw {
    /// Whether an expression in it asks for the variable of a name, spelt out.
    pub(crate) fn asks(&self, variable: &str) -> bool {
        self.parse().is_ok_and(|input| input.asks(variable))
    }

    /// The value with its expressions parsed.
    fn parse(&self) -> Result<Input, ExpressionFlaw> {
        Ok(match self {
            Raw::Text(text) => Input::Template(Template::parse(text)?),
            Raw::Constant(value) => Input::Template(Template::of_constant(value.clone())),
            Raw::List(items) => {
                Input::List(items.iter().map(Raw::parse).collect::<Result<_, _>>()?)
            }
            Raw::Map(entries) => {
                let entry = |(key, raw): &(String, Raw)| Ok((key.clone(), raw.parse()?));
                Input::Map(entries.iter().map(entry).collect::<Result<_, ExpressionFlaw>>()?)
            }
        })
    }
}

/// The longest text in bytes that many elements of a BPMN file may refer to; each of them has it as its own.
pub(crate) const LONGEST_SHARED: usize = 1000;

impl Flaws {
    /// Whether a text may be the code of an error or an escalation: it is the same at each throw, so
    /// that catching events can be compared with it.
    pub(crate) fn code(&mut self, element: &str, line: u32, of: &str, code: &str) -> bool {
        let constant = !code.contains("${") && !code.contains("#{") && !code.starts_with('=');
        if !constant {
            let message = format!(
                "the code of an {of} is a text, the same at each throw, not an expression; write \
                 the code itself, and choose between several with a gateway"
            );
            self.add("unsupported-value", element, line, message);
        }
        constant
    }

    /// Parses a template; `what` is the word of the text for it.
    pub(crate) fn template(
        &mut self,
        element: &str,
        line: u32,
        what: &str,
        text: &str,
    ) -> Option<Template> {
        self.parsed("invalid-expression", element, line, what, Template::parse(text.trim()))
    }

    /// Parses an expression; `what` is the word of the text for it.
    pub(crate) fn expression(
        &mut self,
        element: &str,
        line: u32,
        what: &str,
        text: &str,
    ) -> Option<Expression> {
        self.parsed("invalid-condition", element, line, what, Expression::parse(text.trim()))
    }

    /// Takes a timer that was read, or notes what is wrong with it.
    pub(crate) fn timer(
        &mut self,
        element: &str,
        line: u32,
        read: Result<Timer, ExpressionFlaw>,
    ) -> Option<Timer> {
        read.map_err(|flaw| self.add("invalid-timer", element, line, flaw.to_string())).ok()
    }

    /// Reads when something is tried again; `what` is the word of the text for it.
    pub(crate) fn retries(
        &mut self,
        element: &str,
        line: u32,
        what: &str,
        text: &str,
    ) -> Option<Retries> {
        self.parsed("invalid-retries", element, line, what, Retries::read(text))
    }

    /// Parses a value as it was written; `what` is the word of the text for it.
    pub(crate) fn input(
        &mut self,
        element: &str,
        line: u32,
        what: &str,
        value: &Raw,
    ) -> Option<Input> {
        self.parsed("invalid-expression", element, line, &crate::excerpt(what), value.parse())
    }

    fn parsed<T>(
        &mut self,
        rule: &'static str,
        element: &str,
        line: u32,
        what: &str,
        read: Result<T, ExpressionFlaw>,
    ) -> Option<T> {
        read.map_err(|flaw| self.add(rule, element, line, format!("in {what}: {flaw}"))).ok()
    }

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

    /// Whether a flaw of an element was found already.
    pub(crate) fn tell_of(&self, element: &str) -> bool {
        let element = crate::excerpt(element);
        self.0.iter().any(|flaw| flaw.element.as_deref() == Some(&element))
    }

    /// How many were noted so far.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The flaws in the order of the text; ids that stand twice before all that follows from them.
    pub(crate) fn into_vec(mut self) -> Vec<Flaw> {
        self.0.sort_by_key(|flaw| (flaw.rule != "duplicate-id", flaw.line.unwrap_or(0)));
        self.0
    }
}
