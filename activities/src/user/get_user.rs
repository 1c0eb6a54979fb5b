//! Get User: somebody who is in an identity store already.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CATEGORY, named, user1};
use crate::variables::IDENTITY_STORE;
use crate::{Activity, Context, Failure};

/// Gets a user of an identity store and keeps them under the user key, so that later activities find them.
///
/// A given User ID or User External ID decides who is meant; without either, the user who is kept under the key is read
/// anew. When nobody is found, nobody is kept under the key any more.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GetUser {
    /// Identity store that holds the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which later activities find this user: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Got {
    /// Identifier of the user.
    user_id: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
}

impl Activity for GetUser {
    const NAME: &'static str = "getUser";
    const LABEL: &'static str = "Get User";
    const CATEGORY: &'static str = CATEGORY;
    type Output = Got;
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<Got, Failure<Error>> {
        let who = named(self.user_id, self.user_external_id)
            .or_else(|| context.kept_user(&self.store_name, &self.user_key));
        let found = match who {
            None => Err(StoreError::UserNotNamed),
            Some(who) => context.work.read_user(&self.store_name, &who).await,
        };
        match found {
            Ok(user) => {
                context.keep_user(&self.store_name, &self.user_key, &user)?;
                Ok(Got { user_id: user.id.to_string() })
            }
            Err(
                StoreError::UserMissing(_)
                | StoreError::ExternalUserMissing(_)
                | StoreError::UserNotNamed,
            ) => {
                // Whoever was kept before would otherwise be taken for the one who was asked for.
                context.write(&[IDENTITY_STORE, &self.user_key], Value::Null);
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
