//! What works: passkeys are registered, used, changed and removed, with sessions inside and outside.

use data_encoding::BASE64URL_NOPAD;
use expect_test::expect;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_passkey_is_used_by_its_owner_named_or_not_with_sessions_inside_and_outside() {
    for outside in [false, true] {
        let scene = scene(json!({ "sessionManagementExternal": outside })).await;
        let mut device = Authenticator::new(1);
        let passkey = register(&scene, &alice(), &mut device).await;
        for who in [Some(alice()), None] {
            let user = sign_in(&scene, who.as_ref(), &mut device).await.unwrap();
            assert_eq!(user.external_id.as_deref(), Some("alice"));
            let [shown] = &user.summary_info.passkeys[..] else { panic!("one passkey") };
            assert_eq!((&shown.id, shown.sign_count), (&passkey.id, device.counter));
            assert_eq!(shown.last_authenticated_with_dtm, Some(scene.now));
        }
        assert_eq!(scene.failed_guesses(), 0);
        let said = scene.work().list_audit(100).await.unwrap();
        let of_p = said.into_iter().filter(|entry| entry.policy_name.as_deref() == Some("p"));
        // All of it happened at the same time, so that its order is by chance.
        let mut said: Vec<_> = of_p.map(|entry| format!("{:?}", entry.action)).collect();
        said.sort();
        assert_eq!(said, ["PasskeyAccepted", "PasskeyAccepted", "PasskeyRegistered"]);
    }
}

#[tokio::test]
async fn the_record_of_a_sign_in_shows_the_passkey_and_its_policy() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    let passkey = register(&scene, &alice(), &mut device).await;
    let start = start(&scene, Some(&alice()), Manner::Open).await;
    let verdict = complete(&scene, &start, given(device.get(&start.public_key))).await.unwrap();
    let PasskeyVerdict::Accepted { record, .. } = verdict else { panic!("refused") };
    let record = scene.work().read_authentication("s", &alice(), &record).await.unwrap();
    let shown = record.auth_audit_display_info.passkey_audit_info.unwrap();
    assert_eq!((shown.id, shown.relying_party_id.as_str()), (passkey.id, "example.org"));
    assert_eq!((shown.policy_name.as_deref(), shown.authentication_dtm), (Some("p"), scene.now));
}

