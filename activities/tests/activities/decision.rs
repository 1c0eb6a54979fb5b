//! The Simple Decider, as a table, and the summary that follows it.

use expect_test::expect;
use serde_json::{Value, json};

use crate::page::filled;
use crate::scene::Scene;

#[tokio::test]
async fn all_checks_together_give_one_decision() {
    let mut scene = Scene::new().await;
    let (pass, fail, review) =
        (json!({ "status": "PASS" }), json!({ "status": "FAIL" }), json!({ "status": "REVIEW" }));
    let (any, to_review) = (json!({}), json!({ "decisionOnAnyFailure": "REVIEW" }));
    let from = |variable: &str| json!({ "decisionVariable": variable });
    let table: [(Value, &Value, &str); 20] = [
        (json!({}), &any, "PASS"),
        (json!({ "a": pass }), &any, "PASS"),
        (json!({ "a": pass, "b": fail }), &any, "FAIL"),
        (json!({ "a": pass, "b": review }), &any, "REVIEW"),
        (json!({ "a": fail, "b": review }), &any, "FAIL"),
        (json!({ "a": fail }), &to_review, "REVIEW"),
        (json!({ "a": pass }), &to_review, "PASS"),
        (json!({ "a": fail }), &json!({ "decisionOnAnyFailure": "FAIL" }), "FAIL"),
        (json!({ "group": { "a": pass, "b": { "c": fail } } }), &any, "FAIL"),
        (json!({ "a": { "status": "PASS", "inner": { "status": "FAIL" } } }), &any, "PASS"),
        (json!({ "a": { "status": "WHATEVER" } }), &any, "FAIL"),
        (json!({ "a": { "status": null } }), &any, "FAIL"),
        (json!({ "a": pass, "overallOutcome": "FAIL" }), &any, "PASS"),
        (json!({ "a": fail }), &from("PASS"), "PASS"),
        (json!({ "a": fail }), &from("mine.outcome"), "REVIEW"),
        (json!({ "a": fail }), &from(" mine.outcome "), "REVIEW"),
        (json!({ "a": fail }), &from(""), "FAIL"),
        (
            json!({}),
            &from("nowhere"),
            "the variable `nowhere` from which to derive the decision is not PASS, FAIL or REVIEW",
        ),
        (
            json!({}),
            &from("mine"),
            "the variable `mine` from which to derive the decision is not PASS, FAIL or REVIEW",
        ),
        (
            json!({}),
            &json!({ "decisionOnAnyFailure": "PASS" }),
            "the parameter `decisionOnAnyFailure` (Decision on Any Failure) of simpleDecider must be one of FAIL, REVIEW",
        ),
    ];
    for (checks, parameters, wanted) in table {
        scene.variables.clear();
        scene.variables.insert("_checks".to_owned(), checks.clone());
        scene.variables.insert("mine".to_owned(), json!({ "outcome": "REVIEW" }));
        let told = scene.run("simpleDecider", parameters.clone()).await;
        let expected = match wanted {
            "PASS" | "FAIL" | "REVIEW" => {
                format!("done {{\"decision\":\"{wanted}\"}}\n_checks.overallOutcome = \"{wanted}\"")
            }
            fault => format!("fault: {fault}"),
        };
        assert_eq!(told, expected, "{checks} {parameters}");
    }
}

#[tokio::test]
async fn the_summary_tells_what_happened_and_nothing_that_was_written() {
    let mut scene = Scene::new().await.form("person", &[("name", "text", json!({}))]);
    let ann = json!({ "storeName": "demo", "userExternalId": "ann", "userAttributes": { "team": "red" } });
    scene.run("addUser", ann).await;
    scene
        .run("startPasscodeRegistration", json!({ "storeName": "demo", "passcodeKey": "default" }))
        .await;
    scene.run("completePasscodeRegistration", json!({})).await;
    let mut wait = scene.open("customDataForm", json!({ "dataFormName": "person" })).await.unwrap();
    scene
        .submit(
            &mut wait,
            json!({ "dataFormName": "person" }),
            filled(json!({ "name": "Annabel" })),
        )
        .await;
    scene.run("simpleDecider", json!({})).await;
    scene.run("writeSummaryReport", json!({})).await;
    let summary = crate::scene::masked(&scene.variables["_summary"]);
    expect![[r#"
        {
          "checks": {
            "passcodeReg1": {
              "activity": "completePasscodeRegistration",
              "at": "2026-01-02T03:05:07Z",
              "attempts": 1,
              "code": 2604,
              "status": "FAIL"
            }
          },
          "decision": "FAIL",
          "forms": {
            "form1": {
              "attempts": 1
            }
          },
          "times": {
            "firstCheck": "2026-01-02T03:05:07Z",
            "lastCheck": "2026-01-02T03:05:07Z",
            "written": "2026-01-02T03:05:10Z"
          },
          "users": {
            "user1": {
              "externalId": "ann",
              "id": "ID",
              "status": "ACTIVE",
              "storeName": "demo"
            }
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&summary).unwrap());
}

#[tokio::test]
async fn a_summary_of_nothing_is_a_summary() {
    let mut scene = Scene::new().await;
    scene.variables.insert("_decision".to_owned(), json!("FAIL"));
    expect![[r#"
        done
        _summary = {"checks":{},"decision":"FAIL","forms":{},"times":{"firstCheck":null,"lastCheck":null,"written":"2026-01-02T03:05:05Z"},"users":{}}"#]].assert_eq(&scene.run("writeSummaryReport", json!({})).await);
}
