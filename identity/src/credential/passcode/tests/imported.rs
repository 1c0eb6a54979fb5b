//! Hashes of another system on their way to verifiers.

use super::*;
use crate::LaneStep;

const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const SCRYPT: &str =
    "$scrypt$ln=10,r=8,p=2$yMnKy8zNzs/Q0dLT1NXW1w$0W62GfwQaOeBayN87zDtSXq9S50D4Vwu4onYTOJV0JA";

/// The hashes of `dragon` and `carla`, in the form of the Django framework.
const DRAGON: &str = "pbkdf2_sha256$1000$salt$bbDkzO7sYaloY3U4RnlD+1TMgo6tIT6xcS9JiVAvCOQ=";
const CARLA: &str = "pbkdf2_sha256$1000$salty$+hiM1iSOSCqux5q3VxXQgnubkvtSme5sSgoJGHLC1IM=";

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
    let (step, verdict) = show(scene, who, passcode).await;
    (step, matches!(verdict, Verdict::Accepted { .. }))
}

/// Whether a session may show its passcode.
async fn enter(scene: &Scene, session: &str) -> Result<(), Error> {
    let mut work = scene.work();
    work.enter_lane("s", session).await?;
    work.commit().await
}

async fn show(scene: &Scene, who: &Who, passcode: &str) -> (LaneStep, Verdict) {
    let start = scene.start(who, "p").await;
    let typed = answer(&start, passcode);
    let session = &start.session_id;
    let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
    let mut work = scene.work();
    let step = work.prove_in_lane("s", session, proof).await.unwrap();
    work.commit().await.unwrap();
    if step == LaneStep::Passcode {
        let bytes = passcode.as_bytes().to_vec().into();
        enter(scene, session).await.unwrap();
        let shown = scene.work().open_lane("s", session, bytes).await.unwrap();
        let verdict = shown.verify();
        let mut work = scene.work();
        work.settle_lane(&verdict).await.unwrap();
        work.commit().await.unwrap();
    }
    (step, scene.complete(session, &typed).await.unwrap())
}

#[tokio::test]
async fn a_hash_changes_nothing_that_a_stranger_sees() {
    let scene = Scene::with_alice().await;
    let seen = async || {
        let parameters = scene.start(&external("bob"), "p").await.algorithm_info.parameters;
        (parameters.i, parameters.salt)
    };
    let unknown = seen().await;
    bring(&scene, "bob", BCRYPT).await;
    assert_eq!(seen().await, unknown);
    assert!(sign_in(&scene, &external("bob"), "U*U").await.1);
    assert_eq!(seen().await, unknown);
}

#[tokio::test]
async fn a_hash_that_comes_with_another_name_changes_nothing_that_a_stranger_sees() {
    let scene = Scene::with_alice().await;
    let seen = async || {
        let parameters = scene.start(&external("bob"), "p").await.algorithm_info.parameters;
        (parameters.i, parameters.salt)
    };
    let unknown = seen().await;
    let passcode = json!({ "policyName": "p", "hash": BCRYPT });
    for (number, line) in [
        json!({ "id": "A".repeat(26), "externalId": "rob" }),
        json!({ "id": "A".repeat(26), "externalId": "bob", "passcodes": [passcode] }),
    ]
    .iter()
    .enumerate()
    {
        let id = number.to_string();
        let mut work = scene.work();
        work.start_import("s", Some(&id), 1).await.unwrap();
        let lines = [Some(line.to_string().into_bytes())];
        let report = work.import_lines("s", &id, 1, &lines).await.unwrap();
        assert_eq!(report.created + report.updated, 1);
        work.commit().await.unwrap();
    }
    assert_eq!(seen().await, unknown);
    assert!(sign_in(&scene, &external("bob"), "U*U").await.1);
}

#[tokio::test]
async fn a_common_or_expired_passcode_of_a_hash_has_to_be_renewed_at_once() {
    let scene = Scene::with_alice().await;
    for (name, passcode, hash) in [("bob", "dragon", DRAGON), ("Carla", "carla", CARLA)] {
        bring(&scene, name, hash).await;
        let who = external(name);
        let (step, verdict) = show(&scene, &who, passcode).await;
        assert_eq!(step, LaneStep::Passcode);
        assert!(matches!(verdict, Verdict::Expired { user: None, .. }), "{verdict:?}");
        for (passcode, knows) in [(passcode, true), ("wrong", false)] {
            let start = scene.start(&who, "p").await;
            let again = scene.complete(&start.session_id, &answer(&start, passcode)).await;
            let expired = matches!(again.unwrap(), Verdict::Expired { .. });
            assert_eq!(expired, knows, "by SRP, until it is renewed");
        }
    }
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
    let mut export = exported.start_user_export("s", true, None).await.unwrap();
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
    let unentered = scene.work().open_lane("s", session, bytes()).await.unwrap_err();
    assert_eq!(unentered.code(), 2603);
    let mut beside = scene.work();
    beside.enter_lane("s", session).await.unwrap();
    enter(&scene, session).await.unwrap();
    assert!(beside.commit().await.unwrap_err().is_conflict(), "only one of two is verified");
    assert_eq!(enter(&scene, session).await.unwrap_err().code(), 2603);
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
