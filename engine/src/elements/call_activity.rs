//! Call activity (BPMN 2.0.2 §10.3.6, §13.3.4): an instance of another process is asked for, and the
//! path rests until it has ended.

use definitions::{Activity, Call, Mapping};
use serde_json::{Map, Value};

use super::{activity, business_rule_task, completion};
use crate::view::{View, evaluate, text, weight};
use crate::walk::{Visit, Walk};
use crate::{Effect, Moment, Write};

/// Asks for the called instance.
pub(crate) fn ask(walk: &mut Walk<'_>, visit: Visit<'_>, call: &Call) {
    match wanted(walk, visit, call) {
        Ok(effect) => walk.ask(effect),
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}

fn wanted(walk: &Walk<'_>, visit: Visit<'_>, call: &Call) -> Result<Effect, String> {
    let view = activity::within(walk, visit.path);
    let process = text(&call.process, &view, "the called process")?;
    let version = business_rule_task::version(&call.binding, &view)?;
    let tenant = business_rule_task::tenant(call.tenant.as_ref(), &view)?;
    let key = call.business_key.as_ref();
    let business_key = key.map(|key| text(key, &view, "the business key")).transpose()?;
    let all = || {
        let mut all = walk.instance.seen_at(visit.path).into_owned();
        all.extend(view.locals.cloned().unwrap_or_default());
        all
    };
    let variables = mapped(&call.given, all, &view)?;
    walk.effort.spend(weight(&variables));
    let (path, node) = (visit.path, visit.node.id.clone());
    Ok(Effect::Call { path, node, process, version, tenant, business_key, variables })
}

/// The called instance has ended; its variables are the answer.
pub(crate) fn complete<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    call: &Call,
    answer: Map<String, Value>,
) {
    let view = View { answer: Some(&answer), ..activity::within(walk, visit.path) };
    let passed = mapped(&call.taken, || answer.clone(), &view).and_then(|taken| {
        if call.kept.is_empty() {
            return Ok((taken, None));
        }
        let kept = Mapping { all: true, entries: call.kept.clone() };
        Ok((taken, Some(mapped(&kept, || answer.clone(), &view)?)))
    });
    match passed {
        Ok((taken, kept)) => {
            let write = |(name, value)| Write { at: vec![name], value };
            let taken = taken.into_iter().map(write).collect();
            completion::complete_with(walk, visit, activity, answer, kept.as_ref(), taken);
        }
        Err(message) => completion::stop_leaving(walk, visit, answer, message),
    }
}

/// The called instance has come to this so far: what the call takes of it and has a value by now.
pub(crate) fn take(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    call: &Call,
    so_far: &Map<String, Value>,
) {
    let view = View { answer: Some(so_far), ..activity::within(walk, visit.path) };
    let mut taken = if call.taken.all { so_far.clone() } else { Map::new() };
    for (name, input) in &call.taken.entries {
        if let Ok(value) = evaluate(input, &view) {
            taken.insert(name.clone(), value);
        }
    }
    let write = |(name, value)| Write { at: vec![name], value };
    let writes = taken.into_iter().map(write).collect();
    walk.write(visit, writes);
}

fn mapped(
    mapping: &Mapping,
    all: impl Fn() -> Map<String, Value>,
    view: &View<'_>,
) -> Result<Map<String, Value>, String> {
    let mut passed = if mapping.all { all() } else { Map::new() };
    for (name, input) in &mapping.entries {
        let value = evaluate(input, view).map_err(|error| format!("`{name}`: {error}"))?;
        passed.insert(name.clone(), value);
    }
    Ok(passed)
}
