//! The documented operations of identity stores, each compared with the table of routes and each called.
//!
//! `goldens/documented.txt` has a line for each: method, path, permission (`-` where none is documented), the status of
//! success, and status and code of each of its problems, as far as they are documented. `refused.rs` provokes those.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::passkeys::Vector;
use super::stage::Stage;
use super::totps;
use crate::codes::CODES;
use crate::route::Route;
use crate::routes::table;

const STORES: &str = "/api/identity-store/stores";
const STORE: &str = "/api/identity-store/stores/demo";

/// One documented operation.
pub(super) struct Documented {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    permission: Option<&'static str>,
    success: Option<u16>,
    /// Status and code of each problem.
    pub(super) refusals: Vec<(u16, u32)>,
}

pub(super) fn documented() -> Vec<Documented> {
    let lines = include_str!("goldens/documented.txt").lines();
    lines
        .map(|line| {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap();
            let (method, path, permission) = (word(), word(), word());
            let permission = Some(permission).filter(|permission| *permission != "-");
            let success = words.next().map(|status| status.parse().unwrap());
            let refusal = |word: &str| {
                let (status, code) = word.split_once(':').unwrap();
                (status.parse().unwrap(), code.parse().unwrap())
            };
            let refusals = words.map(refusal).collect();
            Documented { method, path, permission, success, refusals }
        })
        .collect()
}

/// Whether two paths are the same but for what stands in their places.
pub(super) fn alike(template: &str, path: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let fits = |(one, other): (&&str, &&str)| {
        one == other || (one.starts_with('{') && (!other.is_empty()))
    };
    one.len() == other.len() && one.iter().zip(&other).all(fits)
}

/// The documented operation that a request calls, if it is documented.
pub(super) fn operation_of(method: &str, path: &str) -> Option<Documented> {
    let fits = documented().into_iter();
    let fits = fits.filter(|one| one.method == method && alike(one.path, path));
    // The path with the fewest places means it most.
    fits.min_by_key(|one| one.path.matches('{').count())
}

fn route_of(operation: &Documented) -> Route {
    let fits = |route: &Route| {
        let plain = |path: &str| {
            let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
            parts.collect::<Vec<&str>>().join("/")
        };
        route.method.as_str() == operation.method && plain(route.path) == plain(operation.path)
    };
    let mut found = table().into_iter().filter(fits);
    let route = found.next();
    assert!(found.next().is_none(), "{} {} twice", operation.method, operation.path);
    route.unwrap_or_else(|| panic!("{} {} is not there", operation.method, operation.path))
}

#[test]
fn every_documented_operation_is_there_with_its_permission_its_status_and_its_codes() {
    let documented = documented();
    assert_eq!(documented.len(), 62);
    for operation in &documented {
        let name = format!("{} {}", operation.method, operation.path);
        let route = route_of(operation);
        assert!(operation.permission.is_none_or(|own| own == route.operation), "{name}");
        assert!(operation.success.is_none_or(|own| own == route.shape.status), "{name}");
        for (_, code) in &operation.refusals {
            assert!(CODES.iter().any(|(known, _)| known == code), "{name}: {code}");
        }
    }
}

/// A tour through the operations; what was answered well is noted.
struct Tour {
    stage: Stage,
    done: BTreeSet<String>,
}

impl Tour {
    async fn go(&mut self, method: &str, path: &str, body: Value) -> Value {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.stage.call(method, path, &text).await;
        assert!(answer.status.is_success(), "{method} {path} {text}: {}", answer.text);
        if let Some(operation) = operation_of(method, path) {
            let status = answer.status.as_u16();
            assert!(operation.success.is_none_or(|own| own == status), "{method} {path}: {status}");
            self.done.insert(format!("{method} {}", operation.path));
        }
        serde_json::from_str(&answer.text).unwrap_or_default()
    }

    async fn get(&mut self, path: &str) -> Value {
        self.go("GET", path, Value::Null).await
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        self.go("POST", path, body).await
    }

    async fn delete(&mut self, path: &str) {
        self.go("DELETE", path, Value::Null).await;
    }

