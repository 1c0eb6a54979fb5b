//! Writing YAML: short, canonical, and of the same meaning when it is read again.

use crate::{catalog, process};
use definitions::{Format, Process, library, read, write_bpmn, write_yaml};
use expect_test::{Expect, expect};

/// Writes a process and reads it again: it means the same, and is written in the same way.
pub(crate) fn written(process: &Process) -> String {
    let text = write_yaml(process);
    let again = match read(Format::Yaml, &text, &catalog::catalog()) {
        Ok(again) => again,
        Err(flaws) => panic!("{flaws:#?}\n{text}"),
    };
    assert_eq!(again.meaning(), process.meaning(), "\n{text}");
    assert_eq!(again.hash(), process.hash());
    assert_eq!(write_yaml(&again), text);
    text
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&written(&process(Format::Yaml, text)));
}

#[test]
fn the_library_keeps_its_meaning() {
    for journey in library::ALL {
        let text = written(&process(Format::Bpmn, journey.bpmn));
        assert_eq!(text, written(&process(Format::Yaml, journey.yaml)), "{}", journey.name);
    }
}

#[test]
fn a_script_may_be_null_or_an_empty_text() {
    for value in ["null", "\"\""] {
        let text = format!("name: p\nsteps:\n  - {{ script: '{value}', result: a }}\n");
        let process = process(Format::Yaml, &text);
        written(&process);
        let bpmn = crate::process(Format::Bpmn, &write_bpmn(&process, None));
        assert_eq!(bpmn.meaning(), process.meaning());
    }
}

