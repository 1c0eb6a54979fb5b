//! Recovery codes: made and shown once, checked, removed.

mod confirm;
mod deregister;
mod generate;
mod recovery_code_authentication;

pub(crate) use confirm::ConfirmRecoveryCodes;
pub(crate) use deregister::DeregisterRecoveryCodes;
pub(crate) use generate::GenerateRecoveryCodes;
pub(crate) use recovery_code_authentication::RecoveryCodeAuthentication;

/// The key under which recovery codes are kept when the definition names none.
fn recovery_codes1() -> String {
    "recoveryCodes1".to_owned()
}
