//! The lane for hashes of another system, in a real browser against the real binary: a passcode is shown once.

use serde_json::json;

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};

const STORE: &str = "/api/identity-store/stores/demo";
/// The passcode of each hash below.
const PASSCODE: &str = "correct horse";
const HASHES: [(&str, &str); 3] = [
    ("bcrypt", "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"),
    (
        "scrypt",
        "$scrypt$ln=12,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$upE7pamnXlJ1rNMucI8rm5MKiWajcHEe5WukI5EBtho",
    ),
    (
        "pbkdf2",
        "$pbkdf2-sha256$i=10000$c2FsdHNhbHRzYWx0c2FsdA$M5fgfTQFdt/UZ9ItXSpJUbfh+t3SP1e/381emb1bpCs",
    ),
];
/// The hash of `password`, of the argon2 reference.
const COMMON: &str =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
const OWN: &str = "Sonne+7unten";

impl House {
    /// Brings somebody with a hash.
    async fn bring(&mut self, person: &str, hash: &str) {
        let passcodes = json!([{"policyName": "default", "hash": hash}]);
        let line = json!({"externalId": person, "passcodes": passcodes});
        let path = format!("{STORE}/import?importId={person}");
        let told = self.api.send_lines(&path, &format!("{line}\n")).await;
        assert!(told.contains("\"created\":1"), "{told}");
    }

    /// How often the wire has carried a passcode, however it was written.
    fn carried(&self, passcode: &str) -> usize {
        let form: String = url::form_urlencoded::byte_serialize(passcode.as_bytes()).collect();
        let sent = self.wire.sent();
        sent.matches(passcode).count()
            + if form == passcode { 0 } else { sent.matches(&form).count() }
    }
}

impl Visitor {
    async fn signs_in(&self, house: &mut House, person: &str, passcode: &str) -> bool {
        let token = house.authentication.clone();
        let address = house.invite(&token, person).await;
        self.open(&address).await;
        self.type_passcode(passcode).await;
        self.submit().await;
        self.heading().await == "All done"
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_hash_mistypes_signs_in_and_never_shows_the_passcode_again() {
    let mut house = House::open().await;
    let visitor = Visitor::photographer("en").await;
    for (person, hash) in HASHES {
        house.bring(person, hash).await;
        let token = house.authentication.clone();
        let address = house.invite(&token, person).await;
        visitor.open(&address).await;
        visitor.type_passcode("wrong horse").await;
        visitor.submit().await;
        let refused = visitor.text(SUMMARY).await;
        assert!(refused.contains("was not accepted"), "{person}: {refused}");
        visitor.type_passcode(PASSCODE).await;
        visitor.submit().await;
        assert_eq!(visitor.heading().await, "All done", "{person}");
        let user = house.user(person).await;
        assert_eq!(user["summaryInfo"]["passcodes"][0]["status"], "ACTIVE", "{user}");
    }
    assert_eq!(house.carried(PASSCODE), HASHES.len(), "once for each of them");
    for (person, _) in HASHES {
        assert!(visitor.signs_in(&mut house, person, PASSCODE).await, "{person}");
        assert!(!visitor.signs_in(&mut house, person, "wrong horse").await, "{person}");
    }
    assert_eq!(house.carried(PASSCODE), HASHES.len(), "by SRP from now on");
    let errors = visitor.browser.console_errors().await;
    assert!(errors.is_empty(), "{errors:?}");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_passcode_of_somebody_with_a_verifier_stays_on_the_page_while_others_wait() {
    let mut house = House::open().await;
    let visitor = Visitor::new("en").await;
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(OWN).await;
    visitor.submit().await;
    house.bring("bcrypt", HASHES[0].1).await;
    assert!(visitor.signs_in(&mut house, "demo-user", OWN).await);
    assert_eq!(house.carried(OWN), 0);
    assert!(!visitor.signs_in(&mut house, "nobody", "wrong horse").await);
    assert_eq!(
        house.carried("wrong horse"),
        1,
        "whoever is not there is asked like everybody else"
    );
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_with_a_common_passcode_renews_it_in_the_same_journey() {
    let mut house = House::open().await;
    house.form("passcode-renewal").await;
    let renewal = house.journey("passcode-renewal").await;
    house.bring("paula", COMMON).await;
    let visitor = Visitor::new("en").await;
    let address = house.invite(&renewal, "paula").await;
    visitor.open(&address).await;
    visitor.type_passcode("password").await;
    visitor.submit().await;
    visitor.until("[data-current]").await;
    visitor.type_into("[data-current]", "password").await;
    visitor.type_passcode(OWN).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    assert!(visitor.signs_in(&mut house, "paula", OWN).await);
    visitor.leave().await;
}
