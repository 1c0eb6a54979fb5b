//! Transcripts of process definitions.

use data_encoding::BASE64;
use expect_test::expect;

use super::stage::Stage;

const YAML: &str = "name: short
start: begin
";

fn new_version(text: &str, option: &str) -> String {
    let data = BASE64.encode(text.as_bytes());
    format!(
        r#"POST /api/process-manager/processDefinitions {{"name":"short","resources":{{"yaml":{{"data":"{data}","type":"YAML"}}}},"creationOption":"{option}"}}"#
    )
}

#[tokio::test]
async fn a_definition_with_flaws_is_saved_as_a_draft_and_refused_at_deployment() {
    let mut stage = Stage::new().await;
    let script = format!(
        "{}\n{}\nPOST /api/process-manager/processDefinitions/ID1/status/DEPLOYED_ACTIVE",
        new_version(YAML, "Save & Deploy"),
        new_version(YAML, "Save"),
    );
    stage.play(&script, expect![[r#"
        POST /api/process-manager/processDefinitions {"name":"short","resources":{"yaml":{"data":"bmFtZTogc2hvcnQKc3RhcnQ6IGJlZ2luCg==","type":"YAML"}},"creationOption":"Save & Deploy"}
        422
        {
          "detail": "the process definition has 2 flaws",
          "errors": [
            {
              "message": "a definition needs steps, at least one",
              "path": ""
            },
            {
              "message": "a definition has no key start; it knows name, id, description, defaultLanguage, languages, steps",
              "path": ""
            }
          ],
          "flaws": [
            {
              "element": null,
              "line": 1,
              "message": "a definition needs steps, at least one",
              "rule": "missing-key"
            },
            {
              "element": null,
              "line": 2,
              "message": "a definition has no key start; it knows name, id, description, defaultLanguage, languages, steps",
              "rule": "unknown-key"
            }
          ],
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "about:blank"
        }
        POST /api/process-manager/processDefinitions {"name":"short","resources":{"yaml":{"data":"bmFtZTogc2hvcnQKc3RhcnQ6IGJlZ2luCg==","type":"YAML"}},"creationOption":"Save"}
        201
        {
          "attributes": {},
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "short",
          "processDefinitionId": "ID1",
          "resourceType": "YAML",
          "status": "EDITABLE",
          "tenantId": "demo",
          "version": 1
        }
        POST /api/process-manager/processDefinitions/ID1/status/DEPLOYED_ACTIVE
        422
        {
          "detail": "the process definition has 2 flaws",
          "errors": [
            {
              "message": "a definition needs steps, at least one",
              "path": ""
            },
            {
              "message": "a definition has no key start; it knows name, id, description, defaultLanguage, languages, steps",
              "path": ""
            }
          ],
          "flaws": [
            {
              "element": null,
              "line": 1,
              "message": "a definition needs steps, at least one",
              "rule": "missing-key"
            },
            {
              "element": null,
              "line": 2,
              "message": "a definition has no key start; it knows name, id, description, defaultLanguage, languages, steps",
              "rule": "unknown-key"
            }
          ],
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "about:blank"
        }
    "#]]).await;
}

#[tokio::test]
async fn a_definition_has_versions_that_are_deployed_read_and_deleted() {
    let source = definitions::library::ALL[0].yaml;
    let mut stage = Stage::new().await;
    let script = format!(
        "{}
        GET /api/process-manager/processDefinitions/ID1
        POST /api/process-manager/processDefinitions/ID1/status/DEPLOYED_ACTIVE
        GET /api/process-manager/processDefinitions/short/versions?sort=version,desc
        GET /api/process-manager/processDefinitions?size=1
        DELETE /api/process-manager/processDefinitions/ID1
        GET /api/process-manager/processDefinitions/ID1",
        new_version(source, "Save"),
    );
    stage.play(&script, expect![[r#"
        POST /api/process-manager/processDefinitions {"name":"short","resources":{"yaml":{"data":"IyBTb21lYm9keSBvcGVucyBhIGxpbmsgYW5kIHJlZ2lzdGVycyBhIHBhc3Njb2RlLgppZDogcGFzc2NvZGUtcmVnaXN0cmF0aW9uCm5hbWU6IFBhc3Njb2RlIFJlZ2lzdHJhdGlvbgpkZWZhdWx0TGFuZ3VhZ2U6IGVuCmxhbmd1YWdlczogW2VuLCBkZSwgYXJdCnN0ZXBzOgogIC0gc3RhcnQ6IFN0YXJ0CgogICMgQSBwZXJzb24gd2hvIGNvbWVzIGJhY2sgdG8gdGhlIGxpbmsgaXMga25vd24gYWxyZWFkeSBhbmQgZ29lcyBvbi4KICAtIGFjdGl2aXR5OiBhZGRVc2VyCiAgICBuYW1lOiBBZGQgVXNlcgogICAgd2l0aDoKICAgICAgc3RvcmVOYW1lOiBkZW1vCiAgICAgIHVzZXJFeHRlcm5hbElkOiAke19pbml0VmFyc1sidXNlckV4dGVybmFsSWQiXX0KICAgICAgdXNlcktleTogdXNlcjEKICAgIG9uOgogICAgICAtIHsgZXJyb3I6IEV4dElkTm90VW5pcXVlLCBuYW1lOiBFeHRJZCBOb3QgVW5pcXVlLCB0aGVuOiBzdGFydFBhc3Njb2RlUmVnaXN0cmF0aW9uIH0KICAgICAgLSB7IGVycm9yOiBGYWlsZWRUb0FkZFVzZXIsIG5hbWU6IEZhaWxlZCB0byBhZGQgdGhlIHVzZXIsIHRoZW46IG5vdC1yZWdpc3RlcmVkIH0KCiAgLSBhY3Rpdml0eTogc3RhcnRQYXNzY29kZVJlZ2lzdHJhdGlvbgogICAgbmFtZTogU3RhcnQgUGFzc2NvZGUgUmVnaXN0cmF0aW9uCiAgICB3aXRoOgogICAgICBzdG9yZU5hbWU6IGRlbW8KICAgICAgcGFzc2NvZGVLZXk6IGRlZmF1bHQKICAgICAgdXNlckV4dGVybmFsSWQ6ICR7X2luaXRWYXJzWyJ1c2VyRXh0ZXJuYWxJZCJdfQogICAgICB1c2VyS2V5OiB1c2VyMQogICAgICBwYXNzY29kZVJlZ2lzdHJhdGlvbktleTogcGFzc2NvZGVSZWcxCiAgICBvbjoKICAgICAgLSB7IGVycm9yOiBQYXNzY29kZUFscmVhZHlSZWdpc3RlcmVkLCBuYW1lOiBQYXNzY29kZSBhbHJlYWR5IHJlZ2lzdGVyZWQsIHRoZW46IG5vdC1yZWdpc3RlcmVkIH0KICAgICAgLSB7IGVycm9yOiBhbnksIG5hbWU6IENhbm5vdCBiZSByZWdpc3RlcmVkLCB0aGVuOiBub3QtcmVnaXN0ZXJlZCB9CgogIC0gYWN0aXZpdHk6IHBhc3Njb2RlUmVnaXN0cmF0aW9uRm9ybQogICAgbmFtZTogUGFzc2NvZGUgUmVnaXN0cmF0aW9uIEZvcm0KICAgIHdpdGg6CiAgICAgIGRhdGFGb3JtTmFtZTogcGFzc2NvZGUtcmVnaXN0cmF0aW9uCiAgICAgIGRhdGFGb3JtVmVyc2lvbjogMQogICAgICBmb3JtRGF0YUtleTogcGFzc2NvZGVSZWdGb3JtMQogICAgICBwYXNzY29kZVJlZ2lzdHJhdGlvbktleTogcGFzc2NvZGVSZWcxCiAgICBvbjoKICAgICAgLSB7IHRpbWVyOiBQVDE1TSwgbmFtZTogMTUgbWludXRlcyBoYXZlIHBhc3NlZCwgdGhlbjogbm90LXJlZ2lzdGVyZWQgfQoKICAtIGFjdGl2aXR5OiBjb21wbGV0ZVBhc3Njb2RlUmVnaXN0cmF0aW9uCiAgICBuYW1lOiBDb21wbGV0ZSBQYXNzY29kZSBSZWdpc3RyYXRpb24KICAgIHdpdGg6CiAgICAgIHBhc3Njb2RlUmVnaXN0cmF0aW9uS2V5OiBwYXNzY29kZVJlZzEKICAgIG9uOgogICAgICAtIHsgZXJyb3I6IFBhc3Njb2RlUmVnaXN0cmF0aW9uRmFpbGVkLCBuYW1lOiBQYXNzY29kZSByZWdpc3RyYXRpb24gZmFpbGVkLCB0aGVuOiBzaW1wbGVEZWNpZGVyIH0KCiAgLSBhY3Rpdml0eTogc2ltcGxlRGVjaWRlcgogICAgbmFtZTogU2ltcGxlIERlY2lkZXIKICAgIG91dDoKICAgICAgX2RlY2lzaW9uOiAke2RlY2lzaW9ufQoKICAtIGFjdGl2aXR5OiB3cml0ZVN1bW1hcnlSZXBvcnQKICAgIG5hbWU6IFdyaXRlIFN1bW1hcnkgUmVwb3J0CgogIC0gaWQ6IGRlY2lzaW9uCiAgICBuYW1lOiBSZWdpc3RlcmVkPwogICAgY2hvb3NlOgogICAgICAtIHsgbmFtZTogIlllcyIsIHdoZW46IF9kZWNpc2lvbiA9PSAiUEFTUyIsIHRoZW46IHJlZ2lzdGVyZWQgfQogICAgICAtIHsgbmFtZTogIk5vIiwgb3RoZXJ3aXNlOiBub3QtcmVnaXN0ZXJlZCB9CgogIC0gZW5kOiBSZWdpc3RlcmVkCiAgLSBlbmQ6IE5vdCByZWdpc3RlcmVkCg==","type":"YAML"}},"creationOption":"Save"}
        201
        {
          "attributes": {},
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "short",
          "processDefinitionId": "ID1",
          "resourceType": "YAML",
          "status": "EDITABLE",
          "tenantId": "demo",
          "version": 1
        }
        GET /api/process-manager/processDefinitions/ID1
        200
        {
          "attributes": {},
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "short",
          "processDefinitionId": "ID1",
          "resourceType": "YAML",
          "status": "EDITABLE",
          "tenantId": "demo",
          "version": 1
        }
        POST /api/process-manager/processDefinitions/ID1/status/DEPLOYED_ACTIVE
        200
        {
          "attributes": {},
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "short",
          "processDefinitionId": "ID1",
          "resourceType": "YAML",
          "status": "DEPLOYED_ACTIVE",
          "tenantId": "demo",
          "version": 1
        }
        GET /api/process-manager/processDefinitions/short/versions?sort=version,desc
        200
        {
          "content": [
            {
              "attributes": {},
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "short",
              "processDefinitionId": "ID1",
              "resourceType": "YAML",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 1
            }
          ],
          "page": "page 0 of 1, 1 of 1 items, by version DESC"
        }
        GET /api/process-manager/processDefinitions?size=1
        200
        {
          "content": [
            {
              "attributes": {},
              "createdBy": "System",
              "createdDtm": "2026-01-01T12:00:00Z",
              "lastUpdatedBy": "System",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "passcode-authentication",
              "processDefinitionId": "ID2",
              "processDefinitionType": "AUTHENTICATION",
              "resourceType": "BPMN",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 1
            }
          ],
          "page": "page 0 of 3, 1 of 3 items, by name ASC"
        }
        DELETE /api/process-manager/processDefinitions/ID1
        200
        GET /api/process-manager/processDefinitions/ID1
        404
        {
          "detail": "process definition \"ID1\" does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "about:blank"
        }
    "#]]).await;
}

#[tokio::test]
async fn a_source_is_read_back_as_it_came() {
    let stage = Stage::new().await;
    for (member, media) in [("bpmn", "application/xml"), ("yaml", "application/yaml")] {
        let journey = &definitions::library::ALL[0];
        let source = if member == "bpmn" { journey.bpmn } else { journey.yaml };
        let (data, kind) = (BASE64.encode(source.as_bytes()), member.to_uppercase());
        let body = serde_json::json!({
            "name": member, "description": "x", "serverType": "P1",
            "resources": { member: { "data": data, "type": kind } },
            "processDefinitionType": "VERIFICATION", "attributes": { "searchable": true },
        });
        let path = "/api/process-manager/processDefinitions";
        let saved = stage.call("POST", path, &body.to_string()).await;
        assert_eq!(saved.status.as_u16(), 201, "{}", saved.text);
        let id = saved.json()["processDefinitionId"].as_str().unwrap().to_owned();
        let file = stage.call("GET", &format!("{path}/{id}/bpmnFile"), "").await;
        assert_eq!(file.header("content-type"), media);
        assert_eq!(file.text, source);
    }
}
