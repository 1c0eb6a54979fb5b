//! Registering a passcode: the page makes a verifier of it, the store keeps that.

use schemars::JsonSchema;
use serde::Serialize;

use super::ceremony::{Ceremony, Outline, Purpose, Secrets, Seed};
use super::registered::{PASSCODES, PasscodeStatus, Row, Verifier};
use super::session::CEREMONIES;
use super::{AlgorithmInfo, BrowserResponse, FormerPasscode, NewPasscode, exchange};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::policy::PasscodeRequirements;
use crate::store::IdentityStore;
use crate::user::{self, User, UserStatus, Who};
use crate::work::Work;

/// What the page needs to register a passcode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasscodeRegistration {
    /// What the passcode has to look like.
    #[serde(rename = "passcodeRequirements")]
    pub requirements: PasscodeRequirements,
    /// How the verifier is made.
    pub algorithm_info: AlgorithmInfo,
    /// The passcodes that are not to be used again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passcode_history: Vec<FormerPasscode>,
    /// Names the ceremony when it is completed.
    pub session_id: String,
    /// Whose passcode it will be; no part of the answer on the wire.
    #[serde(skip)]
    #[schemars(skip)]
    pub user: User,
}

impl Work {
    /// Starts to register a passcode for a user who has none that can be used.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::PolicyMissing`], [`Error::UserMissing`],
    /// [`Error::ExternalUserMissing`], [`Error::UserNotActive`], [`Error::PasscodeExists`], [`Error::Storage`].
    pub async fn start_passcode_registration(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<PasscodeRegistration, Error> {
        self.start_registration(store, who, policy, false).await
    }

    /// Starts to register a passcode that takes the place of the one that the user may have. That one stays as it is
    /// until the registration is completed.
    ///
    /// # Errors
    ///
    /// As of [`Work::start_passcode_registration`], but for [`Error::PasscodeExists`].
    pub async fn start_passcode_replacement(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<PasscodeRegistration, Error> {
        self.start_registration(store, who, policy, true).await
    }

    async fn start_registration(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        replaces: bool,
    ) -> Result<PasscodeRegistration, Error> {
        let store = self.read_store(store).await?;
        let rules = store.passcode_policy(policy)?.passcode_requirements.clone();
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        let seed = match self.present_passcode(&store, &user, policy, replaces).await? {
            Some(present) => Seed { salt: present.salt()?, i: present.i },
            None => self.seed(&store.id, policy, &user).await?,
        };
        let purpose = Purpose::Registration;
        let mut outline = Outline::new(&store.id, policy, &seed, self.ceremony_ends(), purpose);
        outline.user_id = Some(user.id.clone());
        outline.replaces = replaces;
        let former = self.former_passcodes(&store, &user.id, policy).await?;
        outline.history = former.iter().map(|former| former.i.clone()).collect();
        let ceremony = Ceremony { outline, secrets: Secrets::default(), response: None };
        Ok(PasscodeRegistration {
            requirements: rules,
            algorithm_info: AlgorithmInfo::registration(&seed.i, &seed.salt),
            passcode_history: former,
            session_id: CEREMONIES.open(self, &ceremony).await?,
            user: self.show(&store, user).await?,
        })
    }

    /// Completes the registration of a passcode with the verifier given, or else with the one that was
    /// remembered. The session is used up then; after an error it is as it was.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], [`Error::ResponseMissing`],
    /// [`Error::VerifierInvalid`], [`Error::PasscodeUsedBefore`], [`Error::HistoryMissing`], [`Error::PolicyMissing`], [`Error::UserMissing`] and [`Error::UserNotActive`]
    /// and [`Error::PasscodeExists`] when the user has changed in the meantime, [`Error::Storage`].
    pub async fn complete_passcode_registration(
        &mut self,
        store: &str,
        session_id: &str,
        given: Option<&NewPasscode>,
    ) -> Result<User, Error> {
        let store = self.read_store(store).await?;
        let Ceremony { outline, response, .. } =
            CEREMONIES.find_in(self, &store.id, session_id).await?;
        let (Purpose::Registration, Some(user_id)) = (&outline.purpose, &outline.user_id) else {
            return Err(Error::SessionMissing);
        };
        let new = match (given, &response) {
            (Some(new), _) | (None, Some(BrowserResponse::Verifier(new))) => new,
            (None, _) => return Err(Error::ResponseMissing),
        };
        let verifier = read_verifier(&new.verifier)?;
        let policy = store.passcode_policy(&outline.policy_name)?;
        let who = Who::from(user_id);
        let user = self.find_user(&store, &who).await?.ok_or_else(|| who.missing())?;
        let (name, history) = (&outline.policy_name, &outline.history);
        let present = self.present_passcode(&store, &user, name, outline.replaces).await?;
        self.expect_unused(&store, &user.id, name, history, new).await?;
        let mut replaced = None;
        if let Some(present) = present {
            replaced = self.replaceable(&store.id, &user.id, &present).await?;
            self.keep_former(&store, &user.id, &present).await?;
            self.drop_hash(&store.id, &user.id, &present);
        }
        CEREMONIES.close(self, session_id, outline.expires);
        let expires = policy.expiration_duration.map(|time| time.after(self.now()));
        let row = Row::new(&outline.policy_name, outline.i, outline.salt, self.now(), expires)?;
        PASSCODES.keep(self, &store.id, &user.id, &row, Some(&verifier)).await?;
        self.have_checked(&store, &user.id, &row, replaced).await?;
        let entry = Entry::new(Action::PasscodeRegistered, &store).user(&user.id);
        self.audit(entry.policy(&row.policy_name))?;
        // Writing the user makes a removal of the user at the same time see this passcode.
        let user = self.keep_user(&store, user)?;
        self.show(&store, user).await
    }

    /// The passcode whose place a new one may take, if the user has one: any, or only one that has expired or was
    /// undone.
    async fn present_passcode(
        &mut self,
        store: &IdentityStore,
        user: &user::Row,
        policy: &str,
        any: bool,
    ) -> Result<Option<Row>, Error> {
        match user.status(self.now()) {
            UserStatus::Active | UserStatus::PendingActive => {}
            status => return Err(Error::UserNotActive(status)),
        }
        let present = PASSCODES.find(self, &store.id, &user.id, policy).await?;
        let status = present.as_ref().map(|row| row.status(self.now()));
        match status {
            None | Some(PasscodeStatus::Expired | PasscodeStatus::TooCommon) => Ok(present),
            Some(_) if any => Ok(present),
            Some(_) => Err(Error::PasscodeExists(policy.to_owned())),
        }
    }
}

pub(super) fn read_verifier(bytes: &[u8]) -> Result<Verifier, Error> {
    let srp = exchange();
    let v = srp.verifier(bytes).ok_or(Error::VerifierInvalid)?;
    Ok(Verifier(srp.pad(&v)))
}
