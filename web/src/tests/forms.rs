//! Transcripts of custom data forms.

use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn a_form_has_versions_that_are_deployed_and_read() {
    Stage::new().await.play(
        r#"
        POST /api/process-manager/customDataForms {"name":"short","description":"x","version":1,"status":"EDITABLE","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}"}
        POST /api/process-manager/customDataForms/ID1/status/DEPLOYED_ACTIVE
        GET /api/process-manager/customDataForms/ID1
        POST /api/process-manager/customDataForms {"name":"short","creationOption":"Save & Deploy","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}"}
        GET /api/process-manager/customDataForms/short/versions?page=0&size=1&sort=version,desc
        GET /api/process-manager/customDataForms?size=1
        "#,
        expect![[r#"
            POST /api/process-manager/customDataForms {"name":"short","description":"x","version":1,"status":"EDITABLE","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}"}
            201
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": "x",
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "short",
              "resource": "{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}",
              "status": "EDITABLE",
              "tenantId": "demo",
              "version": 1
            }
            POST /api/process-manager/customDataForms/ID1/status/DEPLOYED_ACTIVE
            200
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": "x",
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "short",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 1
            }
            GET /api/process-manager/customDataForms/ID1
            200
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "description": "x",
              "id": "ID1",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "short",
              "resource": "{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 1
            }
            POST /api/process-manager/customDataForms {"name":"short","creationOption":"Save & Deploy","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}"}
            201
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "id": "ID2",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "short",
              "resource": "{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[],\"version\":\"1\"}",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 2
            }
            GET /api/process-manager/customDataForms/short/versions?page=0&size=1&sort=version,desc
            200
            {
              "content": [
                {
                  "createdBy": "API Key: admin",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID2",
                  "lastUpdatedBy": "API Key: admin",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "short",
                  "status": "DEPLOYED_ACTIVE",
                  "tenantId": "demo",
                  "version": 2
                }
              ],
              "page": "page 0 of 2, 1 of 2 items, by version DESC"
            }
            GET /api/process-manager/customDataForms?size=1
            200
            {
              "content": [
                {
                  "createdBy": "System",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID3",
                  "lastUpdatedBy": "System",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "passcode-authentication",
                  "status": "DEPLOYED_ACTIVE",
                  "tenantId": "demo",
                  "version": 1
                }
              ],
              "page": "page 0 of 3, 1 of 3 items, by name ASC"
            }
        "#]],
    ).await;
}

#[tokio::test]
async fn a_form_with_flaws_is_refused_with_all_of_them() {
    Stage::new().await.play(
        r#"
        POST /api/process-manager/customDataForms {"name":"short","resource":"{"}
        POST /api/process-manager/customDataForms {"name":"short","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[{\"type\":\"text\",\"label\":{\"values\":{}}},{\"type\":\"hologram\",\"id\":\"x\"}],\"version\":\"1\"}"}
        GET /api/process-manager/customDataForms/nothing
        "#,
        expect![[r#"
            POST /api/process-manager/customDataForms {"name":"short","resource":"{"}
            422
            {
              "detail": "the custom data form has 1 flaws",
              "errors": [
                {
                  "message": "this is not JSON: EOF while parsing an object at line 1 column 1",
                  "path": "$"
                }
              ],
              "status": 422,
              "title": "Unprocessable Entity",
              "type": "about:blank"
            }
            POST /api/process-manager/customDataForms {"name":"short","resource":"{\"title\":{\"values\":{\"en\":\"T\"},\"type\":\"title\"},\"components\":[{\"type\":\"text\",\"label\":{\"values\":{}}},{\"type\":\"hologram\",\"id\":\"x\"}],\"version\":\"1\"}"}
            422
            {
              "detail": "the custom data form has 3 flaws",
              "errors": [
                {
                  "message": "a field needs an id of 1 to 100 characters, without blanks",
                  "path": "$.components[0].id"
                },
                {
                  "message": "a field needs a label with a text in at least one language",
                  "path": "$.components[0].label"
                },
                {
                  "message": "no component is of type `hologram`",
                  "path": "$.components[1].type"
                }
              ],
              "status": 422,
              "title": "Unprocessable Entity",
              "type": "about:blank"
            }
            GET /api/process-manager/customDataForms/nothing
            404
            {
              "detail": "custom data form \"nothing\" does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "about:blank"
            }
        "#]],
    ).await;
}
