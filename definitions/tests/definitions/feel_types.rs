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
        contains(nothing + "x", "x") or yes  =>  ${nothing != null && (nothing += "x").contains("x") || yes}  =>  true
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
