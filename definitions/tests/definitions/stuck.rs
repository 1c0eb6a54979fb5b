//! Joins that wait for ever: what they wait for, why, and that the advice mends them.

use crate::{catalog, process};
use definitions::{Finding, Format, prove};
use expect_test::{Expect, expect};

fn findings(steps: &str) -> Vec<Finding> {
    let text = format!("name: p\nsteps:\n{steps}");
    prove(&process(Format::Yaml, &text), &catalog::catalog()).findings
}

/// What is told of a join, its lines below it.
fn told(steps: &str, expected: Expect) {
    let told = findings(steps).into_iter().map(|finding| {
        format!("{}: {}\n  {}\n", finding.rule, finding.message, finding.lines.join("\n  "))
    });
    expected.assert_eq(&told.collect::<String>());
}

#[track_caller]
fn sound(steps: &str) {
    assert_eq!(findings(steps), [], "{steps}");
}

const FORK: &str = "  - { id: fork, parallel: [a, b] }
  - { do: nothing, id: b, then: join }
";

/// The branch `a`, which may fail, and what comes of it.
fn failing(failed: &str) -> String {
    format!(
        "{FORK}  - activity: addUser
    id: a
    with: {{ storeName: demo }}
    on: [{{ error: any, then: failed }}]
  - {{ id: join, parallel: done }}
  - end: done
{failed}"
    )
}

