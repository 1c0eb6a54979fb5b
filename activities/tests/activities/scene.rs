//! A scene for tests: an identity store in memory, some forms, and process variables that activities change.

use std::collections::BTreeMap;

use activities::{ALL, Context, Failure, Plugin, Ports, Raised, Submission, Submitted, Wait};
use async_trait::async_trait;
use forms::Form;
use identity::{NewStore, PasscodePolicy, User, UserId, Who, Work};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use storage::Store;

use crate::declaration::STRANGERS;

/// Everything that an activity meets.
pub(crate) struct Scene {
    store: Store,
    forms: Forms,
    now: Timestamp,
    /// The process variables.
    pub(crate) variables: Map<String, Value>,
    /// Who was authenticated by the last call.
    pub(crate) authenticated: Option<String>,
    audited: usize,
}

#[derive(Default)]
struct Forms(BTreeMap<(String, u32), Form>);

#[async_trait]
impl Ports for Forms {
    async fn form(
        &self,
        _: &mut Work,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Form>, anyhow::Error> {
        Ok(self.0.get(&(name.to_owned(), version.unwrap_or(1))).cloned())
    }
}

impl Scene {
    /// An identity store `demo` with a passcode policy `default`, nobody in it.
    pub(crate) async fn new() -> Scene {
        let mut scene = Scene {
            store: Store::memory(),
            forms: Forms::default(),
            now: "2026-01-02T03:04:05Z".parse().unwrap(),
            variables: Map::new(),
            authenticated: None,
            audited: 0,
        };
        let mut demo = NewStore { name: "demo".to_owned(), ..NewStore::default() };
        demo.configuration
            .passcode_policies
            .insert("default".to_owned(), PasscodePolicy::default());
        let mut work = scene.work();
        work.add_store(demo).await.unwrap();
        work.commit().await.unwrap();
        scene.changes().await;
        scene.later(1);
        scene
    }

    /// The same with a form; each component is `(id, type, more)`.
    pub(crate) fn form(mut self, name: &str, components: &[(&str, &str, Value)]) -> Scene {
        let component = |(id, kind, more): &(&str, &str, Value)| {
            let mut component =
                json!({ "type": kind, "id": id, "label": { "values": { "en": id } } });
            component.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            component
        };
        let form = json!({
            "title": { "values": { "en": "For {{processvar.name}}" }, "type": "title" },
            "components": components.iter().map(component).collect::<Vec<Value>>(),
            "version": "1",
        });
        self.forms.0.insert((name.to_owned(), 1), Form::parse(&form.to_string()).unwrap());
        self
    }

    pub(crate) fn work(&self) -> Work {
        Work::new(self.store.space("demo").unit(), self.now, "test")
    }

