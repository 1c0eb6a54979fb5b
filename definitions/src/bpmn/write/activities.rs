//! Activities: tasks, calls and sub-processes, and how often they are done.

use super::Writer;
use super::parameters::{holder, input_output, mapping, property, text};
use super::roots::Roots;
use super::text::Tag;
use crate::bpmn::results;
use crate::process::Place;
use crate::{
    Activity, Binding, Call, Concern, DecisionTask, Input, Mapping, MultiInstance, Node, Raise,
    Repeat, ResultShape, SubProcess, SubProcessKind, Task, TaskKind, Template, Work,
};
use serde_json::Value;

impl Writer<'_> {
    /// The tag of an activity, with the attributes of its kind.
    pub(super) fn activity_tag(&mut self, activity: &Activity) -> Tag {
        let mut tag = match &activity.work {
            Work::Task(task) => task_tag(task),
            Work::Nothing(kind) => Tag::new(task_name(*kind)),
            Work::Script { result, .. } => Tag::new("bpmn:scriptTask")
                .with("scriptFormat", "juel")
                .with_some("camunda:resultVariable", result.as_deref()),
            Work::Decision(decision) => decision_tag(decision),
            Work::Send(message) => {
                Tag::new("bpmn:sendTask").with("messageRef", self.roots.message(message))
            }
            Work::Receive { message, instantiate } => Tag::new("bpmn:receiveTask")
                .with("messageRef", self.roots.message(message))
                .with_some("instantiate", instantiate.then_some("true")),
            Work::SubProcess(sub_process) => sub_process_tag(sub_process),
            Work::Call(call) => call_tag(call),
        };
        if activity.for_compensation {
            tag.set("isForCompensation", "true");
        }
        if activity.start_quantity != 1 {
            tag.set("startQuantity", activity.start_quantity.to_string());
        }
        if activity.completion_quantity != 1 {
            tag.set("completionQuantity", activity.completion_quantity.to_string());
        }
        tag
    }

    /// What a multi-instance activity gathers as a data output, for references name what is there by id.
    pub(super) fn gathering(&mut self, tag: &mut Tag, node: &Node) -> Option<String> {
        let Some(Repeat::Multiple(multiple)) = &node.kind.activity()?.repeat else { return None };
        let (name, value) = multiple.gathered.as_ref()?;
        variable(value)?;
        let id = self.roots.fresh(&format!("{}.", node.id), name);
        let output = Tag::new("bpmn:dataOutput").with("id", &id).with("name", name);
        let refers = Tag::of("bpmn:dataOutputRefs", &id);
        tag.push(
            Tag::new("bpmn:ioSpecification")
                .holding(output.with("isCollection", "true"))
                .holding(Tag::new("bpmn:inputSet"))
                .holding(Tag::new("bpmn:outputSet").holding(refers)),
        );
        Some(id)
    }

    /// What comes after the flows of an activity: its variables, its repetition, its contents.
    pub(super) fn activity_body(
        &mut self,
        tag: &mut Tag,
        place: Place,
        activity: &Activity,
        gathering: Option<&str>,
    ) {
        if let Some(sub_process) = activity.sub_process() {
            self.variables(tag, Some(place), &sub_process.contents.variables);
        }
        tag.extend(activity.repeat.as_ref().map(|one| repeat(one, gathering)));
        match &activity.work {
            Work::Script { script, .. } => tag.push(Tag::of("bpmn:script", text(script))),
            Work::Task(task) if task.kind.is_event() => tag.push(
                Tag::new("bpmn:messageEventDefinition")
                    .with("camunda:delegateExpression", delegate(task)),
            ),
            Work::SubProcess(sub_process) => {
                self.contents(tag, Some(place));
                if let SubProcessKind::AdHoc(ad_hoc) = &sub_process.kind {
                    let completion = ad_hoc.completion.as_ref().map(|condition| {
                        Tag::formal("bpmn:completionCondition", condition.source())
                    });
                    tag.extend(completion);
                }
            }
            _ => {}
        }
    }
}

