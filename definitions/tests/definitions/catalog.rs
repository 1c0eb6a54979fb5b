//! A catalog for the tests of this room, written by hand.

use definitions::{ActivityShape, Catalog, ParameterKind, ParameterShape, RuledOut};

/// The activities of the shipped journeys.
pub(crate) fn catalog() -> Catalog {
    let user = "userExternalId userId userKey";
    let screen = "screenId stepId screens:list";
    let form = "dataFormName! dataFormVersion!:int formDataKey";
    let all = [
        activity("addUser", "addUserV1", "", &["storeName! userAttributes:map", user])
            .raising("ExtIdNotUnique FailedToAddUser"),
        activity("getUser", "getUserV1", "", &["storeName!", user]).raising("UserNotFound"),
        activity(
            "startPasscodeRegistration",
            "startPasscodeRegistrationV1",
            "",
            &["storeName! passcodeKey! passcodeRegistrationKey replacesPasscode:bool", user],
        )
        .raising("UserNotFound PolicyNotFound PasscodeAlreadyRegistered UserNotActive"),
        activity(
            "passcodeRegistrationForm",
            "passcodeRegistrationFormV1",
            "waits",
            &[form, "passcodeRegistrationKey", screen],
        ),
        activity(
            "completePasscodeRegistration",
            "completePasscodeRegistrationV1",
            "",
            &["passcodeRegistrationKey passcodeRegistrationBrowserResponse"],
        )
        .raising("PasscodeRegistrationFailed PasscodeUsedBefore PasscodeTooCommon"),
        activity(
            "startPasscodeAuthentication",
            "startPasscodeAuthenticationV1",
            "",
            &["storeName! passcodeKey! passcodeAuthenticationKey", user],
        )
        .raising("PolicyNotFound"),
        activity(
            "passcodeAuthenticationForm",
            "passcodeAuthenticationFormV1",
            "waits",
            &[form, "passcodeAuthenticationKey", screen],
        ),
        activity(
            "completePasscodeAuthentication",
            "completePasscodeAuthenticationV1",
            "",
            &["passcodeAuthenticationKey passcodeAuthenticationBrowserResponse"],
        )
        .raising("PasscodeAuthenticationFailed PasscodeExpired"),
        activity(
            "startPasscodeRenewal",
            "",
            "",
            &["storeName! passcodePolicy! passcodeRenewalKey", user],
        )
        .raising("PolicyNotFound"),
        activity("passcodeRenewalForm", "", "waits", &[form, "passcodeRenewalKey", screen]),
        activity(
            "completePasscodeRenewal",
            "",
            "",
            &["passcodeRenewalKey passcodeRenewalBrowserResponse"],
        )
        .raising("PasscodeRenewalFailed PasscodeUsedBefore PasscodeTooCommon"),
        activity("deregisterPasscode", "", "", &["storeName! passcodePolicy!", user])
            .raising("UserNotFound PasscodeNotFound"),
        activity(
            "startTotpRegistration",
            "",
            "",
            &["storeName! totpPolicy! totpKey totpUserName", user],
        )
        .raising("UserNotFound UserNotActive TotpExists"),
        activity("completeTotpRegistration", "", "", &["submittedCode! totpKey"]).raising(
            "TotpCodeNotAccepted TotpRegistrationExpired TotpRegistrationNotFound UserNotActive",
        ),
        activity(
            "totpAuthentication",
            "",
            "",
            &["storeName! totpPolicy! submittedCode! totpAuthenticationKey", user],
        )
        .raising("TotpAuthenticationFailed"),
        activity(
            "generateRecoveryCodes",
            "",
            "",
            &["storeName! recoveryCodePolicy! recoveryCodesKey", user],
        )
        .raising("UserNotFound UserNotActive"),
        activity("confirmRecoveryCodes", "", "", &["recoveryCodesKey"]),
        activity(
            "recoveryCodeAuthentication",
            "",
            "",
            &["storeName! recoveryCodePolicy! submittedCode! recoveryCodeAuthenticationKey", user],
        )
        .raising("RecoveryCodeAuthenticationFailed"),
        activity(
            "startPasskeyRegistration",
            "",
            "",
            &[
                "storeName! relyingPartyId! registrationPolicy! passkeyUserName!",
                "passkeyUserDisplayName! passkeyRegistrationKey",
                user,
            ],
        )
        .raising("UserNotFound PolicyNotFound ExtIdNotUnique UserNotActive TooManyPasskeys"),
        activity(
            "passkeyRegistrationForm",
            "",
            "waits",
            &[form, "passkeyRegistrationKey anotherWay:bool", screen],
        )
        .raising("AnotherWayChosen"),
        activity("completePasskeyRegistration", "", "", &["passkeyRegistrationKey"])
            .raising("PasskeyRegistrationCancelled PasskeysNotSupported PasskeyRegistrationFailed"),
        activity(
            "startPasskeyAuthentication",
            "",
            "",
            &["storeName! relyingPartyId! authenticationPolicy! passkeyAuthenticationKey", user],
        )
        .raising("PolicyNotFound"),
        activity(
            "passkeyAuthenticationForm",
            "",
            "waits",
            &[form, "passkeyAuthenticationKey anotherWay:bool autofill:bool", screen],
        )
        .raising("AnotherWayChosen"),
        activity("completePasskeyAuthentication", "", "", &["passkeyAuthenticationKey"]).raising(
            "PasskeyAuthenticationCancelled PasskeysNotSupported PasskeyAuthenticationFailed",
        ),
        activity(
            "customDataForm",
            "customDataFormV1 CDF01",
            "waits",
            &[
                "dataForm:map dataFormName dataFormVersion:int dynamicDataFormName formDataKey",
                screen,
                "readOnlyForm:bool hideButtons:bool maxAttempts:int checkKey extra:any",
            ],
        )
        .raising("ExceededCustomDataFormRetake")
        .ruled_out("ExceededCustomDataFormRetake", "maxAttempts", u32::MAX),
        activity(
            "simpleDecider",
            "activityOutcomeDeciderV1 SDD01",
            "",
            &["decisionOnAnyFailure decisionVariable"],
        ),
        activity("writeSummaryReport", "writeSummaryV2 WRS02", "", &[]),
    ];
    Catalog { activities: all.into_iter().map(|shape| (shape.name.clone(), shape)).collect() }
}

