//! The stories of the engine, told to the runtime: calm, with a restart after every line, and with a crash between any
//! two commits, each comes line by line to what it comes to in the engine alone.

use std::collections::BTreeSet;
use std::path::Path;

use super::generated::Ground;
use super::scripts::{Deployed, names, script};
use crate::Clock;

#[path = "../../../engine/tests/stories/ad_hoc.rs"]
mod ad_hoc;
#[path = "../../../engine/tests/stories/check.rs"]
#[expect(dead_code, reason = "only the scripts are played here")]
mod alone;
#[path = "../../../engine/tests/stories/anew.rs"]
mod anew;
#[path = "../../../engine/tests/stories/awaiting.rs"]
mod awaiting;
#[path = "../../../engine/tests/stories/by_hand.rs"]
mod by_hand;
#[path = "../../../engine/tests/stories/clocks.rs"]
mod clocks;
#[path = "../../../engine/tests/stories/compensation.rs"]
mod compensation;
#[path = "../../../engine/tests/stories/complex.rs"]
mod complex;
#[path = "../../../engine/tests/stories/conditions.rs"]
mod conditions;
#[path = "../../../engine/tests/stories/course.rs"]
mod course;
#[path = "../../../engine/tests/stories/ends.rs"]
mod ends;
#[path = "../../../engine/tests/stories/errors.rs"]
mod errors;
#[path = "../../../engine/tests/stories/errors_outwards.rs"]
mod errors_outwards;
#[path = "../../../engine/tests/stories/event_sub_processes.rs"]
mod event_sub_processes;
#[path = "../../../engine/tests/stories/faults.rs"]
mod faults;
#[path = "../../../engine/tests/stories/gateways.rs"]
mod gateways;
#[path = "../../../engine/tests/stories/hazards.rs"]
mod hazards;
#[path = "../../../engine/tests/stories/inclusive.rs"]
mod inclusive;
#[path = "../../../engine/tests/stories/joins.rs"]
mod joins;
#[path = "../../../engine/tests/stories/late_beginnings.rs"]
mod late_beginnings;
#[path = "../../../engine/tests/stories/loops.rs"]
mod loops;
#[path = "../../../engine/tests/stories/messages.rs"]
mod messages;
#[path = "../../../engine/tests/stories/modifications.rs"]
mod modifications;
#[path = "../../../engine/tests/stories/multiple.rs"]
mod multiple;
#[path = "../../../engine/tests/stories/people.rs"]
mod people;
#[path = "../../../engine/tests/stories/properties.rs"]
mod properties;
#[path = "../../../engine/tests/stories/property_boundaries.rs"]
mod property_boundaries;
#[path = "../../../engine/tests/stories/property_conditions.rs"]
mod property_conditions;
#[path = "../../../engine/tests/stories/property_events.rs"]
mod property_events;
#[path = "../../../engine/tests/stories/property_incidents.rs"]
mod property_incidents;
#[path = "../../../engine/tests/stories/raises.rs"]
mod raises;
#[path = "../../../engine/tests/stories/refusals.rs"]
mod refusals;
#[path = "../../../engine/tests/stories/repetition.rs"]
mod repetition;
#[path = "../../../engine/tests/stories/resets.rs"]
mod resets;
#[path = "../../../engine/tests/stories/sets.rs"]
mod sets;
#[path = "../../../engine/tests/stories/starts.rs"]
mod starts;
#[path = "../../../engine/tests/stories/sub_process_events.rs"]
mod sub_process_events;
#[path = "../../../engine/tests/stories/sub_processes.rs"]
mod sub_processes;
#[path = "../../../engine/tests/stories/tasks.rs"]
mod tasks;
#[path = "../../../engine/tests/stories/timers.rs"]
mod timers;
#[path = "../../../engine/tests/stories/transactions.rs"]
mod transactions;
#[path = "../../../engine/tests/stories/undoing.rs"]
mod undoing;
#[path = "../../../engine/tests/stories/variables.rs"]
mod variables;

/// Files and folders that are not played, each with the reason.
const NO_SCRIPTS: &[(&str, &str)] = &[
    (
        "budget",
        "steps of endless loops, told by hand; the journey `endless` has one in the runtime",
    ),
    ("check", "plays the stories of the engine"),
    ("crowds", "counts events of ten thousand paths"),
    ("generated", "made at random; `generated` plays the same makers here"),
    ("hostile", "steps that grow without end, told by hand"),
    ("life", "lists the lives; `lives` plays them here"),
    ("lives", "plays the lives; `lives` does it here"),
    ("made", "makes what `generated` plays here"),
    ("main", "lists the stories"),
    ("migration", "two definitions and no script; `migration` has it in the runtime"),
    ("moves", "migrates to a second definition; no script tells that"),
    ("names", "reads scripts"),
    ("orders", "commands at random, which fit nothing mostly"),
    ("room", "instances of megabytes, told by hand"),
    ("schedules", "commands at random, which fit nothing mostly"),
    ("script", "reads scripts"),
    ("snapshot", "the stored shape; nothing is told"),
    ("sorts", "names the sorts of elements that `generated` counts"),
    ("tenants", "names tenants, of which the engine knows none; `tenants` has it in the runtime"),
    ("told", "tells what `generated` plays here"),
];

/// What the stories use of the engine's check, and their scripts played here instead.
mod check {
    use expect_test::Expect;

    pub(crate) use super::alone::{beginning, process_of};

    pub(crate) fn check(steps: &str, script: &str, _: Expect) {
        super::live(steps, script);
    }

    pub(crate) fn play(steps: &str, script: &str) -> String {
        super::live(steps, script);
        super::alone::play(steps, script)
    }
}

/// A still clock at the time at which every story begins.
fn beginning() -> Clock {
    Clock::still(alone::beginning())
}

/// Plays a story in all kinds of trouble; one that cannot begin is refused in any.
fn live(steps: &str, script: &str) {
    let lines: Vec<&str> = script.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let began = Ground::memory().await;
        let deployed = Deployed::of(steps, &lines, &began, beginning).await;
        deployed.live_through_all(&lines).await;
    });
}

#[test]
fn every_file_of_stories_is_played_or_has_a_reason() {
    let own = include_str!("stories.rs");
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/tests/stories");
    let files = std::fs::read_dir(stories).unwrap().map(|file| file.unwrap().path());
    let files: BTreeSet<String> =
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let played: BTreeSet<String> =
        files.iter().filter(|name| own.contains(&format!("\nmod {name};\n"))).cloned().collect();
    let left: BTreeSet<String> = NO_SCRIPTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        &played | &left,
        files,
        "each is played or left out, and each that is left out is there"
    );
    assert!(played.is_disjoint(&left), "{:?}", &played & &left);
}
