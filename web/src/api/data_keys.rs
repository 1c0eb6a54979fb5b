//! The keys that seal rows: a new one for every tenant, and how far the rows are sealed with it.

use runtime::Rotation;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::Ok200;

/// How far the rows are sealed with the newest keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyRotation {
    /// How it stands.
    status: KeyRotationStatus,
    /// How many rows were looked at so far.
    rows_looked_at: u64,
    /// How many rows were sealed again so far.
    rows_sealed_again: u64,
}

/// How a rotation stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum KeyRotationStatus {
    /// There never was one.
    None,
    /// Rows are being sealed again.
    Running,
    /// Every row is sealed with the newest keys; the former ones are gone.
    Done,
}

impl From<Option<Rotation>> for KeyRotation {
    fn from(rotation: Option<Rotation>) -> KeyRotation {
        let status = match &rotation {
            None => KeyRotationStatus::None,
            Some(rotation) if rotation.done => KeyRotationStatus::Done,
            Some(_) => KeyRotationStatus::Running,
        };
        let rotation = rotation.unwrap_or_default();
        KeyRotation {
            status,
            rows_looked_at: rotation.looked_at,
            rows_sealed_again: rotation.sealed_again,
        }
    }
}

pub(crate) const ABOUT_ROTATE: &str = "\
Every tenant gets a new key. What is written from then on is sealed with it, and what was sealed before is sealed again \
in the background. A rotation that is under way goes on.";

/// Begins a rotation, unless one is under way.
pub(crate) async fn rotate(ask: Ask) -> Result<Ok200<KeyRotation>, Problem> {
    let runtime = ask.caller.runtime();
    runtime.begin_key_rotation().await?;
    Ok(Ok200(runtime.key_rotation()?.into()))
}

/// How far the last rotation is.
pub(crate) async fn read(ask: Ask) -> Result<Ok200<KeyRotation>, Problem> {
    Ok(Ok200(ask.caller.runtime().key_rotation()?.into()))
}
