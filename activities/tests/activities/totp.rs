//! TOTPs and recovery codes through the activities of a process.

use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::scene::Scene;

/// The user `ann` in a store with the policies `app` and `codes`.
async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    let mut work = scene.work();
    let policy = Map::from_iter([("algorithm".to_owned(), json!("SHA256"))]);
    work.add_totp_policy("demo", "app", policy).await.unwrap();
    let policy = Map::from_iter([("count".to_owned(), json!(2))]);
    work.add_recovery_code_policy("demo", "codes", policy).await.unwrap();
    work.commit().await.unwrap();
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    scene
}

fn app() -> Value {
    json!({ "storeName": "demo", "totpPolicy": "app" })
}

fn with(mut parameters: Value, name: &str, value: &str) -> Value {
    parameters[name] = value.into();
    parameters
}

/// What an authenticator app shows that has scanned the QR code of the process.
fn code(scene: &Scene, secret: &str) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let mut mac: Hmac<Sha256> = Hmac::new_from_slice(&key).unwrap();
    let step = scene.work().now().as_second() / 30;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[31] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", word % 1_000_000)
}

/// How it ended: the first line.
async fn ends(scene: &mut Scene, activity: &str, parameters: Value) -> String {
    let told = scene.run(activity, parameters).await;
    told.lines().next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned()
}

fn status(scene: &Scene, check: &str) -> Value {
    scene.variables["_checks"][check]["status"].clone()
}

#[tokio::test]
async fn a_name_that_no_app_can_show_is_an_event() {
    let mut scene = scene().await;
    for name in ["ann: at home", "an\u{7}n", &"n".repeat(256)] {
        let named = with(app(), "totpUserName", name);
        let told = ends(&mut scene, "startTotpRegistration", named).await;
        assert_eq!(told, "event TotpUserNameNotUsable", "{name}");
    }
    assert!(scene.user("ann").await.summary_info.totps.is_empty());
}

#[tokio::test]
async fn an_app_is_registered_and_then_signs_in_with_each_code_once() {
    let mut scene = scene().await;
    assert_eq!(ends(&mut scene, "startTotpRegistration", app()).await, "done");
    let kept = scene.variables["_identityStore"]["currentTOTP"].clone();
    let [secret, address] = ["secret", "qrCodeString"].map(|name| kept[name].as_str().unwrap());
    assert!(secret.starts_with("{{sealed.") && address.starts_with("{{sealed."), "{kept}");
    let (secret, address) = (scene.shown(secret).await, scene.shown(address).await);
    assert!(address.starts_with(&format!("otpauth://totp/ann?secret={secret}&")), "{address}");
    assert_eq!(ends(&mut scene, "getCurrentTotp", app()).await, "done");
    let again = scene.variables["_identityStore"]["currentTOTP"]["qrCodeString"].clone();
    assert_eq!(scene.shown(again.as_str().unwrap()).await, address);
    assert_eq!(scene.shown(kept["secret"].as_str().unwrap()).await, "", "one place, one secret");

    let submit = |code: &str| json!({ "submittedCode": code });
    let wrong = ends(&mut scene, "completeTotpRegistration", submit("1")).await;
    assert_eq!(wrong, "event TotpCodeNotAccepted");
    assert_eq!(status(&scene, "currentTOTP"), "FAIL");
    let first = code(&scene, &secret);
    assert_eq!(ends(&mut scene, "completeTotpRegistration", submit(&first)).await, "done");
    assert_eq!(status(&scene, "currentTOTP"), "PASS");
    assert_eq!(scene.variables["_identityStore"]["currentTOTP"], Value::Null);
    assert_eq!(scene.shown(again.as_str().unwrap()).await, "", "the secret is erased");
    let exists = ends(&mut scene, "startTotpRegistration", app()).await;
    assert_eq!(exists, "event TotpExists");
    assert_eq!(ends(&mut scene, "getCurrentTotp", app()).await, "event TotpInUse");

    let used = ends(&mut scene, "totpAuthentication", with(app(), "submittedCode", &first)).await;
    assert_eq!(used, "event TotpAuthenticationFailed");
    assert_eq!(
        (status(&scene, "totpAuth1"), scene.authenticated.is_some()),
        (json!("FAIL"), false)
    );
    assert_eq!(scene.variables["_checks"]["totpAuth1"]["code"], 2715);
    scene.later(1);
    let next = with(app(), "submittedCode", &code(&scene, &secret));
    assert_eq!(ends(&mut scene, "totpAuthentication", next).await, "done");
    assert_eq!((status(&scene, "totpAuth1"), scene.authenticated.is_some()), (json!("PASS"), true));

    assert_eq!(ends(&mut scene, "deregisterTotp", app()).await, "done");
    assert_eq!(ends(&mut scene, "deregisterTotp", app()).await, "event TotpNotFound");
    assert_eq!(ends(&mut scene, "getCurrentTotp", app()).await, "event TotpNotFound");
}

