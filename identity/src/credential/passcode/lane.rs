//! The lane for passcodes that came as hashes of another system: taken once, and turned into verifiers.
//!
//! SRP never shows the store a passcode, and a hash of another system cannot be verified without it. So while hashes
//! under a policy still wait for their users, an authentication under it can take two steps before its end:
//!
//! 1. The page shows its proof ([`Work::prove_in_lane`]). Who has a verifier and typed the right passcode is done with
//!    the lane, and completes the authentication as ever: the store does not learn the passcode.
//! 2. Everybody else is asked for the passcode itself ([`Work::open_lane`]), over TLS. For a user whose hash it is, the
//!    store makes the verifier, forgets hash and passcode, and lets the authentication be completed.
//!
//! A stranger learns nothing of a user from it. Whether there is a lane is a matter of the policy alone. Without a
//! right proof everybody is asked, and so is who is locked or disabled, with any proof: who is unknown, who has a verifier and mistyped, and who has a
//! hash. In the second step one hash of each kind that was imported under the policy is computed for everybody, at
//! most one of them a real one, so that it takes the same time. The answers are the same, and the end is told by the
//! completion alone. A mistyped passcode of a user with a verifier reaches the store so; it is used for nothing.
//! As many rows are read and written in each step for everybody: who is refused in one step is written of nobody in the
//! other.
//!
//! Of a hash of a passcode that everybody tries first, or that has expired, the sign-in ends like that with any passcode
//! that has expired: it has to be renewed.
//!
//! Each guess counts once. A wrong proof counts in the first step. For a user with a hash it says nothing and counts
//! towards no lock; the passcode does in the second. Throttled is the first step alone, for everybody: what a user with
//! a hash has used up there is given back in the second, unless the passcode was wrong. A session takes one proof and
//! one passcode, and of what was throttled none is computed, so that nobody can keep the lane busy with guesses that
//! are not counted.

mod state;

use std::collections::BTreeSet;
use std::time::Duration;

use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use srp::groups::G_2048;
use zeroize::Zeroizing;

pub(crate) use state::Lane;
pub use state::LaneStep;

use super::attempt::{is_in_vain, is_told};
use super::authentication::doom;
use super::ceremony::{Ceremony, Outline, Purpose};
use super::dictionary;
use super::exchange;
use super::hash::{Hash, LONGEST_PASSCODE};
use super::imported::ImportedHash;
use super::registered::{self, PASSCODES, PasscodeStatus, Verifier};
use super::session::CEREMONIES;
use super::{Attempt, ClientProof};
use crate::audit::{Action, Entry, Reason};
use crate::credential::standing::barred;
use crate::error::Error;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{self, UserId};
use crate::work::Work;

/// A passcode that was shown and is still to be verified.
pub struct LanePasscode {
    outline: Outline,
    session_id: String,
    passcode: Zeroizing<Vec<u8>>,
    /// The hash of the user, if there is one to be verified.
    hash: Option<Hash>,
    templates: Vec<String>,
    /// What is known of the user, which is guessed first.
    own: BTreeSet<String>,
}

/// A passcode that was verified and whose outcome is still to be kept.
pub struct LaneVerdict {
    outline: Outline,
    session_id: String,
    verifier: Option<Verifier>,
    is_common: bool,
}

