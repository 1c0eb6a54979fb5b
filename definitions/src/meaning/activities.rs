//! The meaning of activities as canonical JSON: tasks, sub-processes, calls and their repetition.

use super::{Fields, events, values};
use crate::{
    Activity, AdHoc, Binding, Call, Concern, DecisionTask, Input, Mapping, MultiInstance, Process,
    Raise, Repeat, ResultShape, SubProcess, SubProcessKind, Task, TaskKind, Work,
};
use serde_json::{Value, json};

impl Process {
    pub(super) fn activity_meaning(&self, activity: &Activity, fields: &mut Fields) {
        let Activity {
            work,
            inputs,
            outputs,
            boundaries,
            repeat,
            retries,
            start_quantity,
            completion_quantity,
            for_compensation,
            undone_by,
        } = activity;
        self.work_meaning(work, fields);
        fields.put("inputs", values::inputs(inputs));
        fields.put("outputs", values::pairs(outputs));
        if boundaries.len() > 1 {
            fields.put("boundaries", self.ids(boundaries));
        }
        fields.some("repeat", repeat.as_ref().map(repetition));
        fields.some("retries", retries.as_ref().map(|one| values::template(one.template())));
        fields.some("startQuantity", Some(*start_quantity).filter(|count| *count != 1));
        fields.some("completionQuantity", Some(*completion_quantity).filter(|count| *count != 1));
        fields.mark("forCompensation", *for_compensation);
        fields.some("undoneBy", undone_by.map(|place| self.node(place).id.as_str()));
    }

    fn work_meaning(&self, work: &Work, fields: &mut Fields) {
        match work {
            Work::Task(Task { kind, activity, raises, people }) => {
                fields.put("kind", drawn(*kind));
                fields.put("activity", &**activity);
                let raises = raises.iter().map(|Raise { error, when }| {
                    let message = error.message.as_ref().map(values::template);
                    json!({ "error": error.code, "message": message, "when": when.source() })
                });
                fields.list("raises", raises.collect());
                let said = people.as_ref().map(|people| {
                    let one = |(concern, value): (Concern, _)| {
                        (concern.word().to_owned(), values::template(value))
                    };
                    Value::Object(people.iter().map(one).collect())
                });
                fields.some("people", said);
            }
            Work::Nothing(kind) => fields.put("kind", drawn(*kind)),
            Work::Script { script, result } => {
                fields.put("kind", "scriptTask");
                fields.put("script", values::template(script));
                fields.some("result", result.as_deref());
            }
            Work::Decision(DecisionTask { decision, binding: which, result, shape, tenant }) => {
                fields.put("kind", "businessRuleTask");
                fields.put("decision", values::template(decision));
                fields.some("binding", binding(which));
                fields.some("result", result.as_deref());
                fields.some("shape", shape.map(ResultShape::word));
                fields.some("tenant", tenant.as_ref().map(values::template));
            }
            Work::Send(message) => {
                fields.put("kind", "sendTask");
                fields.put("message", events::message(message));
            }
            Work::Receive { message, instantiate } => {
                fields.put("kind", "receiveTask");
                fields.put("message", events::message(message));
                fields.mark("instantiate", *instantiate);
            }
            Work::SubProcess(SubProcess { kind, contents }) => {
                self.contents_meaning(contents, fields);
                match kind {
                    SubProcessKind::Embedded => fields.put("kind", "subProcess"),
                    SubProcessKind::Event => fields.put("kind", "eventSubProcess"),
                    SubProcessKind::Transaction => fields.put("kind", "transaction"),
                    SubProcessKind::AdHoc(one) => ad_hoc(one, fields),
                }
            }
            Work::Call(one) => call(one, fields),
        }
    }
}

fn drawn(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Abstract => "task",
        TaskKind::Manual => "manualTask",
        TaskKind::Service => "serviceTask",
        TaskKind::User => "userTask",
        TaskKind::Send => "sendTask",
        TaskKind::BusinessRule => "businessRuleTask",
        TaskKind::Throw => "intermediateThrowEvent",
        TaskKind::End => "endEvent",
    }
}

fn binding(binding: &Binding) -> Option<Value> {
    match binding {
        Binding::Latest => None,
        Binding::Version(version) => Some(json!({ "version": values::number(version) })),
        Binding::Tag(tag) => Some(json!({ "tag": values::template(tag) })),
        Binding::Deployment => Some("deployment".into()),
    }
}

fn call(call: &Call, fields: &mut Fields) {
    let Call { process, binding: which, tenant, business_key, given, taken, kept } = call;
    fields.put("kind", "callActivity");
    fields.put("process", values::template(process));
    fields.some("binding", binding(which));
    fields.some("tenant", tenant.as_ref().map(values::template));
    fields.some("businessKey", business_key.as_ref().map(values::template));
    for (name, Mapping { all, entries }) in [("given", given), ("taken", taken)] {
        if *all || !entries.is_empty() {
            fields.put(name, json!({ "all": all, "entries": values::pairs(entries) }));
        }
    }
    fields.list("kept", values::pairs(kept));
}

fn ad_hoc(ad_hoc: &AdHoc, fields: &mut Fields) {
    let AdHoc { sequential, completion, cancel_remaining, active } = ad_hoc;
    fields.put("kind", "adHocSubProcess");
    fields.mark("sequential", *sequential);
    fields.some("completion", completion.as_ref().map(|completion| completion.source()));
    fields.mark("keepRemaining", !cancel_remaining);
    fields.some("active", active.as_ref().map(values::template));
}

fn repetition(repeat: &Repeat) -> Value {
    match repeat {
        Repeat::Standard { condition, before, maximum } => json!({
            "while": condition.as_ref().map(|condition| condition.source()),
            "before": before,
            "maximum": maximum.as_ref().map(values::number),
        }),
        Repeat::Multiple(multiple) => {
            let MultiInstance {
                sequential,
                cardinality,
                collection,
                element,
                completion,
                gathered,
            } = &**multiple;
            let pair = |(into, value): &(String, Input)| json!([into, values::input(value)]);
            json!({
                "sequential": sequential,
                "cardinality": cardinality.as_ref().map(values::number),
                "collection": collection.as_ref().map(values::template),
                "element": element,
                "completion": completion.as_ref().map(|completion| completion.source()),
                "gathered": gathered.as_ref().map(pair),
            })
        }
    }
}
