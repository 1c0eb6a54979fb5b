//! Transcripts of messages, signals and conditions, and of a called form in the browser session's
//! interface.

use data_encoding::BASE64;
use expect_test::expect;

use super::stage::Stage;

const PROCESSES: [(&str, &str); 4] = [
    (
        "order",
        "name: order\nsteps:\n  - { start: Ordered, message: order }\n  - { receive: paid }\n",
    ),
    ("alarmed", "name: alarmed\nsteps:\n  - { start: Alarm, signal: alarm }\n"),
    ("fever", "name: fever\nsteps:\n  - { start: Hot, condition: degrees > 38 }\n"),
    ("outer", "name: outer\nsteps:\n  - { call: inner }\n"),
];

const INNER: &str = "name: inner
steps:
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
";

impl Stage {
    /// Deploys a definition.
    async fn deployed(&self, name: &str, text: &str) {
        let data = BASE64.encode(text.as_bytes());
        let body = format!(
            r#"{{"name":"{name}","resources":{{"yaml":{{"data":"{data}","type":"YAML"}}}},"creationOption":"Save & Deploy"}}"#
        );
        let answer = self.call("POST", "/api/process-manager/processDefinitions", &body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
    }
}

#[tokio::test]
async fn messages_are_correlated_kept_listed_and_refused_and_signals_and_conditions_begin() {
    let mut stage = Stage::new().await;
    for (name, text) in &PROCESSES[..3] {
        stage.deployed(name, text).await;
    }
    stage
        .play(
            r#"
        POST /api/process-manager/messages {"name":"order","businessKey":"7","variables":{"size":3}}
        POST /api/process-manager/messages {"name":"paid","businessKey":"8","timeToLive":"PT0S"}
        POST /api/process-manager/messages {"name":"paid","businessKey":"8","timeToLive":"PT1H"}
        GET /api/process-manager/messages?size=10
        POST /api/process-manager/messages {"name":"order","businessKey":"7"}
        POST /api/process-manager/messages {"name":"paid","businessKey":"7"}
        POST /api/process-manager/messages {"name":"paid","businessKey":"7","timeToLive":"soon"}
        POST /api/process-manager/messages {"name":"paid"}
        POST /api/process-manager/messages {"name":"unknown"}
        POST /api/process-manager/messages {"name":"unknown","timeToLive":"PT0S"}
        POST /api/process-manager/messages {"name":"unknown","timeToLive":"PT1H"}
        POST /api/process-manager/messages {"name":""}
        POST /api/process-manager/signals {"name":"alarm","variables":{"loud":true}}
        POST /api/process-manager/signals {"name":"silence"}
        POST /api/process-manager/conditions {"variables":{"degrees":39}}
        "#,
            expect![[r#"
                POST /api/process-manager/messages {"name":"order","businessKey":"7","variables":{"size":3}}
                200
                {
                  "outcome": "STARTED",
                  "processInstanceId": "ID1"
                }
                POST /api/process-manager/messages {"name":"paid","businessKey":"8","timeToLive":"PT0S"}
                404
                {
                  "code": 2910,
                  "detail": "nobody awaits the message \"paid\" with this key, and nothing starts with it",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-2910"
                }
                POST /api/process-manager/messages {"name":"paid","businessKey":"8","timeToLive":"PT1H"}
                200
                {
                  "expiresAt": "2026-01-01T13:00:00Z",
                  "messageId": "ID2",
                  "outcome": "KEPT"
                }
                GET /api/process-manager/messages?size=10
                200
                {
                  "content": [
                    {
                      "expiresAt": "2026-01-01T13:00:00Z",
                      "id": "ID2",
                      "key": "8",
                      "name": "paid",
                      "sentAt": "2026-01-01T12:00:00Z"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by id ASC"
                }
                POST /api/process-manager/messages {"name":"order","businessKey":"7"}
                200
                {
                  "outcome": "STARTED",
                  "processInstanceId": "ID3"
                }
                POST /api/process-manager/messages {"name":"paid","businessKey":"7"}
                409
                {
                  "code": 2911,
                  "detail": "several await the message \"paid\" with this key; give a key that only one of them awaits",
                  "status": 409,
                  "title": "Conflict",
                  "type": "/docs#code-2911"
                }
                POST /api/process-manager/messages {"name":"paid","businessKey":"7","timeToLive":"soon"}
                400
                {
                  "detail": "timeToLive: \"soon\" is not an ISO 8601 duration such as PT48H or P30D",
                  "errors": [
                    {
                      "message": "\"soon\" is not an ISO 8601 duration such as PT48H or P30D",
                      "path": "timeToLive"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/messages {"name":"paid"}
                409
                {
                  "code": 2911,
                  "detail": "several await the message \"paid\"; give a key that only one of them awaits",
                  "status": 409,
                  "title": "Conflict",
                  "type": "/docs#code-2911"
                }
                POST /api/process-manager/messages {"name":"unknown"}
                404
                {
                  "code": 2910,
                  "detail": "nobody awaits the message \"unknown\", and nothing starts with it",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-2910"
                }
                POST /api/process-manager/messages {"name":"unknown","timeToLive":"PT0S"}
                404
                {
                  "code": 2910,
                  "detail": "nobody awaits the message \"unknown\", and nothing starts with it",
                  "status": 404,
                  "title": "Not Found",
                  "type": "/docs#code-2910"
                }
                POST /api/process-manager/messages {"name":"unknown","timeToLive":"PT1H"}
                400
                {
                  "detail": "timeToLive: a message without a key is not kept, for it would go to whoever comes next; give it a businessKey or a correlationKey, or leave this away",
                  "errors": [
                    {
                      "message": "a message without a key is not kept, for it would go to whoever comes next; give it a businessKey or a correlationKey, or leave this away",
                      "path": "timeToLive"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/messages {"name":""}
                400
                {
                  "detail": "name: has to have 1 to 255 characters",
                  "errors": [
                    {
                      "message": "has to have 1 to 255 characters",
                      "path": "name"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/signals {"name":"alarm","variables":{"loud":true}}
                200
                {
                  "awaiting": 0,
                  "starts": 1,
                  "told": 1
                }
                POST /api/process-manager/signals {"name":"silence"}
                200
                {
                  "awaiting": 0,
                  "starts": 0,
                  "told": 0
                }
                POST /api/process-manager/conditions {"variables":{"degrees":39}}
                200
                {
                  "starts": [
                    {
                      "elementId": "hot",
                      "processDefinitionName": "fever",
                      "processInstanceId": "ID4"
                    }
                  ]
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn a_form_of_a_called_process_is_asked_and_answered_in_the_callers_session() {
    let stage = Stage::new().await;
    let form = r#"{"name":"question","creationOption":"Save & Deploy","resource":"{\"title\":{\"type\":\"title\",\"values\":{\"en\":\"A question\"}},\"version\":\"1\",\"components\":[{\"type\":\"text\",\"id\":\"answer\",\"label\":{\"values\":{\"en\":\"Answer\"}},\"validate\":{\"required\":true}}]}"}"#;
    let saved = stage.call("POST", "/api/process-manager/customDataForms", form).await;
    assert_eq!(saved.status.as_u16(), 201, "{}", saved.text);
    stage.deployed("inner", INNER).await;
    stage.deployed(PROCESSES[3].0, PROCESSES[3].1).await;
    let token = r#"{"name":"door","processDefnName":"outer","status":"ACTIVE","type":"UNLIMITED"}"#;
    let token = stage.call("POST", "/api/process-manager/processTokens", token).await;
    let token = token.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/process-manager/processInstances/create?pt={token}");
    let created = stage.call("POST", &path, "{}").await.json();
    let id = created["processInstanceId"].as_str().unwrap().to_owned();
    let path = format!("/api/process-server/startProcess?tn=demo&pi={id}");
    let first = stage.send("POST", &path, &[], "").await;
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let asked = first.json();
    assert_eq!(asked["processInstanceId"], id.as_str(), "the end user knows one instance");
    let word = |name: &str| asked[name].as_str().unwrap().to_owned();
    let path = format!(
        "/api/process-server/processes/outer/businessKeys/{}/topicName/{}/continue?tn=demo",
        word("businessKey"),
        word("topicName"),
    );
    let body = format!(r#"{{"nonce":"{}","data":{{"answer":"yes"}}}}"#, word("nonce"));
    let headers = [("content-type", "application/json"), ("cookie", cookie.as_str())];
    let done = stage.send("POST", &path, &headers, body).await;
    assert_eq!(done.json()["outcome"], "ACCEPTED", "{}", done.text);
    let path = "/api/process-manager/processInstances/search?processDefinitionName=inner";
    let called = stage.call("GET", path, "").await.json();
    assert_eq!(called["content"][0]["parentInstanceId"], id.as_str(), "{called}");
}
