//! Journeys driven through the runtime on a still clock: limits, waits, timers, faults, restarts.

use std::collections::BTreeMap;
use std::path::Path;

use activities::{Activity, Authenticated, Context, Failure, NoEvent, Plugin, Submission};
use definitions::Format;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::*;

mod beginnings;
mod calls;
mod checks;
mod clock;
mod crashes;
mod crowd;
mod decisions;
mod deployment;

mod generated;
mod history;
mod library;
mod lives;
mod many;
mod messages;
mod migration;
mod missing;
mod operation;
mod patience;
mod pools;
mod related;
mod retention;
mod scripts;
mod secrets;
mod sight;
mod size;
mod stories;
mod suspension;
mod tenants;
mod upkeep;
mod user_tasks;

/// A stranger's activity that always fails in a way nobody foresaw.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Break {}

impl Activity for Break {
    const NAME: &'static str = "break";
    const LABEL: &'static str = "Break";
    const CATEGORY: &'static str = "Tests";
    type Output = ();
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        context.write(&["_broken"], json!(true));
        Err(Failure::Fault(anyhow::anyhow!("it broke")))
    }
}

/// A stranger's activity that finds out who the end user is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recognise {}

impl Activity for Recognise {
    const NAME: &'static str = "recognise";
    const LABEL: &'static str = "Recognise";
    const CATEGORY: &'static str = "Tests";
    type Output = ();
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        let (store, user) = ("demo".to_owned(), "somebody".to_owned());
        context.authenticated = Some(Authenticated { store, user });
        Ok(())
    }
}

static STRANGERS: &[Plugin] =
    &[Plugin::local::<Break>(), Plugin::local::<Recognise>(), Plugin::local::<size::Flood>()];

const QUESTION: &str = r#"{"title": {"type": "title", "isValid": true, "values": {"en": "A question"}},
    "version": "1", "components": [{"type": "text", "id": "answer", "isValid": true, "readOnly": false,
    "label": {"values": {"en": "Answer"}}, "default": "", "transient": false,
    "validate": {"required": true, "minLength": "", "maxLength": 10}, "index": 0}]}"#;

const ASK: &str = r#"
name: ask
steps:
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
    on:
      - timer: PT5M
        then: late
  - end: Done
  - id: late
    end: Late
"#;

const DECIDE: &str = r#"
name: decide
steps:
  - activity: simpleDecider
    out: { _decision: "${decision}" }
  - choose:
      - when: ${_decision == "PASS"}
        then: good
      - otherwise: bad
  - id: good
    end: Good
  - id: bad
    end: Bad
"#;

const BROKEN: &str = r#"
name: broken
steps:
  - activity: break
  - end: Done
"#;

const ENDLESS: &str = r#"
name: endless
steps:
  - activity: simpleDecider
    out: { again: "${true}" }
  - choose:
      - when: ${again}
        then: simpleDecider
      - otherwise: done
  - id: done
    end: Done
"#;

const KNOWN: &str = r#"
name: known
steps:
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
  - activity: recognise
  - activity: customDataForm
    id: second
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form2 }
  - end: Done
"#;

/// What deploys a text in YAML.
fn definition(name: &str, source: &str) -> NewDefinition {
    NewDefinition {
        name: name.to_owned(),
        description: None,
        process_definition_type: None,
        theme_id: None,
        attributes: Map::new(),
        format: Format::Yaml,
        source: source.to_owned(),
        deploy: true,
        strict: false,
    }
}

struct House {
    runtime: Runtime,
    clock: Clock,
    rooms: Tenant,
}

