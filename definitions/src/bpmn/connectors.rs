//! Connectors of Camunda 7: the activity of a task, with parameters beside those of the task itself.

use super::beside::FIELD;
use super::element::Element;
use super::extensions::{self, Extensions};
use super::listeners;
use super::reader::Reader;
use crate::draft::{Parameter, Raw};
use std::collections::BTreeSet;

/// What a service, send or business rule task may have, and a message event definition.
pub(super) const CONNECTOR: &str = "camunda:connector";

/// Whether an event definition has one.
pub(super) fn connects(definition: &Element) -> bool {
    let mut inside = definition.all("extensionElements").flat_map(|inner| &inner.children);
    inside.any(|child| child.is_camunda("connector"))
}

impl Reader<'_, '_> {
    /// Reads the connector of a node, if there is one: the name of its activity, or none that could
    /// be told. Its parameters take the place of those of the node. What is given to the node itself
    /// is seen by them and goes to no activity: it is a property.
    pub(super) fn connector(
        &mut self,
        node: &Element,
        found: &mut Extensions<'_>,
    ) -> Option<Vec<String>> {
        let element = found.one(CONNECTOR, self.flaws)?;
        element.allow(&[], &[], self.flaws);
        element.no_text(self.flaws);
        let (mut names, mut own) = (Vec::new(), Extensions::default());
        for child in &element.children {
            if child.is_camunda("connectorId") && names.is_empty() {
                child.allow(&[], &[], self.flaws);
                child.children.iter().for_each(|inner| inner.refuse(child, self.flaws));
                names.push(child.words().to_owned());
            } else if child.is_camunda("inputOutput") {
                let zeebe = self.zeebe().is_some();
                extensions::parameters(zeebe, node, child, &mut own, self.flaws);
            } else {
                child.refuse(element, self.flaws);
            }
        }
        names.retain(|name| !name.is_empty());
        if names.is_empty() {
            let message = "a connector names the activity that it runs as camunda:connectorId";
            element.tell(self.flaws, "missing-activity", message);
        }
        for field in found.all(FIELD) {
            let message = "a field beside a connector is not given to it; make it an input of that";
            field.tell(self.flaws, "unsupported-value", message);
        }
        let further = node.all("extensionElements").flat_map(|inner| &inner.children);
        for listener in further.filter(|child| listeners::evaluates(child)) {
            let message = "a listener comes between the parameters of a task and those of its \
                           connector there; set it with one of these";
            listener.tell(self.flaws, "unknown-listener", message);
        }
        self.apart(node, found, &own);
        for Parameter { name, line, value } in std::mem::take(&mut found.inputs) {
            let begins = self.flaws.input(node.id(), line, &name, &value);
            self.local.extend(begins.map(|begins| (name, Some(begins))));
        }
        found.inputs = own.inputs;
        found.outputs.splice(0..0, own.outputs);
        Some(names)
    }

    /// Refuses names that do not mean here what they mean there.
    fn apart(&mut self, node: &Element, of_node: &Extensions<'_>, own: &Extensions<'_>) {
        let outputs = || own.outputs.iter().chain(&of_node.outputs);
        let mut seen: BTreeSet<&str> = of_node.inputs.iter().map(|one| &*one.name).collect();
        for output in outputs().filter(|output| !seen.insert(&output.name)) {
            let message = format!(
                "{} is a name that the task or its connector has given already; call one of them \
                 otherwise",
                crate::excerpt(&output.name)
            );
            self.flaws.add("duplicate-parameter", node.id(), output.line, message);
        }
        for input in &own.inputs {
            let itself = format!("${{{}}}", input.name);
            let passed = matches!(&input.value, Raw::Text(text) if text.trim() == itself);
            if let Some(output) = outputs().find(|one| !passed && one.value.asks(&input.name)) {
                let message = format!(
                    "an output asks for {}, which is what the connector is given here and another \
                     variable there; call one of them otherwise",
                    crate::excerpt(&input.name)
                );
                self.flaws.add("unsupported-value", node.id(), output.line, message);
            }
        }
    }
}
