//! Rotations of the keys that seal rows: complete, beside other work, and safe to break off anywhere.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use zeroize::Zeroizing;

use super::sealing::files;
use super::{Folder, NOTES, on_every_driver, on_every_folder};
use crate::keyring::tenant_key_address;
use crate::{Driver, MasterKey, MasterKeys, Range, Seal, SealedTable, Store, keyring};

struct Canary(String);

impl Seal for Canary {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone().into_bytes())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Canary, String> {
        String::from_utf8(bytes.to_vec()).map(Canary).map_err(|e| e.to_string())
    }
}

const CAGE: SealedTable<Canary> = SealedTable::new("cage");
const AVIARY: SealedTable<Canary> = SealedTable::shared("aviary");
const TENANTS: [&str; 3] = ["s", "t", "u"];
const EACH: u64 = 7;

/// Sealed rows and others, of several tenants and of none.
async fn fill(store: &Store) {
    for tenant in TENANTS {
        let mut unit = store.space(tenant).unit();
        for number in 0..EACH {
            unit.put_sealed(&CAGE, number, &Canary(format!("{tenant}{number}"))).await.unwrap();
            unit.put(&NOTES, number, &format!("a longer note, number {number}, of {tenant}"))
                .unwrap();
        }
        unit.put_sealed(&AVIARY, tenant, &Canary(format!("all hear {tenant}"))).await.unwrap();
        unit.commit().await.unwrap();
    }
}

async fn check(store: &Store) {
    for tenant in TENANTS {
        let unit = store.space(tenant).unit();
        let listed = unit.list_sealed(&CAGE, Range::all(), 100).await.unwrap();
        let songs: Vec<_> = listed.into_iter().map(|(_, canary)| canary.0).collect();
        assert_eq!(songs, (0..EACH).map(|number| format!("{tenant}{number}")).collect::<Vec<_>>());
        assert_eq!(unit.list(&NOTES, Range::all(), 100).await.unwrap().len() as u64, EACH);
        let shared = store.shared().unit().find_sealed(&AVIARY, tenant).await.unwrap();
        assert_eq!(shared.unwrap().0, format!("all hear {tenant}"));
    }
}

/// The tenant's newest key, and how many it has.
fn keys(store: &Store, tenant: &str) -> (keyring::Secret, usize) {
    let inner = store.space(tenant).store;
    let address = tenant_key_address(tenant);
    let row = inner.get(&address).unwrap().unwrap();
    let keys = inner.keyring.keys_of(&address, &row).unwrap();
    (keys.newest, 1 + keys.former.len())
}

