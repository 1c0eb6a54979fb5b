//! The history of an instance: every event in order, with the time of the commit that made it.

use engine::{Event, Instance};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use storage::{Key, Range, Table, Unit};

use crate::instance::{self, Kept};
use crate::{Error, Tenant};

/// The events of one commit, `{"at": …, "events": […]}`. Rows of the first shape were the list
/// alone, without the time.
#[derive(Serialize, Deserialize)]
struct Chapter<Events> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    events: Events,
}

/// By instance and how many events were before the first one of the row.
const fn chapters<Events>() -> Table<Chapter<Events>> {
    let upgrade = |_, events: Value| Ok(json!({ "events": events }));
    Table::new("process-instance-events").shape(2).upgrade(upgrade)
}

/// The same rows, where only their keys matter.
const KEYS: Table<IgnoredAny> = Table::new("process-instance-events").shape(2);

/// Rows read at a time: a row may be large.
const CHUNK: usize = 8;
/// Events looked at for one page.
const LOOKED_AT: u64 = 2500;
/// Bytes of one page, beyond which it ends early.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;
/// Bytes of events in one row, if there are several.
const LARGEST_ROW: usize = 256 * 1024;
/// Rows whose keys are read at a time.
const KEYS_AT_ONCE: usize = 64;

/// What of a history is asked for.
#[derive(Clone, Debug)]
pub struct HistoryQuery {
    /// Only events of these kinds; of every kind when there is none.
    pub kinds: Vec<String>,
    /// Only events at this element of the definition.
    pub element: Option<String>,
    /// Only events with a higher sequence number.
    pub after: u64,
    /// At most so many events, 1 to 1000.
    pub limit: u32,
    /// Whether the values of variables are shown, which may be personal data.
    pub values: bool,
}

/// A part of the history of an instance, in order.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The events.
    pub events: Vec<HistoryEvent>,
    /// What to give as `after` for the next part; absent at the end of the history. A part may have
    /// fewer events than were asked for, or none, and still not be the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// One thing that has happened in an instance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Its number in the instance, counted from 1.
    pub sequence: u64,
    /// When it happened; absent for what was recorded before times were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub time: Option<Timestamp>,
    /// The element of the definition where it happened; absent for what concerns the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element_id: Option<String>,
    /// What happened, such as `entered`, `completed`, `suspended`, `resumed` or `migrated`.
    pub kind: String,
    /// More about it, by kind.
    pub data: Map<String, Value>,
}

/// Writes down what has just happened to an instance, in as many rows as it takes; gives how many
/// bytes they have.
pub(crate) fn record(
    unit: &mut Unit,
    kept: &Kept,
    now: Timestamp,
    events: &[Event],
) -> Result<usize, Error> {
    let first = kept.engine.sequence().saturating_sub(events.len() as u64);
    let mut put = |first: u64, events: &[Event], at_most| {
        let key = Key::new().text(&kept.id).number(first);
        unit.put_up_to(&chapters(), key, &Chapter { at: Some(now), events }, at_most)
    };
    if events.is_empty() {
        return Ok(0);
    }
    let together = put(first, events, LARGEST_ROW)?;
    if together <= LARGEST_ROW {
        return Ok(together);
    }
    let (mut first, mut left, mut bytes) = (first, events, 0);
    while !left.is_empty() {
        let (row, rest) = left.split_at(fitting(left));
        bytes += put(first, row, usize::MAX)?;
        first += row.len() as u64;
        left = rest;
    }
    Ok(bytes)
}

/// Applies what happened since to the state of an instance, until so many events have made it. It
/// ends before that where an event is missing.
pub(crate) async fn replay(
    unit: &Unit,
    id: &str,
    engine: &mut Instance,
    until: u64,
) -> Result<(), Error> {
    let all = Range::prefix(Key::new().text(id));
    let mut rest = match engine.sequence().checked_sub(1) {
        Some(before) => all.after(Key::new().text(id).number(before)),
        None => all,
    };
    while engine.sequence() < until {
        let rows = unit.list(&chapters::<Vec<Event>>(), rest.clone(), CHUNK).await?;
        let Some((last, _)) = rows.last() else { break };
        rest = rest.after(last.clone());
        for (key, chapter) in rows {
            if number_of(&key) != engine.sequence() || engine.sequence() == until {
                return Ok(());
            }
            chapter.events.iter().for_each(|event| engine.apply(event));
        }
    }
    Ok(())
}

/// How many of the events go into one row: at least one.
fn fitting(events: &[Event]) -> usize {
    let mut bytes = Counted(0);
    let fits = |event: &&Event| {
        // A writer that counts never fails, and what has no JSON form is told when it is written.
        let _ = serde_json::to_writer(&mut bytes, event);
        bytes.0 <= LARGEST_ROW
    };
    events.iter().take_while(fits).count().max(1)
}

