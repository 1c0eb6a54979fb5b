//! Correlation: a message from outside is handed to its only receiver, or kept for it.

use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use crate::instance::moment;
use crate::message::{Message, Taken, USUAL_TIME};
use crate::{Error, Tenant, duration, identifier, trigger};

/// A message to correlate.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its name.
    pub name: String,
    /// The business key of its receiver, where no correlation key is given and the receiver has none of its own; and
    /// of an instance that it starts.
    pub business_key: Option<String>,
    /// The key that its receiver awaits it under; it alone counts where both are given.
    pub correlation_key: Option<String>,
    /// The same for a key of several values, each by the name of its correlation property.
    pub correlation_keys: Map<String, Value>,
    /// What goes with it.
    pub variables: Map<String, Value>,
    /// How long it is kept if nobody awaits it, an ISO 8601 duration; a day where nobody says, and
    /// not at all with `PT0S`. Without a key it is not kept, and may not be given any other.
    pub time_to_live: Option<String>,
}

impl NewMessage {
    /// The correlation key, if it names one. Several values are in the order of their names.
    fn key(&self) -> Result<Option<String>, Error> {
        match (&self.correlation_key, self.correlation_keys.is_empty()) {
            (key, true) => return Ok(key.clone()),
            (Some(_), false) => {
                let message = "a message has a correlationKey or correlationKeys, not both";
                return Err(Error::invalid("correlationKeys", message));
            }
            (None, false) => {}
        }
        let by_name: BTreeMap<&String, &Value> = self.correlation_keys.iter().collect();
        let values = by_name.into_values().cloned().collect();
        let key = engine::correlation_key(&Value::Array(values)).ok_or_else(|| {
            let message = "each of up to 16 keys is a text, a number or a truth value";
            Error::invalid("correlationKeys", message)
        })?;
        Ok(Some(key))
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Correlated {
    /// An instance that awaited it has it.
    Delivered {
        /// The instance.
        process_instance_id: String,
    },
    /// It has started an instance.
    Started {
        /// The instance.
        process_instance_id: String,
    },
    /// Nobody awaits it now; it is kept for the first that will.
    Kept {
        /// The message.
        message_id: String,
        /// Until when.
        #[schemars(with = "String")]
        expires_at: Timestamp,
    },
}

impl Tenant {
    /// Correlates a message: exactly one receiver gets it, in the same commit.
    ///
    /// # Errors
    /// [`Error::NoReceiver`] where nobody awaits it and it is not to be kept;
    /// [`Error::SeveralReceivers`] and [`Error::SeveralStarts`] where it cannot be told whom it is for.
    pub async fn correlate_message(&self, new: &NewMessage) -> Result<Correlated, Error> {
        loop {
            match self.correlate_once(new).await {
                Err(error) if error.is_conflict() => continue,
                other => return other,
            }
        }
    }

    async fn correlate_once(&self, new: &NewMessage) -> Result<Correlated, Error> {
        trigger::check_name("name", &new.name)?;
        trigger::check_payload(&new.variables)?;
        let mut work = self.identity();
        let now = work.now();
        let expires = match new.time_to_live.as_deref().map(str::trim) {
            None => now.checked_add(USUAL_TIME).unwrap_or(Timestamp::MAX),
            Some(text) if text.parse().is_ok_and(Span::is_zero) => now,
            Some(text) => {
                let span =
                    duration::parse(text).map_err(|error| Error::invalid("timeToLive", error))?;
                duration::after(now, &span).unwrap_or(Timestamp::MAX)
            }
        };
        let key = new.key()?.or_else(|| new.business_key.clone());
        let keyed = key.is_some();
        if !keyed && new.time_to_live.is_some() && expires > now {
            let message = "a message without a key is not kept, for it would go to whoever comes \
                           next; give it a businessKey or a correlationKey, or leave this away";
            return Err(Error::invalid("timeToLive", message));
        }
        let mut message = Message {
            name: new.name.clone(),
            key,
            business_key: new.business_key.clone(),
            payload: new.variables.clone(),
            sender: None,
            sent: now,
            order: moment(now),
            expires,
            kept: false,
            problem: None,
        };
        let (taken, progress) = self.deliver(&mut work, &message).await?;
        let correlated = match taken {
            Taken::Caught(process_instance_id) => Correlated::Delivered { process_instance_id },
            Taken::Started(process_instance_id) => Correlated::Started { process_instance_id },
            Taken::Several { starts: true } => {
                return Err(Error::SeveralStarts { message: message.name });
            }
            Taken::Several { starts: false } => {
                return Err(Error::SeveralReceivers { message: message.name, keyed });
            }
            Taken::Held if !keyed || expires <= now => return Err(Error::Suspended),
            Taken::Nobody if !keyed || expires <= now => {
                return Err(Error::NoReceiver { message: message.name, keyed });
            }
            Taken::Held | Taken::Nobody => {
                let message_id = identifier::random()?;
                self.keep(work.unit(), &message_id, &mut message).await?;
                Correlated::Kept { message_id, expires_at: expires }
            }
        };
        work.commit().await?;
        self.wake(progress.soonest);
        Ok(correlated)
    }
}
