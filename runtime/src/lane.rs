//! Passcodes that are shown once, because they came as hashes of another system: one is verified at a time.

use activities::PasscodePart;
use identity::{ClientProof, LaneStep};
use tokio::sync::Semaphore;

use crate::operation::again;
use crate::screen::Screen;
use crate::{Error, Tenant, apart};

/// A hash may take a second and 128 MiB: one after the other.
static PLACE: Semaphore = Semaphore::const_new(1);

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
    /// [`Error::Identity`] as of [`identity::Work::open_lane`] and [`identity::Work::settle_lane`].
    pub async fn take_passcode(
        &self,
        store: &str,
        session: &str,
        passcode: String,
    ) -> Result<(), Error> {
        let passcode = passcode.into_bytes().into();
        let shown = self.identity().open_lane(store, session, passcode).await?;
        let place = PLACE.acquire().await.map_err(|error| Error::Fault(error.into()))?;
        let verified = tokio::task::spawn_blocking(move || shown.verify()).await;
        drop(place);
        let verdict = verified.map_err(|error| Error::Fault(error.into()))?;
        again!(self.settle_once(&verdict))
    }

    async fn settle_once(&self, verdict: &identity::LaneVerdict) -> Result<(), Error> {
        let mut work = self.identity();
        work.settle_lane(verdict).await?;
        Ok(work.commit().await?)
    }
}
