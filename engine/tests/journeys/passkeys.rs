//! Stories of the journeys with passkeys: made after a passcode, used, and gone without.

use expect_test::expect;

use crate::story::{check, end};

const ADA: &str = r#"start _initVars={"userExternalId":"ada"}"#;

#[test]
fn a_passkey_is_made_after_a_passcode_at_the_second_try() {
    check(
        "passkey-enrolment",
        &format!(
            "{ADA}
            done passcodeAuthenticationForm
            next completePasskeyRegistration error PasskeyRegistrationFailed !_checks.enrolment1.attempts=1
            done passkeyRegistrationForm
            done passkeyRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start startPasscodeAuthentication passcodeAuthenticationForm
            > done passcodeAuthenticationForm
              completePasscodeAuthentication startPasskeyRegistration passkeyRegistrationForm
            > next completePasskeyRegistration error PasskeyRegistrationFailed !_checks.enrolment1.attempts=1
            > done passkeyRegistrationForm
              completePasskeyRegistration completePasskeyRegistration.any tries startPasskeyRegistration passkeyRegistrationForm
            > done passkeyRegistrationForm
              completePasskeyRegistration passkey-made
            = completed passkey-made PASS
        "#]],
    );
}

#[test]
fn whoever_goes_another_way_takes_too_long_or_cannot_have_one_is_signed_in_without() {
    for script in [
        "done passcodeAuthenticationForm\nerror passkeyRegistrationForm AnotherWayChosen",
        "done passcodeAuthenticationForm\npass 10m",
        "next startPasskeyRegistration error TooManyPasskeys\ndone passcodeAuthenticationForm",
    ] {
        let way = end("passkey-enrolment", &format!("{ADA}\n{script}"));
        assert_eq!(way, "= completed without PASS", "{script}");
    }
}

#[test]
fn three_wrong_passcodes_or_a_quarter_of_an_hour_come_to_no_passkey() {
    let wrong = |attempt: u32| {
        format!(
            "next completePasscodeAuthentication error PasscodeAuthenticationFailed \
             !_checks.signIn1.attempts={attempt}\ndone passcodeAuthenticationForm\n"
        )
    };
    let thrice: String = (1..=3).map(wrong).collect();
    for script in [thrice.as_str(), "pass 15m"] {
        let way = end("passkey-enrolment", &format!("{ADA}\n{script}"));
        assert_eq!(way, "= completed not-signed-in FAIL", "{script}");
    }
}

#[test]
fn somebody_signs_in_with_a_passkey_at_the_second_try() {
    check(
        "passkey-sign-in",
        "start
        next completePasskeyAuthentication error PasskeyAuthenticationFailed !_checks.passkey1.attempts=1
        done passkeyAuthenticationForm
        done passkeyAuthenticationForm",
        expect![[r#"
            > start
              start startPasskeyAuthentication passkeyAuthenticationForm
            > next completePasskeyAuthentication error PasskeyAuthenticationFailed !_checks.passkey1.attempts=1
            > done passkeyAuthenticationForm
              completePasskeyAuthentication completePasskeyAuthentication.any passkey-tries startPasskeyAuthentication passkeyAuthenticationForm
            > done passkeyAuthenticationForm
              completePasskeyAuthentication signed-in
            = completed signed-in PASS
        "#]],
    );
}

#[test]
fn another_way_asks_for_the_passcode_and_for_a_code_until_it_is_right() {
    check(
        "passkey-sign-in",
        "start
        error passkeyAuthenticationForm AnotherWayChosen !_customFormData.signInForm1.userName=ada
        done passcodeAuthenticationForm
        next totpAuthentication error TotpAuthenticationFailed
        done code !_customFormData.codeForm1.submittedCode=1
        done code !_customFormData.codeForm1.submittedCode=2",
        expect![[r#"
            > start
              start startPasskeyAuthentication passkeyAuthenticationForm
            > error passkeyAuthenticationForm AnotherWayChosen !_customFormData.signInForm1.userName=ada
              passkeyAuthenticationForm.AnotherWayChosen startPasscodeAuthentication passcodeAuthenticationForm
            > done passcodeAuthenticationForm
              completePasscodeAuthentication code
            > next totpAuthentication error TotpAuthenticationFailed
            > done code !_customFormData.codeForm1.submittedCode=1
              totpAuthentication totpAuthentication.TotpAuthenticationFailed code
            > done code !_customFormData.codeForm1.submittedCode=2
              totpAuthentication signed-in
            = completed signed-in PASS
        "#]],
    );
}

#[test]
fn nobody_comes_in_by_waiting_or_by_trying_on() {
    let another_way = "error passkeyAuthenticationForm AnotherWayChosen !_customFormData.signInForm1.userName=ada";
    let passkeys: String = (1..=3)
        .map(|attempt| {
            format!(
                "next completePasskeyAuthentication error PasskeyAuthenticationFailed \
                 !_checks.passkey1.attempts={attempt}\ndone passkeyAuthenticationForm\n"
            )
        })
        .collect();
    for script in [
        passkeys.as_str(),
        "pass 10m",
        &format!("{another_way}\npass 10m"),
        &format!("{another_way}\ndone passcodeAuthenticationForm\npass 10m"),
        &format!(
            "{another_way}\ndone passcodeAuthenticationForm\nerror code ExceededCustomDataFormRetake"
        ),
    ] {
        let way = end("passkey-sign-in", &format!("start\n{script}"));
        assert_eq!(way, "= completed not-signed-in FAIL", "{script}");
    }
}
