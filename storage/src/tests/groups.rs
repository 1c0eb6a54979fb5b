//! Groups: many commits, one sync, and each with its own answer.

use futures::future::join_all;

use super::{NOTES, on_every_driver, on_every_folder};
use crate::{Counter, Error, Store};

const USES: Counter = Counter::new("uses");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_at_once_share_their_syncs() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let writers = (0..64u64).map(|writer| {
            let space = store.space("t");
            tokio::spawn(async move {
                for turn in 0..20 {
                    let mut unit = space.unit();
                    unit.put(&NOTES, writer * 100 + turn, &"x".repeat(1000)).unwrap();
                    unit.commit().await.unwrap();
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        assert_eq!(store.commits(), 64 * 20);
        assert!(
            store.syncs() * 2 <= store.commits(),
            "{} syncs for {} commits",
            store.syncs(),
            store.commits()
        );
        assert!(store.syncs() > 0);
    })
    .await;
}

#[tokio::test]
async fn one_writer_alone_needs_one_sync_for_each_commit() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        for turn in 0..5u64 {
            let mut unit = store.space("t").unit();
            unit.put(&NOTES, turn, &"row".to_owned()).unwrap();
            unit.commit().await.unwrap();
        }
        assert_eq!((store.commits(), store.syncs()), (5, 5));
    })
    .await;
}

#[tokio::test]
async fn a_commit_that_fails_in_its_group_fails_alone() {
    on_every_driver(async |store| {
        let space = store.space("t");
        let mut batches = Vec::new();
        for number in 0..40u64 {
            let mut unit = space.unit();
            // Four in ten want the same row to be absent, and the last six uses go to the first six of four in ten.
            match number % 10 {
                0..4 => {
                    unit.find(&NOTES, "wanted").await.unwrap();
                    unit.put(&NOTES, "wanted", &number.to_string()).unwrap();
                }
                4..8 => unit.add(&USES, "token", 1, Some(6)),
                _ => {}
            }
            unit.put(&NOTES, number, &"written".to_owned()).unwrap();
            batches.push(unit.into_batch());
        }
        let results = join_all(batches.into_iter().map(|batch| store.commit(batch))).await;
        let mut conflicts = 0;
        let mut exhausted = 0;
        for (number, result) in (0u64..).zip(results) {
            let row = space.unit().peek(&NOTES, number).await.unwrap();
            assert_eq!(row.is_some(), result.is_ok(), "{number}");
            match (number % 10, result) {
                (_, Ok(())) => {}
                (0..4, Err(Error::Conflict { table: "notes", .. })) => conflicts += 1,
                (4..8, Err(Error::Exhausted { table: "uses", .. })) => exhausted += 1,
                (_, Err(other)) => panic!("{number}: {other}"),
            }
        }
        assert_eq!((conflicts, exhausted), (15, 10));
        assert_eq!(space.unit().count(&USES, "token").await.unwrap(), 6);
        assert_eq!(store.commits(), 40 - 25);
    })
    .await;
}

#[tokio::test]
async fn a_commit_sees_those_before_it_in_its_group() {
    on_every_driver(async |store| {
        let space = store.space("t");
        let value = |value: &str| {
            let mut unit = space.unit();
            unit.put(&NOTES, "a", &value.to_owned()).unwrap();
            unit.into_batch()
        };
        let batches: Vec<_> = (0..50).map(|number| value(&number.to_string())).collect();
        for result in join_all(batches.into_iter().map(|batch| store.commit(batch))).await {
            result.unwrap();
        }
        assert_eq!(
            space.unit().peek(&NOTES, "a").await.unwrap().as_deref(),
            Some("49"),
            "the last one remains"
        );
    })
    .await;
}
