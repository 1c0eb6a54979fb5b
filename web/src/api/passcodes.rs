//! Passcodes: registered and proved in two halves each, removed in one.

use axum::http::StatusCode;
use identity::{
    AUTHENTICATION_REFUSED, AlgorithmInfo, ClientProof, LaneStep, NewPasscode, PASSCODE_TOO_COMMON,
    PasscodeAuthentication, PasscodeRegistration, Unfit, User, Verdict, Who, Work, decode_base64,
};
use runtime::apart;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::process_server::{Proof, Verifier};
use crate::ask::{Ask, Part};
use crate::problem::Problem;
use crate::reply::{Created, Ok200};

pub(crate) const ABOUT_COMPLETE: &str = "The server's proof is in `algorithmInfo.parameters.m2`. Every failure is answered with 400 and code 2615, with the user in the member `user` because a lock may have come of it, and the identifier of its record in `authenticationId`. Only who proves to know a passcode that was undone, because everybody tries it first, is told so with the code 2611.";

pub(crate) const ABOUT_START: &str = "A user who is locked or disabled cannot authenticate, which is answered as every failure is: with 400 and code 2615, and the user in the member `user`, whose status tells why.";
pub(crate) const ABOUT_PROVE: &str = "While hashes of other systems under the policy wait for their users, a client shows its proof here before it completes the authentication. With the right proof of a user who may authenticate, the answer is `COMPLETE`, and the passcode stays with the client. Otherwise it is `PASSCODE`, whoever the user is: then the passcode itself is sent to `passcode`, where the hash that it belongs to is verified and replaced by a verifier. Refused with the code 2612 while no hash waits.";
pub(crate) const ABOUT_SHOW: &str = "Only taken after the proof, once, and over https. The answer is the same whatever the passcode; the completion tells how the authentication ended, with the same body as ever, whose proof is not looked at after a right passcode, and whose answer then has an empty `m2`.";

/// A path that names a user and a passcode policy.
pub(crate) trait Holder: Part {
    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;

    /// The passcode policy.
    fn policy(&self) -> &str;
}

/// A user's passcode, by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasscodeById")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Name of the passcode policy.
    policy_name: String,
}

/// A user's passcode, by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasscodeByExternalId")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_user_id: String,
    /// Name of the passcode policy.
    policy_name: String,
}

/// A ceremony that was started.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionPath {
    /// Name of the identity store.
    pub(super) store_name: String,
    /// Identifier of the ceremony.
    pub(super) session_id: String,
}

/// The second half of a registration.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasscodeRegistrationCompletion")]
pub(crate) struct Registration {
    /// The new passcode.
    srp_registration_data: Verifier,
}

/// The second half of an authentication.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasscodeAuthenticationCompletion")]
pub(crate) struct Authentication {
    /// The proof of the passcode.
    srp_verification_data: Proof,
}

/// A passcode itself, in Unicode normal form C.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShownPasscode")]
pub(crate) struct Shown {
    /// The passcode.
    passcode: String,
}

/// What comes next in an authentication that takes the lane.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NextStep")]
pub(crate) struct NextStep {
    /// `PASSCODE`: send the passcode itself. `COMPLETE`: complete the authentication, whose end nobody is told before.
    next: LaneStep,
}

/// The user whose passcode it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UserOfPasscode")]
pub(crate) struct OfUser {
    /// The user.
    pub(crate) user: User,
}

/// A user who proved to know the passcode.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Authenticated {
    /// The server's proof, in `parameters.m2`.
    pub(super) algorithm_info: AlgorithmInfo,
    /// The user.
    pub(super) user: User,
    /// The identifier of the record of this authentication.
    pub(super) authentication_id: String,
}

pub(crate) async fn start_registration<P: Holder>(
    ask: Ask<P>,
) -> Result<Created<PasscodeRegistration>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, policy) = (path.store(), path.who(), path.policy());
    let started = apart(work.start_passcode_registration(store, &who, policy)).await?;
    work.commit().await?;
    Ok(Created(started))
}

pub(crate) async fn complete_registration(
    ask: Ask<SessionPath, (), Registration>,
) -> Result<Ok200<OfUser>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let new = new_passcode(&ask.body.srp_registration_data)?;
    let (store, session) = (&path.store_name, &path.session_id);
    let user = apart(work.complete_passcode_registration(store, session, Some(&new))).await?;
    work.commit().await?;
    Ok(Ok200(OfUser { user }))
}

pub(crate) async fn start_authentication<P: Holder>(
    ask: Ask<P>,
) -> Result<Created<PasscodeAuthentication>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, policy) = (path.store(), path.who(), path.policy());
    match apart(work.start_passcode_authentication(store, &who, policy)).await {
        Ok(started) => {
            work.commit().await?;
            Ok(Created(started))
        }
        Err(error) => Err(barred(&mut work, store, &who, error).await),
    }
}

