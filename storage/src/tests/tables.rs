//! Tables: the format of a row, shapes, and rows that are not what they should be.

use std::sync::Arc;

use expect_test::expect;
use serde::{Deserialize, Serialize};

use super::{FOLDER_DRIVERS, Folder, NOTES, on_every_driver};
use crate::address::Address;
use crate::{Batch, Counter, Error, Key, Store, Table};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Person {
    name: String,
}

const PEOPLE: Table<Person> = Table::new("people").shape(2).upgrade(|shape, mut old| {
    let name = old["called"].take();
    if name.is_null() {
        Err(format!("shape {shape} has a member called"))
    } else {
        Ok(serde_json::json!({ "name": name }))
    }
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn write_raw(store: &Store, address: Address, row: &[u8]) {
    let mut batch = Batch::new();
    batch.rows.insert(address, Some(row.to_vec()));
    store.commit(batch).await.unwrap();
}

#[tokio::test]
async fn a_row_is_a_version_a_shape_and_json() {
    let store = Store::memory();
    let space = store.space("demo");
    let mut unit = space.unit();
    let key = Key::new().text("a\0b").number(258);
    unit.put(&PEOPLE, key.clone(), &Person { name: "Ada".into() }).unwrap();
    unit.put(&Table::shared("tenants"), "demo", &1).unwrap();
    unit.add(&Counter::new("uses"), "token", 3, None);
    unit.commit().await.unwrap();
    let everything = crate::range::Stretch {
        start: std::ops::Bound::Unbounded,
        end: vec![0xFF],
        descending: false,
    };
    let rows = space.store.scan(&PEOPLE.address("demo", &key), &everything, 100).unwrap();
    let rows: Vec<String> =
        rows.iter().map(|(address, row)| format!("{} = {}", hex(address), hex(row))).collect();
    expect![[r#"
        000173746f726500000173657175656e63650000 = 0000000000000001
        010164656d6f00000170656f706c650000016100ff620000020000000000000102 = 0000000000000001027b226e616d65223a22416461227d
        020174656e616e747300000164656d6f0000 = 00000000000000010131
        030164656d6f00000175736573000001746f6b656e0000 = 0000000000000003"#]].assert_eq(&rows.join("\n"));
}

#[tokio::test]
async fn a_row_of_an_older_shape_is_brought_up_to_the_present_one() {
    on_every_driver(async |store| {
        let address = |key: &str| PEOPLE.address("t", &Key::from(key));
        write_raw(store, address("old"), b"\x01{\"called\":\"Ada\"}").await;
        write_raw(store, address("broken"), b"\x01{\"named\":\"Ada\"}").await;
        write_raw(store, address("newer"), b"\x03{\"name\":\"Ada\"}").await;
        write_raw(store, address("none"), b"").await;
        let mut unit = store.space("t").unit();
        assert_eq!(unit.find(&PEOPLE, "old").await.unwrap(), Some(Person { name: "Ada".into() }));
        for (key, expected) in [
            ("broken", "row broken of people is corrupt: shape 1 has a member called"),
            ("newer", "row newer of people is corrupt: its shape is 3, and this version reads shapes 1 to 2"),
            ("none", "row none of people is corrupt: the row is empty"),
        ] {
            assert_eq!(unit.find(&PEOPLE, key).await.unwrap_err().to_string(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_shared_row_is_read_once_until_it_changes() {
    let ada = || Person { name: "Ada".into() };
    for driver in FOLDER_DRIVERS {
        let folder = Folder::new();
        let store = Store::open(driver, folder.path()).unwrap();
        let mut unit = store.space("t").unit();
        unit.put(&PEOPLE, "a", &ada()).unwrap();
        assert_eq!(*unit.find_shared(&PEOPLE, "a").await.unwrap().unwrap(), ada(), "its own write");
        unit.commit().await.unwrap();
        store.close().await;
        let store = Store::open(driver, folder.path()).unwrap();
        let unit = || store.space("t").unit();
        let mut late = unit();
        let first = late.find_shared(&PEOPLE, "a").await.unwrap().unwrap();
        let again = unit().find_shared(&PEOPLE, "a").await.unwrap().unwrap();
        assert_eq!(*first, ada());
        assert!(Arc::ptr_eq(&first, &again), "it was read again");
        let mut nobody = unit();
        assert_eq!(nobody.find_shared(&PEOPLE, "b").await.unwrap(), None);
        let mut change = unit();
        change.put(&PEOPLE, "a", &Person { name: "Grace".into() }).unwrap();
        change.put(&PEOPLE, "b", &ada()).unwrap();
        change.commit().await.unwrap();
        let changed = unit().find_shared(&PEOPLE, "a").await.unwrap().unwrap();
        assert_eq!(changed.name, "Grace");
        for mut late in [late, nobody] {
            late.put(&NOTES, "b", &String::new()).unwrap();
            let refused = late.commit().await;
            assert!(matches!(refused, Err(Error::Conflict { table: "people", .. })), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn a_row_that_is_something_else_is_named() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        unit.put(&Table::<u64>::new("notes"), Key::new().text("a").number(1), &7).unwrap();
        unit.commit().await.unwrap();
        let unit = store.space("t").unit();
        let found = unit.peek(&NOTES, Key::new().text("a").number(1)).await;
        assert!(
            matches!(&found, Err(Error::Corrupt { table: "notes", key, .. }) if key == "a/1"),
            "{found:?}"
        );
        let listed = unit.list(&NOTES, crate::Range::all(), 10).await;
        assert!(
            matches!(&listed, Err(Error::Corrupt { table: "notes", key, .. }) if key == "a/1"),
            "{listed:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_value_without_a_json_form_is_refused() {
    let mut unit = Store::memory().space("t").unit();
    let table: Table<std::collections::BTreeMap<(u8, u8), u8>> = Table::new("pairs");
    let refused = unit.put(&table, "a", &[((1, 2), 3)].into());
    assert!(matches!(refused, Err(Error::Unwritable { table: "pairs", .. })), "{refused:?}");
    assert!(unit.is_clean());
}
