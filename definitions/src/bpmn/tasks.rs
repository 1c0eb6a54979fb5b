//! Tasks that run an activity: how a file says which one (BPMN 2.0.2 §10.3.3).

use super::assignment::{Assignment, assignment};
use super::beside::{FIELD, RAISE};
use super::calls::ACTIVITY;
use super::connectors::{CONNECTOR, connects};
use super::element::Element;
use super::events::END_INPUTS;
use super::extensions::{Extensions, LISTENERS, Listener, PARAMETERS, bean};
use super::generated_form::FIELDS;
use super::people::{SCHEDULE, WHOSE};
use super::reader::Reader;
use super::work::{names_activity, own, refused};
use crate::draft::{DraftActivity, DraftTask, DraftWork, Parameter, Raw};
use crate::{TaskKind, Work};
use std::collections::BTreeSet;

/// The attributes that name the activity of a task.
pub(super) const SERVICE: [&str; 4] = ["type", "topic", "delegateExpression", "class"];
/// The attributes of a task that evaluates an expression instead.
pub(super) const EVALUATING: [&str; 2] = ["expression", "resultVariable"];
const USER: [&str; 6] =
    ["formKey", "delegateExpression", "class", "formRef", "formRefBinding", "formRefVersion"];

/// What the extension elements of a task that runs an activity may be.
pub(super) const WORKER: [&str; 6] =
    [PARAMETERS, LISTENERS, FIELD, RAISE, "zeebe:taskDefinition", "zeebe:taskHeaders"];

/// The topic of deployed files whose start listener names the activity.
const LOCAL_TOPIC: &str = "${execution.getVariableLocal('localTopicId')}";
/// The activity that shows a deployed form, and the parameter that names it.
pub(super) const FORM: (&str, &str) = (crate::people::FORM, "dataFormName");
const FORM_VERSION: &str = "dataFormVersion";
/// The start listener of deployed files that says nothing about the activity.
const GENERIC: &str = "genericUserTaskV1";

