//! A scope: the steps of a process or of a sub-process, and what is implied around them.

use super::events::has_trigger;
use super::form::{Form, scalar_text};
use super::keys::{DETAILS, Step, TRIGGERS};
use super::naming;
use super::steps::Reader;
use super::tree::{Node, Tree};
use crate::draft::{DraftActivity, DraftKind, DraftWork};
use crate::{Container, Event, StartEvent, SubProcess, SubProcessKind, Work};
use std::collections::BTreeSet;

const EVENT_SUB_PROCESS: [&str; 9] =
    ["id", "name", "description", "interrupting", "with", "out", "variables", "steps", "events"];

/// How a scope begins.
pub(super) enum Begins {
    /// At its start event, which is implied when none is written.
    Start,
    /// At every step that nothing leads to.
    Everywhere,
    /// Likewise, and its steps do not lead on by themselves.
    AdHoc,
    /// At a start event of this trigger, or at the one that is written.
    Trigger(Option<StartEvent>),
}

/// What is known of the scope that is being read.
pub(super) struct Frame {
    /// The sub-process; `None` for the process itself.
    pub(super) id: Option<String>,
    /// The id that the word `end` stands for.
    end: String,
    /// The line of the first flow that leads there.
    led_to_end: Option<u32>,
    /// The steps that undo others.
    pub(super) undoing: BTreeSet<String>,
}

impl Reader<'_> {
    /// The id of the scope that is being read.
    pub(super) fn scope(&self) -> Option<&str> {
        self.frames.last().and_then(|frame| frame.id.as_deref())
    }

    /// The id that a target stands for: `end` is the end of the scope.
    pub(super) fn resolved(&self, target: &str) -> String {
        match self.frames.last() {
            Some(frame) if target == naming::END => frame.end.clone(),
            _ => target.to_owned(),
        }
    }

    /// Notes where a flow of this scope leads.
    pub(super) fn note_target(&mut self, target: &str, line: u32) {
        if let Some(frame) = self.frames.last_mut()
            && frame.end == target
        {
            frame.led_to_end.get_or_insert(line);
        }
    }

    /// Whether a step of this scope undoes another.
    pub(super) fn is_undoing(&self, id: &str) -> bool {
        self.frames.last().is_some_and(|frame| frame.undoing.contains(id))
    }

    /// Reads the steps of a scope and its event sub-processes.
    pub(super) fn steps(&mut self, id: Option<&str>, form: &Form<'_>, begins: Begins) {
        let nodes = form.list("steps", self.flaws);
        let steps: Vec<Step<'_>> =
            nodes.iter().filter_map(|node| Step::of(node, self.flaws)).collect();
        let ids: Vec<String> =
            steps.iter().enumerate().map(|(index, step)| self.step_id(id, index, step)).collect();
        let written = ids.iter().any(|id| id == naming::END);
        let end = if written { naming::END.into() } else { naming::within(id, naming::END) };
        let undoing = undoing(&steps, &ids);
        let awaited = awaited(&steps);
        let closed = |index: usize| {
            let id = &ids[index];
            undoing.contains(id) || awaited.contains(id.as_str()) || steps[index].is_closed()
        };
        let open: Vec<bool> = (0..steps.len()).map(|index| !closed(index)).collect();
        self.frames.push(Frame {
            id: id.map(str::to_owned),
            end: end.clone(),
            led_to_end: None,
            undoing,
        });

        let leads_on = !matches!(begins, Begins::AdHoc);
        let led_to = open.iter().position(|open| *open).map_or(&end, |first| &ids[first]).clone();
        let line = steps.first().map_or(form.line, |step| step.form.line);
        self.start(id, &steps, begins, line, &led_to);
        // Where each step leads by itself, found from the last to the first.
        let mut following: Vec<Option<&str>> = vec![None; steps.len()];
        let mut next = end.as_str();
        for index in (0..steps.len()).rev() {
            following[index] = leads_on.then_some(next);
            if open[index] {
                next = &ids[index];
            }
        }
        for (index, step) in steps.iter().enumerate() {
            self.step(&ids[index], step, following[index]);
        }
        // The end event that some flow leads to when no step is called so.
        let wanted = self.frames.last().and_then(|frame| frame.led_to_end);
        if let (Some(line), false) = (wanted, ids.contains(&end)) {
            let kind = DraftKind::End(Event::default());
            self.node(end, naming::END_NAME.into(), line, kind);
        }
        for (index, event) in form.list("events", self.flaws).iter().enumerate() {
            self.event_sub_process(index, event);
        }
        self.frames.pop();
    }

    /// Adds the start event that is not written.
    fn start(
        &mut self,
        id: Option<&str>,
        steps: &[Step<'_>],
        begins: Begins,
        line: u32,
        led_to: &str,
    ) {
        let written = steps.iter().any(|step| step.kind == Some("start") || step.begins());
        let start = match begins {
            Begins::Everywhere | Begins::AdHoc | Begins::Trigger(None) => return,
            Begins::Start if written || steps.is_empty() => return,
            Begins::Start => StartEvent::default(),
            Begins::Trigger(Some(start)) => start,
        };
        let id = naming::within(id, naming::START);
        self.node(id.clone(), naming::START_NAME.into(), line, DraftKind::Start(start));
        self.flow(&id, led_to, line);
    }

    /// Reads an entry of `events`.
    fn event_sub_process(&mut self, index: usize, node: &Node) {
        let known = [&TRIGGERS[..], &DETAILS, &EVENT_SUB_PROCESS].concat();
        let Some(form) = Form::of(node, "an event sub-process", &known, self.flaws) else {
            return;
        };
        let implied = naming::event_sub_process(self.scope(), index);
        let id = form.text("id", self.flaws).unwrap_or(implied);
        let triggered = has_trigger(&form);
        let mut activity = DraftActivity::of(DraftWork::Other(Work::SubProcess(SubProcess {
            kind: SubProcessKind::Event,
            contents: Container {
                variables: form.variables(&id, self.flaws),
                ..Container::default()
            },
        })));
        activity.inputs = form.parameters("with", self.flaws);
        let mut start = None;
        let mut refused = false;
        if triggered {
            let mut read = self.trigger(&id, &form, false);
            read.event.inputs.clear();
            let interrupting = form.boolean("interrupting", self.flaws).unwrap_or(true);
            start = Some(StartEvent { event: read.event, interrupting, initiator: None });
            refused = read.refused;
        } else {
            activity.outputs = form.parameters("out", self.flaws);
            let steps = form.list("steps", self.flaws);
            let written = steps.iter().any(
                |step| matches!(&step.tree, Tree::Map(keys) if keys.iter().any(|e| e.key == "start")),
            );
            if !written {
                refused = true;
                let message = format!(
                    "an event sub-process has one of the keys {}, or a step with start",
                    TRIGGERS.join(", ")
                );
                self.flaws.add("missing-key", &id, form.line, message);
            }
            if let Some(entry) = form.entry("interrupting") {
                let message =
                    "interrupting stands where the trigger stands, at the step with start";
                self.flaws.add("wrong-shape", &id, entry.line, message);
            }
        }
        let name = form.text("name", self.flaws).unwrap_or_default();
        self.node(id.clone(), name, form.line, DraftKind::Activity(Box::new(activity)));
        self.refuse_last(refused);
        self.besides(&id, &form);
        if form.list("steps", self.flaws).is_empty() {
            let message = "an event sub-process needs steps, at least one";
            self.flaws.add("missing-key", &id, form.line, message);
        }
        self.steps(Some(&id), &form, Begins::Trigger(start));
    }
}

