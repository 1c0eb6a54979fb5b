//! Authenticating with a passkey: the authenticator signs a challenge, the store verifies it.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::ceremony::{Ceremony, PasskeyStart, Purpose, Ticket, challenge};
use super::client::{Assertion, Expected, PasskeyAnswer};
use super::fault::PasskeyFault;
use super::registered::{MOST_DESCRIPTORS, PasskeyStatus, PasskeySummary, Row};
use super::relying_party::lasts;
use super::verification::{Examination, Seen};
use crate::audit::{Action, Entry, Reason};
use crate::credential::passcode::{Manner, Sought, letter_of};
use crate::credential::standing::{barred, counts, guessed, told};
use crate::error::Error;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{User, UserId, Who};
use crate::work::Work;

/// How an authentication ended. Both ends are to be committed: a refusal uses the session up and counts.
#[derive(Clone, Debug)]
pub enum PasskeyVerdict {
    /// The user has the passkey.
    Accepted {
        /// The user.
        user: User,
        /// The passkey.
        passkey: Box<PasskeySummary>,
        /// Whether the authenticator verified the person.
        user_verified: bool,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The authentication failed.
    Refused {
        /// Why. A stranger is not to be told.
        error: Error,
        /// The user with the lock that may have come of it, for a caller who may know. Nobody after a blind start.
        user: Option<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
}

impl Work {
    /// Starts an authentication of a user, or of whoever has a discoverable passkey. In the blind manner the
    /// options of a user who is unknown, cannot authenticate or has no passkeys look like anybody's.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`PasskeyFault::RelyingPartyMissing`],
    /// [`PasskeyFault::AuthenticationPolicyMissing`], [`PasskeyFault::ChallengeInvalid`], [`Error::Storage`]; and
    /// only in the open manner [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::UserLocked`],
    /// [`Error::UserNotActive`], [`Error::ModalityLocked`].
    pub async fn start_passkey_authentication(
        &mut self,
        store: &str,
        who: Option<&Who>,
        rp_id: &str,
        policy: Option<&str>,
        brought: Option<&str>,
        manner: Manner,
    ) -> Result<PasskeyStart, Error> {
        let store = self.read_store(store).await?;
        let config = store.passkey_config(rp_id)?;
        let policy = policy.map_or_else(|| config.only_authentication(), Ok)?;
        let rules = config.authentication(policy)?;
        let challenge = challenge(brought, rules.allow_external_challenge)?;
        let blind = manner == Manner::Blind;
        let (user_id, allowed) = match who {
            None => (None, Vec::new()),
            Some(who) => self.allowed(&store, rp_id, who, blind).await?,
        };
        let guessed = match (&user_id, who) {
            (Some(id), _) => id.to_string(),
            (None, who) => who.map_or(String::new(), |who| guessed(None, who)),
        };
        let purpose = Purpose::Authentication { user_id, named: who.is_some(), guessed, blind };
        let ceremony = Ceremony::new(&store, rp_id, policy, challenge, purpose, self.now())?;
        let public_key = json!({
            "challenge": ceremony.challenge,
            "timeout": lasts(&rules.timeout),
            "rpId": rp_id,
            "allowCredentials": allowed,
            "userVerification": rules.user_verification.as_str(),
        });
        self.keep_passkey_ceremony(&store, &ceremony, public_key).await
    }

    /// The user of a name, and the credentials that are shown for it.
    async fn allowed(
        &mut self,
        store: &IdentityStore,
        rp_id: &str,
        who: &Who,
        blind: bool,
    ) -> Result<(Option<UserId>, Vec<Value>), Error> {
        let user = self.find_user(store, who).await?;
        if let (false, Some(reason)) = (blind, barred(user.as_ref(), Modality::Passkey, self.now()))
        {
            told(reason, who, Modality::Passkey)?;
        }
        let id = user.as_ref().map(|user| user.id.clone());
        let asked = UserId::of(user.as_ref());
        if !blind {
            let mut passkeys = self.summarise_passkeys(&store.id, &asked).await?;
            passkeys
                .retain(|one| one.relying_party_id == rp_id && one.status == PasskeyStatus::Active);
            let shown = passkeys.iter().take(MOST_DESCRIPTORS);
            return Ok((id, shown.map(PasskeySummary::descriptor).collect()));
        }
        let newest = self.newest_passkeys(&store.id, &asked, rp_id).await?;
        // Either of a user's names is shown the same.
        let external_id = user.as_ref().and_then(|user| user.external_id.as_deref());
        let name = match (external_id, who) {
            (Some(name), _) => name,
            (None, Who::Id(id)) => id.as_str(),
            (None, Who::ExternalId(name)) => name,
        };
        let guessed = guessed(user.as_ref(), who);
        let mark = self.mark(&store.id, &guessed).await?;
        let sought =
            Sought { i: &letter_of(who), guessed: &guessed, mark: &mark, user: user.as_ref() };
        self.stand_in_for_named(store, sought, who).await?;
        self.read_stand_in_passkeys(store, newest.len()).await?;
        let secret = self.passkey_secret().await?;
        let shown = secret.disguise(&store.id, rp_id, name, newest, self.now());
        // What is not there has no transports, so nothing has.
        let descriptor = |id| json!({ "type": "public-key", "id": id });
        Ok((id, shown.into_iter().map(descriptor).collect()))
    }

    /// Completes an authentication. The session is used up by either verdict; after an error it is as it was, and also
    /// after a failure that the client reports, which is a refusal where a user was named. It counts towards no lock, but
    /// is throttled like a guess, so that a session takes no end of them.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], [`Error::ResponseInvalid`],
    /// [`PasskeyFault::RelyingPartyMissing`], [`PasskeyFault::AuthenticationPolicyMissing`], those of
    /// [`PasskeyFault`] on sessions and outcomes, [`Error::Storage`]; and only after an open start
    /// [`Error::Throttled`].
    pub async fn complete_passkey_authentication(
        &mut self,
        store: &str,
        session_id: Option<&str>,
        answer: PasskeyAnswer,
    ) -> Result<PasskeyVerdict, Error> {
        let PasskeyAnswer { credential, failure, session } = answer;
        let store = self.read_store(store).await?;
        let ticket = Ticket { session_id: session_id.map(str::to_owned), session };
        if let Some(failure) = failure {
            return self.note_client_failure(&store, &ticket, failure.outcome).await;
        }
        let ceremony = self.take_passkey_ceremony(&store, &ticket, false).await?;
        let credential = credential.ok_or(PasskeyFault::OutcomeAbsent)?;
        let assertion = Assertion::read(credential)?;
        let found = self.find_credential(&store.id, &ceremony.rp_id, &assertion.id).await?;
        self.stand_in_for_passkey(&store, found.is_none()).await?;
        // Its signature is verified once, at first and whatever else is wrong.
        let key = found.as_ref().map(|(_, row)| row.credential.cred.clone());
        let signed = key.as_ref().is_some_and(|key| assertion.is_signed_by(key));
        let examined = examine(&store, &ceremony, &assertion, signed, found.as_ref())?;
        let verdict = self.settle(&store, &ceremony, &assertion.id, found, examined).await?;
        if let PasskeyVerdict::Refused { .. } = verdict {
            assertion.verify_by_others(key.as_ref());
        }
        Ok(verdict)
    }

    /// Notes how an authentication ended, by the user who was named or else the owner of the passkey.
    async fn settle(
        &mut self,
        store: &IdentityStore,
        ceremony: &Ceremony,
        id: &[u8],
        found: Option<(UserId, Row)>,
        examined: Result<Seen, PasskeyFault>,
    ) -> Result<PasskeyVerdict, Error> {
        let Purpose::Authentication { user_id, named, guessed, blind } = &ceremony.purpose else {
            return Err(Error::SessionMissing);
        };
        let (owner, mut row) = found.unzip();
        let user_id = if *named { user_id.clone() } else { owner.clone() };
        let asked = user_id.clone().unwrap_or_else(UserId::nobody);
        let user = self.find_user(store, &Who::from(&asked)).await?;
        let letter = match named {
            true => letter_of(&Who::ExternalId(guessed.clone())),
            false => ceremony.id.clone(),
        };
        // One guess, whether there is such a user or not.
        let of_owner = owner.as_ref().map_or("", UserId::as_str);
        let aimed = if *named { guessed.clone() } else { of_owner.to_owned() };
        if *blind {
            // Whoever shows the same passkey twice means the same user, also where it is nobody's.
            let shown = format!("\n\n{}", BASE64URL_NOPAD.encode(id));
            let mark = self.mark(&store.id, if *named { guessed } else { &shown }).await?;
            let sought = Sought { i: &letter, guessed: &aimed, mark: &mark, user: user.as_ref() };
            self.stand_in_for_user(store, sought).await?;
        }
        let manner = if *blind { Manner::Blind } else { Manner::Open };
        let throttled = self.is_throttled(store, &aimed, manner)?.then_some(Reason::Throttled);
        let bar = throttled.or(barred(user.as_ref(), Modality::Passkey, self.now()));
        // Whoever was erased since the start stays erased.
        let present = user.as_ref().map(|user| user.id.clone());
        // Another's passkey is noted with nobody's name.
        let own = owner.filter(|owner| Some(owner) == present.as_ref()).and(row.as_ref());
        let passkey_info = own.map(|row| row.summary.audited());
        let entry = |action| {
            let entry = Entry::new(action, store).policy(&ceremony.policy_name);
            Entry { user_id: present.clone(), passkey_info: passkey_info.clone(), ..entry }
        };
        let (error, reason) = match (examined, bar, user.clone(), row.take()) {
            (Ok(seen), None, Some(mut user), Some(mut row)) => {
                seen.note(&mut row);
                row.summary.last_authenticated_with_dtm = Some(self.now());
                self.keep_passkey_use(&store.id, &user.id, &row)?;
                self.note_success(store, &mut user, Modality::Passkey).await?;
                let record = self.record(entry(Action::PasskeyAccepted))?;
                let (user, passkey) = (self.show(store, user).await?, Box::new(row.summary));
                let user_verified = seen.user_verified;
                return Ok(PasskeyVerdict::Accepted { user, passkey, user_verified, record });
            }
            // Who shows the passkey may know of the bar.
            (Ok(_), Some(reason), ..) => {
                let error = told(reason, &Who::Id(asked), Modality::Passkey).err();
                (error.unwrap_or(PasskeyFault::CredentialUnknown.into()), reason)
            }
            (Ok(_), None, ..) => (PasskeyFault::CredentialUnknown.into(), Reason::PasskeyMissing),
            (Err(fault), bar, owner, row) => {
                if let (PasskeyFault::Cloned, None, Some(owner), Some(mut row)) =
                    (&fault, bar, owner, row)
                {
                    row.summary.status = PasskeyStatus::Cloned;
                    row.summary.last_updated_dtm = self.now();
                    self.keep_passkey(&store.id, &owner.id, &row)?;
                }
                (fault.clone().into(), bar.unwrap_or(reason(&fault)))
            }
        };
        let refused = Entry { reason: Some(reason), ..entry(Action::PasskeyRefused) };
        let record = self.record(refused)?;
        if reason != Reason::Throttled {
            self.note_failed_guess(&store.id, &aimed);
        }
        // What a bar prevents counts for nothing, and takes as long.
        if *blind && !counts(reason) {
            self.write_failure_of_nobody(store, &letter, user.is_none())?;
        }
        let Some(mut user) = user else {
            return Ok(PasskeyVerdict::Refused { error, user: None, record });
        };
        if counts(reason) {
            let letter = blind.then_some(letter.as_str());
            self.note_failure(store, &mut user, Modality::Passkey, letter)?;
        }
        let user = if *blind { None } else { Some(self.show(store, user).await?) };
        Ok(PasskeyVerdict::Refused { error, user, record })
    }
}

impl Seen {
    fn note(&self, row: &mut Row) {
        row.credential.counter = self.counter;
        row.credential.backup_state = self.backup_state;
        row.summary.sign_count = self.counter;
        row.summary.backup_state = self.backup_state;
    }
}

/// Examines the use of a passkey: what was signed for, whose it is, and the signature.
fn examine(
    store: &IdentityStore,
    ceremony: &Ceremony,
    assertion: &Assertion,
    signed: bool,
    found: Option<&(UserId, Row)>,
) -> Result<Result<Seen, PasskeyFault>, Error> {
    let config = store.passkey_config(&ceremony.rp_id)?;
    let rules = config.authentication(&ceremony.policy_name)?;
    let expected = Expected {
        type_: "webauthn.get",
        challenge: &ceremony.challenge,
        rp_id: &ceremony.rp_id,
        config,
    };
    let examine = || {
        let origin = expected.check(&assertion.client_data)?;
        let (owner, row) = found.ok_or(PasskeyFault::CredentialUnknown)?;
        check_owner(ceremony, assertion, owner, row)?;
        let examination = Examination {
            rp_id: &ceremony.rp_id,
            origin,
            challenge: &ceremony.challenge,
            user_verification: rules.user_verification,
        };
        examination.assertion(assertion, signed, &row.credential)
    };
    Ok(examine())
}

/// Identifies the user (section 7.2, step 6) and sees whether the passkey may be used.
fn check_owner(
    ceremony: &Ceremony,
    assertion: &Assertion,
    owner: &UserId,
    row: &Row,
) -> Result<(), PasskeyFault> {
    let handle = assertion.user_handle.as_deref().map(|handle| BASE64URL_NOPAD.encode(handle));
    if let Purpose::Authentication { user_id, named, .. } = &ceremony.purpose {
        if *named && user_id.as_ref() != Some(owner) {
            return Err(PasskeyFault::CredentialOfAnother);
        }
        if !*named && handle.is_none() {
            return Err(PasskeyFault::UserHandleAbsent);
        }
    }
    if handle.is_some_and(|handle| handle != row.summary.user_handle) {
        return Err(PasskeyFault::UserHandleDiffers);
    }
    match row.summary.status {
        PasskeyStatus::Active => Ok(()),
        PasskeyStatus::Disabled | PasskeyStatus::Cloned => Err(PasskeyFault::NotActive),
    }
}

fn reason(fault: &PasskeyFault) -> Reason {
    match fault {
        PasskeyFault::CredentialUnknown => Reason::PasskeyMissing,
        PasskeyFault::NotActive => Reason::PasskeyNotActive,
        PasskeyFault::Cloned => Reason::PasskeyCloned,
        _ => Reason::WrongPasskey,
    }
}
