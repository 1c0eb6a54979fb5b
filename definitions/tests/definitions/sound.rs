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
            line 8: both: it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway [deadlock]
              start > which > which.flow1 > left > both
        "#]],
    );
}

#[test]
fn a_complex_join_that_never_has_enough_waits_for_ever() {
    let join = |split: &str, condition: &str| {
        format!(
            "
name: p
steps:
  - {{ id: split, {split} }}
  - {{ activity: simpleDecider, id: a, then: join }}
  - {{ activity: simpleDecider, id: b, then: join }}
  - {{ activity: simpleDecider, id: c }}
  - {{ id: join, complex: [last], when: '${{{condition}}}' }}
  - end: last
"
        )
    };
    let all = "parallel: [a, b, c]";
    let some = "include: [{ when: x, then: a }, { when: y, then: b }, { otherwise: c }]";
    #[rustfmt::skip]
    let cases = [
        (all,  "activationCount >= 3",                    true),
        (all,  "activationCount >= 2 && waitingForStart", true),
        (all,  "activationCount >= 4",                    false),
        (all,  "activationCount >= 4 || urgent",          true),
        (all,  "activationCount >= 1 && urgent",          true),
        (some, "activationCount >= 1",                    true),
        (some, "activationCount >= 2",                    false),
    ];
    for (split, condition, sound) in cases {
        let told = found(Format::Yaml, &join(split, condition));
        assert_eq!(told == "sound\n", sound, "{split} {condition}: {told}");
        assert!(sound || told.contains("join: it can happen that its activation"), "{told}");
    }
}