#[tokio::test]
async fn the_options_say_what_the_policy_says() {
    let scene = scene(json!({
        "name": "Example",
        "registrationPolicies": { "p": {
            "keyTypes": "PLATFORM", "residentKey": "PREFERRED", "userVerification": "REQUIRED",
            "attestation": "DIRECT", "attestationFormats": ["packed"], "timeout": "PT1M",
        } },
        "authenticationPolicies": { "p": { "userVerification": "DISCOURAGED", "timeout": "PT2M" } },
    }))
    .await;
    let mut begun = start_registration(&scene, &alice()).await.unwrap().public_key;
    for (part, length) in [("challenge", 43), ("user", 43)] {
        let text = if part == "user" { &mut begun["user"]["id"] } else { &mut begun[part] };
        assert_eq!(text.as_str().map(str::len), Some(length));
        *text = json!("…");
    }
    expect![[r#"
        {
          "attestation": "direct",
          "attestationFormats": [
            "packed"
          ],
          "authenticatorSelection": {
            "authenticatorAttachment": "platform",
            "requireResidentKey": false,
            "residentKey": "preferred",
            "userVerification": "required"
          },
          "challenge": "…",
          "excludeCredentials": [],
          "extensions": {
            "credProps": true
          },
          "pubKeyCredParams": [
            {
              "alg": -7,
              "type": "public-key"
            },
            {
              "alg": -8,
              "type": "public-key"
            },
            {
              "alg": -35,
              "type": "public-key"
            },
            {
              "alg": -36,
              "type": "public-key"
            },
            {
              "alg": -257,
              "type": "public-key"
            }
          ],
          "rp": {
            "id": "example.org",
            "name": "Example"
          },
          "timeout": 60000,
          "user": {
            "displayName": "alice",
            "id": "…",
            "name": "alice"
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&begun).unwrap());
    let mut begun = start(&scene, None, Manner::Open).await.public_key;
    begun["challenge"] = json!("…");
    let expected = json!({
        "challenge": "…", "timeout": 120_000, "rpId": "example.org", "allowCredentials": [],
        "userVerification": "discouraged",
    });
    assert_eq!(begun, expected);
}

#[tokio::test]
async fn first_passkeys_that_are_begun_side_by_side_get_one_handle() {
    let scene = scene(json!({})).await;
    let begun = [
        start_registration(&scene, &alice()).await.unwrap(),
        start_registration(&scene, &alice()).await.unwrap(),
    ];
    let of_another = start_registration(&scene, &external("bob")).await.unwrap();
    for (start, seed) in begun.iter().zip(1..) {
        let answer = given(Authenticator::new(seed).create(&start.public_key));
        let done = complete_registration(&scene, start, answer).await.unwrap();
        assert_eq!(done.passkey.user_handle, begun[0].public_key["user"]["id"]);
    }
    assert_ne!(of_another.public_key["user"]["id"], begun[0].public_key["user"]["id"]);
    // Relying parties do not learn from it that it is the same user.
    let config =
        json!({ "passkeyConfigs": { "example.net": { "registrationPolicies": { "p": {} } } } });
    let mut work = scene.work();
    let change =
        StoreChange { configuration: config.as_object().cloned(), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    let (owner, new) = (PasskeyOwner::User(alice()), NewPasskey::default());
    let elsewhere = work.start_passkey_registration("s", &owner, "example.net", "p", new).await;
    assert_ne!(elsewhere.unwrap().public_key["user"]["id"], begun[0].public_key["user"]["id"]);
}

#[tokio::test]
async fn a_user_is_added_with_the_passkey_and_has_one_handle() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    let carol = PasskeyOwner::NewUser("carol".to_owned());
    let new = NewPasskey { user_handle: Some("AQID".to_owned()), ..NewPasskey::default() };
    let mut work = scene.work();
    let begun = work.start_passkey_registration("s", &carol, "example.org", "p", new).await;
    work.commit().await.unwrap();
    let begun = begun.unwrap();
    assert!(scene.work().read_user("s", &external("carol")).await.is_err());
    let answer = given(device.create(&begun.public_key));
    let done = complete_registration(&scene, &begun, answer).await.unwrap();
    assert_eq!(done.user.external_id.as_deref(), Some("carol"));
    assert_eq!(done.passkey.user_handle, "AQID");
    let second = start_registration(&scene, &external("carol")).await.unwrap();
    assert_eq!(second.public_key["user"]["id"], "AQID");
    assert_eq!(second.public_key["excludeCredentials"][0]["id"], done.passkey.credential_id);
    assert!(sign_in(&scene, None, &mut device).await.is_ok());
}

#[tokio::test]
async fn a_passkey_is_shown_changed_and_removed_and_its_record_read() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    let passkey = register(&scene, &alice(), &mut device).await;
    let id = passkey.id.as_str();
    let mut work = scene.work();
    let name = Some("Phone".to_owned());
    let change = PasskeyChange { name, status: Some(PasskeyStatus::Disabled) };
    let changed = work.update_passkey("s", &alice(), id, change).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!((changed.name.as_str(), changed.status), ("Phone", PasskeyStatus::Disabled));
    assert_eq!(scene.work().read_passkey("s", &alice(), id).await.unwrap(), changed);
    assert_eq!(scene.work().list_passkeys("s", &alice()).await.unwrap(), [changed]);
    assert_eq!(sign_in(&scene, None, &mut device).await, Err(348));

    let record = scene.work().read_passkey_registration("s", &alice(), id).await.unwrap();
    assert_eq!((&*record.passkey_id, &*record.origin), (id, "https://example.org"));
    assert!(!record.attestation_object.is_empty());
    let user = scene.work().read_user("s", &alice()).await.unwrap();
    let store = scene.work().read_store("s").await.unwrap();
    let key = registered::key(&store.id, &user.id, id);
    let mut work = scene.work();
    work.spoil_passkey_record(&key).await;
    let unreadable = work.read_passkey_registration("s", &alice(), id).await.unwrap_err();
    work.remove_passkey_record(&key);
    let missing = work.read_passkey_registration("s", &alice(), id).await.unwrap_err();
    assert_eq!((unreadable.code(), missing.code()), (392, 391));

    let mut work = scene.work();
    work.remove_passkey("s", &alice(), id).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(sign_in(&scene, None, &mut device).await, Err(362));
    // Credential and handle are free again.
    register(&scene, &external("bob"), &mut device).await;
}

#[tokio::test]
async fn who_is_removed_leaves_nothing_of_their_passkeys() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    register(&scene, &alice(), &mut device).await;
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(sign_in(&scene, None, &mut device).await, Err(362));
    let mut work = scene.work();
    let left = work.find_credential("", "example.org", &device.id).await.unwrap();
    assert!(left.is_none());
}

