//! Start Passkey Registration: the ceremony begins, nothing is registered yet.

use identity::{Error as StoreError, NewPasskey, PasskeyFault, PasskeyOwner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ceremony::{KeptPasskeyCeremony, lacks_policy};
use super::passkey_reg1;
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Begins the registration of a passkey for a user.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. What
/// the browser's `navigator.credentials.create` is to be asked is kept at
/// `_identityStore.{passkeyRegistrationKey}.publicKey`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartPasskeyRegistration {
    /// Challenge of your own, base64url, if the policy allows it.
    #[schemars(title = "Challenge")]
    challenge: Option<String>,
    /// Whether a user of this external ID is added when the registration is completed.
    #[serde(default)]
    #[schemars(title = "Create User")]
    create_user: bool,
    /// Key of this registration; the completion names the same one.
    #[serde(default = "passkey_reg1")]
    #[schemars(title = "Passkey Registration Key", extend("x-required" = true))]
    passkey_registration_key: String,
    /// How the authenticator calls the user.
    #[schemars(title = "Passkey User Display Name")]
    passkey_user_display_name: String,
    /// User handle, base64url of at most 64 bytes. Without one the user keeps the one they have, or gets a random one.
    #[schemars(title = "Passkey User Handle")]
    passkey_user_handle: Option<String>,
    /// Name of the account that the authenticator shows.
    #[schemars(title = "Passkey User Name")]
    passkey_user_name: String,
    /// Name of the registration policy of the relying party.
    #[schemars(title = "Registration Policy")]
    registration_policy: String,
    /// Identifier of the relying party: a domain.
    #[schemars(title = "Relying Party ID")]
    relying_party_id: String,
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user who registers a passkey; it is needed to create one.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who registers a passkey; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
    /// The store has no such relying party, or that has no such registration policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
    /// A user was to be created, and there is one of this external ID.
    #[schemars(title = "ExtId Not Unique")]
    ExtIdNotUnique,
    /// The user is locked or disabled.
    #[schemars(title = "User Not Active")]
    UserNotActive,
    /// The user has as many passkeys as the relying party allows.
    #[schemars(title = "Too Many Passkeys")]
    TooManyPasskeys,
    /// The user handle belongs to another user, or the user has another one with this relying party.
    #[schemars(title = "User Handle Not Unique")]
    UserHandleNotUnique,
    /// The user handle is not base64url of 1 to 64 bytes.
    #[schemars(title = "User Handle Not Usable")]
    UserHandleNotUsable,
    /// The user name or the display name is too long for an authenticator, or has control characters.
    #[schemars(title = "User Name Not Usable")]
    UserNameNotUsable,
    /// The challenge is not base64url of 16 to 1024 bytes, or the policy allows none of your own.
    #[schemars(title = "Challenge Not Usable", extend("x-of-configuration" = true))]
    ChallengeNotUsable,
}

impl Activity for StartPasskeyRegistration {
    const NAME: &'static str = "startPasskeyRegistration";
    const LABEL: &'static str = "Start Passkey Registration";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let owner = if self.create_user {
            let external_id = self.user_external_id.filter(|id| !id.is_empty());
            PasskeyOwner::NewUser(external_id.ok_or(Failure::Event(Error::UserNotFound))?)
        } else {
            let who = context.kept_user(&self.store_name, &self.user_key);
            let who = who.or_else(|| named(self.user_id, self.user_external_id));
            PasskeyOwner::User(who.ok_or(Failure::Event(Error::UserNotFound))?)
        };
        let new = NewPasskey {
            user_name: Some(self.passkey_user_name),
            user_display_name: Some(self.passkey_user_display_name),
            user_handle: self.passkey_user_handle,
            challenge: self.challenge,
        };
        let (store, rp_id, policy) =
            (&self.store_name, &self.relying_party_id, &self.registration_policy);
        let start = context.work.start_passkey_registration(store, &owner, rp_id, policy, new);
        let start = start.await.map_err(foreseen)?;
        let ceremony = KeptPasskeyCeremony::of(start, self.store_name, self.user_key);
        Ok(ceremony.keep(context, &self.passkey_registration_key)?)
    }
}

fn foreseen(error: StoreError) -> Failure<Error> {
    match error {
        StoreError::UserMissing(_)
        | StoreError::ExternalUserMissing(_)
        | StoreError::UserNotNamed => Failure::Event(Error::UserNotFound),
        StoreError::ExternalIdTaken(_) => Failure::Event(Error::ExtIdNotUnique),
        StoreError::Passkey(PasskeyFault::UserState(_)) => Failure::Event(Error::UserNotActive),
        StoreError::Passkey(PasskeyFault::TooMany(_)) => Failure::Event(Error::TooManyPasskeys),
        StoreError::Passkey(PasskeyFault::UserHandleTaken) => {
            Failure::Event(Error::UserHandleNotUnique)
        }
        StoreError::Passkey(PasskeyFault::MemberInvalid("userHandle", _)) => {
            Failure::Event(Error::UserHandleNotUsable)
        }
        StoreError::Passkey(PasskeyFault::MemberInvalid(..)) => {
            Failure::Event(Error::UserNameNotUsable)
        }
        StoreError::Passkey(PasskeyFault::ChallengeInvalid(_)) => {
            Failure::Event(Error::ChallengeNotUsable)
        }
        error if lacks_policy(&error) => Failure::Event(Error::PolicyNotFound),
        error => error.into(),
    }
}
