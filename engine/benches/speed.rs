//! Speed of the engine alone: how many whole journeys one core decides in a second, printed.

use definitions::{ActivityShape, Catalog, Format, Process};
use engine::{Command, Effect, Instance};
use jiff::Timestamp;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The allocator of the binary, so that what is timed here is what runs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Start, two automatic tasks, a gateway, an end: what `cargo bench -p tests` times over HTTP.
const JOURNEY: &str = include_str!("../../tests/benches/automatic.yaml");

fn main() {
    say("journeys in memory, one core", &format!("{:.0} a second", rate(JOURNEY)));
    for tasks in [5, 50, 500] {
        let rate = chain(tasks);
        say(&format!("  nodes in a chain of {tasks} tasks"), &format!("{rate:.0} a second"));
    }
    for instances in [1_000, 10_000] {
        say(&format!("  multi-instance of {instances}"), &millis(crowd(instances)));
    }
    let (elements, read, proved) = proof(500);
    let figures = format!("{} to read and check, {} to prove", millis(read), millis(proved));
    say(&format!("  a definition of {elements} elements"), &figures);
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn say(what: &str, figure: &str) {
    println!("{what:<44} {figure}");
}

/// Journeys a second, over two seconds, after a short warm-up.
fn rate(yaml: &str) -> f64 {
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

/// Nodes a second in a chain of so many automatic tasks: growth is linear when it stays the same.
fn chain(tasks: usize) -> f64 {
    let steps =
        (0..tasks).map(|number| format!("  - {{ id: t{number}, activity: simpleDecider }}\n"));
    rate(&format!("name: chain\nsteps:\n{}", steps.collect::<String>())) * tasks as f64
}

/// How long one instance takes whose task is done so many times in parallel.
fn crowd(instances: usize) -> Duration {
    let yaml = format!(
        "name: crowd\nsteps:\n  - {{ id: each, activity: simpleDecider, each: {{ times: {instances} }} }}\n"
    );
    let process = definitions::read(Format::Yaml, &yaml, &catalog()).expect("a definition");
    let begun = Instant::now();
    journey(&process);
    begun.elapsed()
}

/// How long it takes to read, check and prove a definition of so many elements.
fn proof(elements: usize) -> (usize, Duration, Duration) {
    let block = |n: usize| {
        format!(
            "  - {{ id: split{n}, include: [{{ when: a == {n}, then: a{n} }}, {{ when: b == {n}, then: b{n} }}, {{ otherwise: c{n} }}] }}
  - {{ id: a{n}, activity: simpleDecider, then: join{n} }}
  - {{ id: b{n}, activity: simpleDecider, then: join{n} }}
  - {{ id: c{n}, activity: simpleDecider, then: join{n} }}
  - {{ id: join{n}, include: }}
"
        )
    };
    let yaml = format!("name: long\nsteps:\n{}", (0..elements / 5).map(block).collect::<String>());
    let begun = Instant::now();
    let process = definitions::read(Format::Yaml, &yaml, &catalog()).expect("a definition");
    let read = begun.elapsed();
    let proof = definitions::prove(&process, &catalog());
    assert!(proof.findings.is_empty(), "{:?}", proof.findings);
    (process.nodes().count(), read, begun.elapsed() - read)
}

/// One journey from its start to its end; every activity it asks for is answered at once.
fn journey(process: &Process) {
    let now = Timestamp::UNIX_EPOCH;
    let mut instance = Instance::default();
    let start = Command::start(Map::new());
    let mut effects = engine::step(process, &mut instance, start, now).expect("a start").effects;
    while !effects.is_empty() {
        let mut further = Vec::new();
        for effect in effects {
            let Effect::RunActivity { path, .. } = effect else { continue };
            let mut locals = Map::new();
            locals.insert("decision".to_owned(), json!("PASS"));
            let done = Command::Complete { path, locals, writes: Vec::new() };
            let step = engine::step(process, &mut instance, done, now).expect("a step");
            further.extend(step.effects);
        }
        effects = further;
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
            of_configuration: Vec::new(),
            ruled_out: Vec::new(),
            outputs: vec!["decision".to_owned()],
            check: |_, _| Vec::new(),
        };
        activities.insert(name.to_owned(), shape);
    }
    Catalog { activities }
}