#[tokio::test]
async fn a_rotation_seals_every_row_again_and_forgets_the_former_keys() {
    on_every_driver(async |store| {
        fill(store).await;
        assert_eq!(store.rotation().unwrap(), None);
        assert!(store.rotate_some(100).await.unwrap(), "there is nothing to do");
        let before = keys(store, "t").0;
        assert!(store.begin_rotation().await.unwrap());
        assert!(!store.begin_rotation().await.unwrap(), "one at a time");
        check(store).await;
        let mut parts = 1;
        while !store.rotate_some(4).await.unwrap() {
            parts += 1;
            check(store).await;
        }
        assert!(parts > 10, "{parts}");
        let rotation = store.rotation().unwrap().unwrap();
        assert!(rotation.done);
        assert_eq!(rotation.sealed_again, 3 * EACH + 3);
        assert!(rotation.looked_at >= 6 * EACH + 3, "{rotation:?}");
        for tenant in ["", "s", "t", "u"] {
            assert_eq!(keys(store, tenant).1, 1, "{tenant}");
        }
        assert_ne!(keys(store, "t").0, before);
        check(&store.copy().unwrap()).await;
        assert!(store.begin_rotation().await.unwrap(), "and again");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_sealed_before_the_rotation_began_and_is_written_behind_it_conflicts() {
    on_every_driver(async |store| {
        fill(store).await;
        let mut late = store.space("t").unit();
        late.put_sealed(&CAGE, "late", &Canary("late".into())).await.unwrap();
        store.begin_rotation().await.unwrap();
        while !store.rotate_some(100).await.unwrap() {}
        assert!(late.commit().await.unwrap_err().is_conflict());
        let mut again = store.space("t").unit();
        again.put_sealed(&CAGE, "late", &Canary("late".into())).await.unwrap();
        again.commit().await.unwrap();
        let found = store.copy().unwrap().space("t").unit().find_sealed(&CAGE, "late").await;
        assert_eq!(found.unwrap().unwrap().0, "late");
    })
    .await;
}

#[tokio::test]
async fn work_goes_on_beside_a_rotation() {
    let store = Store::memory();
    fill(&store).await;
    let writing = async {
        for round in 0..50u64 {
            loop {
                let mut unit = store.space("u").unit();
                unit.find_sealed(&CAGE, round % EACH).await.unwrap().unwrap();
                let song = Canary(format!("u{}", round % EACH));
                unit.put_sealed(&CAGE, round % EACH, &song).await.unwrap();
                match unit.commit().await {
                    Ok(()) => break,
                    Err(error) => assert!(error.is_conflict(), "{error}"),
                }
            }
        }
    };
    let rotating = async {
        for _ in 0..5 {
            store.begin_rotation().await.unwrap();
            while !store.rotate_some(3).await.unwrap() {}
        }
    };
    futures::join!(writing, rotating);
    check(&store).await;
    check(&store.copy().unwrap()).await;
}

#[tokio::test]
async fn a_crash_between_any_two_commits_of_a_rotation_loses_nothing() {
    let mut crashes = 0;
    for commits in 0.. {
        let store = Store::memory();
        fill(&store).await;
        store.fail_after(commits);
        let broken = store.begin_rotation().await.is_err()
            || loop {
                match store.rotate_some(5).await {
                    Ok(false) => {}
                    Ok(true) => break false,
                    Err(_) => break true,
                }
            };
        let opened = store.copy().unwrap();
        check(&opened).await;
        while !opened.rotate_some(5).await.unwrap() {}
        check(&opened).await;
        for tenant in ["", "s", "t", "u"] {
            assert_eq!(keys(&opened, tenant).1, 1, "{tenant} after {commits} commits");
        }
        if !broken {
            break;
        }
        crashes += 1;
    }
    assert!(crashes > 8, "{crashes}");
}

#[tokio::test]
async fn a_new_master_key_rotates_the_keys_of_rows_even_in_the_midst_of_another_rotation() {
    let folder = Folder::new();
    let text = |digit: &str| MasterKey::Text(Zeroizing::new(digit.repeat(64)));
    let open = |present: &str, previous: Option<&str>| {
        let keys = MasterKeys { present: text(present), previous: previous.map(text) };
        Store::open_with(Driver::Redb, folder.path(), &keys).unwrap()
    };
    let store = open("1", None);
    fill(&store).await;
    store.begin_rotation().await.unwrap();
    store.rotate_some(5).await.unwrap();
    let half = store.rotation().unwrap().unwrap();
    assert!(!half.done && half.looked_at == 5);
    store.close().await;

    let store = open("2", Some("1"));
    assert_eq!((keys(&store, "s").1, keys(&store, "u").1), (3, 3));
    check(&store).await;
    assert_eq!(store.rotation().unwrap().unwrap().looked_at, 0, "it begins anew");
    store.rotate_some(5).await.unwrap();
    store.close().await;

    let store = open("2", None);
    assert_eq!(store.rotation().unwrap().unwrap().looked_at, 5, "a restart goes on");
    while !store.rotate_some(5).await.unwrap() {}
    check(&store).await;
    assert_eq!(keys(&store, "s").1, 1);
    store.close().await;
}

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}: {value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// How much of a key is looked for, as it is written.
const HEAD: usize = 16;

/// How a key might be written.
fn writings(key: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let numbers = format!("{key:?}");
    let numbers = numbers.trim_matches(['[', ']']);
    let writings = [
        key.to_vec(),
        HEXLOWER.encode(key).into_bytes(),
        HEXUPPER.encode(key).into_bytes(),
        BASE64_NOPAD.encode(key).into_bytes(),
        BASE64URL_NOPAD.encode(key).into_bytes(),
        numbers.into(),
        numbers.replace(' ', "").into(),
    ];
    writings.into_iter().map(|writing| writing[..HEAD].to_vec())
}

/// Whether one of these is there. The bytes are gone through once.
fn holds(text: &[u8], heads: &BTreeSet<Vec<u8>>) -> bool {
    let pair = |bytes: &[u8]| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let mut begins = vec![false; 1 << 16];
    heads.iter().for_each(|head| begins[pair(head)] = true);
    text.windows(HEAD).any(|here| begins[pair(here)] && heads.contains(here))
}

#[tokio::test]
async fn no_key_is_found_in_the_folder_or_in_the_log() {
    let log = Log::default();
    // No other of these tests listens. What they have come across is asked about again.
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    tracing::callsite::rebuild_interest_cache();
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        fill(&store).await;
        let newest = || ["", "s", "t", "u"].map(|tenant| keys(&store, tenant).0);
        let mut secrets = newest().to_vec();
        assert!(store.begin_rotation().await.unwrap());
        store.rotate_some(4).await.unwrap();
        secrets.extend(newest());
        // What is written while a tenant has several keys.
        fill(&store).await;
        while !store.rotate_some(4).await.unwrap() {}
        store.close().await;
        assert_eq!(secrets.len(), 8);
        let file = folder.join("master.key");
        let master = std::fs::read(&file).unwrap();
        let keys = secrets.iter().map(|key| &key[..]).chain([&master[..]]);
        let heads: BTreeSet<_> = keys.flat_map(writings).collect();
        for path in files(folder) {
            let text = std::fs::read(&path).unwrap();
            assert_eq!(holds(&text, &heads), path == file, "{}", path.display());
        }
        let log = log.0.lock().unwrap().clone();
        assert!(log.contains("every row is sealed"), "what is logged is seen: {log}");
        assert!(!holds(log.as_bytes(), &heads), "a key is in the log");
    })
    .await;
}
