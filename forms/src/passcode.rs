//! The rules that a passcode must keep, as the page lists them for the user.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// A greatest length from here on is not worth a line before somebody exceeds it.
const AMPLE: u32 = 64;

/// What the page does with a passcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// The user chooses a passcode; its verifier is sent.
    Registration,
    /// The user proves to know the passcode; the proof is sent.
    Authentication,
    /// The user proves to know the passcode and chooses another; proof and verifier are sent.
    Renewal,
}

/// The documented `passcodeRequirements`; only the page can check them, as the passcode never leaves it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasscodeRules {
    /// The least number of characters.
    pub minimum_length: Option<u32>,
    /// The greatest number of characters.
    pub maximum_length: Option<u32>,
    /// The least number of digits.
    pub digit_count: Option<u32>,
    /// The least number of characters that are neither letters nor digits nor blanks.
    pub symbol_count: Option<u32>,
    /// The least number of lower-case letters.
    pub lower_case_count: Option<u32>,
    /// The least number of capital letters.
    pub upper_case_count: Option<u32>,
    /// The least number of different characters.
    pub character_variety: Option<u32>,
    /// Patterns of which each must be found in the passcode.
    pub required_reg_exes: Vec<PasscodePattern>,
    /// Patterns of which one must be found in the passcode.
    pub allowed_reg_exes: Vec<PasscodePattern>,
    /// Patterns of which none may be found in the passcode.
    pub disallowed_reg_exes: Vec<PasscodePattern>,
}

/// A regular expression in the page's dialect (ECMAScript), and what is said when it is not kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasscodePattern {
    /// The pattern; an empty one is no rule.
    pub pattern: String,
    /// The rule in words.
    pub error: String,
}

/// One line of the list: what the page's script checks, and the words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct RuleLine {
    /// The rule's name, as the script knows it.
    pub(crate) rule: &'static str,
    /// The number to compare with; 0 for patterns.
    pub(crate) count: u32,
    /// The patterns as a JSON list of texts; empty for numbers.
    pub(crate) patterns: String,
    /// Shown only while it is broken.
    pub(crate) quiet: bool,
    pub(crate) text: String,
}

impl PasscodeRules {
    /// The lines to show; a rule that every passcode keeps is left out.
    pub(crate) fn lines(&self, language: &Language) -> Vec<RuleLine> {
        let numbers = [
            ("minimumLength", self.minimum_length, 2),
            ("maximumLength", self.maximum_length, 1),
            ("lowerCaseCount", self.lower_case_count, 1),
            ("upperCaseCount", self.upper_case_count, 1),
            ("digitCount", self.digit_count, 1),
            ("symbolCount", self.symbol_count, 1),
            ("characterVariety", self.character_variety, 2),
        ];
        let mut lines: Vec<RuleLine> = numbers
            .into_iter()
            .filter_map(|(rule, count, least)| {
                let count = count.filter(|count| *count >= least)?;
                let text = language
                    .text(&format!("passcode.rule.{rule}"), &[("count", &count.to_string())]);
                let quiet = rule == "maximumLength" && count >= AMPLE;
                Some(RuleLine { rule, count, patterns: String::new(), quiet, text })
            })
            .collect();
        let each = |rule, list: &[PasscodePattern]| -> Vec<RuleLine> {
            list.iter()
                .filter_map(|pattern| patterns(rule, std::slice::from_ref(pattern), language))
                .collect()
        };
        lines.extend(each("required", &self.required_reg_exes));
        lines.extend(patterns("allowed", &self.allowed_reg_exes, language));
        lines.extend(each("disallowed", &self.disallowed_reg_exes));
        lines
    }
}

fn patterns(rule: &'static str, list: &[PasscodePattern], language: &Language) -> Option<RuleLine> {
    let list: Vec<&PasscodePattern> =
        list.iter().filter(|pattern| !pattern.pattern.is_empty()).collect();
    if list.is_empty() {
        return None;
    }
    let words: Vec<&str> =
        list.iter().map(|pattern| pattern.error.trim()).filter(|error| !error.is_empty()).collect();
    let text = if words.is_empty() {
        language.text(&format!("passcode.rule.{rule}"), &[])
    } else {
        words.join(" / ")
    };
    let patterns: Vec<&str> = list.iter().map(|pattern| pattern.pattern.as_str()).collect();
    Some(RuleLine {
        rule,
        count: 0,
        patterns: serde_json::json!(patterns).to_string(),
        quiet: false,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(json: serde_json::Value) -> Vec<String> {
        let rules: PasscodeRules = serde_json::from_value(json).unwrap();
        let english = Language::find("en").unwrap();
        rules
            .lines(english)
            .into_iter()
            .map(|line| format!("{} {} {} | {}", line.rule, line.count, line.patterns, line.text))
            .collect()
    }

    #[test]
    fn the_documented_requirements_are_listed() {
        let lines = listed(serde_json::json!({
            "minimumLength": 6, "maximumLength": 12, "digitCount": 1, "symbolCount": 1, "lowerCaseCount": 1,
            "upperCaseCount": 2, "characterVariety": 1, "passcodeHistory": 1,
            "requiredRegExes": [{ "pattern": "", "error": "" }, { "pattern": "^[^ ]+$", "error": "No blanks" }],
            "allowedRegExes": [{ "pattern": "a", "error": "" }, { "pattern": "b", "error": "" }],
            "disallowedRegExes": [{ "pattern": "(.)\\1\\1", "error": "Not three alike in a row" }]
        }));
        assert_eq!(
            lines,
            [
                "minimumLength 6  | Characters: at least 6",
                "maximumLength 12  | Characters: at most 12",
                "lowerCaseCount 1  | Lower-case letters: at least 1",
                "upperCaseCount 2  | Capital letters: at least 2",
                "digitCount 1  | Digits: at least 1",
                "symbolCount 1  | Symbols, such as ! or ?: at least 1",
                "required 0 [\"^[^ ]+$\"] | No blanks",
                "allowed 0 [\"a\",\"b\"] | One of the permitted patterns",
                "disallowed 0 [\"(.)\\\\1\\\\1\"] | Not three alike in a row",
            ]
        );
    }

    #[test]
    fn a_policy_that_asks_nothing_special_lists_nothing() {
        assert!(listed(serde_json::json!({})).is_empty());
        assert!(
            listed(serde_json::json!({
                "minimumLength": 1, "digitCount": 0, "characterVariety": 1, "maximumLength": null,
                "requiredRegExes": [{ "pattern": "", "error": "" }]
            }))
            .is_empty()
        );
    }
}
