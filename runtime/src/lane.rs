//! Passcodes that are shown once, because they came as hashes of another system: one is verified at a time.

use std::sync::Arc;

use activities::PasscodePart;
use identity::{ClientProof, LaneStep};
use tokio::sync::Semaphore;

use crate::operation::again;
use crate::screen::Screen;
use crate::turns::{Turn, Turns};
use crate::{Error, Tenant, apart};

/// Where those wait whose passcode is to be verified. A hash may take a second and 128 MiB: one is computed after the
/// other. In the queue are one of each tenant at most, and among those of a tenant one of each source, so that nobody
/// who sends many keeps others waiting for more than their own turn.
pub(crate) struct Lane {
    sources: Turns,
    tenants: Turns,
    place: Arc<Semaphore>,
}

impl Lane {
    pub(crate) fn new() -> Lane {
        Lane { sources: Turns::new(), tenants: Turns::new(), place: Arc::new(Semaphore::new(1)) }
    }

    /// Waits for one's turn, and does what takes long apart from tokio's threads.
    async fn in_turn<T: Send + 'static>(
        &self,
        tenant: &str,
        source: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (mut of_source, mut of_tenant) = (Turn::default(), Turn::default());
        self.sources.wait(&mut of_source, &format!("{tenant} {source}")).await;
        self.tenants.wait(&mut of_tenant, &tenant).await;
        let place = self.place.clone().acquire_owned().await;
        let place = place.map_err(|error| Error::Fault(error.into()))?;
        let turn = (of_source, of_tenant, place);
        // The turn lasts as long as the work, also if whoever asked for it has gone.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|error| Error::Fault(error.into()))
    }
}

/// What a page shows in the lane.
pub enum LaneAsk {
    /// The proof, which is examined.
    Proof(LaneProof),
    /// The passcode itself.
    Passcode(String),
}

/// What a client shows to be authenticated.
pub struct LaneProof {
    /// The client's public key `A`.
    pub client_public_key: Vec<u8>,
    /// The client's proof `M1`.
    pub m1: Vec<u8>,
}

impl Tenant {
    /// Takes what the page of an instance shows before it answers the question (topic and nonce) that it was asked;
    /// gives what comes next.
    ///
    /// # Errors
    /// [`Error::BoundElsewhere`], [`Error::NotFound`] where no lane belongs to the question;
    /// [`Error::Identity`] as of [`identity::Work::prove_in_lane`] and [`Tenant::take_passcode`].
    pub async fn take_lane(
        &self,
        instance: &str,
        secret: Option<&str>,
        question: (&str, &str),
        ask: LaneAsk,
    ) -> Result<LaneStep, Error> {
        let missing = || Error::not_found("passcode question", question.0);
        let presented = self.present(instance, secret).await?;
        let Screen::Ask { topic, nonce, wait } = presented.screen else { return Err(missing()) };
        let part = wait.passcode.filter(|_| (topic.as_str(), nonce.as_str()) == question);
        let Some(PasscodePart { session_id, lane: Some(store), .. }) = part else {
            return Err(missing());
        };
        match ask {
            LaneAsk::Proof(proof) => again!(self.prove_once(&store, &session_id, &proof)),
            LaneAsk::Passcode(passcode) => {
                self.take_passcode(&store, &session_id, passcode).await?;
                Ok(LaneStep::Complete)
            }
        }
    }

    async fn prove_once(
        &self,
        store: &str,
        session: &str,
        proof: &LaneProof,
    ) -> Result<LaneStep, Error> {
        let LaneProof { client_public_key, m1 } = proof;
        let mut work = self.identity();
        let proof = ClientProof { client_public_key, m1 };
        let next = apart(work.prove_in_lane(store, session, proof)).await?;
        work.commit().await?;
        Ok(next)
    }

    /// Takes the passcode itself in an authentication whose proof was not right, and keeps what came of it. Nobody is
    /// told that before the authentication is completed.
    ///
    /// # Errors
    /// [`Error::Identity`] as of [`identity::Work::enter_lane`], [`identity::Work::open_lane`] and [`identity::Work::settle_lane`].
    pub async fn take_passcode(
        &self,
        store: &str,
        session: &str,
        passcode: String,
    ) -> Result<(), Error> {
        let passcode = passcode.into_bytes().into();
        again!(self.enter_once(store, session))?;
        let mut work = self.identity();
        let source = work.number_of_source();
        let shown = work.open_lane(store, session, passcode).await?;
        let verdict =
            self.inner().lane.in_turn(self.name(), source, move || shown.verify()).await?;
        again!(self.settle_once(&verdict))
    }

    async fn enter_once(&self, store: &str, session: &str) -> Result<(), Error> {
        let mut work = self.identity();
        work.enter_lane(store, session).await?;
        Ok(work.commit().await?)
    }

    async fn settle_once(&self, verdict: &identity::LaneVerdict) -> Result<(), Error> {
        let mut work = self.identity();
        work.settle_lane(verdict).await?;
        Ok(work.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[tokio::test]
    async fn whoever_sends_many_keeps_others_waiting_for_one_at_most() {
        let (lane, done) = (Arc::new(Lane::new()), Arc::new(Mutex::new(Vec::new())));
        // Nobody is done before all wait.
        let place = lane.place.clone().acquire_owned().await.unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        let crowd = [("a", 1); 20].into_iter().chain([("a", 2), ("b", 1)]);
        for (tenant, source) in crowd {
            let (lane, done) = (lane.clone(), done.clone());
            waiting.spawn(async move {
                let note = move || done.lock().unwrap().push((tenant, source));
                lane.in_turn(tenant, source, note).await.unwrap();
            });
            // Each is where it waits before the next comes.
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        }
        drop(place);
        while let Some(one) = waiting.join_next().await {
            one.unwrap();
        }
        let done = done.lock().unwrap();
        let at = |who| done.iter().position(|one| *one == who).unwrap();
        assert_eq!(done.len(), 22);
        assert!(at(("a", 2)) <= 2 && at(("b", 1)) <= 2, "{done:?}");
    }
}
