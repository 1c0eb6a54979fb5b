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
        "start amount=1 usual=4 limit=0
         set !amount=5
         set !usual=none
         set !usual=3 !amount=5",
        expect![[r#"
            > start amount=1 usual=4 limit=0
              started variables={"amount":1,"limit":0,"usual":4}
              entered 0 start
              entered 0 step-1
              rested 0 step-1
              subscribed 0 much awaited={"condition":{"held":false}} catch=0
              subscribed 0 step-1.other awaited={"signal":{"name":"other"}} catch=1
              + subscribe awaited={"signal":{"name":"other"}} catch=1
            > set !amount=5
              set writes=[{"at":["amount"],"value":5}]
            > set !usual=none
              set writes=[{"at":["usual"],"value":"none"}]
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
            = {"amount":5,"limit":0,"over":1,"usual":3}
        "#]],
    );
}

#[test]
fn a_property_concerns_only_the_conditions_on_the_boundary_of_its_task() {
    check(
        r#"
  - id: box
    variables: { n: 5 }
    steps:
      - parallel: [made, changed, ask]
      - { catch: Made, id: made, condition: "x > 0", variable: n, change: created, then: [] }
      - { catch: Changed, id: changed, condition: "x > 0", variable: n, change: updated, then: [] }
      - { id: ask, activity: ask }
      - id: work
        activity: work
        variables: { n: 9 }
        then: []
        on:
          - { condition: "x > 0", variable: n, change: created, id: new, interrupting: false, then: noted }
          - { condition: "x > 1", variable: n, change: updated, id: written, interrupting: false, then: noted }
      - { id: noted, do: nothing, then: [] }
"#,
        "start
         done ask
         set !x=2
         waits work !n=10
         set-in 0 !n=6
         set !n=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 box
              began 0 box
              opened 0 box of="subProcess" scope=0 variables={"n":5}
              entered 1 box.start scope=0
              entered 1 box.step-1
              entered 1 made
              rested 1 made
              subscribed 1 made awaited={"condition":{"held":false}} catch=0
              entered 2 changed scope=0
              rested 2 changed
              subscribed 2 changed awaited={"condition":{"held":false}} catch=1
              entered 3 ask scope=0
              began 3 ask
              + runActivity 3 ask activity="ask" attempt=1 parameters={}
            > done ask
              completed 3 ask
              entered 4 work scope=0
              set 4 writes=[{"at":["n"],"value":9}]
              began 4 work
              subscribed 4 new awaited={"condition":{"held":false}} catch=2
              subscribed 4 written awaited={"condition":{"held":false}} catch=3
              + runActivity 4 work activity="work" attempt=1 parameters={}
            > set !x=2
              set writes=[{"at":["x"],"value":2}]
            > waits work !n=10
              wrote 4 work writes=[{"at":["n"],"value":10}]
              waited 4 work
              turned written catch=3 held=true
              caught written again=true catch=3
              entered 5 written scope=0
              entered 5 noted
              began 5 noted
              completed 5 noted
              ended 5 noted
            > set-in 0 !n=6
              set scope=0 writes=[{"at":["n"],"value":6}]
              turned changed catch=1 held=true
              caught changed catch=1
              ended 2 changed
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
            = active noted changed
            = {"n":1,"x":2}
            = 0 box "inside"
            = 1 made "catching"
            = 4 work "waiting"
        "#]],
    );
}

#[test]
fn a_variable_that_a_condition_cannot_see_does_not_concern_it() {
    check(
        r#"
  - parallel: [outside, box]
  - { catch: Outside, id: outside, condition: "y > 0", variable: x, then: [] }
  - id: box
    variables: { x: 1, z: 1 }
    then: []
    steps:
      - parallel: [inside, new, ask]
      - { catch: Inside, id: inside, condition: "y > 0", variable: x, then: [] }
      - { catch: New, id: new, condition: "y > 0", change: created, then: [] }
      - { id: ask, activity: ask, variables: { x: 5, y: 7 } }
      - { id: again, activity: ask, variables: { w: 5 }, then: [] }
"#,
        "start x=0 y=0
         set !y=1
         waits ask !x=6 !y=8
         done ask
         set !x=1
         set-in 0 !x=2
         set-in 0 !q=1",
        expect![[r#"
            > start x=0 y=0
              started variables={"x":0,"y":0}
              entered 0 start
              entered 0 step-1
              entered 0 outside
              rested 0 outside
              subscribed 0 outside awaited={"condition":{"held":false}} catch=0
              entered 1 box
              began 1 box
              opened 1 box of="subProcess" scope=0 variables={"x":1,"z":1}
              entered 2 box.start scope=0
              entered 2 box.step-1
              entered 2 inside
              rested 2 inside
              subscribed 2 inside awaited={"condition":{"held":false}} catch=1
              entered 3 new scope=0
              rested 3 new
              subscribed 3 new awaited={"condition":{"held":false}} catch=2
              entered 4 ask scope=0
              set 4 writes=[{"at":["x"],"value":5},{"at":["y"],"value":7}]
              began 4 ask
              + runActivity 4 ask activity="ask" attempt=1 parameters={}
            > set !y=1
              set writes=[{"at":["y"],"value":1}]
            > waits ask !x=6 !y=8
              wrote 4 ask writes=[{"at":["x"],"value":6},{"at":["y"],"value":8}]
              waited 4 ask
            > done ask
              completed 4 ask
              entered 5 again scope=0
              set 5 writes=[{"at":["w"],"value":5}]
              began 5 again
              + runActivity 5 again activity="ask" attempt=1 parameters={}
            > set !x=1
              set writes=[{"at":["x"],"value":1}]
              turned outside catch=0 held=true
              caught outside catch=0
              ended 0 outside
            > set-in 0 !x=2
              set scope=0 writes=[{"at":["x"],"value":2}]
              turned inside catch=1 held=true
              caught inside catch=1
              ended 2 inside
            > set-in 0 !q=1
              set scope=0 writes=[{"at":["q"],"value":1}]
              turned new catch=2 held=true
              caught new catch=2
              ended 3 new
            = active outside inside new
            = {"x":1,"y":1}
            = 1 box "inside"
            = 5 again {"running":{"attempt":1}}
        "#]],
    );
}
