//! The documented refusals of the operations of identity stores: each is provoked, and its status and code compared.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use identity::ThrottleLimits;
use serde_json::{Value, json};

use super::documented::{documented, operation_of};
use super::passkeys::Vector;
use super::stage::{ADMIN, Stage};

const STORES: &str = "/api/identity-store/stores";
const STORE: &str = "/api/identity-store/stores/demo";
const QUERIES: &str = "/api/identity-store/events/queries";
/// The identifier of nobody and of nothing.
const ABSENT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Documented codes that no request provokes, each with the end of the operation's path and the reason.
const NEVER: [(&str, u32, &str); 4] = [
    ("", 90, "guard.rs asks every route for a tenant that is not here"),
    (
        "/passkeys/registrations/sessions/{sessionId}",
        501,
        "whoever names no user is told so when the registration is started",
    ),
    (
        "/registrationAudit/ext",
        391,
        "a passkey and its record are written and removed together; identity's passkey/tests/ceremonies.rs takes it away",
    ),
    ("/registrationAudit/ext", 392, "the same test spoils it"),
];

/// An operation, and the status and the code that it answered with.
type Refusal = (String, u16, u32);

/// What was refused so far.
struct Round {
    stage: Stage,
    told: BTreeSet<Refusal>,
}

impl Round {
    /// Asks for what is to be refused.
    async fn ask(&mut self, method: &str, path: &str, body: Value) {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.stage.call(method, path, &text).await;
        let code = answer.json()["code"].as_u64().unwrap_or_default() as u32;
        if let Some(operation) = operation_of(method, path) {
            let name = format!("{method} {}", operation.path);
            self.told.insert((name, answer.status.as_u16(), code));
        }
    }

    /// Does what has to come before.
    async fn make(&self, path: &str, body: Value) -> Value {
        let answer = self.stage.call("POST", path, &body.to_string()).await;
        assert!(answer.status.is_success(), "{path} {body}: {}", answer.text);
        answer.json()
    }

    async fn configure(&self, change: Value) {
        self.make(&format!("{STORE}/passkeyConfig/example.org"), change).await;
    }

    /// Adds a user; gives the identifier.
    async fn add(&self, name: &str) -> String {
        let user = self.make(&format!("{STORE}/users"), json!({ "externalId": name })).await;
        user["id"].as_str().unwrap().to_owned()
    }

    /// Starts to register a passkey for somebody; gives the path where it is completed.
    async fn start(&self, name: &str, handle: &str) -> String {
        let path = format!("{STORE}/users/{name}/passkeys/relyingParties/example.org");
        let challenge = Vector::new().text("registration", "challenge");
        let asked = json!({ "userHandle": handle, "challenge": challenge });
        let begun = self.make(&format!("{path}/registrations/p/ext"), asked).await;
        let session = begun["sessionId"].as_str().unwrap();
        format!("{STORE}/passkeys/registrations/sessions/{session}")
    }

    async fn queries_of_events(&mut self) {
        let sorted = self.make(&format!("{QUERIES}/start"), json!({ "sort": "colour" })).await;
        let sorted = format!("{QUERIES}/{}", sorted.as_str().unwrap());
        self.ask("GET", &format!("{sorted}/status"), Value::Null).await;
        self.ask("GET", &format!("{sorted}/result"), Value::Null).await;
        self.ask("GET", &format!("{QUERIES}/x/status"), Value::Null).await;
        for _ in 0..16 {
            self.make(&format!("{QUERIES}/start"), json!({})).await;
        }
        self.ask("POST", &format!("{QUERIES}/start"), json!({})).await;
    }

    /// The passkeys of anna, who has this one, by both of her identifiers.
    async fn passkeys(&mut self, anna: &str, own: &str) {
        for (known, unknown, form) in [(anna, ABSENT, ""), ("anna", "nobody", "/ext")] {
            for (store, user, id) in
                [("none", known, own), ("demo", unknown, own), ("demo", known, ABSENT)]
            {
                let all = format!("{STORES}/{store}/users/{user}/passkeys");
                let one = format!("{all}/{id}");
                self.ask("GET", &format!("{all}{form}"), Value::Null).await;
                self.ask("GET", &format!("{one}{form}"), Value::Null).await;
                self.ask("GET", &format!("{one}/registrationAudit{form}"), Value::Null).await;
                self.ask("POST", &format!("{one}{form}"), json!({ "name": "mine" })).await;
                self.ask("DELETE", &format!("{one}{form}"), Value::Null).await;
            }
            let one = format!("{STORE}/users/{known}/passkeys/{own}{form}");
            self.ask("POST", &one, json!({})).await;
        }
    }

