//! The ways in which a stranger can name somebody: what the person has, the journey, and what a guesser sends.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{STORE, made};
use crate::tests::passkeys::Vector;
use crate::tests::stage::{ADMIN, Stage};
use crate::tests::totps;

/// The classes of persons; those of `hash` came with the hash of another system in place of a passcode.
static CLASSES: [&str; 5] = ["unknown", "known", "locked", "bare", "hash"];
/// A hash that costs little.
const HASH: &str = "pbkdf2_sha256$1000$salty$+hiM1iSOSCqux5q3VxXQgnubkvtSme5sSgoJGHLC1IM=";
/// Passkeys of each person who has any.
const PASSKEYS: usize = 4;

/// How they show who they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Passcode,
    /// With a passcode, while the hashes of others wait for theirs: the page of the passcode asks twice before it
    /// answers.
    Lane,
    Renewal,
    Totp,
    RecoveryCode,
    Passkey,
}

/// What a request of the end user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Start,
    /// The proof in the lane.
    Proof,
    /// The passcode itself in the lane.
    Passcode,
    Answer,
}

impl Way {
    pub(super) fn classes(self) -> &'static [&'static str] {
        if self == Way::Lane { &CLASSES } else { &CLASSES[..4] }
    }

    pub(super) fn steps(self) -> &'static [Step] {
        match self {
            Way::Lane => &[Step::Start, Step::Proof, Step::Passcode, Step::Answer],
            _ => &[Step::Start, Step::Answer],
        }
    }

    /// The form that its journey shows, and the activities before and after it.
    fn journey(self) -> (&'static str, String) {
        let who = "storeName: demo\n      userExternalId: ${_initVars[\"userExternalId\"]}";
        let code =
            |field: &str| format!("submittedCode: ${{_customFormData[\"form1\"][\"{field}\"]}}");
        let plain = |form: &str| {
            format!(
                "customDataForm\n    with: {{ dataFormName: {form}, dataFormVersion: 1, formDataKey: form1 }}"
            )
        };
        let of = |form: &str, kind: &str| {
            format!("{kind}Form\n    with: {{ dataFormName: {form}, dataFormVersion: 1 }}")
        };
        let (form, activities) = match self {
            Way::Passcode | Way::Lane => (
                "passcode-authentication",
                vec![
                    format!(
                        "startPasscodeAuthentication\n    with:\n      passcodeKey: default\n      {who}"
                    ),
                    of("passcode-authentication", "passcodeAuthentication"),
                    "completePasscodeAuthentication".to_owned(),
                ],
            ),
            Way::Renewal => (
                "passcode-renewal",
                vec![
                    format!(
                        "startPasscodeRenewal\n    with:\n      passcodePolicy: default\n      {who}"
                    ),
                    of("passcode-renewal", "passcodeRenewal"),
                    "completePasscodeRenewal".to_owned(),
                ],
            ),
            Way::Totp => (
                "totp-authentication",
                vec![
                    plain("totp-authentication"),
                    format!(
                        "totpAuthentication\n    with:\n      totpPolicy: app\n      {who}\n      {}",
                        code("submittedCode")
                    ),
                ],
            ),
            Way::RecoveryCode => (
                "recovery-code-authentication",
                vec![
                    plain("recovery-code-authentication"),
                    format!(
                        "recoveryCodeAuthentication\n    with:\n      recoveryCodePolicy: codes\n      {who}\n      {}",
                        code("recoveryCode")
                    ),
                ],
            ),
            Way::Passkey => (
                "passkey-authentication",
                vec![
                    format!(
                        "startPasskeyAuthentication\n    with:\n      relyingPartyId: example.org\n      authenticationPolicy: p\n      {who}"
                    ),
                    of("passkey-authentication", "passkeyAuthentication"),
                    "completePasskeyAuthentication".to_owned(),
                ],
            ),
        };
        let steps: String =
            activities.iter().map(|activity| format!("  - activity: {activity}\n")).collect();
        let refused = "    on:\n      - { error: any, then: not-signed-in }\n";
        let ends = "  - end: Signed in\n  - end: Not signed in\n";
        (
            form,
            format!("id: sign-in\nname: sign-in\nsteps:\n  - start: Start\n{steps}{refused}{ends}"),
        )
    }

    /// Deploys the journey; gives its process token.
    pub(super) async fn token(self, stage: &Stage) -> String {
        let (form, yaml) = self.journey();
        let (_, resource) =
            forms::library::ALL.iter().find(|(name, _)| *name == form).expect("a shipped form");
        let resource =
            json!({"name": form, "resource": resource, "creationOption": "Save & Deploy"});
        made(stage, "/api/process-manager/customDataForms", resource).await;
        let yaml = json!({"data": BASE64.encode(yaml.as_bytes()), "type": "YAML"});
        let definition = json!({"name": "sign-in", "resources": {"yaml": yaml},
            "creationOption": "Save & Deploy"});
        made(stage, "/api/process-manager/processDefinitions", definition).await;
        let token = json!({"name": "t", "processDefnName": "sign-in",
            "processDefnVersion": 1, "status": "ACTIVE", "type": "UNLIMITED"});
        let token = made(stage, "/api/process-manager/processTokens", token).await;
        token["id"].as_str().unwrap().to_owned()
    }

    /// Gives the identity store what all of its users need.
    pub(super) async fn prepare(self, stage: &Stage) {
        match self {
            Way::Totp => {
                let policy = json!({"policyName": "app", "algorithm": "SHA256"});
                made(stage, &format!("{STORE}/totpPolicy"), policy).await;
            }
            Way::RecoveryCode => {
                let policy = json!({"policyName": "codes"});
                made(stage, &format!("{STORE}/recoveryCodePolicy"), policy).await;
            }
            Way::Passkey => {
                let policies = json!({"p": {"allowExternalChallenge": true}});
                let relying_party = json!({"relyingPartyId": "example.org",
                    "registrationPolicies": policies, "authenticationPolicies": policies});
                made(stage, &format!("{STORE}/passkeyConfig"), relying_party).await;
            }
            Way::Renewal => {
                let history = json!({"passcodeRequirements": {"passcodeHistory": 3}});
                made(stage, &format!("{STORE}/passcodePolicy/default"), history).await;
            }
            Way::Passcode | Way::Lane => {}
        }
    }

    /// Adds somebody of a class with what they sign in with.
    pub(super) async fn enrol(self, stage: &Stage, class: &str, name: &str) {
        if class == "hash" {
            return import(stage, name).await;
        }
        made(stage, &format!("{STORE}/users"), json!({"externalId": name})).await;
        if class == "bare" {
            return;
        }
        let user = format!("{STORE}/users/{name}");
        match self {
            Way::Passcode | Way::Lane | Way::Renewal => {
                let path = format!("{user}/passcodes/registrations/default/ext");
                let started = made(stage, &path, json!({})).await;
                let session = started["sessionId"].as_str().unwrap();
                let path = format!("{STORE}/passcodes/registrations/sessions/{session}");
                let verifier = json!({"verifier": BASE64.encode(&[7; 256])});
                made(stage, &path, json!({"srpRegistrationData": verifier})).await;
            }
            Way::Totp => {
                let path = format!("{user}/totps/registrations/app");
                let started = made(stage, &format!("{path}/ext"), json!({})).await;
                let code = totps::shown(started["secret"].as_str().unwrap(), 0);
                let code = json!({"submittedCode": code});
                made(stage, &format!("{path}/complete/ext"), code).await;
            }
            Way::RecoveryCode => {
                let path = format!("{user}/recoveryCodes/registrations/codes/ext");
                made(stage, &path, json!({})).await;
            }
            Way::Passkey => {
                for number in 0..PASSKEYS {
                    enrol_passkey(stage, name, number).await;
                }
            }
        }
        if class == "locked" {
            made(stage, &format!("{user}/lock/ext"), json!({})).await;
        }
    }

    /// The answer of somebody who guesses. With passkeys they name the true one of those that they are shown, if
    /// there is one.
    pub(super) fn guess(self, person: &str, step: &Value) -> Value {
        let nonce = &step["nonce"];
        let proof =
            json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": BASE64.encode(&[1; 32])});
        match self {
            Way::Passcode | Way::Lane => json!({"nonce": nonce, "srpVerificationData": proof}),
            Way::Renewal => {
                let history = step["passcode"]["passcodeHistory"].as_array().unwrap();
                let verifier = BASE64.encode(&[7; 256]);
                let compared = vec![verifier.clone(); history.len()];
                let new = json!({"verifier": verifier, "historyVerifiers": compared});
                json!({"nonce": nonce, "srpVerificationData": proof, "srpRegistrationData": new})
            }
            Way::Totp => json!({"nonce": nonce, "data": {"submittedCode": "123 45"}}),
            Way::RecoveryCode => {
                json!({"nonce": nonce, "data": {"recoveryCode": "0000-0000-0000-0000"}})
            }
            Way::Passkey => {
                let credential = assertion(person, &step["passkey"]["publicKey"]);
                json!({"nonce": nonce, "passkeyResponse": {"credential": credential}})
            }
        }
    }

    /// What the page of the passcode sends in the lane, as a form.
    pub(super) fn shown_in_lane(step: Step, question: &Value) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, member) in [("topic", "topicName"), ("nonce", "nonce")] {
            form.append_pair(name, question[member].as_str().unwrap());
        }
        if step == Step::Proof {
            form.append_pair("clientPublicKey", &BASE64.encode(&[9; 256]));
            form.append_pair("m1", &BASE64.encode(&[1; 32]));
        } else {
            form.append_pair("passcode", "wrong");
        }
        form.finish()
    }
}

