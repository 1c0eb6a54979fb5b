//! The paths that name a credential of a user by its identifier.

use identity::Who;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::Part;

/// A path that names a user and one of the user's credentials.
pub(crate) trait Credential: Part {
    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;

    /// The identifier of the credential.
    fn id(&self) -> &str;
}

/// A credential of a user, by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CredentialById")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Identifier of the credential.
    id: String,
}

/// A credential of a user, by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CredentialByExternalId")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    user_ext_id: String,
    /// Identifier of the credential.
    id: String,
}

impl Credential for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Credential for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.user_ext_id.clone())
    }

    fn id(&self) -> &str {
        &self.id
    }
}