    async fn starts(&mut self) {
        self.add("locked").await;
        self.make(&format!("{STORE}/users/locked/lock/ext"), json!({})).await;
        for (store, user, party, policy) in [
            ("none", "anna", "example.org", "p"),
            ("demo", "nobody", "example.org", "p"),
            ("demo", "anna", "example.net", "p"),
            ("demo", "anna", "example.org", "q"),
            ("demo", "locked", "example.org", "p"),
        ] {
            let user = format!("{STORES}/{store}/users/{user}");
            let path = format!("{user}/passkeys/relyingParties/{party}/registrations/{policy}/ext");
            self.ask("POST", &path, json!({})).await;
        }
    }

    /// What the client did wrong, in one session: it stays until a passkey is registered.
    async fn clients(&mut self) {
        let vector = Vector::new();
        let session = self.start("anna", "").await;
        for outcome in ["FAILED", "CANCELLED", "TIMED_OUT"] {
            self.ask("POST", &session, json!({ "failure": { "outcome": outcome } })).await;
        }
        self.ask("POST", &session, json!({})).await;
        let kept = json!({ "session": {}, "credential": vector.made() });
        self.ask("POST", &session, kept).await;
        let absent = session.replace("/demo/", "/none/");
        self.ask("POST", &absent, json!({ "credential": vector.made() })).await;
        self.configure(json!({ "restrictedOrigins": ["https://login.example.org"] })).await;
        self.ask("POST", &session, json!({ "credential": vector.made() })).await;
        self.configure(json!({ "restrictedOrigins": [] })).await;
        for (member, lie) in [
            ("type", json!("webauthn.get")),
            ("challenge", json!(BASE64URL_NOPAD.encode(&[7; 32]))),
            ("tokenBinding", json!({})),
            ("origin", json!("http://example.org")),
            ("origin", json!("https://example.net")),
        ] {
            let mut data = vector.client_data();
            data[member] = lie;
            let made = json!({ "credential": vector.made_by([3; 32], &data) });
            self.ask("POST", &session, made).await;
        }
    }

    /// Starts an authentication by passkey, of anna or of somebody else or of nobody in particular; gives the path where
    /// it is completed, and the body without what is shown.
    async fn begin(&self, store: &str, name: Option<&str>) -> (String, Value) {
        let challenge = json!({ "challenge": Vector::new().text("authentication", "challenge") });
        let rest = "passkeys/relyingParties/example.org/authentications/p";
        let path = match name {
            Some(name) => format!("{STORES}/{store}/users/{name}/{rest}/ext"),
            None => format!("{STORES}/{store}/{rest}"),
        };
        let begun = self.make(&path, challenge).await;
        match begun["sessionId"].as_str() {
            Some(id) => {
                (format!("{STORES}/{store}/passkeys/authentications/sessions/{id}"), json!({}))
            }
            None => {
                let session = begun["session"].clone();
                (
                    format!("{STORES}/{store}/passkeys/authentications"),
                    json!({ "session": session }),
                )
            }
        }
    }

    /// Shows what a client gave in an authentication of its own.
    async fn show(&mut self, name: Option<&str>, shown: Value) {
        let (path, mut body) = self.begin("demo", name).await;
        for (member, value) in shown.as_object().unwrap() {
            body[member] = value.clone();
        }
        self.ask("POST", &path, body).await;
    }

