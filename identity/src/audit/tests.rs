//! The log from entries to proofs, and each way of tampering with it.

use expect_test::expect;
use serde_json::{Value, json};

use super::*;
use crate::scene::{Scene, external};
use crate::{NewUser, StoreChange, Who};

/// Moves everything that waits into the log.
async fn sequence(scene: &Scene) -> usize {
    let mut work = scene.work();
    let moved = work.sequence_audit(1000).await.unwrap();
    work.commit().await.unwrap();
    moved
}

async fn export(scene: &Scene) -> Vec<String> {
    let mut work = scene.work();
    let mut export = work.start_audit_export().await.unwrap();
    let mut text = String::new();
    loop {
        // Two records at a time, so that the seams are tried.
        match work.read_audit_export(&mut export, 2).await.unwrap() {
            lines if lines.is_empty() => break,
            lines => text += &lines,
        }
    }
    text.lines().map(str::to_owned).collect()
}

fn verify(lines: &[String], key: Option<&VerifierKey>, kept: Option<&str>) -> String {
    let mut verifier = Verifier::new(key.cloned(), kept.map(str::to_owned));
    let found = lines.iter().try_for_each(|line| verifier.line(line));
    match found.and_then(|()| verifier.finish()) {
        Ok(proof) => {
            format!("{} records, {} bodies, {} erased", proof.size, proof.bodies, proof.erased)
        }
        Err(found) => format!("{:?}: {found}", found.index),
    }
}

/// Alice with a passcode, a wrong and a right guess; a checkpoint in each of two hours.
async fn story() -> Scene {
    let mut scene = Scene::with_alice().await;
    assert_eq!(sequence(&scene).await, 3);
    scene.pass("PT1H");
    scene.register(&external("alice"), "p", "right").await;
    scene.pass("PT1S");
    assert!(!scene.guess(&external("alice"), "p", "wrong").await);
    scene.pass("PT1S");
    assert!(scene.guess(&external("alice"), "p", "right").await);
    assert_eq!(sequence(&scene).await, 3);
    assert_eq!(sequence(&scene).await, 0);
    scene
}

fn note(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    line["checkpoint"].as_str().unwrap().to_owned()
}

