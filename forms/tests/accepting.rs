//! What somebody fills in is checked and typed by the component it belongs to.

use forms::{FieldError, Form};
use serde_json::{Map, Value, json};

fn form(components: Value) -> Form {
    Form::parse(
        &json!({ "title": { "values": { "en": "T" } }, "components": components }).to_string(),
    )
    .expect("this is sound")
}

fn field(kind: &str, more: Value) -> Form {
    let mut component = json!({ "type": kind, "id": "x", "label": { "values": { "en": "X" } } });
    component
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().expect("an object").clone());
    form(json!([component]))
}

fn map(json: Value) -> Map<String, Value> {
    json.as_object().expect("an object").clone()
}

/// The accepted value of the only field, or the rules that were not kept.
fn answer(form: &Form, value: Value) -> Result<Value, String> {
    form.accept(&map(json!({ "x": value })))
        .map(|accepted| accepted["x"].clone())
        .map_err(|errors| errors.iter().map(described).collect::<Vec<String>>().join(" "))
}

fn described(error: &FieldError) -> String {
    let values: Vec<String> =
        error.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}:{}{}", error.field.as_deref().unwrap_or("-"), error.rule, values.join(","))
}

#[track_caller]
fn table(form: &Form, cases: Vec<(Value, Result<Value, &str>)>) {
    for (value, expected) in cases {
        let expected = expected.map_err(str::to_owned);
        assert_eq!(answer(form, value.clone()), expected, "{value}");
    }
}

const INVALID: Result<Value, &str> = Err("x:invalid");
const MISSING: Result<Value, &str> = Err("x:missing");

#[test]
fn texts_have_a_length_in_characters() {
    let limits = json!({ "validate": { "required": true, "minLength": 2, "maxLength": 4 } });
    table(
        &field("text", limits),
        vec![
            (json!("ab"), Ok(json!("ab"))),
            (json!("äöü€"), Ok(json!("äöü€"))),
            (json!("  a "), Ok(json!("  a "))),
            (json!("a"), Err("x:lengthmax=4,min=2")),
            (json!("abcde"), Err("x:lengthmax=4,min=2")),
            (json!(""), MISSING),
            (json!("   "), MISSING),
            (json!(null), MISSING),
            (json!("a\u{0}b"), INVALID),
            (json!("a\u{7f}b"), INVALID),
            (json!(12), INVALID),
            (json!(["ab"]), INVALID),
            (json!({}), INVALID),
            (json!(true), INVALID),
        ],
    );
    table(
        &field("text", json!({ "validate": { "minLength": 1 } })),
        vec![(json!(""), Ok(json!(""))), (json!(null), Ok(json!("")))],
    );
    table(
        &field("text", json!({})),
        vec![
            (json!("x".repeat(10_000)), Ok(json!("x".repeat(10_000)))),
            (json!("x".repeat(10_001)), Err("x:lengthmax=10000")),
            (json!("<script>"), Ok(json!("<script>"))),
        ],
    );
}

#[test]
fn addresses_have_one_at_sign_and_a_domain() {
    let good = |text: &str| Ok(json!(text));
    table(
        &field("email", json!({ "validate": { "required": true } })),
        vec![
            (json!("ada@example.com"), good("ada@example.com")),
            (json!(" ada@example.com "), good("ada@example.com")),
            (json!("a.b+c@sub.example.co"), good("a.b+c@sub.example.co")),
            (json!("jörg@exämple.de"), good("jörg@exämple.de")),
            (json!("ada@localhost"), INVALID),
            (json!("ada"), INVALID),
            (json!("a@b@c.de"), INVALID),
            (json!("ada@.de"), INVALID),
            (json!("ada@a..de"), INVALID),
            (json!("ada@-a.de"), INVALID),
            (json!(".ada@a.de"), INVALID),
            (json!("a da@a.de"), INVALID),
            (json!("ada@a.de\r\nBcc: b@c.de"), INVALID),
            (json!("\"x\"@a.de"), INVALID),
            (json!(format!("{}@a.de", "x".repeat(65))), INVALID),
            (json!("x".repeat(1_000_000)), INVALID),
            (json!("  "), MISSING),
        ],
    );
}

