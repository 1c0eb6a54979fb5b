//! Forms are read with every flaw at once, and written back as the documented JSON.

use expect_test::{Expect, expect};
use forms::{Form, FormFlaw};
use serde_json::{Value, json};

const DOCUMENTED: &str = r#"{ "title": { "values": { "en": "Title" }, "isValid": true, "type": "title" },
  "components": [ { "type": "text", "isValid": true, "readOnly": false, "id": "passcode",
    "label": { "values": { "en": "Passcode" } }, "default": "", "transient": false,
    "validate": { "required": true, "minLength": "", "maxLength": "", "missingMessage": { "values": { "en": "" } },
      "invalidMessage": { "values": { "en": "" } }, "invalidLengthMessage": { "values": { "en": "" } } },
    "index": 0 } ] }"#;

fn flaws(json: &str, expected: Expect) {
    let flaws = Form::parse(json).expect_err("this form has flaws");
    expected.assert_eq(&flaws.iter().map(FormFlaw::to_string).collect::<Vec<String>>().join("\n"));
}

fn with(component: Value) -> String {
    json!({ "title": { "values": { "en": "T" } }, "components": [component] }).to_string()
}

#[test]
fn the_documented_sample_is_read_and_written_as_it_stands() {
    let form = Form::parse(DOCUMENTED).unwrap();
    let mut written = serde_json::to_value(&form).unwrap();
    assert_eq!(written["version"], "1");
    written.as_object_mut().unwrap().remove("version");
    assert_eq!(written, serde_json::from_str::<Value>(DOCUMENTED).unwrap());
    assert!(form.passcode_field().is_some());
}

#[test]
fn what_real_files_carry_is_taken() {
    for component in [
        json!({ "type": "text", "id": "a", "label": { "values": { "en": "A" } } }),
        json!({ "type": "text", "id": "a", "label": { "values": { "en": "A", "pt_BR": "B" } }, "isValid": true, "default": "{{processvar._checks.x.y }}" }),
        json!({ "type": "phone", "id": "a", "label": { "values": { "en": "A" } }, "defaultCountry": "AU", "validate": { "required": true } }),
        json!({ "type": "paragraph", "id": "paragraph", "isValid": true, "index": 1, "label": { "values": { "en": "" } }, "values": { "en": "x" } }),
        json!({ "type": "paragraph", "values": { "en": "x" }, "readOnly": false, "validate": {}, "transient": false }),
        json!({ "type": "notification", "id": "n", "values": { "en": "x" }, "closeButton": true, "subtype": "error", "setTimer": false, "subType": "error" }),
        json!({ "type": "image", "id": "i", "alt": "list", "width": "400", "src": "https://cdn.example.com/a.png", "index": 1, "fileType": "data:image/png;base64," }),
        json!({ "type": "number", "id": "a", "label": { "values": { "en": "A" } }, "default": 3, "validate": { "min": 1, "max": "" } }),
        json!({ "type": "text", "id": "a", "label": { "values": { "en": "A" } }, "validate": { "minLength": 4, "maxLength": "6", "missingMessage": null } }),
    ] {
        let form = Form::parse(&with(component.clone()))
            .unwrap_or_else(|flaws| panic!("{component} {flaws:?}"));
        let written = serde_json::to_string(&form).unwrap();
        assert_eq!(Form::parse(&written).unwrap(), form, "{component}");
    }
}

