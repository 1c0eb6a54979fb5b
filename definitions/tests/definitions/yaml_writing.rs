//! Writing YAML: short, canonical, and of the same meaning when it is read again.

use crate::{catalog, process};
use definitions::{Format, Process, library, read, write_yaml};
use expect_test::{Expect, expect};

/// Writes a process and reads it again: it means the same, and is written in the same way.
fn written(process: &Process) -> String {
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
fn a_journey_is_written_as_people_write_it() {
    let journey = library::ALL.iter().find(|one| one.name == "passcode-authentication");
    let text = written(&process(Format::Bpmn, journey.expect("the journey").bpmn));
    expect![[r#"
        name: Passcode Authentication
        defaultLanguage: en
        languages: [en, de, ar]
        steps:
          - activity: getUser
            name: Get User
            with: { storeName: demo, userExternalId: '${_initVars["userExternalId"]}', userKey: user1 }
            "on":
              - { error: UserNotFound, name: User not found, then: startPasscodeAuthentication }
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
            "on":
              - { timer: PT15M, name: "15 minutes have passed", then: not-signed-in }
          - activity: completePasscodeAuthentication
            name: Complete Passcode Authentication
            with: { passcodeAuthenticationKey: passcodeAuth1 }
            "on":
              - { error: PasscodeAuthenticationFailed, name: Passcode not accepted, then: attempts }
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
    check(include_str!("everything.yaml"), expect![[r#"
        id: v1_activities
        name: Everything & more
        versionTag: "1"
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
            "on":
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
              - { timer: PT4M30S, id: CDF01-t-2, then: Join }
            then: Join
          - activity: simpleDecider
            id: SDD01_Def
          - id: Join
            parallel:
          - id: Again
            name: Entry
            choose:
          - activity: customDataForm
            id: Ask
            name: Ask
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
          - id: Merge
            name: Last?
            choose:
              - { otherwise: End }
              - { when: false, then: Again }
          - end: End
            id: End
    "#]]);
}