/// A shape; parameters are words such as `dataFormVersion!:int`, where `!` means required.
fn activity(name: &str, aliases: &str, waits: &str, parameters: &[&str]) -> ActivityShape {
    let words = parameters.iter().flat_map(|words| words.split_whitespace());
    ActivityShape {
        name: name.into(),
        aliases: aliases.split_whitespace().map(String::from).collect(),
        waits: waits == "waits",
        parameters: words.map(parameter).collect(),
        errors: Vec::new(),
        of_configuration: vec!["PolicyNotFound".to_owned()],
        ruled_out: Vec::new(),
        outputs: Vec::new(),
        check: |_, _| Vec::new(),
    }
}

trait Raising {
    fn raising(self, errors: &str) -> ActivityShape;
    fn ruled_out(self, code: &str, parameter: &str, value: u32) -> ActivityShape;
}

impl Raising for ActivityShape {
    fn raising(mut self, errors: &str) -> ActivityShape {
        self.errors = errors.split_whitespace().map(String::from).collect();
        self
    }

    fn ruled_out(mut self, code: &str, parameter: &str, value: u32) -> ActivityShape {
        let (code, parameter) = (code.to_owned(), parameter.to_owned());
        self.ruled_out.push(RuledOut { code, parameter, value: value.into() });
        self
    }
}

fn parameter(word: &str) -> ParameterShape {
    let (name, kind) = word.split_once(':').unwrap_or((word, "text"));
    let kind = match kind {
        "int" => ParameterKind::Integer,
        "bool" => ParameterKind::Boolean,
        "list" => ParameterKind::List,
        "map" => ParameterKind::Map,
        "any" => ParameterKind::Any,
        _ => ParameterKind::String,
    };
    let required = name.ends_with('!');
    ParameterShape { name: name.trim_end_matches('!').into(), kind, required }
}
