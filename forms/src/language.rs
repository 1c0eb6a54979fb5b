//! The languages of the pages: their texts, their direction, and the choice between them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use crate::localised::primary;

/// The files of the languages, in the order in which the pages offer them.
const FILES: [(&str, Direction, &str); 3] = [
    ("en", Direction::LeftToRight, include_str!("../languages/en.json")),
    ("de", Direction::LeftToRight, include_str!("../languages/de.json")),
    ("ar", Direction::RightToLeft, include_str!("../languages/ar.json")),
];

/// More of an `Accept-Language` header is not read.
const MOST_WISHES: usize = 20;

static ALL: LazyLock<Vec<Language>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(code, direction, json)| Language {
            code,
            direction: *direction,
            texts: serde_json::from_str(json).unwrap_or_default(),
        })
        .collect()
});

static NO_TEXTS: Language =
    Language { code: "en", direction: Direction::LeftToRight, texts: BTreeMap::new() };

/// A language that the pages speak.
pub struct Language {
    code: &'static str,
    direction: Direction,
    texts: BTreeMap<String, String>,
}

/// Where a line of text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// As in English.
    LeftToRight,
    /// As in Arabic.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// Every language, in the order in which the pages offer them.
    pub fn all() -> &'static [Language] {
        &ALL
    }

    /// The language with this code; `de-AT` finds `de`.
    pub fn find(code: &str) -> Option<&'static Language> {
        Language::all().iter().find(|language| language.code == primary(code))
    }

    /// The languages of the pages that a process supports; all of them when it names none that they speak.
    pub fn offered(supported: &[String]) -> Vec<&'static Language> {
        let speaks =
            |language: &&Language| supported.iter().any(|code| primary(code) == language.code);
        let offered: Vec<&Language> = Language::all().iter().filter(speaks).collect();
        if offered.is_empty() { Language::all().iter().collect() } else { offered }
    }

    /// The language for somebody: the one asked for, else the best of `Accept-Language` (RFC 9110, section
    /// 12.5.4), else the default of the process, else the first one offered.
    pub fn negotiate(
        accept_language: &str,
        wanted: Option<&str>,
        supported: &[String],
        default: Option<&str>,
    ) -> &'static Language {
        let offered = Language::offered(supported);
        let among =
            |code: &str| offered.iter().find(|language| language.code == primary(code)).copied();
        let fallback =
            || default.and_then(among).or_else(|| offered.first().copied()).unwrap_or(&NO_TEXTS);
        wanted.and_then(among).unwrap_or_else(|| {
            wishes(accept_language)
                .into_iter()
                .find_map(|wish| if wish == "*" { Some(fallback()) } else { among(wish) })
                .unwrap_or_else(fallback)
        })
    }

    /// The code, as in HTML's `lang`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Where a line of text begins.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The language's name in itself.
    pub fn name(&self) -> String {
        self.text("language.name", &[])
    }

    /// True when there is a text with this key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// The text with this key, each `{name}` replaced by its value; the key itself when there is no such text.
    ///
    /// In a language that runs from right to left, values are isolated, so that they do not disturb their surroundings.
    pub fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(mut rest) = self.texts.get(key).map(String::as_str) else { return key.to_owned() };
        let mut text = String::with_capacity(rest.len());
        while let Some((before, from)) = rest.split_once('{') {
            text.push_str(before);
            let value = from.split_once('}').and_then(|(name, after)| {
                values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
            });
            match value {
                Some((value, after)) => {
                    text.push_str(&self.isolated(value));
                    rest = after;
                }
                None => {
                    text.push('{');
                    rest = from;
                }
            }
        }
        text.push_str(rest);
        text
    }

    /// The value between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE where that matters.
    fn isolated(&self, value: &str) -> String {
        let plain = value.bytes().all(|byte| byte.is_ascii_digit());
        if self.direction == Direction::LeftToRight || plain {
            value.to_owned()
        } else {
            format!("\u{2068}{value}\u{2069}")
        }
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Language({})", self.code)
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.code == other.code
    }
}

