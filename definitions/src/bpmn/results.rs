//! The result of a script or a decision: where it goes, and what outputs call it.
//!
//! In files of Camunda a result with the name of a local variable goes to that, and outputs see it
//! by its own name alone. Here it goes around the task, and outputs see it as `result` or
//! `decisionResult`, too; and a decision that names no shape gives a list of maps there, and here
//! what its table gives. Where that matters it is translated or refused, but for what was written
//! from here, which says so with a property.

use super::element::Element;
use super::reader::Reader;
use super::variables;
use crate::draft::{DraftActivity, DraftWork};
use crate::expression::literal;
use crate::{Activity, Input, Repeat, ResultShape, Template, Work};

/// The property of a task whose result is meant as here, and its value.
pub(super) const MEANT: (&str, &str) = ("result", "YAML");

/// The result of some work, by the variable that receives it and by what outputs call it.
fn result(work: &Work) -> Option<(Option<&str>, &'static str)> {
    match work {
        Work::Script { result, .. } => Some((result.as_deref(), "result")),
        Work::Decision(task) => Some((task.result.as_deref(), "decisionResult")),
        _ => None,
    }
}

/// What of the result Camunda would take otherwise.
enum Doubt<'w> {
    /// It goes to a variable that has the name of a local one.
    Local(&'w str),
    /// The outputs ask for it by a name that is another variable there.
    Hidden(&'static str),
}

fn doubt<'w>(
    work: &'w Work,
    repeat: Option<&Repeat>,
    is_input: impl Fn(&str) -> bool,
    asked: impl Fn(&str) -> bool,
) -> Option<Doubt<'w>> {
    let (own, hidden) = result(work)?;
    let item = match repeat {
        Some(Repeat::Multiple(multiple)) => multiple.element.as_deref(),
        _ => None,
    };
    if let Some(own) = own.filter(|own| is_input(own) || item == Some(*own)) {
        return Some(Doubt::Local(own));
    }
    let gathers = || match repeat {
        Some(Repeat::Multiple(multiple)) => {
            multiple.gathered.as_ref().is_some_and(|(_, value)| value.asks(hidden))
        }
        _ => false,
    };
    let another = own != Some(hidden) && !has_shape(work, Some(ResultShape::ResultList));
    (another && (asked(hidden) || gathers())).then_some(Doubt::Hidden(hidden))
}

/// Whether it is a decision in a shape, or in that of its table.
fn has_shape(work: &Work, shape: Option<ResultShape>) -> bool {
    matches!(work, Work::Decision(task) if task.shape == shape)
}

/// Whether a task is to say that its result is meant as here.
pub(super) fn is_doubtful(activity: &Activity) -> bool {
    let Activity { work, inputs, outputs, repeat, .. } = activity;
    let is_input = |name: &str| inputs.iter().any(|(input, _)| input == name);
    let asked = |name: &str| outputs.iter().any(|(_, output)| output.asks(name));
    has_shape(work, None) || doubt(work, repeat.as_ref(), is_input, asked).is_some()
}

impl Reader<'_, '_> {
    /// Refuses what Camunda takes otherwise, and notes what is local to the task there.
    pub(super) fn result(&mut self, element: &Element, activity: &DraftActivity) {
        let DraftActivity { work: DraftWork::Other(work), inputs, outputs, repeat, .. } = activity
        else {
            return;
        };
        if is_meant(element) {
            return;
        }
        let is_input = |name: &str| inputs.iter().any(|input| input.name == name);
        let asked = |name: &str| outputs.iter().any(|output| output.value.asks(name));
        let message = match doubt(work, repeat.as_ref(), is_input, asked) {
            Some(Doubt::Local(name)) => {
                let name = crate::excerpt(name);
                format!(
                    "the result goes to {name}, and so does an input or the item of this task: it \
                     would be lost with that; call one of them otherwise"
                )
            }
            Some(Doubt::Hidden("result")) => "an output asks for result, which is here the value \
                                              of the script itself and not a variable around; ask \
                                              for the result by the name of its variable, and \
                                              call the other otherwise"
                .to_owned(),
            Some(Doubt::Hidden(name)) if self.zeebe().is_some() => format!(
                "an output asks for {name}, which is here the result itself and not a variable \
                 around; ask for the result by the name of its variable, and call the other otherwise"
            ),
            Some(Doubt::Hidden(name)) => format!(
                "an output asks for {name}, which is a list of maps there; say \
                 camunda:mapDecisionResult=\"resultList\", or ask for the variable of the result"
            ),
            None => return self.keep_local(element, work, activity),
        };
        element.tell(self.flaws, "unsupported-value", message);
    }

    /// In Camunda 8 a result is local to its task where that has outputs, and in an instance of a
    /// repetition that gathers it: it is a property then.
    fn keep_local(&mut self, element: &Element, work: &Work, activity: &DraftActivity) {
        let Some((Some(own), _)) = result(work) else { return };
        if self.zeebe().is_none() {
            return;
        }
        let gathered = gathered(element).is_some_and(|path| is_path_of(path, own));
        // What an output sets under its name goes around, and hides the result there.
        let set = activity.outputs.iter().any(|output| output.name == own);
        let mut declared = element.all("property").filter_map(variables::variable);
        if set || !gathered && activity.outputs.is_empty() || declared.any(|name| name == own) {
            return;
        }
        let begins = format!("${{execution.getVariable({})}}", literal(own));
        let begins = Template::parse(&begins).ok().filter(|_| !gathered).map(Input::Template);
        self.local.push((own.to_owned(), begins));
    }
}

/// Whether a task has the property that says so.
pub(super) fn is_meant(element: &Element) -> bool {
    let extensions = element.all("extensionElements").flat_map(|inner| &inner.children);
    let properties = extensions.filter(|child| child.is_camunda("properties"));
    let mut properties = properties.flat_map(|holder| &holder.children);
    properties.any(|one| (one.given("name"), one.given("value")) == (Some(MEANT.0), Some(MEANT.1)))
}

/// What each instance of a repetition gives, in FEEL.
fn gathered(element: &Element) -> Option<&str> {
    let mut loops = element.all("multiInstanceLoopCharacteristics");
    let extensions = loops.next()?.all("extensionElements").flat_map(|inner| &inner.children);
    let mut loops = extensions.filter(|child| child.is_zeebe("loopCharacteristics"));
    loops.next()?.given("outputElement")?.strip_prefix('=')
}

/// Whether FEEL is but a variable, or what is in it.
fn is_path_of(feel: &str, variable: &str) -> bool {
    let mut names = feel.split('.').map(str::trim);
    names.next() == Some(variable) && names.all(super::formal::is_name)
}
