//! Registering an authenticator app: the store draws a secret, the app proves with its first code to have it.

use schemars::JsonSchema;
use serde::Serialize;
use zeroize::Zeroizing;

use super::policy::is_label;
use super::provisioning::{address, text_of};
use super::registered::{Row, Secret, TOTPS};
use super::{TotpStatus, TotpSummary};
use crate::audit::Action;
use crate::error::{Error, Flaw};
use crate::random::{identifier, random};
use crate::store::IdentityStore;
use crate::user::{self, User, UserStatus, Who};
use crate::work::Work;

/// What an authenticator app needs to make codes. Whoever sees it can make them as well.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpRegistration {
    /// The TOTP that is registered.
    pub totp: TotpSummary,
    /// The secret in base32, for apps that cannot scan.
    pub secret: String,
    /// How many digits a code has.
    pub digits: u32,
    /// How many seconds a code is shown.
    pub period: u32,
    /// The content of the QR code: an `otpauth` address.
    pub qr_code_string: String,
    /// Whose TOTP it is; no part of the answer on the wire.
    #[serde(skip)]
    #[schemars(skip)]
    pub user: User,
}

impl std::fmt::Debug for TotpRegistration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TotpRegistration").field("totp", &self.totp).finish_non_exhaustive()
    }
}

impl Work {
    /// Starts to register an authenticator app for a user, in place of one whose first code never came. The app
    /// shows the name given, or else the user's external identifier, or else the identifier.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::UserMissing`],
    /// [`Error::ExternalUserMissing`], [`Error::UserNotActive`], [`Error::TotpExists`] when there is an active or
    /// disabled one, [`Error::TotpInvalid`] for a name that no app can show, [`Error::Storage`].
    pub async fn start_totp_registration(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        username: Option<&str>,
    ) -> Result<TotpRegistration, Error> {
        let store = self.read_store(store).await?;
        let rules = store.totp_policy(policy)?.clone();
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        expect_active(&user, self)?;
        let found = TOTPS.find(self, &store.id, &user.id, policy).await?;
        if found.is_some_and(|row| row.status != TotpStatus::Pending) {
            return Err(Error::TotpExists(policy.to_owned()));
        }
        let row = Row::new(identifier()?, policy, &rules, &name(&user, username)?, self.now());
        let secret = Zeroizing::new(random::<64>()?);
        let secret = Zeroizing::new(secret[..rules.algorithm.secret_length()].to_vec());
        let secret = Secret(secret);
        TOTPS.keep(self, &store.id, &user.id, &row, Some(&secret)).await?;
        self.audit_totp(Action::TotpRegistered, &store, &user.id, &row)?;
        // Writing the user makes a removal of the user at the same time see this TOTP.
        let user = self.keep_user(&store, user)?;
        self.tell(&store, user, row, &secret).await
    }

    /// Tells again what the app needs, as long as its first code is awaited; of an app in use only where the policy
    /// has `secretReadable`.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::UserMissing`],
    /// [`Error::ExternalUserMissing`], [`Error::TotpMissing`], [`Error::TotpExpired`] when no code came in time,
    /// [`Error::TotpExists`] when the app is in use and its secret is not told again, [`Error::Storage`].
    pub async fn read_totp_registration(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<TotpRegistration, Error> {
        let store = self.read_store(store).await?;
        let readable = store.totp_policy(policy)?.secret_readable;
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        let (row, secret) = self.find_whole_totp(&store, &user, policy).await?;
        match row.status {
            TotpStatus::Pending if row.is_over(self.now()) => {
                Err(Error::TotpExpired(policy.to_owned()))
            }
            TotpStatus::Active | TotpStatus::Disabled if !readable => {
                Err(Error::TotpExists(policy.to_owned()))
            }
            _ => self.tell(&store, user, row, &secret).await,
        }
    }

    /// Completes a registration with the app's first code. The code cannot be used again to authenticate. A wrong code
    /// changes and counts nothing: whoever registers sees the secret anyway.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::UserMissing`],
    /// [`Error::ExternalUserMissing`], [`Error::UserNotActive`], [`Error::TotpMissing`], [`Error::TotpExists`] when
    /// it was completed before, [`Error::TotpExpired`], [`Error::TotpCodeWrong`], [`Error::Storage`].
    pub async fn complete_totp_registration(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        code: &str,
    ) -> Result<User, Error> {
        let store = self.read_store(store).await?;
        let skew = store.totp_policy(policy)?.skew;
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        expect_active(&user, self)?;
        let (mut row, Secret(secret)) = self.find_whole_totp(&store, &user, policy).await?;
        if row.status != TotpStatus::Pending {
            return Err(Error::TotpExists(policy.to_owned()));
        }
        if row.is_over(self.now()) {
            return Err(Error::TotpExpired(policy.to_owned()));
        }
        let step = row.generator().step_of(&secret, code, self.now(), skew);
        row.last_step = Some(step.ok_or(Error::TotpCodeWrong)?);
        row.status = TotpStatus::Active;
        row.activated_dtm = Some(self.now());
        row.last_updated_dtm = self.now();
        row.expiration_dtm = None;
        TOTPS.keep(self, &store.id, &user.id, &row, None).await?;
        self.audit_totp(Action::TotpActivated, &store, &user.id, &row)?;
        let user = self.keep_user(&store, user)?;
        self.show(&store, user).await
    }

    async fn find_whole_totp(
        &mut self,
        store: &IdentityStore,
        user: &user::Row,
        policy: &str,
    ) -> Result<(Row, Secret), Error> {
        let found = TOTPS.find_whole(self, &store.id, &user.id, policy).await?;
        found.ok_or_else(|| Error::TotpMissing(policy.to_owned()))
    }

    async fn tell(
        &mut self,
        store: &IdentityStore,
        user: user::Row,
        row: Row,
        Secret(secret): &Secret,
    ) -> Result<TotpRegistration, Error> {
        Ok(TotpRegistration {
            secret: text_of(secret).to_string(),
            digits: row.digits,
            period: row.period,
            qr_code_string: address(&row, secret),
            totp: row.shown(),
            user: self.show(store, user).await?,
        })
    }
}

fn expect_active(user: &user::Row, work: &Work) -> Result<(), Error> {
    match user.status(work.now()) {
        UserStatus::Active | UserStatus::PendingActive => Ok(()),
        status => Err(Error::UserNotActive(status)),
    }
}

/// What the app shows beside the codes.
pub(super) fn name(user: &user::Row, given: Option<&str>) -> Result<String, Error> {
    match given.filter(|name| !name.is_empty()) {
        Some(name) if is_label(name) => Ok(name.to_owned()),
        Some(_) => {
            let message = "it has at most 255 bytes, no colon and no control characters";
            Err(Error::TotpInvalid(vec![Flaw::new("username", message)]))
        }
        None => {
            let own = user.external_id.as_deref().filter(|id| is_label(id));
            Ok(own.unwrap_or(user.id.as_str()).to_owned())
        }
    }
}
