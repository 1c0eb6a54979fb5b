//! Renewing a passcode: whoever proves to know the present one, expired or not, puts another in its place.

use schemars::JsonSchema;
use serde::Serialize;

use super::attempt::is_in_vain;
use super::authentication::{Manner, doom};
use super::ceremony::Purpose;
use super::registered::{self, PASSCODES, Row};
use super::registration::read_verifier;
use super::session::CEREMONIES;
use super::{
    AlgorithmInfo, Attempt, BrowserResponse, ClientProof, FormerPasscode, NewPasscode, Unfit,
    Verdict,
};
use crate::audit::{Action, Entry, Reason};
use crate::error::Error;
use crate::modality::Modality;
use crate::policy::PasscodeRequirements;
use crate::store::IdentityStore;
use crate::user::{self, UserId, Who};
use crate::work::Work;

/// How many new passcodes that are not fit a session takes: nobody can ask it again and again whether the present one is
/// right.
const MOST_UNFIT: u32 = 5;

/// What the page needs to renew a passcode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasscodeRenewal {
    /// What the new passcode has to look like.
    #[serde(rename = "passcodeRequirements")]
    pub requirements: PasscodeRequirements,
    /// How the verifier of the new passcode is made.
    pub algorithm_info: AlgorithmInfo,
    /// How the proof of the present passcode is made.
    pub current_algorithm_info: AlgorithmInfo,
    /// The passcodes that are not to be used again.
    pub passcode_history: Vec<FormerPasscode>,
    /// Names the ceremony when it is completed.
    pub session_id: String,
}

impl Work {
    /// Starts to renew the passcode of a user. In the blind manner a stranger sees the answer: whether there is such
    /// a user, and in which state, cannot be told from it. It does about a millisecond of arithmetic.
    ///
    /// # Errors
    ///
    /// As of [`Work::open_passcode_authentication`]; and only in the open manner [`Error::PasscodeMissing`].
    pub async fn start_passcode_renewal(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        manner: Manner,
    ) -> Result<PasscodeRenewal, Error> {
        let opening = self.open_passcode_authentication(store, who, policy, manner).await?;
        // The new passcode keeps `i` and salt.
        let salt = opening.salt.clone();
        let mut offer = opening.offer()?;
        let store = self.read_store(store).await?;
        let requirements = store.passcode_policy(policy)?.passcode_requirements.clone();
        let outline = &mut offer.ceremony.outline;
        let user = outline.user_id.clone().unwrap_or_else(UserId::nobody);
        let former = match manner {
            Manner::Open => self.former_passcodes(&store, &user, policy).await?,
            Manner::Blind => {
                let present = FormerPasscode { i: outline.i.clone(), salt: outline.salt.clone() };
                self.disguised_history(&store, who, policy, &user, present).await?
            }
        };
        let Purpose::Authentication { passcode_id, blind } = outline.purpose.clone() else {
            return Err(Error::SessionMissing);
        };
        outline.history = former.iter().map(|former| former.i.clone()).collect();
        outline.purpose = Purpose::Renewal {
            passcode_id,
            blind,
            new_i: outline.i.clone(),
            new_salt: outline.salt.clone(),
        };
        Ok(PasscodeRenewal {
            requirements,
            algorithm_info: AlgorithmInfo::registration(&outline.i, &salt),
            current_algorithm_info: offer.algorithm_info,
            passcode_history: former,
            session_id: CEREMONIES.open(self, &offer.ceremony).await?,
        })
    }

