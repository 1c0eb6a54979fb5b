//! The shipped journeys through the JSON calls alone, with an SRP client that shares no code with the server.

use crate::house::House;
use data_encoding::BASE64;
use serde_json::{Value, json};
use tests::api::Api;
use tests::journey::{EndUser, challenge, new_passcode, proof_of_passcode};
use tests::library::{REGISTRATION, parameters};
use tests::srp;
use tokio::task::JoinSet;

const PASSCODE: &str = "Sonne+7unten";

impl House {
    async fn register(&mut self, person: &str) -> Value {
        let token = self.registration.clone();
        let (mut user, step) = self.begin(&token, person).await;
        assert_eq!(step["passcode"]["ceremony"], "registration", "{step}");
        let answer = new_passcode(&step, PASSCODE);
        user.go_on(&step, answer).await.expect("an answer").expect(200).json()
    }

    /// Signs somebody in up to the first answer.
    async fn sign_in(&mut self, person: &str, passcode: &str) -> Value {
        let token = self.authentication.clone();
        let (mut user, step) = self.begin(&token, person).await;
        assert_eq!(step["passcode"]["ceremony"], "authentication", "{step}");
        let (answer, _) = proof_of_passcode(&step, passcode);
        user.go_on(&step, answer).await.expect("an answer").expect(200).json()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_a_passcode_and_signs_in_with_it() {
    let mut house = House::open().await;
    let registered = house.register("amira").await;
    assert_eq!(registered["outcome"], "ACCEPTED", "{registered}");
    assert_eq!(registered["status"], "COMPLETED_ENDED_SUCCESS");
    let signed_in = house.sign_in("amira", PASSCODE).await;
    assert_eq!(signed_in["outcome"], "ACCEPTED", "{signed_in}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_wrong_passcodes_lock_the_user_and_then_the_right_one_fails_alike() {
    let mut house = House::open().await;
    house.register("bela").await;
    let mut last = Value::Null;
    for _ in 0..3 {
        last = house.sign_in("bela", "Sonne+7oben!").await;
        assert_ne!(last["outcome"], "ACCEPTED", "{last}");
    }
    assert_eq!(house.user("bela").await["status"], "TEMP_LOCKED");
    let right = house.sign_in("bela", PASSCODE).await;
    let nobody = house.sign_in("nobody-of-that-name", PASSCODE).await;
    assert_eq!(shape(&right), shape(&last), "a locked user looks like a wrong passcode");
    assert_eq!(shape(&nobody), shape(&last), "an unknown user looks like a wrong passcode");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_given_the_same_salt_again_for_somebody_who_is_not_there() {
    let mut house = House::open().await;
    house.register("cora").await;
    let token = house.authentication.clone();
    for person in ["cora", "nobody-of-that-name"] {
        let (_, first) = house.begin(&token, person).await;
        let (_, second) = house.begin(&token, person).await;
        let (one, two) = (challenge(&first), challenge(&second));
        assert_eq!((&one.0, &one.1), (&two.0, &two.1), "{person}: identity and salt stay");
        assert_ne!(one.2, two.2, "{person}: the server's key is fresh");
        assert_eq!(shape(&first), shape(&second));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permitted_caller_registers_and_verifies_a_passcode_without_a_journey() {
    let mut house = House::open().await;
    let store = "/api/identity-store/stores/demo";
    let added = json!({"externalId": "dora"});
    house.api.post(&format!("{store}/users"), &added).await;
    let start = format!("{store}/users/dora/passcodes/registrations/default/ext");
    let session = house.api.post(&start, &json!({})).await;
    let id = session["sessionId"].as_str().expect("a session");
    let complete = format!("{store}/passcodes/registrations/sessions/{id}");
    let user = house.api.post(&complete, &new_passcode(&session, PASSCODE)).await;
    assert_eq!(user["user"]["externalId"], "dora", "{user}");

    let start = format!("{store}/users/dora/passcodes/authentications/default/ext");
    for (passcode, accepted) in [(PASSCODE, true), ("Sonne+7oben!", false)] {
        let session = house.api.post(&start, &json!({})).await;
        let id = session["sessionId"].as_str().expect("a session");
        let complete = format!("{store}/passcodes/authentications/sessions/{id}");
        let (proof, m2) = proof_of_passcode(&session, passcode);
        let answer = house.api.call("POST", &complete, Some(&proof)).await.expect("an answer");
        let told = answer.json();
        if accepted {
            assert_eq!(answer.status, 200, "{told}");
            let proved = &told["algorithmInfo"]["parameters"]["m2"];
            assert_eq!(proved, &json!(BASE64.encode(&m2)), "the server knows the verifier");
        } else {
            assert_eq!((answer.status, &told["code"]), (400, &json!(2615)), "{told}");
            assert_eq!(
                told["user"]["externalId"], "dora",
                "the caller sees the lock state: {told}"
            );
        }
        let again = house.api.call("POST", &complete, Some(&proof)).await.expect("an answer");
        assert!([400, 404].contains(&again.status), "a session is good for one proof");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_key_of_zero_is_refused_like_a_wrong_passcode() {
    let mut house = House::open().await;
    house.register("emil").await;
    let token = house.authentication.clone();
    let width = srp::modulus().len();
    for key in [vec![0; width], srp::modulus(), vec![1; width + 1]] {
        let (mut user, step) = house.begin(&token, "emil").await;
        let (mut answer, _) = proof_of_passcode(&step, PASSCODE);
        answer["srpVerificationData"]["clientPublicKey"] = json!(BASE64.encode(&key));
        let told = user.go_on(&step, answer).await.expect("an answer");
        assert!(told.status < 500, "{}", told.text());
        assert_ne!(told.json()["outcome"], "ACCEPTED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_uses_at_once_of_a_token_for_one_only_one_wins() {
    let mut house = House::open().await;
    for round in 0..5 {
        let limited = json!({"type": "MULTI_USE_COUNT_LIMITED", "maxCount": 1});
        let token = house.api.token(&format!("once-{round}"), REGISTRATION, limited).await;
        let token = token["id"].as_str().expect("a token").to_owned();
        let mut uses = JoinSet::new();
        for use_number in 0..20 {
            let mut api = Api::open(house.server.port, &house.server.admin_key()).await;
            let (token, person) = (token.clone(), format!("racer-{round}-{use_number}"));
            uses.spawn(async move { api.create(&token, &parameters(&person)).await });
        }
        let mut statuses = Vec::new();
        while let Some(answer) = uses.join_next().await {
            statuses.push(answer.expect("a use").expect("an answer").status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| (400..500).contains(status)), "{statuses:?}");
        assert_eq!(house.api.uses(&token).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_and_a_stale_answer_are_turned_away_and_shown_the_way_on() {
    let mut house = House::open().await;
    let token = house.registration.clone();
    let (mut user, step) = house.begin(&token, "frida").await;
    let instance = step["processInstanceId"].as_str().expect("an instance").to_owned();
    let mut other = EndUser::new(house.server.port);
    let taken = other.start(&instance).await.expect("an answer");
    assert!([403, 404].contains(&taken.status), "{}", taken.text());
    let answered = other.go_on(&step, new_passcode(&step, PASSCODE)).await.expect("an answer");
    assert!([403, 404].contains(&answered.status), "{}", answered.text());

    let looked_again = user.start(&instance).await.expect("an answer").expect(200).json();
    assert_eq!(looked_again["topicName"], step["topicName"]);
    let mut stale = looked_again.clone();
    stale["nonce"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAA");
    let refused = user.go_on(&stale, new_passcode(&step, PASSCODE)).await.expect("an answer");
    let refused = refused.expect(409).json();
    let present = &refused["present"];
    assert_eq!(present["topicName"], step["topicName"], "{refused}");
    let done = user.go_on(present, new_passcode(present, PASSCODE)).await.expect("an answer");
    assert_eq!(done.expect(200).json()["outcome"], "ACCEPTED");
}

/// Names of members and types of values, without the values: what a stranger could tell apart.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), shape(value))).collect()
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(text) => json!(text.len()),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}
