//! Listeners of Camunda 7 that set variables: where a path comes, goes on, or takes a flow.

use super::assignment::{Assignment, assignment};
use super::element::{Element, Space};
use super::extensions::{self, script_text};
use super::reader::Reader;
use super::tasks::EVALUATING;
use crate::draft::{DraftKind, DraftNode, Parameter, Raw};
use crate::process::Sets;
use crate::{EventDefinition, Template};

const LISTENER: [&str; 3] = ["event", "expression", "id"];
const RULE: &str = "unknown-listener";

/// What listeners set.
#[derive(Debug, Default)]
pub(super) struct Set {
    /// At the start, or when a flow is taken.
    start: Vec<One>,
    end: Vec<One>,
}

#[derive(Debug)]
struct One {
    line: u32,
    set: Assignment,
}

impl One {
    /// What an output mapping sets.
    fn of(parameter: Parameter) -> One {
        let value = match parameter.value {
            Raw::Text(text) => text,
            Raw::Constant(value) => Template::of_constant(value).source().to_owned(),
            Raw::List(_) | Raw::Map(_) => String::new(),
        };
        let set = Assignment { name: parameter.name, value, local: false };
        One { line: parameter.line, set }
    }

    fn parameter(self) -> Parameter {
        Parameter { name: self.set.name, line: self.line, value: Raw::Text(self.set.value) }
    }
}

/// Whether a listener evaluates something, and does not name what is run.
pub(super) fn evaluates(element: &Element) -> bool {
    let listens = element.is_camunda("executionListener") || element.is_camunda("taskListener");
    listens
        && (element.plain("expression").is_some()
            || element.children.iter().any(|child| child.is_camunda("script")))
}

/// Whether listeners of an element are read with it.
pub(super) fn listens(element: &Element) -> bool {
    let name = element.name.as_str();
    let flow_node = ["Task", "Event", "Gateway"].iter().any(|kind| name.ends_with(kind))
        || matches!(name, "task" | "callActivity" | "sequenceFlow");
    element.is_container() || element.space == Space::Bpmn && flow_node
}