pub(crate) async fn complete_authentication(
    ask: Ask<SessionPath, (), Authentication>,
) -> Result<Ok200<Authenticated>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let Proof { client_public_key, m1 } = ask.body.srp_verification_data;
    let client_public_key = bytes("srpVerificationData.clientPublicKey", &client_public_key)?;
    let m1 = bytes("srpVerificationData.m1", &m1)?;
    let proof = ClientProof { client_public_key: &client_public_key, m1: &m1 };
    let (store, session) = (&path.store_name, &path.session_id);
    let verdict = apart(work.complete_passcode_authentication(store, session, Some(proof))).await?;
    // A refusal is kept too: it used the session up and counted.
    work.commit().await?;
    match verdict {
        Verdict::Accepted { user, m2, record: authentication_id } => {
            let algorithm_info = AlgorithmInfo::proof(&m2);
            Ok(Ok200(Authenticated { algorithm_info, user, authentication_id }))
        }
        Verdict::Refused { user, record } | Verdict::Expired { user, record } => {
            Err(refused(user.as_ref(), &record))
        }
        Verdict::Unfit { fault, user, record } => Err(unfit(fault, user.as_ref(), &record)),
        Verdict::TooCommon { user, record } => Err(too_common(user.as_ref(), &record)),
    }
}

pub(crate) async fn prove_in_lane(
    ask: Ask<SessionPath, (), Authentication>,
) -> Result<Ok200<NextStep>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let Proof { client_public_key, m1 } = ask.body.srp_verification_data;
    let client_public_key = bytes("srpVerificationData.clientPublicKey", &client_public_key)?;
    let m1 = bytes("srpVerificationData.m1", &m1)?;
    let proof = ClientProof { client_public_key: &client_public_key, m1: &m1 };
    let next = apart(work.prove_in_lane(&path.store_name, &path.session_id, proof)).await?;
    work.commit().await?;
    Ok(Ok200(NextStep { next }))
}

pub(crate) async fn show_in_lane(
    ask: Ask<SessionPath, (), Shown>,
) -> Result<Ok200<NextStep>, Problem> {
    ask.caller.expect_private()?;
    let SessionPath { store_name, session_id } = &ask.path;
    let tenant = ask.caller.tenant();
    tenant.take_passcode(store_name, session_id, ask.body.passcode).await?;
    Ok(Ok200(NextStep { next: LaneStep::Complete }))
}

pub(crate) async fn deregister<P: Holder>(ask: Ask<P>) -> Result<Ok200<OfUser>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let user = work.remove_passcode(path.store(), &path.who(), path.policy()).await?;
    work.commit().await?;
    Ok(Ok200(OfUser { user }))
}

/// Why an authentication cannot be started; with the user, where it is the user's state.
pub(super) async fn barred(
    work: &mut Work,
    store: &str,
    who: &Who,
    error: identity::Error,
) -> Problem {
    use identity::Error;
    let by_state = matches!(
        error,
        Error::PasscodeRefused
            | Error::UserLocked
            | Error::UserNotActive(_)
            | Error::ModalityLocked(_)
    );
    let problem = Problem::from(error);
    match work.read_user(store, who).await {
        Ok(user) if by_state => problem.with("user", &user),
        _ => problem,
    }
}

pub(super) fn refused(user: Option<&User>, record: &str) -> Problem {
    let problem = Problem::new(StatusCode::BAD_REQUEST, "the authentication failed");
    let problem = problem.code(AUTHENTICATION_REFUSED).with("authenticationId", &record);
    match user {
        Some(user) => problem.with("user", user),
        None => problem,
    }
}

/// What is told of a new passcode that may not take the place of the one that was proved.
pub(super) fn unfit(fault: Unfit, user: Option<&User>, record: &str) -> Problem {
    let problem = Problem::from(identity::Error::from(fault)).with("authenticationId", &record);
    match user {
        Some(user) => problem.with("user", user),
        None => problem,
    }
}

pub(super) fn too_common(user: Option<&User>, record: &str) -> Problem {
    let detail = "the passcode was undone: it is one that everybody tries first";
    let problem = Problem::new(StatusCode::BAD_REQUEST, detail).code(PASSCODE_TOO_COMMON);
    let problem = problem.with("authenticationId", &record);
    match user {
        Some(user) => problem.with("user", user),
        None => problem,
    }
}

pub(super) fn new_passcode(given: &Verifier) -> Result<NewPasscode, Problem> {
    let verifier = bytes("srpRegistrationData.verifier", &given.verifier)?.into();
    let history = given.history_verifiers.iter().enumerate().map(|(at, text)| {
        bytes(&format!("srpRegistrationData.historyVerifiers[{at}]"), text).map(Into::into)
    });
    Ok(NewPasscode { verifier, history: history.collect::<Result<_, _>>()? })
}

pub(super) fn bytes(path: &str, text: &str) -> Result<Vec<u8>, Problem> {
    decode_base64(text).ok_or_else(|| Problem::at(path, "is not base64"))
}

impl Holder for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn policy(&self) -> &str {
        &self.policy_name
    }
}

impl Holder for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.ext_user_id.clone())
    }

    fn policy(&self) -> &str {
        &self.policy_name
    }
}
