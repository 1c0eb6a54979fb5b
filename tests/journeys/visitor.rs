//! Somebody with a browser: opens links, reads the page, types, submits, looks for flaws.

use serde_json::{Value, json};
use tests::browser::{Browser, Look};
use thirtyfour::prelude::*;

/// The passcode field of a form.
const FIELD: &str = "[data-passcode] input";
/// The button that sends the form.
const SUBMIT: &str = "form button[type=submit]:enabled";
/// The box above a form that lists what was wrong.
pub(crate) const SUMMARY: &str = "[data-error-summary], .error-summary, [role=alert]";

/// One person with one browser.
pub(crate) struct Visitor {
    pub(crate) browser: Browser,
    language: &'static str,
    pictures: bool,
}

impl Visitor {
    /// Somebody who reads this language.
    pub(crate) async fn new(language: &'static str) -> Visitor {
        Visitor { browser: Browser::open(language).await, language, pictures: false }
    }

    /// Somebody who keeps pictures of the pages that are looked at.
    pub(crate) async fn photographer(language: &'static str) -> Visitor {
        Visitor { pictures: true, ..Visitor::new(language).await }
    }

    pub(crate) async fn leave(self) {
        self.browser.close().await;
    }

    /// Opens an address and waits for the page.
    pub(crate) async fn open(&self, url: &str) {
        self.browser.page.goto(url).await.expect("the page opens");
        self.browser.until("document.querySelector('h1')").await;
    }

    /// The page's heading.
    pub(crate) async fn heading(&self) -> String {
        self.text("h1").await
    }

    /// The page's title, which a screen reader reads first.
    pub(crate) async fn title(&self) -> String {
        self.browser.page.title().await.expect("a title")
    }

    /// The text of the first element that fits.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({})?.innerText ?? ''", json!(selector));
        self.browser.run(&script).await.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Waits until an element that fits is there.
    pub(crate) async fn until(&self, selector: &str) {
        self.browser.until(&format!("document.querySelector({})", json!(selector))).await;
    }

    /// Types into the passcode field, from its beginning.
    pub(crate) async fn type_passcode(&self, text: &str) {
        self.type_into(FIELD, text).await;
    }

    /// Types into a field, from its beginning.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let field = self.browser.page.find(By::Css(selector)).await.expect("a field");
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("typing");
    }

    /// The rules of a new passcode, and whether the page says that they are met.
    pub(crate) async fn rules(&self) -> Vec<(String, bool)> {
        let script = "return [...document.querySelectorAll('[data-rule]')].map((rule) =>
            [rule.dataset.rule, rule.classList.contains('is-met')])";
        let rules = self.browser.run(script).await;
        serde_json::from_value(rules).expect("rules")
    }

    /// Sends the form and waits for the page that comes instead of this one, and not for a moment only.
    pub(crate) async fn submit(&self) {
        self.browser.run("window.beforeSubmit = true").await;
        self.press().await;
        let there = "!window.beforeSubmit && document.querySelector('h1')
            && !document.querySelector('[data-message=moment]')";
        self.browser.until(there).await;
    }

    /// Presses the button as soon as it can be pressed, and waits for nothing.
    pub(crate) async fn press(&self) {
        self.until(SUBMIT).await;
        self.click(SUBMIT).await;
    }

    /// Clicks the first element that fits.
    pub(crate) async fn click(&self, selector: &str) {
        let found = self.browser.page.find(By::Css(selector)).await.expect("an element");
        found.click().await.expect("a click");
    }

    /// Looks at the page: no violation of accessibility, nothing bad in the console, language and
    /// direction as they should be, no sideways scrolling; with pictures if they are wanted.
    pub(crate) async fn look(&self, name: &str) {
        let here = format!("{name} in {}", self.language);
        let errors = self.browser.console_errors().await;
        assert!(errors.is_empty(), "{here}: {errors:#?}");
        let html =
            self.browser.run("const e = document.documentElement; return [e.lang, e.dir]").await;
        let direction = if self.language == "ar" { "rtl" } else { "ltr" };
        assert_eq!(html, json!([self.language, direction]), "{here}");
        for dark in [false, true] {
            for width in [1280, 768, 320] {
                let look = Look { width, dark };
                self.browser.look(look).await;
                self.check(&format!("{here}, {look:?}"), width).await;
                if self.pictures {
                    self.browser.picture(&format!("{name}-{}", self.language), look).await;
                }
            }
        }
        self.browser.look(Look { width: 1280, dark: false }).await;
    }

    /// Looks at a page that was made without scripts: the checker is a script itself, so that
    /// scripts are let in for it, and the page stays as it is.
    pub(crate) async fn look_without_scripts(&self, name: &str) {
        for dark in [false, true] {
            for width in [1280, 768, 320] {
                let look = Look { width, dark };
                self.browser.picture(&format!("{name}-{}", self.language), look).await;
            }
        }
        self.browser.scripts(true).await;
        self.check(name, 320).await;
        self.browser.scripts(false).await;
    }

    async fn check(&self, here: &str, width: u32) {
        let flaws = self.browser.accessibility_flaws().await;
        assert!(flaws.is_empty(), "{here}: {flaws:#?}");
        let wide = self.browser.run("return document.documentElement.scrollWidth").await;
        assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{here}: {wide} wide");
        let script = "return [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
            .filter((one) => one.offsetParent !== null && one.type !== 'hidden')
            .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([what, box]) => what + ' ' + box.width + 'x' + box.height)";
        let small = self.browser.run(script).await;
        assert_eq!(small, Value::Array(Vec::new()), "{here}: targets below 24 px");
    }
}