impl<'x> Reader<'x, '_> {
    /// Reads the listeners of a node, of a flow, or of the process.
    pub(super) fn listeners(&mut self, element: &'x Element) -> Set {
        let mut set = Set::default();
        let extensions = element.all("extensionElements").flat_map(|inner| &inner.children);
        for listener in extensions.filter(|child| evaluates(child)) {
            if listener.name == "taskListener" && !element.is("userTask") {
                listener.refuse(element, self.flaws);
                continue;
            }
            listener.allow(&LISTENER, &[], self.flaws);
            listener.no_text(self.flaws);
            let Some(at_start) = self.moment(element, listener) else { continue };
            let Some(text) = self.evaluated_by(element, listener) else { continue };
            let Some(assigned) = assignment(&text) else {
                let message = "a listener sets a variable, as ${execution.setVariable(\"name\", \
                               value)}; what else is evaluated changes nothing, so take it away";
                listener.tell(self.flaws, RULE, message);
                continue;
            };
            let of = if at_start { &mut set.start } else { &mut set.end };
            of.push(One { line: listener.line, set: assigned });
        }
        if let Some(definition) = self.evaluating_event(element) {
            set.start.extend(self.set_by_event(element, definition));
        }
        set.end.extend(std::mem::take(&mut self.mapped).into_iter().map(One::of));
        set
    }

    /// The variable that a message event sets by its expression.
    fn set_by_event(&mut self, element: &'x Element, definition: &'x Element) -> Option<One> {
        let line = definition.line;
        let known = ["id", "messageRef", "operationRef"];
        definition.allow(&known, &EVALUATING, self.flaws);
        definition.nothing_inside_but_extensions(self.flaws);
        extensions::none(definition, self.flaws);
        if self.referred(element).len() > 1 {
            let message = "only an event with one message evaluates an expression; take it away";
            definition.tell(self.flaws, "unsupported-value", message);
        }
        let text = definition.given_camunda("expression").unwrap_or_default();
        match (assignment(text), definition.given_camunda("resultVariable")) {
            (Some(set), None) => Some(One { line, set }),
            (None, Some(name)) if !text.is_empty() => {
                let value = self.ours(definition, "camunda:expression", text)?;
                let set = Assignment { name: name.to_owned(), value, local: false };
                Some(One { line, set })
            }
            _ => {
                let message = "the value of camunda:expression goes nowhere; name a \
                               camunda:resultVariable, or let it set a variable";
                definition.tell(self.flaws, "unsupported-value", message);
                None
            }
        }
    }

    /// Whether a listener listens to the start, or to a flow that is taken, and not to the end.
    fn moment(&mut self, element: &Element, listener: &Element) -> Option<bool> {
        let event = listener.given("event");
        let words = match (element.is("sequenceFlow"), listener.name.as_str()) {
            (true, _) if matches!(event, None | Some("take")) => return Some(true),
            (true, _) => ["take", ""],
            (_, "taskListener") => ["create", "complete"],
            _ => ["start", "end"],
        };
        match event {
            Some(event) if event == words[0] => Some(true),
            Some(event) if event == words[1] => Some(false),
            other => {
                let other = crate::excerpt(other.unwrap_or("nothing"));
                let known = words.join(" or ");
                let known = known.trim_end_matches(" or ");
                let message = format!("the listener listens to {known} here, not to {other}");
                listener.tell(self.flaws, RULE, message);
                None
            }
        }
    }

    fn evaluated_by(&mut self, element: &Element, listener: &Element) -> Option<String> {
        let text = listener.given("expression").map(str::to_owned);
        match (text, &listener.children[..]) {
            (Some(text), []) => Some(text),
            (None, [script]) => script_text(element, script, self.flaws),
            _ => {
                let message = "a listener has either an expression or a script";
                listener.tell(self.flaws, "wrong-shape", message);
                None
            }
        }
    }

    /// Lets a node set what its listeners say.
    pub(super) fn set(&mut self, set: Set, node: &mut DraftNode) {
        let Set { mut start, mut end } = set;
        match &mut node.kind {
            DraftKind::Activity(activity) => {
                let (local, plain): (Vec<_>, Vec<_>) =
                    start.into_iter().partition(|one| one.set.local);
                activity.inputs.extend(local.into_iter().map(One::parameter));
                let given = std::mem::take(&mut activity.outputs);
                self.no_local(&node.id, &end);
                activity.outputs = end.into_iter().map(One::parameter).collect();
                activity.outputs.extend(given);
                node.enter = self.parsed(&node.id, plain);
                return;
            }
            // Nothing comes to the one and nothing goes on from the others: it is one moment.
            DraftKind::Start(_) => end.splice(0..0, start.drain(..)).for_each(drop),
            DraftKind::End(_) => start.append(&mut end),
            DraftKind::Throw(event)
                if matches!(event.only(), Some(EventDefinition::Link { .. })) =>
            {
                start.append(&mut end);
            }
            _ => {}
        }
        node.enter = self.sets(&node.id, start);
        node.leave = self.sets(&node.id, end);
    }

    /// What a flow sets.
    pub(super) fn set_by_flow(&mut self, id: &str, set: Set) -> Sets {
        self.sets(id, set.start)
    }

    /// Lets the start events of the process set what its listeners say. What is done at its end is
    /// done at its end events.
    pub(super) fn set_by_process(&mut self, process: &'x Element) {
        let Set { start, end } = self.listeners(process);
        if let Some(one) = end.first() {
            let message = "a process has ended when nothing is left in it; set the variable where \
                           a path comes to its end events";
            self.flaws.add(RULE, process.id(), one.line, message);
        }
        let Some(line) = start.first().map(|one| one.line) else { return };
        let sets = self.sets(process.id(), start);
        let mut any = false;
        let own = self.draft.nodes.iter_mut().filter(|node| node.parent.is_none());
        for node in own.filter(|node| matches!(node.kind, DraftKind::Start(_))) {
            any = true;
            node.leave.splice(0..0, sets.iter().cloned());
        }
        if !any {
            let message = "the process has no start event that could set the variable; draw one";
            self.flaws.add(RULE, process.id(), line, message);
        }
    }

    fn sets(&mut self, of: &str, ones: Vec<One>) -> Sets {
        self.no_local(of, &ones);
        self.parsed(of, ones)
    }

    fn no_local(&mut self, of: &str, ones: &[One]) {
        for one in ones.iter().filter(|one| one.set.local) {
            let message = "only an activity has variables of its own, from its start on; write \
                           setVariable";
            self.flaws.add(RULE, of, one.line, message);
        }
    }

    fn parsed(&mut self, of: &str, ones: Vec<One>) -> Sets {
        let mut sets: Vec<(String, Template)> = Vec::new();
        for One { line, set } in ones {
            let value = self.flaws.template(of, line, "the listener", &set.value);
            sets.extend(value.map(|value| (set.name, value)));
        }
        sets
    }
}
