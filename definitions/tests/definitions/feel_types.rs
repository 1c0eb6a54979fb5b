//! FEEL of values that are null, or of another type than what is asked of them takes.

use crate::feel::table;
use expect_test::expect;

#[test]
fn what_is_asked_of_null_is_null_and_no_condition_that_holds() {
    let lines = r#"
        contains(nothing, "x")
        not(contains(nothing, "x"))
        contains(nothing + "x", "x")
        not(contains("Dr " + nothing, "z"))
        starts with("Dr " + nothing, "Dr")
        not(ends with(nothing + "x", "y"))
        contains(nothing + "x", "x") or yes
        contains("x", nothing + "x")
        upper case(nothing + "x")
        string length(nothing)
        string length(nothing + "x") > 1
        count(nothing)
        not(count(nothing) > 1)
        list contains(nothing, 1)
        not(list contains(nothing, 1))
        string join(nothing)
        string join(nothing, ", ") = null
    "#;
    table(
        lines,
        expect![[r#"
            contains(nothing, "x")  =>  ${nothing != null && nothing.contains("x")}  =>  false
            not(contains(nothing, "x"))  =>  ${nothing != null && !nothing.contains("x")}  =>  false
            contains(nothing + "x", "x")  =>  ${nothing != null && (nothing += "x").contains("x")}  =>  false
            not(contains("Dr " + nothing, "z"))  =>  ${nothing != null && !("Dr " += nothing).contains("z")}  =>  false
            starts with("Dr " + nothing, "Dr")  =>  ${nothing != null && ("Dr " += nothing).startsWith("Dr")}  =>  false
            not(ends with(nothing + "x", "y"))  =>  ${nothing != null && !(nothing += "x").endsWith("y")}  =>  false
            contains(nothing + "x", "x") or yes  =>  ${nothing != null && (nothing += "x").contains("x") || true.equals(yes)}  =>  true
            contains("x", nothing + "x")  =>  ${nothing != null && "x".contains(nothing += "x")}  =>  false
            upper case(nothing + "x")  =>  ${nothing == null ? null : (nothing += "x").toUpperCase()}  =>  null
            string length(nothing)  =>  ${nothing == null ? null : nothing.length()}  =>  null
            string length(nothing + "x") > 1  =>  ${nothing != null && (nothing += "x").length() > 1}  =>  false
            count(nothing)  =>  ${nothing == null ? null : nothing.size()}  =>  null
            not(count(nothing) > 1)  =>  ${nothing != null && nothing.size() <= 1}  =>  false
            list contains(nothing, 1)  =>  ${nothing != null && nothing.contains(1)}  =>  false
            not(list contains(nothing, 1))  =>  ${nothing != null && !nothing.contains(1)}  =>  false
            string join(nothing)  =>  ${nothing == null ? null : nothing.join("")}  =>  null
            string join(nothing, ", ") = null  =>  ${(nothing == null ? null : nothing.join(", ")) == null}  =>  true
        "#]],
    );
}

#[test]
fn only_true_is_true_and_only_false_is_false() {
    let lines = r#"
        not(text)
        not(blank)
        not(a)
        not(no)
        not(nothing)
        text and yes
        not(text and yes)
        text or no
        a or no
        not(digits or no)
        if text then 1 else 2
        if a then 1 else 2
        if yes then 1 else 2
        not(if yes then text else no)
        text
        not(not(text))
        map.key and list[1]
    "#;
    table(
        lines,
        expect![[r#"
        not(text)  =>  ${false.equals(text)}  =>  false
        not(blank)  =>  ${false.equals(blank)}  =>  false
        not(a)  =>  ${false.equals(a)}  =>  false
        not(no)  =>  ${false.equals(no)}  =>  true
        not(nothing)  =>  ${false.equals(nothing)}  =>  false
        text and yes  =>  ${true.equals(text) && true.equals(yes)}  =>  false
        not(text and yes)  =>  ${false.equals(text) || false.equals(yes)}  =>  false
        text or no  =>  ${true.equals(text) || true.equals(no)}  =>  false
        a or no  =>  ${true.equals(a) || true.equals(no)}  =>  false
        not(digits or no)  =>  ${false.equals(digits) && false.equals(no)}  =>  false
        if text then 1 else 2  =>  ${true.equals(text) ? 1 : 2}  =>  2
        if a then 1 else 2  =>  ${true.equals(a) ? 1 : 2}  =>  2
        if yes then 1 else 2  =>  ${true.equals(yes) ? 1 : 2}  =>  1
        not(if yes then text else no)  =>  ${true.equals(yes) ? false.equals(text) : false.equals(no)}  =>  false
        text  =>  ${text}  =>  "Straße"
        not(not(text))  =>  ${true.equals(text)}  =>  false
        map.key and list[1]  =>  ${true.equals(map.key) && true.equals(list[0])}  =>  false
    "#]],
    );
}
