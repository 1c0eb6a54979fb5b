//! Reading one process: its nodes, with those of sub-processes, and its flows.

use super::camunda;
use super::correlation::{Keyless, Subscriptions};
use super::element::{Element, Space};
use super::people::OWNERS;
use super::read::documentation;
use super::roots::{File, unsupported};
use super::variables::Datum;
use super::{events, extensions, repeat};
use crate::catalog::Catalog;
use crate::draft::{Draft, DraftActivity, DraftFlow, DraftKind, DraftNode, Flaws, Parameter};
use crate::feel::Counters;
use crate::{EventDefinition, Input};
use std::collections::{BTreeMap, BTreeSet};

/// Reads one process of a file.
pub(super) struct Reader<'x, 'f> {
    pub(super) catalog: &'x Catalog,
    pub(super) file: &'x File<'x>,
    pub(super) flaws: &'f mut Flaws,
    pub(super) draft: Draft,
    /// What data associations may name, by id.
    pub(super) data: BTreeMap<&'x str, Datum>,
    /// What data objects and properties begin with, by id.
    pub(super) beginnings: BTreeMap<&'x str, Input>,
    pub(super) subscriptions: Subscriptions<'x>,
    /// The correlation properties of these.
    pub(super) subscribed: BTreeSet<&'x str>,
    pub(super) keyless: Vec<Keyless<'x>>,
    /// Whether a correlation subscription was refused.
    pub(super) misbound: bool,
    /// Timers and conditions that several events may refer to, by id; they are read once.
    pub(super) shared: BTreeMap<&'x str, Option<EventDefinition>>,
    /// What FEEL may count here, and around the repeated activity that this is in.
    pub(super) counters: Counters,
    pub(super) around: Counters,
    /// Flows as the nodes list them: the node, whether it leaves it, the flow, the line.
    pub(super) ends: Vec<(&'x str, bool, &'x str, u32)>,
    pub(super) associations: Vec<&'x Element>,
    /// What the present node, an event without a trigger, sets by its output mappings.
    pub(super) mapped: Vec<Parameter>,
    /// Properties that the present node has without saying so, and what they begin with.
    pub(super) local: Vec<(String, Option<Input>)>,
    /// Gateways that say how flows lead through them.
    pub(super) directed: Vec<&'x Element>,
    /// Nodes as the lanes list them.
    pub(super) placed: Vec<&'x Element>,
}

/// Where a node stands.
#[derive(Clone, Copy)]
pub(super) struct Holder<'x> {
    /// The process or the sub-process.
    pub(super) element: &'x Element,
    /// Its id, unless it is the process.
    pub(super) parent: Option<&'x str>,
}

/// Children of nodes that the code for them looks at.
const PARTS: [&str; 5] = [
    "ioSpecification",
    "dataInputAssociation",
    "dataOutputAssociation",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
];
/// Children of events that the code for them looks at.
const EVENT_PARTS: [&str; 7] = [
    "dataInput",
    "dataOutput",
    "inputSet",
    "outputSet",
    "dataInputAssociation",
    "dataOutputAssociation",
    "eventDefinitionRef",
];

