//! The shape in which an instance is stored: old rows must be read for ever.

use engine::{Command, Event, Instance, PathId, step};
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
  - { id: running, activity: work, variables: { p: 1 } }
"#,
    );
    let mut instance = Instance::default();
    for command in [
        Command::start([("n".to_owned(), 1.into())].into_iter().collect()),
        Command::Wait { path: PathId::from(1), writes: vec![] },
        Command::Fault { path: PathId::from(2), message: "down".to_owned(), lasts: false },
    ] {
        step(&process, &mut instance, command, beginning()).unwrap();
    }
    expect![[r#"
        {
          "status": "active",
          "sequence": 18,
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
              },
              "own": {
                "p": 1
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

#[test]
fn scopes_catches_gateways_and_what_can_be_undone_are_stored_in_this_shape() {
    let process = process_of(
        r#"
  - { start: Start, then: [sub, each, enough, slow, asked, mail] }
  - { start: Begun, message: begun, then: end }
  - id: sub
    with: { total: "${n}" }
    steps:
      - { id: done, do: nothing, then: [join, left], on: [{ compensate: true, then: undo }] }
      - { id: undo, do: nothing }
      - { id: left, activity: ask, then: join }
      - { id: join, include: [end] }
    events:
      - { message: news, key: "${n}", id: news, interrupting: false, steps: [{ id: note, activity: ask }] }
      - { cycle: R/PT1H, id: hourly, interrupting: false, steps: [{ id: noted, activity: ask }] }
    then: end
  - { id: each, each: { in: "${items}", as: item, sequential: true, collect: { into: all, value: "${item}" } }, activity: ask, then: end }
  - { id: slow, activity: ask, then: enough }
  - { id: enough, complex: [end], when: activationCount >= 1 }
  - { id: asked, await: [{ signal: alarm, then: end }, { condition: n > 5, then: end }] }
  - { catch: Mail, id: mail, all: [{ message: mail }, { timer: PT1H }, { condition: n > 1 }], then: end }
"#,
    );
    let mut instance = Instance::default();
    let items = ("items".to_owned(), serde_json::json!(["x", "y", "z"]));
    let n = ("n".to_owned(), 2.into());
    let variables = [n, items].into_iter().collect();
    let start = Command::Start { variables, at: None, trigger: 0, called: true };
    step(&process, &mut instance, start, beginning()).unwrap();
    let ended =
        instance.paths().find(|(_, path)| path.scope().is_some() && path.node().as_str() == "each");
    let path = ended.unwrap().0;
    let done = Command::Complete { path, locals: Default::default(), writes: vec![] };
    step(&process, &mut instance, done, beginning()).unwrap();
    let news = Command::Deliver { catch: engine::CatchId::from(0), payload: Default::default() };
    step(&process, &mut instance, news, beginning()).unwrap();
    let stored = serde_json::to_string_pretty(&instance).unwrap();
    assert_eq!(serde_json::from_str::<Instance>(&stored).unwrap(), instance);
    expect![[r#"
        {
          "status": "active",
          "sequence": 54,
          "variables": {
            "items": [
              "x",
              "y",
              "z"
            ],
            "n": 2
          },
          "paths": {
            "0": {
              "node": "sub",
              "state": "inside",
              "locals": {
                "total": 2
              },
              "hosts": 0
            },
            "1": {
              "node": "each",
              "state": "inside",
              "hosts": 1
            },
            "3": {
              "node": "slow",
              "state": {
                "running": {
                  "attempt": 1
                }
              }
            },
            "4": {
              "node": "asked",
              "state": "catching",
              "catches": [
                1,
                2
              ]
            },
            "5": {
              "node": "mail",
              "state": "catching",
              "timers": [
                1
              ],
              "catches": [
                3
              ]
            },
            "8": {
              "node": "join",
              "state": "joining",
              "scope": 0
            },
            "9": {
              "node": "left",
              "state": {
                "running": {
                  "attempt": 1
                }
              },
              "scope": 0
            },
            "10": {
              "node": "each",
              "state": {
                "running": {
                  "attempt": 1
                }
              },
              "given": {
                "item": "y",
                "loopCounter": 1
              },
              "scope": 1
            },
            "11": {
              "node": "news",
              "state": "inside",
              "scope": 0,
              "hosts": 2
            },
            "12": {
              "node": "note",
              "state": {
                "running": {
                  "attempt": 1
                }
              },
              "scope": 2
            }
          },
          "timers": {
            "0": {
              "scope": 0,
              "node": "hourly.start",
              "due": "2026-01-01T01:00:00Z",
              "then": {
                "cycle": "R/PT1H"
              }
            },
            "1": {
              "path": 5,
              "node": "mail",
              "definition": 1,
              "due": "2026-01-01T01:00:00Z"
            }
          },
          "scopes": {
            "0": {
              "kind": "subProcess",
              "host": 0,
              "node": "sub",
              "variables": {
                "total": 2
              },
              "paths": [
                8,
                9,
                11
              ],
              "gateways": {
                "arrivals": {
                  "join": {
                    "done.flow1": [
                      8
                    ]
                  }
                }
              },
              "done": [
                {
                  "node": "done"
                }
              ],
              "timers": [
                0
              ],
              "catches": [
                0
              ]
            },
            "1": {
              "kind": "body",
              "host": 1,
              "node": "each",
              "variables": {
                "nrOfActiveInstances": 1,
                "nrOfCompletedInstances": 1,
                "nrOfInstances": 3,
                "nrOfTerminatedInstances": 0
              },
              "paths": [
                10
              ],
              "pending": [
                "z"
              ],
              "gathered": {
                "0": "x"
              }
            },
            "2": {
              "kind": "eventSubProcess",
              "parent": 0,
              "host": 11,
              "node": "news",
              "paths": [
                12
              ]
            }
          },
          "catches": {
            "0": {
              "scope": 0,
              "node": "news.start",
              "awaited": {
                "message": {
                  "name": "news",
                  "key": "2"
                }
              }
            },
            "1": {
              "path": 4,
              "node": "asked.alarm",
              "awaited": {
                "signal": {
                  "name": "alarm"
                }
              }
            },
            "3": {
              "path": 5,
              "node": "mail",
              "awaited": {
                "message": {
                  "name": "mail"
                }
              }
            }
          },
          "conditions": {
            "2": {
              "path": 4,
              "node": "asked.condition",
              "awaited": {
                "condition": {
                  "held": false
                }
              }
            }
          },
          "resets": {
            "enough": [
              "start.flow3"
            ]
          },
          "endedAt": [
            "end"
          ],
          "called": true,
          "nextPath": 13,
          "nextTimer": 2,
          "nextScope": 3,
          "nextCatch": 5
        }"#]]
    .assert_eq(&stored);
}

#[test]
fn what_is_set_of_a_scope_is_stored_as_before_there_were_properties() {
    for stored in [
        r#"{"kind":"set","scope":1,"writes":[{"at":["n"],"value":2}]}"#,
        r#"{"kind":"set","writes":[]}"#,
        r#"{"kind":"set","path":3,"writes":[]}"#,
    ] {
        let event: Event = serde_json::from_str(stored).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), stored);
    }
}
