//! What a passcode has to look like: the rules, and whether a policy of such rules makes sense.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::credential::passcode::MOST_HISTORY;
use crate::error::Flaw;
use crate::pattern::read_pattern;
use crate::period::Period;

/// The longest passcode that a policy may allow.
const LONGEST: u32 = 1024;
/// The most regular expressions of one sort.
const MOST_PATTERNS: usize = 20;

/// The rules for the passcodes that are registered under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasscodePolicy {
    /// What the policy is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a passcode has to look like.
    pub passcode_requirements: PasscodeRequirements,
    /// How long a passcode can be used after its registration; for ever without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<Period>,
}

/// What a passcode has to look like.
///
/// Only the page where it is typed ever sees a passcode, so these rules are the page's to apply. Characters are
/// Unicode code points of the passcode in normal form C.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasscodeRequirements {
    /// The least number of characters; 8.
    pub minimum_length: u32,
    /// The greatest number of characters; 64.
    pub maximum_length: u32,
    /// The least number of digits (`\p{N}`); 0.
    pub digit_count: u32,
    /// The least number of characters that are neither letters nor digits (`[^\p{Alphabetic}\p{N}]`); 0.
    pub symbol_count: u32,
    /// The least number of lower-case letters (`\p{Lowercase}`); 0.
    pub lower_case_count: u32,
    /// The least number of upper-case letters (`\p{Uppercase}`); 0.
    pub upper_case_count: u32,
    /// The least number of different characters; 0.
    pub character_variety: u32,
    /// How many of the passcodes before are not to be used again, the present one among them, at most 24. A verifier
    /// tells nothing of the passcode behind it, so the page makes verifiers of the new passcode with the salts of
    /// those before, and the store compares them; 0.
    pub passcode_history: u32,
    /// All of these have to be found in the passcode.
    #[serde(rename = "requiredRegExes")]
    pub required_regexes: Vec<PasscodePattern>,
    /// At least one of these has to be found in the passcode, if there are any.
    #[serde(rename = "allowedRegExes")]
    pub allowed_regexes: Vec<PasscodePattern>,
    /// None of these may be found in the passcode.
    #[serde(rename = "disallowedRegExes")]
    pub disallowed_regexes: Vec<PasscodePattern>,
}

impl Default for PasscodeRequirements {
    fn default() -> PasscodeRequirements {
        PasscodeRequirements {
            minimum_length: 8,
            maximum_length: 64,
            digit_count: 0,
            symbol_count: 0,
            lower_case_count: 0,
            upper_case_count: 0,
            character_variety: 0,
            passcode_history: 0,
            required_regexes: Vec::new(),
            allowed_regexes: Vec::new(),
            disallowed_regexes: Vec::new(),
        }
    }
}

/// A regular expression that is looked for in a passcode; an empty one is no rule.
///
/// It is read as `new RegExp(pattern, "u")` reads it, within the part of the syntax that means the same to the
/// server: no look-around, no back-references, no names, no flags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasscodePattern {
    /// The regular expression.
    pub pattern: String,
    /// What to tell whoever types a passcode that breaks the rule.
    #[serde(default)]
    pub error: String,
}

/// A rule that a passcode does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `minimumLength`.
    MinimumLength,
    /// `maximumLength`.
    MaximumLength,
    /// `digitCount`.
    DigitCount,
    /// `symbolCount`.
    SymbolCount,
    /// `lowerCaseCount`.
    LowerCaseCount,
    /// `upperCaseCount`.
    UpperCaseCount,
    /// `characterVariety`.
    CharacterVariety,
    /// One of `requiredRegExes`, by its position.
    Required(usize),
    /// `allowedRegExes`: none of them was found.
    Allowed,
    /// One of `disallowedRegExes`, by its position.
    Disallowed(usize),
}

