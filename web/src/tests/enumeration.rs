//! No enumeration: what an end user sees of a sign-in, and how long it takes, is the same for everybody.
//!
//! Speed belongs to the benchmarks; this test compares times only with each other. Each round asks for one person of
//! each class in a random order, so that whatever else the machine does falls on all classes alike: noise can hide a
//! difference here, but not make one. Compared is Welch's t of the times below a common bound (the slowest tenth is
//! what others did to us), once of the time on the processor, once of the time that passed. Chance alone passes 4.5 in
//! about one of 100,000 comparisons; a leak passes it each time. So the test fails only where three runs in a row do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use identity::ThrottleLimits;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::stage::{Answer, Stage};

const STORE: &str = "/api/identity-store/stores/demo";
const CLASSES: [&str; 4] = ["unknown", "known", "locked", "bare"];
/// Somebody signs in with a passkey, named from the start.
const PASSKEY_SIGN_IN: &str = r#"
id: by-passkey
name: by-passkey
steps:
  - start: Start
  - activity: startPasskeyAuthentication
    with:
      storeName: demo
      relyingPartyId: example.org
      authenticationPolicy: p
      userExternalId: ${_initVars["userExternalId"]}
  - activity: passkeyAuthenticationForm
    with: { dataFormName: passkey-authentication, dataFormVersion: 1 }
  - activity: completePasskeyAuthentication
    on:
      - { error: any, then: not-signed-in }
  - end: Signed in
  - end: Not signed in
"#;
/// Requests of each class.
const ROUNDS: usize = 400;
/// Persons of each class.
const PERSONS: usize = 16;
const BOUND: f64 = 4.5;
/// Passkeys of each person who has any.
const PASSKEYS: usize = 4;

/// Nanoseconds on the processor, and nanoseconds that passed.
type Times = [f64; 2];

async fn made(stage: &Stage, path: &str, body: Value) -> Value {
    let answer = stage.call("POST", path, &body.to_string()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    answer.json()
}

/// Names are as long as each other.
fn name(class: &str, number: usize) -> String {
    format!("{}-{number:02}", &class[..1])
}

/// How they sign in.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Passcode,
    Passkey,
}

impl Way {
    /// Gives somebody what they sign in with.
    async fn enrol(self, stage: &Stage, name: &str) {
        if self == Way::Passkey {
            for number in 0..PASSKEYS {
                enrol_passkey(stage, name, number).await;
            }
            return;
        }
        let path = format!("{STORE}/users/{name}/passcodes/registrations/default/ext");
        let started = made(stage, &path, json!({})).await;
        let session = started["sessionId"].as_str().unwrap();
        let path = format!("{STORE}/passcodes/registrations/sessions/{session}");
        let verifier = json!({"verifier": BASE64.encode(&[7; 256])});
        made(stage, &path, json!({"srpRegistrationData": verifier})).await;
    }

    /// The process token of a journey.
    async fn token(self, stage: &Stage) -> String {
        let name = match self {
            Way::Passcode => "passcode-authentication",
            Way::Passkey => {
                let form = include_str!("../../../forms/library/passkey-authentication.json");
                let form = json!({"name": "passkey-authentication", "resource": form,
                    "creationOption": "Save & Deploy"});
                made(stage, "/api/process-manager/customDataForms", form).await;
                let yaml =
                    json!({"data": BASE64.encode(PASSKEY_SIGN_IN.as_bytes()), "type": "YAML"});
                let definition = json!({"name": "by-passkey", "resources": {"yaml": yaml},
                    "creationOption": "Save & Deploy"});
                made(stage, "/api/process-manager/processDefinitions", definition).await;
                "by-passkey"
            }
        };
        let token = json!({"name": "t", "processDefnName": name,
            "processDefnVersion": 1, "status": "ACTIVE", "type": "UNLIMITED"});
        let token = made(stage, "/api/process-manager/processTokens", token).await;
        token["id"].as_str().unwrap().to_owned()
    }

    /// The answer of somebody who guesses. With passkeys they name the true one of those that they are shown, if
    /// there is one.
    fn guess(self, person: &str, step: &Value) -> Value {
        if self == Way::Passcode {
            let proof =
                json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": BASE64.encode(&[1; 32])});
            return json!({"nonce": step["nonce"], "srpVerificationData": proof});
        }
        let options = &step["passkey"]["publicKey"];
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
        let credential = json!({"id": id, "rawId": id, "type": "public-key", "response": response});
        json!({"nonce": step["nonce"], "passkeyResponse": {"credential": credential}})
    }
}

