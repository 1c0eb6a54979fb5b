//! Finished instances are removed when their time is over: not before, across restarts, in parts.

use storage::{Range, Table};

use super::*;
use crate::retention::AtMost;

impl House {
    async fn deciding(&self) -> Token {
        self.deploy("decide", DECIDE).await;
        self.token("decide", json!({})).await
    }

    fn wait(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    async fn is_there(&self, id: &str) -> bool {
        match self.rooms.read_instance(id).await {
            Ok(_) => true,
            Err(Error::NotFound { .. }) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Rows that are left of instances, by table.
    async fn rows(&self) -> String {
        let mut told = String::new();
        for (name, shape) in [
            ("process-instances", 2),
            ("process-instances-by-time", 1),
            ("process-instances-by-end", 1),
            ("process-instance-events", 2),
        ] {
            let table: Table<Value> = Table::new(name).shape(shape);
            let rows = self.rooms.unit().list(&table, Range::all(), 1000).await.unwrap();
            told.push_str(&format!("{} ", rows.len()));
        }
        told.trim_end().to_owned()
    }
}

#[tokio::test]
async fn a_finished_instance_is_removed_after_its_time_and_not_before() {
    let house = house().await;
    let id = house.create(&house.deciding().await).await.unwrap();
    let (open, ..) = house.opened(ASK, json!({"maxProcessDuration": "P90D"})).await;
    house.wait(30 * 24 - 1);
    assert!(!house.runtime.remove_ended().await);
    assert!(house.is_there(&id).await);
    house.wait(1);
    assert!(!house.runtime.remove_ended().await);
    assert!(!house.is_there(&id).await);
    assert!(house.is_there(&open).await, "it is under way");
    assert_eq!(house.rows().await, "1 1 0 1", "nothing is left of the other");
}

#[tokio::test]
async fn an_instance_that_is_given_up_is_kept_from_then_on() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let token = house.token("ask", json!({"maxProcessDuration": "P2D"})).await;
    let unopened = house.create(&token).await.unwrap();
    let by = ClockMove { advance: Some("P31D".to_owned()), to: None };
    house.runtime.move_clock(&by).await.unwrap();
    assert_eq!(house.status(&unopened).await, "Abandoned");
    let by = ClockMove { advance: Some("P1D".to_owned()), to: None };
    house.runtime.move_clock(&by).await.unwrap();
    assert!(!house.is_there(&unopened).await);
    assert_eq!(house.rows().await, "0 0 0 0");
}

#[tokio::test]
async fn what_ended_before_a_restart_is_removed_after_it() {
    let folder = Folder::new();
    let clock = noon();
    let first = open(Some(&folder.0), &clock).await;
    let id = first.create(&first.deciding().await).await.unwrap();
    first.runtime.close().await;
    drop(first);
    let second = open(Some(&folder.0), &clock).await;
    second.runtime.remove_ended().await;
    assert!(second.is_there(&id).await);
    second.wait(30 * 24);
    second.runtime.remove_ended().await;
    assert!(!second.is_there(&id).await);
}

#[tokio::test]
async fn one_commit_removes_no_more_than_it_may_the_oldest_first() {
    let house = house().await;
    let token = house.deciding().await;
    for _ in 0..3 {
        house.create(&token).await.unwrap();
    }
    house.wait(1);
    let young = [house.create(&token).await.unwrap(), house.create(&token).await.unwrap()];
    let now = house.runtime.now();
    let at_most = AtMost { instances: 2, rows: 1000 };
    let before = house.runtime.store_figures().commits;
    assert!(house.rooms.remove_ended(now, at_most).await.unwrap());
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert_eq!(house.rows().await, "3 3 3 3");
    assert!(house.rooms.remove_ended(now, at_most).await.unwrap());
    let left = [house.is_there(&young[0]).await, house.is_there(&young[1]).await];
    assert_ne!(left[0], left[1], "the last of the old and one of the young are gone");
    assert!(!house.rooms.remove_ended(now, at_most).await.unwrap());
    assert_eq!(house.rows().await, "0 0 0 0");
    assert!(!house.rooms.remove_ended(now, at_most).await.unwrap());
}

#[tokio::test]
async fn a_long_history_is_removed_over_several_commits() {
    let house = house().await;
    let (id, secret, mut presented) = house.opened(KNOWN, json!({})).await;
    let mut secret = secret;
    for _ in 0..2 {
        presented = house.rooms.submit(&id, Some(&secret), answer(&presented, "x")).await.unwrap();
        secret = presented.secret.clone().unwrap_or(secret);
    }
    assert_eq!(house.rows().await, "1 1 1 3");
    let (now, at_most) = (house.runtime.now(), AtMost { instances: 100, rows: 2 });
    assert!(house.rooms.remove_ended(now, at_most).await.unwrap());
    assert_eq!(house.rows().await, "1 1 1 1", "the instance goes last");
    assert!(!house.rooms.remove_ended(now, at_most).await.unwrap());
    assert_eq!(house.rows().await, "0 0 0 0");
}

#[tokio::test]
async fn an_instance_that_was_deleted_leaves_no_note_of_its_end() {
    let house = house().await;
    let id = house.create(&house.deciding().await).await.unwrap();
    house.rooms.remove_instance(&id).await.unwrap();
    assert_eq!(house.rows().await, "0 0 0 0");
}

#[tokio::test]
async fn a_process_may_say_itself_how_long_its_instances_are_kept() {
    let house = house().await;
    let (short, long) = (
        DECIDE.replacen("steps:", "historyTimeToLive: P2D\nsteps:", 1),
        DECIDE.replacen("steps:", "historyTimeToLive: P40D\nsteps:", 1),
    );
    house.deploy("short", &short).await;
    house.deploy("long", &long).await;
    let short = house.create(&house.token("short", json!({})).await).await.unwrap();
    let long = house.create(&house.token("long", json!({})).await).await.unwrap();
    let usual = house.create(&house.deciding().await).await.unwrap();
    house.wait(2 * 24 - 1);
    house.runtime.remove_ended().await;
    assert!(house.is_there(&short).await);
    house.wait(1);
    house.runtime.remove_ended().await;
    assert!(!house.is_there(&short).await && house.is_there(&usual).await);
    house.wait(28 * 24);
    house.runtime.remove_ended().await;
    assert!(!house.is_there(&usual).await && house.is_there(&long).await);
    house.rooms.remove_instance(&long).await.unwrap();
    house.wait(40 * 24);
    assert!(!house.runtime.remove_ended().await);
    assert_eq!(house.rows().await, "0 0 0 0");
}