fn key_of(lines: &[String]) -> VerifierKey {
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    VerifierKey::parse(line["log"]["key"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_log_is_exported_and_verified() {
    let mut scene = story().await;
    let lines = export(&scene).await;
    let shown: Vec<String> = lines
        .iter()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            if let Some(record) = line.get_mut("record") {
                record["leaf"] = json!("…");
                let mut body: Value =
                    serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
                if let Some(part) = body.get_mut("part") {
                    *part = json!("…");
                }
                record["body"] = body;
                if let Some(part) = record.get_mut("part") {
                    part["salt"] = json!("…");
                }
            } else if let Some(checkpoint) = line["checkpoint"].as_str() {
                line = json!({ "checkpoint": checkpoint.lines().take(2).collect::<Vec<_>>() });
            } else {
                line["log"]["key"] = json!("…");
            }
            scene.named(&line.to_string()) + "\n"
        })
        .collect();
    expect![[r##"
        {"log":{"key":"…","origin":"gatewright/t/audit","size":6}}
        {"record":{"body":{"action":"STORE_ADDED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","id":"#3","index":0,"storeId":"#1","storeName":"s"},"index":0,"leaf":"…"}}
        {"record":{"body":{"action":"STORE_UPDATED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","id":"#4","index":1,"storeId":"#1","storeName":"s"},"index":1,"leaf":"…"}}
        {"record":{"body":{"action":"USER_ADDED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","id":"#5","index":2,"part":"…","storeId":"#1","storeName":"s"},"index":2,"leaf":"…","part":{"salt":"…","text":"{\"userId\":\"#2\"}"}}}
        {"checkpoint":["gatewright/t/audit","3"]}
        {"record":{"body":{"action":"PASSCODE_REGISTERED","by":"tester","dtm":"2025-02-05T14:58:35.626Z","id":"#6","index":3,"part":"…","policyName":"p","storeId":"#1","storeName":"s"},"index":3,"leaf":"…","part":{"salt":"…","text":"{\"userId\":\"#2\"}"}}}
        {"record":{"body":{"action":"PASSCODE_REFUSED","by":"tester","dtm":"2025-02-05T14:58:36.626Z","id":"#7","index":4,"part":"…","policyName":"p","storeId":"#1","storeName":"s"},"index":4,"leaf":"…","part":{"salt":"…","text":"{\"userId\":\"#2\",\"reason\":\"WRONG_PASSCODE\"}"}}}
        {"record":{"body":{"action":"PASSCODE_ACCEPTED","by":"tester","dtm":"2025-02-05T14:58:37.626Z","id":"#8","index":5,"part":"…","policyName":"p","storeId":"#1","storeName":"s"},"index":5,"leaf":"…","part":{"salt":"…","text":"{\"userId\":\"#2\"}"}}}
        {"checkpoint":["gatewright/t/audit","6"]}
    "##]].assert_eq(&shown.concat());
    let key = key_of(&lines);
    for (key, kept) in
        [(None, None), (Some(&key), Some(note(&lines[4]))), (None, Some(note(&lines[8])))]
    {
        assert_eq!(verify(&lines, key, kept.as_deref()), "6 records, 6 bodies, 0 erased");
    }
    let empty = export(&Scene::empty()).await;
    assert_eq!(verify(&empty, None, None), "0 records, 0 bodies, 0 erased");
}

#[tokio::test]
async fn each_way_of_tampering_is_found_at_its_record() {
    let scene = story().await;
    let whole = export(&scene).await;
    let key = key_of(&whole);
    let last = note(&whole[8]);
    let other = key_of(&export(&story().await).await);
    let edit = |at: usize, from: &str, to: &str| {
        let mut lines = whole.clone();
        assert!(lines[at].contains(from), "{}", lines[at]);
        lines[at] = lines[at].replacen(from, to, 1);
        lines
    };
    // Whoever edits a record may put its leaf right; then the next checkpoint tells.
    let rehashed = |at: usize, from: &str, to: &str| {
        let mut lines = edit(at, from, to);
        let mut line: Value = serde_json::from_str(&lines[at]).unwrap();
        let leaf = tree::leaf_hash(line["record"]["body"].as_str().unwrap().as_bytes());
        line["record"]["leaf"] = json!(data_encoding::BASE64.encode(&leaf));
        lines[at] = line.to_string();
        lines
    };
    let without = |at: usize| {
        let mut lines = whole.clone();
        lines.remove(at);
        lines
    };
    let swapped = |one: usize, other: usize| {
        let mut lines = whole.clone();
        lines.swap(one, other);
        lines
    };
    let mut renumbered = swapped(2, 3);
    renumbered[2] = renumbered[2].replacen("\"index\":2", "\"index\":1", 1);
    renumbered[3] = renumbered[3].replacen("\"index\":1", "\"index\":2", 1);
    let mut cut = whole[..5].to_vec();
    cut[0] = cut[0].replacen("\"size\":6", "\"size\":3", 1);
    let mut half = whole.clone();
    half[6].truncate(40);
    let mut doubled = whole.clone();
    doubled.insert(3, whole[2].clone());
    #[rustfmt::skip]
    let cases = [
        ("flipped body",        edit(6, "PASSCODE_REFUSED", "PASSCODE_ACCEPTED")),
        ("flipped and hashed",  rehashed(6, "PASSCODE_REFUSED", "PASSCODE_ACCEPTED")),
        ("flipped part",        edit(6, "WRONG_PASSCODE", "USER_DISABLED")),
        ("flipped leaf",        edit(2, "\"leaf\":\"", "\"leaf\":\"AAAA")),
        ("dropped",             without(6)),
        ("dropped at the end",  without(7)),
        ("swapped",             swapped(2, 3)),
        ("renumbered",          renumbered),
        ("doubled",             doubled),
        ("no last checkpoint",  without(8)),
        ("no log",              without(0)),
        ("cut off in a record", half[..7].to_vec()),
        ("cut off",             whole[..7].to_vec()),
        ("cut off at a checkpoint", whole[..5].to_vec()),
        ("and the size changed", cut),
        ("nothing",             Vec::new()),
        ("checkpoint moved",    swapped(4, 5)),
        ("checkpoint edited",   edit(4, "\\n3\\n", "\\n2\\n")),
        ("key changed",         edit(0, &key.to_string(), &other.to_string())),
        ("junk",                edit(3, "{", "[")),
    ];
    let mut told = String::new();
    for (name, lines) in cases {
        told += &format!("{name}: {}\n", verify(&lines, None, None));
        if name == "and the size changed" || name == "flipped and hashed" {
            told += &format!("    with a checkpoint: {}\n", verify(&lines, None, Some(&last)));
        }
    }
    told += &format!("another key: {}\n", verify(&whole, Some(&other), None));
    let foreign = export(&story().await).await;
    told += &format!("another log: {}\n", verify(&foreign, Some(&key), None));
    told += &format!("another checkpoint: {}\n", verify(&foreign, None, Some(&last)));
    expect![[r#"
        flipped body: Some(4): record 4 was changed
        flipped and hashed: Some(3): one of the records 3 to 5 was changed
            with a checkpoint: Some(0): one of the records 0 to 5 is another than when the checkpoint that was kept was signed
        flipped part: Some(4): the personal part of record 4 was changed
        flipped leaf: Some(1): record 1 was changed
        dropped: Some(4): record 4 is missing: record 5 follows
        dropped at the end: Some(5): a checkpoint that counts 6 records stands before record 5
        swapped: Some(1): record 1 is missing: record 2 follows
        renumbered: Some(1): the record at 1 was written as record 2
        doubled: Some(2): record 1 stands where 2 is expected
        no last checkpoint: Some(3): no checkpoint counts the records from 3 on
        no log: None: the log does not begin with its name and key
        cut off in a record: Some(4): the line where record 4 is expected cannot be read: EOF while parsing a string at line 1 column 40
        cut off: Some(5): records 5 to 5 are cut off
        cut off at a checkpoint: Some(3): records 3 to 5 are cut off
        and the size changed: 3 records, 3 bodies, 0 erased
            with a checkpoint: Some(3): records 3 to 5 are cut off: the checkpoint that was kept counts 6
        nothing: None: there is no log
        checkpoint moved: Some(3): a checkpoint that counts 3 records stands before record 4
        checkpoint edited: Some(3): the checkpoint before record 3 is not signed with the log's key
        key changed: Some(3): the checkpoint before record 3 is not signed with the log's key
        junk: Some(2): the line where record 2 is expected cannot be read: expected value at line 1 column 1
        another key: None: the log is signed with another key
        another log: None: the log is signed with another key
        another checkpoint: None: the log's key did not sign the checkpoint that was kept
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_log_that_was_signed_anew_does_not_fit_an_earlier_checkpoint() {
    let scene = story().await;
    let (kept, key) = {
        let lines = export(&scene).await;
        (note(&lines[4]), key_of(&lines))
    };
    // Somebody with the disk and its keys rewrites record 1 and signs all again.
    let signer = scene.work().find_signer().await.unwrap().unwrap();
    let mut tree = tree::Tree::default();
    let mut forged = vec![export(&scene).await[0].clone()];
    for index in 0_u64..6 {
        let leaf = tree::leaf_hash(&[u8::try_from(index).unwrap()]);
        tree.push(leaf);
        let leaf = data_encoding::BASE64.encode(&leaf);
        forged.push(json!({ "record": { "index": index, "leaf": leaf } }).to_string());
    }
    let origin = log::origin("t");
    let checkpoint = note::Checkpoint { origin, size: 6, root: tree.root() };
    forged.push(json!({ "checkpoint": signer.sign(&checkpoint).unwrap() }).to_string());
    assert_eq!(verify(&forged, Some(&key), None), "6 records, 0 bodies, 0 erased");
    expect!["Some(0): one of the records 0 to 2 is another than when the checkpoint that was kept was signed"].assert_eq(&verify(&forged, Some(&key), Some(&kept)));
}

#[tokio::test]
async fn an_erased_user_leaves_the_log_and_the_proofs_stay() {
    let mut scene = story().await;
    let kept = note(export(&scene).await.last().unwrap());
    let id = {
        let mut work = scene.work();
        let id = work.read_user("s", &external("alice")).await.unwrap().id;
        work.remove_user("s", &external("alice")).await.unwrap();
        work.commit().await.unwrap();
        id
    };
    let mut swept = Vec::new();
    for _ in 0..6 {
        let mut work = scene.work();
        swept.push(work.sweep_audit_of_erased(2).await.unwrap());
        work.commit().await.unwrap();
    }
    assert_eq!(swept.iter().sum::<usize>(), 5 + 1, "{swept:?}");
    assert_eq!(sequence(&scene).await, 1);
    let lines = export(&scene).await;
    assert!(!lines.concat().contains(id.as_str()), "{lines:#?}");
    assert_eq!(verify(&lines, None, Some(&kept)), "7 records, 7 bodies, 4 erased");
    // A ceremony that was open ends later; a day later that is erased too.
    let mut work = scene.work();
    let store = work.read_store("s").await.unwrap();
    work.audit(Entry::new(Action::PasscodeRefused, &store).user(&id)).unwrap();
    work.commit().await.unwrap();
    assert_eq!(sequence(&scene).await, 1);
    assert!(export(&scene).await.concat().contains(id.as_str()));
    scene.pass("P1D");
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let lines = export(&scene).await;
    assert!(!lines.concat().contains(id.as_str()));
    assert_eq!(verify(&lines, None, Some(&kept)), "8 records, 8 bodies, 5 erased");
}

#[tokio::test]
async fn whoever_was_erased_stays_erased_when_a_ceremony_of_theirs_ends() {
    let mut scene = story().await;
    let answers = async |scene: &Scene, name: &str| {
        let mut work = scene.work();
        work.keep_open(scene.now + jiff::SignedDuration::from_hours(48));
        let (who, policy) = (external(name), "p");
        let start = work.start_passcode_authentication_blindly("s", &who, policy).await.unwrap();
        work.commit().await.unwrap();
        let answer = crate::scene::answer(&start, "right");
        (start.session_id, answer)
    };
    let (hers, nobodys) = (answers(&scene, "alice").await, answers(&scene, "nobody").await);
    let mut work = scene.work();
    let id = work.read_user("s", &external("alice")).await.unwrap().id;
    work.remove_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    scene.pass("PT25H");
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let places = async |scene: &Scene| {
        let unit = scene.store.space("t").unit();
        let all = Range::all();
        let places: Vec<(Key, Value)> =
            unit.list(&Table::new("audit-places"), all, 100).await.unwrap();
        places.len()
    };
    let before = places(&scene).await;
    for (session, answer) in [hers, nobodys] {
        let verdict = scene.complete(&session, &answer).await.unwrap();
        assert!(matches!(verdict, crate::Verdict::Refused { user: None, .. }));
    }
    sequence(&scene).await;
    let lines = export(&scene).await.concat();
    assert_eq!(lines.matches("USER_UNKNOWN").count(), 2, "{lines}");
    assert!(!lines.contains(id.as_str()), "{lines}");
    assert_eq!(places(&scene).await, before);
}

#[tokio::test]
async fn a_record_that_waits_to_be_logged_is_logged_without_what_is_personal() {
    let scene = story().await;
    let mut work = scene.work();
    let user = work.read_user("s", &external("alice")).await.unwrap().id;
    let store = work.read_store("s").await.unwrap();
    let totp_info = TotpInfo {
        id: "the-totp".to_owned(),
        policy_name: "p".to_owned(),
        algorithm: crate::TotpAlgorithm::Sha1,
        registration_created_dtm: work.now(),
        registration_activated_dtm: None,
    };
    let (totp_info, reason) = (Some(totp_info), Some(Reason::WrongCode));
    let entry = Entry::new(Action::TotpRefused, &store).user(&user);
    work.audit(Entry { totp_info, reason, ..entry }).unwrap();
    work.remove_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    sequence(&scene).await;
    let lines = export(&scene).await.concat();
    assert!(lines.contains("TOTP_REFUSED"), "{lines}");
    for personal in [user.as_str(), "the-totp", "WRONG_CODE"] {
        assert!(!lines.contains(personal), "{personal} in {lines}");
    }
}

#[tokio::test]
async fn an_entry_that_is_moved_into_the_log_while_its_user_is_erased_is_moved_again_without_them()
{
    for logged_before in [false, true] {
        let scene = Scene::with_alice().await;
        if logged_before {
            sequence(&scene).await;
        }
        let mut work = scene.work();
        let user = work.read_user("s", &external("alice")).await.unwrap().id;
        work.remove_user("s", &external("alice")).await.unwrap();
        work.commit().await.unwrap();
        let (mut moving, mut erasing, mut late) = (scene.work(), scene.work(), scene.work());
        moving.sequence_audit(100).await.unwrap();
        late.sweep_audit_of_erased(100).await.unwrap();
        erasing.sweep_audit_of_erased(100).await.unwrap();
        erasing.commit().await.unwrap();
        assert!(moving.commit().await.unwrap_err().is_conflict(), "logged before: {logged_before}");
        sequence(&scene).await;
        assert!(late.commit().await.unwrap_err().is_conflict());
        assert!(!export(&scene).await.concat().contains(user.as_str()));
    }
}

#[tokio::test]
async fn a_body_goes_when_its_time_is_over_and_its_leaf_stays() {
    let mut scene = story().await;
    let mut work = scene.work();
    let Value::Object(change) = json!({ "faceAuthenticationConfig": { "auditDuration": "P1D" } })
    else {
        unreachable!()
    };
    let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.commit().await.unwrap();
    // What is logged late goes no later.
    scene.pass("PT1H");
    sequence(&scene).await;
    let mut swept = Vec::new();
    for time in ["PT22H", "PT1H", "P28DT22H", "PT1H", "PT1H"] {
        scene.pass(time);
        let mut work = scene.work();
        swept.push(work.sweep_audit(100).await.unwrap());
        work.commit().await.unwrap();
    }
    assert_eq!(swept, [0, 1, 0, 3, 3]);
    let lines = export(&scene).await;
    assert_eq!(verify(&lines, None, None), "7 records, 0 bodies, 0 erased");
    let rows = scene.store.space("t").unit();
    let places = rows.list(&log::PLACES, Range::all(), 10).await.unwrap();
    assert_eq!(places.len(), 0);
    assert_eq!(scene.work().list_audit(10).await.unwrap(), []);
}

#[tokio::test]
async fn the_records_of_a_removed_store_go_when_they_would_have_gone() {
    let mut scene = story().await;
    let Value::Object(change) = json!({ "faceAuthenticationConfig": { "auditDuration": "P1D" } })
    else {
        unreachable!()
    };
    let mut work = scene.work();
    let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
    work.update_store("s", change).await.unwrap();
    work.remove_store("s").await.unwrap();
    work.commit().await.unwrap();
    let removed = async |scene: &Scene| {
        let unit = scene.store.space("t").unit();
        let table = Table::<Value>::new("identity-stores-removed");
        unit.list(&table, Range::all(), 10).await.unwrap().len()
    };
    let mut left = Vec::new();
    for _ in 0..2 {
        // The users may be swept before the entries are in the log.
        let mut work = scene.work();
        work.sweep_removed_stores(10).await.unwrap();
        work.commit().await.unwrap();
        left.push(removed(&scene).await);
        sequence(&scene).await;
    }
    assert_eq!(left, [1, 0]);
    scene.pass("P1DT1S");
    let mut work = scene.work();
    assert_eq!(work.sweep_audit(100).await.unwrap(), 2, "the change and the removal");
}

#[tokio::test]
async fn writers_of_entries_never_conflict_and_two_sequencers_do() {
    let scene = story().await;
    let (mut one, mut other) = (scene.work(), scene.work());
    let user = |name: &str| NewUser { external_id: Some(name.into()), ..NewUser::default() };
    one.add_user("s", user("bob")).await.unwrap();
    other.add_user("s", user("carol")).await.unwrap();
    let (mut first, mut second) = (scene.work(), scene.work());
    one.commit().await.unwrap();
    assert_eq!(first.sequence_audit(10).await.unwrap(), 1);
    other.commit().await.unwrap();
    assert_eq!(second.sequence_audit(10).await.unwrap(), 2);
    first.commit().await.unwrap();
    assert!(second.commit().await.unwrap_err().is_conflict());
    assert_eq!(sequence(&scene).await, 1);
    let lines = export(&scene).await;
    assert_eq!(verify(&lines, None, None), "8 records, 8 bodies, 0 erased");
    let notes = lines.iter().filter(|line| line.starts_with("{\"checkpoint"));
    let sizes: Vec<String> = notes.map(|line| note(line).lines().nth(1).unwrap().into()).collect();
    assert_eq!(sizes, ["3", "8"], "the last of each hour is kept");
    let entries = scene.work().list_audit(2).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry.action == Action::UserAdded));
}

#[tokio::test]
async fn an_authentication_is_read_before_and_after_it_is_in_the_log() {
    let mut scene = story().await;
    let mut work = scene.work();
    let store = work.read_store("s").await.unwrap();
    let alice = work.read_user("s", &external("alice")).await.unwrap().id;
    let entry = Entry::new(Action::PasscodeRefused, &store).user(&alice).policy("p");
    let entry = Entry { reason: Some(Reason::WrongPasscode), ..entry };
    let id = work.record(entry).unwrap();
    let other = work.record(Entry::new(Action::UserUpdated, &store).user(&alice)).unwrap();
    work.add_user("s", NewUser { external_id: Some("bob".into()), ..NewUser::default() })
        .await
        .unwrap();
    work.commit().await.unwrap();
    let waiting = scene.work().read_authentication("s", &external("alice"), &id).await.unwrap();
    sequence(&scene).await;
    let logged = scene.work().read_authentication("s", &Who::Id(alice), &id).await.unwrap();
    assert_eq!(waiting, logged);
    let json = serde_json::to_string_pretty(&logged).unwrap();
    expect![[r##"
        {
          "authAuditRecord": {
            "id": "#6",
            "type": "Passcode",
            "storeId": "#1",
            "userId": "#2",
            "policyName": "p",
            "succeeded": false,
            "reason": "WRONG_PASSCODE",
            "createdDtm": "2025-02-05T14:58:37.626Z",
            "createdBy": "tester"
          },
          "authAuditDisplayInfo": {
            "storeName": "s",
            "type": "Passcode",
            "policyName": "p",
            "outcome": "FAILED",
            "authenticationDtm": "2025-02-05T14:58:37.626Z"
          }
        }"##]]
    .assert_eq(&scene.named(&json));
    let cases = [
        ("s", "alice", other.as_str(), 510),
        ("s", "bob", &id, 510),
        ("s", "nobody", &id, 503),
        ("x", "alice", &id, 100),
    ];
    for (store, name, id, code) in cases {
        let read = scene.work().read_authentication(store, &external(name), id).await;
        assert_eq!(read.unwrap_err().code(), code, "{store} {name}");
    }
}

#[test]
fn the_form_of_an_authentication_is_named_as_documented() {
    let cases = [
        (Action::PasscodeAccepted, Some(("Passcode", true))),
        (Action::PasscodeRefused, Some(("Passcode", false))),
        (Action::UserAdded, None),
    ];
    for (action, form) in cases {
        let form = form.map(|(form, succeeded)| (form.to_owned(), succeeded));
        assert_eq!(action.authentication(), form);
    }
}

#[tokio::test]
async fn a_user_who_is_restored_under_the_same_identifier_keeps_what_happens_since() {
    let mut scene = story().await;
    let alice = external("alice");
    let mut work = scene.work();
    let user = work.read_user("s", &alice).await.unwrap().id;
    work.remove_user("s", &alice).await.unwrap();
    work.commit().await.unwrap();
    scene.pass("PT1S");
    let mut work = scene.work();
    work.start_import("s", Some("one"), 1).await.unwrap();
    let line = json!({ "id": user, "externalId": "alice" }).to_string();
    work.import_lines("s", "one", 1, &[Some(line.into_bytes())]).await.unwrap();
    work.commit().await.unwrap();
    sequence(&scene).await;
    scene.register(&alice, "p", "right").await;
    scene.pass("PT1M");
    let known = async |scene: &Scene| {
        let entries = scene.work().list_audit(100).await.unwrap();
        entries.iter().filter(|entry| entry.user_id.as_ref() == Some(&user)).count()
    };
    let mut told = vec![known(&scene).await];
    for _ in 0..2 {
        loop {
            let mut work = scene.work();
            let swept = work.sweep_audit_of_erased(2).await.unwrap();
            work.commit().await.unwrap();
            if swept == 0 {
                break;
            }
        }
        told.push(known(&scene).await);
        sequence(&scene).await;
        scene.pass("P1D");
    }
    // Before: 4 and the removal; since: the return and the passcode.
    assert_eq!(told, [7, 2, 2]);
    let mut work = scene.work();
    work.remove_user("s", &alice).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(known(&scene).await, 0);
}

#[tokio::test]
async fn what_was_taken_out_is_not_called_complete_and_is_found_where_it_must_be_there() {
    let mut scene = story().await;
    let whole = export(&scene).await;
    scene.pass("P1D");
    let without = |index: usize, member: &str| {
        let mut lines = whole.clone();
        let at = lines
            .iter()
            .position(|line| line.starts_with(&format!("{{\"record\":{{\"index\":{index},")));
        let mut line: Value = serde_json::from_str(&lines[at.unwrap()]).unwrap();
        for member in ["part", member] {
            line["record"].as_object_mut().unwrap().remove(member);
        }
        lines[at.unwrap()] = line.to_string();
        lines
    };
    let proof = |lines: &[String], kept_for: Option<&str>| {
        let mut verifier = Verifier::new(None, None);
        if let Some(period) = kept_for {
            let period = crate::Period::try_from(period.to_owned()).unwrap();
            verifier = verifier.kept_for(period, scene.now);
        }
        lines.iter().try_for_each(|line| verifier.line(line)).and_then(|()| verifier.finish())
    };
    let of = |index| proof(&without(index, "body"), None).unwrap();
    let hashes = of(1).hashes.unwrap();
    let first = Some("2025-02-05T13:58:35.626Z".parse().unwrap());
    let told = Hashes { count: 1, first: 1, last: 1, after: first, before: first, behind: 1 };
    assert_eq!((of(1).bodies, hashes), (5, told));
    let hashes = of(0).hashes.unwrap();
    assert_eq!((hashes.after, hashes.before, hashes.behind), (None, first, 0));
    assert_eq!(of(5).hashes.unwrap().before, None);
    let mut two = without(1, "body");
    for (line, other) in two.iter_mut().zip(without(3, "body")) {
        // Of the two lines the shorter one is without its body.
        if other.len() < line.len() {
            *line = other;
        }
    }
    let hashes = proof(&two, None).unwrap().hashes.unwrap();
    let told = Hashes { count: 2, first: 1, last: 3, after: first, behind: 2, ..hashes.clone() };
    assert_eq!(hashes, told);
    assert_eq!(hashes.before, Some("2025-02-05T14:58:36.626Z".parse().unwrap()));
    assert_eq!(proof(&whole, None).unwrap().erased, 0);
    for kept_for in [None, Some("P30D")] {
        assert_eq!(proof(&without(4, "part"), kept_for).unwrap().erased, 1, "never found");
    }
    assert_eq!(proof(&whole, Some("P30D")).unwrap().hashes, None);
    for (index, kept_for, found) in [
        (4, "P30D", Some(4)),
        (4, "PT24H", None),
        // What another server writes at the same time may be minutes older than what is before it.
        (4, "PT24H9M", None),
        (4, "PT24H11M", Some(4)),
        (4, "P1DT1H", Some(4)),
        // Nothing before it says when it was written.
        (0, "P30D", None),
    ] {
        let proof = proof(&without(index, "body"), Some(kept_for));
        assert_eq!(proof.err().and_then(|found| found.index), found, "{index} {kept_for}");
    }
}

#[tokio::test]
async fn of_a_restored_user_what_waits_for_the_log_is_erased_as_well() {
    let mut scene = Scene::with_alice().await;
    let alice = external("alice");
    let mut work = scene.work();
    let user = work.read_user("s", &alice).await.unwrap().id;
    work.remove_user("s", &alice).await.unwrap();
    work.commit().await.unwrap();
    scene.pass("PT1S");
    let mut work = scene.work();
    work.start_import("s", Some("one"), 1).await.unwrap();
    let line = json!({ "id": user, "externalId": "alice" }).to_string();
    work.import_lines("s", "one", 1, &[Some(line.into_bytes())]).await.unwrap();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let entries = scene.work().list_audit(100).await.unwrap();
    let named = entries.iter().filter(|entry| entry.user_id.as_ref() == Some(&user));
    assert_eq!(named.map(|entry| entry.action).collect::<Vec<_>>(), [Action::UserAdded]);
}

#[tokio::test]
async fn a_body_that_was_taken_out_behind_an_older_record_is_held_against_the_latest_one() {
    let mut scene = story().await;
    let now = scene.now;
    for time in ["2025-02-05T14:00:00Z".parse().unwrap(), now] {
        scene.now = time;
        scene.guess(&external("alice"), "p", "wrong").await;
        sequence(&scene).await;
    }
    let mut lines = export(&scene).await;
    let last = lines.iter().rposition(|line| line.starts_with("{\"record\"")).unwrap();
    let mut line: Value = serde_json::from_str(&lines[last]).unwrap();
    for member in ["part", "body"] {
        line["record"].as_object_mut().unwrap().remove(member);
    }
    lines[last] = line.to_string();
    scene.pass("P1D");
    let period = crate::Period::try_from("PT24H30M".to_owned()).unwrap();
    let mut verifier = Verifier::new(None, None).kept_for(period, scene.now);
    let found = lines.iter().try_for_each(|line| verifier.line(line)).unwrap_err();
    assert_eq!(found.index, Some(7));
}
