//! The lives of all elements: each has a normal course and an error, and whatever has happened so
//! far, it can be cancelled, be interrupted from around it, and begin again after a stop.

use engine::{Instance, Status};

use crate::check::{Story, process_of};
use crate::life::{Life, all, lines};

/// What stands in steps that a sub-process cannot have.
const BEGINNINGS: [&str; 2] = ["start: ", "starts: "];

/// A process in which the steps are in a sub-process, beside a task whose error interrupts it from
/// around it.
fn around(steps: &str) -> Option<String> {
    if BEGINNINGS.iter().any(|one| steps.contains(one)) {
        return None;
    }
    let inner: String = steps.lines().map(|line| format!("        {line}\n")).collect();
    Some(format!(
        "
  - id: around
    on: [{{ error: Odd, then: interrupted }}]
    then: end
    steps:
      - {{ id: ring, parallel: [siren, inside] }}
      - {{ id: siren, activity: ask, then: end }}
      - id: inside
        then: end
        steps:
{inner}
  - {{ end: Interrupted, id: interrupted }}
"
    ))
}

fn alone(steps: &str) -> Option<String> {
    Some(format!("{steps}\n"))
}

fn leaves_nothing(instance: &Instance) -> bool {
    instance.paths().next().is_none()
        && instance.scopes().next().is_none()
        && instance.timers().next().is_none()
        && instance.catches().next().is_none()
}

/// Plays both scripts of each life, and all their beginnings, on a process made of its steps.
fn each_beginning(made: fn(&str) -> Option<String>, told: fn(&Life, &mut Story<'_>)) {
    for life in all() {
        let Some(steps) = made(life.steps) else { continue };
        let process = process_of(&steps);
        for script in [life.course, life.error] {
            let lines = lines(script);
            for count in 1..=lines.len() {
                let mut story = Story::begin(&process);
                lines[..count].iter().for_each(|line| story.play(line));
                told(life, &mut story);
                story.crash();
            }
        }
    }
}

#[test]
fn every_element_has_its_normal_course_and_its_error() {
    for life in all() {
        let process = process_of(&alone(life.steps).unwrap());
        for script in [life.course, life.error] {
            let mut story = Story::begin(&process);
            lines(script).into_iter().for_each(|line| story.play(line));
            let told = format!("{}\n{}", life.of, story.trace);
            assert_eq!(story.instance.status(), Status::Completed, "{told}");
            assert!(leaves_nothing(&story.instance), "{told}");
            assert!(!story.trace.contains("\n!"), "all that is told fits: {told}");
            let shown = script == life.course || story.trace.contains(life.shows);
            assert!(shown, "`{}` is not shown: {told}", life.shows);
            let stopped = story.trace.contains("incidentRaised") && script == life.course;
            assert!(!stopped, "the normal course has no incident: {told}");
            story.crash();
        }
    }
}

#[test]
fn whatever_has_happened_so_far_an_element_ends_with_its_instance() {
    each_beginning(alone, |life, story| {
        if story.instance.status() == Status::Active {
            story.play("cancel enough");
            assert_eq!(story.instance.status(), Status::Cancelled, "{}\n{}", life.of, story.trace);
        }
        assert!(leaves_nothing(&story.instance), "{}\n{}", life.of, story.trace);
    });
}

#[test]
fn whatever_has_happened_so_far_an_element_is_interrupted_by_an_error_around_it() {
    each_beginning(around, |life, story| {
        story.play("error siren Odd");
        let ended = story.instance.ended_at();
        let ended = ended.iter().any(|node| node.as_str() == "interrupted");
        assert!(ended, "{}\n{}", life.of, story.trace);
        assert_eq!(story.instance.status(), Status::Completed, "{}\n{}", life.of, story.trace);
        assert!(leaves_nothing(&story.instance), "{}\n{}", life.of, story.trace);
    });
}
