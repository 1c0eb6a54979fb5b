//! Cells of a decision table that are true or false by themselves.

use crate::decisions::{decided, sheet};
use expect_test::{Expect, expect};

/// What a table with one cell gives for each line of variables: `"hit"`, null, or an error.
fn told(column: &str, cells: &[&str], variables: &str) -> String {
    let mut told = String::new();
    for cell in cells {
        let text = sheet("", &format!("in {column}\nout o"), &format!("{cell} => \"hit\""));
        told += &format!("{cell}\n{}", decided(&text, "d", variables));
    }
    told
}

fn check(column: &str, cells: &[&str], variables: &str, expected: Expect) {
    expected.assert_eq(&told(column, cells, variables));
}

const CELLS: [&str; 6] = [
    "contains(x, \"b\")",
    "not(contains(x, \"b\"))",
    "not(contains(x, \"b\"), \"a\")",
    "starts with(x, y)",
    "list contains([\"a\", y], x), \"c\"",
    "(if y = \"b\" then contains(x, y) else false)",
];

#[test]
fn what_is_true_matches_an_input_that_is_no_truth_value() {
    let variables = r#"
        {"x": "abc", "y": "b"}
        {"x": "a", "y": "a"}
        {"x": "c", "y": null}
        {"x": null, "y": "b"}
    "#;
    check(
        "x string",
        &CELLS,
        variables,
        expect![[r#"
            contains(x, "b")
            {"x": "abc", "y": "b"}  =>  "hit"
            {"x": "a", "y": "a"}  =>  null
            {"x": "c", "y": null}  =>  null
            {"x": null, "y": "b"}  =>  null
            not(contains(x, "b"))
            {"x": "abc", "y": "b"}  =>  null
            {"x": "a", "y": "a"}  =>  "hit"
            {"x": "c", "y": null}  =>  "hit"
            {"x": null, "y": "b"}  =>  null
            not(contains(x, "b"), "a")
            {"x": "abc", "y": "b"}  =>  null
            {"x": "a", "y": "a"}  =>  null
            {"x": "c", "y": null}  =>  "hit"
            {"x": null, "y": "b"}  =>  null
            starts with(x, y)
            {"x": "abc", "y": "b"}  =>  null
            {"x": "a", "y": "a"}  =>  "hit"
            {"x": "c", "y": null}  =>  null
            {"x": null, "y": "b"}  =>  null
            list contains(["a", y], x), "c"
            {"x": "abc", "y": "b"}  =>  null
            {"x": "a", "y": "a"}  =>  "hit"
            {"x": "c", "y": null}  =>  "hit"
            {"x": null, "y": "b"}  =>  null
            (if y = "b" then contains(x, y) else false)
            {"x": "abc", "y": "b"}  =>  "hit"
            {"x": "a", "y": "a"}  =>  null
            {"x": "c", "y": null}  =>  null
            {"x": null, "y": "b"}  =>  null
        "#]],
    );
    check(
        "x",
        &CELLS[..2],
        variables,
        expect![[r#"
            contains(x, "b")
            {"x": "abc", "y": "b"}  =>  "hit"
            {"x": "a", "y": "a"}  =>  null
            {"x": "c", "y": null}  =>  null
            {"x": null, "y": "b"}  =>  null
            not(contains(x, "b"))
            {"x": "abc", "y": "b"}  =>  null
            {"x": "a", "y": "a"}  =>  "hit"
            {"x": "c", "y": null}  =>  "hit"
            {"x": null, "y": "b"}  =>  null
        "#]],
    );
}

#[test]
fn an_input_that_is_a_truth_value_is_compared_with_it() {
    let variables = r#"
        {"z": true, "x": "abc"}
        {"z": false, "x": "abc"}
        {"z": true, "x": "a"}
        {"z": false, "x": "a"}
        {"z": false, "x": null}
        {"z": null, "x": "a"}
    "#;
    check(
        "z boolean",
        &CELLS[..2],
        variables,
        expect![[r#"
        contains(x, "b")
        {"z": true, "x": "abc"}  =>  "hit"
        {"z": false, "x": "abc"}  =>  null
        {"z": true, "x": "a"}  =>  null
        {"z": false, "x": "a"}  =>  "hit"
        {"z": false, "x": null}  =>  null
        {"z": null, "x": "a"}  =>  null
        not(contains(x, "b"))
        {"z": true, "x": "abc"}  =>  null
        {"z": false, "x": "abc"}  =>  "hit"
        {"z": true, "x": "a"}  =>  "hit"
        {"z": false, "x": "a"}  =>  null
        {"z": false, "x": null}  =>  null
        {"z": null, "x": "a"}  =>  "hit"
    "#]],
    );
    assert_eq!(told("z boolean", &CELLS[..2], variables), told("z", &CELLS[..2], variables));
}

#[test]
fn what_is_refused_of_other_versions_and_of_camunda_says_what_to_do() {
    let text = sheet("", "in x string\nout o", "- => 1");
    let space = |version: &str| text.replace("20191111/MODEL", &format!("{version}/MODEL"));
    let texts = [
        space("20211108"),
        space("20230324"),
        space("20990101"),
        text.replace("<definitions", "<definitions xmlns:c=\"http://camunda.org/schema/1.0/dmn\"")
            .replace("<input ", "<input c:inputVariable=\"cell\" "),
    ];
    let told: String = texts.iter().map(|text| decided(text, "d", "")).collect();
    expect![[r#"
        flaw: line 1: DMN 1.1, 1.2 and 1.3 are read, and this is another (https://www.omg.org/spec/DMN/20211108/MODEL/); save the file as DMN 1.3 [not-dmn]
        flaw: line 1: DMN 1.1, 1.2 and 1.3 are read, and this is another (https://www.omg.org/spec/DMN/20230324/MODEL/); save the file as DMN 1.3 [not-dmn]
        flaw: line 1: DMN 1.1, 1.2 and 1.3 are read, and this is another (https://www.omg.org/spec/DMN/20990101/MODEL/); save the file as DMN 1.3 [not-dmn]
        flaw: line 3: d: the attribute camunda:inputVariable of input is not taken: cells cannot use that name; write the expression of the input in them, and take it away [unknown-attribute]
    "#]].assert_eq(&told);
}