#[test]
fn telephone_numbers_are_kept_as_digits() {
    table(
        &field("phone", json!({ "defaultCountry": "DE" })),
        vec![
            (json!("+49 (0)30 / 123-456"), Ok(json!("+49030123456"))),
            (json!("030 123 456"), Ok(json!("030123456"))),
            (json!("٠٣٠١٢٣"), Ok(json!("030123"))),
            (json!(""), Ok(json!(""))),
            (json!("+"), INVALID),
            (json!("123"), INVALID),
            (json!("1234567890123456"), INVALID),
            (json!("+49+30123"), INVALID),
            (json!("call me"), INVALID),
            (json!(491234567), INVALID),
        ],
    );
}

#[test]
fn numbers_come_as_numbers_or_as_text() {
    table(
        &field("number", json!({ "validate": { "min": -1.5, "max": 10 } })),
        vec![
            (json!("7"), Ok(json!(7))),
            (json!(7), Ok(json!(7))),
            (json!("7.0"), Ok(json!(7))),
            (json!(" 1e1 "), Ok(json!(10))),
            (json!("٣٫٥"), Ok(json!(3.5))),
            (json!("-1.5"), Ok(json!(-1.5))),
            (json!("-1.6"), Err("x:rangemax=10,min=-1.5")),
            (json!(10.01), Err("x:rangemax=10,min=-1.5")),
            (json!(""), Ok(json!(null))),
            (json!(null), Ok(json!(null))),
            (json!("1,5"), INVALID),
            (json!("NaN"), INVALID),
            (json!("inf"), INVALID),
            (json!("1e999"), INVALID),
            (json!("0x10"), INVALID),
            (json!("9".repeat(100_000)), INVALID),
            (json!(true), INVALID),
        ],
    );
    table(
        &field("number", json!({ "validate": { "whole": true, "min": -5 } })),
        vec![
            (json!("7"), Ok(json!(7))),
            (json!(7.0), Ok(json!(7))),
            (json!("1e3"), Ok(json!(1000))),
            (json!("-5"), Ok(json!(-5))),
            (json!(""), Ok(Value::Null)),
            (json!("1.5"), Err("x:invalid")),
            (json!(0.1), Err("x:invalid")),
            (json!("1e300"), Err("x:invalid")),
            (json!(u64::MAX), Err("x:invalid")),
            (json!("-5.5"), Err("x:rangemin=-5")),
        ],
    );
    table(
        &field("number", json!({ "validate": { "required": true } })),
        vec![(json!(" "), MISSING)],
    );
}

#[test]
fn dates_are_kept_as_iso_8601() {
    for (format, written) in [
        ("YYYY-MM-DD", "2024-02-09"),
        ("MM/DD/YYYY", "02/09/2024"),
        ("DD.MM.YYYY", "9.2.2024"),
        ("DD/MM/YYYY", "09/02/2024"),
    ] {
        let form = field("date", json!({ "defaultDateFormat": format }));
        table(
            &form,
            vec![
                (json!(written), Ok(json!("2024-02-09"))),
                (json!("2024-02-29"), Ok(json!("2024-02-29"))),
                (json!(""), Ok(json!(null))),
                (json!("2023-02-29"), INVALID),
                (json!("24-02-09"), INVALID),
                (json!("2024-+2-09"), INVALID),
                (json!("2024-02-09T00:00"), INVALID),
                (json!("tomorrow"), INVALID),
                (json!(20240209), INVALID),
            ],
        );
    }
}

#[test]
fn ticks_and_choices_are_those_that_were_offered() {
    table(
        &field("checkbox", json!({ "validate": { "required": true } })),
        vec![
            (json!(true), Ok(json!(true))),
            (json!("true"), Ok(json!(true))),
            (json!("on"), Ok(json!(true))),
            (json!(false), MISSING),
            (json!(null), MISSING),
            (json!("yes"), INVALID),
            (json!(1), INVALID),
        ],
    );
    table(&field("checkbox", json!({})), vec![(json!(null), Ok(json!(false)))]);
    let options = json!({ "options": [{ "value": "a" }, { "value": "b" }] });
    for kind in ["select", "radio"] {
        table(
            &field(kind, options.clone()),
            vec![
                (json!("b"), Ok(json!("b"))),
                (json!(""), Ok(json!(null))),
                (json!("B"), INVALID),
                (json!("c"), INVALID),
                (json!(["a"]), INVALID),
            ],
        );
    }
}

