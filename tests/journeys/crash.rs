//! `kill -9` at random moments under load: what was acknowledged stays, and everything goes on.

use tests::api::Api;
use tests::folder::Folder;
use tests::load::Load;
use tests::server::Setup;

const KILLS: usize = 50;
const CLIENTS: usize = 6;
/// The most answers before a kill.
const ANSWERS: u64 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sled_acknowledged_survives_fifty_kills() {
    kills("sled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_redb_acknowledged_survives_fifty_kills() {
    kills("redb").await;
}

async fn kills(store: &'static str) {
    let folder = Folder::new("crash");
    let setup = Setup::new(store, &folder.path().join("data"));
    let mut server = setup.start();
    let key = server.admin_key();
    let token = Load::token(&mut Api::open(server.port, &key).await).await;
    let (mut uses, mut acknowledged) = (0, 0);
    for _ in 0..KILLS {
        let load = Load::start(server.port, &key, &token, CLIENTS).await;
        load.moment(ANSWERS).await;
        server.kill();
        acknowledged += load.acknowledged();
        let ledger = load.finish().await;
        server = setup.start();
        uses = ledger.check(server.port, &key, &token, uses).await;
    }
    assert!(acknowledged > KILLS as u64, "the load was real: {acknowledged} answers");
    assert!(server.end().success(), "it ends well after all that");
}
