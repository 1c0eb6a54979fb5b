//! Relying parties: for whom an identity store keeps passkeys, and how they are made and used.

use identity::{NewPasskeyConfig, PasskeyConfig};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::stores::StorePath;
use crate::ask::{Ask, leave_name};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_UPDATE: &str =
    "Only the members that are given change; `null` takes one back to its default (RFC 7396).";

/// A relying party.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelyingParty {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the relying party.
    rp_id: String,
}

/// How passkeys for a relying party are made and used, with its identifier.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasskeyConfigOfRelyingParty")]
pub(crate) struct Config {
    /// Identifier of the relying party.
    relying_party_id: String,
    /// How its passkeys are made and used.
    #[serde(flatten)]
    config: PasskeyConfig,
}

/// A part of how passkeys are made and used.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "PasskeyConfigChange")]
pub(crate) struct Change(#[schemars(with = "PasskeyConfig")] Map<String, Value>);

pub(crate) async fn add(
    ask: Ask<StorePath, (), NewPasskeyConfig>,
) -> Result<Created<Config>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let relying_party_id = ask.body.relying_party_id.clone();
    let config = work.add_passkey_config(ask.path.name(), ask.body).await?;
    work.commit().await?;
    Ok(Created(Config { relying_party_id, config }))
}

pub(crate) async fn read(ask: Ask<RelyingParty>) -> Result<Ok200<Config>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let config = work.read_passkey_config(&path.store_name, &path.rp_id).await?;
    Ok(Ok200(Config { relying_party_id: path.rp_id, config }))
}

pub(crate) async fn update(ask: Ask<RelyingParty, (), Change>) -> Result<Ok200<Config>, Problem> {
    let (mut work, path, Change(mut change)) = (ask.caller.tenant().identity(), ask.path, ask.body);
    leave_name(&mut change, "relyingPartyId", &path.rp_id)?;
    let config = work.update_passkey_config(&path.store_name, &path.rp_id, change).await?;
    work.commit().await?;
    Ok(Ok200(Config { relying_party_id: path.rp_id, config }))
}

pub(crate) async fn remove(ask: Ask<RelyingParty>) -> Result<Done, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    work.remove_passkey_config(&path.store_name, &path.rp_id).await?;
    work.commit().await?;
    Ok(Done)
}
