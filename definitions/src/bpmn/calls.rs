//! Call activities (BPMN 2.0.2 §10.3.6), and the variables that pass between caller and called.

use super::element::Element;
use super::extensions::{self, Extensions, PARAMETERS};
use super::reader::Reader;
use super::repeat::COUNTER;
use crate::draft::{DraftActivity, DraftWork, Parameter, Raw};
use crate::{Binding, Call, Input, Mapping, Template, Work};

/// What every activity may say without a prefix.
pub(super) const ACTIVITY: [&str; 6] =
    ["id", "name", "default", "isForCompensation", "startQuantity", "completionQuantity"];

/// The attributes by which a call or a decision names a version, in the order binding, version,
/// version tag.
type Words = [&'static str; 3];

const CALL: Words = ["calledElementBinding", "calledElementVersion", "calledElementVersionTag"];
const CALL_TENANT: &str = "calledElementTenantId";
const DECISION: Words = ["decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag"];

impl<'x> Reader<'x, '_> {
    /// Reads a call activity.
    pub(super) fn call_activity(&mut self, element: &'x Element) -> DraftActivity {
        let plain: Vec<&str> = ACTIVITY.into_iter().chain(["calledElement"]).collect();
        element.allow(&plain, &[&CALL[..], &[CALL_TENANT]].concat(), self.flaws);
        let known = [PARAMETERS, "camunda:in", "camunda:out", "zeebe:calledElement"];
        let found = self.extensions(element, &known);
        let mut call = Call {
            process: Template::of_constant("".into()),
            binding: Binding::Latest,
            tenant: self.tenant(element, CALL_TENANT),
            business_key: None,
            given: Mapping::default(),
            taken: Mapping::default(),
            kept: Vec::new(),
        };
        let mut process = element.given("calledElement");
        if let Some(zeebe) = found.one("zeebe:calledElement", self.flaws) {
            let plain = [
                "processId",
                "processIdExpression",
                "bindingType",
                "versionTag",
                "propagateAllChildVariables",
                "propagateAllParentVariables",
            ];
            zeebe.allow(&plain, &[], self.flaws);
            zeebe.nothing_inside(self.flaws);
            process = zeebe.given("processId").or(process);
            call.binding = self.zeebe_binding(zeebe);
            call.given.all = zeebe.truth("propagateAllParentVariables", true, self.flaws);
            call.taken.all = zeebe.truth("propagateAllChildVariables", true, self.flaws);
        } else {
            call.binding = self.binding(element, CALL);
        }
        match process {
            Some(text) => {
                let process = self.template(element, "the called element", text);
                call.process = process.unwrap_or(call.process);
            }
            None if found.one("zeebe:calledElement", self.flaws).is_some() => {
                let message = "a call activity names the called process as processId";
                element.tell(self.flaws, "missing-attribute", message);
            }
            None => drop(element.required("calledElement", self.flaws)),
        }
        self.call_mappings(element, &found, &mut call);
        let Extensions { inputs, outputs, .. } = found;
        let work = |call| DraftActivity::of(DraftWork::Other(Work::Call(call)));
        if !self.file.zeebe {
            return DraftActivity { inputs, outputs, ..work(call) };
        }
        // Camunda 8 passes on what its mappings say.
        call.given.entries = self.entries(element, inputs);
        call.taken.entries = self.entries(element, outputs);
        let given = &mut call.given;
        // Whoever is called counts from 1 too.
        if given.all
            && !self.counters.is_empty()
            && !given.entries.iter().any(|(n, _)| n == COUNTER)
        {
            let text = format!("${{{COUNTER} + 1}}");
            let number = self.flaws.input(element.id(), element.line, COUNTER, &Raw::Text(text));
            given.entries.extend(number.map(|number| (COUNTER.to_owned(), number)));
        }
        work(call)
    }

    fn entries(&mut self, element: &Element, given: Vec<Parameter>) -> Vec<(String, Input)> {
        let mut entries = Vec::new();
        for Parameter { name, line, value } in given {
            let input = self.flaws.input(element.id(), line, &name, &value);
            entries.extend(input.map(|input| (name, input)));
        }
        entries
    }

    fn call_mappings(&mut self, element: &Element, found: &Extensions<'_>, call: &mut Call) {
        for mapping in found.all("camunda:in") {
            let local = mapping.truth("local", false, self.flaws);
            if let Some(key) = mapping.given("businessKey") {
                mapping.allow(&["businessKey"], &[], self.flaws);
                let plain: String = key.chars().filter(|c| !c.is_whitespace()).collect();
                // The caller's own key is what the called has when nothing is said.
                if !is_own_key(&plain) {
                    call.business_key = self.template(mapping, "businessKey", key);
                }
            } else if mapping.plain("variables").is_some() && local {
                self.all(mapping);
                for name in locals(element, found) {
                    let value = self.variable(mapping, "local", &name).map(Input::Template);
                    call.given.entries.extend(value.map(|value| (name, value)));
                }
            } else if mapping.plain("variables").is_some() {
                self.all(mapping);
                call.given.all = true;
            } else {
                if let Some(name) = mapping.given("source").filter(|_| local)
                    && !locals(element, found).iter().any(|known| known == name)
                {
                    let name = crate::excerpt(name);
                    let message = format!(
                        "{name} is not local to the call; give it an input parameter of that \
                         name, or take local away"
                    );
                    mapping.tell(self.flaws, "unsupported-value", message);
                }
                call.given.entries.extend(self.mapped(mapping));
            }
        }
        for mapping in found.all("camunda:out") {
            let local = mapping.truth("local", false, self.flaws);
            if mapping.plain("variables").is_some() {
                self.all(mapping);
                // The outputs see all variables of the called process anyway.
                call.taken.all |= !local;
            } else {
                let into = if local { &mut call.kept } else { &mut call.taken.entries };
                into.extend(self.mapped(mapping));
            }
        }
    }

    /// Checks that a mapping of variables is one of all.
    pub(super) fn all(&mut self, mapping: &Element) {
        mapping.allow(&["variables", "local"], &[], self.flaws);
        mapping.only("variables", "all", self.flaws);
    }

    /// One `camunda:in` or `camunda:out` with a source and a target.
    pub(super) fn mapped(&mut self, mapping: &Element) -> Option<(String, Input)> {
        mapping.allow(&["source", "sourceExpression", "target", "local"], &[], self.flaws);
        let target = mapping.required("target", self.flaws);
        let (source, expression) = (mapping.given("source"), mapping.given("sourceExpression"));
        // A list or a map stands inside; Camunda 7 has no word for it.
        if source.or(expression).is_none() && !mapping.children.is_empty() {
            let value = extensions::value(mapping, mapping, self.flaws)?;
            let input = self.flaws.input(&mapping.owner, mapping.line, &target, &value);
            return input.filter(|_| !target.is_empty()).map(|input| (target, input));
        }
        mapping.nothing_inside(self.flaws);
        let input = match (source, expression) {
            (Some(name), None) => self.variable(mapping, "source", name),
            (None, Some(text)) => self.template(mapping, "sourceExpression", text),
            _ => {
                let message = format!("{} has a source or a sourceExpression", mapping.name);
                mapping.tell(self.flaws, "missing-attribute", message);
                None
            }
        };
        if target.is_empty() {
            return None;
        }
        input.map(|input| (target, Input::Template(input)))
    }

    /// The binding of a decision.
    pub(super) fn decision_binding(&mut self, element: &Element) -> Binding {
        self.binding(element, DECISION)
    }

    /// The tenant of what is called or evaluated.
    pub(super) fn tenant(&mut self, element: &Element, word: &str) -> Option<Template> {
        let text = element.given_camunda(word)?;
        self.template(element, word, text)
    }

    fn binding(&mut self, element: &Element, [binding, version, tag]: Words) -> Binding {
        let word = element.given_camunda(binding);
        let (number, name) = (element.given_camunda(version), element.given_camunda(tag));
        let needed = match word {
            None | Some("latest") => return Binding::Latest,
            Some("deployment") => return Binding::Deployment,
            Some("version") => number.map(|text| (version, text)),
            Some("versionTag") => name.map(|text| (tag, text)),
            Some(other) => {
                let other = crate::excerpt(other);
                let message = format!(
                    "camunda:{binding} is latest, deployment, version or versionTag, not {other}"
                );
                element.tell(self.flaws, "unsupported-value", message);
                return Binding::Latest;
            }
        };
        let Some((what, text)) = needed else {
            let what = if word == Some("version") { version } else { tag };
            let message = format!("{} needs the attribute camunda:{what}", element.name);
            element.tell(self.flaws, "missing-attribute", message);
            return Binding::Latest;
        };
        match self.template(element, what, text) {
            Some(template) if what == version => Binding::Version(template),
            Some(template) => Binding::Tag(template),
            None => Binding::Latest,
        }
    }

    /// The binding of a `zeebe:` element.
    pub(super) fn zeebe_binding(&mut self, element: &Element) -> Binding {
        match element.given("bindingType") {
            None | Some("latest") => Binding::Latest,
            Some("deployment") => Binding::Deployment,
            Some("versionTag") => {
                let text = element.required("versionTag", self.flaws);
                self.template(element, "versionTag", &text).map_or(Binding::Latest, Binding::Tag)
            }
            Some(_) => {
                let words = "latest or deployment or versionTag";
                element.only("bindingType", words, self.flaws);
                Binding::Latest
            }
        }
    }
}

/// The variables that are local to a call: its input parameters, and what its repetition gives it.
fn locals(element: &Element, found: &Extensions<'_>) -> Vec<String> {
    let mut names: Vec<String> = found.inputs.iter().map(|input| input.name.clone()).collect();
    names.extend(element.all("property").filter_map(super::variables::variable).map(str::to_owned));
    for repeat in element.all("multiInstanceLoopCharacteristics") {
        names.extend(repeat.given_camunda("elementVariable").map(str::to_owned));
        let items = repeat.all("inputDataItem").filter_map(|item| item.given("name"));
        names.extend(items.map(str::to_owned));
        names.push(COUNTER.to_owned());
    }
    names
}

fn is_own_key(text: &str) -> bool {
    let inner = text.strip_prefix("#{").or_else(|| text.strip_prefix("${"));
    let inner = inner.and_then(|rest| rest.strip_suffix('}'));
    matches!(inner, Some("execution.processBusinessKey" | "execution.businessKey"))
}