impl Work {
    /// Whether the page has to take the lane in an authentication under a policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn has_passcode_lane(&mut self, store: &str, policy: &str) -> Result<bool, Error> {
        let store = self.read_store(store).await?;
        self.hashes_wait(&store.id, policy).await
    }

    /// The first step: examines the proof of an authentication, and asks for the passcode if it is not right. It does
    /// about two milliseconds of arithmetic.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], also if the step was taken before,
    /// [`Error::LaneClosed`], [`Error::Storage`]; and only after an open start [`Error::Throttled`].
    pub async fn prove_in_lane(
        &mut self,
        store: &str,
        session_id: &str,
        proof: ClientProof<'_>,
    ) -> Result<LaneStep, Error> {
        let (store, mut ceremony) = self.in_lane(store, session_id).await?;
        if !ceremony.outline.lane.is_free() {
            return Err(Error::SessionMissing);
        }
        let (client_public, m1) = (proof.client_public_key.to_vec(), proof.m1.to_vec());
        let attempt = Attempt { ceremony, client_public, m1 };
        let proved = attempt.proof().is_some();
        ceremony = attempt.ceremony;
        let (user, passcode) = self.subject(&store, &ceremony.outline).await?;
        let wait = self.wait_to_lane(&store, &ceremony.outline)?;
        let doomed = doom(user.as_ref(), passcode.as_ref(), self.now());
        let doomed = wait.map_or(doomed, |_| Some(Reason::Throttled));
        if proved && doomed.is_none_or(is_told) {
            // It is written, so that it fails like any other guess if the user was locked meanwhile.
            ceremony.outline.lane = Lane::Proved;
            CEREMONIES.keep(self, session_id, &ceremony).await?;
            return Ok(LaneStep::Complete);
        }
        let converts = wait.is_none() && may_convert(user.as_ref(), passcode.as_ref(), self.now());
        let refused = match converts {
            true => {
                // Like everybody's wrong proof, and forgiven when the passcode is shown.
                self.note_failed_guess(&store.id, &ceremony.outline.i);
                self.refuse_nobody(&store, &ceremony.outline)?;
                None
            }
            false => Some(self.refuse_in_lane(&store, &ceremony.outline, user, doomed).await?),
        };
        ceremony.outline.lane = Lane::Asked { refused, throttled: wait.is_some(), shown: false };
        CEREMONIES.keep(self, session_id, &ceremony).await?;
        Ok(LaneStep::Passcode)
    }

    /// The second step begins: a session shows its passcode once, which is to be committed before anything is computed
    /// for it. Then [`Work::open_lane`].
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], also if the first step was not taken or this was before,
    /// [`Error::LaneClosed`], [`Error::Storage`].
    pub async fn enter_lane(&mut self, store: &str, session_id: &str) -> Result<(), Error> {
        let (_, mut ceremony) = self.in_lane(store, session_id).await?;
        let Lane::Asked { shown, .. } = &mut ceremony.outline.lane else {
            return Err(Error::SessionMissing);
        };
        if std::mem::replace(shown, true) {
            return Err(Error::SessionMissing);
        }
        CEREMONIES.keep(self, session_id, &ceremony).await
    }

    /// Takes the passcode itself, UTF-8 in normal form C, of a session that has entered the lane. What follows computes
    /// hashes for as long as they take, see [`LanePasscode::verify`]; then [`Work::settle_lane`].
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`] before [`Work::enter_lane`], [`Error::LaneClosed`],
    /// [`Error::Storage`].
    pub async fn open_lane(
        &mut self,
        store: &str,
        session_id: &str,
        passcode: Zeroizing<Vec<u8>>,
    ) -> Result<LanePasscode, Error> {
        let (store, ceremony) = self.in_lane(store, session_id).await?;
        let outline = ceremony.outline;
        let Lane::Asked { shown: true, throttled, .. } = outline.lane else {
            return Err(Error::SessionMissing);
        };
        let (user, row) = self.subject(&store, &outline).await?;
        let id = UserId::of(user.as_ref());
        let found = self.find_hash(&store.id, &id, &outline.policy_name).await?;
        if outline.is_blind() {
            self.stand_in_for_secret(&store, &outline.i, found.is_none()).await?;
        }
        let found = found.filter(|_| may_convert(user.as_ref(), row.as_ref(), self.now()));
        let hash = found.and_then(|ImportedHash(text)| Hash::read(&text).ok());
        let mut templates = self.hash_templates(&store.id, &outline.policy_name).await?;
        if throttled {
            templates.clear();
        }
        let own = user.as_ref().map(dictionary::own).unwrap_or_default();
        let session_id = session_id.to_owned();
        Ok(LanePasscode { outline, session_id, passcode, hash, templates, own })
    }

    /// Keeps the outcome of the second step: the verifier takes the place of the hash, or the wrong passcode is
    /// counted. Nobody is told which before the authentication is completed.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`] if somebody else took the step meanwhile, [`Error::StoreMissing`],
    /// [`Error::Storage`].
    pub async fn settle_lane(&mut self, verdict: &LaneVerdict) -> Result<(), Error> {
        let LaneVerdict { outline, session_id, verifier, is_common } = verdict;
        let store = self.read_store_by_id(&outline.store_id).await?;
        let mut ceremony = CEREMONIES.find(self, session_id).await?;
        if ceremony.outline != *outline {
            return Err(Error::SessionMissing);
        }
        let Lane::Asked { refused, .. } = &outline.lane else { return Err(Error::SessionMissing) };
        let (user, row) = self.subject(&store, outline).await?;
        let may = may_convert(user.as_ref(), row.as_ref(), self.now());
        if refused.is_none() {
            self.forgive_guess(&store.id, &outline.i);
        }
        ceremony.outline.lane = match (user, row, verifier, refused) {
            (Some(user), Some(row), Some(verifier), None) if may => {
                self.convert(&store, user, row, verifier, *is_common).await?;
                Lane::Right
            }
            (.., Some(record)) => {
                self.refuse_nobody(&store, outline)?;
                Lane::Wrong { record: record.clone() }
            }
            (user, .., None) => {
                // A user who was locked meanwhile is refused for that, and it does not count.
                let bar = barred(user.as_ref(), Modality::Passcode, self.now());
                Lane::Wrong { record: self.refuse_in_lane(&store, outline, user, bar).await? }
            }
        };
        CEREMONIES.keep(self, session_id, &ceremony).await
    }

    /// Refuses whoever showed a wrong proof, or a passcode that is not the one of the hash; gives the record.
    async fn refuse_in_lane(
        &mut self,
        store: &IdentityStore,
        outline: &Outline,
        user: Option<user::Row>,
        doomed: Option<Reason>,
    ) -> Result<String, Error> {
        if outline.is_blind() && doomed.is_some_and(is_in_vain) {
            self.write_failure_of_nobody(store, &outline.i, user.is_none())?;
        }
        let refused = self.refuse(store, outline, user, (doomed, false), true).await?;
        Ok(refused.into_record())
    }

    /// Does the work of refusing where nobody is refused, so that a stranger cannot tell by the time: one of the two
    /// steps refuses, and which of them depends on whether there is a hash.
    fn refuse_nobody(&mut self, store: &IdentityStore, outline: &Outline) -> Result<(), Error> {
        match outline.is_blind() {
            true => {
                let entry = outline.refusal(store, None, Reason::WrongPasscode);
                self.write_refusal_of_nobody(store, &outline.i, entry)
            }
            false => Ok(()),
        }
    }

    /// How long whoever guesses has to wait; after an open start they are told.
    fn wait_to_lane(
        &self,
        store: &IdentityStore,
        outline: &Outline,
    ) -> Result<Option<Duration>, Error> {
        let wait = self.wait_to_guess(&store.id, &outline.i);
        match (wait, &outline.purpose) {
            (Some(wait), Purpose::Authentication { blind: false, .. }) => {
                Err(Error::Throttled(wait))
            }
            _ => Ok(wait),
        }
    }

    /// Puts a verifier in the place of a hash. One of a passcode that everybody tries first has expired from the
    /// beginning: whoever has just proved to know it is asked to renew it.
    async fn convert(
        &mut self,
        store: &IdentityStore,
        user: user::Row,
        mut row: registered::Row,
        verifier: &Verifier,
        is_common: bool,
    ) -> Result<(), Error> {
        self.drop_hash(&store.id, &user.id, &row);
        row.imported = false;
        row.last_updated_dtm = self.now();
        if is_common {
            row.expiration_dtm = Some(self.now());
        }
        PASSCODES.keep(self, &store.id, &user.id, &row, Some(verifier)).await?;
        let entry = Entry::new(Action::PasscodeConverted, store).user(&user.id);
        let reason = is_common.then_some(Reason::PasscodeTooCommon);
        self.audit(Entry { reason, ..entry.policy(&row.policy_name) })?;
        self.keep_attempt(store, &user)
    }

    /// The ceremony of a session that is an authentication under a policy with a lane.
    async fn in_lane(
        &mut self,
        store: &str,
        session_id: &str,
    ) -> Result<(IdentityStore, Ceremony), Error> {
        let store = self.read_store(store).await?;
        let ceremony = CEREMONIES.find_in(self, &store.id, session_id).await?;
        let Outline { purpose, policy_name, lane, .. } = &ceremony.outline;
        if !matches!(purpose, Purpose::Authentication { .. }) {
            return Err(Error::SessionMissing);
        }
        // Who was asked already is not turned away because the last hash has gone meanwhile.
        if lane.is_free() && !self.hashes_wait(&store.id, policy_name).await? {
            return Err(Error::LaneClosed);
        }
        Ok((store, ceremony))
    }
}

