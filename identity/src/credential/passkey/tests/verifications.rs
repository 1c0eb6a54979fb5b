//! Whoever fails is verified as much as everybody else who does, and whoever succeeds once.

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use webauthn_rs_core::proto::COSEKey;

use super::*;
use crate::{UserChange, UserStatus};

/// What was verified for this answer, and whether it was accepted.
async fn verified(
    scene: &Scene,
    device: &mut Authenticator,
    spoil: impl Fn(&mut Value),
) -> (bool, Vec<&'static str>) {
    let start = start(scene, Some(&alice()), Manner::Blind).await;
    let mut credential = Value::Object(device.get(&start.public_key));
    spoil(&mut credential);
    let Value::Object(credential) = credential else { unreachable!() };
    key::VERIFIED.take();
    let verdict = complete(scene, &start, given(credential)).await.unwrap();
    let mut verified = key::VERIFIED.take();
    verified.sort_unstable();
    (matches!(verdict, PasskeyVerdict::Accepted { .. }), verified)
}

/// What is verified for whoever fails, with a signature of this length.
fn of_failure(length: usize) -> Vec<&'static str> {
    let rsa = (256..=1024).contains(&length).then_some("RS256");
    ["ES256", "ES384", "ES512", "EdDSA"].into_iter().chain(rsa).collect()
}

/// Alice with the passkey of this authenticator, however often she fails.
async fn scene_of(device: &mut Authenticator) -> (Scene, PasskeySummary) {
    let scene = scene(json!({})).await;
    let configuration = json!({ "userLockConfig": { "externalLockManagement": true } });
    let configuration = configuration.as_object().cloned();
    let mut work = scene.work();
    let change = StoreChange { configuration, ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
    let passkey = register(&scene, &alice(), device).await;
    (scene, passkey)
}

/// Gives her one like the other, with another key.
async fn give(scene: &Scene, like: &PasskeySummary, (seed, key): (u8, COSEKey)) -> PasskeySummary {
    let store = scene.work().read_store("s").await.unwrap().id;
    let user = scene.work().read_user("s", &alice()).await.unwrap().id;
    let mut work = scene.work();
    let mut row = work.expect_passkey(&store, &user, &like.id).await.unwrap();
    row.summary.id = crate::random::identifier().unwrap();
    row.summary.credential_id = BASE64URL_NOPAD.encode(&[seed; 16]);
    row.credential.cred = key;
    work.add_passkey(&store, &user, &row).unwrap();
    work.commit().await.unwrap();
    row.summary
}

async fn disable(scene: &Scene, passkey: &PasskeySummary) {
    let mut work = scene.work();
    let change = PasskeyChange { name: None, status: Some(PasskeyStatus::Disabled) };
    work.update_passkey("s", &alice(), &passkey.id, change).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn a_wrong_signature_is_verified_by_each_algorithm_whatever_passkey_is_named() {
    let mut device = Authenticator::new(1);
    let (scene, hers) = scene_of(&mut device).await;
    let of_rsa = [256, 257, 384, 512, 1024].map(key_of_nobody::rsa);
    let keys: Vec<_> = key_of_nobody::KEYS.iter().cloned().chain(of_rsa).collect();
    assert_eq!(keys.len(), 9);
    let mut named = vec![(device.id.clone(), "hers".to_owned()), (vec![99; 16], "none".to_owned())];
    for (seed, key) in (10..).zip(keys) {
        let name = format!("{seed}, {}", key::name(key.type_));
        let given = give(&scene, &hers, (seed, key.clone())).await;
        named.push((vec![seed; 16], name.clone()));
        let other = give(&scene, &given, (seed + 100, key)).await;
        disable(&scene, &other).await;
        named.push((vec![seed + 100; 16], format!("{name}, disabled")));
    }
    for (id, name) in named {
        let bytes = |bytes: &[u8]| json!(BASE64URL_NOPAD.encode(bytes));
        for length in [0, 64, 70, 255, 256, 257, 384, 512, 1024, 1025] {
            for spoiled in ["nothing more", "authenticatorData", "clientDataJSON"] {
                let (accepted, done) = verified(&scene, &mut device, |credential| {
                    credential["rawId"] = bytes(&id);
                    credential["response"]["signature"] = bytes(&vec![7; length]);
                    credential["response"][spoiled] = bytes(&[7; 7]);
                })
                .await;
                let expected = (false, of_failure(length));
                assert_eq!((accepted, done), expected, "{name}, {length} bytes, {spoiled}");
            }
        }
    }
}

#[tokio::test]
async fn a_right_signature_is_verified_once_and_where_it_does_not_help_like_a_wrong_one() {
    let mut device = Authenticator::new(1);
    let (scene, hers) = scene_of(&mut device).await;
    let mut elsewhere = device.clone();
    elsewhere.rp_id = Some("example.net".to_owned());
    let mut misnamed = device.clone();
    misnamed.user_handle = Some("AQID".to_owned());
    let another = device.lying("challenge", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    let accepted = (true, vec!["ES256"]);
    let refused = (false, of_failure(70));
    for liar in [&mut elsewhere, &mut misnamed, &mut another.clone()] {
        assert_eq!(verified(&scene, liar, |_| ()).await, refused);
    }
    assert_eq!(verified(&scene, &mut device, |_| ()).await, accepted);
    let mut copy = device.clone();
    copy.counter = 0;
    assert_eq!(verified(&scene, &mut copy, |_| ()).await, refused, "a copy");
    assert_eq!(verified(&scene, &mut device, |_| ()).await, refused, "it was copied");
    disable(&scene, &hers).await;
    assert_eq!(verified(&scene, &mut device, |_| ()).await, refused, "disabled");
    let mut work = scene.work();
    let active = PasskeyChange { name: None, status: Some(PasskeyStatus::Active) };
    work.update_passkey("s", &alice(), &hers.id, active).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(verified(&scene, &mut device, |_| ()).await, accepted);
    let mut work = scene.work();
    let lock = UserChange { status: Some(UserStatus::Locked), ..UserChange::default() };
    work.update_user("s", &alice(), lock).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(verified(&scene, &mut device, |_| ()).await, refused, "a locked user");
}
