//! Trials of crashes: what is kept when a store takes no more commits, and its copy.

use futures::future::join_all;
use zeroize::Zeroizing;

use super::{NOTES, on_every_driver, on_every_folder};
use crate::{Error, Range, Seal, SealedTable, Store};

/// A note that only its store can read.
struct Secret(Vec<u8>);

impl Seal for Secret {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Secret, String> {
        Ok(Secret(bytes.to_vec()))
    }
}

const SECRETS: SealedTable<Secret> = SealedTable::new("secrets");

async fn write(store: &Store, key: u64) -> Result<(), Error> {
    let mut unit = store.space("t").unit();
    unit.put(&NOTES, key, &"x".repeat(9000))?;
    unit.commit().await
}

async fn notes(store: &Store) -> usize {
    store.space("t").unit().list(&NOTES, Range::all(), usize::MAX).await.unwrap().len()
}

#[tokio::test]
async fn a_store_on_trial_lets_so_many_commits_through_and_no_other() {
    on_every_driver(async |store| {
        write(store, 100).await.unwrap();
        store.fail_after(2);
        for key in 0..5 {
            assert_eq!(write(store, key).await.is_ok(), key < 2, "commit {key}");
            assert_eq!(store.takes_commits().is_ok(), key < 2, "after commit {key}");
        }
        assert_eq!((notes(store).await, store.commits()), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn the_limit_cuts_through_a_group() {
    on_every_driver(async |store| {
        store.fail_after(20);
        let writers = (0..64).map(|key| write(store, key));
        let written = join_all(writers).await.into_iter().filter(Result::is_ok).count();
        assert_eq!((written, notes(store).await), (20, 20));
    })
    .await;
}

#[tokio::test]
async fn a_folder_whose_store_failed_is_opened_with_what_was_kept() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        store.fail_after(1);
        write(&store, 0).await.unwrap();
        write(&store, 1).await.unwrap_err();
        drop(store);
        let store = Store::open(driver, folder).unwrap();
        assert_eq!(notes(&store).await, 1);
        write(&store, 2).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_copy_has_every_row_opens_what_was_sealed_and_goes_its_own_way() {
    on_every_driver(async |store| {
        write(store, 0).await.unwrap();
        let mut unit = store.space("t").unit();
        unit.put_sealed(&SECRETS, 1, &Secret(b"secret".to_vec())).await.unwrap();
        unit.commit().await.unwrap();
        store.fail_after(0);
        write(store, 1).await.unwrap_err();

        let copy = store.copy().unwrap();
        assert_eq!(copy.count_rows().unwrap(), store.count_rows().unwrap());
        let secret = copy.space("t").unit().find_sealed(&SECRETS, 1).await.unwrap().unwrap();
        assert_eq!(secret.0, b"secret");
        let mut late = copy.space("t").unit();
        late.find(&NOTES, 0).await.unwrap();
        late.put(&NOTES, 0, &"changed".to_owned()).unwrap();
        write(&copy, 0).await.unwrap();
        assert!(late.commit().await.unwrap_err().is_conflict(), "its versions go on");
        write(&copy, 1).await.unwrap();
        assert_eq!((notes(&copy).await, notes(store).await), (2, 1));
    })
    .await;
}
