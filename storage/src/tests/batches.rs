//! Batches: all or nothing, and only on the rows that were seen.

use super::{NOTES, on_every_driver, on_every_folder};
use crate::{Batch, Error, Store, Table};

const SHARED: Table<String> = Table::shared("shared-notes");

async fn note(store: &Store, key: &str) -> Option<String> {
    store.space("t").unit().peek(&NOTES, key).await.unwrap()
}

async fn write(store: &Store, key: &str, value: &str) {
    let mut unit = store.space("t").unit();
    unit.put(&NOTES, key, &value.to_owned()).unwrap();
    unit.commit().await.unwrap();
}

fn is_conflict_on(result: &Result<(), Error>, expected: &str) -> bool {
    matches!(result, Err(Error::Conflict { table: "notes", key }) if key == expected)
}

#[tokio::test]
async fn a_commit_is_seen_whole() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
        unit.put(&NOTES, "b", &"2".to_owned()).unwrap();
        assert_eq!(note(store, "a").await, None, "nothing is written before the commit");
        unit.commit().await.unwrap();
        assert_eq!(note(store, "a").await.as_deref(), Some("1"));
        assert_eq!(note(store, "b").await.as_deref(), Some("2"));
        let mut unit = store.space("t").unit();
        unit.remove(&NOTES, "a");
        unit.put(&NOTES, "b", &"3".to_owned()).unwrap();
        unit.commit().await.unwrap();
        assert_eq!(note(store, "a").await, None);
        assert_eq!(note(store, "b").await.as_deref(), Some("3"));
    })
    .await;
}

