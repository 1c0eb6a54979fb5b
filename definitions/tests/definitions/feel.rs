//! FEEL: what its translation looks like and gives, and what is refused by name.

use crate::expressions::variables;
use crate::hostile::{Dice, damaged};
use definitions::{Expression, Template};
use expect_test::{Expect, expect};

/// The translation with its value, or the reason why there is none.
fn outcome(feel: &str) -> String {
    match Expression::from_feel(feel) {
        Err(flaw) => format!("flaw: {flaw}"),
        Ok(expression) => match expression.evaluate(&variables()) {
            Err(error) => format!("{expression}  =>  error: {}", error.message),
            Ok(value) => format!("{expression}  =>  {value}"),
        },
    }
}

/// Each line is FEEL; the expectation has it with its translation and its value.
pub(crate) fn table(lines: &str, expected: Expect) {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let actual: String = lines.map(|line| format!("{line}  =>  {}\n", outcome(line))).collect();
    expected.assert_eq(&actual);
}

#[test]
fn literals_keep_their_value() {
    let lines = r#"
        1
        1.50
        .5
        -3
        007
        18446744073709551615
        18446744073709551616
        "a text"
        "quote \" slash \\ apostrophe \' it's"
        "line\nbreak\ttab"
        "\u00e9\U01F40E\uD83D\uDC0E"
        "} ${a}"
        "half \uD83D"
        "\x"
        "open
        'single'
        true
        false
        null
        1e3
        1x
    "#;
    table(
        lines,
        expect![[r#"
        1  =>  ${1}  =>  1
        1.50  =>  ${1.50}  =>  1.5
        .5  =>  ${.5}  =>  0.5
        -3  =>  ${-3}  =>  -3
        007  =>  ${007}  =>  7
        18446744073709551615  =>  ${18446744073709551615}  =>  18446744073709551615
        18446744073709551616  =>  flaw: the number is too large (at character 1)
        "a text"  =>  ${"a text"}  =>  "a text"
        "quote \" slash \\ apostrophe \' it's"  =>  ${"quote \" slash \\ apostrophe ' it's"}  =>  "quote \" slash \\ apostrophe ' it's"
        "line\nbreak\ttab"  =>  ${"line
        break	tab"}  =>  "line\nbreak\ttab"
        "\u00e9\U01F40E\uD83D\uDC0E"  =>  ${"é🐎🐎"}  =>  "é🐎🐎"
        "} ${a}"  =>  ${"} ${a}"}  =>  "} ${a}"
        "half \uD83D"  =>  flaw: the text has half a character, \uD800 to \uDFFF (at character 13)
        "\x"  =>  flaw: after a \ FEEL knows only \" \' \\ \n \r \t \u0000 and \U000000 (at character 2)
        "open  =>  flaw: the text that begins here has no closing quote (at character 1)
        'single'  =>  flaw: a text stands between " and ", not between ' (at character 1)
        true  =>  ${true}  =>  true
        false  =>  ${false}  =>  false
        null  =>  ${null}  =>  null
        1e3  =>  flaw: a name cannot begin with a digit (at character 1)
        1x  =>  flaw: a name cannot begin with a digit (at character 1)
    "#]],
    );
}

#[test]
fn names_and_paths_are_walked_and_lists_are_counted_from_one() {
    let lines = r#"
        a
        map.key
        map.deep.er
        map.missing.further
        list[1]
        list[3][1]
        list[9]
        list[0]
        list[-1]
        list[a]
        list[item > 1]
        list[1.5]
        missing
        empty
        map.and
        map.eq
        map.empty
        _checks.face1.attempts
        "text".length
        (map).key
        text.b(1)
        first name
        a.first name
    "#;
    table(
        lines,
        expect![[r#"
        a  =>  ${a}  =>  7
        map.key  =>  ${map.key}  =>  "value"
        map.deep.er  =>  ${map.deep.er}  =>  1
        map.missing.further  =>  ${map.missing.further}  =>  null
        list[1]  =>  ${list[0]}  =>  1
        list[3][1]  =>  ${list[2][0]}  =>  3
        list[9]  =>  ${list[8]}  =>  null
        list[0]  =>  flaw: a position is a whole number; the first is [1] (at character 6)
        list[-1]  =>  flaw: a filter is not translated, only a position such as [1] (at character 6)
        list[a]  =>  flaw: a filter is not translated, only a position such as [1] (at character 6)
        list[item > 1]  =>  flaw: a filter is not translated, only a position such as [1] (at character 6)
        list[1.5]  =>  flaw: a position is a whole number; the first is [1] (at character 6)
        missing  =>  ${missing}  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first
        empty  =>  ${execution.getVariable("empty")}  =>  null
        map.and  =>  ${map["and"]}  =>  null
        map.eq  =>  ${map["eq"]}  =>  null
        map.empty  =>  ${map.empty}  =>  null
        _checks.face1.attempts  =>  ${_checks.face1.attempts}  =>  2
        "text".length  =>  flaw: a path begins with a name; any other is not translated (at character 7)
        (map).key  =>  ${map.key}  =>  "value"
        text.b(1)  =>  flaw: a method is not translated (at character 7)
        first name  =>  flaw: the name first name has a blank in it; rename it (at character 1)
        a.first name  =>  flaw: the end is expected here, not "name" (at character 9)
    "#]],
    );
}

#[test]
fn values_are_compared() {
    let lines = r#"
        a = 7
        a != 7
        a = 7.0
        text = "Straße"
        yes = true
        a < 8
        a <= b
        a > b
        a >= 7
        7 >= a
        map.key > "a"
        map = map
        "b" > "a"
        a == 7
        a <> 7
        1 < 2 < 3
        a = 7 = true
        (a > 3) = true
        a = "x" and yes
        1 = "1"
        true < false
        1 < "1"
        true > yes
    "#;
    table(
        lines,
        expect![[r#"
            a = 7  =>  ${a == 7}  =>  true
            a != 7  =>  ${a != 7}  =>  false
            a = 7.0  =>  ${a == 7.0}  =>  true
            text = "Straße"  =>  ${text == "Straße"}  =>  true
            yes = true  =>  ${yes == true}  =>  true
            a < 8  =>  ${a < 8}  =>  true
            a <= b  =>  ${a != null && a <= b}  =>  false
            a > b  =>  ${a > b}  =>  true
            a >= 7  =>  ${a >= 7}  =>  true
            7 >= a  =>  ${7 >= a}  =>  true
            map.key > "a"  =>  ${map.key > "a"}  =>  true
            map = map  =>  ${map == map}  =>  true
            "b" > "a"  =>  ${"b" > "a"}  =>  true
            a == 7  =>  flaw: FEEL compares with a single =, not with == (at character 3)
            a <> 7  =>  flaw: a value is expected here, not ">" (at character 4)
            1 < 2 < 3  =>  flaw: comparisons are not chained; join them with and (at character 7)
            a = 7 = true  =>  flaw: comparisons are not chained; join them with and (at character 7)
            (a > 3) = true  =>  flaw: comparing the outcome of a comparison is not translated; use and, or, not (at character 9)
            a = "x" and yes  =>  ${a == "x" && true.equals(yes)}  =>  error: the text "x" is not a number
            1 = "1"  =>  flaw: a number never equals a text (at character 3)
            true < false  =>  flaw: a truth value is neither before nor after (at character 6)
            1 < "1"  =>  flaw: a number is neither before nor after a text (at character 3)
            true > yes  =>  flaw: a truth value is neither before nor after (at character 6)
        "#]],
    );
}

#[test]
fn a_missing_variable_equals_null_and_nothing_is_compared_with_null() {
    let lines = r#"
        missing = null
        missing != null
        null = missing.further
        nothing = null
        a = null
        map.missing = null
        list[9] = null
        null = null
        missing = 1
        nothing = 1
        nothing != 1
        nothing = nothing
        nothing > 1
        not(nothing > 1)
        nothing <= nothing
        nothing >= nothing
        not(nothing < nothing)
        nothing + 1
        -nothing
        nothing * 2 > 1
        not(nothing * 2 > 1)
        nothing - 1 = 1
        nothing + 1 = null
        1 + a * nothing - a
        not(nothing)
        nothing and yes
        nothing or yes
        if nothing then 1 else 2
        if nothing > 1 then "more" else "less"
        if missing = null then 0 else missing + 1
        contains(text, nothing)
        not(contains(text, nothing))
        nothing > null
        null + 1
        null and yes
    "#;
    table(
        lines,
        expect![[r#"
            missing = null  =>  ${execution.getVariable("missing") == null}  =>  true
            missing != null  =>  ${execution.getVariable("missing") != null}  =>  false
            null = missing.further  =>  ${null == execution.getVariable("missing").further}  =>  true
            nothing = null  =>  ${execution.getVariable("nothing") == null}  =>  true
            a = null  =>  ${execution.getVariable("a") == null}  =>  false
            map.missing = null  =>  ${execution.getVariable("map").missing == null}  =>  true
            list[9] = null  =>  ${execution.getVariable("list")[8] == null}  =>  true
            null = null  =>  ${null == null}  =>  true
            missing = 1  =>  ${missing == 1}  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first
            nothing = 1  =>  ${nothing == 1}  =>  false
            nothing != 1  =>  ${nothing != 1}  =>  true
            nothing = nothing  =>  ${nothing == nothing}  =>  true
            nothing > 1  =>  ${nothing > 1}  =>  false
            not(nothing > 1)  =>  ${nothing <= 1}  =>  false
            nothing <= nothing  =>  ${nothing != null && nothing <= nothing}  =>  false
            nothing >= nothing  =>  ${nothing != null && nothing >= nothing}  =>  false
            not(nothing < nothing)  =>  ${nothing != null && nothing >= nothing}  =>  false
            nothing + 1  =>  ${nothing == null ? null : nothing + 1}  =>  null
            -nothing  =>  ${nothing == null ? null : -nothing}  =>  null
            nothing * 2 > 1  =>  ${nothing != null && nothing * 2 > 1}  =>  false
            not(nothing * 2 > 1)  =>  ${nothing != null && nothing * 2 <= 1}  =>  false
            nothing - 1 = 1  =>  ${(nothing == null ? null : nothing - 1) == 1}  =>  false
            nothing + 1 = null  =>  ${(nothing == null ? null : nothing + 1) == null}  =>  true
            1 + a * nothing - a  =>  ${a == null || nothing == null ? null : 1 + a * nothing - a}  =>  null
            not(nothing)  =>  ${false.equals(nothing)}  =>  false
            nothing and yes  =>  ${true.equals(nothing) && true.equals(yes)}  =>  false
            nothing or yes  =>  ${true.equals(nothing) || true.equals(yes)}  =>  true
            if nothing then 1 else 2  =>  ${true.equals(nothing) ? 1 : 2}  =>  2
            if nothing > 1 then "more" else "less"  =>  ${nothing > 1 ? "more" : "less"}  =>  "less"
            if missing = null then 0 else missing + 1  =>  ${execution.getVariable("missing") == null ? 0 : missing == null ? null : missing + 1}  =>  0
            contains(text, nothing)  =>  ${text != null && nothing != null && text.contains(nothing)}  =>  false
            not(contains(text, nothing))  =>  ${text != null && nothing != null && !text.contains(nothing)}  =>  false
            nothing > null  =>  flaw: null is neither before nor after (at character 9)
            null + 1  =>  flaw: a number is expected here, not null (at character 1)
            null and yes  =>  flaw: true or false is expected here, not null (at character 1)
        "#]],
    );
}

#[test]
fn conditions_are_joined_and_negated() {
    let lines = r#"
        yes and no
        yes or no and no
        (yes or no) and no
        not(yes)
        not(not(yes))
        not(a > 3 and b < 3)
        not(a = 7 or no)
        not(if yes then no else a > 3)
        a > 3 and (if yes then no else yes)
        not(true)
        if a > 3 then "big" else "small"
        if a > 3 then if b > 3 then 1 else 2 else 3
        (if yes then 1 else 2) + 1
        (if yes then a else nothing) + 1
        1 + if yes then 1 else 2
        if yes then 1
        a and 1
        not("x")
        not(yes, no)
        not yes
        (yes
        yes)
    "#;
    table(
        lines,
        expect![[r#"
            yes and no  =>  ${true.equals(yes) && true.equals(no)}  =>  false
            yes or no and no  =>  ${true.equals(yes) || true.equals(no) && true.equals(no)}  =>  true
            (yes or no) and no  =>  ${(true.equals(yes) || true.equals(no)) && true.equals(no)}  =>  false
            not(yes)  =>  ${false.equals(yes)}  =>  false
            not(not(yes))  =>  ${true.equals(yes)}  =>  true
            not(a > 3 and b < 3)  =>  ${a <= 3 || b >= 3}  =>  false
            not(a = 7 or no)  =>  ${a != 7 && false.equals(no)}  =>  false
            not(if yes then no else a > 3)  =>  ${true.equals(yes) ? false.equals(no) : a <= 3}  =>  true
            a > 3 and (if yes then no else yes)  =>  ${a > 3 && (true.equals(yes) ? true.equals(no) : true.equals(yes))}  =>  false
            not(true)  =>  ${false}  =>  false
            if a > 3 then "big" else "small"  =>  ${a > 3 ? "big" : "small"}  =>  "big"
            if a > 3 then if b > 3 then 1 else 2 else 3  =>  ${a > 3 ? b > 3 ? 1 : 2 : 3}  =>  2
            (if yes then 1 else 2) + 1  =>  ${(true.equals(yes) ? 1 : 2) + 1}  =>  2
            (if yes then a else nothing) + 1  =>  ${(true.equals(yes) ? a : nothing) == null ? null : (true.equals(yes) ? a : nothing) + 1}  =>  8
            1 + if yes then 1 else 2  =>  flaw: put the if between parentheses (at character 5)
            if yes then 1  =>  flaw: else is expected here, not the end (at character 14)
            a and 1  =>  flaw: true or false is expected here, not a number (at character 7)
            not("x")  =>  flaw: true or false is expected here, not a text (at character 5)
            not(yes, no)  =>  flaw: not takes one argument, not 2 (at character 1)
            not yes  =>  flaw: the name not yes has a blank in it; rename it (at character 1)
            (yes  =>  flaw: ) is expected here, not the end (at character 5)
            yes)  =>  flaw: the end is expected here, not ")" (at character 4)
        "#]],
    );
}

#[test]
fn numbers_are_calculated() {
    let lines = r#"
        1 + 2 * 3
        (1 + 2) * 3
        7 - 2 - 1
        7 - (2 - 1)
        8 / 4 / 2
        8 / (4 / 2)
        -a + 10
        - -3
        a - -b
        a * b
        a + 1
        1 + a + b
        0 + a + b
        a / b
        a / 0
        1 / 0
        a + b
        "a" + "b"
        text + 1
        "a" * 2
        true + 1
        2 ** 3
        a * (b + nothing)
    "#;
    table(
        lines,
        expect![[r#"
            1 + 2 * 3  =>  ${1 + 2 * 3}  =>  7
            (1 + 2) * 3  =>  ${(1 + 2) * 3}  =>  9
            7 - 2 - 1  =>  ${7 - 2 - 1}  =>  4
            7 - (2 - 1)  =>  ${7 - (2 - 1)}  =>  6
            8 / 4 / 2  =>  ${8 / 4 / 2}  =>  1.0
            8 / (4 / 2)  =>  ${8 / (4 / 2)}  =>  4.0
            -a + 10  =>  ${a == null ? null : -a + 10}  =>  3
            - -3  =>  ${--3}  =>  3
            a - -b  =>  ${a == null || b == null ? null : a - -b}  =>  9
            a * b  =>  ${a == null || b == null ? null : a * b}  =>  14
            a + 1  =>  ${a == null ? null : a + 1}  =>  8
            1 + a + b  =>  ${a == null || b == null ? null : 1 + a + b}  =>  10
            0 + a + b  =>  ${a == null || b == null ? null : 0 + a + b}  =>  9
            a / b  =>  ${a == null || b == null ? null : a / b}  =>  3.5
            a / 0  =>  ${a == null ? null : a / 0}  =>  error: division by zero
            1 / 0  =>  flaw: the translation ${1 / 0}: division by zero (at character 1)
            a + b  =>  ${a == null || b == null ? null : a.plus(b)}  =>  9
            "a" + "b"  =>  ${"a" += "b"}  =>  "ab"
            text + 1  =>  ${text == null ? null : text + 1}  =>  error: the text "Straße" is not a number; + adds numbers, += joins texts
            "a" * 2  =>  flaw: a number is expected here, not a text (at character 1)
            true + 1  =>  flaw: a number is expected here, not a truth value (at character 1)
            2 ** 3  =>  flaw: exponentiation with ** is not translated (at character 3)
            a * (b + nothing)  =>  ${a == null || b == null || nothing == null ? null : a * b.plus(nothing)}  =>  null
        "#]],
    );
}

#[test]
fn values_lie_in_intervals_and_lists() {
    let lines = r#"
        a in [1..7]
        a in [1..7)
        a in (7..9]
        a in ]7..9]
        a in [1..7[
        a in [b..a]
        a in (1, 7)
        a in [1, 7]
        a in (< 3, > 6)
        a in ([1..2], [6..8])
        a in > 6
        a in ((1), (7))
        text in ("x", "Straße")
        nothing in (1, null)
        not(a in [1..7])
        not(nothing in [1..7])
        not(a in (1, 2))
        a between 1 and 7
        a between b and 5 + 1 and yes
        not(a between 8 and 9)
        nothing between 1 and 2
        a + 1 in [8..8]
        a in list
        a in (list)
        a in 7
        a in [1..
        a in [1..2
        a in (1..2
        a in [..2]
        a in [1..2] in [3..4]
        [1..2]
        (1..2)
    "#;
    table(
        lines,
        expect![[r#"
            a in [1..7]  =>  ${a >= 1 && a <= 7}  =>  true
            a in [1..7)  =>  ${a >= 1 && a < 7}  =>  false
            a in (7..9]  =>  ${a > 7 && a <= 9}  =>  false
            a in ]7..9]  =>  ${a > 7 && a <= 9}  =>  false
            a in [1..7[  =>  ${a >= 1 && a < 7}  =>  false
            a in [b..a]  =>  ${a != null && a >= b && a != null && a <= a}  =>  true
            a in (1, 7)  =>  ${a == 1 || a == 7}  =>  true
            a in [1, 7]  =>  ${a == 1 || a == 7}  =>  true
            a in (< 3, > 6)  =>  ${a < 3 || a > 6}  =>  true
            a in ([1..2], [6..8])  =>  ${a >= 1 && a <= 2 || a >= 6 && a <= 8}  =>  true
            a in > 6  =>  ${a > 6}  =>  true
            a in ((1), (7))  =>  ${a == 1 || a == 7}  =>  true
            text in ("x", "Straße")  =>  ${text == "x" || text == "Straße"}  =>  true
            nothing in (1, null)  =>  ${nothing == 1 || execution.getVariable("nothing") == null}  =>  true
            not(a in [1..7])  =>  ${a < 1 || a > 7}  =>  false
            not(nothing in [1..7])  =>  ${nothing < 1 || nothing > 7}  =>  false
            not(a in (1, 2))  =>  ${a != 1 && a != 2}  =>  true
            a between 1 and 7  =>  ${a >= 1 && a <= 7}  =>  true
            a between b and 5 + 1 and yes  =>  ${a != null && a >= b && a <= 5 + 1 && true.equals(yes)}  =>  false
            not(a between 8 and 9)  =>  ${a < 8 || a > 9}  =>  true
            nothing between 1 and 2  =>  ${nothing >= 1 && nothing <= 2}  =>  false
            a + 1 in [8..8]  =>  ${a != null && a + 1 >= 8 && a != null && a + 1 <= 8}  =>  true
            a in list  =>  flaw: in with what may be a list is not translated; use list contains (at character 6)
            a in (list)  =>  flaw: in with what may be a list is not translated; use list contains (at character 7)
            a in 7  =>  ${a == 7}  =>  true
            a in [1..  =>  flaw: a value is expected here, not the end (at character 10)
            a in [1..2  =>  flaw: an interval ends with ] ) or [, not with the end (at character 11)
            a in (1..2  =>  flaw: an interval ends with ] ) or [, not with the end (at character 11)
            a in [..2]  =>  flaw: a value is expected here, not ".." (at character 7)
            a in [1..2] in [3..4]  =>  flaw: comparisons are not chained; join them with and (at character 13)
            [1..2]  =>  flaw: an interval stands after in (at character 1)
            (1..2)  =>  flaw: an interval stands after in (at character 3)
        "#]],
    );
}

#[test]
fn functions_become_methods() {
    let lines = r#"
        count(list)
        count(list) > 2
        count(nothing)
        string length(text)
        string length("abc")
        upper case(text)
        lower case("ABC")
        contains(text, "raß")
        contains("abc", "b")
        starts with(text, "Str")
        ends with(text, "x")
        not(ends with(text, "x"))
        contains(text, map.key) or yes
        upper case(map.key) = "VALUE"
        contains(upper case(text), "STR")
        contains(if yes then text else "", "S")
        contains(text)
        contains(1, "a")
        contains(text, 1)
        count("abc")
        string length(1)
        count(list, list)
        count(l: list)
    "#;
    table(
        lines,
        expect![[r#"
            count(list)  =>  ${list == null ? null : list.size()}  =>  3
            count(list) > 2  =>  ${list != null && list.size() > 2}  =>  true
            count(nothing)  =>  ${nothing == null ? null : nothing.size()}  =>  null
            string length(text)  =>  ${text == null ? null : text.length()}  =>  6
            string length("abc")  =>  ${"abc".length()}  =>  3
            upper case(text)  =>  ${text == null ? null : text.toUpperCase()}  =>  "STRASSE"
            lower case("ABC")  =>  ${"ABC".toLowerCase()}  =>  "abc"
            contains(text, "raß")  =>  ${text != null && text.contains("raß")}  =>  true
            contains("abc", "b")  =>  ${"abc".contains("b")}  =>  true
            starts with(text, "Str")  =>  ${text != null && text.startsWith("Str")}  =>  true
            ends with(text, "x")  =>  ${text != null && text.endsWith("x")}  =>  false
            not(ends with(text, "x"))  =>  ${text != null && !text.endsWith("x")}  =>  true
            contains(text, map.key) or yes  =>  ${text != null && map.key != null && text.contains(map.key) || true.equals(yes)}  =>  true
            upper case(map.key) = "VALUE"  =>  ${(map.key == null ? null : map.key.toUpperCase()) == "VALUE"}  =>  true
            contains(upper case(text), "STR")  =>  ${text != null && text.toUpperCase().contains("STR")}  =>  true
            contains(if yes then text else "", "S")  =>  ${(true.equals(yes) ? text : "") != null && (true.equals(yes) ? text : "").contains("S")}  =>  true
            contains(text)  =>  flaw: contains takes two arguments, not 1 (at character 1)
            contains(1, "a")  =>  flaw: a text is expected here, not a number (at character 10)
            contains(text, 1)  =>  flaw: a text is expected here, not a number (at character 16)
            count("abc")  =>  flaw: a list is expected here, not a text (at character 7)
            string length(1)  =>  flaw: a text is expected here, not a number (at character 15)
            count(list, list)  =>  flaw: count takes one argument, not 2 (at character 1)
            count(l: list)  =>  flaw: named arguments are not translated (at character 8)
        "#]],
    );
}

#[test]
fn texts_are_joined_and_variables_are_added_by_their_type() {
    let lines = r#"
        a + b
        text + text
        text + a
        a + b + 1
        a + b > 8
        "Dear " + text
        "Dear " + nothing
        nothing + text
        "a" + "b" + "c"
        "a" + (text + "b")
        "n: " + string(a + 1)
        "n: " + 1
        string(nothing)
        string(a > 1)
        string(1.50)
        string join(list, ", ")
        string join(["x", text, nothing])
        string join([text, "y"], nothing)
        string join("x")
        string join(list, 1)
        "a" + true
    "#;
    table(
        lines,
        expect![[r#"
            a + b  =>  ${a == null || b == null ? null : a.plus(b)}  =>  9
            text + text  =>  ${text == null ? null : text.plus(text)}  =>  "StraßeStraße"
            text + a  =>  ${text == null || a == null ? null : text.plus(a)}  =>  error: plus() adds two numbers or joins two texts, not a text and a number
            a + b + 1  =>  ${a == null || b == null ? null : a.plus(b) + 1}  =>  10
            a + b > 8  =>  ${a != null && b != null && a.plus(b) > 8}  =>  true
            "Dear " + text  =>  ${text == null ? null : "Dear " += text}  =>  "Dear Straße"
            "Dear " + nothing  =>  ${nothing == null ? null : "Dear " += nothing}  =>  null
            nothing + text  =>  ${nothing == null || text == null ? null : nothing.plus(text)}  =>  null
            "a" + "b" + "c"  =>  ${"a" += "b" += "c"}  =>  "abc"
            "a" + (text + "b")  =>  ${text == null ? null : "a" += (text += "b")}  =>  "aStraßeb"
            "n: " + string(a + 1)  =>  ${a == null ? null : "n: " += (a + 1).toString()}  =>  "n: 8"
            "n: " + 1  =>  flaw: a text is expected here, not a number (at character 9)
            string(nothing)  =>  ${nothing == null ? null : nothing.toString()}  =>  null
            string(a > 1)  =>  flaw: the text of what a comparison gives is not translated; use if (at character 10)
            string(1.50)  =>  ${1.50.toString()}  =>  "1.5"
            string join(list, ", ")  =>  ${list == null ? null : list.join(", ")}  =>  "1, two, [3]"
            string join(["x", text, nothing])  =>  ${["x", text, nothing].join("")}  =>  "xStraße"
            string join([text, "y"], nothing)  =>  ${[text, "y"].join(nothing)}  =>  "Straßey"
            string join("x")  =>  flaw: a list is expected here, not a text (at character 13)
            string join(list, 1)  =>  flaw: a text is expected here, not a number (at character 19)
            "a" + true  =>  flaw: a text is expected here, not a truth value (at character 7)
        "#]],
    );
}

#[test]
fn lists_are_asked_what_they_contain() {
    let lines = r#"
        [1, a, "x"]
        [1, [nothing]]
        [a > 1]
        []
        list contains(list, "two")
        list contains(list, 1.0)
        list contains([a, b], a)
        not(list contains([nothing], null))
        list contains("abc", "b")
        list contains(list, "two") and yes
        count([1, 2])
        a in ([1, 2])
        a in ([1], 7)
        [1, 2] = list
        [1, 2] = 1
        [1, 2] + 1
        [1..2]
        [1, 2
        [1: 2]
        [1, 2][1]
    "#;
    table(
        lines,
        expect![[r#"
            [1, a, "x"]  =>  ${[1, a, "x"]}  =>  [1,7,"x"]
            [1, [nothing]]  =>  ${[1, [nothing]]}  =>  [1,[null]]
            [a > 1]  =>  ${[a > 1]}  =>  [true]
            []  =>  ${[]}  =>  []
            list contains(list, "two")  =>  ${list != null && list.contains("two")}  =>  true
            list contains(list, 1.0)  =>  ${list != null && list.contains(1.0)}  =>  true
            list contains([a, b], a)  =>  ${[a, b].contains(a)}  =>  true
            not(list contains([nothing], null))  =>  ${![nothing].contains(null)}  =>  false
            list contains("abc", "b")  =>  flaw: a list is expected here, not a text (at character 15)
            list contains(list, "two") and yes  =>  ${list != null && list.contains("two") && true.equals(yes)}  =>  true
            count([1, 2])  =>  ${[1, 2].size()}  =>  2
            a in ([1, 2])  =>  flaw: an interval is written [1..5] (at character 9)
            a in ([1], 7)  =>  flaw: an interval is written [1..5] (at character 9)
            [1, 2] = list  =>  ${[1, 2] == list}  =>  false
            [1, 2] = 1  =>  flaw: a list never equals a number (at character 8)
            [1, 2] + 1  =>  flaw: a number is expected here, not a list (at character 1)
            [1..2]  =>  flaw: an interval stands after in (at character 1)
            [1, 2  =>  flaw: ] is expected here, not the end (at character 6)
            [1: 2]  =>  flaw: named arguments are not translated (at character 3)
            [1, 2][1]  =>  flaw: a path begins with a name; any other is not translated (at character 7)
        "#]],
    );
}

#[test]
fn what_is_not_translated_is_refused_by_name() {
    let lines = r#"
        for x in list return x
        some x in list satisfies x > 1
        every x in list satisfies x > 1
        function(x) x + 1
        a instance of number
        {"a": 1}
        @"2020-01-01"
        date("2020-01-01")
        date and time("2020-01-01T00:00:00")
        duration("P1D")
        years and months duration(a, b)
        now()
        sum(list)
        substring(text, 1)
        matches(text, "S")
        is defined(a)
        ? > 5
        a // comment
        a /* comment */
        a; b
        a b
        1 2
        a.
        a +
        = a
        and
        ()
        #
    "#;
    table(
        lines,
        expect![[r#"
            for x in list return x  =>  flaw: for is not translated (at character 1)
            some x in list satisfies x > 1  =>  flaw: some is not translated (at character 1)
            every x in list satisfies x > 1  =>  flaw: every is not translated (at character 1)
            function(x) x + 1  =>  flaw: function is not translated (at character 1)
            a instance of number  =>  flaw: instance of is not translated (at character 3)
            {"a": 1}  =>  flaw: a context literal is not translated (at character 1)
            @"2020-01-01"  =>  flaw: a date, time or duration with @ is not translated (at character 1)
            date("2020-01-01")  =>  flaw: the function date is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            date and time("2020-01-01T00:00:00")  =>  flaw: the function time is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 10)
            duration("P1D")  =>  flaw: the function duration is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            years and months duration(a, b)  =>  flaw: the function months duration is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 11)
            now()  =>  flaw: the function now is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            sum(list)  =>  flaw: the function sum is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            substring(text, 1)  =>  flaw: the function substring is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            matches(text, "S")  =>  flaw: the function matches is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            is defined(a)  =>  flaw: the function is defined is not translated; known are not, count, string, string length, string join, upper case, lower case, contains, starts with, ends with, list contains (at character 1)
            ? > 5  =>  flaw: a test with ? is not translated (at character 1)
            a // comment  =>  flaw: a comment is not translated; take it away (at character 3)
            a /* comment */  =>  flaw: a comment is not translated; take it away (at character 3)
            a; b  =>  flaw: the character ';' means nothing here (at character 2)
            a b  =>  flaw: the name a b has a blank in it; rename it (at character 1)
            1 2  =>  flaw: the end is expected here, not a number (at character 3)
            a.  =>  flaw: a name is expected here, not the end (at character 3)
            a +  =>  flaw: a value is expected here, not the end (at character 4)
            = a  =>  flaw: a value is expected here, not "=" (at character 1)
            and  =>  flaw: a value is expected here, not and (at character 1)
            ()  =>  flaw: a value is expected here, not ")" (at character 2)
            #  =>  flaw: the character '#' means nothing here (at character 1)
        "#]],
    );
    assert_eq!(outcome(" "), "flaw: the expression is empty (at character 2)");
}

#[test]
fn a_template_of_feel_keeps_the_type_of_its_value() {
    for (feel, value) in [("a", "7"), ("\"${a}\"", "\"${a}\""), ("count(list)", "3"), ("1", "1")] {
        let template = Template::from_feel(feel).unwrap();
        assert_eq!(template.evaluate(&variables()).unwrap().to_string(), value, "{feel}");
        let again = Template::parse(template.source()).unwrap();
        assert_eq!(again, template, "{feel} is written and read again");
    }
}

#[test]
fn a_translation_is_bounded() {
    let ways = |open: &str, inside: &str, close: &str, times: usize| {
        format!("{}{inside}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        ("long", "a".repeat(10_000)),
        ("parentheses", ways("(", "a", ")", 3000)),
        ("some parentheses", ways("(", "a", ")", 40)),
        ("negations", ways("-", "a", "", 5000)),
        ("functions", ways("not(", "a", ")", 1000)),
        ("brackets", "a in [".repeat(1000)),
        ("intervals", "a in (".repeat(1000)),
        ("lists", format!("a in {}", ways("((", "1", "))", 1000))),
        ("choices", "if a then ".repeat(500)),
        ("else", format!("{}a", "if a then a else ".repeat(400))),
        ("sum", "1+".repeat(3000) + "1"),
        ("path", "a".to_owned() + &".a".repeat(3000)),
        ("items", "a".to_owned() + &"[1]".repeat(2000)),
        ("alternatives", "a or ".repeat(400) + "a"),
        ("doubling", ways("(if (", "a", ") in [1..2] then 1 else 2)", 40)),
        ("some doubling", ways("(if (", "a", ") in [1..2] then 1 else 2)", 6)),
        ("quotes", format!("\"{}\"", "\\\"".repeat(2000))),
        ("more quotes", format!("\"{}\"", "\\\\".repeat(4000))),
        ("zero", "\0".into()),
        ("right to left", "a \u{202e} b".into()),
    ];
    let before = std::time::Instant::now();
    let mut actual = String::new();
    for (name, text) in texts {
        let told: String = outcome(&text).chars().take(110).collect();
        actual.push_str(&format!("{name}: {told}\n"));
    }
    assert!(before.elapsed().as_secs() < 30, "a translation takes too long");
    expect![[r#"
        long: flaw: the expression is longer than 8192 bytes (at character 1)
        parentheses: flaw: the expression is nested too deeply (at character 49)
        some parentheses: ${a}  =>  7
        negations: flaw: the expression is nested too deeply (at character 49)
        functions: flaw: the expression is nested too deeply (at character 193)
        brackets: flaw: ] is expected here, not "in" (at character 9)
        intervals: flaw: ) is expected here, not "in" (at character 9)
        lists: flaw: the expression is nested too deeply (at character 54)
        choices: flaw: the expression is nested too deeply (at character 474)
        else: flaw: the expression is nested too deeply (at character 803)
        sum: flaw: the expression has too many parts; split it up (at character 98)
        path: flaw: the expression has too many parts; split it up (at character 98)
        items: flaw: the expression has too many parts; split it up (at character 146)
        alternatives: ${true.equals(a) || true.equals(a) || true.equals(a) || true.equals(a) || true.equals(a) || true.equals(a) || 
        doubling: flaw: the expression is nested too deeply (at character 81)
        some doubling: ${(((((a >= 1 && a <= 2 ? 1 : 2) >= 1 && (a >= 1 && a <= 2 ? 1 : 2) <= 2 ? 1 : 2) >= 1 && ((a >= 1 && a <= 2 ?
        quotes: ${"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\
        more quotes: ${"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\
        zero: flaw: the character '\0' means nothing here (at character 1)
        right to left: flaw: the character '\u{202e}' means nothing here (at character 3)
    "#]].assert_eq(&actual);
}

#[test]
fn damaged_feel_never_panics() {
    let texts = [
        "if a in [1..b) and not(contains(text, \"raß\")) then list[2] else map.deep.er * -2",
        "not(a between b and 7) or text in (\"x\", null) or count(list) / 2 >= 1.5 + a",
        "\"\\u00e9\\U01F40E \\n\" = upper case(text) or (nothing = null and missing.x != null)",
    ];
    let variables = variables();
    let mut dice = Dice(0x5eed_0004);
    let mut translated = 0;
    for text in texts {
        assert!(Expression::from_feel(text).is_ok(), "{text}");
        for _ in 0..4000 {
            let text = damaged(&damaged(text, &mut dice), &mut dice);
            if let Ok(expression) = Expression::from_feel(&text) {
                translated += 1;
                let _ = expression.evaluate(&variables);
                assert!(Expression::parse(expression.source()).is_ok(), "{expression}");
            }
        }
    }
    assert!(translated > 200, "{translated} translated");
}
