//! The steps of a YAML definition: nodes, and the flows between them.

use super::form::{Form, scalar_text};
use super::tree::{Entry, Node, Tree};
use crate::draft::{DraftActivity, DraftFlow, DraftKind, DraftNode, DraftTask, DraftWork, Flaws};
use crate::{ErrorDefinition, Event, EventDefinition, StartEvent, TaskKind, Timer};
use std::collections::BTreeMap;

const STEP: [&str; 12] = [
    "activity", "choose", "parallel", "end", "start", "id", "name", "task", "with", "out", "on",
    "then",
];
const KINDS: [&str; 5] = ["activity", "choose", "parallel", "end", "start"];
const EVENT: [&str; 8] =
    ["error", "timer", "then", "id", "name", "interrupting", "code", "message"];
const FLOW: [&str; 3] = ["to", "name", "id"];
const BRANCH: [&str; 6] = ["when", "then", "otherwise", "to", "name", "id"];

/// The end event that the last step leads to when it leads nowhere else.
const IMPLIED_END: &str = "end";
const IMPLIED_START: &str = "start";

/// Reads the steps.
pub(super) fn read(steps: &[Node], flaws: &mut Flaws) -> (Vec<DraftNode>, Vec<DraftFlow>) {
    let forms: Vec<Form<'_>> =
        steps.iter().filter_map(|step| Form::of(step, "a step", &STEP, flaws)).collect();
    let mut reader =
        Reader { flaws, nodes: Vec::new(), flows: Vec::new(), leaving: BTreeMap::new() };
    let ids: Vec<String> =
        forms.iter().enumerate().map(|(index, form)| reader.id(index, form)).collect();
    let starts = forms.iter().any(|form| form.has("start"));
    if let (false, Some(first), Some(form)) = (starts, ids.first(), forms.first()) {
        reader.node(
            IMPLIED_START.into(),
            "Start".into(),
            form.line,
            DraftKind::Start(StartEvent::default()),
        );
        reader.flow(IMPLIED_START, first, form.line);
    }
    for (index, form) in forms.iter().enumerate() {
        let next = ids.get(index + 1).map_or(IMPLIED_END, String::as_str);
        reader.step(&ids[index], form, next);
    }
    reader.implied_end();
    (reader.nodes, reader.flows)
}

struct Reader<'f> {
    flaws: &'f mut Flaws,
    nodes: Vec<DraftNode>,
    flows: Vec<DraftFlow>,
    /// How many flows leave each node so far.
    leaving: BTreeMap<String, u32>,
}

