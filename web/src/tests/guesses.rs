//! Many guesses at once: each is counted, none is lost to another.

use data_encoding::BASE64;
use futures::future::join_all;
use identity::ThrottleLimits;
use serde_json::{Value, json};

use super::stage::Stage;

const STORE: &str = "/api/identity-store/stores/demo";
const GUESSES: usize = 100;

/// Calls as the administrator and expects this status.
async fn expect(stage: &Stage, method: &str, path: &str, body: &str, status: u16) -> Value {
    let answer = stage.call(method, &format!("{STORE}{path}"), body).await;
    assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_wrong_guesses_at_once_count_a_hundred() {
    let unlimited = ThrottleLimits { source: None, user: None, store: None };
    let stage = Stage::throttled(unlimited).await;
    let lock = json!({"configuration": {"userLockConfig": {
        "invalidCountsBeforeTempLock": [1000], "tempLockDurations": []}}});
    expect(&stage, "POST", "", &lock.to_string(), 200).await;
    expect(&stage, "POST", "/users", r#"{"externalId":"anna"}"#, 201).await;
    let started =
        expect(&stage, "POST", "/users/anna/passcodes/registrations/default/ext", "{}", 201).await;
    let verifier = BASE64.encode(&[7; 256]);
    let body = json!({"srpRegistrationData": {"verifier": verifier}}).to_string();
    let session = started["sessionId"].as_str().unwrap();
    let path = format!("/passcodes/registrations/sessions/{session}");
    expect(&stage, "POST", &path, &body, 200).await;

    let guess = async || {
        let path = "/users/anna/passcodes/authentications/default/ext";
        let started = expect(&stage, "POST", path, "{}", 201).await;
        let session = started["sessionId"].as_str().unwrap();
        let path = format!("/passcodes/authentications/sessions/{session}");
        let proof = json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": "AAAA"});
        let body = json!({"srpVerificationData": proof}).to_string();
        expect(&stage, "POST", &path, &body, 400).await
    };
    let answers = join_all((0..GUESSES).map(|_| guess())).await;
    let mut counts: Vec<u64> = answers
        .iter()
        .map(|answer| answer["user"]["lockInfo"]["invalidCount"].as_u64().unwrap())
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=GUESSES as u64).collect::<Vec<_>>());
    for answer in &answers {
        let record = answer["authenticationId"].as_str().unwrap();
        assert_eq!(record.len(), 26, "{answer}");
    }
}
