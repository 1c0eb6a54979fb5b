//! The end user's side of an instance: create, start, see what is asked, answer.

use std::collections::BTreeMap;

use access::session;
use activities::Submission;
use engine::Command;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use storage::Unit;

use crate::call;
use crate::instance::{self, Before, Kept, question};
use crate::resource::{self, Kind};
use crate::screen::{Presented, Screen, screen};
use crate::{Error, InstanceStatus, Tenant, duration, identifier, process_token};

/// An instance that was created.
#[derive(Clone, Debug)]
pub struct Created {
    /// Identifier of the instance.
    pub instance_id: String,
    /// Base address of the end user's interface.
    pub ui_url: String,
    /// Where to send the end user.
    pub redirect_url: String,
}

/// An answer to what the end user was asked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Identity of the waiting element, as it was given.
    pub topic: String,
    /// The single-use value that came with the question.
    pub nonce: String,
    /// What the end user gave.
    pub submission: Submission,
}

/// The parameter, of a token or of who creates an instance, that is its business key.
const BUSINESS_KEY: &str = "businessKey";
/// How often a change is decided again when somebody else was quicker.
const ATTEMPTS: usize = 100;
/// How long a replaced session may still look on.
const LOOK_ON: SignedDuration = SignedDuration::from_secs(60);

/// Runs the same thing again while somebody else is quicker.
macro_rules! again {
    ($tenant:ident.$($attempt:tt)*) => {{
        let (mut left, mut turn) = (ATTEMPTS, crate::Turn::default());
        loop {
            match $tenant.$($attempt)*.await {
                Err(error) if error.is_conflict() && left > 0 => {
                    left -= 1;
                    $tenant.inner().turns.wait(&mut turn, &error).await;
                }
                other => break other,
            }
        }
    }};
}

impl Tenant {
    /// Creates an instance with a token. A journey that asks nobody runs to its end at once;
    /// others wait for the end user to open the link.
    pub async fn create_instance(
        &self,
        token: &str,
        parameters: BTreeMap<String, String>,
    ) -> Result<Created, Error> {
        again!(self.create_once(token, &parameters))
    }

    async fn create_once(
        &self,
        token: &str,
        given: &BTreeMap<String, String>,
    ) -> Result<Created, Error> {
        let mut work = self.identity();
        let now = work.now();
        let unit = work.unit();
        let token = process_token::find(unit, token)
            .await?
            .ok_or_else(|| Error::not_found("process token", token))?;
        let parameters = joined(&token.token.parameters, given)?;
        process_token::spend(unit, &token, now)?;
        let definition = resource::find_any(unit, Kind::Definition, &token.definition).await?;
        if !definition.is_some_and(|definition| definition.is_deployed()) {
            let reason = "its process definition is not deployed any more";
            return Err(Error::TokenNotUsable { reason });
        }
        let lasts = token.token.max_process_duration.as_deref().unwrap_or("PT48H");
        let lasts = duration::parse(lasts)
            .map_err(|message| Error::invalid("maxProcessDuration", message))?;
        let process = self.process(unit, &token.definition).await?;
        let mut kept = Kept {
            id: identifier::timed(now)?,
            definition: token.definition.clone(),
            definition_name: token.token.process_defn_name.clone(),
            definition_version: token.token.process_defn_version.unwrap_or_default(),
            token: token.id.clone(),
            business_key: parameters.get(BUSINESS_KEY).cloned(),
            parameters,
            created: now,
            created_by: self.by().to_owned(),
            time_to_live: process.history_time_to_live().map(Into::into),
            status: InstanceStatus::Pending,
            expires: duration::after(now, &lasts).unwrap_or(Timestamp::MAX),
            ..Kept::default()
        };
        let mut soonest = Some(kept.expires);
        if self.asks_nobody(unit, &kept, process).await? {
            let start = start_of(&kept);
            soonest = self.advance(&mut work, &mut kept, start).await?.soonest;
        } else {
            instance::put(self, work.unit(), &mut kept, None)?;
        }
        if !kept.is_over() {
            self.arm(work.unit(), &kept.id, None, kept.expires)?;
        }
        work.into_unit().commit().await.map_err(process_token::spent)?;
        self.wake(soonest);
        metrics::counter!("gatewright_journeys_created_total").increment(1);
        let base = &self.inner().base_url;
        let start =
            format!("{base}/api/process-server/startProcess?tn={}&pi={}", self.name(), kept.id);
        let own = || format!("{base}/web/trustweb");
        let ui_url = token.token.ui_url.clone().unwrap_or_else(own);
        let joint = if ui_url.contains('?') { '&' } else { '?' };
        let redirect_url = format!("{ui_url}{joint}ps={}", percent_encoded(&start));
        Ok(Created { instance_id: kept.id, ui_url, redirect_url })
    }

