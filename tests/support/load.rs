//! Several people enrolling at once, and a ledger of what the server acknowledged to them.

use crate::api::Api;
use crate::folder;
use crate::journey::EndUser;
use crate::library;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How far a journey is known to have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// The answer to its creation came.
    Created,
    /// A start was sent; its answer, and so the cookie in it, may have been lost.
    Starting,
    /// The first question came.
    Asked,
    /// The answer that says it is over came.
    Ended,
}

/// What is known of one journey.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The external identifier of the person it adds.
    pub person: String,
    /// How far it has come.
    pub reached: Reached,
    /// The person's cookies.
    pub cookies: BTreeMap<String, String>,
}

/// All that was acknowledged, by instance, and how much was sent.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// What is known of each instance.
    pub facts: BTreeMap<String, Fact>,
    /// Creations that were sent.
    pub sent: u64,
}

/// The load: it goes on until it is stopped or the server goes away.
pub struct Load {
    ledger: Arc<Mutex<Ledger>>,
    acknowledged: watch::Sender<u64>,
    stop: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

/// Somebody says who they are and is added.
const ENROLMENT: &str = r#"
id: enrolment
steps:
  - start: Start
  - activity: customDataForm
    id: details
    with: { dataFormName: personal-details, dataFormVersion: 1, formDataKey: person, maxAttempts: 10 }
    on:
      - { timer: PT15M, then: ended }
  - activity: addUser
    with: { storeName: demo, userExternalId: "${_initVars['userExternalId']}", userKey: user1 }
    out: { _decision: PASS }
    on:
      - { error: any, then: ended }
  - end: Ended
    id: ended
"#;

impl Load {
    /// Deploys the journey of the load, and gives a token for it.
    pub async fn token(api: &mut Api) -> String {
        let form =
            std::fs::read_to_string(folder::root().join("forms/library/personal-details.json"));
        let form = json!({"name": "personal-details", "creationOption": "Save & Deploy", "resource": form.expect("the form")});
        api.post("/api/process-manager/customDataForms", &form).await;
        api.deploy("enrolment", ENROLMENT).await;
        api.unlimited_token("enrolment").await
    }

    /// Sets `clients` people to work.
    pub async fn start(port: u16, key: &str, token: &str, clients: usize) -> Load {
        let mut load = Load {
            ledger: Arc::default(),
            acknowledged: watch::Sender::default(),
            stop: Arc::default(),
            tasks: JoinSet::new(),
        };
        for _ in 0..clients {
            let api = Api::open(port, key).await;
            let client = Client {
                port,
                api,
                token: token.to_owned(),
                ledger: Arc::clone(&load.ledger),
                acknowledged: load.acknowledged.clone(),
            };
            load.tasks.spawn(client.work(Arc::clone(&load.stop)));
        }
        load
    }

    /// What is known at this moment.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.ledger.lock().expect("the ledger").clone()
    }

    /// Answers that have come so far.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        *self.acknowledged.borrow()
    }

    /// Waits for a random moment: after a random number of answers below `answers`, and a little more.
    ///
    /// # Panics
    /// When the server does not answer that often within a minute.
    pub async fn moment(&self, answers: u64) {
        let wanted = self.acknowledged() + 1 + crate::random(answers);
        let mut count = self.acknowledged.subscribe();
        // What `wait_for` gives holds a lock, so it is dropped at once.
        let enough = async { count.wait_for(|count| *count >= wanted).await.is_ok() };
        let enough = tokio::time::timeout(Duration::from_secs(60), enough).await;
        assert!(matches!(enough, Ok(true)), "the server answers under load");
        let little = Duration::from_micros(crate::random(5_000));
        let _ = tokio::time::timeout(little, std::future::pending::<()>()).await;
    }

    /// Waits until nobody gets on any more, because the server refuses to write or is gone.
    ///
    /// # Panics
    /// When somebody met an answer that is neither success nor that refusal.
    pub async fn refused(mut self) -> Ledger {
        while let Some(client) = self.tasks.join_next().await {
            client.expect("a client met only the answers it expects");
        }
        self.ledger()
    }

    /// Waits until everybody has stopped, each after the journey at hand or when the server is gone.
    ///
    /// # Panics
    /// When a client met an answer that it did not expect.
    pub async fn finish(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        self.refused().await
    }
}

