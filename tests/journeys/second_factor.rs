//! Authenticator apps, recovery codes and renewals in a real browser against the real binary.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use tests::authenticator::Authenticator;
use tests::folder::Folder;

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};

const PASSCODE: &str = "Sonne+7unten";
const OTHER: &str = "Mond-8droben";
const STORE: &str = "/api/identity-store/stores/demo";
const PERSON: &str = "demo-user";
const CODE: &str = "#field-submittedCode";
const RECOVERY_CODE: &str = "#field-recoveryCode";

/// Tokens for the three journeys.
struct Tokens {
    enrolment: String,
    recovery: String,
    renewal: String,
}

/// A server with the journeys, their forms and policies, and a person with a passcode.
async fn house(visitor: &Visitor) -> (House, Tokens) {
    let mut house = House::open().await;
    // A code of a minute ahead is taken as well, so that nobody has to wait for the next one.
    for (policies, policy) in [
        ("totpPolicy", json!({"policyName": "default", "issuer": "Example", "skew": 3})),
        ("recoveryCodePolicy", json!({"policyName": "default"})),
    ] {
        house.api.post(&format!("{STORE}/{policies}"), &policy).await;
    }
    for (name, _) in forms::library::ALL {
        if !forms::library::SEEDED.contains(name) {
            house.form(name).await;
        }
    }
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    let tokens = Tokens {
        enrolment: house.journey("totp-enrolment").await,
        recovery: house.journey("passcode-recovery").await,
        renewal: house.journey("passcode-renewal").await,
    };
    (house, tokens)
}

impl House {
    async fn lead(&mut self, visitor: &Visitor, token: &str) {
        let address = self.invite(token, PERSON).await;
        visitor.open(&address).await;
    }

    /// All that the interface tells operators of the instance that the visitor looks at.
    async fn operators_see(&mut self, visitor: &Visitor) -> String {
        let path = visitor.browser.run("return location.pathname").await;
        let instance = path.as_str().and_then(|path| path.rsplit('/').next()).expect("a path");
        let mut told = String::new();
        for part in ["", "/variables", "/state", "/history?limit=1000", "/withParameters"] {
            let path = format!("/api/process-manager/processInstances/{instance}{part}");
            told += &self.api.get(&path).await.to_string();
        }
        format!("{told} {} {}", self.user(PERSON).await, self.server.log())
    }
}

/// What an app with this key shows so many periods from now.
fn code(key: &str, ahead: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs();
    code_at(key, now / 30 + ahead)
}

/// What an app with this key shows in a period (RFC 6238 with SHA-1, 6 digits, 30 seconds).
fn code_at(key: &str, period: u64) -> String {
    let key = BASE32_NOPAD.decode(key.replace(' ', "").as_bytes()).expect("base32");
    let mut mac: Hmac<Sha1> = Hmac::new_from_slice(&key).expect("keys have any length");
    mac.update(&period.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().expect("four bytes"));
    let code = (word & 0x7FFF_FFFF) % 1_000_000;
    format!("{:03} {:03}", code / 1000, code % 1000)
}

#[test]
fn the_app_of_the_tests_shows_what_rfc_6238_says() {
    // Appendix B, at 59 seconds: 94287082 of eight digits.
    assert_eq!(code_at(&BASE32_NOPAD.encode(b"12345678901234567890"), 1), "287 082");
}

impl Visitor {
    async fn sign_in(&self, passcode: &str) {
        self.type_passcode(passcode).await;
        self.submit().await;
    }

    async fn enter(&self, field: &str, code: &str) {
        self.type_into(field, code).await;
        self.submit().await;
    }

    /// Enrols an app; gives its key, the code that this used, and the recovery codes.
    async fn enrol(&self, house: &mut House, tokens: &Tokens) -> (String, String, Vec<String>) {
        house.lead(self, &tokens.enrolment).await;
        self.sign_in(PASSCODE).await;
        self.until(CODE).await;
        let key = self.text(".keep-key").await;
        let first = code(&key, 0);
        self.enter(CODE, &first).await;
        let codes = self.codes().await;
        self.tick().await;
        self.submit().await;
        (key, first, codes)
    }

