//! What browsers report of authentications by passkey that came to nothing, and what is recorded of it.

use serde_json::{Value, json};

use super::passkeys::{Vector, stage};
use super::stage::{Answer, Stage};

const STORE: &str = "/api/identity-store/stores/demo";
const PARTY: &str = "passkeys/relyingParties/example.org";

async fn post(stage: &Stage, path: &str, body: Value) -> Answer {
    stage.call("POST", &format!("{STORE}/{path}"), &body.to_string()).await
}

/// Starts one of the two; gives the path where it is completed.
async fn begin(stage: &Stage, path: &str, kind: &str, half: &str) -> String {
    let challenge = json!({ "challenge": Vector::new().text(half, "challenge") });
    let begun = post(stage, path, challenge).await;
    assert_eq!(begun.status.as_u16(), 201, "{}", begun.text);
    format!("passkeys/{kind}/sessions/{}", begun.json()["sessionId"].as_str().unwrap())
}

/// What is recorded of anna.
async fn recorded(stage: &Stage, answer: &Answer) -> Value {
    let id = answer.json()["authenticationId"].as_str().unwrap().to_owned();
    let path = format!("{STORE}/users/anna/authentications/{id}/ext");
    let answer = stage.call("GET", &path, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let answer = answer.json();
    let record = &answer["authAuditRecord"];
    let mut shown = record["passkeyInfo"].clone();
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("policyName".to_owned(), json!("p"));
        shown.insert("authenticationDtm".to_owned(), record["createdDtm"].clone());
    }
    assert_eq!(answer["authAuditDisplayInfo"]["passkeyAuditInfo"], shown);
    json!([record["type"], record["succeeded"], record["reason"], record["passkeyInfo"]])
}

#[tokio::test]
async fn what_a_browser_could_not_do_has_its_code_and_a_record_and_counts_for_nothing() {
    let stage = stage(false).await;
    let vector = Vector::new();
    let path = format!("users/anna/{PARTY}/registrations/p/ext");
    let session = begin(&stage, &path, "registrations", "registration").await;
    let made = post(&stage, &session, json!({ "credential": vector.made() })).await;
    let passkey = made.json()["passkey"]["id"].clone();
    assert!(passkey.is_string(), "{}", made.text);

    let path = format!("users/anna/{PARTY}/authentications/p/ext");
    let session = begin(&stage, &path, "authentications", "authentication").await;
    let path = format!("{PARTY}/authentications/p");
    let anybodys = begin(&stage, &path, "authentications", "authentication").await;
    for (outcome, code, reason) in [
        ("FAILED", 397, "CLIENT_FAILED"),
        ("CANCELLED", 398, "CLIENT_CANCELLED"),
        ("TIMED_OUT", 403, "CLIENT_TIMED_OUT"),
    ] {
        let failure = json!({ "failure": { "outcome": outcome } });
        let answer = post(&stage, &session, failure.clone()).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["code"]), (400, &json!(code)), "{outcome}");
        assert_eq!(told["user"]["lockInfo"], json!({ "invalidCount": 0 }), "{outcome}");
        let record = recorded(&stage, &answer).await;
        assert_eq!(record, json!(["Passkey", false, reason, null]), "{outcome}");
        let answer = post(&stage, &anybodys, failure).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["code"]), (400, &json!(code)), "{outcome}");
        assert!(told["authenticationId"].is_null() && told["user"].is_null(), "{told}");
    }
    // The session can still be used.
    let used = post(&stage, &session, json!({ "credential": vector.used() })).await;
    assert_eq!(used.status.as_u16(), 200, "{}", used.text);
    let info = json!({ "id": passkey, "relyingPartyId": "example.org" });
    assert_eq!(recorded(&stage, &used).await, json!(["Passkey", true, null, info]));
}
