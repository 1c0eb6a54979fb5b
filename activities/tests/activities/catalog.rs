//! A walk over all activities: every word is documented, no name is taken twice, and what derives from them is golden.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use activities::{ALL, Acts, Kind, Plugin, coerce, element_templates, manual};
use serde_json::{Map, Value, json};

#[test]
fn no_name_is_taken_twice() {
    let mut taken = BTreeSet::new();
    for plugin in ALL {
        for name in plugin.aliases.iter().chain([&plugin.name]) {
            assert!(taken.insert(*name), "{name} names two activities");
        }
    }
    let labels: BTreeSet<&str> = ALL.iter().map(|plugin| plugin.label).collect();
    assert_eq!(labels.len(), ALL.len());
}

#[test]
fn the_names_are_those_that_definitions_use() {
    let names: Vec<&str> = ALL.iter().map(|plugin| plugin.name).collect();
    assert_eq!(
        names,
        [
            "addUser",
            "getUser",
            "updateUser",
            "deleteUser",
            "lockUser",
            "unlockUser",
            "lockUserModality",
            "unlockUserModality",
            "startPasscodeRegistration",
            "passcodeRegistrationForm",
            "completePasscodeRegistration",
            "startPasscodeAuthentication",
            "passcodeAuthenticationForm",
            "completePasscodeAuthentication",
            "startPasscodeRenewal",
            "passcodeRenewalForm",
            "completePasscodeRenewal",
            "deregisterPasscode",
            "startPasskeyRegistration",
            "passkeyRegistrationForm",
            "completePasskeyRegistration",
            "startPasskeyAuthentication",
            "passkeyAuthenticationForm",
            "completePasskeyAuthentication",
            "deregisterPasskey",
            "startTotpRegistration",
            "completeTotpRegistration",
            "totpAuthentication",
            "getCurrentTotp",
            "deregisterTotp",
            "generateRecoveryCodes",
            "confirmRecoveryCodes",
            "recoveryCodeAuthentication",
            "deregisterRecoveryCodes",
            "customDataForm",
            "simpleDecider",
            "writeSummaryReport",
        ]
    );
}

#[test]
fn every_word_is_documented_in_full_sentences() {
    for plugin in ALL {
        let shape = plugin.shape();
        let mut words = vec![(plugin.name, shape.label.as_str(), shape.doc.as_str())];
        words.extend(
            shape.parameters.iter().map(|p| (p.name.as_str(), p.label.as_str(), p.doc.as_str())),
        );
        words.extend(
            shape.errors.iter().map(|e| (e.code.as_str(), e.label.as_str(), e.doc.as_str())),
        );
        words.extend(
            shape.outputs.iter().map(|o| (o.name.as_str(), o.name.as_str(), o.doc.as_str())),
        );
        for (name, label, doc) in words {
            assert!(!name.is_empty() && !label.is_empty(), "{}: {name} has no label", plugin.name);
            let sentence = doc.chars().next().is_some_and(char::is_uppercase) && doc.ends_with('.');
            assert!(sentence, "{}: {name} is documented with {doc:?}", plugin.name);
        }
        assert!(
            shape.parameters.iter().all(|p| p.kind != Kind::Any),
            "{} has a typeless parameter",
            plugin.name
        );
    }
}

#[test]
fn every_default_fits_its_own_parameter() {
    for plugin in ALL {
        let mut given: Map<String, Value> = Map::new();
        for parameter in &plugin.shape().parameters {
            let text = parameter.choices.first().map_or("given", String::as_str);
            let value = parameter.default.clone().or(parameter.required.then(|| json!(text)));
            given.extend(value.map(|value| (parameter.name.clone(), value)));
        }
        assert_eq!(coerce(plugin.shape(), given.clone()), Ok(given), "{}", plugin.name);
    }
}

