//! Stories of conditions and the properties that they see.

use expect_test::expect;

use super::check::check;

#[test]
fn a_condition_behind_an_event_gateway_sees_the_property_of_its_event() {
    check(
        r#"
  - await:
      - { condition: amount > limit, id: much, variables: { limit: "${usual + 1}" }, out: { over: "${amount - limit}" } }
      - { signal: other, then: end }
"#,
        "start amount=1 usual=4
         set !amount=5
         set !usual=3 !amount=5",
        expect![[r#"
            > start amount=1 usual=4
              started variables={"amount":1,"usual":4}
              entered 0 start
              entered 0 step-1
              rested 0 step-1
              subscribed 0 much awaited={"condition":{"held":false}} catch=0
              subscribed 0 step-1.other awaited={"signal":{"name":"other"}} catch=1
              + subscribe awaited={"signal":{"name":"other"}} catch=1
            > set !amount=5
              set writes=[{"at":["amount"],"value":5}]
            > set !usual=3 !amount=5
              set writes=[{"at":["usual"],"value":3},{"at":["amount"],"value":5}]
              turned much catch=0 held=true
              caught much catch=0
              unsubscribed step-1.other catch=1
              entered 0 much
              set 0 writes=[{"at":["limit"],"value":4}]
              wrote 0 much writes=[{"at":["over"],"value":1}]
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"signal":{"name":"other"}} catch=1
            = completed end
            = {"amount":5,"over":1,"usual":3}
        "#]],
    );
}
