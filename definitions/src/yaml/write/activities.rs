//! Activities as they are written.

use super::events::message;
use super::values::{condition, expression, input, inputs, number, text_out, variables};
use super::{Frame, Writer};
use crate::process::Place;
use crate::yaml::activities::{IDLE, TASKS};
use crate::yaml::emit::{Entries, Out, truth};
use crate::{
    Activity, AdHoc, Binding, Call, DecisionTask, Input, MultiInstance, Raise, Repeat, SubProcess,
    SubProcessKind, Task, TaskKind, Work,
};

/// The keys that say what an activity does, the first of them its kind; for a sub-process all but
/// its contents.
pub(super) fn work(work: &Work) -> Entries {
    let mut entries = Entries::default();
    match work {
        Work::Task(Task { kind, activity, raises, people }) => {
            entries.text("activity", activity);
            if *kind != TaskKind::Service {
                entries.some("task", word(*kind, &TASKS));
            }
            if let Some(people) = people {
                let mut said = Entries::default();
                people
                    .iter()
                    .for_each(|(concern, value)| said.put(concern.word(), text_out(value)));
                entries.put("people", Out::Map(said.0));
            }
            if !raises.is_empty() {
                entries.put("raise", Out::List(raises.iter().map(raise).collect()));
            }
        }
        Work::Nothing(kind) => {
            let usual = Out::Text(IDLE[0].0.into());
            entries.put("do", word(*kind, &IDLE).unwrap_or(usual));
        }
        Work::Script { script, result } => {
            entries.put("script", expression(script));
            entries.some("result", result.clone().map(Out::Text));
        }
        Work::Decision(DecisionTask { decision, binding: which, result, shape, tenant }) => {
            entries.put("decide", text_out(decision));
            binding(which, &mut entries);
            entries.some("tenant", tenant.as_ref().map(text_out));
            entries.some("result", result.clone().map(Out::Text));
            entries.some("shape", shape.map(|shape| Out::Text(shape.word().into())));
        }
        Work::Send(one) => message("send", one, &mut entries),
        Work::Receive { message: one, instantiate } => {
            message("receive", one, &mut entries);
            entries.mark("starts", *instantiate);
        }
        Work::Call(Call { process, binding: which, tenant, business_key, given, taken, kept }) => {
            entries.put("call", text_out(process));
            binding(which, &mut entries);
            entries.some("tenant", tenant.as_ref().map(text_out));
            entries.some("businessKey", business_key.as_ref().map(text_out));
            entries.some("give", mapping(given.all, &given.entries));
            entries.some("take", mapping(taken.all, &taken.entries));
            entries.some("keep", inputs(kept));
        }
        Work::SubProcess(SubProcess { kind, contents: _ }) => match kind {
            SubProcessKind::Embedded | SubProcessKind::Event => {}
            SubProcessKind::Transaction => entries.mark("transaction", true),
            SubProcessKind::AdHoc(one) => entries.put("adhoc", ad_hoc(one)),
        },
    }
    entries
}

fn raise(Raise { error, when }: &Raise) -> Out {
    let mut entries = Entries::default();
    entries.text("error", error.code.as_deref().unwrap_or_default());
    entries.some("message", error.message.as_ref().map(text_out));
    entries.put("when", condition(when));
    Out::Map(entries.0)
}

fn word(kind: TaskKind, words: &[(&str, TaskKind)]) -> Option<Out> {
    let found = words.iter().find(|(_, known)| *known == kind);
    found.map(|(word, _)| Out::Text((*word).into()))
}

fn binding(binding: &Binding, entries: &mut Entries) {
    match binding {
        Binding::Latest => {}
        Binding::Version(version) => entries.put("version", number(version)),
        Binding::Tag(tag) => entries.put("tag", text_out(tag)),
        Binding::Deployment => entries.text("binding", "deployment"),
    }
}

/// Variables that pass from one to another: all of them, those that are named, or both.
pub(super) fn mapping(all: bool, entries: &[(String, Input)]) -> Option<Out> {
    let everything = all.then(|| Out::Text("all".into()));
    match (everything, inputs(entries)) {
        (everything, None) => everything,
        (None, entries) => entries,
        (Some(all), Some(Out::List(items))) => {
            Some(Out::List([all].into_iter().chain(items).collect()))
        }
        (Some(all), Some(entries)) => Some(Out::List(vec![all, entries])),
    }
}

fn ad_hoc(ad_hoc: &AdHoc) -> Out {
    let AdHoc { sequential, completion, cancel_remaining, active } = ad_hoc;
    let mut entries = Entries::default();
    if *sequential {
        entries.text("order", "sequential");
    }
    entries.some("until", completion.as_ref().map(condition));
    entries.mark("keep", !cancel_remaining);
    entries.some("active", active.as_ref().map(expression));
    if entries.0.is_empty() { truth(true) } else { Out::Map(entries.0) }
}

fn repeat(repeat: &Repeat, entries: &mut Entries) {
    match repeat {
        Repeat::Standard { condition: Some(one), before: true, maximum: None } => {
            entries.put("while", condition(one));
        }
        Repeat::Standard { condition: asked, before, maximum } => {
            let mut inner = Entries::default();
            inner.some("while", asked.as_ref().map(condition));
            inner.mark("before", *before);
            inner.some("most", maximum.as_ref().map(number));
            entries.put("loop", Out::Map(inner.0));
        }
        Repeat::Multiple(multiple) => {
            let MultiInstance {
                sequential,
                cardinality,
                collection,
                element,
                completion,
                gathered,
            } = &**multiple;
            let mut inner = Entries::default();
            inner.some("in", collection.as_ref().map(expression));
            inner.some("as", element.clone().map(Out::Text));
            inner.some("times", cardinality.as_ref().map(number));
            inner.mark("sequential", *sequential);
            inner.some("until", completion.as_ref().map(condition));
            if let Some((into, value)) = gathered {
                let mut collect = Entries::default();
                collect.text("into", into);
                collect.put("value", input(value));
                inner.put("collect", Out::Map(collect.0));
            }
            entries.put("each", Out::Map(inner.0));
        }
    }
}

impl Writer<'_> {
    /// The keys of an activity behind those that say what it is, up to its boundary events.
    pub(super) fn activity(
        &self,
        place: Place,
        activity: &Activity,
        frame: &Frame<'_>,
        entries: &mut Entries,
    ) {
        let Activity {
            work: _,
            inputs: given,
            outputs,
            boundaries: _,
            repeat: again,
            retries,
            start_quantity,
            completion_quantity,
            for_compensation,
            undone_by: _,
        } = activity;
        entries.some("with", inputs(given));
        if let Some(again) = again {
            repeat(again, entries);
        }
        entries.some("retry", retries.as_ref().map(|one| text_out(one.template())));
        for (key, count) in [("needs", start_quantity), ("makes", completion_quantity)] {
            if *count != 1 {
                entries.put(key, Out::Plain(count.to_string()));
            }
        }
        let implied = self.undoing.binary_search(&place).is_ok();
        entries.mark("undoes", *for_compensation && !implied);
        if let Some(sub_process) = activity.sub_process() {
            let ad_hoc = matches!(sub_process.kind, SubProcessKind::AdHoc(_));
            self.contents(Some(place), ad_hoc, entries);
        }
        entries.some("out", inputs(outputs));
        self.boundaries(place, &frame.end, entries);
    }

    /// The variables of a scope.
    pub(super) fn variables(&self, scope: Option<Place>, entries: &mut Entries) {
        entries.some("variables", variables(&self.process.contents(scope).variables));
    }
}