#[test]
fn end_user_activities_share_their_inputs() {
    for plugin in ALL.iter().filter(|plugin| plugin.acts == Acts::Waits) {
        let label = |name: &str| {
            let parameter = plugin.shape().parameters.iter().find(|p| p.name == name);
            parameter.map(|p| p.label.as_str()).unwrap_or_default()
        };
        let labels = ["screenId", "screens", "stepId"].map(label);
        assert_eq!(
            labels,
            ["UI Component ID", "List of Screens", "Starting Component ID"],
            "{}",
            plugin.name
        );
    }
}

#[test]
fn the_documented_parameters_have_their_labels_and_defaults() {
    let lines: Vec<String> = ALL.iter().flat_map(lines).collect();
    golden("parameters.txt", &(lines.join("\n") + "\n"));
}

fn lines(plugin: &'static Plugin) -> impl Iterator<Item = String> {
    plugin.shape().parameters.iter().map(move |p| {
        let default = p.default.as_ref().map(Value::to_string);
        let need = default.unwrap_or(if p.required { "required" } else { "optional" }.to_owned());
        format!("{}.{} | {} | {:?} | {need}", plugin.name, p.name, p.label, p.kind)
    })
}

#[test]
fn the_manual_is_golden() {
    golden("manual.md", &manual(ALL));
}

#[test]
fn the_element_templates_are_golden() {
    golden(
        "element-templates.json",
        &(serde_json::to_string_pretty(&element_templates(ALL)).unwrap() + "\n"),
    );
}

#[test]
fn the_shapes_are_golden() {
    let shapes: Vec<_> = ALL.iter().map(Plugin::shape).collect();
    golden("shapes.json", &(serde_json::to_string_pretty(&shapes).unwrap() + "\n"));
}

/// Compares with a file of `golden/`; `UPDATE_GOLDEN=1` writes it instead.
fn golden(name: &str, present: &str) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), present).unwrap();
    }
    let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let line = kept.lines().zip(present.lines()).position(|(kept, present)| kept != present);
    let hint = "UPDATE_GOLDEN=1 writes it anew; look at the diff";
    assert!(
        kept == present,
        "golden/{name} differs from line {} on; {hint}",
        line.unwrap_or(0) + 1
    );
}

#[test]
fn what_the_documents_call_required_is_never_empty() {
    let documented = [
        ("addUser", "storeName"),
        ("getUser", "storeName"),
        ("startPasscodeRegistration", "passcodeRegistrationKey passcodeKey storeName userKey"),
        (
            "passcodeRegistrationForm",
            "dataFormName dataFormVersion formDataKey passcodeRegistrationKey stepId screenId",
        ),
        ("completePasscodeRegistration", "passcodeRegistrationKey"),
        ("startPasscodeAuthentication", "passcodeAuthenticationKey passcodeKey storeName userKey"),
        (
            "passcodeAuthenticationForm",
            "dataFormName dataFormVersion formDataKey passcodeAuthenticationKey stepId screenId",
        ),
        ("completePasscodeAuthentication", "passcodeAuthenticationKey"),
        ("startPasscodeRenewal", "passcodeRenewalKey passcodePolicy storeName userKey"),
        ("deregisterPasscode", "passcodePolicy storeName userKey"),
        (
            "startPasskeyRegistration",
            "passkeyRegistrationKey passkeyUserDisplayName passkeyUserName registrationPolicy \
             relyingPartyId storeName",
        ),
        ("startPasskeyAuthentication", "passkeyAuthenticationKey relyingPartyId storeName"),
        // A form that stands in the definition has no name.
        ("customDataForm", "dataFormVersion formDataKey"),
    ];
    for (name, required) in documented {
        let plugin = ALL.iter().find(|plugin| plugin.name == name).unwrap();
        let filled = plugin.shape().parameters.iter().filter(|parameter| parameter.filled);
        let filled: Vec<&str> = filled.map(|parameter| &*parameter.name).collect();
        assert_eq!(filled.join(" "), required, "{name}");
        let without = plugin.shape().parameters.iter().filter(|one| one.filled && !one.required);
        assert!(without.into_iter().all(|parameter| parameter.default.is_some()), "{name}");
    }
}
