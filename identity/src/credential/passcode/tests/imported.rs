//! Hashes of another system on their way to verifiers, and passcodes that are undone.

use super::*;
use crate::{LaneStep, audit};

const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const SCRYPT: &str =
    "$scrypt$ln=10,r=8,p=2$yMnKy8zNzs/Q0dLT1NXW1w$0W62GfwQaOeBayN87zDtSXq9S50D4Vwu4onYTOJV0JA";

/// Alice has a passcode, and bob a hash of the passcode `U*U`.
async fn scene() -> Scene {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    bring(&scene, "bob", BCRYPT).await;
    scene
}

async fn bring(scene: &Scene, name: &str, hash: &str) {
    let line = json!({ "externalId": name, "passcodes": [{ "policyName": "p", "hash": hash }] });
    let mut work = scene.work();
    work.start_import("s", Some(name), 1).await.unwrap();
    let lines = [Some(line.to_string().into_bytes())];
    assert_eq!(work.import_lines("s", name, 1, &lines).await.unwrap().created, 1);
    work.commit().await.unwrap();
}

/// Signs in as the page does while there is a lane: what came next after the proof, and whether it was accepted.
async fn sign_in(scene: &Scene, who: &Who, passcode: &str) -> (LaneStep, bool) {
    let start = scene.start(who, "p").await;
    let typed = answer(&start, passcode);
    let session = &start.session_id;
    let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
    let mut work = scene.work();
    let step = work.prove_in_lane("s", session, proof).await.unwrap();
    work.commit().await.unwrap();
    if step == LaneStep::Passcode {
        let bytes = passcode.as_bytes().to_vec().into();
        let shown = scene.work().open_lane("s", session, bytes).await.unwrap();
        let verdict = shown.verify();
        let mut work = scene.work();
        work.settle_lane(&verdict).await.unwrap();
        work.commit().await.unwrap();
    }
    let verdict = scene.complete(session, &typed).await.unwrap();
    (step, matches!(verdict, Verdict::Accepted { .. }))
}

async fn failures(scene: &Scene, who: &Who) -> u32 {
    scene.work().read_user("s", who).await.unwrap().lock_info.invalid_count
}

#[tokio::test]
async fn a_hash_is_verified_once_and_becomes_a_verifier() {
    let scene = scene().await;
    let bob = external("bob");
    let before = scene.start(&bob, "p").await;
    assert_eq!(sign_in(&scene, &bob, "U*U").await, (LaneStep::Passcode, true));
    assert!(scene.guess(&bob, "p", "U*U").await, "by SRP alone");
    assert!(!scene.guess(&bob, "p", "U*U*").await);
    // What a stranger sees of the passcode is what they saw before.
    let after = scene.start(&bob, "p").await;
    let shown = |start: &PasscodeAuthentication| {
        let parameters = &start.algorithm_info.parameters;
        (parameters.i.clone(), parameters.salt.clone())
    };
    assert_eq!(shown(&before), shown(&after));
    assert!(!scene.work().has_passcode_lane("s", "p").await.unwrap());
    let start = scene.start(&alice(), "p").await;
    let proof = ClientProof { client_public_key: &[2], m1: &[0] };
    let error = scene.work().prove_in_lane("s", &start.session_id, proof).await.unwrap_err();
    assert_eq!(error.code(), 2612);
    let mut exported = scene.work();
    let mut export = exported.start_user_export("s", true).await.unwrap();
    assert!(!exported.read_user_export(&mut export, 10).await.unwrap().contains("$2a$"));
}

#[tokio::test]
async fn only_who_has_a_verifier_and_typed_it_right_keeps_the_passcode() {
    let scene = scene().await;
    let nobody = external("nobody");
    assert_eq!(sign_in(&scene, &alice(), "right").await, (LaneStep::Complete, true));
    for (who, passcode) in [
        (alice(), "wrong"),
        (external("bob"), "wrong"),
        (nobody, "wrong"),
        (Who::Id("AAAAAAAAAAAAAAAAAAAAAAAAAA".into()), "U*U"),
    ] {
        assert_eq!(sign_in(&scene, &who, passcode).await, (LaneStep::Passcode, false), "{who:?}");
    }
    assert_eq!(failures(&scene, &alice()).await, 1);
    assert_eq!(failures(&scene, &external("bob")).await, 1);
    // A right proof of a user who is locked is asked for the passcode too, so it cannot be told from a wrong one.
    give(&scene, UserStatus::Locked).await;
    assert_eq!(sign_in(&scene, &alice(), "right").await, (LaneStep::Passcode, false));
}

#[tokio::test]
async fn each_guess_counts_once_and_a_lock_bars_the_right_passcode() {
    let scene = scene().await;
    let bob = external("bob");
    for count in 1..=3 {
        assert_eq!(sign_in(&scene, &bob, "wrong").await, (LaneStep::Passcode, false));
        assert_eq!(failures(&scene, &bob).await, count);
    }
    assert_eq!(sign_in(&scene, &bob, "U*U").await, (LaneStep::Passcode, false));
    assert_eq!(failures(&scene, &bob).await, 3);
}

