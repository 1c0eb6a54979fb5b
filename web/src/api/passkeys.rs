//! Passkeys: registered and used in two halves each, listed, changed and removed.

use identity::{
    Manner, NewPasskey, PasskeyAnswer, PasskeyChange, PasskeyOwner, PasskeyRegistered,
    PasskeyRegistrationRecord, PasskeyStart, PasskeySummary, PasskeyVerdict, User, Who,
};
use runtime::apart;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::passcodes::barred;
use crate::ask::{Ask, Part};
use crate::back::{Back, Shown};
use crate::list::{Order, PagedResult, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_START: &str = "`publicKey` is what `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()` reads in the browser. If the server keeps the sessions of the relying party, `sessionId` names this one; otherwise `session` is to be sent back.";
pub(crate) const ABOUT_START_USED: &str = "As of a registration. A user who is locked or disabled cannot authenticate, which is answered with 400 and 2100, 2101 or 502, and the user in the member `user`.";
pub(crate) const ABOUT_NEW: &str =
    "A user who is not there is added when the registration is completed.";
pub(crate) const ABOUT_REGISTERED: &str = "`credential` is what the browser's `PublicKeyCredential.toJSON()` gives. After an error the session can be used again.";
pub(crate) const ABOUT_USED: &str = "`credential` is what the browser's `PublicKeyCredential.toJSON()` gives. A refused credential uses the session up and is answered with 400 and with the user in the member `user`, because a lock may have come of it, and the identifier of its record in `authenticationId`. After a failure of the client the session can be used again.";

const ORDERS: [Order; 1] = [Order::ascending("id")];

/// A path that names a user, and something of theirs.
pub(crate) trait Holder: Part {
    /// What it names beside the user.
    type Of: Part;

    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;

    /// What it names beside the user.
    fn of(&self) -> &Self::Of;
}

/// A user's, by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasskeysById{T}")]
pub(crate) struct ById<T> {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    #[serde(flatten)]
    of: T,
}

/// A user's, by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasskeysByExternalId{T}")]
pub(crate) struct ByExternalId<T> {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_user_id: String,
    #[serde(flatten)]
    of: T,
}

/// Nobody's: whoever it will turn out to be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasskeysOf{T}")]
pub(crate) struct Anybody<T> {
    /// Name of the identity store.
    store_name: String,
    #[serde(flatten)]
    of: T,
}

/// All of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct All {}

/// One of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct One {
    /// Identifier of the passkey.
    id: String,
}

/// A registration.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registering {
    /// Identifier of the relying party.
    rp_id: String,
    /// Name of the registration policy.
    reg_policy_name: String,
}

/// An authentication.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Authenticating {
    /// Identifier of the relying party.
    rp_id: String,
    /// Name of the authentication policy.
    auth_policy_name: String,
}

/// A ceremony that was started.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    /// Identifier of the ceremony.
    session_id: String,
}

/// A path to the second half of a ceremony.
pub(crate) trait Ceremony: Part {
    /// The identifier of the session, if it is one that the server keeps.
    fn session_id(&self) -> Option<&str>;
}

impl Ceremony for All {
    fn session_id(&self) -> Option<&str> {
        None
    }
}

impl Ceremony for Session {
    fn session_id(&self) -> Option<&str> {
        Some(&self.session_id)
    }
}

/// The first half of a registration for a user who may still have to be added.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasskeyOfNewUser")]
pub(crate) struct OfNewUser {
    /// External identifier of the user.
    external_user_id: Option<String>,
    /// The passkey.
    #[serde(default)]
    passkey: NewPasskey,
}

/// The first half of an authentication.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "PasskeyAuthenticationStart")]
pub(crate) struct Start {
    /// A challenge of the caller's, base64url; only if the policy allows it.
    challenge: Option<String>,
}

/// A user who proved to have a passkey.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuthenticatedByPasskey")]
pub(crate) struct Authenticated {
    /// The user.
    user: User,
    /// The passkey.
    passkey: PasskeySummary,
    /// Whether the authenticator verified the person by biometrics or a PIN.
    user_verified: bool,
    /// The identifier of the record of this authentication.
    authentication_id: String,
}

impl Shown for PasskeyChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "relyingPartyId",
        "registrationPolicy",
        "credentialId",
        "userHandle",
        "userName",
        "algorithm",
        "attestationFormat",
        "transports",
        "userVerified",
        "backupEligible",
        "backupState",
        "signCount",
        "createdDtm",
        "lastUpdatedDtm",
        "lastAuthenticatedWithDtm",
    ];
}

pub(crate) async fn start_registration<P: Holder<Of = Registering>>(
    ask: Ask<P, (), NewPasskey>,
) -> Result<Created<PasskeyStart>, Problem> {
    let (mut work, path, of) = (ask.caller.tenant().identity(), &ask.path, ask.path.of());
    let (owner, rp_id) = (PasskeyOwner::User(path.who()), &of.rp_id);
    let start = work
        .start_passkey_registration(path.store(), &owner, rp_id, &of.reg_policy_name, ask.body)
        .await?;
    work.commit().await?;
    Ok(Created(start))
}

