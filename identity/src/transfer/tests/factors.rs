//! Second factors that are exported and imported: what opened one store opens the other.

use data_encoding::BASE64;
use serde_json::{Map, Value};

use super::*;
use crate::audit::{Action, Entry};
use crate::{Manner, Outcome};

/// The secret of the vectors of RFC 6238, and the code at the second 20000000000.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const CODE: &str = "65353130";

/// Alice in a store with policies for every factor, and another store with the same ones.
async fn scene() -> Scene {
    let mut scene = Scene::with_alice().await;
    scene.now = "2603-10-11T11:33:20Z".parse().unwrap();
    let mut work = scene.work();
    work.add_totp_policy("s", "app", Map::new()).await.unwrap();
    work.add_recovery_code_policy("s", "codes", Map::new()).await.unwrap();
    let policies = json!({ "p": {} });
    let config = json!({
        "relyingPartyId": "example.org", "registrationPolicies": policies,
        "authenticationPolicies": policies, "maximumPasskeysPerUser": 2,
    });
    work.add_passkey_config("s", serde_json::from_value(config).unwrap()).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    let (configuration, name) = (work.read_store("s").await.unwrap().configuration, "t".to_owned());
    work.add_store(NewStore { name, description: None, configuration }).await.unwrap();
    work.commit().await.unwrap();
    scene
}

fn totp(more: Value) -> String {
    let mut totp = json!({ "policyName": "app", "secret": SECRET, "digits": 8 });
    totp.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    json!({ "externalId": "alice", "totps": [totp] }).to_string()
}

async fn moved(scene: &Scene, to: &str, text: &str) -> Import {
    let mut work = scene.work();
    work.start_import(to, Some("all"), 1).await.unwrap();
    let import = work.import_lines(to, "all", 1, &lines(text)).await.unwrap();
    work.commit().await.unwrap();
    import
}

