//! The shipped journeys are deployed as they are, with the activities and forms of the house.

use super::*;

#[tokio::test]
async fn every_shipped_journey_is_deployed_strictly_in_both_forms() {
    let house = house().await;
    for journey in definitions::library::ALL {
        for (format, source) in [(Format::Bpmn, journey.bpmn), (Format::Yaml, journey.yaml)] {
            let new = NewDefinition {
                name: journey.name.to_owned(),
                description: None,
                process_definition_type: None,
                theme_id: None,
                attributes: Map::new(),
                format,
                source: source.to_owned(),
                deploy: true,
                strict: true,
            };
            let deployed = house.rooms.add_definition(new).await;
            assert!(deployed.is_ok(), "{}: {:?}", journey.name, deployed.err());
        }
    }
}

#[tokio::test]
async fn an_empty_store_begins_with_two_journeys_and_the_forms_of_all() {
    let house = house().await;
    let page = Page { number: 0, size: 100 };
    let definitions = house.rooms.list_definitions(page).await.unwrap().items;
    let mut names: Vec<_> = definitions.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["passcode-authentication", "passcode-registration"]);
    for journey in definitions::library::ALL {
        for line in journey.yaml.lines() {
            let Some(form) = line.trim().strip_prefix("dataFormName: ") else { continue };
            let known = house.rooms.list_form_versions(form, page).await.unwrap();
            assert_eq!(known.total, 1, "{} shows {form}", journey.name);
        }
    }
}
