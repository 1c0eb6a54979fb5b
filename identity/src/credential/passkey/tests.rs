//! Passkeys under test: with an authenticator in software, and with the vectors of the standard.

mod authenticator;
mod ceremonies;
mod erased;
mod maker;
mod moved;
mod refusals;
mod tpm;
mod trusted;
mod vectors;
mod verifications;

use serde_json::{Map, Value, json};

use self::authenticator::Authenticator;
use super::*;
use crate::credential::passcode::Manner;
use crate::scene::{Scene, external};
use crate::{Error, NewUser, StoreChange, User, Who};

/// The store `s` with the relying party `example.org` and the policy `p`; the users `alice` and `bob`.
async fn scene(config: Value) -> Scene {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let bob = NewUser { external_id: Some("bob".to_owned()), ..NewUser::default() };
    work.add_user("s", bob).await.unwrap();
    work.commit().await.unwrap();
    let usual =
        json!({ "registrationPolicies": { "p": {} }, "authenticationPolicies": { "p": {} } });
    configure(&scene, usual).await;
    configure(&scene, config).await;
    scene
}

async fn configure(scene: &Scene, config: Value) {
    let Value::Object(change) = json!({ "passkeyConfigs": { "example.org": config } }) else {
        unreachable!()
    };
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
}

fn alice() -> Who {
    external("alice")
}

fn given(credential: Map<String, Value>) -> PasskeyAnswer {
    PasskeyAnswer { credential: Some(credential), ..PasskeyAnswer::default() }
}

async fn start_registration(scene: &Scene, who: &Who) -> Result<PasskeyStart, Error> {
    let mut work = scene.work();
    let owner = PasskeyOwner::User(who.clone());
    let new = NewPasskey::default();
    let start = work.start_passkey_registration("s", &owner, "example.org", "p", new).await?;
    work.commit().await?;
    Ok(start)
}

async fn complete_registration(
    scene: &Scene,
    start: &PasskeyStart,
    answer: PasskeyAnswer,
) -> Result<PasskeyRegistered, Error> {
    let mut work = scene.work();
    let answer = PasskeyAnswer { session: start.session.clone(), ..answer };
    let session = start.session_id.as_deref();
    let done = work.complete_passkey_registration("s", session, answer).await?;
    work.commit().await?;
    Ok(done)
}

async fn register(scene: &Scene, who: &Who, device: &mut Authenticator) -> PasskeySummary {
    let start = start_registration(scene, who).await.unwrap();
    let answer = given(device.create(&start.public_key));
    complete_registration(scene, &start, answer).await.unwrap().passkey
}

async fn start(scene: &Scene, who: Option<&Who>, manner: Manner) -> PasskeyStart {
    let mut work = scene.work();
    let rp_id = "example.org";
    let start = work.start_passkey_authentication("s", who, rp_id, Some("p"), None, manner).await;
    work.commit().await.unwrap();
    start.unwrap()
}

async fn complete(
    scene: &Scene,
    start: &PasskeyStart,
    answer: PasskeyAnswer,
) -> Result<PasskeyVerdict, Error> {
    let mut work = scene.work();
    let answer = PasskeyAnswer { session: start.session.clone(), ..answer };
    let session = start.session_id.as_deref();
    let verdict = work.complete_passkey_authentication("s", session, answer).await?;
    work.commit().await?;
    Ok(verdict)
}

/// The user who was accepted, or the code of the refusal.
async fn sign_in(
    scene: &Scene,
    who: Option<&Who>,
    device: &mut Authenticator,
) -> Result<User, u32> {
    let start = start(scene, who, Manner::Open).await;
    let answer = given(device.get(&start.public_key));
    match complete(scene, &start, answer).await {
        Ok(PasskeyVerdict::Accepted { user, .. }) => Ok(user),
        Ok(PasskeyVerdict::Refused { error, .. }) | Err(error) => Err(error.code()),
    }
}

async fn failures(scene: &Scene, who: &Who) -> u32 {
    scene.work().read_user("s", who).await.unwrap().lock_info.invalid_count
}