    async fn stores(&mut self) {
        self.post(STORES, json!({"name": "other"})).await;
        self.get(STORES).await;
        self.post(&format!("{STORES}/other"), json!({"description": "for a tour"})).await;
        let other = self.get(&format!("{STORES}/other")).await;
        assert_eq!(other["description"], "for a tour");
        self.delete(&format!("{STORES}/other")).await;
    }

    /// Gives the user's path by either identifier: what stands before and behind what is asked of the user.
    async fn user(&mut self) -> [(String, &'static str); 2] {
        let user = self.post(&format!("{STORE}/users"), json!({"externalId": "anna"})).await;
        let own = format!("{STORE}/users/{}", user["id"].as_str().unwrap());
        let external = format!("{STORE}/users/anna");
        for path in [own.clone(), format!("{external}/ext")] {
            self.post(&path, json!({"attributes": {"city": path.len().to_string()}})).await;
            assert_eq!(self.get(&path).await["attributes"]["city"], path.len().to_string());
        }
        [(own, ""), (external, "/ext")]
    }

    async fn passcodes(&mut self, user: &str, form: &str) {
        let start =
            self.post(&format!("{user}/passcodes/registrations/default{form}"), json!({})).await;
        let session = start["sessionId"].as_str().unwrap();
        let verifier = json!({"verifier": BASE64.encode(&[7; 256])});
        let path = format!("{STORE}/passcodes/registrations/sessions/{session}");
        let done = self.post(&path, json!({"srpRegistrationData": verifier})).await;
        assert_eq!(done["user"]["summaryInfo"]["passcodes"][0]["status"], "ACTIVE");
        self.post(&format!("{user}/passcodes/authentications/default{form}"), json!({})).await;
        self.post(&format!("{user}/passcodes/deregistrations/default{form}"), json!({})).await;
    }

    async fn totp(&mut self, user: &str, form: &str) {
        let register = format!("{user}/totps/registrations/app{form}");
        self.post(&register, json!({})).await;
        assert_eq!(self.get(&register).await["totp"]["status"], "PENDING");
        // The secret is not told any more once it is in use.
        let first = totps::code(&self.stage, 0).await;
        let second = totps::code(&self.stage, 1).await;
        let complete = format!("{user}/totps/registrations/app/complete{form}");
        self.post(&complete, json!({"submittedCode": first})).await;
        let authenticate = format!("{user}/totps/authentications/app{form}");
        let used = self.post(&authenticate, json!({"submittedCode": second})).await;
        let record = used["authenticationId"].as_str().unwrap();
        let record = self.get(&format!("{user}/authentications/{record}{form}")).await;
        assert_eq!(record["authAuditDisplayInfo"]["policyName"], "app", "{record}");
        let all = self.get(&format!("{user}/totps{form}")).await;
        let totp = format!("{user}/totps/{}{form}", all["content"][0]["id"].as_str().unwrap());
        self.get(&totp).await;
        let updated = self.post(&totp, json!({"status": "DISABLED"})).await;
        assert_eq!(updated["status"], "DISABLED", "{updated}");
        self.delete(&totp).await;
        self.post(&register, json!({})).await;
        self.post(&format!("{user}/totps/deregistrations/app{form}"), json!({})).await;
        assert_eq!(self.get(&format!("{user}/totps{form}")).await["content"], json!([]));
    }

    /// A passkey is registered and used in a session that the server keeps, or that the caller keeps.
    async fn passkey(&mut self, user: &str, form: &str, outside: bool) {
        let vector = Vector::new();
        let config = format!("{STORE}/passkeyConfig/example.org");
        self.post(&config, json!({"sessionManagementExternal": outside})).await;
        let asked =
            json!({"userHandle": "AQID", "challenge": vector.text("registration", "challenge")});
        let begun =
            format!("{STORE}/users/anna/passkeys/relyingParties/example.org/registrations/p/ext");
        let begun = self.post(&begun, asked).await;
        let made = json!({"session": begun["session"], "credential": vector.made()});
        let path = match begun["sessionId"].as_str() {
            Some(session) => format!("{STORE}/passkeys/registrations/sessions/{session}"),
            None => format!("{STORE}/passkeys/registrations"),
        };
        let made = if outside { made } else { json!({"credential": vector.made()}) };
        self.post(&path, made).await;
        let asked = json!({"challenge": vector.text("authentication", "challenge")});
        let begun =
            format!("{STORE}/users/anna/passkeys/relyingParties/example.org/authentications/p/ext");
        let begun = self.post(&begun, asked).await;
        let used = json!({"session": begun["session"], "credential": vector.used()});
        let path = match begun["sessionId"].as_str() {
            Some(session) => format!("{STORE}/passkeys/authentications/sessions/{session}"),
            None => format!("{STORE}/passkeys/authentications"),
        };
        let used = if outside { used } else { json!({"credential": vector.used()}) };
        let used = self.post(&path, used).await;
        let record = used["authenticationId"].as_str().unwrap().to_owned();
        self.get(&format!("{user}/authentications/{record}{form}")).await;
        let all = self.get(&format!("{user}/passkeys{form}")).await;
        let id = all["content"][0]["id"].as_str().unwrap();
        self.get(&format!("{user}/passkeys/{id}{form}")).await;
        self.get(&format!("{user}/passkeys/{id}/registrationAudit{form}")).await;
        self.post(&format!("{user}/passkeys/{id}{form}"), json!({"name": "mine"})).await;
        self.delete(&format!("{user}/passkeys/{id}{form}")).await;
    }

    async fn events(&mut self) {
        let queries = "/api/identity-store/events/queries";
        let id = self.post(&format!("{queries}/start"), json!({"storeName": "demo"})).await;
        let id = id.as_str().unwrap().to_owned();
        let tick = runtime::ClockMove { advance: Some("PT5S".to_owned()), to: None };
        self.stage.app.runtime().move_clock(&tick).await.unwrap();
        assert_eq!(self.get(&format!("{queries}/{id}/status")).await, "SUCCEEDED");
        let found = self.get(&format!("{queries}/{id}/result")).await;
        assert!(found["events"].as_array().is_some_and(|events| events.len() > 10), "{found}");
        self.get("/api/identity-store/stats").await;
    }
}

/// Operations whose success is shown elsewhere, each with the test.
const ELSEWHERE: [(&str, &str); 1] = [(
    "POST /api/identity-store/stores/{storeName}/passcodes/authentications/sessions/{sessionId}",
    "needs the end user's half of SRP: tests/journeys/canaries.rs proves a passcode with an independent client",
)];

#[tokio::test]
async fn every_documented_operation_succeeds_by_either_identifier() {
    let mut tour = Tour { stage: Stage::new().await, done: BTreeSet::new() };
    tour.stores().await;
    let user = tour.user().await;
    let app = json!({"policyName": "app", "algorithm": "SHA256"});
    tour.post(&format!("{STORE}/totpPolicy"), app).await;
    tour.post(&format!("{STORE}/totpPolicy/app"), json!({"issuer": "Example"})).await;
    assert_eq!(tour.get(&format!("{STORE}/totpPolicy/app")).await["issuer"], "Example");
    let relying_party = json!({
        "relyingPartyId": "example.org",
        "registrationPolicies": {"p": {"allowExternalChallenge": true}},
        "authenticationPolicies": {"p": {"allowExternalChallenge": true}},
    });
    tour.post(&format!("{STORE}/passkeyConfig"), relying_party).await;
    for ((user, form), outside) in user.iter().zip([false, true]) {
        tour.passcodes(user, form).await;
        tour.totp(user, form).await;
        tour.passkey(user, form, outside).await;
    }
    tour.delete(&format!("{STORE}/totpPolicy/app")).await;
    tour.events().await;
    let all = documented().into_iter().map(|one| format!("{} {}", one.method, one.path));
    let elsewhere: Vec<&str> = ELSEWHERE.iter().map(|(operation, _)| *operation).collect();
    let left: Vec<String> =
        all.filter(|one| !tour.done.contains(one) && !elsewhere.contains(&one.as_str())).collect();
    assert!(left.is_empty(), "nobody calls {left:#?}");
}
