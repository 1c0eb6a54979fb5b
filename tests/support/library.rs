//! Facts about the shipped journeys that tests have to know.

use serde_json::{Value, json};

/// The name of the shipped registration.
pub const REGISTRATION: &str = "passcode-registration";

/// The name of the shipped sign-in.
pub const AUTHENTICATION: &str = "passcode-authentication";

/// The parameters that tell a shipped journey whom it is about.
#[must_use]
pub fn parameters(person: &str) -> Value {
    json!({"userExternalId": person})
}
