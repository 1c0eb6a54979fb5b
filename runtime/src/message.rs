//! Messages: each goes to one receiver, a catch that awaits it or a start, or is kept for a while
//! for the first that will (BPMN 2.0.2 §8.4.2, §10.5.5).
//!
//! A message that an instance sends is a row of the commit in which it is sent; whoever receives it
//! takes the row away in the commit in which it goes on, so that nobody gets it twice.

use engine::{CatchId, Command};
use identity::Work;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use crate::advance::{Progress, Round, Turn};
use crate::instance;
use crate::listing::{self, Order};
use crate::timers::{Due, What};
use crate::trigger::{self, Trigger, part};
use crate::{Error, Listing, Page, Tenant, identifier};

/// A message on its way, or kept until somebody awaits it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) name: String,
    /// What its receiver awaits it under; without one, the only receiver of the name gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    /// The business key of an instance that it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) business_key: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) payload: Map<String, Value>,
    /// The instance that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sender: Option<String>,
    pub(crate) sent: Timestamp,
    /// Its place among those sent in the same millisecond.
    #[serde(default)]
    pub(crate) order: u64,
    pub(crate) expires: Timestamp,
    #[serde(default)]
    pub(crate) kept: bool,
    /// Why it could not be delivered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// A catch that awaits a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Awaiting {
    instance: String,
    catch: CatchId,
}

/// Where those who await and those who send meet: both change it, so that none misses the other.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Meeting {
    waiting: u32,
    kept: u32,
}

const MESSAGES: Table<Message> = Table::new("messages");
/// By name, key, instance and number of the catch.
const AWAITING: Table<Awaiting> = Table::new("message-catches");
/// By name and key.
const MEETINGS: Table<Meeting> = Table::new("message-meetings");
/// By name, key and time of sending: identifiers of messages.
const KEPT: Table<String> = Table::new("messages-kept");

/// How long a message is kept where nobody says.
pub(crate) const USUAL_TIME: SignedDuration = SignedDuration::from_hours(24);
/// When one that several await is looked at again.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// A message that nobody has received yet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Identifier of the message.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The key under which it would be received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The instance that sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_instance_id: Option<String>,
    /// When it was sent.
    #[schemars(with = "String")]
    pub sent_at: Timestamp,
    /// When it is given up.
    #[schemars(with = "String")]
    pub expires_at: Timestamp,
    /// Why it could not be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Who took a message.
pub(crate) enum Taken {
    Caught(String),
    Started(String),
    /// The one that awaits it is held.
    Held,
    Nobody,
    /// Several await it, or else several definitions start with it.
    Several {
        starts: bool,
    },
}

fn at(name: &str, key: &str) -> Key {
    Key::new().text(part(name)).text(part(key))
}

impl Round<'_> {
    /// A catch awaits a message from now on; one that is kept for it comes at once.
    pub(crate) async fn await_message(
        &mut self,
        of: usize,
        catch: CatchId,
        name: &str,
        key: Option<&str>,
    ) -> Result<(), Error> {
        let kept = &self.carried[of].kept;
        let key = key.unwrap_or(kept.business_key());
        let row = Awaiting { instance: kept.id.clone(), catch };
        let unit = self.work.unit();
        let place = at(name, key).text(&kept.id).number(u64::from(catch.number()));
        unit.put(&AWAITING, place, &row)?;
        let mut meeting = unit.find(&MEETINGS, at(name, key)).await?.unwrap_or_default();
        meeting.waiting = meeting.waiting.saturating_add(1);
        unit.put(&MEETINGS, at(name, key), &meeting)?;
        if meeting.kept > 0 {
            let (name, key) = (name.to_owned(), key.to_owned());
            self.then(Turn::Meet { catch, name, key, before: None });
        }
        Ok(())
    }

    /// A catch does not await its message any more.
    pub(crate) async fn await_no_message(
        &mut self,
        of: usize,
        catch: CatchId,
        name: &str,
        key: Option<&str>,
    ) -> Result<(), Error> {
        let kept = &self.carried[of].kept;
        let key = key.unwrap_or(kept.business_key());
        stop_awaiting(self.work.unit(), (name, key), &kept.id, catch).await
    }

    /// A catch gets the oldest message that is kept for it, if it still awaits one and the message
    /// was sent before a time.
    pub(crate) async fn meet(
        &mut self,
        of: usize,
        catch: CatchId,
        name: String,
        key: String,
        before: Option<Timestamp>,
    ) -> Result<(), Error> {
        let kept = &self.carried[of].kept;
        let is_held = kept.suspended.is_some();
        if is_held || kept.engine.catch(catch).is_none() || self.is_exhausted() {
            return Ok(());
        }
        let unit = self.work.unit();
        let all = Range::prefix(at(&name, &key));
        let Some((_, id)) = unit.list(&KEPT, all, 1).await?.pop() else { return Ok(()) };
        let Some(message) = unit.find(&MESSAGES, Key::from(&id)).await? else { return Ok(()) };
        if before.is_some_and(|before| message.sent >= before) {
            return Ok(());
        }
        self.tenant.forget_message(self.work.unit(), &id, &message).await?;
        self.count();
        self.then_first(Turn::Meet { catch, name, key, before });
        self.then_first(Turn::Tell(Command::Deliver { catch, payload: message.payload }));
        Ok(())
    }

    /// A message is sent: it is delivered after the commit.
    pub(crate) fn send_message(
        &mut self,
        of: usize,
        name: String,
        key: Option<String>,
        payload: Map<String, Value>,
    ) -> Result<(), Error> {
        let kept = &self.carried[of].kept;
        let message = Message {
            name,
            key: Some(key.unwrap_or_else(|| kept.business_key().to_owned())),
            business_key: Some(kept.business_key().to_owned()),
            payload,
            sender: Some(kept.id.clone()),
            sent: self.now,
            order: self.next_sent(),
            expires: self.now.checked_add(USUAL_TIME).unwrap_or(Timestamp::MAX),
            kept: false,
            problem: None,
        };
        let unit = self.work.unit();
        let id = identifier::random()?;
        unit.put(&MESSAGES, Key::from(&id), &message)?;
        self.tenant.due(unit, self.now, Due::of(What::Message, &id), message.order)?;
        self.progress.soonest = Some(self.now);
        Ok(())
    }
}

