//! The life of an element: a process of its own with what happens to it, and where all of them are.

#[path = "lives/activities.rs"]
mod activities;
#[path = "lives/events.rs"]
mod events;
#[path = "lives/gateways.rs"]
mod gateways;
#[path = "lives/scopes.rs"]
mod scopes;

/// An element in a process of its own, and what happens to it.
pub(crate) struct Life {
    /// As the standard calls it.
    pub(crate) of: &'static str,
    /// In YAML, with the event sub-processes beside them.
    pub(crate) steps: &'static str,
    /// The script of the normal course, its lines apart by `;`.
    pub(crate) course: &'static str,
    /// The script in which something is wrong, and is mended.
    pub(crate) error: &'static str,
    /// What the trace of the error shows.
    pub(crate) shows: &'static str,
}

pub(crate) fn all() -> impl Iterator<Item = &'static Life> {
    [activities::ALL, gateways::ALL, events::ALL, scopes::ALL].into_iter().flatten()
}

pub(crate) fn lines(script: &str) -> Vec<&str> {
    script.split(';').map(str::trim).collect()
}