async fn open(data: Option<&Path>, clock: &Clock) -> House {
    let settings = Settings {
        data: data.map(Path::to_owned),
        driver: Driver::Sled,
        base_url: "http://localhost:8080".to_owned(),
        retention: Retention::default(),
        master_keys: storage::MasterKeys::default(),
        throttle: identity::ThrottleLimits::default(),
    };
    let slices = [activities::ALL, STRANGERS];
    let runtime = Runtime::with_plugins(settings, clock.clone(), &slices).await.unwrap();
    runtime.seed().await.unwrap();
    let rooms = runtime.tenant("demo", "Test").await.unwrap();
    House { runtime, clock: clock.clone(), rooms }
}

fn noon() -> Clock {
    Clock::still("2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap())
}

async fn house() -> House {
    open(None, &noon()).await
}

impl House {
    async fn deploy(&self, name: &str, source: &str) -> Definition {
        let known = self.rooms.list_form_versions("question", Page { number: 0, size: 1 }).await;
        if known.unwrap().total == 0 {
            let form = NewForm {
                name: "question".to_owned(),
                description: None,
                resource: QUESTION.to_owned(),
                deploy: true,
            };
            self.rooms.add_form(form).await.unwrap();
        }
        self.rooms.add_definition(definition(name, source)).await.unwrap()
    }

    /// Whether the timer worker was woken since this was asked last.
    fn rang(&self) -> bool {
        self.runtime.alarm().rung().now_or_never().is_some()
    }

    async fn token(&self, definition: &str, more: Value) -> Token {
        let mut token = json!({
            "name": definition, "processDefnName": definition,
            "status": "ACTIVE", "type": "UNLIMITED",
        });
        for (name, value) in more.as_object().unwrap() {
            token[name] = value.clone();
        }
        self.rooms.add_token(serde_json::from_value(token).unwrap()).await.unwrap()
    }

    async fn create(&self, token: &Token) -> Result<String, Error> {
        let created = self.rooms.create_instance(&token.id, BTreeMap::new()).await?;
        Ok(created.instance_id)
    }

    /// An instance of the definition whose end user has opened it, and the session's secret.
    async fn opened(&self, source: &str, token: Value) -> (String, String, Presented) {
        let name = source.lines().nth(1).unwrap().trim_start_matches("name: ");
        self.deploy(name, source).await;
        let token = self.token(name, token).await;
        let id = self.create(&token).await.unwrap();
        let presented = self.rooms.start(&id, None).await.unwrap();
        let secret = presented.secret.clone().unwrap();
        (id, secret, presented)
    }

    async fn status(&self, id: &str) -> &'static str {
        self.rooms.read_instance(id).await.unwrap().status.mapped()
    }

    async fn pass(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self.runtime.fire_due().await.unwrap();
    }
}

fn answer(presented: &Presented, text: &str) -> Answer {
    let Screen::Ask { topic, nonce, .. } = &presented.screen else {
        panic!("nothing is asked: {:?}", presented.screen)
    };
    let data = json!({"answer": text}).as_object().unwrap().clone();
    Answer {
        topic: topic.clone(),
        nonce: nonce.clone(),
        submission: Submission { data, ..Submission::default() },
    }
}

#[tokio::test]
async fn a_journey_that_asks_nobody_runs_to_its_end_in_one_commit() {
    let house = house().await;
    house.deploy("decide", DECIDE).await;
    let token = house.token("decide", json!({})).await;
    let before = house.runtime.store_figures().commits;
    let id = house.create(&token).await.unwrap();
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert_eq!(house.status(&id).await, "Accepted");
}

#[tokio::test]
async fn an_answered_form_costs_one_commit_and_its_data_is_kept() {
    let house = house().await;
    let (id, secret, presented) = house.opened(ASK, json!({})).await;
    let before = house.runtime.store_figures().commits;
    let done = house.rooms.submit(&id, Some(&secret), answer(&presented, "yes")).await.unwrap();
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_customFormData"]["form1"]["answer"], "yes");
}

