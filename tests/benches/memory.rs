//! The engine alone: how many whole journeys one core decides in a second.

use definitions::{ActivityShape, Catalog, Format, Process};
use engine::{Command, Effect, Instance};
use jiff::Timestamp;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Journeys a second, over two seconds, after a short warm-up.
pub(crate) fn rate(yaml: &str) -> f64 {
    let process = definitions::read(Format::Yaml, yaml, &catalog()).expect("a definition");
    for _ in 0..1_000 {
        journey(&process);
    }
    let (begun, mut done) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        for _ in 0..1_000 {
            journey(&process);
        }
        done += 1_000;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

/// One journey from its start to its end; every activity it asks for is answered at once.
fn journey(process: &Process) {
    let now = Timestamp::UNIX_EPOCH;
    let mut instance = Instance::default();
    let start = Command::start(Map::new());
    let mut step = engine::step(process, &mut instance, start, now).expect("a start");
    while let Some(Effect::RunActivity { path, .. }) = step.effects.first() {
        let mut locals = Map::new();
        locals.insert("decision".to_owned(), json!("PASS"));
        let done = Command::Complete { path: *path, locals, writes: Vec::new() };
        step = engine::step(process, &mut instance, done, now).expect("a step");
    }
    assert_eq!(instance.status(), engine::Status::Completed);
}

/// The activities that the definition names, as the engine's side has to know them.
fn catalog() -> Catalog {
    let mut activities = BTreeMap::new();
    for name in ["simpleDecider", "writeSummaryReport"] {
        let shape = ActivityShape {
            name: name.to_owned(),
            aliases: Vec::new(),
            waits: false,
            parameters: Vec::new(),
            errors: Vec::new(),
            outputs: vec!["decision".to_owned()],
        };
        activities.insert(name.to_owned(), shape);
    }
    Catalog { activities }
}
