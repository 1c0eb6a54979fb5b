//! Guesses that come too fast: 429 with a time to wait, for whoever guesses and for nobody else.

use data_encoding::BASE64;
use identity::Guess;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::stage::{Answer, Stage};
use crate::source::END_USER_ADDRESS;

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
    complete_for(stage, session, &[]).await
}

/// Completes for the end users at these addresses.
async fn complete_for(stage: &Stage, session: &str, end_users: &[&str]) -> Answer {
    let proof = json!({"clientPublicKey": BASE64.encode(&[9; 256]), "m1": "AAAA"});
    let body = json!({"srpVerificationData": proof}).to_string();
    let path = format!("{STORE}/passcodes/authentications/sessions/{session}");
    let mut headers = vec![("authorization", "Bearer admin"), ("content-type", "application/json")];
    headers.extend(end_users.iter().map(|address| (END_USER_ADDRESS, *address)));
    stage.send("POST", &path, &headers, body).await
}

async fn guess_for(stage: &Stage, name: &str, end_users: &[&str]) -> Answer {
    let path = format!("/users/{name}/passcodes/authentications/default/ext");
    complete_for(stage, &session(&made(stage, &path, json!({})).await), end_users).await
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
        let user = format!("user{number}");
        let guess = Guess { source, end_user: None, by, store_id, user };
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
            let guess = Guess { source: Some(source), end_user: None, by, store_id, user };
            runtime.throttle().count(&guess, runtime.now());
        }
        let now = runtime.throttle().wait_of_source(source, runtime.now());
        runtime.throttle().count(
            &Guess {
                source: Some(source),
                end_user: None,
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

#[tokio::test]
async fn the_end_users_of_a_caller_who_names_them_wait_each_for_themselves() {
    let stage = stage().await;
    for number in 1..=20 {
        let answer = guess_for(&stage, "anna", &["192.0.2.1"]).await;
        assert_eq!(answer.status.as_u16(), 400, "{number}: {}", answer.text);
    }
    #[rustfmt::skip]
    let cases = [
        ("anna", &["192.0.2.1"][..],            429, 2104),
        ("anna", &["::ffff:192.0.2.1"][..],     429, 2104),
        ("anna", &["192.0.2.2"][..],            400, 2615),
        ("anna", &["2001:db8::1"][..],          400, 2615),
        ("anna", &[][..],                       400, 2615),
        ("bert", &["192.0.2.1"][..],            400, 2615),
    ];
    for (name, end_users, status, code) in cases {
        let answer = guess_for(&stage, name, end_users).await;
        let told = (answer.status.as_u16(), answer.json()["code"].as_u64());
        assert_eq!(told, (status, Some(code)), "{name} {end_users:?}: {}", answer.text);
    }
    for wrong in [&[""][..], &["somewhere"], &["192.0.2.1, 192.0.2.2"], &["192.0.2.1", "192.0.2.2"]]
    {
        let answer = guess_for(&stage, "bert", wrong).await;
        assert_eq!(answer.status.as_u16(), 400, "{wrong:?}: {}", answer.text);
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["path"], END_USER_ADDRESS, "{wrong:?}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("one IPv4 or IPv6 address"));
    }
}

#[tokio::test]
async fn nobody_but_a_permitted_caller_says_where_an_end_user_is() {
    let stage = stage().await;
    stage.grant("starter", "demo", &["TNT#demo#ProcessServer:startProcess"]);
    stage.grant("foreign", "other", &["TNT#other#ProcessServer:*"]);
    let (runtime, source) = (stage.app.runtime(), Some("127.0.0.1".parse().unwrap()));
    for number in 0..100 {
        let (by, store_id) = ("end user".to_owned(), "S".to_owned());
        let user = format!("user{number}");
        let guess = Guess { source, end_user: None, by, store_id, user };
        runtime.throttle().count(&guess, runtime.now());
    }
    let path = "/api/process-server/processes/p/businessKeys/B/topicName/t/continue";
    let admin = Some("Bearer admin");
    #[rustfmt::skip]
    let cases = [
        ("no token",            None,                    Some("192.0.2.1"), 429),
        ("a token",             admin,                   None,              429),
        ("both",                admin,                   Some("192.0.2.1"), 404),
        ("no address",          admin,                   Some("here"),      400),
        ("no such permission",  Some("Bearer starter"),  Some("192.0.2.1"), 403),
        ("another tenant",      Some("Bearer foreign"),  Some("192.0.2.1"), 401),
        ("no good token",       Some("Bearer x"),        Some("192.0.2.1"), 401),
        ("no token, nonsense",  None,                    Some("here"),      429),
    ];
    for (who, token, end_user, expected) in cases {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(token.map(|token| ("authorization", token)));
        headers.extend(end_user.map(|address| (END_USER_ADDRESS, address)));
        let answer = stage.send("POST", path, &headers, r#"{"nonce":"N"}"#).await;
        assert_eq!(answer.status.as_u16(), expected, "{who}: {}", answer.text);
    }
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Bearer admin"),
        (END_USER_ADDRESS, "192.0.2.1"),
    ];
    let elsewhere = format!("{path}?tn=other");
    let answer = stage.send("POST", &elsewhere, &headers, r#"{"nonce":"N"}"#).await;
    assert_eq!(answer.status.as_u16(), 403, "another tenant's: {}", answer.text);
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        (END_USER_ADDRESS, "192.0.2.1"),
        ("authorization", "Bearer admin"),
    ];
    let page = stage.send("POST", "/web/journeys/demo/X", &form, "").await;
    assert_eq!(page.status.as_u16(), 429, "a page is for browsers: {}", page.text);
}
