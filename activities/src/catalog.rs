//! The list of all activities: adding one means a file, a `mod` line and a line here.

use crate::Plugin;
use crate::decision::SimpleDecider;
use crate::form::CustomDataForm;
use crate::passcode::{
    CompletePasscodeAuthentication, CompletePasscodeRegistration, CompletePasscodeRenewal,
    DeregisterPasscode, PasscodeAuthenticationForm, PasscodeRegistrationForm, PasscodeRenewalForm,
    StartPasscodeAuthentication, StartPasscodeRegistration, StartPasscodeRenewal,
};
use crate::passkey::{
    CompletePasskeyAuthentication, CompletePasskeyRegistration, DeregisterPasskey,
    PasskeyAuthenticationForm, PasskeyRegistrationForm, StartPasskeyAuthentication,
    StartPasskeyRegistration,
};
use crate::recovery::{
    ConfirmRecoveryCodes, DeregisterRecoveryCodes, GenerateRecoveryCodes,
    RecoveryCodeAuthentication,
};
use crate::report::WriteSummaryReport;
use crate::totp::{
    CompleteTotpRegistration, DeregisterTotp, GetCurrentTotp, StartTotpRegistration,
    TotpAuthentication,
};
use crate::user::{
    AddUser, DeleteUser, GetUser, LockUser, LockUserModality, UnlockUser, UnlockUserModality,
    UpdateUser,
};

/// Every activity of the house, in the order in which the designer and the manual show them.
pub static ALL: &[Plugin] = &[
    Plugin::local::<AddUser>(),
    Plugin::local::<GetUser>(),
    Plugin::local::<UpdateUser>(),
    Plugin::local::<DeleteUser>(),
    Plugin::local::<LockUser>(),
    Plugin::local::<UnlockUser>(),
    Plugin::local::<LockUserModality>(),
    Plugin::local::<UnlockUserModality>(),
    Plugin::local::<StartPasscodeRegistration>(),
    Plugin::waits::<PasscodeRegistrationForm>(),
    Plugin::local::<CompletePasscodeRegistration>(),
    Plugin::local::<StartPasscodeAuthentication>(),
    Plugin::waits::<PasscodeAuthenticationForm>(),
    Plugin::local::<CompletePasscodeAuthentication>(),
    Plugin::local::<StartPasscodeRenewal>(),
    Plugin::waits::<PasscodeRenewalForm>(),
    Plugin::local::<CompletePasscodeRenewal>(),
    Plugin::local::<DeregisterPasscode>(),
    Plugin::local::<StartPasskeyRegistration>(),
    Plugin::waits::<PasskeyRegistrationForm>(),
    Plugin::local::<CompletePasskeyRegistration>(),
    Plugin::local::<StartPasskeyAuthentication>(),
    Plugin::waits::<PasskeyAuthenticationForm>(),
    Plugin::local::<CompletePasskeyAuthentication>(),
    Plugin::local::<DeregisterPasskey>(),
    Plugin::local::<StartTotpRegistration>(),
    Plugin::local::<CompleteTotpRegistration>(),
    Plugin::local::<TotpAuthentication>(),
    Plugin::local::<GetCurrentTotp>(),
    Plugin::local::<DeregisterTotp>(),
    Plugin::local::<GenerateRecoveryCodes>(),
    Plugin::local::<ConfirmRecoveryCodes>(),
    Plugin::local::<RecoveryCodeAuthentication>(),
    Plugin::local::<DeregisterRecoveryCodes>(),
    Plugin::waits::<CustomDataForm>(),
    Plugin::local::<SimpleDecider>(),
    Plugin::local::<WriteSummaryReport>(),
];
