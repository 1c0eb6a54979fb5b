//! Deregister Passkey: one passkey of a user is taken away, or all for a relying party.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Removes a passkey of a user, or all that they have for the relying party when no Passkey ID is given.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key. The devices keep their halves, which open nothing any more.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeregisterPasskey {
    /// Identifier of the passkey. Without one all passkeys for the relying party are removed.
    #[schemars(title = "Passkey ID")]
    passkey_id: Option<String>,
    /// Identifier of the relying party: a domain.
    #[schemars(title = "Relying Party ID")]
    relying_party_id: String,
    /// Identity store that holds the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user whose passkey is removed.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user whose passkey is removed; it counts before the external one.
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
    /// The user has no such passkey, or none for the relying party.
    #[schemars(title = "Passkey Not Found")]
    PasskeyNotFound,
}

impl Activity for DeregisterPasskey {
    const NAME: &'static str = "deregisterPasskey";
    const LABEL: &'static str = "Deregister Passkey";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let store = &self.store_name;
        let wanted = self.passkey_id.filter(|id| !id.is_empty());
        let mut passkeys = context.work.list_passkeys(store, &who).await.map_err(foreseen)?;
        passkeys.retain(|passkey| {
            passkey.relying_party_id == self.relying_party_id
                && wanted.as_ref().is_none_or(|id| *id == passkey.id)
        });
        if passkeys.is_empty() {
            return Err(Failure::Event(Error::PasskeyNotFound));
        }
        for passkey in passkeys {
            context.work.remove_passkey(store, &who, &passkey.id).await?;
        }
        let user = context.work.read_user(store, &who).await?;
        Ok(context.keep_user(store, &self.user_key, &user)?)
    }
}

fn foreseen(error: StoreError) -> Failure<Error> {
    match error {
        StoreError::UserMissing(_)
        | StoreError::ExternalUserMissing(_)
        | StoreError::UserNotNamed => Failure::Event(Error::UserNotFound),
        error => error.into(),
    }
}
