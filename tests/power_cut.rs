//! Power cuts: a copy of a loop device taken mid-write keeps everything that was acknowledged.

use std::fs::{self, File};
use std::io::Write;
use tests::api::Api;
use tests::disk::{self, Disk};
use tests::folder::Folder;
use tests::load::{Ledger, Load};
use tests::server::Setup;

const CUTS: usize = 20;
const CLIENTS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sled_acknowledged_survives_twenty_power_cuts() {
    cuts("sled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_redb_acknowledged_survives_twenty_power_cuts() {
    cuts("redb").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_sled_acknowledged() {
    full("sled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_redb_acknowledged() {
    full("redb").await;
}

async fn cuts(store: &'static str) {
    if skipped() {
        return;
    }
    let disk = Disk::make(Folder::new("disk")).expect("a disk");
    let setup = Setup::new(store, &disk.path().join("data"));
    let server = setup.start();
    let key = server.admin_key();
    let token = Load::token(&mut Api::open(server.port, &key).await).await;
    let (mut uses, mut acknowledged, mut all) = (0, 0, Ledger::default());
    for _ in 0..CUTS {
        let load = Load::start(server.port, &key, &token, CLIENTS).await;
        load.moment(80).await;
        // The process stands still while the copy is taken, so that the copy is one moment of the disk.
        server.signal("-STOP");
        let mut ledger = load.ledger();
        let (folder, image) = disk.copy().expect("a copy of the disk");
        server.signal("-CONT");
        acknowledged += load.acknowledged();
        let later = load.finish().await;
        // What was under way when the disk stood still may have been carried out, unacknowledged.
        ledger.sent = later.sent;
        let copy = Disk::mount(folder, image).expect("the journal is replayed");
        let again = Setup::new(store, &copy.path().join("data")).start();
        ledger.check(again.port, &key, &token, uses).await;
        again.kill();
        uses = Api::open(server.port, &key).await.uses(&token).await;
        all.sent += later.sent;
        all.facts.extend(later.facts);
    }
    all.check(server.port, &key, &token, 0).await;
    assert!(acknowledged > CUTS as u64, "the load was real: {acknowledged} answers");
    assert!(server.end().success(), "it ends well after all that");
}

async fn full(store: &'static str) {
    if skipped() {
        return;
    }
    let disk = Disk::make(Folder::new("disk")).expect("a disk");
    let setup = Setup::new(store, &disk.path().join("data"));
    let server = setup.start();
    let key = server.admin_key();
    let token = Load::token(&mut Api::open(server.port, &key).await).await;
    let load = Load::start(server.port, &key, &token, CLIENTS).await;
    load.moment(40).await;
    let filler = fill(&disk);
    // Everybody goes on until the server says that it cannot write.
    let ledger = load.refused().await;
    let ready =
        tests::http::Connection::new(server.port).send("GET", "/health/ready", &[], "").await;
    assert_eq!(ready.expect("an answer").status, 503, "a server that cannot write is not ready");
    server.kill();
    fs::remove_file(filler).expect("room again");
    let server = setup.start();
    ledger.check(server.port, &key, &token, 0).await;
}

/// Writes a file until the disk is full.
fn fill(disk: &Disk) -> std::path::PathBuf {
    let path = disk.path().join("filler");
    let mut file = File::create(&path).expect("a file");
    for size in [1 << 20, 4096] {
        let block = vec![0_u8; size];
        while file.write_all(&block).and_then(|()| file.sync_data()).is_ok() {}
    }
    path
}

fn skipped() -> bool {
    let missing = disk::missing();
    if let Some(reason) = &missing {
        eprintln!("skipped: {reason}");
    }
    missing.is_some()
}
