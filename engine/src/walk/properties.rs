//! Properties (BPMN 2.0.2 §10.4.1): the variables of a task, a call or an event while a path is there.

use std::borrow::Cow;

use definitions::{Node, Sets};
use serde_json::{Map, Value};

use super::{Visit, Walk};
use crate::Write;
use crate::catch::Owner;
use crate::elements::{sub_process, trigger};
use crate::view::View;

impl Walk<'_> {
    /// What is seen from where a path stands: the properties of its node, too, and what an instance
    /// of a repeated activity was given.
    pub(crate) fn view_at(&self, visit: Visit<'_>) -> View<'_> {
        let path = self.instance.path(visit.path);
        let (given, own) = (path.map(|path| path.given()), path.map(|path| path.own()));
        let beside = path.and_then(|path| path.beside.as_deref());
        View { given, own, beside, ..self.view(visit.scope) }
    }

    /// The properties of an activity as the events on its boundary see them. Where each instance has
    /// its own, they are what they are declared with, if that has a value outside of the instances.
    pub(crate) fn own_or_declared(&self, host: Visit<'_>) -> Cow<'_, Map<String, Value>> {
        match self.instance.path(host.path).map(|path| path.own()) {
            Some(own) if host.node.variables.is_empty() || !own.is_empty() => Cow::Borrowed(own),
            _ => {
                let mut declared = Map::new();
                for one in &host.node.variables {
                    let view = self.view_at(host);
                    sub_process::add(std::slice::from_ref(one), view, &mut declared).ok();
                }
                Cow::Owned(declared)
            }
        }
    }

    /// The properties of a node with what they begin with, but for those that are there.
    ///
    /// # Errors
    /// Which has no value, in words.
    pub(crate) fn declared(
        &self,
        visit: Visit<'_>,
        mut there: Map<String, Value>,
    ) -> Result<Map<String, Value>, String> {
        let view = View { own: None, ..self.view_at(visit) };
        sub_process::add(&visit.node.variables, view, &mut there)?;
        Ok(there)
    }

    /// A path is at a node: the properties of that come.
    ///
    /// # Errors
    /// Which has no value or finds no room, in words.
    pub(crate) fn declare(&mut self, visit: Visit<'_>) -> Result<(), String> {
        self.declare_beside(visit, Map::new())
    }

    /// A person lets a path enter its node again: the properties come anew.
    ///
    /// # Errors
    /// Which has no value or finds no room, in words.
    pub(crate) fn declare_anew(&mut self, visit: Visit<'_>) -> Result<(), String> {
        self.declare(visit)?;
        let writes = self.assigned(&[&set(visit.node)], self.view_at(visit), Vec::new())?;
        self.fit(&writes)?;
        self.write(visit, writes);
        Ok(())
    }

    /// The same of those that have not come yet.
    ///
    /// # Errors
    /// Which has no value or finds no room, in words.
    pub(crate) fn declare_missing(&mut self, visit: Visit<'_>) -> Result<(), String> {
        if visit.node.variables.is_empty() {
            return Ok(());
        }
        let there = self.instance.path(visit.path).map(|path| path.own().clone());
        self.declare_beside(visit, there.unwrap_or_default())
    }

    fn declare_beside(
        &mut self,
        visit: Visit<'_>,
        there: Map<String, Value>,
    ) -> Result<(), String> {
        let names = visit.node.variables.iter().map(|(name, _)| name);
        let names: Vec<&String> = names.filter(|name| !there.contains_key(*name)).collect();
        if names.is_empty() {
            return Ok(());
        }
        let mut declared = self.declared(visit, there)?;
        let write = |name: &String| Some(Write::variable(name.as_str(), declared.remove(name)?));
        let writes: Vec<Write> = names.into_iter().filter_map(write).collect();
        self.fit(&writes)?;
        self.set_of(Owner::path(visit.path), writes);
        Ok(())
    }

    /// Sets variables around the node of a path, whose properties end.
    pub(crate) fn write_around(&mut self, visit: Visit<'_>, writes: Vec<Write>) {
        match self.instance.path(visit.path).is_some_and(|path| !path.own().is_empty()) {
            true => trigger::set_outward(self, visit.scope, writes),
            false => self.write(visit, writes),
        }
    }
}

/// What of that which a node sets when a path comes goes to its properties.
pub(crate) fn set(node: &Node) -> Sets {
    node.enter.iter().filter(|(name, _)| is_of(node, name)).cloned().collect()
}

/// Whether a name is that of a property of a node.
pub(crate) fn is_of(node: &Node, name: &str) -> bool {
    node.variables.iter().any(|(own, _)| own == name)
}
