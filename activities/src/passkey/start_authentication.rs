//! Start Passkey Authentication: the ceremony begins, and nobody learns whether there is such a user.

use identity::{Error as StoreError, Manner, PasskeyFault};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ceremony::{KeptPasskeyCeremony, lacks_policy};
use super::passkey_auth1;
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Begins an authentication by passkey.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. An
/// unknown or locked user and one without passkeys are treated like everybody else up to the final answer. When nobody
/// is named at all, the end user chooses one of the passkeys on their device, which says who they are. What the
/// browser's `navigator.credentials.get` is to be asked is kept at `_identityStore.{passkeyAuthenticationKey}.publicKey`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartPasskeyAuthentication {
    /// Name of the authentication policy of the relying party; without it, the only one that it has.
    #[schemars(title = "Authentication Policy")]
    authentication_policy: Option<String>,
    /// Challenge of your own, base64url, if the policy allows it.
    #[schemars(title = "Challenge")]
    challenge: Option<String>,
    /// Key of this authentication; the completion names the same one.
    #[serde(default = "passkey_auth1")]
    #[schemars(title = "Passkey Authentication Key", extend("x-required" = true))]
    passkey_authentication_key: String,
    /// Identifier of the relying party: a domain.
    #[schemars(title = "Relying Party ID")]
    relying_party_id: String,
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user who is to be authenticated.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who is to be authenticated; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such relying party, or that has no such authentication policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
    /// The challenge is not base64url of 16 to 1024 bytes, or the policy allows none of your own.
    #[schemars(title = "Challenge Not Usable", extend("x-of-configuration" = true))]
    ChallengeNotUsable,
}

impl Activity for StartPasskeyAuthentication {
    const NAME: &'static str = "startPasskeyAuthentication";
    const LABEL: &'static str = "Start Passkey Authentication";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let given = |text: &String| !text.is_empty();
        let who =
            who.or_else(|| named(self.user_id.filter(given), self.user_external_id.filter(given)));
        let (store, rp_id, policy) =
            (&self.store_name, &self.relying_party_id, self.authentication_policy.as_deref());
        let challenge = self.challenge.as_deref();
        let start = context.work.start_passkey_authentication(
            store,
            who.as_ref(),
            rp_id,
            policy,
            challenge,
            Manner::Blind,
        );
        let start = match start.await {
            Ok(start) => start,
            Err(error) if lacks_policy(&error) => {
                return Err(Failure::Event(Error::PolicyNotFound));
            }
            Err(StoreError::Passkey(PasskeyFault::ChallengeInvalid(_))) => {
                return Err(Failure::Event(Error::ChallengeNotUsable));
            }
            Err(error) => return Err(error.into()),
        };
        let ceremony = KeptPasskeyCeremony::of(start, self.store_name, self.user_key);
        Ok(ceremony.keep(context, &self.passkey_authentication_key)?)
    }
}
