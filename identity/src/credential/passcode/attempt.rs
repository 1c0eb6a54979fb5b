//! Completing an authentication with a passcode: the proof is examined, and success or failure is noted.

use data_encoding::BASE64URL_NOPAD;
use num_bigint::BigUint;
use zeroize::Zeroizing;

use super::authentication::doom;
use super::ceremony::{Ceremony, Outline, Purpose, Secrets};
use super::lane::Lane;
use super::registered::PASSCODES;
use super::session::CEREMONIES;
use super::{BrowserResponse, ClientProof, exchange, registered};
use crate::audit::{Action, Entry, Reason};
use crate::credential::srp::same;
use crate::credential::standing::counts;
use crate::error::Error;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{self, User};
use crate::work::Work;

/// How an authentication ended. Both ends are to be committed: a refusal uses the session up and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The user proved to know the passcode.
    Accepted {
        /// The user.
        user: User,
        /// The server's proof `M2`; empty after the lane, see [`Work::open_lane`].
        m2: Vec<u8>,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The authentication failed, for whatever reason: public code
    /// [`AUTHENTICATION_REFUSED`](crate::AUTHENTICATION_REFUSED).
    Refused {
        /// The user with the lock that may have come of it, for a caller who may know. Nobody after a blind start.
        user: Option<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The proof was right, but the passcode has expired: it has to be renewed. Whoever does not know the passcode is
    /// refused like everybody else, and that counts.
    Expired {
        /// The user, for a caller who may know. Nobody after a blind start.
        user: Option<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The proof of a renewal was right, but the new passcode may not take the place of the present one, which stays. The
    /// session takes a few more.
    Unfit {
        /// What is wrong with the new passcode.
        fault: Unfit,
        /// The user, for a caller who may know.
        user: Option<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The user proved to know the passcode, which was undone because everybody tries it first: public code
    /// [`PASSCODE_TOO_COMMON`](crate::PASSCODE_TOO_COMMON). Nobody else is told.
    TooCommon {
        /// The user, for a caller who may know.
        user: Option<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
}

/// Why a new passcode does not take the place of the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is one of those that the policy does not allow again.
    UsedBefore,
    /// It was not compared with them.
    NotCompared,
}

impl From<Unfit> for Error {
    fn from(fault: Unfit) -> Error {
        match fault {
            Unfit::UsedBefore => Error::PasscodeUsedBefore,
            Unfit::NotCompared => Error::HistoryMissing,
        }
    }
}

impl Verdict {
    /// The identifier of the record of the authentication.
    pub(super) fn into_record(self) -> String {
        match self {
            Verdict::Accepted { record, .. }
            | Verdict::Refused { record, .. }
            | Verdict::Expired { record, .. }
            | Verdict::Unfit { record, .. }
            | Verdict::TooCommon { record, .. } => record,
        }
    }
}

/// An authentication whose session was taken and whose arithmetic is still to be done.
pub struct Attempt {
    pub(super) ceremony: Ceremony,
    pub(super) client_public: Vec<u8>,
    pub(super) m1: Vec<u8>,
}

/// An authentication whose arithmetic is done and whose outcome is still to be noted.
pub struct Examined {
    pub(super) outline: Outline,
    /// The server's proof, if the client's was right.
    pub(super) m2: Option<Zeroizing<Vec<u8>>>,
}

impl Work {
    /// Completes an authentication with the proof given, or else with the one that was remembered. The session is
    /// used up by either verdict; after an error it is as it was.
    ///
    /// It does about two milliseconds of arithmetic between its reads and its writes. To do that elsewhere, take
    /// the three steps apart: [`Work::open_passcode_attempt`], [`Attempt::examine`],
    /// [`Work::settle_passcode_attempt`].
    ///
    /// # Errors
    ///
    /// As of [`Work::open_passcode_attempt`] and [`Work::settle_passcode_attempt`].
    pub async fn complete_passcode_authentication(
        &mut self,
        store: &str,
        session_id: &str,
        proof: Option<ClientProof<'_>>,
    ) -> Result<Verdict, Error> {
        let attempt = self.open_passcode_attempt(store, session_id, proof).await?;
        self.settle_passcode_attempt(attempt.examine()).await
    }

    /// Takes an authentication out of its session.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], [`Error::ResponseMissing`], [`Error::Storage`].
    pub async fn open_passcode_attempt(
        &mut self,
        store: &str,
        session_id: &str,
        proof: Option<ClientProof<'_>>,
    ) -> Result<Attempt, Error> {
        let store = self.read_store(store).await?;
        let mut ceremony = CEREMONIES.find_in(self, &store.id, session_id).await?;
        if !matches!(ceremony.outline.purpose, Purpose::Authentication { .. }) {
            return Err(Error::SessionMissing);
        }
        let (client_public, m1) = match (proof, ceremony.response.take()) {
            (Some(proof), _) => (proof.client_public_key.to_vec(), proof.m1.to_vec()),
            (None, Some(BrowserResponse::Proof { client_public_key, m1 })) => {
                (client_public_key, m1)
            }
            (None, _) => return Err(Error::ResponseMissing),
        };
        CEREMONIES.close(self, session_id, ceremony.outline.expires);
        Ok(Attempt { ceremony, client_public, m1 })
    }

    /// Notes how an authentication ended: success forgets earlier failures with passcodes and makes a pending user active, a wrong
    /// proof counts as a failure and may lock the user, also with a passcode that has expired, because a right one is
    /// told to have. So does any proof of a passcode that is disabled or gone. Bars count for nothing.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`]; and only after an open start [`Error::Throttled`].
    pub async fn settle_passcode_attempt(&mut self, examined: Examined) -> Result<Verdict, Error> {
        let Examined { outline, m2 } = examined;
        let Purpose::Authentication { blind, .. } = &outline.purpose else {
            return Err(Error::SessionMissing);
        };
        let store = self.read_store_by_id(&outline.store_id).await?;
        if let (Lane::Wrong { record }, true) = (&outline.lane, *blind) {
            return Ok(Verdict::Refused { user: None, record: record.clone() });
        }
        let (user, passcode) = self.subject(&store, &outline).await?;
        if let Lane::Asked { refused: Some(record), .. } | Lane::Wrong { record } = &outline.lane {
            // It was refused, counted and noted in the lane.
            if *blind {
                let entry = outline.refusal(&store, None, Reason::WrongPasscode);
                self.write_refusal_of_nobody(&store, &outline.i, entry)?;
            }
            let user = match user {
                Some(user) if !*blind => Some(self.show(&store, user).await?),
                _ => None,
            };
            return Ok(Verdict::Refused { user, record: record.clone() });
        }
        // The name `i` is there for those who do not exist as well, and tells nobody who it is. Who was asked in the
        // lane was throttled there, and is charged once for the passcode that was never shown.
        let wait = match &outline.lane {
            Lane::Asked { .. } => None,
            _ => self.wait_to_guess(&store.id, &outline.i),
        };
        if let (Some(wait), false) = (wait, *blind) {
            return Err(Error::Throttled(wait));
        }
        if let Lane::Asked { .. } = &outline.lane {
            self.forgive_guess(&store.id, &outline.i);
        }
        let doomed = doom(user.as_ref(), passcode.as_ref(), self.now());
        let doomed = wait.map_or(doomed, |_| Some(Reason::Throttled));
        if *blind && doomed.is_some_and(is_in_vain) {
            self.write_failure_of_nobody(&store, &outline.i, user.is_none())?;
        }
        match (doomed, m2, user, passcode) {
            (None, Some(m2), Some(user), Some(passcode)) => {
                self.accept(&store, user, passcode, &m2).await
            }
            (doomed, m2, user, _) => {
                let doomed = (doomed, m2.is_some());
                self.refuse(&store, &outline, user, doomed, *blind).await
            }
        }
    }

    async fn accept(
        &mut self,
        store: &IdentityStore,
        mut user: user::Row,
        mut passcode: registered::Row,
        m2: &[u8],
    ) -> Result<Verdict, Error> {
        self.note_success(store, &mut user, Modality::Passcode).await?;
        passcode.last_authenticated_with_dtm = Some(self.now());
        PASSCODES.keep(self, &store.id, &user.id, &passcode, None).await?;
        let entry = Entry::new(Action::PasscodeAccepted, store).user(&user.id);
        let record = self.record(entry.policy(&passcode.policy_name))?;
        Ok(Verdict::Accepted { user: self.show(store, user).await?, m2: m2.to_vec(), record })
    }

    /// Refuses an authentication that is doomed or whose proof was not right; it is said whether it was. Who knows a
    /// passcode that has expired or was undone is told so; with any other it is a wrong one.
    pub(super) async fn refuse(
        &mut self,
        store: &IdentityStore,
        outline: &Outline,
        user: Option<user::Row>,
        (doomed, proved): (Option<Reason>, bool),
        blind: bool,
    ) -> Result<Verdict, Error> {
        let doomed = doomed.filter(|reason| proved || !is_told(*reason));
        let reason = doomed.unwrap_or(Reason::WrongPasscode);
        let record = self.record(outline.refusal(store, user.as_ref(), reason))?;
        // Whoever knows such a passcode does not guess.
        if reason != Reason::Throttled && !is_told(reason) {
            self.note_failed_guess(&store.id, &outline.i);
        }
        let Some(mut user) = user else { return Ok(Verdict::Refused { user: None, record }) };
        if counts(reason) {
            let letter = blind.then_some(outline.i.as_str());
            self.note_failure(store, &mut user, Modality::Passcode, letter)?;
        }
        let user = if blind { None } else { Some(self.show(store, user).await?) };
        Ok(match reason {
            Reason::PasscodeExpired => Verdict::Expired { user, record },
            Reason::PasscodeTooCommon => Verdict::TooCommon { user, record },
            _ => Verdict::Refused { user, record },
        })
    }
}

impl Outline {
    /// The entry on a refusal. The user is the one who is there now: whoever was erased since the start stays erased.
    pub(super) fn refusal(
        &self,
        store: &IdentityStore,
        user: Option<&user::Row>,
        reason: Reason,
    ) -> Entry {
        let entry = Entry::new(Action::PasscodeRefused, store).policy(&self.policy_name);
        Entry { reason: Some(reason), user_id: user.map(|user| user.id.clone()), ..entry }
    }
}

/// Whether it is told to whoever knows the passcode, and to nobody else.
pub(super) fn is_told(reason: Reason) -> bool {
    matches!(reason, Reason::PasscodeExpired | Reason::PasscodeTooCommon)
}

/// Whether it is refused without being told, and counts for nothing.
pub(super) fn is_in_vain(reason: Reason) -> bool {
    !is_told(reason) && !counts(reason)
}

impl Attempt {
    /// Computes what the client should have proved and compares it: two modular exponentiations, about two
    /// milliseconds, without any waiting. A public key that RFC 5054 forbids fails like a wrong proof.
    pub fn examine(self) -> Examined {
        let m2 = self.proof();
        Examined { outline: self.ceremony.outline, m2 }
    }

    /// The server's proof, if the client's is right. After the lane, where the passcode itself was taken, neither is
    /// needed: the verifier is another one than the session was started with, and TLS has proved the server.
    pub(super) fn proof(&self) -> Option<Zeroizing<Vec<u8>>> {
        let srp = exchange();
        let Ceremony { outline, secrets, .. } = &self.ceremony;
        if outline.lane == Lane::Right {
            return Some(Zeroizing::default());
        }
        let Secrets { b, b_public, verifier } = secrets;
        let (b, b_public) = (BigUint::from_bytes_be(b), BigUint::from_bytes_be(b_public));
        let verifier = BigUint::from_bytes_be(verifier);
        let salt = BASE64URL_NOPAD.decode(outline.salt.as_bytes()).ok()?;
        let client_public = srp.client_public(&self.client_public)?;
        let premaster = srp.premaster(&client_public, &b_public, &verifier, &b)?;
        let key = srp.session_key(&premaster);
        let proofs = srp.proofs(&outline.i, &salt, &client_public, &b_public, &key);
        same(&proofs.client, &self.m1).then(|| Zeroizing::new(proofs.server))
    }
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempt(..)")
    }
}

impl std::fmt::Debug for Examined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Examined(..)")
    }
}
