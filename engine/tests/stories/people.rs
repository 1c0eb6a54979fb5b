//! Stories of user tasks that are given to people (BPMN 2.0.2 §10.3.4.1).

use expect_test::expect;

use super::check::check;

/// A review by people, with a limit and a catch.
const REVIEW: &str = r#"
  - id: review
    activity: customDataForm
    task: user
    people: { assignee: "${boss}", candidateGroups: [reviewers, leads], dueDate: PT1H }
    with: { dataForm: { title: { values: { en: Review } }, components: [] } }
    on:
      - { timer: PT2H, then: late }
      - { error: ExceededCustomDataFormRetake, then: odd }
  - end: Done
  - { id: late, end: Late }
  - { id: odd, end: Odd }
"#;

#[test]
fn a_task_is_given_to_people_and_done() {
    check(
        REVIEW,
        "start boss=\"ada\"\n waits review\n assign review bob\n assign review\n done review",
        expect![[r#"
            > start boss="ada"
              started variables={"boss":"ada"}
              entered 0 start
              entered 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              armed 0 timer 0 review.timer due 2h
              assigned 0 review assignment={"assignee":"ada","candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"}
              + armTimer timer 0 due 2h
              + runActivity 0 review activity="customDataForm" assignment={"assignee":"ada","candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"} attempt=1 parameters={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
            > waits review
              waited 0 review
            > assign review bob
              assigned 0 review assignment={"assignee":"bob"} by="somebody"
            > assign review
              assigned 0 review assignment={} by="somebody"
            > done review
              disarmed timer 0 review.timer
              completed 0 review
              entered 1 done
              ended 1 done
              finished
              + disarmTimer timer 0 due 2h
            = completed done
            = {"boss":"ada"}
        "#]],
    );
}

#[test]
fn the_time_for_a_task_of_people_ends() {
    check(
        REVIEW,
        "start boss=null\n waits review\n wait 7200\n assign review bob",
        expect![[r#"
            > start boss=null
              started variables={"boss":null}
              entered 0 start
              entered 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              armed 0 timer 0 review.timer due 2h
              assigned 0 review assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"}
              + armTimer timer 0 due 2h
              + runActivity 0 review activity="customDataForm" assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"} attempt=1 parameters={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
            > waits review
              waited 0 review
            > wait 7200
              2h timer 0 is due
              fired timer 0 review.timer
              wrote 0 review writes=[{"at":["_timedOut"],"value":true}]
              interrupted 0 review by="review.timer"
              entered 1 review.timer
              entered 1 late
              ended 1 late
              finished
            > assign review bob
            ! the instance has ended
            = completed late
            = {"_timedOut":true,"boss":null}
        "#]],
    );
}

#[test]
fn a_task_of_people_ends_with_an_error() {
    check(
        REVIEW,
        "start boss=null\n waits review\n error review ExceededCustomDataFormRetake too often",
        expect![[r#"
            > start boss=null
              started variables={"boss":null}
              entered 0 start
              entered 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              armed 0 timer 0 review.timer due 2h
              assigned 0 review assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"}
              + armTimer timer 0 due 2h
              + runActivity 0 review activity="customDataForm" assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"} attempt=1 parameters={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
            > waits review
              waited 0 review
            > error review ExceededCustomDataFormRetake too often
              errorRaised 0 review code="ExceededCustomDataFormRetake" message="too often"
              disarmed timer 0 review.timer
              interrupted 0 review by="review.ExceededCustomDataFormRetake"
              entered 1 review.ExceededCustomDataFormRetake
              entered 1 odd
              ended 1 odd
              finished
              + disarmTimer timer 0 due 2h
            = completed odd
            = {"boss":null}
        "#]],
    );
}

#[test]
fn who_cannot_be_told_is_an_incident_until_it_can() {
    check(
        REVIEW,
        "start\n set !boss=[1]\n retry review\n set !boss=\"ada\"\n retry review\n waits review\n cancel no more",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              armed 0 timer 0 review.timer due 2h
              incidentRaised 0 review message="assignee: there is no variable boss; if it may be missing, ask execution.hasVariable(\"boss\") first (at character 3 of ${boss})" moment="running"
              + armTimer timer 0 due 2h
            > set !boss=[1]
              set writes=[{"at":["boss"],"value":[1]}]
            > retry review
              incidentTakenUp 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              incidentRaised 0 review message="assignee: it is a list or a map, not one text" moment="running"
            > set !boss="ada"
              set writes=[{"at":["boss"],"value":"ada"}]
            > retry review
              incidentTakenUp 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              assigned 0 review assignment={"assignee":"ada","candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"}
              + runActivity 0 review activity="customDataForm" assignment={"assignee":"ada","candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"} attempt=1 parameters={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
            > waits review
              waited 0 review
            > cancel no more
              disarmed timer 0 review.timer
              withdrawn 0 review
              cancelled reason="no more"
              + disarmTimer timer 0 due 2h
            = cancelled
            = {"boss":"ada"}
        "#]],
    );
}

#[test]
fn a_task_that_does_not_wait_is_given_to_nobody() {
    check(
        REVIEW,
        "start boss=null\n assign review bob\n waits review\n done review\n assign review bob",
        expect![[r#"
            > start boss=null
              started variables={"boss":null}
              entered 0 start
              entered 0 review
              began 0 review locals={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
              armed 0 timer 0 review.timer due 2h
              assigned 0 review assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"}
              + armTimer timer 0 due 2h
              + runActivity 0 review activity="customDataForm" assignment={"candidateGroups":["reviewers","leads"],"dueDate":"2026-01-01T01:00:00Z"} attempt=1 parameters={"dataForm":{"components":[],"title":{"values":{"en":"Review"}}}}
            > assign review bob
            ! path 0 at `review` does not wait for an answer
            > waits review
              waited 0 review
            > done review
              disarmed timer 0 review.timer
              completed 0 review
              entered 1 done
              ended 1 done
              finished
              + disarmTimer timer 0 due 2h
            > assign review bob
            ! the instance has ended
            = completed done
            = {"boss":null}
        "#]],
    );
}
