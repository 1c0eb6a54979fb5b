//! Texts in several languages, as custom forms carry them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text in several languages: `{"values": {"en": "…", "de": "…"}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localised {
    /// The text by language code; a blank text counts as absent.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

impl Localised {
    /// A text in one language.
    pub fn new(language: impl Into<String>, text: impl Into<String>) -> Localised {
        Localised { values: BTreeMap::from([(language.into(), text.into())]) }
    }

    /// True when no language has a text.
    pub fn is_blank(&self) -> bool {
        self.values.values().all(|text| text.trim().is_empty())
    }

    /// The text for the first of the wanted languages that has one, with the code it stands under.
    ///
    /// A language matches its own code, then any code with the same primary part (`pt` finds `pt-BR`).
    /// Without a match English is taken, then whatever comes first.
    pub fn pick(&self, wanted: &[&str]) -> Option<(&str, &str)> {
        let told = || {
            self.values
                .iter()
                .filter(|(_, text)| !text.trim().is_empty())
                .map(|(code, text)| (code.as_str(), text.as_str()))
        };
        wanted
            .iter()
            .chain(&["en"])
            .find_map(|want| {
                told()
                    .find(|(code, _)| same_code(code, want))
                    .or_else(|| told().find(|(code, _)| primary(code) == primary(want)))
            })
            .or_else(|| told().next())
    }

    /// The same texts, each changed by `change`.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Localised {
        Localised {
            values: self.values.iter().map(|(code, text)| (code.clone(), change(text))).collect(),
        }
    }
}

/// The language part of a code, in lower case: `pt` of `pt-BR`, `en` of `en_US`.
pub(crate) fn primary(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// True for the codes that `values` may have: `en`, `pt-BR`, `en_US`.
pub(crate) fn is_code(code: &str) -> bool {
    let mut parts = code.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn same_code(one: &str, other: &str) -> bool {
    one.replace('_', "-").eq_ignore_ascii_case(&other.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Localised {
        Localised {
            values: pairs.iter().map(|(code, text)| (code.to_string(), text.to_string())).collect(),
        }
    }

    #[test]
    fn the_first_wanted_language_with_a_text_is_taken() {
        let both = texts(&[("de", "Name"), ("en", "Name (en)"), ("ar", " ")]);
        for (wanted, expected) in [
            (&["de"][..], Some("de")),
            (&["DE"], Some("de")),
            (&["de-AT"], Some("de")),
            (&["ar", "de"], Some("de")),
            (&["fr"], Some("en")),
            (&[], Some("en")),
        ] {
            assert_eq!(both.pick(wanted).map(|(code, _)| code), expected, "{wanted:?}");
        }
        assert_eq!(texts(&[("pt_BR", "Nome")]).pick(&["pt"]), Some(("pt_BR", "Nome")));
        assert_eq!(texts(&[("fr", "Nom")]).pick(&["de"]), Some(("fr", "Nom")));
        assert_eq!(texts(&[("en", "")]).pick(&["en"]), None);
    }

    #[test]
    fn codes_are_language_tags() {
        for (code, good) in [
            ("en", true),
            ("en_US", true),
            ("zh-Hans-CN", true),
            ("e", false),
            ("en-", false),
            ("<b>", false),
        ] {
            assert_eq!(is_code(code), good, "{code}");
        }
    }
}
