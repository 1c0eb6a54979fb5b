//! Transcripts of identity stores.

use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn a_store_is_created_changed_listed_and_deleted() {
    Stage::new()
        .await
        .play(
            r#"
        POST /api/identity-store/stores {"name":"store1","description":"Example store"}
        GET /api/identity-store/stores/store1
        POST /api/identity-store/stores/store1 {"description":"Updated"}
        GET /api/identity-store/stores?name=store1
        DELETE /api/identity-store/stores/store1
        GET /api/identity-store/stores/store1
        "#,
            expect![[r#"
                POST /api/identity-store/stores {"name":"store1","description":"Example store"}
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
                  "description": "Example store",
                  "id": "ID1",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "store1"
                }
                GET /api/identity-store/stores/store1
                200
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
                  "description": "Example store",
                  "id": "ID1",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "store1"
                }
                POST /api/identity-store/stores/store1 {"description":"Updated"}
                200
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
                  "description": "Updated",
                  "id": "ID1",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "store1"
                }
                GET /api/identity-store/stores?name=store1
                200
                {
                  "content": [
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
                      "description": "Updated",
                      "id": "ID1",
                      "lastUpdatedBy": "API Key: admin",
                      "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                      "name": "store1"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by name ASC"
                }
                DELETE /api/identity-store/stores/store1
                200
                GET /api/identity-store/stores/store1
                404
                {
                  "code": 100,
                  "detail": "identity store store1 does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-100"
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn a_store_that_cannot_be_is_refused_with_its_code() {
    Stage::new().await.play(
        r#"
        POST /api/identity-store/stores {"name":"demo"}
        POST /api/identity-store/stores {"name":""}
        POST /api/identity-store/stores {"name":"x","configuration":{"userLockConfig":{"invalidCountsBeforeTempLock":[3,2]}}}
        POST /api/identity-store/stores/nowhere {"description":"x"}
        DELETE /api/identity-store/stores/nowhere
        "#,
        expect![[r#"
            POST /api/identity-store/stores {"name":"demo"}
            400
            {
              "code": 101,
              "detail": "identity store demo exists already",
              "status": 400,
              "title": "Bad Request",
              "type": "/docs#code-101"
            }
            POST /api/identity-store/stores {"name":""}
            400
            {
              "code": 102,
              "detail": "the identity store is not usable: name: a name has 1 to 100 characters",
              "errors": [
                {
                  "message": "a name has 1 to 100 characters",
                  "path": "name"
                }
              ],
              "status": 400,
              "title": "Bad Request",
              "type": "/docs#code-102"
            }
            POST /api/identity-store/stores {"name":"x","configuration":{"userLockConfig":{"invalidCountsBeforeTempLock":[3,2]}}}
            400
            {
              "code": 102,
              "detail": "the identity store is not usable: configuration.userLockConfig.invalidCountsBeforeTempLock: the counts are more than 0 and grow",
              "errors": [
                {
                  "message": "the counts are more than 0 and grow",
                  "path": "configuration.userLockConfig.invalidCountsBeforeTempLock"
                }
              ],
              "status": 400,
              "title": "Bad Request",
              "type": "/docs#code-102"
            }
            POST /api/identity-store/stores/nowhere {"description":"x"}
            404
            {
              "code": 100,
              "detail": "identity store nowhere does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-100"
            }
            DELETE /api/identity-store/stores/nowhere
            404
            {
              "code": 100,
              "detail": "identity store nowhere does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-100"
            }
        "#]],
    ).await;
}

#[tokio::test]
async fn a_page_has_the_documented_frame() {
    let stage = Stage::new().await;
    let mut page = stage.call("GET", "/api/identity-store/stores?size=5", "").await.json();
    page["content"].take();
    expect![[r#"
        {
          "content": null,
          "empty": false,
          "first": true,
          "last": true,
          "number": 0,
          "numberOfElements": 1,
          "pageable": {
            "offset": 0,
            "pageNumber": 0,
            "pageSize": 5,
            "paged": true,
            "sort": [
              {
                "ascending": true,
                "direction": "ASC",
                "ignoreCase": false,
                "nullHandling": "NATIVE",
                "property": "name"
              }
            ],
            "unpaged": false
          },
          "size": 5,
          "sort": [
            {
              "ascending": true,
              "direction": "ASC",
              "ignoreCase": false,
              "nullHandling": "NATIVE",
              "property": "name"
            }
          ],
          "totalElements": 1,
          "totalPages": 1
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&page).unwrap());
}
