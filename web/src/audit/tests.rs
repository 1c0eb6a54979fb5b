//! What `audit verify` prints, and how it ends.

use clap::Parser as _;
use expect_test::expect;

use super::*;
use crate::settings::{Command, Flags};
use crate::tests::stage::Stage;

/// A folder with files that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let path = std::env::temp_dir().join(format!("{}-audit", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (file, text) in files {
            std::fs::write(path.join(file), text).unwrap();
        }
        Folder(path)
    }

    /// Runs the command; `/` stands for the folder.
    fn run(&self, words: &[&str]) -> String {
        let root = format!("{}/", self.0.display());
        let words = words.iter().map(|word| match word.strip_prefix('/') {
            Some(file) => format!("{root}{file}"),
            None => (*word).to_owned(),
        });
        let flags = ["gatewright", "audit", "verify"].map(str::to_owned).into_iter().chain(words);
        let Some(Command::Audit(Audit::Verify(verify))) = Flags::parse_from(flags).command else {
            panic!("another command")
        };
        let mut out = Vec::new();
        let told = match verify.run(&mut out) {
            Ok(outcome) => format!("{outcome:?}\n{}", String::from_utf8(out).unwrap()),
            Err(error) => format!("{error}\n"),
        };
        told.replace(&root, "/")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn an_export_is_verified_offline() {
    let stage = Stage::new().await;
    let export = "/api/identity-store/audit/export";
    stage.call("POST", "/api/identity-store/stores", r#"{"name":"one"}"#).await;
    let short = stage.call("GET", export, "").await;
    assert_eq!(short.header("content-type"), "application/x-ndjson");
    stage.call("POST", "/api/identity-store/stores", r#"{"name":"two"}"#).await;
    let long = stage.call("GET", export, "").await.text;
    let latest = stage.call("GET", "/api/identity-store/audit/checkpoint", "").await.json();
    let (key, note) = (latest["key"].as_str().unwrap(), latest["checkpoint"].as_str().unwrap());
    let flipped = long.replacen("\\\"storeName\\\":\\\"two", "\\\"storeName\\\":\\\"too", 1);
    assert_ne!(flipped, long);
    let mut gone = long.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut line: serde_json::Value = serde_json::from_str(&gone[2]).unwrap();
    line["record"].as_object_mut().unwrap().remove("body");
    gone[2] = line.to_string();
    stage.call("POST", "/api/identity-store/stores/one/users", "{}").await;
    let named = stage.call("GET", export, "").await.text;
    let bare = named.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        let record = line.get_mut("record").and_then(|record| record.as_object_mut());
        record.map(|record| record.remove("part"));
        format!("{line}\n")
    });
    let bare: String = bare.collect();
    assert_ne!(bare.len(), named.len());
    let folder = Folder::new(&[
        ("bare", &bare),
        ("gone", &gone.join("\n")),
        ("short", &short.text),
        ("long", &long),
        ("flipped", &flipped),
        ("binary", "\u{0}\u{1}"),
        ("note", note),
    ]);
    let mut told = String::new();
    for words in [
        &["/long"][..],
        &["/long", "--key", key, "--checkpoint", "/note"],
        &["/short", "--key", key],
        &["/short", "--key", key, "--checkpoint", "/note"],
        &["/flipped", "--key", key],
        &["/gone", "--key", key, "--checkpoint", "/note"],
        &["/gone", "--key", key, "--checkpoint", "/note", "--kept-for", "P900Y"],
        &["/bare", "--key", key],
        &["/bare", "--key", key, "--kept-for", "P900Y"],
        &["/binary"],
        &["/nowhere"],
        &["/long", "--checkpoint", "/nowhere"],
        &["/long", "--key", "secret"],
    ] {
        let shown = words.join(" ").replace(key, "KEY");
        told += &format!("> {shown}\n{}", folder.run(words).replace(key, "KEY"));
    }
    let root = told.split("root ").nth(1).unwrap()[..44].to_owned();
    let other = told.split("root ").nth(3).unwrap()[..44].to_owned();
    let third = told.split("root ").nth(5).unwrap()[..44].to_owned();
    let told = told.replace(&third, "THIRD");
    expect![[r#"
        > /long
        Accepted
        /long: 3 records are complete and unchanged
            log gatewright/demo/audit, root ROOT
        warning: the key KEY was taken from the export itself: give --key
        warning: that nothing newer was cut off needs --checkpoint
        > /long --key KEY --checkpoint /note
        Accepted
        /long: 3 records are complete and unchanged
            log gatewright/demo/audit, root ROOT
        > /short --key KEY
        Accepted
        /short: 2 records are complete and unchanged
            log gatewright/demo/audit, root OTHER
        warning: that nothing newer was cut off needs --checkpoint
        > /short --key KEY --checkpoint /note
        Refused
        /short: record 2: records 2 to 2 are cut off: the checkpoint that was kept counts 3
        > /flipped --key KEY
        Refused
        /flipped: record 2: record 2 was changed
        > /gone --key KEY --checkpoint /note
        Accepted
        /gone: 3 records, none added, dropped or moved; 2 are there and unchanged
            log gatewright/demo/audit, root ROOT
            1 are only their hash: records 1 to 1, behind one of 2026-01-01T12:00:00Z, before one of 2026-01-01T12:00:00Z
            1 of these are behind a record that is there: right only where stores keep their records for different times
        warning: nothing signed tells what expired or was erased from what was taken out: give --kept-for
        > /gone --key KEY --checkpoint /note --kept-for P900Y
        Refused
        /gone: record 1: the body of record 1 was taken out: it was written after 2026-01-01T11:50:00Z, and each is kept for P900Y
        > /bare --key KEY
        Accepted
        /bare: 4 records, none added, dropped or moved; 4 are there and unchanged
            log gatewright/demo/audit, root THIRD
            1 of those that are there have lost their personal part
        warning: nothing signed tells what expired or was erased from what was taken out
        warning: that nothing newer was cut off needs --checkpoint
        > /bare --key KEY --kept-for P900Y
        Accepted
        /bare: 4 records, none added, dropped or moved; 4 are there and unchanged
            log gatewright/demo/audit, root THIRD
            1 of those that are there have lost their personal part
        warning: nothing signed tells what expired or was erased from what was taken out
        warning: that nothing newer was cut off needs --checkpoint
        > /binary
        Refused
        /binary: record 0: the line where record 0 is expected cannot be read: expected value at line 1 column 1
        > /nowhere
        /nowhere cannot be read
        > /long --checkpoint /nowhere
        /nowhere cannot be read
        > /long --key secret
        "secret" is no public key such as name+id+key
    "#]].assert_eq(&told.replace(&root, "ROOT").replace(&other, "OTHER"));
}
