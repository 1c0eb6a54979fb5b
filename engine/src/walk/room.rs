//! Room: how large the variables of an instance may become.

use serde_json::Value;

use super::Walk;
use crate::{Instance, Write};

/// The most bytes that all variables of an instance may have together: what is written beside them
/// is an incident.
pub const LARGEST_INSTANCE: usize = 8 * 1024 * 1024;

/// About how many bytes the variables of an instance have, once it was asked for: never fewer than
/// they have. It follows from them, and is no part of what an instance is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held(Option<usize>);

impl PartialEq for Held {
    fn eq(&self, _: &Held) -> bool {
        true
    }
}

impl Walk<'_> {
    /// Says whether there is room for what is about to be written. What it replaces counts until
    /// it is replaced.
    ///
    /// # Errors
    /// That there is none, in words.
    pub(crate) fn fit(&mut self, writes: &[Write]) -> Result<(), String> {
        if writes.is_empty() {
            return Ok(());
        }
        let added = weigh(writes);
        if self.instance.held.0.is_some_and(|held| held + added <= LARGEST_INSTANCE) {
            return Ok(());
        }
        // What was replaced meanwhile still counted: it is measured afresh.
        let held = measured(self.instance);
        self.instance.held = Held(Some(held));
        let all = held + added;
        if all <= LARGEST_INSTANCE {
            return Ok(());
        }
        let name = writes.last().map(|write| write.at.join(".")).unwrap_or_default();
        Err(format!(
            "with {name} the variables have {all} bytes; those of an instance may have \
             {LARGEST_INSTANCE}, so empty what is not needed any more"
        ))
    }

    /// Counts what is written.
    pub(crate) fn hold(&mut self, writes: &[Write]) {
        if let Some(held) = &mut self.instance.held.0 {
            *held += weigh(writes);
        }
    }
}

fn weigh(writes: &[Write]) -> usize {
    let write = |write: &Write| {
        write.at.iter().map(String::len).sum::<usize>() + definitions::bytes(&write.value)
    };
    writes.iter().map(write).sum()
}

fn measured(instance: &Instance) -> usize {
    let variable = |(name, value): (&String, &Value)| name.len() + definitions::bytes(value);
    let scopes = instance.scopes().map(|(_, scope)| {
        let gathered = scope.gathered.values().map(definitions::bytes);
        scope.variables().iter().map(variable).sum::<usize>() + gathered.sum::<usize>()
    });
    let own = instance.paths().flat_map(|(_, path)| path.own()).map(variable);
    let all = instance.variables().iter().map(variable).chain(own).sum::<usize>();
    all + scopes.sum::<usize>()
}
