//! Locks by hand, beside those that failures cause, and under attack.

use expect_test::expect;
use serde_json::{Value, json};

use super::*;
use crate::scene::{Scene, answer, external};
use crate::{StoreChange, UserChange, UserStatus};

async fn configure(scene: &Scene, configuration: Value) {
    let Value::Object(change) = configuration else { panic!("an object") };
    let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
    let mut work = scene.work();
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
}

async fn alice(scene: &Scene) -> User {
    scene.work().read_user("s", &external("alice")).await.unwrap()
}

async fn lock(scene: &Scene) -> User {
    let mut work = scene.work();
    let user = work.lock_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    user
}

async fn unlock(scene: &Scene) -> User {
    let mut work = scene.work();
    let user = work.unlock_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    user
}

#[tokio::test]
async fn a_locked_user_cannot_authenticate_until_unlocked() {
    let mut scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    assert_eq!(lock(&scene).await.status, UserStatus::Locked);
    scene.pass("P900D");
    assert!(!scene.guess(&external("alice"), "p", "right").await);
    let told = scene.work().start_passcode_authentication("s", &external("alice"), "p").await;
    assert_eq!(told.unwrap_err().code(), 2615);
    assert_eq!(unlock(&scene).await.status, UserStatus::Active);
    assert!(scene.guess(&external("alice"), "p", "right").await);
}

#[tokio::test]
async fn a_lock_takes_effect_between_the_halves_of_an_authentication() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    for modality in [false, true] {
        let start = scene.start(&external("alice"), "p").await;
        let mut work = scene.work();
        match modality {
            false => work.lock_user("s", &external("alice")).await.unwrap(),
            true => {
                let who = external("alice");
                work.lock_user_modality("s", &who, Modality::Passcode).await.unwrap()
            }
        };
        work.commit().await.unwrap();
        let verdict = scene.complete(&start.session_id, &answer(&start, "right")).await.unwrap();
        assert!(matches!(verdict, crate::Verdict::Refused { .. }), "{modality}");
        unlock(&scene).await;
    }
}

#[tokio::test]
async fn a_locked_form_of_authentication_leaves_the_user_active() {
    let mut scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    scene.changes().await;
    let mut work = scene.work();
    let who = external("alice");
    let user = work.lock_user_modality("s", &who, Modality::Passcode).await.unwrap();
    work.lock_user_modality("s", &who, Modality::Totp).await.unwrap();
    work.unlock_user_modality("s", &who, Modality::Totp).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(user.status, UserStatus::Active);
    let changes = scene.changes().await;
    let audited: String = changes
        .lines()
        .filter(|line| line.starts_with("+ audit"))
        .map(|l| format!("{l}\n"))
        .collect();
    expect![[r##"
        + audit 1738763915626/1/#9 {"action":"MODALITY_LOCKED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","modality":"PASSCODE","storeId":"#1","storeName":"s","userId":"#2"}
        + audit 1738763915626/2/#10 {"action":"MODALITY_LOCKED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","modality":"TOTP","storeId":"#1","storeName":"s","userId":"#2"}
        + audit 1738763915626/3/#11 {"action":"MODALITY_UNLOCKED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","modality":"TOTP","storeId":"#1","storeName":"s","userId":"#2"}
    "##]].assert_eq(&audited);
    assert!(!scene.guess(&who, "p", "right").await);
    let told = scene.work().start_passcode_authentication("s", &who, "p").await;
    assert_eq!(told.unwrap_err().code(), 2615);
    let mut work = scene.work();
    work.unlock_user_modality("s", &who, Modality::Passcode).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.guess(&who, "p", "right").await);
}

#[tokio::test]
async fn what_is_so_already_is_not_written_again() {
    let mut scene = Scene::with_alice().await;
    unlock(&scene).await;
    assert_eq!(scene.changes().await, "");
    lock(&scene).await;
    scene.changes().await;
    lock(&scene).await;
    assert_eq!(scene.changes().await, "");
}

#[tokio::test]
async fn a_disabled_user_stays_disabled_whatever_the_locks_are() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let disabled = UserChange { status: Some(UserStatus::Disabled), ..UserChange::default() };
    work.update_user("s", &external("alice"), disabled).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(lock(&scene).await.status, UserStatus::Disabled);
    assert_eq!(unlock(&scene).await.status, UserStatus::Disabled);
}

#[tokio::test]
async fn nobody_can_be_locked_who_is_not_there() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    assert_eq!(work.lock_user("s", &external("bob")).await.unwrap_err().code(), 503);
    assert_eq!(work.unlock_user("s", &Who::Id("BOB".into())).await.unwrap_err().code(), 500);
    assert_eq!(work.lock_user("none", &external("alice")).await.unwrap_err().code(), 100);
}

#[tokio::test]
async fn where_locks_are_managed_outside_failures_lock_nobody_and_the_operations_do() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    configure(&scene, json!({ "userLockConfig": { "externalLockManagement": true } })).await;
    for _ in 0..10 {
        assert!(!scene.guess(&external("alice"), "p", "wrong").await);
    }
    let user = alice(&scene).await;
    assert_eq!((user.status, user.lock_info.invalid_count), (UserStatus::Active, 10));
    lock(&scene).await;
    assert!(!scene.guess(&external("alice"), "p", "right").await);
    // A failure behind the lock does not take it off.
    assert_eq!(alice(&scene).await.status, UserStatus::Locked);
    assert_eq!(unlock(&scene).await.lock_info.invalid_count, 0);
    assert!(scene.guess(&external("alice"), "p", "right").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_parallel_wrong_guesses_count_a_hundred_and_the_right_passcode_then_fails() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let lock = json!({ "invalidCountsBeforeTempLock": [100], "tempLockDurations": [] });
    configure(&scene, json!({ "userLockConfig": lock })).await;
    // Everybody starts before anybody ends, the one with the right passcode as well.
    let right = scene.start(&external("alice"), "p").await;
    let mut wrong = Vec::new();
    for _ in 0..100 {
        let start = scene.start(&external("alice"), "p").await;
        // A proof that is wrong without any arithmetic of the client's.
        let mut answer = answer(&right, "right");
        answer.m1[0] ^= 1;
        wrong.push((start.session_id, answer));
    }
    let scene = std::sync::Arc::new(scene);
    let attempts = wrong.into_iter().map(|(session, answer)| {
        let scene = scene.clone();
        tokio::spawn(async move { scene.complete(&session, &answer).await.unwrap() })
    });
    for attempt in attempts.collect::<Vec<_>>() {
        assert!(matches!(attempt.await.unwrap(), crate::Verdict::Refused { .. }));
    }
    let user = alice(&scene).await;
    assert_eq!((user.lock_info.invalid_count, user.status), (100, UserStatus::Locked));
    let late = scene.complete(&right.session_id, &answer(&right, "right")).await.unwrap();
    assert!(matches!(late, crate::Verdict::Refused { .. }));
}
