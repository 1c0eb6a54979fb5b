//! Complex gateways that join: what they send out when they are activated and when they are reset.

use crate::{catalog, process};
use definitions::{Format, prove};
use expect_test::{Expect, expect};

/// What is found where so many of two paths activate a gateway with these ways on.
fn found(least: u32, ways: &str, further: &str) -> String {
    let text = format!(
        "
name: p
steps:
  - {{ id: split, parallel: [a, b] }}
  - {{ activity: simpleDecider, id: a, then: enough }}
  - {{ activity: simpleDecider, id: b }}
  - {{ id: enough, complex: [{ways}], when: activationCount >= {least} }}
{further}"
    );
    let findings = prove(&process(Format::Yaml, &text), &catalog::catalog()).findings;
    let told = findings.iter().map(|finding| {
        let path: Vec<&str> = finding.path.iter().map(|step| step.element.as_str()).collect();
        format!("{finding}\n  {}\n", path.join(" > "))
    });
    told.collect()
}

fn check(least: u32, ways: &str, further: &str, expected: Expect) {
    expected.assert_eq(&found(least, ways, further));
}

const FIRST_AND_LATE: &str = "{ when: waitingForStart, then: first }, { otherwise: late }";
const MEET: &str = "  - { do: nothing, id: first, then: merge }
  - { do: nothing, id: late, then: merge }
  - { id: merge, choose: [last] }
  - { activity: simpleDecider, id: last }
";

#[test]
fn what_is_sent_for_who_comes_late_may_meet_what_was_sent_at_the_activation() {
    check(
        1,
        FIRST_AND_LATE,
        MEET,
        expect![[r#"
        line 10: merge: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
          start > split > split.flow2 > b > enough > enough.flow1 > first > enough.flow2 > late > merge
    "#]],
    );
    // Who ends on the way meets nobody.
    let apart = MEET.replace("late, then: merge", "late, then: end");
    check(1, FIRST_AND_LATE, &apart, expect![[""]]);
}

#[test]
fn nobody_comes_late_where_all_have_to_come_first() {
    check(
        2,
        FIRST_AND_LATE,
        MEET,
        expect![[r#"
        line 9: late: no path ever comes here, whatever the data are; connect it or take it away [dead-element]
          start > split > split.flow1 > a > enough > late
    "#]],
    );
}

#[test]
fn a_condition_that_asks_for_the_reset_is_answered_though_nobody_came_late() {
    let ways =
        "{ when: waitingForStart, then: first }, { when: '!waitingForStart && a', then: late }";
    check(
        2,
        ways,
        MEET,
        expect![[r#"
        line 10: merge: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
          start > split > split.flow1 > a > split.flow2 > b > enough > enough.flow1 > first > enough.flow2 > late > merge
    "#]],
    );
}

#[test]
fn a_flow_without_condition_is_taken_at_the_activation_alone() {
    check(1, "first, late", &MEET.replace("choose", "parallel"), expect![[""]]);
    check(1, "first", "  - { do: nothing, id: first }\n", expect![[""]]);
    let ways = "{ when: '!waitingForStart', then: late }, first";
    check(1, ways, &MEET.replace("late, then: merge", "late, then: end"), expect![[""]]);
}

#[test]
fn a_condition_that_is_not_about_the_phase_is_asked_once_more_for_who_comes_late() {
    let ways = "{ when: x, then: first }, { otherwise: late }";
    check(
        1,
        ways,
        MEET,
        expect![[r#"
        line 8: first: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
          start > split > split.flow2 > b > enough > enough.flow1 > enough.flow1 > first
    "#]],
    );
    check(2, ways, MEET, expect![[""]]);
}

#[test]
fn a_gateway_that_is_never_activated_is_never_reset() {
    check(
        3,
        FIRST_AND_LATE,
        MEET,
        expect![[r#"
        line 7: enough: it can happen that its activation condition never holds, for fewer paths come than it asks for; ask for fewer, or send it more [deadlock]
          start > split > split.flow1 > a > split.flow2 > b > enough
    "#]],
    );
}

#[test]
fn who_goes_back_before_all_have_come_meets_those_who_are_late() {
    let steps = |least: u32, split: &str, back: &str| {
        let extra = match back {
            "extra" => "  - { activity: simpleDecider, id: extra, then: enough }\n",
            _ => "",
        };
        let text = format!(
            "
name: p
steps:
  - {{ id: again, choose: [split] }}
  - {{ id: split, {split} }}
  - {{ activity: simpleDecider, id: a, then: enough }}
  - {{ activity: simpleDecider, id: b, then: enough }}
  - {{ activity: simpleDecider, id: c }}
  - {{ id: enough, complex: [more], when: activationCount >= {least} }}
  - {{ id: more, choose: [{{ when: x, then: {back} }}, {{ otherwise: end }}] }}
{extra}"
        );
        let findings = prove(&process(Format::Yaml, &text), &catalog::catalog()).findings;
        let told = findings.iter().map(|finding| {
            let path: Vec<&str> = finding.path.iter().map(|step| step.element.as_str()).collect();
            format!("{finding}\n  {}\n", path.join(" > "))
        });
        told.collect::<String>()
    };
    let all = "parallel: [a, b, c]";
    expect![[r#"
        line 9: enough: it may go on before all have come, and leads back to where others are still on their way here: what is there is then done twice side by side; let it go on when all have come, or not lead back [lack-of-synchronisation]
          start > again > split > split.flow1 > a > split.flow2 > b > split.flow3 > c > enough
    "#]].assert_eq(&steps(2, all, "again"));
    let one = "choose: [{ when: x, then: a }, { when: y, then: b }, { otherwise: c }]";
    let some = "include: [{ when: x, then: a }, { when: y, then: b }, { otherwise: c }]";
    #[rustfmt::skip]
    let cases = [
        (all,  1, "again", true,  false),
        (all,  1, "b",     true,  true),
        (all,  3, "again", false, false),
        (all,  1, "end",   false, false),
        // It comes by a flow that nobody else comes by, and counts as late.
        (all,  1, "extra", false, true),
        (one,  1, "again", false, true),
        (some, 1, "again", true,  true),
    ];
    for (split, least, back, is_told, is_late) in cases {
        let told = steps(least, split, back);
        assert_eq!(told.contains("enough: it may go on before"), is_told, "{split} {least} {told}");
        assert_eq!(told.contains("[not-proved]"), is_late, "{split} {least} {told}");
    }
}