#[tokio::test]
async fn of_many_who_spend_the_last_use_at_once_one_wins() {
    let house = house().await;
    house.deploy("decide", DECIDE).await;
    let limits = json!({"type": "MULTI_USE_COUNT_LIMITED", "maxCount": 3});
    let token = house.token("decide", limits).await;
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let (rooms, id) = (house.rooms.clone(), token.id.clone());
        tasks.push(tokio::spawn(async move { rooms.create_instance(&id, BTreeMap::new()).await }));
    }
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            Err(Error::TokenNotUsable { reason }) => assert_eq!(reason, "it is used up"),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(won, 3);
    assert_eq!(house.rooms.read_token(&token.id).await.unwrap().counter, 3);
}

#[tokio::test]
async fn a_token_holds_its_times_and_its_status() {
    let house = house().await;
    house.deploy("decide", DECIDE).await;
    let times = json!({"type": "MULTI_USE_TIME_LIMITED",
        "notBeforeDtm": "2026-03-01T12:05:00Z", "notAfterDtm": "2026-03-01T12:10:00Z"});
    let token = house.token("decide", times).await;
    let mut tried = Vec::new();
    for _ in 0..3 {
        tried.push(house.create(&token).await.map(|_| "an instance").map_err(|e| e.to_string()));
        house.pass(6).await;
    }
    let error = |reason: &str| Err(format!("process token: {reason}"));
    let early = error("it is not valid yet");
    assert_eq!(tried, [early, Ok("an instance"), error("it is not valid any more")]);
    let other = house.token("decide", json!({"name": "other"})).await;
    house.rooms.invalidate_token(&other.id).await.unwrap();
    let refused = house.create(&other).await.unwrap_err().to_string();
    assert_eq!(refused, "process token: it is not active");
}

