//! The shapes in which a task may ask for what a decision gives, as Camunda 7 has them.

use crate::decisions::{file, sheet};
use definitions::{ResultShape, Scope, read_decisions};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

struct X(Value);

impl Scope for X {
    fn variable(&self, name: &str) -> Option<&Value> {
        (name == "x").then_some(&self.0)
    }
    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

/// What a decision gives in each shape, for x = 1 and for an x that no rule takes.
fn check(text: &str, expected: Expect) {
    let decisions = read_decisions(text).expect("the text is a file of decisions");
    let decision = decisions.iter().last().expect("there is one");
    let mut told = String::new();
    let shapes = [
        ResultShape::SingleEntry,
        ResultShape::SingleResult,
        ResultShape::CollectEntries,
        ResultShape::ResultList,
    ];
    for x in [1, 9] {
        for shape in [None].into_iter().chain(shapes.map(Some)) {
            let name = shape.map_or("its own".to_owned(), |shape| format!("{shape:?}"));
            let given = match decision.evaluate_as(&X(json!(x)), shape) {
                Ok(value) => value.to_string(),
                Err(error) => format!("error: {}", error.message),
            };
            told += &format!("{x} {name}: {given}\n");
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn one_output_of_one_rule() {
    check(
        &sheet("", "in x\nout o string", "1 => \"y\""),
        expect![[r#"
        1 its own: "y"
        1 SingleEntry: "y"
        1 SingleResult: {"o":"y"}
        1 CollectEntries: ["y"]
        1 ResultList: [{"o":"y"}]
        9 its own: null
        9 SingleEntry: null
        9 SingleResult: null
        9 CollectEntries: []
        9 ResultList: []
    "#]],
    );
}

#[test]
fn several_outputs_of_one_rule() {
    check(
        &sheet("hitPolicy=\"FIRST\"", "in x\nout a\nout b", "1 => 1 | \"y\""),
        expect![[r#"
        1 its own: {"a":1,"b":"y"}
        1 SingleEntry: error: singleEntry takes the only output, but the decision has 2
        1 SingleResult: {"a":1,"b":"y"}
        1 CollectEntries: error: collectEntries takes the only output, but the decision has 2
        1 ResultList: [{"a":1,"b":"y"}]
        9 its own: null
        9 SingleEntry: null
        9 SingleResult: null
        9 CollectEntries: []
        9 ResultList: []
    "#]],
    );
}

#[test]
fn one_output_of_several_rules() {
    let attributes = "hitPolicy=\"COLLECT\"";
    check(
        &sheet(attributes, "in x\nout o", "1 => \"y\"\n1 => \"z\""),
        expect![[r#"
        1 its own: ["y","z"]
        1 SingleEntry: error: singleEntry takes what one rule gives, but 2 rules match
        1 SingleResult: error: singleResult takes what one rule gives, but 2 rules match
        1 CollectEntries: ["y","z"]
        1 ResultList: [{"o":"y"},{"o":"z"}]
        9 its own: []
        9 SingleEntry: null
        9 SingleResult: null
        9 CollectEntries: []
        9 ResultList: []
    "#]],
    );
}

#[test]
fn several_outputs_of_several_rules() {
    let attributes = "hitPolicy=\"RULE ORDER\"";
    check(
        &sheet(attributes, "in x\nout a\nout b", "1 => 1 | 2\n1 => 3 | 4"),
        expect![[r#"
        1 its own: [{"a":1,"b":2},{"a":3,"b":4}]
        1 SingleEntry: error: singleEntry takes what one rule gives, but 2 rules match
        1 SingleResult: error: singleResult takes what one rule gives, but 2 rules match
        1 CollectEntries: error: collectEntries takes the only output, but the decision has 2
        1 ResultList: [{"a":1,"b":2},{"a":3,"b":4}]
        9 its own: []
        9 SingleEntry: null
        9 SingleResult: null
        9 CollectEntries: []
        9 ResultList: []
    "#]],
    );
}

#[test]
fn what_is_aggregated_is_as_one_rule() {
    let table = |aggregation: &str| {
        let attributes = format!("hitPolicy=\"COLLECT\" aggregation=\"{aggregation}\"");
        sheet(&attributes, "in x\nout o", "1 => 2\n1 => 3")
    };
    check(
        &table("SUM"),
        expect![[r#"
        1 its own: 5
        1 SingleEntry: 5
        1 SingleResult: {"o":5}
        1 CollectEntries: [5]
        1 ResultList: [{"o":5}]
        9 its own: null
        9 SingleEntry: null
        9 SingleResult: null
        9 CollectEntries: []
        9 ResultList: []
    "#]],
    );
    check(
        &table("COUNT"),
        expect![[r#"
        1 its own: 2
        1 SingleEntry: 2
        1 SingleResult: {"o":2}
        1 CollectEntries: [2]
        1 ResultList: [{"o":2}]
        9 its own: 0
        9 SingleEntry: 0
        9 SingleResult: {"o":0}
        9 CollectEntries: [0]
        9 ResultList: [{"o":0}]
    "#]],
    );
}

#[test]
fn a_default_is_as_one_rule() {
    let text = sheet("", "in x\nout o", "1 => \"y\"").replace(
        "<output name=\"o\">",
        "<output name=\"o\"><defaultOutputEntry><text>\"n\"</text></defaultOutputEntry>",
    );
    check(
        &text,
        expect![[r#"
        1 its own: "y"
        1 SingleEntry: "y"
        1 SingleResult: {"o":"y"}
        1 CollectEntries: ["y"]
        1 ResultList: [{"o":"y"}]
        9 its own: "n"
        9 SingleEntry: "n"
        9 SingleResult: {"o":"n"}
        9 CollectEntries: ["n"]
        9 ResultList: [{"o":"n"}]
    "#]],
    );
}

#[test]
fn a_literal_expression_is_as_one_rule() {
    let literal = |variable: &str| {
        file(&format!(
            "<decision id=\"d\">{variable}<literalExpression><text>x + 1</text>\
             </literalExpression></decision>"
        ))
    };
    check(
        &literal("<variable name=\"sum\" />"),
        expect![[r#"
        1 its own: 2
        1 SingleEntry: 2
        1 SingleResult: {"sum":2}
        1 CollectEntries: [2]
        1 ResultList: [{"sum":2}]
        9 its own: 10
        9 SingleEntry: 10
        9 SingleResult: {"sum":10}
        9 CollectEntries: [10]
        9 ResultList: [{"sum":10}]
    "#]],
    );
    check(
        &literal(""),
        expect![[r#"
        1 its own: 2
        1 SingleEntry: 2
        1 SingleResult: error: singleResult is by the names of the outputs, but one has none
        1 CollectEntries: [2]
        1 ResultList: error: resultList is by the names of the outputs, but one has none
        9 its own: 10
        9 SingleEntry: 10
        9 SingleResult: error: singleResult is by the names of the outputs, but one has none
        9 CollectEntries: [10]
        9 ResultList: error: resultList is by the names of the outputs, but one has none
    "#]],
    );
}

#[test]
fn a_required_decision_keeps_its_own_shape() {
    let text = file(
        "<decision id=\"one\"><literalExpression><text>x</text></literalExpression></decision>\
         <decision id=\"two\"><variable name=\"v\" />\
         <informationRequirement><requiredDecision href=\"#one\" /></informationRequirement>\
         <literalExpression><text>one + 1</text></literalExpression></decision>",
    );
    check(
        &text,
        expect![[r#"
        1 its own: 2
        1 SingleEntry: 2
        1 SingleResult: {"v":2}
        1 CollectEntries: [2]
        1 ResultList: [{"v":2}]
        9 its own: 10
        9 SingleEntry: 10
        9 SingleResult: {"v":10}
        9 CollectEntries: [10]
        9 ResultList: [{"v":10}]
    "#]],
    );
}
