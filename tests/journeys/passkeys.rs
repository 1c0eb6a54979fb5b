//! Passkeys in a real browser with a virtual authenticator: made, used, refused, and gone without.

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};
use serde_json::{Value, json};
use std::fs;
use tests::authenticator::Authenticator;
use tests::folder;
use thirtyfour::prelude::*;

const PASSCODE: &str = "Sonne+7unten";
/// The button for those who have no passkey.
const OTHER: &str = "[name=anotherWay]";
/// The relying party of the demonstration.
const CONFIG: &str = "/api/identity-store/stores/demo/passkeyConfig/localhost";

impl House {
    /// A server with the forms of passkeys.
    pub(crate) async fn with_passkeys() -> House {
        let mut house = House::open().await;
        for name in ["passkey-registration", "passkey-authentication", "totp-authentication"] {
            let file = folder::root().join(format!("forms/library/{name}.json"));
            let form = fs::read_to_string(file).expect("the form is shipped");
            let body = json!({
                "name": name, "version": 1, "creationOption": "Save & Deploy", "resource": form,
            });
            house.api.post("/api/process-manager/customDataForms", &body).await;
        }
        house
    }

    /// Changes the policies `default` of the relying party.
    pub(crate) async fn policies(&mut self, registration: Value, authentication: Value) {
        let change = json!({
            "registrationPolicies": { "default": registration },
            "authenticationPolicies": { "default": authentication },
        });
        self.api.post(CONFIG, &change).await;
    }

    /// Deploys a shipped journey; gives a token for it.
    pub(crate) async fn shipped(&mut self, name: &str) -> String {
        let journey = definitions::library::ALL.iter().find(|journey| journey.name == name);
        self.api.deploy(name, journey.expect("it is shipped").yaml).await;
        self.api.unlimited_token(name).await
    }

    /// A journey that asks for a passkey and nothing else, as it is; gives a token for it. It ends with `out: way` as
    /// the name of what ended it.
    async fn ask_for_passkey(&mut self, name: &str, start: &str, form: &str) -> String {
        let yaml = format!(
            "name: {name}\nvariables: {{ _decision: FAIL }}\nsteps:\n\
             - activity: startPasskeyAuthentication\n  \
               with: {{ storeName: demo, relyingPartyId: localhost, authenticationPolicy: default{start} }}\n\
             - activity: passkeyAuthenticationForm\n  \
               with: {{ dataFormName: passkey-authentication, dataFormVersion: 1{form} }}\n  \
               on: [{{ error: AnotherWayChosen, then: another-way }}]\n\
             - activity: completePasskeyAuthentication\n  \
               out: {{ _decision: PASS }}\n  \
               on: [{{ error: any, then: refused }}]\n\
             - end: Signed in\n\
             - end: Another way\n\
             - end: Refused\n"
        );
        self.api.deploy(name, &yaml).await;
        self.api.unlimited_token(name).await
    }

    /// Makes somebody with a passcode and no passkey.
    pub(crate) async fn person(&mut self, name: &str, visitor: &Visitor) {
        let token = self.registration.clone();
        visitor.open(&self.invite(&token, name).await).await;
        visitor.type_passcode(PASSCODE).await;
        visitor.submit().await;
    }

    /// Leads somebody through the passcode of the enrolment, up to the page that makes a passkey.
    pub(crate) async fn begin_enrolment(&mut self, token: &str, name: &str, visitor: &Visitor) {
        visitor.open(&self.invite(token, name).await).await;
        visitor.type_passcode(PASSCODE).await;
        visitor.submit().await;
    }
}

impl Visitor {
    /// Chooses another way, and waits for the page that comes then.
    pub(crate) async fn go_another_way(&self) {
        self.browser.run("window.beforeSubmit = true").await;
        let button = self.browser.page.find(By::Css(OTHER)).await.expect("another way");
        button.click().await.expect("a click");
        self.browser.until("!window.beforeSubmit && document.querySelector('h1')").await;
    }

    /// The name that a page of a passcode holds ready, though nobody sees it there.
    async fn name_for_password_managers(&self) -> Value {
        let script = "const field = document.querySelector('[autocomplete=username]');
            return field && field.offsetParent === null && !field.name ? field.value : null";
        self.browser.run(script).await
    }

