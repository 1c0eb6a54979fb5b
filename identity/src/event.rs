//! Queries of what happened in the identity stores: started, walked in the background a slice at a time, read in
//! sets, and forgotten after an hour.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};

use crate::audit::{Action, Entry, Reason};
use crate::error::Error;
use crate::random::identifier;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// The executions by identifier.
const QUERIES: Table<Row> = Table::new("event-queries");
/// The executions that are not over: time of the start and identifier.
const OPEN: Table<()> = Table::new("event-queries-open");
/// What was found: execution, value of the column that it is sorted by, index in the log. The events are read from the
/// log, so that nobody is named who was erased since.
const FOUND: Table<()> = Table::new("event-query-results");
/// When each execution is forgotten: time and identifier.
const EXPIRIES: Table<()> = Table::new("event-query-expiries");

/// The most executions that are not over.
const MOST_OPEN: usize = 16;
/// The most events of one execution.
const MOST_FOUND: u64 = 1_000_000;
/// The most events of one set.
const LARGEST_SET: usize = 1000;
/// How long an execution is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Which events are asked for; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventQuery {
    /// The name that the identity store had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_name: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<Action>,
    /// Not before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_time: Option<Timestamp>,
    /// Before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_time: Option<Timestamp>,
    /// Why an authentication was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The user that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The order, as `column` or `column,desc`: `createDtm`, `storeName`, `eventType` or `reason`; `createDtm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// How far an execution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QueryStatus {
    /// It has not begun.
    Queued,
    /// It is under way.
    Running,
    /// Everything was found.
    Succeeded,
    /// It was begun and not completed: more was found than one execution may find.
    Failed,
}

/// Something that happened in an identity store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The identifier.
    pub id: String,
    /// When it happened.
    pub create_dtm: Timestamp,
    /// The identifier of the identity store; empty where it happened to the tenant.
    #[serde(rename = "storeid")]
    pub store_id: String,
    /// The name that the identity store had; empty where it happened to the tenant.
    pub store_name: String,
    /// What happened.
    pub event_type: Action,
    /// Why an authentication was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The user that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The policy of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// Who did it.
    pub created_by: String,
}

