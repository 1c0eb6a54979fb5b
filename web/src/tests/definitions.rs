//! Transcripts of process definitions.

use data_encoding::BASE64;
use expect_test::expect;

use super::stage::Stage;

/// A definition that lacks everything and has something that nobody knows.
const FLAWED: &str = "name: short\nstart: begin\n";

fn new_version(text: &str, option: &str) -> String {
    let data = BASE64.encode(text.as_bytes());
    format!(
        r#"POST /api/process-manager/processDefinitions {{"name":"short","resources":{{"yaml":{{"data":"{data}","type":"YAML"}}}},"creationOption":"{option}"}}"#
    )
}

#[tokio::test]
async fn a_definition_with_flaws_is_saved_as_a_draft_and_refused_at_deployment() {
    let stage = Stage::new().await;
    let save = |option: &str| {
        let line = new_version(FLAWED, option);
        line.splitn(3, ' ').nth(2).unwrap().to_owned()
    };
    let path = "/api/process-manager/processDefinitions";
    let refused = stage.call("POST", path, &save("Save & Deploy")).await;
    let draft = stage.call("POST", path, &save("Save")).await;
    assert_eq!((draft.status.as_u16(), &draft.json()["status"]), (201, &"EDITABLE".into()));
    let id = draft.json()["processDefinitionId"].as_str().unwrap().to_owned();
    let deploy = format!("{path}/{id}/status/DEPLOYED_ACTIVE");
    for answer in [refused, stage.call("POST", &deploy, "").await] {
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text);
        let problem = answer.json();
        let flaws = problem["flaws"].as_array().unwrap();
        assert!(flaws.len() > 1 && problem["errors"].as_array().unwrap().len() == flaws.len());
        for flaw in flaws {
            assert!(flaw["rule"].is_string() && flaw["message"].is_string(), "{flaw}");
            assert!(flaw["line"].is_u64(), "{flaw}");
        }
    }
}

/// A definition that is well-formed and may get stuck.
const UNSOUND: &str = "name: short
steps:
  - { id: which, choose: [{ when: a, then: left }, { otherwise: right }] }
  - { do: nothing, id: left, then: both }
  - { do: nothing, id: right }
  - { id: both, parallel: end }
";

#[tokio::test]
async fn a_definition_that_is_not_sound_is_deployed_with_warnings_and_refused_when_strict() {
    let stage = Stage::new().await;
    let path = "/api/process-manager/processDefinitions";
    let line = new_version(UNSOUND, "Save & Deploy");
    let lax = line.splitn(3, ' ').nth(2).unwrap();
    let strict = lax.replacen('{', r#"{"strict":true,"#, 1);
    let deployed = stage.call("POST", path, lax).await;
    assert_eq!(deployed.status.as_u16(), 201, "{}", deployed.text);
    let warning = &deployed.json()["warnings"][0];
    assert_eq!((&warning["rule"], &warning["element"]), (&"deadlock".into(), &"both".into()));
    assert_eq!(warning["path"][0]["element"], "start");
    let id = deployed.json()["processDefinitionId"].as_str().unwrap().to_owned();
    let deploy = format!("{path}/{id}/status/DEPLOYED_ACTIVE");
    let again = stage.call("POST", &deploy, "").await;
    assert_eq!((again.status.as_u16(), &again.json()["warnings"][0]), (200, warning));
    let refused = stage.call("POST", path, &strict).await;
    for answer in [refused, stage.call("POST", &format!("{deploy}?strict=true"), "").await] {
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text);
        assert_eq!(&answer.json()["flaws"][0], warning);
    }
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
        POST /api/process-manager/processDefinitions {"name":"short","resources":{"yaml":{"data":"BASE64=","type":"YAML"}},"creationOption":"Save"}
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

/// A definition whose script comes in a file of its own.
const SCRIPTED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
  <bpmn:process id="scripted" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="one" sourceRef="start" targetRef="sum" />
    <bpmn:scriptTask id="sum" scriptFormat="juel" camunda:resource="deployment://sum.juel" camunda:resultVariable="seven" />
    <bpmn:sequenceFlow id="two" sourceRef="sum" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>
"#;

#[tokio::test]
async fn a_script_in_a_file_of_its_own_is_deployed_with_the_definition() {
    let stage = Stage::new().await;
    let path = "/api/process-manager/processDefinitions";
    let deploy = |resources: &[(&str, &str, &str)]| {
        let resources: serde_json::Map<String, serde_json::Value> = resources
            .iter()
            .map(|(name, kind, text)| {
                let data = BASE64.encode(text.as_bytes());
                ((*name).to_owned(), serde_json::json!({ "type": kind, "data": data }))
            })
            .collect();
        let option = "Save & Deploy";
        serde_json::json!({ "name": "scripted", "creationOption": option, "resources": resources })
            .to_string()
    };
    let (bpmn, script) = (("bpmn", "BPMN", SCRIPTED), ("sum.juel", "SCRIPT", "${3 + 4}"));
    let alone = stage.call("POST", path, &deploy(&[bpmn])).await;
    assert_eq!(alone.status.as_u16(), 422, "{}", alone.text);
    assert!(alone.json()["flaws"][0]["message"].as_str().unwrap().contains("camunda:resource"));
    let unused = ("other.juel", "SCRIPT", "${1}");
    for resources in [&[bpmn, script, unused][..], &[script], &[("yaml", "YAML", UNSOUND), script]]
    {
        let refused = stage.call("POST", path, &deploy(resources)).await;
        assert_eq!(refused.status.as_u16(), 400, "{}", refused.text);
    }
    let deployed = stage.call("POST", path, &deploy(&[bpmn, script])).await;
    assert_eq!(deployed.status.as_u16(), 201, "{}", deployed.text);
    let id = deployed.json()["processDefinitionId"].as_str().unwrap().to_owned();
    let source = stage.call("GET", &format!("{path}/{id}/bpmnFile"), "").await;
    assert!(source.text.contains("<bpmn:script>${3 + 4}</bpmn:script>"), "{}", source.text);
    assert!(!source.text.contains("camunda:resource"));
}
