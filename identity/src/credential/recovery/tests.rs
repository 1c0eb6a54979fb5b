//! Recovery codes, from the day on which they are made to the last one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::audit::Reason;
use crate::credential::outcome::{Outcome, RECOVERY_CODE_REFUSED};
use crate::credential::passcode::Manner;
use crate::error::Kind;
use crate::scene::{Scene, external};
use crate::{StoreChange, User, UserStatus, Who};

const WRONG: &str = "0000-0000-0000-0000";

fn alice() -> Who {
    external("alice")
}

async fn scene() -> Scene {
    let scene = Scene::with_alice().await;
    let policies = json!({ "r": { "count": 3 }, "long": { "length": 32 } });
    configure(&scene, json!({ "recoveryCodePolicies": policies })).await;
    scene
}

async fn configure(scene: &Scene, configuration: Value) {
    let Value::Object(map) = configuration else { unreachable!() };
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(map), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
}

async fn generate(scene: &Scene, policy: &str) -> Vec<String> {
    let mut work = scene.work();
    let made = work.generate_recovery_codes("s", &alice(), policy).await.unwrap();
    work.commit().await.unwrap();
    made.codes
}

/// Authenticates, again and again while somebody else is faster.
async fn authenticate(scene: &Scene, code: &str, manner: Manner) -> Outcome {
    loop {
        let mut work = scene.work();
        let who = alice();
        let outcome = work.authenticate_with_recovery_code("s", &who, "r", code, manner).await;
        match work.commit().await {
            Err(error) if error.is_conflict() => {}
            other => return other.and(outcome).unwrap(),
        }
    }
}

async fn accepts(scene: &Scene, code: &str) -> bool {
    matches!(authenticate(scene, code, Manner::Open).await, Outcome::Accepted { .. })
}

async fn read(scene: &Scene) -> User {
    scene.work().read_user("s", &alice()).await.unwrap()
}

async fn remaining(scene: &Scene) -> u32 {
    read(scene).await.summary_info.recovery_codes.last().unwrap().remaining
}

#[tokio::test]
async fn each_code_is_good_once_however_it_is_typed() {
    let mut scene = scene().await;
    let codes = generate(&scene, "r").await;
    assert_eq!(codes.len(), 3);
    assert!(codes.iter().all(|code| code.len() == 19));
    scene.pass("P100D");
    assert!(accepts(&scene, &codes[1].to_lowercase().replace('-', " ")).await);
    assert_eq!((remaining(&scene).await, scene.failed_guesses()), (2, 0));
    assert!(!accepts(&scene, &codes[1]).await);
    assert_eq!(scene.failed_guesses(), 1);
    assert!(accepts(&scene, &codes[2]).await);
    assert!(accepts(&scene, &codes[0]).await);
    let user = read(&scene).await;
    let set = &user.summary_info.recovery_codes[0];
    assert_eq!((set.count, set.remaining), (3, 0));
    assert_eq!(set.last_authenticated_with_dtm, Some(scene.now));
    for code in codes {
        assert!(!accepts(&scene, &code).await);
    }
}

#[tokio::test]
async fn the_same_code_at_the_same_time_is_accepted_once() {
    let scene = scene().await;
    let codes = generate(&scene, "r").await;
    let (mut one, mut other) = (scene.work(), scene.work());
    for work in [&mut one, &mut other] {
        let (who, code) = (alice(), &codes[0]);
        let outcome = work.authenticate_with_recovery_code("s", &who, "r", code, Manner::Open);
        assert!(matches!(outcome.await.unwrap(), Outcome::Accepted { .. }));
    }
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
    assert!(!accepts(&scene, &codes[0]).await);
}

#[tokio::test]
async fn new_codes_replace_the_earlier_ones_of_their_policy_alone() {
    let mut scene = scene().await;
    let (old, long) = (generate(&scene, "r").await, generate(&scene, "long").await);
    assert_eq!((long.len(), long[0].len()), (10, 39));
    let new = generate(&scene, "r").await;
    assert!(!accepts(&scene, &old[0]).await);
    assert!(!accepts(&scene, &long[0]).await);
    assert!(accepts(&scene, &new[0]).await);
    let sets = scene.work().list_recovery_codes("s", &alice()).await.unwrap();
    let told: Vec<_> = sets.iter().map(|set| (set.policy_name.as_str(), set.remaining)).collect();
    assert_eq!(told, [("long", 10), ("r", 2)]);
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.rows().await.iter().all(|row| !row.starts_with("recovery")));
}

