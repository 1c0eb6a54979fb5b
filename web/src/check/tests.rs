//! What `check` prints in each form, and how it ends.

use std::ffi::OsString;

use clap::Parser as _;
use expect_test::{Expect, expect};

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
        /stuck.yaml:6: deadlock: both: it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one
            start > which > which.flow1 > left > both
    "#]]);
    folder.prints("/stuck.yaml /flawed.yml /empty.xml", Outcome::Refused, expect![[r#"
        /stuck.yaml:6: deadlock: both: it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one
            start > which > which.flow1 > left > both
        /flawed.yml:3: unknown-activity: nobody-knows: there is no activity nobody-knows
        /empty.xml:1: not-xml: there is no element in the text
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
                  "message": "it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one",
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
                          "startLine": 6
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "it waits for a path along each of its flows, but it can happen that one of them never comes; split them with a parallel gateway, or join them with an inclusive or exclusive one"
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
                      "id": "deadlock"
                    },
                    {
                      "id": "unknown-activity"
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
