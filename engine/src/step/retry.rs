//! Incidents: taking a path up where one stopped it, or taking its work as done.

use super::missing::{self, Others};
use super::{start, visit};
use crate::elements::task::named;
use crate::elements::{
    self, activity, call_activity, catch_event, completion, complex_gateway, exclusive_gateway,
    inclusive_gateway, multi_instance, sub_process,
};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathId, PathState, Rejection, ScopeKind, Step, Write};
use definitions::{Activity, Kind, Work};

/// Takes up a path where its incident stopped it.
///
/// # Errors
/// That there is no such path, or no incident.
pub(super) fn retry(mut walk: Walk<'_>, path: PathId) -> Result<Step, Rejection> {
    let (visit, moment) = stopped(&walk, path)?;
    // A step that was cut short may have left conditions unasked.
    walk.written.unknown |= !walk.instance.conditions.is_empty();
    walk.record(Event::IncidentTakenUp { path, node: visit.node.id.clone(), resolved: false });
    take_up(&mut walk, visit, moment);
    Ok(walk.finish())
}

/// Takes an incident as dealt with: the activity counts as done, without its outputs; anything else
/// is entered again with the variables as they are now.
///
/// # Errors
/// That there is no such path, no incident, or a write without a name.
pub(super) fn resolve(
    mut walk: Walk<'_>,
    path: PathId,
    writes: Vec<Write>,
) -> Result<Step, Rejection> {
    let (visit, moment) = stopped(&walk, path)?;
    named(&writes)?;
    // A step that was cut short may have left conditions unasked.
    walk.written.unknown |= !walk.instance.conditions.is_empty();
    walk.record(Event::IncidentTakenUp { path, node: visit.node.id.clone(), resolved: true });
    walk.write(visit, writes);
    match activity::of(visit) {
        Some(activity) if !matches!(moment, Moment::Parting | Moment::Starting) => {
            activity::part(&mut walk, visit, activity);
        }
        // What came is done with, though it could not be taken over.
        None if moment == Moment::Leaving => walk.leave(visit),
        _ => take_up(&mut walk, visit, moment),
    }
    Ok(walk.finish())
}

fn stopped<'a>(walk: &Walk<'a>, path: PathId) -> Result<(Visit<'a>, Moment), Rejection> {
    let visit = visit(walk, path)?;
    match walk.instance.path(path).map(|path| path.state()) {
        Some(PathState::Incident { moment, .. }) => Ok((visit, *moment)),
        _ => Err(Rejection::NoIncident { path, node: visit.node.id.clone() }),
    }
}

fn take_up<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, moment: Moment) {
    let hosts = walk.instance.path(visit.path).and_then(|path| path.hosts());
    let body = hosts.filter(|scope| {
        walk.instance.scope(*scope).is_some_and(|open| open.kind() == ScopeKind::Body)
    });
    walk.touch(visit.scope);
    match (moment, activity::of(visit)) {
        (Moment::Starting, _) => start::again(walk, visit),
        (Moment::Arriving, _) => {
            let by = missing::flow(walk, visit.scope, visit.place, &Others::default());
            walk.arrive(visit, by);
        }
        (Moment::Entering, Some(activity)) => activity::enter_gathered(walk, visit, activity),
        (Moment::Entering, None) => match walk.declare_anew(visit) {
            Ok(()) => elements::enter(walk, visit, None),
            Err(message) => walk.stop(visit, moment, message),
        },
        (Moment::Running, Some(activity)) => activity::begin_again(walk, visit, activity),
        (Moment::Leaving, Some(_)) if body.is_some() => {
            if let Some(scope) = body {
                multi_instance::decide_again(walk, visit, scope);
            }
        }
        (Moment::Leaving, Some(activity)) if hosts.is_some() => {
            sub_process::end_again(walk, visit, activity);
        }
        (Moment::Leaving, Some(activity @ Activity { work: Work::Call(call), .. })) => {
            let answer = walk.instance.path(visit.path).map(|path| path.locals().clone());
            call_activity::complete(walk, visit, activity, call, answer.unwrap_or_default());
        }
        (Moment::Leaving, Some(activity)) => {
            completion::complete_again(walk, visit, activity);
        }
        (Moment::Parting, Some(activity)) => activity::part(walk, visit, activity),
        (Moment::Leaving, None) => {
            let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
            catch_event::go_on(walk, visit, payload.unwrap_or_default());
        }
        (Moment::Running | Moment::Parting, None) => match &visit.node.kind {
            Kind::ExclusiveGateway => exclusive_gateway::enter(walk, visit),
            Kind::InclusiveGateway => inclusive_gateway::split(walk, visit),
            Kind::ComplexGateway(_) => complex_gateway::part_again(walk, visit),
            _ => walk.leave(visit),
        },
    }
}
