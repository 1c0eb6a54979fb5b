//! An independent authenticator in software makes and uses passkeys over the HTTP interface; what is wrong has its code.

use data_encoding::BASE64URL_NOPAD;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};
use url::Url;

use crate::house::House;

const STORE: &str = "/api/identity-store/stores/demo";
const HERE: &str = "http://localhost:8080";

/// Whoever holds the device agrees, and is verified if that is asked for.
struct Person;

#[async_trait::async_trait]
impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// A device that keeps one passkey; the copy of a device keeps the same.
#[derive(Clone, Default)]
struct Device {
    kept: Option<Passkey>,
    /// Whether it does without verifying the person where the site only prefers it.
    is_hasty: bool,
}

impl Device {
    /// What a browser gives for these options of a registration.
    async fn create(&mut self, start: &Value) -> Value {
        let options: CredentialCreationOptions =
            serde_json::from_value(json!({ "publicKey": start["publicKey"] })).expect("options");
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), None, Person, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(true);
        let mut client = Client::new(authenticator).allows_insecure_localhost(true);
        let origin = Url::parse(HERE).expect("an origin");
        let made = client.register(&origin, options, DefaultClientData).await.expect("a passkey");
        self.kept.clone_from(client.authenticator().store());
        written(serde_json::to_value(made).expect("JSON"))
    }

    /// What a browser gives for these options of an authentication.
    async fn get(&mut self, start: &Value) -> Value {
        let options: CredentialRequestOptions =
            serde_json::from_value(json!({ "publicKey": start["publicKey"] })).expect("options");
        let kept = self.kept.clone();
        let authenticator =
            Authenticator::new(Aaguid::new_empty(), kept, Person, RustCryptoBackend);
        let mut client = Client::new(authenticator)
            .allows_insecure_localhost(true)
            .user_verification_when_preferred(!self.is_hasty);
        let origin = Url::parse(HERE).expect("an origin");
        let used = client.authenticate(&origin, options, DefaultClientData).await.expect("a proof");
        self.kept.clone_from(client.authenticator().store());
        written(serde_json::to_value(used).expect("JSON"))
    }
}

/// The same as browsers write it: bytes as base64url, and nothing for what is not there.
fn written(value: Value) -> Value {
    match value {
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_u64) => {
            let bytes = list.iter().filter_map(Value::as_u64).map(|byte| byte as u8);
            json!(BASE64URL_NOPAD.encode(&bytes.collect::<Vec<u8>>()))
        }
        Value::Object(members) => {
            let there = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(there.map(|(name, value)| (name, written(value))).collect())
        }
        other => other,
    }
}

impl House {
    async fn start(&mut self, path: &str) -> Value {
        self.api.post(&format!("{STORE}/{path}"), &json!({})).await
    }

    /// Completes a ceremony; gives what is answered, or the code of the refusal.
    async fn complete(
        &mut self,
        kind: &str,
        start: &Value,
        credential: &Value,
    ) -> Result<Value, u64> {
        let session = start["sessionId"].as_str().expect("a session");
        let path = format!("{STORE}/passkeys/{kind}/sessions/{session}");
        let body = json!({ "credential": credential });
        let answer = self.api.call("POST", &path, Some(&body)).await.expect("an answer");
        let told = answer.json();
        if answer.status == 200 { Ok(told) } else { Err(told["code"].as_u64().expect("a code")) }
    }

    /// Starts the registration of somebody who may be new.
    async fn registration(&mut self, name: &str) -> Value {
        let path = format!("{STORE}/passkeys/relyingParties/localhost/registrations/default");
        self.api.post(&path, &json!({ "externalUserId": name })).await
    }

    async fn enrol(&mut self, name: &str) -> Device {
        let (mut device, start) = (Device::default(), self.registration(name).await);
        let made = device.create(&start).await;
        let done = self.complete("registrations", &start, &made).await.expect("a passkey");
        assert_eq!(done["user"]["externalId"], name);
        device
    }

    /// Starts an authentication of a user, or of whoever has a passkey.
    async fn authentication(&mut self, name: Option<&str>) -> Value {
        let rest = "passkeys/relyingParties/localhost/authentications/default";
        match name {
            Some(name) => self.start(&format!("users/{name}/{rest}/ext")).await,
            None => self.start(rest).await,
        }
    }
}

