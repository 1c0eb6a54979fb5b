//! Incidents of all instances: listed by the time at which they were raised, retried and resolved.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Command, Event, Moment, PathId, PathState, Rejection, Status};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use super::part::{PART, Part};
use super::{CHUNK, Failed, LOOKED_AT, Tally, cursor, no_place, place, time_of, writes};
use crate::instance::{Kept, moment, path_of, question};
use crate::listing::{self, Order};
use crate::{Error, Listing, Page, Tenant};

/// What the list shows of an incident, and what it can be found by.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    definition: String,
    definition_name: String,
    definition_version: u32,
    element: String,
    moment: Moment,
    message: String,
}

/// By the time at which it was raised (microseconds), instance and path. Incidents from before
/// there was this index are in it as soon as they are raised again.
const INCIDENTS: Table<Row> = Table::new("process-incidents-by-time");

/// A failure that stops an instance at one place until a person has dealt with it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IncidentView {
    /// Identifier of the incident.
    pub id: String,
    /// The instance that it stops.
    pub process_instance_id: String,
    /// Identifier of the definition's version.
    pub process_defn_id: String,
    /// Name of the definition.
    pub process_defn_name: String,
    /// Version of the definition.
    pub process_defn_version: u32,
    /// Element of the definition.
    pub element_id: String,
    /// The path that it stops there.
    pub path: u32,
    /// Where the path takes up when it is retried: `starting`, `arriving`, `entering`, `running`, `leaving` or
    /// `parting`.
    pub moment: &'static str,
    /// What went wrong.
    pub message: String,
    /// When it was raised.
    #[schemars(with = "String")]
    pub raised_at: Timestamp,
}

/// What came of dealing with an incident.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dealt {
    /// Whether its path went on.
    pub done: bool,
    /// The new incident that stopped the path again at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentView>,
}

/// Which incidents are meant; everything that is given has to fit.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// Identifier of the definition's version.
    pub definition: Option<String>,
    /// Name of the definition.
    pub definition_name: Option<String>,
    /// Element of the definition.
    pub element: Option<String>,
    /// The instance.
    pub instance: Option<String>,
}

/// By instance and path: since when an incident stops it.
const STOPPED: Table<Timestamp> = Table::new("stopped-paths");

fn stop(instance: &str, path: PathId) -> Key {
    Key::from(instance).number(path.number().into())
}

fn key(raised: Timestamp, instance: &str, path: PathId) -> Key {
    Key::new().number(moment(raised)).text(instance).number(path.number().into())
}

fn id_of(instance: &str, path: u64) -> String {
    format!("{instance}-{path}")
}

/// Writes down which incidents a step has raised, and takes away those that are over. Only the paths that the events
/// name are looked at, however many others incidents stop.
pub(crate) async fn note(
    unit: &mut Unit,
    kept: &mut Kept,
    now: Timestamp,
    events: &[Event],
) -> Result<(), Error> {
    let raised = events.iter().filter_map(|event| match event {
        Event::IncidentRaised { path, .. } => Some(*path),
        _ => None,
    });
    let raised: BTreeSet<PathId> = raised.collect();
    if kept.incidents > 0 {
        let over = match kept.engine.status() {
            Status::Created | Status::Active => events.iter().filter_map(question::left).collect(),
            _ => stopped(unit, kept).await?.into_keys().collect::<BTreeSet<PathId>>(),
        };
        for path in over {
            if is_stopped(kept, path) && !raised.contains(&path) {
                continue;
            }
            let Some(at) = unit.peek(&STOPPED, stop(&kept.id, path)).await? else { continue };
            unit.remove(&STOPPED, stop(&kept.id, path));
            unit.remove(&INCIDENTS, key(at, &kept.id, path));
            kept.incidents = kept.incidents.saturating_sub(1);
        }
    }
    for path in raised {
        if is_stopped(kept, path) {
            unit.put(&STOPPED, stop(&kept.id, path), &now)?;
            kept.incidents += 1;
            write(unit, kept, path, now)?;
        }
    }
    Ok(())
}

fn is_stopped(kept: &Kept, path: PathId) -> bool {
    let path = kept.engine.path(path);
    path.is_some_and(|path| matches!(path.state(), PathState::Incident { .. }))
}

