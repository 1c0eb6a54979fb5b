//! A compact picture of a process: a line for each node, with where it stands and leads.

use definitions::{
    Activity, Binding, Change, Event, EventDefinition, Format, Input, Kind, Mapping, Message,
    Place, Process, Repeat, Sets, SubProcessKind, Template, Timer, Work, read_all,
};

/// The pictures of all processes of a text, or its flaws.
pub(crate) fn picture(format: Format, text: &str) -> String {
    match read_all(format, text, &crate::catalog::catalog()) {
        Ok(processes) => {
            crate::written::written_again(&processes, None);
            processes.iter().map(of).collect()
        }
        Err(flaws) => flaws.iter().map(|flaw| format!("{flaw}\n")).collect(),
    }
}

/// The picture of a process.
pub(crate) fn of(process: &Process) -> String {
    crate::yaml_writing::written(process);
    let mut lines = process.id().to_owned();
    if let Some(tag) = process.version_tag() {
        lines += &format!(" tag={tag}");
    }
    lines += &variables(&process.contents(None).variables);
    for (place, node) in process.nodes() {
        lines += &format!("\n  {}{}: {}", inside(process, place), node.id, kind(process, place));
        lines += &variables(&node.variables);
        lines += &sets("enters", &node.enter);
        lines += &sets("leaves", &node.leave);
        let flows: Vec<String> = process
            .outgoing(place)
            .map(|(flow, to)| {
                let to = format!("{}{}", process.node(to).id, sets("sets", &flow.sets));
                match (&flow.condition, flow.is_default) {
                    (Some(condition), _) => format!("{to} if {condition}"),
                    (None, true) => format!("{to} else"),
                    (None, false) => to,
                }
            })
            .collect();
        if !flows.is_empty() {
            lines += &format!(" -> {}", flows.join(", "));
        }
    }
    lines + "\n"
}

fn inside(process: &Process, place: Place) -> String {
    let parent = process.node(place).parent.map(|parent| process.node(parent).id.to_string());
    parent.map(|parent| format!("{parent}/")).unwrap_or_default()
}

fn kind(process: &Process, place: Place) -> String {
    match &process.node(place).kind {
        Kind::StartEvent(start) => {
            let word = if start.interrupting { "interrupting start" } else { "start" };
            let by: String = start.initiator.iter().map(|name| format!(" by {name}")).collect();
            format!("{word}{by}{}", event(&start.event))
        }
        Kind::CatchEvent(caught) => format!("catch{}", event(caught)),
        Kind::ThrowEvent(thrown) => format!("throw{}", event(thrown)),
        Kind::EndEvent(thrown) => format!("end{}", event(thrown)),
        Kind::Boundary(boundary) => {
            let word = if boundary.interrupting { "leaves" } else { "watches" };
            let host = &process.node(boundary.host).id;
            format!("{word} {host}{}", event(&boundary.event))
        }
        Kind::Activity(work) => activity(process, work),
        Kind::ExclusiveGateway => "exclusive".into(),
        Kind::InclusiveGateway => "inclusive".into(),
        Kind::ParallelGateway => "parallel".into(),
        Kind::ComplexGateway(gateway) => match &gateway.activation {
            Some(condition) => format!("complex when {condition}"),
            None => "complex".into(),
        },
        Kind::EventGateway(gateway) => {
            let starts = if gateway.instantiate { " starts" } else { "" };
            let all = if gateway.parallel { " all" } else { "" };
            format!("event gateway{starts}{all}")
        }
    }
}

fn event(event: &Event) -> String {
    let mut text = String::new();
    let between = if event.parallel_multiple { " and" } else { "" };
    for (position, one) in event.definitions.iter().enumerate() {
        text += if position > 0 { between } else { "" };
        text += &format!(" {}", definition(one));
    }
    text += if event.sends_all { " sends all" } else { "" };
    text + &inputs("in", &event.inputs) + &inputs("out", &event.outputs)
}

