//! Starts by trigger: the messages, signals, timers and conditions that begin an instance of the
//! newest deployed version of a definition (BPMN 2.0.2 §10.5.2, §13.5.1).

mod starts;

pub(crate) use starts::{Given, with_initiator};
use starts::{holds, starts_of};

use definitions::{NodeId, Recurrence, Schedule};
use engine::{Command, TimerId};
use identity::Work;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use storage::{Key, Range, Table, Unit};

use crate::advance::Progress;
use crate::instance::Kept;
use crate::resource::{self, Kind};
use crate::timers::{Due, What};
use crate::{Error, Tenant, identifier};

/// What begins an instance: its kind and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trigger {
    kind: String,
    name: String,
}

impl Trigger {
    pub(crate) fn message(name: &str) -> Trigger {
        Trigger { kind: "message".to_owned(), name: name.to_owned() }
    }

    pub(crate) fn signal(name: &str) -> Trigger {
        Trigger { kind: "signal".to_owned(), name: name.to_owned() }
    }

    fn bare(kind: &str) -> Trigger {
        Trigger { kind: kind.to_owned(), name: String::new() }
    }

    fn key(&self) -> Key {
        Key::new().text(&self.kind).text(part(&self.name))
    }
}

/// Where an instance begins by a trigger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Start {
    /// Identifier of the definition's version.
    version: String,
    node: String,
    /// Which of the node's event definitions.
    number: u16,
    /// Of a timer, when it is due and how it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<Schedule>,
}

/// The starts of the newest deployed version of a definition.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Registered {
    version: String,
    starts: Vec<(Trigger, Start)>,
}

/// By kind, name, definition, node and number.
const STARTS: Table<Start> = Table::new("process-starts");
/// By name of the definition.
const REGISTERED: Table<Registered> = Table::new("process-definition-starts");

/// The kinds of trigger that have no name.
const TIMER: &str = "timer";
const CONDITION: &str = "condition";

/// Longer names and keys are told apart by their digest: a row's key has to be short.
const LONGEST_PART: usize = 200;
/// How long an instance that a trigger began may last: it has no session that grows old, and its
/// definition says how long each wait is.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 365 * 100);
/// Conditions that are asked in one call.
const MOST_CONDITIONS: usize = 1000;

/// A name or key as a part of a row's key.
pub(crate) fn part(text: &str) -> String {
    if text.len() <= LONGEST_PART {
        return text.to_owned();
    }
    format!("#{}", data_encoding::BASE32_NOPAD.encode(&Sha256::digest(text)))
}

/// Whether a text may name a message or a signal.
///
/// # Errors
/// [`Error::Invalid`] at the member.
pub(crate) fn check_name(member: &str, name: &str) -> Result<(), Error> {
    match name.chars().count() {
        1..=255 => Ok(()),
        _ => Err(Error::invalid(member, "has to have 1 to 255 characters")),
    }
}

/// Whether variables that somebody gives would fit any instance.
///
/// # Errors
/// [`Error::TooLarge`].
pub(crate) fn check_payload(variables: &Map<String, Value>) -> Result<(), Error> {
    let given = variables.iter().map(|(name, value)| (name.clone(), value));
    Ok(activities::fit(&Map::new(), given)?)
}

/// The starts that a trigger begins, at most so many.
pub(crate) async fn find(
    unit: &mut Unit,
    trigger: &Trigger,
    at_most: usize,
) -> Result<Vec<Start>, Error> {
    let found = unit.list(&STARTS, Range::prefix(trigger.key()), at_most).await?;
    Ok(found.into_iter().map(|(_, start)| start).collect())
}