/// Brings somebody with the hash of another system.
async fn import(stage: &Stage, name: &str) {
    let bearer = format!("Bearer {ADMIN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/jsonl")];
    let hash = json!([{"policyName": "default", "hash": HASH}]);
    let line = json!({"externalId": name, "passcodes": hash}).to_string();
    let answer = stage.send("POST", &format!("{STORE}/import"), &headers, line).await;
    assert!(answer.text.contains(r#""created":1"#), "{}", answer.text);
}

/// The identifier of one of somebody's passkeys.
fn credential_id(name: &str, number: usize) -> [u8; 32] {
    Sha256::digest(format!("{name} {number}")).into()
}

/// Registers the passkey of a test vector, which nobody attests, under another identifier.
async fn enrol_passkey(stage: &Stage, name: &str, number: usize) {
    let vector = Vector::new();
    let path = "passkeys/relyingParties/example.org/registrations/p/ext";
    let challenge = json!({"challenge": vector.text("registration", "challenge")});
    let started = made(stage, &format!("{STORE}/users/{name}/{path}"), challenge).await;
    let session = started["sessionId"].as_str().unwrap();
    let path = format!("{STORE}/passkeys/registrations/sessions/{session}");
    let credential = vector.made_by(credential_id(name, number), &vector.client_data());
    made(stage, &path, json!({"credential": credential})).await;
}

/// The use of a passkey that is shown, with a signature that is nobody's.
fn assertion(person: &str, options: &Value) -> Value {
    let shown = options["allowCredentials"].as_array().unwrap();
    let own = json!(BASE64URL_NOPAD.encode(&credential_id(person, 0)));
    let named = shown.iter().map(|one| &one["id"]).find(|id| **id == own);
    let id = named.unwrap_or(&shown[0]["id"]);
    let data = json!({"type": "webauthn.get", "challenge": options["challenge"],
        "origin": "https://example.org", "crossOrigin": false});
    let authenticator = [&Sha256::digest("example.org")[..], &[5, 0, 0, 0, 0]].concat();
    let half = [&[2, 32][..], &[7; 32]].concat();
    let response = json!({
        "clientDataJSON": BASE64URL_NOPAD.encode(data.to_string().as_bytes()),
        "authenticatorData": BASE64URL_NOPAD.encode(&authenticator),
        "signature": BASE64URL_NOPAD.encode(&[&[48, 68][..], &half, &half].concat()),
    });
    json!({"id": id, "rawId": id, "type": "public-key", "response": response})
}