#[test]
fn every_kind_of_component_survives_being_written() {
    let label = json!({ "values": { "en": "L", "de": "B" } });
    let options =
        json!([{ "value": "a", "label": label }, { "value": "b", "label": { "values": {} } }]);
    let form = json!({
        "title": { "values": { "en": "T" } }, "subtitle": { "values": { "en": "S" } },
        "submitButton": { "values": { "en": "Go" } }, "version": 1,
        "components": [
            { "type": "text", "id": "text", "label": label, "validate": { "required": true, "minLength": 1, "maxLength": 9 } },
            { "type": "email", "id": "email", "label": label, "readOnly": true, "default": "a@b.example" },
            { "type": "password", "id": "password", "label": label, "transient": true, "autocomplete": "current-password" },
            { "type": "phone", "id": "phone", "label": label, "defaultCountry": "de" },
            { "type": "number", "id": "number", "label": label, "default": 1.5, "validate": { "min": 0, "max": 2.5 } },
            { "type": "date", "id": "date", "label": label, "defaultDateFormat": "DD.MM.YYYY", "default": "24.12.2024" },
            { "type": "checkbox", "id": "checkbox", "label": label, "default": true },
            { "type": "select", "id": "select", "label": label, "options": options, "default": "a" },
            { "type": "radio", "id": "radio", "label": label, "options": options },
            { "type": "paragraph", "values": { "en": "P" } },
            { "type": "subtitle", "id": "s", "values": { "en": "P" } },
            { "type": "notification", "values": { "en": "P" }, "subType": "Success", "setTimer": true },
            { "type": "image", "src": "aGVsbG8=", "fileType": "data:image/png;base64,", "alt": "hello" },
            { "type": "qrCode", "content": "{{processvar.x}}", "size": "200" }
        ]
    });
    let form = Form::parse(&form.to_string()).unwrap();
    let written = serde_json::to_value(&form).unwrap();
    assert_eq!(serde_json::from_value::<Form>(written.clone()).unwrap(), form);
    let types: Vec<&str> =
        form.components().iter().map(|component| component.type_name()).collect();
    assert_eq!(
        types.join(" "),
        "text email password phone number date checkbox select radio paragraph subtitle notification image qrCode"
    );
    assert_eq!(written["components"][3]["defaultCountry"], "DE");
    assert_eq!(written["components"][4]["validate"]["max"], 2.5);
    assert_eq!(written["components"][11]["subtype"], "success");
    assert_eq!(form.transient_ids().collect::<Vec<&str>>(), ["password"]);
}

#[test]
fn every_flaw_is_told_at_once_with_its_place() {
    flaws(
        r#"{ "title": { "values": { "en": " " } }, "version": "2", "theme": "x", "components": [
            { "type": "slider", "id": "s" },
            { "id": "nothing" },
            7,
            { "type": "text", "id": "two words", "label": { "values": {} }, "placeholder": "?" },
            { "type": "text", "id": "a", "label": { "values": { "en": 1, "e!": "x" } }, "default": {},
              "validate": { "minLength": 5, "maxLength": 2, "required": "perhaps", "pattern": "x" } },
            { "type": "text", "id": "a", "label": { "values": { "en": "A" } }, "index": "0" },
            { "type": "number", "id": "n", "label": { "values": { "en": "A" } }, "default": "many", "validate": { "min": "x" } },
            { "type": "date", "id": "d", "label": { "values": { "en": "A" } }, "default": "2024-02-30", "defaultDateFormat": "YY" },
            { "type": "select", "id": "c", "label": { "values": { "en": "A" } }, "options": [{ "value": "" }, { "value": "x" }, { "value": "x", "text": 1 }], "default": "y" },
            { "type": "radio", "id": "r", "label": { "values": { "en": "A" } }, "autocomplete": "everything" },
            { "type": "phone", "id": "p", "label": { "values": { "en": "A" } }, "defaultCountry": "Germany" },
            { "type": "notification", "values": { "en": "{{processvar.}} {{processvar.a" }, "subtype": "error", "subType": "loud" },
            { "type": "image", "id": "i" },
            { "type": "qrCode", "id": "q" }
        ] }"#,
        expect![[r#"
            $.title: a form needs a title with a text in at least one language
            $.version: only version 1 of this format is known
            $.components[0].type: no component is of type `slider`; one is text, email, password, phone, number, date, checkbox, select, radio, paragraph, subtitle, notification, image, qrCode or codes
            $.components[1].type: a component needs a type
            $.components[2]: an object is needed here, not a number
            $.components[3].id: a field needs an id of 1 to 100 characters, without blanks
            $.components[3].label: a field needs a label with a text in at least one language
            $.components[3]: `placeholder` is not known here
            $.components[4].label.values.e!: a language code is needed here, such as `en`
            $.components[4].label.values.en: a text is needed here, not a number
            $.components[4].default: a text is needed here
            $.components[4].validate.required: true or false is needed here, not a text
            $.components[4].validate.maxLength: the greatest length is below the least one
            $.components[4].validate: `pattern` is not known here
            $.components[4].label: a field needs a label with a text in at least one language
            $.components[5].index: a whole number is needed here
            $.components[6].default: a number is needed here
            $.components[6].validate.min: a number or an empty text is needed here
            $.components[7].defaultDateFormat: `YY` is none of YYYY-MM-DD, MM/DD/YYYY, DD.MM.YYYY, DD/MM/YYYY
            $.components[7].default: a date is needed here, written as `defaultDateFormat` says
            $.components[8].options[0].value: an option needs a value
            $.components[8].options[2].value: the value `x` is taken
            $.components[8].options[2]: `text` is not known here
            $.components[8].default: this is none of the options
            $.components[9].options: a list of 1 to 500 options is needed here
            $.components[9].autocomplete: this is no purpose that HTML knows
            $.components[10].defaultCountry: a country code of two letters is needed here
            $.components[11].subType: `loud` is none of default, success, error, warning
            $.components[12].src: an image needs an address or its data
            $.components[13].content: a QR code needs a content
            $.components[5].id: the id `a` is taken
            $: `theme` is not known here
            $.components[11].values.en: `{{processvar.}} {{processvar.a` is no path to a process variable
            $.components[11].values.en: `{{processvar.a` is no path to a process variable"#]],
    );
}

