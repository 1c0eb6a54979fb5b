//! Counters: bounded ones stop exactly at their bound, unbounded ones never conflict.

use futures::future::join_all;

use super::{NOTES, on_every_driver};
use crate::{Counter, Error, Space};

const USES: Counter = Counter::new("uses");

async fn count(space: &Space, key: &str) -> u64 {
    space.unit().count(&USES, key).await.unwrap()
}

async fn add(space: Space, key: &str, by: u64, at_most: Option<u64>) -> Result<(), Error> {
    let mut unit = space.unit();
    unit.add(&USES, key, by, at_most);
    unit.put(&NOTES, key, &"counted".to_owned()).unwrap();
    unit.commit().await
}

#[tokio::test]
async fn of_two_that_want_the_last_use_one_gets_it() {
    on_every_driver(async |store| {
        let space = store.space("t");
        add(space.clone(), "token", 1, Some(2)).await.unwrap();
        let results = join_all((0..2).map(|_| add(space.clone(), "token", 1, Some(2)))).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let refused = results.into_iter().find_map(Result::err);
        assert!(matches!(refused, Some(Error::Exhausted { table: "uses", key }) if key == "token"));
        assert_eq!(count(&space, "token").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_exhausted_counter_leaves_no_other_write() {
    on_every_driver(async |store| {
        let space = store.space("t");
        assert!(matches!(
            add(space.clone(), "token", 3, Some(2)).await,
            Err(Error::Exhausted { .. })
        ));
        assert_eq!(count(&space, "token").await, 0);
        assert_eq!(space.unit().peek(&NOTES, "token").await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_one_cell_never_conflict_and_are_all_counted() {
    on_every_driver(async |store| {
        let writers = (0..64u64).map(|writer| {
            let space = store.space("t");
            tokio::spawn(async move {
                for turn in 0..10 {
                    add(space.clone(), "token", writer + turn, None).await.unwrap();
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let expected =
            (0..64).flat_map(|writer| (0..10).map(move |turn| writer + turn)).sum::<u64>();
        assert_eq!(count(&store.space("t"), "token").await, expected);
        assert_eq!(store.commits(), 640);
    })
    .await;
}

#[tokio::test]
async fn a_unit_counts_what_it_will_add() {
    on_every_driver(async |store| {
        let space = store.space("t");
        add(space.clone(), "token", 5, None).await.unwrap();
        let mut unit = space.unit();
        unit.add(&USES, "token", 2, Some(100));
        unit.begin();
        unit.add(&USES, "token", 30, None);
        assert_eq!(unit.count(&USES, "token").await.unwrap(), 37);
        unit.undo();
        unit.add(&USES, "other", 1, None);
        assert_eq!(unit.count(&USES, "token").await.unwrap(), 7);
        unit.commit().await.unwrap();
        assert_eq!((count(&space, "token").await, count(&space, "other").await), (7, 1));
    })
    .await;
}

#[tokio::test]
async fn several_additions_of_one_unit_meet_the_bound_together() {
    on_every_driver(async |store| {
        let space = store.space("t");
        let mut unit = space.unit();
        unit.add(&USES, "token", 2, Some(3));
        unit.add(&USES, "token", 2, Some(3));
        assert!(matches!(unit.commit().await, Err(Error::Exhausted { .. })));
        assert_eq!(count(&space, "token").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_removed_cell_starts_again() {
    on_every_driver(async |store| {
        let space = store.space("t");
        add(space.clone(), "token", 9, None).await.unwrap();
        let mut unit = space.unit();
        unit.remove_counter(&USES, "token");
        assert_eq!(unit.count(&USES, "token").await.unwrap(), 0);
        unit.add(&USES, "token", 1, Some(1));
        unit.commit().await.unwrap();
        assert_eq!(count(&space, "token").await, 1);
        let mut unit = space.unit();
        unit.remove_counter(&USES, "token");
        unit.commit().await.unwrap();
        assert_eq!(count(&space, "token").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_cell_never_wraps_around() {
    on_every_driver(async |store| {
        let space = store.space("t");
        add(space.clone(), "token", u64::MAX, None).await.unwrap();
        assert!(matches!(add(space.clone(), "token", 1, None).await, Err(Error::Exhausted { .. })));
        assert_eq!(count(&space, "token").await, u64::MAX);
        assert_eq!(count(&store.space("u"), "token").await, 0);
    })
    .await;
}
