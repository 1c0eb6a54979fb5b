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
