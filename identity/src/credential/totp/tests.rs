//! TOTPs, from the secret to the last refusal.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::code::Generator;
use super::*;
use crate::audit::{Action, Reason};
use crate::credential::outcome::{Outcome, TOTP_REFUSED};
use crate::credential::passcode::Manner;
use crate::error::{Error, Kind};
use crate::scene::{Scene, external};
use crate::{Modality, StoreChange, User, UserChange, UserStatus, Who};

fn alice() -> Who {
    external("alice")
}

/// An authenticator app: what it has read from the QR code.
#[derive(Clone)]
struct App {
    secret: Vec<u8>,
    generator: Generator,
}

impl App {
    fn scan(registration: &TotpRegistration) -> App {
        let secret = data_encoding::BASE32_NOPAD.decode(registration.secret.as_bytes()).unwrap();
        let (digits, period) = (registration.digits, registration.period);
        let generator = Generator { algorithm: registration.totp.algorithm, digits, period };
        App { secret, generator }
    }

    /// The code that it shows so many steps from now.
    fn code(&self, now: Timestamp, steps: i64) -> String {
        let step = self.generator.step(now).saturating_add_signed(steps);
        let digits = self.generator.digits as usize;
        format!("{:0digits$}", self.generator.code(&self.secret, step))
    }

    /// A code that is none of those around now.
    fn wrong(&self, now: Timestamp) -> String {
        let near: Vec<_> = (-2..=2).map(|steps| self.code(now, steps)).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
    }
}

/// The scene with the policy `t` of these members.
async fn scene(policy: Value) -> Scene {
    let scene = Scene::with_alice().await;
    configure(&scene, json!({ "totpPolicies": { "t": policy } })).await;
    scene
}

async fn configure(scene: &Scene, configuration: Value) {
    let Value::Object(map) = configuration else { unreachable!() };
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(map), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
}

async fn start(scene: &Scene) -> App {
    let mut work = scene.work();
    let registration = work.start_totp_registration("s", &alice(), "t", None).await.unwrap();
    work.commit().await.unwrap();
    App::scan(&registration)
}

async fn complete(scene: &Scene, code: &str) -> Result<User, Error> {
    let mut work = scene.work();
    let user = work.complete_totp_registration("s", &alice(), "t", code).await?;
    work.commit().await.map(|()| user)
}

/// Registers an app whose first code was that of the period before this one.
async fn enrol(scene: &Scene) -> App {
    let app = start(scene).await;
    complete(scene, &app.code(scene.now, -1)).await.unwrap();
    app
}

/// Authenticates, again and again while somebody else is faster.
async fn authenticate(scene: &Scene, code: &str, manner: Manner) -> Outcome {
    loop {
        let mut work = scene.work();
        let outcome = work.authenticate_with_totp("s", &alice(), "t", code, manner).await.unwrap();
        match work.commit().await {
            Err(error) if error.is_conflict() => {}
            other => return other.map(|()| outcome).unwrap(),
        }
    }
}

async fn accepts(scene: &Scene, code: &str) -> bool {
    matches!(authenticate(scene, code, Manner::Open).await, Outcome::Accepted { .. })
}

async fn read(scene: &Scene) -> User {
    scene.work().read_user("s", &alice()).await.unwrap()
}

/// Shows the right passcode, then two wrong codes; tells the count and the status.
async fn guess_behind_the_passcode(scene: &Scene, app: &App) -> (u32, UserStatus) {
    scene.guess(&alice(), "p", "right").await;
    for _ in 0..2 {
        assert!(!accepts(scene, &app.wrong(scene.now)).await);
    }
    let user = read(scene).await;
    (user.lock_info.invalid_count, user.status)
}