/// What the list shows of the incident that stops a path.
fn row(kept: &Kept, path: PathId) -> Option<Row> {
    let stopped = kept.engine.path(path)?;
    let PathState::Incident { message, moment } = stopped.state() else { return None };
    Some(Row {
        definition: kept.definition.clone(),
        definition_name: kept.definition_name.clone(),
        definition_version: kept.definition_version,
        element: stopped.node().to_string(),
        moment: *moment,
        message: message.clone(),
    })
}

/// The paths of an instance that incidents stop, and since when.
async fn stopped(unit: &Unit, kept: &Kept) -> Result<BTreeMap<PathId, Timestamp>, Error> {
    if kept.incidents == 0 {
        return Ok(BTreeMap::new());
    }
    let rows = unit.list(&STOPPED, Range::prefix(Key::from(&kept.id)), usize::MAX).await?;
    rows.into_iter().map(|(key, at)| Ok((path_of(&key)?, at))).collect()
}

/// Writes the row of an instance's incident at a path as it is now.
fn write(unit: &mut Unit, kept: &Kept, path: PathId, at: Timestamp) -> Result<(), Error> {
    if let Some(row) = row(kept, path) {
        unit.put(&INCIDENTS, key(at, &kept.id, path), &row)?;
    }
    Ok(())
}

/// Writes the rows of an instance again that has become one of another version.
pub(crate) async fn renew(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    for (path, at) in stopped(unit, kept).await? {
        write(unit, kept, path, at)?;
    }
    Ok(())
}

/// Removes the rows of an instance that is removed.
pub(crate) async fn forget(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    for (path, at) in stopped(unit, kept).await? {
        unit.remove(&STOPPED, stop(&kept.id, path));
        unit.remove(&INCIDENTS, key(at, &kept.id, path));
    }
    Ok(())
}

impl IncidentFilter {
    fn fits(&self, instance: &str, row: &Row) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is);
        same(&self.definition, &row.definition)
            && same(&self.definition_name, &row.definition_name)
            && same(&self.element, &row.element)
            && same(&self.instance, instance)
    }
}

fn view(key: &Key, row: Row) -> Option<IncidentView> {
    let mut parts = key.read();
    let (at, instance) = (parts.number().ok()?, parts.text().ok()?);
    let path = parts.number().ok()?;
    Some(IncidentView {
        id: id_of(&instance, path),
        process_instance_id: instance,
        process_defn_id: row.definition,
        process_defn_name: row.definition_name,
        process_defn_version: row.definition_version,
        element_id: row.element,
        path: u32::try_from(path).ok()?,
        moment: super::state::moment_name(row.moment),
        message: row.message,
        raised_at: time_of(at),
    })
}

/// The instance and the path that the identifier of an incident names.
fn named(id: &str) -> Result<(&str, PathId), Error> {
    let parts = id.rsplit_once('-');
    let parts = parts.and_then(|(instance, path)| Some((instance, path.parse::<u32>().ok()?)));
    let (instance, path) = parts.ok_or_else(|| Error::not_found("incident", id))?;
    Ok((instance, PathId::from(path)))
}

impl Tally {
    /// Counts an incident that was dealt with, or that stopped its path again.
    fn count_dealt(&mut self, id: String, came: Result<Dealt, Error>) -> Result<(), Error> {
        let Ok(Dealt { incident: Some(again), .. }) = came else {
            return self.count(id, came.map(drop));
        };
        self.failed_again.push(Failed { id, reason: again.message });
        self.matched += 1;
        Ok(())
    }
}

impl Tenant {
    /// The incidents that nobody has dealt with, by the time at which they were raised.
    pub async fn list_incidents(
        &self,
        filter: &IncidentFilter,
        oldest_first: bool,
        page: Page,
    ) -> Result<Listing<IncidentView>, Error> {
        let order = if oldest_first { Order::Ascending } else { Order::Descending };
        listing::page_of(&self.unit(), &INCIDENTS, Range::all(), order, page, |key, row| {
            let mut parts = key.read();
            let _ = parts.number().ok()?;
            let instance = parts.text().ok()?;
            filter.fits(&instance, &row).then(|| view(&key, row)).flatten()
        })
        .await
    }

    /// Takes up a path again where its incident stopped it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there was never such an incident; [`Error::Rejected`] where it is
    /// gone; [`Error::Suspended`].
    pub async fn retry_incident(&self, id: &str) -> Result<Dealt, Error> {
        let (instance, path) = named(id)?;
        self.deal(id, (instance, path), Command::Retry { path }).await
    }

