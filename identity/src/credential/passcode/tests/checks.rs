//! Passcodes that are undone because everybody tries them first: marked, or replaced by what was there before.

use std::cell::Cell;
use std::time::Duration;

use sha2::Sha256;

use super::*;
use crate::NewUser;
use crate::audit::Action;
use crate::credential::client::Client;
use crate::{CheckFinding, CheckLine};

/// Runs the checks that wait; how many there were.
async fn check(scene: &Scene) -> usize {
    let mut count = 0;
    for line in [CheckLine::Awaited, CheckLine::Later] {
        while let Some(check) = scene.work().next_passcode_check(line).await.unwrap() {
            let checked = check.run();
            let mut work = scene.work();
            work.settle_passcode_check(&checked).await.unwrap();
            work.commit().await.unwrap();
            count += 1;
        }
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
    assert_eq!(state(&scene).await.1, 1, "a wrong one counts like any other");
    let undone = scene.work().list_audit(100).await.unwrap();
    let undone = undone.iter().filter(|entry| entry.action == Action::PasscodeUndone);
    assert_eq!(undone.count(), 2);
    scene.register(&alice(), "p", "4711-Colognia").await;
    assert!(scene.guess(&alice(), "p", "4711-Colognia").await);
}

#[tokio::test]
async fn a_check_of_a_passcode_that_is_gone_or_replaced_changes_nothing() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "dragon").await;
    let late = scene.work().next_passcode_check(CheckLine::Later).await.unwrap().unwrap().run();
    let mut work = scene.work();
    work.remove_passcode("s", &alice(), "p").await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.settle_passcode_check(&late).await.unwrap();
    work.commit().await.unwrap();
    scene.register(&alice(), "p", "monkey").await;
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(check(&scene).await, 1);
    assert!(scene.work().next_passcode_check(CheckLine::Later).await.unwrap().is_none());
}

/// Registers a passcode in a journey, in the place of whatever there is; what its end user waits for.
async fn register_in_journey(scene: &Scene, who: &Who, passcode: &str) -> Option<String> {
    let mut work = scene.work();
    work.act_for("journey");
    let start = work.start_passcode_replacement("s", who, "p").await.unwrap();
    let info = &start.algorithm_info.parameters;
    let salt = crate::decode_base64(info.salt.as_deref().unwrap()).unwrap();
    let client = Client::new(info.i.as_deref().unwrap(), &salt, passcode);
    let new = NewPasscode::from(client.verifier::<Sha256>());
    work.complete_passcode_registration("s", &start.session_id, Some(&new)).await.unwrap();
    let awaited = work.take_awaited_check();
    work.commit().await.unwrap();
    awaited
}

#[tokio::test]
async fn what_a_common_passcode_replaced_comes_back_while_its_end_user_waits() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "4711-Colognia").await;
    check(&scene).await;
    let awaited = register_in_journey(&scene, &alice(), "dragon").await.unwrap();
    assert!(!scene.guess(&alice(), "p", "4711-Colognia").await);
    let next = scene.work().next_passcode_check(CheckLine::Awaited).await.unwrap().unwrap().run();
    assert_eq!((next.passcode_id(), next.finding()), (&*awaited, CheckFinding::TooCommon));
    assert_eq!(check(&scene).await, 1);
    assert!(scene.guess(&alice(), "p", "4711-Colognia").await, "as if nothing had happened");
    assert!(!scene.guess(&alice(), "p", "dragon").await);
    register_in_journey(&scene, &alice(), "0815-Colognia").await.unwrap();
    assert_eq!(check(&scene).await, 1);
    assert!(scene.guess(&alice(), "p", "0815-Colognia").await);
    // Whoever switches it off meanwhile means what comes back too.
    let awaited = register_in_journey(&scene, &alice(), "dragon").await.unwrap();
    let mut work = scene.work();
    let change = PasscodeChange { status: Some(PasscodeStatus::Disabled), ..Default::default() };
    work.update_passcode("s", &alice(), &awaited, &change).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(check(&scene).await, 1);
    let user = scene.work().read_user("s", &alice()).await.unwrap();
    let passcodes = &user.summary_info.passcodes;
    assert_ne!(passcodes[0].id, awaited);
    assert_eq!(passcodes[0].status, PasscodeStatus::Disabled);
}