fn definition(definition: &EventDefinition) -> String {
    match definition {
        EventDefinition::Message(one) => message(one),
        EventDefinition::Timer(Timer::Date(text)) => format!("date {}", show(text)),
        EventDefinition::Timer(Timer::Duration(text)) => format!("duration {}", show(text)),
        EventDefinition::Timer(Timer::Cycle(text)) => format!("cycle {}", show(text)),
        EventDefinition::Signal { name } => format!("signal {}", show(name)),
        EventDefinition::Error(error) => {
            let code = error.code.as_deref().unwrap_or("*");
            let mut text = format!("error {code}");
            text += &error.message.iter().map(|m| format!(" ({})", show(m))).collect::<String>();
            let variables = [&error.code_variable, &error.message_variable];
            text + &variables
                .map(|v| v.iter().map(|v| format!(" to {v}")).collect::<String>())
                .concat()
        }
        EventDefinition::Escalation(escalation) => {
            let code = escalation.code.as_deref().unwrap_or("*");
            let to: String = escalation.code_variable.iter().map(|v| format!(" to {v}")).collect();
            format!("escalation {code}{to}")
        }
        EventDefinition::Compensation(compensation) => {
            let of = compensation.activity.as_ref().map(|id| format!(" of {id}"));
            let wait = if compensation.wait { "" } else { " at once" };
            format!("compensation{}{wait}", of.unwrap_or_default())
        }
        EventDefinition::Conditional(one) => {
            let of: String = one.variable.iter().map(|name| format!(" of {name}")).collect();
            let change = match one.change {
                Change::Any => "",
                Change::Created => " created",
                Change::Updated => " updated",
            };
            format!("condition {}{of}{change}", one.condition)
        }
        EventDefinition::Link { name } => format!("link {name}"),
        EventDefinition::Terminate => "terminate".into(),
        EventDefinition::Cancel => "cancel".into(),
    }
}

fn message(message: &Message) -> String {
    let key: String = message.key.iter().map(|key| format!(" key {}", show(key))).collect();
    format!("message {}{key}", show(&message.name))
}

fn activity(process: &Process, activity: &Activity) -> String {
    let mut text = match &activity.work {
        Work::Task(task) => {
            let raises = task.raises.iter().map(|raise| {
                let message = raise.error.message.iter().map(|m| format!(" ({})", show(m)));
                let code = raise.error.code.as_deref().unwrap_or_default();
                format!(" raises {code}{} if {}", message.collect::<String>(), raise.when)
            });
            let people = task.people.iter().flat_map(|people| people.iter());
            let people = people.map(|(word, text)| format!(" {}: {}", word.word(), show(text)));
            let (people, raises) = (people.collect::<String>(), raises.collect::<String>());
            format!("{:?} task {}{people}{raises}", task.kind, task.activity)
        }
        Work::Nothing(kind) => format!("{kind:?} task"),
        Work::Script { script, result } => format!("script {}{}", show(script), to(result)),
        Work::Decision(task) => {
            let (decision, version) = (show(&task.decision), binding(&task.binding));
            let version = version + &tenant(&task.tenant);
            let shape = task.shape.map(|shape| format!(" as {shape:?}")).unwrap_or_default();
            format!("decision {decision}{version}{shape}{}", to(&task.result))
        }
        Work::Send(one) => format!("send {}", message(one)),
        Work::Receive { message: one, instantiate } => {
            format!("receive {}{}", message(one), if *instantiate { " starts" } else { "" })
        }
        Work::SubProcess(sub_process) => {
            let kind = match &sub_process.kind {
                SubProcessKind::Embedded => "sub-process".into(),
                SubProcessKind::Event => "event sub-process".into(),
                SubProcessKind::Transaction => "transaction".into(),
                SubProcessKind::AdHoc(ad_hoc) => {
                    let order = if ad_hoc.sequential { "sequential" } else { "parallel" };
                    let until = ad_hoc.completion.iter().map(|c| format!(" until {c}"));
                    let keep = if ad_hoc.cancel_remaining { "" } else { " keeping" };
                    let active = ad_hoc.active.iter().map(|a| format!(" active {}", show(a)));
                    let more: String = until.chain(active).collect();
                    format!("{order} ad-hoc{more}{keep}")
                }
            };
            kind + &variables(&sub_process.contents.variables)
        }
        Work::Call(call) => {
            let key = call.business_key.iter().map(|key| format!(" key {}", show(key)));
            let mut text = format!("call {}{}", show(&call.process), binding(&call.binding));
            text += &(tenant(&call.tenant) + &key.collect::<String>());
            text += &(mapping("gives", &call.given) + &mapping("takes", &call.taken));
            text + &inputs("keeps", &call.kept)
        }
    };
    text += &inputs("in", &activity.inputs);
    text += &inputs("out", &activity.outputs);
    text += &activity.repeat.iter().map(repeat).collect::<String>();
    let retries = activity.retries.iter().map(|retries| show(retries.template()));
    text += &retries.map(|text| format!(" again {text}")).collect::<String>();
    if activity.start_quantity != 1 || activity.completion_quantity != 1 {
        let (needs, makes) = (activity.start_quantity, activity.completion_quantity);
        text += &format!(" needs {needs} makes {makes}");
    }
    if activity.for_compensation {
        text += " undoes";
    }
    let undone = activity.undone_by.map(|place| &process.node(place).id);
    text + &undone.map(|id| format!(" undone by {id}")).unwrap_or_default()
}

