//! Generate Recovery Codes: new codes in place of all earlier ones.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use super::recovery_codes1;
use crate::user::{CATEGORY, named, user1};
use crate::variables::IDENTITY_STORE;
use crate::{Activity, Context, Failure};

/// Makes recovery codes for a user, in place of all that the user had under the policy, and keeps them under the recovery
/// codes key: `codes` as a list, `text` as one text with a code on each line.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
/// This is the only time that the codes are known: show them in a form, for example with
/// `{{processvar._identityStore.recoveryCodes1.text}}` as the content of a list of codes, then Confirm Recovery Codes.
/// They are sealed: the end user of this journey alone is shown them, and the process variables hold references that
/// nobody else can open.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GenerateRecoveryCodes {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the recovery code policy of the identity store.
    #[schemars(title = "Recovery Code Policy")]
    recovery_code_policy: String,
    /// Key under which the codes are kept for the form that shows them: `_identityStore.{recoveryCodesKey}`.
    #[serde(default = "recovery_codes1")]
    #[schemars(title = "Recovery Codes Key")]
    recovery_codes_key: String,
    /// External identifier of the user who gets the codes.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who gets the codes; it counts before the external one.
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
    /// The user is locked or disabled.
    #[schemars(title = "User Not Active")]
    UserNotActive,
    /// The store has no such policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
}

impl Activity for GenerateRecoveryCodes {
    const NAME: &'static str = "generateRecoveryCodes";
    const LABEL: &'static str = "Generate Recovery Codes";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let (store, policy) = (&self.store_name, &self.recovery_code_policy);
        match context.work.generate_recovery_codes(store, &who, policy).await {
            Ok(made) => {
                context.keep_user(store, &self.user_key, &made.user)?;
                let at = [IDENTITY_STORE, &self.recovery_codes_key];
                context.erase_texts_at(&at).await?;
                let text = Zeroizing::new(made.codes.join("\n"));
                let codes = made.codes.iter().map(String::as_str);
                let all: Vec<&str> = std::iter::once(text.as_str()).chain(codes).collect();
                let sealed = context.seal(&all).await?;
                let (text, codes) = (&sealed[0], &sealed[1..]);
                let kept = json!({ "policyName": policy, "codes": codes, "text": text });
                context.write(&at, kept);
                Ok(())
            }
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(StoreError::UserNotActive(_)) => Err(Failure::Event(Error::UserNotActive)),
            Err(StoreError::RecoveryCodePolicyMissing(_)) => {
                Err(Failure::Event(Error::PolicyNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
