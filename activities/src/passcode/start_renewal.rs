//! Start Passcode Renewal: the ceremony begins, and nobody learns whether there is such a user.

use identity::{Error as StoreError, Manner, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::passcode_renewal1;
use crate::user::{CATEGORY, named, user1};
use crate::variables::KeptCeremony;
use crate::{Activity, Context, Failure};

/// Begins the renewal of a passcode: whoever knows the present one, expired or not, puts another in its place.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. An
/// unknown, locked or disabled user, one without a passcode and nobody at all are treated like everybody else up to the
/// final answer, so that nothing can be learned here. The user is kept under the key when they have proven who they are.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartPasscodeRenewal {
    /// Key of this renewal; the form and the completion name the same one.
    #[serde(default = "passcode_renewal1")]
    #[schemars(title = "Passcode Renewal Key", extend("x-required" = true))]
    passcode_renewal_key: String,
    /// Name of the passcode policy of the identity store.
    #[schemars(title = "Passcode Policy")]
    passcode_policy: String,
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user whose passcode is renewed.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user whose passcode is renewed; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key", extend("x-required" = true))]
    user_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no passcode policy of this name.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
}

impl Activity for StartPasscodeRenewal {
    const NAME: &'static str = "startPasscodeRenewal";
    const LABEL: &'static str = "Start Passcode Renewal";
    const CATEGORY: &'static str = CATEGORY;
    const HEAVY: bool = true;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let username = context.typed_name(self.user_external_id.as_ref());
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.unwrap_or_else(|| Who::ExternalId(String::new()));
        let (store, policy) = (&self.store_name, &self.passcode_policy);
        let started = context.work.start_passcode_renewal(store, &who, policy, Manner::Blind).await;
        let renewal = match started {
            Ok(renewal) => renewal,
            Err(StoreError::PolicyMissing(_)) => {
                return Err(Failure::Event(Error::PolicyNotFound));
            }
            Err(error) => return Err(error.into()),
        };
        let ceremony = KeptCeremony {
            store_name: self.store_name,
            policy_name: self.passcode_policy,
            user_key: self.user_key,
            session_id: renewal.session_id,
            algorithm_info: renewal.algorithm_info,
            requirements: Some(renewal.requirements),
            current_algorithm_info: Some(renewal.current_algorithm_info),
            passcode_history: renewal.passcode_history,
            username,
        };
        context.keep_ceremony(&self.passcode_renewal_key, &ceremony)?;
        Ok(())
    }
}
