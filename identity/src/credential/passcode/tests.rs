//! Passcodes, from the first half of the first ceremony to the last refusal.

mod blind;
mod checks;
mod imported;
mod managed;
mod renewal;
mod shapes;

use serde_json::{Value, json};
use storage::Error as StorageError;

use super::*;
use crate::error::{Error, Kind};
use crate::scene::{Scene, answer, external};
use crate::{Modality, StoreChange, UserChange, UserStatus, Who, Work};

const VERIFIER: &[u8] = &[9; 256];

fn new() -> NewPasscode {
    VERIFIER.to_vec().into()
}

fn alice() -> Who {
    external("alice")
}

async fn give(scene: &Scene, status: UserStatus) {
    let mut work = scene.work();
    if status == UserStatus::Active {
        work.unlock_user("s", &alice()).await.unwrap();
    }
    let change = UserChange { status: Some(status), ..UserChange::default() };
    work.update_user("s", &alice(), change).await.unwrap();
    work.commit().await.unwrap();
}

async fn configure(scene: &Scene, configuration: Value) {
    let Value::Object(map) = configuration else { unreachable!() };
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(map), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
}

/// The status, failures and end of the lock of alice as shown now.
async fn state(scene: &Scene) -> (UserStatus, u32, Option<String>) {
    let user = scene.work().read_user("s", &alice()).await.unwrap();
    let end = user.lock_info.locked_until_dtm.map(|end| end.to_string());
    (user.status, user.lock_info.invalid_count, end)
}

#[tokio::test]
async fn who_registered_a_passcode_signs_in_with_it_and_with_no_other() {
    let mut scene = Scene::with_alice().await;
    give(&scene, UserStatus::PendingActive).await;
    let user = scene.register(&alice(), "p", "correct horse").await;
    assert_eq!(user.status, UserStatus::PendingActive);
    assert_eq!(user.summary_info.passcodes.len(), 1);
    assert!(!scene.guess(&alice(), "p", "correct Horse").await);
    scene.pass("PT1M");
    assert!(scene.guess(&alice(), "p", "correct horse").await);
    let user = scene.work().read_user("s", &alice()).await.unwrap();
    assert_eq!(user.status, UserStatus::Active);
    assert_eq!(user.lock_info.invalid_count, 0);
    assert_eq!(user.last_authenticated_dtm, Some(scene.now));
    assert_eq!(user.summary_info.passcodes[0].last_authenticated_with_dtm, Some(scene.now));
}

#[tokio::test]
async fn a_passcode_typed_in_another_script_is_a_passcode() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "كلمة السر ٣").await;
    assert!(scene.guess(&alice(), "p", "كلمة السر ٣").await);
    assert!(!scene.guess(&alice(), "p", "كلمة السر 3").await);
}

#[tokio::test]
async fn three_wrong_passcodes_lock_for_five_minutes_six_again_and_nine_for_good() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    for end in ["2025-02-05T14:03:35.626Z", "2025-02-05T14:08:35.626Z"] {
        for _ in 0..3 {
            assert_eq!(state(&scene).await.0, UserStatus::Active);
            assert!(!scene.guess(&alice(), "p", "wrong").await);
        }
        let locked = state(&scene).await;
        assert_eq!((locked.0, locked.2.as_deref()), (UserStatus::TempLocked, Some(end)));
        // Neither the right passcode nor further wrong ones change the lock.
        scene.pass("PT4M59S");
        assert!(!scene.guess(&alice(), "p", "right").await);
        assert!(!scene.guess(&alice(), "p", "wrong").await);
        assert_eq!(state(&scene).await, locked);
        scene.pass("PT1S");
    }
    for _ in 0..3 {
        assert!(!scene.guess(&alice(), "p", "wrong").await);
    }
    scene.pass("P1Y");
    assert_eq!(state(&scene).await, (UserStatus::Locked, 9, None));
    assert!(!scene.guess(&alice(), "p", "right").await);
    give(&scene, UserStatus::Active).await;
    assert!(scene.guess(&alice(), "p", "right").await);
}

