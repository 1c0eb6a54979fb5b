//! Forms that stand in a definition: what is wrong before their expressions are evaluated, and what these came to.

use expect_test::expect;
use forms::{Form, FormFlaw, Language, View, render};
use serde_json::{Map, Value, json};

fn with(component: Value) -> Value {
    json!({ "title": { "values": { "en": "T" } }, "components": [component] })
}

fn said(flaws: Vec<FormFlaw>) -> String {
    flaws.iter().map(|flaw| format!("{flaw}\n")).collect()
}

#[test]
fn what_an_expression_stands_for_is_not_judged_and_all_else_is() {
    let label = json!({ "values": { "en": "${label}" } });
    let open = |paths: &[&str]| paths.iter().map(|path| format!("$.{path}")).collect::<Vec<_>>();
    let field = |member: &str| format!("components[0].{member}");
    let options = json!([{ "value": "a", "label": { "values": {} } }]);
    #[rustfmt::skip]
    let cases = [
        (json!({ "type": "number", "id": "n", "label": label, "default": "${n}" }), vec!["label.values.en", "default"]),
        (json!({ "type": "number", "id": "n", "label": label, "default": "x" }),    vec!["label.values.en"]),
        (json!({ "type": "${type}", "id": "${id}", "label": "${label}" }),          vec!["type", "id", "label"]),
        (json!({ "type": "text", "id": "n", "label": { "values": "${v}" }, "x": 1 }), vec!["label.values"]),
        (json!({ "type": "text", "id": "n", "label": label, "validate": { "required": "${r}", "minLength": "few" } }), vec!["label.values.en", "validate.required"]),
        (json!({ "type": "select", "id": "n", "label": label, "options": "${o}", "default": "a" }), vec!["options"]),
        (json!({ "type": "select", "id": "n", "label": label, "options": options, "default": "b" }), vec![]),
        (json!({ "type": "date", "id": "n", "label": label, "defaultDateFormat": "${f}", "default": "1.2.2020" }), vec!["defaultDateFormat"]),
        (json!({ "type": "text", "id": "a b", "label": { "values": { "en": "{{processvar.name}} {{other}}" } } }), vec![]),
    ];
    let mut told = String::new();
    for (component, paths) in cases {
        let paths: Vec<String> = paths.into_iter().map(field).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        told.push_str(&said(Form::flaws_around(&with(component), &open(&paths))));
        told.push('\n');
    }
    expect![[r#"

        $.components[0].default: a number is needed here


        $.components[0]: `x` is not known here

        $.components[0].validate.minLength: a whole number from 0 on or an empty text is needed here


        $.components[0].default: this is none of the options


        $.components[0].id: a field needs an id of 1 to 100 characters, without blanks
        $.components[0].label.values.en: `{{processvar.name}} {{other}}` is for deployed forms; write an expression here, ${…}

    "#]].assert_eq(&told);
    assert_eq!(Form::flaws_around(&json!("${form}"), &["$".to_owned()]), []);
    assert_eq!(Form::flaws_around(&json!("form"), &[]).len(), 1);
}

#[test]
fn what_texts_and_defaults_came_to_is_shown_as_it_is_and_nothing_in_it_is_a_template_or_html() {
    let hostile = "<script>alert(1)</script> {{processvar.secret}} {{processvar {{sealed.A.1}}";
    let label = |text: Value| json!({ "values": { "en": text } });
    let form = json!({
        "title": label(json!(hostile)),
        "components": [
            { "type": "text", "id": "a", "label": label(json!(hostile)), "default": hostile },
            { "type": "number", "id": "b", "label": label(json!(7)), "default": "no number" },
            { "type": "text", "id": "c", "label": label(json!({ "x": "<b>" })), "default": { "x": 1 } },
            { "type": "date", "id": "d", "label": label(Value::Null), "default": null },
            { "type": "text", "id": "e", "label": label(json!("L".repeat(20_000))) },
        ],
    });
    let form = Form::evaluated(&form).unwrap();
    // It is kept as JSON while it waits, and read from there.
    let kept: Form = serde_json::from_value(serde_json::to_value(&form).unwrap()).unwrap();
    assert_eq!(kept.components().len(), 5);
    let view = View {
        language: Language::find("en").unwrap(),
        default_language: None,
        values: None,
        errors: &[],
        passcode: None,
        offers_passkeys: false,
    };
    let html = render(&kept, &view).unwrap();
    assert_eq!(html.matches("{{processvar.secret}}").count(), 2, "label and default: {html}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html.contains(&"L".repeat(20_000)), "a long label is not lost");
    let accepted = kept.accept(&Map::new()).unwrap();
    assert_eq!(accepted["b"], Value::Null);
}

#[test]
fn an_evaluated_form_that_cannot_be_read_says_why() {
    let label = json!({ "values": { "en": "A" } });
    let cases = [
        json!("x"),
        json!({}),
        json!({ "title": { "values": { "en": "T" } }, "components": "x" }),
        with(json!({ "type": "nothing", "id": "a", "label": label })),
        with(
            json!({ "type": "text", "id": "a", "label": label, "validate": { "required": "maybe" } }),
        ),
        with(json!({ "type": "text", "id": "a b" })),
    ];
    let told: String = cases.iter().map(|form| said(Form::evaluated(form).unwrap_err())).collect();
    expect![[r#"
        $: an object is needed here, not a text
        $.title: a form needs a title with a text in at least one language
        $.components: a form needs a list of components
        $.components: a list is needed here, not a text
        $.components[0].type: no component is of type `nothing`; one is text, email, password, phone, number, date, checkbox, select, radio, paragraph, subtitle, notification, image, qrCode or codes
        $.components[0].validate.required: true or false is needed here, not a text
        $.components[0].id: a field needs an id of 1 to 100 characters, without blanks
        $.components[0].label: a field needs a label with a text in at least one language
    "#]]
    .assert_eq(&told);
}
