//! Lists: bounded, in key order, from either end, with the unit's own writes.

use std::collections::BTreeSet;

use super::{Dice, NOTES, on_every_driver};
use crate::{Key, Range, Space, Store, Table, Unit};

async fn filled(space: &Space) {
    let mut unit = space.unit();
    for (group, number) in [("a", 1), ("a", 2), ("a", 300), ("b", 1), ("b", 2), ("c", 1)] {
        unit.put(&NOTES, Key::new().text(group).number(number), &format!("{group}{number}"))
            .unwrap();
    }
    unit.commit().await.unwrap();
}

async fn listed(unit: &Unit, range: Range, limit: usize) -> String {
    let rows = unit.list(&NOTES, range.clone(), limit).await.unwrap();
    let keys = unit.list_keys(&NOTES, range, limit).await.unwrap();
    assert!(rows.iter().map(|(key, _)| key).eq(&keys), "{keys:?}");
    for (key, value) in &rows {
        assert_eq!(key.parts().replace('/', ""), value.trim_end_matches('*'));
    }
    rows.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_list_takes_its_stretch_in_order() {
    on_every_driver(async |store| {
        let space = store.space("t");
        filled(&space).await;
        let key = |group: &str, number| Key::new().text(group).number(number);
        for (range, limit, expected) in [
            (Range::all(), 10, "a1 a2 a300 b1 b2 c1"),
            (Range::all(), 2, "a1 a2"),
            (Range::all(), 0, ""),
            (Range::all().descending(), 10, "c1 b2 b1 a300 a2 a1"),
            (Range::all().descending(), 2, "c1 b2"),
            (Range::prefix("a"), 10, "a1 a2 a300"),
            (Range::prefix("a").descending(), 2, "a300 a2"),
            (Range::prefix("d"), 10, ""),
            (Range::prefix(key("a", 2)), 10, "a2"),
            (Range::all().after(key("a", 2)), 2, "a300 b1"),
            (Range::all().after(key("a", 3)), 2, "a300 b1"),
            (Range::prefix("a").after(key("a", 2)), 10, "a300"),
            (Range::prefix("b").after(key("a", 2)), 10, "b1 b2"),
            (Range::prefix("a").after(key("b", 2)), 10, ""),
            (Range::all().from(key("a", 2)), 2, "a2 a300"),
            (Range::all().from(key("a", 3)), 2, "a300 b1"),
            (Range::all().from("b"), 10, "b1 b2 c1"),
            (Range::prefix("a").from(key("a", 300)), 10, "a300"),
            (Range::prefix("b").from(key("a", 2)), 10, "b1 b2"),
            (Range::prefix("a").from(key("b", 2)), 10, ""),
            (Range::all().before(key("a", 300)), 10, "a1 a2"),
            (Range::all().before(key("b", 2)).descending(), 2, "b1 a300"),
            (Range::prefix("a").before(key("b", 2)).descending(), 2, "a300 a2"),
            (Range::prefix("b").before(key("a", 2)), 10, ""),
            (Range::all().after(key("a", 1)).before(key("b", 1)), 10, "a2 a300"),
            (Range::all().after(key("b", 1)).before(key("a", 1)), 10, ""),
            (Range::all().after(key("a", 1)).before(key("a", 1)), 10, ""),
            (Range::all().after(key("a", 1)).before(key("a", 2)), 10, ""),
        ] {
            let described = format!("{range:?} {limit}");
            assert_eq!(listed(&space.unit(), range, limit).await, expected, "{described}");
        }
        let rows =
            space.unit().list(&Table::<String>::new("note"), Range::all(), 10).await.unwrap();
        assert_eq!(rows, [], "a table whose name begins alike is another table");
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_the_units_own_writes() {
    on_every_driver(async |store| {
        let space = store.space("t");
        filled(&space).await;
        let mut unit = space.unit();
        let key = |group: &str, number| Key::new().text(group).number(number);
        unit.remove(&NOTES, key("a", 2));
        unit.put(&NOTES, key("a", 300), &"a300*".to_owned()).unwrap();
        unit.begin();
        unit.put(&NOTES, key("b", 0), &"b0*".to_owned()).unwrap();
        unit.remove(&NOTES, key("b", 1));
        unit.remove(&NOTES, key("z", 1));
        for (range, limit, expected) in [
            (Range::all(), 10, "a1 a300* b0* b2 c1"),
            (Range::all(), 2, "a1 a300*"),
            (Range::all().descending(), 10, "c1 b2 b0* a300* a1"),
            (Range::all().descending(), 3, "c1 b2 b0*"),
            (Range::prefix("b"), 1, "b0*"),
            (Range::prefix("b").descending(), 1, "b2"),
            (Range::all().after(key("a", 1)), 1, "a300*"),
            (Range::all().after(key("b", 0)), 1, "b2"),
            (Range::all().before(key("b", 2)).descending(), 1, "b0*"),
        ] {
            let described = format!("{range:?} {limit}");
            assert_eq!(listed(&unit, range, limit).await, expected, "{described}");
        }
        unit.undo();
        assert_eq!(listed(&unit, Range::prefix("b"), 10).await, "b1 b2");
    })
    .await;
}

#[tokio::test]
async fn random_lists_agree_with_an_ordered_map() {
    on_every_driver(async |store| {
        const NUMBERS: Table<u64> = Table::new("numbers");
        let mut dice = Dice::new(7);
        let mut model = std::collections::BTreeMap::new();
        let space = store.space("t");
        for _ in 0..60 {
            let mut unit = space.unit();
            for _ in 0..dice.below(6) {
                let (key, value) = (dice.below(16), dice.number());
                if dice.below(3) == 0 {
                    unit.remove(&NUMBERS, key);
                    model.remove(&key);
                } else {
                    unit.put(&NUMBERS, key, &value).unwrap();
                    model.insert(key, value);
                }
            }
            let (after, before, limit) = (dice.below(16), dice.below(20), dice.below(5) as usize);
            let range = Range::all().after(after).before(before);
            let inside = model
                .iter()
                .filter(|(key, _)| **key > after && **key < before)
                .map(|(k, v)| (Key::from(*k), *v));
            let mut expected: Vec<_> = inside.collect();
            let found = unit.list(&NUMBERS, range.clone(), limit).await.unwrap();
            assert_eq!(found, expected.iter().take(limit).cloned().collect::<Vec<_>>());
            expected.reverse();
            let found = unit.list(&NUMBERS, range.descending(), limit).await.unwrap();
            assert_eq!(found, expected.into_iter().take(limit).collect::<Vec<_>>());
            unit.commit().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_rows_beneath_many_keys_are_listed_in_order() {
    on_every_driver(async |store| {
        let space = store.space("t");
        filled(&space).await;
        let mut unit = space.unit();
        unit.put(&NOTES, Key::new().text("b").number(3), &"b3*".to_owned()).unwrap();
        unit.remove(&NOTES, Key::new().text("a").number(2));
        for (keys, expected) in [
            (vec![], ""),
            (vec!["a"], "a1 a300"),
            (vec!["b", "a"], "a1 a300 b1 b2 b3*"),
            (vec!["A", "a", "aa", "c", "z"], "a1 a300 c1"),
            (vec!["aa", "ab", "bb"], ""),
        ] {
            let described = format!("{keys:?}");
            let keys: BTreeSet<Key> = keys.into_iter().map(Key::from).collect();
            let rows = unit.list_beneath(&NOTES, &keys).await.unwrap();
            for (key, value) in &rows {
                assert_eq!(key.parts().replace('/', ""), value.trim_end_matches('*'));
            }
            let rows: Vec<String> = rows.into_iter().map(|(_, value)| value).collect();
            assert_eq!(rows.join(" "), expected, "{described}");
        }
    })
    .await;
}

#[tokio::test]
async fn keys_without_rows_cost_no_looks_of_their_own() {
    let store = Store::memory();
    let mut unit = store.space("t").unit();
    for number in (0..1000).step_by(100) {
        unit.put(&NOTES, Key::new().number(number).text("one"), &String::new()).unwrap();
    }
    unit.commit().await.unwrap();
    #[rustfmt::skip]
    let cases = [
        ("one in a hundred",   (0..1000).collect::<Vec<u64>>(),        10, 11),
        ("all",                (0..1000).step_by(100).collect(),       10, 11),
        ("none",               (1..100).collect(),                      0,  1),
        ("none at the end",    (901..1000).collect(),                   0,  1),
    ];
    for (name, numbers, rows, looks) in cases {
        let keys = numbers.into_iter().map(Key::from).collect();
        let before = store.looks();
        let found = store.space("t").unit().list_beneath(&NOTES, &keys).await.unwrap();
        assert_eq!(found.len(), rows, "{name}");
        assert!(store.looks() - before <= looks, "{name}: {} looks", store.looks() - before);
    }
}