struct Client {
    port: u16,
    api: Api,
    token: String,
    ledger: Arc<Mutex<Ledger>>,
    acknowledged: watch::Sender<u64>,
}

impl Client {
    async fn work(mut self, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Relaxed) {
            if self.journey().await.is_err() {
                return;
            }
        }
    }

    async fn journey(&mut self) -> io::Result<()> {
        let person = format!("person-{:016x}", crate::random(u64::MAX));
        self.ledger.lock().expect("the ledger").sent += 1;
        let made = self.api.create(&self.token, &library::parameters(&person)).await?;
        let made = accepted(&made, 201)?;
        let instance = made["processInstanceId"].as_str().expect("an instance").to_owned();
        let mut user = EndUser::new(self.port);
        self.note(&instance, &person, Reached::Created, &user, true);
        self.note(&instance, &person, Reached::Starting, &user, false);
        let step = accepted(&user.start(&instance).await?, 200)?;
        self.note(&instance, &person, Reached::Asked, &user, true);
        let ended = accepted(&user.go_on(&step, details()).await?, 200)?;
        assert_eq!(ended["outcome"], "ACCEPTED", "{ended}");
        self.note(&instance, &person, Reached::Ended, &user, true);
        Ok(())
    }

    fn note(&self, instance: &str, person: &str, reached: Reached, user: &EndUser, answered: bool) {
        let fact = Fact { person: person.to_owned(), reached, cookies: user.cookies().clone() };
        self.ledger.lock().expect("the ledger").facts.insert(instance.to_owned(), fact);
        if answered {
            self.acknowledged.send_modify(|count| *count += 1);
        }
    }
}

/// A server that cannot write says so with 503 and has done nothing: for a client that is as if it were gone.
fn accepted(answer: &crate::http::Answer, status: u16) -> io::Result<Value> {
    if answer.status == 503 {
        return Err(io::Error::other(answer.text()));
    }
    Ok(answer.clone().expect(status).json())
}

/// What a person answers.
fn details() -> Value {
    json!({"data": {"givenName": "Zoë", "familyName": "Weiß", "birthDate": "1990-02-28"}})
}

impl Ledger {
    /// Checks a server against what was acknowledged: nothing is missing, no use is counted twice,
    /// and every journey that is not over goes on to its end.
    ///
    /// # Panics
    /// When something acknowledged is missing.
    pub async fn check(&self, port: u16, key: &str, token: &str, uses_before: u64) -> u64 {
        let mut api = Api::open(port, key).await;
        let uses = api.uses(token).await;
        let (least, most) = (self.facts.len() as u64, self.sent);
        let counted = uses - uses_before;
        assert!(least <= counted && counted <= most, "{least} <= {counted} <= {most} uses");
        for (instance, fact) in &self.facts {
            self.check_journey(&mut api, port, instance, fact).await;
        }
        uses
    }

    async fn check_journey(&self, api: &mut Api, port: u16, instance: &str, fact: &Fact) {
        let status = api.status(instance).await;
        if fact.reached < Reached::Ended && status != "COMPLETED_ENDED_SUCCESS" {
            assert!(
                ["PENDING", "ACTIVE"].contains(&status.as_str()),
                "{instance}: {status}, {fact:?}"
            );
            let mut user = EndUser::with_cookies(port, fact.cookies.clone());
            let answer = user.start(instance).await.expect("an answer");
            // The start was carried out and its cookie lost: nobody else may take the journey over.
            if fact.reached == Reached::Starting && answer.status == 403 {
                return;
            }
            let step = answer.expect(200).json();
            if step["topicName"].is_string() {
                let ended = user.go_on(&step, details()).await.expect("an answer");
                assert_eq!(ended.expect(200).json()["outcome"], "ACCEPTED");
            }
        }
        let status = api.status(instance).await;
        assert_eq!(status, "COMPLETED_ENDED_SUCCESS", "{instance}: {fact:?}");
        let path = format!("/api/identity-store/stores/demo/users/{}/ext", fact.person);
        let user = api.get(&path).await;
        assert_eq!(user["status"], "ACTIVE", "{user}");
    }
}
