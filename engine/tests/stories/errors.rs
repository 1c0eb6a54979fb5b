//! Stories of foreseen errors: which boundary event catches them, what it leaves behind, and what
//! none catches.

use expect_test::expect;

use super::check::{check, play};

const CAUGHT: &str = r#"
  - id: one
    activity: work
    on:
      - { error: any, then: other, code: errorCode, message: errorMessage }
      - { error: Lost, then: lost, message: lostMessage }
      - { timer: PT5M, then: end }
  - { end: Done }
  - { end: Lost }
  - { end: Other }
  - { end: }
"#;

#[test]
fn the_boundary_event_of_an_errors_code_goes_before_one_that_catches_all() {
    check(
        CAUGHT,
        "start\n error 0 Lost it is gone",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 one
          began 0 one
          armed 0 timer 0 one.timer due 5m
          + armTimer timer 0 due 5m
          + runActivity 0 one activity="work" attempt=1 parameters={}
        > error 0 Lost it is gone
          errorRaised 0 one code="Lost" message="it is gone"
          wrote 0 one writes=[{"at":["lostMessage"],"value":"it is gone"}]
          disarmed timer 0 one.timer
          interrupted 0 one by="one.Lost"
          entered 1 one.Lost
          entered 1 lost
          ended 1 lost
          finished
          + disarmTimer timer 0 due 5m
        = completed lost
        = {"lostMessage":"it is gone"}
    "#]],
    );
}

#[test]
fn a_boundary_event_without_a_code_catches_what_no_other_does() {
    check(
        CAUGHT,
        "start\n waits 0\n error 0 Odd how strange !seen.how=strange",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 one
          began 0 one
          armed 0 timer 0 one.timer due 5m
          + armTimer timer 0 due 5m
          + runActivity 0 one activity="work" attempt=1 parameters={}
        > waits 0
          waited 0 one
        > error 0 Odd how strange !seen.how=strange
          wrote 0 one writes=[{"at":["seen","how"],"value":"strange"}]
          errorRaised 0 one code="Odd" message="how strange"
          wrote 0 one writes=[{"at":["errorCode"],"value":"Odd"},{"at":["errorMessage"],"value":"how strange"}]
          disarmed timer 0 one.timer
          interrupted 0 one by="one.any"
          entered 1 one.any
          entered 1 other
          ended 1 other
          finished
          + disarmTimer timer 0 due 5m
        = completed other
        = {"errorCode":"Odd","errorMessage":"how strange","seen":{"how":"strange"}}
    "#]],
    );
}

#[test]
fn an_error_that_nothing_catches_is_an_incident() {
    check(
        r#"
  - { id: one, activity: work, with: { a: "${n}" }, on: [{ error: Lost, then: end }] }
  - { id: two, activity: work }
"#,
        "start n=1
         error 0 Odd how strange !n=2
         error 0 Lost too late
         done 0
         retry 0
         done 0
         done 1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1}
            > error 0 Odd how strange !n=2
              wrote 0 one writes=[{"at":["n"],"value":2}]
              errorRaised 0 one code="Odd" message="how strange"
              incidentRaised 0 one message="no boundary event catches the error `Odd`: how strange" moment="running"
            > error 0 Lost too late
            ! path 0 at `one` does not wait for an answer
            > done 0
            ! path 0 at `one` does not wait for an answer
            > retry 0
              incidentTakenUp 0 one
              began 0 one locals={"a":2}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":2}
            > done 0
              completed 0 one
              entered 1 two
              began 1 two
              + runActivity 1 two activity="work" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"n":2}
        "#]],
    );
}

#[test]
fn after_an_error_the_task_can_be_visited_again() {
    check(
        r#"
  - { id: again, choose: }
  - { id: one, activity: ask, on: [{ error: Lost, then: again }, { timer: PT5M, then: end }] }
"#,
        "start
         waits 0
         error 0 Lost at first
         done 0
         wait 299
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 again
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 5m
              + armTimer timer 0 due 5m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > error 0 Lost at first
              errorRaised 0 one code="Lost" message="at first"
              disarmed timer 0 one.timer
              interrupted 0 one by="one.Lost"
              entered 1 one.Lost
              entered 1 again
              entered 1 one
              began 1 one
              armed 1 timer 1 one.timer due 5m
              + disarmTimer timer 0 due 5m
              + armTimer timer 1 due 5m
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done 0
            ! path 0 has moved on
            > wait 299
            > done 2
            ! there is no path 2
            = active
            = 1 one {"running":{"attempt":1}}
        "#]],
    );
}

