//! Imports that are cut off and taken up, what becomes of each line, and exports that can be imported again.

mod crowd;
mod factors;
mod repeated;

use expect_test::expect;
use serde_json::json;

use super::*;
use crate::modality::Modality;
use crate::scene::{Scene, external};
use crate::{Error, NewStore, PasscodeStatus, Work};

const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn lines(text: &str) -> Vec<Option<Vec<u8>>> {
    text.lines().map(|line| Some(line.trim().as_bytes().to_vec())).collect()
}

async fn import(scene: &Scene, id: &str, first: u64, text: &str) -> Result<Import, Error> {
    let mut work = scene.work();
    work.start_import("s", Some(id), first).await?;
    let import = work.import_lines("s", id, first, &lines(text)).await?;
    work.commit().await?;
    Ok(import)
}

/// Counts of created, updated, unchanged and failed users, after how many lines were read.
fn told(import: &Import) -> String {
    let Import { lines, created, updated, unchanged, failed, .. } = import;
    format!(
        "{lines} lines: {created} created, {updated} updated, {unchanged} unchanged, {failed} failed"
    )
}

async fn export(mut work: Work, store: &str, secrets: bool) -> String {
    let mut export = work.start_user_export(store, secrets, None).await.unwrap();
    let mut text = String::new();
    loop {
        let page = work.read_user_export(&mut export, 2).await.unwrap();
        if page.is_empty() {
            return text;
        }
        text += &page;
    }
}

