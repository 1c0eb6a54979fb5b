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
    let stage = Stage::new().await;
    let form = r#"{"title":{"values":{"en":"T"},"type":"title"},"version":"1","components":[
        {"type":"text","label":{"values":{}}},{"type":"hologram","id":"x"}]}"#;
    let paths = ["$.components[0]", "$.components[1]"];
    for (form, paths) in [("{", &[""][..]), (form, &paths[..])] {
        let body = serde_json::json!({ "name": "short", "resource": form });
        let path = "/api/process-manager/customDataForms";
        let refused = stage.call("POST", path, &body.to_string()).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        let errors = refused.json()["errors"].as_array().unwrap().clone();
        for path in paths {
            let found = errors.iter().any(|e| e["path"].as_str().unwrap().starts_with(path));
            assert!(found, "{path}: {errors:?}");
        }
    }
}