#[test]
fn a_complex_gateway_with_one_flow_waits_as_well() {
    let gateway = |ways: &str, condition: &str| {
        format!(
            "
name: p
steps:
  - {{ activity: simpleDecider, id: a }}
  - {{ id: one, complex: [{ways}], when: '{condition}' }}
  - end: last
  - end: other
"
        )
    };
    let told = found(Format::Yaml, &gateway("last, other", "activationCount >= 2"));
    assert!(told.contains("one: it can happen that its activation"), "{told}");
    let phases =
        "{ when: waitingForStart, then: last }, { when: not waitingForStart, then: other }";
    assert_eq!(found(Format::Yaml, &gateway(phases, "activationCount >= 1")), "sound\n");
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
    on: [{ error: any, then: failed }]
  - { id: join, parallel: done }
  - end: done
  - end: failed
",
        expect![[r#"
            line 10: join: it waits for a path from right, but none comes any more when right.any leads away; lead that back into the path it left before they join, or let it end everything with a terminate end event [deadlock]
              start > both > both.flow1 > left > both.flow2 > right > right.any > failed > join
        "#]],
    );
}

#[test]
fn a_form_without_a_time_limit_waits_for_ever() {
    check(
        "
  - { activity: passcodeRegistrationForm, with: { dataFormName: f, dataFormVersion: 1 } }
  - end: done
",
        expect![[r#"
            line 4: passcodeRegistrationForm: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > passcodeRegistrationForm
        "#]],
    );
    check(
        "
  - activity: passcodeRegistrationForm
    with: { dataFormName: f, dataFormVersion: 1 }
    on: [{ timer: PT5M, interrupting: false, then: remind }]
  - end: done
  - { activity: writeSummaryReport, id: remind }
",
        expect![[r#"
            line 4: passcodeRegistrationForm: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > passcodeRegistrationForm
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

#[test]
fn an_inclusive_join_waits_for_what_was_split() {
    check(
        "
  - id: some
    include: [{ when: a, then: left }, { when: b, then: right }, { otherwise: both }]
  - { do: nothing, id: left, then: both }
  - { do: nothing, id: right, then: both }
  - { id: both, include: [end] }
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn an_inclusive_join_in_a_loop_works() {
    check(
        "
  - { id: again, choose: [some] }
  - id: some
    include: [{ when: a, then: left }, { otherwise: right }]
  - { do: nothing, id: left, then: both }
  - { do: nothing, id: right, then: both }
  - { id: both, include: [more] }
  - id: more
    choose: [{ when: c, then: again }, { otherwise: end }]
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn a_parallel_join_behind_an_inclusive_split_may_wait_for_ever() {
    check(
        "
  - id: some
    include: [{ when: a, then: left }, { otherwise: right }]
  - { do: nothing, id: left, then: both }
  - { do: nothing, id: right, then: both }
  - { id: both, parallel: end }
",
        expect![[r#"
            line 8: both: it waits for a path from right, but some need not send one there; join with an inclusive gateway [deadlock]
              start > some > some.flow1 > left > both
        "#]],
    );
}

#[test]
fn inclusive_joins_that_wait_for_each_other_are_a_deadlock() {
    check(
        "
  - { id: split, parallel: [one, two] }
  - { id: one, include: [on] }
  - { id: two, include: [off] }
  - { id: on, parallel: [two, end] }
  - { id: off, parallel: [one, end] }
",
        expect![[r#"
            line 5: one: it waits for a path that cannot come before it goes on itself; take it out of the circle, or join with an exclusive gateway [deadlock]
              start > split > split.flow1 > split.flow2 > one
            line 6: two: no path ever comes here, whatever the data are; connect it or take it away [dead-element]
              start > split > two
        "#]],
    );
}

#[test]
fn terminate_ends_what_still_runs() {
    check(
        "
  - { id: split, parallel: [work, limit] }
  - { id: limit, catch: One hour, timer: PT1H, then: stop }
  - { id: work, activity: passcodeRegistrationForm, with: { dataFormName: f, dataFormVersion: 1 }, then: stop }
  - { id: stop, end: Stop, terminate: true }
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn an_event_gateway_goes_one_way() {
    check(
        "
  - await:
      - { message: answer, id: answered, then: done }
      - { timer: P1D, id: late, then: done }
  - end: Done
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn an_event_gateway_without_a_timer_waits_for_ever() {
    check(
        "
  - id: either
    await:
      - { message: yes, id: agreed, then: end }
      - { message: no, id: refused, then: end }
",
        expect![[r#"
            line 4: either: nothing ends the wait when none of its events happens; add a timer to them [waits-for-ever]
              start > either
        "#]],
    );
}

#[test]
fn a_message_that_is_awaited_needs_a_limit_around_it() {
    check(
        "
  - { id: answer, catch: Answer, message: answer }
  - id: limited
    steps: [{ receive: question }]
    on: [{ timer: P1D, then: end }]
",
        expect![[r#"
            line 4: answer: nothing ends the wait when the event does not happen; put it behind an event gateway together with a timer, or in a sub-process with a timer on its boundary [waits-for-ever]
              start > answer
        "#]],
    );
}

#[test]
fn an_event_sub_process_with_a_timer_limits_all_of_its_scope() {
    check(
        "
  - id: inner
    steps: [{ receive: question }]
    events:
      - { timer: P1D, steps: [{ do: nothing, id: late }] }
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn what_is_wrong_in_a_sub_process_has_the_path_into_it() {
    check(
        "
  - { do: nothing, id: first }
  - id: inner
    steps:
      - id: which
        choose: [{ when: a, then: left }, { otherwise: right }]
      - { do: nothing, id: left, then: both }
      - { do: nothing, id: right, then: both }
      - { id: both, parallel: inner.end }
",
        expect![[r#"
            line 11: both: it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway [deadlock]
              start > first > inner > inner.start > which > which.flow1 > left > both
        "#]],
    );
}

#[test]
fn a_sub_process_that_only_fails_leaves_by_its_boundary() {
    check(
        "
  - id: inner
    steps: [{ end: Failed, error: Failed }]
    on: [{ error: Failed, id: caught, then: end }]
  - { do: nothing, id: never }
",
        expect![[r#"
            line 7: never: no path ever comes here, whatever the data are; connect it or take it away [dead-element]
              start > inner > never
        "#]],
    );
}

#[test]
fn a_non_interrupting_event_that_comes_back_to_the_path_is_a_second_path() {
    check(
        "
  - id: work
    do: nothing
    on: [{ timer: PT1H, interrupting: false, then: after }]
  - { do: nothing, id: after }
",
        expect![[r#"
            line 7: after: two paths can come here side by side, for work.timer does not interrupt, and what follows is then done twice; let the path of work.timer end by itself, several steps of it in one sub-process, or make the event interrupting [lack-of-synchronisation]
              start > work > work.timer > after
        "#]],
    );
}

#[test]
fn a_non_interrupting_event_may_have_an_end_of_its_own() {
    check(
        "
  - id: work
    do: nothing
    on: [{ timer: PT1H, interrupting: false, then: remind }]
    then: end
  - { do: nothing, id: remind, then: end }
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn an_activity_that_needs_two_paths_may_get_one() {
    check(
        "
  - id: which
    choose: [{ when: a, then: split }, { otherwise: two }]
  - { id: split, parallel: [two, { to: two }] }
  - { do: nothing, id: two, needs: 2 }
",
        expect![[r#"
            line 7: two: fewer paths may come than it needs to begin; lower its start quantity or send it more [deadlock]
              start > which > which.flow2 > two
        "#]],
    );
}

#[test]
fn a_default_beside_a_flow_without_condition_is_never_taken() {
    check(
        "
  - { do: nothing, id: first, then: [{ to: end }, { when: a, to: more }] }
  - { do: nothing, id: more }
",
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn a_link_leads_on() {
    check(
        "
  - { throw: Out, link: there }
  - { catch: In, link: there }
  - { id: join, choose: [end] }
",
        expect![[r#"
            sound
        "#]],
    );
}

/// A definition of blocks within blocks, of about a number of steps.
fn large(blocks: usize, ways: usize, kind: &str) -> String {
    let mut steps = String::new();
    for block in 0..blocks {
        let next = if block + 1 == blocks { "end".into() } else { format!("s{}", block + 1) };
        let ids: Vec<String> = (0..ways).map(|way| format!("t{block}-{way}")).collect();
        let to = |id: &String| match kind {
            "parallel" => id.clone(),
            _ if *id == ids[0] => format!("{{ otherwise: {id} }}"),
            _ => format!("{{ when: a, then: {id} }}"),
        };
        let targets: Vec<String> = ids.iter().map(to).collect();
        steps.push_str(&format!("  - {{ id: s{block}, {kind}: [{}] }}\n", targets.join(", ")));
        for id in ids {
            steps.push_str(&format!(
                "  - {{ activity: addUser, id: {id}, with: {{ storeName: a }}, then: j{block}, on: [{{ error: any, then: OUT }}] }}\n"
            ));
        }
        steps.push_str(&format!("  - {{ id: j{block}, {kind}: [{next}] }}\n"));
    }
    steps
}

#[test]
fn five_hundred_elements_are_proved_in_few_markings() {
    let stop = "  - { end: Stop, id: stop, terminate: true }\n";
    let cases = [
        // Blocks that close what they open become one move each.
        ("parallel", 1, 500, "", 10),
        ("parallel", 100, 4, "", 10),
        ("include", 1, 240, "JOIN", 10),
        ("include", 60, 4, "JOIN", 10),
        ("choose", 60, 4, "end", 400),
        // A way out of each branch: one order of the branches is enough.
        ("parallel", 1, 240, "stop", 1_000),
        ("parallel", 60, 4, "stop", 1_000),
    ];
    for (kind, blocks, ways, out, most) in cases {
        let mut steps = large(blocks, ways, kind);
        if out.is_empty() {
            let fails = ", with: { storeName: a }";
            steps = steps.replace("addUser", "simpleDecider").replace(fails, "");
            steps = steps.replace(", on: [{ error: any, then: OUT }]", "");
        }
        for block in 0..blocks {
            let join = format!("j{block}");
            let to = if out == "JOIN" { &join } else { out };
            let event = |to: &str| format!("{join}, on: [{{ error: any, then: {to} }}]");
            steps = steps.replace(&event("OUT"), &event(to));
        }
        let stop = if out == "stop" { stop } else { "" };
        let text = format!("name: p\nsteps:\n{steps}{stop}");
        let process = process(Format::Yaml, &text);
        assert!(process.nodes().count() >= 300, "{kind} {blocks}");
        let proof = prove(&process, &catalog::catalog());
        assert_eq!(proof.findings, [], "{kind} {blocks}");
        assert!(proof.markings <= most, "{kind} {blocks} {out}: {} markings", proof.markings);
    }
}

#[test]
fn five_hundred_gateways_that_split_and_join_side_by_side_are_one_move() {
    // As many ways lead through them as there are sets of gateways, and more.
    for width in [2, 10, 22] {
        let mut steps = String::new();
        let id = |row: usize, way: usize| format!("n{row}-{}", way % width);
        let first: Vec<String> = (0..width).map(|way| id(0, way)).collect();
        steps.push_str(&format!("  - {{ id: split, parallel: [{}] }}\n", first.join(", ")));
        let rows = 500 / width;
        for (row, way) in (0..rows).flat_map(|row| (0..width).map(move |way| (row, way))) {
            let next = match row + 1 < rows {
                true => format!("{}, {}", id(row + 1, way), id(row + 1, way + 1)),
                false => "join".to_owned(),
            };
            steps.push_str(&format!("  - {{ id: {}, parallel: [{next}] }}\n", id(row, way)));
        }
        steps.push_str("  - { id: join, parallel: [end] }\n");
        let process = process(Format::Yaml, &format!("name: p\nsteps:\n{steps}"));
        let proof = prove(&process, &catalog::catalog());
        assert_eq!(proof.findings, [], "{width}");
        assert!(proof.markings <= 10, "{width}: {} markings", proof.markings);
    }
}

#[test]
fn what_has_too_many_ways_is_not_called_sound() {
    // Each branch may stop for good before the join: so many markings are stuck.
    let steps = large(1, 40, "parallel").replace("OUT", "end");
    let found = found(Format::Yaml, &format!("name: p\nsteps:\n{steps}"));
    assert!(found.contains("[deadlock]") && found.contains("[not-proved]"), "{found}");
}

#[test]
fn an_error_that_nothing_catches_stops_the_journey() {
    check(
        "
  - { activity: completePasscodeRegistration, on: [{ error: PasscodeTooCommon, then: end }] }
  - { activity: startPasscodeAuthentication, with: { storeName: a, passcodeKey: b } }
  - { activity: totpAuthentication, with: { storeName: a, totpPolicy: b, submittedCode: c } }
  - id: scope
    steps:
      - activity: recoveryCodeAuthentication
        id: first
        with: { storeName: a, recoveryCodePolicy: b, submittedCode: c }
      - { activity: getUser, id: second, with: { storeName: a } }
    on: [{ error: UserNotFound, then: end }]
  - end: done
",
        expect![[r#"
            line 4: completePasscodeRegistration: it may end with the error PasscodeRegistrationFailed or PasscodeUsedBefore, which nothing catches: the journey would stop there with an incident; catch each of them, or all, with a boundary event and lead on from there [uncaught-error]
              start > completePasscodeRegistration
            line 6: totpAuthentication: it may end with the error TotpAuthenticationFailed, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > completePasscodeRegistration > startPasscodeAuthentication > totpAuthentication
            line 9: first: it may end with the error RecoveryCodeAuthenticationFailed, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > completePasscodeRegistration > startPasscodeAuthentication > totpAuthentication > scope > scope.start > first
        "#]],
    );
}

#[test]
fn an_error_that_a_parameter_rules_out_needs_nothing_that_catches_it() {
    check(
        "
  - { activity: customDataForm, id: endless, with: { dataFormName: a, maxAttempts: 4294967295 } }
  - { activity: customDataForm, id: three, with: { dataFormName: a, maxAttempts: 3 } }
  - { activity: customDataForm, id: usual, with: { dataFormName: a } }
  - { activity: customDataForm, id: told, with: { dataFormName: a, maxAttempts: '${n}' } }
  - activity: customDataForm
    id: raised
    with: { dataFormName: a, maxAttempts: 4294967295 }
    raise: [{ error: ExceededCustomDataFormRetake, when: n > 3 }]
  - end: done
",
        expect![[r#"
            line 4: endless: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > endless
            line 5: three: it may end with the error ExceededCustomDataFormRetake, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > endless > three
            line 5: three: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > endless > three
            line 6: usual: it may end with the error ExceededCustomDataFormRetake, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > endless > three > usual
            line 6: usual: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > endless > three > usual
            line 7: told: it may end with the error ExceededCustomDataFormRetake, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > endless > three > usual > told
            line 7: told: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > endless > three > usual > told
            line 8: raised: it may end with the error ExceededCustomDataFormRetake, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > endless > three > usual > told > raised
            line 8: raised: nothing ends the wait when nobody answers; put a timer on it or on a sub-process around it [waits-for-ever]
              start > endless > three > usual > told > raised
        "#]],
    );
}

#[test]
fn an_error_is_caught_around_it_or_beside_it_but_not_by_what_threw_it_or_interrupted() {
    let user = "{ activity: getUser, id: ID, with: { storeName: a } }";
    let user = |id: &str| user.replace("ID", id);
    check(
        &format!(
            "
  - id: scope
    steps: [{}]
    events:
      - {{ id: not-found, error: UserNotFound, steps: [{}] }}
      - {{ id: other, message: m, interrupting: false, steps: [{}] }}
      - {{ id: instead, message: n, steps: [{}] }}
  - end: done
",
            user("caught"),
            user("in-the-same"),
            user("beside-it"),
            user("in-its-place"),
        ),
        expect![[r#"
            line 7: in-the-same: it may end with the error UserNotFound, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > scope > not-found > not-found.start > in-the-same
            line 9: in-its-place: it may end with the error UserNotFound, which nothing catches: the journey would stop there with an incident; catch it with a boundary event and lead on from there [uncaught-error]
              start > scope > instead > instead.start > in-its-place
        "#]],
    );
}

#[test]
fn what_an_event_sub_process_throws_again_comes_to_the_boundary_unless_another_catches_it() {
    let steps = |kind: &str, more: &str| {
        format!(
            "
  - id: scope
    steps: [{{ end: lost, error: Lost }}]
    events:
      - {{ id: again, {kind}, steps: [{{ do: nothing, id: note }}, {{ end: up, error: Lost }}] }}{more}
    on: [{{ error: Lost, id: caught, then: told }}]
  - end: done
  - {{ do: nothing, id: told }}
"
        )
    };
    let rest = "\n      - { id: rest, error: Lost, steps: [{ do: nothing, id: mend }] }";
    check(
        &steps("error: Lost", ""),
        expect![[r#"
            sound
        "#]],
    );
    check(
        &steps("message: m, interrupting: false", rest),
        expect![[r#"
        line 9: caught: nothing inside the sub-process throws what this event catches; take the event away [dead-element]
          start > scope > caught
    "#]],
    );
    check(
        &steps("message: m", rest),
        expect![[r#"
            sound
        "#]],
    );
}

#[test]
fn what_is_behind_a_receive_task_that_instantiates_is_followed() {
    let text = |join: &str| {
        format!(
            "name: p
steps:
  - {{ receive: order, id: order, starts: true, then: both }}
  - {{ receive: call, id: call, starts: true, then: both }}
  - {{ id: both, {join} }}
  - {{ activity: writeSummaryReport, id: last }}
  - end: done
"
        )
    };
    assert_eq!(found(Format::Yaml, &text("choose: [last]")), "sound\n");
    expect![[r#"
        line 5: both: it waits for a path from call, but none comes any more when order leads here: they are alternatives; make it an exclusive gateway [deadlock]
          order > both
    "#]]
    .assert_eq(&found(Format::Yaml, &text("parallel: last")));
    let bpmn = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
        <message id="m" name="order"/>
        <process id="p" isExecutable="true">
            <receiveTask id="order" instantiate="true" messageRef="m"/>
            <sequenceFlow id="f1" sourceRef="order" targetRef="done"/>
            <endEvent id="done"/>
        </process></definitions>"#;
    assert_eq!(found(Format::Bpmn, bpmn), "sound\n");
}

#[test]
fn an_event_gateway_that_instantiates_goes_the_way_of_the_first_event() {
    let text = |join: &str| {
        format!(
            "name: p
steps:
  - {{ start: By hand, id: start, then: both }}
  - id: which
    starts: true
    await: [{{ message: paid, id: paid, then: both }}, {{ message: called, id: called, then: both }}]
  - {{ id: both, {join} }}
  - {{ activity: writeSummaryReport, id: last }}
  - end: done
"
        )
    };
    assert_eq!(found(Format::Yaml, &text("choose: [last]")), "sound\n");
    let told = found(Format::Yaml, &text("parallel: last"));
    assert!(
        told.starts_with("line 7: both: it waits for a path from paid and called, but none"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[test]
fn all_events_of_a_parallel_gateway_that_instantiates_are_awaited() {
    let text = |join: &str, limit: &str| {
        format!(
            "name: p
steps:
  - id: which
    starts: all
    await: [{{ message: paid, id: paid, then: both }}, {{ message: called, id: called, then: both }}]
  - {{ id: both, {join} }}
  - {{ activity: writeSummaryReport, id: last }}
  - end: done
{limit}"
        )
    };
    let limit = "events: [{ timer: PT1H, steps: [{ do: nothing, id: late }] }]\n";
    assert_eq!(found(Format::Yaml, &text("parallel: last", limit)), "sound\n");
    expect![[r#"
        line 3: which: after the first of its events nothing ends the wait when another does not happen; put an event sub-process with a timer beside it [waits-for-ever]
          which
    "#]]
    .assert_eq(&found(Format::Yaml, &text("parallel: last", "")));
    expect![[r#"
        line 6: both: two paths can come here side by side, and what follows is then done twice; join them before with a parallel or an inclusive gateway [lack-of-synchronisation]
          which > which.flow1 > paid > which.flow2 > called > both
    "#]]
    .assert_eq(&found(Format::Yaml, &text("choose: [last]", limit)));
}
