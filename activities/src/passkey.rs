//! Passkeys: registered and proven in two halves each, and removed.

mod authentication_form;
mod ceremony;
mod complete_authentication;
mod complete_registration;
mod deregister;
mod registration_form;
mod start_authentication;
mod start_registration;

pub(crate) use authentication_form::PasskeyAuthenticationForm;
pub(crate) use complete_authentication::CompletePasskeyAuthentication;
pub(crate) use complete_registration::CompletePasskeyRegistration;
pub(crate) use deregister::DeregisterPasskey;
pub(crate) use registration_form::PasskeyRegistrationForm;
pub(crate) use start_authentication::StartPasskeyAuthentication;
pub(crate) use start_registration::StartPasskeyRegistration;

/// The key of a registration when the definition names none.
fn passkey_reg1() -> String {
    "passkeyReg1".to_owned()
}

/// The key of an authentication when the definition names none.
fn passkey_auth1() -> String {
    "passkeyAuth1".to_owned()
}

/// What the forms offer, and what fails a check, when the definition does not say.
fn yes() -> bool {
    true
}