#[tokio::test]
async fn no_code_is_in_the_rows() {
    let mut scene = scene().await;
    let codes = generate(&scene, "r").await;
    let rows = scene.rows().await.concat();
    for code in codes {
        assert!(!rows.contains(&code) && !rows.contains(&code.replace('-', "")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_codes_in_parallel_all_count_and_stop_at_the_lock() {
    let scene = Arc::new(scene().await);
    let codes = generate(&scene, "r").await;
    let counts = json!({ "invalidCountsBeforeTempLock": [30], "tempLockDurations": [] });
    configure(&scene, json!({ "userLockConfig": counts })).await;
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let scene = scene.clone();
            tokio::spawn(async move { accepts(&scene, WRONG).await })
        })
        .collect();
    for task in tasks {
        assert!(!task.await.unwrap());
    }
    let user = read(&scene).await;
    assert_eq!((user.status, user.lock_info.invalid_count), (UserStatus::Locked, 30));
    let outcome = authenticate(&scene, &codes[0], Manner::Open).await;
    assert!(matches!(outcome, Outcome::Refused { code: 2100, user: Some(_), .. }));
    assert_eq!(remaining(&scene).await, 3);
}

#[tokio::test]
async fn a_stranger_is_told_nothing_and_a_caller_who_may_know_what_is_missing() {
    let scene = scene().await;
    let outcome = authenticate(&scene, WRONG, Manner::Blind).await;
    assert!(matches!(outcome, Outcome::Refused { code: RECOVERY_CODE_REFUSED, user: None, .. }));
    let entries = scene.work().list_audit(1000).await.unwrap();
    assert!(entries.iter().any(|entry| entry.reason == Some(Reason::RecoveryCodesMissing)));
    assert_eq!(read(&scene).await.lock_info.invalid_count, 1, "it failed");
    let mut work = scene.work();
    let cases = [
        (alice(), "x", 2800),
        (external("nobody"), "r", 503),
        (Who::Id("nobody".into()), "r", 500),
    ];
    for (who, policy, code) in cases {
        let missing =
            work.authenticate_with_recovery_code("s", &who, policy, WRONG, Manner::Open).await;
        let missing = missing.unwrap_err();
        assert_eq!((missing.code(), missing.kind()), (code, Kind::NotFound));
        let missing = work.remove_recovery_codes("s", &who, policy).await.unwrap_err();
        assert_eq!(missing.code(), code);
    }
    let outcome = authenticate(&scene, WRONG, Manner::Open).await;
    let Outcome::Refused { code: 2802, user: Some(user), record } = outcome else {
        panic!("missing")
    };
    assert_eq!(user.lock_info.invalid_count, 2);
    let noted = scene.work().read_authentication("s", &alice(), &record).await.unwrap();
    assert_eq!(noted.auth_audit_record.reason, Some(Reason::RecoveryCodesMissing));
    assert_eq!(scene.failed_guesses(), 2);
    let mut work = scene.work();
    let missing = work.remove_recovery_codes("s", &alice(), "r").await.unwrap_err();
    assert_eq!(missing.code(), 2802);
    generate(&scene, "r").await;
    let mut work = scene.work();
    let user = work.remove_recovery_codes("s", &alice(), "r").await.unwrap();
    assert_eq!(user.summary_info.recovery_codes, []);
}

#[tokio::test]
async fn a_set_is_read_and_removed_by_its_identifier() {
    let scene = scene().await;
    generate(&scene, "r").await;
    generate(&scene, "long").await;
    let mut work = scene.work();
    let sets = work.list_recovery_codes("s", &alice()).await.unwrap();
    for set in &sets {
        assert_eq!(work.read_recovery_codes("s", &alice(), &set.id).await.unwrap(), *set);
    }
    let user = work.remove_recovery_codes_by_id("s", &alice(), &sets[0].id).await.unwrap();
    assert_eq!(user.summary_info.recovery_codes, sets[1..]);
    work.commit().await.unwrap();
    let mut work = scene.work();
    for id in [sets[0].id.as_str(), "r", ""] {
        let gone = work.read_recovery_codes("s", &alice(), id).await.unwrap_err();
        assert_eq!((gone.code(), gone.kind()), (2802, Kind::NotFound), "{id}");
        let gone = work.remove_recovery_codes_by_id("s", &alice(), id).await.unwrap_err();
        assert_eq!(gone.code(), 2802, "{id}");
    }
}

#[tokio::test]
async fn policies_are_a_resource_of_their_own() {
    let scene = scene().await;
    let mut work = scene.work();
    let policy = serde_json::Map::from_iter([("count".to_owned(), json!(5))]);
    let added = work.add_recovery_code_policy("s", "u", policy.clone()).await.unwrap();
    assert_eq!(added, RecoveryCodePolicy { count: 5, ..RecoveryCodePolicy::default() });
    let taken = work.add_recovery_code_policy("s", "u", policy).await.unwrap_err();
    assert_eq!(taken.code(), 2801);
    let Value::Object(change) = json!({ "length": 20 }) else { unreachable!() };
    let changed = work.update_recovery_code_policy("s", "u", change).await.unwrap();
    assert_eq!((changed.count, changed.length), (5, 20));
    work.remove_recovery_code_policy("s", "u").await.unwrap();
    assert_eq!(work.read_recovery_code_policy("s", "u").await.unwrap_err().code(), 2800);
}

#[tokio::test]
async fn a_code_that_was_kept_more_than_once_is_good_once() {
    let scene = scene().await;
    let codes = generate(&scene, "r").await;
    let mut work = scene.work();
    let store = work.read_store("s").await.unwrap().id;
    let user = work.read_user("s", &alice()).await.unwrap().id;
    let set = RECOVERY_CODES.find_whole(&mut work, &store, &user, "r").await.unwrap();
    let (row, mut hashes) = set.unwrap();
    hashes.0 = vec![hashes.0[0], hashes.0[1], hashes.0[0]];
    RECOVERY_CODES.keep(&mut work, &store, &user, &row, Some(&hashes)).await.unwrap();
    work.commit().await.unwrap();
    assert!(accepts(&scene, &codes[0]).await);
    assert_eq!(remaining(&scene).await, 1);
    assert!(!accepts(&scene, &codes[0]).await);
    assert!(accepts(&scene, &codes[1]).await);
}

#[tokio::test]
async fn a_right_code_takes_away_what_failed_with_codes_alone() {
    let scene = scene().await;
    scene.register(&alice(), "p", "right").await;
    let codes = generate(&scene, "r").await;
    assert!(!scene.guess(&alice(), "p", "wrong").await);
    assert!(!accepts(&scene, WRONG).await);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 2);
    assert!(accepts(&scene, &codes[0]).await);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 1);
    assert!(!accepts(&scene, WRONG).await);
    assert!(scene.guess(&alice(), "p", "right").await);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 1);
}
