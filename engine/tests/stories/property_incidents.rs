//! Stories of properties whose value is mended after an incident.

use expect_test::expect;

use super::check::check;

#[test]
fn what_came_is_kept_until_the_inputs_behind_an_event_gateway_have_a_value() {
    check(
        r#"
  - await: [receipt, refusal]
  - { receive: paid, id: receipt, key: "1", variables: { part: "${10 / d}" }, with: { c: "${part + e}" }, out: { got: "${c + v}", part: "${got}", total: "${part}" }, then: end }
  - { receive: refused, id: refusal, key: "1" }
"#,
        "start d=2 e=1
         set !d=x !e=x
         deliver 0 v=1
         set !d=5
         retry 0
         set !e=2
         retry 0",
        expect![[r#"
            > start d=2 e=1
              started variables={"d":2,"e":1}
              entered 0 start
              entered 0 step-1
              rested 0 step-1
              subscribed 0 receipt awaited={"message":{"key":"1","name":"paid"}} catch=0
              subscribed 0 refusal awaited={"message":{"key":"1","name":"refused"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"paid"}} catch=0
              + subscribe awaited={"message":{"key":"1","name":"refused"}} catch=1
            > set !d=x !e=x
              set writes=[{"at":["d"],"value":"x"},{"at":["e"],"value":"x"}]
            > deliver 0 v=1
              caught receipt catch=0
              unsubscribed refusal catch=1
              entered 0 receipt
              answered 0 receipt locals={"v":1}
              incidentRaised 0 receipt message="variable `part`: the text \"x\" is not a number (at character 6 of ${10 / d})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"paid"}} catch=0
              + unsubscribe awaited={"message":{"key":"1","name":"refused"}} catch=1
            > set !d=5
              set writes=[{"at":["d"],"value":5}]
            > retry 0
              incidentTakenUp 0 receipt
              set 0 writes=[{"at":["part"],"value":2.0}]
              incidentRaised 0 receipt message="input `c`: the text \"x\" is not a number; + adds numbers, += joins texts (at character 8 of ${part + e})" moment="leaving"
            > set !e=2
              set writes=[{"at":["e"],"value":2}]
            > retry 0
              incidentTakenUp 0 receipt
              answered 0 receipt locals={"c":4.0,"v":1}
              wrote 0 receipt writes=[{"at":["got"],"value":5.0},{"at":["part"],"value":5.0},{"at":["total"],"value":5.0}]
              completed 0 receipt
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"d":5,"e":2,"got":5.0,"total":5.0}
        "#]],
    );
}

#[test]
fn a_retry_by_a_person_declares_properties_anew_and_sets_nothing_else_twice() {
    check(
        r#"
  - { id: one, activity: work, variables: { p: "${base}", q: }, enter: { entries: "${entries + 1}", q: "${p * 2}" }, retry: [PT1M], out: { got: "${p + q}" } }
  - { catch: Answer, id: two, message: answer, key: "${10 / p}", variables: { p: "${late}" }, enter: { p: "${p + later}", entries: "${entries + 1}" }, out: { key: "${p}" } }
  - { throw: Told, id: three, signal: "news${10 / p}", variables: { p: "${last}" } }
"#,
        r#"start base=1 entries=0 late=0 later=0 last=0
         fault one broken
         set !base=2
         wait 60
         fault one broken
         retry one
         fault-for-good one broken
         set !base=x
         retry one
         set !base=3
         retry one
         done one
         retry two
         set !late=4 !later=1
         retry two
         deliver two
         set !last=5
         retry three"#,
        expect![[r#"
            > start base=1 entries=0 late=0 later=0 last=0
              started variables={"base":1,"entries":0,"last":0,"late":0,"later":0}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["p"],"value":1},{"at":["q"],"value":null}]
              began 0 one
              wrote 0 one writes=[{"at":["entries"],"value":1},{"at":["q"],"value":2}]
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault one broken
              faulted 0 timer 0 one attempt=2 due 1m message="broken"
              + armTimer timer 0 due 1m
            > set !base=2
              set writes=[{"at":["base"],"value":2}]
            > wait 60
              1m timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > fault one broken
              incidentRaised 0 one message="broken" moment="running"
            > retry one
              incidentTakenUp 0 one
              set 0 writes=[{"at":["p"],"value":2},{"at":["q"],"value":null}]
              began 0 one
              wrote 0 one writes=[{"at":["q"],"value":4}]
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault-for-good one broken
              incidentRaised 0 one message="broken" moment="running"
            > set !base=x
              set writes=[{"at":["base"],"value":"x"}]
            > retry one
              incidentTakenUp 0 one
              set 0 writes=[{"at":["p"],"value":"x"},{"at":["q"],"value":null}]
              incidentRaised 0 one message="set `q`: the text \"x\" is not a number (at character 5 of ${p * 2})" moment="running"
            > set !base=3
              set writes=[{"at":["base"],"value":3}]
            > retry one
              incidentTakenUp 0 one
              set 0 writes=[{"at":["p"],"value":3},{"at":["q"],"value":null}]
              began 0 one
              wrote 0 one writes=[{"at":["q"],"value":6}]
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > done one
              wrote 0 one writes=[{"at":["got"],"value":9}]
              completed 0 one
              entered 1 two
              set 1 writes=[{"at":["p"],"value":0}]
              wrote 1 two writes=[{"at":["p"],"value":0},{"at":["entries"],"value":2}]
              incidentRaised 1 two message="event `two`: the correlation key: division by zero (at character 6 of ${10 / p})" moment="entering"
            > retry two
              incidentTakenUp 1 two
              set 1 writes=[{"at":["p"],"value":0}]
              wrote 1 two writes=[{"at":["p"],"value":0}]
              incidentRaised 1 two message="event `two`: the correlation key: division by zero (at character 6 of ${10 / p})" moment="entering"
            > set !late=4 !later=1
              set writes=[{"at":["late"],"value":4},{"at":["later"],"value":1}]
            > retry two
              incidentTakenUp 1 two
              set 1 writes=[{"at":["p"],"value":4}]
              wrote 1 two writes=[{"at":["p"],"value":5}]
              rested 1 two
              subscribed 1 two awaited={"message":{"key":"2.0","name":"answer"}} catch=0
              + subscribe awaited={"message":{"key":"2.0","name":"answer"}} catch=0
            > deliver two
              caught two catch=0
              wrote 1 two writes=[{"at":["key"],"value":5}]
              entered 1 three
              set 1 writes=[{"at":["p"],"value":0}]
              incidentRaised 1 three message="the name of the signal: division by zero (at character 10 of ${10 / p})" moment="entering"
              + unsubscribe awaited={"message":{"key":"2.0","name":"answer"}} catch=0
            > set !last=5
              set writes=[{"at":["last"],"value":5}]
            > retry three
              incidentTakenUp 1 three
              set 1 writes=[{"at":["p"],"value":5}]
              signalled 1 three name="news2.0"
              entered 1 end
              ended 1 end
              finished
              + sendSignal three name="news2.0" payload={}
            = completed end
            = {"base":3,"entries":2,"got":9,"key":5,"last":5,"late":4,"later":1}
        "#]],
    );
}

#[test]
fn a_script_that_could_not_use_its_property_can_once_its_cause_is_mended() {
    check(
        r#"
  - { id: one, script: "10 / p", result: r, variables: { p: "${base}" } }
"#,
        "start base=x
         set !base=2
         retry 0",
        expect![[r#"
            > start base=x
              started variables={"base":"x"}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["p"],"value":"x"}]
              began 0 one
              incidentRaised 0 one message="script: the text \"x\" is not a number (at character 6 of ${10 / p})" moment="running"
            > set !base=2
              set writes=[{"at":["base"],"value":2}]
            > retry 0
              incidentTakenUp 0 one
              set 0 writes=[{"at":["p"],"value":2}]
              began 0 one
              wrote 0 one writes=[{"at":["r"],"value":5.0}]
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"base":2,"r":5.0}
        "#]],
    );
}