/// The codes of an `Accept-Language` header, the most wanted one first.
fn wishes(header: &str) -> Vec<&str> {
    let mut wishes: Vec<(f32, &str)> = header
        .split(',')
        .take(MOST_WISHES)
        .filter_map(|wish| {
            let (code, parameter) = wish.split_once(';').unwrap_or((wish, ""));
            let quality = match parameter.trim().strip_prefix("q=") {
                Some(quality) => quality.trim().parse::<f32>().ok()?,
                None => 1.0,
            };
            let code = code.trim();
            (quality > 0.0 && quality <= 1.0 && !code.is_empty()).then_some((quality, code))
        })
        .collect();
    wishes.sort_by(|one, other| other.0.total_cmp(&one.0));
    wishes.into_iter().map(|(_, code)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> BTreeMap<String, String> {
        serde_json::from_str(json).unwrap()
    }

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_has_the_same_keys_and_placeholders() {
        let english = texts(FILES[0].2);
        for (code, _, json) in FILES {
            let other = texts(json);
            let keys =
                |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<String>>();
            assert_eq!(keys(&english), keys(&other), "{code}");
            for (key, text) in &other {
                assert_eq!(placeholders(&english[key]), placeholders(text), "{code} {key}");
                assert!(!text.trim().is_empty(), "{code} {key}");
            }
        }
    }

    #[test]
    fn languages_differ_in_all_but_a_few_texts() {
        let english = texts(FILES[0].2);
        for (code, _, json) in &FILES[1..] {
            let same: Vec<String> = texts(json)
                .into_iter()
                .filter(|(key, text)| english[key] == *text)
                .map(|(key, _)| key)
                .collect();
            assert!(
                same.iter().all(|key| key == "passcode.label" || key == "form.optional"),
                "{code} {same:?}"
            );
        }
    }

    #[test]
    fn somebody_gets_the_language_they_ask_for() {
        let some =
            |codes: &[&str]| codes.iter().map(|code| code.to_string()).collect::<Vec<String>>();
        for (header, wanted, supported, default, expected) in [
            ("", None, &[][..], None, "en"),
            ("de", None, &[], None, "de"),
            ("de-AT,en;q=0.9", None, &[], None, "de"),
            ("fr,ar;q=0.3,de;q=0.8", None, &[], None, "de"),
            ("fr", None, &[], Some("ar"), "ar"),
            ("*", None, &[], Some("de"), "de"),
            ("en;q=0, de;q=0.1", None, &[], None, "de"),
            ("en", Some("ar"), &[], None, "ar"),
            ("en", Some("klingon"), &[], None, "en"),
            ("ar", None, &["en", "de"], Some("de"), "de"),
            ("en", Some("ar"), &["en", "de"], None, "en"),
            ("ar", None, &["en_US", "ar"], None, "ar"),
            ("de", None, &["fr"], Some("fr"), "de"),
            ("de;q=nan,en;q=9,ar;q=0.1", None, &[], None, "ar"),
        ] {
            let language = Language::negotiate(header, wanted, &some(supported), default);
            assert_eq!(language.code(), expected, "{header} {wanted:?} {supported:?} {default:?}");
        }
        let long = "xx,".repeat(100_000) + "de";
        assert_eq!(Language::negotiate(&long, None, &[], None).code(), "en");
    }

    #[test]
    fn values_are_put_in_and_isolated_from_right_to_left() {
        let text = |code: &str, key: &str, values: &[(&str, &str)]| {
            Language::find(code).unwrap().text(key, values)
        };
        assert_eq!(
            text("en", "error.missing", &[("label", "{label} <b>")]),
            "Please fill in “{label} <b>”."
        );
        assert_eq!(
            text("ar", "error.missing", &[("label", "PIN")]),
            "يُرجى تعبئة «\u{2068}PIN\u{2069}»."
        );
        assert_eq!(text("ar", "passcode.rule.digitCount", &[("count", "2")]), "الأرقام: 2 على الأقل");
        assert_eq!(text("en", "error.missing", &[]), "Please fill in “{label}”.");
        assert_eq!(text("en", "no.such.key", &[]), "no.such.key");
    }
}
