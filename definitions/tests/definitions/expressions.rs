//! Expressions: what they give, and what they answer to nonsense.

use definitions::{Expression, Scope};
use expect_test::{Expect, expect};
use serde_json::{Map, Value, json};

pub(crate) struct Variables {
    pub(crate) process: Map<String, Value>,
    local: Map<String, Value>,
}

impl Scope for Variables {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.local.get(name).or_else(|| self.process.get(name))
    }
    fn local(&self, name: &str) -> Option<&Value> {
        self.local.get(name)
    }
}

pub(crate) fn variables() -> Variables {
    let process = json!({
        "a": 7, "b": 2, "half": 0.5, "text": "Straße", "digits": "12", "blank": "", "nothing": null,
        "yes": true, "no": false, "list": [1, "two", [3]], "map": {"key": "value", "deep": {"er": 1}},
        "shadowed": "process", "_decision": "PASS", "huge": 18_446_744_073_709_551_615_u64,
        "_checks": {"face1": {"status": "FAIL", "attempts": 2}},
    });
    let local = json!({"shadowed": "local", "photoConfirmed": true});
    let map = |value: Value| serde_json::from_value(value).unwrap_or_default();
    Variables { process: map(process), local: map(local) }
}

/// The value as JSON, or the reason why there is none.
pub(crate) fn outcome(text: &str) -> String {
    let inside = format!("${{{text}}}");
    match Expression::parse(&inside) {
        Err(flaw) => format!("flaw: {flaw}"),
        Ok(expression) => match expression.evaluate(&variables()) {
            Err(error) => format!("error: {} (at {})", error.message, error.position),
            Ok(value) => value.to_string(),
        },
    }
}

/// Each line is an expression; the expectation has it with its outcome.
fn table(lines: &str, expected: Expect) {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let actual: String = lines.map(|line| format!("{line}  =>  {}\n", outcome(line))).collect();
    expected.assert_eq(&actual);
}

