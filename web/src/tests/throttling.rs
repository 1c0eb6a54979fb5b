//! Guesses that come too fast: 429 with a time to wait, for whoever guesses and for nobody else.

use data_encoding::BASE64;
use identity::Guess;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::stage::{Answer, Stage};

const STORE: &str = "/api/identity-store/stores/demo";

/// A stage with the users anna and bert, whose passcode nobody knows, and no locks to speak of.
async fn stage() -> Stage {
    let stage = Stage::new().await;
    let lock = json!({"configuration": {"userLockConfig": {
        "invalidCountsBeforeTempLock": [1000], "tempLockDurations": []}}});
    made(&stage, "", lock).await;
    for name in ["anna", "bert"] {
        made(&stage, "/users", json!({"externalId": name})).await;
        let path = format!("/users/{name}/passcodes/registrations/default/ext");
        let started = made(&stage, &path, json!({})).await;
        let path = format!("/passcodes/registrations/sessions/{}", session(&started));
        let verifier = json!({"verifier": BASE64.encode(&[7; 256])});
        made(&stage, &path, json!({"srpRegistrationData": verifier})).await;
    }
    stage
}

async fn made(stage: &Stage, path: &str, body: Value) -> Value {
    let answer = stage.call("POST", &format!("{STORE}{path}"), &body.to_string()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    answer.json()
}

fn session(started: &Value) -> String {
    started["sessionId"].as_str().unwrap().to_owned()
}

async fn complete(stage: &Stage, session: &str) -> Answer {
    let proof = json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": "AAAA"});
    let body = json!({"srpVerificationData": proof}).to_string();
    let path = format!("{STORE}/passcodes/authentications/sessions/{session}");
    stage.call("POST", &path, &body).await
}

async fn guess(stage: &Stage, name: &str) -> Answer {
    let path = format!("/users/{name}/passcodes/authentications/default/ext");
    complete(stage, &session(&made(stage, &path, json!({})).await)).await
}

#[tokio::test]
async fn who_guesses_too_often_waits_and_is_examined_again_later() {
    let stage = stage().await;
    for number in 1..=20 {
        let answer = guess(&stage, "anna").await;
        assert_eq!(answer.status.as_u16(), 400, "{number}: {}", answer.text);
    }
    let path = "/users/anna/passcodes/authentications/default/ext";
    let held = session(&made(&stage, path, json!({})).await);
    let answer = complete(&stage, &held).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "30"));
    assert_eq!(answer.json()["code"], 2104);
    assert_eq!(guess(&stage, "bert").await.status.as_u16(), 400, "another user");

    stage.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(complete(&stage, &held).await.header("retry-after"), "1");
    stage.clock.advance(SignedDuration::from_secs(1));
    let answer = complete(&stage, &held).await;
    assert_eq!(answer.status.as_u16(), 400, "the session is still good: {}", answer.text);
    let count = &answer.json()["user"]["lockInfo"]["invalidCount"];
    assert_eq!(count, 21, "what was not examined did not count");
}

#[tokio::test]
async fn an_end_user_from_where_too_much_failed_is_told_when_to_come_again() {
    let stage = stage().await;
    let runtime = stage.app.runtime();
    let source = Some("127.0.0.1".parse().unwrap());
    for number in 0..100 {
        let (by, store_id) = ("end user".to_owned(), "S".to_owned());
        let guess = Guess { source, by, store_id, user: format!("user{number}") };
        runtime.throttle().count(&guess, runtime.now());
    }
    let json = [("content-type", "application/json")];
    let path = "/api/process-server/processes/p/businessKeys/B/topicName/t/continue";
    let answer = stage.send("POST", path, &json, r#"{"nonce":"N"}"#).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "5"));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let page = stage.send("POST", "/web/journeys/demo/X", &form, "").await;
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (429, "5"));
    assert!(page.text.contains("Please wait a moment"), "{}", page.text);
    let elsewhere = [json[0], ("x-forwarded-for", "198.51.100.1")];
    let answer = stage.send("POST", path, &elsewhere, r#"{"nonce":"N"}"#).await;
    assert_eq!(answer.status.as_u16(), 429, "nobody is believed who is no trusted proxy");
    stage.clock.advance(SignedDuration::from_secs(5));
    let answer = stage.send("POST", path, &json, r#"{"nonce":"N"}"#).await;
    assert_eq!(answer.status.as_u16(), 404, "{}", answer.text);
}

#[tokio::test]
async fn a_guess_fills_the_same_bucket_whether_there_is_such_a_user_or_not() {
    let mut waits = Vec::new();
    for person in ["anna", "nobody"] {
        let stage = stage().await;
        let token = json!({"name": "t", "processDefnName": "passcode-authentication",
            "processDefnVersion": 1, "status": "ACTIVE", "type": "UNLIMITED"});
        let path = "/api/process-manager/processTokens";
        let token = stage.call("POST", path, &token.to_string()).await.json();
        let path = format!(
            "{}/create?pt={}",
            "/api/process-manager/processInstances",
            token["id"].as_str().unwrap()
        );
        let created =
            stage.call("POST", &path, &json!({"userExternalId": person}).to_string()).await;
        let instance = created.json()["processInstanceId"].as_str().unwrap().to_owned();
        let json_header = ("content-type", "application/json");
        let path = format!("/api/process-server/startProcess?tn=demo&pi={instance}");
        let started = stage.send("POST", &path, &[json_header], "{}").await;
        let cookie = started.header("set-cookie").split(';').next().unwrap().to_owned();
        let step = started.json();
        let path = format!(
            "/api/process-server/processes/passcode-authentication/businessKeys/{instance}/topicName/{}/continue?tn=demo",
            step["topicName"].as_str().unwrap(),
        );
        let proof = json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": "AAAA"});
        let body = json!({"nonce": step["nonce"], "srpVerificationData": proof}).to_string();
        let answer = stage.send("POST", &path, &[json_header, ("cookie", &cookie)], body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        let (runtime, source) = (stage.app.runtime(), "127.0.0.1".parse().unwrap());
        // As many more as fill the bucket but for one, so that a second count would show.
        for number in 0..98 {
            let user = format!("user{number}");
            let (by, store_id) = ("end user".to_owned(), "S".to_owned());
            let guess = Guess { source: Some(source), by, store_id, user };
            runtime.throttle().count(&guess, runtime.now());
        }
        let now = runtime.throttle().wait_of_source(source, runtime.now());
        runtime.throttle().count(
            &Guess {
                source: Some(source),
                by: String::new(),
                store_id: String::new(),
                user: String::new(),
            },
            runtime.now(),
        );
        waits.push((now, runtime.throttle().wait_of_source(source, runtime.now())));
    }
    assert_eq!(waits, [(None, Some(std::time::Duration::from_secs(5))); 2]);
}
