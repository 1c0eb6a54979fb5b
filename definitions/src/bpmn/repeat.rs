//! Loops and multi-instance activities (BPMN 2.0.2 §13.3.6, §13.3.7).

use super::data::Data;
use super::element::Element;
use super::extensions::{Extensions, PARAMETERS, RETRIES};
use super::formal;
use super::reader::Reader;
use super::variables::Datum;
use crate::draft::Raw;
use crate::feel::Counters;
use crate::{Input, MultiInstance, Repeat, Retries, Template};

/// The number of an instance, as a variable of it.
pub(super) const COUNTER: &str = "loopCounter";

/// What Camunda 8 counts within an instance of a multi-instance activity: its number, there from 1.
pub(super) const INSTANCE: Counters = &[(COUNTER, Ok("(loopCounter + 1)"))];

/// What a completion condition may ask there when the instances follow each other: the one that is
/// just done is the last of those that are.
const ONE_BY_ONE: Counters = &[
    ("numberOfInstances", Ok("nrOfInstances")),
    ("numberOfActiveInstances", Ok("nrOfActiveInstances")),
    ("numberOfCompletedInstances", Ok("nrOfCompletedInstances")),
    ("numberOfTerminatedInstances", Ok("nrOfTerminatedInstances")),
    (COUNTER, Ok("nrOfCompletedInstances")),
];

/// The same when they run together.
const TOGETHER: Counters = &[
    ONE_BY_ONE[0],
    ONE_BY_ONE[1],
    ONE_BY_ONE[2],
    ONE_BY_ONE[3],
    (
        COUNTER,
        Err("the completion condition of instances that run together sees the number of none of \
             them; ask for numberOfCompletedInstances instead of loopCounter"),
    ),
];

/// What several elements may refer to, within repetitions and without.
pub(super) const SHARED: Counters = &[(
    COUNTER,
    Err("loopCounter is not known where several elements may refer to this; set a variable to it \
         in the repeated activity and name that"),
)];

