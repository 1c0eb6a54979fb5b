//! Custom data forms: shown, filled in, answered too often.

use expect_test::expect;
use serde_json::{Value, json};

use crate::page::{filled, registration};
use crate::scene::{Scene, plugin};

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
    expect!["fault: neither a data form nor the name of one was given"]
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
async fn a_form_without_a_bound_is_asked_for_again_however_often_it_was_answered() {
    let mut scene = scene().await;
    scene.variables.insert("_customFormAttempts".to_owned(), json!({ "form1": u64::MAX }));
    let endless = and(person(), json!({ "maxAttempts": u32::MAX }));
    let mut wait = scene.open("customDataForm", endless.clone()).await.unwrap();
    let told = scene.submit(&mut wait, endless, filled(json!({}))).await;
    assert!(told.starts_with("again: name missing"), "{told}");
    let bounded = and(person(), json!({ "maxAttempts": u32::MAX - 1 }));
    let told = scene.open("customDataForm", bounded).await.unwrap_err();
    assert!(told.starts_with("event ExceededCustomDataFormRetake"), "{told}");
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

/// A form as a definition holds it, after its expressions were evaluated.
fn own(default: Value) -> Value {
    let label = |text: &str| json!({ "values": { "en": text, "de": format!("{text} (de)") } });
    let components = json!([
        { "type": "text", "id": "note", "label": label("Note"), "default": default, "validate": { "required": true } },
        { "type": "number", "id": "age", "label": label("<script>{{processvar.known}}</script>"), "default": "old" },
        { "type": "text", "id": "code", "label": label("Code"), "transient": true },
    ]);
    json!({ "dataForm": { "title": label("{{processvar.known}}"), "components": components } })
}

#[tokio::test]
async fn a_form_that_the_definition_holds_is_shown_and_kept_as_a_deployed_one() {
    let mut scene = scene().await;
    scene.variables.insert("known".to_owned(), json!("secret"));
    let parameters = and(own(json!("{{processvar.known}}")), json!({ "formDataKey": "ask" }));
    let mut wait = scene.open("customDataForm", parameters.clone()).await.unwrap();
    // It waits as JSON and is read from there.
    wait = serde_json::from_value(json!(wait)).unwrap();
    let shown = json!(wait).to_string();
    assert!(!shown.contains("secret"), "what a variable says is no template: {shown}");
    assert_eq!(json!(wait)["form"]["name"], "ask");
    let mut told = Vec::new();
    for answer in
        [json!({ "note": "", "age": "x" }), json!({ "note": "n", "age": "41", "code": "xyz" })]
    {
        told.push(scene.submit(&mut wait, parameters.clone(), filled(answer)).await);
    }
    expect![[r#"
        again: note missing, age invalid
        done {"cdfContinue":true}
        _customFormAttempts.ask = 2
        _customFormData.ask = {"age":41,"code":"SEALED","note":"n"}"#]]
    .assert_eq(&told.join("\n"));

    let read_only = and(own(json!("kept")), json!({ "readOnlyForm": true }));
    let mut wait = scene.open("customDataForm", read_only.clone()).await.unwrap();
    scene.submit(&mut wait, read_only, filled(json!({ "note": "changed", "age": 7 }))).await;
    assert_eq!(scene.variables["_customFormData"]["form1"]["note"], "kept");
    assert_eq!(scene.variables["_customFormData"]["form1"]["age"], Value::Null);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_and_one_that_is_named_as_well_are_faults_that_last() {
    let mut scene = scene().await;
    let unreadable = json!({ "dataForm": { "components": [{ "type": "text", "id": "a b" }] } });
    expect!["fault: the data form cannot be read: $.title: a form needs a title with a text in at least one language; $.components[0].id: a field needs an id of 1 to 100 characters, without blanks; $.components[0].label: a field needs a label with a text in at least one language"].assert_eq(&scene.open("customDataForm", unreadable).await.unwrap_err());
    let both = and(own(Value::Null), person());
    expect!["fault: a data form and the name of one were given"]
        .assert_eq(&scene.open("customDataForm", both).await.unwrap_err());
    let blank = and(own(Value::Null), json!({ "dataFormName": "", "dynamicDataFormName": null }));
    assert!(scene.open("customDataForm", blank).await.is_ok());
}

#[test]
fn a_definition_is_told_what_is_wrong_with_the_form_that_it_holds() {
    let check = |given: Value, open: &[&str]| {
        let open: Vec<String> = open.iter().map(ToString::to_string).collect();
        let check = plugin("customDataForm").check;
        let told = check(given.as_object().unwrap(), &open);
        told.iter().map(|(name, message)| format!("{name}: {message}\n")).collect::<String>()
    };
    let label = "$.dataForm.components[0].label.values.en";
    let form = |default: &str| {
        json!({ "title": { "values": { "en": "T" } }, "components": [
            { "type": "number", "id": "n", "label": { "values": { "en": "${label}" } }, "default": default },
        ] })
    };
    assert_eq!(check(json!({ "dataFormName": "${name}" }), &["$.dataFormName"]), "");
    assert_eq!(check(json!({ "dataForm": "${form}" }), &["$.dataForm"]), "");
    assert_eq!(
        check(json!({ "dataForm": form("5"), "formDataKey": "k", "dataFormName": "" }), &[label]),
        ""
    );
    let told = [
        check(json!({ "dataForm": form("five") }), &[label]),
        check(
            json!({ "dataForm": form("{{processvar.n}}"), "dataFormName": "f", "dynamicDataFormName": "${g}", "dataFormVersion": 1 }),
            &[label, "$.dynamicDataFormName"],
        ),
    ];
    expect![[r#"
        dataForm: $.components[0].default: a number is needed here

        dataFormName: dataForm is the form itself; take dataFormName away, or dataForm
        dynamicDataFormName: dataForm is the form itself; take dynamicDataFormName away, or dataForm
        dataFormVersion: dataForm is the form itself; take dataFormVersion away, or dataForm
        dataForm: $.components[0].default: `{{processvar.n}}` is for deployed forms; write an expression here, ${…}
    "#]].assert_eq(&told.join("\n"));
}
