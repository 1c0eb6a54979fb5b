//! Stories of journeys that prove once more who somebody is, or let them in again.

use expect_test::expect;

use crate::story::{check, way};

const ADA: &str = r#"start _initVars={"userExternalId":"ada"}"#;

#[test]
fn a_step_up_is_proved_at_the_second_attempt() {
    check(
        "step-up",
        "start userExternalId=ada
         next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.stepUp1.attempts=1
         done passcodeAuthenticationForm
         done passcodeAuthenticationForm",
        expect![[r#"
            > start userExternalId=ada
              start startPasscodeAuthentication passcodeAuthenticationForm
            > next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.stepUp1.attempts=1
            > done passcodeAuthenticationForm
              completePasscodeAuthentication completePasscodeAuthentication.PasscodeAuthenticationFailed attempts startPasscodeAuthentication passcodeAuthenticationForm
            > done passcodeAuthenticationForm
              completePasscodeAuthentication proved
            = completed proved PASS
        "#]],
    );
}

#[test]
fn a_step_up_is_refused_after_three_attempts_or_five_minutes() {
    check(
        "step-up",
        "start userExternalId=ada
         next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.stepUp1.attempts=3
         done passcodeAuthenticationForm",
        expect![[r#"
            > start userExternalId=ada
              start startPasscodeAuthentication passcodeAuthenticationForm
            > next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.stepUp1.attempts=3
            > done passcodeAuthenticationForm
              completePasscodeAuthentication completePasscodeAuthentication.PasscodeAuthenticationFailed attempts refused
              failed StepUpRefused
            = failed FAIL
        "#]],
    );
    check(
        "step-up",
        "start userExternalId=ada\npass 5m",
        expect![[r#"
            > start userExternalId=ada
              start startPasscodeAuthentication passcodeAuthenticationForm
            > pass 5m
              passcodeAuthenticationForm.timer refused
              failed StepUpRefused
            = failed FAIL
        "#]],
    );
}

#[test]
fn an_account_is_recovered_after_the_cool_down() {
    check(
        "account-recovery",
        &format!(
            "{ADA}
            pass 24h
            next recoveryCodeAuthentication error RecoveryCodeAuthenticationFailed
            done code !_customFormData.codeForm1.code=X
            done code !_customFormData.codeForm1.code=X
            done passcodeRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start announce cool-down
              + recovery announced to ada
            > pass 24h
              cooled-down tell code
              + recovery ready to ada
            > next recoveryCodeAuthentication error RecoveryCodeAuthenticationFailed
            > done code !_customFormData.codeForm1.code=X
              recoveryCodeAuthentication recoveryCodeAuthentication.RecoveryCodeAuthenticationFailed code
            > done code !_customFormData.codeForm1.code=X
              recoveryCodeAuthentication startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration recovered
            = completed recovered PASS
        "#]],
    );
}

#[test]
fn who_chooses_a_passcode_that_everybody_tries_first_or_a_former_one_chooses_again() {
    check(
        "account-recovery",
        &format!(
            "{ADA}
            pass 24h
            done code !_customFormData.codeForm1.code=X
            next completePasscodeRegistration error PasscodeTooCommon
            next completePasscodeRegistration error PasscodeUsedBefore
            done passcodeRegistrationForm
            done passcodeRegistrationForm
            done passcodeRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start announce cool-down
              + recovery announced to ada
            > pass 24h
              cooled-down tell code
              + recovery ready to ada
            > done code !_customFormData.codeForm1.code=X
              recoveryCodeAuthentication startPasscodeRegistration passcodeRegistrationForm
            > next completePasscodeRegistration error PasscodeTooCommon
            > next completePasscodeRegistration error PasscodeUsedBefore
            > done passcodeRegistrationForm
              completePasscodeRegistration completePasscodeRegistration.PasscodeTooCommon startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration completePasscodeRegistration.PasscodeUsedBefore startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration recovered
            = completed recovered PASS
        "#]],
    );
}

#[test]
fn the_owner_or_the_house_stops_a_recovery_while_it_cools_down() {
    check(
        "account-recovery",
        &format!("{ADA}\nmessage cancelled-by-owner"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start announce cool-down
              + recovery announced to ada
            > message cancelled-by-owner
              cancelled-by-owner not-recovered
            = completed not-recovered FAIL
        "#]],
    );
    check(
        "account-recovery",
        &format!("{ADA}\npass 23h\nsignal recoveries stopped"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start announce cool-down
              + recovery announced to ada
            > pass 23h
            > signal recoveries stopped
              stopped not-recovered
            = completed not-recovered FAIL
        "#]],
    );
}

#[test]
fn a_recovery_of_nobody_and_one_without_the_code_go_the_same_way() {
    // Nothing that knows the user is asked before the code: the error that would tell never comes.
    let nobody = "next startPasscodeRegistration error UserNotFound";
    let wrong = "next recoveryCodeAuthentication error RecoveryCodeAuthenticationFailed";
    let script = |known: &str| {
        format!(
            "{known}\n{wrong}\n{ADA}\npass 24h\ndone code !_customFormData.codeForm1.code=X\nerror code ExceededCustomDataFormRetake"
        )
    };
    check(
        "account-recovery",
        &script(nobody),
        expect![[r#"
        > next startPasscodeRegistration error UserNotFound
        > next recoveryCodeAuthentication error RecoveryCodeAuthenticationFailed
        > start _initVars={"userExternalId":"ada"}
          start announce cool-down
          + recovery announced to ada
        > pass 24h
          cooled-down tell code
          + recovery ready to ada
        > done code !_customFormData.codeForm1.code=X
          recoveryCodeAuthentication recoveryCodeAuthentication.RecoveryCodeAuthenticationFailed code
        > error code ExceededCustomDataFormRetake
          code.ExceededCustomDataFormRetake not-recovered
        = completed not-recovered FAIL
    "#]],
    );
    let way =
        |known| way("account-recovery", &script(known)).split_once("\n").unwrap().1.to_owned();
    assert_eq!(way(nobody), way("pass 0s"));
}

#[test]
fn a_recovery_that_nobody_takes_up_ends_after_a_week() {
    check(
        "account-recovery",
        &format!("{ADA}\npass 24h\npass 168h"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start announce cool-down
              + recovery announced to ada
            > pass 24h
              cooled-down tell code
              + recovery ready to ada
            > pass 168h
              code.timer not-recovered
            = completed not-recovered FAIL
        "#]],
    );
}
