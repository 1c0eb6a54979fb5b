//! What `convert` writes, and what it refuses.

use clap::Parser as _;

use super::*;
use crate::settings::{Command, Flags};

const TWO: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="one" isExecutable="true"><startEvent id="begin"/><sequenceFlow id="on" sourceRef="begin" targetRef="over"/><endEvent id="over"/></process>
  <process id="two" isExecutable="true"><startEvent id="start"/><sequenceFlow id="go" sourceRef="start" targetRef="stop"/><endEvent id="stop"/></process>
</definitions>"#;

/// Runs the command on a file of this name with this text.
fn convert(name: &str, text: &str, words: &[&str]) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("{}-convert", std::process::id()));
    let folder = folder.join(std::thread::current().name().unwrap().replace(':', "-"));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let words = [&["gatewright", "convert", path], words].concat();
    let flags = Flags::try_parse_from(words).unwrap();
    let Some(Command::Convert(convert)) = flags.command else { panic!("another command") };
    let mut out = Vec::new();
    let outcome = convert.run(&runtime::catalog(), &mut out);
    std::fs::remove_dir_all(&folder).unwrap();
    outcome.map_err(|error| format!("{error:#}").replace(path, name))?;
    Ok(String::from_utf8(out).unwrap())
}

fn hash(format: Format, text: &str) -> String {
    definitions::read(format, text, &runtime::catalog()).unwrap().hash()
}

#[test]
fn every_shipped_journey_is_converted_there_and_back_without_a_change_of_meaning() {
    for journey in definitions::library::ALL {
        let bpmn = convert("journey.yaml", journey.yaml, &[]).unwrap();
        let yaml = convert("journey.bpmn", &bpmn, &[]).unwrap();
        let meant = hash(Format::Yaml, journey.yaml);
        assert_eq!(hash(Format::Bpmn, &bpmn), meant, "{}", journey.name);
        assert_eq!(hash(Format::Yaml, &yaml), meant, "{}", journey.name);
    }
}

#[test]
fn what_a_file_draws_keeps_its_place_in_the_canonical_form() {
    let drawn = convert("p.yaml", "name: p\nsteps:\n  - activity: simpleDecider\n", &[]).unwrap();
    let moved = drawn.replacen("<dc:Bounds x=\"", "<dc:Bounds x=\"1", 1);
    assert_ne!(drawn, moved);
    assert_eq!(convert("p.bpmn", &moved, &["--to", "bpmn"]).unwrap(), moved);
}

#[test]
fn several_processes_are_several_documents_and_mean_the_same_there_and_back() {
    let hashes = |format: Format, text: &str| {
        let read = definitions::read_all(format, text, &runtime::catalog()).unwrap();
        read.iter().map(Process::hash).collect::<Vec<String>>()
    };
    let yaml = convert("two.bpmn", TWO, &[]).unwrap();
    assert_eq!(yaml.matches("\n---\n").count(), 1, "{yaml}");
    assert_eq!(hashes(Format::Yaml, &yaml), hashes(Format::Bpmn, TWO));
    let bpmn = convert("two.yaml", &yaml, &[]).unwrap();
    assert_eq!(hashes(Format::Bpmn, &bpmn), hashes(Format::Bpmn, TWO));
    assert_eq!(convert("two.bpmn", &bpmn, &[]).unwrap(), yaml);
    assert_eq!(convert("two.yaml", &yaml, &["--to", "yaml"]).unwrap(), yaml);
}

#[test]
fn one_of_several_processes_is_named() {
    let yaml = convert("two.bpmn", TWO, &["--process", "two"]).unwrap();
    assert!(yaml.contains("two") && !yaml.contains("one"), "{yaml}");
    let other = convert("two.bpmn", TWO, &["--process", "three"]).unwrap_err();
    assert_eq!(other, "two.bpmn has no process three; it has one, two");
    assert_eq!(
        convert("two.bpmn", TWO, &["--to", "bpmn"]).unwrap().matches("<bpmn:process").count(),
        2
    );
}

#[test]
fn what_has_flaws_or_no_known_ending_is_not_converted() {
    let flawed = convert("p.yaml", "name: p\nsteps:\n  - activity: nobody-knows\n", &[]);
    assert_eq!(flawed.unwrap_err(), "p.yaml has flaws (1); gatewright check tells them");
    let unknown = convert("p.txt", "name: p\n", &[]).unwrap_err();
    assert_eq!(unknown, "p.txt: a definition is a .bpmn, .xml, .yaml or .yml file");
}