/// The extension elements of an activity.
pub(super) fn extensions(activity: &Activity, roots: &mut Roots) -> Vec<Tag> {
    let mut tags: Vec<Tag> =
        input_output(&activity.inputs, &activity.outputs).into_iter().collect();
    if results::is_doubtful(activity) {
        tags.push(property(results::MEANT.0, results::MEANT.1));
    }
    if let Work::Task(task) = &activity.work {
        tags.extend(task.raises.iter().map(|Raise { error, when }| {
            Tag::new("camunda:errorEventDefinition")
                .with_some("errorRef", roots.error(error))
                .with("expression", when.source())
        }));
    }
    let retries = activity.retries.as_ref();
    tags.extend(
        retries.map(|one| Tag::of("camunda:failedJobRetryTimeCycle", text(one.template()))),
    );
    if let Work::Call(call) = &activity.work {
        let key = call.business_key.as_ref();
        tags.extend(key.map(|key| Tag::new("camunda:in").with("businessKey", text(key))));
        tags.extend(mapping("camunda:in", &call.given));
        tags.extend(mapping("camunda:out", &call.taken));
        let kept = Mapping { all: false, entries: call.kept.clone() };
        let kept = mapping("camunda:out", &kept).into_iter();
        tags.extend(kept.map(|tag| tag.with("local", "true")));
    }
    tags
}

fn task_name(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Abstract => "bpmn:task",
        TaskKind::Manual => "bpmn:manualTask",
        TaskKind::Service => "bpmn:serviceTask",
        TaskKind::User => "bpmn:userTask",
        TaskKind::Send => "bpmn:sendTask",
        TaskKind::BusinessRule => "bpmn:businessRuleTask",
        TaskKind::Throw => "bpmn:intermediateThrowEvent",
        TaskKind::End => "bpmn:endEvent",
    }
}

fn task_tag(task: &Task) -> Tag {
    let tag = Tag::new(task_name(task.kind));
    match task.kind {
        TaskKind::User => {
            let said = task.people.iter().flat_map(|people| people.iter());
            let tag = tag.with("camunda:formKey", &*task.activity);
            said.fold(tag, |tag, (concern, value)| tag.with(attribute(concern), text(value)))
        }
        kind if kind.is_event() => tag,
        _ => tag.with("camunda:delegateExpression", delegate(task)),
    }
}

fn attribute(concern: Concern) -> &'static str {
    match concern {
        Concern::Assignee => "camunda:assignee",
        Concern::CandidateUsers => "camunda:candidateUsers",
        Concern::CandidateGroups => "camunda:candidateGroups",
        Concern::DueDate => "camunda:dueDate",
        Concern::FollowUpDate => "camunda:followUpDate",
        Concern::Priority => "camunda:priority",
    }
}

fn delegate(task: &Task) -> String {
    format!("${{{}}}", task.activity)
}

fn decision_tag(decision: &DecisionTask) -> Tag {
    let tag =
        Tag::new("bpmn:businessRuleTask").with("camunda:decisionRef", text(&decision.decision));
    let names = [
        "camunda:decisionRefBinding",
        "camunda:decisionRefVersion",
        "camunda:decisionRefVersionTag",
    ];
    bound(tag, &decision.binding, names)
        .with_some("camunda:decisionRefTenantId", decision.tenant.as_ref().map(text))
        .with_some("camunda:resultVariable", decision.result.as_deref())
        .with_some("camunda:mapDecisionResult", decision.shape.map(ResultShape::word))
}

fn call_tag(call: &Call) -> Tag {
    let tag = Tag::new("bpmn:callActivity").with("calledElement", text(&call.process));
    let names = [
        "camunda:calledElementBinding",
        "camunda:calledElementVersion",
        "camunda:calledElementVersionTag",
    ];
    bound(tag, &call.binding, names)
        .with_some("camunda:calledElementTenantId", call.tenant.as_ref().map(text))
}

