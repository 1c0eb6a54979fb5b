//! Transcripts of users, by internal and by external identifier.

use expect_test::expect;
use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn a_user_is_known_by_two_identifiers() {
    Stage::new().await.play(
        r#"
        POST /api/identity-store/stores/demo/users {"externalId":"anna","attributes":{"team":"red"}}
        GET /api/identity-store/stores/demo/users/ID1
        GET /api/identity-store/stores/demo/users/anna/ext
        POST /api/identity-store/stores/demo/users/ID1 {"status":"DISABLED"}
        POST /api/identity-store/stores/demo/users/anna/ext {"externalId":"anna2","attributes":{"team":null}}
        GET /api/identity-store/stores/demo/users?externalId=anna
        DELETE /api/identity-store/stores/demo/users/anna2/ext
        GET /api/identity-store/stores/demo/users/ID1
        GET /api/identity-store/stores/demo/users/anna2/ext
        "#,
        expect![[r#"
            POST /api/identity-store/stores/demo/users {"externalId":"anna","attributes":{"team":"red"}}
            201
            {
              "attributes": {
                "team": "red"
              },
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "externalId": "anna",
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
            GET /api/identity-store/stores/demo/users/ID1
            200
            {
              "attributes": {
                "team": "red"
              },
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "externalId": "anna",
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
            GET /api/identity-store/stores/demo/users/anna/ext
            200
            {
              "attributes": {
                "team": "red"
              },
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "externalId": "anna",
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
            POST /api/identity-store/stores/demo/users/ID1 {"status":"DISABLED"}
            200
            {
              "attributes": {
                "team": "red"
              },
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "externalId": "anna",
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "locale": "en_US",
              "lockInfo": {
                "invalidCount": 0
              },
              "status": "DISABLED",
              "summaryInfo": {
                "passcodes": [],
                "passkeys": [],
                "recoveryCodes": [],
                "totps": []
              },
              "timezone": "US/Eastern"
            }
            POST /api/identity-store/stores/demo/users/anna/ext {"externalId":"anna2","attributes":{"team":null}}
            200
            {
              "attributes": {},
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "externalId": "anna2",
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "locale": "en_US",
              "lockInfo": {
                "invalidCount": 0
              },
              "status": "DISABLED",
              "summaryInfo": {
                "passcodes": [],
                "passkeys": [],
                "recoveryCodes": [],
                "totps": []
              },
              "timezone": "US/Eastern"
            }
            GET /api/identity-store/stores/demo/users?externalId=anna
            200
            {
              "content": [
                {
                  "attributes": {},
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "externalId": "anna2",
                  "id": "ID1",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "locale": "en_US",
                  "lockInfo": {
                    "invalidCount": 0
                  },
                  "status": "DISABLED",
                  "summaryInfo": {
                    "passcodes": [],
                    "passkeys": [],
                    "recoveryCodes": [],
                    "totps": []
                  },
                  "timezone": "US/Eastern"
                }
              ],
              "page": "page 0 of 1, 1 of 1 items, by externalId ASC"
            }
            DELETE /api/identity-store/stores/demo/users/anna2/ext
            200
            GET /api/identity-store/stores/demo/users/ID1
            404
            {
              "code": 500,
              "detail": "user ID1 does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-500"
            }
            GET /api/identity-store/stores/demo/users/anna2/ext
            404
            {
              "code": 503,
              "detail": "a user with the external id anna2 does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-503"
            }
        "#]],
    ).await;
}

#[tokio::test]
async fn a_user_that_cannot_be_is_refused_with_its_code() {
    Stage::new()
        .await
        .play(
            r#"
        POST /api/identity-store/stores/demo/users {"externalId":"anna"}
        POST /api/identity-store/stores/demo/users {"externalId":"anna"}
        POST /api/identity-store/stores/nowhere/users {}
        POST /api/identity-store/stores/demo/users {"timezone":"Moon/Tranquillity"}
        DELETE /api/identity-store/stores/demo/users/nobody
        DELETE /api/identity-store/stores/demo/users/ID1
        "#,
            expect![[r#"
                POST /api/identity-store/stores/demo/users {"externalId":"anna"}
                201
                {
                  "attributes": {},
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "externalId": "anna",
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
                POST /api/identity-store/stores/demo/users {"externalId":"anna"}
                400
                {
                  "code": 504,
                  "detail": "external id anna is not unique",
                  "status": 400,
                  "title": "Bad Request",
                  "type": "/docs#code-504"
                }
                POST /api/identity-store/stores/nowhere/users {}
                404
                {
                  "code": 100,
                  "detail": "identity store nowhere does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-100"
                }
                POST /api/identity-store/stores/demo/users {"timezone":"Moon/Tranquillity"}
                201
                {
                  "attributes": {},
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID2",
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
                  "timezone": "Moon/Tranquillity"
                }
                DELETE /api/identity-store/stores/demo/users/nobody
                404
                {
                  "code": 500,
                  "detail": "user nobody does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-500"
                }
                DELETE /api/identity-store/stores/demo/users/ID1
                200
            "#]],
        )
        .await;
}

#[tokio::test]
async fn a_user_is_added_with_what_is_said_of_them_or_refused_for_it_and_not_there() {
    let stage = Stage::new().await;
    let path = "/api/identity-store/stores/demo/users";
    let cases = [
        (json!({}), (201, json!(["ACTIVE", "en_US", "US/Eastern"]))),
        (
            json!({"status": "PENDING_ACTIVE"}),
            (201, json!(["PENDING_ACTIVE", "en_US", "US/Eastern"])),
        ),
        (json!({"status": "LOCKED", "locale": "de"}), (201, json!(["LOCKED", "de", "US/Eastern"]))),
        (
            json!({"status": "DISABLED", "timezone": "Europe/Berlin"}),
            (201, json!(["DISABLED", "en_US", "Europe/Berlin"])),
        ),
        (json!({"status": "TEMP_LOCKED"}), (400, json!(506))),
        (json!({"status": "ABSENT"}), (400, json!(null))),
        (json!({"locale": "english please"}), (400, json!(505))),
        (json!({"timezone": "an hour ahead"}), (400, json!(505))),
    ];
    let mut there = 0;
    for (body, expected) in cases {
        let answer = stage.call("POST", path, &body.to_string()).await;
        let (status, user) = (answer.status.as_u16(), answer.json());
        let told = match status {
            201 => json!([user["status"], user["locale"], user["timezone"]]),
            _ => user["code"].clone(),
        };
        assert_eq!((status, told), expected, "{body}: {}", answer.text);
        there += u64::from(status == 201);
        let listed = stage.call("GET", path, "").await.json();
        assert_eq!(listed["totalElements"], there, "{body}: {listed}");
    }
}

#[tokio::test]
async fn a_user_who_is_sent_back_as_shown_before_a_lock_stays_locked() {
    let stage = Stage::new().await;
    let users = "/api/identity-store/stores/demo/users";
    let anna = format!("{users}/anna/ext");
    stage.call("POST", users, r#"{"externalId":"anna"}"#).await;
    let shown = stage.call("GET", &anna, "").await;
    assert_eq!(shown.json()["status"], "ACTIVE");
    stage.call("POST", &format!("{users}/anna/lock/ext"), "").await;
    let back = stage.call("POST", &anna, &shown.text).await;
    assert_eq!((back.status.as_u16(), back.json()["code"].as_u64()), (400, Some(506)));
    assert_eq!(stage.call("GET", &anna, "").await.json()["status"], "LOCKED");
}