#[tokio::test]
async fn users_are_added_once_and_changed_as_far_as_a_line_says_something_else() {
    let scene = Scene::with_alice().await;
    let file = r#"
        {"externalId":"bob","status":"PENDING_ACTIVE","locale":"de_DE","attributes":{"email":"bob@example.org"}}
        {"id":"AAAAAAAAAAAAAAAAAAAAAAAAAA","createdDtm":"2020-01-01T00:00:00Z"}
        {"externalId":"alice","attributes":{"lastName":"Liddell"}}"#;
    let first = import(&scene, "one", 1, file).await.unwrap();
    assert_eq!(told(&first), "4 lines: 2 created, 1 updated, 0 unchanged, 0 failed");
    let again = import(&scene, "two", 1, file).await.unwrap();
    assert_eq!(told(&again), "4 lines: 0 created, 0 updated, 3 unchanged, 0 failed");
    let mut work = scene.work();
    let bob = work.read_user("s", &external("bob")).await.unwrap();
    assert_eq!((bob.status.as_str(), bob.locale.as_str()), ("PENDING_ACTIVE", "de_DE"));
    let old =
        work.read_user("s", &crate::Who::Id("AAAAAAAAAAAAAAAAAAAAAAAAAA".into())).await.unwrap();
    assert_eq!(old.created_dtm.to_string(), "2020-01-01T00:00:00Z");
    assert_eq!(work.list_users("s", crate::Page::default(), false).await.unwrap().total, 3);
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_was() {
    let scene = Scene::with_alice().await;
    let user = |number| format!("{{\"externalId\":\"u{number}\"}}\n");
    let file = |from: u64, to: u64| (from..=to).map(user).collect::<String>();
    import(&scene, "one", 1, &file(1, 3)).await.unwrap();
    // What was not committed was not read.
    let mut lost = scene.work();
    lost.import_lines("s", "one", 4, &lines(&file(4, 5))).await.unwrap();
    drop(lost);
    let whole = import(&scene, "one", 1, &file(1, 6)).await.unwrap();
    assert_eq!(told(&whole), "6 lines: 6 created, 0 updated, 0 unchanged, 0 failed");
    let overlapping = import(&scene, "one", 5, &file(5, 8)).await.unwrap();
    assert_eq!(told(&overlapping), "8 lines: 8 created, 0 updated, 0 unchanged, 0 failed");
    let error = import(&scene, "one", 10, &file(10, 11)).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (513, "the next line of the import is line 9".to_owned())
    );
    let mut work = scene.work();
    let over = work.complete_import("s", "one").await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(over.status, ImportStatus::Completed);
    assert_eq!(scene.work().read_import("s", "one").await.unwrap(), over);
    // Of two who send the same lines at the same time, one is told to do it again, and passes them over.
    let (mut one, mut other) = (scene.work(), scene.work());
    one.import_lines("s", "one", 9, &lines(&file(9, 9))).await.unwrap();
    other.import_lines("s", "one", 9, &lines(&file(9, 9))).await.unwrap();
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_line_that_is_not_usable_is_told_and_the_others_are_read() {
    let scene = Scene::with_alice().await;
    let verifier = json!({
        "i": "A".repeat(26), "salt": "A".repeat(43), "v": "CQkJCQ==", "group": "RFC5054-2048", "hashAlgorithm": "SHA-256"
    });
    let mut file = String::new();
    for passcodes in [
        json!([{ "policyName": "none", "hash": BCRYPT }]),
        json!([{ "policyName": "p" }]),
        json!([{ "policyName": "p", "hash": BCRYPT, "verifier": verifier }]),
        json!([{ "policyName": "p", "hash": "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0" }]),
        json!([{ "policyName": "p", "verifier": { "i": "alice", "salt": "AA", "v": "CQ==", "group": "RFC5054-2048", "hashAlgorithm": "SHA-256" } }]),
    ] {
        file += &format!("{}\n", json!({ "externalId": "bob", "passcodes": passcodes }));
    }
    file += r#"{"status":"ACTIVE"}
        {"externalId":"bob","id":"short"}
        {"id":"BBBBBBBBBBBBBBBBBBBBBBBBBB","externalId":"alice"}
        {"externalId":"bob","locale":"nonsense!"}
        {"externalId":"bob","status":"TEMP_LOCKED"}
        {"externalId":"bob","age":7}
        {"externalId":"bob"
        {"externalId":"bob"} {}
        [null,"bob"]
        {"externalId":"bob","passcodes":[["p","$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"]]}
        {"externalId":"carl"}"#;
    let mut work = scene.work();
    work.start_import("s", Some("one"), 1).await.unwrap();
    let mut all = lines(&file);
    all.push(None);
    let import = work.import_lines("s", "one", 1, &all).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(told(&import), "17 lines: 1 created, 0 updated, 0 unchanged, 16 failed");
    let told: String =
        import.failures.iter().map(|one| format!("{}: {}\n", one.line, one.reason)).collect();
    expect![[r#"
        1: passcodes: policyName: there is no such policy
        2: passcodes: one of hash and verifier is given, and not both
        3: passcodes: one of hash and verifier is given, and not both
        4: passcodes: the hash is no bcrypt, argon2, scrypt or PBKDF2 in its PHC or modular form
        5: passcodes: the i of a verifier has 26 characters of upper-case base32
        6: neither a user id nor an external id was given
        7: id: it has 26 characters of upper-case base32
        8: externalId: another user has it
        9: locale: a locale is a language and perhaps a region, such as `en_US`
        10: status: the user cannot be given it
        11: unknown field, expected one of `id`, `externalId`, `status`, `locale`, `timezone`, `attributes`, `lockedModalities`, `createdDtm`, `passcodes`, `passkeys`, `totps`, `recoveryCodes`
        12: EOF while parsing an object at line 1 column 19
        13: trailing characters at line 1 column 22
        14: a user is an object
        15: passcodes[0]: expected an object
        17: it has more than 1048576 bytes
    "#]].assert_eq(&told);
    let users = scene.work().list_users("s", crate::Page::default(), false).await.unwrap();
    assert_eq!(users.total, 2, "alice and carl");
}

#[tokio::test]
async fn only_the_first_hundred_reasons_are_kept() {
    let scene = Scene::with_alice().await;
    let import = import(&scene, "one", 1, &"x\n".repeat(150)).await.unwrap();
    assert_eq!((import.failed, import.failures.len()), (150, 100));
}

#[tokio::test]
async fn an_export_is_imported_elsewhere_and_everybody_signs_in() {
    let mut scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let bob = json!({ "externalId": "bob", "passcodes": [{ "policyName": "p", "hash": BCRYPT }] });
    import(&scene, "one", 1, &bob.to_string()).await.unwrap();
    let mut work = scene.work();
    work.read_user("s", &external("alice")).await.unwrap();
    for _ in 0..3 {
        scene.guess(&external("alice"), "p", "wrong").await;
    }
    let mut work = scene.work();
    work.lock_user_modality("s", &external("bob"), Modality::Passcode).await.unwrap();
    work.commit().await.unwrap();
    let bare = export(scene.work(), "s", false).await;
    assert!(!bare.contains("passcodes"), "{bare}");
    assert!(bare.contains(r#""status":"ACTIVE""#) && !bare.contains("LOCKED"), "{bare}");
    let whole = export(scene.work(), "s", true).await;
    assert_eq!(whole.lines().count(), 2);
    let mut work = scene.work();
    let (configuration, name) = (work.read_store("s").await.unwrap().configuration, "t".to_owned());
    work.add_store(NewStore { name, description: None, configuration }).await.unwrap();
    work.start_import("t", Some("all"), 1).await.unwrap();
    let import = work.import_lines("t", "all", 1, &lines(&whole)).await.unwrap();
    assert_eq!(told(&import), "2 lines: 2 created, 0 updated, 0 unchanged, 0 failed");
    assert_eq!(import.failures, []);
    work.commit().await.unwrap();
    let again = export(scene.work(), "t", true).await;
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&again), sorted(&whole));
    // The passcode of alice opens in the other store what it opened here.
    let mut work = scene.work();
    let start =
        work.start_passcode_authentication_blindly("t", &external("alice"), "p").await.unwrap();
    let answer = crate::scene::answer(&start, "right");
    let proof = crate::ClientProof { client_public_key: &answer.a_public, m1: &answer.m1 };
    let verdict = work.complete_passcode_authentication("t", &start.session_id, Some(proof)).await;
    assert!(matches!(verdict, Ok(crate::Verdict::Accepted { .. })));
    let bob = work.read_user("t", &external("bob")).await.unwrap();
    assert_eq!(bob.summary_info.passcodes[0].status, PasscodeStatus::Imported);
    assert!(bob.lock_info.locked_modalities.contains(&Modality::Passcode));
    scene.pass("PT1S");
}

#[tokio::test]
async fn a_passcode_that_was_undone_is_undone_elsewhere_too() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let whole = export(scene.work(), "s", true).await;
    let mut line: serde_json::Value = serde_json::from_str(&whole).unwrap();
    line.as_object_mut().unwrap().remove("id");
    line["externalId"] = "dora".into();
    line["passcodes"][0]["tooCommon"] = true.into();
    import(&scene, "one", 1, &line.to_string()).await.unwrap();
    assert!(!scene.guess(&external("dora"), "p", "right").await);
    let dora = scene.work().read_user("s", &external("dora")).await.unwrap();
    assert_eq!(dora.summary_info.passcodes[0].status, PasscodeStatus::TooCommon);
    let again = export(scene.work(), "s", true).await;
    assert_eq!(again.matches(r#""tooCommon":true"#).count(), 1, "{again}");
}

#[tokio::test]
async fn an_export_that_was_cut_off_goes_on_after_its_last_line() {
    let scene = Scene::with_alice().await;
    let names: String =
        (0..5).map(|n| format!("{}\n", json!({"externalId": n.to_string()}))).collect();
    import(&scene, "one", 1, &names).await.unwrap();
    let whole = export(scene.work(), "s", false).await;
    let third: serde_json::Value = serde_json::from_str(whole.lines().nth(2).unwrap()).unwrap();
    let after = third["id"].as_str().map(Into::into);
    let mut work = scene.work();
    let mut rest = work.start_user_export("s", false, after).await.unwrap();
    let rest = work.read_user_export(&mut rest, 10).await.unwrap();
    assert_eq!(rest.lines().collect::<Vec<_>>(), whole.lines().skip(3).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_passcode_that_is_there_is_not_replaced() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let line =
        json!({ "externalId": "alice", "passcodes": [{ "policyName": "p", "hash": BCRYPT }] });
    let import = import(&scene, "one", 1, &line.to_string()).await.unwrap();
    assert_eq!(told(&import), "1 lines: 0 created, 0 updated, 1 unchanged, 0 failed");
    assert!(scene.guess(&external("alice"), "p", "right").await);
}

#[tokio::test]
async fn what_is_known_of_imports_goes_with_their_store() {
    let mut scene = Scene::with_alice().await;
    let bob = json!({ "externalId": "bob", "passcodes": [{ "policyName": "p", "hash": BCRYPT }] });
    import(&scene, "one", 1, &bob.to_string()).await.unwrap();
    let mut work = scene.work();
    work.remove_store("s").await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.sweep_removed_stores(10).await.unwrap();
    work.commit().await.unwrap();
    let left: Vec<_> =
        scene.rows().await.into_iter().filter(|row| !row.starts_with("audit ")).collect();
    assert_eq!(left, ["passcode-decoys secret 32 bytes sealed"], "the tenant's");
}
