//! Stories of journeys that look after accounts: invitations, reminders, changes, fallbacks.

use expect_test::expect;

use crate::story::check;

const ADA: &str = r#"start _initVars={"userExternalId":"ada"}"#;

#[test]
fn a_timed_enrolment_is_whole_with_passcode_and_contact_details() {
    check(
        "timed-enrolment",
        &format!(
            "{ADA}
            done passcodeRegistrationForm
            done contact-details"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration contact-details
            > done contact-details
              enrolled
            = completed enrolled PASS
        "#]],
    );
}

#[test]
fn a_half_finished_enrolment_is_undone_backwards_after_a_week() {
    check(
        "timed-enrolment",
        &format!(
            "{ADA}
            done passcodeRegistrationForm
            pass 168h"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser startPasscodeRegistration passcodeRegistrationForm
            > done passcodeRegistrationForm
              completePasscodeRegistration contact-details
            > pass 168h
              too-late week-over undo-everything undo(completePasscodeRegistration) deregisterPasscode undo(addUser) remove-user undone
              + user to be removed to ada
            = completed undone FAIL
        "#]],
    );
    check(
        "timed-enrolment",
        &format!("{ADA}\npass 168h"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser startPasscodeRegistration passcodeRegistrationForm
            > pass 168h
              too-late week-over undo-everything undo(addUser) remove-user undone
              + user to be removed to ada
            = completed undone FAIL
        "#]],
    );
}

#[test]
fn an_enrolment_without_an_acceptable_passcode_is_undone_at_once() {
    check(
        "timed-enrolment",
        &format!(
            "{ADA}
            next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.enrolment1.attempts=3
            done passcodeRegistrationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start addUser startPasscodeRegistration passcodeRegistrationForm
            > next completePasscodeRegistration error PasscodeRegistrationFailed !_checks.enrolment1.attempts=3
            > done passcodeRegistrationForm
              completePasscodeRegistration completePasscodeRegistration.PasscodeRegistrationFailed attempts undo undo(addUser) remove-user not-enrolled
              + user to be removed to ada
            = completed not-enrolled FAIL
        "#]],
    );
}

#[test]
fn a_reverification_reminds_each_week_until_it_is_done() {
    check(
        "reverification",
        &format!(
            "{ADA}
            pass 8760h
            pass 400h
            done passcodeAuthenticationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start a-year-has-passed
            > pass 8760h
              startPasscodeAuthentication prove prove.start passcodeAuthenticationForm
            > pass 400h
              passcodeAuthenticationForm.timer remind reminded
              + re-verification due to ada
              passcodeAuthenticationForm.timer remind reminded
              + re-verification due to ada
            > done passcodeAuthenticationForm
              answered completePasscodeAuthentication verified-again
            = completed reminded reminded answered verified-again PASS
        "#]],
    );
}

#[test]
fn a_reverification_that_does_not_come_suspends() {
    check(
        "reverification",
        &format!("{ADA}\npass 8760h\npass 672h"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start a-year-has-passed
            > pass 8760h
              startPasscodeAuthentication prove prove.start passcodeAuthenticationForm
            > pass 672h
              passcodeAuthenticationForm.timer remind reminded
              + re-verification due to ada
              passcodeAuthenticationForm.timer remind reminded
              + re-verification due to ada
              passcodeAuthenticationForm.timer remind reminded
              + re-verification due to ada
              prove.timer suspend suspended
              + access to be suspended to ada
            = completed reminded reminded reminded suspended FAIL
        "#]],
    );
    check(
        "reverification",
        &format!(
            "{ADA}
            pass 8760h
            next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.reverification1.attempts=3
            done passcodeAuthenticationForm"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start a-year-has-passed
            > pass 8760h
              startPasscodeAuthentication prove prove.start passcodeAuthenticationForm
            > next completePasscodeAuthentication error PasscodeAuthenticationFailed !_checks.reverification1.attempts=3
            > done passcodeAuthenticationForm
              answered completePasscodeAuthentication completePasscodeAuthentication.PasscodeAuthenticationFailed attempts suspend suspended
              + access to be suspended to ada
            = completed answered suspended FAIL
        "#]],
    );
}

#[test]
fn somebody_signs_in_with_the_passcode_or_with_a_code() {
    check(
        "sign-in-with-fallback",
        &format!("{ADA}\ndone passcodeAuthenticationForm"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start startPasscodeAuthentication passcodeAuthenticationForm
            > done passcodeAuthenticationForm
              completePasscodeAuthentication signed-in
            = completed signed-in PASS
        "#]],
    );
    check(
        "sign-in-with-fallback",
        &format!(
            "{ADA}
            message another-way
            message code-entered right=true"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start startPasscodeAuthentication passcodeAuthenticationForm
            > message another-way
              another-way codes-left send-code code-awaited
              + code to be sent to ada
            > message code-entered right=true
              code-entered right-code pass signed-in
            = completed signed-in PASS
        "#]],
    );
}

#[test]
fn there_are_two_codes_and_each_grows_old() {
    check(
        "sign-in-with-fallback",
        &format!(
            "{ADA}
            next completePasscodeAuthentication error PasscodeAuthenticationFailed
            done passcodeAuthenticationForm
            pass 5m
            message code-entered right=false"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start startPasscodeAuthentication passcodeAuthenticationForm
            > next completePasscodeAuthentication error PasscodeAuthenticationFailed
            > done passcodeAuthenticationForm
              completePasscodeAuthentication completePasscodeAuthentication.PasscodeAuthenticationFailed codes-left send-code code-awaited
              + code to be sent to ada
            > pass 5m
              code-too-old codes-left send-code code-awaited
              + code to be sent to ada
            > message code-entered right=false
              code-entered right-code codes-left not-signed-in
            = completed not-signed-in FAIL
        "#]],
    );
    check(
        "sign-in-with-fallback",
        &format!("{ADA}\npass 15m"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start startPasscodeAuthentication passcodeAuthenticationForm
            > pass 15m
              passcodeAuthenticationForm.timer not-signed-in
            = completed not-signed-in FAIL
        "#]],
    );
}

const PEOPLE: &str = r#"start @invitations-wanted people=["ada","ben","cy"] seats=1"#;

#[test]
fn a_bulk_invitation_ends_when_all_seats_are_taken() {
    check(
        "bulk-invitation",
        &format!(
            "{PEOPLE}
            message declined
            message accepted"
        ),
        expect![[r#"
            > start @invitations-wanted people=["ada","ben","cy"] seats=1
              invitations-wanted invite invite invite invite invite.start invite.start invite.start send-invitation send-invitation send-invitation answer answer answer
              + invitation to ada
              + invitation to ben
              + invitation to cy
            > message declined
              declined answered
            > message accepted
              accepted take-seat answered enough pass seats-taken
            = completed answered answered seats-taken PASS
        "#]],
    );
}

#[test]
fn a_bulk_invitation_without_answers_leaves_seats() {
    check(
        "bulk-invitation",
        &format!("{PEOPLE}\npass 336h"),
        expect![[r#"
            > start @invitations-wanted people=["ada","ben","cy"] seats=1
              invitations-wanted invite invite invite invite invite.start invite.start invite.start send-invitation send-invitation send-invitation answer answer answer
              + invitation to ada
              + invitation to ben
              + invitation to cy
            > pass 336h
              no-answer answered
              no-answer answered
              no-answer answered enough seats-left
            = completed answered answered answered seats-left FAIL
        "#]],
    );
}

#[test]
fn a_profile_is_updated_with_the_chosen_forms_in_their_order() {
    check(
        "profile-update",
        r#"start _initVars={"userExternalId":"ada","changes":"BOTH"}
           done step-up
           done contact-details !_customFormData.contact.email=ada@example.org
           done personal-details !_customFormData.person.givenName=Ada"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","changes":"BOTH"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              changes contact-details
            > done contact-details !_customFormData.contact.email=ada@example.org
              personal-details
            > done personal-details !_customFormData.person.givenName=Ada
              tell updated
              + profile updated to ada
            = completed contact-details personal-details updated PASS
        "#]],
    );
    check(
        "profile-update",
        r#"start _initVars={"userExternalId":"ada","changes":"CONTACT"}
           done step-up
           done contact-details !_customFormData.contact.email=ada@example.org"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","changes":"CONTACT"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              changes contact-details
            > done contact-details !_customFormData.contact.email=ada@example.org
              tell updated
              + profile updated to ada
            = completed contact-details updated PASS
        "#]],
    );
}

#[test]
fn a_profile_stays_as_it_is_without_proof_or_after_half_an_hour() {
    check(
        "profile-update",
        r#"start _initVars={"userExternalId":"ada","changes":"CONTACT"}
           error step-up StepUpRefused"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","changes":"CONTACT"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > error step-up StepUpRefused
              step-up.StepUpRefused not-updated
            = completed not-updated FAIL
        "#]],
    );
    check(
        "profile-update",
        r#"start _initVars={"userExternalId":"ada","changes":"CONTACT"}
           done step-up
           pass 30m"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","changes":"CONTACT"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              changes contact-details
            > pass 30m
              changes.timer not-updated
            = completed not-updated FAIL
        "#]],
    );
}
