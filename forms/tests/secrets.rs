//! Secrets on forms: keys and codes are shown so that they can be kept, and only when they are opened.

use expect_test::expect;
use forms::{Form, Language, View};
use serde_json::{Value, json};

fn form(component: Value) -> Form {
    let form = json!({ "title": { "values": { "en": "T" } }, "components": [component] });
    Form::parse(&form.to_string()).expect("this is sound")
}

fn html(form: &Form) -> String {
    let language = Language::find("en").expect("English");
    let view = View {
        language,
        default_language: None,
        values: None,
        errors: &[],
        passcode: None,
        offers_passkeys: false,
    };
    forms::render(form, &view).expect("this is sound")
}

#[test]
fn an_address_for_authenticator_apps_is_a_code_to_scan_a_link_to_open_and_a_key_to_type() {
    let address = "otpauth://totp/Example:ann?secret=ABCDEFGHIJ&issuer=Example";
    let html_of = |content: &str| html(&form(json!({ "type": "qrCode", "content": content })));
    let html = html_of(address);
    let link = html.split("<svg").next().unwrap_or_default().to_owned()
        + html.split("</svg>").nth(1).unwrap_or_default();
    expect![[r#"
        <figure class="qr">

        <a class="qr-open" href="otpauth://totp/Example:ann?secret&#x3D;ABCDEFGHIJ&amp;issuer&#x3D;Example">Open in the authenticator app on this device</a>
        <div class="keep" data-keep>
        <p class="keep-title">If you cannot scan the code, type this key into your app:</p>
        <code class="keep-key" dir="ltr">ABCD EFGH IJ</code>
        <div class="keep-actions"><button class="button-small" type="button" data-copy="key" data-done="Copied." data-failed="Your browser did not copy the text. It is selected now: copy it with the keyboard or the menu." hidden aria-label="Copy the key">Copy</button></div>
        <p class="keep-status" role="status" data-status></p>
        </div>
        </figure>
    "#]].assert_eq(&link);
    assert!(html.contains(r#"aria-label="QR code for your authenticator app""#), "{html}");
    for other in ["otpauth://totp/x", "otpauth://totp/x?secret=", "otpauth://totp/x?secret=a%00b"] {
        let html = html_of(other);
        assert!(html.contains("qr-text") && !html.contains("<a "), "{html}");
    }
}

#[test]
fn codes_stand_in_a_list_with_ways_to_keep_them() {
    let codes = json!({
        "type": "codes", "id": "c", "label": { "values": { "en": "Your codes" } },
        "content": "AAAA-1111\n\n BBBB-2222 \n<b>",
    });
    expect![[r#"
        <div class="keep" data-keep>
        <p class="keep-title">Your codes</p>
        <ol class="keep-codes">
        <li><code dir="ltr">AAAA-1111</code></li>
        <li><code dir="ltr">BBBB-2222</code></li>
        <li><code dir="ltr">&lt;b&gt;</code></li>
        </ol>
        <div class="keep-actions">
        <button class="button-small" type="button" data-copy data-done="Copied." data-failed="Your browser did not copy the text. It is selected now: copy it with the keyboard or the menu." hidden>Copy</button>
        <button class="button-small" type="button" data-save="codes.txt" hidden>Download</button>
        <button class="button-small" type="button" data-print hidden>Print</button>
        </div>
        <p class="keep-status" role="status" data-status></p>
        </div>
    "#]].assert_eq(&html(&form(codes)));
}

#[test]
fn a_form_is_kept_whatever_its_texts_have_come_to() {
    let known = json!({ "bad": "{{processvar.", "word": "many" });
    for component in [
        json!({ "type": "qrCode", "content": "{{processvar.missing}}" }),
        json!({ "type": "codes", "content": "{{processvar.missing}}" }),
        json!({ "type": "image", "src": "{{processvar.missing}}" }),
        json!({ "type": "paragraph", "values": { "en": "{{processvar.bad}}" } }),
        json!({ "type": "number", "id": "n", "label": { "values": { "en": "{{processvar.x}}" } },
            "default": "{{processvar.word}}" }),
    ] {
        let filled = form(component).filled(known.as_object().unwrap());
        let kept = serde_json::to_string(&filled).unwrap();
        assert_eq!(serde_json::from_str::<Form>(&kept).unwrap(), filled, "{kept}");
    }
}

#[test]
fn sealed_texts_are_shown_when_they_are_opened_and_not_before() {
    let (codes, name) = ("{{processvar.codes}}", "{{processvar.name}}");
    let words = json!({ "type": "paragraph", "values": { "en": format!("{codes} {name}") } });
    let sealed = "{{sealed.ABC.0}}";
    let variables = json!({ "codes": sealed, "name": "Ann" });
    let filled = form(words).filled(variables.as_object().unwrap());
    let wanted: Vec<String> = filled.sealed_texts().iter().map(ToString::to_string).collect();
    assert_eq!(wanted, [sealed]);
    let opened = filled.opened(|text| (text.session == "ABC").then(|| "AAAA".to_owned()));
    assert_eq!(html(&opened), "<p class=\"paragraph\">AAAA Ann</p>\n");
    assert_eq!(html(&filled.opened(|_| None)), "<p class=\"paragraph\"> Ann</p>\n");
}