/// An instance that a condition began.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartedByCondition {
    /// Name of the definition.
    pub process_definition_name: String,
    /// Element whose condition was asked.
    pub element_id: String,
    /// The instance, if the condition holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_instance_id: Option<String>,
    /// Why the condition has no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Tenant {
    /// Registers the starts of the newest deployed version of a definition, and withdraws those of
    /// the one before. Whoever commits this rings afterwards.
    pub(crate) async fn register_starts(&self, unit: &mut Unit, name: &str) -> Result<(), Error> {
        let newest = resource::find_deployed(unit, Kind::Definition, name, None).await?;
        let before = unit.find(&REGISTERED, Key::from(name)).await?.unwrap_or_default();
        if newest.as_ref().map_or("", |newest| &newest.id) == before.version {
            return Ok(());
        }
        for (number, (trigger, start)) in (0..).zip(&before.starts) {
            unit.remove(&STARTS, place(name, trigger, start));
            if let Some(schedule) = &start.schedule {
                self.not_due(unit, schedule.due, &due(name, number), number.into());
            }
        }
        unit.remove(&REGISTERED, Key::from(name));
        let Some(newest) = newest else { return Ok(()) };
        let process = self.process(unit, &newest.id).await?;
        let starts = starts_of(&process, &newest.id, self.now()).map_err(Error::Flaws)?;
        for (number, (trigger, start)) in (0..).zip(&starts) {
            unit.put(&STARTS, place(name, trigger, start), start)?;
            if let Some(schedule) = &start.schedule {
                self.due(unit, schedule.due, due(name, number), number.into())?;
            }
        }
        Ok(unit.put(&REGISTERED, Key::from(name), &Registered { version: newest.id, starts })?)
    }

    /// Begins an instance at a start.
    pub(crate) async fn begin(
        &self,
        work: &mut Work,
        start: &Start,
        payload: Map<String, Value>,
        business_key: Option<String>,
    ) -> Result<(String, Progress), Error> {
        let now = work.now();
        let unit = work.unit();
        let version = resource::find_any(unit, Kind::Definition, &start.version).await?;
        // It may have been taken out of use since the start was looked for.
        let version = version
            .filter(|version| version.is_deployed())
            .ok_or_else(|| Error::not_found(Kind::Definition.noun(), start.version.as_str()))?;
        let mut kept = Kept {
            id: identifier::timed(now)?,
            definition: version.id.clone(),
            definition_name: version.name.clone(),
            definition_version: version.version,
            created: now,
            created_by: self.by().to_owned(),
            expires: now.checked_add(LASTS).unwrap_or(Timestamp::MAX),
            business_key,
            ..Kept::default()
        };
        let at = Some(NodeId::from(start.node.as_str()));
        let command =
            Command::Start { variables: payload, at, trigger: start.number, called: false };
        let mut progress = self.advance(work, &mut kept, command).await?;
        if !kept.is_over() {
            self.arm(work.unit(), &kept.id, None, kept.expires)?;
            progress.soonest = progress.soonest.into_iter().chain([kept.expires]).min();
        }
        metrics::counter!("gatewright_journeys_created_total").increment(1);
        Ok((kept.id, progress))
    }

    /// A timer that begins instances is due.
    pub(crate) async fn start_due(
        &self,
        work: &mut Work,
        name: &str,
        number: u32,
    ) -> Result<Progress, Error> {
        let now = work.now();
        let unit = work.unit();
        let Some(mut registered) = unit.find(&REGISTERED, Key::from(name)).await? else {
            return Ok(Progress::default());
        };
        let Some((trigger, start)) = registered.starts.get_mut(number as usize) else {
            return Ok(Progress::default());
        };
        let Some(Schedule { due: at, then }) = start.schedule.take() else {
            return Ok(Progress::default());
        };
        if at > now {
            return Ok(Progress::default());
        }
        let next = then.as_ref().and_then(|then: &Recurrence| then.next(at, now));
        if let Some(next) = &next {
            self.due(unit, next.due, due(name, number), number.into())?;
        }
        start.schedule = next;
        unit.put(&STARTS, place(name, trigger, start), start)?;
        let start = start.clone();
        unit.put(&REGISTERED, Key::from(name), &registered)?;
        let (_, mut progress) = self.begin(work, &start, Map::new(), None).await?;
        let next = start.schedule.map(|schedule| schedule.due);
        progress.soonest = progress.soonest.into_iter().chain(next).min();
        Ok(progress)
    }

    /// Asks the conditions of all conditional starts with these variables, and begins an instance
    /// at each that holds.
    pub async fn evaluate_conditions(
        &self,
        variables: &Map<String, Value>,
        business_key: Option<&str>,
    ) -> Result<Vec<StartedByCondition>, Error> {
        check_payload(variables)?;
        loop {
            match self.evaluate_once(variables, business_key).await {
                Err(error) if error.is_conflict() => continue,
                other => return other,
            }
        }
    }

    async fn evaluate_once(
        &self,
        variables: &Map<String, Value>,
        business_key: Option<&str>,
    ) -> Result<Vec<StartedByCondition>, Error> {
        let mut work = self.identity();
        let mut asked = Vec::new();
        let mut soonest = None;
        for start in find(work.unit(), &Trigger::bare(CONDITION), MOST_CONDITIONS).await? {
            let process = self.process(work.unit(), &start.version).await?;
            let found = resource::find_any(work.unit(), Kind::Definition, &start.version).await?;
            let mut answer = StartedByCondition {
                process_definition_name: found
                    .map(|version| version.name.clone())
                    .unwrap_or_default(),
                element_id: start.node.clone(),
                process_instance_id: None,
                problem: None,
            };
            match holds(&process, &start, &Given(variables)) {
                Ok(true) => {
                    let key = business_key.map(str::to_owned);
                    let begun = self.begin(&mut work, &start, variables.clone(), key).await?;
                    soonest = soonest.into_iter().chain(begun.1.soonest).min();
                    answer.process_instance_id = Some(begun.0);
                }
                Ok(false) => {}
                Err(problem) => answer.problem = Some(problem),
            }
            asked.push(answer);
        }
        work.commit().await?;
        self.wake(soonest);
        Ok(asked)
    }
}

fn place(definition: &str, trigger: &Trigger, start: &Start) -> Key {
    trigger.key().text(definition).text(part(&start.node)).number(start.number.into())
}

fn due(definition: &str, number: u32) -> Due {
    let mut due = Due::of(What::Start, definition);
    due.timer = Some(TimerId::from(number));
    due
}
