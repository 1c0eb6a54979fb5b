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
            addUser: {"activity":"addUser","flows":[{"condition":null,"default":false,"name":"","to":"joined"}],"inputs":{"storeName":{"value":"demo"},"userExternalId":{"expression":"${_initVars[\"userExternalId\"]}"}},"kind":"serviceTask","name":"","outputs":[]}
            addUser.ExtIdNotUnique: {"flows":[{"condition":null,"default":false,"name":"","to":"known"}],"host":"addUser","interrupting":true,"kind":"boundaryEvent","name":"","trigger":{"codeVariable":null,"error":"ExtIdNotUnique","messageVariable":null}}
            joined: {"flows":[],"kind":"endEvent","name":"Joined"}
            known: {"flows":[],"kind":"endEvent","name":"Known"}
            start: {"flows":[{"condition":null,"default":false,"name":"","to":"addUser"}],"kind":"startEvent","name":"Start"}
        "#]],
    );
}