#[tokio::test]
async fn a_proof_that_raced_a_lock_is_decided_again() {
    let scene = scene().await;
    let start = scene.start(&alice(), "p").await;
    let typed = answer(&start, "right");
    let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
    let mut work = scene.work();
    work.prove_in_lane("s", &start.session_id, proof).await.unwrap();
    give(&scene, UserStatus::Locked).await;
    assert!(work.commit().await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_session_takes_one_proof_and_one_passcode() {
    let scene = scene().await;
    let bob = external("bob");
    let start = scene.start(&bob, "p").await;
    let session = &start.session_id;
    let bytes = || b"wrong".to_vec().into();
    let early = scene.work().open_lane("s", session, bytes()).await.unwrap_err();
    assert_eq!(early.code(), 2603);
    let proof = ClientProof { client_public_key: &[2], m1: &[0] };
    let mut work = scene.work();
    work.prove_in_lane("s", session, proof).await.unwrap();
    work.commit().await.unwrap();
    let again = scene.work().prove_in_lane("s", session, proof).await.unwrap_err();
    assert_eq!(again.code(), 2603);
    let one = scene.work().open_lane("s", session, bytes()).await.unwrap().verify();
    let other =
        scene.work().open_lane("s", session, b"U*U".to_vec().into()).await.unwrap().verify();
    for (verdict, code) in [(one, None), (other, Some(2603))] {
        let mut work = scene.work();
        let settled = work.settle_lane(&verdict).await;
        assert_eq!(settled.err().map(|error| error.code()), code);
        work.commit().await.unwrap();
    }
    let late = scene.work().open_lane("s", session, bytes()).await.unwrap_err();
    assert_eq!(late.code(), 2603);
    let verdict = scene.complete(session, &answer(&start, "U*U")).await.unwrap();
    assert!(matches!(verdict, Verdict::Refused { user: None, .. }));
    assert_eq!(failures(&scene, &bob).await, 1);
}

#[tokio::test]
async fn hashes_of_several_kinds_wait_together() {
    let scene = scene().await;
    bring(&scene, "carl", SCRYPT).await;
    assert_eq!(sign_in(&scene, &external("carl"), "pässword").await, (LaneStep::Passcode, true));
    assert_eq!(sign_in(&scene, &external("bob"), "pässword").await, (LaneStep::Passcode, false));
    assert_eq!(sign_in(&scene, &external("bob"), "U*U").await, (LaneStep::Passcode, true));
}

#[tokio::test]
async fn a_hash_without_the_lane_opens_nothing_and_can_be_removed() {
    let scene = scene().await;
    let bob = external("bob");
    assert!(!scene.guess(&bob, "p", "U*U").await);
    assert_eq!(failures(&scene, &bob).await, 0, "it could only fail");
    let mut work = scene.work();
    work.remove_passcode("s", &bob, "p").await.unwrap();
    work.commit().await.unwrap();
    assert!(!scene.work().has_passcode_lane("s", "p").await.unwrap());
    scene.register(&bob, "p", "anew").await;
    assert!(scene.guess(&bob, "p", "anew").await);
}

/// Runs the checks that wait; how many there were.
async fn check(scene: &Scene) -> usize {
    let mut count = 0;
    while let Some(check) = scene.work().next_passcode_check().await.unwrap() {
        let checked = check.run();
        let mut work = scene.work();
        work.settle_passcode_check(checked).await.unwrap();
        work.commit().await.unwrap();
        count += 1;
    }
    count
}

#[tokio::test]
async fn a_common_passcode_is_undone_and_only_who_knows_it_is_told() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "dragon").await;
    scene.register(&alice(), "q", "Alice").await;
    assert!(scene.guess(&alice(), "p", "dragon").await, "it is checked afterwards");
    assert_eq!(check(&scene).await, 2);
    let user = scene.work().read_user("s", &alice()).await.unwrap();
    let told: Vec<_> = user.summary_info.passcodes.iter().map(|one| one.status).collect();
    assert_eq!(told, [PasscodeStatus::TooCommon, PasscodeStatus::TooCommon]);
    for (passcode, told) in [("dragon", true), ("wrong", false)] {
        let start = scene.start(&alice(), "p").await;
        let verdict = scene.complete(&start.session_id, &answer(&start, passcode)).await.unwrap();
        match verdict {
            Verdict::TooCommon { user: None, .. } => assert!(told),
            Verdict::Refused { user: None, .. } => assert!(!told),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(failures(&scene, &alice()).await, 1, "a wrong one counts like any other");
    let undone = scene.work().list_audit(100).await.unwrap();
    let undone = undone.iter().filter(|entry| entry.action == audit::Action::PasscodeUndone);
    assert_eq!(undone.count(), 2);
    scene.register(&alice(), "p", "4711-Colognia").await;
    assert!(scene.guess(&alice(), "p", "4711-Colognia").await);
}

#[tokio::test]
async fn a_check_of_a_passcode_that_is_gone_or_replaced_changes_nothing() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "dragon").await;
    let late = scene.work().next_passcode_check().await.unwrap().unwrap().run();
    let mut work = scene.work();
    work.remove_passcode("s", &alice(), "p").await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.settle_passcode_check(late).await.unwrap();
    work.commit().await.unwrap();
    scene.register(&alice(), "p", "monkey").await;
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(check(&scene).await, 1);
    assert!(scene.work().next_passcode_check().await.unwrap().is_none());
}
