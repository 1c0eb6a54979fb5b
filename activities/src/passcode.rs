//! Passcodes: registered, proven, renewed and removed, each ceremony in the three steps start, form and complete.

mod authentication_form;
mod ceremony;
mod complete_authentication;
mod complete_registration;
mod complete_renewal;
mod deregister;
mod registration_form;
mod renewal_form;
mod start_authentication;
mod start_registration;
mod start_renewal;

pub(crate) use authentication_form::PasscodeAuthenticationForm;
pub(crate) use complete_authentication::CompletePasscodeAuthentication;
pub(crate) use complete_registration::CompletePasscodeRegistration;
pub(crate) use complete_renewal::CompletePasscodeRenewal;
pub(crate) use deregister::DeregisterPasscode;
pub(crate) use registration_form::PasscodeRegistrationForm;
pub(crate) use renewal_form::PasscodeRenewalForm;
pub(crate) use start_authentication::StartPasscodeAuthentication;
pub(crate) use start_registration::StartPasscodeRegistration;
pub(crate) use start_renewal::StartPasscodeRenewal;

/// The key of a registration when the definition names none.
fn passcode_reg1() -> String {
    "passcodeReg1".to_owned()
}

/// The key of an authentication when the definition names none.
fn passcode_auth1() -> String {
    "passcodeAuth1".to_owned()
}

/// The key of a renewal when the definition names none.
fn passcode_renewal1() -> String {
    "passcodeRenewal1".to_owned()
}