fn bound(tag: Tag, binding: &Binding, [word, version, version_tag]: [&'static str; 3]) -> Tag {
    match binding {
        Binding::Latest => tag,
        Binding::Version(number) => tag.with(word, "version").with(version, text(number)),
        Binding::Tag(name) => tag.with(word, "versionTag").with(version_tag, text(name)),
        Binding::Deployment => tag.with(word, "deployment"),
    }
}

fn sub_process_tag(sub_process: &SubProcess) -> Tag {
    match &sub_process.kind {
        SubProcessKind::Embedded => Tag::new("bpmn:subProcess"),
        SubProcessKind::Event => Tag::new("bpmn:subProcess").with("triggeredByEvent", "true"),
        SubProcessKind::Transaction => Tag::new("bpmn:transaction"),
        SubProcessKind::AdHoc(ad_hoc) => Tag::new("bpmn:adHocSubProcess")
            .with_some("ordering", ad_hoc.sequential.then_some("Sequential"))
            .with_some("cancelRemainingInstances", (!ad_hoc.cancel_remaining).then_some("false"))
            .with_some("camunda:activeElementsCollection", ad_hoc.active.as_ref().map(text)),
    }
}

fn repeat(repeat: &Repeat, gathering: Option<&str>) -> Tag {
    match repeat {
        Repeat::Standard { condition, before, maximum } => {
            let mut tag = Tag::new("bpmn:standardLoopCharacteristics")
                .with_some("testBefore", before.then_some("true"))
                .with_some("loopMaximum", maximum.as_ref().map(number));
            let condition = condition.as_ref();
            tag.extend(condition.map(|c| Tag::formal("bpmn:loopCondition", c.source())));
            tag
        }
        Repeat::Multiple(multiple) => multi_instance(multiple, gathering),
    }
}

/// `gathering` is the id of the data output that gathers.
fn multi_instance(multiple: &MultiInstance, gathering: Option<&str>) -> Tag {
    let mut tag = Tag::new("bpmn:multiInstanceLoopCharacteristics")
        .with_some("isSequential", multiple.sequential.then_some("true"))
        .with_some("camunda:collection", multiple.collection.as_ref().map(text))
        .with_some("camunda:elementVariable", multiple.element.as_deref());
    let item = multiple.gathered.as_ref().and_then(|(_, value)| variable(value));
    if let (Some((name, value)), None) = (&multiple.gathered, item) {
        let output = holder("camunda:outputParameter", value).first("name", Some(name));
        let output = Tag::new("camunda:inputOutput").holding(output);
        tag.push(Tag::new("bpmn:extensionElements").holding(output));
    }
    let cardinality = multiple.cardinality.as_ref();
    tag.extend(cardinality.map(|c| Tag::formal("bpmn:loopCardinality", number(c))));
    if let (Some(output), Some(item)) = (gathering, item) {
        tag.push(Tag::of("bpmn:loopDataOutputRef", output));
        tag.push(Tag::new("bpmn:outputDataItem").with("name", item));
    }
    let completion = multiple.completion.as_ref();
    tag.extend(completion.map(|c| Tag::formal("bpmn:completionCondition", c.source())));
    tag
}

/// The name of a variable, if a value is just that.
fn variable(input: &Input) -> Option<&str> {
    let Input::Template(template) = input else { return None };
    let name = template.source().trim().strip_prefix("${")?.strip_suffix('}')?;
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let plain = first && characters.all(|c| c.is_alphanumeric() || c == '_');
    (plain && template.constant().is_none()).then_some(name)
}

/// A number as the standard writes it, or an expression.
fn number(template: &Template) -> String {
    match template.constant() {
        Some(Value::Number(number)) => number.to_string(),
        _ => text(template),
    }
}