impl<'x, 'f> Reader<'x, 'f> {
    pub(super) fn new(
        catalog: &'x Catalog,
        file: &'x File<'x>,
        flaws: &'f mut Flaws,
    ) -> Reader<'x, 'f> {
        Reader {
            catalog,
            file,
            flaws,
            draft: Draft::default(),
            data: BTreeMap::new(),
            beginnings: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            subscribed: BTreeSet::new(),
            keyless: Vec::new(),
            misbound: false,
            shared: BTreeMap::new(),
            counters: &[],
            around: &[],
            ends: Vec::new(),
            associations: Vec::new(),
            mapped: Vec::new(),
            local: Vec::new(),
            directed: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// Reads what a process or a sub-process holds.
    pub(super) fn contents(&mut self, holder: Holder<'x>) {
        for child in &holder.element.children {
            self.child(holder, child);
        }
    }

    fn child(&mut self, holder: Holder<'x>, child: &'x Element) {
        if child.space != Space::Bpmn {
            return child.refuse(holder.element, self.flaws);
        }
        match child.name.as_str() {
            "documentation" | "extensionElements" | "auditing" | "monitoring" => {}
            "categoryValueRef" if holder.parent.is_some() => {}
            "incoming" | "outgoing" if holder.parent.is_some() => {
                self.end(holder.element, child);
            }
            "textAnnotation"
            | "group"
            | "dataObject"
            | "dataObjectReference"
            | "dataStoreReference" => self.note(child),
            "property" => self.note(child),
            "association" => {
                self.note(child);
                self.associations.push(child);
            }
            "laneSet" => self.lanes(child),
            "sequenceFlow" => self.flow(child),
            "correlationSubscription" if holder.parent.is_none() => self.note(child),
            "ioSpecification" | "supportedInterfaceRef" if holder.parent.is_none() => {}
            // The code for sub-processes looks at these.
            name if holder.parent.is_some()
                && (PARTS.contains(&name) || name == "completionCondition") => {}
            _ => self.counted_node(holder, child),
        }
    }

    /// Reads a node with what FEEL may count in it.
    fn counted_node(&mut self, holder: Holder<'x>, element: &'x Element) {
        let outside = (self.counters, self.around);
        if element.all("multiInstanceLoopCharacteristics").next().is_some() {
            (self.counters, self.around) = (repeat::INSTANCE, self.counters);
        }
        self.node(holder, element);
        (self.counters, self.around) = outside;
    }

    fn node(&mut self, holder: Holder<'x>, element: &'x Element) {
        let before = self.flaws.count();
        let position = self.draft.nodes.len();
        self.draft.nodes.push(DraftNode {
            id: String::new(),
            name: element.title(),
            line: element.line,
            kind: DraftKind::Refused,
            parent: holder.parent.map(str::to_owned),
            default: element.plain("default").map(str::to_owned),
            variables: Vec::new(),
            enter: Vec::new(),
            leave: Vec::new(),
            description: documentation(element),
            refused: false,
        });
        let kind = self.kind(holder, element);
        if matches!(kind, DraftKind::Refused) && element.id().is_empty() {
            self.draft.nodes.truncate(position);
            return;
        }
        if !matches!(kind, DraftKind::Refused) && !element.is_container() {
            self.parts(element);
        }
        let id = self.id(element);
        let set = self.listeners(element);
        let Some(mut node) = self.draft.nodes.pop() else { return };
        (node.id, node.kind) = (id, kind);
        if !element.is_container() {
            node.variables = self.variables(element);
            node.variables.append(&mut self.local);
        }
        self.set(set, &mut node);
        node.refused = self.flaws.count() > before;
        self.draft.nodes.push(node);
        // What is inside comes after it, so that its own flaws are known.
        if element.is_container() && !element.id().is_empty() {
            self.contents(Holder { element, parent: Some(element.id()) });
        }
    }

    fn kind(&mut self, holder: Holder<'x>, element: &'x Element) -> DraftKind {
        if let Some(activity) = self.activity(element) {
            return DraftKind::Activity(Box::new(activity));
        }
        match element.name.as_str() {
            "startEvent" => self.start(holder, element),
            "endEvent" => self.throwing(element),
            "intermediateThrowEvent" => self.throwing(element),
            "intermediateCatchEvent" => self.catching(element),
            "boundaryEvent" => self.boundary(element),
            "exclusiveGateway" | "inclusiveGateway" | "parallelGateway" | "complexGateway"
            | "eventBasedGateway" => self.gateway(element),
            _ => {
                unsupported(element, self.flaws);
                DraftKind::Refused
            }
        }
    }

    fn activity(&mut self, element: &'x Element) -> Option<DraftActivity> {
        let mut activity = match element.name.as_str() {
            "task" | "manualTask" => self.idle_task(element),
            "serviceTask" | "userTask" => self.task(element),
            "sendTask" => self.send_task(element),
            "receiveTask" => self.receive_task(element),
            "scriptTask" => self.script_task(element),
            "businessRuleTask" => self.business_rule_task(element),
            "callActivity" => self.call_activity(element),
            "subProcess" | "transaction" | "adHocSubProcess" => self.sub_process(element),
            _ => return None,
        };
        activity.start_quantity = element.quantity("startQuantity", self.flaws);
        activity.completion_quantity = element.quantity("completionQuantity", self.flaws);
        activity.for_compensation = element.truth("isForCompensation", false, self.flaws);
        let mut data = self.activity_data(element);
        activity.repeat = self.repeat(element, &mut data);
        activity.retries = self.retries(element);
        let given = data.inputs.into_iter().map(|(_, parameter)| parameter);
        activity.inputs.extend(given);
        activity.outputs.extend(data.outputs);
        self.result(element, &activity);
        Some(activity)
    }

    /// The children that every node may have; the others are refused.
    fn parts(&mut self, node: &'x Element) {
        node.no_text(self.flaws);
        let event = node.name.ends_with("Event");
        for child in &node.children {
            match child.name.as_str() {
                _ if child.space != Space::Bpmn => child.refuse(node, self.flaws),
                "incoming" | "outgoing" => self.end(node, child),
                "documentation" | "extensionElements" => {}
                name if OWNERS.contains(&name) && node.is("userTask") => {}
                "rendering" if node.is("userTask") => extensions::none(child, self.flaws),
                "auditing" | "monitoring" | "categoryValueRef" => {}
                "property" if !node.name.ends_with("Gateway") => self.note(child),
                _ if events::is_trigger(child) && event => {}
                name if event && EVENT_PARTS.contains(&name) => {}
                name if !event && PARTS.contains(&name) && !node.name.ends_with("Gateway") => {}
                "script" if node.is("scriptTask") => {}
                "activationCondition" if node.is("complexGateway") => {}
                _ => {
                    let (name, element) = (crate::excerpt(&child.name), &node.name);
                    let message = match camunda::refusal(child.space, &child.name) {
                        Some(reason) => format!("{name} in {element} is not taken: {reason}"),
                        None => format!("{name} in {element} is not supported; take it away"),
                    };
                    self.flaws.add("unsupported-element", node.id(), child.line, message);
                }
            }
        }
    }

    /// Keeps the id of what is neither a node nor a flow.
    fn note(&mut self, element: &Element) {
        if !element.id().is_empty() {
            self.draft.further_ids.push((element.id().to_owned(), element.line));
        }
    }

    /// Lanes say who does what, and nothing to the engine; what they name must be there.
    fn lanes(&mut self, element: &'x Element) {
        self.note(element);
        let plain: &[&str] = if element.is("lane") {
            &["id", "name", "partitionElementRef"]
        } else {
            &["id", "name"]
        };
        element.allow(plain, &[], self.flaws);
        element.no_text(self.flaws);
        extensions::none(element, self.flaws);
        let lane = element.is("lane");
        for child in &element.children {
            match child.name.as_str() {
                "documentation" | "extensionElements" => {}
                "flowNodeRef" if lane => self.placed.push(child),
                "partitionElement" if lane => {}
                "childLaneSet" if lane => self.lanes(child),
                "lane" if !lane => self.lanes(child),
                _ => child.refuse(element, self.flaws),
            }
        }
    }

    fn flow(&mut self, element: &'x Element) {
        element.allow(&["id", "name", "sourceRef", "targetRef", "isImmediate"], &[], self.flaws);
        element.no_text(self.flaws);
        extensions::none(element, self.flaws);
        let mut condition = None;
        for child in &element.children {
            match child.name.as_str() {
                _ if child.space != Space::Bpmn => child.refuse(element, self.flaws),
                "documentation" | "extensionElements" | "auditing" | "monitoring"
                | "categoryValueRef" => {}
                "conditionExpression" if condition.is_none() => {
                    // What was refused leaves the flow with a condition, so that none is missed.
                    let text = self.formal(child).filter(|_| !self.is_none(child));
                    condition = Some(text.unwrap_or_else(|| "${true}".into()));
                }
                _ => child.refuse(element, self.flaws),
            }
        }
        let set = self.listeners(element);
        let sets = self.set_by_flow(element.id(), set);
        let id = self.id(element);
        self.draft.flows.push(DraftFlow {
            id,
            name: element.title(),
            line: element.line,
            source: element.required("sourceRef", self.flaws),
            target: element.required("targetRef", self.flaws),
            condition,
            sets,
            description: documentation(element),
        });
    }

    /// The id of a node or a flow; it has none where others name it so that it could not be given one.
    fn id(&mut self, element: &Element) -> String {
        let id = element.id().trim();
        if id.is_empty() {
            let end = |word| crate::excerpt(element.given(word).unwrap_or("nowhere"));
            let title = crate::excerpt(element.given("name").unwrap_or_default());
            let message = match element.name.as_str() {
                "sequenceFlow" => format!(
                    "the flow from {} to {} has no id; give it the one that the nodes name",
                    end("sourceRef"),
                    end("targetRef")
                ),
                name if title.is_empty() => {
                    format!("{name} has no id; give it the one that the flows name")
                }
                name => {
                    format!("{name} \"{title}\" has no id; give it the one that the flows name")
                }
            };
            element.tell(self.flaws, "missing-attribute", message);
        }
        id.to_owned()
    }

    /// Refuses a reference to what is not there.
    pub(super) fn dangling(&mut self, at: &Element, attribute: &str, reference: &str, what: &str) {
        let reference = crate::excerpt(reference);
        let message = format!("{attribute} names {reference}, but there is no such {what}");
        at.tell(self.flaws, "dangling-reference", message);
    }
}
