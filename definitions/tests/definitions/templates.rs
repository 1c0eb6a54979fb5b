//! Templates and timers: text with expressions, and durations.

use super::expressions::variables;
use definitions::{Template, Timer};
use expect_test::expect;
use jiff::Timestamp;

#[test]
fn a_lone_expression_keeps_its_type_and_all_else_is_text() {
    let texts = [
        "plain",
        "",
        "  ",
        "${3}",
        "${3} ",
        " ${true}\n    ",
        "${a}",
        "${list}",
        "${map.deep}",
        "${nothing}",
        "${null}",
        "${a}&x=${b}",
        "a=${a}",
        "${a}${b}",
        "${a} ${b}",
        "${nothing}!",
        "${half}!",
        "${yes}!",
        "${list}!",
        "${map}!",
        "\\${a}",
        "x\\${a}${a}",
        "$a {a} ${'{}'}",
        "$",
        "$$",
        "$${a}",
        "${text}ß",
        "${missing}",
        "ß${missing}",
        "${a",
        "ß ${a",
        "${}",
        "a ${b c} d",
        "{{processvar.a}}",
        "${'a'}b",
        "${1/0}",
    ];
    let mut actual = String::new();
    for text in texts {
        let outcome = match Template::parse(text) {
            Err(flaw) => format!("flaw: {flaw}"),
            Ok(template) => match template.evaluate(&variables()) {
                Err(error) => format!("error: {error}"),
                Ok(value) => value.to_string(),
            },
        };
        actual.push_str(&format!("{text:?}  =>  {outcome}\n"));
    }
    expect![[r#"
        "plain"  =>  "plain"
        ""  =>  ""
        "  "  =>  "  "
        "${3}"  =>  3
        "${3} "  =>  3
        " ${true}\n    "  =>  true
        "${a}"  =>  7
        "${list}"  =>  [1,"two",[3]]
        "${map.deep}"  =>  {"er":1}
        "${nothing}"  =>  null
        "${null}"  =>  null
        "${a}&x=${b}"  =>  "7&x=2"
        "a=${a}"  =>  "a=7"
        "${a}${b}"  =>  "72"
        "${a} ${b}"  =>  "7 2"
        "${nothing}!"  =>  "!"
        "${half}!"  =>  "0.5!"
        "${yes}!"  =>  "true!"
        "${list}!"  =>  "[1,\"two\",[3]]!"
        "${map}!"  =>  "{\"deep\":{\"er\":1},\"key\":\"value\"}!"
        "\\${a}"  =>  "${a}"
        "x\\${a}${a}"  =>  "x${a}7"
        "$a {a} ${'{}'}"  =>  "$a {a} {}"
        "$"  =>  "$"
        "$$"  =>  "$$"
        "$${a}"  =>  "$7"
        "${text}ß"  =>  "Straßeß"
        "${missing}"  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
        "ß${missing}"  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 4 of ${missing})
        "${a"  =>  flaw: the expression that begins here has no closing } (at character 1)
        "ß ${a"  =>  flaw: the expression that begins here has no closing } (at character 3)
        "${}"  =>  flaw: the expression is empty (at character 3)
        "a ${b c} d"  =>  flaw: "c" is not expected here (at character 7)
        "{{processvar.a}}"  =>  "{{processvar.a}}"
        "${'a'}b"  =>  "ab"
        "${1/0}"  =>  flaw: division by zero (at character 4)
    "#]].assert_eq(&actual);
}

#[test]
fn the_text_of_a_template_is_bounded() {
    let template = Template::parse(&"${text.concat}${a}".replace(".concat", "")).unwrap();
    assert_eq!(template.evaluate(&variables()).unwrap(), "Straße7");
    let long = format!("{}${{a}}", "x".repeat((1 << 20) - 1));
    let template = Template::parse(&long).unwrap();
    assert!(template.evaluate(&variables()).is_ok());
    let template = Template::parse(&format!("{long}${{a}}")).unwrap();
    let error = template.evaluate(&variables()).unwrap_err();
    assert_eq!(error.message, "the text grows too long");
}

