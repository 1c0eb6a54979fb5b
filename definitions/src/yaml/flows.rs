//! Where steps lead: targets, branches, and the flows made of them.

use super::form::{Form, in_braces, scalar_text};
use super::naming;
use super::steps::Reader;
use super::tree::{Entry, Node, Tree};
use crate::draft::DraftFlow;
use std::collections::BTreeSet;

const BRANCH: [&str; 8] = ["when", "then", "otherwise", "to", "name", "id", "description", "set"];

impl Reader<'_> {
    /// Where a step leads: as `then` says, else to the next step.
    pub(super) fn then(&mut self, id: &str, form: &Form<'_>, next: Option<&str>) {
        match (form.entry("then"), next) {
            (Some(entry), _) => self.targets(id, entry),
            (None, Some(next)) => self.flow(id, next, form.line),
            (None, None) => {}
        }
    }

    /// The branches of a gateway; one without any leads to the next step.
    pub(super) fn branches(&mut self, id: &str, entry: &Entry, next: Option<&str>) {
        match (&entry.value.tree, next) {
            (Tree::Null, Some(next)) => self.flow(id, next, entry.line),
            (Tree::Null, None) => {}
            _ => self.targets(id, entry),
        }
    }

    /// One target or a list of them.
    pub(super) fn targets(&mut self, id: &str, entry: &Entry) {
        match &entry.value.tree {
            Tree::List(items) => items.iter().for_each(|item| self.target(id, item)),
            _ => self.target(id, &entry.value),
        }
    }

    /// A target: the id of a step, or a branch: `when` and `then`, or `otherwise`, or `to`.
    pub(super) fn target(&mut self, id: &str, node: &Node) {
        if let Some(target) = scalar_text(node) {
            let target = self.resolved(&target);
            self.flow(id, &target, node.line);
            return;
        }
        let Some(form) = Form::of(node, "a branch", &BRANCH, self.flaws) else { return };
        let key = match ["when", "then", "otherwise", "to"].map(|key| form.has(key)) {
            [true, true, false, false] => "then",
            [_, false, false, true] => "to",
            [false, false, true, false] => "otherwise",
            _ => {
                let message = "a branch has when and then, or otherwise, or to alone";
                self.flaws.add("wrong-shape", id, form.line, message);
                return;
            }
        };
        let condition = form.text("when", self.flaws).map(|text| in_braces(&text));
        let usual = || condition.as_deref().map(naming::branch_name).unwrap_or_default();
        let name = form.text("name", self.flaws).unwrap_or_else(usual);
        let own = form.text("id", self.flaws);
        let Some(target) = form.text(key, self.flaws) else { return };
        let target = self.resolved(&target);
        let sets = form.sets("set", id, self.flaws);
        let implied = own.is_none();
        let flow = own.unwrap_or_else(|| self.flow_id(id));
        if key == "otherwise" {
            self.default(id, &flow, form.line);
        }
        let (name, source, line) = (crate::title(&name), id.to_owned(), form.line);
        let (id, description) = (flow, form.description(self.flaws));
        self.put(
            DraftFlow { id, name, line, source, target, condition, sets, description },
            implied,
        );
    }

    fn default(&mut self, id: &str, flow: &str, line: u32) {
        let Some(node) = self.nodes.iter_mut().rfind(|node| node.id == id) else { return };
        if node.default.is_some() {
            let message = "a choice has one otherwise; take this one away";
            self.flaws.add("wrong-shape", id, line, message);
        } else {
            node.default = Some(flow.to_owned());
        }
    }

    /// A flow without a condition and without a name.
    pub(super) fn flow(&mut self, source: &str, target: &str, line: u32) {
        let (id, name) = (self.flow_id(source), String::new());
        let (source, target) = (source.to_owned(), target.to_owned());
        let (condition, sets, description) = (None, Vec::new(), None);
        let flow = DraftFlow { id, name, line, source, target, condition, sets, description };
        self.put(flow, true);
    }

    pub(super) fn flow_to_end(&mut self, source: &str, line: u32) {
        let end = self.resolved(naming::END);
        self.flow(source, &end, line);
    }

    fn put(&mut self, flow: DraftFlow, implied: bool) {
        self.note_target(&flow.target, flow.line);
        if implied {
            self.implied_flows.push(self.flows.len());
        }
        self.flows.push(flow);
    }

    fn flow_id(&mut self, source: &str) -> String {
        let leaving = self.leaving.entry(source.into()).or_default();
        *leaving += 1;
        naming::joined(source, &format!("flow{leaving}"))
    }

    /// Gives flows without an id of their own another implied one where a step is called so.
    pub(super) fn part_flows_from_steps(&mut self) {
        let implied: BTreeSet<usize> = self.implied_flows.iter().copied().collect();
        let own = (0..self.flows.len()).filter(|at| !implied.contains(at));
        let mut taken: BTreeSet<String> = own.map(|at| self.flows[at].id.clone()).collect();
        taken.extend(self.nodes.iter().map(|node| node.id.clone()));
        for at in implied {
            let flow = &mut self.flows[at];
            if !taken.contains(&flow.id) {
                continue;
            }
            let (old, mut count) = (flow.id.clone(), 1_u32);
            while taken.contains(&flow.id) {
                count += 1;
                flow.id = naming::joined(&old, &count.to_string());
            }
            taken.insert(flow.id.clone());
            let (new, source) = (flow.id.clone(), flow.source.clone());
            let defaults = self.nodes.iter_mut().filter(|node| node.id == source);
            for node in defaults.filter(|node| node.default.as_ref() == Some(&old)) {
                node.default = Some(new.clone());
            }
        }
    }
}
