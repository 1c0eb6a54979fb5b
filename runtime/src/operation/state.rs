//! Where an instance stands: its paths, the scopes that are open, and what it awaits.

use engine::{Awaited, Moment, PathId, PathState, ScopeId, ScopeKind};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Error, InstanceStatus, Tenant, instance};

/// Where an instance stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceState {
    /// Its status.
    pub status: InstanceStatus,
    /// How many events have made it what it is.
    pub sequence: u64,
    /// Who holds it, if it is suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// Its paths, the oldest first.
    pub paths: Vec<PathView>,
    /// The sub-processes and repeated activities that are open, the oldest first.
    pub scopes: Vec<ScopeView>,
    /// The timers that are armed, the oldest first.
    pub timers: Vec<TimerView>,
    /// The messages, signals and conditions that are awaited.
    pub awaited: Vec<AwaitedView>,
    /// The end events that paths have reached, in order.
    pub ended_at: Vec<String>,
}

/// Who holds a suspended instance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suspension {
    /// Since when.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// Who suspended it.
    pub by: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A path of an instance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathView {
    /// Number of the path, unique in the instance.
    pub path: u32,
    /// The element where it is.
    pub element_id: String,
    /// `running`, `waiting`, `retrying`, `incident`, `joining`, `catching`, `inside` or `moving`.
    pub state: &'static str,
    /// The scope that it is in; absent for the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<u32>,
    /// The scope that is open at its element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<u32>,
    /// Running or retrying: the number of the attempt, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Stopped by an incident: what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Stopped by an incident: where it takes up when it is retried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moment: Option<&'static str>,
}

/// A scope that is open in an instance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    /// Number of the scope, unique in the instance.
    pub scope: u32,
    /// The sub-process or the repeated activity.
    pub element_id: String,
    /// `subProcess`, `eventSubProcess`, `body` or `compensation`.
    pub kind: &'static str,
    /// The scope around it; absent for the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// The path at whose element it is open.
    pub host: u32,
}

/// A timer that is armed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimerView {
    /// Number of the timer, unique in the instance.
    pub timer: u32,
    /// The event that it triggers, or the task that it lets try again.
    pub element_id: String,
    /// When it is due; of a suspended instance it waits.
    #[schemars(with = "String")]
    pub due: Timestamp,
    /// The path that it ends with; absent where it belongs to a scope or the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<u32>,
    /// The scope that it ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<u32>,
}

/// Something that an instance awaits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwaitedView {
    /// Number of the subscription, unique in the instance.
    pub catch: u32,
    /// The event that it triggers, or the receive task.
    pub element_id: String,
    /// `message`, `signal` or `condition`.
    pub kind: &'static str,
    /// Name of the message or signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Correlation key of the message, which may be personal data: shown to those only who may read
    /// variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The path that it ends with; absent where it belongs to a scope or the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<u32>,
    /// The scope that it ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<u32>,
}

impl Tenant {
    /// Where an instance stands. `values` says whether what may be personal data is shown.
    pub async fn instance_state(&self, id: &str, values: bool) -> Result<InstanceState, Error> {
        let kept = instance::read(self, &mut self.unit(), id).await?;
        let engine = &kept.engine;
        let suspension = kept.suspended.map(|held| Suspension {
            since: held.at,
            by: held.by,
            reason: held.reason,
        });
        let scopes = engine.scopes().map(|(number, scope)| ScopeView {
            scope: number.number(),
            element_id: scope.node().to_string(),
            kind: scope_kind(scope.kind()),
            parent: scope.parent().map(ScopeId::number),
            host: scope.host().number(),
        });
        let timers = engine.timers().map(|(number, timer)| TimerView {
            timer: number.number(),
            element_id: timer.node().to_string(),
            due: timer.due(),
            path: timer.path().map(PathId::number),
            scope: timer.owner().scope.map(ScopeId::number),
        });
        let awaited = engine.catches().map(|(number, catch)| {
            let (kind, name, key) = match catch.awaited() {
                Awaited::Message { name, key } => ("message", Some(name), key.as_ref()),
                Awaited::Signal { name } => ("signal", Some(name), None),
                Awaited::Condition { .. } => ("condition", None, None),
            };
            AwaitedView {
                catch: number.number(),
                element_id: catch.node().to_string(),
                kind,
                name: name.cloned(),
                key: key.filter(|_| values).cloned(),
                path: catch.owner().path.map(PathId::number),
                scope: catch.owner().scope.map(ScopeId::number),
            }
        });
        Ok(InstanceState {
            status: kept.status,
            sequence: engine.sequence(),
            suspension,
            paths: engine.paths().map(|(number, path)| path_view(number, path)).collect(),
            scopes: scopes.collect(),
            timers: timers.collect(),
            awaited: awaited.collect(),
            ended_at: engine.ended_at().iter().map(ToString::to_string).collect(),
        })
    }
}

fn path_view(number: PathId, path: &engine::Path) -> PathView {
    let (state, attempt, stopped) = match path.state() {
        PathState::Moving => ("moving", None, None),
        PathState::Running { attempt } => ("running", Some(*attempt), None),
        PathState::Waiting => ("waiting", None, None),
        PathState::Retrying { attempt, .. } => ("retrying", Some(*attempt), None),
        PathState::Incident { message, moment } => ("incident", None, Some((message, *moment))),
        PathState::Joining => ("joining", None, None),
        PathState::Catching => ("catching", None, None),
        PathState::Inside => ("inside", None, None),
    };
    PathView {
        path: number.number(),
        element_id: path.node().to_string(),
        state,
        scope: path.scope().map(ScopeId::number),
        hosts: path.hosts().map(ScopeId::number),
        attempt,
        message: stopped.map(|(message, _)| message.clone()),
        moment: stopped.map(|(_, moment)| moment_name(moment)),
    }
}

pub(crate) fn moment_name(moment: Moment) -> &'static str {
    match moment {
        Moment::Starting => "starting",
        Moment::Arriving => "arriving",
        Moment::Entering => "entering",
        Moment::Running => "running",
        Moment::Leaving => "leaving",
        Moment::Parting => "parting",
    }
}

pub(crate) fn scope_kind(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::SubProcess => "subProcess",
        ScopeKind::EventSubProcess => "eventSubProcess",
        ScopeKind::Body => "body",
        ScopeKind::Compensation => "compensation",
    }
}