/// Handlers of one scope that throw at each other.
fn beside(worker: &str, events: &str) -> String {
    format!(
        r#"
  - id: inside
    steps: [{{ id: ask, activity: ask }}]
    events:
      - {{ message: go, id: worker, {worker} }}
      {events}
    on: [{{ error: any, then: failed }}, {{ escalation: any, then: told }}]
  - {{ end: Done }}
  - {{ end: Failed }}
  - {{ end: Told }}
"#
    )
}

#[test]
fn what_one_event_sub_process_throws_the_others_of_its_scope_catch() {
    let rescue = "- { error: Lost, id: rescue, steps: [{ id: mend, activity: work }] }";
    let worker = "interrupting: false, steps: [{ end: Bad, id: bad, error: Lost }]";
    check(
        &beside(worker, rescue),
        "start\n deliver worker.start\n done mend",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start again=true catch=0
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 bad
          errorRaised 3 bad code="Lost" message=""
          withdrawn 1 ask
          withdrawn 3 bad
          closed worker scope=1
          withdrawn 2 worker
          unsubscribed worker.start catch=0
          entered 4 rescue scope=0
          opened 4 rescue of="eventSubProcess" scope=2
          entered 5 rescue.start scope=2
          entered 5 mend
          began 5 mend
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 5 mend activity="work" attempt=1 parameters={}
        > done mend
          completed 5 mend
          entered 6 rescue.end scope=2
          ended 6 rescue.end
          closed rescue scope=2
          completed 4 rescue
          closed inside scope=0
          completed 0 inside
          entered 7 done
          ended 7 done
          finished
        = completed rescue.end done
    "#]],
    );
    // One that has interrupted the scope has ended the others.
    let worker = "steps: [{ end: Bad, id: bad, error: Lost }]";
    check(
        &beside(worker, rescue),
        "start\n deliver worker.start",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start catch=0
          withdrawn 1 ask
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 bad
          errorRaised 3 bad code="Lost" message=""
          withdrawn 3 bad
          closed worker scope=1
          withdrawn 2 worker
          closed inside scope=0
          interrupted 0 inside by="inside.any"
          entered 4 inside.any
          entered 4 failed
          ended 4 failed
          finished
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
        = completed failed
    "#]],
    );
    // From further within, and past the handlers there that do not fit.
    let worker = "interrupting: false, steps: [{ id: deep, steps: [{ id: work, activity: work }], \
                  events: [{ error: Late, id: no, steps: [{ id: never, activity: work }] }] }]";
    check(
        &beside(worker, rescue),
        "start\n deliver worker.start\n error work Lost\n done mend",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start again=true catch=0
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 deep
          began 3 deep
          opened 3 deep of="subProcess" scope=2
          entered 4 deep.start scope=2
          entered 4 work
          began 4 work
          + runActivity 4 work activity="work" attempt=1 parameters={}
        > error work Lost
          errorRaised 4 work code="Lost" message=""
          withdrawn 1 ask
          withdrawn 4 work
          closed deep scope=2
          withdrawn 3 deep
          closed worker scope=1
          withdrawn 2 worker
          unsubscribed worker.start catch=0
          entered 5 rescue scope=0
          opened 5 rescue of="eventSubProcess" scope=3
          entered 6 rescue.start scope=3
          entered 6 mend
          began 6 mend
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 6 mend activity="work" attempt=1 parameters={}
        > done mend
          completed 6 mend
          entered 7 rescue.end scope=3
          ended 7 rescue.end
          closed rescue scope=3
          completed 5 rescue
          closed inside scope=0
          completed 0 inside
          entered 8 done
          ended 8 done
          finished
        = completed rescue.end done
    "#]],
    );
}

#[test]
fn an_event_sub_process_does_not_catch_what_it_throws_itself() {
    let again = "- { escalation: Up, interrupting: false, id: again, steps: \
                 [{ throw: Up, escalation: Up, id: up }, { id: after, activity: work }] }";
    let worker = "interrupting: false, steps: [{ throw: Up, escalation: Up, id: up1 }, { id: work, activity: work }]";
    check(
        &beside(worker, again),
        "start\n deliver worker.start",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start again=true catch=0
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 up1
          escalated 3 up1 code="Up"
          entered 4 again scope=0
          opened 4 again of="eventSubProcess" scope=2
          entered 5 again.start scope=2
          entered 3 work
          began 3 work
          entered 5 up
          escalated 5 up code="Up"
          withdrawn 1 ask
          withdrawn 3 work
          closed worker scope=1
          withdrawn 2 worker
          withdrawn 5 up
          closed again scope=2
          withdrawn 4 again
          unsubscribed worker.start catch=0
          closed inside scope=0
          interrupted 0 inside by="inside.escalation"
          entered 6 inside.escalation
          entered 6 told
          ended 6 told
          finished
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
        = completed told
    "#]],
    );
}

