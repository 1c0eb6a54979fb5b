//! Stories of variables: inputs, outputs, locals and what activities write.

use expect_test::expect;

use super::check::check;

#[test]
fn inputs_keep_their_types_and_see_those_before_them() {
    check(
        r#"
  - id: one
    activity: work
    with:
      a: "${n}"
      b: [text, "n is ${n}", "${n + 1}", { deep: "${user.name}" }, true, 1.5]
      c: { a: "${a * 2}", none: "${null}" }
"#,
        r#"start n=1 user={"name":"Ada"}"#,
        expect![[r#"
            > start n=1 user={"name":"Ada"}
              started variables={"n":1,"user":{"name":"Ada"}}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1,"b":["text","n is 1",2,{"deep":"Ada"},true,1.5],"c":{"a":2,"none":null}}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1,"b":["text","n is 1",2,{"deep":"Ada"},true,1.5],"c":{"a":2,"none":null}}
            = active
            = {"n":1,"user":{"name":"Ada"}}
            = 0 one {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn inputs_end_with_their_task_and_hide_process_variables_of_the_same_name() {
    check(
        r#"
  - { id: one, activity: work, with: { a: local }, out: { seen: "${a}", given: "${execution.hasVariableLocal('a')}" } }
  - { id: two, activity: work, out: { later: "${a}", given: "${execution.hasVariableLocal('a')}" } }
"#,
        "start a=global
         done 0
         done 1",
        expect![[r#"
            > start a=global
              started variables={"a":"global"}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":"local"}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":"local"}
            > done 0
              wrote 0 one writes=[{"at":["seen"],"value":"local"},{"at":["given"],"value":true}]
              completed 0 one
              entered 1 two
              began 1 two
              + runActivity 1 two activity="work" attempt=1 parameters={}
            > done 1
              wrote 1 two writes=[{"at":["later"],"value":"global"},{"at":["given"],"value":false}]
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"a":"global","given":false,"later":"global","seen":"local"}
        "#]],
    );
}

#[test]
fn outputs_see_the_answer_the_inputs_the_writes_and_the_outputs_before_them() {
    check(
        r#"
  - id: one
    activity: work
    with: { a: input, b: hidden }
    out: { all: "${a} ${b} ${checks.face}", further: "${all}!" }
"#,
        "start checks={}
         done 0 b=answer !checks.face=PASS",
        expect![[r#"
            > start checks={}
              started variables={"checks":{}}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":"input","b":"hidden"}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":"input","b":"hidden"}
            > done 0 b=answer !checks.face=PASS
              wrote 0 one writes=[{"at":["checks","face"],"value":"PASS"}]
              wrote 0 one writes=[{"at":["all"],"value":"input answer PASS"},{"at":["further"],"value":"input answer PASS!"}]
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"all":"input answer PASS","checks":{"face":"PASS"},"further":"input answer PASS!"}
        "#]],
    );
}

#[test]
fn an_answer_is_known_to_the_outputs_only() {
    check(
        r#"
  - { id: one, activity: work, out: { _decision: "${decision}" } }
"#,
        r#"start
         done 0 decision="PASS" secret=1"#,
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > done 0 decision="PASS" secret=1
              wrote 0 one writes=[{"at":["_decision"],"value":"PASS"}]
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"_decision":"PASS"}
        "#]],
    );
}

#[test]
fn writes_go_to_any_depth_while_running_waiting_and_failing() {
    check(
        r#"
  - { id: one, activity: ask, on: [{ error: Lost, then: end }] }
"#,
        r#"start checks={"face":{"status":"FAIL"}}
         waits 0 !checks.face.status=REVIEW !checks.text={"status":"PASS"}
         error 0 Lost !checks.face.score=0.5 !tries=1"#,
        expect![[r#"
            > start checks={"face":{"status":"FAIL"}}
              started variables={"checks":{"face":{"status":"FAIL"}}}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0 !checks.face.status=REVIEW !checks.text={"status":"PASS"}
              wrote 0 one writes=[{"at":["checks","face","status"],"value":"REVIEW"},{"at":["checks","text"],"value":{"status":"PASS"}}]
              waited 0 one
            > error 0 Lost !checks.face.score=0.5 !tries=1
              wrote 0 one writes=[{"at":["checks","face","score"],"value":0.5},{"at":["tries"],"value":1}]
              errorRaised 0 one code="Lost" message=""
              interrupted 0 one by="one.Lost"
              entered 1 one.Lost
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"checks":{"face":{"score":0.5,"status":"REVIEW"},"text":{"status":"PASS"}},"tries":1}
        "#]],
    );
}

#[test]
fn an_input_without_a_value_stops_the_path_before_anything_is_asked_for() {
    check(
        r#"
  - { start: Start, then: [one, mend] }
  - { id: one, activity: work, then: end, with: { a: "${missing}" }, on: [{ timer: PT1M, then: end }] }
  - { id: mend, activity: work }
"#,
        "start
         retry 0
         done 1 !missing=found
         retry 0
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              incidentRaised 0 one message="input `a`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="entering"
              entered 1 mend
              began 1 mend
              + runActivity 1 mend activity="work" attempt=1 parameters={}
            > retry 0
              incidentTakenUp 0 one
              incidentRaised 0 one message="input `a`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="entering"
            > done 1 !missing=found
              wrote 1 mend writes=[{"at":["missing"],"value":"found"}]
              completed 1 mend
              entered 2 end
              ended 2 end
            > retry 0
              incidentTakenUp 0 one
              began 0 one locals={"a":"found"}
              armed 0 timer 0 one.timer due 1m
              + armTimer timer 0 due 1m
              + runActivity 0 one activity="work" attempt=1 parameters={"a":"found"}
            > done 0
              disarmed timer 0 one.timer
              completed 0 one
              entered 3 end
              ended 3 end
              finished
              + disarmTimer timer 0 due 1m
            = completed end end
            = {"missing":"found"}
        "#]],
    );
}

#[test]
fn an_output_without_a_value_keeps_the_answer_and_never_asks_the_activity_again() {
    check(
        r#"
  - { start: Start, then: [one, mend] }
  - id: one
    activity: ask
    with: { a: 1 }
    out: { good: "${answer}", bad: "${answer + missing + a}" }
    on: [{ timer: PT1H, then: end }]
    then: end
  - { id: mend, activity: work }
"#,
        "start
         waits 0
         done 0 answer=40 !written=true
         done 0 answer=50
         retry 0
         done 1 !missing=1
         retry 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1}
              armed 0 timer 0 one.timer due 1h
              entered 1 mend
              began 1 mend
              + armTimer timer 0 due 1h
              + runActivity 0 one activity="ask" attempt=1 parameters={"a":1}
              + runActivity 1 mend activity="work" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > done 0 answer=40 !written=true
              wrote 0 one writes=[{"at":["written"],"value":true}]
              answered 0 one locals={"a":1,"answer":40}
              incidentRaised 0 one message="output `bad`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 12 of ${answer + missing + a})" moment="leaving"
            > done 0 answer=50
            ! path 0 at `one` does not wait for an answer
            > retry 0
              incidentTakenUp 0 one
              incidentRaised 0 one message="output `bad`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 12 of ${answer + missing + a})" moment="leaving"
            > done 1 !missing=1
              wrote 1 mend writes=[{"at":["missing"],"value":1}]
              completed 1 mend
              entered 2 end
              ended 2 end
            > retry 0
              incidentTakenUp 0 one
              wrote 0 one writes=[{"at":["good"],"value":40},{"at":["bad"],"value":42}]
              disarmed timer 0 one.timer
              completed 0 one
              entered 3 end
              ended 3 end
              finished
              + disarmTimer timer 0 due 1h
            = completed end end
            = {"bad":42,"good":40,"missing":1,"written":true}
        "#]],
    );
}

#[test]
fn an_incident_of_a_running_task_is_retried_with_its_inputs_evaluated_anew() {
    check(
        r#"
  - { start: Start, then: [one, mend] }
  - { id: one, activity: work, then: end, with: { a: "${n}" } }
  - { id: mend, activity: work, out: { n: "${n2}" } }
"#,
        "start n=1
         error 0 Odd
         done 1 n2=2
         retry 0
         done 0",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1}
              entered 1 mend
              began 1 mend
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1}
              + runActivity 1 mend activity="work" attempt=1 parameters={}
            > error 0 Odd
              errorRaised 0 one code="Odd" message=""
              incidentRaised 0 one message="no boundary event catches the error `Odd`" moment="running"
            > done 1 n2=2
              wrote 1 mend writes=[{"at":["n"],"value":2}]
              completed 1 mend
              entered 2 end
              ended 2 end
            > retry 0
              incidentTakenUp 0 one
              began 0 one locals={"a":2}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":2}
            > done 0
              completed 0 one
              entered 3 end
              ended 3 end
              finished
            = completed end end
            = {"n":2}
        "#]],
    );
}

#[test]
fn what_a_data_object_begins_with_is_only_for_what_is_not_given() {
    check(
        r#"
  - id: sub
    variables: { a: 1, b: 2 }
    with: { a: given }
    steps: [{ id: ask, activity: ask, with: { a: "${a} ${b}" } }]
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub locals={"a":"given"}
              opened 0 sub of="subProcess" scope=0 variables={"a":"given","b":2}
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask locals={"a":"given 2"}
              + runActivity 1 ask activity="ask" attempt=1 parameters={"a":"given 2"}
            = active
            = 0 sub "inside"
            = 1 ask {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn a_decimal_is_the_same_when_it_was_written_down() {
    // Every story reads the instance back after each command.
    let steps = r#"
  - { script: '1 / 11', result: eleventh }
  - { activity: ask }
  - choose:
      - { when: 'eleventh == 1 / 11 && price == 4.35 * 3', then: same }
      - { otherwise: other }
  - { end: Same }
  - { end: Other }
"#;
    check(
        steps,
        "start price=13.049999999999999\n done ask",
        expect![[r#"
        > start price=13.049999999999999
          started variables={"price":13.049999999999999}
          entered 0 start
          entered 0 step-1
          began 0 step-1
          wrote 0 step-1 writes=[{"at":["eleventh"],"value":0.09090909090909091}]
          completed 0 step-1
          entered 1 ask
          began 1 ask
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > done ask
          completed 1 ask
          entered 2 step-3
          entered 2 same
          ended 2 same
          finished
        = completed same
        = {"eleventh":0.09090909090909091,"price":13.049999999999999}
    "#]],
    );
}
