//! Renaming: an instance that was moved to another version calls its nodes by their new ids.

use definitions::NodeId;

use crate::Instance;
use crate::scope::Gateways;

impl Instance {
    /// Calls nodes by their new ids.
    pub(super) fn rename(&mut self, nodes: &std::collections::BTreeMap<NodeId, NodeId>) {
        let rename = |node: &mut NodeId| {
            if let Some(new) = nodes.get(node) {
                node.clone_from(new);
            }
        };
        self.paths.values_mut().for_each(|path| rename(&mut path.node));
        self.timers.values_mut().for_each(|timer| rename(&mut timer.node));
        self.catches.values_mut().for_each(|catch| rename(&mut catch.node));
        self.conditions.values_mut().for_each(|catch| rename(&mut catch.node));
        rename_gateways(&mut self.gateways, &rename);
        rename_done(&mut self.done, &rename);
        for scope in self.scopes.values_mut() {
            rename(&mut scope.node);
            rename_gateways(&mut scope.gateways, &rename);
            rename_done(&mut scope.done, &rename);
            if scope.kind == crate::ScopeKind::SubProcess {
                // What is still to begin in an ad-hoc sub-process.
                for id in &mut scope.pending {
                    let new = id.as_str().and_then(|id| nodes.get(&NodeId::from(id)));
                    if let Some(new) = new {
                        *id = new.as_str().into();
                    }
                }
            }
        }
    }
}

fn rename_gateways(gateways: &mut Gateways, rename: &impl Fn(&mut NodeId)) {
    for (mut node, arrivals) in std::mem::take(&mut gateways.arrivals) {
        rename(&mut node);
        gateways.arrivals.insert(node, arrivals);
    }
    for (mut node, flows) in std::mem::take(&mut gateways.resets) {
        rename(&mut node);
        gateways.resets.insert(node, flows);
    }
}

fn rename_done(done: &mut [crate::Done], rename: &impl Fn(&mut NodeId)) {
    for done in done {
        rename(&mut done.node);
        rename_done(&mut done.inner, rename);
    }
}
