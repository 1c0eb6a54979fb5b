//! Transcripts of operations on running instances, and what is refused.

use expect_test::expect;

use super::stage::Stage;

const CHOOSE: &str = r#"
name: choose
steps:
  - activity: simpleDecider
  - choose:
      - when: ${ok == "yes"}
        then: good
      - otherwise: bad
  - id: good
    end: Good
  - id: bad
    end: Bad
"#;

/// A stage whose `ID1` is an instance that cannot choose a way.
async fn stuck() -> Stage {
    let mut stage = Stage::new().await;
    deployed(&stage, CHOOSE).await;
    let token =
        r#"{"name":"choose","processDefnName":"choose","status":"ACTIVE","type":"UNLIMITED"}"#;
    let token = stage.call("POST", "/api/process-manager/processTokens", token).await.json();
    let path = format!(
        "/api/process-manager/processInstances/create?pt={}",
        token["id"].as_str().unwrap()
    );
    let instance = stage.call("POST", &path, "{}").await.json();
    stage.plain(instance["processInstanceId"].as_str().unwrap());
    stage
}

/// Deploys a version of `choose`; gives its identifier.
async fn deployed(stage: &Stage, source: &str) -> String {
    let source = data_encoding::BASE64.encode(source.as_bytes());
    let definition = format!(
        r#"{{"name":"choose","creationOption":"Save & Deploy","resources":{{"yaml":{{"type":"YAML","data":"{source}"}}}}}}"#
    );
    let added = stage.call("POST", "/api/process-manager/processDefinitions", &definition).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.text);
    added.json()["processDefinitionId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_plan_is_checked_and_instances_are_moved_by_it() {
    let mut stage = stuck().await;
    let id = stage.call("GET", "/api/process-manager/incidents", "").await.json();
    stage.plain(id["content"][0]["processDefnId"].as_str().unwrap());
    let renamed = CHOOSE.replace("good", "fine").replace("${ok == \"yes\"}", "${true}");
    let to = deployed(&stage, &renamed).await;
    stage.plain(&to);
    stage
        .play(
            r#"
            POST /api/process-manager/migrations/plans {"from":"ID2","to":"ID3","elements":{"good":"fine"}}
            POST /api/process-manager/migrations/plans {"from":"ID2","to":"ID3","elements":{"good":"step-2"}}
            POST /api/process-manager/migrations {"from":"ID2","to":"ID3","elements":{"good":"step-2"}}
            POST /api/process-manager/migrations {"from":"ID2","to":"ID3","elements":{"good":"fine"}}
            POST /api/process-manager/migrations {"from":"ID2","to":"ID3","instances":["ID1"]}
            GET /api/process-manager/processInstances/ID1
            POST /api/process-manager/incidents/ID1-1/retry
            GET /api/process-manager/processInstances/ID1/history?after=8
            "#,
            expect![[r#"
                POST /api/process-manager/migrations/plans {"from":"ID2","to":"ID3","elements":{"good":"fine"}}
                200
                {
                  "added": [],
                  "elements": [
                    {
                      "elementId": "start",
                      "happens": "kept"
                    },
                    {
                      "elementId": "simpleDecider",
                      "happens": "kept"
                    },
                    {
                      "elementId": "step-2",
                      "happens": "kept"
                    },
                    {
                      "elementId": "good",
                      "happens": "mapped",
                      "to": "fine"
                    },
                    {
                      "elementId": "bad",
                      "happens": "kept"
                    }
                  ],
                  "flaws": [],
                  "valid": true
                }
                POST /api/process-manager/migrations/plans {"from":"ID2","to":"ID3","elements":{"good":"step-2"}}
                200
                {
                  "added": [],
                  "elements": [
                    {
                      "elementId": "start",
                      "happens": "kept"
                    },
                    {
                      "elementId": "simpleDecider",
                      "happens": "kept"
                    },
                    {
                      "elementId": "step-2",
                      "happens": "kept"
                    },
                    {
                      "elementId": "good",
                      "happens": "cannot",
                      "reason": "`good` and `step-2` are not the same kind of element"
                    },
                    {
                      "elementId": "bad",
                      "happens": "kept"
                    }
                  ],
                  "flaws": [
                    "`good` and `step-2` are not the same kind of element"
                  ],
                  "valid": false
                }
                POST /api/process-manager/migrations {"from":"ID2","to":"ID3","elements":{"good":"step-2"}}
                422
                {
                  "detail": "the migration plan is not valid",
                  "errors": [
                    {
                      "message": "`good` and `step-2` are not the same kind of element",
                      "path": "elements"
                    }
                  ],
                  "status": 422,
                  "title": "Unprocessable Entity",
                  "type": "about:blank"
                }
                POST /api/process-manager/migrations {"from":"ID2","to":"ID3","elements":{"good":"fine"}}
                200
                {
                  "done": 1,
                  "failed": [],
                  "matched": 1
                }
                POST /api/process-manager/migrations {"from":"ID2","to":"ID3","instances":["ID1"]}
                200
                {
                  "done": 0,
                  "failed": [
                    {
                      "id": "ID1",
                      "reason": "instances: runs the version ID3 of its definition"
                    }
                  ],
                  "matched": 1
                }
                GET /api/process-manager/processInstances/ID1
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "id": "ID1",
                  "incidents": [
                    {
                      "elementId": "step-2",
                      "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})"
                    }
                  ],
                  "processDefnId": "ID3",
                  "processDefnName": "choose",
                  "processDefnVersion": 2,
                  "status": "ACTIVE",
                  "statusMapped": "In Progress",
                  "tenantId": "demo"
                }
                POST /api/process-manager/incidents/ID1-1/retry
                200
                {
                  "done": true
                }
                GET /api/process-manager/processInstances/ID1/history?after=8
                200
                {
                  "events": [
                    {
                      "data": {
                        "from": {
                          "id": "ID2",
                          "version": 1
                        },
                        "nodes": {},
                        "to": {
                          "id": "ID3",
                          "version": 2
                        }
                      },
                      "kind": "migrated",
                      "sequence": 9,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "path": 1
                      },
                      "elementId": "step-2",
                      "kind": "incidentTakenUp",
                      "sequence": 10,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "path": 1
                      },
                      "elementId": "fine",
                      "kind": "entered",
                      "sequence": 11,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "path": 1
                      },
                      "elementId": "fine",
                      "kind": "ended",
                      "sequence": 12,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {},
                      "kind": "finished",
                      "sequence": 13,
                      "time": "2026-01-01T12:00:00Z"
                    }
                  ]
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn an_incident_is_found_looked_at_and_resolved() {
    let mut stage = stuck().await;
    stage
        .play(
            r#"
            GET /api/process-manager/incidents
            GET /api/process-manager/incidents?elementId=nothing
            GET /api/process-manager/processInstances/ID1/state
            POST /api/process-manager/incidents/ID1-1/retry
            POST /api/process-manager/incidents/retry {"filter":{"processDefinitionName":"choose"}}
            POST /api/process-manager/processInstances/ID1/suspend {"reason":"a closer look"}
            POST /api/process-manager/incidents/retry {}
            POST /api/process-manager/incidents/ID1-1/resolve {}
            PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"ok":"yes"}}
            POST /api/process-manager/processInstances/ID1/resume
            POST /api/process-manager/incidents/ID1-1/resolve {}
            POST /api/process-manager/incidents/ID1-1/resolve {}
            POST /api/process-manager/incidents/nothing/retry
            GET /api/process-manager/processInstances/ID1/history?kind=suspended,resumed
            "#,
            expect![[r#"
                GET /api/process-manager/incidents
                200
                {
                  "content": [
                    {
                      "elementId": "step-2",
                      "id": "ID1-1",
                      "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})",
                      "moment": "entering",
                      "path": 1,
                      "processDefnId": "ID2",
                      "processDefnName": "choose",
                      "processDefnVersion": 1,
                      "processInstanceId": "ID1",
                      "raisedAt": "2026-01-01T12:00:00Z"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by raisedAt DESC"
                }
                GET /api/process-manager/incidents?elementId=nothing
                200
                {
                  "content": [],
                  "page": "page 0 of 0, 0 of 0 items, by raisedAt DESC"
                }
                GET /api/process-manager/processInstances/ID1/state
                200
                {
                  "awaited": [],
                  "endedAt": [],
                  "paths": [
                    {
                      "elementId": "step-2",
                      "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})",
                      "moment": "entering",
                      "path": 1,
                      "state": "incident"
                    }
                  ],
                  "scopes": [],
                  "sequence": 8,
                  "status": "ACTIVE",
                  "timers": []
                }
                POST /api/process-manager/incidents/ID1-1/retry
                200
                {
                  "done": false,
                  "incident": {
                    "elementId": "step-2",
                    "id": "ID1-1",
                    "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})",
                    "moment": "entering",
                    "path": 1,
                    "processDefnId": "ID2",
                    "processDefnName": "choose",
                    "processDefnVersion": 1,
                    "processInstanceId": "ID1",
                    "raisedAt": "2026-01-01T12:00:00Z"
                  }
                }
                POST /api/process-manager/incidents/retry {"filter":{"processDefinitionName":"choose"}}
                200
                {
                  "done": 0,
                  "failed": [],
                  "failedAgain": [
                    {
                      "id": "ID1-1",
                      "reason": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})"
                    }
                  ],
                  "matched": 1
                }
                POST /api/process-manager/processInstances/ID1/suspend {"reason":"a closer look"}
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "id": "ID1",
                  "incidents": [
                    {
                      "elementId": "step-2",
                      "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})"
                    }
                  ],
                  "processDefnId": "ID2",
                  "processDefnName": "choose",
                  "processDefnVersion": 1,
                  "status": "PAUSED",
                  "statusMapped": "Paused",
                  "tenantId": "demo"
                }
                POST /api/process-manager/incidents/retry {}
                200
                {
                  "done": 0,
                  "failed": [
                    {
                      "id": "ID1-1",
                      "reason": "the process instance is suspended; resume it first"
                    }
                  ],
                  "matched": 1
                }
                POST /api/process-manager/incidents/ID1-1/resolve {}
                409
                {
                  "code": 2904,
                  "detail": "the process instance is suspended; resume it first",
                  "status": 409,
                  "title": "Conflict",
                  "type": "/docs#code-2904"
                }
                PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"ok":"yes"}}
                200
                POST /api/process-manager/processInstances/ID1/resume
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "id": "ID1",
                  "incidents": [
                    {
                      "elementId": "step-2",
                      "message": "the condition of flow `step-2.flow1` has no value: there is no variable ok; if it may be missing, ask execution.hasVariable(\"ok\") first (at character 3 of ${ok == \"yes\"})"
                    }
                  ],
                  "processDefnId": "ID2",
                  "processDefnName": "choose",
                  "processDefnVersion": 1,
                  "status": "ACTIVE",
                  "statusMapped": "In Progress",
                  "tenantId": "demo"
                }
                POST /api/process-manager/incidents/ID1-1/resolve {}
                200
                {
                  "done": true
                }
                POST /api/process-manager/incidents/ID1-1/resolve {}
                409
                {
                  "detail": "the instance has ended",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                POST /api/process-manager/incidents/nothing/retry
                404
                {
                  "detail": "incident \"nothing\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
                GET /api/process-manager/processInstances/ID1/history?kind=suspended,resumed
                200
                {
                  "events": [
                    {
                      "data": {
                        "by": "API Key: admin",
                        "reason": "a closer look"
                      },
                      "kind": "suspended",
                      "sequence": 13,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "by": "API Key: admin"
                      },
                      "kind": "resumed",
                      "sequence": 15,
                      "time": "2026-01-01T12:00:00Z"
                    }
                  ]
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn variables_are_set_paths_are_moved_and_an_instance_is_cancelled() {
    let mut stage = stuck().await;
    stage
        .play(
            r#"
            PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"n":[1,null]}}
            PATCH /api/process-manager/processInstances/ID1/variables {"scope":3,"variables":{"n":1}}
            GET /api/process-manager/processInstances/ID1/variables
            POST /api/process-manager/processInstances/ID1/modification {"begin":[{"elementId":"nowhere"}],"variables":{"m":1}}
            POST /api/process-manager/processInstances/ID1/modification {"end":[7],"variables":{"m":1}}
            POST /api/process-manager/processInstances/ID1/modification {"begin":[{"elementId":"good","scope":4}]}
            POST /api/process-manager/processInstances/ID1/cancel {"reason":"not needed"}
            POST /api/process-manager/processInstances/ID1/cancel {}
            PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"n":1}}
            GET /api/process-manager/incidents
            "#,
            expect![[r#"
                PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"n":[1,null]}}
                200
                PATCH /api/process-manager/processInstances/ID1/variables {"scope":3,"variables":{"n":1}}
                409
                {
                  "detail": "scope 3 is not open",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                GET /api/process-manager/processInstances/ID1/variables
                200
                {
                  "scopes": [],
                  "variables": {
                    "_checks": {
                      "overallOutcome": "PASS"
                    },
                    "_initVars": {},
                    "_initial": {},
                    "n": [
                      1,
                      null
                    ]
                  }
                }
                POST /api/process-manager/processInstances/ID1/modification {"begin":[{"elementId":"nowhere"}],"variables":{"m":1}}
                409
                {
                  "detail": "the process has no fitting node `nowhere`",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                POST /api/process-manager/processInstances/ID1/modification {"end":[7],"variables":{"m":1}}
                409
                {
                  "detail": "there is no path 7",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                POST /api/process-manager/processInstances/ID1/modification {"begin":[{"elementId":"good","scope":4}]}
                409
                {
                  "detail": "`good` cannot begin there; name the scope that is to hold it",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                POST /api/process-manager/processInstances/ID1/cancel {"reason":"not needed"}
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "endedAt": "2026-01-01T12:00:00Z",
                  "id": "ID1",
                  "processDefnId": "ID2",
                  "processDefnName": "choose",
                  "processDefnVersion": 1,
                  "status": "COMPLETED_TERMINATED",
                  "statusMapped": "Abandoned",
                  "tenantId": "demo"
                }
                POST /api/process-manager/processInstances/ID1/cancel {}
                409
                {
                  "detail": "the instance has ended",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                PATCH /api/process-manager/processInstances/ID1/variables {"variables":{"n":1}}
                409
                {
                  "detail": "the instance has ended",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                GET /api/process-manager/incidents
                200
                {
                  "content": [],
                  "page": "page 0 of 0, 0 of 0 items, by raisedAt DESC"
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn a_value_that_is_too_large_is_told_so() {
    let stage = stuck().await;
    let id = stage.call("GET", "/api/process-manager/incidents", "").await.json();
    let id = id["content"][0]["processInstanceId"].as_str().unwrap().to_owned();
    let path = format!("/api/process-manager/processInstances/{id}/variables");
    let large = format!(r#"{{"variables":{{"a":"{}"}}}}"#, "x".repeat(1_100_000));
    let answer = stage.call("PATCH", &path, &large).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &2905.into()));
    let long = format!(r#"{{"reason":"{}"}}"#, "x".repeat(1001));
    let path = format!("/api/process-manager/processInstances/{id}/cancel");
    assert_eq!(stage.call("POST", &path, &long).await.status.as_u16(), 400);
}

#[tokio::test]
async fn who_may_not_read_variables_may_look_at_the_state() {
    let stage = stuck().await;
    stage.grant("looker", "demo", &["TNT#demo#ProcessManager:getProcessInstanceState"]);
    let found = stage.call("GET", "/api/process-manager/incidents", "").await.json();
    let id = found["content"][0]["processInstanceId"].as_str().unwrap().to_owned();
    for (what, status) in [("state", 200), ("variables", 403), ("history", 403)] {
        let path = format!("/api/process-manager/processInstances/{id}/{what}");
        let answer = stage.send("GET", &path, &[("authorization", "Bearer looker")], "").await;
        assert_eq!(answer.status.as_u16(), status, "{what}");
    }
}
