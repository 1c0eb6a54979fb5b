//! Choices without a way out: where no condition may be true, and where that is ruled out.

use crate::{catalog, process};
use definitions::{Expression, Format, Scope, prove};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// What is found in a definition, each finding with its path below it.
fn found(steps: &str) -> String {
    let text = format!("name: p\nsteps:\n{steps}");
    let findings = prove(&process(Format::Yaml, &text), &catalog::catalog()).findings;
    let told = findings.iter().map(|finding| {
        let path: Vec<&str> = finding.path.iter().map(|step| step.element.as_str()).collect();
        format!("{finding}\n  {}\n", path.join(" > "))
    });
    told.collect()
}

fn check(steps: &str, expected: Expect) {
    expected.assert_eq(&found(steps));
}

/// What is told of a choice between conditions, in a word.
fn told(how: &str, conditions: &[&str]) -> &'static str {
    let way = |condition: &&str| format!("{{ when: {condition:?}, then: end }}");
    let ways: Vec<String> = conditions.iter().map(way).collect();
    let text = found(&format!(
        "  - {{ id: split, parallel: [a, b] }}\n  - {{ do: nothing, id: a, then: join }}\n  - {{ do: \
         nothing, id: b }}\n  - {{ id: join, {how}: [{}]{} }}\n",
        ways.join(", "),
        if how == "complex" { ", when: activationCount >= 2" } else { "" }
    ));
    let text = text.replace("lack-of-synchronisation", "");
    match (text.contains("[no-way-out]"), text.contains("is null")) {
        (false, _) => "has a way",
        (true, false) => "may have none",
        (true, true) => "has none for null",
    }
}

