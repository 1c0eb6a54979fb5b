//! Answers to what an activity has put before somebody, the end user or others.

use activities::{Context, Submission, Submitted};
use engine::PathId;
use identity::Work;

use crate::advance::{Progress, Turn};
use crate::instance::{self, Ask, Kept, question};
use crate::work::{Ended, ended, heavily};
use crate::{Error, Tenant, identifier};

/// What an answer came to.
pub(crate) enum Taken {
    /// The activity has ended.
    Ended(Ended),
    /// It has not: the question stands again, with what is wrong.
    Again(Box<Ask>),
}

impl Tenant {
    /// Hands an answer to the activity that waits for it at a path.
    pub(crate) async fn take_answer(
        &self,
        work: &mut Work,
        kept: &Kept,
        (path, mut ask): (PathId, Ask),
        submission: Submission,
    ) -> Result<Taken, Error> {
        let plugin = self.plugin(&ask.activity)?;
        let seen = kept.engine.seen_at(path);
        work.keep_open(kept.expires);
        work.act_for(kept.root());
        let mut context = Context::new(work, &seen, self);
        let parameters = ask.parameters.clone();
        let answered =
            heavily(plugin, plugin.submit(parameters, &mut context, &ask.wait, submission)).await;
        let answered = match answered {
            Ok(Submitted::Again(errors)) => {
                ask.wait = ask.wait.refused(errors);
                ask.nonce = identifier::random()?;
                return Ok(Taken::Again(Box::new(ask)));
            }
            Ok(Submitted::Done(locals)) => Ok(locals),
            Err(failure) => Err(failure),
        };
        Ok(Taken::Ended(ended(path, answered, context)?))
    }

    /// An end user's answer to a waiting activity. Where it does not satisfy it, the question stands
    /// again, with what is wrong, under a new nonce.
    pub(crate) async fn answer(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        path: PathId,
        submission: Submission,
    ) -> Result<Progress, Error> {
        let Some(ask) = question::find(work.unit(), kept, path).await? else {
            return Err(engine::Rejection::UnknownPath { path }.into());
        };
        match self.take_answer(work, kept, (path, ask), submission).await? {
            Taken::Ended(ended) => {
                let progress = Progress { soonest: None, authenticated: ended.authenticated };
                self.carry(work, kept, [Turn::Tell(ended.command)], progress).await
            }
            Taken::Again(ask) => {
                kept.asks.insert(path, *ask);
                let shown = Some(kept.status);
                instance::put(self, work.unit(), kept, shown)?;
                Ok(Progress::default())
            }
        }
    }
}