#[test]
fn a_journey_is_written_as_people_write_it() {
    let journey = library::ALL.iter().find(|one| one.name == "passcode-authentication");
    let text = written(&process(Format::Bpmn, journey.expect("the journey").bpmn));
    expect![[r#"
        name: Passcode Authentication
        description: Somebody opens a link and signs in with a passcode. Whoever is unknown sees the same as everybody else.
        defaultLanguage: en
        languages: [en, de, ar]
        steps:
          - activity: startPasscodeAuthentication
            name: Start Passcode Authentication
            with:
              storeName: demo
              passcodeKey: default
              userExternalId: ${_initVars["userExternalId"]}
              userKey: user1
              passcodeAuthenticationKey: passcodeAuth1
          - activity: passcodeAuthenticationForm
            name: Passcode Authentication Form
            with:
              dataFormName: passcode-authentication
              dataFormVersion: 1
              formDataKey: passcodeAuthForm1
              passcodeAuthenticationKey: passcodeAuth1
            on:
              - { timer: PT15M, name: "15 minutes have passed", then: not-signed-in }
          - activity: completePasscodeAuthentication
            name: Complete Passcode Authentication
            with: { passcodeAuthenticationKey: passcodeAuth1 }
            on:
              - { error: PasscodeAuthenticationFailed, name: Passcode not accepted, then: attempts }
              - { error: PasscodeExpired, then: simpleDecider }
            then: simpleDecider
          - id: attempts
            name: Attempts left?
            choose:
              - name: "Yes"
                when: _checks.passcodeAuth1.attempts < 3
                then: startPasscodeAuthentication
              - { name: "No", otherwise: simpleDecider }
          - activity: simpleDecider
            name: Simple Decider
            out: { _decision: "${decision}" }
          - activity: writeSummaryReport
            name: Write Summary Report
          - id: decision
            name: Signed in?
            choose:
              - { name: "Yes", when: _decision == "PASS", then: signed-in }
              - { name: "No", otherwise: not-signed-in }
          - end: Signed in
          - end: Not signed in
    "#]].assert_eq(&text);
}

#[test]
fn every_example_of_the_grammar_is_read_and_written() {
    let grammar = include_str!("../../YAML.md");
    let examples: Vec<&str> = grammar
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(example, _)| example)
        .collect();
    assert!(examples.len() > 5, "{} examples", examples.len());
    for example in examples {
        written(&process(Format::Yaml, example));
    }
}

#[test]
fn all_in_one_is_written() {
    check(
        include_str!("everything.yaml"),
        expect![[r#"
            id: v1_activities
            name: Everything & more
            description: All of <it>.
            versionTag: "1"
            historyTimeToLive: P30D
            defaultLanguage: en
            languages: [en, de]
            steps:
              - start: Start
                id: Event_start
              - id: Split
                name: Both
                parallel:
                  - { name: ask, to: CDF01_Abc }
                  - { name: decide, to: SDD01_Def }
              - activity: customDataForm
                id: CDF01_Abc
                name: Custom Data Form
                with:
                  dataFormName: details
                  dataFormVersion: 1
                  readOnlyForm: false
                  hideButtons: true
                  formDataKey: form${_n}&x=${_m}
                  screens: [custom-data-form, "${_next}"]
                  extra: { a: "1", b: [2, {}] }
                out:
                  _cdfContinue: '${execution.hasVariableLocal("cdfContinue") ? cdfContinue : false}'
                  _list: []
                on:
                  - error: ExceededCustomDataFormRetake
                    code: errorCode
                    message: errorMessage
                    name: Too often
                    id: CDF01-e-1
                    then: Join
                  - { error: any, id: CDF01-e-2, then: Join }
                  - timer: ${_patience}
                    name: Remind
                    id: CDF01-t-1
                    interrupting: false
                    then: Report
                  - { timer: PT4M30S, name: "", id: CDF01-t-2, then: Join }
                then: Join
              - activity: simpleDecider
                id: SDD01_Def
                name: ""
              - id: Join
                parallel:
              - id: Again
                name: Entry
                choose:
              - activity: customDataForm
                id: Ask
                task: user
                with: { dataFormName: more, dataFormVersion: 2 }
              - id: Which
                name: Which?
                choose:
                  - { name: again, when: _again > "" && _n < 3, then: Again }
                  - { name: else, otherwise: End }
                  - { name: review, when: _decision == "REVIEW" && true, then: Report }
              - activity: writeSummaryReport
                id: Report
                name: ""
              - id: Merge
                name: Last?
                choose:
                  - { otherwise: End }
                  - { name: "", when: false, then: Again }
              - end: End
                id: End
        "#]],
    );
}

/// Texts that YAML, templates or ids might take for something else.
const HOSTILE: [&str; 50] = [
    "plain",
    " ",
    " leading",
    "trailing ",
    "true",
    "null",
    "~",
    "Yes",
    "on",
    "NO",
    "1",
    "1.5",
    "0x1f",
    "1e3",
    ".5",
    "-1",
    "+1",
    "1_000",
    "12:30:45",
    "2030-01-01",
    "2030-01-01T00:00:00Z",
    ".nan",
    "- item",
    "-",
    "?",
    "? key",
    ": value",
    "key: value",
    "key:",
    "a #comment",
    "#comment",
    "[list]",
    "{map: 1}",
    "a, b",
    "&anchor",
    "*alias",
    "!tag",
    "|",
    "> folded",
    "@at `tick` %percent",
    "it's \"quoted\" and \\ escaped",
    "'single'",
    "\"double\"",
    "line one\nline two\n\n  three\t\r\n",
    "---",
    "...",
    "<<",
    "=",
    "\u{85}\u{a0}\u{2028}\u{202e}\u{feff}\u{fffd}\u{1f600}é",
    "\\${not an expression} \\",
];

#[test]
fn hostile_names_and_texts_survive() {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    for text in HOSTILE {
        // JSON is YAML, and quotes everything.
        let json = format!(
            r#"{{"name": {0}, "id": "x", "versionTag": {0}, "languages": [{0}], "variables": {{"v": {0}}},
            "steps": [
                {{"start": {0}, "id": "s"}},
                {{"activity": "customDataForm", "id": "a", "name": {0}, "with": {{
                    "dataFormName": {0}, "dataFormVersion": 1,
                    "extra": {{"k": [{0}, [{0}], {{{0}: {0}}}], {0}: {0}}}
                }}, "out": {{"_x": {0}, "_y": [{0}]}}, "then": [{{"name": {0}, "to": "b"}}]}},
                {{"id": "b", "name": {0}, "choose": [{{"when": "x == {1}", "then": "e", "name": {0}}}, {{"otherwise": "e"}}]}},
                {{"end": {0}, "id": "e"}}
            ]}}"#,
            quoted(text),
            quoted(&text.replace(['\\', '"', '\''], "")).replace('"', "'")
        );
        let json = json.replace("x == ''", "x == 'y'");
        match read(Format::Yaml, &json, &catalog::catalog()) {
            Ok(process) => drop(written(&process)),
            Err(flaws) => panic!("{text:?}: {flaws:#?}\n{json}"),
        }
    }
}

#[test]
fn long_texts_and_keys_survive() {
    let long = "it is \"long\" ".repeat(300);
    let text = format!(
        "name: '{long}'\nid: x\nvariables:\n  map:\n    ? '{long}'\n    : '{long}'\n    b: 1\nsteps: [{{ end: }}]\n"
    );
    let text = written(&process(Format::Yaml, &text));
    assert!(text.contains("    ? '"), "{text}");
}

#[test]
fn values_keep_their_types() {
    check(
        r#"
name: x
variables:
  number: 1
  text: "1"
  real: 1.0
  tiny: 1.0e-7
  large: 18446744073709551615
  negative: -3
  yes: true
  nothing: ${null}
  lone: " ${a} "
  mixed: " ${a} b"
  literal: ${"a text"}
  escaped: \${a} ${b}
  list: [[], {}, [1, [2, { a: [] }]]]
  map: { a: 1, b: { c: "x: y" }, "d e": "" }
steps:
  - script: '"it is \"so\""'
  - script: ${"a"}-${b}
  - script: ${"a ${b}"}
"#,
        expect![[r#"
            name: x
            variables:
              number: 1
              text: "1"
              real: 1.0
              tiny: 1e-7
              large: 18446744073709551615
              negative: -3
              "yes": true
              nothing: ${null}
              lone: ${a}
              mixed: " ${a} b"
              literal: a text
              escaped: '\${a} ${b}'
              list: [[], {}, [1, [2, { a: [] }]]]
              map: { a: 1, b: { c: "x: y" }, d e: "" }
            steps:
              - script: '"it is \"so\""'
              - script: ${"a"}-${b}
              - script: ${"a ${b}"}
        "#]],
    );
}

#[test]
fn ids_that_look_implied_stay_apart() {
    check(
        r#"
name: x
steps:
  - { do: nothing, id: a, on: [{ timer: PT1M, id: a.timer2, then: end.2 }, { timer: PT2M, id: a.timer, then: end.2 }] }
  - { do: nothing, id: a.flow1 }
  - id: sub
    steps:
      - { start: Go, id: go }
      - { do: nothing, id: sub.start, then: [end, { otherwise: sub.end }] }
      - { end: Other, id: end }
      - { end: End, id: sub.end }
  - { do: nothing, id: step-1 }
  - { do: nothing, id: step-5, then: end.2 }
  - { end: End, id: end.2 }
"#,
        expect![[r#"
            name: x
            steps:
              - do: nothing
                id: a
                on:
                  - { timer: PT1M, id: a.timer2, then: end.2 }
                  - { timer: PT2M, id: a.timer, then: end.2 }
              - do: nothing
                id: a.flow1
              - id: sub
                steps:
                  - start: Go
                    id: go
                  - do: nothing
                    id: sub.start
                    then:
                      - end
                      - { otherwise: sub.end }
                  - end: Other
                    id: end
                  - end: End
              - do: nothing
                id: step-1
              - do: nothing
              - end: End
                id: end.2
        "#]],
    );
}

#[test]
fn long_ids_stay_ids() {
    let long = "x".repeat(200);
    let text = format!(
        "name: x\nsteps:\n  - id: {long}\n    steps:\n      - {{ do: nothing }}\n    on:\n      - {{ timer: PT1M, then: end }}\n"
    );
    let text = written(&process(Format::Yaml, &text));
    assert_eq!(text.lines().count(), 7, "{text}");
}

#[test]
fn sub_processes_are_written_as_deep_as_they_may_be_nested() {
    let mut text = String::from("name: x\nsteps:\n");
    for depth in 0..20 {
        let pad = "  ".repeat(2 * depth);
        text.push_str(&format!("{pad}  - id: s{depth}\n{pad}    steps:\n"));
    }
    text.push_str(&format!("{}  - do: nothing\n", "  ".repeat(40)));
    written(&process(Format::Yaml, &text));
}

#[test]
fn an_id_made_of_the_name_makes_way_for_the_steps() {
    let steps = |ids: &[&str]| -> String {
        ids.iter().map(|id| format!("  - {{ id: {id}, do: nothing }}\n")).collect()
    };
    let cases: [(&str, &[&str], &str); 7] = [
        ("1st Flow", &["one"], "process-1st-flow"),
        ("'.'", &["one"], "process"),
        ("'.'", &["process"], "process-process"),
        ("Both", &["one"], "both"),
        ("Both", &["both"], "both-process"),
        ("Both", &["both", "both-process"], "both-process-2"),
        ("Both", &["both", "both-process", "both-process-2"], "both-process-3"),
    ];
    for (name, ids, id) in cases {
        let read = process(Format::Yaml, &format!("name: {name}\nsteps:\n{}", steps(ids)));
        assert_eq!(read.id(), id);
        let text = written(&read);
        assert!(!text.starts_with("id:"), "{text}");
    }
    let explicit = format!("name: Both\nid: both\nsteps:\n{}", steps(&["both"]));
    let told = crate::meaning(Format::Yaml, &explicit);
    assert!(told.contains("already taken"), "{told}");
}

#[test]
fn what_has_no_name_is_drawn_with_one_that_need_not_be_written() {
    let text = r#"name: n
steps:
  - activity: customDataForm
    with: { dataFormName: x, dataFormVersion: 1 }
    on:
      - { error: ExceededCustomDataFormRetake, then: pending }
      - { timer: PT1H, then: pending }
      - { error: any, then: pending }
  - { script: 1 + 1, result: sum }
  - { send: loan withdrawn, id: say_KYCWithdrawn }
  - { call: owner-known }
  - { send: "Loan: withdrawn" }
  - id: either
    choose:
      - { when: sum > 1, then: pending }
      - { when: sum > 1 && (sum < 1000 || sum > 2000), then: pending }
      - { otherwise: unnamed }
  - { do: nothing, id: unnamed, name: "" }
  - { end: , id: pending }
"#;
    let process = process(Format::Yaml, text);
    let nodes = process.nodes();
    let named: Vec<String> =
        nodes.map(|(_, node)| format!("{}: {}\n", node.id, node.name)).collect();
    expect![[r#"
        start: Start
        customDataForm: Custom data form
        customDataForm.ExceededCustomDataFormRetake: Exceeded custom data form retake
        customDataForm.timer: PT1H
        customDataForm.any: 
        step-2: Set sum
        say_KYCWithdrawn: Say KYC withdrawn
        owner-known: Owner known
        step-5: Loan: withdrawn
        either: 
        unnamed: 
        pending: 
    "#]]
    .assert_eq(&named.concat());
    let flows = process.nodes().flat_map(|(place, _)| process.outgoing(place));
    let branches: Vec<&str> =
        flows.map(|(flow, _)| &*flow.name).filter(|name| !name.is_empty()).collect();
    assert_eq!(branches, ["sum > 1"]);
    // There and back again, nothing is added.
    let yaml = written(&process);
    assert_eq!(yaml.matches("name:").count(), 2, "{yaml}");
    let again = crate::process(Format::Bpmn, &write_bpmn(&process, None));
    assert_eq!(again.hash(), process.hash());
    assert_eq!(written(&again), yaml);
}
