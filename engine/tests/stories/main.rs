//! Stories of the engine: a process, a script, and the trace of what happened.

#![allow(clippy::unwrap_used)]

mod ad_hoc;
mod anew;
mod awaiting;
mod budget;
mod by_hand;
mod check;
mod clocks;
mod compensation;
mod complex;
mod conditions;
mod course;
mod crowds;
mod ends;
mod errors;
mod errors_outwards;
mod event_sub_processes;
mod faults;
mod gateways;
mod generated;
mod hazards;
mod hostile;
mod inclusive;
mod joins;
mod late_beginnings;
mod life;
mod lives;
mod loops;
mod made;
mod messages;
mod migration;
mod modifications;
mod moves;
mod multiple;
mod names;
mod orders;
mod people;
mod properties;
mod property_boundaries;
mod property_conditions;
mod property_events;
mod property_incidents;
mod raises;
mod refusals;
mod repetition;
mod resets;
mod room;
mod schedules;
mod script;
mod sets;
mod snapshot;
mod sorts;
mod starts;
mod sub_process_events;
mod sub_processes;
mod tasks;
mod tenants;
mod timers;
mod told;
mod transactions;
mod undoing;
mod variables;

/// What saves an instance and reads it back after every command.
const KEEPS: [&str; 5] = ["check(", "play(", "Story::begin(", "stepped(", "from_str"];

#[test]
fn every_file_of_stories_saves_and_reloads() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let tells = text.contains("\n#[test]\n") && !file.ends_with("main.rs");
        let keeps = KEEPS.iter().any(|word| text.contains(word));
        assert!(!tells || keeps, "nothing of {} is saved", file.display());
    }
}