#[tokio::test]
async fn a_row_that_changed_meanwhile_refuses_the_whole_batch() {
    on_every_driver(async |store| {
        write(store, "a", "old").await;
        let mut unit = store.space("t").unit();
        assert_eq!(unit.find(&NOTES, "a").await.unwrap().as_deref(), Some("old"));
        unit.put(&NOTES, "a", &"mine".to_owned()).unwrap();
        unit.put(&NOTES, "b", &"mine".to_owned()).unwrap();
        write(store, "a", "theirs").await;
        assert!(is_conflict_on(&unit.commit().await, "a"));
        assert_eq!(note(store, "a").await.as_deref(), Some("theirs"));
        assert_eq!(note(store, "b").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_absent_and_now_is_there_refuses_the_batch() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        assert_eq!(unit.find(&NOTES, "a").await.unwrap(), None);
        unit.put(&NOTES, "a", &"mine".to_owned()).unwrap();
        write(store, "a", "theirs").await;
        assert!(is_conflict_on(&unit.commit().await, "a"));
        assert_eq!(note(store, "a").await.as_deref(), Some("theirs"));
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_removed_meanwhile_refuses_the_batch() {
    on_every_driver(async |store| {
        write(store, "a", "old").await;
        let mut unit = store.space("t").unit();
        unit.find(&NOTES, "a").await.unwrap();
        unit.put(&NOTES, "b", &"mine".to_owned()).unwrap();
        let mut other = store.space("t").unit();
        other.remove(&NOTES, "a");
        other.commit().await.unwrap();
        assert!(is_conflict_on(&unit.commit().await, "a"));
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_removed_and_made_again_is_another_version() {
    on_every_driver(async |store| {
        write(store, "a", "same").await;
        let mut unit = store.space("t").unit();
        unit.find(&NOTES, "a").await.unwrap();
        unit.put(&NOTES, "b", &"mine".to_owned()).unwrap();
        let mut other = store.space("t").unit();
        other.remove(&NOTES, "a");
        other.commit().await.unwrap();
        write(store, "a", "same").await;
        assert!(is_conflict_on(&unit.commit().await, "a"));
    })
    .await;
}

#[tokio::test]
async fn versions_go_on_counting_after_a_restart() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        write(&store, "a", "same").await;
        let mut before = store.space("t").unit();
        before.find(&NOTES, "a").await.unwrap();
        before.put(&NOTES, "b", &"mine".to_owned()).unwrap();
        let batch = before.into_batch();
        let mut removal = store.space("t").unit();
        removal.remove(&NOTES, "a");
        removal.commit().await.unwrap();
        store.close().await;
        let store = Store::open(driver, folder).unwrap();
        write(&store, "a", "same").await;
        assert!(
            is_conflict_on(&store.commit(batch).await, "a"),
            "the row of before must not come back as the same"
        );
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_only_peeked_at_or_listed_is_not_expected() {
    on_every_driver(async |store| {
        write(store, "a", "old").await;
        let mut unit = store.space("t").unit();
        unit.peek(&NOTES, "a").await.unwrap();
        unit.list(&NOTES, crate::Range::all(), 10).await.unwrap();
        unit.put(&NOTES, "b", &"mine".to_owned()).unwrap();
        write(store, "a", "theirs").await;
        unit.commit().await.unwrap();
        assert_eq!(note(store, "b").await.as_deref(), Some("mine"));
    })
    .await;
}

#[tokio::test]
async fn a_unit_reads_its_own_writes() {
    on_every_driver(async |store| {
        write(store, "a", "old").await;
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, "a", &"new".to_owned()).unwrap();
        assert_eq!(unit.find(&NOTES, "a").await.unwrap().as_deref(), Some("new"));
        assert_eq!(unit.peek(&NOTES, "a").await.unwrap().as_deref(), Some("new"));
        unit.remove(&NOTES, "a");
        assert_eq!(unit.find(&NOTES, "a").await.unwrap(), None);
        assert_eq!(unit.peek(&NOTES, "a").await.unwrap(), None);
        unit.commit().await.unwrap();
        assert_eq!(note(store, "a").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_layer_is_kept_or_undone_and_what_it_read_stays_expected() {
    on_every_driver(async |store| {
        write(store, "seen", "old").await;
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, "outer", &"1".to_owned()).unwrap();
        unit.begin();
        unit.put(&NOTES, "kept", &"2".to_owned()).unwrap();
        unit.begin();
        unit.remove(&NOTES, "outer");
        unit.put(&NOTES, "undone", &"3".to_owned()).unwrap();
        assert_eq!(unit.find(&NOTES, "outer").await.unwrap(), None);
        unit.undo();
        assert_eq!(unit.find(&NOTES, "outer").await.unwrap().as_deref(), Some("1"));
        unit.keep();
        unit.commit().await.unwrap();
        assert_eq!(note(store, "outer").await.as_deref(), Some("1"));
        assert_eq!(note(store, "kept").await.as_deref(), Some("2"));
        assert_eq!(note(store, "undone").await, None);

        let mut unit = store.space("t").unit();
        unit.begin();
        unit.find(&NOTES, "seen").await.unwrap();
        unit.undo();
        unit.put(&NOTES, "decided", &"4".to_owned()).unwrap();
        write(store, "seen", "new").await;
        assert!(is_conflict_on(&unit.commit().await, "seen"));
    })
    .await;
}

#[tokio::test]
async fn a_layer_left_open_is_kept_by_the_commit() {
    let store = Store::memory();
    let mut unit = store.space("t").unit();
    unit.begin();
    unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
    unit.undo();
    unit.undo();
    unit.keep();
    assert!(unit.is_clean());
    unit.begin();
    unit.put(&NOTES, "a", &"2".to_owned()).unwrap();
    assert!(!unit.is_clean());
    unit.commit().await.unwrap();
    assert_eq!(note(&store, "a").await.as_deref(), Some("2"));
}

#[tokio::test]
async fn a_clean_unit_commits_nothing() {
    on_every_driver(async |store| {
        let before = (store.commits(), store.syncs());
        let mut unit = store.space("t").unit();
        unit.find(&NOTES, "a").await.unwrap();
        unit.begin();
        unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
        unit.undo();
        assert!(unit.is_clean());
        write(store, "a", "theirs").await;
        unit.commit().await.unwrap();
        assert_eq!(store.commits(), before.0 + 1, "only the other one's");
        store.commit(Batch::new()).await.unwrap();
        assert_eq!(store.commits(), before.0 + 1);
    })
    .await;
}

#[tokio::test]
async fn a_tenant_sees_its_own_rows_and_the_shared_ones() {
    on_every_driver(async |store| {
        for tenant in ["t", "t2", "", "t\0", "T"] {
            let mut unit = store.space(tenant).unit();
            assert_eq!(
                unit.find(&NOTES, "a").await.unwrap(),
                None,
                "{tenant:?} sees another tenant's row"
            );
            assert_eq!(unit.list(&NOTES, crate::Range::all(), 10).await.unwrap(), []);
            unit.put(&NOTES, "a", &format!("of {tenant}")).unwrap();
            unit.put(&SHARED, "last", &format!("by {tenant}")).unwrap();
            unit.commit().await.unwrap();
            assert_eq!(
                store.shared().unit().peek(&SHARED, "last").await.unwrap().unwrap(),
                format!("by {tenant}")
            );
        }
        let mut unit = store.space("t").unit();
        unit.remove(&NOTES, "a");
        unit.commit().await.unwrap();
        assert_eq!(
            store.space("t2").unit().find(&NOTES, "a").await.unwrap().as_deref(),
            Some("of t2")
        );
    })
    .await;
}

#[tokio::test]
async fn units_of_two_tenants_can_be_joined_in_one_commit() {
    on_every_driver(async |store| {
        write(store, "seen", "old").await;
        let units = async || {
            let (mut one, mut two) = (store.space("t").unit(), store.space("u").unit());
            one.find(&NOTES, "seen").await.unwrap();
            two.put(&NOTES, "a", &"two".to_owned()).unwrap();
            (one.into_batch(), two.into_batch())
        };
        let of_two = async || store.space("u").unit().peek(&NOTES, "a").await.unwrap();
        for turned in [false, true] {
            let (one, two) = units().await;
            let (mut joined, other) = if turned { (two, one) } else { (one, two) };
            joined.join(other);
            write(store, "seen", "new").await;
            assert!(is_conflict_on(&store.commit(joined).await, "seen"));
            assert_eq!(of_two().await, None);
        }
        for turned in [false, true] {
            let (stale, _) = units().await;
            write(store, "seen", "newer").await;
            let (fresh, two) = units().await;
            let (mut joined, other) = if turned { (fresh, stale) } else { (stale, fresh) };
            joined.join(other);
            joined.join(two);
            assert!(is_conflict_on(&store.commit(joined).await, "seen"));
            assert_eq!(of_two().await, None);
        }
        let (one, mut joined) = units().await;
        joined.join(one);
        store.commit(joined).await.unwrap();
        assert_eq!(of_two().await.as_deref(), Some("two"));
    })
    .await;
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_changes_nothing() {
    on_every_driver(async |store| {
        for (key, length) in [("k".repeat(3000), 1), ("k".to_owned(), (16 << 20) + 1)] {
            let mut unit = store.space("t").unit();
            unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
            let mut batch = unit.into_batch();
            batch
                .rows
                .insert(NOTES.address("t", &crate::Key::from(&key)), Some(vec![b' '; length]));
            assert!(matches!(
                store.commit(batch).await,
                Err(Error::Unwritable { table: "notes", .. })
            ));
            assert_eq!(note(store, "a").await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_too_long_is_refused_where_it_is_put_and_the_rest_can_go_on() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
        unit.begin();
        let long = "x".repeat(16 << 20);
        for refused in
            [unit.put(&NOTES, "b", &long), unit.put_up_to(&NOTES, "b", &long, usize::MAX).map(drop)]
        {
            assert!(matches!(refused, Err(Error::Unwritable { table: "notes", .. })));
        }
        unit.undo();
        unit.commit().await.unwrap();
        assert_eq!(note(store, "a").await.as_deref(), Some("1"));
        assert_eq!(note(store, "b").await, None);
    })
    .await;
}
