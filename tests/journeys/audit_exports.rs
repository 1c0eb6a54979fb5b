//! An export of the audit in the hands of somebody who changes it: the real binary finds each change, and says where.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tests::api::Api;
use tests::folder::Folder;
use tests::server::{Setup, binary};

const STORES: &str = "/api/identity-store/stores";

/// What an installation gives away of its audit.
struct Audit {
    /// The export when half of it was there, and the whole.
    half: Vec<String>,
    whole: Vec<String>,
    key: String,
    /// The latest checkpoint.
    note: String,
}

/// The audit of an installation of its own; all have as many records.
async fn audit(purpose: &str) -> Audit {
    let folder = Folder::new(purpose);
    let server = Setup::new("redb", &folder.path().join("data")).start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let mut exports = Vec::new();
    for half in ["one", "other"] {
        api.post(STORES, &json!({"name": half})).await;
        for name in ["anna", "bert"] {
            api.post(&format!("{STORES}/{half}/users"), &json!({"externalId": name})).await;
        }
        let path = "/api/identity-store/audit/export";
        let answer = api.call("GET", path, None).await.expect("an answer").expect(200);
        exports.push(answer.text().lines().map(str::to_owned).collect::<Vec<String>>());
    }
    let latest = api.get("/api/identity-store/audit/checkpoint").await;
    let text = |member: &str| latest[member].as_str().expect("a text").to_owned();
    let (whole, half) = (exports.pop().expect("it"), exports.pop().expect("it"));
    Audit { half, whole, key: text("key"), note: text("checkpoint") }
}

/// Verifies these lines with these words behind; gives the exit code and what is said.
fn verify(folder: &Folder, lines: &[String], words: &[&str]) -> (i32, String) {
    let file = folder.path().join("export.jsonl");
    fs::write(&file, lines.join("\n") + "\n").expect("a file");
    let run = Command::new(binary()).args(["audit", "verify"]).arg(&file).args(words).output();
    let run = run.expect("the binary");
    let said = [run.stdout, run.stderr].concat();
    let said = String::from_utf8_lossy(&said).replace(&format!("{}: ", file.display()), "");
    (run.status.code().expect("an exit code"), said)
}

/// A line with its checkpoint replaced.
fn signed(note: &str) -> String {
    json!({ "checkpoint": note }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_of_an_exported_audit_is_refused_with_the_record_and_a_good_one_is_accepted() {
    let (ours, theirs) = (audit("audit").await, audit("foreign-audit").await);
    let folder = Folder::new("audit-files");
    let kept = folder.path().join("kept.note");
    fs::write(&kept, &ours.note).expect("a file");
    let kept = kept.to_str().expect("a path");
    let whole = &ours.whole;
    let size: usize = ours.note.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
    let earlier = ours.half.len() - 2;
    assert!(earlier >= 4 && size > earlier, "{size} records");
    // A line for the log, one for each record, and the checkpoint behind them.
    let at = |line: &str| -> usize {
        whole.iter().position(|other| other == line).expect("a line of the export")
    };
    assert_eq!(at(&signed(&ours.note)), size + 1);

    let edited = |edit: &dyn Fn(&mut Vec<String>)| {
        let mut lines = whole.clone();
        edit(&mut lines);
        assert_ne!(&lines, whole);
        lines
    };
    let last = size - 1;
    let flipped = edited(&|lines| lines[3] = lines[3].replacen("ADDED", "ADDER", 1));
    let part = edited(&|lines| {
        let of_user = lines.iter().rposition(|line| line.contains("\"part\":{")).expect("a part");
        lines[of_user] = lines[of_user].replacen("userId\\\":\\\"", "userId\\\":\\\"A", 1);
    });
    let dropped = edited(&|lines| drop(lines.remove(3)));
    let reordered = edited(&|lines| lines.swap(2, 3));
    let cut = edited(&|lines| lines.truncate(size));
    let torn = edited(&|lines| {
        lines.truncate(size + 1);
        lines[size].truncate(60);
    });
    let foreign = edited(&|lines| lines[size + 1] = signed(&theirs.note));
    // Their signature, on the text that is true.
    let grafted = edited(&|lines| {
        let (text, _) = ours.note.split_once("\n\n").expect("a text");
        let (_, signature) = theirs.note.split_once("\n\n").expect("a signature");
        lines[size + 1] = signed(&format!("{text}\n\n{signature}"));
    });
    let root = edited(&|lines| {
        let mut parts: Vec<String> = ours.note.lines().map(str::to_owned).collect();
        let first = if parts[2].starts_with('A') { "B" } else { "A" };
        parts[2].replace_range(..1, first);
        lines[size + 1] = signed(&(parts.join("\n") + "\n"));
    });
    let rekeyed = edited(&|lines| lines[0] = lines[0].replacen(&ours.key, &theirs.key, 1));
    let unsigned = edited(&|lines| drop(lines.pop()));

    let key = ["--key", &ours.key];
    let both = ["--key", &ours.key, "--checkpoint", kept];
    #[rustfmt::skip]
    let cases: [(&str, &[String], &[&str], String); 13] = [
        ("flipped",        &flipped,     &key,  "record 2: record 2 was changed".to_owned()),
        ("flipped part",   &part,        &key,  format!("record {last}: the personal part of record {last} was changed")),
        ("dropped",        &dropped,     &key,  "record 2: record 2 is missing: record 3 follows".to_owned()),
        ("reordered",      &reordered,   &key,  "record 1: record 1 is missing: record 2 follows".to_owned()),
        ("cut off",        &cut,         &key,  format!("record {last}: records {last} to {last} are cut off")),
        ("torn",           &torn,        &key,  format!("record {last}: the line where record {last} is expected cannot be read")),
        ("unsigned",       &unsigned,    &key,  "record 0: no checkpoint counts the records from 0 on".to_owned()),
        ("foreign",        &foreign,     &key,  format!("record {size}: the checkpoint before record {size} is not signed with the log's key")),
        ("grafted",        &grafted,     &key,  format!("record {size}: the checkpoint before record {size} is not signed with the log's key")),
        ("another root",   &root,        &key,  format!("record {size}: the checkpoint before record {size} is not signed with the log's key")),
        ("another key",    &rekeyed,     &key,  "the log is signed with another key".to_owned()),
        ("another log",    &theirs.whole, &key, "the log is signed with another key".to_owned()),
        ("an earlier one", &ours.half,   &both, format!("record {earlier}: records {earlier} to {last} are cut off: the checkpoint that was kept counts {size}")),
    ];
    for (name, lines, words, expected) in cases {
        let (code, said) = verify(&folder, lines, words);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.starts_with(&expected), "{name}: {said}");
        // Without the key that is known from elsewhere, what fits itself is all that is asked.
        let fits_itself = ["another log", "an earlier one"].contains(&name);
        let (code, said) = verify(&folder, lines, &[]);
        assert_eq!(code, i32::from(!fits_itself), "{name}, without words: {said}");
    }
    for words in [&[][..], &key, &both] {
        let (code, said) = verify(&folder, whole, words);
        assert_eq!(code, 0, "{said}");
        assert!(said.starts_with(&format!("{size} records are complete and unchanged")), "{said}");
    }
    let first: Value = serde_json::from_str(&whole[0]).expect("JSON");
    assert_eq!(first["log"]["size"], size);
}