impl Step<'_> {
    /// Whether the instance begins with this receive task or event gateway.
    pub(super) fn begins(&self) -> bool {
        let said = self.form.entry("starts").map(|entry| scalar_text(&entry.value));
        matches!(self.kind, Some("receive" | "await"))
            && said.is_some_and(|word| word.as_deref() != Some("false"))
    }

    /// Whether no step leads here by itself.
    fn is_closed(&self) -> bool {
        let marked = |key| {
            let entry = self.form.entry(key);
            entry.is_some_and(|entry| scalar_text(&entry.value).as_deref() != Some("false"))
        };
        match self.kind {
            Some("start") => true,
            Some("catch") => self.form.has("link"),
            _ => self.begins() || marked("undoes"),
        }
    }
}

/// The steps that undo others: marked so, or named by a compensation event.
fn undoing(steps: &[Step<'_>], ids: &[String]) -> BTreeSet<String> {
    let mut undoing = BTreeSet::new();
    for (step, id) in steps.iter().zip(ids) {
        let undoes = step.form.entry("undoes");
        if undoes.is_some_and(|entry| scalar_text(&entry.value).as_deref() != Some("false")) {
            undoing.insert(id.clone());
        }
        let Some(Tree::List(events)) = step.form.entry("on").map(|entry| &entry.value.tree) else {
            continue;
        };
        for event in events {
            let Tree::Map(entries) = &event.tree else { continue };
            let form = Form::any(event.line, entries);
            if form.has("compensate")
                && let Some(then) = form.entry("then")
            {
                undoing.extend(scalar_text(&then.value));
            }
        }
    }
    undoing
}

/// The steps that an event gateway leads to.
fn awaited<'a>(steps: &[Step<'a>]) -> BTreeSet<&'a str> {
    let mut awaited = BTreeSet::new();
    for entry in steps.iter().filter_map(|step| step.form.entry("await")) {
        let items = match &entry.value.tree {
            Tree::List(items) => &items[..],
            _ => std::slice::from_ref(&entry.value),
        };
        for item in items {
            match &item.tree {
                Tree::Scalar(serde_json::Value::String(id)) => {
                    awaited.insert(id.as_str());
                }
                Tree::Map(entries) => {
                    let to = entries.iter().find(|entry| entry.key == "to");
                    if let Some(Tree::Scalar(serde_json::Value::String(id))) =
                        to.map(|entry| &entry.value.tree)
                    {
                        awaited.insert(id.as_str());
                    }
                }
                _ => {}
            }
        }
    }
    awaited
}