#[tokio::test]
async fn a_stranger_sees_the_same_for_everybody() {
    let mut scene = scene(json!({})).await;
    register(&scene, &alice(), &mut Authenticator::new(1)).await;
    for seed in 10..20 {
        register(&scene, &external("bob"), &mut Authenticator::new(seed)).await;
    }
    let mut seen = Vec::new();
    for name in ["alice", "bob", "nobody", "nobody", "somebody"] {
        let begun = start(&scene, Some(&external(name)), Manner::Blind).await;
        let mut options = begun.public_key;
        options["challenge"].take();
        let allowed = options["allowCredentials"].take();
        let allowed = allowed.as_array().unwrap();
        assert_eq!(allowed.len(), 8, "{name}");
        assert!(allowed.iter().all(|one| one["type"] == "public-key"));
        assert!(allowed.iter().all(|one| one.as_object().unwrap().len() == 2));
        let ids = allowed.iter().map(|one| one["id"].as_str().unwrap().to_owned());
        seen.push((Vec::from_iter(ids), options));
    }
    assert_eq!(seen[2], seen[3], "who asks again is shown the same, in the same order");
    assert!(seen[2].0.iter().all(|id| !seen[4].0.contains(id)), "nobody's are like no other's");
    assert!(seen.iter().all(|(_, options)| *options == seen[0].1));
    assert!(seen[0].0.contains(&BASE64URL_NOPAD.encode(&[1; 16])), "hers is among them");
    let his = (10..20).map(|seed| BASE64URL_NOPAD.encode(&[seed; 16]));
    assert_eq!(his.filter(|id| seen[1].0.contains(id)).count(), 8);
    // The same user by the other name.
    let alice = scene.work().read_user("s", &alice()).await.unwrap();
    let begun = start(&scene, Some(&Who::from(&alice.id)), Manner::Blind).await;
    let ids = begun.public_key["allowCredentials"].as_array().unwrap().iter();
    assert!(ids.map(|one| one["id"].as_str().unwrap()).eq(seen[0].0.iter().map(String::as_str)));
    // What was begun for nobody ends like a wrong passkey.
    let mut device = Authenticator::new(9);
    let begun = start(&scene, Some(&external("nobody")), Manner::Blind).await;
    let answer = given(device.get(&begun.public_key));
    let verdict = complete(&scene, &begun, answer).await.unwrap();
    assert!(matches!(verdict, PasskeyVerdict::Refused { user: None, .. }), "{verdict:?}");
    scene.pass("PT1H");
    let mut work = scene.work();
    assert!(work.sweep_ceremonies(100).await.unwrap() > 0);
}

