//! Stories of events that await all of their triggers anew when all have come.

use expect_test::expect;

use super::check::check;

#[test]
fn what_cannot_be_awaited_anew_is_an_incident_and_is_awaited_when_that_is_mended() {
    let steps = r#"
  - id: ask
    activity: ask
    on:
      - { all: [{ message: one, key: "${k.length()}" }, { signal: two }], id: both, interrupting: false, then: end }
"#;
    check(
        steps,
        "start k=ab\n deliver 0\n set !k=5\n signal two\n set !k=abc\n retry both\n deliver 2\n signal two\n done ask",
        expect![[r#"
            > start k=ab
              started variables={"k":"ab"}
              entered 0 start
              entered 0 ask
              began 0 ask
              subscribed 0 both awaited={"message":{"key":"2","name":"one"}} catch=0
              subscribed 0 both awaited={"signal":{"name":"two"}} catch=1 definition=1
              + subscribe awaited={"message":{"key":"2","name":"one"}} catch=0
              + subscribe awaited={"signal":{"name":"two"}} catch=1
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver 0
              caught both catch=0
              + unsubscribe awaited={"message":{"key":"2","name":"one"}} catch=0
            > set !k=5
              set writes=[{"at":["k"],"value":5}]
            > signal two
              caught both catch=1
              entered 1 both
              incidentRaised 1 both message="event `both`: the correlation key: a number has no method length() (at character 5 of ${k.length()})" moment="entering"
              + unsubscribe awaited={"signal":{"name":"two"}} catch=1
            > set !k=abc
              set writes=[{"at":["k"],"value":"abc"}]
            > retry both
              incidentTakenUp 1 both
              subscribed 0 both awaited={"message":{"key":"3","name":"one"}} catch=2
              subscribed 0 both awaited={"signal":{"name":"two"}} catch=3 definition=1
              entered 1 end
              ended 1 end
              + subscribe awaited={"message":{"key":"3","name":"one"}} catch=2
              + subscribe awaited={"signal":{"name":"two"}} catch=3
            > deliver 2
              caught both catch=2
              + unsubscribe awaited={"message":{"key":"3","name":"one"}} catch=2
            > signal two
              caught both catch=3
              entered 2 both
              subscribed 0 both awaited={"message":{"key":"3","name":"one"}} catch=4
              subscribed 0 both awaited={"signal":{"name":"two"}} catch=5 definition=1
              entered 2 end
              ended 2 end
              + unsubscribe awaited={"signal":{"name":"two"}} catch=3
              + subscribe awaited={"message":{"key":"3","name":"one"}} catch=4
              + subscribe awaited={"signal":{"name":"two"}} catch=5
            > done ask
              unsubscribed both catch=4
              unsubscribed both catch=5
              completed 0 ask
              entered 3 end
              ended 3 end
              finished
              + unsubscribe awaited={"message":{"key":"3","name":"one"}} catch=4
              + unsubscribe awaited={"signal":{"name":"two"}} catch=5
            = completed end end end
            = {"k":"abc"}
        "#]],
    );
    let steps = r#"
  - { id: ask, activity: ask }
events:
  - all: [{ message: one, key: "${k.length()}" }, { signal: two }]
    id: both
    interrupting: false
    steps: [{ id: note, activity: work }]
"#;
    check(
        steps,
        "start k=ab\n deliver 0\n set !k=5\n signal two\n set !k=abc\n retry both\n done note\n deliver 2\n signal two",
        expect![[r#"
            > start k=ab
              started variables={"k":"ab"}
              subscribed both.start awaited={"message":{"key":"2","name":"one"}} catch=0
              subscribed both.start awaited={"signal":{"name":"two"}} catch=1 definition=1
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"key":"2","name":"one"}} catch=0
              + subscribe awaited={"signal":{"name":"two"}} catch=1
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver 0
              caught both.start catch=0
              + unsubscribe awaited={"message":{"key":"2","name":"one"}} catch=0
            > set !k=5
              set writes=[{"at":["k"],"value":5}]
            > signal two
              caught both.start catch=1
              entered 1 both
              incidentRaised 1 both message="event `both.start`: the correlation key: a number has no method length() (at character 5 of ${k.length()})" moment="entering"
              + unsubscribe awaited={"signal":{"name":"two"}} catch=1
            > set !k=abc
              set writes=[{"at":["k"],"value":"abc"}]
            > retry both
              incidentTakenUp 1 both
              subscribed both.start awaited={"message":{"key":"3","name":"one"}} catch=2
              subscribed both.start awaited={"signal":{"name":"two"}} catch=3 definition=1
              opened 1 both of="eventSubProcess" scope=0
              entered 2 both.start scope=0
              entered 2 note
              began 2 note
              + subscribe awaited={"message":{"key":"3","name":"one"}} catch=2
              + subscribe awaited={"signal":{"name":"two"}} catch=3
              + runActivity 2 note activity="work" attempt=1 parameters={}
            > done note
              completed 2 note
              entered 3 both.end scope=0
              ended 3 both.end
              closed both scope=0
              completed 1 both
            > deliver 2
              caught both.start catch=2
              + unsubscribe awaited={"message":{"key":"3","name":"one"}} catch=2
            > signal two
              caught both.start catch=3
              entered 4 both
              subscribed both.start awaited={"message":{"key":"3","name":"one"}} catch=4
              subscribed both.start awaited={"signal":{"name":"two"}} catch=5 definition=1
              opened 4 both of="eventSubProcess" scope=1
              entered 5 both.start scope=1
              entered 5 note
              began 5 note
              + unsubscribe awaited={"signal":{"name":"two"}} catch=3
              + subscribe awaited={"message":{"key":"3","name":"one"}} catch=4
              + subscribe awaited={"signal":{"name":"two"}} catch=5
              + runActivity 5 note activity="work" attempt=1 parameters={}
            = active both.end
            = {"k":"abc"}
            = 0 ask {"running":{"attempt":1}}
            = 4 both "inside"
            = 5 note {"running":{"attempt":1}}
        "#]],
    );
}