fn repeat(repeat: &Repeat) -> String {
    match repeat {
        Repeat::Standard { condition, before, maximum } => {
            let condition = condition.iter().map(|c| format!(" while {c}"));
            let most = maximum.iter().map(|m| format!(" most {}", show(m)));
            let before = if *before { " asked before" } else { "" };
            format!(" loop{}{before}", condition.chain(most).collect::<String>())
        }
        Repeat::Multiple(multiple) => {
            let order = if multiple.sequential { "one by one" } else { "at once" };
            let parts = [
                multiple.cardinality.as_ref().map(|n| format!(" times {}", show(n))),
                multiple.collection.as_ref().map(|list| format!(" each of {}", show(list))),
                multiple.element.as_ref().map(|name| format!(" as {name}")),
                multiple.completion.as_ref().map(|until| format!(" until {until}")),
                multiple
                    .gathered
                    .as_ref()
                    .map(|(into, value)| format!(" gathers {into}={}", input(value))),
            ];
            format!(" {order}{}", parts.into_iter().flatten().collect::<String>())
        }
    }
}

fn binding(binding: &Binding) -> String {
    match binding {
        Binding::Latest => String::new(),
        Binding::Version(number) => format!(" version {}", show(number)),
        Binding::Tag(tag) => format!(" tag {}", show(tag)),
        Binding::Deployment => " of this deployment".into(),
    }
}

fn tenant(tenant: &Option<Template>) -> String {
    tenant.iter().map(|tenant| format!(" of {}", show(tenant))).collect()
}

fn mapping(word: &str, mapping: &Mapping) -> String {
    let all = if mapping.all { format!(" {word} all") } else { String::new() };
    all + &inputs(word, &mapping.entries)
}

fn variables(variables: &[(String, Option<Input>)]) -> String {
    let shown = |(name, first): &(String, Option<Input>)| match first {
        Some(first) => format!("{name}={}", input(first)),
        None => name.clone(),
    };
    let names: Vec<String> = variables.iter().map(shown).collect();
    if names.is_empty() { String::new() } else { format!(" has {}", names.join(", ")) }
}

fn sets(word: &str, sets: &Sets) -> String {
    let all: Vec<_> = sets.iter().map(|(name, one)| format!("{name}={}", show(one))).collect();
    if all.is_empty() { String::new() } else { format!(" {word}({})", all.join(", ")) }
}

fn inputs(word: &str, inputs: &[(String, Input)]) -> String {
    let all: Vec<_> = inputs.iter().map(|(name, one)| format!("{name}={}", input(one))).collect();
    if all.is_empty() { String::new() } else { format!(" {word}({})", all.join(", ")) }
}

fn input(value: &Input) -> String {
    match value {
        Input::Template(template) => show(template),
        Input::List(items) => {
            format!("[{}]", items.iter().map(input).collect::<Vec<_>>().join(", "))
        }
        Input::Map(entries) => {
            let all = entries.iter().map(|(key, value)| format!("{key}: {}", input(value)));
            format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
        }
    }
}

fn to(result: &Option<String>) -> String {
    result.iter().map(|name| format!(" to {name}")).collect()
}

/// A literal as JSON, an expression as it stands.
fn show(template: &Template) -> String {
    match template.constant() {
        Some(value) => value.to_string(),
        None => template.source().to_owned(),
    }
}
