//! Stories of what cannot begin until somebody has mended its variables.

use expect_test::expect;

use super::check::check;

#[test]
fn an_event_sub_process_that_cannot_begin_is_an_incident_and_keeps_what_came() {
    check(
        r#"
  - { id: ask, activity: ask }
events:
  - message: note
    id: noted
    variables: { own: "${given}" }
    steps: [{ id: read, activity: work, with: { a: "${word}" } }]
"#,
        "start
         deliver noted.start word=hello
         set !given=1
         retry noted
         done read",
        expect![[r#"
            > start
              started variables={}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver noted.start word=hello
              caught noted.start catch=0
              withdrawn 0 ask
              entered 1 noted
              answered 1 noted locals={"word":"hello"}
              incidentRaised 1 noted message="variable `own`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            > set !given=1
              set writes=[{"at":["given"],"value":1}]
            > retry noted
              incidentTakenUp 1 noted
              opened 1 noted of="eventSubProcess" scope=0 variables={"own":1}
              entered 2 noted.start scope=0
              given 2 noted.start locals={"word":"hello"}
              wrote 2 noted.start writes=[{"at":["word"],"value":"hello"}]
              entered 2 read
              began 2 read locals={"a":"hello"}
              + runActivity 2 read activity="work" attempt=1 parameters={"a":"hello"}
            > done read
              completed 2 read
              entered 3 noted.end scope=0
              ended 3 noted.end
              closed noted scope=0
              completed 1 noted
              finished
            = completed noted.end
            = {"given":1,"word":"hello"}
        "#]],
    );
    check(
        r#"
  - { id: ask, activity: ask }
events:
  - message: note
    id: noted
    steps: [{ id: work, activity: work, with: { a: "${word}" } }]
    events: [{ timer: "${given}", id: late, interrupting: false, steps: [{ do: nothing, id: tick }] }]
"#,
        "start
         deliver noted.start word=hello
         retry noted
         set !given=PT1M
         retry noted
         wait 60
         done work",
        expect![[r#"
            > start
              started variables={}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver noted.start word=hello
              caught noted.start catch=0
              withdrawn 0 ask
              entered 1 noted
              opened 1 noted of="eventSubProcess" scope=0
              closed noted scope=0
              answered 1 noted locals={"word":"hello"}
              incidentRaised 1 noted message="timer `late.start`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            > retry noted
              incidentTakenUp 1 noted
              opened 1 noted of="eventSubProcess" scope=1
              closed noted scope=1
              answered 1 noted locals={"word":"hello"}
              incidentRaised 1 noted message="timer `late.start`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
            > set !given=PT1M
              set writes=[{"at":["given"],"value":"PT1M"}]
            > retry noted
              incidentTakenUp 1 noted
              opened 1 noted of="eventSubProcess" scope=2
              armed timer 0 late.start due 1m scope=2
              entered 2 noted.start scope=2
              given 2 noted.start locals={"word":"hello"}
              wrote 2 noted.start writes=[{"at":["word"],"value":"hello"}]
              entered 2 work
              began 2 work locals={"a":"hello"}
              + armTimer timer 0 due 1m
              + runActivity 2 work activity="work" attempt=1 parameters={"a":"hello"}
            > wait 60
              1m timer 0 is due
              fired timer 0 late.start
              entered 3 late scope=2
              opened 3 late of="eventSubProcess" scope=3
              entered 4 late.start scope=3
              entered 4 tick
              began 4 tick
              completed 4 tick
              entered 5 late.end scope=3
              ended 5 late.end
              closed late scope=3
              completed 3 late
            > done work
              completed 2 work
              entered 6 noted.end scope=2
              ended 6 noted.end
              closed noted scope=2
              completed 1 noted
              finished
            = completed late.end noted.end
            = {"given":"PT1M","word":"hello"}
        "#]],
    );
}

#[test]
fn a_process_that_cannot_begin_is_an_incident_until_its_variables_have_a_value() {
    check(
        r#"
  - { id: ask, activity: ask, with: { a: "${own}" } }
variables: { own: "${given}" }
events:
  - { timer: "${span}", id: late, steps: [{ do: nothing, id: tick }] }
"#,
        "start
         retry start
         set !given=1
         retry start
         resolve start !span=PT1M
         wait 60",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              incidentRaised 0 start message="variable `own`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="starting"
            > retry start
              incidentTakenUp 0 start
              incidentRaised 0 start message="variable `own`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="starting"
            > set !given=1
              set writes=[{"at":["given"],"value":1}]
            > retry start
              incidentTakenUp 0 start
              set writes=[{"at":["own"],"value":1}]
              incidentRaised 0 start message="timer `late.start`: there is no variable span; if it may be missing, ask execution.hasVariable(\"span\") first (at character 3 of ${span})" moment="starting"
            > resolve start !span=PT1M
              incidentTakenUp 0 start resolved=true
              wrote 0 start writes=[{"at":["span"],"value":"PT1M"}]
              armed timer 0 late.start due 1m
              entered 0 ask
              began 0 ask locals={"a":1}
              + armTimer timer 0 due 1m
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":1}
            > wait 60
              1m timer 0 is due
              fired timer 0 late.start
              withdrawn 0 ask
              entered 1 late
              opened 1 late of="eventSubProcess" scope=0
              entered 2 late.start scope=0
              entered 2 tick
              began 2 tick
              completed 2 tick
              entered 3 late.end scope=0
              ended 3 late.end
              closed late scope=0
              completed 1 late
              finished
            = completed late.end
            = {"given":1,"own":1,"span":"PT1M"}
        "#]],
    );
}