    /// Starts an instance for the caller, who is bound to it from now on; whoever is bound to it
    /// already is shown where it stands.
    pub async fn start(&self, instance: &str, secret: Option<&str>) -> Result<Presented, Error> {
        again!(self.start_once(instance, secret))
    }

    async fn start_once(&self, instance: &str, secret: Option<&str>) -> Result<Presented, Error> {
        let mut work = self.identity();
        let mut kept = first_caller(self, work.unit(), instance).await?;
        if kept.bound.is_some() || kept.is_over() {
            return self.shown(&mut work, &kept, secret).await;
        }
        let secret = session::Secret::new()?;
        kept.bound = Some(secret.digest());
        let soonest = if kept.status == InstanceStatus::Pending {
            let start = start_of(&kept);
            self.advance(&mut work, &mut kept, start).await?.soonest
        } else {
            let shown = Some(kept.status);
            instance::put(self, work.unit(), &mut kept, shown)?;
            None
        };
        let mut presented = self.present_kept(&mut work, &kept).await?;
        work.commit().await?;
        self.wake(soonest);
        presented.secret = Some(secret.reveal().to_owned());
        Ok(presented)
    }

    /// What the end user is to be shown now.
    pub async fn present(&self, instance: &str, secret: Option<&str>) -> Result<Presented, Error> {
        let mut work = self.identity();
        let kept = first_caller(self, work.unit(), instance).await?;
        self.shown(&mut work, &kept, secret).await
    }

    /// Takes an answer. One for an earlier question changes nothing: the present step is shown.
    pub async fn submit(
        &self,
        instance: &str,
        secret: Option<&str>,
        answer: Answer,
    ) -> Result<Presented, Error> {
        again!(self.submit_once(instance, secret, &answer))
    }

    async fn submit_once(
        &self,
        instance: &str,
        secret: Option<&str>,
        answer: &Answer,
    ) -> Result<Presented, Error> {
        let mut work = self.identity();
        let mut kept = first_caller(self, work.unit(), instance).await?;
        if kept.suspended.is_some() {
            return self.shown(&mut work, &kept, secret).await;
        }
        let mut called = asked_by_called(self, work.unit(), &kept, answer).await?;
        let asking = called.as_mut().unwrap_or(&mut kept);
        let path = question::open(work.unit(), asking, &answer.topic, &answer.nonce).await?;
        let (Some(path), true) = (path, is_bound(&kept, secret)) else {
            let mut presented = self.shown(&mut work, &kept, secret).await?;
            presented.stale = true;
            return Ok(presented);
        };
        let asking = called.as_mut().unwrap_or(&mut kept);
        let progress = self.answer(&mut work, asking, path, answer.submission.clone()).await?;
        if called.is_some() {
            // What its called instance did may have changed it.
            kept = instance::read(self, work.unit(), &kept.id).await?;
        }
        let mut fresh = None;
        if progress.authenticated {
            let secret = session::Secret::new()?;
            let until = work.now().checked_add(LOOK_ON).unwrap_or(Timestamp::MAX);
            kept.bound_before = kept.bound.take().map(|digest| Before { digest, until });
            kept.bound = Some(secret.digest());
            instance::rebind(self, work.unit(), &mut kept)?;
            fresh = Some(secret.reveal().to_owned());
        }
        let mut presented = self.present_kept(&mut work, &kept).await?;
        work.commit().await?;
        self.wake(progress.soonest);
        presented.secret = fresh;
        Ok(presented)
    }

