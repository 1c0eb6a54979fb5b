//! The shape in which an instance is stored: old rows must be read for ever.

use engine::{Command, Instance, PathId, step};
use expect_test::expect;

use crate::check::{beginning, process_of};

#[test]
fn a_stored_instance_has_this_shape() {
    let process = process_of(
        r#"
  - { start: Start, then: [stopped, waiting, retrying, joining, ended, running] }
  - { id: stopped, choose: [{ when: n, then: end }, { otherwise: end }] }
  - { id: waiting, activity: ask, with: { a: "${n}" }, then: joining, on: [{ timer: PT1M, then: end }] }
  - { id: retrying, activity: work }
  - { end: }
  - { id: joining, parallel: , name: Join }
  - { end: Ended }
  - { id: running, activity: work }
"#,
    );
    let mut instance = Instance::default();
    for command in [
        Command::start([("n".to_owned(), 1.into())].into_iter().collect()),
        Command::Wait { path: PathId::from(1), writes: vec![] },
        Command::Fault { path: PathId::from(2), message: "down".to_owned() },
    ] {
        step(&process, &mut instance, command, beginning()).unwrap();
    }
    expect![[r#"
        {
          "status": "active",
          "sequence": 17,
          "variables": {
            "n": 1
          },
          "paths": {
            "0": {
              "node": "stopped",
              "state": {
                "incident": {
                  "message": "the condition of flow `stopped.flow1` has no value: a condition is true or false, but this is a number (at character 3 of ${n})",
                  "moment": "entering"
                }
              }
            },
            "1": {
              "node": "waiting",
              "state": "waiting",
              "locals": {
                "a": 1
              },
              "timers": [
                0
              ]
            },
            "2": {
              "node": "retrying",
              "state": {
                "retrying": {
                  "attempt": 2,
                  "timer": 1
                }
              },
              "timers": [
                1
              ]
            },
            "3": {
              "node": "joining",
              "state": "joining"
            },
            "5": {
              "node": "running",
              "state": {
                "running": {
                  "attempt": 1
                }
              }
            }
          },
          "timers": {
            "0": {
              "path": 1,
              "node": "waiting.timer",
              "due": "2026-01-01T00:01:00Z"
            },
            "1": {
              "path": 2,
              "node": "retrying",
              "due": "2026-01-01T00:00:10Z"
            }
          },
          "arrivals": {
            "joining": {
              "start.flow4": [
                3
              ]
            }
          },
          "endedAt": [
            "ended"
          ],
          "nextPath": 6,
          "nextTimer": 2
        }"#]].assert_eq(&serde_json::to_string_pretty(&instance).unwrap());
}
