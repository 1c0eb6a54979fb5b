//! What is refused, each with its code.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::audit::Entry;
use crate::{Modality, UserStatus};

#[tokio::test]
async fn what_the_client_signed_for_is_checked_in_both_ceremonies() {
    let config = json!({
        "restrictedOrigins": ["https://example.org", "http://localhost:8080"],
        "relatedOrigins": ["https://example.com"],
    });
    let scene = scene(config).await;
    let mut device = Authenticator::new(1);
    register(&scene, &alice(), &mut device).await;
    let cases = [
        ("origin", json!("https://example.com"), 0),
        ("type", json!("webauthn.other"), 352),
        ("challenge", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 353),
        ("challenge", json!("not base64!"), 353),
        ("origin", json!("https://login.example.org"), 354),
        ("tokenBinding", json!({ "status": "present", "id": "AA" }), 356),
        ("tokenBinding", json!({}), 356),
        ("tokenBinding", json!({ "id": "AA" }), 356),
        ("tokenBinding", json!({ "status": "supported" }), 0),
        ("origin", json!("http://example.org"), 382),
        ("origin", json!("example.org"), 382),
        ("origin", json!("https://example.net"), 383),
        ("origin", json!("https://badexample.org"), 383),
        ("origin", json!("http://localhost:8080"), 383),
        ("origin", json!("https://somebody@example.org"), 383),
        ("origin", json!("https://example.org/path"), 383),
        ("crossOrigin", json!(true), 411),
        ("topOrigin", json!("https://example.com"), 411),
        ("origin", json!(7), 412),
    ];
    for (position, (member, lie, code)) in cases.into_iter().enumerate() {
        let mut liar = device.lying(member, lie.clone());
        let said = sign_in(&scene, Some(&alice()), &mut liar).await.err().unwrap_or_default();
        assert_eq!(said, code, "using, {member} {lie}");
        device.counter = liar.counter;
        sign_in(&scene, Some(&alice()), &mut device).await.unwrap();

        let mut other = Authenticator::new(100 + position as u8).lying(member, lie.clone());
        let begun = start_registration(&scene, &external("bob")).await.unwrap();
        let answer = given(other.create(&begun.public_key));
        let said = complete_registration(&scene, &begun, answer).await;
        let said = said.err().map(|error| error.code()).unwrap_or_default();
        assert_eq!(said, code, "making, {member} {lie}");
    }
}

#[tokio::test]
async fn an_authenticator_that_is_not_the_right_one_is_refused_and_counted() {
    let scene = scene(json!({})).await;
    let lasting = json!({ "externalLockManagement": true });
    let change = Map::from_iter([("userLockConfig".to_owned(), lasting)]);
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
    let (mut hers, mut his) = (Authenticator::new(1), Authenticator::new(2));
    register(&scene, &alice(), &mut hers).await;
    register(&scene, &external("bob"), &mut his).await;
    hers.counter = 5;
    sign_in(&scene, Some(&alice()), &mut hers).await.unwrap();
    let her = Some(alice());

    let unknown = Authenticator::new(3);
    let mut forged = Authenticator::new(4);
    forged.id.clone_from(&hers.id);
    forged.counter = 50;
    let mut nameless = hers.clone();
    nameless.user_handle = None;
    let mut misnamed = hers.clone();
    misnamed.user_handle.clone_from(&his.user_handle);
    let mut elsewhere = hers.clone();
    elsewhere.rp_id = Some("example.net".to_owned());
    let cases = [
        ("no such credential", her.clone(), unknown, 362),
        ("another user's", her.clone(), his.clone(), 363),
        ("no handle and nobody named", None, nameless, 364),
        ("another's handle", her.clone(), misnamed.clone(), 365),
        ("another's handle, nobody named", None, misnamed, 365),
        ("another key", her.clone(), forged, 412),
        ("another relying party", her.clone(), elsewhere, 412),
    ];
    for (failed, (what, who, mut device, code)) in (1..).zip(cases) {
        assert_eq!(sign_in(&scene, who.as_ref(), &mut device).await.err(), Some(code), "{what}");
        assert_eq!(failures(&scene, &alice()).await, failed, "{what}");
    }
    sign_in(&scene, her.as_ref(), &mut hers).await.unwrap();
    assert_eq!(failures(&scene, &alice()).await, 0);
    // The counter goes back: the passkey is out of use until somebody says otherwise.
    let mut copy = hers.clone();
    copy.counter = 2;
    assert_eq!(sign_in(&scene, her.as_ref(), &mut copy).await, Err(372));
    assert_eq!(sign_in(&scene, her.as_ref(), &mut hers).await, Err(348));
    let passkeys = scene.work().list_passkeys("s", &alice()).await.unwrap();
    assert_eq!(passkeys[0].status, PasskeyStatus::Cloned);
    let active = PasskeyChange { name: None, status: Some(PasskeyStatus::Active) };
    let mut work = scene.work();
    work.update_passkey("s", &alice(), &passkeys[0].id, active).await.unwrap();
    work.commit().await.unwrap();
    sign_in(&scene, her.as_ref(), &mut hers).await.unwrap();
}