/// The identifier of one of somebody's passkeys.
fn credential_id(name: &str, number: usize) -> [u8; 32] {
    Sha256::digest(format!("{name} {number}")).into()
}

/// Registers the passkey of a test vector, which nobody attests, under another identifier.
async fn enrol_passkey(stage: &Stage, name: &str, number: usize) {
    let vectors = include_str!("../../../identity/src/credential/passkey/tests/w3c-level-3.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let vector = &vectors["vectors"]["none-es256"]["registration"];
    let hex = |member: &str| HEXLOWER.decode(vector[member].as_str().unwrap().as_bytes()).unwrap();
    let path = "passkeys/relyingParties/example.org/registrations/p/ext";
    let challenge = json!({"challenge": BASE64URL_NOPAD.encode(&hex("challenge"))});
    let started = made(stage, &format!("{STORE}/users/{name}/{path}"), challenge).await;
    let (own, mut object) = (credential_id(name, number), hex("attestationObject"));
    let place = object.windows(32).position(|window| window == hex("credential_id")).unwrap();
    object[place..place + 32].copy_from_slice(&own);
    let id = BASE64URL_NOPAD.encode(&own);
    let response = json!({
        "clientDataJSON": BASE64URL_NOPAD.encode(&hex("clientDataJSON")),
        "attestationObject": BASE64URL_NOPAD.encode(&object),
    });
    let credential = json!({"id": id, "rawId": id, "type": "public-key", "response": response});
    let session = started["sessionId"].as_str().unwrap();
    let path = format!("{STORE}/passkeys/registrations/sessions/{session}");
    made(stage, &path, json!({"credential": credential})).await;
}

/// A stage with persons of each class but the unknown.
async fn stage(way: Way) -> Stage {
    let unlimited = ThrottleLimits { source: None, user: None, store: None };
    let stage = Stage::throttled(unlimited).await;
    let policies = json!({"p": {"allowExternalChallenge": true}});
    let relying_party = json!({"relyingPartyId": "example.org",
        "registrationPolicies": policies, "authenticationPolicies": policies});
    made(&stage, &format!("{STORE}/passkeyConfig"), relying_party).await;
    let lock = json!({"configuration": {"userLockConfig": {
        "invalidCountsBeforeTempLock": [100_000], "tempLockDurations": []}}});
    made(&stage, STORE, lock).await;
    for class in &CLASSES[1..] {
        for number in 0..PERSONS {
            let name = name(class, number);
            made(&stage, &format!("{STORE}/users"), json!({"externalId": name})).await;
            if *class == "bare" {
                continue;
            }
            way.enrol(&stage, &name).await;
            if *class == "locked" {
                made(&stage, &format!("{STORE}/users/{name}/lock/ext"), json!({})).await;
            }
        }
    }
    stage
}

/// Time of this thread on the processor, from the kernel's own account.
fn on_processor() -> f64 {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    account.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// An end user's request, and what it took.
async fn timed(stage: &Stage, path: &str, cookie: &str, body: &Value) -> (Answer, Times) {
    let headers = [("content-type", "application/json"), ("cookie", cookie)];
    let body = body.to_string();
    let (processor, passed) = (on_processor(), Instant::now());
    let answer = stage.send("POST", path, &headers, body).await;
    let passed = passed.elapsed().as_nanos() as f64;
    (answer, [on_processor() - processor, passed])
}

/// What of an answer can be compared: status, headers and body without what is random in each.
fn shape(answer: &Answer) -> String {
    let headers: BTreeMap<&str, String> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
        .map(|(name, value)| match name {
            "set-cookie" => (name, value.len().to_string()),
            "x-request-id" => (name, "one of a kind".to_owned()),
            "content-length" => (name, "compared below".to_owned()),
            _ => (name, value.to_owned()),
        })
        .collect();
    fn masked(value: Value) -> Value {
        match value {
            Value::String(text) if text.len() >= 20 => json!(format!("{} letters", text.len())),
            Value::Array(items) => items.into_iter().map(masked).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, masked(value))).collect()
            }
            other => other,
        }
    }
    let (mut json, mut length) = (answer.json(), answer.text.len());
    // Identifiers of credentials are of several lengths, for everybody.
    let shown =
        json.pointer_mut("/passkey/publicKey/allowCredentials").and_then(Value::as_array_mut);
    for credential in shown.into_iter().flatten() {
        length -= credential["id"].take().as_str().map_or(0, str::len);
    }
    format!("{} {headers:?} {length} {}", answer.status, masked(json))
}

