//! Locks put on and taken off by hand: on users, and on forms of authentication of users.

use identity::{Modality, User, Who};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::users::Person;
use crate::ask::{Ask, Part};
use crate::problem::Problem;
use crate::reply::Ok200;

pub(crate) const ABOUT_UNLOCK: &str =
    "The count of failed authentications begins anew. What is not locked stays as it is.";

/// A path that names a user and a form of authentication.
pub(crate) trait Bearer: Part {
    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;

    /// The form of authentication.
    fn modality(&self) -> Modality;
}

/// A user's form of authentication, by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ModalityById")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Form of authentication.
    modality: Modality,
}

/// A user's form of authentication, by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ModalityByExternalId")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_id: String,
    /// Form of authentication.
    modality: Modality,
}

pub(crate) async fn lock<P: Person>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.lock_user(ask.path.store(), &ask.path.who()).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

pub(crate) async fn unlock<P: Person>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.unlock_user(ask.path.store(), &ask.path.who()).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

pub(crate) async fn lock_modality<P: Bearer>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let user = work.lock_user_modality(path.store(), &path.who(), path.modality()).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

pub(crate) async fn unlock_modality<P: Bearer>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let user = work.unlock_user_modality(path.store(), &path.who(), path.modality()).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

impl Bearer for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn modality(&self) -> Modality {
        self.modality
    }
}

impl Bearer for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.ext_id.clone())
    }

    fn modality(&self) -> Modality {
        self.modality
    }
}
