//! What people do with pages besides going forward: back, twice, elsewhere, too late, without scripts.

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};
use serde_json::json;

const FIRST: &str = "What is your name?";
const SECOND: &str = "Where do you live?";

impl House {
    /// A journey of two questions, of which the first waits for a while only; gives a token for it.
    async fn two_questions(&mut self, patience: &str) -> String {
        for (name, title) in [("first-question", FIRST), ("second-question", SECOND)] {
            let text = |text: &str| json!({"values": {"en": text}});
            let form = json!({
                "title": {"type": "title", "isValid": true, "values": {"en": title}},
                "components": [{
                    "type": "text", "id": "answer", "isValid": true, "readOnly": false,
                    "label": text("Your answer"), "default": "", "transient": false, "index": 0,
                    "validate": {"required": true, "minLength": 2, "maxLength": 20},
                }],
                "version": "1",
            });
            let body = json!({
                "name": name, "version": 1, "creationOption": "Save & Deploy",
                "resource": form.to_string(),
            });
            self.api.post("/api/process-manager/customDataForms", &body).await;
        }
        let yaml = format!(
            "name: two-questions\n\
             steps:\n\
             - id: first\n  \
               activity: customDataForm\n  \
               with: {{ dataFormName: first-question, dataFormVersion: 1, formDataKey: first }}\n  \
               on: [{{ timer: {patience}, then: late }}]\n\
             - id: second\n  \
               activity: customDataForm\n  \
               with: {{ dataFormName: second-question, dataFormVersion: 1, formDataKey: second }}\n\
             - activity: simpleDecider\n  \
               out: {{ _decision: \"${{decision}}\" }}\n\
             - end: Done\n\
             - end: Late\n"
        );
        self.api.deploy("two-questions", &yaml).await;
        let back = json!({"parameters": {"timeoutRedirectUrl": "https://example.com/again"}});
        let token = self.api.token("two", "two-questions", back).await;
        token["id"].as_str().expect("a token").to_owned()
    }
}

impl Visitor {
    async fn answer(&self, answer: &str) {
        self.type_into("#field-answer", answer).await;
        self.submit().await;
    }