    /// Completes a renewal with the proof of the present passcode and the verifier of the new one given, or else with
    /// those that were remembered. A wrong proof counts as a failed authentication; a right one counts as a successful
    /// one, and the new passcode is registered in the same commit. Where that is not fit, the failure is recorded, and
    /// the session takes another one, five in all. Any other verdict uses it up; after an error it is as it was. It does
    /// about two milliseconds of arithmetic.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], [`Error::ResponseMissing`],
    /// [`Error::VerifierInvalid`], [`Error::PolicyMissing`], [`Error::Storage`]; and only after an open start
    /// [`Error::Throttled`].
    pub async fn complete_passcode_renewal(
        &mut self,
        store: &str,
        session_id: &str,
        given: Option<(ClientProof<'_>, &NewPasscode)>,
    ) -> Result<Verdict, Error> {
        let store = self.read_store(store).await?;
        let mut ceremony = CEREMONIES.find_in(self, &store.id, session_id).await?;
        if !matches!(ceremony.outline.purpose, Purpose::Renewal { .. }) {
            return Err(Error::SessionMissing);
        }
        let (client_public, m1, new) = match (given, ceremony.response.take()) {
            (Some((proof, new)), _) => {
                (proof.client_public_key.to_vec(), proof.m1.to_vec(), new.clone())
            }
            (None, Some(BrowserResponse::Renewal { client_public_key, m1, passcode })) => {
                (client_public_key, m1, passcode)
            }
            (None, _) => return Err(Error::ResponseMissing),
        };
        read_verifier(&new.verifier)?;
        let attempt = Attempt { ceremony, client_public, m1 };
        let (m2, mut ceremony) = (attempt.proof(), attempt.ceremony);
        let outline = ceremony.outline.clone();
        let Purpose::Renewal { blind, .. } = &outline.purpose else {
            return Err(Error::SessionMissing);
        };
        let (user, present) = self.subject(&store, &outline).await?;
        let wait = self.wait_to_guess(&store.id, &outline.i);
        if let (Some(wait), false) = (wait, *blind) {
            return Err(Error::Throttled(wait));
        }
        let doomed = doom(user.as_ref(), present.as_ref(), self.now())
            .filter(|reason| *reason != Reason::PasscodeExpired);
        let doomed = wait.map_or(doomed, |_| Some(Reason::Throttled));
        if *blind && doomed.is_some_and(is_in_vain) {
            self.write_failure_of_nobody(&store, &outline.i, user.is_none())?;
        }
        if let (None, Some(_), Some(user), Some(_)) = (&doomed, &m2, &user, &present) {
            let (policy, history) = (&outline.policy_name, &outline.history);
            let fit = self.expect_unused(&store, &user.id, policy, history, &new).await;
            let fault = match fit {
                Ok(()) => None,
                Err(Error::PasscodeUsedBefore) => Some(Unfit::UsedBefore),
                Err(Error::HistoryMissing) => Some(Unfit::NotCompared),
                Err(error) => return Err(error),
            };
            if let Some(fault) = fault {
                ceremony.outline.unfit += 1;
                match ceremony.outline.unfit < MOST_UNFIT {
                    true => CEREMONIES.keep(self, session_id, &ceremony).await?,
                    false => CEREMONIES.close(self, session_id, outline.expires),
                }
                let entry = outline.refusal(&store, Some(user), Reason::NewPasscodeUnfit);
                let record = self.record(entry)?;
                let user = match *blind {
                    true => None,
                    false => Some(self.show(&store, user.clone()).await?),
                };
                return Ok(Verdict::Unfit { fault, user, record });
            }
        }
        CEREMONIES.close(self, session_id, outline.expires);
        match (doomed, m2, user, present) {
            (None, Some(m2), Some(user), Some(present)) => {
                let purpose = &outline.purpose;
                let (user, record) = self.replace(&store, user, &present, purpose, &new).await?;
                let user = self.show(&store, user).await?;
                Ok(Verdict::Accepted { user, m2: m2.to_vec(), record })
            }
            (doomed, m2, user, _) => {
                let doomed = (doomed, m2.is_some());
                self.refuse(&store, &outline, user, doomed, *blind).await
            }
        }
    }

    /// Puts the new passcode in place of the present one; gives the user and the record of the authentication.
    async fn replace(
        &mut self,
        store: &IdentityStore,
        mut user: user::Row,
        present: &registered::Row,
        purpose: &Purpose,
        new: &NewPasscode,
    ) -> Result<(user::Row, String), Error> {
        let Purpose::Renewal { new_i, new_salt, .. } = purpose else {
            return Err(Error::SessionMissing);
        };
        let policy = store.passcode_policy(&present.policy_name)?;
        let replaced = self.replaceable(&store.id, &user.id, present).await?;
        self.keep_former(store, &user.id, present).await?;
        let expires = policy.expiration_duration.map(|time| time.after(self.now()));
        let name = &present.policy_name;
        let row = Row::new(name, new_i.clone(), new_salt.clone(), self.now(), expires)?;
        let verifier = read_verifier(&new.verifier)?;
        PASSCODES.keep(self, &store.id, &user.id, &row, Some(&verifier)).await?;
        self.have_checked(store, &user.id, &row, replaced).await?;
        let entry = |action| Entry::new(action, store).user(&user.id).policy(&row.policy_name);
        let record = self.record(entry(Action::PasscodeAccepted))?;
        self.audit(entry(Action::PasscodeRenewed))?;
        self.forgive(store, &mut user, Modality::Passcode).await?;
        Ok((self.keep_user(store, user)?, record))
    }
}