#[test]
fn where_no_condition_may_be_true_a_default_is_asked_for() {
    check(
        "
  - { id: which, choose: [{ when: a, then: some }, { when: b, then: end }] }
  - { id: some, include: [{ when: a, then: ask }, { when: b, then: many }] }
  - { id: ask, activity: simpleDecider, then: [{ when: a, to: join }, { when: b, to: join }] }
  - { do: nothing, id: many, then: [{ when: a, to: join }, { when: b, to: join }] }
  - { id: join, complex: [{ when: a, then: end }, { when: b, then: end }], when: activationCount >= 1 }
",
        expect![[r#"
            line 4: end: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
              start > which > which.flow1 > some > some.flow2 > many > many.flow1 > join > join.flow1 > join.flow1 > end
            line 4: which: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > which
            line 5: some: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > which > which.flow1 > some
            line 6: ask: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > which > which.flow1 > some > some.flow1 > ask
            line 7: many: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > which > which.flow1 > some > some.flow2 > many
            line 8: join: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > which > which.flow1 > some > some.flow1 > ask > ask.flow1 > join
        "#]],
    );
}

#[test]
fn a_choice_in_a_sub_process_is_told_with_the_way_into_it() {
    check(
        "
  - id: inner
    steps:
      - { id: which, choose: [{ when: a, then: one }, { when: b, then: end }] }
      - { do: nothing, id: one }
",
        expect![[r#"
            line 6: which: it may be that none of its conditions is true: the journey would stop there with an incident; add a default flow, or let one of its conditions be true whenever all others are false [no-way-out]
              start > inner > inner.start > which
        "#]],
    );
}

#[test]
fn what_is_compared_with_null_has_a_remedy_of_its_own() {
    check(
        "
  - { id: age, choose: [{ when: age < 18, then: end }, { when: age >= 18, then: end }] }
",
        expect![[r#"
            line 4: age: none of its conditions is true where one of the values that they compare is null, for nothing is below or above null: the journey would stop there with an incident; make one of its flows the default, or ask for null first [no-way-out]
              start > age
        "#]],
    );
}

#[test]
fn with_a_default_a_flow_without_condition_or_out_of_reach_nothing_is_told() {
    let steps = [
        "  - { id: which, choose: [{ when: a, then: one }, { otherwise: end }] }\n  - { do: nothing, id: one }\n",
        "  - { id: which, include: [{ when: a, then: one }, { otherwise: end }] }\n  - { do: nothing, id: one }\n",
        "  - { id: which, include: [{ when: a, then: one }, end] }\n  - { do: nothing, id: one, then: end }\n",
        "  - { do: nothing, id: which, then: [{ when: a, to: one }, end] }\n  - { do: nothing, id: one, then: end }\n",
        "  - { id: which, choose: [one] }\n  - { do: nothing, id: one, then: [] }\n",
    ];
    for steps in steps {
        assert_eq!(found(steps), "", "{steps}");
    }
    // Two joins wait for each other: nobody comes behind them.
    let behind = found(
        "
  - { id: split, parallel: [one, two] }
  - { id: one, include: [on] }
  - { id: two, include: [which] }
  - { id: on, parallel: [two, end] }
  - { id: which, choose: [{ when: a, then: one }, { when: b, then: end }] }
",
    );
    assert!(behind.contains("two: no path ever comes here"), "{behind}");
    assert!(!behind.contains("no-way-out"), "{behind}");
}

#[test]
fn a_variable_that_begins_with_a_value_and_keeps_one_is_not_null() {
    let told = |begins: &str, rest: &str| {
        let text = format!(
            "name: p
variables: {{ n: {begins} }}
steps:
{rest}
  - {{ id: which, choose: [{{ when: n < 3, then: end }}, {{ when: n >= 3, then: end }}] }}
"
        );
        let findings = prove(&process(Format::Yaml, &text), &catalog::catalog()).findings;
        findings.iter().any(|finding| finding.rule == "no-way-out")
    };
    let count = |with: &str| format!("  - {{ script: {with:?}, result: n }}");
    #[rustfmt::skip]
    let cases = [
        ("0", count("n + 1"),                                          false),
        ("0", count("a ? 1 : n + 1"),                                  false),
        ("0", count("Number ${a}"),                                    false),
        ("0", "  - { do: manual, out: { n: 7 } }".into(),              false),
        ("0", "  - { call: x, take: { n: '${a * 2}' } }".into(),       false),
        ("",  count("n + 1"),                                          true),
        ("0", count("m"),                                              true),
        ("0", count("a ? 1 : m"),                                      true),
        ("0", "  - { do: manual, out: { n: '${m.n}' } }".into(),       true),
        ("0", "  - { call: x, take: all }".into(),                     true),
        ("0", "  - { decide: x, result: n }".into(),                   true),
        ("0", "  - { catch: X, message: x, key: k }".into(),           true),
        ("0", "  - { receive: x, key: k }".into(),                     true),
        ("0", "  - { do: manual, variables: { n: } }".into(),          true),
        ("0", "  - { do: nothing, then: [{ to: which, set: { n: '${m}' } }] }".into(), true),
    ];
    for (begins, rest, told_of) in cases {
        assert_eq!(told(begins, &rest), told_of, "{begins} {rest}");
    }
}

/// Variables that are all one of some values.
struct Three<'v>([&'v Value; 3]);

impl Scope for Three<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        ["a", "b", "c"].iter().position(|known| *known == name).map(|place| self.0[place])
    }

    fn local(&self, name: &str) -> Option<&Value> {
        self.variable(name)
    }
}

fn parsed(text: &str) -> Expression {
    Expression::parse(&format!("${{{text}}}")).unwrap_or_else(|flaw| panic!("{text}: {flaw}"))
}

/// Whether there are values for which conditions are all false.
fn all_may_be_false(conditions: &[&str]) -> bool {
    let values = json!([
        null, true, false, "true", "TRUE", "", "x", "y", 0, 1, 2, 3, 4, "2", [], [1, 2, 3],
        { "n": null }, { "n": 1 }, { "old": false }, { "old": false, "new": true }
    ]);
    let values = values.as_array().expect("a list");
    let conditions: Vec<Expression> = conditions.iter().map(|text| parsed(text)).collect();
    let are_false = |scope: &Three<'_>| {
        conditions.iter().all(|condition| condition.evaluate_condition(scope) == Ok(false))
    };
    let pairs = |a| values.iter().flat_map(move |b| values.iter().map(move |c| [a, b, c]));
    values.iter().flat_map(pairs).any(|three| are_false(&Three(three)))
}

#[test]
fn conditions_of_which_one_is_always_true_are_a_way_out() {
    #[rustfmt::skip]
    let cases: [(&[&str], &str); 51] = [
        (&["a", "true"],                                    "has a way"),
        (&["a", "1 == 1"],                                  "has a way"),
        (&["a", "false"],                                   "may have none"),
        (&["a", "true || b"],                               "has a way"),
        (&["a", "!a"],                                      "has a way"),
        (&["a", "not a"],                                   "has a way"),
        (&["a", "!b"],                                      "may have none"),
        (&["a", "!(!(!a))"],                                "has a way"),
        (&["a.old", "!a['old']"],                       "has a way"),
        (&["a.old", "!a.new"],                          "may have none"),
        (&["empty a", "not   empty  a"],                    "has a way"),
        (&["a == b", "a != b"],                             "has a way"),
        (&["a  ==  b", "b != a"],                           "has a way"),
        (&["a == 'x'", "a != \"x\""],                       "has a way"),
        (&["a == 'x'", "a != 'y'"],                         "may have none"),
        (&["a == 1", "!(a eq 1)"],                          "has a way"),
        // What is a condition itself has no value where it is neither.
        (&["a", "a == false"],                              "has a way"),
        (&["false == a", "a"],                              "has a way"),
        (&["a != true", "a == true", "a"],                  "has a way"),
        (&["!a", "true == a"],                              "has a way"),
        (&["a", "b == false"],                              "may have none"),
        (&["a", "false.equals(a)"],                         "has a way"),
        (&["!a", "true.equals(a)"],                         "may have none"),
        (&["a", "false.equals(b)"],                         "may have none"),
        (&["true.equals(a)", "false.equals(a)"],            "may have none"),
        (&["a.size() > 0", "a.size() == 0"],                "has a way"),
        (&["a.length() == 0", "0 < a.length()"],            "has a way"),
        (&["a.size() > 0", "a.size() == 1"],                "may have none"),
        (&["empty a", "a != null"],                         "has a way"),
        // Both are false of null, and of what is neither.
        (&["a == true", "a == false"],                      "may have none"),
        (&["a == 'x'", "a == 'y'"],                         "may have none"),
        (&["a + 1 < 2", "a + 1 >= 2"],                      "has a way"),
        (&["a.size() > 2", "a.size() <= 2"],                "has a way"),
        (&["a + 1 < 2", "2 <= a + 1"],                      "has a way"),
        (&["a + 1 < 2", "a + 1 > 2"],                       "may have none"),
        (&["a + 1 < 2", "a + 1 >= 3"],                      "may have none"),
        (&["a + 1 < 2", "a + 1 == 2", "a + 1 > 2"],         "has a way"),
        (&["a < 2", "a >= 2"],                              "has none for null"),
        (&["a > b", "a <= b"],                              "has none for null"),
        (&["a.get('n') > 2", "a.get('n') <= 2"],            "has none for null"),
        (&["a < 2", "!(a < 2)"],                            "has a way"),
        (&["a == null", "a < 2", "a >= 2"],                 "has a way"),
        (&["empty a", "a < 2", "a >= 2"],                   "has a way"),
        (&["a == null", "a < b", "a >= b"],                 "has none for null"),
        // `true` is equal to "TRUE", and before it.
        (&["a != b", "a >= b"],                             "may have none"),
        (&["a != b", "a <= b", "a >= b"],                   "has a way"),
        (&["a && b", "!a || !b"],                           "has a way"),
        (&["a && b", "a && !b", "!a"],                      "has a way"),
        (&["a && b", "!a && !b"],                           "may have none"),
        (&["a ? b : c", "a && !b", "!(a || c)"],            "has a way"),
        (&["a ? b : c", "a && !b", "!a || c"],              "has a way"),
    ];
    for (conditions, expected) in cases {
        for how in ["choose", "include", "complex"] {
            assert_eq!(told(how, conditions), expected, "{how} {conditions:?}");
        }
        // What is told is what comes of it.
        assert_eq!(all_may_be_false(conditions), expected != "has a way", "{conditions:?}");
    }
}

#[test]
fn what_a_complex_gateway_counts_is_never_null_and_it_is_asked_when_it_starts() {
    #[rustfmt::skip]
    let cases: [(&[&str], &str, &str); 5] = [
        (&["waitingForStart", "late"],                       "has a way",     "may have none"),
        (&["waitingForStart && a", "!waitingForStart || b"], "may have none", "may have none"),
        (&["activationCount < 2", "activationCount >= 2"],   "has a way",     "has none for null"),
        (&["a.flow1 > 1", "a.flow1 <= 1"],                   "has none for null", "has none for null"),
        (&["activationCount < 2", "activationCount >= 3"],   "may have none", "may have none"),
    ];
    for (conditions, joined, chosen) in cases {
        assert_eq!(told("complex", conditions), joined, "{conditions:?}");
        assert_eq!(told("choose", conditions), chosen, "{conditions:?}");
    }
}

#[test]
fn a_great_many_conditions_are_not_followed_for_long() {
    let names: Vec<String> = (0..300).map(|number| format!("a{number}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(told("choose", &all), "may have none");
    let same = vec!["!a || !b"; 300];
    assert_eq!(told("choose", &[&same[..], &["a && b"]].concat()), "has a way");
}
