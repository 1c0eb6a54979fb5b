//! Decisions: what tables and literal expressions decide, and when they refuse to.

use definitions::{Decision, Scope, read_decisions};
use expect_test::{Expect, expect};
use serde_json::{Map, Value};

struct Variables(Map<String, Value>);

impl Scope for Variables {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub(crate) fn file(inside: &str) -> String {
    let space = "https://www.omg.org/spec/DMN/20191111/MODEL/";
    format!("<definitions xmlns=\"{space}\" id=\"file\" name=\"File\">\n{inside}\n</definitions>")
}

/// A file with one table. Each column is a line `in NAME TYPE VALUES` or `out NAME TYPE VALUES`,
/// each rule a line of tests, `=>` and outputs, with `|` between two cells.
pub(crate) fn sheet(attributes: &str, columns: &str, rules: &str) -> String {
    let lines = |text: &'_ str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let mut xml = String::new();
    for column in lines(columns) {
        let mut words = column.splitn(4, ' ');
        let mut next = || words.next().unwrap_or_default().to_owned();
        let (way, name, kind, values) = (next(), next(), next(), escaped(&next()));
        let kind = if kind.is_empty() { kind } else { format!(" typeRef=\"{kind}\"") };
        let values = |tag: &str| match values.as_str() {
            "" => String::new(),
            values => format!("<{tag}><text>{values}</text></{tag}>"),
        };
        xml += &match way.as_str() {
            "in" => format!(
                "<input label=\"{name}\"><inputExpression{kind}><text>{name}</text>\
                 </inputExpression>{}</input>\n",
                values("inputValues")
            ),
            _ => format!("<output name=\"{name}\"{kind}>{}</output>\n", values("outputValues")),
        };
    }
    for rule in lines(rules) {
        let (tests, outputs) = rule.split_once("=>").expect("a rule has =>");
        let cells = |text: &str, tag: &str| -> String {
            let cells = text.split('|').map(|cell| escaped(cell.trim()));
            cells.map(|cell| format!("<{tag}><text>{cell}</text></{tag}>")).collect()
        };
        let outputs = cells(outputs, "outputEntry");
        let tests = if tests.trim() == "" { String::new() } else { cells(tests, "inputEntry") };
        xml += &format!("<rule>{tests}{outputs}</rule>\n");
    }
    file(&format!(
        "<decision id=\"d\"><decisionTable {attributes}>\n{xml}</decisionTable></decision>"
    ))
}

fn outcome(decision: &Decision, variables: &str) -> String {
    let variables = serde_json::from_str(variables).expect("the variables are JSON");
    match decision.evaluate(&Variables(variables)) {
        Ok(value) => value.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

/// The flaws of a text, or for each line of variables what the decision makes of it.
pub(crate) fn decided(text: &str, id: &str, variables: &str) -> String {
    let decisions = match read_decisions(text) {
        Ok(decisions) => decisions,
        Err(flaws) => return flaws.iter().map(|flaw| format!("flaw: {flaw}\n")).collect(),
    };
    let decision = decisions.find(id).expect("the decision is there");
    let lines = variables.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}  =>  {}\n", outcome(decision, line))).collect()
}

fn table(attributes: &str, columns: &str, rules: &str, variables: &str, expected: Expect) {
    expected.assert_eq(&decided(&sheet(attributes, columns, rules), "d", variables));
}

/// For each test its outcome with each of the inputs.
fn tests(kind: &str, inputs: &str, tests: &str, expected: Expect) {
    let mut actual = String::new();
    for test in tests.lines().map(str::trim).filter(|test| !test.is_empty()) {
        let text = sheet("", &format!("in x {kind}\nout y"), &format!("{test} => true"));
        let told = match read_decisions(&text) {
            Err(flaws) => flaws.iter().map(|flaw| format!("flaw: {}; ", flaw.message)).collect(),
            Ok(decisions) => inputs.split(' ').fold(String::new(), |told, input| {
                let variables = format!(
                    "{{\"x\": {input}, \"low\": 2, \"list\": [1, \"a\", null], \
                                         \"nothing\": null, \"flag\": true}}"
                );
                let said = outcome(decisions.find("d").expect("d"), &variables);
                let said = said.replace("null", "-").replace("true", input);
                format!("{told}{said} ")
            }),
        };
        actual += &format!("{test}  =>  {}\n", told.trim_end());
    }
    expected.assert_eq(&actual);
}

#[test]
fn numbers_are_tested() {
    tests(
        "number",
        "1 2 2.5 3 null",
        r#"
            -

            2
            2.0
            1, 3
            < 2
            <= 2
            > 2
            >= 2
            [2..3]
            (2..3)
            ]2..3]
            [2..3[
            [1..1], 3
            not(2)
            not(1, 2)
            not(> 2)
            not([1..2])
            null
            not(null)
            null, 1
            low
            >= low
            [low..low + 1]
            list
            not(list)
            > nothing
            not(> nothing)
            nothing
            missing
            "2"
            < "2"
            < null
            < true
            ? > 2
            x > 2
            x = 2
            not(2
            1,
            [1..2
            flag
        "#,
        expect![[r#"
            -  =>  1 2 2.5 3 null
            2  =>  - 2 - - -
            2.0  =>  - 2 - - -
            1, 3  =>  1 - - 3 -
            < 2  =>  1 - - - -
            <= 2  =>  1 2 - - -
            > 2  =>  - - 2.5 3 -
            >= 2  =>  - 2 2.5 3 -
            [2..3]  =>  - 2 2.5 3 -
            (2..3)  =>  - - 2.5 - -
            ]2..3]  =>  - - 2.5 3 -
            [2..3[  =>  - 2 2.5 - -
            [1..1], 3  =>  1 - - 3 -
            not(2)  =>  1 - 2.5 3 null
            not(1, 2)  =>  - - 2.5 3 null
            not(> 2)  =>  1 2 - - -
            not([1..2])  =>  - - 2.5 3 -
            null  =>  - - - - null
            not(null)  =>  1 2 2.5 3 -
            null, 1  =>  1 - - - null
            low  =>  - 2 - - -
            >= low  =>  - 2 2.5 3 -
            [low..low + 1]  =>  - 2 2.5 3 -
            list  =>  1 - - - null
            not(list)  =>  - 2 2.5 3 -
            > nothing  =>  - - - - -
            not(> nothing)  =>  - - - - -
            nothing  =>  - - - - null
            missing  =>  error: rule 1: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}) error: rule 1: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}) error: rule 1: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}) error: rule 1: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}) error: rule 1: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
            "2"  =>  flaw: rule 1, input 1: a text is compared with the type number;
            < "2"  =>  flaw: rule 1, input 1: a text is compared with the type number;
            < null  =>  flaw: rule 1, input 1: null is neither before nor after;
            < true  =>  flaw: rule 1, input 1: a truth value is neither before nor after;
            ? > 2  =>  flaw: rule 1, input 1: a test with ? is not translated (at character 1);
            x > 2  =>  flaw: rule 1, input 1: a test compares the input itself; begin it with the comparison (at character 3);
            x = 2  =>  flaw: rule 1, input 1: a test compares the input itself; begin it with the comparison (at character 3);
            not(2  =>  flaw: rule 1, input 1: ) is expected here, not the end (at character 6);
            1,  =>  flaw: rule 1, input 1: a value is expected here, not the end (at character 3);
            [1..2  =>  flaw: rule 1, input 1: an interval ends with ] ) or [, not with the end (at character 6);
            flag  =>  error: rule 1: the test is 1 or false, but the input is a number (at character 1 of ${flag}) error: rule 1: the test is 2 or false, but the input is a number (at character 1 of ${flag}) error: rule 1: the test is 2.5 or false, but the input is a number (at character 1 of ${flag}) error: rule 1: the test is 3 or false, but the input is a number (at character 1 of ${flag}) -
        "#]],
    );
}