/// A set of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventSet {
    /// The events.
    pub events: Vec<Event>,
    /// What the next set is asked for with; none with the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// An execution.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    query: EventQuery,
    /// None where the query asked for one that there is not: then it failed at once.
    order: Option<Order>,
    status: QueryStatus,
    begun: Timestamp,
    /// The index in the log from which on it was not walked yet.
    next: u64,
    found: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Column {
    CreateDtm,
    StoreName,
    EventType,
    Reason,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Order {
    column: Column,
    descending: bool,
}

impl Order {
    fn parse(text: &str) -> Option<Order> {
        let (column, direction) = text.split_once(',').unwrap_or((text, "asc"));
        let column = match column.trim() {
            "createDtm" => Column::CreateDtm,
            "storeName" => Column::StoreName,
            "eventType" => Column::EventType,
            "reason" => Column::Reason,
            _ => return None,
        };
        match direction.trim().to_ascii_lowercase().as_str() {
            "asc" => Some(Order { column, descending: false }),
            "desc" => Some(Order { column, descending: true }),
            _ => None,
        }
    }

    /// Where an event stands in this order.
    fn place(self, event: &Event) -> String {
        match self.column {
            Column::CreateDtm => format!("{:020}", milliseconds(event.create_dtm)),
            Column::StoreName => event.store_name.clone(),
            Column::EventType => event.event_type.name(),
            Column::Reason => {
                let reason = serde_json::to_value(event.reason).unwrap_or_default();
                reason.as_str().unwrap_or_default().to_owned()
            }
        }
    }
}

impl EventQuery {
    /// The order that is asked for.
    fn sorted_by(&self) -> &str {
        self.sort.as_deref().unwrap_or("createDtm")
    }

    fn fits(&self, entry: &Entry) -> bool {
        self.store_name.as_ref().is_none_or(|name| *name == entry.store_name)
            && self.event_type.is_none_or(|action| action == entry.action)
            && self.from_time.is_none_or(|from| from <= entry.dtm)
            && self.to_time.is_none_or(|to| entry.dtm < to)
            && self.reason.is_none_or(|reason| Some(reason) == entry.reason)
            && self.user_id.as_ref().is_none_or(|user| Some(user) == entry.user_id.as_ref())
    }
}

impl Event {
    fn of(id: String, entry: Entry) -> Event {
        Event {
            id,
            create_dtm: entry.dtm,
            store_id: entry.store_id,
            store_name: entry.store_name,
            event_type: entry.action,
            reason: entry.reason,
            user_id: entry.user_id,
            policy_name: entry.policy_name,
            created_by: entry.by,
        }
    }
}

impl Work {
    /// Starts a query of events; gives the identifier of its execution. Whether events can be sorted as it asks is
    /// told when its status is read, as it is documented.
    ///
    /// # Errors
    ///
    /// [`Error::EventQueryRefused`], [`Error::Storage`].
    pub async fn start_event_query(&mut self, query: EventQuery) -> Result<String, Error> {
        let order = Order::parse(query.sorted_by());
        if self.unit().list(&OPEN, Range::all(), MOST_OPEN).await?.len() >= MOST_OPEN {
            return Err(Error::EventQueryRefused);
        }
        let (id, begun) = (identifier()?, self.now());
        let expires = begun.checked_add(KEPT).unwrap_or(Timestamp::MAX);
        let status = order.map_or(QueryStatus::Failed, |_| QueryStatus::Queued);
        let row = Row { query, order, status, begun, next: 0, found: 0 };
        let unit = self.unit();
        unit.put(&QUERIES, &id, &row)?;
        if order.is_some() {
            unit.put(&OPEN, timed(begun, &id), &())?;
        }
        unit.put(&EXPIRIES, timed(expires, &id), &())?;
        Ok(id)
    }

    /// Reads how far an execution is.
    ///
    /// # Errors
    ///
    /// [`Error::EventQueryMissing`], [`Error::EventSortUnknown`], [`Error::Storage`].
    pub async fn read_event_query(&mut self, id: &str) -> Result<QueryStatus, Error> {
        let row = self.unit().peek(&QUERIES, id).await?;
        let Row { query, order, status, .. } =
            row.ok_or_else(|| Error::EventQueryMissing(id.to_owned()))?;
        order.ok_or_else(|| Error::EventSortUnknown(query.sorted_by().to_owned()))?;
        Ok(status)
    }

    /// Reads a set of what an execution found: the first one, or the one that the last one's token leads to.
    ///
    /// # Errors
    ///
    /// [`Error::EventResultsMissing`], [`Error::Storage`].
    pub async fn read_events(
        &mut self,
        id: &str,
        token: Option<&str>,
        size: usize,
    ) -> Result<EventSet, Error> {
        let missing = |why: &'static str| Error::EventResultsMissing(why);
        let row = self.unit().peek(&QUERIES, id).await?;
        let row = row.ok_or_else(|| missing("the execution is unknown or forgotten"))?;
        match row.status {
            QueryStatus::Succeeded => {}
            QueryStatus::Failed if row.order.is_some() => {
                return Err(missing(
                    "more than a million events fit; ask for fewer with fromTime and toTime",
                ));
            }
            _ => return Err(missing("the execution has not succeeded")),
        }
        let descending = row.order.is_some_and(|order| order.descending);
        let mut range = Range::prefix(id);
        if let Some(token) = token {
            let (place, index) = opened(token).ok_or_else(|| missing("the token is no token"))?;
            let last = Key::new().text(id).text(place).number(index);
            range = if descending { range.before(last) } else { range.after(last) };
        }
        let range = if descending { range.descending() } else { range };
        let size = size.clamp(1, LARGEST_SET);
        let found = self.unit().list_keys(&FOUND, range, size + 1).await?;
        let (mut events, mut next_token) = (Vec::new(), None);
        for key in found.iter().take(size) {
            let mut parts = key.read();
            let (_, place, index) = (parts.text()?, parts.text()?, parts.number()?);
            // What went since, or has lost what was asked for, is not found any more.
            let record = self.record_at(index).await?.filter(|(_, entry)| row.query.fits(entry));
            events.extend(record.map(|(id, entry)| Event::of(id, entry)));
            next_token = (found.len() > size).then(|| closed(&place, index));
        }
        Ok(EventSet { events, next_token })
    }

    /// Walks a slice of the log for the execution that was started first; says whether there is more to be done
    /// before anything else comes into the log.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn walk_events(&mut self, slice: usize) -> Result<bool, Error> {
        let Some((open, ())) = self.unit().list(&OPEN, Range::all(), 1).await?.pop() else {
            return Ok(false);
        };
        let mut parts = open.read();
        let (_, id) = (parts.number()?, parts.text()?);
        let row = self.unit().find(&QUERIES, &id).await?;
        let Some((mut row, order)) = row.and_then(|row| row.order.map(|order| (row, order))) else {
            self.unit().remove(&OPEN, &open);
            return Ok(true);
        };
        let records = self.records_from(row.next, slice).await?;
        let at_end = records.len() < slice;
        // What happened before the start belongs to the answer, and may still wait for the log.
        let complete = at_end && !self.audit_waits(row.begun).await?;
        row.status = if complete { QueryStatus::Succeeded } else { QueryStatus::Running };
        for (index, name, entry) in records {
            row.next = index + 1;
            if row.query.fits(&entry) {
                let event = Event::of(name, entry);
                let key = Key::new().text(&id).text(order.place(&event)).number(index);
                self.unit().put(&FOUND, key, &())?;
                row.found += 1;
            }
        }
        if row.found > MOST_FOUND {
            row.status = QueryStatus::Failed;
        }
        if row.status != QueryStatus::Running {
            self.unit().remove(&OPEN, &open);
        }
        self.unit().put(&QUERIES, &id, &row)?;
        Ok(complete || !at_end)
    }

    /// Forgets executions whose time is over, with at most so many events; says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_event_queries(&mut self, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let mut swept = 0;
        for (key, ()) in self.unit().list(&EXPIRIES, Range::all().before(over), limit).await? {
            let mut parts = key.read();
            let (_, id) = (parts.number()?, parts.text()?);
            let found = self.unit().list_keys(&FOUND, Range::prefix(&id), limit - swept).await?;
            for found in &found {
                self.unit().remove(&FOUND, found);
            }
            swept += found.len();
            if swept >= limit {
                break;
            }
            if let Some(row) = self.unit().find(&QUERIES, &id).await? {
                self.unit().remove(&OPEN, timed(row.begun, &id));
            }
            self.unit().remove(&QUERIES, &id);
            self.unit().remove(&EXPIRIES, &key);
            swept += 1;
            if swept >= limit {
                break;
            }
        }
        Ok(swept)
    }
}

fn timed(time: Timestamp, id: &str) -> Key {
    Key::new().number(milliseconds(time)).text(id)
}

/// A token is the place of the last event, in base64.
fn closed(place: &str, index: u64) -> String {
    BASE64URL_NOPAD.encode(format!("{index} {place}").as_bytes())
}

fn opened(token: &str) -> Option<(String, u64)> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (index, place) = text.split_once(' ')?;
    Some((place.to_owned(), index.parse().ok()?))
}

#[cfg(test)]
mod tests;
