//! Scopes as they are written: steps in order, and what is implied around them left out.

use super::activities::work;
use super::events::trigger;
use super::values::{condition, inputs, sets, variables};
use super::{Frame, Writer, described};
use crate::process::{Flow, Node, Place};
use crate::yaml::emit::{Entries, Out, truth};
use crate::yaml::naming;
use crate::{Activity, Event, EventDefinition, Kind, StartEvent, TaskKind, Work};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a scope that are written, and what is known of them.
struct Steps {
    places: Vec<Place>,
    /// Where each leads by itself.
    following: Vec<Option<String>>,
    /// The event behind an event gateway that is written in it.
    inner: BTreeSet<Place>,
    /// The start event that is not written.
    start: Option<Place>,
}

impl<'p> Writer<'p> {
    /// Puts what a scope holds.
    pub(super) fn contents(&self, scope: Option<Place>, ad_hoc: bool, entries: &mut Entries) {
        self.variables(scope, entries);
        let id = scope.map(|place| self.id(place));
        let frame = self.frame(scope, id, ad_hoc);
        let steps = self.steps(scope, &frame);
        let begins = |place: &Place| match &self.process.node(*place).kind {
            Kind::StartEvent(_) => true,
            kind => self.instantiates(kind),
        };
        let startless = steps.start.is_none() && !steps.places.iter().any(begins);
        entries.mark("startless", startless && !ad_hoc);
        let written = (0..).zip(&steps.places).map(|(index, place)| {
            let next = steps.following[index].as_deref();
            let mut entries = Entries(self.step(*place, index, &frame, next, &steps.inner));
            put_sets(self.process.node(*place), &mut entries);
            entries.0
        });
        entries.put("steps", Out::Steps(written.collect()));
        let events = &self.process.contents(scope).event_sub_processes;
        let events: Vec<_> = (0..)
            .zip(events)
            .map(|(index, place)| self.event_sub_process(*place, index, &frame))
            .collect();
        if !events.is_empty() {
            entries.put("events", Out::Steps(events));
        }
    }