#[tokio::test]
async fn user_verification_is_what_each_policy_asks_for() {
    for (wish, code) in [("REQUIRED", Some(413)), ("PREFERRED", None), ("DISCOURAGED", None)] {
        let policy = json!({ "p": { "userVerification": wish } });
        let made = scene(json!({ "registrationPolicies": policy.clone() })).await;
        let mut device = Authenticator::new(1);
        device.user_verified = false;
        let begun = start_registration(&made, &alice()).await.unwrap();
        let answer = given(device.create(&begun.public_key));
        let done = complete_registration(&made, &begun, answer).await;
        assert_eq!(done.err().map(|error| error.code()), code, "{wish}");

        let used = scene(json!({ "authenticationPolicies": policy })).await;
        device.user_verified = true;
        register(&used, &alice(), &mut device).await;
        device.user_verified = false;
        assert_eq!(sign_in(&used, None, &mut device).await.err(), code, "{wish}");
    }
}

#[tokio::test]
async fn sessions_are_asked_for_piece_by_piece() {
    let scene = scene(json!({ "sessionManagementExternal": true })).await;
    let mut device = Authenticator::new(1);
    let begun = start_registration(&scene, &alice()).await.unwrap();
    let answer = given(device.create(&begun.public_key));
    let whole = begun.session.clone().unwrap();
    let without = |change: fn(&mut PasskeySession)| {
        let mut session = whole.clone();
        change(&mut session);
        PasskeySession { ..session }
    };
    let cases = [
        (None, 384),
        (Some(without(|s| s.registration_policy = None)), 385),
        (Some(without(|s| s.challenge = None)), 386),
        (Some(without(|s| s.relying_party_id = None)), 387),
        (Some(without(|s| s.relying_party_id = Some("example.net".to_owned()))), 235),
        (Some(without(|s| s.sealed = None)), 384),
        (Some(without(|s| s.sealed = Some("AAAA".to_owned()))), 2603),
        (Some(without(|s| s.challenge = Some("AAAA".to_owned()))), 2603),
    ];
    for (session, code) in cases {
        let mut work = scene.work();
        let answer = PasskeyAnswer { session: session.clone(), ..answer.clone() };
        let error = work.complete_passkey_registration("s", None, answer).await.unwrap_err();
        assert_eq!(error.code(), code, "{session:?}");
    }
    let mut work = scene.work();
    let other = PasskeyAnswer { session: Some(whole.clone()), ..answer.clone() };
    let error = work.complete_passkey_authentication("s", None, other.clone()).await.unwrap_err();
    assert_eq!(error.code(), 394);
    let error = work.complete_passkey_registration("s", Some("X"), other.clone()).await;
    assert_eq!(error.unwrap_err().code(), 388);
    configure(&scene, json!({ "sessionManagementExternal": false })).await;
    let error = scene.work().complete_passkey_registration("s", None, other).await.unwrap_err();
    assert_eq!(error.code(), 388);
    let error = scene.work().complete_passkey_registration("s", Some("X"), answer).await;
    assert_eq!(error.unwrap_err().code(), 2603);
}

