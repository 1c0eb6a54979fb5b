//! Tasks that the engine itself does: messages, scripts, decisions, and nothing at all.

use super::calls::ACTIVITY;
use super::connectors::CONNECTOR;
use super::correlation;
use super::element::Element;
use super::extensions::{Extensions, PARAMETERS};
use super::reader::Reader;
use super::results::is_meant;
use super::tasks::{EVALUATING, SERVICE, WORKER};
use crate::draft::{DraftActivity, DraftWork};
use crate::{Binding, DecisionTask, Message, ResultShape, TaskKind, Template, Work};

const TENANT: &str = "decisionRefTenantId";
const DECISION: [&str; 7] = [
    "decisionRef",
    "decisionRefBinding",
    "decisionRefVersion",
    "decisionRefVersionTag",
    TENANT,
    "mapDecisionResult",
    "resultVariable",
];

/// An activity of the engine's own, with its parameters.
pub(super) fn own(work: Work, found: Extensions<'_>) -> DraftActivity {
    let Extensions { inputs, outputs, .. } = found;
    DraftActivity { inputs, outputs, ..DraftActivity::of(DraftWork::Other(work)) }
}

/// Stands for a text that was refused.
pub(super) fn refused() -> Template {
    Template::of_constant("".into())
}

/// Stands for a message that was refused.
fn unknown() -> Message {
    Message { name: refused(), key: None }
}

