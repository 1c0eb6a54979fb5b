//! An end user without a browser: starts an instance, answers what it asks, keeps its cookie.

use crate::http::{Answer, Connection, JSON};
use crate::srp;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;

/// One person with one cookie jar.
pub struct EndUser {
    connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl EndUser {
    /// Somebody who has not been here yet.
    #[must_use]
    pub fn new(port: u16) -> EndUser {
        EndUser { connection: Connection::new(port), cookies: BTreeMap::new() }
    }

    /// Somebody who kept the cookies of an earlier visit.
    #[must_use]
    pub fn with_cookies(port: u16, cookies: BTreeMap<String, String>) -> EndUser {
        EndUser { connection: Connection::new(port), cookies }
    }

    /// Starts an instance, or looks where it stands.
    ///
    /// # Errors
    /// When the server goes away before its answer is complete.
    pub async fn start(&mut self, instance: &str) -> io::Result<Answer> {
        let path = format!("/api/process-server/startProcess?tn=demo&pi={instance}");
        self.send(&path, &json!({})).await
    }

    /// Answers a step: `step` is what was asked, `answer` has the members besides the nonce.
    ///
    /// # Errors
    /// When the server goes away before its answer is complete.
    pub async fn go_on(&mut self, step: &Value, answer: Value) -> io::Result<Answer> {
        let word =
            |member: &str| step[member].as_str().unwrap_or_else(|| panic!("{member}: {step}"));
        let path = format!(
            "/api/process-server/processes/{}/businessKeys/{}/topicName/{}/continue?tn=demo",
            word("processDefinitionName"),
            word("businessKey"),
            word("topicName"),
        );
        let mut body = answer;
        body["nonce"] = step["nonce"].clone();
        self.send(&path, &body).await
    }

    /// Sends a JSON body to any path, with the cookies.
    ///
    /// # Errors
    /// When the server goes away before its answer is complete.
    pub async fn send(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookie = pairs.collect::<Vec<String>>().join("; ");
        let headers = [JSON, ("cookie", cookie.as_str())];
        let headers = if cookie.is_empty() { &headers[..1] } else { &headers[..] };
        let answer = self.connection.send("POST", path, headers, body.to_string()).await?;
        self.cookies.extend(answer.cookies());
        Ok(answer)
    }

    /// The cookies it has been given.
    #[must_use]
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }
}

/// The answer to a step that asks for a new passcode: its verifier.
#[must_use]
pub fn new_passcode(step: &Value, passcode: &str) -> Value {
    let (identity, salt, _) = challenge(step);
    let verifier = srp::verifier(&identity, &salt, passcode);
    json!({"srpRegistrationData": {"verifier": BASE64.encode(&verifier)}})
}

/// The answer to a step that asks for the passcode: the client's key and proof; with the proof to expect.
#[must_use]
pub fn proof_of_passcode(step: &Value, passcode: &str) -> (Value, Vec<u8>) {
    let (identity, salt, server_key) = challenge(step);
    let proof = srp::prove(&identity, &salt, passcode, &server_key);
    let data = json!({
        "clientPublicKey": BASE64.encode(&proof.public_key),
        "m1": BASE64.encode(&proof.m1),
    });
    (json!({"srpVerificationData": data}), proof.m2)
}

/// Identity, salt and server key of a step's or a ceremony's `algorithmInfo`, after a look at the rest.
#[must_use]
pub fn challenge(step: &Value) -> (String, Vec<u8>, Vec<u8>) {
    let info = if step["passcode"].is_object() { &step["passcode"] } else { step };
    let info = &info["algorithmInfo"];
    assert_eq!(info["type"], "SRP", "{step}");
    let parameters = &info["parameters"];
    let text = |member: &str| parameters[member].as_str().unwrap_or_default();
    assert_eq!(text("hashAlgorithm"), "SHA-256");
    assert_eq!(parameters["g"], 2);
    assert_eq!(BASE64.decode(text("n").as_bytes()).expect("n in base64"), srp::modulus());
    let identity = text("i").to_owned();
    assert_eq!(identity.len(), 26, "{parameters}");
    let salt = BASE64URL_NOPAD.decode(text("salt").as_bytes()).expect("salt in base64url");
    let server_key = BASE64.decode(text("serverPublicKey").as_bytes()).expect("B in base64");
    (identity, salt, server_key)
}
