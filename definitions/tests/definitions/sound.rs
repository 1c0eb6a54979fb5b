//! Whether a definition is sound: the classical examples, each with what is found and the path.

use crate::{catalog, process};
use definitions::{Format, prove};
use expect_test::{Expect, expect};

/// What is found in a definition, each finding with its path below it.
fn found(format: Format, text: &str) -> String {
    let proof = prove(&process(format, text), &catalog::catalog());
    let mut lines = String::new();
    for finding in &proof.findings {
        let path: Vec<&str> = finding.path.iter().map(|step| step.element.as_str()).collect();
        lines.push_str(&format!("{finding}\n  {}\n", path.join(" > ")));
    }
    if lines.is_empty() { "sound\n".into() } else { lines }
}

fn check(steps: &str, expected: Expect) {
    expected.assert_eq(&found(Format::Yaml, &format!("name: p\nsteps:\n{steps}")));
}

#[test]
fn the_shipped_journeys_are_sound() {
    for journey in definitions::library::ALL {
        assert_eq!(found(Format::Yaml, journey.yaml), "sound\n", "{}", journey.name);
        assert_eq!(found(Format::Bpmn, journey.bpmn), "sound\n", "{}", journey.name);
    }
}

#[test]
fn a_parallel_join_behind_a_choice_waits_for_ever() {
    check(
        "
  - id: which
    choose: [{ when: a, then: left }, { otherwise: right }]
  - { activity: simpleDecider, id: left, then: both }
  - { activity: simpleDecider, id: right }
  - { id: both, parallel: done }
  - end: done
",
        expect![[r#"
            line 8: both: it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one [deadlock]
              start > which > which.flow1 > left > both
        "#]],
    );
}

#[test]
fn a_choice_behind_a_parallel_split_is_passed_twice() {
    check(
        "
  - { id: both, parallel: [left, right] }
  - { activity: simpleDecider, id: left, then: merge }
  - { activity: simpleDecider, id: right }
  - { id: merge, choose: [last] }
  - { activity: writeSummaryReport, id: last }
  - end: done
",
        expect![[r#"
            line 7: merge: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
              start > both > both.flow1 > left > both.flow2 > right > merge
        "#]],
    );
}

#[test]
fn paths_that_end_side_by_side_are_no_error() {
    check(
        "
  - { id: both, parallel: [left, right] }
  - { activity: simpleDecider, id: left, then: done }
  - { activity: simpleDecider, id: right }
  - end: done
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn an_error_that_jumps_out_of_a_parallel_block_leaves_the_join_waiting() {
    check(
        "
  - { id: both, parallel: [left, right] }
  - { activity: simpleDecider, id: left, then: join }
  - activity: addUser
    id: right
    with: { storeName: demo }
    on: [{ error: ExtIdNotUnique, then: failed }]
  - { id: join, parallel: done }
  - end: done
  - end: failed
",
        expect![[r#"
            line 10: join: it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one [deadlock]
              start > both > both.flow1 > left > both.flow2 > right > right.ExtIdNotUnique > failed > join
        "#]],
    );
}

#[test]
fn a_form_without_a_time_limit_waits_for_ever() {
    check(
        "
  - { activity: customDataForm, with: { dataFormName: f, dataFormVersion: 1 } }
  - end: done
",
        expect![[r#"
            line 4: customDataForm: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > customDataForm
        "#]],
    );
    check(
        "
  - activity: customDataForm
    with: { dataFormName: f, dataFormVersion: 1 }
    on: [{ timer: PT5M, interrupting: false, then: remind }]
  - end: done
  - { activity: writeSummaryReport, id: remind }
",
        expect![[r#"
            line 4: customDataForm: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > customDataForm
        "#]],
    );
}

#[test]
fn a_path_that_is_split_off_for_good_in_a_circle_never_ends() {
    check(
        "
  - { activity: simpleDecider, id: again, then: split }
  - { id: split, parallel: [again, done] }
  - end: done
",
        expect![[r#"
            line 4: again: from here no end is reached any more, whatever the data are; let something lead out of the circle [endless-path]
              start > again > split > again
        "#]],
    );
}
