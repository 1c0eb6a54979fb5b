//! What `check` prints in each form, and how it ends.

use std::ffi::OsString;

use clap::Parser as _;
use expect_test::{Expect, expect};
use serde_json::Value;

use super::*;
use crate::settings::{Command, Flags};

const FLAWED: &str = "name: p\nsteps:\n  - activity: nobody-knows\n";

/// A folder with files that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let path = std::env::temp_dir().join(format!("{}-check-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (file, text) in files {
            std::fs::write(path.join(file), text).unwrap();
        }
        Folder(path)
    }

    /// Runs the command; `/` stands for the folder.
    fn run(&self, words: &str) -> Result<(Outcome, String), String> {
        let root = format!("{}/", self.0.display());
        let words = words.split(' ').map(|word| match word.strip_prefix('/') {
            Some(file) => OsString::from(format!("{root}{file}")),
            None => OsString::from(word),
        });
        let flags = [OsString::from("gatewright"), "check".into()].into_iter().chain(words);
        let flags = Flags::try_parse_from(flags).map_err(|error| error.to_string())?;
        let Some(Command::Check(check)) = flags.command else { panic!("another command") };
        let mut out = Vec::new();
        let outcome = check.run(&runtime::catalog(), &mut out);
        let outcome = outcome.map_err(|error| format!("{error:#}").replace(&root, "/"))?;
        Ok((outcome, String::from_utf8(out).unwrap().replace(&root, "/")))
    }

    fn prints(&self, words: &str, outcome: Outcome, expected: Expect) {
        let (ended, text) = self.run(words).unwrap();
        assert_eq!(ended, outcome, "{words}");
        expected.assert_eq(&text);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const SPLIT: &str = "name: p
steps:
  - { id: which, choose: [{ when: a, then: left }, { otherwise: right }] }
  - { do: nothing, id: left, then: both }
  - { do: nothing, id: right }
  - { id: both, parallel: end }
";

#[test]
fn people_read_lines_with_the_path_below() {
    let files = [("stuck.yaml", SPLIT), ("flawed.yml", FLAWED), ("empty.xml", "")];
    let folder = Folder::new("text", &files);
    folder.prints("/stuck.yaml", Outcome::Accepted, expect![[r#"
        /stuck.yaml:6: warning: deadlock: both: it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway
            start > which > when a > left > both
            both waits for right
        /stuck.yaml: well-formed, 1 warning: strict deployment refuses it
    "#]]);
    folder.prints("/stuck.yaml /flawed.yml /empty.xml", Outcome::Refused, expect![[r#"
        /stuck.yaml:6: warning: deadlock: both: it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway
            start > which > when a > left > both
            both waits for right
        /stuck.yaml: well-formed, 1 warning: strict deployment refuses it
        /flawed.yml:3: error: unknown-activity: nobody-knows: there is no activity nobody-knows
        /flawed.yml: 1 flaw: it cannot be deployed
        /empty.xml:1: error: not-xml: there is no element in the text
        /empty.xml: 1 flaw: it cannot be deployed
    "#]]);
}

#[test]
fn each_process_of_a_file_is_checked() {
    let both = format!("name: q\nsteps:\n  - do: nothing\n---\n{SPLIT}");
    let folder = Folder::new("several", &[("both.yaml", &both)]);
    folder.prints("/both.yaml", Outcome::Accepted, expect![[r#"
        /both.yaml:10: warning: deadlock: both: it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway
            start > which > when a > left > both
            both waits for right
        /both.yaml: well-formed, 1 warning: strict deployment refuses it
    "#]]);
}

#[test]
fn machines_read_json() {
    let folder = Folder::new("json", &[("stuck.yaml", SPLIT)]);
    folder.prints("--format json --strict /stuck.yaml", Outcome::Refused, expect![[r#"
        {
          "files": [
            {
              "file": "/stuck.yaml",
              "findings": [
                {
                  "element": "both",
                  "line": 6,
                  "lines": [
                    "start > which > when a > left > both",
                    "both waits for right"
                  ],
                  "message": "it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway",
                  "path": [
                    {
                      "element": "start",
                      "line": 3
                    },
                    {
                      "element": "which",
                      "line": 3
                    },
                    {
                      "element": "which.flow1",
                      "line": 3
                    },
                    {
                      "element": "left",
                      "line": 4
                    },
                    {
                      "element": "both",
                      "line": 6
                    }
                  ],
                  "rule": "deadlock"
                }
              ],
              "flaws": []
            }
          ]
        }
    "#]]);
}

#[test]
fn code_review_reads_sarif() {
    let folder = Folder::new("sarif", &[("stuck.yaml", SPLIT), ("flawed.yml", FLAWED)]);
    folder.prints("--format sarif /stuck.yaml /flawed.yml", Outcome::Refused, expect![[r#"
        {
          "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
          "runs": [
            {
              "artifacts": [
                {
                  "location": {
                    "uri": "file:///stuck.yaml"
                  }
                },
                {
                  "location": {
                    "uri": "file:///flawed.yml"
                  }
                }
              ],
              "results": [
                {
                  "codeFlows": [
                    {
                      "threadFlows": [
                        {
                          "locations": [
                            {
                              "location": {
                                "logicalLocations": [
                                  {
                                    "kind": "element",
                                    "name": "start"
                                  }
                                ],
                                "message": {
                                  "text": "start"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "file:///stuck.yaml"
                                  },
                                  "region": {
                                    "startColumn": 3,
                                    "startLine": 3
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "logicalLocations": [
                                  {
                                    "kind": "element",
                                    "name": "which"
                                  }
                                ],
                                "message": {
                                  "text": "which"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "file:///stuck.yaml"
                                  },
                                  "region": {
                                    "startColumn": 11,
                                    "startLine": 3
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "logicalLocations": [
                                  {
                                    "kind": "element",
                                    "name": "which.flow1"
                                  }
                                ],
                                "message": {
                                  "text": "which.flow1"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "file:///stuck.yaml"
                                  },
                                  "region": {
                                    "startColumn": 3,
                                    "startLine": 3
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "logicalLocations": [
                                  {
                                    "kind": "element",
                                    "name": "left"
                                  }
                                ],
                                "message": {
                                  "text": "left"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "file:///stuck.yaml"
                                  },
                                  "region": {
                                    "startColumn": 24,
                                    "startLine": 4
                                  }
                                }
                              }
                            },
                            {
                              "location": {
                                "logicalLocations": [
                                  {
                                    "kind": "element",
                                    "name": "both"
                                  }
                                ],
                                "message": {
                                  "text": "both"
                                },
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "file:///stuck.yaml"
                                  },
                                  "region": {
                                    "startColumn": 11,
                                    "startLine": 6
                                  }
                                }
                              }
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "level": "warning",
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "kind": "element",
                          "name": "both"
                        }
                      ],
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "file:///stuck.yaml"
                        },
                        "region": {
                          "startColumn": 11,
                          "startLine": 6
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "it waits for a path from right, but none comes any more when which (when a) leads here: they are alternatives; make it an exclusive gateway"
                  },
                  "ruleId": "deadlock",
                  "ruleIndex": 0
                },
                {
                  "level": "error",
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "kind": "element",
                          "name": "nobody-knows"
                        }
                      ],
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "file:///flawed.yml"
                        },
                        "region": {
                          "startColumn": 15,
                          "startLine": 3
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "there is no activity nobody-knows"
                  },
                  "ruleId": "unknown-activity",
                  "ruleIndex": 1
                }
              ],
              "tool": {
                "driver": {
                  "name": "gatewright",
                  "rules": [
                    {
                      "id": "deadlock",
                      "shortDescription": {
                        "text": "A join or an activity waits for paths that never come"
                      }
                    },
                    {
                      "id": "unknown-activity",
                      "shortDescription": {
                        "text": "unknown activity"
                      }
                    }
                  ],
                  "version": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
    "#]]);
}

/// Nothing but members that the standard knows, of those that are written.
#[track_caller]
fn only(value: &Value, known: &[&str]) {
    let members = value.as_object().unwrap().keys();
    members.for_each(|member| assert!(known.contains(&member.as_str()), "{member} in {value}"));
}

#[track_caller]
fn is_location(place: &Value, files: &[&str]) {
    only(place, &["physicalLocation", "logicalLocations", "message"]);
    let physical = &place["physicalLocation"];
    only(physical, &["artifactLocation", "region"]);
    let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
    let base = url::Url::parse("file:///base/").unwrap();
    assert!(base.join(uri).is_ok() && !uri.contains([' ', '\\']), "{uri}");
    assert!(files.contains(&uri), "{uri} is an artifact of the run");
    if let Some(region) = physical.get("region") {
        only(region, &["startLine", "startColumn"]);
        for count in region.as_object().unwrap().values() {
            assert!(count.as_u64().unwrap() >= 1, "lines and columns count from 1: {place}");
        }
    }
    for logical in place.get("logicalLocations").and_then(Value::as_array).into_iter().flatten() {
        only(logical, &["name", "kind"]);
        assert!(!logical["name"].as_str().unwrap().is_empty());
    }
    if let Some(message) = place.get("message") {
        assert!(!message["text"].as_str().unwrap().is_empty());
    }
}

/// What SARIF 2.1.0 asks of a log (§3.13 log, §3.14 run, §3.19 tool, §3.27 result, §3.36 code flow).
#[track_caller]
fn is_sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    only(&log, &["$schema", "version", "runs"]);
    assert_eq!(log["version"], "2.1.0");
    let schema = url::Url::parse(log["$schema"].as_str().unwrap()).unwrap();
    assert!(schema.path().ends_with("/sarif-schema-2.1.0.json"));
    for run in log["runs"].as_array().unwrap() {
        only(run, &["tool", "artifacts", "results"]);
        let driver = &run["tool"]["driver"];
        only(driver, &["name", "version", "rules"]);
        assert_eq!(driver["name"], "gatewright");
        let rules: Vec<&Value> =
            driver["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
        for rule in driver["rules"].as_array().unwrap() {
            only(rule, &["id", "shortDescription"]);
            assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        }
        assert!(rules.iter().all(|id| rules.iter().filter(|one| one == &id).count() == 1));
        let artifacts = run["artifacts"].as_array().unwrap().iter();
        let files: Vec<&str> =
            artifacts.map(|one| one["location"]["uri"].as_str().unwrap()).collect();
        for result in run["results"].as_array().unwrap() {
            only(result, &["ruleId", "ruleIndex", "level", "message", "locations", "codeFlows"]);
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(&result["ruleId"], rules[index], "the index is that of the rule");
            assert!(
                ["error", "warning", "note", "none"].map(Value::from).contains(&result["level"])
            );
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let locations = result["locations"].as_array().unwrap();
            assert_eq!(locations.len(), 1);
            is_location(&locations[0], &files);
            for flow in result.get("codeFlows").and_then(Value::as_array).into_iter().flatten() {
                only(flow, &["threadFlows"]);
                let threads = flow["threadFlows"].as_array().unwrap();
                assert!(!threads.is_empty());
                for thread in threads {
                    let steps = thread["locations"].as_array().unwrap();
                    assert!(!steps.is_empty());
                    for step in steps {
                        only(step, &["location"]);
                        is_location(&step["location"], &files);
                    }
                }
            }
        }
    }
    log
}

#[test]
fn whatever_is_found_the_log_is_sarif() {
    let sound = "name: p\nsteps:\n  - { do: nothing }\n";
    let files = [
        ("stuck.yaml", SPLIT),
        ("flawed of 2 % ü.yml", FLAWED),
        ("sound.yaml", sound),
        ("none.yaml", ""),
        ("none.bpmn", "<a"),
    ];
    let folder = Folder::new("standard", &files);
    // The files, and how many results there are at least.
    #[rustfmt::skip]
    let cases: [(&[&str], usize); 4] = [
        (&["sound.yaml"],                        0),
        (&["stuck.yaml", "sound.yaml"],          1),
        (&["flawed of 2 % ü.yml"],               1),
        (&["none.yaml", "none.bpmn"],            2),
    ];
    for (names, least) in cases {
        let catalog = runtime::catalog();
        let files = names.iter().map(|name| folder.0.join(name)).collect();
        let mut out = Vec::new();
        Check { files, format: Form::Sarif, strict: false }.run(&catalog, &mut out).unwrap();
        let log = is_sarif(&String::from_utf8(out).unwrap());
        let run = &log["runs"][0];
        assert_eq!(run["artifacts"].as_array().unwrap().len(), names.len());
        let results = run["results"].as_array().unwrap();
        assert!(results.len() >= least && (least > 0 || results.is_empty()), "{names:?} {log:#}");
        let stuck = results.iter().filter(|one| one["ruleId"] == "deadlock");
        assert!(stuck.clone().all(|one| one["codeFlows"][0].is_object()), "{log:#}");
        assert_eq!(stuck.count() > 0, names.contains(&"stuck.yaml"));
    }
}

#[test]
fn the_shipped_journeys_are_well_formed_and_sound() {
    for journey in definitions::library::ALL {
        let files = [("a.bpmn", journey.bpmn), ("a.yaml", journey.yaml)];
        let folder = Folder::new(journey.name, &files);
        folder.prints(
            "--strict /a.bpmn /a.yaml",
            Outcome::Accepted,
            expect![[r#"
            /a.bpmn: well-formed and sound
            /a.yaml: well-formed and sound
        "#]],
        );
    }
}

#[test]
fn a_file_that_is_no_definition_is_named() {
    let folder = Folder::new("named", &[("a.txt", "")]);
    let refused = |words: &str| folder.run(words).unwrap_err();
    expect!["/a.txt: a definition is a .bpmn, .xml, .yaml or .yml file"]
        .assert_eq(&refused("/a.txt"));
    assert!(refused("/none.yaml").starts_with("/none.yaml cannot be read: "));
    assert!(folder.run("--strict").is_err());
}

#[test]
fn scripts_lie_beside_the_file_that_refers_to_them() {
    let bpmn = |script: &str| {
        format!(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="p" isExecutable="true"><startEvent id="start" /><sequenceFlow id="a" sourceRef="start" targetRef="sum" /><scriptTask id="sum" scriptFormat="juel" camunda:resource="deployment://{script}" /><sequenceFlow id="b" sourceRef="sum" targetRef="end" /><endEvent id="end" /></process></definitions>"#
        )
    };
    let (good, outside) = (bpmn("sum.juel"), bpmn("../sum.juel"));
    let files = [("good.bpmn", &*good), ("outside.bpmn", &*outside), ("sum.juel", "${1 + 2}")];
    let folder = Folder::new("scripts", &files);
    let (outcome, printed) = folder.run("/good.bpmn").unwrap();
    assert_eq!(
        (outcome, printed.trim_end()),
        (Outcome::Accepted, "/good.bpmn: well-formed and sound")
    );
    let (outcome, printed) = folder.run("/outside.bpmn").unwrap();
    assert_eq!(outcome, Outcome::Refused, "{printed}");
    assert!(printed.contains("no such script came with the file"), "{printed}");
}

#[test]
fn columns_tell_where_an_element_is_named() {
    let steps =
        "name: p\nsteps:\n  - { name: \"ä 😀 a-1\", activity: none, id: a }\n  - activity: none\n";
    let folder = Folder::new("columns", &[("flawed.yaml", steps)]);
    let (_, log) = folder.run("--format sarif /flawed.yaml").unwrap();
    let log: Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let columns: Vec<&Value> = results
        .iter()
        .map(|one| &one["locations"][0]["physicalLocation"]["region"]["startColumn"])
        .collect();
    assert_eq!(columns, [45, 15], "{log:#}");
}
