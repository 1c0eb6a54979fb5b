//! Start Passcode Registration: the ceremony begins, nothing is registered yet.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::passcode_reg1;
use crate::user::{CATEGORY, named, user1};
use crate::variables::KeptCeremony;
use crate::{Activity, Context, Failure};

/// Begins the registration of a passcode for a user.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartPasscodeRegistration {
    /// Key of this registration; the form and the completion name the same one.
    #[serde(default = "passcode_reg1")]
    #[schemars(title = "Passcode Registration Key", extend("x-required" = true))]
    passcode_registration_key: String,
    /// Name of the passcode policy of the identity store.
    #[schemars(title = "Passcode Key")]
    passcode_key: String,
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user who registers a passcode.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who registers a passcode; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key", extend("x-required" = true))]
    user_key: String,
    /// Whether it takes the place of the passcode that the user may have; that one stays until this is completed.
    #[serde(default)]
    #[schemars(title = "Replaces Passcode")]
    replaces_passcode: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
    /// The store has no passcode policy of this name.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
    /// The user has a passcode under this policy already.
    #[schemars(title = "Passcode Already Registered")]
    PasscodeAlreadyRegistered,
    /// The user is locked or disabled.
    #[schemars(title = "User Not Active")]
    UserNotActive,
}

impl Activity for StartPasscodeRegistration {
    const NAME: &'static str = "startPasscodeRegistration";
    const LABEL: &'static str = "Start Passcode Registration";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let username = context.typed_name(self.user_external_id.as_ref());
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let (store, policy) = (&self.store_name, &self.passcode_key);
        let started = match self.replaces_passcode {
            true => context.work.start_passcode_replacement(store, &who, policy).await,
            false => context.work.start_passcode_registration(store, &who, policy).await,
        };
        let registration = started.map_err(foreseen)?;
        context.keep_user(&self.store_name, &self.user_key, &registration.user)?;
        let ceremony = KeptCeremony {
            store_name: self.store_name,
            policy_name: self.passcode_key,
            user_key: self.user_key,
            session_id: registration.session_id,
            algorithm_info: registration.algorithm_info,
            requirements: Some(registration.requirements),
            current_algorithm_info: None,
            passcode_history: registration.passcode_history,
            username,
        };
        context.keep_ceremony(&self.passcode_registration_key, &ceremony)?;
        Ok(())
    }
}

fn foreseen(error: StoreError) -> Failure<Error> {
    match error {
        StoreError::UserMissing(_)
        | StoreError::ExternalUserMissing(_)
        | StoreError::UserNotNamed => Failure::Event(Error::UserNotFound),
        StoreError::PolicyMissing(_) => Failure::Event(Error::PolicyNotFound),
        StoreError::PasscodeExists(_) => Failure::Event(Error::PasscodeAlreadyRegistered),
        StoreError::UserNotActive(_) | StoreError::UserLocked | StoreError::UserDisabled => {
            Failure::Event(Error::UserNotActive)
        }
        error => error.into(),
    }
}