    fn frame(&self, scope: Option<Place>, id: Option<&'p str>, ad_hoc: bool) -> Frame<'p> {
        let held = self.held.get(&scope).map_or(&[][..], Vec::as_slice);
        let written = held.iter().any(|place| self.id(*place) == naming::END);
        let end = if written { naming::END.into() } else { naming::within(id, naming::END) };
        Frame { id, end, ad_hoc }
    }

    fn instantiates(&self, kind: &Kind) -> bool {
        match kind {
            Kind::EventGateway(gateway) => gateway.instantiate,
            Kind::Activity(activity) => activity.instantiates(),
            _ => false,
        }
    }

    /// The steps of a scope that are written.
    fn steps(&self, scope: Option<Place>, frame: &Frame<'_>) -> Steps {
        let mut places = self.ordered(scope);
        places.retain(|place| {
            let activity = self.process.node(*place).kind.activity();
            !activity.is_some_and(Activity::is_event_sub_process)
        });
        let inner: BTreeSet<Place> =
            places.iter().copied().filter(|place| self.is_inner(*place)).collect();
        places.retain(|place| !inner.contains(place));
        let ends: Vec<Place> =
            places.iter().copied().filter(|place| self.is_implied_end(*place, frame)).collect();
        if ends.len() < places.len() {
            places.retain(|place| !ends.contains(place));
        }
        let mut start = None;
        if let [only] = self.process.contents(scope).starts[..]
            && places.len() > 1
            && !places.iter().any(|place| self.instantiates(&self.process.node(*place).kind))
        {
            let led_to = places
                .iter()
                .find(|place| !self.is_closed(**place, &inner))
                .map_or(frame.end.as_str(), |place| self.id(*place));
            start = Some(only).filter(|start| self.is_implied_start(*start, led_to, frame));
        }
        places.retain(|place| Some(*place) != start);
        let mut following = vec![None; places.len()];
        let mut next = frame.end.clone();
        for (index, place) in places.iter().enumerate().rev() {
            let leads_on = !frame.ad_hoc && !self.leads_nowhere(*place);
            following[index] = leads_on.then(|| next.clone());
            if !self.is_closed(*place, &inner) {
                next = self.id(*place).into();
            }
        }
        Steps { places, following, inner, start }
    }

    /// Whether an event behind an event gateway is written in it.
    fn is_inner(&self, place: Place) -> bool {
        let Kind::CatchEvent(event) = &self.process.node(place).kind else { return false };
        let mut incoming = self.process.incoming(place);
        let Some((flow, source)) = incoming.next() else { return false };
        matches!(self.process.node(source).kind, Kind::EventGateway(_))
            && incoming.next().is_none()
            && flow.name.is_empty()
            && flow.description.is_none()
            && flow.sets.is_empty()
            && !event.is_none()
            && event.inputs.is_empty()
    }

    fn is_implied_end(&self, place: Place, frame: &Frame<'_>) -> bool {
        let node = self.process.node(place);
        let Kind::EndEvent(event) = &node.kind else { return false };
        node.id.as_str() == frame.end
            && node.name == naming::END_NAME
            && event.is_none()
            && event.inputs.is_empty()
            && event.outputs.is_empty()
            && node.variables.is_empty()
            && node.enter.is_empty()
            && node.description.is_none()
            && self.process.incoming_count(place) > 0
    }

    /// Whether a start event need not be written: the trigger of an event sub-process stands with
    /// it, any other has none.
    fn is_implied_start(&self, place: Place, led_to: &str, frame: &Frame<'_>) -> bool {
        let node = self.process.node(place);
        let Kind::StartEvent(StartEvent { event, interrupting: _, initiator: None }) = &node.kind
        else {
            return false;
        };
        let around = node.parent.and_then(|parent| self.process.node(parent).kind.activity());
        let triggered = around.is_some_and(|a| a.is_event_sub_process() && a.outputs.is_empty());
        let plain = event.is_none() && event.inputs.is_empty() && event.outputs.is_empty();
        let mut flows = self.process.outgoing(place);
        let Some((flow, target)) = flows.next() else { return false };
        (plain || triggered && event.inputs.is_empty())
            && node.id.as_str() == naming::within(frame.id, naming::START)
            && node.name == naming::START_NAME
            && node.variables.is_empty()
            && node.leave.is_empty()
            && node.description.is_none()
            && flows.next().is_none()
            && self.is_simple(flow, target)
            && self.id(target) == led_to
    }

    /// Whether no step leads to this one by itself.
    fn is_closed(&self, place: Place, inner: &BTreeSet<Place>) -> bool {
        let kind = &self.process.node(place).kind;
        let awaited = || {
            let mut incoming = self.process.incoming(place);
            incoming.any(|(_, source)| {
                matches!(self.process.node(source).kind, Kind::EventGateway(_))
                    && !inner.contains(&place)
            })
        };
        match kind {
            Kind::StartEvent(_) => true,
            Kind::CatchEvent(event) if is_link(event) => true,
            Kind::Activity(activity) if activity.for_compensation => true,
            _ => self.instantiates(kind) || awaited(),
        }
    }

    fn leads_nowhere(&self, place: Place) -> bool {
        match &self.process.node(place).kind {
            Kind::EndEvent(_) => true,
            Kind::ThrowEvent(event) => is_link(event),
            Kind::Activity(activity) => {
                activity.for_compensation || activity.task() == Some(TaskKind::End)
            }
            _ => false,
        }
    }

    /// A step without what it sets on the way.
    fn step(
        &self,
        place: Place,
        index: usize,
        frame: &Frame<'_>,
        next: Option<&str>,
        inner: &BTreeSet<Place>,
    ) -> Vec<(String, Out)> {
        let Node { id, name, kind, description, .. } = self.process.node(place);
        let description = || described(description.as_deref());
        let mut entries = Entries::default();
        let id = id.as_str();
        let gateway = |key: &str, further: Option<(&str, Out)>| {
            let mut entries = Entries::default();
            if naming::step(frame.id, index, key, None, true) != id {
                entries.text("id", id);
            }
            entries.said("name", name);
            entries.some("description", description());
            entries.0.extend(further.map(|(key, value)| (key.to_owned(), value)));
            if key != "await" {
                let flows = self.led(place, &frame.end, next, "then");
                entries.put(key, flows.unwrap_or(Out::Nothing));
            }
            entries
        };
        let event = |key: &str, event: &Event| {
            let mut entries = Entries::default();
            let title = Some(name.as_str()).filter(|name| !name.is_empty());
            entries.put(key, title.map_or(Out::Nothing, |title| Out::Text(title.into())));
            if naming::step(frame.id, index, key, title, event.is_none()) != id {
                entries.text("id", id);
            }
            entries.some("description", description());
            trigger(event, matches!(key, "throw" | "end"), &mut entries);
            entries
        };
        match kind {
            Kind::ExclusiveGateway => return gateway("choose", None).0,
            Kind::ParallelGateway => return gateway("parallel", None).0,
            Kind::InclusiveGateway => return gateway("include", None).0,
            Kind::ComplexGateway(complex) => {
                let when = complex.activation.as_ref().map(|one| ("when", condition(one)));
                return gateway("complex", when).0;
            }
            Kind::EventGateway(one) => {
                let starts = match (one.instantiate, one.parallel) {
                    (false, _) => None,
                    (true, false) => Some(("starts", truth(true))),
                    (true, true) => Some(("starts", Out::Text("all".into()))),
                };
                entries = gateway("await", starts);
                entries.put("await", self.awaited(place, &frame.end, next, inner));
                return entries.0;
            }
            Kind::EndEvent(one) => return event("end", one).0,
            Kind::CatchEvent(one) => entries = event("catch", one),
            Kind::ThrowEvent(one) => entries = event("throw", one),
            Kind::StartEvent(StartEvent { event: one, interrupting, initiator }) => {
                entries = event("start", one);
                entries.some("initiator", initiator.clone().map(Out::Text));
                let around = self.process.node(place).parent;
                let around = around.and_then(|place| self.process.node(place).kind.activity());
                if !interrupting && around.is_some_and(Activity::is_event_sub_process) {
                    entries.put("interrupting", truth(false));
                }
            }
            Kind::Activity(activity) => {
                let mut what = work(&activity.work).0.into_iter();
                let (key, word) = match &activity.work {
                    Work::SubProcess(_) => ("steps".to_owned(), Some(name.clone())),
                    _ => {
                        let first = what.next().unwrap_or_else(|| ("do".into(), Out::Nothing));
                        let word = match &first.1 {
                            Out::Text(text) | Out::Plain(text) => Some(text.clone()),
                            _ => None,
                        };
                        let key = first.0.clone();
                        entries.0.push(first);
                        (key, word)
                    }
                };
                if naming::step(frame.id, index, &key, word.as_deref(), true) != id {
                    entries.text("id", id);
                }
                entries.named(name, &naming::step_name(id, &activity.work));
                entries.some("description", description());
                entries.0.extend(what);
                self.activity(place, activity, frame, &mut entries);
            }
            Kind::Boundary(_) => {}
        }
        entries.some("then", self.led(place, &frame.end, next, "to"));
        entries.0
    }

    /// The events that an event gateway awaits.
    fn awaited(
        &self,
        gateway: Place,
        end: &str,
        next: Option<&str>,
        inner: &BTreeSet<Place>,
    ) -> Out {
        let mut taken = BTreeMap::new();
        let one = |(flow, target): (&Flow, Place)| {
            let Kind::CatchEvent(event) = &self.process.node(target).kind else {
                return self.branch(flow, target, false, end, "to");
            };
            if !inner.contains(&target) {
                return self.branch(flow, target, false, end, "to");
            }
            let mut entries = Entries::default();
            trigger(event, false, &mut entries);
            self.listed(gateway, target, event, &mut taken, &mut entries);
            put_sets(self.process.node(target), &mut entries);
            entries.some("then", self.led(target, end, next, "to"));
            Out::Map(entries.0)
        };
        Out::List(self.process.outgoing(gateway).map(one).collect())
    }

    fn event_sub_process(
        &self,
        place: Place,
        index: usize,
        frame: &Frame<'_>,
    ) -> Vec<(String, Out)> {
        let node = self.process.node(place);
        let Some(activity) = node.kind.activity() else { return Vec::new() };
        let mut entries = Entries::default();
        let inside = self.frame(Some(place), Some(self.id(place)), false);
        if let Some(start) = self.steps(Some(place), &inside).start
            && let Kind::StartEvent(start) = &self.process.node(start).kind
        {
            trigger(&start.event, false, &mut entries);
            if !start.interrupting {
                entries.put("interrupting", truth(false));
            }
        }
        if naming::event_sub_process(frame.id, index) != node.id.as_str() {
            entries.text("id", node.id.as_str());
        }
        entries.said("name", &node.name);
        entries.some("description", described(node.description.as_deref()));
        entries.some("with", inputs(&activity.inputs));
        self.contents(Some(place), false, &mut entries);
        entries.some("out", inputs(&activity.outputs));
        entries.0
    }
}

/// Puts the variables of a node, and what it sets on the way.
pub(super) fn put_sets(node: &Node, entries: &mut Entries) {
    entries.some("variables", variables(&node.variables));
    entries.some("enter", sets(&node.enter));
    entries.some("leave", sets(&node.leave));
}

fn is_link(event: &Event) -> bool {
    matches!(event.only(), Some(EventDefinition::Link { .. }))
}