/// Counts bytes and keeps none.
struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Removes at most so many rows of the history of an instance; gives how many it were.
pub(crate) async fn forget(unit: &mut Unit, id: &str, at_most: usize) -> Result<usize, Error> {
    let mut rest = Range::prefix(Key::new().text(id));
    let mut left = at_most;
    while left > 0 {
        let rows = unit.list(&KEYS, rest.clone(), left.min(KEYS_AT_ONCE)).await?;
        let Some((last, _)) = rows.last() else { break };
        rest = rest.after(last.clone());
        left -= rows.len();
        for (key, _) in rows {
            unit.remove(&KEYS, key);
        }
    }
    Ok(at_most - left)
}

impl Tenant {
    /// A part of the history of an instance. However long the history is, only a bounded part of
    /// it is read.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such instance; [`Error::Invalid`] for the limit.
    pub async fn instance_history(&self, id: &str, query: &HistoryQuery) -> Result<History, Error> {
        if !(1..=1000).contains(&query.limit) {
            return Err(Error::invalid("limit", "has to be a number from 1 to 1000"));
        }
        query.kinds.iter().try_for_each(|kind| check_kind(kind))?;
        let mut unit = self.unit();
        let all = instance::read(self, &mut unit, id).await?.engine.sequence();
        let until = all.min(query.after.saturating_add(LOOKED_AT));
        let table = chapters::<Vec<Map<String, Value>>>();
        let rows = Range::prefix(Key::new().text(id));
        // The row that holds the first event asked for begins with it or before it.
        let beyond = Key::new().text(id).number(query.after.saturating_add(1));
        let mut read = unit.list(&table, rows.clone().before(beyond).descending(), 1).await?;
        let mut seen = query.after.min(all);
        let (mut events, mut bytes) = (Vec::new(), 0);
        while let Some(last) = read.last().map(|(key, _)| key.clone()) {
            for (key, chapter) in read {
                let first = number_of(&key);
                for (sequence, event) in (first + 1..).zip(chapter.events) {
                    let full = events.len() >= query.limit as usize || bytes > LARGEST_PAGE;
                    if full || seen >= until {
                        return Ok(History { events, next: (seen < all).then_some(seen) });
                    }
                    if sequence <= seen {
                        continue;
                    }
                    seen = sequence;
                    let event = told(sequence, chapter.at, event, query.values);
                    if query.fits(&event) {
                        bytes += size(&event.data);
                        events.push(event);
                    }
                }
            }
            read = unit.list(&table, rows.clone().after(last), CHUNK).await?;
        }
        Ok(History { events, next: None })
    }
}

impl HistoryQuery {
    fn fits(&self, event: &HistoryEvent) -> bool {
        let at = self.element.is_none() || self.element == event.element_id;
        at && (self.kinds.is_empty() || self.kinds.contains(&event.kind))
    }
}

/// Refuses what is no kind of event.
fn check_kind(kind: &str) -> Result<(), Error> {
    // Every kind needs more than its name or is read whole; only an unknown one is refused by name.
    match serde_json::from_value::<Event>(json!({ "kind": kind })) {
        Err(refused) if refused.to_string().starts_with("unknown variant") => {
            Err(Error::invalid("kind", refused.to_string().replacen("variant", "kind of event", 1)))
        }
        _ => Ok(()),
    }
}

/// The number at the end of the key of a row.
fn number_of(key: &Key) -> u64 {
    let mut parts = key.read();
    let _ = parts.text();
    parts.number().unwrap_or_default()
}

/// An event as callers see it.
fn told(
    sequence: u64,
    time: Option<Timestamp>,
    mut event: Map<String, Value>,
    values: bool,
) -> HistoryEvent {
    let mut text = |name| match event.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (kind, element_id) = (text("kind").unwrap_or_default(), text("node"));
    if !values {
        veil(&kind, &mut event);
    }
    HistoryEvent { sequence, time, element_id, kind, data: event }
}

/// The members of an event that never hold the value of a variable.
#[rustfmt::skip]
const OPEN: [&str; 26] = [
    "activity", "again", "attempt", "by", "called", "catch", "code", "counted", "definition", "due",
    "flow", "from", "held", "moment", "nodes", "number", "of", "owner", "path", "reason", "resolved",
    "scope", "then", "timer", "to", "with",
];

/// Leaves out of an event what may hold the value of a variable: everything that is not known to
/// hold none. Of a write the place stays; the words of faults and incidents stay, as they are shown
/// with the instance.
fn veil(kind: &str, event: &mut Map<String, Value>) {
    let is_trouble = matches!(kind, "faulted" | "incidentRaised");
    event.retain(|name, _| {
        OPEN.contains(&name.as_str()) || name == "writes" || (name == "message" && is_trouble)
    });
    if let Some(Value::Array(writes)) = event.get_mut("writes") {
        for write in writes.iter_mut().filter_map(Value::as_object_mut) {
            write.retain(|name, _| name == "at");
        }
    }
}

/// About how many bytes a part of an answer takes.
fn size(data: &Map<String, Value>) -> usize {
    serde_json::to_vec(data).map_or(0, |bytes| bytes.len())
}