#[test]
fn an_escalation_of_one_event_sub_process_begins_another_beside_it_or_in_its_place() {
    let worker = "interrupting: false, steps: [{ throw: Up, escalation: Up, id: up }, { id: work, activity: work }]";
    let watch = "- { escalation: Up, interrupting: false, id: watch, steps: [{ id: see, activity: work }] }";
    check(
        &beside(worker, watch),
        "start\n deliver worker.start\n done work\n done see\n done ask",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start again=true catch=0
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 up
          escalated 3 up code="Up"
          entered 4 watch scope=0
          opened 4 watch of="eventSubProcess" scope=2
          entered 5 watch.start scope=2
          entered 3 work
          began 3 work
          entered 5 see
          began 5 see
          + runActivity 3 work activity="work" attempt=1 parameters={}
          + runActivity 5 see activity="work" attempt=1 parameters={}
        > done work
          completed 3 work
          entered 6 worker.end scope=1
          ended 6 worker.end
          closed worker scope=1
          completed 2 worker
        > done see
          completed 5 see
          entered 7 watch.end scope=2
          ended 7 watch.end
          closed watch scope=2
          completed 4 watch
        > done ask
          completed 1 ask
          entered 8 inside.end scope=0
          ended 8 inside.end
          unsubscribed worker.start catch=0
          closed inside scope=0
          completed 0 inside
          entered 9 done
          ended 9 done
          finished
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
        = completed worker.end watch.end inside.end done
    "#]],
    );
    let watch = watch.replace("interrupting: false, ", "");
    check(
        &beside(worker, &watch),
        "start\n deliver worker.start\n done see",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          subscribed worker.start awaited={"message":{"name":"go"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver worker.start
          caught worker.start again=true catch=0
          entered 2 worker scope=0
          opened 2 worker of="eventSubProcess" scope=1
          entered 3 worker.start scope=1
          entered 3 up
          escalated 3 up code="Up"
          withdrawn 1 ask
          withdrawn 3 up
          closed worker scope=1
          withdrawn 2 worker
          unsubscribed worker.start catch=0
          entered 4 watch scope=0
          opened 4 watch of="eventSubProcess" scope=2
          entered 5 watch.start scope=2
          entered 5 see
          began 5 see
          + unsubscribe awaited={"message":{"name":"go"}} catch=0
          + runActivity 5 see activity="work" attempt=1 parameters={}
        > done see
          completed 5 see
          entered 6 watch.end scope=2
          ended 6 watch.end
          closed watch scope=2
          completed 4 watch
          closed inside scope=0
          completed 0 inside
          entered 7 done
          ended 7 done
          finished
        = completed watch.end done
    "#]],
    );
}

#[test]
fn handlers_within_a_handler_catch_before_those_beside_it() {
    let worker = "interrupting: false, steps: [{ id: work, activity: work }], events: \
                  [{ message: deeper, id: deep, interrupting: false, steps: [{ id: dig, activity: work }] }, \
                   { error: Late, id: within, steps: [{ id: close, activity: work }] }]";
    let rescue = "- { error: any, id: rescue, steps: [{ id: mend, activity: work }] }";
    for (code, then) in [("Lost", "mend"), ("Late", "close")] {
        let script = format!(
            "start\n deliver worker.start\n deliver deep.start\n error dig {code}\n done {then}"
        );
        let trace = play(&beside(worker, rescue), &script);
        let end = if code == "Lost" { "rescue.end done" } else { "within.end" };
        assert!(trace.contains(&format!("> done {then}\n  completed")), "{trace}");
        assert!(trace.contains(&format!(" {end}\n")), "{trace}");
    }
}

#[test]
fn two_handlers_that_throw_at_each_other_come_to_rest() {
    let events = "- { escalation: A, interrupting: false, id: first, steps: [{ throw: B, escalation: B, id: b }] }\n      \
                  - { escalation: B, interrupting: false, id: second, steps: [{ throw: A, escalation: A, id: a }] }";
    let worker = "interrupting: false, steps: [{ throw: A, escalation: A, id: a1 }]";
    let trace = play(&beside(worker, events), "start\n deliver worker.start\n done ask");
    let stopped = trace.lines().filter(|line| line.contains("incidentRaised")).count();
    assert_eq!(stopped, 1, "{stopped} paths are stopped");
}
