//! Migration in the middle of everything that can be under way: it goes on in the new version, or
//! nothing has moved and the reason names the element.

use definitions::Process;
use engine::{Instance, Renewal, Status, migrate, step};
use expect_test::Expect;
use serde_json::Value;

use crate::check::{beginning, process_of};
use crate::migration::{nodes, stand};
use crate::names;
use crate::script::{self, Line};

mod events;
mod scopes;

fn tell(process: &Process, instance: &mut Instance, script: &str) {
    for line in script.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        let Line::Tell(command) = script::read(&names::numbered(instance, line)) else {
            panic!("no time passes here")
        };
        step(process, instance, command, beginning()).expect(line);
    }
}

/// One instance, and what it is to become.
struct Move<'a> {
    from: &'a str,
    told: &'a str,
    to: &'a str,
    /// The renamed elements: `old=new old=new`.
    plan: &'a str,
    /// What is told once it has moved.
    then: &'a str,
}

/// Where the instance stands before and after it, what the migration asks of the world, and how the
/// instance ends; or why it cannot move.
fn moves(of: &Move<'_>) -> String {
    let (from, to) = (process_of(of.from), process_of(of.to));
    let mut instance = Instance::default();
    tell(&from, &mut instance, of.told);
    let before = instance.clone();
    let mut text = format!("{}\n", stand(&instance));
    let pairs: Vec<_> = of.plan.split_whitespace().map(|p| p.split_once('=').unwrap()).collect();
    let step = match migrate(
        &from,
        &to,
        &mut instance,
        &nodes(&pairs),
        beginning(),
        false,
        Renewal::default(),
    ) {
        Ok(step) => step,
        Err(misfits) => {
            assert_eq!(before, instance, "nothing has moved");
            misfits.iter().for_each(|misfit| text.push_str(&format!("! {misfit}\n")));
            return text;
        }
    };
    let mut replayed = before;
    step.events.iter().for_each(|event| replayed.apply(event));
    assert_eq!(replayed, instance, "the events make the instance what it is");
    let stored = serde_json::to_string(&instance).unwrap();
    assert_eq!(serde_json::from_str::<Instance>(&stored).unwrap(), instance);
    text.push_str(&format!("{}\n", stand(&instance)));
    for effect in &step.effects {
        let effect = serde_json::to_value(effect).unwrap();
        text.push_str(&format!("+ {}\n", effect["kind"].as_str().unwrap()));
    }
    // An instance that has moved can be cancelled, whatever it is in the middle of.
    let mut twin = instance.clone();
    if twin.status() == Status::Active {
        tell(&to, &mut twin, "cancel enough");
        assert_eq!(stand(&twin), "");
    }
    tell(&to, &mut instance, of.then);
    let ended: Vec<&str> = instance.ended_at().iter().map(|node| node.as_str()).collect();
    let status = format!("{:?}", instance.status()).to_lowercase();
    let variables = Value::Object(instance.variables().clone());
    text.push_str(&format!("= {status} {} {variables}\n", ended.join(" ")));
    text
}

fn check(of: &Move<'_>, expected: Expect) {
    expected.assert_eq(&moves(of));
}
