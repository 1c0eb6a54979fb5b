//! The audit of the identity stores: its export, its latest checkpoint, and the records of authentications.

use axum::body::{Body, Bytes};
use futures::stream;
use identity::Who;
use identity::audit::{AuthenticationRecord, SignedCheckpoint};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::{Ask, Part};
use crate::problem::Problem;
use crate::reply::{Lines, Ok200};

pub(crate) const ABOUT_EXPORT: &str = "A JSON object on each line: first the log with its public key, then every \
    record in order with its leaf hash, its body as long as it is kept, and its personal part as long as the user is \
    not erased; signed checkpoints stand between. `gatewright audit verify` checks the file offline. \
    Nothing that is signed tells a body whose time was over from one that was taken out, or a personal part whose user \
    was erased: the command counts what is not there, and finds bodies that must be with `--kept-for`, and no parts.";
pub(crate) const ABOUT_CHECKPOINT: &str = "Whoever keeps it elsewhere can prove later that nothing before it was \
    changed or cut off: `gatewright audit verify --checkpoint`.";

/// Entries that wait at most for the log when an export begins; more are moved by the background.
const WAITING: usize = 256;
/// Records that are read in one go.
const PIECE: usize = 256;

/// An authentication that is named by the record.
pub(crate) trait Authentication: Part {
    /// The identity store, the user and the record.
    fn parts(&self) -> (&str, Who, &str);
}

/// An authentication of a user by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Identifier of the record.
    id: String,
}

/// An authentication of a user by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_id: String,
    /// Identifier of the record.
    id: String,
}

impl Authentication for ById {
    fn parts(&self) -> (&str, Who, &str) {
        (&self.store_name, Who::Id(self.user_id.as_str().into()), &self.id)
    }
}

impl Authentication for ByExternalId {
    fn parts(&self) -> (&str, Who, &str) {
        (&self.store_name, Who::ExternalId(self.ext_id.clone()), &self.id)
    }
}

pub(crate) async fn read<P: Authentication>(
    ask: Ask<P>,
) -> Result<Ok200<AuthenticationRecord>, Problem> {
    let (store, who, id) = ask.path.parts();
    Ok(Ok200(ask.caller.tenant().identity().read_authentication(store, &who, id).await?))
}

pub(crate) async fn checkpoint(ask: Ask) -> Result<Ok200<Option<SignedCheckpoint>>, Problem> {
    Ok(Ok200(ask.caller.tenant().identity().find_checkpoint().await?))
}

pub(crate) async fn export(ask: Ask) -> Result<Lines, Problem> {
    let tenant = ask.caller.tenant().clone();
    let mut work = tenant.identity();
    work.sequence_audit(WAITING).await?;
    work.commit().await?;
    let export = tenant.identity().start_audit_export().await?;
    let pieces = stream::try_unfold((tenant, export), async |(tenant, mut export)| {
        let piece = tenant.identity().read_audit_export(&mut export, PIECE).await?;
        let more = (!piece.is_empty()).then(|| (Bytes::from(piece), (tenant, export)));
        Ok::<_, identity::Error>(more)
    });
    Ok(Lines(Body::from_stream(pieces)))
}