    /// Presses the button and reads what the page says is wrong.
    async fn refused(&self) -> String {
        self.press().await;
        self.until(SUMMARY).await;
        self.browser
            .until("document.querySelector('form').getAttribute('aria-busy') !== 'true'")
            .await;
        self.text(SUMMARY).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_after_a_passcode_and_signs_in_by_itself_and_by_the_button() {
    for language in ["en", "de", "ar"] {
        let mut house = House::with_passkeys().await;
        let enrolment = house.shipped("passkey-enrolment").await;
        let listed = house.ask_for_passkey("listed", "", "").await;
        let pressed = house.ask_for_passkey("pressed", "", ", autofill: false").await;
        let visitor = Visitor::photographer(language).await;
        let device = Authenticator::plug_in(&visitor.browser, json!({})).await;
        house.person("ada", &visitor).await;
        house.begin_enrolment(&enrolment, "ada", &visitor).await;
        visitor.look("passkey-enrolment").await;
        visitor.submit().await;
        visitor.look("passkey-made").await;
        assert_eq!(device.credentials(&visitor.browser).await.len(), 1, "{language}");
        let ada = house.user("ada").await;
        let passkey = &ada["summaryInfo"]["passkeys"][0];
        assert_eq!(
            (&passkey["userVerified"], &passkey["status"]),
            (&json!(true), &json!("ACTIVE"))
        );

        // The button, with nobody named: the passkey says who it is.
        visitor.open(&house.invite(&pressed, "").await).await;
        assert!(!visitor.browser.page.source().await.expect("HTML").contains("webauthn\""));
        visitor.look("passkey-sign-in").await;
        visitor.submit().await;
        assert_eq!(visitor.heading().await, done(language));
        // The list in the field for the name. The virtual authenticator chooses from it at once.
        let url = house.invite(&listed, "").await;
        visitor.browser.page.goto(&url).await.expect("the page opens");
        visitor
            .browser
            .until(&format!(
                "document.querySelector('h1')?.innerText === {}",
                json!(done(language))
            ))
            .await;
        let used = house.user("ada").await["summaryInfo"]["passkeys"][0].clone();
        assert!(used["signCount"].as_u64() > passkey["signCount"].as_u64(), "{used}");
        visitor.leave().await;
    }
}

/// The heading of a journey that has ended well.
fn done(language: &str) -> &'static str {
    match language {
        "de" => "Alles erledigt",
        "ar" => "اكتملت العملية",
        _ => "All done",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_field_for_the_name_lists_passkeys_and_the_page_waits_for_a_choice() {
    let mut house = House::with_passkeys().await;
    let listed = house.ask_for_passkey("listed", "", "").await;
    let visitor = Visitor::photographer("en").await;
    Authenticator::plug_in(&visitor.browser, json!({ "automaticPresenceSimulation": false })).await;
    visitor.open(&house.invite(&listed, "").await).await;
    let field =
        visitor.browser.run("return document.querySelector('#field-userName').autocomplete").await;
    assert_eq!(field, json!("username webauthn"));
    visitor.look("passkey-sign-in-listed").await;
    // A name and another way: the journey goes on with the name, and asks for one that is not there.
    visitor.go_another_way().await;
    assert!(visitor.text(SUMMARY).await.contains("user name"));
    visitor.look("passkey-sign-in-without-name").await;
    visitor.type_into("#field-userName", "ada").await;
    visitor.go_another_way().await;
    assert_eq!(visitor.heading().await, "This could not be completed");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_is_not_discoverable_serves_whoever_is_named() {
    let mut house = House::with_passkeys().await;
    house.policies(json!({ "residentKey": "DISCOURAGED" }), json!({})).await;
    let enrolment = house.shipped("passkey-enrolment").await;
    let who = ", userExternalId: '${_initVars[\"userExternalId\"]}'";
    let named = house.ask_for_passkey("named", who, ", autofill: false").await;
    let anybody = house.ask_for_passkey("anybody", "", ", autofill: false").await;
    let visitor = Visitor::new("en").await;
    let key = json!({ "hasResidentKey": false, "transport": "usb" });
    let device = Authenticator::plug_in(&visitor.browser, key).await;
    house.person("ada", &visitor).await;
    house.begin_enrolment(&enrolment, "ada", &visitor).await;
    visitor.submit().await;
    let made = device.credentials(&visitor.browser).await;
    assert_eq!(made[0]["isResidentCredential"], json!(false));
    visitor.open(&house.invite(&named, "ada").await).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    // Nobody else has it, and nobody is found by it alone.
    visitor.open(&house.invite(&named, "bob").await).await;
    assert!(visitor.refused().await.contains("did not finish"));
    visitor.open(&house.invite(&anybody, "").await).await;
    assert!(visitor.refused().await.contains("did not finish"));
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_says_whether_the_person_has_to_be_verified() {
    let mut house = House::with_passkeys().await;
    house
        .policies(
            json!({ "userVerification": "REQUIRED" }),
            json!({ "userVerification": "REQUIRED" }),
        )
        .await;
    let enrolment = house.shipped("passkey-enrolment").await;
    let sign_in = house.ask_for_passkey("verified", "", ", autofill: false").await;
    let visitor = Visitor::new("en").await;
    let device = Authenticator::plug_in(&visitor.browser, json!({ "isUserVerified": false })).await;
    house.person("ada", &visitor).await;
    house.begin_enrolment(&enrolment, "ada", &visitor).await;
    assert!(visitor.refused().await.contains("No passkey was created"));
    // The same page again, by the right person.
    device.verifies(&visitor.browser, true).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.open(&house.invite(&sign_in, "").await).await;
    device.verifies(&visitor.browser, false).await;
    assert!(visitor.refused().await.contains("did not finish"));
    visitor.open(&house.invite(&sign_in, "").await).await;
    house.policies(json!({}), json!({ "userVerification": "DISCOURAGED" })).await;
    visitor.open(&house.invite(&sign_in, "").await).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_has_a_passkey_makes_no_second_one_and_the_journey_goes_on_without() {
    let mut house = House::with_passkeys().await;
    let enrolment = house.shipped("passkey-enrolment").await;
    let visitor = Visitor::photographer("en").await;
    let device = Authenticator::plug_in(&visitor.browser, json!({})).await;
    house.person("ada", &visitor).await;
    for _ in 0..2 {
        house.begin_enrolment(&enrolment, "ada", &visitor).await;
        if device.credentials(&visitor.browser).await.is_empty() {
            visitor.submit().await;
        }
    }
    assert!(visitor.refused().await.contains("already has a passkey"));
    visitor.look("passkey-present").await;
    visitor.go_another_way().await;
    assert_eq!(visitor.heading().await, "All done");
    assert_eq!(device.credentials(&visitor.browser).await.len(), 1);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_cannot_do_is_said_and_another_way_stays_open() {
    let mut house = House::with_passkeys().await;
    let sign_in = house.ask_for_passkey("told", "", ", autofill: false").await;
    let alone = house.ask_for_passkey("alone", "", ", autofill: false, anotherWay: false").await;
    let throws = |name: &str| {
        format!("navigator.credentials.get = () => Promise.reject(new DOMException('', '{name}'));")
    };
    // The clock of the page runs an hour with each look at it.
    let clock = "let hour = 0; performance.now = () => (hour += 3600000);";
    let cases = [
        ("delete window.PublicKeyCredential;".to_owned(), "does not support", "unsupported"),
        (throws("NotSupportedError"), "does not support", ""),
        (throws("NotAllowedError"), "did not finish", "cancelled"),
        (throws("NotAllowedError") + clock, "time for this step is over", "timed-out"),
        (throws("SecurityError"), "could not use a passkey", ""),
    ];
    for (script, words, name) in cases {
        let visitor = Visitor::photographer("en").await;
        let source = json!({ "source": script });
        visitor.browser.tell("Page.addScriptToEvaluateOnNewDocument", source).await;
        visitor.open(&house.invite(&sign_in, "").await).await;
        let said = visitor.refused().await;
        assert!(said.contains(words), "{script}: {said}");
        assert_eq!(visitor.title().await, "Error: Sign in – Gatewright");
        if !name.is_empty() {
            visitor.look(&format!("passkey-{name}")).await;
        }
        visitor.type_into("#field-userName", "ada").await;
        visitor.go_another_way().await;
        assert_eq!(visitor.heading().await, "This could not be completed", "{script}");
        // Where there is no other way the journey goes on with it.
        visitor.open(&house.invite(&alone, "").await).await;
        assert!(visitor.text(OTHER).await.is_empty());
        visitor.submit().await;
        assert_eq!(visitor.heading().await, "This could not be completed", "{script}");
        visitor.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_page_with_scripts_off_says_what_it_needs_and_leaves_another_way() {
    let mut house = House::with_passkeys().await;
    let sign_in = house.ask_for_passkey("plain", "", "").await;
    let visitor = Visitor::photographer("en").await;
    visitor.browser.scripts(false).await;
    visitor.open(&house.invite(&sign_in, "").await).await;
    let said = visitor.text("main").await;
    assert!(said.contains("JavaScript"), "{said}");
    visitor.look_without_scripts("passkey-without-scripts").await;
    visitor.type_into("#field-userName", "ada").await;
    visitor.go_another_way().await;
    assert_eq!(visitor.heading().await, "This could not be completed");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_sign_in_takes_a_passkey_or_else_leads_to_the_passcode() {
    let mut house = House::with_passkeys().await;
    let enrolment = house.shipped("passkey-enrolment").await;
    let sign_in = house.shipped("passkey-sign-in").await;
    let visitor = Visitor::new("en").await;
    let device = Authenticator::plug_in(&visitor.browser, json!({})).await;
    house.person("ada", &visitor).await;
    house.begin_enrolment(&enrolment, "ada", &visitor).await;
    visitor.submit().await;
    device.is_touched(&visitor.browser, false).await;
    // Nobody touches the device: another way, by name and Enter.
    visitor.open(&house.invite(&sign_in, "").await).await;
    visitor.browser.run("window.beforeSubmit = true").await;
    visitor.type_into("#field-userName", "ada\u{E007}").await;
    visitor.browser.until("!window.beforeSubmit && document.querySelector('h1')").await;
    // A password manager learns whose passcode it is: they have just typed it.
    assert_eq!(visitor.name_for_password_managers().await, json!("ada"));
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "Enter your code");
    // Then it is touched, and the list in the field for the name is enough.
    device.is_touched(&visitor.browser, true).await;
    let url = house.invite(&sign_in, "").await;
    visitor.browser.page.goto(&url).await.expect("the page opens");
    visitor.browser.until("document.querySelector('h1')?.innerText === 'All done'").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_while_the_browser_asks_for_a_passkey_goes_another_way_with_a_name_and_waits_without()
{
    let mut house = House::with_passkeys().await;
    let enrolment = house.shipped("passkey-enrolment").await;
    let sign_in = house.shipped("passkey-sign-in").await;
    let visitor = Visitor::new("en").await;
    let device = Authenticator::plug_in(&visitor.browser, json!({})).await;
    house.person("ada", &visitor).await;
    house.begin_enrolment(&enrolment, "ada", &visitor).await;
    visitor.submit().await;
    let asks = "document.querySelector('form').getAttribute('aria-busy') === 'true'";

    // Nobody touches the device. Without a name nothing happens, and the browser goes on asking.
    device.is_touched(&visitor.browser, false).await;
    visitor.open(&house.invite(&sign_in, "").await).await;
    visitor.press().await;
    visitor.browser.until(asks).await;
    visitor.browser.run("window.beforeSubmit = true").await;
    visitor.type_into("#field-userName", "\u{E007}").await;
    let still = format!("return window.beforeSubmit && {asks}");
    assert_eq!(visitor.browser.run(&still).await, json!(true));
    assert_eq!(visitor.text(SUMMARY).await, "");

    // With a name it is the other way, and what the browser asked ends with the page.
    visitor.type_into("#field-userName", "ada\u{E007}").await;
    visitor.browser.until("!window.beforeSubmit && document.querySelector('h1')").await;
    assert_eq!(visitor.name_for_password_managers().await, json!("ada"));
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "Enter your code");
    visitor.leave().await;
}
