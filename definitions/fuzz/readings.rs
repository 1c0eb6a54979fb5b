//! What must hold of any text that is read, shared by the fuzz targets and the regression tests over
//! their corpora: no panic, no flaw without words, and what was read is written and read again.

use definitions::{Catalog, Expression, Format, Process, Scope, Template, Timer};
use serde_json::Value;

/// A text that may be a definition in BPMN XML.
pub(crate) fn bpmn(data: &[u8]) {
    definition(Format::Bpmn, data);
}

/// A text that may be a definition in YAML.
pub(crate) fn yaml(data: &[u8]) {
    definition(Format::Yaml, data);
}

/// A text that may be an expression, a template, FEEL or a timer.
pub(crate) fn expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let scope = Variables(serde_json::json!({
        "n": 3, "x": -1.5, "s": "text", "yes": true, "none": null,
        "list": [1, "two", [3], {"four": 4}], "map": {"a": {"b": [1, 2]}, "": 0},
    }));
    for read in [Expression::parse(text), Expression::from_feel(text)].into_iter().flatten() {
        let once = read.evaluate(&scope).map_err(|error| error.to_string());
        let twice = read.evaluate(&scope).map_err(|error| error.to_string());
        assert_eq!(once, twice, "an expression always comes to the same");
        assert!(once.is_ok_and(|_| true) || !text.is_empty());
    }
    for read in [Template::parse(text), Template::from_feel(text)].into_iter().flatten() {
        drop(read.evaluate(&scope));
    }
    let now = "2026-01-31T10:00:00Z".parse().unwrap_or_default();
    for read in [Timer::date(text), Timer::duration(text), Timer::cycle(text)].into_iter().flatten()
    {
        let Ok(mut schedule) = read.schedule(&scope, now) else { continue };
        for _ in 0..5 {
            let Some(next) =
                schedule.then.as_ref().and_then(|then| then.next(schedule.due, schedule.due))
            else {
                break;
            };
            assert!(next.due > schedule.due, "a cycle goes on");
            schedule = next;
        }
    }
}

/// A text that may hold decisions in DMN XML.
pub(crate) fn dmn(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match definitions::read_decisions(text) {
        Ok(decisions) => {
            let scope = Variables(serde_json::json!({"n": 3, "s": "text", "season": "Winter"}));
            for decision in decisions.iter() {
                drop(decision.evaluate(&scope));
            }
        }
        Err(flaws) => assert!(!flaws.is_empty(), "what is refused is refused with words"),
    }
}

fn definition(format: Format, data: &[u8]) {
    let Ok(text) = definitions::decode(data.to_vec()) else { return };
    let catalog = super::catalog::catalog();
    match definitions::read_all(format, &text, &catalog) {
        Err(flaws) => assert!(!flaws.is_empty(), "what is refused is refused with words"),
        Ok(processes) => processes.iter().for_each(|process| round(process, &catalog)),
    }
}

/// A process means the same when it has been written and read again.
fn round(process: &Process, catalog: &Catalog) {
    let meaning = process.meaning();
    drop(definitions::prove(process, catalog));
    for (format, text) in [
        (Format::Yaml, definitions::write_yaml(process)),
        (Format::Bpmn, definitions::write_bpmn(process, None)),
    ] {
        match definitions::read(format, &text, catalog) {
            Ok(again) => assert_eq!(again.meaning(), meaning, "{text}"),
            Err(flaws) => panic!("what was written is refused: {flaws:?}\n{text}"),
        }
    }
}

struct Variables(Value);

impl Scope for Variables {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}
