//! The custom forms that come with the product.

/// The forms, each with its name and its JSON.
pub const ALL: &[(&str, &str)] = &[
    ("passcode-registration", include_str!("../library/passcode-registration.json")),
    ("passcode-authentication", include_str!("../library/passcode-authentication.json")),
    ("passcode-renewal", include_str!("../library/passcode-renewal.json")),
    ("totp-registration", include_str!("../library/totp-registration.json")),
    ("totp-authentication", include_str!("../library/totp-authentication.json")),
    ("recovery-codes", include_str!("../library/recovery-codes.json")),
    ("recovery-code-authentication", include_str!("../library/recovery-code-authentication.json")),
    ("sent-code", include_str!("../library/sent-code.json")),
    ("second-factor-choice", include_str!("../library/second-factor-choice.json")),
    ("passkey-registration", include_str!("../library/passkey-registration.json")),
    ("passkey-authentication", include_str!("../library/passkey-authentication.json")),
    ("personal-details", include_str!("../library/personal-details.json")),
    ("contact-details", include_str!("../library/contact-details.json")),
    ("consent", include_str!("../library/consent.json")),
    ("guardian-approval", include_str!("../library/guardian-approval.json")),
];

/// The names of those that an empty data folder begins with: the forms of its journeys.
pub const SEEDED: &[&str] = &["passcode-registration", "passcode-authentication"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Form, Language, Localised};

    #[test]
    fn what_is_seeded_is_shipped() {
        assert!(SEEDED.iter().all(|seeded| ALL.iter().any(|(name, _)| name == seeded)));
    }

    #[test]
    fn every_form_is_sound_and_speaks_every_language() {
        for (name, json) in ALL {
            let form = Form::parse(json).unwrap();
            assert_eq!(form.passcode_field().is_some(), name.starts_with("passcode"), "{name}");
            for text in texts(&form) {
                for language in Language::all() {
                    assert!(
                        text.values.contains_key(language.code()),
                        "{name} {text:?} {language:?}"
                    );
                }
            }
            let written = serde_json::to_value(&form).unwrap();
            assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap(), "{name}");
        }
    }

    /// Everything that a person may read on a form of the library.
    fn texts(form: &Form) -> Vec<Localised> {
        let mut texts = vec![form.title(), form.subtitle(), form.submit_button()];
        for component in form.components() {
            texts.push(&component.label);
            if let crate::Body::Field(field) = &component.body {
                if field.validate.required {
                    texts.push(&field.validate.missing_message);
                }
                if let crate::Entry::Select(choices) | crate::Entry::Radio(choices) = &field.entry {
                    texts.extend(choices.iter().map(|choice| &choice.label));
                }
            }
        }
        texts.into_iter().cloned().collect()
    }
}