pub(crate) async fn start_registration_of_new(
    ask: Ask<Anybody<Registering>, (), OfNewUser>,
) -> Result<Created<PasskeyStart>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let Anybody { store_name: store, of } = &ask.path;
    let OfNewUser { external_user_id, passkey } = ask.body;
    let who = Who::from_parts(None, external_user_id.as_deref())?;
    let owner = match work.read_user(store, &who).await {
        Err(identity::Error::ExternalUserMissing(id)) => PasskeyOwner::NewUser(id),
        found => PasskeyOwner::User(Who::from(&found?.id)),
    };
    let start = work
        .start_passkey_registration(store, &owner, &of.rp_id, &of.reg_policy_name, passkey)
        .await?;
    work.commit().await?;
    Ok(Created(start))
}

pub(crate) async fn complete_registration<C: Ceremony>(
    ask: Ask<Anybody<C>, (), PasskeyAnswer>,
) -> Result<Ok200<PasskeyRegistered>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, session) = (&path.store_name, path.of.session_id());
    let done = apart(work.complete_passkey_registration(store, session, ask.body)).await?;
    work.commit().await?;
    Ok(Ok200(done))
}

pub(crate) async fn start_authentication<P: Holder<Of = Authenticating>>(
    ask: Ask<P, (), Start>,
) -> Result<Created<PasskeyStart>, Problem> {
    let who = ask.path.who();
    let store = ask.path.store().to_owned();
    let path = Anybody { store_name: store, of: ask.path.of().clone() };
    begin(Ask { caller: ask.caller, path, query: (), body: ask.body }, Some(who)).await
}

pub(crate) async fn start_authentication_of_anybody(
    ask: Ask<Anybody<Authenticating>, (), Start>,
) -> Result<Created<PasskeyStart>, Problem> {
    begin(ask, None).await
}

async fn begin(
    ask: Ask<Anybody<Authenticating>, (), Start>,
    who: Option<Who>,
) -> Result<Created<PasskeyStart>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let Anybody { store_name: store, of } = &ask.path;
    let (rp_id, policy, challenge) =
        (&of.rp_id, Some(of.auth_policy_name.as_str()), ask.body.challenge.as_deref());
    let start = work
        .start_passkey_authentication(store, who.as_ref(), rp_id, policy, challenge, Manner::Open)
        .await;
    match (start, who) {
        (Err(error), Some(who)) => Err(barred(&mut work, store, &who, error).await),
        (start, _) => {
            let start = start?;
            work.commit().await?;
            Ok(Created(start))
        }
    }
}

pub(crate) async fn complete_authentication<C: Ceremony>(
    ask: Ask<Anybody<C>, (), PasskeyAnswer>,
) -> Result<Ok200<Authenticated>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, session) = (&path.store_name, path.of.session_id());
    let verdict = apart(work.complete_passkey_authentication(store, session, ask.body)).await?;
    // A refusal is kept too: it used the session up and counted.
    work.commit().await?;
    match verdict {
        PasskeyVerdict::Accepted { user, passkey, user_verified, record: authentication_id } => {
            Ok(Ok200(Authenticated { user, passkey: *passkey, user_verified, authentication_id }))
        }
        PasskeyVerdict::Refused { error, user, record } => {
            let problem = Problem::from(error).with("authenticationId", &record);
            Err(match user {
                Some(user) => problem.with("user", &user),
                None => problem,
            })
        }
    }
}

pub(crate) async fn list<P: Holder<Of = All>>(ask: Ask<P, Query>) -> PagedResult<PasskeySummary> {
    let mut work = ask.caller.tenant().identity();
    let passkeys = work.list_passkeys(ask.path.store(), &ask.path.who()).await?;
    ask.query.answer_of_few(&ORDERS, passkeys)
}

pub(crate) async fn read<P: Holder<Of = One>>(
    ask: Ask<P>,
) -> Result<Ok200<PasskeySummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), &ask.path);
    Ok(Ok200(work.read_passkey(path.store(), &path.who(), &path.of().id).await?))
}

pub(crate) async fn read_record<P: Holder<Of = One>>(
    ask: Ask<P>,
) -> Result<Ok200<PasskeyRegistrationRecord>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), &ask.path);
    Ok(Ok200(work.read_passkey_registration(path.store(), &path.who(), &path.of().id).await?))
}

pub(crate) async fn update<P: Holder<Of = One>>(
    ask: Ask<P, (), Back<PasskeyChange>>,
) -> Result<Ok200<PasskeySummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), &ask.path);
    let (who, id) = (path.who(), &path.of().id);
    let passkey = work.update_passkey(path.store(), &who, id, ask.body.0).await?;
    work.commit().await?;
    Ok(Ok200(passkey))
}

pub(crate) async fn remove<P: Holder<Of = One>>(ask: Ask<P>) -> Result<Done, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), &ask.path);
    work.remove_passkey(path.store(), &path.who(), &path.of().id).await?;
    work.commit().await?;
    Ok(Done)
}

impl<T: Part> Holder for ById<T> {
    type Of = T;

    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn of(&self) -> &T {
        &self.of
    }
}

impl<T: Part> Holder for ByExternalId<T> {
    type Of = T;

    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.ext_user_id.clone())
    }

    fn of(&self) -> &T {
        &self.of
    }
}