#[test]
fn what_needs_no_variable_is_known_at_once() {
    let constant = |text| Template::parse(text).unwrap().constant().cloned();
    assert_eq!(constant("${1 + 1}"), Some(2.into()));
    assert_eq!(constant("text"), Some("text".into()));
    assert_eq!(constant("${a}"), None);
    assert_eq!(constant("${'a'}${a}"), None);
}

#[test]
fn timers_are_due_after_their_duration() {
    let now: Timestamp = "2024-01-30T10:00:00Z".parse().unwrap();
    let texts = [
        "PT15S",
        "PT4M30S",
        "PT30M",
        "P5D",
        "P1M",
        "P1Y2M10DT2H30M",
        "PT0S",
        "PT48H",
        " PT1S ",
        "P1W",
        "PT0.5S",
        "${digits}",
        "PT${digits}M",
        "${'PT5M'}",
        "${missing}",
        "${a}",
        "P9999Y",
        "-PT1S",
        "PT",
        "P",
        "15 minutes",
        "PT15",
        "15",
        "",
        "R3/PT1S",
        "2024-01-01",
        "PT1S PT2S",
        "${5}",
        "${",
    ];
    let mut actual = String::new();
    for text in texts {
        let outcome = match Timer::duration(text) {
            Err(flaw) => format!("flaw: {flaw}"),
            Ok(timer) => match timer.schedule(&variables(), now).map(|schedule| schedule.due) {
                Err(error) => format!("error: {error}"),
                Ok(due) => due.to_string(),
            },
        };
        actual.push_str(&format!("{text:?}  =>  {outcome}\n"));
    }
    expect![[r#"
        "PT15S"  =>  2024-01-30T10:00:15Z
        "PT4M30S"  =>  2024-01-30T10:04:30Z
        "PT30M"  =>  2024-01-30T10:30:00Z
        "P5D"  =>  2024-02-04T10:00:00Z
        "P1M"  =>  2024-02-29T10:00:00Z
        "P1Y2M10DT2H30M"  =>  2025-04-09T12:30:00Z
        "PT0S"  =>  2024-01-30T10:00:00Z
        "PT48H"  =>  2024-02-01T10:00:00Z
        " PT1S "  =>  2024-01-30T10:00:01Z
        "P1W"  =>  2024-02-06T10:00:00Z
        "PT0.5S"  =>  2024-01-30T10:00:00.5Z
        "${digits}"  =>  error: "12" is not a duration; write one such as PT15M or P5D (at character 1 of ${digits})
        "PT${digits}M"  =>  2024-01-30T10:12:00Z
        "${'PT5M'}"  =>  2024-01-30T10:05:00Z
        "${missing}"  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
        "${a}"  =>  error: a duration is a text such as PT15M, not 7 (at character 1 of ${a})
        "P9999Y"  =>  flaw: the duration is longer than a century (at character 1)
        "-PT1S"  =>  flaw: the duration -PT1S lies in the past (at character 1)
        "PT"  =>  flaw: "PT" is not a duration; write one such as PT15M or P5D (at character 1)
        "P"  =>  flaw: "P" is not a duration; write one such as PT15M or P5D (at character 1)
        "15 minutes"  =>  flaw: "15 minutes" is not a duration; write one such as PT15M or P5D (at character 1)
        "PT15"  =>  flaw: "PT15" is not a duration; write one such as PT15M or P5D (at character 1)
        "15"  =>  flaw: "15" is not a duration; write one such as PT15M or P5D (at character 1)
        ""  =>  flaw: "" is not a duration; write one such as PT15M or P5D (at character 1)
        "R3/PT1S"  =>  flaw: "R3/PT1S" is not a duration; write one such as PT15M or P5D (at character 1)
        "2024-01-01"  =>  flaw: "2024-01-01" is not a duration; write one such as PT15M or P5D (at character 1)
        "PT1S PT2S"  =>  flaw: "PT1S PT2S" is not a duration; write one such as PT15M or P5D (at character 1)
        "${5}"  =>  flaw: a duration is a text such as PT15M, not 5 (at character 1)
        "${"  =>  flaw: the expression that begins here has no closing } (at character 1)
    "#]].assert_eq(&actual);
}
