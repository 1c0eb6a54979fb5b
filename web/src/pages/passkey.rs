//! What the page of a passkey ceremony hands to its script.

use activities::{Ceremony, PasskeyPart};
use forms::{Form, Language};
use serde_json::{Value, json};

/// The members of the template for a passkey ceremony.
pub(super) fn view(part: &PasskeyPart, form: &Form, language: &Language) -> Value {
    let ceremony = match part.ceremony {
        Ceremony::Registration => "registration",
        Ceremony::Authentication | Ceremony::Renewal => "authentication",
    };
    let text = |key: &str| language.text(&format!("passkey.{key}"), &[]);
    let texts = json!({
        "working": text("working"),
        "stopped": text(&format!("stopped.{ceremony}")),
        "timedOut": text("timedOut"),
        "present": text("present"),
        "unsupported": text("unsupported"),
        "failed": text("failed"),
        "insecure": text("insecure"),
    });
    json!({
        "ceremony": ceremony,
        "options": part.public_key.to_string(),
        "texts": texts.to_string(),
        "autofill": autofills(part, form),
        "another_way": part.another_way.then(|| text(&format!("anotherWay.{ceremony}"))),
    })
}

/// Whether the browser is to offer passkeys in the field for the user's name.
pub(super) fn autofills(part: &PasskeyPart, form: &Form) -> bool {
    part.autofill && part.ceremony == Ceremony::Authentication && forms::asks_user_name(form)
}