#[tokio::test]
async fn what_the_client_could_not_do_is_reported_and_may_be_tried_again() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    let failure = |outcome| PasskeyAnswer {
        failure: Some(ClientFailure { outcome, message: None }),
        ..PasskeyAnswer::default()
    };
    let cases = [
        (PasskeyAnswer::default(), 395, 395),
        (failure(ClientOutcome::Failed), 396, 397),
        (failure(ClientOutcome::Cancelled), 399, 398),
        (failure(ClientOutcome::TimedOut), 402, 403),
        (given(Map::new()), 2605, 2605),
    ];
    let making = start_registration(&scene, &alice()).await.unwrap();
    for (answer, code, _) in cases.clone() {
        let error = complete_registration(&scene, &making, answer).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
    let answer = given(device.create(&making.public_key));
    complete_registration(&scene, &making, answer).await.unwrap();
    let using = start(&scene, Some(&alice()), Manner::Open).await;
    let anybodys = start(&scene, None, Manner::Open).await;
    for (answer, _, code) in cases {
        let error = match complete(&scene, &using, answer.clone()).await {
            Ok(PasskeyVerdict::Refused { error, user, .. }) => {
                assert_eq!(user.unwrap().external_id.as_deref(), Some("alice"));
                error
            }
            verdict => verdict.unwrap_err(),
        };
        assert_eq!(error.code(), code);
        let error = complete(&scene, &anybodys, answer).await.unwrap_err();
        assert_eq!(error.code(), code, "of nobody nothing is noted");
    }
    assert_eq!((failures(&scene, &alice()).await, scene.failed_guesses()), (0, 3));
    let answer = given(device.get(&using.public_key));
    assert!(matches!(complete(&scene, &using, answer).await, Ok(PasskeyVerdict::Accepted { .. })));
    let id = scene.work().read_user("s", &alice()).await.unwrap().id;
    let entries = scene.work().list_audit(100).await.unwrap();
    let used = |entry: &&Entry| entry.action.authentication().is_some();
    let told = |entry: &Entry| (entry.user_id.clone(), format!("{:?}", entry.reason));
    let told = BTreeSet::from_iter(entries.iter().filter(used).map(told));
    let expected = ["None", "Some(ClientCancelled)", "Some(ClientFailed)", "Some(ClientTimedOut)"];
    let expected = expected.map(|reason| (Some(id.clone()), reason.to_owned()));
    assert_eq!(told, BTreeSet::from(expected));
}