#[test]
fn what_is_no_form_at_all_is_refused() {
    for (json, expected) in [
        ("", expect!["$: this is not JSON: EOF while parsing a value at line 1 column 0"]),
        ("{", expect!["$: this is not JSON: EOF while parsing an object at line 1 column 1"]),
        ("[]", expect!["$: an object is needed here, not a list"]),
        (
            "{}",
            expect![[r#"
                $.title: a form needs a title with a text in at least one language
                $.components: a form needs a list of components"#]],
        ),
        (
            r#"{"title":{"values":{"en":"x"}},"components":{}}"#,
            expect!["$.components: a list is needed here, not an object"],
        ),
    ] {
        flaws(json, expected);
    }
}

#[test]
fn a_form_beyond_all_bounds_is_refused() {
    let text =
        |length: usize| json!({ "type": "paragraph", "values": { "en": "x".repeat(length) } });
    assert!(Form::parse(&with(text(10_000))).is_ok());
    flaws(
        &with(text(10_001)),
        expect!["$.components[0].values.en: a text has at most 10000 characters"],
    );
    flaws(&with(text(1_100_000)), expect!["$: a form has at most 1048576 bytes"]);
    let deep = "[".repeat(100_000);
    flaws(&deep, expect!["$: this is not JSON: recursion limit exceeded at line 1 column 128"]);
    let many: Vec<Value> = (0..501).map(|_| json!({ "type": "paragraph", "values": {} })).collect();
    let many = json!({ "title": { "values": { "en": "T" } }, "components": many }).to_string();
    flaws(&many, expect!["$.components: a form has at most 500 components"]);
}

#[test]
fn components_stand_in_the_order_of_their_index_when_each_has_one() {
    let order = |components: Value| {
        let form =
            json!({ "title": { "values": { "en": "T" } }, "components": components }).to_string();
        let form = Form::parse(&form).unwrap();
        form.components()
            .iter()
            .map(|component| component.id.clone())
            .collect::<Vec<String>>()
            .join("")
    };
    let part = |id: &str, index: Option<i32>| json!({ "type": "paragraph", "id": id, "index": index, "values": {} });
    assert_eq!(order(json!([part("a", Some(2)), part("b", Some(0)), part("c", Some(1))])), "bca");
    assert_eq!(order(json!([part("a", Some(1)), part("b", Some(1)), part("c", Some(0))])), "cab");
    assert_eq!(order(json!([part("a", Some(1)), part("b", None), part("c", Some(0))])), "abc");
}