#[test]
fn literals_stand_for_themselves() {
    let lines = r#"
        1
        1.50
        1e3
        .5
        18446744073709551615
        18446744073709551616
        1e999
        "double \" \\ \n"
        'single \' "'
        true
        false
        null
        "}"
        1x
        "open
    "#;
    table(
        lines,
        expect![[r#"
        1  =>  1
        1.50  =>  1.5
        1e3  =>  1000.0
        .5  =>  0.5
        18446744073709551615  =>  18446744073709551615
        18446744073709551616  =>  flaw: the number is too large (at character 3)
        1e999  =>  flaw: the number is too large (at character 3)
        "double \" \\ \n"  =>  "double \" \\ \\n"
        'single \' "'  =>  "single ' \""
        true  =>  true
        false  =>  false
        null  =>  null
        "}"  =>  "}"
        1x  =>  flaw: a name cannot begin with a digit (at character 3)
        "open  =>  flaw: a text in the expression that begins here has no closing quote (at character 1)
    "#]],
    );
}

#[test]
fn variables_are_found_and_paths_are_walked() {
    let lines = r#"
        a
        shadowed
        missing
        map.key
        map["key"]
        map['deep'].er
        map.missing
        map.missing.further["x"].still
        nothing.anything
        list[0]
        list["1"]
        list[2][0]
        list[9]
        list[-1]
        list[0.5]
        list.size
        list.size()
        text.length
        a.b
        map[1]
        map[missing]
        _checks.face1.attempts < 3
    "#;
    table(
        lines,
        expect![[r#"
        a  =>  7
        shadowed  =>  "local"
        missing  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at 3)
        map.key  =>  "value"
        map["key"]  =>  "value"
        map['deep'].er  =>  1
        map.missing  =>  null
        map.missing.further["x"].still  =>  null
        nothing.anything  =>  null
        list[0]  =>  1
        list["1"]  =>  "two"
        list[2][0]  =>  3
        list[9]  =>  null
        list[-1]  =>  null
        list[0.5]  =>  error: an item of a list has a whole number, not 0.5 (at 7)
        list.size  =>  error: an item of a list has a whole number, not "size" (at 8)
        list.size()  =>  3
        text.length  =>  error: a text has no property "length" (at 8)
        a.b  =>  error: a number has no property "b" (at 5)
        map[1]  =>  null
        map[missing]  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at 7)
        _checks.face1.attempts < 3  =>  true
    "#]],
    );
}

#[test]
fn equality_coerces() {
    let lines = r#"
        a == 7
        a == 7.0
        a == "7"
        a eq "x"
        digits == 12
        digits != 12
        blank == 0
        text == 'Straße'
        text ne "x"
        nothing == null
        nothing == 0
        nothing == ""
        null != 0
        yes == "TRUE"
        yes == "yes"
        yes == true
        yes == 1
        list == list
        map == map
        list == "[1,\"two\",[3]]"
        map == list
        huge == 18446744073709551615
        huge == huge - 1
    "#;
    table(
        lines,
        expect![[r#"
            a == 7  =>  true
            a == 7.0  =>  true
            a == "7"  =>  true
            a eq "x"  =>  error: the text "x" is not a number (at 5)
            digits == 12  =>  true
            digits != 12  =>  false
            blank == 0  =>  true
            text == 'Straße'  =>  true
            text ne "x"  =>  true
            nothing == null  =>  true
            nothing == 0  =>  false
            nothing == ""  =>  false
            null != 0  =>  true
            yes == "TRUE"  =>  true
            yes == "yes"  =>  false
            yes == true  =>  true
            yes == 1  =>  error: a truth value is not a number (at 7)
            list == list  =>  true
            map == map  =>  true
            list == "[1,\"two\",[3]]"  =>  true
            map == list  =>  false
            huge == 18446744073709551615  =>  true
            huge == huge - 1  =>  false
        "#]],
    );
}

#[test]
fn order_coerces() {
    let lines = r#"
        a > b
        a lt b
        digits > 9
        "10" < "9"
        10 < 9.5
        text > ""
        blank > ""
        map.key > ""
        map.missing > ""
        nothing > ""
        nothing < 1
        nothing <= null
        nothing >= 0
        a >= 7
        a le 7
        yes > ""
        map > ""
        list > ""
        a > ""
        yes > no
        list < map
        a < "x"
        1 ge 1
        1 gt 1
    "#;
    table(
        lines,
        expect![[r#"
            a > b  =>  true
            a lt b  =>  false
            digits > 9  =>  true
            "10" < "9"  =>  true
            10 < 9.5  =>  false
            text > ""  =>  true
            blank > ""  =>  false
            map.key > ""  =>  true
            map.missing > ""  =>  false
            nothing > ""  =>  false
            nothing < 1  =>  false
            nothing <= null  =>  true
            nothing >= 0  =>  false
            a >= 7  =>  true
            a le 7  =>  true
            yes > ""  =>  true
            map > ""  =>  true
            list > ""  =>  true
            a > ""  =>  true
            yes > no  =>  error: a truth value and a truth value have no order (at 7)
            list < map  =>  error: a list and a map have no order (at 8)
            a < "x"  =>  error: the text "x" is not a number (at 5)
            1 ge 1  =>  true
            1 gt 1  =>  false
        "#]],
    );
}

#[test]
fn numbers_are_calculated() {
    let lines = r#"
        a + b * 2
        (a + b) * 2
        a - b - 1
        a / b
        a div 2
        8 / 4
        a % b
        a mod 2
        -a
        --a
        - digits
        a + half
        digits + 1
        nothing + 1
        blank + 1
        1.5 % 1
        "a" + "b"
        text * 2
        yes + 1
        list + 1
        a / 0
        a % 0
        1 / 0.0
        a % null
        huge + 1
        huge * huge * huge
        -9223372036854775807 - 1
        -9223372036854775807 - 2
        1e308 * 10
        0.1 + 0.2
    "#;
    table(
        lines,
        expect![[r#"
            a + b * 2  =>  11
            (a + b) * 2  =>  18
            a - b - 1  =>  4
            a / b  =>  3.5
            a div 2  =>  3.5
            8 / 4  =>  2.0
            a % b  =>  1
            a mod 2  =>  1
            -a  =>  -7
            --a  =>  7
            - digits  =>  -12
            a + half  =>  7.5
            digits + 1  =>  13
            nothing + 1  =>  1
            blank + 1  =>  1
            1.5 % 1  =>  0.5
            "a" + "b"  =>  flaw: the text "a" is not a number; + adds numbers, += joins texts (at character 7)
            text * 2  =>  error: the text "Straße" is not a number (at 8)
            yes + 1  =>  error: a truth value is not a number; + adds numbers, += joins texts (at 7)
            list + 1  =>  error: a list is not a number; + adds numbers, += joins texts (at 8)
            a / 0  =>  error: division by zero (at 5)
            a % 0  =>  error: division by zero (at 5)
            1 / 0.0  =>  flaw: division by zero (at character 5)
            a % null  =>  error: division by zero (at 5)
            huge + 1  =>  error: the number is too large (at 8)
            huge * huge * huge  =>  error: the number is too large (at 8)
            -9223372036854775807 - 1  =>  -9223372036854775808
            -9223372036854775807 - 2  =>  flaw: the number is too large (at character 24)
            1e308 * 10  =>  flaw: the number is too large (at character 9)
            0.1 + 0.2  =>  0.30000000000000004
        "#]],
    );
}

#[test]
fn texts_are_joined() {
    let lines = r#"
        "a" += "b"
        text += 1 + 1 += "."
        a += b
        yes += nothing += half
        "list: " += list
        "x" += "y" == "xy" && yes
        "x" += (a > 1 ? "y" : "z")
        "x" += missing
        "a" +=
        +="a"
        text.concat("n")
        text.concat(1)
        a.concat("x")
        a.plus(b)
        text.plus("n")
        text.plus(1)
        nothing.plus(1)
    "#;
    table(
        lines,
        expect![[r#"
        "a" += "b"  =>  "ab"
        text += 1 + 1 += "."  =>  "Straße2."
        a += b  =>  "72"
        yes += nothing += half  =>  "true0.5"
        "list: " += list  =>  "list: [1,\"two\",[3]]"
        "x" += "y" == "xy" && yes  =>  true
        "x" += (a > 1 ? "y" : "z")  =>  "xy"
        "x" += missing  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at 10)
        "a" +=  =>  flaw: a value is expected here, not the end (at character 9)
        +="a"  =>  flaw: a value is expected here, not "+=" (at character 3)
        text.concat("n")  =>  "Straßen"
        text.concat(1)  =>  "Straße1"
        a.concat("x")  =>  error: a number has no method concat() (at 5)
        a.plus(b)  =>  9
        text.plus("n")  =>  "Straßen"
        text.plus(1)  =>  error: plus() adds two numbers or joins two texts, not a text and a number (at 8)
        nothing.plus(1)  =>  error: null has no method plus(); test it with != null first (at 11)
    "#]],
    );
}

#[test]
fn lists_are_written_between_brackets() {
    let lines = r#"
        []
        [1, "two", [nothing, yes]]
        [a, b][1]
        [a, b].contains(7.0)
        ["x", nothing, 3].join(", ")
        list.join("-")
        [].join("-")
        empty []
        [1
        [1,]
        [,]
        text.join("-")
    "#;
    table(
        lines,
        expect![[r#"
        []  =>  []
        [1, "two", [nothing, yes]]  =>  [1,"two",[null,true]]
        [a, b][1]  =>  2
        [a, b].contains(7.0)  =>  true
        ["x", nothing, 3].join(", ")  =>  "x, 3"
        list.join("-")  =>  "1-two-[3]"
        [].join("-")  =>  ""
        empty []  =>  true
        [1  =>  flaw: ] is expected here, not the end (at character 5)
        [1,]  =>  flaw: a value is expected here, not "]" (at character 6)
        [,]  =>  flaw: a value is expected here, not "," (at character 4)
        text.join("-")  =>  error: a text has no method join() (at 8)
    "#]],
    );
}

#[test]
fn truths_are_combined() {
    let lines = r#"
        yes && no
        yes and not no
        yes || missing
        no && missing
        no || missing
        !yes
        !nothing
        not empty
        not empty text
        empty list
        empty map.missing
        empty 0
        !"true"
        yes ? "a" : missing
        no ? missing : no ? 1 : 2
        nothing ? 1 : 2
        a ? 1 : 2
        list && yes
        no || no || yes && a == 7
        a == 7 == true
        yes ? no ? 1 : 2 : 3
    "#;
    table(
        lines,
        expect![[r#"
        yes && no  =>  false
        yes and not no  =>  true
        yes || missing  =>  true
        no && missing  =>  false
        no || missing  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at 9)
        !yes  =>  false
        !nothing  =>  true
        not empty  =>  flaw: a value is expected here, not the end (at character 12)
        not empty text  =>  true
        empty list  =>  false
        empty map.missing  =>  true
        empty 0  =>  false
        !"true"  =>  false
        yes ? "a" : missing  =>  "a"
        no ? missing : no ? 1 : 2  =>  2
        nothing ? 1 : 2  =>  2
        a ? 1 : 2  =>  error: a number is neither true nor false (at 5)
        list && yes  =>  error: a list is neither true nor false (at 8)
        no || no || yes && a == 7  =>  true
        a == 7 == true  =>  true
        yes ? no ? 1 : 2 : 3  =>  2
    "#]],
    );
}

#[test]
fn methods_are_known_and_few() {
    let lines = r#"
        _decision.equals("PASS")
        "REVIEW".equals(_decision)
        a.equals(7)
        a.equals("7")
        map.missing.equals("x")
        text.contains("raß")
        list.contains("two")
        list.contains("three")
        text.startsWith("Str")
        text.endsWith('ße')
        text.length()
        list.size()
        map.size()
        list.isEmpty()
        blank.isEmpty()
        (empty map).isEmpty()
        text.toUpperCase()
        text.toLowerCase()
        "  x ".trim()
        a.toString()
        map.containsKey("key")
        map.get("key")
        map.get("no")
        list.get(1)
        list.get(7)
        text.equalsIgnoreCase("STRASSE")
        text.getClass()
        text.contains()
        text.contains("a", "b")
        a.startsWith("7")
        contains("a")
        Runtime.exec("ls")
    "#;
    table(
        lines,
        expect![[r#"
            _decision.equals("PASS")  =>  true
            "REVIEW".equals(_decision)  =>  false
            a.equals(7)  =>  true
            a.equals("7")  =>  false
            map.missing.equals("x")  =>  error: null has no method equals(); test it with != null first (at 15)
            text.contains("raß")  =>  true
            list.contains("two")  =>  true
            list.contains("three")  =>  false
            text.startsWith("Str")  =>  true
            text.endsWith('ße')  =>  true
            text.length()  =>  6
            list.size()  =>  3
            map.size()  =>  2
            list.isEmpty()  =>  false
            blank.isEmpty()  =>  true
            (empty map).isEmpty()  =>  error: a truth value has no method isEmpty() (at 15)
            text.toUpperCase()  =>  "STRASSE"
            text.toLowerCase()  =>  "straße"
            "  x ".trim()  =>  "x"
            a.toString()  =>  "7"
            map.containsKey("key")  =>  true
            map.get("key")  =>  "value"
            map.get("no")  =>  null
            list.get(1)  =>  "two"
            list.get(7)  =>  error: the list has no item 7 (at 8)
            text.equalsIgnoreCase("STRASSE")  =>  false
            text.getClass()  =>  flaw: there is no method getClass(); known are equals, equalsIgnoreCase, contains, containsKey, startsWith, endsWith, isEmpty, size, length, get, toLowerCase, toUpperCase, trim, toString, concat, join, plus (at character 8)
            text.contains()  =>  flaw: contains() takes one argument, not 0 (at character 8)
            text.contains("a", "b")  =>  flaw: contains() takes one argument, not 2 (at character 8)
            a.startsWith("7")  =>  error: a number has no method startsWith() (at 5)
            contains("a")  =>  flaw: "(" is not expected here (at character 11)
            Runtime.exec("ls")  =>  flaw: there is no method exec(); known are equals, equalsIgnoreCase, contains, containsKey, startsWith, endsWith, isEmpty, size, length, get, toLowerCase, toUpperCase, trim, toString, concat, join, plus (at character 11)
        "#]],
    );
}

#[test]
fn the_execution_tells_what_there_is() {
    let lines = r#"
        execution.hasVariable("a")
        execution.hasVariable("missing")
        execution.hasVariable("shadowed") && execution.hasVariableLocal("shadowed")
        execution.hasVariableLocal("a")
        execution.getVariable("a") + 1
        execution.getVariable("missing")
        execution.getVariableLocal("a")
        execution.getVariable("map").deep.er
        execution.hasVariable("missing") ? missing : false
        execution.hasVariableLocal("photoConfirmed") ? execution.getVariableLocal("photoConfirmed"): false
        execution
        execution.id
        execution.setVariable("a", 1)
        execution.hasVariable()
        execution.hasVariable("a", "b")
        execution.hasVariable(1)
        execution["hasVariable"]("a")
    "#;
    table(
        lines,
        expect![[r#"
        execution.hasVariable("a")  =>  true
        execution.hasVariable("missing")  =>  false
        execution.hasVariable("shadowed") && execution.hasVariableLocal("shadowed")  =>  true
        execution.hasVariableLocal("a")  =>  false
        execution.getVariable("a") + 1  =>  8
        execution.getVariable("missing")  =>  null
        execution.getVariableLocal("a")  =>  null
        execution.getVariable("map").deep.er  =>  1
        execution.hasVariable("missing") ? missing : false  =>  false
        execution.hasVariableLocal("photoConfirmed") ? execution.getVariableLocal("photoConfirmed"): false  =>  true
        execution  =>  flaw: execution knows hasVariable(name), hasVariableLocal(name), getVariable(name) and getVariableLocal(name) (at character 12)
        execution.id  =>  flaw: execution knows hasVariable(name), hasVariableLocal(name), getVariable(name) and getVariableLocal(name) (at character 13)
        execution.setVariable("a", 1)  =>  flaw: execution knows hasVariable(name), hasVariableLocal(name), getVariable(name) and getVariableLocal(name) (at character 13)
        execution.hasVariable()  =>  flaw: it takes one argument, the name of a variable (at character 13)
        execution.hasVariable("a", "b")  =>  flaw: it takes one argument, the name of a variable (at character 13)
        execution.hasVariable(1)  =>  error: the name of a variable is a text (at 3)
        execution["hasVariable"]("a")  =>  flaw: execution knows hasVariable(name), hasVariableLocal(name), getVariable(name) and getVariableLocal(name) (at character 12)
    "#]],
    );
}

#[test]
fn nonsense_is_told_where_it_stands() {
    let lines = r#"
        a = 7
        a & b
        a | b
        a +
        + a
        a b
        (a
        a)
        a[1
        a..b
        a.1
        .a
        a ? b
        a ? : b
        a : b
        #a
        a; b
        {"a": 1}
        [1 2]
        x -> 1
        a instanceof b
        empty
        not
        and
        @
        "a" 'b'
        1 2
        a === b
        a <> b
        !
        ()
    "#;
    table(
        lines,
        expect![[r#"
            a = 7  =>  flaw: a single = compares nothing; write == (at character 5)
            a & b  =>  flaw: a single & means nothing; write && (at character 5)
            a | b  =>  flaw: a single | means nothing; write || (at character 5)
            a +  =>  flaw: a value is expected here, not the end (at character 6)
            + a  =>  flaw: a value is expected here, not "+" (at character 3)
            a b  =>  flaw: "b" is not expected here (at character 5)
            (a  =>  flaw: ) is expected here, not the end (at character 5)
            a)  =>  flaw: ")" is not expected here (at character 4)
            a[1  =>  flaw: ] is expected here, not the end (at character 6)
            a..b  =>  flaw: a name is expected here, not "." (at character 5)
            a.1  =>  flaw: a number is not expected here (at character 4)
            .a  =>  flaw: a value is expected here, not "." (at character 3)
            a ? b  =>  flaw: : is expected here, not the end (at character 8)
            a ? : b  =>  flaw: a value is expected here, not ":" (at character 7)
            a : b  =>  flaw: ":" is not expected here (at character 5)
            #a  =>  flaw: the character '#' means nothing here (at character 3)
            a; b  =>  flaw: the character ';' means nothing here (at character 4)
            {"a": 1}  =>  flaw: nothing may follow the closing } (at character 11)
            [1 2]  =>  flaw: ] is expected here, not a number (at character 6)
            x -> 1  =>  flaw: a value is expected here, not ">" (at character 6)
            a instanceof b  =>  flaw: "instanceof" is not expected here (at character 5)
            empty  =>  flaw: a value is expected here, not the end (at character 8)
            not  =>  flaw: a value is expected here, not the end (at character 6)
            and  =>  flaw: a value is expected here, not "&&" (at character 3)
            @  =>  flaw: the character '@' means nothing here (at character 3)
            "a" 'b'  =>  flaw: a text is not expected here (at character 7)
            1 2  =>  flaw: a number is not expected here (at character 5)
            a === b  =>  flaw: a single = compares nothing; write == (at character 7)
            a <> b  =>  flaw: a value is expected here, not ">" (at character 6)
            !  =>  flaw: a value is expected here, not the end (at character 4)
            ()  =>  flaw: a value is expected here, not ")" (at character 4)
        "#]],
    );
}

#[test]
fn braces_are_part_of_an_expression() {
    let texts = [
        "${a}",
        "  ${a} \n ",
        "${ a }",
        "a",
        "${a",
        "a}",
        "${}",
        "${ }",
        "",
        "${a}${b}",
        "${a} x",
        "x ${a}",
        "${'}'}",
        "${'${'}",
        "${\"\\\"}\"}",
        "#{a}",
        "$ {a}",
        "${a}}",
        "💥 ${a +}",
        "  ${a @ b}",
    ];
    let mut actual = String::new();
    for text in texts {
        let outcome = match Expression::parse(text) {
            Ok(expression) => expression.source().to_owned(),
            Err(flaw) => format!("flaw: {flaw}"),
        };
        actual.push_str(&format!("{text:?}  =>  {outcome}\n"));
    }
    expect![[r##"
        "${a}"  =>  ${a}
        "  ${a} \n "  =>  ${a}
        "${ a }"  =>  ${a}
        "a"  =>  flaw: an expression is written between ${ and } (at character 1)
        "${a"  =>  flaw: the expression that begins here has no closing } (at character 1)
        "a}"  =>  flaw: an expression is written between ${ and } (at character 1)
        "${}"  =>  flaw: the expression is empty (at character 3)
        "${ }"  =>  flaw: the expression is empty (at character 4)
        ""  =>  flaw: an expression is written between ${ and } (at character 1)
        "${a}${b}"  =>  flaw: nothing may follow the closing } (at character 5)
        "${a} x"  =>  flaw: nothing may follow the closing } (at character 5)
        "x ${a}"  =>  flaw: an expression is written between ${ and } (at character 1)
        "${'}'}"  =>  ${'}'}
        "${'${'}"  =>  ${'${'}
        "${\"\\\"}\"}"  =>  ${"\"}"}
        "#{a}"  =>  flaw: an expression is written between ${ and } (at character 1)
        "$ {a}"  =>  flaw: an expression is written between ${ and } (at character 1)
        "${a}}"  =>  flaw: nothing may follow the closing } (at character 5)
        "💥 ${a +}"  =>  flaw: an expression is written between ${ and } (at character 1)
        "  ${a @ b}"  =>  flaw: the character '@' means nothing here (at character 7)
    "##]]
    .assert_eq(&actual);
}

#[test]
fn a_condition_is_true_or_false_and_nothing_else() {
    let texts = ["${yes}", "${no}", "${nothing}", "${a}", "${'true'}", "${missing}", "${list}"];
    let mut actual = String::new();
    for text in texts {
        let outcome = match Expression::parse(text).unwrap().evaluate_condition(&variables()) {
            Ok(truth) => truth.to_string(),
            Err(error) => error.to_string(),
        };
        actual.push_str(&format!("{text}  =>  {outcome}\n"));
    }
    expect![[r#"
        ${yes}  =>  true
        ${no}  =>  false
        ${nothing}  =>  a condition is true or false, but this is null (at character 3 of ${nothing})
        ${a}  =>  a condition is true or false, but this is a number (at character 3 of ${a})
        ${'true'}  =>  a condition is true or false, but this is a text (at character 3 of ${'true'})
        ${missing}  =>  there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
        ${list}  =>  a condition is true or false, but this is a list (at character 3 of ${list})
    "#]].assert_eq(&actual);
}
