//! Of what sorts a node is, in words: its kind, what triggers it, and how often it is done.

use definitions::{
    Event, EventDefinition, Kind, Node, Process, Repeat, SubProcessKind, TaskKind, Timer, Work,
};

/// The sorts of a node.
pub(crate) fn sorts(process: &Process, node: &Node) -> Vec<String> {
    let mut sorts = vec![sort(process, node)];
    let Some(activity) = node.kind.activity() else { return sorts };
    match &activity.repeat {
        None => {}
        Some(Repeat::Standard { before: true, .. }) => sorts.push("loop: asks before".to_owned()),
        Some(Repeat::Standard { .. }) => sorts.push("loop: asks after".to_owned()),
        Some(Repeat::Multiple(many)) => {
            let how = if many.sequential { "one after another" } else { "at once" };
            let of = work(&activity.work);
            let of = if of.starts_with("task") { "task" } else { of };
            sorts.push(format!("several of {of}: {how}"));
        }
    }
    if activity.start_quantity > 1 {
        sorts.push("needs several".to_owned());
    }
    if activity.completion_quantity > 1 {
        sorts.push("makes several".to_owned());
    }
    if activity.for_compensation {
        sorts.push("undoes".to_owned());
    }
    sorts
}

fn sort(process: &Process, node: &Node) -> String {
    let many = |count: usize| if count > 1 { "several" } else { "one" };
    match &node.kind {
        Kind::StartEvent(start) => {
            let around = node.parent.map(|place| &process.node(place).kind);
            let starts = process.nodes().filter(|(_, other)| {
                other.parent == node.parent && matches!(other.kind, Kind::StartEvent(_))
            });
            let of = match around.and_then(Kind::activity).map(|activity| &activity.work) {
                Some(Work::SubProcess(sub)) => match sub.kind {
                    SubProcessKind::Event if start.interrupting => "of an event sub-process",
                    SubProcessKind::Event => "of an event sub-process, beside",
                    _ => "of a sub-process",
                },
                _ if starts.count() > 1 => "of a process, among several",
                _ => "of a process",
            };
            format!("start {of}: {}", event(&start.event))
        }
        Kind::CatchEvent(caught) => format!("catch: {}", event(caught)),
        Kind::ThrowEvent(thrown) => format!("throw: {}", event(thrown)),
        Kind::EndEvent(thrown) => format!("end: {}", event(thrown)),
        Kind::Boundary(boundary) => {
            let host = match &process.node(boundary.host).kind {
                Kind::Activity(activity) => work(&activity.work),
                _ => "",
            };
            let host = if host.starts_with("task") { "task" } else { host };
            let beside = if boundary.interrupting { "" } else { ", beside" };
            format!("boundary of {host}{beside}: {}", event(&boundary.event))
        }
        Kind::Activity(activity) => work(&activity.work).to_owned(),
        Kind::EventGateway(gateway) if gateway.parallel => "await all, at the start".to_owned(),
        Kind::EventGateway(gateway) if gateway.instantiate => "await, at the start".to_owned(),
        Kind::EventGateway(_) => "await".to_owned(),
        other => {
            let place = process.place(&node.id).unwrap();
            let (from, to) = (process.incoming_count(place), process.outgoing_count(place));
            let kind = match other {
                Kind::ExclusiveGateway => "exclusive",
                Kind::InclusiveGateway => "inclusive",
                Kind::ParallelGateway => "parallel",
                _ => "complex",
            };
            format!("{kind}: {} in, {} out", many(from), many(to))
        }
    }
}

fn work(work: &Work) -> &'static str {
    match work {
        Work::Task(task) => match task.kind {
            TaskKind::User => "task of a user",
            TaskKind::Send => "task that sends, by an activity",
            TaskKind::BusinessRule => "task by a rule, by an activity",
            TaskKind::Throw | TaskKind::End => "task drawn as an event",
            _ => "task",
        },
        Work::Nothing(TaskKind::Manual) => "task by hand",
        Work::Nothing(_) => "task of nothing",
        Work::Script { .. } => "task of a script",
        Work::Decision(_) => "task of a decision",
        Work::Send(_) => "task that sends",
        Work::Receive { instantiate: true, .. } => "task that receives, at the start",
        Work::Receive { .. } => "task that receives",
        Work::SubProcess(sub) => match sub.kind {
            SubProcessKind::Event => "event sub-process",
            SubProcessKind::Transaction => "transaction",
            SubProcessKind::AdHoc(_) => "ad-hoc",
            _ => "sub-process",
        },
        Work::Call(_) => "call",
    }
}

fn event(event: &Event) -> String {
    match &event.definitions[..] {
        [] => "none".to_owned(),
        [only] => trigger(only).to_owned(),
        _ if event.parallel_multiple => "all of several".to_owned(),
        _ => "any of several".to_owned(),
    }
}

fn trigger(of: &EventDefinition) -> &'static str {
    match of {
        EventDefinition::Message(_) => "message",
        EventDefinition::Timer(Timer::Cycle(_)) => "cycle",
        EventDefinition::Timer(_) => "timer",
        EventDefinition::Signal { .. } => "signal",
        EventDefinition::Error(error) if error.code.is_none() => "any error",
        EventDefinition::Error(_) => "error",
        EventDefinition::Escalation(up) if up.code.is_none() => "any escalation",
        EventDefinition::Escalation(_) => "escalation",
        EventDefinition::Compensation(undo) if undo.activity.is_some() => "compensation of one",
        EventDefinition::Compensation(_) => "compensation",
        EventDefinition::Conditional(_) => "condition",
        EventDefinition::Link { .. } => "link",
        EventDefinition::Terminate => "terminate",
        EventDefinition::Cancel => "cancel",
    }
}
