//! The steps of a YAML definition: nodes, and the flows between them.

use super::form::{Form, scalar_text, wrong};
use super::keys::Step;
use super::naming;
use super::scope::{Begins, Frame};
use super::tree::{Entry, Node, Tree};
use crate::draft::{Draft, DraftAssociation, DraftFlow, DraftKind, DraftNode, Flaws};
use crate::{ComplexGateway, EventDefinition, EventGateway, StartEvent};
use std::collections::BTreeMap;

/// Makes a draft of steps.
pub(super) struct Reader<'f> {
    pub(super) flaws: &'f mut Flaws,
    pub(super) nodes: Vec<DraftNode>,
    pub(super) flows: Vec<DraftFlow>,
    pub(super) associations: Vec<DraftAssociation>,
    /// The scopes around what is being read, the innermost last.
    pub(super) frames: Vec<Frame>,
    /// How many flows leave each node so far.
    pub(super) leaving: BTreeMap<String, u32>,
    /// The positions of the flows without an id of their own.
    pub(super) implied_flows: Vec<usize>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(flaws: &'f mut Flaws) -> Reader<'f> {
        Reader {
            flaws,
            nodes: Vec::new(),
            flows: Vec::new(),
            associations: Vec::new(),
            frames: Vec::new(),
            leaving: BTreeMap::new(),
            implied_flows: Vec::new(),
        }
    }

    /// Reads the steps and events of a definition.
    pub(super) fn process(&mut self, form: &Form<'_>) {
        let startless = form.mark("startless", self.flaws);
        self.steps(None, form, if startless { Begins::Everywhere } else { Begins::Start });
    }

    pub(super) fn finish(mut self) -> Draft {
        self.part_flows_from_steps();
        let Reader { nodes, flows, associations, .. } = self;
        Draft { nodes, flows, associations, ..Draft::default() }
    }

    /// The id of a step: its own, or one made of what it is.
    pub(super) fn step_id(&mut self, scope: Option<&str>, index: usize, step: &Step<'_>) -> String {
        let form = &step.form;
        if let Some(id) = form.text("id", self.flaws) {
            return id;
        }
        let kind = step.kind.unwrap_or_default();
        let key = if kind == "steps" { "name" } else { kind };
        let word = form.entry(key).and_then(|entry| scalar_text(&entry.value));
        let plain = !super::events::has_trigger(form);
        naming::step(scope, index, kind, word.as_deref(), plain)
    }

    /// Reads a step; `next` is where it leads by itself.
    pub(super) fn step(&mut self, id: &str, step: &Step<'_>, next: Option<&str>) {
        let form = &step.form;
        let Some(kind) = step.kind else {
            step.has_one_kind(id, self.flaws);
            self.node(id.into(), String::new(), form.line, DraftKind::Refused);
            if let Some(next) = next {
                self.flow(id, next, form.line);
            }
            return;
        };
        match kind {
            "start" | "end" | "catch" | "throw" => self.event(id, kind, form, next),
            "choose" => self.gateway(id, kind, DraftKind::Exclusive, form, next),
            "parallel" => self.gateway(id, kind, DraftKind::Parallel, form, next),
            "include" => self.gateway(id, kind, DraftKind::Inclusive, form, next),
            "complex" => {
                let activation = form.condition("when", id, self.flaws);
                let gateway = DraftKind::Complex(ComplexGateway { activation });
                self.gateway(id, kind, gateway, form, next);
            }
            "await" => self.event_gateway(id, form, next),
            _ => self.activity(id, kind, form, next),
        }
        self.besides(id, form);
    }

    fn gateway(
        &mut self,
        id: &str,
        key: &str,
        kind: DraftKind,
        form: &Form<'_>,
        next: Option<&str>,
    ) {
        let name = form.text("name", self.flaws).unwrap_or_default();
        self.node(id.into(), name, form.line, kind);
        if let Some(entry) = form.entry(key) {
            self.branches(id, entry, next);
        }
    }

    fn event_gateway(&mut self, id: &str, form: &Form<'_>, next: Option<&str>) {
        let mut gateway = EventGateway::default();
        if let Some(entry) = form.entry("starts") {
            match scalar_text(&entry.value).as_deref() {
                Some("all") => gateway = EventGateway { instantiate: true, parallel: true },
                Some("true") => gateway.instantiate = true,
                Some("false") => {}
                _ => wrong(
                    "starts",
                    "true, or all when all of its events must happen",
                    entry,
                    self.flaws,
                ),
            }
        }
        let name = form.text("name", self.flaws).unwrap_or_default();
        self.node(id.into(), name, form.line, DraftKind::EventBased(gateway));
        let Some(Entry { value: Node { tree: Tree::List(items), .. }, .. }) = form.entry("await")
        else {
            let wanted = "a list of events such as { message: paid }, or of the ids of steps";
            return form
                .entry("await")
                .map_or((), |entry| wrong("await", wanted, entry, self.flaws));
        };
        let mut taken = BTreeMap::new();
        for item in items {
            match &item.tree {
                Tree::Map(entries) if !Form::any(item.line, entries).has("to") => {
                    self.awaited(id, item, next, &mut taken);
                }
                _ => self.target(id, item),
            }
        }
    }

    fn event(&mut self, id: &str, kind: &str, form: &Form<'_>, next: Option<&str>) {
        let thrown = matches!(kind, "throw" | "end");
        let read = self.trigger(id, form, thrown);
        let mut refused = read.refused;
        let links = matches!(read.event.only(), Some(EventDefinition::Link { .. }));
        if kind == "catch" && read.event.is_none() && !refused {
            refused = true;
            let message = "an event that is caught says what it awaits: message, signal, timer, \
                           date, cycle, condition or link";
            self.flaws.add("missing-key", id, form.line, message);
        }
        let title = match form.entry(kind) {
            Some(Entry { value: Node { tree: Tree::Null, .. }, .. }) | None => None,
            Some(_) => form.text(kind, self.flaws),
        };
        let name = form.text("name", self.flaws).or(title).unwrap_or_default();
        let event = read.event;
        let draft = match kind {
            "start" => {
                let interrupting = form.boolean("interrupting", self.flaws).unwrap_or(true);
                let interrupting = interrupting && self.scope().is_some();
                let initiator = form.text("initiator", self.flaws);
                DraftKind::Start(StartEvent { event, interrupting, initiator })
            }
            "catch" => DraftKind::Catch(event),
            "throw" => DraftKind::Throw(event),
            _ => DraftKind::End(event),
        };
        self.node(id.into(), name, form.line, draft);
        self.refuse_last(refused);
        if kind != "end" {
            let next = next.filter(|_| !(links && thrown));
            self.then(id, form, next);
        }
    }

    pub(super) fn node(&mut self, id: String, name: String, line: u32, kind: DraftKind) {
        let parent = self.scope().map(str::to_owned);
        let (name, default, refused) = (crate::title(&name), None, false);
        let (variables, enter, leave) = (Vec::new(), Vec::new(), Vec::new());
        let description = None;
        self.nodes.push(DraftNode {
            id,
            name,
            line,
            parent,
            kind,
            default,
            variables,
            enter,
            leave,
            description,
            refused,
        });
    }

    /// Reads the variables of a node that is there, what it sets, and what is said of it.
    pub(super) fn besides(&mut self, id: &str, form: &Form<'_>) {
        let enter = form.sets("enter", id, self.flaws);
        let leave = form.sets("leave", id, self.flaws);
        if let Some(node) = self.nodes.iter_mut().rfind(|node| node.id == id) {
            (node.enter, node.leave) = (enter, leave);
            // A sub-process has them for what it holds.
            if !node.is_container() {
                node.variables = form.variables(id, self.flaws);
            }
            node.description = form.description(self.flaws);
        }
    }

    /// Notes whether something was refused in the node that was added last.
    pub(super) fn refuse_last(&mut self, refused: bool) {
        if let Some(node) = self.nodes.last_mut() {
            node.refused |= refused;
        }
    }
}
