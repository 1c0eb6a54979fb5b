//! What a stranger sees: the same of everybody.

use std::collections::BTreeSet;

use crate::scene::{Scene, answer, external};
use crate::{
    AlgorithmParameters, NewUser, PasscodeAuthentication, UserChange, UserStatus, Verdict, Who,
    decode_base64,
};

/// Users in every state, each with the passcode `right` where they have one.
async fn people(scene: &mut Scene) -> Vec<(&'static str, Who)> {
    let mut work = scene.work();
    for name in ["bare", "wrong", "locked", "disabled", "expired", "tried"] {
        let new = NewUser { external_id: Some(name.to_owned()), ..NewUser::default() };
        work.add_user("s", new).await.unwrap();
    }
    work.commit().await.unwrap();
    for name in ["wrong", "locked", "disabled", "expired", "tried"] {
        scene.register(&external(name), "q", "right").await;
    }
    scene.pass("P1D");
    for name in ["wrong", "locked", "disabled", "tried"] {
        scene.register(&external(name), "q", "right").await;
    }
    for (name, status) in [("locked", UserStatus::Locked), ("disabled", UserStatus::Disabled)] {
        let mut work = scene.work();
        let change = UserChange { status: Some(status), ..UserChange::default() };
        work.update_user("s", &external(name), change).await.unwrap();
        work.commit().await.unwrap();
    }
    for _ in 0..3 {
        assert!(!scene.guess(&external("tried"), "q", "wrong").await);
    }
    let names = ["unknown", "bare", "wrong", "locked", "disabled", "expired", "tried"];
    names.into_iter().map(|name| (name, external(name))).collect()
}

/// The members of an answer with the lengths of their texts, and of the bytes behind them.
fn shape(start: &PasscodeAuthentication) -> String {
    let AlgorithmParameters { i, n, g, hash_algorithm, salt, server_public_key, m2 } =
        &start.algorithm_info.parameters;
    let bytes = |text: &Option<String>| decode_base64(text.as_deref().unwrap()).unwrap().len();
    format!(
        "{} i {} n {} g {g:?} {hash_algorithm} salt {} key {} m2 {m2:?} session {}",
        start.algorithm_info.kind,
        i.as_deref().unwrap().len(),
        bytes(n),
        bytes(salt),
        bytes(server_public_key),
        start.session_id.len(),
    )
}

#[tokio::test]
async fn a_stranger_cannot_tell_one_user_from_another() {
    let mut scene = Scene::with_alice().await;
    let mut shapes = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (name, who) in people(&mut scene).await {
        let (start, again) = (scene.start(&who, "q").await, scene.start(&who, "q").await);
        shapes.extend([shape(&start), shape(&again)]);
        let [one, other] = [&start, &again].map(|start| start.algorithm_info.parameters.clone());
        assert_eq!((&one.i, &one.salt), (&other.i, &other.salt), "{name}");
        assert_ne!(one.server_public_key, other.server_public_key, "{name}");
        assert!(seen.insert((one.i, one.salt)), "{name}");
        // Whoever knows a passcode is told that it has expired, and is no stranger.
        let passcode = if ["wrong", "expired"].contains(&name) { "wrong" } else { "right" };
        let verdict = scene.complete(&start.session_id, &answer(&start, passcode)).await;
        let verdict = verdict.unwrap();
        assert!(matches!(verdict, Verdict::Refused { user: None, .. }), "{name}: {verdict:?}");
        let used = scene.complete(&start.session_id, &answer(&start, passcode)).await;
        assert_eq!(used.unwrap_err().code(), 2603, "{name}");
    }
    assert_eq!(
        shapes.into_iter().collect::<Vec<_>>(),
        ["SRP i 26 n 256 g Some(2) SHA-256 salt 32 key 256 m2 None session 26"]
    );
}