#[tokio::test]
async fn a_session_is_used_once_and_in_time_inside_and_outside() {
    for outside in [false, true] {
        let mut scene = scene(json!({ "sessionManagementExternal": outside })).await;
        let mut device = Authenticator::new(1);
        let begun = start_registration(&scene, &alice()).await.unwrap();
        let answer = given(device.create(&begun.public_key));
        complete_registration(&scene, &begun, answer.clone()).await.unwrap();
        let again = complete_registration(&scene, &begun, answer).await.unwrap_err();
        assert_eq!(again.code(), 2603);
        let begun = start(&scene, None, Manner::Open).await;
        let answer = given(device.get(&begun.public_key));
        complete(&scene, &begun, answer.clone()).await.unwrap();
        assert_eq!(complete(&scene, &begun, answer).await.unwrap_err().code(), 2603);
        let begun = start(&scene, None, Manner::Open).await;
        scene.pass("PT10M");
        let answer = given(device.get(&begun.public_key));
        assert_eq!(complete(&scene, &begun, answer).await.unwrap_err().code(), 2603);
        let mut work = scene.work();
        assert_eq!(work.sweep_ceremonies(100).await.unwrap(), if outside { 2 } else { 1 });
    }
}

/// The credentials that a stranger is shown for a name.
async fn shown(scene: &Scene, name: &str) -> Vec<String> {
    let begun = start(scene, Some(&external(name)), Manner::Blind).await;
    let allowed = begun.public_key["allowCredentials"].as_array().unwrap().clone();
    allowed.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// What of a list is not in the other.
fn changed(before: &[String], after: &[String]) -> usize {
    let stayed: Vec<_> = before.iter().filter(|id| after.contains(id)).collect();
    let order: Vec<_> = after.iter().filter(|id| before.contains(id)).collect();
    assert_eq!(stayed, order, "what stays keeps its order");
    before.len() - stayed.len()
}

#[tokio::test]
async fn a_passkey_that_comes_is_used_or_goes_changes_one_of_those_that_a_stranger_sees_or_none() {
    let mut scene = scene(json!({})).await;
    let mut before = shown(&scene, "alice").await;
    let mut devices = Vec::new();
    for seed in 1..=9 {
        let mut device = Authenticator::new(seed);
        scene.pass("PT1S");
        let passkey = register(&scene, &alice(), &mut device).await;
        let after = shown(&scene, "alice").await;
        assert_eq!(changed(&before, &after), 1, "passkey {seed} comes");
        devices.push((passkey.id, device));
        before = after;
    }
    // Whoever uses the oldest of nine changes nothing.
    sign_in(&scene, Some(&alice()), &mut devices[0].1).await.unwrap();
    assert_eq!(changed(&before, &shown(&scene, "alice").await), 0);
    for (id, _) in devices {
        let mut work = scene.work();
        work.remove_passkey("s", &alice(), &id).await.unwrap();
        work.commit().await.unwrap();
        let after = shown(&scene, "alice").await;
        assert!(changed(&before, &after) <= 1);
        before = after;
    }
}

#[tokio::test]
async fn a_stranger_sees_passkeys_that_can_be_used_and_none_of_another_relying_party() {
    let scene = scene(json!({})).await;
    let mut device = Authenticator::new(1);
    let passkey = register(&scene, &alice(), &mut device).await;
    let mut work = scene.work();
    work.give_passkeys("s", &alice(), "example.net", 9).await.unwrap();
    work.commit().await.unwrap();
    let others = scene.work().list_passkeys("s", &alice()).await.unwrap().into_iter();
    let others: Vec<_> = others.filter(|other| other.id != passkey.id).collect();
    assert_eq!(others.len(), 9);
    let hers = async || {
        let shown = shown(&scene, "alice").await;
        assert!(others.iter().all(|other| !shown.contains(&other.credential_id)));
        shown.contains(&passkey.credential_id)
    };
    assert!(hers().await);
    let update = async |change: PasskeyChange| {
        let mut work = scene.work();
        work.update_passkey("s", &alice(), &passkey.id, change).await.unwrap();
        work.commit().await.unwrap();
    };
    update(PasskeyChange { name: Some("Phone".to_owned()), status: None }).await;
    assert!(hers().await, "under another name");
    update(PasskeyChange { name: None, status: Some(PasskeyStatus::Disabled) }).await;
    assert!(!hers().await, "disabled");
    update(PasskeyChange { name: None, status: Some(PasskeyStatus::Active) }).await;
    assert!(hers().await, "active again");
    sign_in(&scene, Some(&alice()), &mut device).await.unwrap();
    device.counter = 0;
    assert_eq!(sign_in(&scene, Some(&alice()), &mut device).await, Err(372));
    assert!(!hers().await, "cloned");
}

#[tokio::test]
async fn what_a_stranger_sees_changes_now_and_then_for_everybody() {
    let mut scene = scene(json!({})).await;
    register(&scene, &alice(), &mut Authenticator::new(1)).await;
    for name in ["alice", "nobody"] {
        let started = scene.now;
        let (mut changes, mut before) = (0, shown(&scene, name).await);
        for _ in 0..250 {
            scene.pass("P30D");
            let after = shown(&scene, name).await;
            changes += changed(&before, &after);
            before = after;
        }
        // Of eight places for twenty years and a half, about four years each.
        assert!((8..100).contains(&changes), "{name}: {changes}");
        scene.now = started;
    }
}

#[tokio::test]
async fn the_audit_tells_which_passkey_it_was() {
    let mut scene = scene(json!({})).await;
    let (mut phone, mut key) = (Authenticator::new(1), Authenticator::new(2));
    let mut his = Authenticator::new(3);
    register(&scene, &external("bob"), &mut his).await;
    let of = |passkey: &PasskeySummary| passkey.id.clone();
    let phones = of(&register(&scene, &alice(), &mut phone).await);
    scene.pass("PT1S");
    let keys = of(&register(&scene, &alice(), &mut key).await);
    let names = [(phones.clone(), "phone"), (keys.clone(), "key")];
    scene.pass("PT1S");
    key.counter = 5;
    sign_in(&scene, Some(&alice()), &mut key).await.unwrap();
    key.counter = 1;
    scene.pass("PT1S");
    assert_eq!(sign_in(&scene, None, &mut key).await, Err(372));
    scene.pass("PT1S");
    let change = PasskeyChange { name: None, status: Some(PasskeyStatus::Disabled) };
    let mut work = scene.work();
    work.update_passkey("s", &alice(), &phones, change).await.unwrap();
    work.commit().await.unwrap();
    scene.pass("PT1S");
    assert_eq!(sign_in(&scene, Some(&alice()), &mut phone).await, Err(348));
    // Another's passkey is not noted with hers.
    scene.pass("PT1S");
    assert_eq!(sign_in(&scene, Some(&alice()), &mut his).await, Err(363));
    scene.pass("PT1S");
    let mut work = scene.work();
    work.remove_passkey("s", &alice(), &keys).await.unwrap();
    work.commit().await.unwrap();

    let told = async |scene: &Scene| {
        let user = scene.work().read_user("s", &alice()).await.unwrap().id;
        let mut entries = scene.work().list_audit(100).await.unwrap();
        entries.retain(|entry| entry.user_id.as_ref() == Some(&user));
        let mut lines = String::new();
        for entry in entries.iter().rev() {
            let Some(name) = entry.action.name().strip_prefix("PASSKEY_").map(str::to_owned) else {
                continue;
            };
            let passkey = entry.passkey_info.as_ref().map(|passkey| {
                let (_, name) = names.iter().find(|(id, _)| *id == passkey.id).unwrap();
                format!("{name} of {}", passkey.relying_party_id)
            });
            lines += &format!("{name} {}\n", passkey.unwrap_or_default());
        }
        lines
    };
    let waiting = told(&scene).await;
    expect![[r#"
        REGISTERED phone of example.org
        REGISTERED key of example.org
        ACCEPTED key of example.org
        REFUSED key of example.org
        UPDATED phone of example.org
        REFUSED phone of example.org
        REFUSED 
        REMOVED key of example.org
    "#]]
    .assert_eq(&waiting);
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(told(&scene).await, waiting);
    // It is personal: it goes with the user.
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let entries = scene.work().list_audit(100).await.unwrap();
    let left = entries.iter().filter_map(|entry| entry.passkey_info.as_ref());
    assert!(left.into_iter().all(|passkey| names.iter().all(|(id, _)| *id != passkey.id)));
}
