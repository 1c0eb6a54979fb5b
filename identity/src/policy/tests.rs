//! The rules of passcodes as tables.

use super::*;

fn pattern(pattern: &str) -> PasscodePattern {
    PasscodePattern { pattern: pattern.to_owned(), error: String::new() }
}

fn requirements(change: impl FnOnce(&mut PasscodeRequirements)) -> PasscodeRequirements {
    let mut requirements =
        PasscodeRequirements { minimum_length: 1, ..PasscodeRequirements::default() };
    change(&mut requirements);
    requirements
}

#[test]
fn each_rule_is_met_or_unmet_by_itself() {
    let length = requirements(|r| (r.minimum_length, r.maximum_length) = (6, 12));
    let digits = requirements(|r| r.digit_count = 2);
    let symbols = requirements(|r| r.symbol_count = 1);
    let lower = requirements(|r| r.lower_case_count = 1);
    let upper = requirements(|r| r.upper_case_count = 1);
    let variety = requirements(|r| r.character_variety = 4);
    let required = requirements(|r| r.required_regexes = vec![pattern("^[a-z]"), pattern(r"\d$")]);
    let allowed = requirements(|r| r.allowed_regexes = vec![pattern("^a+$"), pattern("^b+$")]);
    let disallowed = requirements(|r| r.disallowed_regexes = vec![pattern("1234"), pattern("")]);
    let empty = requirements(|r| {
        r.required_regexes = vec![pattern("")];
        r.allowed_regexes = vec![pattern("")];
        r.disallowed_regexes = vec![pattern("")];
    });
    let cases: [(&PasscodeRequirements, &str, &[Rule]); 30] = [
        (&length, "12345", &[Rule::MinimumLength]),
        (&length, "123456", &[]),
        (&length, "123456789012", &[]),
        (&length, "1234567890123", &[Rule::MaximumLength]),
        // Characters are counted, not bytes.
        (&length, "üüüüüüüüüüüü", &[]),
        (&length, "ü😀ü😀ü", &[Rule::MinimumLength]),
        (&digits, "a1b", &[Rule::DigitCount]),
        (&digits, "1a2", &[]),
        (&digits, "\u{664}\u{662}", &[]),
        (&symbols, "abc123", &[Rule::SymbolCount]),
        (&symbols, "üß", &[Rule::SymbolCount]),
        (&symbols, "a b", &[]),
        (&symbols, "€", &[]),
        (&lower, "ABC", &[Rule::LowerCaseCount]),
        (&lower, "ABc", &[]),
        (&lower, "Ä1", &[Rule::LowerCaseCount]),
        (&upper, "abc", &[Rule::UpperCaseCount]),
        (&upper, "äÖ", &[]),
        (&variety, "aaab", &[Rule::CharacterVariety]),
        (&variety, "abca", &[Rule::CharacterVariety]),
        (&variety, "abcd", &[]),
        (&required, "a1", &[]),
        (&required, "A1", &[Rule::Required(0)]),
        (&required, "A", &[Rule::Required(0), Rule::Required(1)]),
        (&allowed, "aaa", &[]),
        (&allowed, "bb", &[]),
        (&allowed, "ab", &[Rule::Allowed]),
        (&disallowed, "x1234x", &[Rule::Disallowed(0)]),
        (&disallowed, "x123x", &[]),
        (&empty, "x", &[]),
    ];
    for (requirements, passcode, unmet) in cases {
        assert_eq!(requirements.unmet(passcode), unmet, "{passcode}");
    }
}

#[test]
fn the_documented_sample_asks_for_one_of_each() {
    let text = r#"{ "minimumLength": 6, "maximumLength": 12, "digitCount": 1, "symbolCount": 1,
        "lowerCaseCount": 1, "upperCaseCount": 1, "characterVariety": 1, "passcodeHistory": 1,
        "requiredRegExes": [{ "pattern": "", "error": "" }],
        "allowedRegExes": [{ "pattern": "", "error": "" }],
        "disallowedRegExes": [{ "pattern": "", "error": "" }] }"#;
    let sample: PasscodeRequirements = serde_json::from_str(text).unwrap();
    let policy = PasscodePolicy { passcode_requirements: sample, ..PasscodePolicy::default() };
    assert_eq!(policy.flaws(), []);
    assert_eq!(policy.passcode_requirements.unmet("Secr3t!"), []);
    assert_eq!(
        policy.passcode_requirements.unmet(""),
        [
            Rule::MinimumLength,
            Rule::DigitCount,
            Rule::SymbolCount,
            Rule::LowerCaseCount,
            Rule::UpperCaseCount,
            Rule::CharacterVariety
        ]
    );
}

#[test]
fn a_policy_that_nobody_can_satisfy_makes_no_sense() {
    let many = vec![pattern("a"); 21];
    let cases: [(&str, PasscodeRequirements); 9] = [
        ("", PasscodeRequirements::default()),
        ("minimumLength", requirements(|r| r.minimum_length = 0)),
        ("maximumLength", requirements(|r| r.maximum_length = 1025)),
        ("maximumLength", requirements(|r| (r.minimum_length, r.maximum_length) = (9, 8))),
        ("maximumLength", requirements(|r| (r.digit_count, r.symbol_count) = (60, 5))),
        ("characterVariety", requirements(|r| r.character_variety = 65)),
        ("allowedRegExes", requirements(|r| r.allowed_regexes = many)),
        ("requiredRegExes[0].pattern", requirements(|r| r.required_regexes = vec![pattern("(")])),
        (
            "disallowedRegExes[1].pattern",
            requirements(|r| r.disallowed_regexes = vec![pattern("a"), pattern("(?=a)")]),
        ),
    ];
    for (path, passcode_requirements) in cases {
        let policy = PasscodePolicy { passcode_requirements, ..PasscodePolicy::default() };
        let paths: Vec<_> = policy.flaws().into_iter().map(|flaw| flaw.path).collect();
        let expected =
            if path.is_empty() { Vec::new() } else { vec![format!("passcodeRequirements.{path}")] };
        assert_eq!(paths, expected);
    }
}
