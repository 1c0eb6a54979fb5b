//! Files that are imported again: what was done since stays, and another file is not taken for the same.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::*;
use crate::{UserChange, UserStatus};

/// Status and failures of a user.
async fn standing(scene: &Scene, name: &str) -> (UserStatus, u32) {
    let user = scene.work().read_user("s", &external(name)).await.unwrap();
    (user.status, user.lock_info.invalid_count)
}

async fn make(scene: &Scene, name: &str, status: UserStatus) {
    let mut work = scene.work();
    let change = UserChange { status: Some(status), ..UserChange::default() };
    work.update_user("s", &external(name), change).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn an_import_takes_no_lock_off() {
    let scene = Scene::with_alice().await;
    let alice = external("alice");
    scene.register(&alice, "p", "right").await;
    let active = export(scene.work(), "s", true).await;
    for _ in 0..3 {
        scene.guess(&alice, "p", "wrong").await;
    }
    assert_eq!(standing(&scene, "alice").await, (UserStatus::TempLocked, 3));
    let locked = export(scene.work(), "s", true).await;
    let again = import(&scene, "one", 1, &locked).await.unwrap();
    assert_eq!(told(&again), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    assert_eq!(standing(&scene, "alice").await, (UserStatus::TempLocked, 3));
    make(&scene, "alice", UserStatus::Locked).await;
    let again = import(&scene, "two", 1, &active).await.unwrap();
    assert_eq!(told(&again), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    assert_eq!(standing(&scene, "alice").await, (UserStatus::Locked, 3));
    // What else the line says is brought, and the lock stays also where the user was not active.
    for (number, to) in ["PENDING_ACTIVE", "ACTIVE", "DISABLED", "ACTIVE"].iter().enumerate() {
        let line =
            json!({ "externalId": "alice", "status": to, "timezone": format!("Etc/GMT+{number}") });
        let changed = import(&scene, &format!("n{number}"), 1, &line.to_string()).await.unwrap();
        assert_eq!(told(&changed), "1 lines: 0 created, 1 updated, 0 unchanged, 0 failed", "{to}");
    }
    assert_eq!(
        standing(&scene, "alice").await,
        (UserStatus::Disabled, 3),
        "what is disabled stays"
    );
    let mut work = scene.work();
    let unlocked = work.unlock_user("s", &alice).await.unwrap();
    assert_eq!(unlocked.status, UserStatus::Disabled);
}

#[tokio::test]
async fn an_import_enables_nobody_and_locks_who_is_disabled_beneath_that() {
    let scene = Scene::with_alice().await;
    make(&scene, "alice", UserStatus::Disabled).await;
    let line = |status| json!({ "externalId": "alice", "status": status }).to_string();
    for status in ["ACTIVE", "PENDING_ACTIVE", "DISABLED", "LOCKED", "LOCKED"] {
        import(&scene, status, 1, &line(status)).await.unwrap();
        assert_eq!(standing(&scene, "alice").await.0, UserStatus::Disabled, "{status}");
    }
    let user = external("alice");
    let row = scene.work().holder("s", &user).await.unwrap().1;
    assert_eq!(row.locks.at(scene.now), Some(crate::lock::Lock::Permanent));
}

#[tokio::test]
async fn an_import_adds_locks_of_forms_of_authentication_and_takes_none_off() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    work.lock_user_modality("s", &external("alice"), Modality::Passcode).await.unwrap();
    work.commit().await.unwrap();
    scene.changes().await;
    let line = |locked| json!({ "externalId": "alice", "lockedModalities": locked }).to_string();
    let changed = import(&scene, "one", 1, &line(json!(["TOTP"]))).await.unwrap();
    assert_eq!(told(&changed), "1 lines: 0 created, 1 updated, 0 unchanged, 0 failed");
    for (id, locked) in [("two", json!([])), ("three", json!(["PASSCODE"]))] {
        let same = import(&scene, id, 1, &line(locked)).await.unwrap();
        assert_eq!(told(&same), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed", "{id}");
    }
    let user = scene.work().read_user("s", &external("alice")).await.unwrap();
    let both = [Modality::Passcode, Modality::Totp].into();
    assert_eq!(user.lock_info.locked_modalities, both);
    let changes = scene.changes().await;
    assert_eq!(changes.matches(r#""action":"MODALITY_LOCKED""#).count(), 1, "{changes}");
    assert!(!changes.contains("UNLOCKED"), "{changes}");
}

#[tokio::test]
async fn a_status_is_given_also_where_a_line_says_nothing_else() {
    let scene = Scene::with_alice().await;
    for to in [UserStatus::Locked, UserStatus::Disabled] {
        let line = json!({ "externalId": "alice", "status": to.as_str() }).to_string();
        let given = import(&scene, to.as_str(), 1, &line).await.unwrap();
        assert_eq!(told(&given), "1 lines: 0 created, 1 updated, 0 unchanged, 0 failed");
        assert_eq!(standing(&scene, "alice").await, (to, 0));
    }
}

#[tokio::test]
async fn who_has_signed_in_is_not_pending_again() {
    let scene = Scene::with_alice().await;
    make(&scene, "alice", UserStatus::PendingActive).await;
    scene.register(&external("alice"), "p", "right").await;
    let pending = export(scene.work(), "s", true).await;
    assert!(pending.contains("PENDING_ACTIVE"), "{pending}");
    assert!(scene.guess(&external("alice"), "p", "right").await);
    let again = import(&scene, "one", 1, &pending).await.unwrap();
    assert_eq!(told(&again), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    assert_eq!(standing(&scene, "alice").await, (UserStatus::Active, 0));
}

#[tokio::test]
async fn another_file_is_not_taken_for_the_one_that_was_imported() {
    let scene = Scene::with_alice().await;
    let file = |names: &[&str]| -> String {
        names.iter().map(|name| format!("{}\n", json!({ "externalId": name }))).collect()
    };
    let mut many: Vec<String> = (0..600).map(|number| format!("u{number}")).collect();
    let names = |many: &[String]| file(&many.iter().map(String::as_str).collect::<Vec<_>>());
    import(&scene, "nightly", 1, &names(&many)).await.unwrap();
    let mut work = scene.work();
    let over = work.complete_import("s", "nightly").await.unwrap();
    work.commit().await.unwrap();
    // The same file, or the rest of it, is passed over, however it is cut.
    assert_eq!(told(&import(&scene, "nightly", 1, &names(&many)).await.unwrap()), told(&over));
    let rest = names(&many[300..]).replace('\n', "\r\n");
    assert_eq!(told(&import(&scene, "nightly", 301, &rest).await.unwrap()), told(&over));
    many[512] = "other".to_owned();
    for first in [1, 400, 513] {
        let error = import(&scene, "nightly", first as u64, &names(&many[first - 1..])).await;
        let error = error.unwrap_err();
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            (
                513,
                "line 513 is another than the one that the import has read, or its user is not there any more; another file has an importId of its own"
            )
        );
    }
    let error = import(&scene, "nightly", 1, &file(&["d1", "d2"])).await.unwrap_err();
    assert!(error.to_string().starts_with("line 1 is another"), "{error}");
    // What was refused left the import as it was.
    assert_eq!(scene.work().read_import("s", "nightly").await.unwrap(), over);
    let mut work = scene.work();
    work.start_import("s", Some("long"), 1).await.unwrap();
    work.import_lines("s", "long", 1, &[None]).await.unwrap();
    let short = work.import_lines("s", "long", 1, &[Some(Vec::new())]).await.unwrap_err();
    assert_eq!(short.code(), 513, "an empty line is not one that was too long");
    let more = import(&scene, "nightly", 601, &file(&["d1", "d2"])).await.unwrap();
    assert_eq!((more.lines, more.created, more.status), (602, 602, ImportStatus::Open));
    assert_eq!(scene.work().read_import("s", "nightly").await.unwrap(), more);
    let mut work = scene.work();
    let ended = Some(b" {\"externalId\":\"d2\"}\r".to_vec());
    work.import_lines("s", "nightly", 602, &[ended]).await.unwrap();
}

#[tokio::test]
async fn a_report_tells_no_value_of_a_line() {
    let scene = Scene::with_alice().await;
    let file = r#"
        {"externalId":"dora","id":"AAAAAAAAAAAAAAAAAAAAAAAAAA"}
        {"externalId":"dora","id":"BBBBBBBBBBBBBBBBBBBBBBBBBB"}
        {"externalId":"emil","attributes":{"email":["jane.doe"]}}
        {"externalId":"emil","attributes":"jane.doe, expected by all"}
        {"externalId":"emil","status":"jane.doe"}
        {"externalId":"emil","createdDtm":"jane.doe"}
        {"externalId":"emil","externalId":"jane.doe"}
        {"externalId":"emil","passcodes":[{"hash":"jane.doe"}]}
        {"externalId":"emil","locale":"jane.doe"}
        {"externalId":"emil","timezone":"jane.doe"}
        {"externalId":"emil","attributes":{"jane\u0007":"x"}}
        {"externalId":"emil","attributes":{"jane":5}}
        {"externalId":"emil","jane":5}
        {"externalId":"emil","passcodes":[{"policyName":"p","jane":5}]}
        {"externalId":"emil","status":"TEMP_LOCKED"}
        {"externalId":"emil","passcodes":[{"policyName":"jane","hash":"x"}]}
        {"externalId":"emil","totps":[{"policyName":"jane","secret":"A"}]}
        {"externalId":"emil","recoveryCodes":[{"policyName":"jane","id":"A","hashes":[],"count":1}]}
        {"externalId":"emil","passkeys":[{"relyingPartyId":"jane","credentialId":"AA","userHandle":"AA","publicKey":"AA"}]}
        {"externalId":"emil","lockedModalities":["jane"]}"#;
    let import = import(&scene, "one", 1, file).await.unwrap();
    let told: String =
        import.failures.iter().map(|one| format!("{}: {}\n", one.line, one.reason)).collect();
    assert!(!told.contains("dora") && !told.contains("jane"), "{told}");
    expect![[r#"
        3: externalId: another user has it
        4: attributes: expected a string
        5: attributes: expected a map
        6: status: expected one of `ACTIVE`, `LOCKED`, `TEMP_LOCKED`, `DISABLED`, `PENDING_ACTIVE`
        7: createdDtm: it cannot be read
        8: duplicate field `externalId`
        9: passcodes[0]: missing field `policyName`
        10: locale: a locale is a language and perhaps a region, such as `en_US`
        11: timezone: a time zone is a name such as `US/Eastern`
        12: attributes: it has 1 to 255 bytes and no control characters
        13: attributes: expected a string
        14: unknown field, expected one of `id`, `externalId`, `status`, `locale`, `timezone`, `attributes`, `lockedModalities`, `createdDtm`, `passcodes`, `passkeys`, `totps`, `recoveryCodes`
        15: passcodes[0]: unknown field, expected one of `policyName`, `hash`, `verifier`, `createdDtm`, `expirationDtm`, `disabled`, `tooCommon`, `former`
        16: status: the user cannot be given it
        17: passcodes: policyName: there is no such policy
        18: totps: policyName: there is no such policy
        19: recoveryCodes: policyName: there is no such policy
        20: passkeys: relyingPartyId: there is no such relying party
        21: lockedModalities[0]: expected one of `PASSCODE`, `TOTP`, `PASSKEY`, `RECOVERY_CODE`
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_report_is_kept_as_long_as_the_audit_since_it_last_went_on() {
    let mut scene = Scene::with_alice().await;
    let lines = format!("{}\n", json!({ "externalId": "bob" })).repeat(300);
    import(&scene, "one", 1, &lines).await.unwrap();
    scene.pass("P20D");
    import(&scene, "two", 1, &lines).await.unwrap();
    import(&scene, "one", 301, r#"{"externalId":"carl"}"#).await.unwrap();
    let mut left = Vec::new();
    for time in ["P20D", "P9DT23H", "PT2H"] {
        scene.pass(time);
        let mut work = scene.work();
        // However little is done at a time.
        while work.sweep_imports(1).await.unwrap() > 0 {
            work.commit().await.unwrap();
            work = scene.work();
        }
        let known = async |id| scene.work().read_import("s", id).await.is_ok();
        left.push((known("one").await, known("two").await));
    }
    assert_eq!(left, [(true, true), (true, true), (false, false)]);
    let rows = scene.rows().await;
    let left: Vec<_> = rows.iter().filter(|row| row.starts_with("user-import")).collect();
    assert_eq!(left, ["user-import-keys #1 32 bytes sealed"], "the key alone, for the next one");
}

/// The digest of a line that anybody could make, as it was kept before.
fn bare_digest(line: &str) -> [u8; 8] {
    let hash = Sha256::new().chain_update([1]).chain_update(line).finalize();
    std::array::from_fn(|at| hash[at])
}

#[tokio::test]
async fn nobody_can_try_out_what_the_line_of_an_erased_user_was() {
    let mut scene = Scene::with_alice().await;
    let id = "A".repeat(26);
    let named = [json!({ "externalId": "bob" }), json!({ "id": id, "externalId": "bob" })];
    for (number, name) in named.iter().enumerate() {
        let line = |attribute: &str| {
            let mut line = name.clone();
            line["attributes"] = json!({ "lastName": attribute });
            line.to_string()
        };
        let import_id = format!("n{number}");
        import(&scene, &import_id, 1, &line("right")).await.unwrap();
        import(&scene, &import_id, 1, &line("right")).await.unwrap();
        let bare = BASE64.encode(&bare_digest(&line("right")));
        let rows = scene.rows().await;
        assert!(!rows.iter().any(|row| row.contains(&bare)), "{rows:?}");
        let remove = async || {
            let mut work = scene.work();
            work.remove_user("s", &external("bob")).await.unwrap();
            work.commit().await.unwrap();
        };
        remove().await;
        let mut told = Vec::new();
        for added_again in [false, true] {
            if added_again {
                let line = json!({ "id": id, "externalId": "bob" }).to_string();
                import(&scene, &format!("again{number}"), 1, &line).await.unwrap();
            }
            for guess in ["right", "wrong"] {
                let error = import(&scene, &import_id, 1, &line(guess)).await.unwrap_err();
                told.push((error.code(), error.to_string()));
            }
        }
        told.dedup();
        let sentence = "line 1 is another than the one that the import has read, or its user is not there any more; another file has an importId of its own";
        assert_eq!(told, [(513, sentence.to_owned())]);
        remove().await;
    }
}

#[tokio::test]
async fn an_import_of_an_earlier_version_goes_on_behind_what_it_has_read() {
    let mut scene = Scene::with_alice().await;
    let lines: Vec<_> = ["u1", "u2", "u3"].map(|id| json!({ "externalId": id }).to_string()).into();
    import(&scene, "old", 1, &lines[..2].join("\n")).await.unwrap();
    let mut unit = scene.store.space("t").unit();
    let new = storage::Table::<String>::new("user-import-lines");
    let (key, _) = unit.list(&new, storage::Range::all(), 9).await.unwrap().remove(0);
    unit.remove(&new, &key);
    let old = storage::Table::<String>::new("user-import-digests");
    let digests = [bare_digest(&lines[0]), bare_digest(&lines[1])].concat();
    unit.put(&old, &key, &BASE64.encode(&digests)).unwrap();
    unit.commit().await.unwrap();
    for first in [1, 2] {
        let error = import(&scene, "old", first, &lines[first as usize - 1..].join("\n")).await;
        let error = error.unwrap_err();
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            (513, "the next line of the import is line 3")
        );
    }
    let whole = import(&scene, "old", 3, &lines[2]).await.unwrap();
    assert_eq!(told(&whole), "3 lines: 3 created, 0 updated, 0 unchanged, 0 failed");
    assert_eq!(import(&scene, "old", 3, &lines[2]).await.unwrap(), whole);
    let error = import(&scene, "old", 3, &lines[0]).await.unwrap_err();
    assert!(error.to_string().starts_with("line 3 is another"), "{error}");
    // What could be tried out is gone with the next sweep.
    let mut work = scene.work();
    work.sweep_imports(100).await.unwrap();
    work.commit().await.unwrap();
    let rows = scene.rows().await;
    assert!(!rows.iter().any(|row| row.starts_with("user-import-digests")), "{rows:?}");
}
