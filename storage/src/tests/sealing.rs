//! Seals: nothing readable rests on the disk, and a sealed row opens only where it was put.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::{on_every_driver, on_every_folder};
use crate::{Batch, Error, Key, Range, Seal, SealedTable, Store, Table};

struct Canary(String);

impl Seal for Canary {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone().into_bytes())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Canary, String> {
        String::from_utf8(bytes.to_vec()).map(Canary).map_err(|_| "no canary is like that".into())
    }
}

const CAGE: SealedTable<Canary> = SealedTable::new("cage");
const AVIARY: SealedTable<Canary> = SealedTable::shared("aviary");
const SONG: &str = "the canary sings in plain text";

async fn put(store: &Store, tenant: &str, key: &str, song: &str) {
    let mut unit = store.space(tenant).unit();
    unit.put_sealed(&CAGE, key, &Canary(song.into())).await.unwrap();
    unit.put_sealed(&AVIARY, key, &Canary(song.into())).await.unwrap();
    unit.commit().await.unwrap();
}

async fn found(store: &Store, tenant: &str, key: &str) -> Result<Option<String>, Error> {
    Ok(store.space(tenant).unit().find_sealed(&CAGE, key).await?.map(|canary| canary.0))
}

pub(super) fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn a_sealed_row_opens_where_it_was_put() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        unit.put_sealed(&CAGE, "b", &Canary("two".into())).await.unwrap();
        unit.put_sealed(&CAGE, "a", &Canary("one".into())).await.unwrap();
        assert_eq!(
            unit.find_sealed(&CAGE, "a").await.unwrap().unwrap().0,
            "one",
            "before the commit"
        );
        unit.commit().await.unwrap();
        assert_eq!(found(store, "t", "a").await.unwrap().as_deref(), Some("one"));
        let listed = store.space("t").unit().list_sealed(&CAGE, Range::all(), 10).await.unwrap();
        let listed: Vec<_> =
            listed.iter().map(|(key, canary)| (key.parts(), canary.0.as_str())).collect();
        assert_eq!(listed, [("a".to_owned(), "one"), ("b".to_owned(), "two")]);
        let mut unit = store.space("t").unit();
        unit.find_sealed(&CAGE, "a").await.unwrap();
        unit.remove_sealed(&CAGE, "a");
        put(store, "t", "a", "three").await;
        assert!(
            unit.commit().await.unwrap_err().is_conflict(),
            "a sealed row that was found is expected unchanged"
        );
        assert_eq!(found(store, "u", "a").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_sealed_row_that_was_moved_does_not_open() {
    on_every_driver(async |store| {
        put(store, "t", "a", SONG).await;
        put(store, "u", "b", SONG).await;
        let other: SealedTable<Canary> = SealedTable::new("other-cage");
        let bytes = |table: &SealedTable<Canary>, key: &str| {
            let stored =
                store.space("t").store.get(&table.address("t", &Key::from(key))).unwrap().unwrap();
            stored[8..].to_vec()
        };
        let row = bytes(&CAGE, "a");
        let mut reshaped = row.clone();
        reshaped[0] = 2;
        let mut turned = row.clone();
        *turned.last_mut().unwrap() ^= 1;
        for (table, tenant, key, row) in [
            (&CAGE, "t", "b", &row),
            (&CAGE, "u", "a", &row),
            (&other, "t", "a", &row),
            (&AVIARY, "t", "a", &row),
            (&CAGE, "t", "c", &bytes(&AVIARY, "a")),
            (&CAGE, "t", "a", &turned),
            (&CAGE, "t", "d", &row[..5].to_vec()),
        ] {
            let mut batch = Batch::new();
            batch.rows.insert(table.address(tenant, &Key::from(key)), Some(row.clone()));
            store.commit(batch).await.unwrap();
            let opened = store.space(tenant).unit().find_sealed(table, key).await;
            assert!(
                matches!(opened, Err(Error::Corrupt { .. })),
                "{} {tenant} {key}",
                table.name()
            );
        }
        // In its own place, but claiming another shape.
        let mut batch = Batch::new();
        batch.rows.insert(CAGE.address("t", &Key::from("a")), Some(reshaped));
        store.commit(batch).await.unwrap();
        let newer: SealedTable<Canary> = SealedTable::new("cage").shape(2);
        assert!(matches!(
            store.space("t").unit().find_sealed(&newer, "a").await,
            Err(Error::Corrupt { .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn a_sealed_row_of_an_older_shape_still_opens() {
    let store = Store::memory();
    put(&store, "t", "a", SONG).await;
    let newer: SealedTable<Canary> = SealedTable::new("cage").shape(2);
    assert_eq!(store.space("t").unit().find_sealed(&newer, "a").await.unwrap().unwrap().0, SONG);
}

#[tokio::test]
async fn no_file_of_the_folder_holds_the_secret() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        put(&store, "t", "a", SONG).await;
        let mut unit = store.space("t").unit();
        unit.put(&Table::new("notes"), "a", &"a row that is not sealed".to_owned()).unwrap();
        unit.commit().await.unwrap();
        store.close().await;
        let holds = |text: &str| {
            let holds = |path: &std::path::PathBuf| {
                let bytes = std::fs::read(path).unwrap();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            };
            files(folder).iter().any(holds)
        };
        assert!(holds("a row that is not sealed"), "the search finds what is there");
        assert!(!holds(SONG));
        let store = Store::open(driver, folder).unwrap();
        assert_eq!(found(&store, "t", "a").await.unwrap().as_deref(), Some(SONG));
    })
    .await;
}

#[tokio::test]
async fn the_master_key_is_for_its_owner_only_and_must_be_the_right_one() {
    on_every_folder(async |driver, folder| {
        put(&Store::open(driver, folder).unwrap(), "t", "a", SONG).await;
        let file = folder.join("master.key");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
        let key = std::fs::read(&file).unwrap();
        assert_eq!(key.len(), 32);
        let mut wrong = key.clone();
        wrong[0] ^= 1;
        for (change, expected) in [
            (Some(wrong), "is not the key"),
            (Some(vec![0; 31]), "does not hold 32 bytes"),
            (None, "is missing"),
        ] {
            match change {
                Some(bytes) => std::fs::write(&file, bytes).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
            let error = Store::open(driver, folder).unwrap_err();
            assert!(
                matches!(&error, Error::CannotOpen { reason, .. } if reason.contains(expected)),
                "{error}"
            );
            assert!(error.to_string().contains("master.key"));
        }
        assert!(!file.exists(), "a lost key is not replaced");
        std::fs::write(&file, key).unwrap();
        let store = Store::open(driver, folder).unwrap();
        assert_eq!(found(&store, "t", "a").await.unwrap().as_deref(), Some(SONG));
    })
    .await;
}

#[tokio::test]
async fn a_tenant_whose_first_secrets_come_at_once_gets_one_key() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let writers = (0..16).map(|number| {
            let mut unit = store.space("t").unit();
            async move {
                unit.put_sealed(&CAGE, number, &Canary(SONG.into())).await.unwrap();
                unit.commit().await.unwrap();
            }
        });
        futures::future::join_all(writers).await;
        let second = store.space("t").store.keyring.new_key("t").unwrap();
        assert!(store.commit(second).await.unwrap_err().is_conflict());
        store.close().await;
        let store = Store::open(driver, folder).unwrap();
        let listed = store.space("t").unit().list_sealed(&CAGE, Range::all(), 100).await.unwrap();
        assert_eq!(listed.len(), 16);
    })
    .await;
}