#[tokio::test]
async fn locks_that_failures_cause_and_their_ends_are_audited() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    // An end is told by the success, also where the user failed once more before.
    for guesses in [
        "wrong wrong wrong",
        "right",
        "wrong wrong wrong",
        "wrong right",
        "wrong wrong wrong",
        "wrong wrong wrong",
    ] {
        scene.pass("PT5M");
        for guess in guesses.split(' ') {
            scene.pass("PT1S");
            scene.guess(&alice(), "p", guess).await;
        }
    }
    scene.pass("PT5M");
    for _ in 0..4 {
        scene.guess(&alice(), "p", "wrong").await;
    }
    let mut entries = scene.work().list_audit(100).await.unwrap();
    entries.reverse();
    let told: String = entries
        .iter()
        .filter(|entry| {
            entry.action.name().starts_with("PASSCODE")
                || entry.modality.is_some()
                || entry.action.name().starts_with("USER_TEMP")
        })
        .map(|entry| {
            format!("{} {:?} {}\n", entry.action.name(), entry.modality, entry.user_id.is_some())
        })
        .collect();
    expect_test::expect![[r#"
        PASSCODE_REGISTERED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        USER_TEMP_LOCKED Some(Passcode) true
        USER_TEMP_UNLOCKED None true
        PASSCODE_ACCEPTED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        USER_TEMP_LOCKED Some(Passcode) true
        PASSCODE_REFUSED None true
        USER_TEMP_UNLOCKED None true
        PASSCODE_ACCEPTED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        USER_TEMP_LOCKED Some(Passcode) true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        USER_TEMP_LOCKED Some(Passcode) true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        PASSCODE_REFUSED None true
        USER_LOCKED_BY_FAILURES Some(Passcode) true
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_lock_that_has_ended_lets_the_right_passcode_in() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    for _ in 0..3 {
        assert!(!scene.guess(&alice(), "p", "wrong").await);
    }
    scene.pass("PT5M");
    assert!(scene.guess(&alice(), "p", "right").await);
    assert_eq!(state(&scene).await, (UserStatus::Active, 0, None));
}

#[tokio::test]
async fn where_locks_are_managed_elsewhere_failures_only_count() {
    let scene = Scene::with_alice().await;
    configure(&scene, json!({ "userLockConfig": { "externalLockManagement": true } })).await;
    scene.register(&alice(), "p", "right").await;
    for _ in 0..4 {
        assert!(!scene.guess(&alice(), "p", "wrong").await);
    }
    assert_eq!(state(&scene).await, (UserStatus::Active, 4, None));
}

#[tokio::test]
async fn two_wrong_guesses_at_the_same_time_both_count() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let (one, other) = (scene.start(&alice(), "p").await, scene.start(&alice(), "p").await);
    let (first, second) = (answer(&one, "wrong"), answer(&other, "worse"));
    // Both have decided on the same rows before either commits.
    let proof = ClientProof { client_public_key: &first.a_public, m1: &first.m1 };
    let mut slow = scene.work();
    slow.complete_passcode_authentication("s", &one.session_id, Some(proof)).await.unwrap();
    scene.complete(&other.session_id, &second).await.unwrap();
    let late = slow.commit().await.unwrap_err();
    assert!(late.is_conflict());
    assert_eq!(state(&scene).await.1, 1);
    scene.complete(&one.session_id, &first).await.unwrap();
    assert_eq!(state(&scene).await.1, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_guesses_in_parallel_stop_at_the_lock() {
    let scene = std::sync::Arc::new(Scene::with_alice().await);
    scene.register(&alice(), "p", "right").await;
    let mut starts = Vec::new();
    for _ in 0..20 {
        starts.push(scene.start(&alice(), "p").await);
    }
    let tasks: Vec<_> = starts
        .into_iter()
        .map(|start| {
            let scene = scene.clone();
            tokio::spawn(async move {
                scene.complete(&start.session_id, &answer(&start, "wrong")).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let (status, failures, _) = state(&scene).await;
    assert_eq!((status, failures), (UserStatus::TempLocked, 3));
}

#[tokio::test]
async fn a_session_cannot_be_used_twice() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let start = scene.start(&alice(), "p").await;
    let right = answer(&start, "right");
    let proof = ClientProof { client_public_key: &right.a_public, m1: &right.m1 };
    let session = &start.session_id;
    let (mut one, mut other) = (scene.work(), scene.work());
    one.complete_passcode_authentication("s", session, Some(proof)).await.unwrap();
    other.complete_passcode_authentication("s", session, Some(proof)).await.unwrap();
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
    let error = scene.complete(session, &right).await.unwrap_err();
    assert_eq!((error.code(), error.kind()), (2603, Kind::Invalid));
}

#[tokio::test]
async fn a_session_belongs_to_one_store_one_ceremony_and_a_quarter_of_an_hour() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    work.add_store(crate::NewStore { name: "other".to_owned(), ..Default::default() })
        .await
        .unwrap();
    let registration = work.start_passcode_registration("s", &alice(), "p").await.unwrap();
    let authentication =
        work.start_passcode_authentication_blindly("s", &alice(), "p").await.unwrap();
    work.commit().await.unwrap();
    let (register, authenticate) = (&registration.session_id, &authentication.session_id);
    let proof = ClientProof { client_public_key: &[2], m1: &[0] };
    let refused = async |work: &mut Work, store, register: &str, authenticate: &str| {
        let one = work.complete_passcode_registration(store, register, Some(&new())).await;
        let other = work.complete_passcode_authentication(store, authenticate, Some(proof)).await;
        assert_eq!(one.unwrap_err().code(), 2603);
        assert_eq!(other.unwrap_err().code(), 2603);
    };
    refused(&mut scene.work(), "other", register, authenticate).await;
    refused(&mut scene.work(), "s", authenticate, register).await;
    refused(&mut scene.work(), "s", "unknown", "unknown").await;
    scene.pass("PT14M59S");
    let mut work = scene.work();
    assert_eq!(work.sweep_ceremonies(10).await.unwrap(), 0);
    work.complete_passcode_registration("s", register, Some(&new())).await.unwrap();
    scene.pass("PT1S");
    refused(&mut scene.work(), "s", register, authenticate).await;
    let mut work = scene.work();
    assert_eq!(work.sweep_ceremonies(1).await.unwrap(), 1);
    assert_eq!(work.sweep_ceremonies(10).await.unwrap(), 1);
    work.commit().await.unwrap();
    let rows = scene.rows().await;
    assert!(!rows.iter().any(|row| row.contains("ceremon")), "{rows:#?}");
}

#[tokio::test]
async fn the_response_of_the_page_waits_in_the_session() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let start = work.start_passcode_registration("s", &alice(), "p").await.unwrap();
    let session = &start.session_id;
    let verifier = |text: &str| BrowserResponse::registration(text, &[]).unwrap();
    let missing = work.complete_passcode_registration("s", session, None).await.unwrap_err();
    assert_eq!(missing.code(), 2604);
    let mut work = scene.work();
    let start = work.start_passcode_registration("s", &alice(), "p").await.unwrap();
    let session = &start.session_id;
    let other = BrowserResponse::authentication("AQ", "AQ").unwrap();
    let error = work.remember_passcode_response(session, other).await.unwrap_err();
    assert_eq!(error.code(), 2605);
    work.remember_passcode_response(session, verifier("AQ==")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    let error = work.complete_passcode_registration("s", session, None).await.unwrap_err();
    assert_eq!(error.code(), 2606);
    let mut work = scene.work();
    work.remember_passcode_response(session, verifier("CQkJCQ==")).await.unwrap();
    work.complete_passcode_registration("s", session, None).await.unwrap();
    work.commit().await.unwrap();

    let start = scene.start(&alice(), "p").await;
    let mut work = scene.work();
    let session = &start.session_id;
    let missing = work.complete_passcode_authentication("s", session, None).await.unwrap_err();
    assert_eq!(missing.code(), 2604);
    assert!(work.into_unit().is_clean());
    let mut work = scene.work();
    assert_eq!(
        work.remember_passcode_response("gone", verifier("AQ")).await.unwrap_err().code(),
        2603
    );
}

#[tokio::test]
async fn a_remembered_proof_is_as_good_as_one_given() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    for (passcode, accepted) in [("right", true), ("wrong", false)] {
        let start = scene.start(&alice(), "p").await;
        let typed = answer(&start, passcode);
        let text = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        let response = BrowserResponse::authentication(&text(&typed.a_public), &text(&typed.m1));
        let mut work = scene.work();
        work.remember_passcode_response(&start.session_id, response.unwrap()).await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        let verdict = work.complete_passcode_authentication("s", &start.session_id, None).await;
        work.commit().await.unwrap();
        assert_eq!(matches!(verdict, Ok(Verdict::Accepted { .. })), accepted);
    }
}

#[tokio::test]
async fn a_registration_is_refused_for_a_reason() {
    let mut scene = Scene::with_alice().await;
    let start = async |scene: &Scene, store: &str, who: &Who, policy: &str| {
        let mut work = scene.work();
        let start = work.start_passcode_registration(store, who, policy).await;
        work.commit().await.unwrap();
        start.map(|start| start.session_id).map_err(|error| error.code())
    };
    let nobody = Who::Id("X".into());
    assert_eq!(start(&scene, "nowhere", &alice(), "p").await, Err(100));
    assert_eq!(start(&scene, "s", &alice(), "nothing").await, Err(2600));
    assert_eq!(start(&scene, "s", &external("bob"), "p").await, Err(503));
    assert_eq!(start(&scene, "s", &nobody, "p").await, Err(500));
    let early = start(&scene, "s", &alice(), "q").await.unwrap();
    let late = start(&scene, "s", &alice(), "q").await.unwrap();
    for status in [UserStatus::Locked, UserStatus::Disabled] {
        give(&scene, status).await;
        assert_eq!(start(&scene, "s", &alice(), "q").await, Err(502));
        let mut work = scene.work();
        let error = work.complete_passcode_registration("s", &early, Some(&new())).await;
        assert_eq!(error.unwrap_err().code(), 502);
        assert!(work.into_unit().is_clean());
    }
    give(&scene, UserStatus::Active).await;
    for bytes in [&[][..], &[1], &[0; 256], &[9; 257], &[255; 256]] {
        let mut work = scene.work();
        let error =
            work.complete_passcode_registration("s", &early, Some(&bytes.to_vec().into())).await;
        assert_eq!(error.unwrap_err().code(), 2606);
        assert!(work.into_unit().is_clean());
    }
    let mut work = scene.work();
    work.complete_passcode_registration("s", &early, Some(&new())).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(start(&scene, "s", &alice(), "q").await, Err(2601));
    let error = scene.work().complete_passcode_registration("s", &late, Some(&new())).await;
    assert_eq!(error.unwrap_err().code(), 2601);
    // Another policy has a passcode of its own, and an expired passcode makes room for a new one.
    assert!(start(&scene, "s", &alice(), "p").await.is_ok());
    scene.pass("P1D");
    scene.register(&alice(), "q", "anew").await;
    assert!(scene.guess(&alice(), "q", "anew").await);
}

#[tokio::test]
async fn a_passcode_expires() {
    let mut scene = Scene::with_alice().await;
    let user = scene.register(&alice(), "q", "right").await;
    let expiration = user.summary_info.passcodes[0].expiration_dtm.unwrap();
    assert_eq!(expiration.to_string(), "2025-02-06T13:58:35.626Z");
    scene.pass("PT23H59M59S");
    assert!(scene.guess(&alice(), "q", "right").await);
    let before = scene.start(&alice(), "q").await;
    scene.pass("PT1S");
    assert!(!scene.guess(&alice(), "q", "right").await);
    let verdict = scene.complete(&before.session_id, &answer(&before, "right")).await.unwrap();
    assert!(matches!(verdict, Verdict::Expired { user: None, .. }), "{verdict:?}");
    assert!(!scene.guess(&alice(), "q", "wrong").await);
    // It is told neither at the start nor to somebody who does not know it, and a right proof counts for nothing.
    let mut work = scene.work();
    let start = work.start_passcode_authentication("s", &alice(), "q").await.unwrap();
    work.commit().await.unwrap();
    let verdict = scene.complete(&start.session_id, &answer(&start, "right")).await.unwrap();
    let Verdict::Expired { user: Some(user), .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(user.lock_info.invalid_count, 1, "one wrong proof counts");
    assert_eq!(user.summary_info.passcodes[0].status, PasscodeStatus::Expired);
}

#[tokio::test]
async fn a_caller_who_may_know_is_told_at_the_start() {
    let scene = Scene::with_alice().await;
    let start = async |who: &Who, policy: &str| {
        let start = scene.work().start_passcode_authentication("s", who, policy).await;
        start.map(|_| ()).map_err(|error| (error.code(), error.kind()))
    };
    assert_eq!(start(&external("bob"), "p").await, Err((503, Kind::NotFound)));
    assert_eq!(start(&Who::Id("X".into()), "p").await, Err((500, Kind::NotFound)));
    assert_eq!(start(&alice(), "nothing").await, Err((2600, Kind::NotFound)));
    assert_eq!(start(&alice(), "p").await, Err((2602, Kind::NotFound)));
    scene.register(&alice(), "p", "right").await;
    assert_eq!(start(&alice(), "p").await, Ok(()));
    give(&scene, UserStatus::Locked).await;
    assert_eq!(start(&alice(), "p").await, Err((2615, Kind::Refused)));
    give(&scene, UserStatus::Disabled).await;
    assert_eq!(start(&alice(), "p").await, Err((2615, Kind::Refused)));
    give(&scene, UserStatus::Active).await;
    let mut work = scene.work();
    work.lock_user_modality("s", &alice(), Modality::Passcode).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(start(&alice(), "p").await, Err((2615, Kind::Refused)));
}

#[tokio::test]
async fn a_caller_who_may_know_sees_the_lock_that_came_of_a_refusal() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let mut shown = Vec::new();
    for _ in 0..3 {
        let mut work = scene.work();
        let start = work.start_passcode_authentication("s", &alice(), "p").await.unwrap();
        work.commit().await.unwrap();
        let verdict = scene.complete(&start.session_id, &answer(&start, "wrong")).await.unwrap();
        let Verdict::Refused { user: Some(user), .. } = verdict else { panic!("{verdict:?}") };
        shown.push((user.status, user.lock_info.invalid_count));
    }
    let active = UserStatus::Active;
    assert_eq!(shown, [(active, 1), (active, 2), (UserStatus::TempLocked, 3)]);
}

#[tokio::test]
async fn a_forbidden_public_key_fails_like_a_wrong_passcode() {
    let scene = Scene::with_alice().await;
    configure(&scene, json!({ "userLockConfig": { "externalLockManagement": true } })).await;
    scene.register(&alice(), "p", "right").await;
    let n = exchange().modulus();
    let long = [vec![0], vec![2; 256]].concat();
    let keys: [&[u8]; 5] = [&[], &[0], &[0; 256], &n, &long];
    for (failures, key) in (1..).zip(keys) {
        let start = scene.start(&alice(), "p").await;
        let mut work = scene.work();
        // What a client would prove that makes the secret 0 with a key of 0.
        let m1 = &answer(&start, "right").m1;
        let proof = ClientProof { client_public_key: key, m1 };
        let session = &start.session_id;
        let verdict = work.complete_passcode_authentication("s", session, Some(proof)).await;
        work.commit().await.unwrap();
        let verdict = verdict.unwrap();
        assert!(matches!(verdict, Verdict::Refused { user: None, .. }), "{verdict:?}");
        assert_eq!(state(&scene).await.1, failures);
    }
}

#[tokio::test]
async fn a_removed_passcode_opens_nothing_even_if_another_takes_its_place() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let start = scene.start(&alice(), "p").await;
    let again = scene.start(&alice(), "p").await;
    let mut work = scene.work();
    let user = work.remove_passcode("s", &alice(), "p").await.unwrap();
    assert_eq!(user.summary_info.passcodes, []);
    for (policy, code) in [("p", 2602), ("nothing", 2600)] {
        let error = work.remove_passcode("s", &alice(), policy).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
    let error = work.remove_passcode("s", &external("bob"), "p").await.unwrap_err();
    assert_eq!(error.code(), 503);
    work.commit().await.unwrap();
    let refused = |verdict: Verdict| matches!(verdict, Verdict::Refused { user: None, .. });
    let verdict = scene.complete(&start.session_id, &answer(&start, "right")).await.unwrap();
    assert!(refused(verdict));
    scene.register(&alice(), "p", "right").await;
    let verdict = scene.complete(&again.session_id, &answer(&again, "right")).await.unwrap();
    assert!(refused(verdict));
    assert!(scene.guess(&alice(), "p", "right").await);
    // A passcode outlives its policy only to be removed.
    configure(&scene, json!({ "passcodePolicies": { "p": null } })).await;
    let error = scene.work().start_passcode_authentication("s", &alice(), "p").await.unwrap_err();
    assert_eq!(error.code(), 2600);
    scene.work().remove_passcode("s", &alice(), "p").await.unwrap();
}

#[tokio::test]
async fn the_three_steps_taken_apart_can_be_sent_to_another_thread() {
    fn sent<T: Send + 'static>(thing: T) -> T {
        thing
    }
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let mut work = scene.work();
    let opening =
        work.open_passcode_authentication("s", &alice(), "p", Manner::Open).await.unwrap();
    let offer = std::thread::spawn(move || sent(opening).offer()).join().unwrap().unwrap();
    let start = work.keep_passcode_offer(sent(offer)).await.unwrap();
    let right = answer(&start, "right");
    let proof = ClientProof { client_public_key: &right.a_public, m1: &right.m1 };
    let attempt = work.open_passcode_attempt("s", &start.session_id, Some(proof)).await.unwrap();
    let examined = std::thread::spawn(move || sent(attempt).examine()).join().unwrap();
    let verdict = work.settle_passcode_attempt(sent(examined)).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }));
}

#[test]
fn errors_of_the_store_keep_their_meaning() {
    let conflict = Error::from(StorageError::Conflict { table: "t", key: "k".to_owned() });
    assert_eq!(
        (conflict.code(), conflict.kind(), conflict.is_conflict()),
        (1, Kind::Conflict, true)
    );
    let closed = Error::from(StorageError::Closed);
    assert_eq!((closed.code(), closed.kind(), closed.is_conflict()), (1, Kind::Unavailable, false));
    let exists = Error::PasscodeExists("p".to_owned());
    assert_eq!((exists.kind(), exists.is_conflict()), (Kind::Conflict, false));
}