#[tokio::test]
async fn the_audit_alone_knows_why_and_holds_no_unknown_name() {
    let mut scene = Scene::with_alice().await;
    let mut reasons = Vec::new();
    for (name, who) in people(&mut scene).await {
        scene.pass("PT0.001S");
        scene.guess(&who, "q", if name == "wrong" { "wrong" } else { "right" }).await;
        let entry = scene.work().list_audit(1).await.unwrap().remove(0);
        assert_eq!(entry.user_id.is_some(), name != "unknown");
        let json = serde_json::to_string(&entry).unwrap();
        assert!(!json.contains("unknown") && !json.contains("right"), "{json}");
        reasons.push(format!("{name}: {:?}", entry.reason.unwrap()));
    }
    expect_test::expect![[r#"
        unknown: UserUnknown
        bare: PasscodeMissing
        wrong: WrongPasscode
        locked: UserLocked
        disabled: UserDisabled
        expired: PasscodeExpired
        tried: UserLocked"#]]
    .assert_eq(&reasons.join("\n"));
}

#[tokio::test]
async fn a_lock_or_its_end_changes_nothing_that_a_stranger_sees() {
    let mut scene = Scene::with_alice().await;
    let alice = external("alice");
    scene.register(&alice, "p", "right").await;
    let mut seen = BTreeSet::new();
    let mut look = async |scene: &Scene| {
        let parameters = scene.start(&alice, "p").await.algorithm_info.parameters;
        seen.insert((parameters.i, parameters.salt));
        seen.len()
    };
    assert_eq!(look(&scene).await, 1);
    for _ in 0..3 {
        assert!(!scene.guess(&alice, "p", "wrong").await);
    }
    assert_eq!(look(&scene).await, 1);
    scene.pass("PT5M");
    assert_eq!(look(&scene).await, 1);
}

#[tokio::test]
async fn a_failure_that_locks_nobody_writes_as_much_as_one_that_does() {
    for name in ["alice", "nobody"] {
        let scene = Scene::with_alice().await;
        scene.register(&external("alice"), "p", "right").await;
        assert_eq!(scene.locks_of_nobody().await, [0, 0]);
        scene.guess(&external(name), "p", "wrong").await;
        assert_eq!(scene.locks_of_nobody().await, [1, 1], "{name}");
    }
}

#[tokio::test]
async fn whether_a_user_is_locked_is_asked_when_a_session_is_completed() {
    let mut scene = Scene::with_alice().await;
    let alice = external("alice");
    scene.register(&alice, "p", "right").await;
    for _ in 0..3 {
        assert!(!scene.guess(&alice, "p", "wrong").await);
    }
    let start = scene.start(&alice, "p").await;
    scene.pass("PT5M");
    let verdict = scene.complete(&start.session_id, &answer(&start, "right")).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }), "its lock is over: {verdict:?}");
    let user = scene.work().read_user("s", &alice).await.unwrap();
    assert_eq!((user.status, user.lock_info.invalid_count), (UserStatus::Active, 0));
    // And one that was started before a lock fails under it.
    let start = scene.start(&alice, "p").await;
    for _ in 0..3 {
        assert!(!scene.guess(&alice, "p", "wrong").await);
    }
    let verdict = scene.complete(&start.session_id, &answer(&start, "right")).await.unwrap();
    assert!(matches!(verdict, Verdict::Refused { user: None, .. }), "{verdict:?}");
}

#[tokio::test]
async fn the_decoys_of_two_tenants_are_different_and_those_of_one_outlive_a_restart() {
    let scene = Scene::with_alice().await;
    let first = scene.start(&external("nobody"), "p").await.algorithm_info.parameters;
    let other = Scene::with_alice().await;
    let second = other.start(&external("nobody"), "p").await.algorithm_info.parameters;
    assert_ne!(first.i, second.i);
    let third = scene.start(&external("nobody"), "p").await.algorithm_info.parameters;
    assert_eq!((first.i, first.salt), (third.i, third.salt));
}

#[tokio::test]
async fn what_is_no_users_business_is_told_even_to_strangers() {
    let scene = Scene::with_alice().await;
    for (store, policy, code) in [("nowhere", "p", 100), ("s", "nothing", 2600)] {
        for name in ["alice", "nobody"] {
            let who = external(name);
            let mut work = scene.work();
            let start = work.start_passcode_authentication_blindly(store, &who, policy).await;
            assert_eq!(start.unwrap_err().code(), code);
        }
    }
}
