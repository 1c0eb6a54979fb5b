//! Renewals of passcodes, in two halves.

use identity::{AlgorithmInfo, ClientProof, Manner, PasscodeRenewal, Verdict};
use runtime::apart;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::passcodes::{
    Authenticated, Holder, SessionPath, barred, bytes, new_passcode, refused, too_common, unfit,
};
use crate::api::process_server::{Proof, Verifier};
use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::{Created, Ok200};

pub(crate) const ABOUT_COMPLETE: &str = "The present passcode, expired or not, is proved as in an authentication, and the new one is registered in the same step. A wrong proof is answered with 400 and code 2615, with the user in the member `user` because a lock may have come of it. After a right one, a new passcode that the policy does not allow again is answered with code 2609, and one that was not compared with the former ones with code 2610; that is recorded, and the session can be completed with another, until five were not fit.";

/// The second half of a renewal.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasscodeRenewalCompletion")]
pub(crate) struct Renewal {
    /// The proof of the present passcode.
    srp_verification_data: Proof,
    /// The new passcode.
    srp_registration_data: Verifier,
}

pub(crate) async fn start<P: Holder>(ask: Ask<P>) -> Result<Created<PasscodeRenewal>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, policy) = (path.store(), path.who(), path.policy());
    match apart(work.start_passcode_renewal(store, &who, policy, Manner::Open)).await {
        Ok(started) => {
            work.commit().await?;
            Ok(Created(started))
        }
        Err(error) => Err(barred(&mut work, store, &who, error).await),
    }
}

pub(crate) async fn complete(
    ask: Ask<SessionPath, (), Renewal>,
) -> Result<Ok200<Authenticated>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let Proof { client_public_key, m1 } = ask.body.srp_verification_data;
    let client_public_key = bytes("srpVerificationData.clientPublicKey", &client_public_key)?;
    let m1 = bytes("srpVerificationData.m1", &m1)?;
    let new = new_passcode(&ask.body.srp_registration_data)?;
    let proof = ClientProof { client_public_key: &client_public_key, m1: &m1 };
    let (store, session) = (&path.store_name, &path.session_id);
    let given = Some((proof, &new));
    let verdict = apart(work.complete_passcode_renewal(store, session, given)).await?;
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
