//! Custom data forms: shown, filled in, answered too often.

use expect_test::expect;
use serde_json::{Value, json};

use crate::page::{filled, registration};
use crate::scene::Scene;

async fn scene() -> Scene {
    let name = (
        "name",
        "text",
        json!({ "validate": { "required": true }, "default": "{{processvar.known}}" }),
    );
    let age = ("age", "number", json!({}));
    let pin = ("pin", "password", json!({}));
    let code = ("code", "text", json!({ "transient": true }));
    let scene = Scene::new().await.form("person", &[name, age, pin, code]);
    scene.form("other", &[("note", "text", json!({}))])
}

fn person() -> Value {
    json!({ "dataFormName": "person" })
}

fn and(mut parameters: Value, more: Value) -> Value {
    parameters.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    parameters
}

#[tokio::test]
async fn what_is_filled_in_is_kept_by_its_key_and_what_is_transient_is_sealed() {
    let mut scene = scene().await;
    let mut wait = scene.open("customDataForm", person()).await.unwrap();
    let answer = filled(json!({ "name": "Ann", "age": "42", "pin": "1234", "code": "xyz" }));
    expect![[r#"
        done {"cdfContinue":true}
        _customFormAttempts.form1 = 1
        _customFormData.form1 = {"age":42,"code":"SEALED","name":"Ann"}"#]]
    .assert_eq(&scene.submit(&mut wait, person(), answer).await);

    let second = and(person(), json!({ "formDataKey": "second" }));
    let mut wait = scene.open("customDataForm", second.clone()).await.unwrap();
    expect![[r#"
        done {"cdfContinue":true}
        _customFormAttempts.second = 1
        _customFormData.second = {"age":null,"name":"Ben"}"#]]
    .assert_eq(&scene.submit(&mut wait, second, filled(json!({ "name": "Ben" }))).await);
}

#[tokio::test]
async fn the_parameters_say_what_is_shown() {
    let mut scene = scene().await;
    scene.variables.insert("known".to_owned(), json!("Ann"));
    let parameters = and(
        person(),
        json!({
            "dataFormVersion": "1", "readOnlyForm": "true", "hideButtons": true, "formDataKey": "k",
            "screens": ["one", "two"], "stepId": "step", "screenId": "one",
        }),
    );
    let wait = scene.open("customDataForm", parameters).await.unwrap();
    let mut shown = json!(wait);
    let components = shown["form"]["form"]["components"].take();
    assert_eq!(components[0]["default"], "Ann");
    assert!(components.as_array().unwrap().iter().all(|component| component["readOnly"] == true));
    shown["form"]["form"] = json!("…");
    expect![[r#"{"activity":"customDataForm","attempts":0,"form":{"dataKey":"k","form":"…","hideButtons":true,"name":"person","readOnly":true,"version":1},"screenId":"one","screens":["one","two"],"stepId":"step"}"#]].assert_eq(&shown.to_string());
}

#[tokio::test]
async fn a_read_only_form_keeps_what_it_showed() {
    let mut scene = scene().await;
    scene.variables.insert("known".to_owned(), json!("Ann"));
    let parameters = and(person(), json!({ "readOnlyForm": true }));
    let mut wait = scene.open("customDataForm", parameters.clone()).await.unwrap();
    scene.submit(&mut wait, parameters, filled(json!({ "name": "Eve" }))).await;
    assert_eq!(scene.variables["_customFormData"]["form1"]["name"], "Ann");
}

#[tokio::test]
async fn a_dynamic_name_counts_before_the_other_and_one_is_needed() {
    let mut scene = scene().await;
    let dynamic = json!({ "dynamicDataFormName": "other" });
    for parameters in [dynamic.clone(), and(person(), dynamic)] {
        assert_eq!(
            scene.open("customDataForm", parameters).await.unwrap().form.unwrap().name,
            "other"
        );
    }
    let empty = and(person(), json!({ "dynamicDataFormName": "" }));
    assert_eq!(scene.open("customDataForm", empty).await.unwrap().form.unwrap().name, "person");
    expect!["fault: neither a data form name nor a dynamic one was given"]
        .assert_eq(&scene.open("customDataForm", json!({})).await.unwrap_err());
    let unknown = json!({ "dynamicDataFormName": "none" });
    expect!["fault: there is no deployed form `none` of version 1; deploy it, then retry"]
        .assert_eq(&scene.open("customDataForm", unknown).await.unwrap_err());
}

#[tokio::test]
async fn a_wrong_answer_is_asked_for_again_until_the_attempts_are_used_up() {
    let mut scene = scene().await;
    let mut wait = scene.open("customDataForm", person()).await.unwrap();
    let mut told = Vec::new();
    for answer in [json!({}), json!({ "name": "Ann", "age": "old", "x": 1 }), json!({ "age": 1 })] {
        told.push(scene.submit(&mut wait, person(), filled(answer)).await);
    }
    told.push(scene.open("customDataForm", person()).await.unwrap_err());
    expect![[r#"
        again: name missing
        again: age invalid, x unknown
        event ExceededCustomDataFormRetake: The form has been answered as many times as is allowed.
        _customFormAttempts.form1 = 3
        event ExceededCustomDataFormRetake: The form has been answered as many times as is allowed."#]].assert_eq(&told.join("\n"));
    assert_eq!(
        wait.errors.len(),
        2,
        "the page shows the errors of the last answer that may be mended"
    );
}

#[tokio::test]
async fn coming_back_to_a_form_uses_its_attempts_up_as_well() {
    let mut scene = scene().await;
    let twice = and(person(), json!({ "maxAttempts": "2" }));
    for _ in 0..2 {
        let mut wait = scene.open("customDataForm", twice.clone()).await.unwrap();
        let told = scene.submit(&mut wait, twice.clone(), filled(json!({ "name": "Ann" }))).await;
        assert!(told.starts_with("done"), "{told}");
    }
    expect!["event ExceededCustomDataFormRetake: The form has been answered as many times as is allowed."].assert_eq(&scene.open("customDataForm", twice).await.unwrap_err());
    let other = and(person(), json!({ "formDataKey": "other" }));
    assert_eq!(scene.open("customDataForm", other).await.unwrap().attempts, 0);
}

#[tokio::test]
async fn a_form_without_a_ceremony_takes_no_proof() {
    let mut scene = scene().await;
    scene.run("addUser", json!({ "storeName": "demo" })).await;
    scene
        .run("startPasscodeRegistration", json!({ "storeName": "demo", "passcodeKey": "default" }))
        .await;
    let ceremony = scene.open("passcodeRegistrationForm", person()).await.unwrap();
    let mut wait = scene.open("customDataForm", person()).await.unwrap();
    let answer = registration(&ceremony, "secret");
    expect!["again: - unknown"].assert_eq(&scene.submit(&mut wait, person(), answer).await);
}
