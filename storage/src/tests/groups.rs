//! Groups: many commits, one sync, and each with its own answer.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;
use futures::poll;
use tokio::sync::oneshot;

use super::{NOTES, on_every_driver, on_every_folder};
use crate::{Counter, Error, Range, Store, in_background};

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
            store.syncs() * 4 <= store.commits(),
            "{} syncs for {} commits",
            store.syncs(),
            store.commits()
        );
        assert!(store.syncs() > 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_side_by_side_in_the_background_share_their_syncs() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let commit = |number: u64| {
            let mut unit = store.space("t").unit();
            unit.put(&NOTES, number, &"row".to_owned()).unwrap();
            unit.commit()
        };
        for turn in 1..=20u64 {
            let all = join_all((0..8).map(|number| commit(turn * 8 + number)));
            for result in in_background(all).await {
                result.unwrap();
            }
        }
        assert_eq!(store.commits(), 160);
        assert!(store.syncs() <= 80, "{} syncs: hardly any was shared", store.syncs());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_commits_alone_is_answered_at_once_and_a_task_of_many_commits_lets_others_go_on() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let commit = async |number: u64| {
            let mut unit = store.space("t").unit();
            unit.put(&NOTES, number, &"row".to_owned()).unwrap();
            unit.commit().await.unwrap();
        };
        // Its caller waits for the sync and not for a turn.
        tokio::task::yield_now().await;
        assert!(poll!(pin!(commit(0))).is_ready());
        // A task of many commits does not hold its thread, and the connections, for as many syncs.
        let mut many = pin!(async {
            for number in 0..10 {
                commit(number).await;
            }
        });
        assert!(poll!(&mut many).is_pending());
        many.await;
        // No caller waits for what is done in the background, and it holds no thread at all.
        let mut background = pin!(in_background(commit(0)));
        assert!(poll!(&mut background).is_pending());
        background.await;
        assert_eq!(store.commits(), 12);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_commits_alone_or_beside_others_is_counted_once_and_for_ever() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let mut begun = 0u64;
        for writers in [1, 1, 16, 1, 2, 1, 64, 1, 1] {
            let commits = (0..writers).map(|writer| {
                let mut unit = store.space("t").unit();
                unit.add(&USES, "all", 1, None);
                unit.put(&NOTES, begun + writer, &"row".to_owned()).unwrap();
                tokio::spawn(unit.commit())
            });
            for committed in join_all(commits).await {
                committed.unwrap().unwrap();
            }
            begun += writers;
            assert_eq!(store.commits(), begun);
        }
        store.close().await;
        let unit = Store::open(driver, folder).unwrap().space("t").unit();
        assert_eq!(unit.count(&USES, "all").await.unwrap(), begun);
        assert_eq!(unit.list(&NOTES, Range::all(), 100).await.unwrap().len(), begun as usize);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_commits_while_the_store_closes_is_told_the_truth() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let (first, begun) = oneshot::channel();
        let mut first = Some(first);
        let space = store.space("t");
        let writer = tokio::spawn(async move {
            let mut acknowledged = 0u64;
            loop {
                let mut unit = space.unit();
                unit.put(&NOTES, acknowledged, &"row".to_owned()).unwrap();
                match unit.commit().await {
                    Ok(()) => acknowledged += 1,
                    Err(Error::Closed) => break acknowledged,
                    Err(other) => panic!("{other}"),
                }
                first.take().map(|first| first.send(()));
            }
        });
        begun.await.unwrap();
        store.close().await;
        let acknowledged = writer.await.unwrap();
        let unit = Store::open(driver, folder).unwrap().space("t").unit();
        let rows = unit.list(&NOTES, Range::all(), usize::MAX).await.unwrap();
        assert_eq!(rows.len() as u64, acknowledged);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_beside_a_writer_see_whole_commits_only() {
    on_every_driver(async |store| {
        const TURNS: usize = 60;
        let (space, done) = (store.space("t"), Arc::new(AtomicBool::new(false)));
        let writer = {
            let (space, done) = (space.clone(), done.clone());
            tokio::spawn(async move {
                for turn in 0..TURNS {
                    let mut unit = space.unit();
                    let text = char::from(b'a' + (turn % 26) as u8).to_string();
                    unit.put(&NOTES, "one", &text.repeat(1 + (turn * 7919) % 20_000)).unwrap();
                    unit.put(&NOTES, "two", &text.repeat(3)).unwrap();
                    unit.commit().await.unwrap();
                    let seen = space.unit().peek(&NOTES, "two").await.unwrap();
                    assert_eq!(seen, Some(text.repeat(3)), "an acknowledged commit is seen");
                }
                done.store(true, Ordering::Relaxed);
            })
        };
        let mut looks = 0;
        while !done.load(Ordering::Relaxed) {
            let rows = space.unit().list(&NOTES, crate::Range::all(), 10).await.unwrap();
            let texts: Vec<char> = rows.iter().flat_map(|(_, text)| text.chars()).collect();
            assert!(
                texts.windows(2).all(|pair| pair[0] == pair[1]),
                "parts of two commits at once"
            );
            looks += 1;
            tokio::task::yield_now().await;
            if writer.is_finished() {
                break;
            }
        }
        writer.await.unwrap();
        assert!(looks > 0);
    })
    .await;
}