#[tokio::test]
async fn who_went_on_without_the_check_is_told_at_the_next_sign_in() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "4711-Colognia").await;
    let awaited = register_in_journey(&scene, &alice(), "dragon").await.unwrap();
    let mut work = scene.work();
    work.go_on_unchecked(&awaited);
    work.commit().await.unwrap();
    check(&scene).await;
    let start = scene.start(&alice(), "p").await;
    let verdict = scene.complete(&start.session_id, &answer(&start, "dragon")).await.unwrap();
    assert!(matches!(verdict, Verdict::TooCommon { .. }), "{verdict:?}");
}

#[tokio::test]
async fn few_wait_for_a_check_at_a_time_and_no_check_is_left_out() {
    let scene = Scene::with_alice().await;
    let mut awaited = 0;
    for number in 0..12 {
        let name = format!("user-{number}");
        let mut work = scene.work();
        work.add_user("s", NewUser { external_id: Some(name.clone()), ..NewUser::default() })
            .await
            .unwrap();
        work.commit().await.unwrap();
        let waits = register_in_journey(&scene, &external(&name), "dragon").await;
        awaited += usize::from(waits.is_some());
    }
    assert_eq!(awaited, 8);
    assert_eq!(check(&scene).await, 12);
    assert!(!scene.guess(&external("user-11"), "p", "dragon").await);
}

#[tokio::test]
async fn a_passcode_stays_until_the_one_that_replaces_it_is_registered() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "4711-Colognia").await;
    let mut work = scene.work();
    work.start_passcode_replacement("s", &alice(), "p").await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.guess(&alice(), "p", "4711-Colognia").await);
    let refused = scene.work().start_passcode_registration("s", &alice(), "p").await;
    assert_eq!(refused.unwrap_err().code(), 2601);
    register_in_journey(&scene, &alice(), "0815-Colognia").await.unwrap();
    assert!(!scene.guess(&alice(), "p", "4711-Colognia").await);
    assert!(scene.guess(&alice(), "p", "0815-Colognia").await);
}

#[tokio::test]
async fn a_check_that_is_cut_short_keeps_nobody_waiting_and_goes_on_until_everything_was_tried() {
    // In the latter half of the list.
    for (passcode, verdict) in [("cutie", "common"), ("4711-Colognia", "fit")] {
        let scene = Scene::with_alice().await;
        scene.register(&alice(), "p", "0815-Colognia").await;
        check(&scene).await;
        let awaited = register_in_journey(&scene, &alice(), passcode).await.unwrap();
        let (fifths, mut goes) = (Cell::new(0), 0);
        let clock = || Duration::from_millis(200 * fifths.replace(fifths.get() + 1));
        let mut line = CheckLine::Awaited;
        while let Some(check) = scene.work().next_passcode_check(line).await.unwrap() {
            let checked = check.run_by(clock);
            assert_eq!(checked.passcode_id(), awaited);
            let (mut work, finding) = (scene.work(), checked.finding());
            work.settle_passcode_check(&checked).await.unwrap();
            work.commit().await.unwrap();
            (line, goes) = (CheckLine::Later, goes + 1);
            assert!(scene.work().next_passcode_check(CheckLine::Awaited).await.unwrap().is_none());
            if !checked.was_cut_short() {
                assert_eq!(finding == CheckFinding::TooCommon, verdict == "common");
                break;
            }
            assert_eq!(finding, CheckFinding::Open, "nobody is told that it is fit");
            assert!(scene.guess(&alice(), "p", passcode).await, "it is not undone untried");
        }
        assert!(goes > 1, "{goes} goes");
        assert!(scene.work().next_passcode_check(CheckLine::Later).await.unwrap().is_none());
        assert_eq!(scene.guess(&alice(), "p", passcode).await, verdict == "fit");
    }
}