/// The times of a start and of a wrong proof.
async fn sign_in(
    stage: &Stage,
    way: Way,
    token: &str,
    person: &str,
    shapes: &mut BTreeSet<String>,
) -> [Times; 2] {
    let path = format!("/api/process-manager/processInstances/create?pt={token}");
    let created = made(stage, &path, json!({"userExternalId": person})).await;
    let instance = created["processInstanceId"].as_str().unwrap();
    let path = format!("/api/process-server/startProcess?tn=demo&pi={instance}");
    let (started, first) = timed(stage, &path, "", &json!({})).await;
    if started.json()["topicName"].is_null() {
        let incidents = stage.call("GET", "/api/process-manager/incidents", "").await;
        panic!("{} {}", started.text, incidents.text);
    }
    shapes.insert(format!("start {}", shape(&started)));
    let cookie = started.header("set-cookie").split(';').next().unwrap().to_owned();
    let step = started.json();
    let path = format!(
        "/api/process-server/processes/{}/businessKeys/{instance}/topicName/{}/continue?tn=demo",
        step["processDefinitionName"].as_str().unwrap(),
        step["topicName"].as_str().unwrap(),
    );
    let body = way.guess(person, &step);
    let (answered, second) = timed(stage, &path, &cookie, &body).await;
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.text);
    shapes.insert(format!("proof {}", shape(&answered)));
    [first, second]
}

/// Welch's t of two samples.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let moments = |sample: &[f64]| {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((mean, error), (other_mean, other_error)) = (moments(one), moments(other));
    (mean - other_mean) / (error + other_error).sqrt()
}

/// The t of each comparison that passes the bound.
async fn leaks(stage: &Stage, way: Way, token: &str) -> Vec<String> {
    let mut times: BTreeMap<(&str, &str, &str), Vec<f64>> = BTreeMap::new();
    let mut shapes = BTreeSet::new();
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..ROUNDS {
        let mut order = CLASSES;
        for place in (1..order.len()).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(place, (dice >> 33) as usize % (place + 1));
        }
        for class in order {
            let person = name(class, round % PERSONS);
            let [start, proof] = sign_in(stage, way, token, &person, &mut shapes).await;
            for (step, [processor, passed]) in [("start", start), ("proof", proof)] {
                times.entry((class, step, "processor")).or_default().push(processor);
                times.entry((class, step, "passed")).or_default().push(passed);
            }
        }
    }
    assert_eq!(shapes.len(), 2, "{shapes:#?}");
    let mut leaks = Vec::new();
    for step in ["start", "proof"] {
        for clock in ["processor", "passed"] {
            let mut pooled: Vec<f64> =
                CLASSES.iter().flat_map(|class| times[&(*class, step, clock)].clone()).collect();
            pooled.sort_by(f64::total_cmp);
            let bound = pooled[pooled.len() * 9 / 10];
            let cropped = |class| {
                let times = times[&(class, step, clock)].iter().copied();
                times.filter(|time| *time <= bound).collect::<Vec<f64>>()
            };
            for class in &CLASSES[1..] {
                let t = welch(&cropped(*class), &cropped("unknown"));
                let mean =
                    |sample: Vec<f64>| sample.iter().sum::<f64>() / sample.len() as f64 / 1e3;
                let (one, other) = (mean(cropped(*class)), mean(cropped("unknown")));
                eprintln!("{step} {clock} {class}: t = {t:.2}, {one:.0} and {other:.0} µs");
                if t.abs() > BOUND {
                    leaks.push(format!("{step} {clock} {class}: t = {t:.2}"));
                }
            }
        }
    }
    leaks
}

/// What leaks in three runs in a row.
async fn lasting_leaks(way: Way) -> Vec<String> {
    let stage = stage(way).await;
    let token = way.token(&stage).await;
    let mut found = Vec::new();
    for _ in 0..3 {
        found = leaks(&stage, way, &token).await;
        if found.is_empty() {
            break;
        }
    }
    found
}

#[tokio::test]
async fn nobody_can_tell_from_a_sign_in_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Passcode).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_sign_in_by_passkey_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Passkey).await, Vec::<String>::new());
}