    /// Authentications by the passkey of anna, in sessions that the server keeps or the caller.
    async fn authentications(&mut self, own: &str, outside: bool) {
        let vector = Vector::new();
        let used = json!({ "credential": vector.used() });
        let changed = |member: &str, value: Value| {
            let mut used = vector.used();
            match member {
                "id" => used["id"] = value.clone(),
                member => used["response"][member] = value.clone(),
            }
            used["rawId"] = used["id"].clone();
            json!({ "credential": used })
        };
        self.configure(json!({ "sessionManagementExternal": outside })).await;
        for outcome in ["FAILED", "CANCELLED", "TIMED_OUT"] {
            self.show(Some("anna"), json!({ "failure": { "outcome": outcome } })).await;
        }
        self.show(Some("anna"), json!({})).await;
        self.configure(json!({ "restrictedOrigins": ["https://login.example.org"] })).await;
        self.show(Some("anna"), used.clone()).await;
        self.configure(json!({ "restrictedOrigins": [] })).await;
        let text = vector.used()["response"]["clientDataJSON"].as_str().unwrap().to_owned();
        for (member, lie) in [
            ("type", json!("webauthn.create")),
            ("challenge", json!(BASE64URL_NOPAD.encode(&[7; 32]))),
            ("tokenBinding", json!({})),
            ("tokenBinding", json!({ "status": "present", "id": "AA" })),
            ("origin", json!("http://example.org")),
            ("origin", json!("https://example.net")),
        ] {
            let data = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
            let mut data: Value = serde_json::from_slice(&data).unwrap();
            data[member] = lie;
            let data = BASE64URL_NOPAD.encode(data.to_string().as_bytes());
            self.show(Some("anna"), changed("clientDataJSON", json!(data))).await;
        }
        self.show(Some("anna"), changed("id", json!("AAAA"))).await;
        self.show(Some("dora"), used.clone()).await;
        self.show(None, used.clone()).await;
        self.show(Some("anna"), changed("userHandle", json!("AAAA"))).await;
        self.sessions(&used, outside).await;
        self.states(own, &used).await;
        self.copied(outside).await;
    }

    /// Sessions in which something is missing or too much.
    async fn sessions(&mut self, used: &Value, outside: bool) {
        let (path, mut body) = self.begin("demo", Some("anna")).await;
        body["credential"] = used["credential"].clone();
        if !outside {
            body["session"] = json!({});
            return self.ask("POST", &path, body).await;
        }
        self.ask("POST", &path, used.clone()).await;
        for member in ["challenge", "relyingPartyId", "authenticationPolicy"] {
            let mut body = body.clone();
            body["session"].as_object_mut().unwrap().remove(member).unwrap();
            self.ask("POST", &path, body).await;
        }
    }

    /// What is told with the right passkey of whoever or whatever is locked, disabled or copied.
    async fn states(&mut self, own: &str, used: &Value) {
        let user = format!("{STORE}/users/anna");
        let passkey = format!("{user}/passkeys/{own}/ext");
        let active = json!({ "status": "ACTIVE" });
        for (begin, change, end, back) in [
            ("lock/ext", json!({}), "unlock/ext", json!({})),
            ("modalities/PASSKEY/lock/ext", json!({}), "modalities/PASSKEY/unlock/ext", json!({})),
            ("ext", json!({ "status": "DISABLED" }), "ext", active.clone()),
        ] {
            let (path, mut body) = self.begin("demo", Some("anna")).await;
            body["credential"] = used["credential"].clone();
            self.make(&format!("{user}/{begin}"), change).await;
            self.ask("POST", &path, body).await;
            self.make(&format!("{user}/{end}"), back).await;
        }
        self.make(&passkey, json!({ "status": "DISABLED" })).await;
        self.show(Some("anna"), used.clone()).await;
        self.make(&passkey, active).await;
    }

