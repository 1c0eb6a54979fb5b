//! The custom forms that come with the product.

/// The forms, each with its name and its JSON.
pub const ALL: &[(&str, &str)] = &[
    ("passcode-registration", include_str!("../library/passcode-registration.json")),
    ("passcode-authentication", include_str!("../library/passcode-authentication.json")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Form, Language};

    #[test]
    fn every_form_is_sound_and_speaks_every_language() {
        for (name, json) in ALL {
            let form = Form::parse(json).unwrap();
            assert!(form.passcode_field().is_some(), "{name}");
            let texts = [form.title(), form.subtitle(), form.submit_button()];
            let texts =
                texts.into_iter().chain(form.components().iter().map(|component| &component.label));
            for text in texts {
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
}
