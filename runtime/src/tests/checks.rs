//! Waiting for a check: a new passcode is compared with the common ones before its journey goes on.

use activities::SrpRegistrationData;
use data_encoding::BASE64;

use super::*;

const REGISTER: &str = r#"
name: register
steps:
  - activity: addUser
    with: { storeName: demo, userExternalId: ada, userKey: user1 }
  - activity: startPasscodeRegistration
    with: { storeName: demo, passcodeKey: default, userKey: user1 }
  - activity: passcodeRegistrationForm
    with: { dataFormName: passcode-registration, dataFormVersion: 1 }
  - activity: completePasscodeRegistration
    out: { _decision: PASS }
    on:
      - { error: PasscodeTooCommon, then: startPasscodeRegistration }
"#;

/// The verifier of a passcode that nobody knows.
fn chosen(asked: &Presented) -> Answer {
    let answer = answer(asked, "");
    let verifier = BASE64.encode(&[7; 256]);
    let data = SrpRegistrationData { verifier, history_verifiers: Vec::new() };
    let submission = Submission { srp_registration_data: Some(data), ..Submission::default() };
    Answer { submission, ..answer }
}

/// An instance whose end user has chosen a passcode, and the session's secret.
async fn registered(house: &House) -> (String, String) {
    let (id, secret, asked) = house.opened(REGISTER, json!({})).await;
    let shown = house.rooms.submit(&id, Some(&secret), chosen(&asked)).await.unwrap();
    assert!(matches!(shown.screen, Screen::Moment), "{:?}", shown.screen);
    (id, secret)
}

fn is_done(shown: &Presented) -> bool {
    matches!(shown.screen, Screen::Ended { outcome: Outcome::Accepted, .. })
}

#[tokio::test]
async fn a_journey_goes_on_with_the_verdict_and_not_before() {
    let house = house().await;
    let (id, secret) = registered(&house).await;
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert!(!variables.contains_key("_checks"), "{variables:?}");
    let (shown, checked) = tokio::join!(
        async {
            let now = house.rooms.present(&id, Some(&secret)).await.unwrap();
            let longest = std::time::Duration::from_secs(60);
            house.rooms.wait_for_check(now, Some(&secret), longest).await.unwrap()
        },
        house.runtime.check_passcodes(),
    );
    assert!(checked && is_done(&shown), "{:?}", shown.screen);
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_checks"]["passcodeReg1"]["status"], "PASS");
    assert!(!house.runtime.check_passcodes().await, "no check is left");
}

#[tokio::test]
async fn a_verdict_comes_after_a_restart() {
    let (folder, clock) = (Folder::new(), noon());
    let first = open(Some(&folder.0), &clock).await;
    let (id, secret) = registered(&first).await;
    first.runtime.close().await;
    drop(first);
    let second = open(Some(&folder.0), &clock).await;
    let shown = second.rooms.present(&id, Some(&secret)).await.unwrap();
    assert!(matches!(shown.screen, Screen::Moment), "{:?}", shown.screen);
    assert!(second.runtime.check_passcodes().await);
    assert!(is_done(&second.rooms.present(&id, Some(&secret)).await.unwrap()));
}

#[tokio::test]
async fn nobody_waits_longer_than_fifteen_seconds() {
    let house = house().await;
    let (id, secret) = registered(&house).await;
    house.clock.advance(SignedDuration::from_secs(14));
    house.runtime.fire_due().await.unwrap();
    assert_eq!(house.status(&id).await, "In Progress");
    house.clock.advance(SignedDuration::from_secs(1));
    house.runtime.fire_due().await.unwrap();
    assert!(is_done(&house.rooms.present(&id, Some(&secret)).await.unwrap()));
    assert!(house.runtime.check_passcodes().await, "the check is made all the same");
}

#[tokio::test]
async fn whoever_holds_an_instance_holds_its_verdict_too() {
    let house = house().await;
    let (id, secret) = registered(&house).await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    assert!(house.runtime.check_passcodes().await);
    house.pass(1).await;
    assert!(matches!(
        house.rooms.present(&id, Some(&secret)).await.unwrap().screen,
        Screen::Paused
    ));
    house.rooms.resume_instance(&id).await.unwrap();
    house.pass(1).await;
    assert!(is_done(&house.rooms.present(&id, Some(&secret)).await.unwrap()));
}

#[tokio::test]
async fn a_verdict_for_an_instance_that_is_over_changes_nothing() {
    let house = house().await;
    let (id, _) = registered(&house).await;
    house.pass(60 * 49).await;
    let before = house.status(&id).await;
    assert!(house.runtime.check_passcodes().await);
    assert_eq!(house.status(&id).await, before);
}

#[tokio::test]
async fn what_waits_for_a_check_takes_no_answer() {
    let house = house().await;
    let (id, secret, asked) = house.opened(REGISTER, json!({})).await;
    house.rooms.submit(&id, Some(&secret), chosen(&asked)).await.unwrap();
    let again = house.rooms.submit(&id, Some(&secret), chosen(&asked)).await.unwrap();
    assert!(again.stale && matches!(again.screen, Screen::Moment));
}
