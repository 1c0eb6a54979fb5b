//! Transcripts of imports and exports of users.

use axum::body::Body;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use expect_test::expect;
use futures::stream;
use serde_json::{Value, json};

use super::stage::{ADMIN, Answer, Stage};

const STORE: &str = "/api/identity-store/stores/s";

async fn stage() -> Stage {
    let stage = Stage::new().await;
    let store = r#"{"name":"s","configuration":{"passcodePolicies":{"p":{}}}}"#;
    assert_eq!(stage.call("POST", "/api/identity-store/stores", store).await.status, 201);
    stage
}

async fn import(stage: &Stage, query: &str, body: impl Into<Body>) -> Answer {
    let bearer = format!("Bearer {ADMIN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/jsonl")];
    stage.send("POST", &format!("{STORE}/import{query}"), &headers, body).await
}

/// The last line of an answer.
fn last(answer: &Answer) -> Value {
    serde_json::from_str(answer.text.lines().last().unwrap()).unwrap()
}

#[tokio::test]
async fn users_are_imported_and_the_answer_says_how_far_it_is() {
    let mut stage = stage().await;
    let file = "{\"externalId\":\"bob\",\"attributes\":{\"email\":\"bob@example.org\"}}\n\n{\"externalId\":\"carl\",\"age\":7}\n{\"externalId\":\"dora\"}";
    let answer = import(&stage, "?importId=first", file).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/x-ndjson")
    );
    expect![[r#"
        {"id":"first","status":"OPEN","lines":0,"created":0,"updated":0,"unchanged":0,"failed":0,"createdDtm":"2026-01-01T12:00:00Z","lastUpdatedDtm":"2026-01-01T12:00:00Z","createdBy":"API Key: admin"}
        {"id":"first","status":"COMPLETED","lines":4,"created":2,"updated":0,"unchanged":0,"failed":1,"failures":[{"line":3,"reason":"unknown field, expected one of `id`, `externalId`, `status`, `locale`, `timezone`, `attributes`, `lockedModalities`, `createdDtm`, `passcodes`, `passkeys`, `totps`, `recoveryCodes`"}],"createdDtm":"2026-01-01T12:00:00Z","lastUpdatedDtm":"2026-01-01T12:00:00Z","createdBy":"API Key: admin"}
    "#]].assert_eq(&answer.text);
    let again = last(&import(&stage, "?importId=second", file).await);
    assert_eq!((&again["created"], &again["unchanged"]), (&0.into(), &2.into()));
    stage
        .play(
            r#"
        GET /api/identity-store/stores/s/import/first
        GET /api/identity-store/stores/s/import/third
        GET /api/identity-store/stores/nowhere/import/first
        GET /api/identity-store/stores/s/users?email=bob
        "#,
            expect![[r#"
                GET /api/identity-store/stores/s/import/first
                200
                {
                  "created": 2,
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "failed": 1,
                  "failures": [
                    {
                      "line": 3,
                      "reason": "unknown field, expected one of `id`, `externalId`, `status`, `locale`, `timezone`, `attributes`, `lockedModalities`, `createdDtm`, `passcodes`, `passkeys`, `totps`, `recoveryCodes`"
                    }
                  ],
                  "id": "first",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "lines": 4,
                  "status": "COMPLETED",
                  "unchanged": 0,
                  "updated": 0
                }
                GET /api/identity-store/stores/s/import/third
                404
                {
                  "code": 511,
                  "detail": "there is no import third",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-511"
                }
                GET /api/identity-store/stores/nowhere/import/first
                404
                {
                  "code": 100,
                  "detail": "identity store nowhere does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-100"
                }
                GET /api/identity-store/stores/s/users?email=bob
                200
                {
                  "content": [
                    {
                      "attributes": {
                        "email": "bob@example.org"
                      },
                      "createdBy": "API Key: admin",
                      "createdDtm": "2026-01-01T12:00:00Z",
                      "externalId": "bob",
                      "id": "ID1",
                      "lastUpdatedBy": "API Key: admin",
                      "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                      "locale": "en_US",
                      "lockInfo": {
                        "invalidCount": 0
                      },
                      "status": "ACTIVE",
                      "summaryInfo": {
                        "passcodes": [],
                        "passkeys": [],
                        "recoveryCodes": [],
                        "totps": []
                      },
                      "timezone": "US/Eastern"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by email ASC"
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_is_sent_again() {
    let stage = stage().await;
    let user = |number: u32| format!("{{\"externalId\":\"u{number}\"}}\n");
    let file: String = (1..=600).map(user).collect();
    // The connection breaks in the middle of line 520: what was committed stays.
    let cut: String = (1..520).map(user).collect::<String>() + "{\"extern";
    let parts = [Ok(cut), Err(std::io::Error::other("gone"))];
    let broken =
        last(&import(&stage, "?importId=one", Body::from_stream(stream::iter(parts))).await);
    assert_eq!(
        (&broken["status"], &broken["stopped"]),
        (&"OPEN".into(), &"the body was cut off".into())
    );
    let read = broken["lines"].as_u64().unwrap();
    assert!((250..520).contains(&read), "{read}");
    let whole = last(&import(&stage, "?importId=one", file.clone()).await);
    assert_eq!((&whole["status"], &whole["lines"]), (&"COMPLETED".into(), &600.into()));
    assert_eq!((&whole["created"], &whole["failed"]), (&600.into(), &0.into()));
    let gap = import(&stage, "?importId=one&fromLine=602", file.clone()).await;
    assert_eq!((gap.status.as_u16(), &gap.json()["code"]), (400, &513.into()));
    let other = import(&stage, "?importId=one", user(1) + &user(7)).await;
    assert_eq!(
        (&last(&other)["status"], &last(&other)["stopped"]),
        (
            &"OPEN".into(),
            &"line 2 is another than the one that the import has read, or its user is not there any more; another file has an importId of its own".into()
        )
    );
    let path = format!("{STORE}/import/one");
    assert_eq!(stage.call("GET", &path, "").await.json()["status"], "COMPLETED");
    let more = last(&import(&stage, "?importId=one&fromLine=600", user(600) + &user(601)).await);
    assert_eq!((&more["lines"], &more["created"]), (&601.into(), &601.into()));
}

#[tokio::test]
async fn an_import_that_cannot_begin_is_refused() {
    let stage = stage().await;
    let bearer = format!("Bearer {ADMIN}");
    for (path, media, expected) in [
        ("/import", "application/json", (415, Value::Null)),
        ("/import?importId=a%20b", "application/jsonl", (400, 512.into())),
        ("/import?fromLine=0", "application/jsonl", (400, Value::Null)),
        ("/import?fromLine=2", "application/x-ndjson; charset=utf-8", (400, 513.into())),
        ("/import?from=2", "application/jsonl", (400, Value::Null)),
        ("/../nowhere/import", "application/jsonl", (404, 100.into())),
    ] {
        let headers = [("authorization", bearer.as_str()), ("content-type", media)];
        let path = format!("{STORE}{path}").replace("s/../", "");
        let answer = stage.send("POST", &path, &headers, "{}").await;
        let code = answer.json()["code"].clone();
        let code = if code == 1 { Value::Null } else { code };
        assert_eq!((answer.status.as_u16(), code), expected, "{path} {}", answer.text);
    }
}

#[tokio::test]
async fn an_export_has_secrets_only_for_those_who_may_see_them() {
    let stage = stage().await;
    let policies = json!({ "p": {} });
    let party = json!({ "relyingPartyId": "localhost", "registrationPolicies": policies });
    for (path, body) in [
        ("totpPolicy", json!({ "policyName": "app" })),
        ("recoveryCodePolicy", json!({ "policyName": "codes" })),
        ("passkeyConfig", party),
    ] {
        let answer = stage.call("POST", &format!("{STORE}/{path}"), &body.to_string()).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }
    let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let code = BASE64.encode(&[7; 32]);
    // A COSE_Key of Ed25519; its point is the one that all keys are multiples of.
    let key = [&b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20\x58"[..], &[0x66; 31]].concat();
    let key = BASE64URL_NOPAD.encode(&key);
    let bob = json!({
        "externalId": "bob",
        "passcodes": [{ "policyName": "p", "hash": hash }],
        "totps": [{ "policyName": "app", "secret": secret }],
        "recoveryCodes":
            [{ "policyName": "codes", "id": "A".repeat(26), "hashes": [code], "count": 1 }],
        "passkeys": [{
            "relyingPartyId": "localhost", "credentialId": "AQID", "userHandle": "AQID",
            "publicKey": key,
        }],
    });
    assert_eq!(last(&import(&stage, "", bob.to_string()).await)["created"], 1);
    stage.grant("reader", "demo", &["TNT#demo#IdentityStore:exportUsers"]);
    stage.grant("keeper", "demo", &["TNT#demo#IdentityStore:exportUsersWithPasscodes"]);
    let mut told = Vec::new();
    for (token, path) in [
        ("reader", "/export"),
        ("reader", "/export/withPasscodes"),
        ("keeper", "/export/withPasscodes"),
        ("keeper", "/export"),
    ] {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let answer = stage.send("GET", &format!("{STORE}{path}"), &headers, Body::empty()).await;
        let seen = [hash, secret, &code, &key].map(|part| answer.text.contains(part));
        told.push((answer.status.as_u16(), answer.text.lines().count(), seen));
    }
    let (nothing, public, all) = ([false; 4], [false, false, false, true], [true; 4]);
    assert_eq!(told, [(200, 1, public), (403, 1, nothing), (200, 1, all), (403, 1, nothing)]);
    let statistics = stage.call("GET", "/api/identity-store/stats", "").await.json();
    let events = &statistics["storeStatistics"][0]["events"];
    let all = statistics["storeStatistics"].as_array().unwrap();
    let ours = all.iter().find(|one| one["storeName"] == "s").unwrap_or(events);
    assert_eq!(ours["events"]["STORE_EXPORTED"], 1);
    assert_eq!(ours["events"]["STORE_EXPORTED_WITH_PASSCODES"], 1);
}