fn allow(element: &Element, plain: &[&'static str], camunda: &[&str], reader: &mut Reader<'_, '_>) {
    let plain: Vec<&str> = ACTIVITY.iter().chain(plain).copied().collect();
    element.allow(&plain, camunda, reader.flaws);
}

/// Whether a task names an activity.
pub(super) fn names_activity(element: &Element, found: &Extensions<'_>) -> bool {
    SERVICE.iter().any(|name| element.camunda(name).is_some())
        || !found.listeners.is_empty()
        || ["zeebe:taskDefinition", CONNECTOR].iter().any(|name| found.all(name).next().is_some())
}

impl<'x> Reader<'x, '_> {
    /// Reads an abstract or a manual task.
    pub(super) fn idle_task(&mut self, element: &'x Element) -> DraftActivity {
        allow(element, &[], &[], self);
        let found = self.extensions(element, &[PARAMETERS]);
        let manual = element.is("manualTask");
        let kind = if manual { TaskKind::Manual } else { TaskKind::Abstract };
        own(Work::Nothing(kind), found)
    }

    /// Reads a send task, which sends a message or runs an activity.
    pub(super) fn send_task(&mut self, element: &'x Element) -> DraftActivity {
        let camunda = [&SERVICE[..], &EVALUATING].concat();
        allow(element, &["implementation", "messageRef", "operationRef"], &camunda, self);
        let known = [&WORKER[..], &["zeebe:subscription", CONNECTOR]].concat();
        let found = self.extensions(element, &known);
        if let Some(work) = self.evaluating(element, &found) {
            return own(work, found);
        }
        let message = element.plain("messageRef").is_some();
        if names_activity(element, &found) || element.camunda("skyId").is_some() && !message {
            if message {
                let message = "a send task sends a message or runs an activity; take one away";
                element.tell(self.flaws, "unsupported-value", message);
            }
            return self.worker(element, TaskKind::Send, found);
        }
        self.without_activity(element, &found);
        let key = correlation::key(self.zeebe(), &found, self.flaws);
        let message = self.message(element, element, key, true);
        own(Work::Send(message.unwrap_or_else(unknown)), found)
    }

    /// Reads a receive task.
    pub(super) fn receive_task(&mut self, element: &'x Element) -> DraftActivity {
        let plain = ["implementation", "messageRef", "operationRef", "instantiate"];
        allow(element, &plain, &[], self);
        let found = self.extensions(element, &[PARAMETERS, "zeebe:subscription"]);
        let key = correlation::key(self.zeebe(), &found, self.flaws);
        let message = self.message(element, element, key, false).unwrap_or_else(unknown);
        let instantiate = element.truth("instantiate", false, self.flaws);
        own(Work::Receive { message, instantiate }, found)
    }

    /// Reads a script task.
    pub(super) fn script_task(&mut self, element: &'x Element) -> DraftActivity {
        allow(element, &["scriptFormat"], &["resultVariable"], self);
        let found = self.extensions(element, &[PARAMETERS, "zeebe:script"]);
        if let Some(zeebe) = found.one("zeebe:script", self.flaws) {
            zeebe.allow(&["expression", "resultVariable"], &[], self.flaws);
            zeebe.nothing_inside(self.flaws);
            let text = zeebe.required("expression", self.flaws);
            let script = self.template(zeebe, "the script", &text).unwrap_or_else(refused);
            let result = zeebe.given("resultVariable").map(str::to_owned);
            return own(Work::Script { script, result }, found);
        }
        if self.file.zeebe {
            element.tell(self.flaws, "missing-script", "a script task needs a zeebe:script");
            return own(Work::Script { script: refused(), result: None }, found);
        }
        let format = element.plain("scriptFormat").map(str::trim).unwrap_or_default();
        if !format.eq_ignore_ascii_case("juel") {
            let format = crate::excerpt(format);
            let message = format!(
                "a script is written in juel, not in \"{format}\"; write ${{…}} and \
                 scriptFormat=\"juel\""
            );
            element.tell(self.flaws, "unsupported-script", message);
        }
        let mut scripts = element.all("script");
        let script = scripts.next();
        scripts.for_each(|further| further.refuse(element, self.flaws));
        if script.is_none() {
            element.tell(self.flaws, "missing-script", "a script task needs a script");
        }
        let result = element.given_camunda("resultVariable").map(str::to_owned);
        let script = script.filter(|_| format.eq_ignore_ascii_case("juel"));
        let script = script.map(|script| {
            script.allow(&[], &[], self.flaws);
            script.children.iter().for_each(|child| child.refuse(script, self.flaws));
            self.evaluated(script, "the script", script.words(), result.clone())
        });
        own(script.unwrap_or(Work::Script { script: refused(), result }), found)
    }

    /// Reads a business rule task, which evaluates a decision or runs an activity.
    pub(super) fn business_rule_task(&mut self, element: &'x Element) -> DraftActivity {
        let camunda = [&DECISION[..], &SERVICE, &EVALUATING[..1]].concat();
        allow(element, &["implementation"], &camunda, self);
        let known = [&WORKER[..], &["zeebe:calledDecision", CONNECTOR]].concat();
        let found = self.extensions(element, &known);
        if let Some(work) = self.evaluating(element, &found) {
            return own(work, found);
        }
        let zeebe = found.one("zeebe:calledDecision", self.flaws);
        let decides = zeebe.is_some() || element.camunda("decisionRef").is_some();
        let runs = names_activity(element, &found);
        if runs || element.camunda("skyId").is_some() && !decides {
            if decides {
                let message =
                    "a business rule task evaluates a decision or runs an activity; take one away";
                element.tell(self.flaws, "unsupported-value", message);
            }
            return self.worker(element, TaskKind::BusinessRule, found);
        }
        self.without_activity(element, &found);
        let (decision, binding) = (refused(), Binding::Latest);
        let tenant = self.tenant(element, TENANT);
        let mut task = DecisionTask { decision, binding, result: None, shape: None, tenant };
        if let Some(zeebe) = zeebe {
            let plain = ["decisionId", "resultVariable", "bindingType", "versionTag"];
            zeebe.allow(&plain, &[], self.flaws);
            zeebe.nothing_inside(self.flaws);
            let text = zeebe.required("decisionId", self.flaws);
            task.decision = self.template(zeebe, "decisionId", &text).unwrap_or_else(refused);
            task.binding = self.zeebe_binding(zeebe);
            task.result = zeebe.given("resultVariable").map(str::to_owned);
            return own(Work::Decision(task), found);
        }
        task.shape = self.decision_shape(element);
        match element.given_camunda("decisionRef") {
            Some(text) => {
                let decision = self.template(element, "camunda:decisionRef", text);
                task.decision = decision.unwrap_or_else(refused);
            }
            None => {
                let message = "a business rule task names a decision, as camunda:decisionRef or \
                               zeebe:calledDecision, or an activity";
                element.tell(self.flaws, "missing-attribute", message);
            }
        }
        task.binding = self.decision_binding(element);
        task.result = element.given_camunda("resultVariable").map(str::to_owned);
        own(Work::Decision(task), found)
    }

    /// The shape in which Camunda 7 asks for the result, a list of maps unless it says otherwise.
    fn decision_shape(&mut self, element: &Element) -> Option<ResultShape> {
        let Some(word) = element.given_camunda("mapDecisionResult") else {
            return (!is_meant(element)).then_some(ResultShape::ResultList);
        };
        let shape = ResultShape::named(word);
        if shape.is_none() {
            let (word, known) = (crate::excerpt(word), ResultShape::words());
            let message = format!("camunda:mapDecisionResult is one of {known}, not {word}");
            element.tell(self.flaws, "unsupported-value", message);
        }
        shape
    }
}
