//! What an expression may cost, and what is refused before it costs anything.

use crate::expressions::{outcome, variables};
use definitions::Expression;
use expect_test::expect;
use serde_json::{Value, json};

#[test]
fn hostile_expressions_are_refused_quickly() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(3000), close.repeat(3000));
    let cases = [
        ("parentheses", deep("(", ")")),
        ("negations", deep("!", "")),
        ("signs", deep("-", "")),
        ("indexes", format!("a{}", deep("[a", "]"))),
        ("choices", deep("1?1:", "")),
        ("sums", deep("1+", "")),
        ("path", format!("a{}", ".b".repeat(3000))),
        ("calls", format!("a{}", ".trim()".repeat(1000))),
        ("many words", "a ".repeat(4000)),
        ("long text", format!("'{}'", "x".repeat(9000))),
        ("long name", "x".repeat(8000)),
        ("controls", "\u{0}\u{1}\u{7f}\u{202e}".into()),
        ("open quotes", "'\"".repeat(2000)),
    ];
    let mut actual = String::new();
    for (name, text) in cases {
        let outcome = outcome(&text);
        let outcome: String = outcome.chars().take(90).collect();
        actual.push_str(&format!("{name}: {outcome}\n"));
    }
    expect![[r#"
        parentheses: flaw: the expression is nested too deeply (at character 67)
        negations: flaw: the expression is nested too deeply (at character 67)
        signs: flaw: the expression is nested too deeply (at character 67)
        indexes: flaw: the expression is longer than 8192 bytes (at character 3)
        choices: flaw: the expression is longer than 8192 bytes (at character 3)
        sums: flaw: the expression has too many parts; split it up (at character 132)
        path: flaw: the expression has too many parts; split it up (at character 132)
        calls: flaw: the expression has too many parts; split it up (at character 452)
        many words: flaw: "a" is not expected here (at character 5)
        long text: flaw: the expression is longer than 8192 bytes (at character 3)
        long name: error: there is no variable xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…;
        controls: flaw: the character '\0' means nothing here (at character 3)
        open quotes: flaw: a text in the expression that begins here has no closing quote (at character 1)
    "#]].assert_eq(&actual);
}

#[test]
fn a_long_chain_of_alternatives_is_no_deep_nest() {
    let text = (0..500).map(|n| format!("a == {n}")).collect::<Vec<_>>().join(" || ");
    assert_eq!(outcome(&text), "true");
    let text = (0..500).map(|n| format!("a != {}", n + 100)).collect::<Vec<_>>().join(" && ");
    assert_eq!(outcome(&text), "true");
    assert_eq!(outcome(&vec!["a"; 500].join(" += ")), format!("\"{}\"", "7".repeat(500)));
}

#[test]
fn what_an_evaluation_costs_and_gives_is_bounded() {
    let mut scope = variables();
    scope.process.insert("big".into(), Value::String("x".repeat(900_000)));
    scope.process.insert("bigger".into(), Value::String("x".repeat(1_100_000)));
    scope.process.insert("items".into(), Value::Array(vec![json!("item"); 30_000]));
    let deep = (0..70).fold(json!(0), |inner, _| json!([inner]));
    scope.process.insert("deep".into(), deep);
    let many = vec!["items.contains('x')"; 40].join(" || ");
    let cases = [
        "big > ''".to_owned(),
        "big == big".into(),
        "bigger.length() > 1".into(),
        "bigger".into(),
        "big.toUpperCase().length()".into(),
        "items.size()".into(),
        "items == items".into(),
        "items.toString().length() > 9".into(),
        many,
        vec!["big.contains('xy')"; 20].join(" || "),
        "big += big".into(),
        "items.join(big)".into(),
        "[big, big]".into(),
        "(big += '').concat(big)".into(),
        format!("[{}].size()", vec!["big"; 100].join(", ")),
        format!("{}0{}", "[".repeat(60), "]".repeat(60)),
        "deep".into(),
    ];
    let mut actual = String::new();
    for text in &cases {
        let name: String = text.chars().take(40).collect();
        let outcome = match Expression::parse(&format!("${{{text}}}")) {
            Err(flaw) => flaw.to_string(),
            Ok(expression) => match expression.evaluate(&scope) {
                Ok(value) => value.to_string().chars().take(40).collect(),
                Err(error) => error.message,
            },
        };
        actual.push_str(&format!("{name}  =>  {outcome}\n"));
    }
    expect![[r#"
        big > ''  =>  true
        big == big  =>  true
        bigger.length() > 1  =>  true
        bigger  =>  the value is too large or too deep
        big.toUpperCase().length()  =>  900000
        items.size()  =>  30000
        items == items  =>  true
        items.toString().length() > 9  =>  true
        items.contains('x') || items.contains('x  =>  the expression takes too many steps
        big.contains('xy') || big.contains('xy')  =>  the expression takes too many steps
        big += big  =>  the text grows too long
        items.join(big)  =>  the text grows too long
        [big, big]  =>  the value is too large or too deep
        (big += '').concat(big)  =>  the text grows too long
        [big, big, big, big, big, big, big, big,  =>  the expression takes too many steps
        [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[  =>  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        deep  =>  the value is too large or too deep
    "#]]
    .assert_eq(&actual);
}