/// A catch does not await its message any more.
pub(crate) async fn stop_awaiting(
    unit: &mut Unit,
    (name, key): (&str, &str),
    instance: &str,
    catch: CatchId,
) -> Result<(), Error> {
    let row = at(name, key).text(instance).number(u64::from(catch.number()));
    if unit.find(&AWAITING, row.clone()).await?.is_none() {
        return Ok(());
    }
    unit.remove(&AWAITING, row);
    change(unit, name, key, |meeting| meeting.waiting = meeting.waiting.saturating_sub(1)).await
}

/// When the newest message was sent that is kept for whoever awaits it.
pub(crate) async fn last_kept(
    unit: &mut Unit,
    name: &str,
    key: &str,
) -> Result<Option<Timestamp>, Error> {
    let newest = Range::prefix(at(name, key)).descending();
    let Some((_, id)) = unit.list(&KEPT, newest, 1).await?.pop() else { return Ok(None) };
    Ok(unit.find(&MESSAGES, Key::from(&id)).await?.map(|message| message.sent))
}

async fn change(
    unit: &mut Unit,
    name: &str,
    key: &str,
    change: impl FnOnce(&mut Meeting),
) -> Result<(), Error> {
    let mut meeting = unit.find(&MEETINGS, at(name, key)).await?.unwrap_or_default();
    change(&mut meeting);
    match meeting {
        Meeting { waiting: 0, kept: 0 } => unit.remove(&MEETINGS, at(name, key)),
        meeting => unit.put(&MEETINGS, at(name, key), &meeting)?,
    }
    Ok(())
}

impl Tenant {
    /// The messages that nobody has received yet, by identifier.
    pub async fn list_messages(&self, page: Page) -> Result<Listing<MessageView>, Error> {
        let (all, order) = (Range::all(), Order::Ascending);
        listing::page_of(&self.unit(), &MESSAGES, all, order, page, |key, message| {
            Some(MessageView {
                id: key.read().text().ok()?,
                name: message.name,
                key: message.key,
                sender_instance_id: message.sender,
                sent_at: message.sent,
                expires_at: message.expires,
                problem: message.problem,
            })
        })
        .await
    }

