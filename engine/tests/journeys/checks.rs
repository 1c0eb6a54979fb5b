//! Stories of journeys that weigh things: checks, risks, consents and approvals.

use expect_test::expect;

use crate::story::check;

const ADA: &str = r#"start _initVars={"userExternalId":"ada"}"#;

#[test]
fn two_of_three_checks_suffice_whatever_the_third_says() {
    check(
        "parallel-checks",
        &format!(
            "{ADA}
            message address-checked confirmed=false
            message register-checked confirmed=true
            message document-checked confirmed=true"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start ask side-by-side register document address
              + checks wanted to ada
            > message address-checked confirmed=false
              address-checked lives-there two-against
            > message register-checked confirmed=true
              register-checked in-register two-for
            > message document-checked confirmed=true
              document-checked is-genuine two-for pass confirmed
            = completed confirmed PASS
        "#]],
    );
    check(
        "parallel-checks",
        &format!(
            "{ADA}
            message document-checked confirmed=true
            message register-checked confirmed=true"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start ask side-by-side register document address
              + checks wanted to ada
            > message document-checked confirmed=true
              document-checked is-genuine two-for
            > message register-checked confirmed=true
              register-checked in-register two-for pass confirmed
            = completed confirmed PASS
        "#]],
    );
}

#[test]
fn two_checks_that_do_not_confirm_decide_as_well() {
    check(
        "parallel-checks",
        &format!(
            "{ADA}
            message register-checked confirmed=false
            message document-checked confirmed=true
            message address-checked confirmed=false"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start ask side-by-side register document address
              + checks wanted to ada
            > message register-checked confirmed=false
              register-checked in-register two-against
            > message document-checked confirmed=true
              document-checked is-genuine two-for
            > message address-checked confirmed=false
              address-checked lives-there two-against not-confirmed
            = completed not-confirmed FAIL
        "#]],
    );
}

#[test]
fn a_check_that_is_late_confirms_nothing() {
    check(
        "parallel-checks",
        &format!("{ADA}\npass 48h"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start ask side-by-side register document address
              + checks wanted to ada
            > pass 48h
              register-late two-against
              document-late two-against not-confirmed
            = completed not-confirmed FAIL
        "#]],
    );
    check(
        "parallel-checks",
        &format!(
            "{ADA}
            message register-checked confirmed=true
            message document-checked confirmed=true
            pass 48h"
        ),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start ask side-by-side register document address
              + checks wanted to ada
            > message register-checked confirmed=true
              register-checked in-register two-for
            > message document-checked confirmed=true
              document-checked is-genuine two-for pass confirmed
            > pass 48h
            = completed confirmed PASS
        "#]],
    );
}

#[test]
fn a_sign_in_as_usual_needs_the_passcode_alone() {
    check(
        "risk-based-sign-in",
        &format!("{ADA}\ndone step-up"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start sign-in-risk how-risky step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              signed-in
            = completed signed-in PASS
        "#]],
    );
    check(
        "risk-based-sign-in",
        &format!("{ADA}\nerror step-up StepUpRefused"),
        expect![[r#"
            > start _initVars={"userExternalId":"ada"}
              start sign-in-risk how-risky step-up
              + call step-up {"userExternalId":"ada"}
            > error step-up StepUpRefused
              step-up.StepUpRefused refused
            = completed refused FAIL
        "#]],
    );
}

#[test]
fn a_risky_sign_in_is_told_to_the_owner_or_refused() {
    check(
        "risk-based-sign-in",
        r#"start _initVars={"userExternalId":"ada","newDevice":"true"}
           done step-up"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","newDevice":"true"}
              start sign-in-risk how-risky warn step-up
              + sign-in noticed to ada
              + call step-up {"userExternalId":"ada"}
            > done step-up
              signed-in
            = completed signed-in PASS
        "#]],
    );
    check(
        "risk-based-sign-in",
        r#"start _initVars={"userExternalId":"ada","failures":"12"}"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","failures":"12"}
              start sign-in-risk how-risky refused
            = completed refused FAIL
        "#]],
    );
}

const DOCUMENTS: &str = "start";

#[test]
fn consents_are_collected_for_one_document_after_the_other() {
    check(
        "consents",
        &format!(
            "{DOCUMENTS}
            done consent !_customFormData.terms.answer=APPROVED
            done consent !_customFormData.privacy.answer=APPROVED"
        ),
        expect![[r#"
            > start
              start each-document each-document each-document.start show consent
            > done consent !_customFormData.terms.answer=APPROVED
              answered each-document each-document.start show consent
            > done consent !_customFormData.privacy.answer=APPROVED
              answered all-given pass given
            = completed answered answered given PASS
        "#]],
    );
}

#[test]
fn the_first_refusal_of_a_consent_ends_the_asking() {
    check(
        "consents",
        &format!("{DOCUMENTS}\ndone consent !_customFormData.terms.answer=REJECTED"),
        expect![[r#"
            > start
              start each-document each-document each-document.start show consent
            > done consent !_customFormData.terms.answer=REJECTED
              answered all-given not-given
            = completed answered not-given FAIL
        "#]],
    );
    check(
        "consents",
        &format!("{DOCUMENTS}\npass 24h"),
        expect![[r#"
            > start
              start each-document each-document each-document.start show consent
            > pass 24h
              each-document.timer not-given
            = completed not-given FAIL
        "#]],
    );
}

const BEN: &str = r#"start _initVars={"userExternalId":"ben","guardian":"ada"}
    done personal-details !_customFormData.person.givenName=Ben"#;

#[test]
fn a_minor_is_enrolled_when_the_guardian_approves() {
    check(
        "minor-enrolment",
        &format!("{BEN}\nmessage approval-decided decision=APPROVED"),
        expect![[r#"
            > start _initVars={"userExternalId":"ben","guardian":"ada"}
              start personal-details
            > done personal-details !_customFormData.person.givenName=Ben
              ask-guardian approval-decided
              + approval wanted to ben
            > message approval-decided decision=APPROVED
              approved addUser enrolled
            = completed enrolled PASS
        "#]],
    );
    check(
        "guardian-approval",
        r#"start _initVars={"userExternalId":"ada","enrolment":"ben","childName":"Ben"}
           done step-up
           done approval !_customFormData.approval.decision=APPROVED"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","enrolment":"ben","childName":"Ben"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              approval
            > done approval !_customFormData.approval.decision=APPROVED
              answered
              + approval decided to ben
            = completed answered PASS
        "#]],
    );
}

#[test]
fn a_minor_is_not_enrolled_against_the_guardian_or_without_an_answer() {
    check(
        "minor-enrolment",
        &format!("{BEN}\nmessage approval-decided decision=REJECTED"),
        expect![[r#"
            > start _initVars={"userExternalId":"ben","guardian":"ada"}
              start personal-details
            > done personal-details !_customFormData.person.givenName=Ben
              ask-guardian approval-decided
              + approval wanted to ben
            > message approval-decided decision=REJECTED
              approved not-enrolled
            = completed not-enrolled FAIL
        "#]],
    );
    check(
        "minor-enrolment",
        &format!("{BEN}\npass 336h"),
        expect![[r#"
            > start _initVars={"userExternalId":"ben","guardian":"ada"}
              start personal-details
            > done personal-details !_customFormData.person.givenName=Ben
              ask-guardian approval-decided
              + approval wanted to ben
            > pass 336h
              approval-decided.timer not-enrolled
            = completed not-enrolled FAIL
        "#]],
    );
    check(
        "guardian-approval",
        r#"start _initVars={"userExternalId":"ada","enrolment":"ben","childName":"Ben"}
           done step-up
           pass 168h"#,
        expect![[r#"
            > start _initVars={"userExternalId":"ada","enrolment":"ben","childName":"Ben"}
              start step-up
              + call step-up {"userExternalId":"ada"}
            > done step-up
              approval
            > pass 168h
              approval.timer not-answered
            = completed not-answered FAIL
        "#]],
    );
}
