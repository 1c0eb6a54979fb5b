//! Definitions on the real server: the README's own, the shipped ones read back, one that is deleted under way.

use crate::house::House;
use serde_json::json;
use tests::journey::new_passcode;
use tests::library::{REGISTRATION, parameters};

const README: &str = include_str!("../../README.md");

#[tokio::test(flavor = "multi_thread")]
async fn the_journey_in_the_readme_runs_as_it_stands_there() {
    let yaml = README.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next());
    let yaml = yaml.expect("the README has a journey");
    assert_eq!(yaml.lines().count(), 12, "twelve lines");
    let mut house = House::open().await;
    house.api.deploy("welcome", yaml).await;
    let token = house.api.unlimited_token("welcome").await;
    let mut ends = Vec::new();
    for _ in 0..2 {
        let made = house.api.create(&token, &parameters("hana")).await.expect("an answer");
        let made = made.expect(201).json();
        let instance = made["processInstanceId"].as_str().expect("an instance").to_owned();
        ends.push(house.api.status(&instance).await);
    }
    assert_eq!(house.user("hana").await["externalId"], "hana");
    assert_eq!(ends[0], "COMPLETED_ENDED_SUCCESS");
    assert!(
        ends[1].starts_with("COMPLETED_"),
        "who is known already comes to an end too: {ends:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_of_a_deleted_definition_runs_on_in_the_version_it_started_with() {
    let mut house = House::open().await;
    let token = house.registration.clone();
    let (mut user, step) = house.begin(&token, "ida").await;
    let path = format!("/api/process-manager/processDefinitions/{REGISTRATION}/versions");
    let versions = house.api.get(&path).await;
    let id = versions["content"][0]["processDefinitionId"].as_str().expect("a version").to_owned();
    let path = format!("/api/process-manager/processDefinitions/{id}");
    let deleted = house.api.call("DELETE", &path, None).await.expect("an answer");
    assert!([200, 204].contains(&deleted.status), "{}", deleted.text());
    let answer = new_passcode(&step, "Sonne+7unten");
    let ended = user.go_on(&step, answer).await.expect("an answer").expect(200).json();
    assert_eq!(ended["outcome"], "ACCEPTED", "{ended}");
    let refused = house.api.create(&token, &json!({})).await.expect("an answer");
    assert!((400..500).contains(&refused.status), "nothing new starts: {}", refused.text());
}