#[tokio::test]
async fn who_knows_the_passcode_guesses_no_more_codes_than_anybody() {
    let mut scene = scene(json!({})).await;
    scene.register(&alice(), "p", "right").await;
    let app = enrol(&scene).await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(guess_behind_the_passcode(&scene, &app).await);
        told.push(guess_behind_the_passcode(&scene, &app).await);
        scene.pass("PT5M");
    }
    use UserStatus::{Active, Locked, TempLocked};
    let expected =
        [(2, Active), (3, TempLocked), (5, Active), (6, TempLocked), (8, Active), (9, Locked)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_success_takes_away_the_failures_of_its_own_form() {
    let mut scene = scene(json!({})).await;
    scene.register(&alice(), "p", "right").await;
    let app = enrol(&scene).await;
    let count = async |scene: &Scene| read(scene).await.lock_info.invalid_count;
    assert!(!scene.guess(&alice(), "p", "wrong").await);
    assert!(!accepts(&scene, &app.wrong(scene.now)).await);
    assert_eq!(count(&scene).await, 2);
    assert!(accepts(&scene, &app.code(scene.now, 0)).await);
    assert_eq!(count(&scene).await, 1);
    assert!(scene.guess(&alice(), "p", "right").await);
    assert_eq!(count(&scene).await, 0);
    // Those of all forms lock together.
    for _ in 0..2 {
        assert!(!scene.guess(&alice(), "p", "wrong").await);
    }
    scene.pass("PT1M");
    assert!(!accepts(&scene, &app.wrong(scene.now)).await);
    assert_eq!(read(&scene).await.status, UserStatus::TempLocked);
    unlock(&scene).await;
    assert_eq!((count(&scene).await, read(&scene).await.status), (0, UserStatus::Active));
}

#[tokio::test]
async fn guessing_at_what_the_user_does_not_have_locks_nobody_for_good() {
    let mut scene = scene(json!({})).await;
    scene.register(&alice(), "p", "right").await;
    for _ in 0..9 {
        assert!(matches!(authenticate(&scene, "1", Manner::Blind).await, Outcome::Refused { .. }));
        assert!(scene.guess(&alice(), "p", "right").await);
        assert_eq!(read(&scene).await.lock_info.invalid_count, 0);
    }
    // Without a success it locks, as it does where there is something to guess.
    for _ in 0..3 {
        authenticate(&scene, "1", Manner::Blind).await;
    }
    assert_eq!(read(&scene).await.status, UserStatus::TempLocked);
    scene.pass("PT5M");
    let app = enrol(&scene).await;
    assert!(!accepts(&scene, &app.wrong(scene.now)).await);
    assert!(scene.guess(&alice(), "p", "right").await);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 4, "the app is there to be guessed");
}

#[tokio::test]
async fn a_missing_app_is_told_to_who_may_know_and_counts() {
    let scene = scene(json!({})).await;
    for failures in 1..=3 {
        let outcome = authenticate(&scene, "1", Manner::Open).await;
        let Outcome::Refused { code: 2702, user: Some(user), .. } = outcome else { panic!("told") };
        assert_eq!(user.lock_info.invalid_count, failures);
    }
    assert_eq!(refusals(&scene, Reason::TotpMissing).await, 3);
    assert_eq!(scene.failed_guesses(), 3);
    // Against a lock nothing counts, and it is missing still.
    let outcome = authenticate(&scene, "1", Manner::Open).await;
    assert!(matches!(outcome, Outcome::Refused { code: 2702, .. }), "{outcome:?}");
    assert_eq!(read(&scene).await.lock_info.invalid_count, 3);
}

/// How many authentications were refused for this reason.
async fn refusals(scene: &Scene, reason: Reason) -> usize {
    let entries = scene.work().list_audit(1000).await.unwrap();
    entries.iter().filter(|entry| entry.reason == Some(reason)).count()
}