    /// What the end user is shown of a text that may be sealed.
    pub(crate) async fn shown(&self, text: &str) -> String {
        let content = json!({ "type": "codes", "id": "shown", "label": {}, "content": text });
        let form = json!({
            "title": { "values": { "en": "Codes" } }, "components": [content], "version": "1",
        });
        let form = json!({
            "name": "f", "version": 1, "dataKey": "f", "form": form, "readOnly": false,
            "hideButtons": false,
        });
        let wait = json!({
            "activity": "a", "screenId": "s", "stepId": "s", "screens": [], "form": form,
        });
        let mut wait: Wait = serde_json::from_value(wait).unwrap();
        wait.open_texts(&mut self.work()).await.unwrap();
        match &wait.form.unwrap().form.components()[0].body {
            forms::Body::Shown(forms::Shown::Codes { content }) => content.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn later(&mut self, minutes: i64) {
        self.now = self.now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    }

    pub(crate) fn at(&mut self, time: &str) {
        self.now = time.parse().unwrap();
    }

    pub(crate) async fn user(&self, external_id: &str) -> User {
        self.work().read_user("demo", &Who::ExternalId(external_id.to_owned())).await.unwrap()
    }

    pub(crate) async fn set_status(&mut self, external_id: &str, status: &str) {
        let mut work = self.work();
        let change = serde_json::from_value(json!({ "status": status })).unwrap();
        work.update_user("demo", &Who::ExternalId(external_id.to_owned()), change).await.unwrap();
        work.commit().await.unwrap();
        self.changes().await;
    }

    /// Runs a local activity, commits, and tells as lines how it ended and what it changed.
    pub(crate) async fn run(&mut self, name: &str, parameters: Value) -> String {
        let (mut work, variables) = (self.work(), self.variables.clone());
        let mut context = Context::new(&mut work, &variables, &self.forms);
        let result = plugin(name).run(parameters.as_object().cloned().unwrap(), &mut context).await;
        let told = match result {
            Ok(locals) if locals.is_empty() => "done".to_owned(),
            Ok(locals) => format!("done {}", masked(&Value::Object(locals))),
            Err(failure) => failed(failure),
        };
        self.settle(told, context.writes, context.authenticated, work).await
    }

    /// Opens a waiting activity. Errors: how it ended instead.
    pub(crate) async fn open(&mut self, name: &str, parameters: Value) -> Result<Wait, String> {
        let (mut work, variables) = (self.work(), self.variables.clone());
        let mut context = Context::new(&mut work, &variables, &self.forms);
        match plugin(name).open(parameters.as_object().cloned().unwrap(), &mut context).await {
            Ok(wait) => {
                let stored = serde_json::to_string(&wait).unwrap();
                assert_eq!(
                    serde_json::from_str::<Wait>(&stored).unwrap(),
                    wait,
                    "a wait is kept as JSON"
                );
                assert!(context.writes.is_empty());
                Ok(wait)
            }
            Err(failure) => {
                let told = failed(failure);
                Err(self.settle(told, context.writes, context.authenticated, work).await)
            }
        }
    }

    /// Answers a waiting activity, commits, and tells as lines what came of it.
    pub(crate) async fn submit(
        &mut self,
        wait: &mut Wait,
        parameters: Value,
        submission: Submission,
    ) -> String {
        let (mut work, variables) = (self.work(), self.variables.clone());
        let mut context = Context::new(&mut work, &variables, &self.forms);
        let parameters = parameters.as_object().cloned().unwrap();
        let plugin = plugin(&wait.activity.clone());
        let told = match plugin.submit(parameters, &mut context, wait, submission).await {
            Ok(Submitted::Done(locals)) => format!("done {}", masked(&Value::Object(locals))),
            Ok(Submitted::Again(errors)) => {
                let rules = errors
                    .iter()
                    .map(|e| format!("{} {}", e.field.as_deref().unwrap_or("-"), e.rule));
                let told = format!("again: {}", rules.collect::<Vec<String>>().join(", "));
                *wait = wait.clone().refused(errors);
                context.writes.clear();
                told
            }
            Err(failure) => failed(failure),
        };
        self.settle(told, context.writes, context.authenticated, work).await
    }

    async fn settle(
        &mut self,
        told: String,
        writes: Vec<activities::Write>,
        authenticated: Option<activities::Authenticated>,
        work: Work,
    ) -> String {
        self.authenticated = authenticated.map(|somebody| somebody.user);
        let mut lines = vec![told];
        for write in writes {
            lines.push(format!("{} = {}", write.at.join("."), masked(&write.value)));
            let mut place = &mut self.variables;
            let (last, way) = write.at.split_last().unwrap();
            for name in way {
                let next = place.entry(name.clone()).or_insert_with(|| json!({}));
                place = next.as_object_mut().unwrap();
            }
            place.insert(last.clone(), write.value);
        }
        work.commit().await.unwrap();
        lines.extend(self.changes().await);
        self.now = self.now.checked_add(SignedDuration::from_secs(1)).unwrap();
        lines.join("\n")
    }

    /// What was written to the store since the last look, by its audit.
    async fn changes(&mut self) -> Vec<String> {
        let mut entries = self.work().list_audit(1000).await.unwrap();
        entries.reverse();
        let new = entries.split_off(self.audited);
        self.audited += new.len();
        let mut lines = Vec::new();
        for entry in new {
            let name = match &entry.user_id {
                Some(id) => self.name_of(id).await,
                None => "-".to_owned(),
            };
            let policy = entry.policy_name.as_deref().unwrap_or("-");
            let reason = entry.reason.map(|reason| format!(" {reason:?}")).unwrap_or_default();
            lines.push(format!("store: {:?} {name} {policy}{reason}", entry.action));
        }
        lines
    }

    async fn name_of(&self, id: &UserId) -> String {
        let user = self.work().read_user("demo", &Who::Id(id.clone())).await;
        user.ok().and_then(|user| user.external_id).unwrap_or_else(|| "somebody".to_owned())
    }
}

pub(crate) fn plugin(name: &str) -> &'static Plugin {
    ALL.iter().chain(STRANGERS).find(|plugin| plugin.name == name).unwrap()
}

fn failed(failure: Failure<Raised>) -> String {
    match failure {
        Failure::Event(Raised { code, message }) => format!("event {code}: {message}"),
        Failure::Fault(fault) => format!("fault: {fault:#}"),
    }
}

/// JSON with what differs from run to run taken out.
pub(crate) fn masked(value: &Value) -> Value {
    const DRAWN: [&str; 4] = ["i", "n", "salt", "serverPublicKey"];
    let is_id = |text: &str| {
        text.len() == 26
            && text.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b))
    };
    match value {
        Value::String(text) if is_id(text) => json!("ID"),
        Value::String(text) if text.starts_with("{{sealed.") => json!("SEALED"),
        Value::Array(list) => list.iter().map(masked).collect(),
        Value::Object(map) => {
            let member = |(name, value): (&String, &Value)| {
                let value =
                    if DRAWN.contains(&name.as_str()) { json!("…") } else { masked(value) };
                (name.clone(), value)
            };
            Value::Object(map.iter().map(member).collect())
        }
        value => value.clone(),
    }
}