/// The start of an authentication that names no credentials, so that every device answers it.
fn open(mut start: Value) -> Value {
    start["publicKey"]["allowCredentials"] = json!([]);
    start
}

fn without(mut credential: Value, member: &str) -> Value {
    credential["response"][member] = Value::Null;
    credential
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_authenticator_makes_and_uses_a_passkey_and_each_lie_has_its_code() {
    let mut house = House::open().await;
    let mut hers = house.enrol("ada").await;
    let mut his = house.enrol("bob").await;
    for name in [Some("ada"), None] {
        let start = house.authentication(name).await;
        let used = hers.get(&start).await;
        let done = house.complete("authentications", &start, &used).await.expect("ada signs in");
        assert_eq!(
            (&done["user"]["externalId"], &done["userVerified"]),
            (&json!("ada"), &json!(true))
        );
        assert!(done["passkey"]["signCount"].as_u64() > Some(0));
    }
    // A user's lock would hide what else is wrong.
    let lasting =
        json!({ "configuration": { "userLockConfig": { "externalLockManagement": true } } });
    house.api.post(STORE, &lasting).await;

    let first = house.authentication(Some("ada")).await;
    let other = house.authentication(Some("ada")).await;
    let for_other = hers.get(&other).await;
    assert_eq!(house.complete("authentications", &first, &for_other).await, Err(353), "challenge");
    assert_eq!(house.complete("authentications", &first, &for_other).await, Err(2603), "used up");
    house.complete("authentications", &other, &for_other).await.expect("ada signs in");
    assert_eq!(house.complete("authentications", &other, &for_other).await, Err(2603), "replayed");

    let start = house.authentication(Some("ada")).await;
    let used = hers.get(&start).await;
    assert_eq!(house.complete("registrations", &start, &used).await, Err(2603), "ceremony");
    let registration = house.registration("carol").await;
    let made = Device::default().create(&registration).await;
    assert_eq!(house.complete("authentications", &start, &made).await, Err(352), "type");
    assert_eq!(house.complete("registrations", &registration, &used).await, Err(352), "type");

    let start = open(house.authentication(Some("ada")).await);
    let used = his.get(&start).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(363), "another user's");
    let start = house.authentication(None).await;
    let used = without(hers.get(&start).await, "userHandle");
    assert_eq!(house.complete("authentications", &start, &used).await, Err(364), "no handle");
    let start = house.authentication(None).await;
    let mut used = hers.get(&start).await;
    used["response"]["userHandle"] = json!("AAAA");
    assert_eq!(house.complete("authentications", &start, &used).await, Err(365), "handle");
    let start = house.authentication(Some("ada")).await;
    let mut used = hers.get(&start).await;
    used["response"]["signature"] = for_other["response"]["signature"].clone();
    assert_eq!(house.complete("authentications", &start, &used).await, Err(412), "signature");

    let required =
        json!({ "authenticationPolicies": { "default": { "userVerification": "REQUIRED" } } });
    let config = format!("{STORE}/passkeyConfig/localhost");
    let start = house.authentication(Some("ada")).await;
    hers.is_hasty = true;
    let used = hers.get(&start).await;
    hers.is_hasty = false;
    house.api.post(&config, &required).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(413), "not verified");
    let start = house.authentication(Some("ada")).await;
    let used = hers.get(&start).await;
    house.api.post(&config, &json!({ "restrictedOrigins": ["https://localhost"] })).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(354), "origin");
    house.api.post(&config, &json!({ "restrictedOrigins": null })).await;

    // A copy of the device falls behind, and both are out of use.
    let mut copy = hers.clone();
    let start = house.authentication(Some("ada")).await;
    let used = hers.get(&start).await;
    house.complete("authentications", &start, &used).await.expect("ada signs in");
    let start = house.authentication(Some("ada")).await;
    let used = copy.get(&start).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(372), "counter");
    let start = open(house.authentication(Some("ada")).await);
    let used = hers.get(&start).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(348), "not active");

    let bob = house.user("bob").await;
    let id = bob["summaryInfo"]["passkeys"][0]["id"].as_str().expect("a passkey").to_owned();
    let path = format!("{STORE}/users/bob/passkeys/{id}/ext");
    house.api.call("DELETE", &path, None).await.expect("an answer");
    let start = open(house.authentication(Some("bob")).await);
    let used = his.get(&start).await;
    assert_eq!(house.complete("authentications", &start, &used).await, Err(362), "unknown");
}