impl<'x> Reader<'x, '_> {
    /// Reads a service task or a user task.
    pub(super) fn task(&mut self, element: &'x Element) -> DraftActivity {
        let plain: Vec<&str> = ACTIVITY.into_iter().chain(["implementation"]).collect();
        if element.is("serviceTask") {
            let plain: Vec<&str> = plain.into_iter().chain(["operationRef"]).collect();
            element.allow(&plain, &[&SERVICE[..], &EVALUATING].concat(), self.flaws);
            let found = self.extensions(element, &[&WORKER[..], &[CONNECTOR]].concat());
            if let Some(work) = self.evaluating(element, &found) {
                return own(work, found);
            }
            return self.worker(element, TaskKind::Service, found);
        }
        element.allow(&plain, &[&USER[..], &WHOSE].concat(), self.flaws);
        let forms = ["zeebe:userTask", "zeebe:formDefinition"];
        let known = [&WORKER[..], &FIELDS, &forms, &SCHEDULE].concat();
        let mut found = self.extensions(element, &known);
        if let Some(asking) = self.generated_form(element, &mut found) {
            return asking;
        }
        self.worker(element, TaskKind::User, found)
    }

    /// Reads what a task evaluates instead of running an activity: `camunda:expression`.
    pub(super) fn evaluating(&mut self, element: &Element, found: &Extensions<'_>) -> Option<Work> {
        let result = element.given_camunda("resultVariable").map(str::to_owned);
        let Some(text) = element.given_camunda("expression") else {
            if result.is_some() && element.camunda("decisionRef").is_none() {
                let message = "only camunda:expression has a result; keep what an activity gives \
                               with output parameters instead of camunda:resultVariable";
                element.tell(self.flaws, "unsupported-value", message);
            }
            return None;
        };
        let beside = element.camunda("decisionRef").or(element.plain("messageRef")).is_some()
            || [FIELD, RAISE].iter().any(|name| found.all(name).next().is_some());
        if names_activity(element, found) || beside {
            let message =
                "a task evaluates camunda:expression or does what else it names; take one away";
            element.tell(self.flaws, "unsupported-value", message);
        }
        Some(self.evaluated(element, "camunda:expression", text, result))
    }

    /// An expression that is evaluated for its value, or that sets a variable in the way of
    /// Camunda 7.
    pub(super) fn evaluated(
        &mut self,
        element: &Element,
        what: &str,
        text: &str,
        result: Option<String>,
    ) -> Work {
        let (text, result) = match assignment(text) {
            Some(Assignment { name, value, local }) => {
                if local {
                    let message = "what is local to this ends with it; write setVariable";
                    element.tell(self.flaws, "unsupported-value", message);
                }
                if result.is_some() {
                    let message = "setVariable gives no result; take camunda:resultVariable away";
                    element.tell(self.flaws, "unsupported-value", message);
                }
                (value, Some(name))
            }
            None => (text.to_owned(), result),
        };
        let script = self.template(element, what, &text).unwrap_or_else(refused);
        Work::Script { script, result }
    }

    /// A task that runs the activity that its attributes, its listeners or its type name.
    pub(super) fn worker(
        &mut self,
        element: &Element,
        kind: TaskKind,
        found: Extensions<'_>,
    ) -> DraftActivity {
        self.worker_named(element, element, kind, found)
    }

    /// A task whose activity the attributes of another element name.
    fn worker_named(
        &mut self,
        element: &Element,
        naming: &Element,
        kind: TaskKind,
        mut found: Extensions<'_>,
    ) -> DraftActivity {
        let connector = self.connector(element, &mut found);
        let (mut activity, mut named) = (Vec::new(), Vec::new());
        let mut understood = self.delegate(naming, &mut activity);
        match kind {
            TaskKind::User => {
                activity.extend(element.camunda("formKey").map(str::to_owned));
                understood &= self.form(&found, &mut activity, &mut named);
                self.form_reference(element, &mut activity, &mut named);
            }
            _ => understood &= self.topic(naming, &mut activity),
        }
        understood &= self.worker_type(&found, &mut activity);
        let raises = self.raises(&found);
        let people = match kind {
            TaskKind::User => self.people(element, &found),
            _ => None,
        };
        let mut headers = self.headers(&found);
        headers.extend(self.fields(&found));
        let Extensions { mut inputs, outputs, listeners, .. } = found;
        let versioned = |input: &Parameter| input.name == FORM_VERSION;
        if !named.is_empty() {
            if !inputs.iter().chain(&named).any(versioned) {
                let message = "a deployed form has versions; say which one is shown with an input \
                               dataFormVersion";
                element.tell(self.flaws, "missing-parameter", message);
            }
            inputs.extend(named);
        }
        let starts =
            listeners.iter().filter(|listener| listener.at_start && listener.bean != GENERIC);
        activity.extend(starts.map(|listener| listener.bean.clone()));
        match connector {
            Some(connected) => {
                let twice = SERVICE.iter().any(|name| naming.camunda(name).is_some());
                if twice || !activity.is_empty() {
                    let message = "a task names its activity once; take camunda:connector or the \
                                   other name away";
                    element.tell(self.flaws, "unknown-activity", message);
                    understood = false;
                }
                understood &= !connected.is_empty();
                activity = connected;
            }
            None => activity.extend(element.camunda("skyId").map(str::to_owned)),
        }
        self.listen(element, &activity, &listeners);
        let given: BTreeSet<String> = inputs.iter().map(|input| input.name.clone()).collect();
        inputs.extend(headers.into_iter().filter(|header| !given.contains(&header.name)));
        let task = DraftTask { kind, activity: understood.then_some(activity), raises, people };
        DraftActivity { inputs, outputs, ..DraftActivity::of(DraftWork::Task(task)) }
    }

    /// Reads a message event that is thrown and whose message an activity sends; nothing when none
    /// is named.
    pub(super) fn sending(
        &mut self,
        element: &'x Element,
        found: &mut Extensions<'x>,
    ) -> Option<DraftActivity> {
        let definitions = self.referred(element);
        let named = definitions.iter().find(|definition| {
            definition.is("messageEventDefinition")
                && (SERVICE.iter().any(|name| definition.camunda(name).is_some())
                    || connects(definition))
        });
        let worker = found.all("zeebe:taskDefinition").next();
        let at = named.copied().or(worker)?;
        let [definition] = definitions[..] else {
            let message = "only an event with one message runs an activity; take it away";
            at.tell(self.flaws, "unsupported-value", message);
            return None;
        };
        if !definition.is("messageEventDefinition") {
            let message = "only a message event runs an activity; take it away";
            at.tell(self.flaws, "unsupported-value", message);
            return None;
        }
        definition.allow(&["id", "messageRef", "operationRef"], &SERVICE, self.flaws);
        found.join(self.extensions(definition, &[CONNECTOR, FIELD]));
        let kind = if element.is("endEvent") { TaskKind::End } else { TaskKind::Throw };
        found.listeners.clear();
        if kind == TaskKind::End {
            found.inputs.retain(|input| !END_INPUTS.contains(&input.name.as_str()));
        }
        Some(self.worker_named(element, definition, kind, std::mem::take(found)))
    }

    /// Takes the name out of a delegate expression; false when it cannot be understood.
    fn delegate(&mut self, element: &Element, activity: &mut Vec<String>) -> bool {
        if let Some(class) = element.given_camunda("class") {
            if SERVICE.iter().any(|name| *name != "class" && element.camunda(name).is_some()) {
                let message = "a task names its activity once; take camunda:class away";
                element.tell(self.flaws, "unknown-activity", message);
                return false;
            }
            activity.push(class.to_owned());
        }
        let Some(text) = element.camunda("delegateExpression") else { return true };
        if let Some(bean) = bean(text) {
            activity.push(bean.to_owned());
            return true;
        }
        let text = crate::excerpt(text);
        let message =
            format!("camunda:delegateExpression names an activity as ${{name}}, not as {text}");
        self.flaws.add("unknown-activity", element.id(), element.line, message);
        false
    }

    /// Takes the name out of the topic of an external task, unless it is the one that leaves the
    /// activity to a listener; false when it cannot be understood.
    fn topic(&mut self, element: &Element, activity: &mut Vec<String>) -> bool {
        let mut add = |rule, message: String| {
            self.flaws.add(rule, element.id(), element.line, message);
            false
        };
        match (element.camunda("type"), element.camunda("topic")) {
            (None, None) => true,
            (Some("external"), Some(topic)) => {
                if topic.replace('"', "'").replace(' ', "") == LOCAL_TOPIC {
                    return true;
                }
                if topic.contains("${") || topic.contains("#{") {
                    let message = "camunda:topic is the name of an activity, or the local topic id";
                    return add("unknown-activity", message.into());
                }
                activity.push(topic.trim().to_owned());
                true
            }
            (Some("external"), None) => {
                let message = "an external task needs the attribute camunda:topic";
                add("missing-attribute", message.into())
            }
            (None, Some(_)) => {
                let message = "a task with camunda:topic needs camunda:type=\"external\"";
                add("missing-attribute", message.into())
            }
            (Some(other), _) => {
                let other = crate::excerpt(other);
                let message =
                    format!("camunda:type=\"{other}\" is not supported; only external is");
                add("unsupported-value", message)
            }
        }
    }

    /// Every listener belongs to the activity of the task, or is the one that belongs to all.
    pub(super) fn listen(
        &mut self,
        element: &Element,
        activity: &[String],
        listeners: &[Listener],
    ) {
        let shape = activity.iter().find_map(|name| self.catalog.find(name));
        let Some(shape) = shape else { return };
        for listener in listeners.iter().filter(|listener| listener.bean != GENERIC) {
            if self.catalog.find(&listener.bean).is_none_or(|found| found.name != shape.name) {
                let bean = crate::excerpt(&listener.bean);
                let message =
                    format!("the listener {bean} is not part of {}; take it away", shape.name);
                self.flaws.add("unknown-listener", element.id(), listener.line, message);
            }
        }
    }

    /// Takes the type of a job of Camunda 8 as the name of the activity. The number of retries
    /// has no meaning here: what fails is tried again by the rules of the engine.
    fn worker_type(&mut self, found: &Extensions<'_>, activity: &mut Vec<String>) -> bool {
        let Some(element) = found.one("zeebe:taskDefinition", self.flaws) else { return true };
        element.allow(&["type", "retries"], &[], self.flaws);
        element.nothing_inside(self.flaws);
        if let Some(retries) = element.given("retries")
            && retries.parse::<u32>().is_err()
        {
            let retries = crate::excerpt(retries);
            let message = format!("retries is a whole number, not {retries}");
            element.tell(self.flaws, "wrong-type", message);
        }
        let name = element.required("type", self.flaws);
        if name.starts_with('=') {
            let message = "zeebe:taskDefinition names an activity as its type, not an expression";
            element.tell(self.flaws, "unknown-activity", message);
            return false;
        }
        let given = !name.is_empty();
        activity.extend(given.then_some(name));
        given
    }

    /// Takes the external reference of a form of Camunda 8 as the name of the activity, and the id
    /// of a form as that of a deployed one, which `named` then says.
    fn form(
        &mut self,
        found: &Extensions<'_>,
        activity: &mut Vec<String>,
        named: &mut Vec<Parameter>,
    ) -> bool {
        if let Some(marker) = found.one("zeebe:userTask", self.flaws) {
            marker.allow(&[], &[], self.flaws);
            marker.nothing_inside(self.flaws);
        }
        let Some(element) = found.one("zeebe:formDefinition", self.flaws) else { return true };
        element.allow(&["formKey", "externalReference", "formId", "bindingType"], &[], self.flaws);
        element.nothing_inside(self.flaws);
        let name = element.given("externalReference").or_else(|| element.given("formKey"));
        match (name, element.given("formId")) {
            (Some(name), None) if !name.starts_with('=') && !name.contains(':') => {
                activity.push(name.to_owned());
                true
            }
            (None, Some(form)) if !form.starts_with('=') => {
                element.only("bindingType", "latest", self.flaws);
                activity.push(FORM.0.to_owned());
                let (name, value) = (FORM.1.to_owned(), Raw::Constant(form.into()));
                named.push(Parameter { name, line: element.line, value });
                true
            }
            _ => {
                let message = "zeebe:formDefinition names a deployed form as its formId, or the \
                               activity that asks the user as its externalReference; put the form \
                               in and deploy it under a name";
                element.tell(self.flaws, "unknown-activity", message);
                false
            }
        }
    }

    /// Takes the form that Camunda 7 refers to as a deployed one, which `named` then says.
    fn form_reference(
        &mut self,
        element: &Element,
        activity: &mut Vec<String>,
        named: &mut Vec<Parameter>,
    ) {
        let Some(form) = element.given_camunda("formRef") else { return };
        activity.push(FORM.0.to_owned());
        let mut name = |name: &str, value: Raw| {
            named.push(Parameter { name: name.to_owned(), line: element.line, value });
        };
        name(FORM.1, Raw::Text(form.to_owned()));
        match (element.given_camunda("formRefBinding"), element.given_camunda("formRefVersion")) {
            (Some("version"), Some(version)) => {
                let number = version.parse::<u32>().map(|number| Raw::Constant(number.into()));
                name(FORM_VERSION, number.unwrap_or_else(|_| Raw::Text(version.to_owned())));
            }
            (Some("version"), None) => {
                let message = "camunda:formRefBinding=\"version\" needs camunda:formRefVersion";
                element.tell(self.flaws, "missing-attribute", message);
            }
            (None | Some("latest" | "deployment"), None) => {}
            _ => {
                let message = "camunda:formRefBinding is latest, deployment, or version together \
                               with camunda:formRefVersion";
                element.tell(self.flaws, "unsupported-value", message);
            }
        }
    }
}
