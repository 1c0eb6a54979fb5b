//! Transcripts of process tokens.

use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn a_token_is_created_read_listed_invalidated_and_deleted() {
    Stage::new().await.play(
        r#"
        POST /api/process-manager/processTokens {"name":"door","processDefnName":"passcode-registration","status":"ACTIVE","type":"MULTI_USE_COUNT_LIMITED","maxCount":1,"parameters":{"firstName":"Anna"}}
        POST /api/process-manager/processInstances/create?pt=ID1 {}
        POST /api/process-manager/processInstances/create?pt=ID1 {}
        GET /api/process-manager/processTokens/ID1
        PUT /api/process-manager/processTokens/ID1
        DELETE /api/process-manager/processTokens/ID1
        GET /api/process-manager/processTokens/ID1
        GET /api/process-manager/processTokens?size=1&page=7
        "#,
        expect![[r#"
            POST /api/process-manager/processTokens {"name":"door","processDefnName":"passcode-registration","status":"ACTIVE","type":"MULTI_USE_COUNT_LIMITED","maxCount":1,"parameters":{"firstName":"Anna"}}
            201
            {
              "counter": 0,
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": null,
              "forTest": false,
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "maxCount": 1,
              "maxProcessDuration": "PT48H",
              "name": "door",
              "notAfterDtm": null,
              "notBeforeDtm": null,
              "parameters": {
                "firstName": "Anna"
              },
              "processDefnName": "passcode-registration",
              "processDefnVersion": 1,
              "startProcessAddress": "http://localhost:8080/api/process-manager/processInstances?tn=demo&pt=ID1",
              "status": "ACTIVE",
              "tenantId": "demo",
              "type": "MULTI_USE_COUNT_LIMITED",
              "uiUrl": null
            }
            POST /api/process-manager/processInstances/create?pt=ID1 {}
            201
            {
              "processInstanceId": "ID2",
              "redirectUrl": "http://localhost:8080/web/trustweb?ps=http%3A%2F%2Flocalhost%3A8080%2Fapi%2Fprocess-server%2FstartProcess%3Ftn%3Ddemo%26pi%3DID2"
            }
            POST /api/process-manager/processInstances/create?pt=ID1 {}
            400
            {
              "code": 2903,
              "detail": "process token: it is used up",
              "status": 400,
              "title": "Bad Request",
              "type": "/docs#code-2903"
            }
            GET /api/process-manager/processTokens/ID1
            200
            {
              "counter": 1,
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": null,
              "forTest": false,
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "maxCount": 1,
              "maxProcessDuration": "PT48H",
              "name": "door",
              "notAfterDtm": null,
              "notBeforeDtm": null,
              "parameters": {
                "firstName": "Anna"
              },
              "processDefnName": "passcode-registration",
              "processDefnVersion": 1,
              "startProcessAddress": "http://localhost:8080/api/process-manager/processInstances?tn=demo&pt=ID1",
              "status": "ACTIVE",
              "tenantId": "demo",
              "type": "MULTI_USE_COUNT_LIMITED",
              "uiUrl": null
            }
            PUT /api/process-manager/processTokens/ID1
            200
            {
              "counter": 1,
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": null,
              "forTest": false,
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "maxCount": 1,
              "maxProcessDuration": "PT48H",
              "name": "door",
              "notAfterDtm": null,
              "notBeforeDtm": null,
              "parameters": {
                "firstName": "Anna"
              },
              "processDefnName": "passcode-registration",
              "processDefnVersion": 1,
              "startProcessAddress": "http://localhost:8080/api/process-manager/processInstances?tn=demo&pt=ID1",
              "status": "INACTIVE",
              "tenantId": "demo",
              "type": "MULTI_USE_COUNT_LIMITED",
              "uiUrl": null
            }
            DELETE /api/process-manager/processTokens/ID1
            200
            GET /api/process-manager/processTokens/ID1
            404
            {
              "detail": "process token \"ID1\" does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "about:blank"
            }
            GET /api/process-manager/processTokens?size=1&page=7
            200
            {
              "content": [],
              "page": "page 7 of 2, 0 of 2 items, by id ASC"
            }
        "#]],
    ).await;
}

#[tokio::test]
async fn a_token_that_cannot_be_is_refused() {
    Stage::new().await.play(
        r#"
        POST /api/process-manager/processTokens {"name":"door","processDefnName":"nowhere","status":"ACTIVE","type":"UNLIMITED"}
        POST /api/process-manager/processTokens {"name":"door","processDefnName":"passcode-registration","status":"ACTIVE","type":"MULTI_USE_COUNT_LIMITED"}
        POST /api/process-manager/processTokens {"name":"passcode-registration","processDefnName":"passcode-registration","status":"ACTIVE","type":"UNLIMITED"}
        POST /api/process-manager/processInstances/create?pt=nothing {}
        "#,
        expect![[r#"
            POST /api/process-manager/processTokens {"name":"door","processDefnName":"nowhere","status":"ACTIVE","type":"UNLIMITED"}
            400
            {
              "detail": "processDefnName: no deployed process definition \"nowhere\"",
              "errors": [
                {
                  "message": "no deployed process definition \"nowhere\"",
                  "path": "processDefnName"
                }
              ],
              "status": 400,
              "title": "Bad Request",
              "type": "about:blank"
            }
            POST /api/process-manager/processTokens {"name":"door","processDefnName":"passcode-registration","status":"ACTIVE","type":"MULTI_USE_COUNT_LIMITED"}
            400
            {
              "detail": "maxCount: goes with type MULTI_USE_COUNT_LIMITED and is required there",
              "errors": [
                {
                  "message": "goes with type MULTI_USE_COUNT_LIMITED and is required there",
                  "path": "maxCount"
                }
              ],
              "status": 400,
              "title": "Bad Request",
              "type": "about:blank"
            }
            POST /api/process-manager/processTokens {"name":"passcode-registration","processDefnName":"passcode-registration","status":"ACTIVE","type":"UNLIMITED"}
            400
            {
              "detail": "name: a token \"passcode-registration\" exists",
              "errors": [
                {
                  "message": "a token \"passcode-registration\" exists",
                  "path": "name"
                }
              ],
              "status": 400,
              "title": "Bad Request",
              "type": "about:blank"
            }
            POST /api/process-manager/processInstances/create?pt=nothing {}
            404
            {
              "detail": "process token \"nothing\" does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "about:blank"
            }
        "#]],
    ).await;
}
