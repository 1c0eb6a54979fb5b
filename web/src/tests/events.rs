//! Transcripts of events, statistics, limits and the audit.

use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn events_are_queried_in_three_steps() {
    let mut stage = Stage::new().await;
    let start = stage.call("POST", "/api/identity-store/stores", r#"{"name":"store1"}"#).await;
    assert_eq!(start.status, 201);
    let query = r#"{"storeName":"store1","eventType":"STORE_ADDED"}"#;
    let start = stage.call("POST", "/api/identity-store/events/queries/start", query).await;
    assert_eq!(start.status, 201);
    let id = start.json().as_str().unwrap().to_owned();
    let path = format!("/api/identity-store/events/queries/{id}");
    let status = stage.call("GET", &format!("{path}/status"), "").await.json();
    assert_eq!(status, "QUEUED");
    stage.app.runtime().move_clock(&tick()).await.unwrap();
    let status = stage.call("GET", &format!("{path}/status"), "").await.json();
    assert_eq!(status, "SUCCEEDED");
    let script = format!(
        "GET {path}/result
         GET {path}/result?nextToken=x
         GET /api/identity-store/events/queries/x/status
         GET /api/identity-store/events/queries/x/result
         POST /api/identity-store/events/queries/start {{\"sort\":\"colour\"}}
         GET /api/identity-store/events/queries/ID4/status
         GET /api/identity-store/events/queries/ID4/result"
    );
    stage.play(&script, expect![[r#"
        GET /api/identity-store/events/queries/ID1/result
        200
        {
          "events": [
            {
              "createDtm": "2026-01-01T12:00:00Z",
              "createdBy": "API Key: admin",
              "eventType": "STORE_ADDED",
              "id": "ID2",
              "storeName": "store1",
              "storeid": "ID3"
            }
          ]
        }
        GET /api/identity-store/events/queries/ID1/result?nextToken=x
        400
        {
          "code": 824,
          "detail": "there are no results: the token is no token",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-824"
        }
        GET /api/identity-store/events/queries/x/status
        400
        {
          "code": 823,
          "detail": "the query x of events is unknown or forgotten",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-823"
        }
        GET /api/identity-store/events/queries/x/result
        400
        {
          "code": 824,
          "detail": "there are no results: the execution is unknown or forgotten",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-824"
        }
        POST /api/identity-store/events/queries/start {"sort":"colour"}
        201
        "ID4"
        GET /api/identity-store/events/queries/ID4/status
        400
        {
          "code": 825,
          "detail": "events cannot be sorted by colour: a column is createDtm, storeName, eventType or reason, then ,asc or ,desc",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-825"
        }
        GET /api/identity-store/events/queries/ID4/result
        400
        {
          "code": 824,
          "detail": "there are no results: the execution has not succeeded",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-824"
        }
    "#]]).await;
}

#[tokio::test]
async fn limits_hold_and_statistics_tell_them() {
    Stage::new()
        .await
        .play(
            r#"
        POST /api/identity-store/limits {"maximumStores":2,"maximumUsers":1}
        POST /api/identity-store/stores {"name":"store1"}
        POST /api/identity-store/stores {"name":"store2"}
        POST /api/identity-store/stores/store1/users {}
        POST /api/identity-store/stores/store1/users {}
        GET /api/identity-store/stats
        "#,
            expect![[r#"
                POST /api/identity-store/limits {"maximumStores":2,"maximumUsers":1}
                200
                {
                  "maximumPasskeysPerUser": 20,
                  "maximumStores": 2,
                  "maximumUsers": 1
                }
                POST /api/identity-store/stores {"name":"store1"}
                201
                {
                  "configuration": {
                    "defaultUserLocale": "en_US",
                    "defaultUserStatus": "ACTIVE",
                    "defaultUserTimezone": "US/Eastern",
                    "faceAuthenticationConfig": {
                      "auditDuration": "PT720H",
                      "storeAudit": true
                    },
                    "userLockConfig": {
                      "externalLockManagement": false,
                      "invalidCountsBeforeTempLock": [
                        3,
                        6,
                        9
                      ],
                      "mode": "USER_ONLY",
                      "tempLockDurations": [
                        "PT5M",
                        "PT5M"
                      ]
                    }
                  },
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID1",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "store1"
                }
                POST /api/identity-store/stores {"name":"store2"}
                400
                {
                  "code": 103,
                  "detail": "there may be at most 2 identity stores",
                  "status": 400,
                  "title": "Bad Request",
                  "type": "/docs#code-103"
                }
                POST /api/identity-store/stores/store1/users {}
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
                  "timezone": "US/Eastern"
                }
                POST /api/identity-store/stores/store1/users {}
                400
                {
                  "code": 507,
                  "detail": "there may be at most 1 users in all identity stores",
                  "status": 400,
                  "title": "Bad Request",
                  "type": "/docs#code-507"
                }
                GET /api/identity-store/stats
                200
                {
                  "limits": {
                    "maximumPasskeysPerUser": 20,
                    "maximumStores": 2,
                    "maximumUsers": 1
                  },
                  "storeStatistics": [
                    {
                      "events": {
                        "STORE_ADDED": 1
                      },
                      "storeId": "ID3",
                      "storeName": "demo",
                      "users": {
                        "added": 0,
                        "deleted": 0,
                        "present": 0
                      }
                    },
                    {
                      "events": {
                        "STORE_ADDED": 1,
                        "USER_ADDED": 1
                      },
                      "storeId": "ID1",
                      "storeName": "store1",
                      "users": {
                        "added": 1,
                        "deleted": 0,
                        "present": 1
                      }
                    }
                  ],
                  "stores": {
                    "added": 2,
                    "deleted": 0,
                    "present": 2
                  },
                  "users": {
                    "added": 1,
                    "deleted": 0,
                    "present": 1
                  }
                }
            "#]],
        )
        .await;
}

fn tick() -> runtime::ClockMove {
    runtime::ClockMove { advance: Some("PT1S".to_owned()), to: None }
}
