//! What is shown may be sent back as it is, and only what a caller can change changes.

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::passkeys::{Vector, stage};
use super::stage::Stage;

const STORES: &str = "/api/identity-store/stores";
const STORE: &str = "/api/identity-store/stores/demo";
const FORMS: &str = "/api/process-manager/customDataForms";
const DECISIONS: &str = "/api/process-manager/decisions";

async fn post(stage: &Stage, path: &str, body: &Value) -> Value {
    let answer = stage.call("POST", path, &body.to_string()).await;
    assert!(answer.status.is_success(), "{path} {body}: {}", answer.text);
    answer.json()
}

async fn get(stage: &Stage, path: &str) -> Value {
    let answer = stage.call("GET", path, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
    answer.json()
}

/// A stage on which anna has one of everything.
async fn furnished() -> Stage {
    let stage = stage(false).await;
    for (kind, policy) in [("totpPolicy", "app"), ("recoveryCodePolicy", "paper")] {
        post(&stage, &format!("{STORE}/{kind}"), &json!({ "policyName": policy })).await;
    }
    let anna = format!("{STORE}/users/anna");
    let start = format!("{anna}/passcodes/registrations/default/ext");
    let session = post(&stage, &start, &json!({})).await["sessionId"].clone();
    let path = format!("{STORE}/passcodes/registrations/sessions/{}", session.as_str().unwrap());
    let verifier = json!({ "verifier": BASE64.encode(&[7; 256]) });
    post(&stage, &path, &json!({ "srpRegistrationData": verifier })).await;
    post(&stage, &format!("{anna}/totps/registrations/app/ext"), &json!({})).await;
    post(&stage, &format!("{anna}/recoveryCodes/registrations/paper/ext"), &json!({})).await;
    let vector = Vector::new();
    let asked = json!({ "challenge": vector.text("registration", "challenge") });
    let start = format!("{anna}/passkeys/relyingParties/example.org/registrations/p/ext");
    let session = post(&stage, &start, &asked).await["sessionId"].clone();
    let path = format!("{STORE}/passkeys/registrations/sessions/{}", session.as_str().unwrap());
    post(&stage, &path, &json!({ "credential": vector.made() })).await;
    stage
}

/// The only one that a list has, by identifier.
async fn only(stage: &Stage, list: &str) -> String {
    let all = get(stage, list).await;
    assert_eq!(all["content"].as_array().unwrap().len(), 1, "{all}");
    let (path, form) = list.strip_suffix("/ext").map_or((list, ""), |path| (path, "/ext"));
    format!("{path}/{}{form}", all["content"][0]["id"].as_str().unwrap())
}

#[tokio::test]
async fn whatever_is_shown_may_be_sent_back_to_where_it_was_read() {
    let stage = furnished().await;
    let anna = get(&stage, &format!("{STORE}/users/anna/ext")).await;
    let own = format!("{STORE}/users/{}", anna["id"].as_str().unwrap());
    let mut paths = vec![
        STORE.to_owned(),
        format!("{STORE}/passcodePolicy/default"),
        format!("{STORE}/totpPolicy/app"),
        format!("{STORE}/recoveryCodePolicy/paper"),
        format!("{STORE}/passkeyConfig/example.org"),
        own.clone(),
        format!("{STORE}/users/anna/ext"),
    ];
    for kind in ["passcodes", "passkeys", "totps"] {
        paths.push(only(&stage, &format!("{own}/{kind}")).await);
        paths.push(only(&stage, &format!("{STORE}/users/anna/{kind}/ext")).await);
    }
    let untimed = |mut thing: Value| {
        thing["lastUpdatedDtm"] = Value::Null;
        thing
    };
    let mut refused = Vec::new();
    for path in paths {
        let shown = get(&stage, &path).await;
        let answer = stage.call("POST", &path, &shown.to_string()).await;
        if answer.status.as_u16() != 200 {
            refused.push(format!("{path}: {}", answer.json()["detail"]));
        }
        assert_eq!(untimed(get(&stage, &path).await), untimed(shown), "{path}");
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[tokio::test]
async fn whatever_is_shown_may_be_sent_to_make_another_like_it() {
    let stage = furnished().await;
    let text = include_str!("../../../definitions/library/sign-in-risk.dmn");
    let dmn = json!({ "name": "risk", "resource": text });
    post(&stage, DECISIONS, &dmn).await;
    let text = json!({
        "title": { "values": { "en": "T" }, "type": "title" }, "version": "1", "components": [],
    });
    let form = json!({ "name": "like", "resource": text.to_string() });
    post(&stage, FORMS, &form).await;
    for (list, shown, name) in [
        (STORES.to_owned(), STORE.to_owned(), "name"),
        (format!("{STORE}/users"), format!("{STORE}/users/anna/ext"), "externalId"),
        (FORMS.to_owned(), only(&stage, &format!("{FORMS}/like/versions")).await, "name"),
        (DECISIONS.to_owned(), only(&stage, &format!("{DECISIONS}/risk/versions")).await, "name"),
    ] {
        let shown = shown.replace("/like/versions/", "/").replace("/risk/versions/", "/");
        let mut thing = get(&stage, &shown).await;
        thing[name] = json!("another");
        let made = post(&stage, &list, &thing).await;
        assert_ne!(made["id"], thing["id"], "{list}");
        assert_eq!(made[name], "another", "{list}");
    }
    let another = get(&stage, &format!("{STORE}/users/another/ext")).await;
    assert_eq!(another["summaryInfo"]["passkeys"], json!([]), "credentials stay with their user");
}

#[tokio::test]
async fn what_is_shown_of_nothing_is_still_refused() {
    let stage = furnished().await;
    for (path, member) in [
        (format!("{STORE}/users/anna/ext"), "summaryinfo"),
        (format!("{STORE}/users/anna/ext"), "name"),
        (format!("{STORE}/users"), "configuration"),
        (STORE.to_owned(), "summaryInfo"),
    ] {
        let answer = stage.call("POST", &path, &json!({ member: {} }).to_string()).await;
        let told = answer.json();
        assert_eq!(answer.status.as_u16(), 400, "{path} {member}: {told}");
        assert!(told["detail"].as_str().unwrap().contains(member), "{told}");
    }
}

#[tokio::test]
async fn stores_are_filtered_by_a_body_as_by_a_query() {
    let stage = Stage::new().await;
    post(&stage, STORES, &json!({ "name": "other" })).await;
    let names = async |query: &str, body: &str| {
        let answer = stage.call("GET", &format!("{STORES}{query}"), body).await;
        let found = answer.json()["content"].as_array().cloned().unwrap_or_default();
        let names: Vec<_> = found.iter().map(|one| one["name"].as_str().unwrap()).collect();
        format!("{} {}", answer.status.as_u16(), names.join(" "))
    };
    for (query, body, found) in [
        ("", "", "200 demo other"),
        ("", "{}", "200 demo other"),
        ("", r#"{"name":"other"}"#, "200 other"),
        ("", r#"{"name":"o%"}"#, "200 other"),
        ("?name=demo", r#"{"name":"other"}"#, "200 demo"),
        ("", r#"{"nmae":"other"}"#, "400 "),
    ] {
        assert_eq!(names(query, body).await, found, "{query} {body}");
    }
}
