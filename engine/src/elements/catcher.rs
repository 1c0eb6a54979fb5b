//! Catchers: where an error or an escalation is caught, looked for from the activity outwards
//! (BPMN 2.0.2 §10.5.1, §13.5.3).

use definitions::{Event as Definition, EventDefinition, Kind, Place, Process};

use super::compensation;
use crate::walk::Walk;
use crate::{PathId, ScopeId, ScopeKind};

/// An event that catches.
pub(crate) enum Catcher {
    /// A boundary event of the activity where a path rests.
    Boundary { host: PathId, place: Place },
    /// The start event of an event sub-process of a scope.
    Start { scope: Option<ScopeId>, place: Place },
}

/// How well an event definition fits what was thrown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It names just this.
    Exact,
    /// It catches all.
    Any,
    /// It is about something else.
    No,
}

/// The innermost catcher of what is thrown at a path; of those of one activity or scope, one that
/// names it wins over one that catches all, and then the first.
pub(crate) fn find(
    walk: &Walk<'_>,
    from: PathId,
    fit: impl Fn(&EventDefinition) -> Fit,
) -> Option<Catcher> {
    let process = walk.process;
    let event = |place: Place| match &process.node(place).kind {
        Kind::Boundary(boundary) => Some(&boundary.event),
        Kind::StartEvent(start) => Some(&start.event),
        _ => None,
    };
    let best = |places: &mut dyn Iterator<Item = Place>| best_of(places, &event, &fit);
    let mut path = from;
    let (mut handler, mut is_over) = (None, false);
    loop {
        let visit = walk.visit(path)?;
        // An error while a transaction is being cancelled is a hazard, which leaves it.
        let happens = |place: &Place| {
            let hazard = || event(*place).is_some_and(catches_errors);
            !is_over || (hazard() && !compensation::is_undone(walk.instance, path))
        };
        if let Kind::Activity(activity) = &visit.node.kind
            && !walk.instance.is_repetition(path)
            && let Some(place) = best(&mut activity.boundaries.iter().copied().filter(happens))
        {
            return Some(Catcher::Boundary { host: path, place });
        }
        let open = visit.scope.and_then(|scope| walk.instance.scope(scope));
        let of = match open {
            None => Some(None),
            Some(open) => match open.kind() {
                ScopeKind::SubProcess | ScopeKind::EventSubProcess => {
                    Some(Some(process.place(open.node())?))
                }
                ScopeKind::Body | ScopeKind::Compensation => None,
            },
        };
        is_over =
            open.is_some_and(|open| compensation::undoes(process, walk.instance, open.host()));
        // What an event sub-process throws is for the others of its scope, unless it has ended them.
        let ended = is_over || handler.is_some_and(|from| interrupts(process, from));
        if let Some(of) = of.filter(|_| !ended) {
            let handlers = process.contents(of).event_sub_processes.iter();
            let handlers = handlers.filter(|place| handler != Some(**place));
            let mut starts =
                handlers.filter_map(|place| process.contents(Some(*place)).starts.first().copied());
            if let Some(place) = best(&mut starts) {
                return Some(Catcher::Start { scope: visit.scope, place });
            }
        }
        let open = open?;
        handler = match open.kind() {
            ScopeKind::EventSubProcess => process.place(open.node()),
            ScopeKind::SubProcess | ScopeKind::Body | ScopeKind::Compensation => None,
        };
        path = open.host();
    }
}

/// Whether an event sub-process ends all else in its scope.
fn interrupts(process: &Process, handler: Place) -> bool {
    let start = process.contents(Some(handler)).starts.first();
    let kind = start.map(|start| &process.node(*start).kind);
    matches!(kind, Some(Kind::StartEvent(start)) if start.interrupting)
}

fn catches_errors(event: &Definition) -> bool {
    event.definitions.iter().any(|one| matches!(one, EventDefinition::Error(_)))
}

fn best_of<'a>(
    places: &mut dyn Iterator<Item = Place>,
    event: &dyn Fn(Place) -> Option<&'a Definition>,
    fit: &dyn Fn(&EventDefinition) -> Fit,
) -> Option<Place> {
    let mut any = None;
    for place in places {
        for definition in event(place).into_iter().flat_map(|event| &event.definitions) {
            match fit(definition) {
                Fit::Exact => return Some(place),
                Fit::Any => any = any.or(Some(place)),
                Fit::No => {}
            }
        }
    }
    any
}