#[tokio::test]
async fn who_is_unknown_fails_like_who_has_a_wrong_code() {
    let mut scene = scene().await;
    let mut told = Vec::new();
    for who in ["ann", "nobody"] {
        scene.variables.clear();
        let guess = with(with(app(), "submittedCode", "123456"), "userExternalId", who);
        let line = scene.run("totpAuthentication", guess).await;
        let at = scene.variables["_checks"]["totpAuth1"]["at"].as_str().unwrap();
        let line = line.replace(at, "now");
        told.push(line.lines().filter(|line| !line.starts_with("store:")).collect::<String>());
    }
    assert_eq!(told[0], told[1]);
    scene.variables.clear();
    let nobody = with(app(), "submittedCode", "123456");
    assert_eq!(
        ends(&mut scene, "totpAuthentication", nobody).await,
        "event TotpAuthenticationFailed"
    );
    assert_eq!(ends(&mut scene, "startTotpRegistration", app()).await, "event UserNotFound");
}

#[tokio::test]
async fn a_registration_is_over_when_its_time_is() {
    let mut scene = scene().await;
    scene.run("startTotpRegistration", app()).await;
    scene.later(10);
    let late = ends(&mut scene, "completeTotpRegistration", json!({ "submittedCode": "1" })).await;
    assert_eq!(late, "event TotpRegistrationExpired");
    assert_eq!(ends(&mut scene, "getCurrentTotp", app()).await, "event TotpRegistrationExpired");
    scene.run("deregisterTotp", app()).await;
    let gone = ends(&mut scene, "completeTotpRegistration", json!({ "submittedCode": "1" })).await;
    assert_eq!(gone, "event TotpRegistrationNotFound");
    scene.set_status("ann", "DISABLED").await;
    assert_eq!(ends(&mut scene, "startTotpRegistration", app()).await, "event UserNotActive");
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_sign_in_once() {
    let mut scene = scene().await;
    let policy = || json!({ "storeName": "demo", "recoveryCodePolicy": "codes" });
    assert_eq!(ends(&mut scene, "generateRecoveryCodes", policy()).await, "done");
    let kept = scene.variables["_identityStore"]["recoveryCodes1"].clone();
    let first = scene.shown(kept["codes"][0].as_str().unwrap()).await;
    let text = scene.shown(kept["text"].as_str().unwrap()).await;
    assert_eq!(text.lines().count(), 2);
    assert!(text.starts_with(&first) && !kept.to_string().contains(&first), "{kept}");
    assert_eq!(ends(&mut scene, "confirmRecoveryCodes", json!({})).await, "done");
    assert_eq!(scene.shown(kept["text"].as_str().unwrap()).await, "", "the codes are erased");

    let submitted = with(policy(), "submittedCode", &first);
    assert_eq!(ends(&mut scene, "recoveryCodeAuthentication", submitted.clone()).await, "done");
    assert_eq!(status(&scene, "recoveryAuth1"), "PASS");
    let used = ends(&mut scene, "recoveryCodeAuthentication", submitted).await;
    assert_eq!(used, "event RecoveryCodeAuthenticationFailed");
    assert_eq!(scene.variables["_checks"]["recoveryAuth1"]["code"], 2815);
    assert_eq!(ends(&mut scene, "deregisterRecoveryCodes", policy()).await, "done");
    let none = ends(&mut scene, "deregisterRecoveryCodes", policy()).await;
    assert_eq!(none, "event RecoveryCodesNotFound");
}
