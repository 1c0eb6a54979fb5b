//! Stories of gateways: choices, defaults, missing ways out, splits, joins and loops.

use expect_test::expect;

use super::check::check;

const CHOICE: &str = r#"
  - id: choice
    choose:
      - { when: n > 100, then: large }
      - { otherwise: none }
      - { when: n > 10, then: middle }
      - { when: n > 1, then: small }
  - { end: Large }
  - { end: Middle }
  - { end: Small }
  - { end: None }
"#;

#[test]
fn an_exclusive_gateway_takes_the_first_flow_whose_condition_is_true() {
    check(
        CHOICE,
        "start n=50",
        expect![[r#"
        > start n=50
          started variables={"n":50}
          entered 0 start
          entered 0 choice
          entered 0 middle
          ended 0 middle
          finished
        = completed middle
        = {"n":50}
    "#]],
    );
}

#[test]
fn the_default_flow_is_for_when_no_condition_is_true_wherever_it_stands() {
    check(
        CHOICE,
        "start n=0",
        expect![[r#"
        > start n=0
          started variables={"n":0}
          entered 0 start
          entered 0 choice
          entered 0 none
          ended 0 none
          finished
        = completed none
        = {"n":0}
    "#]],
    );
}

#[test]
fn a_condition_without_a_value_is_an_incident_and_never_the_default_flow() {
    check(
        CHOICE,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 choice
              incidentRaised 0 choice message="the condition of flow `choice.flow1` has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n > 100})" moment="entering"
            = active
            = 0 choice {"incident":{"message":"the condition of flow `choice.flow1` has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n > 100})","moment":"entering"}}
        "#]],
    );
    check(
        CHOICE,
        "start n=\"many\"",
        expect![[r#"
            > start n="many"
              started variables={"n":"many"}
              entered 0 start
              entered 0 choice
              incidentRaised 0 choice message="the condition of flow `choice.flow1` has no value: the text \"many\" is not a number (at character 5 of ${n > 100})" moment="entering"
            = active
            = {"n":"many"}
            = 0 choice {"incident":{"message":"the condition of flow `choice.flow1` has no value: the text \"many\" is not a number (at character 5 of ${n > 100})","moment":"entering"}}
        "#]],
    );
}

#[test]
fn without_a_way_out_a_path_stops_until_somebody_has_mended_the_variables() {
    check(
        r#"
  - { start: Start, then: [choice, mend] }
  - { id: choice, choose: [{ when: colour == "red", then: end }, { when: colour == "blue", then: end }] }
  - { id: mend, activity: ask }
"#,
        "start colour=green
         done 0
         retry 0
         done 1 !colour=blue
         retry 0",
        expect![[r#"
            > start colour=green
              started variables={"colour":"green"}
              entered 0 start
              entered 0 choice
              incidentRaised 0 choice message="no condition is true and there is no default flow" moment="entering"
              entered 1 mend
              began 1 mend
              + runActivity 1 mend activity="ask" attempt=1 parameters={}
            > done 0
            ! path 0 at `choice` does not wait for an answer
            > retry 0
              incidentTakenUp 0 choice
              incidentRaised 0 choice message="no condition is true and there is no default flow" moment="entering"
            > done 1 !colour=blue
              wrote 1 mend writes=[{"at":["colour"],"value":"blue"}]
              completed 1 mend
              entered 2 end
              ended 2 end
            > retry 0
              incidentTakenUp 0 choice
              entered 0 end
              ended 0 end
              finished
            = completed end end
            = {"colour":"blue"}
        "#]],
    );
}

#[test]
fn a_loop_goes_round_until_its_condition_ends_it() {
    check(
        r#"
  - { id: again, choose: }
  - { id: try, activity: ask, out: { tries: "${tries + 1}" } }
  - { id: enough, choose: [{ when: tries < 2, then: again }, { otherwise: end }] }
"#,
        "start tries=0
         done 0
         done 1",
        expect![[r#"
            > start tries=0
              started variables={"tries":0}
              entered 0 start
              entered 0 again
              entered 0 try
              began 0 try
              + runActivity 0 try activity="ask" attempt=1 parameters={}
            > done 0
              wrote 0 try writes=[{"at":["tries"],"value":1}]
              completed 0 try
              entered 1 enough
              entered 1 again
              entered 1 try
              began 1 try
              + runActivity 1 try activity="ask" attempt=1 parameters={}
            > done 1
              wrote 1 try writes=[{"at":["tries"],"value":2}]
              completed 1 try
              entered 2 enough
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"tries":2}
        "#]],
    );
}

#[test]
fn a_parallel_gateway_splits_and_awaits_one_path_on_each_incoming_flow() {
    check(
        r#"
  - { id: fork, parallel: [left, middle, right] }
  - { id: left, activity: work, then: join }
  - { id: middle, activity: ask, then: join }
  - { id: right, activity: work, then: join }
  - { id: join, parallel: }
  - { id: after, activity: work }
"#,
        "start
         done 2
         done 0
         done 1
         done 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 left
              began 0 left
              entered 1 middle
              began 1 middle
              entered 2 right
              began 2 right
              + runActivity 0 left activity="work" attempt=1 parameters={}
              + runActivity 1 middle activity="ask" attempt=1 parameters={}
              + runActivity 2 right activity="work" attempt=1 parameters={}
            > done 2
              completed 2 right
              entered 3 join
              arrived 3 join flow="right.flow1"
            > done 0
              completed 0 left
              entered 4 join
              arrived 4 join flow="left.flow1"
            > done 1
              completed 1 middle
              entered 5 join
              arrived 5 join flow="middle.flow1"
              joined 5 join with=[3,4]
              entered 5 after
              began 5 after
              + runActivity 5 after activity="work" attempt=1 parameters={}
            > done 5
              completed 5 after
              entered 6 end
              ended 6 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn two_arrivals_on_one_flow_do_not_make_a_join_and_the_surplus_stays_for_the_next() {
    check(
        r#"
  - { start: Start, then: [one, two, other, another] }
  - { id: one, activity: work, then: merge }
  - { id: two, activity: work, then: merge }
  - { id: merge, choose: [join] }
  - { id: other, activity: work, then: others }
  - { id: another, activity: work, then: others }
  - { id: others, choose: [join] }
  - { id: join, parallel: }
"#,
        "start
         done 0
         done 1
         done 2
         done 3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              entered 2 other
              began 2 other
              entered 3 another
              began 3 another
              + runActivity 0 one activity="work" attempt=1 parameters={}
              + runActivity 1 two activity="work" attempt=1 parameters={}
              + runActivity 2 other activity="work" attempt=1 parameters={}
              + runActivity 3 another activity="work" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 4 merge
              entered 4 join
              arrived 4 join flow="merge.flow1"
            > done 1
              completed 1 two
              entered 5 merge
              entered 5 join
              arrived 5 join flow="merge.flow1"
            > done 2
              completed 2 other
              entered 6 others
              entered 6 join
              arrived 6 join flow="others.flow1"
              joined 6 join with=[4]
              entered 6 end
              ended 6 end
            > done 3
              completed 3 another
              entered 7 others
              entered 7 join
              arrived 7 join flow="others.flow1"
              joined 7 join with=[5]
              entered 7 end
              ended 7 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn a_join_that_can_never_be_complete_keeps_the_instance_active() {
    check(
        r#"
  - { start: Start, then: [one, two] }
  - { id: one, activity: work, then: join }
  - { id: two, activity: work, then: join, on: [{ error: Lost, then: end }] }
  - { id: join, parallel: }
"#,
        "start
         done 0
         error 1 Lost
         retry 2
         cancel it hangs",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="work" attempt=1 parameters={}
              + runActivity 1 two activity="work" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > error 1 Lost
              errorRaised 1 two code="Lost" message=""
              interrupted 1 two by="two.Lost"
              entered 3 two.Lost
              entered 3 end
              ended 3 end
            > retry 2
            ! path 2 at `join` has no incident
            > cancel it hangs
              withdrawn 2 join
              cancelled reason="it hangs"
            = cancelled end
        "#]],
    );
}

#[test]
fn who_waits_at_one_join_does_not_count_at_another() {
    check(
        r#"
  - { start: Start, then: [near, far, one, two] }
  - { id: one, activity: work, then: near }
  - { id: two, activity: work, then: far }
  - { id: near, parallel: [end] }
  - { id: far, parallel: [end] }
"#,
        "start
         done 3
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 near
              arrived 0 near flow="start.flow1"
              entered 1 far
              arrived 1 far flow="start.flow2"
              entered 2 one
              began 2 one
              entered 3 two
              began 3 two
              + runActivity 2 one activity="work" attempt=1 parameters={}
              + runActivity 3 two activity="work" attempt=1 parameters={}
            > done 3
              completed 3 two
              entered 4 far
              arrived 4 far flow="two.flow1"
              joined 4 far with=[1]
              entered 4 end
              ended 4 end
            > done 2
              completed 2 one
              entered 5 near
              arrived 5 near flow="one.flow1"
              joined 5 near with=[0]
              entered 5 end
              ended 5 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn a_join_in_a_loop_joins_each_time_round() {
    check(
        r#"
  - { id: again, choose: }
  - { id: fork, parallel: [left, right] }
  - { id: left, activity: work, then: join }
  - { id: right, activity: work, out: { rounds: "${rounds + 1}" }, then: join }
  - { id: join, parallel: }
  - { id: enough, choose: [{ when: rounds < 2, then: again }, { otherwise: end }] }
"#,
        "start rounds=0
         done 0
         done 1
         done 4
         done 3",
        expect![[r#"
            > start rounds=0
              started variables={"rounds":0}
              entered 0 start
              entered 0 again
              entered 0 fork
              entered 0 left
              began 0 left
              entered 1 right
              began 1 right
              + runActivity 0 left activity="work" attempt=1 parameters={}
              + runActivity 1 right activity="work" attempt=1 parameters={}
            > done 0
              completed 0 left
              entered 2 join
              arrived 2 join flow="left.flow1"
            > done 1
              wrote 1 right writes=[{"at":["rounds"],"value":1}]
              completed 1 right
              entered 3 join
              arrived 3 join flow="right.flow1"
              joined 3 join with=[2]
              entered 3 enough
              entered 3 again
              entered 3 fork
              entered 3 left
              began 3 left
              entered 4 right
              began 4 right
              + runActivity 3 left activity="work" attempt=1 parameters={}
              + runActivity 4 right activity="work" attempt=1 parameters={}
            > done 4
              wrote 4 right writes=[{"at":["rounds"],"value":2}]
              completed 4 right
              entered 5 join
              arrived 5 join flow="right.flow1"
            > done 3
              completed 3 left
              entered 6 join
              arrived 6 join flow="left.flow1"
              joined 6 join with=[5]
              entered 6 enough
              entered 6 end
              ended 6 end
              finished
            = completed end
            = {"rounds":2}
        "#]],
    );
}

#[test]
fn a_gateway_both_joins_and_splits() {
    check(
        r#"
  - { start: Start, then: [both, both] }
  - { id: both, parallel: [left, right] }
  - { id: left, activity: work, then: end }
  - { id: right, activity: work, then: end }
"#,
        "start
         done 1
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 both
              arrived 0 both flow="start.flow1"
              entered 1 both
              arrived 1 both flow="start.flow2"
              joined 1 both with=[0]
              entered 1 left
              began 1 left
              entered 2 right
              began 2 right
              + runActivity 1 left activity="work" attempt=1 parameters={}
              + runActivity 2 right activity="work" attempt=1 parameters={}
            > done 1
              completed 1 left
              entered 3 end
              ended 3 end
            > done 2
              completed 2 right
              entered 4 end
              ended 4 end
              finished
            = completed end end
        "#]],
    );
}
