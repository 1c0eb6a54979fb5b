//! The activities of the shipped journeys, as far as their stories need to know them.

use definitions::{ActivityShape, Catalog, ParameterKind, ParameterShape};

/// The name of each activity, its parameters and its errors; `*` marks one that asks the end user.
const ACTIVITIES: &[(&str, &str, &str)] = &[
    ("addUser", "storeName userExternalId userKey", "ExtIdNotUnique FailedToAddUser"),
    ("getUser", "storeName userExternalId userKey", "UserNotFound"),
    (
        "startPasscodeRegistration",
        "storeName passcodeKey userExternalId userKey passcodeRegistrationKey replacesPasscode",
        "UserNotFound PolicyNotFound PasscodeAlreadyRegistered UserNotActive",
    ),
    (
        "*passcodeRegistrationForm",
        "dataFormName dataFormVersion formDataKey passcodeRegistrationKey",
        "",
    ),
    (
        "completePasscodeRegistration",
        "passcodeRegistrationKey",
        "PasscodeRegistrationFailed PasscodeUsedBefore PasscodeTooCommon",
    ),
    (
        "startPasscodeAuthentication",
        "storeName passcodeKey userExternalId userKey passcodeAuthenticationKey",
        "PolicyNotFound",
    ),
    (
        "*passcodeAuthenticationForm",
        "dataFormName dataFormVersion formDataKey passcodeAuthenticationKey",
        "",
    ),
    (
        "completePasscodeAuthentication",
        "passcodeAuthenticationKey",
        "PasscodeAuthenticationFailed PasscodeExpired",
    ),
    (
        "deregisterPasscode",
        "storeName passcodePolicy userExternalId userKey",
        "UserNotFound PasscodeNotFound",
    ),
    (
        "startPasskeyRegistration",
        "storeName relyingPartyId registrationPolicy userKey passkeyUserName passkeyUserDisplayName \
         passkeyRegistrationKey",
        "UserNotFound PolicyNotFound ExtIdNotUnique UserNotActive TooManyPasskeys",
    ),
    (
        "*passkeyRegistrationForm",
        "dataFormName dataFormVersion formDataKey passkeyRegistrationKey",
        "AnotherWayChosen",
    ),
    (
        "completePasskeyRegistration",
        "passkeyRegistrationKey",
        "PasskeyRegistrationCancelled PasskeysNotSupported PasskeyRegistrationFailed",
    ),
    (
        "startPasskeyAuthentication",
        "storeName relyingPartyId authenticationPolicy userKey passkeyAuthenticationKey",
        "PolicyNotFound",
    ),
    (
        "*passkeyAuthenticationForm",
        "dataFormName dataFormVersion formDataKey passkeyAuthenticationKey",
        "AnotherWayChosen",
    ),
    (
        "completePasskeyAuthentication",
        "passkeyAuthenticationKey",
        "PasskeyAuthenticationCancelled PasskeysNotSupported PasskeyAuthenticationFailed",
    ),
    (
        "totpAuthentication",
        "storeName totpPolicy userKey submittedCode totpAuthenticationKey",
        "TotpAuthenticationFailed",
    ),
    (
        "recoveryCodeAuthentication",
        "storeName recoveryCodePolicy userExternalId userKey submittedCode \
         recoveryCodeAuthenticationKey",
        "RecoveryCodeAuthenticationFailed",
    ),
    (
        "*customDataForm",
        "dataFormName dataFormVersion formDataKey checkKey maxAttempts",
        "ExceededCustomDataFormRetake",
    ),
    ("simpleDecider", "decisionOnAnyFailure decisionVariable", ""),
    ("writeSummaryReport", "", ""),
];

/// The catalog for reading the library.
pub(crate) fn catalog() -> Catalog {
    let shapes = ACTIVITIES.iter().map(|(name, parameters, errors)| {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let parameter = |name| ParameterShape { name, kind: ParameterKind::Any, required: false };
        let bare = name.trim_start_matches('*').to_owned();
        let shape = ActivityShape {
            name: bare.clone(),
            aliases: Vec::new(),
            waits: bare != *name,
            parameters: words(parameters).into_iter().map(parameter).collect(),
            errors: words(errors),
            of_configuration: vec!["PolicyNotFound".to_owned()],
            ruled_out: Vec::new(),
            outputs: Vec::new(),
            check: |_, _| Vec::new(),
        };
        (bare, shape)
    });
    Catalog { activities: shapes.collect() }
}
