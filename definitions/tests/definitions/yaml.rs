//! Reading YAML definitions: what they mean, and what is refused.

use crate::meaning;
use definitions::Format;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&meaning(Format::Yaml, text));
}

#[test]
fn a_whole_journey_fits_in_twelve_lines() {
    let text = r#"name: Join
steps:
  - activity: addUser
    with:
      storeName: demo
      userExternalId: ${_initVars["userExternalId"]}
    on:
      - error: ExtIdNotUnique
        then: known
  - end: Joined
  - end: Known
"#;
    check(
        text,
        expect![[r#"
            {"defaultLanguage":null,"id":"join","name":"Join","nodes":null,"supportedLanguages":[]}
            addUser: {"activity":"addUser","flows":[{"condition":null,"default":false,"name":"","to":"joined"}],"inputs":{"storeName":{"value":"demo"},"userExternalId":{"expression":"${_initVars[\"userExternalId\"]}"}},"kind":"serviceTask","name":"Add user","outputs":[]}
            addUser.ExtIdNotUnique: {"flows":[{"condition":null,"default":false,"name":"","to":"known"}],"host":"addUser","interrupting":true,"kind":"boundaryEvent","name":"Ext id not unique","trigger":{"codeVariable":null,"error":"ExtIdNotUnique","messageVariable":null}}
            joined: {"flows":[],"kind":"endEvent","name":"Joined"}
            known: {"flows":[],"kind":"endEvent","name":"Known"}
            start: {"flows":[{"condition":null,"default":false,"name":"","to":"addUser"}],"kind":"startEvent","name":"Start"}
        "#]],
    );
}

#[test]
fn what_is_not_written_is_implied() {
    let text = "name: Short & sweet\nsteps:\n  - activity: simpleDecider\n  - choose:\n      - { when: a > 1, then: end }\n      - otherwise: simpleDecider\n";
    check(
        text,
        expect![[r#"
            {"defaultLanguage":null,"id":"short-sweet","name":"Short & sweet","nodes":null,"supportedLanguages":[]}
            end: {"flows":[],"kind":"endEvent","name":"End"}
            simpleDecider: {"activity":"simpleDecider","flows":[{"condition":null,"default":false,"name":"","to":"step-2"}],"inputs":{},"kind":"serviceTask","name":"Simple decider","outputs":[]}
            start: {"flows":[{"condition":null,"default":false,"name":"","to":"simpleDecider"}],"kind":"startEvent","name":"Start"}
            step-2: {"flows":[{"condition":"${a > 1}","default":false,"name":"a > 1","to":"end"},{"condition":null,"default":true,"name":"","to":"simpleDecider"}],"kind":"exclusiveGateway","name":""}
        "#]],
    );
}

#[test]
fn ways_part_and_meet_again() {
    let text = r#"
name: Whole
steps:
  - start: Go
    then: [simpleDecider, { to: writeSummaryReport, name: second }]
  - activity: simpleDecider
    then: both
  - activity: writeSummaryReport
    then: both
  - id: both
    parallel:
  - end:
"#;
    check(
        text,
        expect![[r#"
            {"defaultLanguage":null,"id":"whole","name":"Whole","nodes":null,"supportedLanguages":[]}
            both: {"flows":[{"condition":null,"default":false,"name":"","to":"end"}],"kind":"parallelGateway","name":""}
            end: {"flows":[],"kind":"endEvent","name":""}
            simpleDecider: {"activity":"simpleDecider","flows":[{"condition":null,"default":false,"name":"","to":"both"}],"inputs":{},"kind":"serviceTask","name":"Simple decider","outputs":[]}
            start: {"flows":[{"condition":null,"default":false,"name":"","to":"simpleDecider"},{"condition":null,"default":false,"name":"second","to":"writeSummaryReport"}],"kind":"startEvent","name":"Go"}
            writeSummaryReport: {"activity":"writeSummaryReport","flows":[{"condition":null,"default":false,"name":"","to":"both"}],"inputs":{},"kind":"serviceTask","name":"Write summary report","outputs":[]}
        "#]],
    );
}

#[test]
fn the_shorthands_of_yaml_are_understood() {
    let text = r#"
name: Anchors
steps:
  - activity: addUser
    with: &store
      storeName: 'demo'
      userExternalId: >-
        ${_initVars["userExternalId"]}
      userKey: 17
      userAttributes: { vip: yes, "on": on, age: 42, ratio: 1.50, none: "${null}", deep: [~x, [1]] }
    out: { _a: 1, _b: true, _c: [1, "${b}"], _d: "1" }
  - activity: getUser
    with: { storeName: demo }
    on:
      - { timer: PT1M, then: end }
      - { timer: PT2M, then: end }
      - { error: any, then: end }
"#;
    check(
        text,
        expect![[r#"
            {"defaultLanguage":null,"id":"anchors","name":"Anchors","nodes":null,"supportedLanguages":[]}
            addUser: {"activity":"addUser","flows":[{"condition":null,"default":false,"name":"","to":"getUser"}],"inputs":{"storeName":{"value":"demo"},"userAttributes":{"map":{"age":{"value":42},"deep":{"list":[{"value":"~x"},{"list":[{"value":1}]}]},"none":{"value":null},"on":{"value":"on"},"ratio":{"value":1.5},"vip":{"value":"yes"}}},"userExternalId":{"expression":"${_initVars[\"userExternalId\"]}"},"userKey":{"value":"17"}},"kind":"serviceTask","name":"Add user","outputs":[["_a",{"value":1}],["_b",{"value":true}],["_c",{"list":[{"value":1},{"expression":"${b}"}]}],["_d",{"value":"1"}]]}
            end: {"flows":[],"kind":"endEvent","name":"End"}
            getUser: {"activity":"getUser","boundaries":["getUser.timer","getUser.timer2","getUser.any"],"flows":[{"condition":null,"default":false,"name":"","to":"end"}],"inputs":{"storeName":{"value":"demo"}},"kind":"serviceTask","name":"Get user","outputs":[]}
            getUser.any: {"flows":[{"condition":null,"default":false,"name":"","to":"end"}],"host":"getUser","interrupting":true,"kind":"boundaryEvent","name":"","trigger":{"codeVariable":null,"error":null,"messageVariable":null}}
            getUser.timer: {"flows":[{"condition":null,"default":false,"name":"","to":"end"}],"host":"getUser","interrupting":true,"kind":"boundaryEvent","name":"PT1M","trigger":{"duration":{"value":"PT1M"}}}
            getUser.timer2: {"flows":[{"condition":null,"default":false,"name":"","to":"end"}],"host":"getUser","interrupting":true,"kind":"boundaryEvent","name":"PT2M","trigger":{"duration":{"value":"PT2M"}}}
            start: {"flows":[{"condition":null,"default":false,"name":"","to":"addUser"}],"kind":"startEvent","name":"Start"}
        "#]],
    );
}

/// A definition without a flaw; the tests break it.
const YAML: &str = r#"name: Broken
id: broken
languages: [en]
steps:
  - start: Start
  - activity: addUser
    with:
      storeName: demo
    out:
      _x: ${userId}
    on:
      - error: ExtIdNotUnique
        then: ask
  - id: ask
    activity: customDataForm
    task: user
    with:
      dataFormName: form
      dataFormVersion: 1
    on:
      - timer: PT1M
        then: end
  - id: which
    choose:
      - when: _again
        then: ask
      - otherwise: end
  - end: End
"#;

#[test]
fn every_mistake_is_told_with_its_line() {
    let cases = [
        ("name: Broken\nid: broken", "title: Broken"),
        ("name: Broken", "name: [Broken]"),
        ("name: Broken", "nam: Broken"),
        ("languages: [en]", "languages: en"),
        ("languages: [en]", "languages: [[en]]"),
        ("id: broken", "id: the broken one"),
        ("  - start: Start", "  - just text"),
        ("  - start: Start", "  - start: Start\n    with: {}"),
        ("  - start: Start", "  - start: Start\n  - start: Again"),
        ("activity: addUser", "activity: adUser"),
        ("activity: addUser", "activity:"),
        ("activity: addUser", "activity: addUser\n    end: End"),
        ("activity: addUser", "activty: addUser"),
        ("    with:\n      storeName: demo\n", ""),
        ("      storeName: demo", "      storeName:"),
        ("      storeName: demo", "      storeName: \"\""),
        ("      storeName: demo", "      storeName: \"  \""),
        ("      storeName: demo", "      storeName: [demo]"),
        ("      storeName: demo", "      - storeName"),
        ("      storeName: demo", "      storeNme: demo"),
        ("      storeName: demo", "      storeName: demo\n      storeName: demo"),
        ("dataFormVersion: 1", "dataFormVersion: one"),
        ("dataFormVersion: 1", "dataFormVersion: 1.5"),
        ("${userId}", "${userId"),
        ("_x:", "_x-y:"),
        ("error: ExtIdNotUnique", "error: ExtIdNotUnik"),
        ("error: ExtIdNotUnique", "error: ExtIdNotUnique\n        timer: PT1M"),
        ("error: ExtIdNotUnique", "name: nothing"),
        ("error: ExtIdNotUnique", "error: ExtIdNotUnique\n        interrupting: false"),
        ("error: ExtIdNotUnique", "error: ExtIdNotUnique\n        interrupting: perhaps"),
        ("        then: ask\n  - id: ask", "  - id: ask"),
        ("        then: ask\n  - id: ask", "        then: aks\n  - id: ask"),
        ("        then: ask\n  - id: ask", "        then: { name: x }\n  - id: ask"),
        ("task: user", "task: human"),
        ("timer: PT1M", "timer: 15 minutes"),
        ("timer: PT1M", "timer: PT1M\n        code: errorCode"),
        ("when: _again", "when: _again ="),
        ("when: _again\n", ""),
        ("when: _again\n        then: ask", "then: ask"),
        ("when: _again\n        then: ask", "to: ask"),
        ("- otherwise: end", "- otherwise: end\n      - otherwise: ask"),
        ("  - end: End", "  - end: End\n    then: ask"),
        ("  - end: End", "  - end: End\n    id: ask"),
        ("  - end: End", "  - end: End\n  - end: Island"),
        ("steps:", "steps: []\nothers:"),
        ("steps:", "stages:"),
        ("steps:\n", "steps:\n  - &a { activity: simpleDecider, id: a, <<: *a }\n"),
        ("steps:\n", "steps:\n  - !thing { activity: simpleDecider }\n"),
        ("steps:\n", "steps:\n\t- x\n"),
        ("steps:\n", "steps: }\n"),
        ("name: Broken", "--- \nname: Broken\n---\nname: Two"),
        ("name: Broken", "? [a]\n: b\nname: Broken"),
    ];
    let mut actual = String::new();
    for (old, new) in cases {
        assert!(YAML.contains(old), "the definition has no {old}");
        let text = YAML.replacen(old, new, 1);
        let flaws = meaning(Format::Yaml, &text);
        let flaws: String = flaws.lines().map(|flaw| format!("  {flaw}\n")).collect();
        actual.push_str(&format!("{old:?} -> {new:?}\n{flaws}"));
    }
    expect![[r#"
        "name: Broken\nid: broken" -> "title: Broken"
          line 1: a definition has no key title; it knows name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [unknown-key]
          line 1: a definition needs a name [missing-key]
        "name: Broken" -> "name: [Broken]"
          line 1: name takes a text [wrong-shape]
        "name: Broken" -> "nam: Broken"
          line 1: a definition has no key nam; it knows name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events; did you mean name? [unknown-key]
        "languages: [en]" -> "languages: en"
          line 3: languages takes a list [wrong-shape]
        "languages: [en]" -> "languages: [[en]]"
          line 3: a language is a text such as en [wrong-shape]
        "id: broken" -> "id: the broken one"
          line 1: the broken one: an id begins with a letter or an underscore, goes on with letters, digits, dots, hyphens and underscores, and has at most 200 of them [invalid-id]
        "  - start: Start" -> "  - just text"
          line 5: a step is a map with one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end [wrong-shape]
        "  - start: Start" -> "  - start: Start\n    with: {}"
          line 6: a step with start has no key with; it knows start, id, name, description, enter, leave, message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, key, code, wait, variable, change, interrupting, initiator, variables, out, then [unknown-key]
        "  - start: Start" -> "  - start: Start\n  - start: Again"
          line 6: start: the id is already taken on line 5; give this one another [duplicate-id]
          line 6: start: a process has one plain start event; take this one away [one-start]
        "activity: addUser" -> "activity: adUser"
          line 6: adUser: there is no activity adUser; did you mean addUser? [unknown-activity]
        "activity: addUser" -> "activity:"
          line 6: activity takes a text [wrong-shape]
        "activity: addUser" -> "activity: addUser\n    end: End"
          line 6: step-2: a step has one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end, not activity and end [wrong-shape]
        "activity: addUser" -> "activty: addUser"
          line 6: a step has no key activty; did you mean activity? [unknown-key]
          line 6: step-2: a step has one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end [wrong-shape]
        "    with:\n      storeName: demo\n" -> ""
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
        "      storeName: demo" -> "      storeName:"
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
          line 8: storeName has no value; write one, or ${null} if you mean it [wrong-shape]
        "      storeName: demo" -> "      storeName: \"\""
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
        "      storeName: demo" -> "      storeName: \"  \""
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
        "      storeName: demo" -> "      storeName: [demo]"
          line 8: addUser: the parameter storeName takes a text [wrong-type]
        "      storeName: demo" -> "      - storeName"
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
          line 7: with takes a map from names to values [wrong-shape]
        "      storeName: demo" -> "      storeNme: demo"
          line 6: addUser: addUser needs the parameter storeName; give it [missing-parameter]
          line 8: addUser: addUser has no parameter storeNme; did you mean storeName? [unknown-parameter]
        "      storeName: demo" -> "      storeName: demo\n      storeName: demo"
          line 9: the key storeName stands twice in the same map; keep one [duplicate-key]
        "dataFormVersion: 1" -> "dataFormVersion: one"
          line 19: ask: the parameter dataFormVersion takes a whole number [wrong-type]
        "dataFormVersion: 1" -> "dataFormVersion: 1.5"
          line 19: ask: the parameter dataFormVersion takes a whole number [wrong-type]
        "${userId}" -> "${userId"
          line 10: addUser: in _x: the expression that begins here has no closing } (at character 1) [invalid-expression]
        "_x:" -> "_x-y:"
          line 10: addUser: "_x-y" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        "error: ExtIdNotUnique" -> "error: ExtIdNotUnik"
          line 12: addUser.ExtIdNotUnik: addUser raises ExtIdNotUnique, FailedToAddUser, but never ExtIdNotUnik; did you mean ExtIdNotUnique? [unknown-error]
        "error: ExtIdNotUnique" -> "error: ExtIdNotUnique\n        timer: PT1M"
          line 12: addUser: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
        "error: ExtIdNotUnique" -> "name: nothing"
          line 12: addUser: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
        "error: ExtIdNotUnique" -> "error: ExtIdNotUnique\n        interrupting: false"
          line 12: addUser.ExtIdNotUnique: an error always leaves its activity; let the event interrupt [error-interrupts]
        "error: ExtIdNotUnique" -> "error: ExtIdNotUnique\n        interrupting: perhaps"
          line 13: interrupting takes true or false [wrong-shape]
        "        then: ask\n  - id: ask" -> "  - id: ask"
          line 12: addUser.ExtIdNotUnique: an event says with then where it leads [missing-key]
        "        then: ask\n  - id: ask" -> "        then: aks\n  - id: ask"
          line 13: addUser.ExtIdNotUnique.flow1: the flow leads to aks, which does not exist; did you mean ask? [dangling-reference]
        "        then: ask\n  - id: ask" -> "        then: { name: x }\n  - id: ask"
          line 12: addUser.ExtIdNotUnique: nothing follows this boundary event; lead it somewhere [boundary-flow]
          line 13: addUser.ExtIdNotUnique: a branch has when and then, or otherwise, or to alone [wrong-shape]
        "task: user" -> "task: human"
          line 16: task takes one of service, user, send, rule, throw, end [wrong-shape]
        "timer: PT1M" -> "timer: 15 minutes"
          line 21: ask: "15 minutes" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
        "timer: PT1M" -> "timer: PT1M\n        code: errorCode"
          line 22: ask: timer takes no code [wrong-shape]
        "when: _again" -> "when: _again ="
          line 25: which.flow1: in the condition: a single = compares nothing; write == (at character 10) [invalid-condition]
        "when: _again\n" -> ""
          line 25: which: a branch has when and then, or otherwise, or to alone [wrong-shape]
        "when: _again\n        then: ask" -> "then: ask"
          line 25: which: a branch has when and then, or otherwise, or to alone [wrong-shape]
        "when: _again\n        then: ask" -> "to: ask"
          line 25: which.flow1: several flows of the gateway have no condition; give each one but the default flow a condition [missing-condition]
        "- otherwise: end" -> "- otherwise: end\n      - otherwise: ask"
          line 28: which: a choice has one otherwise; take this one away [wrong-shape]
          line 28: which.flow3: several flows of the gateway have no condition; give each one but the default flow a condition [missing-condition]
        "  - end: End" -> "  - end: End\n    then: ask"
          line 29: a step with end has no key then; it knows end, id, name, description, enter, leave, message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, key, code, wait, variable, change, variables, with [unknown-key]
        "  - end: End" -> "  - end: End\n    id: ask"
          line 28: ask: the id is already taken on line 14; give this one another [duplicate-id]
        "  - end: End" -> "  - end: End\n  - end: Island"
          line 29: island: nothing leads here from the start; connect it or take it away [unreachable]
        "steps:" -> "steps: []\nothers:"
          line 1: a definition needs steps, at least one [missing-key]
          line 5: a definition has no key others; it knows name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [unknown-key]
        "steps:" -> "stages:"
          line 1: a definition needs steps, at least one [missing-key]
          line 4: a definition has no key stages; it knows name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [unknown-key]
        "steps:\n" -> "steps:\n  - &a { activity: simpleDecider, id: a, <<: *a }\n"
          line 5: merging with << is not understood; write the keys out [not-yaml]
        "steps:\n" -> "steps:\n  - !thing { activity: simpleDecider }\n"
          line 5: unsupported tag `!thing` [not-yaml]
        "steps:\n" -> "steps:\n\t- x\n"
          line 5: tabs disallowed within this context (block indentation) [not-yaml]
        "steps:\n" -> "steps: }\n"
          line 4: misplaced bracket [not-yaml]
        "name: Broken" -> "--- \nname: Broken\n---\nname: Two"
          line 2: a definition needs steps, at least one [missing-key]
        "name: Broken" -> "? [a]\n: b\nname: Broken"
          line 1: expected string scalar [not-yaml]
    "#]].assert_eq(&actual);
}

#[test]
fn a_text_that_is_no_yaml_is_told_so() {
    let texts = [
        "",
        " ",
        "null",
        "just text",
        "- a list",
        "a: b: c",
        "\u{0}",
        "{",
        "%",
        "&",
        "*a",
        "a: *b",
    ];
    let flaws = |text: &&str| format!("{text:?}\n{}", meaning(Format::Yaml, text));
    let actual: String = texts.iter().map(flaws).collect();
    expect![[r#"
        ""
        line 1: a definition is a map with keys such as name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [wrong-shape]
        " "
        line 1: a definition is a map with keys such as name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [wrong-shape]
        "null"
        line 1: a definition is a map with keys such as name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [wrong-shape]
        "just text"
        line 1: a definition is a map with keys such as name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [wrong-shape]
        "- a list"
        line 1: a definition is a map with keys such as name, id, description, versionTag, historyTimeToLive, defaultLanguage, languages, variables, startless, steps, events [wrong-shape]
        "a: b: c"
        line 1: mapping values are not allowed in this context [not-yaml]
        "\0"
        line 1: unexpected character: `\u{0}' [not-yaml]
        "{"
        line 1: unclosed bracket '{' [not-yaml]
        "%"
        line 1: while scanning a directive, could not find expected directive name [not-yaml]
        "&"
        line 1: while scanning an anchor or alias, did not find expected alphabetic or numeric character [not-yaml]
        "*a"
        line 1: alias references unknown anchor [not-yaml]
        "a: *b"
        line 1: alias references unknown anchor [not-yaml]
    "#]].assert_eq(&actual);
}
