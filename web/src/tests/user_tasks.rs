//! Transcripts of user tasks that are given to people.

use expect_test::expect;

use super::stage::Stage;

const REVIEW: &str = r#"
name: review
steps:
  - id: review
    name: Review the words
    activity: customDataForm
    task: user
    people: { assignee: "${_initVars['boss']}", candidateUsers: [ada, bob], candidateGroups: reviewers, dueDate: PT1H }
    with:
      formDataKey: review
      dataForm: { title: { values: { en: Review } }, components: [ { type: text, id: words, label: { values: { en: Words } }, validate: { required: true, maxLength: 5 } } ] }
  - end: Done
"#;

/// A stage whose `ID1` is an instance that waits for people.
async fn waiting() -> Stage {
    let mut stage = Stage::new().await;
    let source = data_encoding::BASE64.encode(REVIEW.as_bytes());
    let definition = format!(
        r#"{{"name":"review","creationOption":"Save & Deploy","resources":{{"yaml":{{"type":"YAML","data":"{source}"}}}}}}"#
    );
    let added = stage.call("POST", "/api/process-manager/processDefinitions", &definition).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.text);
    let token = r#"{"name":"review","processDefnName":"review","status":"ACTIVE","type":"UNLIMITED","parameters":{"boss":"ada"}}"#;
    let token = stage.call("POST", "/api/process-manager/processTokens", token).await.json();
    let path = format!(
        "/api/process-manager/processInstances/create?pt={}",
        token["id"].as_str().unwrap()
    );
    let instance = stage.call("POST", &path, "{}").await.json();
    stage.plain(instance["processInstanceId"].as_str().unwrap());
    stage.plain(added.json()["processDefinitionId"].as_str().unwrap());
    stage
}