    /// Takes an incident as dealt with: variables are set outward from where the path stands, then
    /// an activity, or an event whose outputs failed, counts as done, and anything else is entered
    /// again.
    ///
    /// # Errors
    /// As of [`Tenant::retry_incident`]; [`Error::TooLarge`] for the variables.
    pub async fn resolve_incident(
        &self,
        id: &str,
        variables: &Map<String, Value>,
    ) -> Result<Dealt, Error> {
        let (instance, path) = named(id)?;
        let writes = writes(variables)?;
        self.deal(id, (instance, path), Command::Resolve { path, writes }).await
    }

    async fn deal(
        &self,
        id: &str,
        (instance, path): (&str, PathId),
        command: Command,
    ) -> Result<Dealt, Error> {
        let kept = match self.tell(instance, &[command]).await {
            Err(Error::NotFound { .. } | Error::Rejected(Rejection::UnknownPath { .. })) => {
                return Err(Error::not_found("incident", id));
            }
            told => told?,
        };
        let Some(row) = row(&kept, path) else { return Ok(Dealt { done: true, incident: None }) };
        let raised = self.unit().peek(&STOPPED, stop(instance, path)).await?;
        let raised = raised.unwrap_or_else(|| self.now());
        Ok(Dealt { done: false, incident: view(&key(raised, instance, path), row) })
    }

    /// Retries one part of the incidents that fit, the oldest first, each in a commit of its own.
    /// What fails again at once is a new incident, which no later part meets.
    pub async fn retry_incidents(
        &self,
        filter: &IncidentFilter,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        let mut part = self.part_of_incidents(filter, after).await?;
        while let Some(id) = part.next() {
            let came = self.retry_incident(&id).await;
            part.tally.count_dealt(id, came)?;
        }
        Ok(part.tally)
    }

    /// Resolves one part of the incidents that fit, the oldest first, each in a commit of its own.
    pub async fn resolve_incidents(
        &self,
        filter: &IncidentFilter,
        variables: &Map<String, Value>,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        let mut part = self.part_of_incidents(filter, after).await?;
        while let Some(id) = part.next() {
            let came = self.resolve_incident(&id, variables).await;
            part.tally.count_dealt(id, came)?;
        }
        Ok(part.tally)
    }

    /// The incidents that fit, the oldest first: as many as one part has, and where to go on. No
    /// part has what was raised after the newest that there was at the first.
    async fn part_of_incidents(
        &self,
        filter: &IncidentFilter,
        after: Option<&str>,
    ) -> Result<Part, Error> {
        let unit = self.unit();
        let (mut rest, until) = match after {
            Some(after) => {
                let (after, until) = after.rsplit_once('-').ok_or_else(no_place)?;
                let until: u64 = until.parse().map_err(|_| no_place())?;
                (Range::all().after(place(after, 3)?), until)
            }
            None => {
                let newest = unit.list(&INCIDENTS, Range::all().descending(), 1).await?.pop();
                let Some((newest, _)) = newest else { return Ok(Part::new(Vec::new(), None)) };
                (Range::all(), newest.read().number()?)
            }
        };
        let end = Key::new().number(until.saturating_add(1));
        let next = |last: &Key| Ok::<_, Error>(format!("{}-{until}", cursor(last)?));
        let (mut found, mut looked) = (Vec::new(), 0);
        loop {
            let rows = unit.list(&INCIDENTS, rest.clone().before(end.clone()), CHUNK).await?;
            let full = rows.len() == CHUNK;
            looked += rows.len();
            let mut last = None;
            for (key, row) in rows {
                let mut parts = key.read();
                let _ = parts.number()?;
                let (instance, path) = (parts.text()?, parts.number()?);
                if filter.fits(&instance, &row) {
                    found.push((id_of(&instance, path), next(&key)?));
                }
                if found.len() == PART {
                    return Ok(Part::new(found, Some(next(&key)?)));
                }
                last = Some(key);
            }
            match last {
                Some(key) if full && looked < LOOKED_AT => rest = Range::all().after(key),
                Some(key) if full => return Ok(Part::new(found, Some(next(&key)?))),
                _ => return Ok(Part::new(found, None)),
            }
        }
    }
}
