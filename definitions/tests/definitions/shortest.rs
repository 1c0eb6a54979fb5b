//! The path of a finding is the shortest one, in elements and not in moves of the proof.

use crate::{catalog, process};
use definitions::{Format, prove};

/// The paths of what is found, each with its rule.
fn paths(steps: &str) -> Vec<String> {
    let process = process(Format::Yaml, &format!("name: p\nsteps:\n{steps}"));
    let told = |finding: &definitions::Finding| {
        let path: Vec<&str> = finding.path.iter().map(|step| step.element.as_str()).collect();
        format!("{}: {}", finding.rule, path.join(" > "))
    };
    prove(&process, &catalog::catalog()).findings.iter().map(told).collect()
}

/// Two ways to a step: a row of seven, and three choices, each of which may end it.
const TWO_WAYS: &str = "
  - { id: c, choose: [{ when: a, then: p1 }, { otherwise: e1 }] }
  - { id: p1, choose: [{ when: b, then: p2 }, { otherwise: end }] }
  - { id: p2, choose: [{ when: b, then: p3 }, { otherwise: end }] }
  - { id: p3, choose: [{ when: b, then: both }, { otherwise: end }] }
  - { id: e1, do: nothing }
  - { id: e2, do: nothing }
  - { id: e3, do: nothing }
  - { id: e4, do: nothing }
  - { id: e5, do: nothing }
  - { id: e6, do: nothing }
  - { id: e7, do: nothing, then: both }
";

#[test]
fn a_row_without_a_choice_is_not_short_for_that() {
    assert_eq!(
        paths(&format!("{TWO_WAYS}  - {{ id: both, parallel: end }}\n")),
        ["deadlock: start > c > c.flow1 > p1 > p1.flow1 > p2 > p2.flow1 > p3 > p3.flow1 > both"]
    );
}

#[test]
fn two_paths_meet_after_the_shortest_way() {
    let meet = "
  - { id: both, do: nothing, then: s }
  - { id: s, parallel: [l, r] }
  - { id: l, do: nothing, then: m }
  - { id: r, do: nothing, then: m }
  - { id: m, do: nothing }
";
    let found = paths(&format!("{TWO_WAYS}{meet}"));
    let start = "lack-of-synchronisation: start > c > c.flow1 > p1 > p1.flow1 > p2 > p2.flow1 > p3 > p3.flow1 > both > s > ";
    assert!(found.len() == 1 && found[0].starts_with(start), "{found:?}");
}
