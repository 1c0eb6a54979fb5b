//! Transcripts of passcodes that came as hashes of another system.

use expect_test::expect;

use super::stage::{ADMIN, Stage};

const STORE: &str = "/api/identity-store/stores/s";

async fn stage() -> Stage {
    let stage = Stage::new().await;
    let store = r#"{"name":"s","configuration":{"passcodePolicies":{"p":{}}}}"#;
    assert_eq!(stage.call("POST", "/api/identity-store/stores", store).await.status, 201);
    let bearer = format!("Bearer {ADMIN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/jsonl")];
    let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    let file =
        format!(r#"{{"externalId":"bob","passcodes":[{{"policyName":"p","hash":"{hash}"}}]}}"#);
    let answer = stage.send("POST", &format!("{STORE}/import"), &headers, file).await;
    assert!(answer.text.contains(r#""created":1"#), "{}", answer.text);
    stage
}

/// Starts an authentication of bob; its session.
async fn start(stage: &Stage) -> String {
    let path = format!("{STORE}/users/bob/passcodes/authentications/p/ext");
    let started = stage.call("POST", &path, "").await;
    assert_eq!(started.status, 201, "{}", started.text);
    let session = started.json()["sessionId"].as_str().unwrap().to_owned();
    format!("{STORE}/passcodes/authentications/sessions/{session}")
}

const PROOF: &str = r#"{"srpVerificationData":{"clientPublicKey":"Ag==","m1":"AA=="}}"#;

#[tokio::test]
async fn a_hash_is_verified_over_the_lane_and_replaced() {
    let stage = stage().await;
    let path = start(&stage).await;
    let steps = [
        ("", r#"{"passcode":"U*U"}"#, "/passcode"),
        ("", PROOF, "/proof"),
        ("", PROOF, "/proof"),
        ("", r#"{"passcode":"U*U"}"#, "/passcode"),
        ("", r#"{"passcode":"U*U"}"#, "/passcode"),
    ];
    let mut told = String::new();
    for (_, body, step) in steps {
        let answer = stage.call("POST", &format!("{path}{step}"), body).await;
        let json = answer.json();
        told += &format!("{step} {} {}{}\n", answer.status.as_u16(), json["next"], json["code"]);
    }
    let done = stage.call("POST", &path, PROOF).await;
    let json = done.json();
    let passcode = &json["user"]["summaryInfo"]["passcodes"][0];
    let m2 = &json["algorithmInfo"]["parameters"]["m2"];
    told += &format!("{} {m2} {}\n", done.status.as_u16(), passcode["status"]);
    let late = start(&stage).await;
    let closed = stage.call("POST", &format!("{late}/proof"), PROOF).await;
    told += &format!("{} {}\n", closed.status.as_u16(), closed.json()["code"]);
    expect![[r#"
        /passcode 400 null2603
        /proof 200 "PASSCODE"null
        /proof 400 null2603
        /passcode 200 "COMPLETE"null
        /passcode 400 null2603
        200 "" "ACTIVE"
        400 2612
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_wrong_passcode_is_told_at_the_end_alone() {
    let stage = stage().await;
    let path = start(&stage).await;
    let first = stage.call("POST", &format!("{path}/proof"), PROOF).await;
    let second = stage.call("POST", &format!("{path}/passcode"), r#"{"passcode":"wrong"}"#).await;
    assert_eq!(
        (first.text.as_str(), second.text.as_str()),
        (r#"{"next":"PASSCODE"}"#, r#"{"next":"COMPLETE"}"#)
    );
    let done = stage.call("POST", &path, PROOF).await;
    assert_eq!((done.status.as_u16(), &done.json()["code"]), (400, &2615.into()));
    assert_eq!(done.json()["user"]["lockInfo"]["invalidCount"], 1);
}

#[tokio::test]
async fn no_passcode_is_taken_in_the_clear() {
    let stage = stage().await;
    let path = start(&stage).await;
    stage.call("POST", &format!("{path}/proof"), PROOF).await;
    let bearer = format!("Bearer {ADMIN}");
    let mut headers = vec![
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("host", "id.example"),
    ];
    let (path, body) = (format!("{path}/passcode"), r#"{"passcode":"U*U"}"#);
    let refused = stage.send("POST", &path, &headers, body).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &2613.into()));
    headers.pop();
    assert_eq!(stage.send("POST", &path, &headers, body).await.status, 200);
}
