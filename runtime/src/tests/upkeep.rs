//! What the worker does in the background: what has expired goes, by the clock of the runtime, part by part.

use identity::{NewUser, Who};
use storage::{Key, Range, Table};

use super::*;

/// More than the worker sweeps in one commit.
const MANY: usize = 300;

impl House {
    async fn rows_of(&self, table: &'static str) -> usize {
        let table: Table<Value> = Table::new(table);
        self.rooms.unit().list(&table, Range::all(), 10_000).await.unwrap().len()
    }

    /// Lets the worker go on until a table has so many rows.
    async fn until(&self, table: &'static str, rows: usize) {
        for _ in 0..1_000_000 {
            if self.rows_of(table).await == rows {
                return;
            }
            self.runtime.alarm().ring();
            tokio::task::yield_now().await;
        }
        panic!("{table} has {} rows and not {rows}", self.rows_of(table).await);
    }
}

#[tokio::test]
async fn sessions_and_records_are_swept_in_the_background_when_their_time_is_over() {
    let house = house().await;
    let user = NewUser { external_id: Some("anna".to_owned()), ..NewUser::default() };
    let mut work = house.rooms.identity();
    work.add_user("demo", user).await.unwrap();
    work.commit().await.unwrap();
    let nobody = Who::ExternalId("nobody".to_owned());
    for _ in 0..MANY {
        let mut work = house.rooms.identity();
        let started = work.start_passcode_authentication_blindly("demo", &nobody, "default");
        started.await.unwrap();
        work.commit().await.unwrap();
    }
    let workers = house.runtime.workers();
    house.until("audit", 0).await;
    let records = house.rows_of("audit-bodies").await;
    assert!(records > 0 && house.rows_of("audit-places").await > 0);
    let before = house.runtime.store_figures().commits;

    house.clock.advance(SignedDuration::from_mins(14));
    house.runtime.sweep().await;
    assert_eq!(house.rows_of("passcode-ceremony-expiries").await, MANY, "not before their time");
    house.clock.advance(SignedDuration::from_mins(2));
    house.until("passcode-ceremony-expiries", 0).await;
    let commits = house.runtime.store_figures().commits - before;
    assert!(commits >= 3, "{commits}: not all in one");
    assert_eq!(house.rows_of("audit-bodies").await, records, "they are kept for 720 hours");

    house.clock.advance(SignedDuration::from_hours(720));
    house.until("audit-bodies", 0).await;
    assert_eq!(house.rows_of("audit-places").await, 0);
    assert!(house.rows_of("audit-leaves").await >= records, "the proofs stay");
    house.runtime.close().await;
    workers.await.unwrap();
}

/// The tables of expiries that the sources of the identity stores declare for their ceremonies.
fn expiries() -> Vec<&'static str> {
    fn files(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }
    let mut names: Vec<&'static str> = Vec::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../identity/src")) {
        let text = match file.extension().is_some_and(|ending| ending == "rs") {
            true => std::fs::read_to_string(&file).unwrap(),
            false => continue,
        };
        for rest in text.split("Sessions::new(\"").skip(1) {
            names.push(rest.split('"').nth(2).unwrap().to_owned().leak());
        }
    }
    names
}

#[tokio::test]
async fn no_sort_of_ceremony_is_forgotten_by_the_sweep() {
    let house = house().await;
    let all = expiries();
    for known in ["passcode-ceremony-expiries", "passkey-ceremony-expiries", "sealed-text-expiries"]
    {
        assert!(all.contains(&known), "{known} is not found: {all:?}");
    }
    let over = u64::try_from(house.runtime.now().as_millisecond()).unwrap() - 1;
    let mut unit = house.rooms.unit();
    for name in &all {
        for number in 0..3_u64 {
            let key = Key::new().number(over).text(format!("SESSION{number}"));
            unit.put(&Table::<Value>::new(name), key, &Value::Null).unwrap();
        }
    }
    unit.commit().await.unwrap();
    let workers = house.runtime.workers();
    for name in all {
        house.until(name, 0).await;
    }
    house.runtime.close().await;
    workers.await.unwrap();
}

#[tokio::test]
async fn what_waits_comes_into_the_log_of_the_audit_until_nothing_is_left_in_few_commits() {
    let house = house().await;
    // The first checkpoint of all draws the key that signs it.
    assert!(!house.runtime.record().await);
    for _ in 0..2 * MANY / 100 {
        let mut work = house.rooms.identity();
        for _ in 0..100 {
            work.add_user("demo", NewUser::default()).await.unwrap();
        }
        work.commit().await.unwrap();
    }
    let (waiting, before) = (house.rows_of("audit").await, house.runtime.store_figures().commits);
    assert!(waiting >= 2 * MANY);
    while house.runtime.record().await {}
    assert_eq!(house.rows_of("audit").await, 0);
    let commits = house.runtime.store_figures().commits - before;
    assert_eq!(commits, waiting.div_ceil(256) as u64);
}