impl LanePasscode {
    /// Computes one hash of each kind under the policy: as long and with as much memory as they take, without any
    /// waiting. Not many of these should run at the same time.
    pub fn verify(self) -> LaneVerdict {
        let LanePasscode { outline, session_id, passcode, hash, templates, own } = self;
        let template = hash.as_ref().map(Hash::template);
        let usable = passcode.len() <= LONGEST_PASSCODE;
        let mut right = false;
        for text in &templates {
            let matches = match &hash {
                Some(hash) if template.as_ref() == Some(text) => hash.matches(&passcode),
                _ => Hash::read(text).is_ok_and(|nobodys| nobodys.matches(&passcode)) & false,
            };
            right |= matches & usable;
        }
        let verifier = verifier_of(&outline, &passcode).filter(|_| right);
        let is_common = dictionary::has(&passcode, &own);
        LaneVerdict { outline, session_id, verifier, is_common }
    }
}

/// Whether the passcode is a hash that the user can sign in with.
fn may_convert(
    user: Option<&user::Row>,
    passcode: Option<&registered::Row>,
    now: jiff::Timestamp,
) -> bool {
    let usable = |row: &&registered::Row| {
        matches!(row.status(now), PasscodeStatus::Imported | PasscodeStatus::Expired)
    };
    let imported = passcode.filter(usable).is_some_and(|row| row.imported);
    imported && barred(user, Modality::Passcode, now).is_none()
}

/// The verifier of a passcode with the identity and salt that the page was shown.
fn verifier_of(outline: &Outline, passcode: &[u8]) -> Option<Verifier> {
    let salt = data_encoding::BASE64URL_NOPAD.decode(outline.salt.as_bytes()).ok()?;
    let inner =
        Sha256::new().chain_update(&outline.i).chain_update(":").chain_update(passcode).finalize();
    let x =
        Zeroizing::new(Sha256::new().chain_update(salt).chain_update(inner).finalize().to_vec());
    let v = G_2048.g.modpow(&BigUint::from_bytes_be(&x), &G_2048.n);
    Some(Verifier(exchange().pad(&v)))
}

impl std::fmt::Debug for LanePasscode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LanePasscode(..)")
    }
}

impl std::fmt::Debug for LaneVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LaneVerdict(..)")
    }
}
