//! Transcripts of process instances and of the end user's calls.

use expect_test::expect;
use serde_json::Value;

use super::stage::{Answer, Stage};

const INSTANCES: &str = "/api/process-manager/processInstances";

/// The token of a shipped journey.
async fn token(stage: &Stage, journey: &str) -> String {
    let tokens = stage.call("GET", "/api/process-manager/processTokens", "").await.json();
    let tokens = tokens["content"].as_array().unwrap();
    let token = tokens.iter().find(|token| token["name"] == journey).unwrap();
    token["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_instance_is_created_read_found_and_deleted() {
    let mut stage = Stage::new().await;
    let token = token(&stage, "passcode-registration").await;
    stage.plain(&token);
    stage
        .play(
            r#"
            POST /api/process-manager/processInstances/create?pt=ID1 {"firstName":"Anna","referenceID":"42"}
            GET /api/process-manager/processInstances/ID2
            GET /api/process-manager/processInstances/ID2/withParameters
            GET /api/process-manager/processInstances/search?searchString=ann&processInstanceStatus=PENDING&sort=createdAt,desc
            GET /api/process-manager/processInstances/search?searchString=bert
            GET /api/process-manager/processInstances?startDateTime=2026-01-02T00:00:00Z&endDateTime=2026-01-03T00:00:00Z
            DELETE /api/process-manager/processInstances/ID2
            GET /api/process-manager/processInstances/ID2
            POST /api/process-manager/processInstances?tn=demo&pt=ID1
            "#,
            expect![[r#"
                POST /api/process-manager/processInstances/create?pt=ID1 {"firstName":"Anna","referenceID":"42"}
                201
                {
                  "processInstanceId": "ID2",
                  "redirectUrl": "http://localhost:8080/web/trustweb?ps=http%3A%2F%2Flocalhost%3A8080%2Fapi%2Fprocess-server%2FstartProcess%3Ftn%3Ddemo%26pi%3DID2"
                }
                GET /api/process-manager/processInstances/ID2
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "firstName": "Anna",
                  "id": "ID2",
                  "processDefnId": "ID3",
                  "processDefnName": "passcode-registration",
                  "processDefnVersion": 1,
                  "referenceID": "42",
                  "status": "PENDING",
                  "statusMapped": "Pending",
                  "tenantId": "demo"
                }
                GET /api/process-manager/processInstances/ID2/withParameters
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "firstName": "Anna",
                  "id": "ID2",
                  "processDefnId": "ID3",
                  "processDefnName": "passcode-registration",
                  "processDefnVersion": 1,
                  "processTokenParameters": {
                    "firstName": "Anna",
                    "referenceID": "42",
                    "userExternalId": "demo-user"
                  },
                  "referenceID": "42",
                  "status": "PENDING",
                  "statusMapped": "Pending",
                  "tenantId": "demo"
                }
                GET /api/process-manager/processInstances/search?searchString=ann&processInstanceStatus=PENDING&sort=createdAt,desc
                200
                {
                  "content": [
                    {
                      "createdAt": "2026-01-01T12:00:00Z",
                      "elapsedMilliseconds": 0,
                      "firstName": "Anna",
                      "id": "ID2",
                      "processDefnId": "ID3",
                      "processDefnName": "passcode-registration",
                      "processDefnVersion": 1,
                      "referenceID": "42",
                      "status": "PENDING",
                      "statusMapped": "Pending",
                      "tenantId": "demo"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by createdAt DESC"
                }
                GET /api/process-manager/processInstances/search?searchString=bert
                200
                {
                  "content": [],
                  "page": "page 0 of 0, 0 of 0 items, by createdAt DESC"
                }
                GET /api/process-manager/processInstances?startDateTime=2026-01-02T00:00:00Z&endDateTime=2026-01-03T00:00:00Z
                200
                {
                  "content": [],
                  "page": "page 0 of 0, 0 of 0 items, by createdAt DESC"
                }
                DELETE /api/process-manager/processInstances/ID2
                200
                GET /api/process-manager/processInstances/ID2
                404
                {
                  "detail": "process instance \"ID2\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
                POST /api/process-manager/processInstances?tn=demo&pt=ID1
                307 location: http://localhost:8080/web/trustweb?ps=http%3A%2F%2Flocalhost%3A8080%2Fapi%2Fprocess-server%2FstartProcess%3Ftn%3Ddemo%26pi%3DID4
            "#]],
        )
        .await;
}

#[tokio::test]
async fn an_end_user_starts_an_instance_and_is_asked() {
    let mut stage = Stage::new().await;
    let (id, cookie, mut question) = asked(&stage).await;
    stage.plain(&id);
    assert_eq!(stage.plain(&cookie), "__Host-gw-END_OF_ID1=SECRET");
    question["form"]["form"].take();
    question["passcode"]["passcodeRequirements"].take();
    let question = serde_json::to_string_pretty(&question).unwrap();
    expect![[r#"
        {
          "activity": "passcodeRegistrationForm",
          "businessKey": "ID1",
          "form": {
            "dataKey": "passcodeRegForm1",
            "form": null,
            "hideButtons": false,
            "name": "passcode-registration",
            "readOnly": false,
            "version": 1
          },
          "nonce": "ID2",
          "passcode": {
            "algorithmInfo": {
              "parameters": {
                "g": 2,
                "hashAlgorithm": "SHA-256",
                "i": "ID3",
                "n": "BASE64==",
                "salt": "SALT"
              },
              "type": "SRP"
            },
            "ceremony": "registration",
            "passcodeRequirements": null
          },
          "processDefinitionName": "passcode-registration",
          "processInstanceId": "ID1",
          "screenId": "passcode-registration",
          "screens": [
            "passcode-registration"
          ],
          "status": "ACTIVE",
          "stepId": "passcode-registration",
          "topicName": "passcodeRegistrationForm.2"
        }"#]]
    .assert_eq(&stage.plain(&question));
}

#[tokio::test]
async fn the_same_browser_starts_again_where_it_stands() {
    let stage = Stage::new().await;
    let (id, cookie, question) = asked(&stage).await;
    let path = format!("/api/process-server/startProcess?pi={id}");
    let again = stage.send("POST", &path, &[("cookie", &cookie)], "").await;
    assert_eq!(again.json(), question);
    assert_eq!(again.header("set-cookie"), "");
}

/// An instance that has asked its first question: its identifier, cookie and question.
async fn asked(stage: &Stage) -> (String, String, Value) {
    let token = token(stage, "passcode-registration").await;
    let path = format!("{INSTANCES}/create?pt={token}");
    let id = stage.call("POST", &path, "{}").await.json()["processInstanceId"].clone();
    let id = id.as_str().unwrap().to_owned();
    let path = format!("/api/process-server/startProcess?tn=demo&pi={id}");
    let started = stage.send("POST", &path, &[], "").await;
    assert_eq!(started.status.as_u16(), 200, "{}", started.text);
    let cookie = started.header("set-cookie").split(';').next().unwrap().to_owned();
    (id, cookie, started.json())
}

async fn go_on(stage: &Stage, question: &Value, cookie: &str, body: Value) -> Answer {
    let word = |member: &str| question[member].as_str().unwrap_or_default().to_owned();
    let path = format!(
        "/api/process-server/processes/{}/businessKeys/{}/topicName/{}/continue",
        word("processDefinitionName"),
        word("businessKey"),
        word("topicName"),
    );
    let headers = [("content-type", "application/json"), ("cookie", cookie)];
    stage.send("POST", &path, &headers, body.to_string()).await
}

fn right(question: &Value) -> Value {
    let verifier = data_encoding::BASE64.encode(&[7; 256]);
    serde_json::json!({
        "nonce": question["nonce"], "srpRegistrationData": { "verifier": verifier },
    })
}

#[tokio::test]
async fn an_answer_counts_once() {
    let stage = Stage::new().await;
    // The new passcode is checked before the answer.
    drop(stage.app.runtime().workers());
    let (_, cookie, question) = asked(&stage).await;
    let first = go_on(&stage, &question, &cookie, right(&question)).await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.text);
    assert_eq!(first.json()["status"], "COMPLETED_ENDED_SUCCESS", "{}", first.text);
    assert_eq!(first.json()["outcome"], "ACCEPTED");
    let rotated = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let cookie = if rotated.is_empty() { cookie } else { rotated };
    let second = go_on(&stage, &question, &cookie, right(&question)).await;
    assert_eq!((second.status.as_u16(), &second.json()["code"]), (409, &2901.into()));
    assert_eq!(second.json()["present"]["outcome"], "ACCEPTED");
}

#[tokio::test]
async fn a_stale_answer_shows_the_present_question() {
    let stage = Stage::new().await;
    let (_, cookie, question) = asked(&stage).await;
    let mut stale = right(&question);
    stale["nonce"] = "STALE".into();
    let answer = go_on(&stage, &question, &cookie, stale).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (409, &2901.into()));
    assert_eq!(answer.json()["present"]["nonce"], question["nonce"]);
    let answer = go_on(&stage, &question, &cookie, right(&question)).await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn another_browser_sees_nothing_of_an_instance() {
    let stage = Stage::new().await;
    let (id, _, question) = asked(&stage).await;
    for cookie in ["", "__Host-gw-XXXXXXXX=x"] {
        let path = format!("/api/process-server/startProcess?pi={id}");
        let started = stage.send("POST", &path, &[("cookie", cookie)], "").await;
        let answered = go_on(&stage, &question, cookie, right(&question)).await;
        for answer in [started, answered] {
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &2902.into()));
            assert!(!answer.text.contains("nonce") && answer.header("set-cookie").is_empty());
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_act_for_the_end_user() {
    let stage = Stage::new().await;
    let (id, cookie, _) = asked(&stage).await;
    let path = format!("/api/process-server/startProcess?pi={id}");
    #[rustfmt::skip]
    let cases = [
        ("http://localhost:8080",  200),
        ("https://id.example",     200),
        ("http://localhost:8081",  403),
        ("https://evil.example",   403),
        ("null",                   403),
    ];
    for (origin, expected) in cases {
        let headers = [("cookie", cookie.as_str()), ("origin", origin), ("host", "id.example")];
        let answer = stage.send("POST", &path, &headers, "").await;
        assert_eq!(answer.status.as_u16(), expected, "{origin}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_history_shows_values_only_to_those_who_may_see_variables() {
    const HISTORY: &str = "ProcessManager:getProcessInstanceHistory";
    const PARAMETERS: &str = "ProcessManager:getProcessInstanceVariables";
    let mut stage = Stage::new().await;
    let (id, ..) = asked(&stage).await;
    stage.plain(&id);
    let both: Vec<String> =
        [HISTORY, PARAMETERS].iter().map(|name| format!("TNT#demo#{name}")).collect();
    stage.grant("history", "demo", &[&both[0]]);
    stage.grant("both", "demo", &[&both[0], &both[1]]);
    let path = format!("{INSTANCES}/{id}/history");
    for (token, shown) in [("history", false), ("both", true)] {
        let bearer = format!("Bearer {token}");
        let answer = stage.send("GET", &path, &[("authorization", &bearer)], "").await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        assert_eq!(answer.text.contains("demo-user"), shown, "{}", answer.text);
    }
    stage
        .play(
            r#"
            GET /api/process-manager/processInstances/ID1/history?kind=entered,waited&after=1&limit=2
            GET /api/process-manager/processInstances/ID1/history?elementId=passcodeRegistrationForm&after=4
            GET /api/process-manager/processInstances/ID1/history?limit=1001
            GET /api/process-manager/processInstances/ID1/history?after=-1
            GET /api/process-manager/processInstances/X/history
            "#,
            expect![[r#"
                GET /api/process-manager/processInstances/ID1/history?kind=entered,waited&after=1&limit=2
                200
                {
                  "events": [
                    {
                      "data": {
                        "path": 0
                      },
                      "elementId": "start",
                      "kind": "entered",
                      "sequence": 2,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "path": 0
                      },
                      "elementId": "addUser",
                      "kind": "entered",
                      "sequence": 3,
                      "time": "2026-01-01T12:00:00Z"
                    }
                  ],
                  "next": 3
                }
                GET /api/process-manager/processInstances/ID1/history?elementId=passcodeRegistrationForm&after=4
                200
                {
                  "events": [
                    {
                      "data": {
                        "path": 2
                      },
                      "elementId": "passcodeRegistrationForm",
                      "kind": "entered",
                      "sequence": 11,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "locals": {
                          "dataFormName": "passcode-registration",
                          "dataFormVersion": 1,
                          "formDataKey": "passcodeRegForm1",
                          "passcodeRegistrationKey": "passcodeReg1"
                        },
                        "path": 2
                      },
                      "elementId": "passcodeRegistrationForm",
                      "kind": "began",
                      "sequence": 12,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "path": 2
                      },
                      "elementId": "passcodeRegistrationForm",
                      "kind": "waited",
                      "sequence": 14,
                      "time": "2026-01-01T12:00:00Z"
                    }
                  ]
                }
                GET /api/process-manager/processInstances/ID1/history?limit=1001
                400
                {
                  "detail": "limit: has to be a number from 1 to 1000",
                  "errors": [
                    {
                      "message": "has to be a number from 1 to 1000",
                      "path": "limit"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                GET /api/process-manager/processInstances/ID1/history?after=-1
                400
                {
                  "detail": "after: invalid digit found in string",
                  "errors": [
                    {
                      "message": "invalid digit found in string",
                      "path": "after"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                GET /api/process-manager/processInstances/X/history
                404
                {
                  "detail": "process instance \"X\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn a_suspended_instance_takes_no_answer_and_says_so() {
    let stage = Stage::new().await;
    drop(stage.app.runtime().workers());
    let (id, cookie, question) = asked(&stage).await;
    let held = stage.call("POST", &format!("{INSTANCES}/{id}/suspend"), "{}").await;
    assert_eq!((held.status.as_u16(), &held.json()["status"]), (200, &"PAUSED".into()));
    let refused = go_on(&stage, &question, &cookie, right(&question)).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &2904.into()));
    assert_eq!(refused.json()["present"]["status"], "PAUSED");
    let page = format!("/web/journeys/demo/{id}");
    let page = stage.send("GET", &page, &[("cookie", &cookie)], "").await;
    assert!(page.text.contains("We have put this on hold"), "{}", page.text);
    stage.call("POST", &format!("{INSTANCES}/{id}/resume"), "{}").await;
    let done = go_on(&stage, &question, &cookie, right(&question)).await;
    assert_eq!(done.json()["outcome"], "ACCEPTED", "{}", done.text);
}

#[tokio::test]
async fn a_page_says_one_moment_while_a_new_passcode_is_checked() {
    let stage = Stage::new().await;
    let (id, cookie, question) = asked(&stage).await;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("topic", question["topicName"].as_str().unwrap())
        .append_pair("nonce", question["nonce"].as_str().unwrap())
        .append_pair("verifier", &data_encoding::BASE64.encode(&[7; 256]))
        .finish();
    let path = format!("/web/journeys/demo/{id}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let origin = ("origin", "http://localhost:8080");
    let headers = [form, origin, ("cookie", cookie.as_str())];
    let answer = stage.send("POST", &path, &headers, body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, &*path),
        "{}",
        answer.text
    );
    let page = stage.send("GET", &path, &headers[2..], "").await;
    assert!(page.text.contains("One moment"), "{}", page.text);
    let again = "<noscript><meta http-equiv=\"refresh\" content=\"1\"></noscript>";
    assert!(page.text.contains(again), "it goes on by itself, also without scripts");
    assert!(stage.app.runtime().check_passcodes().await);
    let page = stage.send("GET", &path, &headers[2..], "").await;
    assert!(page.text.contains("All done"), "{}", page.text);
}
