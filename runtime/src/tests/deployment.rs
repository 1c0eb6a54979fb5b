//! Deploying the same again: what means the same makes no new version.

use serde_json::json;

use super::*;
use crate::resource::{self, Draft, Kind};

#[tokio::test]
async fn a_definition_of_the_same_meaning_makes_no_new_version() {
    let house = house().await;
    let first = house.deploy("decide", DECIDE).await;
    let worded = format!("# Told otherwise, meant the same.\n{DECIDE}\n");
    let same = house.deploy("decide", &worded).await;
    assert_eq!(same.process_definition_id, first.process_definition_id);
    let all = Page { number: 0, size: 10 };
    assert_eq!(house.rooms.list_definition_versions("decide", all).await.unwrap().total, 1);
    let other = house.deploy("decide", &DECIDE.replacen("name: ", "name: again ", 1)).await;
    assert_eq!(other.version, 2);
    let back = house.deploy("decide", DECIDE).await;
    assert_eq!(back.version, 3, "what is not in use any more is deployed anew");
}

#[tokio::test]
async fn a_definition_that_was_saved_and_then_deployed_is_known_by_its_meaning_too() {
    let house = house().await;
    let draft = NewDefinition { deploy: false, ..definition("decide", DECIDE) };
    let saved = house.rooms.add_definition(draft).await.unwrap();
    let (id, deployed) = (&saved.process_definition_id, VersionStatus::DeployedActive);
    house.rooms.set_definition_status(id, deployed, false).await.unwrap();
    let same = house.deploy("decide", DECIDE).await;
    assert_eq!((same.version, &same.process_definition_id), (1, id));
    assert_eq!(house.deploy("decide", &DECIDE.replace("Good", "Fine")).await.version, 2);
}

#[tokio::test]
async fn a_deployment_wakes_whoever_starts_by_timer_when_it_is_committed() {
    let house = house().await;
    let hourly = "\nname: hourly\nsteps:\n  - { start: Hourly, cycle: R/PT1H }\n";
    house.rang();
    house.deploy("hourly", hourly).await;
    assert!(house.rang());
    let changed = definition("hourly", &hourly.replace("PT1H", "PT1M"));
    house.runtime.inner().store.fail_after(0);
    house.rooms.add_definition(changed).await.unwrap_err();
    assert!(!house.rang(), "nothing was armed");
}

#[tokio::test]
async fn a_definition_that_says_something_else_of_itself_is_a_new_version() {
    let house = house().await;
    let first = house.deploy("decide", DECIDE).await;
    let attributes = json!({"owner": "somebody else"}).as_object().unwrap().clone();
    let new = NewDefinition { attributes, ..definition("decide", DECIDE) };
    let second = house.rooms.add_definition(new.clone()).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(house.rooms.add_definition(new).await.unwrap().version, 2);
    let out = VersionStatus::DeployedInactive;
    let id = &second.process_definition_id;
    house.rooms.set_definition_status(id, out, false).await.unwrap();
    assert_eq!(house.deploy("decide", DECIDE).await.version, 1, "the one that is in use again");
}

#[tokio::test]
async fn what_is_in_use_and_cannot_be_read_any_more_is_named() {
    let house = house().await;
    assert_eq!(house.rooms.unreadable_definitions().await.unwrap().len(), 0);
    let mut unit = house.rooms.unit();
    for status in [VersionStatus::Editable, VersionStatus::DeployedActive] {
        let draft = Draft {
            name: "old".to_owned(),
            description: None,
            status,
            details: json!({"format": "YAML"}).as_object().unwrap().clone(),
            source: "name: old\nsteps:\n  - { activity: of old }\n".to_owned(),
        };
        resource::add(&mut unit, Kind::Definition, draft, noon().now(), "Test").await.unwrap();
    }
    unit.commit().await.unwrap();
    let found = house.rooms.unreadable_definitions().await.unwrap();
    assert_eq!((found.len(), found[0].0.name.as_str(), found[0].0.version), (1, "old", 2));
    assert!(found[0].1.contains("of old"), "{}", found[0].1);
}

/// A user task with fields of its own and a limit, with INPUTS for its activity.
const FIELDS: &str = r#"
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <process id="fields" isExecutable="true">
    <startEvent id="start" />
    <sequenceFlow id="to" sourceRef="start" targetRef="ask" />
    <userTask id="ask"><extensionElements>
      <c:formData><c:formField id="age" label="Age" type="long" /></c:formData>
      <c:inputOutput>INPUTS</c:inputOutput>
    </extensionElements></userTask>
    <sequenceFlow id="on" sourceRef="ask" targetRef="end" />
    <boundaryEvent id="late" attachedToRef="ask"><timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="later" sourceRef="late" targetRef="end" />
    <endEvent id="end" />
  </process>
</definitions>
"#;

#[tokio::test]
async fn a_form_that_may_be_answered_as_often_as_anybody_likes_needs_no_way_out_of_it() {
    let house = house().await;
    let uncaught = "ExceededCustomDataFormRetake";
    let cases = [
        ("", false),
        ("4294967295", false),
        ("${4294967295}", false),
        ("4294967294", true),
        ("3", true),
        ("${n}", true),
    ];
    for (most, is_warned) in cases {
        let input = format!("<c:inputParameter name=\"maxAttempts\">{most}</c:inputParameter>");
        let input = if most.is_empty() { "" } else { &input };
        let source = FIELDS.replace("INPUTS", input);
        let new = NewDefinition { format: Format::Bpmn, ..definition("fields", &source) };
        let strict = NewDefinition { strict: true, ..new.clone() };
        let refused = house.rooms.add_definition(strict).await.err();
        let told = refused.map(|error| format!("{error:?}")).unwrap_or_default();
        assert_eq!(told.contains(uncaught), is_warned, "{most}: {told}");
        assert_eq!(told.is_empty(), !is_warned, "{most}: {told}");
        let warnings = house.rooms.add_definition(new).await.unwrap().warnings;
        let rules: Vec<&str> = warnings.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(rules, if is_warned { vec!["uncaught-error"] } else { vec![] }, "{most}");
    }
}