#[tokio::test]
async fn a_token_with_wrong_members_is_refused_with_the_member_named() {
    let house = house().await;
    house.deploy("decide", DECIDE).await;
    let long = "x".repeat(51);
    for (member, value, path) in [
        ("name", json!(""), "name"),
        ("name", json!(long), "name"),
        ("processDefnName", json!("nothing"), "processDefnName"),
        ("processDefnVersion", json!(7), "processDefnName"),
        ("uiUrl", json!("javascript:alert(1)"), "uiUrl"),
        ("maxCount", json!(1), "maxCount"),
        ("type", json!("MULTI_USE_COUNT_LIMITED"), "maxCount"),
        ("type", json!("MULTI_USE_TIME_LIMITED"), "notAfterDtm"),
        ("notAfterDtm", json!("2026-03-01T12:10:00Z"), "type"),
        ("maxProcessDuration", json!("soon"), "maxProcessDuration"),
        ("maxProcessDuration", json!("-PT1H"), "maxProcessDuration"),
    ] {
        let mut new = json!({"name": "t", "processDefnName": "decide",
            "status": "ACTIVE", "type": "UNLIMITED"});
        new[member] = value.clone();
        match house.rooms.add_token(serde_json::from_value(new).unwrap()).await {
            Err(Error::Invalid { path: named, .. }) => assert_eq!(named, path, "{member} {value}"),
            other => panic!("{member} {value}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn parameters_become_variables_and_those_of_the_token_cannot_be_given_again() {
    let house = house().await;
    house.deploy("decide", DECIDE).await;
    let token = house.token("decide", json!({"parameters": {"lastName": "Lovelace"}})).await;
    let given = BTreeMap::from([("firstName".to_owned(), "Ada".to_owned())]);
    let created = house.rooms.create_instance(&token.id, given).await.unwrap();
    let variables = house.rooms.instance_variables(&created.instance_id).await.unwrap();
    assert_eq!(variables["_initVars"], json!({"firstName": "Ada", "lastName": "Lovelace"}));
    let search = Search { text: Some("LOVE".to_owned()), ..Search::default() };
    let page = Page { number: 0, size: 10 };
    let found = house.rooms.search_instances(&search, page).await.unwrap();
    assert_eq!((found.total, found.items[0].first_name.as_deref()), (1, Some("Ada")));
    let given = BTreeMap::from([("lastName".to_owned(), "Byron".to_owned())]);
    match house.rooms.create_instance(&token.id, given).await {
        Err(Error::Invalid { path, .. }) => assert_eq!(path, "parameters.lastName"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_second_answer_and_a_stale_page_lead_to_the_present_step() {
    let house = house().await;
    let (id, secret, first) = house.opened(ASK, json!({})).await;
    let wrong = house.rooms.submit(&id, Some(&secret), answer(&first, "far too long an answer"));
    let again = wrong.await.unwrap();
    let Screen::Ask { wait, .. } = &again.screen else { panic!("{:?}", again.screen) };
    assert_eq!(wait.errors[0].field.as_deref(), Some("answer"));
    let stale = house.rooms.submit(&id, Some(&secret), answer(&first, "old")).await.unwrap();
    assert!(stale.stale && matches!(stale.screen, Screen::Ask { .. }));
    let done = house.rooms.submit(&id, Some(&secret), answer(&again, "new")).await.unwrap();
    assert!(!done.stale && matches!(done.screen, Screen::Ended { .. }));
    let late = house.rooms.submit(&id, Some(&secret), answer(&again, "newer")).await.unwrap();
    assert!(late.stale && matches!(late.screen, Screen::Ended { .. }));
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_customFormData"]["form1"]["answer"], "new");
}

#[tokio::test]
async fn an_answer_sent_twice_at_the_same_time_is_taken_once() {
    let house = house().await;
    let (id, secret, first) = house.opened(ASK, json!({})).await;
    let mut tasks = Vec::new();
    for text in ["one", "two", "three", "four"] {
        let (rooms, id, secret) = (house.rooms.clone(), id.clone(), secret.clone());
        let answer = answer(&first, text);
        tasks.push(tokio::spawn(async move { rooms.submit(&id, Some(&secret), answer).await }));
    }
    let mut taken = 0;
    for task in tasks {
        let presented = task.await.unwrap().unwrap();
        assert!(matches!(presented.screen, Screen::Ended { .. }));
        taken += usize::from(!presented.stale);
    }
    assert_eq!(taken, 1);
}

#[tokio::test]
async fn another_browser_sees_nothing_of_an_instance() {
    let house = house().await;
    let (id, secret, first) = house.opened(ASK, json!({})).await;
    for other in [None, Some(""), Some("x"), Some(&secret[1..])] {
        let seen = house.rooms.present(&id, other).await;
        assert!(matches!(seen, Err(Error::BoundElsewhere)), "{other:?}");
        let started = house.rooms.start(&id, other).await;
        assert!(matches!(started, Err(Error::BoundElsewhere)), "{other:?}");
        let answered = house.rooms.submit(&id, other, answer(&first, "mine")).await;
        assert!(matches!(answered, Err(Error::BoundElsewhere)), "{other:?}");
    }
    let mine = house.rooms.start(&id, Some(&secret)).await.unwrap();
    assert!(matches!(mine.screen, Screen::Ask { .. }) && mine.secret.is_none());
}

#[tokio::test]
async fn who_has_authenticated_goes_on_with_a_new_session_and_the_old_one_may_see_the_end_for_a_moment()
 {
    let house = house().await;
    let (id, old, first) = house.opened(KNOWN, json!({})).await;
    let second = house.rooms.submit(&id, Some(&old), answer(&first, "one")).await.unwrap();
    let new = second.secret.clone().unwrap();
    assert_ne!(new, old);
    let stolen = house.rooms.submit(&id, Some(&old), answer(&second, "stolen")).await;
    assert!(matches!(stolen, Err(Error::BoundElsewhere)));
    assert!(matches!(house.rooms.present(&id, Some(&old)).await, Err(Error::BoundElsewhere)));
    let done = house.rooms.submit(&id, Some(&new), answer(&second, "two")).await.unwrap();
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_customFormData"]["form2"]["answer"], "two");
    let again = house.rooms.submit(&id, Some(&old), answer(&first, "one")).await.unwrap();
    assert!(again.stale && matches!(again.screen, Screen::Ended { .. }));
    house.pass(2).await;
    assert!(matches!(house.rooms.present(&id, Some(&old)).await, Err(Error::BoundElsewhere)));
}

#[tokio::test]
async fn a_form_nobody_answers_times_out_and_the_page_says_so() {
    let house = house().await;
    let token = json!({"parameters": {"timeoutRedirectUrl": "https://example.org/back"}});
    let (id, secret, first) = house.opened(ASK, token).await;
    house.pass(4).await;
    assert_eq!(house.status(&id).await, "In Progress");
    house.pass(1).await;
    assert_eq!(house.status(&id).await, "Abandoned");
    let late = house.rooms.submit(&id, Some(&secret), answer(&first, "late")).await.unwrap();
    let Screen::Expired { back } = late.screen else { panic!("{:?}", late.screen) };
    assert_eq!(back.as_deref(), Some("https://example.org/back"));
}

#[tokio::test]
async fn an_instance_is_given_up_when_its_time_is_over() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let token = house.token("ask", json!({"maxProcessDuration": "PT3M"})).await;
    let unopened = house.create(&token).await.unwrap();
    let opened = house.create(&token).await.unwrap();
    house.rooms.start(&opened, None).await.unwrap();
    assert_eq!(house.status(&unopened).await, "Pending");
    house.pass(3).await;
    assert_eq!(house.status(&unopened).await, "Abandoned");
    assert_eq!(house.status(&opened).await, "Abandoned");
    assert_eq!(house.runtime.fire_due().await.unwrap(), None, "nothing is left to fall due");
}

#[tokio::test]
async fn a_timer_survives_a_restart_and_fires_once() {
    let folder = Folder::new();
    let clock = noon();
    let first = open(Some(&folder.0), &clock).await;
    let (id, _, _) = first.opened(ASK, json!({})).await;
    first.runtime.close().await;
    drop(first);
    clock.advance(SignedDuration::from_mins(60));
    let second = open(Some(&folder.0), &clock).await;
    let (one, other) = tokio::join!(second.runtime.fire_due(), second.runtime.fire_due());
    one.unwrap();
    other.unwrap();
    assert_eq!(second.status(&id).await, "Abandoned");
    let variables = second.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables[engine::TIMED_OUT], true);
}

#[tokio::test]
async fn a_fault_is_tried_again_with_backoff_and_then_becomes_an_incident() {
    let house = house().await;
    house.deploy("broken", BROKEN).await;
    let token = house.token("broken", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let mut incidents = Vec::new();
    for _ in 0..=engine::BACKOFF.len() {
        incidents.push(house.rooms.read_instance(&id).await.unwrap().incidents.len());
        house.pass(10).await;
    }
    assert_eq!(incidents, [0, 0, 0, 1]);
    let view = house.rooms.read_instance(&id).await.unwrap();
    assert_eq!(
        (view.incidents[0].element_id.as_str(), view.status.mapped()),
        ("break", "In Progress")
    );
    assert!(view.incidents[0].message.contains("it broke"), "{:?}", view.incidents);
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert!(!variables.contains_key("_broken"), "a fault leaves nothing behind");
}

#[tokio::test]
async fn an_endless_loop_of_activities_becomes_an_incident_at_once() {
    let house = house().await;
    house.deploy("endless", ENDLESS).await;
    let token = house.token("endless", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let view = house.rooms.read_instance(&id).await.unwrap();
    assert_eq!(view.status.mapped(), "In Progress");
    assert_eq!(view.incidents[0].message, "1000 activities ran without an end or a wait");
    house.pass(60).await;
    assert_eq!(house.rooms.read_instance(&id).await.unwrap().incidents.len(), 1);
}

#[tokio::test]
async fn an_instance_of_a_removed_definition_goes_on_with_its_version() {
    let house = house().await;
    let (id, secret, first) = house.opened(ASK, json!({})).await;
    let versions = house.rooms.list_definition_versions("ask", Page { number: 0, size: 9 }).await;
    let versions = versions.unwrap().items;
    house.rooms.remove_definition(&versions[0].process_definition_id).await.unwrap();
    let gone = house.rooms.read_definition(&versions[0].process_definition_id).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
    let tokens = house.rooms.list_tokens(Page { number: 0, size: 9 }).await.unwrap().items;
    let token = tokens.iter().find(|token| token.made_of.name == "ask").unwrap();
    let new = house.create(token).await.unwrap_err().to_string();
    assert_eq!(new, "process token: its process definition is not deployed any more");
    let done = house.rooms.submit(&id, Some(&secret), answer(&first, "yes")).await.unwrap();
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
}

#[tokio::test]
async fn a_definition_with_flaws_is_not_saved_and_a_draft_is_not_deployed() {
    let house = house().await;
    let mut new = NewDefinition {
        name: "wrong".to_owned(),
        description: None,
        process_definition_type: None,
        theme_id: None,
        attributes: Map::new(),
        format: Format::Yaml,
        source: "name: wrong\nsteps:\n  - activity: nothingSuch\n  - activity: simpleDecider\n    with: {unknown: 1}\n".to_owned(),
        deploy: true,
        strict: false,
    };
    let Err(Error::Flaws(flaws)) = house.rooms.add_definition(new.clone()).await else { panic!() };
    assert_eq!(flaws.len(), 2, "{flaws:?}");
    new.deploy = false;
    let draft = house.rooms.add_definition(new).await.unwrap();
    assert_eq!((draft.version, draft.status), (1, VersionStatus::Editable));
    let deployed = house
        .rooms
        .set_definition_status(&draft.process_definition_id, VersionStatus::DeployedActive, false)
        .await;
    assert!(matches!(deployed, Err(Error::Flaws(flaws)) if flaws.len() == 2));
}

#[tokio::test]
async fn an_instance_removed_leaves_no_timer_and_no_row() {
    let house = house().await;
    let (id, secret, _) = house.opened(ASK, json!({})).await;
    house.rooms.remove_instance(&id).await.unwrap();
    assert!(matches!(house.rooms.present(&id, Some(&secret)).await, Err(Error::NotFound { .. })));
    let found = house.rooms.search_instances(&Search::default(), Page { number: 0, size: 9 }).await;
    assert_eq!(found.unwrap().total, 0);
    assert_eq!(house.runtime.fire_due().await.unwrap(), None);
}

#[tokio::test]
async fn the_first_start_is_made_once_and_its_key_opens_the_door() {
    let folder = Folder::new();
    let clock = noon();
    let first = open(Some(&folder.0), &clock).await;
    let links = first.runtime.seed().await.unwrap();
    assert_eq!(links.len(), 2);
    let file = first.runtime.admin_key_file().unwrap();
    let key = std::fs::read_to_string(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    first.runtime.close().await;
    drop(first);
    let second = open(Some(&folder.0), &clock).await;
    assert_eq!(second.runtime.seed().await.unwrap(), links);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), key);
    let bearer = second.runtime.issue_bearer(key.trim()).await.unwrap();
    let claims = second.runtime.verify_bearer(&bearer.token).unwrap();
    assert_eq!((claims.tenant.as_str(), claims.name.as_str()), ("demo", "API Key: admin"));
    let wrong = second.runtime.issue_bearer("gw_wrong").await;
    assert!(matches!(wrong, Err(Error::Unauthorized { code: 271, .. })));
}

/// A folder that goes when the test ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("gatewright-runtime-{}", crate::identifier::random().unwrap());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
