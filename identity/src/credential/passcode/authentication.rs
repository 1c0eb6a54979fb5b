//! Starting an authentication with a passcode: the store says `i`, salt and its public key.

use jiff::Timestamp;
use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::Serialize;
use zeroize::Zeroizing;

use super::ceremony::{Ceremony, Outline, Purpose, Secrets, Seed};
use super::registered::{self, PASSCODES, PasscodeStatus, Verifier};
use super::session::CEREMONIES;
use super::stand_in::Sought;
use super::{AlgorithmInfo, exchange};
use crate::audit::Reason;
use crate::credential::standing::{barred, guessed, told};
use crate::error::Error;
use crate::modality::Modality;
use crate::random::random;
use crate::store::IdentityStore;
use crate::user::{self, UserId, Who};
use crate::work::Work;

/// What the page needs to prove that somebody knows a passcode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasscodeAuthentication {
    /// How the proof is made.
    pub algorithm_info: AlgorithmInfo,
    /// Names the ceremony when it is completed.
    pub session_id: String,
}

/// What whoever starts an authentication may learn of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Everything: the caller holds a permission.
    Open,
    /// Nothing: a stranger sees the answer.
    Blind,
}

/// An authentication whose rows were read and whose arithmetic is still to be done.
pub struct Opening {
    outline: Outline,
    pub(super) salt: Vec<u8>,
    verifier: Zeroizing<Vec<u8>>,
}

/// An authentication whose arithmetic is done and that is still to be kept.
pub struct Offer {
    pub(super) ceremony: Ceremony,
    pub(super) algorithm_info: AlgorithmInfo,
}

