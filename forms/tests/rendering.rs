//! Forms become accessible HTML, and nothing that somebody wrote into them becomes markup.

use expect_test::{Expect, expect};
use forms::{Ceremony, FieldError, Form, Language, PasscodeRules, PasscodeView, View};
use serde_json::{Map, Value, json};

fn form(components: Value) -> Form {
    Form::parse(
        &json!({ "title": { "values": { "en": "T" } }, "components": components }).to_string(),
    )
    .expect("this is sound")
}

fn view(code: &str) -> View<'static> {
    let language = Language::find(code).expect("this is sound");
    View {
        language,
        default_language: None,
        values: None,
        errors: &[],
        passcode: None,
        offers_passkeys: false,
    }
}

fn map(json: Value) -> Map<String, Value> {
    json.as_object().expect("an object").clone()
}

fn check(form: &Form, view: &View<'_>, expected: Expect) {
    expected.assert_eq(&forms::render(form, view).expect("this is sound"));
}

#[test]
fn each_field_has_its_label_and_its_purpose() {
    let form = form(json!([
        { "type": "text", "id": "firstName", "label": { "values": { "en": "First name" } }, "default": "Ada" },
        { "type": "email", "id": "mail", "label": { "values": { "en": "E-mail" } }, "validate": { "required": true } },
        { "type": "password", "id": "secret", "label": { "values": { "en": "Secret (Optional)" } }, "default": "never shown" },
        { "type": "phone", "id": "phoneNumber", "label": { "values": { "en": "Mobile" } }, "readOnly": true, "default": "030 1234" },
        { "type": "number", "id": "n", "label": { "values": { "en": "Number" } }, "validate": { "min": 1, "max": 9 } },
        { "type": "date", "id": "dateOfBirth", "label": { "values": { "en": "Born" } }, "default": "31/12/1999" },
        { "type": "text", "id": "otp", "label": { "values": { "en": "Code" } } },
    ]));
    check(
        &form,
        &view("en"),
        expect![[r#"
            <div class="field">
            <label class="label" for="field-firstName">First name <span class="optional">(optional)</span></label>
            <input class="input" id="field-firstName" name="data.firstName" type="text" value="Ada" autocomplete="given-name" dir="auto">
            </div>
            <div class="field">
            <label class="label" for="field-mail">E-mail</label>
            <input class="input" id="field-mail" name="data.mail" type="email" value="" autocomplete="email" inputmode="email" dir="ltr" required>
            </div>
            <div class="field">
            <label class="label" for="field-secret">Secret (Optional)</label>
            <input class="input" id="field-secret" name="data.secret" type="password" value="" autocomplete="new-password" dir="auto" autocapitalize="none" autocorrect="off" spellcheck="false">
            </div>
            <div class="field">
            <label class="label" for="field-phoneNumber">Mobile</label>
            <input class="input" id="field-phoneNumber" name="data.phoneNumber" type="tel" value="0301234" autocomplete="tel" inputmode="tel" dir="ltr" readonly>
            </div>
            <div class="field">
            <label class="label" for="field-n">Number <span class="optional">(optional)</span></label>
            <input class="input" id="field-n" name="data.n" type="number" value="" inputmode="decimal" dir="ltr" step="any" min="1" max="9">
            </div>
            <div class="field">
            <label class="label" for="field-dateOfBirth">Born <span class="optional">(optional)</span></label>
            <input class="input" id="field-dateOfBirth" name="data.dateOfBirth" type="date" value="1999-12-31" autocomplete="bday">
            </div>
            <div class="field">
            <label class="label" for="field-otp">Code <span class="optional">(optional)</span></label>
            <input class="input" id="field-otp" name="data.otp" type="text" value="" autocomplete="one-time-code" inputmode="numeric" dir="ltr" autocapitalize="none" autocorrect="off" spellcheck="false">
            </div>
        "#]],
    );
}

#[test]
fn choices_are_lists_and_groups() {
    let options =
        json!([{ "value": "a", "label": { "values": { "en": "Aye" } } }, { "value": "b" }]);
    let form = form(json!([
        { "type": "select", "id": "s", "label": { "values": { "en": "Select" } }, "options": options, "default": "b" },
        { "type": "radio", "id": "r", "label": { "values": { "en": "Radio" } }, "options": options, "validate": { "required": true } },
        { "type": "checkbox", "id": "c", "label": { "values": { "en": "Check" } }, "default": true, "readOnly": true },
    ]));
    check(
        &form,
        &view("en"),
        expect![[r#"
        <div class="field">
        <label class="label" for="field-s">Select <span class="optional">(optional)</span></label>
        <div class="select">
        <select class="input" id="field-s" name="data.s">
        <option value="">Please choose</option>
        <option value="a">Aye</option>
        <option value="b" selected>b</option>
        </select>
        </div>
        </div>
        <fieldset class="field">
        <legend class="label">Radio</legend>
        <div class="tick">
        <input class="tick-input" id="field-r" name="data.r" type="radio" value="a" required>
        <label class="tick-label" for="field-r">Aye</label>
        </div>
        <div class="tick">
        <input class="tick-input" id="choice-r-1" name="data.r" type="radio" value="b" required>
        <label class="tick-label" for="choice-r-1">b</label>
        </div>
        </fieldset>
        <div class="field">
        <div class="tick">
        <input class="tick-input" id="field-c" name="data.c" type="checkbox" value="true" checked disabled>
        <label class="tick-label" for="field-c">Check</label>
        </div>
        </div>
    "#]],
    );
}

#[test]
fn things_that_are_only_shown_are_text_and_pictures() {
    let form = form(json!([
        { "type": "paragraph", "values": { "en": "One\ntwo" } },
        { "type": "subtitle", "values": { "en": "Part" } },
        { "type": "notification", "values": { "en": "Careful" }, "subtype": "warning", "closeButton": true, "setTimer": true },
        { "type": "notification", "values": { "en": "By the way" } },
        { "type": "image", "src": "https://cdn.example.com/a.png?x=1&y=2", "alt": "A list", "width": "400" },
        { "type": "image", "src": "aGVsbG8=", "fileType": "data:image/png;base64," },
        { "type": "qrCode", "content": "HI", "size": 9999 },
    ]));
    let html = forms::render(&form, &view("en")).unwrap();
    let path = html.split("#000\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    expect![[r##"
        <p class="paragraph">One
        two</p>
        <h2 class="subtitle">Part</h2>
        <div class="notice notice-warning" data-timer="5">
        <p class="notice-text"><span class="aside">Warning: </span>Careful</p>
        <button class="notice-close" type="button" data-close hidden aria-label="Close this message"><span aria-hidden="true">×</span></button>
        </div>
        <div class="notice notice-default">
        <p class="notice-text"><span class="aside">Note: </span>By the way</p>
        </div>
        <p class="picture"><img src="https://cdn.example.com/a.png?x&#x3D;1&amp;y&#x3D;2" alt="A list" width="400"></p>
        <p class="picture"><img src="data:image/png;base64,aGVsbG8&#x3D;" alt=""></p>
        <figure class="qr">
        <svg class="qr-code" role="img" aria-label="QR code" width="600" height="600" viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path fill="#000" d="…"/></svg>
        <details class="qr-text"><summary>Show the content as text</summary><code dir="ltr">HI</code></details>
        </figure>
    "##]].assert_eq(&html.replace(path, "…"));
    assert_eq!(
        forms::image_origins(&form).into_iter().collect::<Vec<String>>(),
        ["https://cdn.example.com"]
    );
}

#[test]
fn errors_stand_at_their_field_and_in_the_summary() {
    let form = form(json!([
        { "type": "text", "id": "pin", "label": { "values": { "en": "PIN" } }, "validate": { "required": true, "minLength": 4, "maxLength": 6 } },
        { "type": "radio", "id": "r", "label": { "values": { "en": "Radio" } }, "options": [{ "value": "a" }], "validate": { "required": true } },
        { "type": "checkbox", "id": "c", "label": { "values": { "en": "Check" } }, "validate": { "required": true } },
        { "type": "date", "id": "d", "label": { "values": { "en": "Day" } }, "validate": { "missingMessage": { "values": { "en": "Which day?" } }, "required": true } },
        { "type": "number", "id": "n", "label": { "values": { "en": "Number" } }, "validate": { "max": 5 } },
    ]));
    let values = map(json!({ "pin": "1", "n": "6", "strange \"id": "x" }));
    let errors = form.accept(&values).unwrap_err();
    let view = View { values: Some(&values), errors: &errors, ..view("en") };
    check(
        &form,
        &view,
        expect![[r#"
        <div class="field is-wrong">
        <label class="label" for="field-pin">PIN</label>
        <p class="error" id="error-pin"><span class="aside">Error: </span>“PIN” needs a length from 4 to 6.</p><input class="input" id="field-pin" name="data.pin" type="text" value="1" dir="auto" required aria-invalid="true" aria-describedby="error-pin">
        </div>
        <fieldset class="field is-wrong" aria-describedby="error-r">
        <legend class="label">Radio</legend>
        <p class="error" id="error-r"><span class="aside">Error: </span>Please choose an answer for “Radio”.</p><div class="tick">
        <input class="tick-input" id="field-r" name="data.r" type="radio" value="a" required>
        <label class="tick-label" for="field-r">a</label>
        </div>
        </fieldset>
        <div class="field is-wrong">
        <p class="error" id="error-c"><span class="aside">Error: </span>Please tick “Check”.</p><div class="tick">
        <input class="tick-input" id="field-c" name="data.c" type="checkbox" value="true" required aria-invalid="true" aria-describedby="error-c">
        <label class="tick-label" for="field-c">Check</label>
        </div>
        </div>
        <div class="field is-wrong">
        <label class="label" for="field-d">Day</label>
        <p class="error" id="error-d"><span class="aside">Error: </span>Which day?</p><input class="input" id="field-d" name="data.d" type="date" value="" required aria-invalid="true" aria-describedby="error-d">
        </div>
        <div class="field is-wrong">
        <label class="label" for="field-n">Number <span class="optional">(optional)</span></label>
        <p class="error" id="error-n"><span class="aside">Error: </span>“Number” must be 5 or less.</p><input class="input" id="field-n" name="data.n" type="number" value="6" inputmode="decimal" dir="ltr" step="any" max="5" aria-invalid="true" aria-describedby="error-n">
        </div>
    "#]],
    );
    let lines: Vec<String> = forms::summary(&form, &view)
        .into_iter()
        .map(|line| format!("{} -> {}", line.words.text, line.href.unwrap_or_default()))
        .collect();
    expect![[r#"
        “PIN” needs a length from 4 to 6. -> #field-pin
        Please choose an answer for “Radio”. -> #field-r
        Please tick “Check”. -> #field-c
        Which day? -> #field-d
        “Number” must be 5 or less. -> #field-n
        This form has no field named “strange "id”. -> "#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn every_rule_has_words_in_every_language() {
    let kinds =
        ["text", "email", "password", "phone", "number", "date", "checkbox", "select", "radio"];
    for kind in kinds {
        let options = json!([{ "value": "a" }]);
        let mut component =
            json!({ "type": kind, "id": "x", "label": { "values": { "en": "LABEL" } } });
        if matches!(kind, "select" | "radio") {
            component["options"] = options;
        }
        let form = form(json!([component]));
        let rule = |rule: &str| FieldError::new(rule).of("x");
        for error in [
            rule(FieldError::MISSING),
            rule(FieldError::INVALID),
            rule(FieldError::UNKNOWN),
            rule(FieldError::LENGTH).with("min", 1),
            rule(FieldError::LENGTH).with("max", 2),
            rule(FieldError::LENGTH).with("min", 1).with("max", 2),
            rule(FieldError::RANGE).with("min", 1),
            rule(FieldError::RANGE).with("max", 2),
            rule(FieldError::RANGE).with("min", 1).with("max", 2),
            rule("a rule that nobody knows"),
        ] {
            for language in Language::all() {
                let errors = [error.clone()];
                let view = View { errors: &errors, ..view(language.code()) };
                let text = forms::summary(&form, &view).remove(0).words.text;
                assert!(text.contains("LABEL") && !text.contains('{'), "{kind} {error:?} {text}");
            }
        }
    }
}

#[test]
fn a_passcode_field_has_no_name_and_lists_its_rules() {
    let form = Form::parse(forms::library::ALL[0].1).unwrap();
    let rules: PasscodeRules =
        serde_json::from_value(json!({ "minimumLength": 6, "digitCount": 1 })).unwrap();
    let algorithm = json!({ "type": "SRP", "parameters": { "i": "A\"<" } });
    let passcode = PasscodeView { ceremony: Ceremony::Registration, rules, algorithm };
    let view = View { passcode: Some(&passcode), ..view("en") };
    let html = forms::render(&form, &view).unwrap();
    let texts = html.split("data-texts=\"").nth(1).unwrap().split('"').next().unwrap();
    expect![[r#"
        <div class="field" data-passcode="registration" data-srp="{&quot;parameters&quot;:{&quot;i&quot;:&quot;A\&quot;&lt;&quot;},&quot;type&quot;:&quot;SRP&quot;}" data-texts="…">
        <label class="label" for="field-passcode">New passcode</label>
        <p class="error" id="error-passcode" hidden><span class="aside">Error: </span><span data-error></span></p>
        <div class="reveal">
        <input class="input" id="field-passcode" type="password" autocomplete="new-password" autocapitalize="none" autocorrect="off" spellcheck="false" dir="auto" required aria-describedby="rules-passcode">
        <button class="reveal-button" type="button" data-reveal hidden aria-controls="field-passcode" aria-label="Show passcode">Show</button>
        </div>
        <div class="rules" id="rules-passcode">
        <p class="rules-title">Your passcode needs:</p>
        <ul class="rules-list">
        <li class="rule" data-rule="minimumLength" data-count="6" data-patterns=""><span class="rule-mark" aria-hidden="true"></span><span>Characters: at least 6<span class="aside" data-state></span></span></li>
        <li class="rule" data-rule="digitCount" data-count="1" data-patterns=""><span class="rule-mark" aria-hidden="true"></span><span>Digits: at least 1<span class="aside" data-state></span></span></li>
        </ul>
        </div>
        <p class="aside" role="status" data-status></p>
        </div>
    "#]].assert_eq(&html.replace(texts, "…"));
    assert!(!html.contains("name="));
}

#[test]
fn a_refused_passcode_is_told_at_the_field() {
    let form = Form::parse(forms::library::ALL[1].1).unwrap();
    let passcode = PasscodeView {
        ceremony: Ceremony::Authentication,
        rules: PasscodeRules { minimum_length: Some(6), ..PasscodeRules::default() },
        algorithm: json!({}),
    };
    let errors = [FieldError::new(FieldError::PASSCODE_NOT_ACCEPTED)];
    let view = View { passcode: Some(&passcode), errors: &errors, ..view("de") };
    let html = forms::render(&form, &view).unwrap();
    let texts = html.split("data-texts=\"").nth(1).unwrap().split('"').next().unwrap();
    expect![[r#"
        <div class="field is-wrong" data-passcode="authentication" data-srp="{}" data-texts="…">
        <label class="label" for="field-passcode">Passcode</label>
        <p class="error" id="error-passcode"><span class="aside">Fehler: </span><span data-error>Der Passcode wurde nicht angenommen. Bitte versuchen Sie es noch einmal.</span></p>
        <div class="reveal">
        <input class="input" id="field-passcode" type="password" autocomplete="current-password" autocapitalize="none" autocorrect="off" spellcheck="false" dir="auto" required aria-describedby="error-passcode" aria-invalid="true">
        <button class="reveal-button" type="button" data-reveal hidden aria-controls="field-passcode" aria-label="Passcode anzeigen">Anzeigen</button>
        </div>
        <p class="aside" role="status" data-status></p>
        </div>
    "#]].assert_eq(&html.replace(texts, "…"));
    let line = forms::summary(&form, &view).remove(0);
    assert_eq!(
        line.words.text,
        "Der Passcode wurde nicht angenommen. Bitte versuchen Sie es noch einmal."
    );
    assert_eq!(line.href.as_deref(), Some("#field-passcode"));
}

#[test]
fn a_form_without_a_passcode_field_is_given_one_in_a_passcode_activity() {
    let form = form(json!([{ "type": "paragraph", "values": { "en": "Hello" } }]));
    let passcode = PasscodeView {
        ceremony: Ceremony::Authentication,
        rules: PasscodeRules::default(),
        algorithm: json!({}),
    };
    let html = forms::render(&form, &View { passcode: Some(&passcode), ..view("en") }).unwrap();
    assert!(
        html.contains("<label class=\"label\" for=\"field-passcode\">Passcode</label>"),
        "{html}"
    );
    assert!(html.contains("autocomplete=\"current-password\""), "{html}");
}

#[test]
fn a_passcode_that_is_entered_twice_has_no_name_in_either_place() {
    let password =
        |id: &str| json!({ "type": "password", "id": id, "label": { "values": { "en": "P" } } });
    let form = form(json!([password("passcode"), password("again")]));
    let passcode = PasscodeView {
        ceremony: Ceremony::Registration,
        rules: PasscodeRules::default(),
        algorithm: json!({}),
    };
    let html = forms::render(&form, &View { passcode: Some(&passcode), ..view("en") }).unwrap();
    assert!(html.contains("id=\"field-again\" data-repeat type=\"password\""), "{html}");
    assert!(!html.contains(" name="), "{html}");
}

#[test]
fn in_a_renewal_neither_passcode_has_a_name() {
    let (_, json) =
        forms::library::ALL.iter().find(|(name, _)| *name == "passcode-renewal").unwrap();
    let form = Form::parse(json).unwrap();
    let rules = PasscodeRules { minimum_length: Some(8), ..PasscodeRules::default() };
    let passcode = PasscodeView { ceremony: Ceremony::Renewal, rules, algorithm: json!({}) };
    for (language, label) in [("en", "Current"), ("de", "Bisheriger"), ("ar", "رمز المرور الحالي")]
    {
        let used = [FieldError::new(FieldError::PASSCODE_USED_BEFORE)];
        let view = View { passcode: Some(&passcode), errors: &used, ..view(language) };
        let html = forms::render(&form, &view).unwrap();
        assert!(html.contains("id=\"field-currentPasscode\" data-current data-missing="), "{html}");
        assert!(html.contains("id=\"error-currentPasscode\" hidden"), "{html}");
        assert!(
            html.contains("data-passcode=\"renewal\"") && html.contains("data-rule="),
            "{html}"
        );
        assert!(html.contains("autocomplete=\"current-password\""), "{html}");
        assert!(html.contains("autocomplete=\"new-password\""), "{html}");
        assert!(html.contains(label) && html.contains("is-wrong"), "{html}");
        assert!(!html.contains(" name="), "{html}");
    }
}

#[test]
fn texts_in_another_language_say_so() {
    let form = form(json!([
        { "type": "text", "id": "a", "label": { "values": { "fr_CA": "Prénom" } }, "validate": { "required": true } },
        { "type": "paragraph", "values": { "en": "English", "de": "Deutsch" } },
    ]));
    let html = forms::render(&form, &view("ar")).unwrap();
    assert!(html.contains("for=\"field-a\" lang=\"fr-CA\" dir=\"auto\">Prénom<"), "{html}");
    assert!(html.contains("<p class=\"paragraph\" lang=\"en\" dir=\"auto\">English</p>"), "{html}");
    let html = forms::render(&form, &View { default_language: Some("de"), ..view("ar") }).unwrap();
    assert!(html.contains("<p class=\"paragraph\" lang=\"de\" dir=\"auto\">Deutsch</p>"), "{html}");
}

#[test]
fn nothing_that_was_written_becomes_markup() {
    let evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7}}</textarea>";
    let text = json!({ "values": { "en": evil } });
    let form = json!({
        "title": text, "subtitle": text, "submitButton": text,
        "components": [
            { "type": "text", "id": "\"><script>", "label": text, "default": evil },
            { "type": "email", "id": "e", "label": text, "default": evil },
            { "type": "checkbox", "id": "c", "label": text },
            { "type": "select", "id": "s", "label": text, "options": [{ "value": evil, "label": text }] },
            { "type": "radio", "id": "r", "label": text, "options": [{ "value": evil, "label": text }] },
            { "type": "paragraph", "values": { "en": evil } },
            { "type": "subtitle", "values": { "en": evil } },
            { "type": "notification", "values": { "en": evil }, "closeButton": true },
            { "type": "image", "src": "javascript:alert(1)", "alt": evil },
            { "type": "image", "src": "https://a.example/\"><script>", "alt": evil },
            { "type": "image", "src": "https://a.example;script-src *", "alt": evil },
            { "type": "image", "src": evil, "alt": evil, "fileType": evil },
            { "type": "qrCode", "content": evil }
        ]
    });
    let form = Form::parse(&form.to_string()).unwrap();
    let values = map(json!({ "e": evil, "s": evil, "r": ["x"], "c": {}, "\"><script>": evil }));
    let errors = [
        FieldError::new(evil).of(evil),
        FieldError::new("missing").of("e").saying(&forms::Localised::new("en", evil)),
        FieldError::new("length").of("c").with("max", evil),
    ];
    let passcode = PasscodeView {
        ceremony: Ceremony::Registration,
        rules: serde_json::from_value(
            json!({ "requiredRegExes": [{ "pattern": evil, "error": evil }] }),
        )
        .unwrap(),
        algorithm: json!({ "type": evil }),
    };
    let view =
        View { values: Some(&values), errors: &errors, passcode: Some(&passcode), ..view("en") };
    let html = forms::render(&form, &view).unwrap();
    for needle in ["<script", "<img src=x", "onerror=alert(1)>", "javascript:", "'>"] {
        assert!(!html.contains(needle), "{needle}\n{html}");
    }
    assert_eq!(html.matches("<img ").count(), 2);
    assert_eq!(
        forms::image_origins(&form).into_iter().collect::<Vec<String>>(),
        ["https://a.example"]
    );
}
