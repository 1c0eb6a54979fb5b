//! Passcodes: registered, proven and removed, each ceremony in the three steps start, form and complete.

mod authentication_form;
mod ceremony;
mod complete_authentication;
mod complete_registration;
mod deregister;
mod registration_form;
mod start_authentication;
mod start_registration;

pub(crate) use authentication_form::PasscodeAuthenticationForm;
pub(crate) use complete_authentication::CompletePasscodeAuthentication;
pub(crate) use complete_registration::CompletePasscodeRegistration;
pub(crate) use deregister::DeregisterPasscode;
pub(crate) use registration_form::PasscodeRegistrationForm;
pub(crate) use start_authentication::StartPasscodeAuthentication;
pub(crate) use start_registration::StartPasscodeRegistration;

/// The key of a registration when the definition names none.
fn passcode_reg1() -> String {
    "passcodeReg1".to_owned()
}

/// The key of an authentication when the definition names none.
fn passcode_auth1() -> String {
    "passcodeAuth1".to_owned()
}