    /// The present step for a caller who has to be the one the instance is bound to.
    async fn shown(
        &self,
        work: &mut identity::Work,
        kept: &Kept,
        secret: Option<&str>,
    ) -> Result<Presented, Error> {
        // Who sent the last answer twice holds the session from before it; the end may be seen with
        // that for a moment, a question may not.
        let looks_on = || {
            let before = kept.bound_before.as_ref().filter(|before| work.now() < before.until);
            kept.is_over() && before.is_some_and(|before| is_of(&before.digest, secret))
        };
        if !is_bound(kept, secret) && !looks_on() {
            return Err(Error::BoundElsewhere);
        }
        self.present_kept(work, kept).await
    }

    async fn present_kept(
        &self,
        work: &mut identity::Work,
        kept: &Kept,
    ) -> Result<Presented, Error> {
        let process = self.process(work.unit(), &kept.definition).await?;
        let mut screen = screen(self, work.unit(), kept).await?;
        if let Screen::Ask { wait, .. } = &mut screen {
            work.act_for(kept.root());
            wait.open_texts(work).await?;
        }
        Ok(Presented {
            instance_id: kept.id.clone(),
            definition_name: kept.definition_name.clone(),
            languages: Kept::languages(&process),
            status: kept.status,
            screen,
            secret: None,
            stale: false,
        })
    }
}

/// The instance to which the end user of an instance belongs: itself, or the first of its callers.
async fn first_caller(tenant: &Tenant, unit: &mut Unit, id: &str) -> Result<Kept, Error> {
    let kept = instance::read(tenant, unit, id).await?;
    match &kept.parent {
        Some(parent) => instance::read(tenant, unit, &parent.root).await,
        None => Ok(kept),
    }
}

/// The called instance that an answer is for, if it is for one.
async fn asked_by_called(
    tenant: &Tenant,
    unit: &mut Unit,
    root: &Kept,
    answer: &Answer,
) -> Result<Option<Kept>, Error> {
    let named = answer.topic.rsplit('.').next().unwrap_or_default();
    match call::is_asking(unit, &root.id, named).await? {
        true => instance::find(tenant, unit, named).await,
        false => Ok(None),
    }
}

fn start_of(kept: &Kept) -> Command {
    let parameters: Map<String, Value> =
        kept.parameters.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let mut variables = Map::new();
    variables.insert("_initial".to_owned(), Value::Object(parameters.clone()));
    variables.insert("_initVars".to_owned(), Value::Object(parameters));
    Command::start(variables)
}

/// The token's parameters and the caller's; what the token fixes cannot be given again.
fn joined(
    fixed: &BTreeMap<String, String>,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    process_token::check_parameters(given)?;
    if let Some(name) = given.keys().find(|name| fixed.contains_key(*name)) {
        let message = "is set by the process token and cannot be given again";
        return Err(Error::invalid(format!("parameters.{name}"), message));
    }
    Ok(fixed.iter().chain(given).map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn is_bound(kept: &Kept, secret: Option<&str>) -> bool {
    kept.bound.as_ref().is_some_and(|digest| is_of(digest, secret))
}

fn is_of(digest: &str, secret: Option<&str>) -> bool {
    secret.is_some_and(|secret| session::matches(secret, digest))
}

/// Percent-encoding of a query value (RFC 3986 §2.1): everything but unreserved characters.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte as char);
            }
            _ => {
                let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
                encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    encoded
}
