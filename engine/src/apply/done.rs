//! What a scope remembers, so that it can be undone: the last is undone first.

use definitions::NodeId;

use crate::{Done, Event, Instance, PathId, ScopeId};

impl Instance {
    pub(super) fn apply_done(&mut self, event: &Event) {
        match event {
            Event::Remembered { owner, done } => {
                let path = owner.path.and_then(|path| self.paths.get(&path));
                let before = path.and_then(|path| path.remembered);
                let all = self.done_mut(owner.scope);
                let Some(before) = before else { return all.push(done.clone()) };
                all.insert((before as usize).min(all.len()), done.clone());
                self.recount(owner.scope, |other| other + u32::from(other >= before));
            }
            Event::Recalled { scope, activity } => {
                let stays = |node: &NodeId| activity.as_ref().is_some_and(|wanted| wanted != node);
                let all = self.done_mut(*scope);
                let stay: Vec<bool> = all.iter().map(|done| stays(&done.node)).collect();
                all.retain(|done| stays(&done.node));
                self.recount(*scope, |before| {
                    let before = stay.iter().take(before as usize);
                    before.map(|stays| u32::from(*stays)).sum()
                });
            }
            Event::Undoing { scope, .. } => {
                self.done_mut(Some(*scope)).pop();
            }
            _ => {}
        }
    }

    /// A boundary event of an activity has happened that left it alone.
    pub(super) fn happened_at(&mut self, host: PathId) {
        let Some(scope) = self.paths.get(&host).map(|path| path.scope) else { return };
        let remembered = u32::try_from(self.done(scope).len()).unwrap_or(u32::MAX);
        if let Some(path) = self.paths.get_mut(&host) {
            path.remembered.get_or_insert(remembered);
        }
    }

    /// What a scope remembers has changed elsewhere than at its end, and the paths that count on it
    /// count anew.
    fn recount(&mut self, scope: Option<ScopeId>, anew: impl Fn(u32) -> u32) {
        for path in self.paths_in(scope) {
            let path = self.paths.get_mut(&path);
            if let Some(remembered) = path.and_then(|path| path.remembered.as_mut()) {
                *remembered = anew(*remembered);
            }
        }
    }

    fn done_mut(&mut self, scope: Option<ScopeId>) -> &mut Vec<Done> {
        match scope.and_then(|scope| self.scopes.get_mut(&scope)) {
            Some(scope) => &mut scope.done,
            None => &mut self.done,
        }
    }
}