#[tokio::test]
async fn an_app_is_active_after_its_first_code_and_signs_in_with_later_ones() {
    for (algorithm, length) in [("SHA1", 20), ("SHA256", 32), ("SHA512", 64)] {
        let policy = json!({ "algorithm": algorithm, "digits": 8, "issuer": "Example" });
        let mut scene = scene(policy).await;
        let app = start(&scene).await;
        assert_eq!(app.secret.len(), length);
        let totp = read(&scene).await.summary_info.totps.remove(0);
        assert_eq!(totp.status, TotpStatus::Pending);
        assert_eq!(totp.expiration_dtm.unwrap().to_string(), "2025-02-05T14:08:35.626Z");
        assert_eq!((totp.issuer.as_deref(), totp.username.as_str()), (Some("Example"), "alice"));
        let user = complete(&scene, &app.code(scene.now, 0)).await.unwrap();
        let totp = &user.summary_info.totps[0];
        assert_eq!((totp.status, totp.activated_dtm), (TotpStatus::Active, Some(scene.now)));
        assert_eq!((totp.expiration_dtm, totp.last_authenticated_with_dtm), (None, None));
        scene.pass("PT30S");
        assert!(accepts(&scene, &app.code(scene.now, 0)).await);
        let user = read(&scene).await;
        assert_eq!(user.last_authenticated_dtm, Some(scene.now));
        let totp = &user.summary_info.totps[0];
        assert_eq!(totp.last_authenticated_with_dtm, Some(scene.now));
        assert_eq!(scene.failed_guesses(), 0);
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_no_earlier_one_after_it() {
    let mut scene = scene(json!({})).await;
    let app = start(&scene).await;
    let first = app.code(scene.now, 0);
    complete(&scene, &first).await.unwrap();
    // Not even the code that completed the registration.
    assert!(!accepts(&scene, &first).await);
    scene.pass("PT1M");
    assert!(accepts(&scene, &app.code(scene.now, 1)).await);
    for steps in [1, 0, -1] {
        assert!(!accepts(&scene, &app.code(scene.now, steps)).await, "{steps}");
        unlock(&scene).await;
    }
    assert_eq!(refusals(&scene, Reason::CodeUsed).await, 4);
    scene.pass("PT1M");
    assert!(accepts(&scene, &app.code(scene.now, 0)).await);
}

async fn unlock(scene: &Scene) {
    let mut work = scene.work();
    work.unlock_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn the_same_code_at_the_same_time_is_accepted_once() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    let code = app.code(scene.now, 0);
    let (mut one, mut other) = (scene.work(), scene.work());
    for work in [&mut one, &mut other] {
        let outcome =
            work.authenticate_with_totp("s", &alice(), "t", &code, Manner::Open).await.unwrap();
        assert!(matches!(outcome, Outcome::Accepted { .. }));
    }
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
    assert!(!accepts(&scene, &code).await);
}

#[tokio::test]
async fn codes_are_good_as_far_as_the_skew_reaches() {
    let cases =
        [(0, 0, true), (0, 1, false), (1, 1, true), (1, 2, false), (3, 3, true), (3, 4, false)];
    for (skew, steps, good) in cases {
        let mut scene = scene(json!({ "skew": skew })).await;
        let app = start(&scene).await;
        complete(&scene, &app.code(scene.now, 0)).await.unwrap();
        scene.pass("PT5M");
        for steps in std::collections::BTreeSet::from([-steps, steps]) {
            assert_eq!(accepts(&scene, &app.code(scene.now, steps)).await, good, "{skew} {steps}");
        }
    }
}

#[tokio::test]
async fn a_first_code_that_comes_late_completes_nothing() {
    let mut scene = scene(json!({ "pendingExpiration": "PT2M" })).await;
    let app = start(&scene).await;
    scene.pass("PT1M59.999S");
    assert!(matches!(complete(&scene, "000").await, Err(Error::TotpCodeWrong)));
    scene.pass("PT0.001S");
    let late = complete(&scene, &app.code(scene.now, 0)).await.unwrap_err();
    assert_eq!((late.code(), late.kind()), (2703, Kind::Refused));
    let unread = scene.work().read_totp_registration("s", &alice(), "t").await.unwrap_err();
    assert_eq!(unread.code(), 2703);
    // A new start has a new secret and all the time.
    let again = start(&scene).await;
    assert_ne!(app.secret, again.secret);
    complete(&scene, &again.code(scene.now, 0)).await.unwrap();
    let exists = complete(&scene, &again.code(scene.now, 1)).await.unwrap_err();
    assert_eq!((exists.code(), exists.kind()), (2701, Kind::Conflict));
    let mut work = scene.work();
    let exists = work.start_totp_registration("s", &alice(), "t", None).await.unwrap_err();
    assert_eq!(exists.code(), 2701);
}

#[tokio::test]
async fn a_wrong_first_code_counts_for_nothing() {
    let scene = scene(json!({})).await;
    let app = start(&scene).await;
    for _ in 0..9 {
        let wrong = complete(&scene, &app.wrong(scene.now)).await.unwrap_err();
        assert_eq!((wrong.code(), wrong.kind()), (2704, Kind::Invalid));
    }
    assert_eq!(read(&scene).await.lock_info.invalid_count, 0);
    complete(&scene, &app.code(scene.now, 0)).await.unwrap();
}

#[tokio::test]
async fn what_is_pending_or_switched_off_lets_nobody_in_and_counts() {
    let scene = scene(json!({})).await;
    let app = start(&scene).await;
    assert!(!accepts(&scene, &app.code(scene.now, 0)).await);
    assert_eq!(refusals(&scene, Reason::TotpPending).await, 1);
    let id = read(&scene).await.summary_info.totps[0].id.clone();
    let switch = async |status| {
        let mut work = scene.work();
        let done = work.update_totp("s", &alice(), &id, status).await;
        work.commit().await.unwrap();
        done.map(|totp| totp.status)
    };
    for status in [TotpStatus::Active, TotpStatus::Disabled] {
        assert_eq!(switch(status).await.unwrap_err().code(), 2706);
    }
    complete(&scene, &app.code(scene.now, -1)).await.unwrap();
    assert_eq!(switch(TotpStatus::Disabled).await.unwrap(), TotpStatus::Disabled);
    assert!(!accepts(&scene, &app.code(scene.now, 0)).await);
    assert_eq!(refusals(&scene, Reason::TotpDisabled).await, 1);
    assert_eq!(switch(TotpStatus::Pending).await.unwrap_err().code(), 2706);
    // Who is switched off cannot register anew either.
    let mut work = scene.work();
    let exists = work.start_totp_registration("s", &alice(), "t", None).await.unwrap_err();
    assert_eq!(exists.code(), 2701);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 2, "once for each");
    let outcome = authenticate(&scene, &app.wrong(scene.now), Manner::Open).await;
    let Outcome::Refused { code, user: Some(user), .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((code, user.status), (TOTP_REFUSED, UserStatus::TempLocked));
    unlock(&scene).await;
    assert_eq!(switch(TotpStatus::Active).await.unwrap(), TotpStatus::Active);
    assert!(accepts(&scene, &app.code(scene.now, 0)).await);
    assert_eq!(read(&scene).await.lock_info.invalid_count, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_wrong_codes_in_parallel_count_a_hundred() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    let counts = json!({ "invalidCountsBeforeTempLock": [100], "tempLockDurations": [] });
    configure(&scene, json!({ "userLockConfig": counts })).await;
    let scene = Arc::new(scene);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (scene, app) = (scene.clone(), app.clone());
            tokio::spawn(async move { accepts(&scene, &app.wrong(scene.now)).await })
        })
        .collect();
    for task in tasks {
        assert!(!task.await.unwrap());
    }
    let user = read(&scene).await;
    assert_eq!((user.status, user.lock_info.invalid_count), (UserStatus::Locked, 100));
    assert!(!accepts(&scene, &app.code(scene.now, 0)).await);
    assert_eq!(refusals(&scene, Reason::UserLocked).await, 1);
}

#[tokio::test]
async fn a_caller_who_may_know_sees_the_lock_and_a_stranger_sees_nothing() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    for failures in 1..=3 {
        let outcome = authenticate(&scene, &app.wrong(scene.now), Manner::Open).await;
        let Outcome::Refused { code, user: Some(user), .. } = outcome else { panic!("refused") };
        assert_eq!((code, user.lock_info.invalid_count), (TOTP_REFUSED, failures));
    }
    let right = app.code(scene.now, 0);
    let outcome = authenticate(&scene, &right, Manner::Open).await;
    let Outcome::Refused { code: 2100, user: Some(user), .. } = outcome else { panic!("locked") };
    assert_eq!(user.status, UserStatus::TempLocked);
    let tells_nothing = |outcome: &Outcome| {
        matches!(outcome, Outcome::Refused { code: TOTP_REFUSED, user: None, .. })
    };
    assert!(tells_nothing(&authenticate(&scene, &right, Manner::Blind).await));
    for who in [Who::Id("nobody".into()), external("nobody")] {
        let mut work = scene.work();
        let outcome = work.authenticate_with_totp("s", &who, "t", &right, Manner::Blind).await;
        assert!(tells_nothing(&outcome.unwrap()));
        let told = work.authenticate_with_totp("s", &who, "t", &right, Manner::Open).await;
        assert_eq!(told.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn a_lock_on_totps_bars_totps() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    let mut work = scene.work();
    let store = work.read_store("s").await.unwrap();
    let mut user = work.find_user(&store, &alice()).await.unwrap().unwrap();
    user.locked_modalities.insert(Modality::Totp);
    work.keep_attempt(&store, &user).unwrap();
    work.commit().await.unwrap();
    let outcome = authenticate(&scene, &app.code(scene.now, 0), Manner::Open).await;
    assert!(matches!(outcome, Outcome::Refused { code: 2101, .. }));
}

#[tokio::test]
async fn the_secret_is_told_until_the_first_code_and_later_only_if_the_policy_says_so() {
    let scene = scene(json!({})).await;
    let app = start(&scene).await;
    let told = scene.work().read_totp_registration("s", &alice(), "t").await.unwrap();
    assert_eq!(App::scan(&told).secret, app.secret);
    assert!(!format!("{told:?}").contains(&told.secret));
    complete(&scene, &app.code(scene.now, 0)).await.unwrap();
    let hidden = scene.work().read_totp_registration("s", &alice(), "t").await.unwrap_err();
    assert_eq!(hidden.code(), 2701);
    configure(&scene, json!({ "totpPolicies": { "t": { "secretReadable": true } } })).await;
    let told = scene.work().read_totp_registration("s", &alice(), "t").await.unwrap();
    assert_eq!(App::scan(&told).secret, app.secret);
}

#[tokio::test]
async fn what_is_removed_is_gone_with_its_secret() {
    let mut scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    let user = {
        let mut work = scene.work();
        let user = work.deregister_totp("s", &alice(), "t").await.unwrap();
        work.commit().await.unwrap();
        user
    };
    assert_eq!(user.summary_info.totps, []);
    let mut work = scene.work();
    let gone = work.deregister_totp("s", &alice(), "t").await.unwrap_err();
    assert_eq!((gone.code(), gone.kind()), (2702, Kind::NotFound));
    let code = app.code(scene.now, 0);
    let gone = work.authenticate_with_totp("s", &alice(), "t", &code, Manner::Open).await;
    assert!(matches!(gone, Ok(Outcome::Refused { code: 2702, .. })));
    assert_eq!(work.deregister_totp("s", &alice(), "x").await.unwrap_err().code(), 2700);
    enrol(&scene).await;
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.rows().await.iter().all(|row| !row.starts_with("totp")));
}

#[tokio::test]
async fn an_app_keeps_the_ways_that_it_was_registered_with() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    configure(&scene, json!({ "totpPolicies": { "t": { "digits": 8, "algorithm": "SHA512" } } }))
        .await;
    assert!(accepts(&scene, &app.code(scene.now, 0)).await);
    configure(&scene, json!({ "totpPolicies": { "t": null } })).await;
    let mut work = scene.work();
    let code = app.code(scene.now, 1);
    let missing = work.authenticate_with_totp("s", &alice(), "t", &code, Manner::Blind).await;
    assert_eq!(missing.unwrap_err().code(), 2700);
    assert_eq!(work.list_totps("s", &alice()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_not_active_registers_nothing_and_a_name_has_to_be_showable() {
    let scene = scene(json!({})).await;
    let mut work = scene.work();
    let bad = work.start_totp_registration("s", &alice(), "t", Some("a:b")).await.unwrap_err();
    assert_eq!((bad.code(), bad.flaws()[0].path.as_str()), (2707, "username"));
    let named = work.start_totp_registration("s", &alice(), "t", Some("A. Smith")).await.unwrap();
    assert!(named.qr_code_string.starts_with("otpauth://totp/A.%20Smith?secret="));
    let change = UserChange { status: Some(UserStatus::Disabled), ..UserChange::default() };
    work.update_user("s", &alice(), change).await.unwrap();
    let inactive = work.start_totp_registration("s", &alice(), "t", None).await.unwrap_err();
    assert_eq!(inactive.code(), 502);
    let inactive = work.complete_totp_registration("s", &alice(), "t", "1").await.unwrap_err();
    assert_eq!(inactive.code(), 502);
}

#[tokio::test]
async fn the_audit_names_the_totp_and_no_secret() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    accepts(&scene, &app.wrong(scene.now)).await;
    accepts(&scene, &app.code(scene.now, 0)).await;
    let entries = scene.work().list_audit(1000).await.unwrap();
    let entries: Vec<_> =
        entries.into_iter().filter(|entry| entry.policy_name.as_deref() == Some("t")).collect();
    let mut actions: Vec<_> = entries.iter().map(|entry| format!("{:?}", entry.action)).collect();
    actions.sort();
    assert_eq!(actions, ["TotpAccepted", "TotpActivated", "TotpRefused", "TotpRegistered"]);
    let accepted = entries.iter().find(|entry| entry.action == Action::TotpAccepted).unwrap();
    let info = accepted.totp_info.as_ref().unwrap();
    assert_eq!((info.policy_name.as_str(), info.algorithm), ("t", TotpAlgorithm::Sha1));
    assert_eq!(info.registration_activated_dtm, Some(scene.now));
    let written = serde_json::to_string(&entries).unwrap();
    assert!(!written.contains(&data_encoding::BASE32_NOPAD.encode(&app.secret)));
    assert!(!written.contains(&app.code(scene.now, 0)));
}

#[tokio::test]
async fn policies_are_a_resource_of_their_own() {
    let scene = scene(json!({})).await;
    let mut work = scene.work();
    let policy = serde_json::Map::from_iter([("digits".to_owned(), json!(8))]);
    let added = work.add_totp_policy("s", "u", policy.clone()).await.unwrap();
    assert_eq!(added, TotpPolicy { digits: 8, ..TotpPolicy::default() });
    let taken = work.add_totp_policy("s", "u", policy).await.unwrap_err();
    assert_eq!((taken.code(), taken.kind()), (2705, Kind::Conflict));
    let Value::Object(change) = json!({ "issuer": "E", "digits": null }) else { unreachable!() };
    let changed = work.update_totp_policy("s", "u", change).await.unwrap();
    assert_eq!((changed.issuer.as_deref(), changed.digits), (Some("E"), 6));
    let Value::Object(bad) = json!({ "digits": 5 }) else { unreachable!() };
    let flawed = work.update_totp_policy("s", "u", bad).await.unwrap_err();
    assert_eq!(flawed.flaws()[0].path, "configuration.totpPolicies.u.digits");
    work.remove_totp_policy("s", "u").await.unwrap();
    assert_eq!(work.read_totp_policy("s", "u").await.unwrap_err().code(), 2700);
    assert_eq!(work.remove_totp_policy("s", "u").await.unwrap_err().code(), 2700);
}

#[tokio::test]
async fn a_failure_after_a_blind_start_writes_as_much_of_a_lock_whether_there_is_one_or_not() {
    let scene = scene(json!({})).await;
    let app = enrol(&scene).await;
    authenticate(&scene, &app.wrong(scene.now), Manner::Blind).await;
    assert_eq!(read(&scene).await.lock_info.invalid_count, 1);
    assert_eq!(scene.locks_of_nobody().await, [1, 1]);
}
