//! Events that do not interrupt: their paths go beside the activity's own, and may come again.

use crate::{catalog, process};
use definitions::{Finding, Format, prove};

fn findings(steps: &str) -> Vec<Finding> {
    let text = format!("name: p\nsteps:\n{steps}");
    prove(&process(Format::Yaml, &text), &catalog::catalog()).findings
}

/// Work that may be done again, with a reminder and a time limit; then what follows.
fn again(reminder: &str, rest: &str) -> Vec<Finding> {
    findings(&format!(
        "  - do: manual
    id: work
    on:
      - {{ timer: PT10M, {reminder}, then: remind }}
      - {{ timer: P1D, then: end }}
  - {{ id: good, choose: [{{ when: n > 5, then: work }}, {{ otherwise: end }}] }}
{rest}"
    ))
}

const BESIDE: &str = "interrupting: false";

#[test]
fn a_reminder_that_ends_by_itself_may_come_again_before_the_last_has_ended() {
    for rest in [
        "  - { do: manual, id: remind, then: end }\n",
        "  - { do: manual, id: remind }\n  - { do: manual }\n  - end: Reminded\n",
    ] {
        assert_eq!(again(BESIDE, rest), [], "{rest}");
    }
}

#[test]
fn a_reminder_that_is_passed_twice_has_ways_out_that_work() {
    const CHOICE: &str =
        "  - { id: remind, choose: [{ when: m > 5, then: mail }, { otherwise: post }] }
  - { do: manual, id: mail, on: [{ timer: PT5M, then: post }], then: end }
  - { do: manual, id: post, then: end }\n";
    const BACK: &str = "  - { do: manual, id: remind, then: good }\n";
    for (rest, at) in [(CHOICE, "post"), (BACK, "good")] {
        let [found] = &again(BESIDE, rest)[..] else { panic!("one finding of {rest}") };
        assert_eq!((found.rule, found.element.as_deref()), ("lack-of-synchronisation", Some(at)));
        assert_eq!(
            found.message,
            "two paths can come here side by side, for work.timer does not interrupt, and what \
             follows is then done twice; let the path of work.timer end by itself, several steps \
             of it in one sub-process, or make the event interrupting"
        );
        assert_eq!(again("interrupting: true", rest), [], "{rest}");
    }
    let inside: String =
        CHOICE.replace("remind", "which").lines().map(|l| format!("    {l}\n")).collect();
    assert_eq!(again(BESIDE, &format!("  - id: remind\n    steps:\n{inside}")), []);
    // What is no event beside an activity is joined.
    let split = findings(
        "  - { id: fork, parallel: [a, b] }
  - { do: manual, id: a, on: [{ timer: PT5M, interrupting: false, then: end }], then: c }
  - { do: manual, id: b }
  - { do: manual, id: c }\n",
    );
    assert!(split[0].message.ends_with("with a parallel or an inclusive gateway"), "{split:?}");
}