#[tokio::test]
async fn who_and_what_cannot_be_registered_is_said() {
    let scene = scene(json!({ "maximumPasskeysPerUser": 1 })).await;
    let mut device = Authenticator::new(1);
    let begin = async |who: &Who, rp_id: &str, policy: &str, new: NewPasskey| {
        let owner = PasskeyOwner::User(who.clone());
        let mut work = scene.work();
        let begun = work.start_passkey_registration("s", &owner, rp_id, policy, new).await;
        begun.err().map(|error| error.code())
    };
    let new = NewPasskey::default;
    let rp_id = "example.org";
    assert_eq!(begin(&external("nobody"), rp_id, "p", new()).await, Some(503));
    assert_eq!(begin(&alice(), "example.net", "p", new()).await, Some(235));
    assert_eq!(begin(&alice(), rp_id, "q", new()).await, Some(233));
    let challenge = Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert_eq!(begin(&alice(), rp_id, "p", NewPasskey { challenge, ..new() }).await, Some(416));
    let long = Some("A".repeat(88));
    assert_eq!(
        begin(&alice(), rp_id, "p", NewPasskey { user_handle: long, ..new() }).await,
        Some(417)
    );
    let spoilt = Some("a\nb".to_owned());
    assert_eq!(
        begin(&alice(), rp_id, "p", NewPasskey { user_name: spoilt, ..new() }).await,
        Some(417)
    );
    let passkey = register(&scene, &alice(), &mut device).await;
    assert_eq!(begin(&alice(), rp_id, "p", new()).await, Some(389));
    let bob = external("bob");
    let taken = Some(passkey.user_handle.clone());
    assert_eq!(
        begin(&bob, rp_id, "p", NewPasskey { user_handle: taken, ..new() }).await,
        Some(401)
    );
    let begun = start_registration(&scene, &bob).await.unwrap();
    let answer = given(device.create(&begun.public_key));
    let twice = complete_registration(&scene, &begun, answer).await.unwrap_err();
    assert_eq!(twice.code(), 415);
    configure(&scene, json!({ "maximumPasskeysPerUser": 2 })).await;
    let other = Some("AQID".to_owned());
    assert_eq!(
        begin(&alice(), rp_id, "p", NewPasskey { user_handle: other, ..new() }).await,
        Some(401)
    );
    let only = json!({ "p": { "attestationFormats": ["packed"] } });
    configure(&scene, json!({ "registrationPolicies": only })).await;
    let begun = start_registration(&scene, &bob).await.unwrap();
    let answer = given(Authenticator::new(7).create(&begun.public_key));
    let unattested = complete_registration(&scene, &begun, answer).await.unwrap_err();
    assert_eq!(unattested.code(), 414);
    let codes = [
        scene.work().read_passkey("s", &alice(), "X").await.unwrap_err().code(),
        scene.work().remove_passkey("s", &bob, &passkey.id).await.unwrap_err().code(),
        scene
            .work()
            .update_passkey("s", &alice(), &passkey.id, PasskeyChange::default())
            .await
            .unwrap_err()
            .code(),
    ];
    assert_eq!(codes, [390, 390, 393]);
    let mut work = scene.work();
    let locked = crate::UserChange { status: Some(UserStatus::Locked), ..Default::default() };
    work.update_user("s", &bob, locked).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(begin(&bob, rp_id, "p", new()).await, Some(1120));
}

/// Sees that whoever is barred so is told it at the start and, with the passkey alone, at the end.
async fn told_when_barred(status: Option<UserStatus>, locked: Option<Modality>, code: u32) {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    register(&scene, &alice(), &mut device).await;
    let named = start(&scene, Some(&alice()), Manner::Open).await;
    let mut work = scene.work();
    let change = crate::UserChange { status, ..Default::default() };
    work.update_user("s", &alice(), change).await.unwrap();
    if let Some(modality) = locked {
        work.lock_user_modality("s", &alice(), modality).await.unwrap();
    }
    work.commit().await.unwrap();
    let verdict = complete(&scene, &named, given(device.get(&named.public_key))).await;
    let Ok(PasskeyVerdict::Refused { error, user: Some(user), .. }) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!((error.code(), user.lock_info.invalid_count), (code, 0));
    assert_eq!(sign_in(&scene, None, &mut device).await, Err(code));
    let mut forged = Authenticator::new(2);
    forged.id.clone_from(&device.id);
    forged.user_handle.clone_from(&device.user_handle);
    assert_eq!(sign_in(&scene, None, &mut forged).await, Err(412));
    let (mut work, who) = (scene.work(), alice());
    let mut begin = async |manner| {
        let policy = Some("p");
        work.start_passkey_authentication("s", Some(&who), "example.org", policy, None, manner)
            .await
            .err()
            .map(|error| error.code())
    };
    assert_eq!(begin(Manner::Open).await, Some(code));
    assert_eq!(begin(Manner::Blind).await, None, "a stranger is not told");
}

