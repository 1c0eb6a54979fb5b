//! Stories of tasks that end with an error by a condition, though their activity raised none.

use expect_test::expect;

use super::check::check;

const STEPS: &str = r#"
  - id: one
    activity: ask
    raise:
      - { error: Declined, message: "${score} points", when: score < 5 }
      - { error: Down, when: 'externalTask.errorMessage.contains("down")' }
    out: { kept: "${score}" }
    on:
      - { error: Declined, code: code, message: words, then: declined }
      - { error: Down, then: down }
  - { end: Fine }
  - { end: Declined }
  - { end: Down }
"#;

#[test]
fn a_condition_makes_an_answer_an_error() {
    check(
        STEPS,
        "start score=9\n done one",
        expect![[r#"
        > start score=9
          started variables={"score":9}
          entered 0 start
          entered 0 one
          began 0 one
          + runActivity 0 one activity="ask" attempt=1 parameters={}
        > done one
          wrote 0 one writes=[{"at":["kept"],"value":9}]
          completed 0 one
          entered 1 fine
          ended 1 fine
          finished
        = completed fine
        = {"kept":9,"score":9}
    "#]],
    );
    check(
        STEPS,
        "start score=9\n done one score=3",
        expect![[r#"
        > start score=9
          started variables={"score":9}
          entered 0 start
          entered 0 one
          began 0 one
          + runActivity 0 one activity="ask" attempt=1 parameters={}
        > done one score=3
          errorRaised 0 one code="Declined" message="3 points"
          wrote 0 one writes=[{"at":["code"],"value":"Declined"},{"at":["words"],"value":"3 points"}]
          interrupted 0 one by="one.Declined"
          entered 1 one.Declined
          entered 1 declined
          ended 1 declined
          finished
        = completed declined
        = {"code":"Declined","score":9,"words":"3 points"}
    "#]],
    );
}

#[test]
fn a_condition_makes_a_failure_an_error_and_any_other_failure_stays_one() {
    check(
        STEPS,
        "start score=9\n fault one it is down",
        expect![[r#"
        > start score=9
          started variables={"score":9}
          entered 0 start
          entered 0 one
          began 0 one
          + runActivity 0 one activity="ask" attempt=1 parameters={}
        > fault one it is down
          errorRaised 0 one code="Down" message=""
          interrupted 0 one by="one.Down"
          entered 1 one.Down
          entered 1 down
          ended 1 down
          finished
        = completed down
        = {"score":9}
    "#]],
    );
    check(
        STEPS,
        "start score=9\n fault one it is slow\n wait 10\n fault-for-good 0 it is down",
        expect![[r#"
            > start score=9
              started variables={"score":9}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > fault one it is slow
              faulted 0 timer 0 one attempt=2 due 10s message="it is slow"
              + armTimer timer 0 due 10s
            > wait 10
              10s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="ask" attempt=2 parameters={}
            > fault-for-good 0 it is down
              errorRaised 0 one code="Down" message=""
              interrupted 0 one by="one.Down"
              entered 1 one.Down
              entered 1 down
              ended 1 down
              finished
            = completed down
            = {"score":9}
        "#]],
    );
    // What cannot be told of a failure leaves it a failure.
    check(
        STEPS,
        "start\n fault one it is down\n wait 10\n fault-for-good 0 it is down\n retry one",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > fault one it is down
              faulted 0 timer 0 one attempt=2 due 10s message="it is down"
              + armTimer timer 0 due 10s
            > wait 10
              10s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="ask" attempt=2 parameters={}
            > fault-for-good 0 it is down
              incidentRaised 0 one message="it is down" moment="running"
            > retry one
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            = active
            = 0 one {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn a_condition_without_a_value_is_an_incident_that_does_not_ask_again() {
    check(
        STEPS,
        "start\n done one\n set !score=3\n retry one",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 one
          began 0 one
          + runActivity 0 one activity="ask" attempt=1 parameters={}
        > done one
          incidentRaised 0 one message="when the error `Declined` is raised: there is no variable score; if it may be missing, ask execution.hasVariable(\"score\") first (at character 3 of ${score < 5})" moment="leaving"
        > set !score=3
          set writes=[{"at":["score"],"value":3}]
        > retry one
          incidentTakenUp 0 one
          errorRaised 0 one code="Declined" message="3 points"
          wrote 0 one writes=[{"at":["code"],"value":"Declined"},{"at":["words"],"value":"3 points"}]
          interrupted 0 one by="one.Declined"
          entered 1 one.Declined
          entered 1 declined
          ended 1 declined
          finished
        = completed declined
        = {"code":"Declined","score":3,"words":"3 points"}
    "#]],
    );
}

#[test]
fn a_call_keeps_something_for_its_outputs_alone() {
    check(
        r#"
  - { call: child, take: { b: "${a}" }, keep: { own: "${a + 1}" }, out: { c: "${own + d}" } }
"#,
        "start\n done child a=1\n set !d=5\n retry child",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 child
              began 0 child
              + call 0 child process="child" variables={} version="latest"
            > done child a=1
              answered 0 child locals={"a":1}
              incidentRaised 0 child message="output `c`: there is no variable d; if it may be missing, ask execution.hasVariable(\"d\") first (at character 9 of ${own + d})" moment="leaving"
            > set !d=5
              set writes=[{"at":["d"],"value":5}]
            > retry child
              incidentTakenUp 0 child
              wrote 0 child writes=[{"at":["b"],"value":1},{"at":["c"],"value":7}]
              completed 0 child
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"b":1,"c":7,"d":5}
        "#]],
    );
    check(
        "  - { call: child, take: all, keep: { own: \"${a + 1}\" }, out: { c: \"${own + d}\" } }",
        "start\n done child a=1\n set !d=5\n retry child",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 child
              began 0 child
              + call 0 child process="child" variables={} version="latest"
            > done child a=1
              answered 0 child locals={"a":1}
              incidentRaised 0 child message="output `c`: there is no variable d; if it may be missing, ask execution.hasVariable(\"d\") first (at character 9 of ${own + d})" moment="leaving"
            > set !d=5
              set writes=[{"at":["d"],"value":5}]
            > retry child
              incidentTakenUp 0 child
              wrote 0 child writes=[{"at":["a"],"value":1},{"at":["c"],"value":7}]
              completed 0 child
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"a":1,"c":7,"d":5}
        "#]],
    );
}

#[test]
fn a_signal_takes_all_variables_along() {
    check(
        r#"
  - id: sub
    with: { inner: 3 }
    steps: [{ throw: All, signal: news, with: [all, { a: "${a + inner}" }] }]
"#,
        "start a=1 b=2",
        expect![[r#"
            > start a=1 b=2
              started variables={"a":1,"b":2}
              entered 0 start
              entered 0 sub
              began 0 sub locals={"inner":3}
              opened 0 sub of="subProcess" scope=0 variables={"inner":3}
              entered 1 sub.start scope=0
              entered 1 all
              signalled 1 all name="news"
              entered 1 sub.end
              ended 1 sub.end
              closed sub scope=0
              completed 0 sub
              entered 2 end
              ended 2 end
              finished
              + sendSignal all name="news" payload={"a":4,"b":2,"inner":3}
            = completed sub.end end
            = {"a":1,"b":2}
        "#]],
    );
}
