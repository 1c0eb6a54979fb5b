//! Chromium's virtual authenticator, over the DevTools protocol.

use serde_json::{Value, json};

use crate::browser::Browser;

/// An authenticator that a browser window has.
pub struct Authenticator(String);

impl Authenticator {
    /// Gives a window an authenticator that is part of the device, discoverable, verifies the user and does not make
    /// anybody wait; `more` says what is different (`WebAuthn.VirtualAuthenticatorOptions`).
    pub async fn plug_in(browser: &Browser, more: Value) -> Authenticator {
        browser.tell("WebAuthn.enable", json!({ "enableUI": false })).await;
        let mut options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        for (member, value) in more.as_object().cloned().unwrap_or_default() {
            options[member] = value;
        }
        let added =
            browser.tell("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
        Authenticator(added["authenticatorId"].as_str().expect("an authenticator").to_owned())
    }

    /// The credentials that it has made.
    pub async fn credentials(&self, browser: &Browser) -> Vec<Value> {
        let of = json!({ "authenticatorId": self.0 });
        let told = browser.tell("WebAuthn.getCredentials", of).await;
        told["credentials"].as_array().cloned().unwrap_or_default()
    }

    /// Whether whoever holds it is the right person.
    pub async fn verifies(&self, browser: &Browser, verified: bool) {
        let of = json!({ "authenticatorId": self.0, "isUserVerified": verified });
        browser.tell("WebAuthn.setUserVerified", of).await;
    }

    /// Whether somebody touches it when it asks.
    pub async fn is_touched(&self, browser: &Browser, touched: bool) {
        let of = json!({ "authenticatorId": self.0, "enabled": touched });
        browser.tell("WebAuthn.setAutomaticPresenceSimulation", of).await;
    }
}