#[test]
fn texts_truth_values_and_values_of_any_type_are_tested() {
    let lines = r#"
        "a"
        "a", "b"
        not("a")
        >= "b"
        ["a".."b"]
        null
        ""
        1
        true
        list
    "#;
    tests(
        "string",
        r#""a" "b" "" null"#,
        lines,
        expect![[r#"
        "a"  =>  "a" - - -
        "a", "b"  =>  "a" "b" - -
        not("a")  =>  - "b" "" null
        >= "b"  =>  - "b" - -
        ["a".."b"]  =>  "a" "b" - -
        null  =>  - - - null
        ""  =>  - - "" -
        1  =>  flaw: rule 1, input 1: a number is compared with the type string;
        true  =>  flaw: rule 1, input 1: a truth value is compared with the type string;
        list  =>  "a" - - null
    "#]],
    );
    let lines = r#"
        true
        false
        not(true)
        null
        > true
        flag
    "#;
    tests(
        "boolean",
        "true false null",
        lines,
        expect![[r#"
        true  =>  true - -
        false  =>  - false -
        not(true)  =>  - false null
        null  =>  - - null
        > true  =>  flaw: rule 1, input 1: a truth value is neither before nor after;
        flag  =>  true - -
    "#]],
    );
    let lines = r#"
        1
        "1"
        true
        not(1)
        not("1")
        > 0
        list
        flag
    "#;
    tests(
        "",
        r#"1 "1" true null [1] {"a":1}"#,
        lines,
        expect![[r#"
            1  =>  1 - - - - -
            "1"  =>  - "1" - - - -
            true  =>  error: rule 1: the test is 1 or false, but the input is a number (at character 1 of ${1}) error: rule 1: the test is "1" or false, but the input is a text (at character 1 of ${"1"}) true - error: rule 1: the test is [1] or false, but the input is a list (at character 1 of ${[1]}) error: rule 1: the test is {"a":1} or false, but the input is a map (at character 1 of ${{"a":1}})
            not(1)  =>  - - - null - -
            not("1")  =>  - - - null - -
            > 0  =>  1 - - - - -
            list  =>  1 - - null - -
            flag  =>  error: rule 1: the test is 1 or false, but the input is a number (at character 1 of ${flag}) error: rule 1: the test is "1" or false, but the input is a text (at character 1 of ${flag}) true - error: rule 1: the test is [1] or false, but the input is a list (at character 1 of ${flag}) error: rule 1: the test is {"a":1} or false, but the input is a map (at character 1 of ${flag})
        "#]],
    );
}

#[test]
fn the_type_of_an_input_is_checked() {
    let inputs = r#"1 1.0 1.5 "1" true null [1]"#;
    let mut actual = String::new();
    for kind in ["string", "boolean", "number", "double", "integer", "long", "Any", "feel:string"] {
        let text = sheet("", &format!("in x {kind}\nout y"), "- => true");
        let taken =
            |input: &&str| decided(&text, "d", &format!("{{\"x\": {input}}}")).ends_with("true\n");
        let taken: Vec<&str> = inputs.split(' ').filter(taken).collect();
        actual += &format!("{kind} takes {}\n", taken.join(" "));
    }
    expect![[r#"
        string takes "1" null
        boolean takes true null
        number takes 1 1.0 1.5 null
        double takes 1 1.0 1.5 null
        integer takes 1 1.0 null
        long takes 1 1.0 null
        Any takes 1 1.0 1.5 "1" true null [1]
        feel:string takes "1" null
    "#]]
    .assert_eq(&actual);
    table(
        "",
        "in x integer\nout y",
        "- => 1",
        r#"{"x": "1"}"#,
        expect![[r#"
        {"x": "1"}  =>  error: the input x is a text, but its type is integer (in the decision d)
    "#]],
    );
    table(
        "",
        "in x date\nout y",
        "- => 1",
        "",
        expect![[r#"
        flaw: line 3: d: the type date is not supported; use string, boolean, number, integer, long, double or Any [unsupported-type]
    "#]],
    );
    table(
        "",
        "in x\nout y string",
        "- => x",
        r#"{"x": 1}"#,
        expect![[r#"
        {"x": 1}  =>  error: rule 1: the output y is a number, but its type is string (in the decision d)
    "#]],
    );
}

#[test]
fn the_values_of_an_input_are_checked() {
    let columns = "in level string \"low\",\"high\"\nout y";
    let lines = r#"{"level": "low"}
        {"level": "middle"}
        {"level": null}
        {}"#;
    table(
        "",
        columns,
        "- => 1",
        lines,
        expect![[r#"
        {"level": "low"}  =>  1
        {"level": "middle"}  =>  error: the input level is "middle", which is not allowed (in the decision d)
        {"level": null}  =>  1
        {}  =>  1
    "#]],
    );
    let columns = "in age number [0..150]\nout y";
    let lines = r#"{"age": 150}
        {"age": 151}"#;
    table(
        "",
        columns,
        "- => age",
        lines,
        expect![[r#"
        {"age": 150}  =>  150
        {"age": 151}  =>  error: the input age is 151, which is not allowed (in the decision d)
    "#]],
    );
}

#[test]
fn unique_lets_one_rule_match() {
    let rules = "
        < 10 => \"low\"
        >= 8 => \"high\"
    ";
    let lines = r#"{"n": 7}
        {"n": 9}
        {"n": 10}
        {"n": null}
        {"n": "x"}
        {}"#;
    let columns = "in n number\nout y string";
    table(
        "hitPolicy=\"UNIQUE\"",
        columns,
        rules,
        lines,
        expect![[r#"
        {"n": 7}  =>  "low"
        {"n": 9}  =>  error: rule 1 and rule 2 match, but UNIQUE lets one rule match (in the decision d)
        {"n": 10}  =>  "high"
        {"n": null}  =>  null
        {"n": "x"}  =>  error: the input n is a text, but its type is number (in the decision d)
        {}  =>  null
    "#]],
    );
    let written = decided(&sheet("hitPolicy=\"UNIQUE\"", columns, rules), "d", lines);
    let implied = decided(&sheet("", columns, rules), "d", lines);
    assert_eq!(implied, written, "UNIQUE is the hit policy of a table that names none");
}

#[test]
fn first_takes_the_first_and_looks_no_further() {
    let rules = "
        < 10 => \"low\"
        < 20 => \"middle\"
        < missing => \"high\"
    ";
    let lines = r#"{"n": 7}
        {"n": 10}
        {"n": 30}"#;
    table(
        "hitPolicy=\"FIRST\"",
        "in n\nout y",
        rules,
        lines,
        expect![[r#"
        {"n": 7}  =>  "low"
        {"n": 10}  =>  "middle"
        {"n": 30}  =>  error: rule 3: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
    "#]],
    );
}

#[test]
fn any_lets_rules_match_that_say_the_same() {
    let rules = "
        < 10 | - => 1 | \"same\"
        < 20 | true => 1.0 | \"same\"
        > 4 | false => 1 | \"other\"
    ";
    let columns = "in n\nin b\nout x\nout y";
    let lines = r#"{"n": 3, "b": true}
        {"n": 7, "b": true}
        {"n": 7, "b": false}
        {"n": 30, "b": true}"#;
    table(
        "hitPolicy=\"ANY\"",
        columns,
        rules,
        lines,
        expect![[r#"
        {"n": 3, "b": true}  =>  {"x":1,"y":"same"}
        {"n": 7, "b": true}  =>  {"x":1,"y":"same"}
        {"n": 7, "b": false}  =>  error: rule 1 and rule 3 match with different outputs, but ANY lets all rules that match say the same (in the decision d)
        {"n": 30, "b": true}  =>  null
    "#]],
    );
}

#[test]
fn priority_takes_the_best_output() {
    let rules = "
        > 0 => \"refer\"
        > 10 => \"decline\"
        > 20 => \"accept\"
        > 30 =>
        > 40 => other
    ";
    let columns = "in n\nout y string \"decline\",\"refer\",\"accept\"";
    let lines = r#"{"n": 5}
        {"n": 15}
        {"n": 25}
        {"n": 35}
        {"n": 45, "other": "else"}
        {"n": 0}"#;
    table(
        "hitPolicy=\"PRIORITY\"",
        columns,
        rules,
        lines,
        expect![[r#"
        {"n": 5}  =>  "refer"
        {"n": 15}  =>  "decline"
        {"n": 25}  =>  "decline"
        {"n": 35}  =>  "decline"
        {"n": 45, "other": "else"}  =>  error: rule 5: the output y is "else", which is none of its output values (in the decision d)
        {"n": 0}  =>  null
    "#]],
    );
    let rules = "
        - => 2 | \"a\" | 1
        - => 1 | \"b\" | 2
        - => 1 | \"a\" | 3
        - => 1 | \"a\" | 4
    ";
    let columns = "in n\nout x number 1,2\nout y string \"a\",\"b\"\nout z";
    table(
        "hitPolicy=\"PRIORITY\"",
        columns,
        rules,
        "{}",
        expect![[r#"
        {}  =>  {"x":1,"y":"a","z":3}
    "#]],
    );
    table(
        "hitPolicy=\"OUTPUT ORDER\"",
        columns,
        rules,
        "{}",
        expect![[r#"
        {}  =>  [{"x":1,"y":"a","z":3},{"x":1,"y":"a","z":4},{"x":1,"y":"b","z":2},{"x":2,"y":"a","z":1}]
    "#]],
    );
}

#[test]
fn several_rules_give_a_list() {
    let rules = "
        > 0 => \"b\"
        > 10 => \"a\"
        > 20 => \"c\"
        > 20 => \"a\"
        > 30 =>
    ";
    let columns = "in n\nout y string \"a\",\"b\",\"c\"";
    let lines = r#"{"n": 0}
        {"n": 5}
        {"n": 25}
        {"n": 35}"#;
    for (policy, expected) in [
        (
            "COLLECT",
            expect![[r#"
            {"n": 0}  =>  []
            {"n": 5}  =>  ["b"]
            {"n": 25}  =>  ["b","a","c","a"]
            {"n": 35}  =>  ["b","a","c","a",null]
        "#]],
        ),
        (
            "RULE ORDER",
            expect![[r#"
            {"n": 0}  =>  []
            {"n": 5}  =>  ["b"]
            {"n": 25}  =>  ["b","a","c","a"]
            {"n": 35}  =>  ["b","a","c","a",null]
        "#]],
        ),
        (
            "OUTPUT ORDER",
            expect![[r#"
            {"n": 0}  =>  []
            {"n": 5}  =>  ["b"]
            {"n": 25}  =>  ["a","a","b","c"]
            {"n": 35}  =>  ["a","a","b","c",null]
        "#]],
        ),
    ] {
        table(&format!("hitPolicy=\"{policy}\""), columns, rules, lines, expected);
    }
    let columns = "in n\nout x\nout y";
    table(
        "hitPolicy=\"COLLECT\"",
        columns,
        "> 1 => n | 1\n> 2 => n + 1 | 2",
        "{\"n\": 3}",
        expect![[r#"
            {"n": 3}  =>  [{"x":3,"y":1},{"x":4,"y":2}]
        "#]],
    );
}

#[test]
fn collected_numbers_are_aggregated() {
    let rules = "
        > 0 => 30
        > 10 => 10
        > 20 => 2.5
        > 30 => v
    ";
    let lines = r#"{"n": 0}
        {"n": 5}
        {"n": 15}
        {"n": 25}
        {"n": 35, "v": 18446744073709551615}
        {"n": 35, "v": "text"}
        {"n": 35, "v": null}"#;
    for (aggregation, expected) in [
        (
            "SUM",
            expect![[r#"
            {"n": 0}  =>  null
            {"n": 5}  =>  30
            {"n": 15}  =>  40
            {"n": 25}  =>  42.5
            {"n": 35, "v": 18446744073709551615}  =>  1.8446744073709552e+19
            {"n": 35, "v": "text"}  =>  error: rule 4 gives a text, but SUM takes numbers (in the decision d)
            {"n": 35, "v": null}  =>  error: rule 4 gives null, but SUM takes numbers (in the decision d)
        "#]],
        ),
        (
            "MIN",
            expect![[r#"
            {"n": 0}  =>  null
            {"n": 5}  =>  30
            {"n": 15}  =>  10
            {"n": 25}  =>  2.5
            {"n": 35, "v": 18446744073709551615}  =>  2.5
            {"n": 35, "v": "text"}  =>  error: rule 4 gives a text, but MIN takes numbers (in the decision d)
            {"n": 35, "v": null}  =>  error: rule 4 gives null, but MIN takes numbers (in the decision d)
        "#]],
        ),
        (
            "MAX",
            expect![[r#"
            {"n": 0}  =>  null
            {"n": 5}  =>  30
            {"n": 15}  =>  30
            {"n": 25}  =>  30
            {"n": 35, "v": 18446744073709551615}  =>  18446744073709551615
            {"n": 35, "v": "text"}  =>  error: rule 4 gives a text, but MAX takes numbers (in the decision d)
            {"n": 35, "v": null}  =>  error: rule 4 gives null, but MAX takes numbers (in the decision d)
        "#]],
        ),
        (
            "COUNT",
            expect![[r#"
            {"n": 0}  =>  0
            {"n": 5}  =>  1
            {"n": 15}  =>  2
            {"n": 25}  =>  3
            {"n": 35, "v": 18446744073709551615}  =>  4
            {"n": 35, "v": "text"}  =>  4
            {"n": 35, "v": null}  =>  4
        "#]],
        ),
    ] {
        let attributes = format!("hitPolicy=\"COLLECT\" aggregation=\"{aggregation}\"");
        table(&attributes, "in n\nout y", rules, lines, expected);
    }
}

#[test]
fn a_discount_depends_on_the_customer_and_the_order() {
    let rules = "
        \"Business\" | < 10 => 0.10
        \"Business\" | >= 10 => 0.15
        \"Private\" | - => 0.05
    ";
    let columns = "in customer.kind string \"Business\",\"Private\"\nin size integer\nout d number";
    let lines = r#"{"customer": {"kind": "Business"}, "size": 9}
        {"customer": {"kind": "Business"}, "size": 10}
        {"customer": {"kind": "Private"}, "size": 100}
        {"customer": {"kind": "Government"}, "size": 1}
        {"customer": {}, "size": 1}
        {"customer": "Business", "size": 1}
        {"customer": {"kind": "Business"}, "size": 1.5}
        {"size": 1}"#;
    table(
        "",
        columns,
        rules,
        lines,
        expect![[r#"
        {"customer": {"kind": "Business"}, "size": 9}  =>  0.1
        {"customer": {"kind": "Business"}, "size": 10}  =>  0.15
        {"customer": {"kind": "Private"}, "size": 100}  =>  0.05
        {"customer": {"kind": "Government"}, "size": 1}  =>  error: the input customer.kind is "Government", which is not allowed (in the decision d)
        {"customer": {}, "size": 1}  =>  null
        {"customer": "Business", "size": 1}  =>  error: the input customer.kind: a text has no property "kind" (at character 37 of ${execution.getVariable("customer").kind})
        {"customer": {"kind": "Business"}, "size": 1.5}  =>  error: the input size is a number, but its type is integer (in the decision d)
        {"size": 1}  =>  null
    "#]],
    );
}

#[test]
fn a_table_without_inputs_always_matches() {
    table(
        "",
        "out y",
        "=> a * 2",
        r#"{"a": 2}"#,
        expect![[r#"
        {"a": 2}  =>  4
    "#]],
    );
    table(
        "hitPolicy=\"COLLECT\"",
        "out y",
        "=> 1\n=> 2",
        "{}",
        expect![[r#"
        {}  =>  [1,2]
    "#]],
    );
    table(
        "",
        "in x\nout y",
        "",
        "{}",
        expect![[r#"
        {}  =>  null
    "#]],
    );
}