    /// What is told of the passkey of anna in another store, where it was used more often.
    async fn copied(&mut self, outside: bool) {
        let name = if outside { "outside" } else { "inside" };
        let config =
            self.stage.call("GET", &format!("{STORE}/passkeyConfig/example.org"), "").await;
        self.make(STORES, json!({ "name": name })).await;
        self.make(&format!("{STORES}/{name}/passkeyConfig"), config.json()).await;
        let all = self.stage.call("GET", &format!("{STORE}/export"), "").await;
        let mut lines = all.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut anna = lines.find(|line| line["externalId"] == "anna").unwrap();
        anna["passkeys"][0]["signCount"] = json!(7);
        let bearer = format!("Bearer {ADMIN}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/jsonl")];
        let path = format!("{STORES}/{name}/import");
        let brought = self.stage.send("POST", &path, &headers, anna.to_string()).await;
        assert!(brought.text.contains(r#""created":1"#), "{}", brought.text);
        let (path, mut body) = self.begin(name, Some("anna")).await;
        body["credential"] = Vector::new().used();
        self.ask("POST", &path, body).await;
    }

    /// What has changed between start and end.
    async fn completions(&mut self) {
        let vector = Vector::new();
        let credential = |id| json!({ "credential": vector.made_by(id, &vector.client_data()) });
        self.add("bert").await;
        self.add("carla").await;
        // Two are given the same handle; the second is too late with it.
        let [late, first, third] = [
            self.start("carla", "AQIE").await,
            self.start("bert", "AQIE").await,
            self.start("bert", "AQIE").await,
        ];
        self.make(&first, credential([4; 32])).await;
        self.ask("POST", &late, credential([5; 32])).await;
        self.configure(json!({ "maximumPasskeysPerUser": 1 })).await;
        self.ask("POST", &third, credential([5; 32])).await;
        self.configure(json!({ "maximumPasskeysPerUser": 20 })).await;
        let [gone, left] = [self.start("carla", "").await, self.start("anna", "").await];
        let path = format!("{STORE}/users/carla/ext");
        assert_eq!(self.stage.call("DELETE", &path, "").await.status.as_u16(), 200);
        self.ask("POST", &gone, credential([5; 32])).await;
        self.configure(json!({ "registrationPolicies": { "p": null } })).await;
        self.ask("POST", &left, credential([5; 32])).await;
        let path = format!("{STORE}/passkeyConfig/example.org");
        assert_eq!(self.stage.call("DELETE", &path, "").await.status.as_u16(), 200);
        self.ask("POST", &left, credential([5; 32])).await;
    }
}

#[tokio::test]
async fn every_documented_code_is_answered_by_its_operation() {
    let unlimited = ThrottleLimits { source: None, user: None, store: None };
    let stage = Stage::throttled(unlimited).await;
    let mut round = Round { stage, told: BTreeSet::new() };
    let policies = json!({ "p": { "allowExternalChallenge": true } });
    let party = json!({
        "relyingPartyId": "example.org",
        "registrationPolicies": policies.clone(),
        "authenticationPolicies": policies,
    });
    let lasting = json!({ "userLockConfig": { "externalLockManagement": true } });
    round.make(STORE, json!({ "configuration": lasting })).await;
    round.make(&format!("{STORE}/passkeyConfig"), party).await;
    let anna = round.add("anna").await;
    let session = round.start("anna", "").await;
    let made = round.make(&session, json!({ "credential": Vector::new().made() })).await;
    let own = made["passkey"]["id"].as_str().unwrap();

    round.queries_of_events().await;
    round.passkeys(&anna, own).await;
    round.starts().await;
    round.add("dora").await;
    for outside in [true, false] {
        round.authentications(own, outside).await;
    }
    round.clients().await;
    round.completions().await;

    let mut missing = Vec::new();
    let mut excused = BTreeSet::new();
    for operation in documented() {
        let name = format!("{} {}", operation.method, operation.path);
        for (status, code) in operation.refusals {
            let excuse = NEVER.iter().position(|(end, one, _)| *one == code && name.ends_with(end));
            let told = round.told.contains(&(name.clone(), status, code));
            match excuse {
                None if !told => missing.push(format!("{name}: {status} {code}")),
                Some(_) if told => panic!("{name}: {code} is answered, and needs no excuse"),
                excuse => excused.extend(excuse),
            }
        }
    }
    assert!(missing.is_empty(), "not answered: {missing:#?}; but {:#?}", round.told);
    assert_eq!(excused.len(), NEVER.len(), "an excuse is for nothing");
}

#[tokio::test]
async fn whoever_names_no_user_is_told_so_when_the_registration_is_started() {
    let stage = Stage::new().await;
    let path = format!("{STORE}/passkeys/relyingParties/localhost/registrations/default");
    let answer = stage.call("POST", &path, "{}").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!(501)));
}