#[tokio::test]
async fn who_cannot_use_a_passkey_learns_of_it_only_with_it() {
    told_when_barred(Some(UserStatus::Locked), None, 2100).await;
    told_when_barred(None, Some(Modality::Passkey), 2101).await;
    told_when_barred(Some(UserStatus::Disabled), None, 502).await;
}

#[tokio::test]
async fn a_relying_party_is_configured_and_what_makes_no_sense_is_named() {
    let scene = Scene::with_alice().await;
    let object = |value: Value| value.as_object().cloned().unwrap_or_default();
    let mut work = scene.work();
    let new = |config: Value| NewPasskeyConfig {
        relying_party_id: "example.org".to_owned(),
        config: object(config),
    };
    let made = work.add_passkey_config("s", new(json!({ "name": "E" }))).await.unwrap();
    assert_eq!(made, PasskeyConfig { name: "E".to_owned(), ..PasskeyConfig::default() });
    let twice = work.add_passkey_config("s", new(json!({}))).await.unwrap_err();
    assert_eq!(twice.code(), 418);
    let change = object(json!({ "registrationPolicies": { "p": {} } }));
    let changed = work.update_passkey_config("s", "example.org", change).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.registration_policies.len()), ("E", 1));
    let wrong = object(json!({
        "restrictedOrigins": ["example.org", "https://example.org/", "http://example.org"],
        "maximumPasskeysPerUser": 0,
        "sessionDuration": "P2D",
        "registrationPolicies": { "p": { "attestationFormats": ["paper"], "timeout": "PT1S" } },
    }));
    let error = work.update_passkey_config("s", "example.org", wrong).await.unwrap_err();
    let paths: Vec<_> = error.flaws().iter().map(|flaw| &*flaw.path).collect();
    let prefix = "configuration.passkeyConfigs.example.org.";
    let paths: Vec<_> = paths.into_iter().filter_map(|path| path.strip_prefix(prefix)).collect();
    assert_eq!(
        paths,
        [
            "restrictedOrigins[0]",
            "restrictedOrigins[1]",
            "restrictedOrigins[2]",
            "maximumPasskeysPerUser",
            "sessionDuration",
            "registrationPolicies.p.timeout",
            "registrationPolicies.p.attestationFormats[0]",
        ]
    );
    for rp_id in ["Example.org", "example.org/", "192.0.2.1", "https://example.org", ""] {
        let new = NewPasskeyConfig { relying_party_id: rp_id.to_owned(), config: Map::new() };
        assert_eq!(work.add_passkey_config("s", new).await.unwrap_err().code(), 102, "{rp_id}");
    }
    work.remove_passkey_config("s", "example.org").await.unwrap();
    let gone = work.read_passkey_config("s", "example.org").await.unwrap_err();
    assert_eq!(gone.code(), 235);
}

#[tokio::test]
async fn the_kind_of_authenticator_and_of_passkey_is_what_the_policy_asks_for() {
    let (platform, roaming) = (json!("platform"), json!("cross-platform"));
    let cases = [
        (json!({ "keyTypes": "PLATFORM" }), platform.clone(), json!(true), 0),
        (json!({ "keyTypes": "PLATFORM" }), roaming.clone(), json!(true), 419),
        (json!({ "keyTypes": "PLATFORM" }), json!(null), json!(true), 0),
        (json!({ "keyTypes": "CROSS_PLATFORM" }), platform.clone(), json!(true), 419),
        (json!({ "keyTypes": "ANY" }), roaming, json!(true), 0),
        (json!({ "residentKey": "REQUIRED" }), platform.clone(), json!(false), 420),
        (json!({ "residentKey": "REQUIRED" }), platform.clone(), json!(null), 0),
        (json!({ "residentKey": "PREFERRED" }), platform, json!(false), 0),
    ];
    for (policy, attachment, resident, code) in cases {
        let scene = scene(json!({ "registrationPolicies": { "p": policy.clone() } })).await;
        let begun = start_registration(&scene, &alice()).await.unwrap();
        let mut credential = Authenticator::new(1).create(&begun.public_key);
        credential["authenticatorAttachment"] = attachment.clone();
        credential["clientExtensionResults"] = json!({ "credProps": { "rk": resident } });
        let said = complete_registration(&scene, &begun, given(credential)).await;
        let said = said.err().map(|error| error.code()).unwrap_or_default();
        assert_eq!(said, code, "{policy} {attachment} {resident}");
    }
}