#[test]
fn an_event_that_leads_away_is_named() {
    told(
        &failing("  - { end: Failed }"),
        expect![[r#"
        deadlock: it waits for a path from a, but none comes any more when a.any leads away; lead that back into the path it left before they join, or let it end everything with a terminate end event
          start > fork > a > a.any > failed
          fork > b > join
          join waits for a
    "#]],
    );
    sound(&failing("  - { end: Failed, terminate: true }"));
    sound(&format!(
        "{FORK}  - activity: addUser
    id: a
    with: {{ storeName: demo }}
    on: [{{ error: any, then: failed }}]
    then: a-done
  - {{ script: false, id: failed, result: user }}
  - {{ do: nothing, id: a-done }}
  - {{ id: join, parallel: done }}
  - end: done
"
    ));
}

#[test]
fn an_event_that_leads_to_the_join_by_a_flow_of_its_own_is_an_alternative() {
    told(
        &failing("  - { do: nothing, id: failed, then: join }"),
        expect![[r#"
            deadlock: it waits for a path from failed, but one need not come; join with an inclusive gateway
              start > fork > a > join
              fork > b > join
              join waits for failed
        "#]],
    );
}

#[test]
fn alternatives_that_come_to_one_join_are_named() {
    let choice = |end: &str| {
        format!(
            "{FORK}  - {{ id: a, choose: [{{ when: n > 5, then: large }}, {{ otherwise: small }}] }}
  - {{ do: nothing, id: large, then: {end} }}
  - {{ do: nothing, id: small, then: {end} }}
  - {{ id: a-done, choose: [join] }}
  - {{ id: join, parallel: done }}
  - end: done
"
        )
    };
    told(
        &choice("join").replace("  - { id: a-done, choose: [join] }\n", ""),
        expect![[r#"
            deadlock: it waits for a path from small, but none comes any more when a (when n > 5) leads here by another flow: bring these alternatives together before the join, at a step or an exclusive gateway from which one flow leads here
              start > fork > a > when n > 5 > large > join
              fork > b > join
              join waits for small
        "#]],
    );
    sound(&choice("a-done"));
}

#[test]
fn a_join_of_mere_alternatives_is_to_be_an_exclusive_gateway() {
    let choice = |join: &str| {
        format!(
            "
  - {{ id: which, choose: [{{ when: n > 5, then: large, name: Large }}, {{ otherwise: small }}] }}
  - {{ do: nothing, id: large, then: join }}
  - {{ do: nothing, id: small, then: join }}
  - {{ id: join, {join}: [end] }}
"
        )
    };
    told(
        &choice("parallel"),
        expect![[r#"
        deadlock: it waits for a path from small, but none comes any more when which (Large) leads here: they are alternatives; make it an exclusive gateway
          start > which > Large > large > join
          join waits for small
    "#]],
    );
    sound(&choice("choose"));
}

#[test]
fn what_need_not_come_at_all_asks_for_an_inclusive_join() {
    let split = |join: &str| {
        format!(
            "
  - {{ id: which, include: [{{ when: n > 5, then: large }}, {{ when: n < 9, then: small }}, {{ otherwise: end }}] }}
  - {{ do: nothing, id: large, then: join }}
  - {{ do: nothing, id: small, then: join }}
  - {{ id: join, {join}: [end] }}
"
        )
    };
    told(
        &split("parallel"),
        expect![[r#"
            deadlock: it waits for a path from large, but which need not send one there; join with an inclusive gateway
              start > which > when n < 9 > small > join
              join waits for large
        "#]],
    );
    sound(&split("include"));
    let reminder = |join: &str| {
        format!(
            "
  - do: manual
    id: work
    on: [{{ timer: PT5M, interrupting: false, then: remind }}]
    then: join
  - {{ do: manual, id: remind, then: join }}
  - {{ id: join, {join}: [end] }}
"
        )
    };
    told(
        &reminder("parallel"),
        expect![[r#"
            deadlock: it waits for a path from remind, which comes only when work.timer happens; let that path end by itself, or join with an inclusive gateway
              start > work > join
              join waits for remind
        "#]],
    );
    sound(&reminder("include"));
}

#[test]
fn a_way_back_into_a_join_comes_too_late() {
    let back = |to: &str| {
        format!(
            "
  - {{ do: nothing, id: begin }}
  - {{ id: fork, parallel: [a, b] }}
  - {{ do: nothing, id: a, then: join }}
  - {{ do: nothing, id: b, then: join }}
  - {{ id: join, parallel: [again] }}
  - {{ id: again, choose: [{{ when: n > 5, then: {to} }}, {{ otherwise: end }}] }}
"
        )
    };
    told(
        &back("join"),
        expect![[r#"
            deadlock: it waits for a path from again (when n > 5), which comes only after it has gone on itself; let the way back come in before it, at an exclusive gateway
              start > begin > fork > b > join
              join waits for again (when n > 5)
        "#]],
    );
    sound(&back("begin"));
}

#[test]
fn an_awaited_event_is_an_alternative_of_the_others() {
    told(
        &format!(
            "{FORK}  - id: a
    await: [{{ message: paid, key: k, then: join }}, {{ timer: P1D, then: late }}]
  - {{ script: false, id: late, result: paid }}
  - {{ id: join, parallel: done }}
  - end: done
"
        ),
        expect![[r#"
            deadlock: it waits for a path from late, but none comes any more when a.paid leads here by another flow: bring these alternatives together before the join, at a step or an exclusive gateway from which one flow leads here
              start > fork > a > a.paid > join
              fork > b > join
              join waits for late
        "#]],
    );
}

#[test]
fn alternatives_of_which_one_is_several_paths_ask_for_an_inclusive_join() {
    let several = |join: &str| {
        format!(
            "
  - {{ id: which, choose: [{{ when: n > 5, then: fork }}, {{ otherwise: z }}] }}
  - {{ id: fork, parallel: [x, y] }}
  - {{ do: nothing, id: x, then: join }}
  - {{ do: nothing, id: y, then: join }}
  - {{ do: nothing, id: z, then: join }}
  - {{ id: join, {join}: [end] }}
"
        )
    };
    told(
        &several("parallel"),
        expect![[r#"
            deadlock: it waits for a path from x and y, but none comes when which (otherwise) leads here without it; join with an inclusive gateway
              start > which > otherwise > z > join
              join waits for x and y
        "#]],
    );
    sound(&several("include"));
    let merged = |join: &str| several(join).replace("id: y, then: join", "id: y, then: z");
    told(
        &merged("parallel"),
        expect![[r#"
        deadlock: it waits for a path from x, but none comes when which (otherwise) leads here without it; join with an inclusive gateway
          start > which > otherwise > z > join
          join waits for x
    "#]],
    );
    sound(&merged("include"));
}
