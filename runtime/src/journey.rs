//! The end user's side of an instance: create, start, see what is asked, answer.

use std::collections::BTreeMap;

use access::session;
use activities::{Acts, Submission, Wait};
use definitions::Process;
use engine::{Command, PathId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::instance::{self, Ask, Before, Kept};
use crate::resource::{self, Kind};
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

/// Languages a process is written in.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    /// The one to take where the end user speaks none of them.
    pub default: Option<String>,
    /// All of them; empty means any.
    pub supported: Vec<String>,
}

/// What to show the end user now.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Identifier of the instance.
    pub instance_id: String,
    /// Name of its definition.
    pub definition_name: String,
    /// Languages of its definition.
    pub languages: Languages,
    /// Status of the instance.
    pub status: InstanceStatus,
    /// The screen.
    pub screen: Screen,
    /// A new session secret: the caller has to keep it and show it from now on.
    pub secret: Option<String>,
    /// The answer was for an earlier question and was not taken.
    pub stale: bool,
}

/// One screen of a journey; made once per request, so the size of its variants does not matter.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Screen {
    /// A question.
    Ask {
        /// Identity of the waiting element.
        topic: String,
        /// Good for one answer.
        nonce: String,
        /// What is asked.
        wait: Wait,
    },
    /// The journey is over.
    Ended {
        /// What it came to.
        outcome: Outcome,
        /// Where the token sends the end user afterwards.
        redirect_url: Option<String>,
    },
    /// The session has expired.
    Expired {
        /// The token's way back.
        back: Option<String>,
    },
    /// Nothing can be asked just now: something failed and is being tried again or looked at.
    Trouble,
}

/// What a journey came to, as far as its end user is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ended well.
    Accepted,
    /// It did not.
    Declined,
    /// Somebody will look at it.
    Review,
}

/// How often a change is decided again when somebody else was quicker.
const ATTEMPTS: usize = 100;
/// How long a replaced session may still look on.
const LOOK_ON: SignedDuration = SignedDuration::from_secs(60);

/// Runs the same thing again while somebody else is quicker.
macro_rules! again {
    ($attempt:expr) => {{
        let mut left = ATTEMPTS;
        loop {
            match $attempt.await {
                Err(error) if error.is_conflict() && left > 0 => left -= 1,
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
            id: identifier::random()?,
            definition: token.definition.clone(),
            definition_name: token.token.process_defn_name.clone(),
            definition_version: token.token.process_defn_version.unwrap_or_default(),
            token: token.id.clone(),
            parameters,
            created: now,
            created_by: self.by().to_owned(),
            status: InstanceStatus::Pending,
            ended: None,
            expires: duration::after(now, &lasts).unwrap_or(Timestamp::MAX),
            bound: None,
            bound_before: None,
            engine: engine::Instance::default(),
            asks: BTreeMap::new(),
        };
        let mut soonest = Some(kept.expires);
        if self.asks_nobody(&process) {
            let start = start_of(&kept);
            soonest = self.advance(&mut work, &mut kept, start).await?.soonest;
        } else {
            instance::put(work.unit(), &kept, None)?;
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
        let ui_url = token.token.ui_url.unwrap_or_else(|| format!("{base}/web/trustweb"));
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
        let mut kept = instance::read(work.unit(), instance).await?;
        if kept.bound.is_some() || kept.is_over() {
            return self.shown(&mut work, &kept, secret).await;
        }
        let secret = session::Secret::new()?;
        kept.bound = Some(secret.digest());
        let soonest = if kept.status == InstanceStatus::Pending {
            let start = start_of(&kept);
            self.advance(&mut work, &mut kept, start).await?.soonest
        } else {
            instance::put(work.unit(), &kept, Some(kept.status))?;
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
        let kept = instance::read(work.unit(), instance).await?;
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
        let mut kept = instance::read(work.unit(), instance).await?;
        let path = open_ask(&kept, answer);
        let (Some(path), true) = (path, is_bound(&kept, secret)) else {
            let mut presented = self.shown(&mut work, &kept, secret).await?;
            presented.stale = true;
            return Ok(presented);
        };
        let progress = self.answer(&mut work, &mut kept, path, answer.submission.clone()).await?;
        let mut fresh = None;
        if progress.authenticated {
            let secret = session::Secret::new()?;
            let until = work.now().checked_add(LOOK_ON).unwrap_or(Timestamp::MAX);
            kept.bound_before = kept.bound.take().map(|digest| Before { digest, until });
            kept.bound = Some(secret.digest());
            instance::rebind(work.unit(), &kept)?;
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
        Ok(Presented {
            instance_id: kept.id.clone(),
            definition_name: kept.definition_name.clone(),
            languages: Kept::languages(&process),
            status: kept.status,
            screen: screen(kept),
            secret: None,
            stale: false,
        })
    }

    /// Whether no activity of the process waits for an end user.
    fn asks_nobody(&self, process: &Process) -> bool {
        let work = |node| definitions::Kind::activity(node).map(|activity| &activity.work);
        process.nodes().all(|(_, node)| match work(&node.kind) {
            Some(definitions::Work::Task(task)) => self
                .inner()
                .plugins
                .get(&*task.activity)
                .is_some_and(|plugin| plugin.acts == Acts::Local),
            _ => true,
        })
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

/// The question that the answer belongs to, if it is still open.
fn open_ask(kept: &Kept, answer: &Answer) -> Option<PathId> {
    let fits = |ask: &Ask| ask.topic == answer.topic && ask.nonce == answer.nonce;
    kept.asks.iter().find(|(_, ask)| fits(ask)).map(|(path, _)| *path)
}

fn screen(kept: &Kept) -> Screen {
    let parameter = |name: &str| kept.parameters.get(name).cloned();
    let ended = |outcome| Screen::Ended { outcome, redirect_url: parameter("_redirectUrl") };
    match kept.status {
        InstanceStatus::CompletedEndedSuccess => ended(Outcome::Accepted),
        InstanceStatus::CompletedEndedError => ended(Outcome::Declined),
        InstanceStatus::Review => ended(Outcome::Review),
        InstanceStatus::CompletedTerminated => {
            Screen::Expired { back: parameter("timeoutRedirectUrl") }
        }
        InstanceStatus::CompletedProcessError => Screen::Trouble,
        InstanceStatus::Pending | InstanceStatus::Active | InstanceStatus::Paused => {
            match kept.asks.values().next() {
                Some(ask) => Screen::Ask {
                    topic: ask.topic.clone(),
                    nonce: ask.nonce.clone(),
                    wait: ask.wait.clone(),
                },
                None => Screen::Trouble,
            }
        }
    }
}

/// Percent-encoding of a query value (RFC 3986 §2.1): everything but unreserved characters.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte as char);
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