#[tokio::test]
async fn a_task_is_listed_taken_and_completed() {
    let mut stage = waiting().await;
    stage
        .play(
            r#"
            GET /api/process-manager/userTasks?candidateGroup=reviewers
            GET /api/process-manager/userTasks?assignee=bob
            POST /api/process-manager/userTasks/ID1-0/assign {"assignee":"bob"}
            POST /api/process-manager/userTasks/ID1-0/assign {}
            POST /api/process-manager/userTasks/ID1-0/assign {"assignee":"bob"}
            GET /api/process-manager/userTasks/ID1-0
            POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"too long"}}
            POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
            POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
            GET /api/process-manager/userTasks/ID1-0
            GET /api/process-manager/processInstances/ID1
            GET /api/process-manager/processInstances/ID1/history?kind=assigned,submitted
            "#,
            expect![[r#"
                GET /api/process-manager/userTasks?candidateGroup=reviewers
                200
                {
                  "content": [
                    {
                      "assignee": "ada",
                      "candidateGroups": [
                        "reviewers"
                      ],
                      "candidateUsers": [
                        "ada",
                        "bob"
                      ],
                      "createdAt": "2026-01-01T12:00:00Z",
                      "dueDate": "2026-01-01T13:00:00Z",
                      "elementId": "review",
                      "id": "ID1-0",
                      "name": "Review the words",
                      "processDefnId": "ID2",
                      "processDefnName": "review",
                      "processDefnVersion": 1,
                      "processInstanceId": "ID1"
                    }
                  ],
                  "page": "page 0 of 1, 1 of 1 items, by createdAt ASC"
                }
                GET /api/process-manager/userTasks?assignee=bob
                200
                {
                  "content": [],
                  "page": "page 0 of 0, 0 of 0 items, by createdAt ASC"
                }
                POST /api/process-manager/userTasks/ID1-0/assign {"assignee":"bob"}
                409
                {
                  "code": 2906,
                  "detail": "the user task is ada's; give it to another with allowOverride",
                  "status": 409,
                  "title": "Conflict",
                  "type": "/docs#code-2906"
                }
                POST /api/process-manager/userTasks/ID1-0/assign {}
                200
                {
                  "candidateGroups": [
                    "reviewers"
                  ],
                  "candidateUsers": [
                    "ada",
                    "bob"
                  ],
                  "createdAt": "2026-01-01T12:00:00Z",
                  "dueDate": "2026-01-01T13:00:00Z",
                  "elementId": "review",
                  "id": "ID1-0",
                  "name": "Review the words",
                  "processDefnId": "ID2",
                  "processDefnName": "review",
                  "processDefnVersion": 1,
                  "processInstanceId": "ID1"
                }
                POST /api/process-manager/userTasks/ID1-0/assign {"assignee":"bob"}
                200
                {
                  "assignee": "bob",
                  "candidateGroups": [
                    "reviewers"
                  ],
                  "candidateUsers": [
                    "ada",
                    "bob"
                  ],
                  "createdAt": "2026-01-01T12:00:00Z",
                  "dueDate": "2026-01-01T13:00:00Z",
                  "elementId": "review",
                  "id": "ID1-0",
                  "name": "Review the words",
                  "processDefnId": "ID2",
                  "processDefnName": "review",
                  "processDefnVersion": 1,
                  "processInstanceId": "ID1"
                }
                GET /api/process-manager/userTasks/ID1-0
                200
                {
                  "assignee": "bob",
                  "candidateGroups": [
                    "reviewers"
                  ],
                  "candidateUsers": [
                    "ada",
                    "bob"
                  ],
                  "createdAt": "2026-01-01T12:00:00Z",
                  "dueDate": "2026-01-01T13:00:00Z",
                  "elementId": "review",
                  "form": {
                    "dataKey": "review",
                    "form": {
                      "components": [
                        {
                          "default": "",
                          "id": "words",
                          "isValid": true,
                          "label": {
                            "values": {
                              "en": "Words"
                            }
                          },
                          "readOnly": false,
                          "transient": false,
                          "type": "text",
                          "validate": {
                            "invalidLengthMessage": {
                              "values": {}
                            },
                            "invalidMessage": {
                              "values": {}
                            },
                            "maxLength": 5,
                            "minLength": "",
                            "missingMessage": {
                              "values": {}
                            },
                            "required": true
                          }
                        }
                      ],
                      "title": {
                        "isValid": true,
                        "type": "title",
                        "values": {
                          "en": "Review"
                        }
                      },
                      "version": "1"
                    },
                    "hideButtons": false,
                    "name": "review",
                    "readOnly": false,
                    "version": 1
                  },
                  "id": "ID1-0",
                  "name": "Review the words",
                  "processDefnId": "ID2",
                  "processDefnName": "review",
                  "processDefnVersion": 1,
                  "processInstanceId": "ID1"
                }
                POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"too long"}}
                422
                {
                  "code": 2907,
                  "detail": "what was filled in does not fit the form",
                  "errors": [
                    {
                      "message": "does not keep the rule `length` (max 5)",
                      "path": "data.words"
                    }
                  ],
                  "fields": [
                    {
                      "field": "words",
                      "rule": "length",
                      "values": {
                        "max": "5"
                      }
                    }
                  ],
                  "status": 422,
                  "title": "Unprocessable Entity",
                  "type": "/docs#code-2907"
                }
                POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
                200
                POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
                409
                {
                  "detail": "path 0 has moved on",
                  "status": 409,
                  "title": "Conflict",
                  "type": "about:blank"
                }
                GET /api/process-manager/userTasks/ID1-0
                404
                {
                  "detail": "user task \"ID1-0\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
                GET /api/process-manager/processInstances/ID1
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "endedAt": "2026-01-01T12:00:00Z",
                  "id": "ID1",
                  "processDefnId": "ID2",
                  "processDefnName": "review",
                  "processDefnVersion": 1,
                  "status": "COMPLETED_ENDED_SUCCESS",
                  "statusMapped": "Accepted",
                  "tenantId": "demo"
                }
                GET /api/process-manager/processInstances/ID1/history?kind=assigned,submitted
                200
                {
                  "events": [
                    {
                      "data": {
                        "assignment": {
                          "assignee": "ada",
                          "candidateGroups": [
                            "reviewers"
                          ],
                          "candidateUsers": [
                            "ada",
                            "bob"
                          ],
                          "dueDate": "2026-01-01T13:00:00Z"
                        },
                        "path": 0
                      },
                      "elementId": "review",
                      "kind": "assigned",
                      "sequence": 5,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "assignment": {
                          "candidateGroups": [
                            "reviewers"
                          ],
                          "candidateUsers": [
                            "ada",
                            "bob"
                          ],
                          "dueDate": "2026-01-01T13:00:00Z"
                        },
                        "by": "API Key: admin",
                        "path": 0
                      },
                      "elementId": "review",
                      "kind": "assigned",
                      "sequence": 7,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "assignment": {
                          "assignee": "bob",
                          "candidateGroups": [
                            "reviewers"
                          ],
                          "candidateUsers": [
                            "ada",
                            "bob"
                          ],
                          "dueDate": "2026-01-01T13:00:00Z"
                        },
                        "by": "API Key: admin",
                        "path": 0
                      },
                      "elementId": "review",
                      "kind": "assigned",
                      "sequence": 8,
                      "time": "2026-01-01T12:00:00Z"
                    },
                    {
                      "data": {
                        "by": "API Key: admin",
                        "path": 0
                      },
                      "elementId": "review",
                      "kind": "submitted",
                      "sequence": 9,
                      "time": "2026-01-01T12:00:00Z"
                    }
                  ]
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn what_is_wrong_about_a_task_is_told() {
    let mut stage = waiting().await;
    stage
        .play(
            r#"
            GET /api/process-manager/userTasks?assignee=bob&candidateUser=ada
            GET /api/process-manager/userTasks?assigned=maybe
            GET /api/process-manager/userTasks?sort=priority
            GET /api/process-manager/userTasks?boss=ada
            POST /api/process-manager/userTasks/ID1-0/assign {"assignee":" ada"}
            POST /api/process-manager/userTasks/ID1-0/assign {"assigne":"ada"}
            POST /api/process-manager/userTasks/ID1-9/assign {"assignee":"ada"}
            POST /api/process-manager/userTasks/nothing/complete {}
            POST /api/process-manager/userTasks/ID1-0/complete {"variables":{}}
            POST /api/process-manager/userTasks/ID1-0/complete {"data":{"other":1}}
            POST /api/process-manager/processInstances/ID1/suspend {}
            POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
            "#,
            expect![[r#"
                GET /api/process-manager/userTasks?assignee=bob&candidateUser=ada
                400
                {
                  "detail": "assignee: give one of assignee, candidateUser and candidateGroup",
                  "errors": [
                    {
                      "message": "give one of assignee, candidateUser and candidateGroup",
                      "path": "assignee"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                GET /api/process-manager/userTasks?assigned=maybe
                400
                {
                  "detail": "assigned: has to be true or false",
                  "errors": [
                    {
                      "message": "has to be true or false",
                      "path": "assigned"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                GET /api/process-manager/userTasks?sort=priority
                400
                {
                  "detail": "sort: this list can be sorted by createdAt,asc or createdAt,desc",
                  "errors": [
                    {
                      "message": "this list can be sorted by createdAt,asc or createdAt,desc",
                      "path": "sort"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                GET /api/process-manager/userTasks?boss=ada
                400
                {
                  "detail": "boss: unknown field `boss`, expected one of `assignee`, `candidateUser`, `candidateGroup`, `assigned`, `processInstanceId`",
                  "errors": [
                    {
                      "message": "unknown field `boss`, expected one of `assignee`, `candidateUser`, `candidateGroup`, `assigned`, `processInstanceId`",
                      "path": "boss"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/ID1-0/assign {"assignee":" ada"}
                400
                {
                  "detail": "assignee: a name is a text without blanks around it",
                  "errors": [
                    {
                      "message": "a name is a text without blanks around it",
                      "path": "assignee"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/ID1-0/assign {"assigne":"ada"}
                400
                {
                  "detail": "assigne: unknown field `assigne`, expected `assignee` or `allowOverride`",
                  "errors": [
                    {
                      "message": "unknown field `assigne`, expected `assignee` or `allowOverride`",
                      "path": "assigne"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/ID1-9/assign {"assignee":"ada"}
                404
                {
                  "detail": "user task \"ID1-9\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/nothing/complete {}
                404
                {
                  "detail": "user task \"nothing\" does not exist",
                  "status": 404,
                  "title": "Not Found",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/ID1-0/complete {"variables":{}}
                400
                {
                  "detail": "variables: unknown field `variables`, expected `data`",
                  "errors": [
                    {
                      "message": "unknown field `variables`, expected `data`",
                      "path": "variables"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/process-manager/userTasks/ID1-0/complete {"data":{"other":1}}
                422
                {
                  "code": 2907,
                  "detail": "what was filled in does not fit the form",
                  "errors": [
                    {
                      "message": "does not keep the rule `missing`",
                      "path": "data.words"
                    },
                    {
                      "message": "does not keep the rule `unknown`",
                      "path": "data.other"
                    }
                  ],
                  "fields": [
                    {
                      "field": "words",
                      "rule": "missing"
                    },
                    {
                      "field": "other",
                      "rule": "unknown"
                    }
                  ],
                  "status": 422,
                  "title": "Unprocessable Entity",
                  "type": "/docs#code-2907"
                }
                POST /api/process-manager/processInstances/ID1/suspend {}
                200
                {
                  "createdAt": "2026-01-01T12:00:00Z",
                  "elapsedMilliseconds": 0,
                  "id": "ID1",
                  "processDefnId": "ID2",
                  "processDefnName": "review",
                  "processDefnVersion": 1,
                  "status": "PAUSED",
                  "statusMapped": "Paused",
                  "tenantId": "demo"
                }
                POST /api/process-manager/userTasks/ID1-0/complete {"data":{"words":"fine"}}
                409
                {
                  "code": 2904,
                  "detail": "the process instance is suspended; resume it first",
                  "status": 409,
                  "title": "Conflict",
                  "type": "/docs#code-2904"
                }
            "#]],
        )
        .await;
}