#[tokio::test]
async fn a_totp_and_recovery_codes_go_along_and_each_is_good_once() {
    let mut scene = scene().await;
    let bobs = totp(json!({ "status": "DISABLED" })).replace("alice", "bob");
    let file = [totp(json!({})), bobs, json!({ "externalId": "carl" }).to_string()].join("\n");
    let brought = import(&scene, "one", 1, &file).await.unwrap();
    assert_eq!(told(&brought), "3 lines: 2 created, 1 updated, 0 unchanged, 0 failed");
    let mut work = scene.work();
    let alice = external("alice");
    let codes = work.generate_recovery_codes("s", &alice, "codes").await.unwrap().codes;
    work.commit().await.unwrap();
    let bare = export(scene.work(), "s", false).await;
    assert!(!bare.contains("totps") && !bare.contains("recoveryCodes"), "{bare}");

    let whole = export(scene.work(), "s", true).await;
    assert!(whole.contains(SECRET) && !whole.contains(&codes[0]), "{whole}");
    assert!(whole.contains(r#""status":"DISABLED""#), "bob's: {whole}");
    let mut work = scene.work();
    work.start_totp_registration("s", &external("carl"), "app", None).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(export(scene.work(), "s", true).await, whole, "one whose first code is awaited");
    scene.pass("PT1S");
    assert_eq!(moved(&scene, "t", &whole).await.created, 3);
    assert_eq!(export(scene.work(), "t", true).await, whole);
    let entries = scene.work().list_audit(100).await.unwrap();
    let hers = scene.work().read_user("t", &alice).await.unwrap().id;
    let of_her = |entry: &&Entry| entry.store_name == "t" && entry.user_id.as_ref() == Some(&hers);
    let moved = entries.iter().filter(of_her);
    let moved = moved.map(|entry| (entry.action, entry.policy_name.as_deref()));
    assert_eq!(
        Vec::from_iter(moved),
        [
            (Action::RecoveryCodesImported, Some("codes")),
            (Action::TotpImported, Some("app")),
            (Action::UserAdded, None),
        ]
    );
    for good in [true, false] {
        let mut work = scene.work();
        let verdict =
            work.authenticate_with_totp("t", &alice, "app", CODE, Manner::Open).await.unwrap();
        assert_eq!(matches!(verdict, Outcome::Accepted { .. }), good);
        let code = &codes[0];
        let verdict =
            work.authenticate_with_recovery_code("t", &alice, "codes", code, Manner::Open).await;
        assert_eq!(matches!(verdict.unwrap(), Outcome::Accepted { .. }), good);
        work.commit().await.unwrap();
    }
    // What was used there is used up wherever it goes next.
    let used = export(scene.work(), "t", true).await;
    let mut work = scene.work();
    work.remove_user("s", &alice).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.start_import("s", Some("back"), 1).await.unwrap();
    let back = work.import_lines("s", "back", 1, &lines(&used)).await.unwrap();
    assert_eq!((back.created, back.failures), (1, Vec::new()));
    let verdict = work.authenticate_with_totp("s", &alice, "app", CODE, Manner::Open).await;
    assert!(matches!(verdict, Ok(Outcome::Refused { .. })));
    let user = work.read_user("s", &alice).await.unwrap();
    assert_eq!(user.summary_info.recovery_codes[0].remaining, 9);
}

#[tokio::test]
async fn a_second_factor_that_is_there_is_not_replaced_and_one_that_is_not_usable_is_told() {
    let scene = scene().await;
    import(&scene, "one", 1, &totp(json!({}))).await.unwrap();
    let again = import(&scene, "two", 1, &totp(json!({ "digits": 6 }))).await.unwrap();
    assert_eq!(told(&again), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    let alice = external("alice");
    let mut work = scene.work();
    let hers = work.generate_recovery_codes("s", &alice, "codes").await.unwrap();
    work.commit().await.unwrap();
    let codes = |more: Value| {
        let mut codes =
            json!({ "policyName": "codes", "id": "A".repeat(26), "hashes": [], "count": 1 });
        codes.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        json!({ "externalId": "bob", "recoveryCodes": [codes] }).to_string()
    };
    let others = codes(json!({})).replace("bob", "alice");
    let again = import(&scene, "codes", 1, &others).await.unwrap();
    assert_eq!(told(&again), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    let kept = scene.work().read_user("s", &alice).await.unwrap().summary_info.recovery_codes;
    assert_eq!(kept, [hers.recovery_codes]);
    let bob = |more: Value| totp(more).replace("alice", "bob");
    let passkey = json!({
        "relyingPartyId": "example.net", "credentialId": "AA", "userHandle": "AA", "publicKey": "AA",
    });
    let key = |more: Value| {
        let mut passkey = passkey.clone();
        passkey.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        json!({ "externalId": "bob", "passkeys": [passkey] }).to_string()
    };
    let ours = json!({ "relyingPartyId": "example.org" });
    let file = [
        bob(json!({ "policyName": "none" })),
        bob(json!({ "secret": "AAAA" })),
        bob(json!({ "digits": 9 })),
        bob(json!({ "status": "PENDING" })),
        bob(json!({ "username": "b:b" })),
        codes(json!({ "policyName": "none" })),
        codes(json!({ "id": "x" })),
        codes(json!({ "hashes": ["AA=="] })),
        codes(json!({ "count": 51 })),
        codes(json!({ "hashes": [BASE64.encode(&[7; 32]), BASE64.encode(&[7; 32])], "count": 3 })),
        key(json!({})),
        key(ours.clone()),
        key(json!({ "relyingPartyId": "example.org", "userHandle": "" })),
    ];
    let import = import(&scene, "three", 1, &file.join("\n")).await.unwrap();
    let told: String =
        import.failures.iter().map(|one| format!("{}: {}\n", one.line, one.reason)).collect();
    expect![[r#"
        1: totps: policyName: there is no such policy
        2: totps: a secret is base32 of 10 to 128 bytes
        3: totps: digits: a code has 6 to 8 digits
        4: totps: a TOTP whose first code is awaited is not taken
        5: totps: no app can show the username
        6: recoveryCodes: policyName: there is no such policy
        7: recoveryCodes: an id has 26 characters of upper-case base32
        8: recoveryCodes: a hash is base64 of 32 bytes
        9: recoveryCodes: there are more hashes than codes, or more than 50 codes
        10: recoveryCodes: a hash is given more than once
        11: passkeys: relyingPartyId: there is no such relying party
        12: passkeys: publicKey: it cannot be read, or its algorithm is not accepted
        13: passkeys: a userHandle is base64url of 1 to 64 bytes
    "#]]
    .assert_eq(&told);
    assert!(scene.work().read_user("s", &external("bob")).await.is_err());
}