    pub(crate) async fn address(&self) -> String {
        self.browser.page.current_url().await.expect("an address").to_string()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_tab_and_the_back_button_lead_to_the_present_step() {
    let mut house = House::open().await;
    let token = house.two_questions("PT1H").await;
    let url = house.invite(&token, "gita").await;
    let visitor = Visitor::new("en").await;
    visitor.open(&url).await;
    assert_eq!(visitor.heading().await, FIRST);
    let page = &visitor.browser.page;
    let first_tab = page.window().await.expect("a tab");
    let address = visitor.address().await;

    let second_tab = page.new_tab().await.expect("a tab");
    page.switch_to_window(second_tab).await.expect("the tab");
    visitor.open(&address).await;
    visitor.answer("Gita").await;
    assert_eq!(visitor.heading().await, SECOND);

    // The first tab still shows the first question: its answer is too late, and it is shown the second.
    page.switch_to_window(first_tab).await.expect("the tab");
    assert_eq!(visitor.heading().await, FIRST);
    visitor.answer("Somebody else").await;
    assert_eq!(visitor.heading().await, SECOND);
    visitor.look("after-a-stale-answer").await;

    // Back is a page that cannot be answered any more; whatever it shows, it leads to the second.
    page.back().await.expect("back");
    visitor.until("h1").await;
    if visitor.heading().await == FIRST {
        visitor.answer("Yet another").await;
    }
    assert_eq!(visitor.heading().await, SECOND);
    visitor.answer("Here").await;
    let ended = visitor.heading().await;
    page.back().await.expect("back");
    visitor.until("h1").await;
    if visitor.heading().await == SECOND {
        visitor.answer("There").await;
    }
    assert_eq!(visitor.heading().await, ended);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_on_the_button_is_one_answer() {
    let mut house = House::open().await;
    let token = house.two_questions("PT1H").await;
    let url = house.invite(&token, "gita").await;
    let visitor = Visitor::new("en").await;
    visitor.open(&url).await;
    visitor.type_into("#field-answer", "Gita").await;
    let twice = "window.beforeSubmit = true; const button = document.querySelector('form button[type=submit]');
        button.click(); button.click()";
    visitor.browser.run(twice).await;
    visitor.browser.until("!window.beforeSubmit && document.querySelector('h1')").await;
    assert_eq!(visitor.heading().await, SECOND);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_stays_as_it_is_until_there_is_another_which_comes_by_itself() {
    let mut house = House::open().await;
    house.two_questions("PT1H").await;
    let yaml = "name: progress\nsteps:\n\
        - activity: customDataForm\n  \
          with: { dataFormName: first-question, dataFormVersion: 1, hideButtons: true }\n  \
          on: [{ message: ready, then: end }]\n";
    house.api.deploy("progress", yaml).await;
    let token = house.api.unlimited_token("progress").await;
    let url = house.invite(&token, "gita").await;
    let visitor = Visitor::new("en").await;
    visitor.open(&url).await;
    visitor.browser.run("window.stays = true").await;
    let looks = "performance.getEntriesByName(location.href, 'resource').length >= 2";
    visitor.browser.until(looks).await;
    assert_eq!(visitor.browser.run("return window.stays").await, true, "it looked, and stays");
    visitor.look("progress").await;
    house.api.post("/api/process-manager/messages", &json!({"name": "ready"})).await;
    visitor.browser.until("!window.stays && document.querySelector('[data-message]')").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_is_not_let_in() {
    let mut house = House::open().await;
    let token = house.two_questions("PT1H").await;
    let url = house.invite(&token, "gita").await;
    let (owner, other) = (Visitor::new("en").await, Visitor::photographer("en").await);
    owner.open(&url).await;
    assert_eq!(owner.heading().await, FIRST);
    let address = owner.address().await;
    for address in [url.as_str(), address.as_str()] {
        other.open(address).await;
        assert_ne!(other.heading().await, FIRST, "{address}");
        assert!(other.text("form").await.is_empty(), "nothing to answer: {address}");
    }
    // A refused page is an error for the console, by its status alone.
    other.browser.console_errors().await;
    other.look("another-browser").await;
    owner.answer("Gita").await;
    assert_eq!(owner.heading().await, SECOND, "the owner is not harmed");
    owner.leave().await;
    other.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_a_passcode_works_with_scripts_off() {
    let mut house = House::open().await;
    let token = house.two_questions("PT1H").await;
    let url = house.invite(&token, "gita").await;
    let visitor = Visitor::photographer("en").await;
    visitor.open(&url).await;
    visitor.look("question").await;
    visitor.browser.scripts(false).await;
    visitor.open(&url).await;
    assert_eq!(visitor.heading().await, FIRST);
    // The browser's own check is what stops an empty answer; without it the server's does.
    visitor.browser.run("document.querySelector('form').noValidate = true").await;
    visitor.answer("G").await;
    assert_eq!(visitor.heading().await, FIRST);
    assert!(visitor.text(SUMMARY).await.contains("Your answer"), "the server says what is wrong");
    visitor.look_without_scripts("question-refused").await;
    visitor.answer("Gita").await;
    assert_eq!(visitor.heading().await, SECOND);
    visitor.answer("Here").await;
    assert_ne!(visitor.heading().await, SECOND);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passcode_form_with_scripts_off_says_what_it_needs() {
    let mut house = House::open().await;
    let token = house.registration.clone();
    let url = house.invite(&token, "gita").await;
    let visitor = Visitor::photographer("en").await;
    visitor.browser.scripts(false).await;
    visitor.open(&url).await;
    let said = visitor.text("main").await;
    assert!(said.to_lowercase().contains("script"), "{said}");
    visitor.look_without_scripts("passcode-without-scripts").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_expired_says_so_and_shows_the_way_back() {
    let mut house = House::open().await;
    let token = house.two_questions("PT1S").await;
    let visitor = Visitor::photographer("en").await;
    let url = house.invite(&token, "gita").await;
    visitor.open(&url).await;
    for _ in 0..400 {
        if visitor.heading().await != FIRST {
            break;
        }
        visitor.browser.page.refresh().await.expect("the page again");
        visitor.until("h1").await;
    }
    let said = visitor.text("main").await;
    assert!(said.to_lowercase().contains("session"), "{said}");
    let back = visitor.browser.run("return document.querySelector('main a')?.href").await;
    assert_eq!(back, json!("https://example.com/again"));
    visitor.browser.console_errors().await;
    visitor.look("expired").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_with_a_token_that_is_not_there_says_so_on_a_page() {
    let house = House::open().await;
    let visitor = Visitor::photographer("en").await;
    let link =
        house.server.link("registration").replace(&house.server.token("registration"), "AAAA");
    visitor.open(&link).await;
    visitor.browser.console_errors().await;
    visitor.look("unknown-link").await;
    visitor.leave().await;
}