impl PasscodeRequirements {
    /// The rules that a passcode, in normal form C, does not meet.
    pub fn unmet(&self, passcode: &str) -> Vec<Rule> {
        let count = |which: fn(char) -> bool| passcode.chars().filter(|c| which(*c)).count();
        let variety = passcode.chars().collect::<std::collections::BTreeSet<_>>().len();
        let length = passcode.chars().count();
        let least = [
            (Rule::MinimumLength, length, self.minimum_length),
            (Rule::DigitCount, count(char::is_numeric), self.digit_count),
            (Rule::SymbolCount, count(|c| !c.is_alphanumeric()), self.symbol_count),
            (Rule::LowerCaseCount, count(char::is_lowercase), self.lower_case_count),
            (Rule::UpperCaseCount, count(char::is_uppercase), self.upper_case_count),
            (Rule::CharacterVariety, variety, self.character_variety),
        ];
        let mut unmet: Vec<_> = least
            .into_iter()
            .filter_map(|(rule, found, needed)| (found < needed as usize).then_some(rule))
            .collect();
        if length > self.maximum_length as usize {
            unmet.push(Rule::MaximumLength);
        }
        let missing = positions(&self.required_regexes, |p| !p.is_found_in(passcode));
        unmet.extend(missing.map(Rule::Required));
        let mut allowed = self.allowed_regexes.iter().filter(|p| !p.pattern.is_empty()).peekable();
        if allowed.peek().is_some() && !allowed.any(|p| p.is_found_in(passcode)) {
            unmet.push(Rule::Allowed);
        }
        let found = positions(&self.disallowed_regexes, |p| p.is_found_in(passcode));
        unmet.extend(found.map(Rule::Disallowed));
        unmet
    }
}

impl PasscodePattern {
    fn is_found_in(&self, passcode: &str) -> bool {
        read_pattern(&self.pattern).is_ok_and(|regex| regex.is_match(passcode))
    }
}

/// The positions of the patterns that are rules and of which this is true.
fn positions(
    patterns: &[PasscodePattern],
    which: impl Fn(&PasscodePattern) -> bool,
) -> impl Iterator<Item = usize> {
    let rules = patterns.iter().enumerate().filter(|(_, p)| !p.pattern.is_empty());
    rules.filter(move |(_, p)| which(p)).map(|(position, _)| position)
}

impl PasscodePolicy {
    /// What makes no sense in this policy; the paths begin at the policy.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let rules = &self.passcode_requirements;
        let mut flaws = Vec::new();
        let mut add = |broken: bool, member: &str, message: &str| {
            if broken {
                flaws.push(Flaw::new(format!("passcodeRequirements.{member}"), message));
            }
        };
        let most = rules.maximum_length;
        add(rules.minimum_length == 0, "minimumLength", "a passcode has at least one character");
        add(most > LONGEST, "maximumLength", "a passcode has at most 1024 characters");
        add(rules.minimum_length > most, "maximumLength", "it is less than minimumLength");
        let needed = [rules.digit_count, rules.symbol_count, rules.lower_case_count]
            .into_iter()
            .fold(rules.upper_case_count, u32::saturating_add);
        add(needed > most, "maximumLength", "the counts together need more characters");
        let many = rules.passcode_history > MOST_HISTORY;
        add(many, "passcodeHistory", "at most 24 former passcodes are compared");
        add(rules.character_variety > most, "characterVariety", "it is more than maximumLength");
        for (member, patterns) in [
            ("requiredRegExes", &rules.required_regexes),
            ("allowedRegExes", &rules.allowed_regexes),
            ("disallowedRegExes", &rules.disallowed_regexes),
        ] {
            add(patterns.len() > MOST_PATTERNS, member, "there are more than 20 patterns");
            for (position, pattern) in patterns.iter().enumerate() {
                if let Err(message) = read_pattern(&pattern.pattern) {
                    add(true, &format!("{member}[{position}].pattern"), &message);
                }
            }
        }
        flaws
    }
}

#[cfg(test)]
mod tests;
