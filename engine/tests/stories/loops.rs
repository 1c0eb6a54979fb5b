//! Stories of loops and quantities: again while a condition holds, and several paths at once.

use expect_test::expect;

use super::check::check;

const LOOP: &str = r#"
  - { id: again, activity: ask, loop: { while: "n < 2", most: "${most}" }, out: { n: "${n + 1}" }, on: [{ timer: PT1H, then: late }] }
  - { end: Done }
  - { end: Late }
"#;

#[test]
fn a_loop_goes_on_while_its_condition_holds_and_not_more_often_than_allowed() {
    check(
        LOOP,
        "start n=0 most=9\n done again\n done again",
        expect![[r#"
            > start n=0 most=9
              started variables={"most":9,"n":0}
              entered 0 start
              entered 0 again
              armed 0 timer 0 again.timer due 1h
              opened 0 again of="body" scope=0 variables={"loopCounter":0,"loopMaximum":9}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              + armTimer timer 0 due 1h
              + runActivity 1 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 1 again writes=[{"at":["n"],"value":1}]
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              entered 2 again scope=0
              given 2 again locals={"loopCounter":1}
              began 2 again
              + runActivity 2 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 2 again writes=[{"at":["n"],"value":2}]
              completed 2 again
              set scope=0 writes=[{"at":["loopCounter"],"value":2}]
              disarmed timer 0 again.timer
              closed again scope=0
              completed 0 again
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"most":9,"n":2}
        "#]],
    );
    check(
        LOOP,
        "start n=-9 most=2\n done again\n done again",
        expect![[r#"
            > start n=-9 most=2
              started variables={"most":2,"n":-9}
              entered 0 start
              entered 0 again
              armed 0 timer 0 again.timer due 1h
              opened 0 again of="body" scope=0 variables={"loopCounter":0,"loopMaximum":2}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              + armTimer timer 0 due 1h
              + runActivity 1 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 1 again writes=[{"at":["n"],"value":-8}]
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              entered 2 again scope=0
              given 2 again locals={"loopCounter":1}
              began 2 again
              + runActivity 2 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 2 again writes=[{"at":["n"],"value":-7}]
              completed 2 again
              set scope=0 writes=[{"at":["loopCounter"],"value":2}]
              disarmed timer 0 again.timer
              closed again scope=0
              completed 0 again
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"most":2,"n":-7}
        "#]],
    );
    check(
        LOOP,
        "start n=5 most=2\n done again",
        expect![[r#"
            > start n=5 most=2
              started variables={"most":2,"n":5}
              entered 0 start
              entered 0 again
              armed 0 timer 0 again.timer due 1h
              opened 0 again of="body" scope=0 variables={"loopCounter":0,"loopMaximum":2}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              + armTimer timer 0 due 1h
              + runActivity 1 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 1 again writes=[{"at":["n"],"value":6}]
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              disarmed timer 0 again.timer
              closed again scope=0
              completed 0 again
              entered 2 done
              ended 2 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"most":2,"n":6}
        "#]],
    );
    check(
        LOOP,
        "start n=0 most=2\n done again\n wait 3600",
        expect![[r#"
            > start n=0 most=2
              started variables={"most":2,"n":0}
              entered 0 start
              entered 0 again
              armed 0 timer 0 again.timer due 1h
              opened 0 again of="body" scope=0 variables={"loopCounter":0,"loopMaximum":2}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              + armTimer timer 0 due 1h
              + runActivity 1 again activity="ask" attempt=1 parameters={}
            > done again
              wrote 1 again writes=[{"at":["n"],"value":1}]
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              entered 2 again scope=0
              given 2 again locals={"loopCounter":1}
              began 2 again
              + runActivity 2 again activity="ask" attempt=1 parameters={}
            > wait 3600
              1h timer 0 is due
              fired timer 0 again.timer
              wrote 0 again writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 2 again
              closed again scope=0
              interrupted 0 again by="again.timer"
              entered 3 again.timer
              entered 3 late
              ended 3 late
              finished
            = completed late
            = {"_timedOut":true,"most":2,"n":1}
        "#]],
    );
    check(
        LOOP,
        "start n=0\n resolve again",
        expect![[r#"
        > start n=0
          started variables={"n":0}
          entered 0 start
          entered 0 again
          incidentRaised 0 again message="the loop maximum: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 3 of ${most})" moment="entering"
        > resolve again
          incidentTakenUp 0 again resolved=true
          completed 0 again
          entered 1 done
          ended 1 done
          finished
        = completed done
        = {"n":0}
    "#]],
    );
}

#[test]
fn a_loop_may_ask_its_condition_before_the_first_turn() {
    check(
        r#"
  - { id: again, activity: ask, while: loopCounter < n }
"#,
        "start n=0",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 again
              completed 0 again
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"n":0}
        "#]],
    );
    check(
        r#"
  - { id: again, activity: ask, while: loopCounter < n }
"#,
        "start
         set !n=2
         retry again
         done again !n=bad
         set !n=2
         retry again
         done again",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 again
              incidentRaised 0 again message="the loop condition has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 17 of ${loopCounter < n})" moment="entering"
            > set !n=2
              set writes=[{"at":["n"],"value":2}]
            > retry again
              incidentTakenUp 0 again
              opened 0 again of="body" scope=0 variables={"loopCounter":0}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              + runActivity 1 again activity="ask" attempt=1 parameters={}
            > done again !n=bad
              wrote 1 again writes=[{"at":["n"],"value":"bad"}]
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              incidentRaised 0 again message="the loop condition has no value: the text \"bad\" is not a number (at character 15 of ${loopCounter < n})" moment="leaving"
            > set !n=2
              set writes=[{"at":["n"],"value":2}]
            > retry again
              incidentTakenUp 0 again
              rested 0 again
              entered 2 again scope=0
              given 2 again locals={"loopCounter":1}
              began 2 again
              + runActivity 2 again activity="ask" attempt=1 parameters={}
            > done again
              completed 2 again
              set scope=0 writes=[{"at":["loopCounter"],"value":2}]
              closed again scope=0
              completed 0 again
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"n":2}
        "#]],
    );
}

#[test]
fn a_sub_process_is_done_again_with_fresh_variables() {
    check(
        r#"
  - id: again
    loop: { while: more }
    variables: { own: 0 }
    steps: [{ script: own + 1, result: own }, { id: ask, activity: ask, with: { a: "${own}", b: "${loopCounter}" } }]
"#,
        "start more=true\n done ask\n done ask !more=false",
        expect![[r#"
            > start more=true
              started variables={"more":true}
              entered 0 start
              entered 0 again
              opened 0 again of="body" scope=0 variables={"loopCounter":0}
              entered 1 again scope=0
              given 1 again locals={"loopCounter":0}
              began 1 again
              opened 1 again of="subProcess" scope=1 variables={"loopCounter":0,"own":0}
              entered 2 again.start scope=1
              entered 2 again.step-1
              began 2 again.step-1
              wrote 2 again.step-1 writes=[{"at":["own"],"value":1}]
              completed 2 again.step-1
              entered 3 ask scope=1
              began 3 ask locals={"a":1,"b":0}
              + runActivity 3 ask activity="ask" attempt=1 parameters={"a":1,"b":0}
            > done ask
              completed 3 ask
              entered 4 again.end scope=1
              ended 4 again.end
              closed again scope=1
              completed 1 again
              set scope=0 writes=[{"at":["loopCounter"],"value":1}]
              entered 5 again scope=0
              given 5 again locals={"loopCounter":1}
              began 5 again
              opened 5 again of="subProcess" scope=2 variables={"loopCounter":1,"own":0}
              entered 6 again.start scope=2
              entered 6 again.step-1
              began 6 again.step-1
              wrote 6 again.step-1 writes=[{"at":["own"],"value":1}]
              completed 6 again.step-1
              entered 7 ask scope=2
              began 7 ask locals={"a":1,"b":1}
              + runActivity 7 ask activity="ask" attempt=1 parameters={"a":1,"b":1}
            > done ask !more=false
              wrote 7 ask writes=[{"at":["more"],"value":false}]
              completed 7 ask
              entered 8 again.end scope=2
              ended 8 again.end
              closed again scope=2
              completed 5 again
              set scope=0 writes=[{"at":["loopCounter"],"value":2}]
              closed again scope=0
              completed 0 again
              entered 9 end
              ended 9 end
              finished
            = completed again.end again.end end
            = {"more":false}
        "#]],
    );
}

#[test]
fn an_activity_may_take_several_paths_to_begin_and_send_several_on() {
    check(
        r#"
  - { start: Start, then: [both, both, both] }
  - { id: both, activity: ask, needs: 2, makes: 2, with: { a: "${n}" }, then: after }
  - { id: after, activity: ask }
"#,
        "start
         set !n=1
         retry both
         done both
         done after
         done after",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 both
              arrived 0 both flow="start.flow1"
              entered 1 both
              arrived 1 both flow="start.flow2"
              joined 0 both with=[1]
              incidentRaised 0 both message="input `a`: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n})" moment="entering"
              entered 2 both
              arrived 2 both flow="start.flow3"
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
            > retry both
              incidentTakenUp 0 both
              began 0 both locals={"a":1}
              + runActivity 0 both activity="ask" attempt=1 parameters={"a":1}
            > done both
              completed 0 both
              entered 3 after
              began 3 after
              entered 4 after
              began 4 after
              + runActivity 3 after activity="ask" attempt=1 parameters={}
              + runActivity 4 after activity="ask" attempt=1 parameters={}
            > done after
              completed 3 after
              entered 5 end
              ended 5 end
            > done after
              completed 4 after
              entered 6 end
              ended 6 end
            = active end end
            = {"n":1}
            = 2 both "joining"
        "#]],
    );
}

#[test]
fn as_many_instances_as_a_quotient_says() {
    check(
        r#"
  - { id: many, activity: ask, each: { times: "${n / 2}" } }
"#,
        "start n=4\n done 1\n done 2",
        expect![[r#"
            > start n=4
              started variables={"n":4}
              entered 0 start
              entered 0 many
              opened 0 many of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 many scope=0
              given 1 many locals={"loopCounter":0}
              began 1 many
              entered 2 many scope=0
              given 2 many locals={"loopCounter":1}
              began 2 many
              + runActivity 1 many activity="ask" attempt=1 parameters={}
              + runActivity 2 many activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 many
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 2
              completed 2 many
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              closed many scope=0
              completed 0 many
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"n":4}
        "#]],
    );
    check(
        r#"
  - { id: many, activity: ask, each: { times: "${n / 2}" } }
"#,
        "start n=5",
        expect![[r#"
            > start n=5
              started variables={"n":5}
              entered 0 start
              entered 0 many
              incidentRaised 0 many message="2.5 is no number of instances" moment="entering"
            = active
            = {"n":5}
            = 0 many {"incident":{"message":"2.5 is no number of instances","moment":"entering"}}
        "#]],
    );
}
