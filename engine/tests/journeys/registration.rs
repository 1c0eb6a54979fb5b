//! Stories of journeys that bring somebody in or give them a new passcode.

use expect_test::expect;

use crate::story::check;

const ADA: &str = r#"start _initVars={"userExternalId":"ada"}"#;

#[test]
fn onboarding_asks_for_better_details_and_goes_on_when_they_are_approved() {
    check(
        "onboarding",
        &format!(
            r#"{ADA}
            done personal-details !_customFormData.person={{"givenName":"A"}}
            message review-decided decision=REPEAT
            done personal-details !_customFormData.person={{"givenName":"Ada"}}
            message review-decided decision=APPROVED
            next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.passcodeReg1.attempts=1
            done passcodeRegistrationForm
            done passcodeRegistrationForm"#
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser personal-details
            > done personal-details !_customFormData.person={"givenName":"A"}
              vouched review review.start ask-for-review review-decided
              + review wanted to ada
            > message review-decided decision=REPEAT
              review-done reviewed personal-details
            > done personal-details !_customFormData.person={"givenName":"Ada"}
              vouched review review.start ask-for-review review-decided
              + review wanted to ada
            > message review-decided decision=APPROVED
              review-done reviewed startPasscodeRegistration passcodeRegistrationForm
            > next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.passcodeReg1.attempts=1
            > done passcodeRegistrationForm
              completePasscodeRegistration completePasscodeRegistration.PasscodeRegistrationFailed attempts startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration writeSummaryReport onboarded
            = completed review-done review-done onboarded PASS
        "#]],
    );
}

#[test]
fn onboarding_needs_no_review_of_somebody_whom_others_vouched_for() {
    check(
        "onboarding",
        r#"next addUser error ExtIdNotUnique
           start _initVars={"userExternalId":"ada","vouchedFor":"true"}
           done personal-details !_customFormData.person={}
           done passcodeRegistrationForm"#,
        expect![[r#"
            > next addUser error ExtIdNotUnique
            > start _initVars={"userExternalId":"ada","vouchedFor":"true"}
              start addUser addUser.ExtIdNotUnique personal-details
            > done personal-details !_customFormData.person={}
              vouched startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration writeSummaryReport onboarded
            = completed onboarded PASS
        "#]],
    );
}

#[test]
fn onboarding_escalates_a_late_review_and_ends_without_one() {
    check(
        "onboarding",
        &format!(
            "{ADA}
            done personal-details !_customFormData.person=1
            pass 8h
            pass 64h"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser personal-details
            > done personal-details !_customFormData.person=1
              vouched review review.start ask-for-review review-decided
              + review wanted to ada
            > pass 8h
              review-decided.timer review-overdue escalation escalated tell-supervisor told
              + review overdue to ada
            > pass 64h
              review.timer not-onboarded
            = completed review-overdue told not-onboarded FAIL
        "#]],
    );
    check(
        "onboarding",
        &format!(
            "{ADA}
            done personal-details !_customFormData.person=1
            pass 9h
            message review-decided decision=REJECTED"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser personal-details
            > done personal-details !_customFormData.person=1
              vouched review review.start ask-for-review review-decided
              + review wanted to ada
            > pass 9h
              review-decided.timer review-overdue escalation escalated tell-supervisor told
              + review overdue to ada
            > message review-decided decision=REJECTED
              review-done reviewed not-onboarded
            = completed review-overdue told review-done not-onboarded FAIL
        "#]],
    );
}

#[test]
fn a_device_switch_takes_the_new_passcode_for_the_old_one() {
    check(
        "device-switch",
        &format!(
            "{ADA}
            done step-up
            done passcodeRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              switch switch.start announce startPasscodeRegistration passcodeRegistrationForm
              + device switch begun to ada
            > done passcodeRegistrationForm
              completePasscodeRegistration registered switched
            = completed registered switched PASS
        "#]],
    );
    check(
        "device-switch",
        &format!("{ADA}\nerror step-up StepUpRefused"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > error step-up StepUpRefused
              step-up.StepUpRefused not-switched
            = completed not-switched FAIL
        "#]],
    );
}

#[test]
fn a_device_switch_that_fails_half_way_leaves_the_old_passcode_and_says_so() {
    check(
        "device-switch",
        &format!(
            "{ADA}
            next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.newDevice1.attempts=3
            done step-up
            done passcodeRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.newDevice1.attempts=3
            > done step-up
              switch switch.start announce startPasscodeRegistration passcodeRegistrationForm
              + device switch begun to ada
            > done passcodeRegistrationForm
              completePasscodeRegistration completePasscodeRegistration.PasscodeRegistrationFailed attempts failed undo(announce) withdraw undone not-switched
              + device switch undone to ada
            = completed failed not-switched FAIL
        "#]],
    );
    check(
        "device-switch",
        &format!("{ADA}\ndone step-up\npass 15m"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              switch switch.start announce startPasscodeRegistration passcodeRegistrationForm
              + device switch begun to ada
            > pass 15m
              passcodeRegistrationForm.timer failed undo(announce) withdraw undone not-switched
              + device switch undone to ada
            = completed failed not-switched FAIL
        "#]],
    );
}

#[test]
fn a_device_switch_that_cannot_begin_withdraws_what_was_announced() {
    check(
        "device-switch",
        &format!(
            "{ADA}
            next startPasscodeRegistration error UserNotActive
            done step-up"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > next startPasscodeRegistration error UserNotActive
            > done step-up
              switch switch.start announce startPasscodeRegistration startPasscodeRegistration.any failed undo(announce) withdraw undone not-switched
              + device switch begun to ada
              + device switch undone to ada
            = completed failed not-switched FAIL
        "#]],
    );
}
