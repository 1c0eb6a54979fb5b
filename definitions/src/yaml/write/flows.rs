//! Flows as they are written: where a step leads.

use super::values::{condition, sets};
use super::{Writer, described};
use crate::Kind;
use crate::process::{Flow, Place};
use crate::yaml::emit::{Entries, Out};
use crate::yaml::naming;

impl Writer<'_> {
    /// Where a step leads; nothing when it leads there by itself.
    pub(super) fn led(
        &self,
        place: Place,
        end: &str,
        next: Option<&str>,
        key: &str,
    ) -> Option<Out> {
        let flows: Vec<(&Flow, Place)> = self.process.outgoing(place).collect();
        let by_itself = match (&flows[..], next) {
            ([], None) => true,
            ([(flow, target)], Some(next)) => {
                self.is_plain(place, flow, *target) && self.id(*target) == next
            }
            _ => false,
        };
        (!by_itself).then(|| self.branches(place, end, key))
    }

    /// The flows that leave a node; `key` says where one with a condition leads.
    pub(super) fn branches(&self, place: Place, end: &str, key: &str) -> Out {
        let flows: Vec<(&Flow, Place)> = self.process.outgoing(place).collect();
        let lone = |flow: &Flow, target| self.is_plain(place, flow, target);
        if let [(flow, target)] = flows[..] {
            return self.branch(flow, target, lone(flow, target), end, key);
        }
        Out::List(
            flows.into_iter().map(|(flow, to)| self.branch(flow, to, false, end, key)).collect(),
        )
    }

    /// A flow; `plain` for one of which only the target is said.
    pub(super) fn branch(
        &self,
        flow: &Flow,
        target: Place,
        plain: bool,
        end: &str,
        key: &str,
    ) -> Out {
        let id = self.id(target);
        let to = Out::Text(if id == end { naming::END.into() } else { id.into() });
        if plain || self.is_simple(flow, target) {
            return to;
        }
        let mut entries = Entries::default();
        let usual = flow.condition.as_ref().map(|one| naming::branch_name(one.source()));
        entries.named(&flow.name, &usual.unwrap_or_default());
        entries.some("description", described(flow.description.as_deref()));
        if self.process.is_counted(target, flow) {
            entries.text("id", &flow.id);
        }
        match &flow.condition {
            Some(one) => {
                entries.put("when", condition(one));
                entries.put(key, to);
            }
            None if flow.is_default => entries.put("otherwise", to),
            None => entries.put("to", to),
        }
        entries.some("set", sets(&flow.sets));
        Out::Map(entries.0)
    }

    /// Whether of the only flow out of a node no more than the target need be said.
    fn is_plain(&self, source: Place, flow: &Flow, target: Place) -> bool {
        let exclusive = matches!(self.process.node(source).kind, Kind::ExclusiveGateway);
        self.is_simple(flow, target)
            || exclusive
                && flow.condition.is_none()
                && flow.sets.is_empty()
                && flow.name.is_empty()
                && flow.description.is_none()
                && !self.process.is_counted(target, flow)
    }

    /// Whether a flow has no name, no description, no condition and no id that counts, sets nothing,
    /// and is no default.
    pub(super) fn is_simple(&self, flow: &Flow, target: Place) -> bool {
        flow.name.is_empty()
            && flow.description.is_none()
            && flow.condition.is_none()
            && flow.sets.is_empty()
            && !flow.is_default
            && !self.process.is_counted(target, flow)
    }
}
