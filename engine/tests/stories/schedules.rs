//! Any order of answers, faults and passing time: nothing breaks, and every step can be replayed
//! and reloaded.

use std::collections::BTreeSet;

use engine::{Command, PathId, TimerId, Write};
use expect_test::expect;

use crate::check::{Story, process_of};

const ALL_ELEMENTS: &str = r#"
  - { start: Start, then: [again, fork] }
  - { id: again, choose: }
  - id: one
    activity: ask
    with: { a: "${n + 1}" }
    out: { n: "${n + answer}" }
    on:
      - { error: Lost, then: again }
      - { timer: PT40S, then: two, interrupting: false }
      - { timer: "PT${n + 30}S", then: choice }
  - { id: choice, choose: [{ when: n < 4, then: again }, { when: n < 8, then: join }, { otherwise: end }] }
  - { id: fork, parallel: [two, join] }
  - { id: two, activity: work, then: [choice, join], on: [{ error: any, then: end, code: errorCode }] }
  - { id: join, parallel: }
  - { end: }
"#;

/// A fixed row of numbers without an evident order.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }

    fn command(&mut self, paths: u32, timers: u32) -> Command {
        let path = PathId::from(self.below(paths + 2));
        let writes = match self.below(3) {
            0 => vec![Write { at: vec!["n".to_owned()], value: self.below(9).into() }],
            1 => vec![Write { at: vec!["m".to_owned(), "deep".to_owned()], value: true.into() }],
            _ => vec![],
        };
        let code = ["Lost", "Odd"][self.below(2) as usize].to_owned();
        let name = ["answer", "other"][usize::from(self.below(5) == 0)];
        let answer = (name.to_owned(), self.below(3).into());
        let locals =
            if self.below(4) > 0 { [answer].into_iter().collect() } else { Default::default() };
        match self.below(12) {
            0..5 => Command::Complete { path, locals, writes },
            5 | 6 => Command::Wait { path, writes },
            7 => Command::RaiseError { path, code, message: String::new(), writes },
            8 => Command::Fault { path, message: "down".to_owned(), lasts: false },
            9 => Command::Fire { timer: TimerId::from(self.below(timers + 1)) },
            10 => Command::Retry { path },
            _ if self.below(40) == 0 => Command::Cancel { reason: String::new() },
            _ => Command::start(Default::default()),
        }
    }
}

#[test]
fn no_schedule_of_commands_breaks_an_instance() {
    let process = process_of(ALL_ELEMENTS);
    let mut happened = BTreeSet::new();
    for seed in 0..50 {
        let mut numbers = Numbers(seed);
        let mut story = Story::begin(&process);
        let n = ("n".to_owned(), numbers.below(5).into());
        story.tell(Command::start([n].into_iter().collect()));
        for _ in 0..120 {
            let last = |newest: Option<u32>| newest.map_or(0, |newest| newest + 1);
            let paths = last(story.instance.paths().last().map(|(id, _)| id.number()));
            let timers = last(story.instance.timers().last().map(|(id, _)| id.number()));
            let command = numbers.command(paths, timers);
            story.tell(command);
        }
        for line in story.trace.lines().filter_map(|line| line.strip_prefix("  ")) {
            let words = if line.starts_with('+') { 2 } else { 1 };
            happened.insert(line.split(' ').take(words).collect::<Vec<_>>().join(" "));
        }
    }
    let happened: String = happened.iter().map(|kind| format!("{kind}\n")).collect();
    expect![[r#"
        + armTimer
        + disarmTimer
        + runActivity
        answered
        armed
        arrived
        began
        cancelled
        completed
        disarmed
        ended
        entered
        errorRaised
        faulted
        finished
        fired
        incidentRaised
        incidentTakenUp
        interrupted
        joined
        retried
        started
        waited
        withdrawn
        wrote
    "#]]
    .assert_eq(&happened);
}
