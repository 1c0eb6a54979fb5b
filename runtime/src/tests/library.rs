//! The shipped journeys are deployed as they are, with the activities and forms of the house.

use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn every_shipped_journey_is_deployed_strictly_in_both_forms() {
    let house = house().await;
    for (name, resource) in forms::library::ALL {
        let new = NewForm {
            name: (*name).to_owned(),
            description: None,
            resource: (*resource).to_owned(),
            deploy: true,
        };
        house.rooms.add_form(new).await.unwrap();
    }
    for (name, resource) in definitions::library::DECISIONS {
        let new = NewDecision {
            name: (*name).to_owned(),
            description: None,
            version_tag: None,
            resource: (*resource).to_owned(),
            deploy: true,
        };
        house.rooms.add_decision(new).await.unwrap();
    }
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
async fn an_empty_store_begins_with_two_journeys_and_their_forms() {
    let house = house().await;
    let page = Page { number: 0, size: 100 };
    let definitions = house.rooms.list_definitions(page).await.unwrap().items;
    let mut names: Vec<_> = definitions.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["passcode-authentication", "passcode-registration"]);
    for journey in definitions::library::ALL {
        for form in forms_of(journey.yaml) {
            let known = house.rooms.list_form_versions(form, page).await.unwrap().total > 0;
            let seeded = forms::library::SEEDED.contains(&form);
            assert!(known == seeded && (seeded || !journey.seeded), "{} {form}", journey.name);
        }
    }
}

#[test]
fn the_forms_that_are_shipped_are_those_that_shipped_journeys_show() {
    let journeys = definitions::library::ALL.iter();
    let shown: BTreeSet<&str> = journeys.flat_map(|journey| forms_of(journey.yaml)).collect();
    let shipped: BTreeSet<&str> = forms::library::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(shown, shipped);
}

fn forms_of(yaml: &str) -> impl Iterator<Item = &str> {
    yaml.lines().filter_map(|line| line.trim().strip_prefix("dataFormName: "))
}
