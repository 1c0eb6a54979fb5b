//! Files of decisions: how they hang together, what they mean, and what is refused of them.

use crate::decisions::{decided, escaped, file, sheet};
use crate::hostile::{Dice, damaged};
use definitions::{Decision, read_decisions};
use expect_test::expect;
use serde_json::json;

#[test]
fn decisions_are_made_after_those_that_they_require() {
    let lines = r#"{"temperature": 5, "guests": 3}
        {"temperature": 15, "guests": 3}
        {"temperature": 15, "guests": 5}
        {"temperature": 35, "guests": 5}
        {"temperature": 35, "guests": 5, "Season": "Winter", "dish": {"dish": "x"}}
        {"temperature": "cold", "guests": 5}
        {"guests": 9}"#;
    let text = include_str!("dish.dmn");
    expect![[r#"
        {"temperature": 5, "guests": 3}  =>  "Winter"
        {"temperature": 15, "guests": 3}  =>  "Spring"
        {"temperature": 15, "guests": 5}  =>  "Spring"
        {"temperature": 35, "guests": 5}  =>  "Summer"
        {"temperature": 35, "guests": 5, "Season": "Winter", "dish": {"dish": "x"}}  =>  "Summer"
        {"temperature": "cold", "guests": 5}  =>  error: the input Temperature is a text, but its type is number (in the decision season)
        {"guests": 9}  =>  null
    "#]].assert_eq(&decided(text, "season", lines));
    expect![[r#"
        {"temperature": 5, "guests": 3}  =>  {"courses":6,"dish":"Roastbeef"}
        {"temperature": 15, "guests": 3}  =>  {"courses":3,"dish":"Dry aged steak"}
        {"temperature": 15, "guests": 5}  =>  {"courses":null,"dish":"Instant soup"}
        {"temperature": 35, "guests": 5}  =>  {"courses":null,"dish":"Salad"}
        {"temperature": 35, "guests": 5, "Season": "Winter", "dish": {"dish": "x"}}  =>  {"courses":null,"dish":"Salad"}
        {"temperature": "cold", "guests": 5}  =>  error: the input Temperature is a text, but its type is number (in the decision season)
        {"guests": 9}  =>  {"courses":null,"dish":"Instant soup"}
    "#]].assert_eq(&decided(text, "dish", lines));
    expect![[r#"
        {"temperature": 5, "guests": 3}  =>  "ROASTBEEF"
        {"temperature": 15, "guests": 3}  =>  "DRY AGED STEAK"
        {"temperature": 15, "guests": 5}  =>  "INSTANT SOUP"
        {"temperature": 35, "guests": 5}  =>  "light"
        {"temperature": 35, "guests": 5, "Season": "Winter", "dish": {"dish": "x"}}  =>  "light"
        {"temperature": "cold", "guests": 5}  =>  error: the input Temperature is a text, but its type is number (in the decision season)
        {"guests": 9}  =>  "INSTANT SOUP"
    "#]].assert_eq(&decided(text, "menu", lines));
}

#[test]
fn a_decision_sees_only_what_it_requires() {
    let text = file(
        "<decision id=\"a\" name=\"A\"><literalExpression><text>1</text></literalExpression></decision>
         <decision id=\"b\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement>
           <literalExpression><text>A + 1</text></literalExpression></decision>
         <decision id=\"c\"><informationRequirement><requiredDecision href=\"#b\"/></informationRequirement>
           <literalExpression><text>b + a</text></literalExpression></decision>",
    );
    let text = text.replace("b + a", "b + 0 + a");
    expect![[r#"
        {}  =>  error: there is no variable a; if it may be missing, ask execution.hasVariable("a") first (at character 16 of ${b == null || a == null ? null : b + 0 + a})
        {"a": 10, "b": 20}  =>  12
    "#]].assert_eq(&decided(&text, "c", "{}\n{\"a\": 10, \"b\": 20}"));
}

#[test]
fn expressions_may_be_written_in_our_own_language() {
    let text = file(
        "<decision id=\"d\"><decisionTable>
           <input><inputExpression expressionLanguage=\"juel\" typeRef=\"number\"><text>${list.size()}</text></inputExpression></input>
           <output><defaultOutputEntry expressionLanguage=\"JUEL\"><text>list[0]</text></defaultOutputEntry></output>
           <rule><inputEntry expressionLanguage=\"feel\"><text>2</text></inputEntry>
             <outputEntry expressionLanguage=\"juel\"><text>${list[1] == null}</text></outputEntry></rule>
         </decisionTable></decision>",
    );
    let lines = r#"{"list": [1, null]}
        {"list": [1]}
        {"list": 1}"#;
    expect![[r#"
        {"list": [1, null]}  =>  true
        {"list": [1]}  =>  1
        {"list": 1}  =>  error: the input ${list.size()}: a number has no method size() (at character 8 of ${list.size()})
    "#]].assert_eq(&decided(&text, "d", lines));
}

#[test]
fn older_standards_are_read() {
    for (space, sound) in [
        ("http://www.omg.org/spec/DMN/20180521/MODEL/", true),
        ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", true),
        ("https://www.omg.org/spec/DMN/20230324/MODEL/", false),
        ("http://www.omg.org/spec/BPMN/20100524/MODEL", false),
    ] {
        let text = include_str!("dish.dmn");
        let text = text.replace("https://www.omg.org/spec/DMN/20191111/MODEL/", space);
        assert_eq!(read_decisions(&text).is_ok(), sound, "{space}");
    }
}

#[test]
fn the_meaning_is_what_is_decided() {
    let meaning = |text: &str| read_decisions(text).expect("a sound file").meaning();
    let text = include_str!("dish.dmn");
    let whole = meaning(text);
    let drawn = text
        .replace("label=\"Guests\"", "")
        .replace("it is cold", "")
        .replace(" x=\"1\"", " x=\"2\"");
    assert_eq!(meaning(&drawn), whole, "labels, annotations and drawing mean nothing");
    let spaced = text.replace("not(\"Winter\", \"Summer\")", "not( \"Winter\",\"Summer\" )");
    assert_eq!(meaning(&spaced), whole, "blanks mean nothing");
    for (from, to) in [
        ("guests * 2", "guests * 3"),
        ("[10..30)", "[10..30]"),
        ("\"Instant soup\"", "\"Soup\""),
        ("hitPolicy=\"UNIQUE\"", "hitPolicy=\"FIRST\""),
        ("\"Winter\",\"Spring\",\"Summer\"", "\"Winter\",\"Spring\",\"Summer\",\"Autumn\""),
        ("typeRef=\"integer\"", "typeRef=\"number\""),
        ("name=\"courses\"", "name=\"plates\""),
        ("not(\"Winter\", \"Summer\")", "\"Winter\", \"Summer\""),
        ("name=\"Season\" typeRef", "name=\"SeasonNow\" typeRef"),
    ] {
        assert!(text.contains(from), "{from}");
        assert_ne!(meaning(&text.replace(from, to)), whole, "{from} becomes {to}");
    }
    let decisions = read_decisions(text).expect("a sound file");
    let season = decisions.find("season").expect("the season").meaning();
    expect![[r#"
        {"decision":"season","decisions":{"season":{"logic":{"aggregation":null,"hitPolicy":"UNIQUE","inputs":[{"allowed":null,"expression":{"expression":"${execution.getVariable(\"temperature\")}"},"type":"number"}],"outputs":[{"default":null,"name":"season","type":"string","values":["Winter","Spring","Summer"]}],"rules":[{"then":[{"value":"Winter"}],"when":[[{"<":{"value":10}}]]},{"then":[{"value":"Spring"}],"when":[[{"<":{"value":30},">=":{"value":10}}]]},{"then":[{"value":"Summer"}],"when":[[{">=":{"value":30}}]]}]},"name":"Season","requires":{}}}}
    "#]].assert_eq(&format!("{season}\n"));
    assert_eq!(decisions.iter().map(Decision::id).collect::<Vec<_>>(), ["season", "dish", "menu"]);
    assert_eq!(json!(decisions.find("menu").map(Decision::name)), json!("The menu"));
    assert!(decisions.find("Dish").is_none());
}

#[test]
fn all_that_is_wrong_with_a_file_is_told_at_once() {
    let text = file(
        r##"<itemDefinition name="t"><typeRef>string</typeRef></itemDefinition>
<businessKnowledgeModel id="bkm" name="k"/>
<decisionService id="service"/>
<import namespace="x"/>
<inputData id="data" name="Data"/>
<decision id="data"><literalExpression><text>1</text></literalExpression></decision>
<decision/>
<decision id="none" colour="red"/>
<decision id="two"><literalExpression><text>1</text></literalExpression><literalExpression><text>2</text></literalExpression></decision>
<decision id="boxed"><context><contextEntry/></context></decision>
<decision id="called"><invocation/></decision>
<decision id="related"><relation/></decision>
<decision id="made"><functionDefinition/></decision>
<decision id="knows"><knowledgeRequirement><requiredKnowledge href="#bkm"/></knowledgeRequirement>
  <literalExpression><text>for x in y return x</text></literalExpression></decision>
<decision id="needs">
  <informationRequirement><requiredDecision href="#gone"/></informationRequirement>
  <informationRequirement><requiredInput href="#two"/></informationRequirement>
  <informationRequirement><requiredDecision href="other.dmn#two"/></informationRequirement>
  <informationRequirement/>
  <literalExpression expressionLanguage="javascript" typeRef="integer"><text>"x"</text><text>1</text></literalExpression>
</decision>
<decision id="texts">stray<literalExpression><text>1<b/></text><importedValues/></literalExpression></decision>
<decision id="noted"><extensionElements><x xmlns="urn:x"/></extensionElements>
  <literalExpression expressionLanguage="juel"><text>${a +}</text></literalExpression></decision>
<x xmlns="urn:x"/>"##,
    );
    expect![[r#"
        flaw: line 7: data: the id is already taken; give this one another [duplicate-id]
        flaw: line 2: file: itemDefinition is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 3: bkm: businessKnowledgeModel is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 4: service: decisionService is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 5: file: import is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 8: file: decision needs the attribute id [missing-attribute]
        flaw: line 8: a decision has one decisionTable or one literalExpression [one-logic]
        flaw: line 9: none: the attribute colour of decision is not understood; take it away [unknown-attribute]
        flaw: line 9: none: a decision has one decisionTable or one literalExpression [one-logic]
        flaw: line 10: two: a decision has one decisionTable or one literalExpression [one-logic]
        flaw: line 11: boxed: context is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 12: called: invocation is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 13: related: relation is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 14: made: functionDefinition is not supported; use decisions with a decisionTable or a literalExpression [unsupported-element]
        flaw: line 15: knows: knowledgeRequirement is not supported, for business knowledge models are not; write what it does into the decision [unsupported-element]
        flaw: line 16: knows: the literalExpression: for is not translated (at character 1) [invalid-expression]
        flaw: line 18: needs: there is no decision gone in this file [dangling-reference]
        flaw: line 19: needs: there is no inputData two in this file [dangling-reference]
        flaw: line 20: needs: other.dmn#two is not in this file; a requirement begins with # [dangling-reference]
        flaw: line 21: needs: informationRequirement has one requiredDecision or one requiredInput [one-requirement]
        flaw: line 22: needs: the language javascript is not supported; use feel or juel [unsupported-value]
        flaw: line 22: needs: literalExpression has one text; take the second away [one-text]
        flaw: line 22: needs: the result is a text, but its type is integer [wrong-type]
        flaw: line 24: texts: there is stray text in decision; take it away [stray-text]
        flaw: line 24: texts: importedValues in literalExpression is not understood; take it away [unknown-element]
        flaw: line 24: texts: b in literalExpression is not understood; take it away [unknown-element]
        flaw: line 25: noted: x in extensionElements is not understood; take it away [unknown-element]
        flaw: line 26: noted: the literalExpression: a value is expected here, not the end (at character 6) [invalid-expression]
        flaw: line 27: file: x in definitions is not understood; take it away [unknown-element]
    "#]].assert_eq(&decided(&text, "", ""));
}

#[test]
fn all_that_is_wrong_with_a_table_is_told_at_once() {
    let text = file(
        r##"<decision id="d"><decisionTable id="t" hitPolicy="OUTPUT ORDER" aggregation="SUM" preferredOrientation="Rule-as-Row">
<input id="i1"/>
<input id="i2"><inputExpression typeRef="number"><text>a b</text></inputExpression><inputValues><text>"x"</text></inputValues></input>
<input id="i3"><inputExpression><text></text></inputExpression><inputExpression/></input>
<output id="o1" name="same" typeRef="colour"/>
<output id="o2" name="same"><outputValues><text>[1..2], not</text></outputValues><defaultOutputEntry><text>1</text></defaultOutputEntry></output>
<rule id="r1"><inputEntry id="e1"><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>x > 1</text></inputEntry><inputEntry id="e3"><text>"a"</text></inputEntry>
<inputEntry expressionLanguage="juel" id="e4"><text>1</text></inputEntry><outputEntry><text>-</text></outputEntry><outputEntry><text>-</text></outputEntry></rule>
<rule id="r3" priority="1"><conclusion/></rule>
<column/>
</decisionTable></decision>
<decision id="p"><decisionTable id="q" hitPolicy="BEST" aggregation="MEDIAN"/></decision>
<decision id="s"><decisionTable id="t2" hitPolicy="COLLECT" aggregation="SUM">
<output id="o3" name="a" typeRef="number"><outputValues><text>1,2</text></outputValues></output><output id="o4" name="b"/>
<rule><outputEntry id="e5"><text>3</text></outputEntry><outputEntry/></rule>
<rule><outputEntry id="e6"><text>"3"</text></outputEntry><outputEntry/></rule></decisionTable></decision>"##,
    );
    expect![[r#"
        flaw: line 2: t: only COLLECT aggregates; take the aggregation SUM away [unsupported-value]
        flaw: line 2: t: OUTPUT ORDER needs outputValues, the best first [missing-values]
        flaw: line 3: i1: input 1 needs an inputExpression [missing-expression]
        flaw: line 4: t: the expression of input 2: the name a b has a blank in it; rename it (at character 1) [invalid-expression]
        flaw: line 4: t: the values of input 2: a text is compared with the type number [wrong-type]
        flaw: line 5: t: the expression of input 3: the expression is empty (at character 1) [invalid-expression]
        flaw: line 5: t: inputExpression in input is not understood; take it away [unknown-element]
        flaw: line 6: o1: the type colour is not supported; use string, boolean, number, integer, long, double or Any [unsupported-type]
        flaw: line 7: t: output values are single values, such as "a", "b" [unsupported-value]
        flaw: line 7: t: output values are single values, such as "a", "b" [unsupported-value]
        flaw: line 7: o2: of several outputs, each needs a name of its own [output-name]
        flaw: line 7: o2: OUTPUT ORDER gives a list and takes no default output [unsupported-element]
        flaw: line 8: r1: rule 1 has 1 input and 1 output entries, but the table has 3 and 2 [entry-count]
        flaw: line 9: e2: rule 2, input 1: a test compares the input itself; begin it with the comparison (at character 3) [invalid-expression]
        flaw: line 9: e3: rule 2, input 2: a text is compared with the type number [wrong-type]
        flaw: line 10: e4: rule 2, input 3: unary tests are written in feel, not in juel [unsupported-value]
        flaw: line 10: t: rule 2, output 1: a value is expected here, not the end (at character 2) [invalid-expression]
        flaw: line 10: t: rule 2, output 2: a value is expected here, not the end (at character 2) [invalid-expression]
        flaw: line 11: t: the attribute priority of rule is not understood; take it away [unknown-attribute]
        flaw: line 11: t: conclusion in rule is not understood; take it away [unknown-element]
        flaw: line 11: r3: rule 3 has 0 input and 0 output entries, but the table has 3 and 2 [entry-count]
        flaw: line 12: t: column in decisionTable is not understood; take it away [unknown-element]
        flaw: line 14: q: the hit policy BEST is not known; use one of UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER, OUTPUT ORDER [unsupported-value]
        flaw: line 14: q: the aggregation MEDIAN is not known; use one of SUM, COUNT, MIN, MAX [unsupported-value]
        flaw: line 14: q: a decision table needs an output; add one [missing-output]
        flaw: line 15: t2: the aggregation SUM takes one output, not several [unsupported-value]
        flaw: line 17: e5: rule 1: the output a is 3, which is none of its output values [wrong-type]
        flaw: line 18: e6: rule 2: the output a is a text, but its type is number [wrong-type]
    "#]].assert_eq(&decided(&text, "", ""));
}

/// A decision that requires others and adds them up.
fn requiring(id: &str, required: &[&str]) -> String {
    let requirement = |id: &&str| {
        format!(
            "<informationRequirement><requiredDecision href=\"#{id}\"/></informationRequirement>"
        )
    };
    let requirements: String = required.iter().map(requirement).collect();
    let sum: String = required.iter().map(|id| format!(" + {id}")).collect();
    format!(
        "<decision id=\"{id}\">{requirements}<literalExpression><text>1{sum}</text>\
         </literalExpression></decision>\n"
    )
}

#[test]
fn decisions_do_not_require_each_other_in_a_circle() {
    let texts = [
        requiring("a", &["a"]),
        requiring("a", &["b"]) + &requiring("b", &["a"]),
        requiring("end", &["a"])
            + &requiring("a", &["b"])
            + &requiring("b", &["c"])
            + &requiring("c", &["free", "a"])
            + &requiring("free", &[]),
    ];
    let actual: String = texts.iter().map(|text| decided(&file(text), "", "")).collect();
    expect![[r#"
        flaw: line 2: a: decisions require each other in a circle: a; take one requirement away [requirement-circle]
        flaw: line 2: a: decisions require each other in a circle: a, b; take one requirement away [requirement-circle]
        flaw: line 3: a: decisions require each other in a circle: a, b, c; take one requirement away [requirement-circle]
    "#]].assert_eq(&actual);
    let same = "<decision id=\"x\" name=\"n\"><literalExpression><text>1</text></literalExpression></decision>";
    let same = format!("{same}{}{}", same.replace("\"x\"", "\"y\""), requiring("z", &["x", "y"]));
    expect![[r#"
        flaw: line 2: z: two required decisions are called n [ambiguous-name]
    "#]]
    .assert_eq(&decided(&file(&same), "z", "{}"));
}

#[test]
fn a_decision_that_many_ways_lead_to_is_made_once() {
    let mut text = requiring("d0", &[]);
    for n in 1..60 {
        let before = [format!("d{}", n - 1), format!("d{}", (n - 1) / 2)];
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let before = if before[0] == before[1] { &before[..1] } else { &before[..] };
        text += &requiring(&format!("d{n}"), before);
    }
    expect![[r#"
        {}  =>  16650
    "#]]
    .assert_eq(&decided(&file(&text), "d59", "{}"));
}

#[test]
fn hostile_decisions_are_refused() {
    let literal = |text: &str| {
        let text = escaped(text);
        file(&format!(
            "<decision id=\"d\"><literalExpression><text>{text}</text></literalExpression></decision>"
        ))
    };
    let columns = |times: usize| "in x\n".repeat(times) + "out y";
    let chain: String =
        (1..600).map(|n| requiring(&format!("d{n}"), &[&format!("d{}", n - 1)])).collect();
    let texts = [
        ("entities", "<!DOCTYPE x [<!ENTITY a \"b\">]><definitions/>".to_owned()),
        ("deep", "<a>".repeat(1000)),
        ("not closed", file("<decision id=\"d\">")),
        ("empty", String::new()),
        ("nothing", file("")),
        ("deep expression", literal(&"(".repeat(4000))),
        ("long expression", literal(&"a and ".repeat(4000))),
        ("long id", file(&requiring(&"x".repeat(300), &[]))),
        ("decisions", file(&(requiring("d0", &[]) + &chain))),
        ("columns", sheet("", &columns(100), "")),
        ("rules", sheet("", "out y", &"=> 1\n".repeat(10_001))),
        ("tests", sheet("", "in x\nout y", &format!("{} => 1", ["1"; 4000].join(",")))),
        ("more tests", sheet("", "in x\nout y", &format!("{} => 1", ["1"; 5000].join(",")))),
        ("right to left", file("<decision id=\"\u{202e}d\"/>")),
    ];
    let before = std::time::Instant::now();
    let mut actual = String::new();
    for (name, text) in texts {
        let told = decided(&text, "d", "{\"x\": 1}");
        let first: String = told.lines().next().unwrap_or_default().chars().take(120).collect();
        actual += &format!("{name}: {first} (of {})\n", told.lines().count());
    }
    assert!(before.elapsed().as_secs() < 60, "a hostile file takes too long");
    expect![[r#"
        entities: flaw: line 1: a document type is not allowed; take DOCTYPE away [doctype] (of 1)
        deep: flaw: line 1: elements are nested deeper than 64 [too-deep] (of 1)
        not closed: flaw: line 3: ill-formed document: expected `</decision>`, but `</definitions>` was found [not-xml] (of 1)
        empty: flaw: line 1: there is no element in the text [not-xml] (of 1)
        nothing: flaw: line 1: the file has no decision; add one [no-decision] (of 1)
        deep expression: flaw: line 2: d: the literalExpression: the expression is nested too deeply (at character 49) [invalid-expression] (of 1)
        long expression: flaw: line 2: d: the literalExpression: the expression is longer than 8192 bytes (at character 1) [invalid-expression] (of 1)
        long id: flaw: line 2: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: the id is longer than 200 bytes [invalid-id (of 1)
        decisions: flaw: line 1: the file has more than 500 decisions; split it up [too-large] (of 1)
        columns: flaw: line 2: d: a table has at most 10000 rules and 100 inputs and outputs; split it up [too-large] (of 1)
        rules: flaw: line 2: d: a table has at most 10000 rules and 100 inputs and outputs; split it up [too-large] (of 1)
        tests: {"x": 1}  =>  1 (of 1)
        more tests: flaw: line 5: d: rule 1, input 1: the expression is longer than 8192 bytes (at character 1) [invalid-expression] (of 1)
        right to left: flaw: line 2: �d: a decision has one decisionTable or one literalExpression [one-logic] (of 1)
    "#]].assert_eq(&actual);
}

#[test]
fn what_a_decision_costs_and_gives_is_bounded() {
    let big = format!(
        "{{\"big\": \"{0}\", \"same\": \"{0}\", \"list\": [{1}], \"x\": 1}}",
        "x".repeat(900_000),
        ["1"; 30_000].join(",")
    );
    let rule = |times: usize, rule: &str| format!("{rule}\n").repeat(times);
    let results: String = (0..12)
        .map(|n| format!("<decision id=\"d{n}\"><literalExpression><text>big</text></literalExpression></decision>"))
        .collect();
    let all: Vec<String> = (0..12).map(|n| format!("d{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let texts = [
        (
            "many rules",
            sheet(
                "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
                "in x\nout y",
                &rule(10_000, "[0..1], 5 => 1"),
            ),
        ),
        ("equal texts", sheet("hitPolicy=\"COLLECT\"", "in big\nout y", &rule(9000, "same => 1"))),
        ("items", sheet("hitPolicy=\"COLLECT\"", "in x\nout y", &rule(9000, "list => 1"))),
        ("expressions", sheet("", "in x\nout y", &rule(9000, "count(list) => 1"))),
        ("results", sheet("hitPolicy=\"COLLECT\"", "in x\nout y", &rule(9000, "- => big"))),
        ("required", file(&(results + &requiring("d", &all)))),
        ("one result", sheet("", "in x\nout y", "1 => string length(big)")),
    ];
    let before = std::time::Instant::now();
    let mut actual = String::new();
    for (name, text) in texts {
        let told = decided(&text, "d", &big);
        let told = told.rsplit("=>").next().unwrap_or_default().trim();
        actual += &format!("{name}: {}\n", told.chars().take(120).collect::<String>());
    }
    assert!(before.elapsed().as_secs() < 60, "a decision takes too long");
    expect![[r#"
        many rules: 10000
        equal texts: error: rule 142: the decision takes too many steps (in the decision d)
        items: error: rule 533: the decision takes too many steps (in the decision d)
        expressions: error: rule 533: the expression takes too many steps (at character 3 of ${list == null ? null : list.size()})
        results: error: the result is too large (in the decision d)
        required: error: the results become too large (in the decision d9)
        one result: 900000
    "#]].assert_eq(&actual);
}

#[test]
fn damaged_decisions_never_panic() {
    let variables = crate::expressions::variables();
    let mut dice = Dice(0x5eed_0003);
    let (mut sound, mut refused) = (0, 0);
    for _ in 0..2000 {
        let mut text = damaged(include_str!("dish.dmn"), &mut dice);
        for _ in 0..dice.roll(3) {
            text = damaged(&text, &mut dice);
        }
        match read_decisions(&text) {
            Ok(decisions) => {
                sound += 1;
                for decision in decisions.iter() {
                    let _ = decision.evaluate(&variables);
                }
            }
            Err(flaws) => {
                assert!(!flaws.is_empty(), "refused without a reason:\n{text}");
                refused += 1;
            }
        }
    }
    assert!(sound > 50 && refused > 1000, "{sound} sound, {refused} refused");
}