impl<'x> Reader<'x, '_> {
    /// Reads something with other counters.
    pub(super) fn counting<T>(
        &mut self,
        counters: Counters,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let own = std::mem::replace(&mut self.counters, counters);
        let given = read(self);
        self.counters = own;
        given
    }

    /// Reads how often an activity is done; an input that is the collection is taken out of its
    /// data.
    pub(super) fn repeat(&mut self, node: &'x Element, data: &mut Data<'x>) -> Option<Repeat> {
        let loops = node.children.iter().filter(|child| {
            child.is("multiInstanceLoopCharacteristics") || child.is("standardLoopCharacteristics")
        });
        let loops: Vec<&Element> = loops.collect();
        let first = *loops.first()?;
        for further in &loops[1..] {
            further.refuse(node, self.flaws);
        }
        Some(match first.is("standardLoopCharacteristics") {
            true => self.standard(first),
            false => Repeat::Multiple(Box::new(self.multiple(first, data))),
        })
    }

    /// Reads when an activity is tried again after it has failed; of a multi-instance activity, each
    /// instance of it.
    pub(super) fn retries(&mut self, node: &Element) -> Option<Retries> {
        let inside = node.all("multiInstanceLoopCharacteristics");
        let mut all = std::iter::once(node).chain(inside).flat_map(|holder| {
            let extensions = holder.all("extensionElements").flat_map(|inner| &inner.children);
            extensions.filter(|child| child.is_camunda(RETRIES))
        });
        let element = all.next()?;
        all.for_each(|further| further.refuse(node, self.flaws));
        element.allow(&[], &[], self.flaws);
        element.children.iter().for_each(|child| child.refuse(element, self.flaws));
        let text = formal::ours(None, element.words()).unwrap_or_default();
        self.flaws.retries(node.id(), element.line, RETRIES, &text)
    }

    fn standard(&mut self, element: &'x Element) -> Repeat {
        element.allow(&["id", "testBefore", "loopMaximum"], &[], self.flaws);
        element.no_text(self.flaws);
        self.extensions(element, &[]);
        let mut condition = None;
        for child in &element.children {
            match child.name.as_str() {
                "documentation" | "extensionElements" => {}
                "loopCondition" if condition.is_none() => condition = self.formal_condition(child),
                _ => child.refuse(element, self.flaws),
            }
        }
        let maximum = element.given("loopMaximum");
        let maximum = maximum.and_then(|text| self.number(element, "loopMaximum", text));
        let before = element.truth("testBefore", false, self.flaws);
        Repeat::Standard { condition, before, maximum }
    }

    /// A whole number or an expression that gives one.
    fn number(&mut self, at: &Element, what: &str, text: &str) -> Option<Template> {
        let literal = text.parse::<u32>().map(|number| Template::of_constant(number.into()));
        match literal {
            Ok(template) => Some(template),
            Err(_) if text.contains("${") || text.contains("#{") || text.starts_with('=') => {
                self.template(at, what, text)
            }
            Err(_) => {
                let text = crate::excerpt(text);
                let message = format!("{what} is a whole number or an expression, not {text}");
                at.tell(self.flaws, "wrong-type", message);
                None
            }
        }
    }

    fn multiple(&mut self, element: &'x Element, data: &mut Data<'x>) -> MultiInstance {
        let before = self.flaws.count();
        // What the events of another behavior are says nothing without it.
        let plain =
            ["id", "isSequential", "behavior", "oneBehaviorEventRef", "noneBehaviorEventRef"];
        element.allow(&plain, &["collection", "elementVariable"], self.flaws);
        element.only("behavior", "All", self.flaws);
        element.no_text(self.flaws);
        let mut multiple = MultiInstance {
            sequential: element.truth("isSequential", false, self.flaws),
            cardinality: None,
            collection: None,
            element: element.given_camunda("elementVariable").map(str::to_owned),
            completion: None,
            gathered: None,
        };
        if let Some(text) = element.given_camunda("collection") {
            multiple.collection = self.variable_or_template(element, "camunda:collection", text);
        }
        let (mut into, mut value) = (None, None);
        for child in &element.children {
            match child.name.as_str() {
                "documentation" | "extensionElements" | "complexBehaviorDefinition" => {}
                "loopCardinality" if multiple.cardinality.is_none() => {
                    let text = self.counting(self.around, |reader| reader.formal(child));
                    if let Some(text) = text {
                        multiple.cardinality = self.number(child, "loopCardinality", &text);
                    }
                }
                "completionCondition" if multiple.completion.is_none() => {
                    let counters = if multiple.sequential { ONE_BY_ONE } else { TOGETHER };
                    multiple.completion =
                        self.counting(counters, |reader| reader.formal_condition(child));
                }
                "loopDataInputRef" if multiple.collection.is_none() => {
                    multiple.collection =
                        self.counting(self.around, |reader| reader.items(child, data));
                }
                "inputDataItem" if multiple.element.is_none() => {
                    multiple.element = self.item(child).map(str::to_owned);
                }
                "loopDataOutputRef" if into.is_none() => into = self.gathering(child, data),
                "outputDataItem" if value.is_none() => value = self.item(child),
                _ => child.refuse(element, self.flaws),
            }
        }
        multiple.gathered = match (into, value) {
            (Some(into), Some(value)) => {
                let text = format!("${{{value}}}");
                self.input(element, "outputDataItem", &text).map(|value| (into, value))
            }
            (None, None) => None,
            _ => {
                let message = "loopDataOutputRef and outputDataItem go together; give both";
                element.tell(self.flaws, "wrong-shape", message);
                None
            }
        };
        let found = self.extensions(element, &[PARAMETERS, "zeebe:loopCharacteristics"]);
        self.gathered(element, &found, &mut multiple);
        if let Some(zeebe) = found.one("zeebe:loopCharacteristics", self.flaws) {
            self.zeebe_loop(zeebe, &mut multiple);
        }
        let counted = multiple.cardinality.is_some() || multiple.collection.is_some();
        if !counted && self.flaws.count() == before {
            let message = "a multi-instance activity needs a loopCardinality or a collection";
            element.tell(self.flaws, "missing-collection", message);
        }
        multiple
    }

    /// An output parameter of the repetition gathers its value, with an expression for it.
    fn gathered(
        &mut self,
        element: &Element,
        found: &Extensions<'_>,
        multiple: &mut MultiInstance,
    ) {
        let more = usize::from(multiple.gathered.is_none());
        for parameter in found.inputs.iter().chain(found.outputs.iter().skip(more)) {
            let message = "a multi-instance activity has no parameter but one output that gathers";
            self.flaws.add("unknown-parameter", &element.owner, parameter.line, message);
        }
        if let (None, Some(output)) = (&multiple.gathered, found.outputs.first()) {
            let owner = &element.owner;
            let value = self.flaws.input(owner, output.line, &output.name, &output.value);
            multiple.gathered = value.map(|value| (output.name.clone(), value));
        }
    }

    /// The name of an item.
    fn item(&mut self, element: &'x Element) -> Option<&'x str> {
        element.allow(&["id", "name", "itemSubjectRef", "isCollection"], &[], self.flaws);
        element.given("name").or_else(|| {
            let id = element.required("id", self.flaws);
            (!id.is_empty()).then(|| element.id())
        })
    }

    /// The collection: a data input with what it is given, a data object, or a variable by name.
    fn items(&mut self, element: &'x Element, data: &mut Data<'x>) -> Option<Template> {
        element.allow(&[], &[], self.flaws);
        let reference = element.words();
        if let Some(position) = data.inputs.iter().position(|(id, _)| *id == reference) {
            let (_, parameter) = data.inputs.remove(position);
            let Raw::Text(text) = parameter.value else { return None };
            return self.flaws.template(&element.owner, element.line, "loopDataInputRef", &text);
        }
        match self.datum(element, reference) {
            Some(other @ Datum::Own(..)) => {
                self.no_variable(element, reference, &other);
                None
            }
            Some(Datum::Variable(name)) => {
                let text = format!("${{{name}}}");
                self.flaws.template(&element.owner, element.line, "loopDataInputRef", &text)
            }
            _ => {
                // A data input that nothing is said of is the variable of its name.
                let name = data.names.get(reference).copied().unwrap_or(reference);
                self.variable_or_template(element, "loopDataInputRef", name)
            }
        }
    }

    /// The variable that gathers: that of a data output, a data object, or one by name.
    fn gathering(&mut self, element: &'x Element, data: &mut Data<'x>) -> Option<String> {
        element.allow(&[], &[], self.flaws);
        let reference = element.words();
        if let Some(variable) = data.kept.remove(reference) {
            data.outputs.retain(|parameter| parameter.name != variable);
            return Some(variable);
        }
        match self.datum(element, reference) {
            Some(Datum::Variable(name)) => Some(name),
            Some(other @ Datum::Own(..)) => {
                self.no_variable(element, reference, &other);
                None
            }
            // A data output that nothing takes from is the variable of its name.
            _ => Some(data.names.get(reference).copied().unwrap_or(reference).to_owned()),
        }
    }

    fn zeebe_loop(&mut self, element: &Element, multiple: &mut MultiInstance) {
        let plain = ["inputCollection", "inputElement", "outputCollection", "outputElement"];
        element.allow(&plain, &[], self.flaws);
        element.nothing_inside(self.flaws);
        if let Some(text) = element.given("inputCollection") {
            multiple.collection = self
                .counting(self.around, |reader| reader.template(element, "inputCollection", text));
        }
        if let Some(name) = element.given("inputElement") {
            multiple.element = Some(name.to_owned());
        }
        match (element.given("outputCollection"), element.given("outputElement")) {
            (Some(into), Some(value)) => {
                let value: Option<Input> = self.input(element, "outputElement", value);
                multiple.gathered = value.map(|value| (into.to_owned(), value));
            }
            (None, None) => {}
            _ => {
                let message = "outputCollection and outputElement go together; give both";
                element.tell(self.flaws, "wrong-shape", message);
            }
        }
    }
}