    async fn codes(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('.keep-codes code')].map((one) => one.textContent)";
        serde_json::from_value(self.browser.run(script).await).expect("texts")
    }

    /// Presses the button that copies, and waits until the page says that it has.
    async fn copy(&self) {
        self.click("[data-copy]").await;
        let said = "document.querySelector('.keep-status').textContent === 'Copied.'";
        self.browser.until(said).await;
    }

    async fn tick(&self) {
        self.browser.run("document.querySelector('#field-kept').click()").await;
    }

    async fn choose(&self, factor: &str) {
        self.browser.run(&format!("document.querySelector('[value={factor}]').click()")).await;
        self.submit().await;
    }
}

/// An enrolment from its first page to its last, each page looked at.
async fn tour(visitor: &Visitor) {
    let (mut house, tokens) = house(visitor).await;
    house.lead(visitor, &tokens.enrolment).await;
    visitor.sign_in(PASSCODE).await;
    visitor.until(CODE).await;
    visitor.look("totp-registration").await;
    let key = visitor.text(".keep-key").await;
    let script = "const field = document.querySelector('#field-submittedCode');
        return [field.autocomplete, field.inputMode, document.querySelector('.qr-open').href]";
    let told = visitor.browser.run(script).await;
    assert_eq!((&told[0], &told[1]), (&json!("one-time-code"), &json!("numeric")));
    let bare = key.replace(' ', "");
    let address = told[2].as_str().expect("an address");
    assert!(address.starts_with("otpauth://totp/") && address.contains(&bare), "{address}");
    let seen = house.operators_see(visitor).await;
    assert!(seen.contains("currentTOTP") && !seen.contains(&bare), "{seen}");

    visitor.enter(CODE, "000000").await;
    visitor.until(SUMMARY).await;
    assert_eq!(visitor.text(".keep-key").await, key, "a wrong code changes nothing");
    visitor.look("totp-registration-refused").await;
    visitor.enter(CODE, &code(&key, 0)).await;
    let codes = visitor.codes().await;
    assert_eq!(codes.len(), 10);
    visitor.look("recovery-codes").await;
    let seen = house.operators_see(visitor).await;
    assert!(seen.contains("recoveryCodes1") && !codes.iter().any(|code| seen.contains(code)));
    visitor.press().await;
    visitor.until(SUMMARY).await;
    visitor.look("recovery-codes-not-kept").await;
    assert_eq!(visitor.codes().await, codes, "they stay until somebody says that they are kept");
    visitor.tick().await;
    visitor.submit().await;
    visitor.look("enrolled").await;
    let user = house.user(PERSON).await;
    assert_eq!(user["summaryInfo"]["totps"][0]["status"], "ACTIVE", "{user}");

    house.lead(visitor, &tokens.recovery).await;
    visitor.look("second-factor-choice").await;
    visitor.choose("code").await;
    visitor.look("recovery-code").await;
    visitor.enter(RECOVERY_CODE, "AAAA-BBBB-CCCC-DDDD").await;
    visitor.until(SUMMARY).await;
    visitor.look("recovery-code-refused").await;
    house.lead(visitor, &tokens.recovery).await;
    visitor.choose("app").await;
    visitor.look("totp").await;
    visitor.enter(CODE, "000000").await;
    visitor.until(SUMMARY).await;
    visitor.look("totp-refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_enrolled_and_its_secrets_show_on_the_page_alone() {
    let visitor = Visitor::photographer("en").await;
    tour(&visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_enrolled_in_arabic_from_right_to_left() {
    let visitor = Visitor::photographer("ar").await;
    tour(&visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_enrolled_in_german() {
    let visitor = Visitor::photographer("de").await;
    tour(&visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_good_once_and_a_forgotten_passcode_is_replaced_by_either_without_scripts() {
    let visitor = Visitor::new("en").await;
    let (mut house, tokens) = house(&visitor).await;
    let (key, first, codes) = visitor.enrol(&mut house, &tokens).await;

    // A code that was used, by the enrolment, is not good again.
    house.lead(&visitor, &tokens.recovery).await;
    visitor.browser.scripts(false).await;
    visitor.choose("app").await;
    visitor.enter(CODE, &first).await;
    let refused = visitor.text(SUMMARY).await;
    assert!(refused.contains("was not accepted"), "{refused}");
    let used = code(&key, 2);
    visitor.enter(CODE, &used).await;
    visitor.browser.scripts(true).await;
    visitor.browser.page.refresh().await.expect("the page again");
    visitor.sign_in(OTHER).await;
    assert_eq!(visitor.heading().await, "All done");
    let user = house.user(PERSON).await;
    assert_eq!(user["summaryInfo"]["totps"][0]["status"], "ACTIVE", "the factor stays: {user}");
    house.lead(&visitor, &tokens.recovery).await;
    visitor.choose("app").await;
    visitor.enter(CODE, &used).await;
    visitor.until(SUMMARY).await;

    // People type codes in small letters and with blanks.
    let typed = codes[3].to_lowercase().replace('-', " ");
    for good in [true, false] {
        house.lead(&visitor, &tokens.recovery).await;
        visitor.choose("code").await;
        visitor.enter(RECOVERY_CODE, &typed).await;
        if good {
            visitor.sign_in(PASSCODE).await;
            assert_eq!(visitor.heading().await, "All done");
        } else {
            let refused = visitor.text(SUMMARY).await;
            assert!(refused.contains("was not accepted"), "{refused}");
        }
    }
    let user = house.user(PERSON).await;
    assert_eq!(user["summaryInfo"]["recoveryCodes"][0]["remaining"], 9, "{user}");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_codes_are_copied_downloaded_and_printed_as_they_are_shown() {
    let visitor = Visitor::photographer("en").await;
    let (mut house, tokens) = house(&visitor).await;
    let browser = &visitor.browser;
    browser.lets_copy().await;
    house.lead(&visitor, &tokens.enrolment).await;
    visitor.sign_in(PASSCODE).await;
    visitor.until(CODE).await;
    let key = visitor.text(".keep-key").await;
    visitor.copy().await;
    assert_eq!(browser.clipboard().await, key.replace(' ', ""));
    visitor.enter(CODE, &code(&key, 0)).await;
    let codes = visitor.codes().await;
    assert_eq!(codes.len(), 10);

    visitor.copy().await;
    assert_eq!(browser.clipboard().await, codes.join("\n"));
    visitor.look("recovery-codes-copied").await;
    browser.run("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))").await;
    visitor.click("[data-copy]").await;
    browser
        .until("document.querySelector('.keep-status').textContent.includes('is selected')")
        .await;
    let marked = browser.run("return getSelection().toString()").await;
    assert!(codes.iter().all(|code| marked.as_str().is_some_and(|all| all.contains(code))));
    let folder = Folder::new("downloads");
    browser.downloads_to(folder.path()).await;
    visitor.click("[data-save]").await;
    let file = browser.downloaded(&folder.path().join("codes.txt")).await;
    assert_eq!(file, codes.join("\r\n") + "\r\n");

    // The paper has what the codes are for and the codes, also when something was wrong before.
    visitor.press().await;
    visitor.until(SUMMARY).await;
    browser.run("window.opened = 0; window.print = () => { window.opened += 1; }").await;
    visitor.click("[data-print]").await;
    assert_eq!(browser.run("return window.opened").await, 1);
    browser.on_paper(true).await;
    let paper = visitor.text("body").await;
    let mut lines = paper.lines().map(str::trim).filter(|line| !line.is_empty());
    assert_eq!(lines.next(), Some("Gatewright"));
    assert_eq!(lines.next(), Some("Keep your recovery codes"));
    assert!(lines.next().is_some_and(|lead| lead.contains("Each works once")));
    assert_eq!(lines.next(), Some("Your recovery codes"));
    assert_eq!(lines.collect::<Vec<_>>(), codes);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_passkey_signs_in_another_way_with_a_code_that_was_not_used() {
    let visitor = Visitor::photographer("en").await;
    let (mut house, tokens) = house(&visitor).await;
    let (key, first, _) = visitor.enrol(&mut house, &tokens).await;
    let sign_in = house.journey("passkey-sign-in").await;
    Authenticator::plug_in(&visitor.browser, json!({"automaticPresenceSimulation": false})).await;
    house.lead(&visitor, &sign_in).await;
    visitor.type_into("#field-userName", PERSON).await;
    visitor.go_another_way().await;
    visitor.sign_in(PASSCODE).await;
    visitor.until(CODE).await;
    visitor.look("another-way-code").await;
    visitor.enter(CODE, &first).await;
    assert!(visitor.text(SUMMARY).await.contains("was not accepted"), "it was used");
    visitor.enter(CODE, &code(&key, 2)).await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_and_somebody_without_a_second_factor_see_the_same() {
    let visitor = Visitor::new("en").await;
    let (mut house, tokens) = house(&visitor).await;
    let mut seen = Vec::new();
    for person in [PERSON, "nobody"] {
        for (factor, field) in [("app", CODE), ("code", RECOVERY_CODE)] {
            let address = house.invite(&tokens.recovery, person).await;
            visitor.open(&address).await;
            visitor.choose(factor).await;
            let mut pages = Vec::new();
            for _ in 0..3 {
                visitor.enter(field, "123456").await;
                pages.push(visitor.text("main").await);
            }
            seen.push(pages);
        }
    }
    assert_eq!(seen[..2], seen[2..]);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_an_expired_passcode_renews_it_and_is_signed_in() {
    let visitor = Visitor::photographer("en").await;
    let (mut house, tokens) = house(&visitor).await;
    let user = house.user(PERSON).await;
    let id = user["summaryInfo"]["passcodes"][0]["id"].as_str().expect("a passcode").to_owned();
    let path = format!("{STORE}/users/{PERSON}/passcodes/{id}/ext");
    let past = json!({"status": "ACTIVE", "expirationDtm": "2026-01-01T00:00:00Z"});
    let expired: Value = house.api.post(&path, &past).await;
    assert_eq!(expired["status"], "EXPIRED", "{expired}");

    house.lead(&visitor, &tokens.renewal).await;
    visitor.sign_in(OTHER).await;
    assert_eq!(visitor.heading().await, "Sign in", "a stranger is not told that it has expired");
    visitor.sign_in(PASSCODE).await;
    visitor.until("[data-current]").await;
    visitor.look("renewal").await;
    visitor.type_passcode(OTHER).await;
    visitor.press().await;
    visitor.until(SUMMARY).await;
    let summary = visitor.text(SUMMARY).await;
    assert!(summary.ends_with("Please enter your current passcode."), "{summary}");
    visitor.look("renewal-without-the-current").await;
    visitor.click("[data-error-summary] a").await;
    let focused = "return document.activeElement.matches('[data-current]')";
    assert_eq!(visitor.browser.run(focused).await, true, "the link leads to the field");
    visitor.type_into("[data-current]", OTHER).await;
    visitor.type_passcode(OTHER).await;
    visitor.submit().await;
    visitor.until(SUMMARY).await;
    visitor.look("renewal-refused").await;
    visitor.type_into("[data-current]", PASSCODE).await;
    visitor.type_passcode(OTHER).await;
    visitor.look("renewal-ready").await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");

    house.lead(&visitor, &tokens.renewal).await;
    visitor.sign_in(OTHER).await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.leave().await;
}
