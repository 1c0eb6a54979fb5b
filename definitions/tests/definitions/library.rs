//! The shipped journeys are in order, and their two forms mean the same.

use definitions::{Format, Process, library, read};

fn process(format: Format, text: &str) -> Process {
    match read(format, text, &crate::catalog::catalog()) {
        Ok(process) => process,
        Err(flaws) => {
            let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
            panic!("{}", flaws.join("\n"))
        }
    }
}

#[test]
fn every_journey_means_the_same_in_bpmn_and_in_yaml() {
    for journey in library::ALL {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        let yaml = process(Format::Yaml, journey.yaml);
        assert_eq!(bpmn.id(), journey.name);
        assert_eq!(bpmn.meaning(), yaml.meaning(), "{}", journey.name);
    }
}
