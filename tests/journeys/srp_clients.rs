//! A passcode registered by one client signs in by another: the page in a real browser, and `srptools`, an SRP
//! client that is not ours.

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use tests::journey::challenge;
use tests::{folder, srp};

/// The library that `tests/run` fetches.
const LIBRARY: &str = "srp/srptools-2.0.0-py3-none-any.whl";
const STORE: &str = "/api/identity-store/stores/demo";
/// In which NFC, UTF-8 and a sign that JSON escapes matter.
const PASSCODE: &str = "Sonne+7 \"für\" unten";
const WRONG: &str = "Sonne+7 \"fur\" unten";

/// What the library answers to a step.
fn answer(step: &Value, passcode: &str, signs_in: bool) -> Value {
    let (identity, salt, server_key) = challenge(step);
    let asked = json!({
        "identity": identity,
        "passcode": passcode,
        "prime": HEXLOWER.encode(&srp::modulus()),
        "generator": "02",
        "salt": HEXLOWER.encode(&salt),
        "serverPublicKey": signs_in.then(|| HEXLOWER.encode(&server_key)),
    });
    let library = folder::target().join(LIBRARY);
    assert!(library.exists(), "{} is fetched by tests/run", library.display());
    let mut client = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/support/srp_client.py"))
        .env("PYTHONPATH", library)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3, which tests/run installs");
    let text = asked.to_string();
    client.stdin.take().expect("its input").write_all(text.as_bytes()).expect("it reads");
    let ended = client.wait_with_output().expect("its answer");
    assert!(ended.status.success());
    serde_json::from_slice(&ended.stdout).expect("JSON")
}

fn base64(answer: &Value, member: &str) -> String {
    let text = answer[member].as_str().unwrap_or_else(|| panic!("{member}: {answer}"));
    BASE64.encode(&HEXLOWER.decode(text.as_bytes()).expect("hexadecimal"))
}

impl House {
    /// Registers a passcode by the library.
    async fn library_registers(&mut self, person: &str, passcode: &str) {
        self.api.post(&format!("{STORE}/users"), &json!({"externalId": person})).await;
        let start = format!("{STORE}/users/{person}/passcodes/registrations/default/ext");
        let session = self.api.post(&start, &json!({})).await;
        let verifier = base64(&answer(&session, passcode, false), "verifier");
        let id = session["sessionId"].as_str().expect("a session");
        let complete = format!("{STORE}/passcodes/registrations/sessions/{id}");
        let data = json!({"srpRegistrationData": {"verifier": verifier}});
        self.api.post(&complete, &data).await;
    }

    /// Signs in by the library: whether the server accepts it and proves in turn that it knows the verifier. `None`
    /// where the library cannot write the identity.
    async fn library_signs_in(&mut self, person: &str, passcode: &str) -> Option<bool> {
        let start = format!("{STORE}/users/{person}/passcodes/authentications/default/ext");
        // One key of the server in 256 begins with a zero.
        for _ in 0..8 {
            let session = self.api.post(&start, &json!({})).await;
            let proof = answer(&session, passcode, true);
            if proof["again"] == true {
                continue;
            }
            let id = session["sessionId"].as_str().expect("a session");
            let complete = format!("{STORE}/passcodes/authentications/sessions/{id}");
            let data = json!({"srpVerificationData": {
                "clientPublicKey": base64(&proof, "clientPublicKey"),
                "m1": base64(&proof, "m1"),
            }});
            let told = self.api.call("POST", &complete, Some(&data)).await.expect("an answer");
            if told.status == 200 {
                let m2 = told.json()["algorithmInfo"]["parameters"]["m2"].clone();
                assert_eq!(m2, base64(&proof, "m2"), "the server knows the verifier");
            } else {
                assert_eq!(told.json()["code"], 2615);
            }
            return Some(told.status == 200);
        }
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_on_the_page_signs_in_by_another_client_and_the_other_way_round() {
    let mut house = House::open().await;
    let visitor = Visitor::new("en").await;
    let (registration, authentication) = (house.registration.clone(), house.authentication.clone());
    let mut signed_in = None;
    for number in 0..3 {
        let person = format!("page-{number}");
        let address = house.invite(&registration, &person).await;
        visitor.open(&address).await;
        visitor.type_passcode(PASSCODE).await;
        visitor.submit().await;
        assert_eq!(visitor.heading().await, "All done");
        signed_in = house.library_signs_in(&person, PASSCODE).await;
        if signed_in.is_some() {
            assert_eq!(house.library_signs_in(&person, WRONG).await, Some(false));
            break;
        }
    }
    assert_eq!(signed_in, Some(true), "the page's verifier, the library's proof");

    house.library_registers("library", PASSCODE).await;
    let address = house.invite(&authentication, "library").await;
    visitor.open(&address).await;
    visitor.type_passcode(WRONG).await;
    visitor.submit().await;
    visitor.until(SUMMARY).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done", "the library's verifier, the page's proof");
    visitor.leave().await;
}
