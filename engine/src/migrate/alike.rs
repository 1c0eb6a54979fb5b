//! Whether two elements are of the same kind, so that what is under way at the one can go on at the other.

use std::mem::discriminant;

use definitions::{Event, Kind, Repeat, Work};

/// Whether what is under way at the one can go on at the other.
pub(super) fn alike(before: &Kind, after: &Kind) -> bool {
    match (before, after) {
        (Kind::StartEvent(before), Kind::StartEvent(after)) => same(&before.event, &after.event),
        (Kind::Boundary(before), Kind::Boundary(after)) => same(&before.event, &after.event),
        (Kind::CatchEvent(before), Kind::CatchEvent(after))
        | (Kind::ThrowEvent(before), Kind::ThrowEvent(after))
        | (Kind::EndEvent(before), Kind::EndEvent(after)) => same(before, after),
        (Kind::EventGateway(before), Kind::EventGateway(after)) => before == after,
        (Kind::Activity(before), Kind::Activity(after)) => {
            let work = match (&before.work, &after.work) {
                (Work::Task(before), Work::Task(after)) => before.activity == after.activity,
                (Work::SubProcess(before), Work::SubProcess(after)) => {
                    discriminant(&before.kind) == discriminant(&after.kind)
                }
                (before, after) => discriminant(before) == discriminant(after),
            };
            work && before.for_compensation == after.for_compensation
        }
        (before, after) => discriminant(before) == discriminant(after),
    }
}

/// Whether what has been repeated at the one can be repeated on at the other.
pub(super) fn repeated_alike(before: &Kind, after: &Kind) -> bool {
    let repeat = |kind| Kind::activity(kind).and_then(|activity| activity.repeat.as_ref());
    match (repeat(before), repeat(after)) {
        (Some(Repeat::Multiple(before)), Some(Repeat::Multiple(after))) => {
            before.sequential == after.sequential
        }
        (Some(Repeat::Standard { .. }), Some(Repeat::Standard { .. })) => true,
        (before, after) => before.is_none() && after.is_none(),
    }
}

fn same(before: &Event, after: &Event) -> bool {
    let mut pairs = before.definitions.iter().zip(&after.definitions);
    before.definitions.len() == after.definitions.len()
        && before.parallel_multiple == after.parallel_multiple
        && pairs.all(|(before, after)| discriminant(before) == discriminant(after))
}