    /// A message that was sent is delivered, or one that is kept expires.
    pub(crate) async fn message_due(&self, work: &mut Work, id: &str) -> Result<Progress, Error> {
        let now = work.now();
        let Some(mut message) = work.unit().find(&MESSAGES, Key::from(id)).await? else {
            return Ok(Progress::default());
        };
        if message.kept || message.expires <= now {
            tracing::warn!(message = %message.name, %id, "nobody received a message in its time");
            metrics::counter!("gatewright_messages_expired_total").increment(1);
            self.forget_message(work.unit(), id, &message).await?;
            return Ok(Progress::default());
        }
        let (taken, mut progress) = self.deliver(work, &message).await?;
        match taken {
            Taken::Caught(_) | Taken::Started(_) => work.unit().remove(&MESSAGES, Key::from(id)),
            Taken::Held | Taken::Nobody => self.keep(work.unit(), id, &mut message).await?,
            Taken::Several { .. } => {
                let problem = "several await it, and it cannot be told whom it is for";
                tracing::warn!(message = %message.name, %id, "{problem}");
                metrics::counter!("gatewright_incidents_total").increment(1);
                message.problem = Some(problem.to_owned());
                work.unit().put(&MESSAGES, Key::from(id), &message)?;
                let later = now.checked_add(AGAIN).unwrap_or(Timestamp::MAX).min(message.expires);
                self.due(work.unit(), later, Due::of(What::Message, id), message.order)?;
                progress.soonest = progress.soonest.into_iter().chain([later]).min();
            }
        }
        Ok(progress)
    }

    /// Hands a message to its only receiver.
    pub(crate) async fn deliver(
        &self,
        work: &mut Work,
        message: &Message,
    ) -> Result<(Taken, Progress), Error> {
        loop {
            let unit = work.unit();
            let all = match &message.key {
                Some(key) => {
                    // Whoever begins to await it meanwhile changes this row.
                    unit.find(&MEETINGS, at(&message.name, key)).await?;
                    Range::prefix(at(&message.name, key))
                }
                None => Range::prefix(Key::new().text(part(&message.name))),
            };
            let mut waiting = unit.list(&AWAITING, all, 2).await?;
            let Some((row, Awaiting { instance, catch })) = waiting.pop() else { break };
            if !waiting.is_empty() {
                return Ok((Taken::Several { starts: false }, Progress::default()));
            }
            if let Some(mut kept) = instance::find(self, unit, &instance).await? {
                let payload = message.payload.clone();
                match self.advance(work, &mut kept, Command::Deliver { catch, payload }).await {
                    Ok(progress) => return Ok((Taken::Caught(instance), progress)),
                    Err(Error::Rejected(_)) => {}
                    Err(Error::Suspended) => return Ok((Taken::Held, Progress::default())),
                    Err(error) => return Err(error),
                }
            }
            // The row is of an instance that is gone, or does not await it any more.
            work.unit().remove(&AWAITING, row);
            if let Some(key) = &message.key {
                let fewer = |meeting: &mut Meeting| meeting.waiting = 0;
                change(work.unit(), &message.name, key, fewer).await?;
            }
        }
        let starts = trigger::find(work.unit(), &Trigger::message(&message.name), 2).await?;
        match &starts[..] {
            [] => Ok((Taken::Nobody, Progress::default())),
            [start] => {
                let key = message.business_key.clone();
                let (id, progress) = self.begin(work, start, message.payload.clone(), key).await?;
                Ok((Taken::Started(id), progress))
            }
            [..] => Ok((Taken::Several { starts: true }, Progress::default())),
        }
    }

    /// Keeps a message for the first that awaits it, after those that are kept already.
    pub(crate) async fn keep(
        &self,
        unit: &mut Unit,
        id: &str,
        message: &mut Message,
    ) -> Result<(), Error> {
        message.kept = true;
        message.problem = None;
        let key = message.key.clone().unwrap_or_default();
        let newest = Range::prefix(at(&message.name, &key)).descending();
        if let Some((_, newest)) = unit.list(&KEPT, newest, 1).await?.pop()
            && let Some(newest) = unit.peek(&MESSAGES, Key::from(&newest)).await?
            && newest.sent == message.sent
        {
            message.order = message.order.max(newest.order.saturating_add(1));
        }
        unit.put(&MESSAGES, Key::from(id), message)?;
        let place = at(&message.name, &key).number(message.order).text(id);
        unit.put(&KEPT, place, &id.to_owned())?;
        self.due(unit, message.expires, Due::of(What::Message, id), message.order)?;
        change(unit, &message.name, &key, |meeting| meeting.kept = meeting.kept.saturating_add(1))
            .await
    }

    /// Removes a message with all that is known of it.
    async fn forget_message(
        &self,
        unit: &mut Unit,
        id: &str,
        message: &Message,
    ) -> Result<(), Error> {
        unit.remove(&MESSAGES, Key::from(id));
        if message.kept {
            let key = message.key.clone().unwrap_or_default();
            self.not_due(unit, message.expires, &Due::of(What::Message, id), message.order);
            unit.remove(&KEPT, at(&message.name, &key).number(message.order).text(id));
            let fewer = |meeting: &mut Meeting| meeting.kept = meeting.kept.saturating_sub(1);
            change(unit, &message.name, &key, fewer).await?;
        }
        Ok(())
    }
}