impl Reader<'_> {
    /// The id of a step: its own, or one made of what it is.
    fn id(&mut self, index: usize, form: &Form<'_>) -> String {
        let named = ["activity", "end"].into_iter().find_map(|key| {
            let text = scalar_text(&form.entry(key)?.value)?;
            Some(if key == "end" { super::identifier(&text) } else { text })
        });
        let implied = || {
            if form.has("start") {
                return IMPLIED_START.into();
            }
            let empty_end = form.has("end").then(|| IMPLIED_END.to_owned());
            named.or(empty_end).unwrap_or_else(|| format!("step-{}", index + 1))
        };
        form.text("id", self.flaws).unwrap_or_else(implied)
    }

    fn step(&mut self, id: &str, form: &Form<'_>, next: &str) {
        let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| form.has(kind)).collect();
        let [kind] = kinds[..] else {
            let message =
                "a step has exactly one of the keys activity, choose, parallel, end, start";
            self.flaws.add("wrong-shape", id, form.line, message);
            self.node(id.into(), String::new(), form.line, DraftKind::Refused);
            self.flow(id, next, form.line);
            return;
        };
        self.belongs(id, kind, form);
        let name = form.text("name", self.flaws);
        match kind {
            "start" | "end" => {
                let title = form.entry(kind).filter(|entry| !is_null(entry));
                let title = title.and_then(|_| form.text(kind, self.flaws));
                let leads_on = kind == "start";
                let kind = match leads_on {
                    true => DraftKind::Start(StartEvent::default()),
                    false => DraftKind::End(Event::default()),
                };
                self.node(id.into(), name.or(title).unwrap_or_default(), form.line, kind);
                if leads_on {
                    self.then(id, form, next);
                }
            }
            "activity" => {
                let activity = self.task(id, form);
                let kind = DraftKind::Activity(Box::new(activity));
                self.node(id.into(), name.unwrap_or_default(), form.line, kind);
                self.then(id, form, next);
                let mut taken = BTreeMap::new();
                for event in form.list("on", self.flaws) {
                    self.event(id, event, &mut taken);
                }
            }
            _ => {
                let exclusive = kind == "choose";
                let node = if exclusive { DraftKind::Exclusive } else { DraftKind::Parallel };
                self.node(id.into(), name.unwrap_or_default(), form.line, node);
                if let Some(entry) = form.entry(kind) {
                    self.branches(id, entry, exclusive, next);
                }
            }
        }
    }

    /// Keys that stand in the wrong kind of step.
    fn belongs(&mut self, id: &str, kind: &str, form: &Form<'_>) {
        let allowed: &[&str] = match kind {
            "activity" => &["task", "with", "out", "on", "then"],
            "start" => &["then"],
            _ => &[],
        };
        for key in ["task", "with", "out", "on", "then"] {
            if let Some(entry) = form.entry(key).filter(|_| !allowed.contains(&key)) {
                let message = format!("a step with {kind} takes no {key}");
                self.flaws.add("wrong-shape", id, entry.line, message);
            }
        }
    }

    fn task(&mut self, id: &str, form: &Form<'_>) -> DraftActivity {
        let kind = match form.text("task", self.flaws).as_deref() {
            None | Some("service") => TaskKind::Service,
            Some("user") => TaskKind::User,
            Some(other) => {
                let message = format!("a task is a service or a user task, not {other}");
                self.flaws.add("wrong-shape", id, form.line, message);
                TaskKind::Service
            }
        };
        let activity = form.text("activity", self.flaws).map(|name| vec![name]);
        DraftActivity {
            inputs: form.parameters("with", self.flaws),
            outputs: form.parameters("out", self.flaws),
            ..DraftActivity::of(DraftWork::Task(DraftTask { kind, activity }))
        }
    }

    /// A boundary event: an entry of `on`.
    fn event(&mut self, host: &str, node: &Node, taken: &mut BTreeMap<String, u32>) {
        let Some(form) = Form::of(node, "an event", &EVENT, self.flaws) else { return };
        let error = form.text("error", self.flaws);
        let timer = form.text("timer", self.flaws);
        let code_variable = form.text("code", self.flaws);
        let message_variable = form.text("message", self.flaws);
        let variables = code_variable.is_some() || message_variable.is_some();
        let (label, definition) = match (error, timer) {
            (Some(code), None) => {
                let label = code.clone();
                let code = (code != "any").then(|| code.as_str().into());
                let error =
                    ErrorDefinition { code, message: None, code_variable, message_variable };
                (label, Some(EventDefinition::Error(error)))
            }
            (None, Some(duration)) if !variables => {
                let timer = self.flaws.timer(host, form.line, Timer::duration(&duration));
                ("timer".to_owned(), timer.map(EventDefinition::Timer))
            }
            (None, Some(_)) => {
                let message = "a timer has no code and no message";
                self.flaws.add("wrong-shape", host, form.line, message);
                ("timer".to_owned(), None)
            }
            _ => {
                let message = "an event has either an error or a timer";
                self.flaws.add("wrong-shape", host, form.line, message);
                ("event".to_owned(), None)
            }
        };
        let count = taken.entry(label.clone()).and_modify(|count| *count += 1).or_insert(1);
        let number = if *count > 1 { count.to_string() } else { String::new() };
        let id = form.text("id", self.flaws).unwrap_or_else(|| format!("{host}.{label}{number}"));
        let name = form.text("name", self.flaws).unwrap_or_default();
        let interrupting = form.boolean("interrupting", self.flaws).unwrap_or(true);
        let event = Event { definitions: definition.into_iter().collect(), ..Event::default() };
        let kind = DraftKind::Boundary { host: host.into(), interrupting, event };
        self.node(id.clone(), name, form.line, kind);
        match form.entry("then") {
            Some(entry) => self.targets(&id, entry),
            None => {
                let message = "an event says with then where it leads";
                self.flaws.add("missing-key", &id, form.line, message);
                self.flow(&id, IMPLIED_END, form.line);
            }
        }
    }

    fn then(&mut self, id: &str, form: &Form<'_>, next: &str) {
        match form.entry("then") {
            Some(entry) => self.targets(id, entry),
            None => self.flow(id, next, form.line),
        }
    }

    /// One target or a list of them.
    fn targets(&mut self, id: &str, entry: &Entry) {
        match &entry.value.tree {
            Tree::List(items) => items.iter().for_each(|item| self.target(id, item)),
            _ => self.target(id, &entry.value),
        }
    }

    /// A target: the id of a step, or a map with it and the name of the flow.
    fn target(&mut self, id: &str, node: &Node) {
        if let Some(target) = scalar_text(node) {
            self.flow(id, &target, node.line);
            return;
        }
        let Some(form) = Form::of(node, "a flow", &FLOW, self.flaws) else { return };
        self.named_flow(id, &form, "to", None);
    }

    fn branches(&mut self, id: &str, entry: &Entry, exclusive: bool, next: &str) {
        match &entry.value.tree {
            Tree::Null => self.flow(id, next, entry.line),
            Tree::List(items) if exclusive => items.iter().for_each(|item| self.branch(id, item)),
            _ => self.targets(id, entry),
        }
    }

    /// A branch of a choice: `when` and `then`, or `otherwise`, or a plain target.
    fn branch(&mut self, id: &str, node: &Node) {
        if let Some(target) = scalar_text(node) {
            self.flow(id, &target, node.line);
            return;
        }
        let Some(form) = Form::of(node, "a branch", &BRANCH, self.flaws) else { return };
        let present = ["when", "then", "otherwise", "to"].map(|key| form.has(key));
        match present {
            [true, true, false, false] => {
                let condition = form.text("when", self.flaws).map(|text| in_braces(&text));
                self.named_flow(id, &form, "then", condition);
            }
            [false, false, true, false] => {
                let flow = self.named_flow(id, &form, "otherwise", None);
                self.default(id, flow, form.line);
            }
            [false, false, false, true] => {
                self.named_flow(id, &form, "to", None);
            }
            _ => {
                let message = "a branch has when and then, or otherwise, or to alone";
                self.flaws.add("wrong-shape", id, form.line, message);
            }
        }
    }

    fn default(&mut self, id: &str, flow: Option<String>, line: u32) {
        let Some(node) = self.nodes.iter_mut().rfind(|node| node.id == id) else { return };
        if node.default.is_some() {
            let message = "a choice has one otherwise; take this one away";
            self.flaws.add("wrong-shape", id, line, message);
        } else {
            node.default = flow;
        }
    }

    /// A flow that may have a name and an id; gives its id.
    fn named_flow(
        &mut self,
        source: &str,
        form: &Form<'_>,
        key: &str,
        condition: Option<String>,
    ) -> Option<String> {
        let name = form.text("name", self.flaws).unwrap_or_default();
        let id = form.text("id", self.flaws);
        let Some(target) = form.text(key, self.flaws) else {
            if !form.has(key) {
                let message = format!("a flow says with {key} where it leads");
                self.flaws.add("missing-key", source, form.line, message);
            }
            return None;
        };
        let id = id.unwrap_or_else(|| self.flow_id(source));
        let (source, line) = (source.to_owned(), form.line);
        self.flows.push(DraftFlow { id: id.clone(), name, line, source, target, condition });
        Some(id)
    }

    fn flow(&mut self, source: &str, target: &str, line: u32) {
        let (id, name) = (self.flow_id(source), String::new());
        let (source, target) = (source.to_owned(), target.to_owned());
        self.flows.push(DraftFlow { id, name, line, source, target, condition: None });
    }

    fn flow_id(&mut self, source: &str) -> String {
        let leaving = self.leaving.entry(source.into()).or_default();
        *leaving += 1;
        format!("{source}.flow{leaving}")
    }

    fn node(&mut self, id: String, name: String, line: u32, kind: DraftKind) {
        let (parent, default, refused) = (None, None, false);
        self.nodes.push(DraftNode { id, name, line, parent, kind, default, refused });
    }

    /// Adds the end event that some flow leads to when no step is called so.
    fn implied_end(&mut self) {
        let wanted = self.flows.iter().find(|flow| flow.target == IMPLIED_END);
        let written = self.nodes.iter().any(|node| node.id == IMPLIED_END);
        if let (Some(flow), false) = (wanted, written) {
            let line = flow.line;
            self.node(IMPLIED_END.into(), "End".into(), line, DraftKind::End(Event::default()));
        }
    }
}

fn is_null(entry: &Entry) -> bool {
    matches!(entry.value.tree, Tree::Null)
}

/// A condition may be written without braces.
fn in_braces(text: &str) -> String {
    let text = text.trim();
    if text.starts_with("${") { text.into() } else { format!("${{{text}}}") }
}