#[test]
fn fields_that_cannot_be_changed_keep_their_default() {
    let fixed = form(json!([
        { "type": "text", "id": "t", "label": { "values": { "en": "T" } }, "readOnly": true, "default": "Ada" },
        { "type": "number", "id": "n", "label": { "values": { "en": "N" } }, "readOnly": true, "default": "4" },
        { "type": "date", "id": "d", "label": { "values": { "en": "D" } }, "readOnly": true, "default": "01/02/2024" },
        { "type": "checkbox", "id": "c", "label": { "values": { "en": "C" } }, "readOnly": true, "default": "true" },
        { "type": "date", "id": "e", "label": { "values": { "en": "E" } }, "readOnly": true, "default": "{{processvar.gone}}" },
        { "type": "text", "id": "free", "label": { "values": { "en": "F" } }, "default": "x" },
    ]));
    let fixed = fixed.filled(&Map::new());
    let submitted = map(json!({ "t": "Eve", "n": "9", "d": "x", "c": false, "free": "y" }));
    let expected =
        json!({ "t": "Ada", "n": 4, "d": "2024-02-01", "c": true, "e": null, "free": "y" });
    assert_eq!(Value::Object(fixed.accept(&submitted).unwrap()), expected);
    let none = fixed.as_read_only().accept(&submitted).unwrap();
    assert_eq!(none["free"], "x");
}

#[test]
fn ids_that_the_form_does_not_have_are_refused() {
    let form = field("text", json!({ "validate": { "required": true } }));
    let told = |submitted: Value| {
        let errors = form.accept(&map(submitted)).unwrap_err();
        errors.iter().map(described).collect::<Vec<String>>()
    };
    assert_eq!(
        told(json!({ "x": "1", "y": "2", "__proto__": {} })),
        ["__proto__:unknown", "y:unknown"]
    );
    assert_eq!(told(json!({ "y": "2" })), ["x:missing", "y:unknown"]);
    let many: Map<String, Value> = (0..1_000).map(|n| (format!("k{n}"), json!(n))).collect();
    assert_eq!(form.accept(&many).unwrap_err().len(), 21);
    let long = told(json!({ "x": "1", ("k".repeat(1_000_000)): 1 }));
    assert!(long[0].len() < 100, "{}", long[0].len());
}

#[test]
fn a_passcode_is_no_value_of_a_passcode_form() {
    let form = form(json!([
        { "type": "text", "id": "passcode", "label": { "values": { "en": "P" } }, "validate": { "required": true } },
        { "type": "text", "id": "nick", "label": { "values": { "en": "N" } } },
    ]));
    let open = form.without(forms::PASSCODE_FIELD);
    assert_eq!(
        Value::Object(open.accept(&map(json!({ "nick": "a" }))).unwrap()),
        json!({ "nick": "a" })
    );
    let errors = open.accept(&map(json!({ "passcode": "1234" }))).unwrap_err();
    assert_eq!(errors.iter().map(described).collect::<Vec<String>>(), ["passcode:unknown"]);
}

#[test]
fn the_forms_own_words_travel_with_the_error() {
    let says = json!({ "validate": { "required": true, "maxLength": 1,
        "missingMessage": { "values": { "en": "Name?" } }, "invalidLengthMessage": { "values": { "en": " " } } } });
    let form = field("text", says);
    let error = |value: Value| form.accept(&map(json!({ "x": value }))).unwrap_err().remove(0);
    let missing = error(json!(""));
    assert_eq!(
        serde_json::to_value(&missing).unwrap(),
        json!({ "field": "x", "rule": "missing", "message": { "values": { "en": "Name?" } } })
    );
    assert_eq!(
        serde_json::to_value(error(json!("ab"))).unwrap(),
        json!({ "field": "x", "rule": "length", "values": { "max": "1" } })
    );
    let back: FieldError = serde_json::from_value(serde_json::to_value(&missing).unwrap()).unwrap();
    assert_eq!(back, missing);
}