#[tokio::test]
async fn the_limit_of_a_relying_party_counts_its_own_passkeys() {
    let scene = scene(json!({ "maximumPasskeysPerUser": 1 })).await;
    register(&scene, &alice(), &mut Authenticator::new(1)).await;
    let other = json!({ "maximumPasskeysPerUser": 1, "registrationPolicies": { "p": {} } });
    let change = json!({ "passkeyConfigs": { "example.net": other } });
    let configuration = change.as_object().cloned();
    let change = StoreChange { configuration, ..StoreChange::default() };
    let mut work = scene.work();
    work.update_store("s", change).await.unwrap();
    let owner = PasskeyOwner::User(alice());
    for (rp_id, code) in [("example.net", None), ("example.org", Some(389))] {
        let new = NewPasskey::default();
        let start = work.start_passkey_registration("s", &owner, rp_id, "p", new).await;
        assert_eq!(start.err().map(|error| error.code()), code, "{rp_id}");
    }
}

#[tokio::test]
async fn the_limit_of_the_tenant_counts_as_well_as_the_relying_partys() {
    let scene = scene(json!({ "maximumPasskeysPerUser": 5 })).await;
    let mut work = scene.work();
    let change = crate::LimitsChange {
        maximum_passkeys_per_user: Some(2),
        ..crate::LimitsChange::default()
    };
    work.change_limits(change).await.unwrap();
    work.commit().await.unwrap();
    let early = start_registration(&scene, &alice()).await.unwrap();
    for seed in [1, 2] {
        register(&scene, &alice(), &mut Authenticator::new(seed)).await;
    }
    assert_eq!(start_registration(&scene, &alice()).await.unwrap_err().code(), 389);
    // What was begun in time is too many at its end.
    let answer = given(Authenticator::new(3).create(&early.public_key));
    assert_eq!(complete_registration(&scene, &early, answer).await.unwrap_err().code(), 389);
}

#[tokio::test]
async fn a_passkey_takes_away_what_failed_with_passkeys_alone() {
    let scene = scene(json!({})).await;
    let (mut device, mut unknown) = (Authenticator::new(1), Authenticator::new(2));
    register(&scene, &alice(), &mut device).await;
    scene.register(&alice(), "p", "right").await;
    assert!(!scene.guess(&alice(), "p", "wrong").await);
    sign_in(&scene, Some(&alice()), &mut unknown).await.unwrap_err();
    assert_eq!(failures(&scene, &alice()).await, 2);
    sign_in(&scene, Some(&alice()), &mut device).await.unwrap();
    assert_eq!(failures(&scene, &alice()).await, 1);
    sign_in(&scene, Some(&alice()), &mut unknown).await.unwrap_err();
    assert!(scene.guess(&alice(), "p", "right").await);
    assert_eq!(failures(&scene, &alice()).await, 1);
}

#[tokio::test]
async fn a_failure_after_a_blind_start_writes_as_much_of_a_lock_whether_there_is_one_or_not() {
    let scene = scene(json!({})).await;
    register(&scene, &alice(), &mut Authenticator::new(1)).await;
    let start = start(&scene, Some(&alice()), Manner::Blind).await;
    let answer = given(Authenticator::new(2).get(&start.public_key));
    complete(&scene, &start, answer).await.unwrap();
    assert_eq!(failures(&scene, &alice()).await, 1);
    assert_eq!(scene.locks_of_nobody().await, [1, 1]);
}