impl Work {
    /// Starts an authentication for a caller who may know of the user.
    ///
    /// It does about a millisecond of arithmetic between its reads and its writes. To do that elsewhere, take the
    /// three steps apart: [`Work::open_passcode_authentication`], [`Opening::offer`],
    /// [`Work::keep_passcode_offer`].
    ///
    /// # Errors
    ///
    /// As of [`Work::open_passcode_authentication`].
    pub async fn start_passcode_authentication(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<PasscodeAuthentication, Error> {
        let opening = self.open_passcode_authentication(store, who, policy, Manner::Open).await?;
        self.keep_passcode_offer(opening.offer()?).await
    }

    /// Starts an authentication of whom a stranger names: whether there is such a user, and in which state, cannot
    /// be told from the answer. Whether the user may authenticate is asked again at the end.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::Storage`].
    pub async fn start_passcode_authentication_blindly(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<PasscodeAuthentication, Error> {
        let opening = self.open_passcode_authentication(store, who, policy, Manner::Blind).await?;
        self.keep_passcode_offer(opening.offer()?).await
    }

    /// Reads what an authentication needs.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::Storage`]; and only in the open manner
    /// [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::PasscodeRefused`] of a user
    /// who is locked or disabled, [`Error::PasscodeMissing`]. An expired passcode is not told before the end.
    pub async fn open_passcode_authentication(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        manner: Manner,
    ) -> Result<Opening, Error> {
        let store = self.read_store(store).await?;
        store.passcode_policy(policy)?;
        let now = self.now();
        let user = self.find_user(&store, who).await?;
        // The decoy is made for everybody, so that it takes the same time whether it is needed or not. A user's is the
        // same by either identifier, as a passcode will be.
        let name = user.as_ref().map_or_else(|| who.clone(), user::Row::known_as);
        let decoy = self.decoy(&store.id, policy, &name).await?;
        let id = UserId::of(user.as_ref());
        // A passcode that came as a hash has no verifier.
        let passcode = PASSCODES.find(self, &store.id, &id, policy).await?;
        let verifier = PASSCODES.find_secret(self, &store.id, &id, policy).await?;
        if manner == Manner::Open {
            match doom(user.as_ref(), passcode.as_ref(), now) {
                Some(Reason::PasscodeMissing) => {
                    return Err(Error::PasscodeMissing(policy.to_owned()));
                }
                Some(reason) => told(reason, who, Modality::Passcode)?,
                None => {}
            }
        }
        let guessed = guessed(user.as_ref(), who);
        let mark = self.mark(&store.id, &guessed).await?;
        if manner == Manner::Blind {
            let i = &decoy.seed.i;
            let sought = Sought { i, guessed: &guessed, mark: &mark, user: user.as_ref() };
            self.stand_in_for_named(&store, sought, who).await?;
            self.stand_in_for_passcode(&store, i, passcode.is_none()).await?;
            self.stand_in_for_secret(&store, i, verifier.is_none()).await?;
        }
        let (seed, verifier) = match (&passcode, verifier) {
            (Some(passcode), Some(Verifier(verifier))) => {
                (Seed { i: passcode.i.clone(), salt: passcode.salt()? }, verifier)
            }
            // A hash awaits its user: nothing that is proved can be right.
            (Some(passcode), None) => {
                (Seed { i: passcode.i.clone(), salt: passcode.salt()? }, decoy.verifier)
            }
            _ => (decoy.seed, decoy.verifier),
        };
        let purpose = Purpose::Authentication {
            passcode_id: passcode.map(|passcode| passcode.id),
            blind: manner == Manner::Blind,
        };
        let mut outline = Outline::new(&store.id, policy, &seed, self.ceremony_ends(), purpose);
        outline.mark = user.is_none().then_some(mark);
        outline.user_id = user.map(|user| user.id);
        Ok(Opening { outline, salt: seed.salt, verifier })
    }

    /// The user of an authentication or renewal, and the passcode that it was started with. After a blind start a
    /// stand-in is read for each of them that is missing.
    pub(super) async fn subject(
        &mut self,
        store: &IdentityStore,
        outline: &Outline,
    ) -> Result<(Option<user::Row>, Option<registered::Row>), Error> {
        let (Purpose::Authentication { passcode_id, blind }
        | Purpose::Renewal { passcode_id, blind, .. }) = &outline.purpose
        else {
            return Err(Error::SessionMissing);
        };
        let id = outline.user_id.clone().unwrap_or_else(UserId::nobody);
        let user = self.find_user(store, &Who::from(&id)).await?;
        let passcode = PASSCODES.find(self, &store.id, &id, &outline.policy_name).await?;
        if *blind {
            let Outline { i, mark, .. } = outline;
            let mark = mark.as_deref().unwrap_or("0");
            let sought = Sought { i, guessed: i, mark, user: user.as_ref() };
            self.stand_in_for_user(store, sought).await?;
            self.stand_in_for_passcode(store, &outline.i, passcode.is_none()).await?;
        }
        // A passcode that was registered since the start is another one.
        Ok((user, passcode.filter(|passcode| Some(&passcode.id) == passcode_id.as_ref())))
    }

    /// Keeps an authentication until it is completed.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn keep_passcode_offer(
        &mut self,
        offer: Offer,
    ) -> Result<PasscodeAuthentication, Error> {
        let Offer { ceremony, algorithm_info } = offer;
        let session_id = CEREMONIES.open(self, &ceremony).await?;
        Ok(PasscodeAuthentication { algorithm_info, session_id })
    }
}

impl Opening {
    /// Draws the ephemeral secret `b` and computes the public key `B`: one modular exponentiation, about a
    /// millisecond, without any waiting.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`].
    pub fn offer(self) -> Result<Offer, Error> {
        let srp = exchange();
        let v = BigUint::from_bytes_be(&self.verifier);
        let (b, b_public) = loop {
            let b = Zeroizing::new(random::<32>()?);
            if let Some(public) = srp.server_public(&BigUint::from_bytes_be(&*b), &v) {
                break (Zeroizing::new(b.to_vec()), srp.pad(&public).to_vec());
            }
        };
        let algorithm_info = AlgorithmInfo::authentication(&self.outline.i, &self.salt, &b_public);
        let secrets = Secrets { b, b_public, verifier: self.verifier };
        let ceremony = Ceremony { outline: self.outline, secrets, response: None };
        Ok(Offer { ceremony, algorithm_info })
    }
}

/// Why an authentication can only fail, if it can.
pub(super) fn doom(
    user: Option<&user::Row>,
    passcode: Option<&registered::Row>,
    now: Timestamp,
) -> Option<Reason> {
    barred(user, Modality::Passcode, now).or(match passcode.map(|passcode| passcode.status(now)) {
        None => Some(Reason::PasscodeMissing),
        Some(PasscodeStatus::Expired) => Some(Reason::PasscodeExpired),
        Some(PasscodeStatus::Disabled) => Some(Reason::PasscodeDisabled),
        Some(PasscodeStatus::TooCommon) => Some(Reason::PasscodeTooCommon),
        Some(PasscodeStatus::Imported) => Some(Reason::PasscodeImported),
        Some(PasscodeStatus::Active) => None,
    })
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening(..)")
    }
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Offer(..)")
    }
}
