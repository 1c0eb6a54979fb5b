//! Every sealed table of the house, found in its sources, goes through a rotation: none can be forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::address::Address;
use crate::keyring::{self, tenant_key_address};
use crate::store::row_of;
use crate::{Seal, SealedTable, Store};

/// A secret of any sort.
struct Canary(Vec<u8>);

impl Seal for Canary {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Canary, String> {
        Ok(Canary(bytes.to_vec()))
    }
}

/// How sealed tables are declared: for tenants, through a ceremony's sessions or a kind of credential, or shared by all
/// tenants.
const DECLARED: [&str; 4] =
    ["SealedTable::new(", "Sessions::new(", "Credentials::new(", "SealedTable::shared("];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|e| e == "rs");
    let entries = entries.filter(wanted);
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The names of the sealed tables that the sources of all rooms but this one declare.
fn declared() -> BTreeSet<(String, bool)> {
    let mut names = BTreeSet::new();
    for room in ["access", "activities", "identity", "runtime", "web"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room).join("src");
        for file in sources(&folder) {
            let text = fs::read_to_string(&file).unwrap();
            for (number, words) in DECLARED.iter().enumerate() {
                for rest in text.split(words).skip(1) {
                    // A name stands there, or a parameter of that name.
                    let Some(name) = rest.trim_start().strip_prefix('"') else { continue };
                    let name = name.split('"').next().unwrap();
                    names.insert((name.to_owned(), number == 3));
                }
            }
        }
    }
    names
}

#[tokio::test]
async fn a_rotation_leaves_no_row_of_any_sealed_table_of_the_house_behind() {
    let tables = declared();
    let known = ["audit-keys", "sealed-texts", "signing-seeds", "passcode-former", "totp-secrets"];
    for name in known {
        assert!(tables.iter().any(|(table, _)| table == name), "{name} is not found: {tables:?}");
    }
    let store = Store::memory();
    let mut rows: Vec<(Address, &str)> = Vec::new();
    let mut unit = store.space("t").unit();
    for (name, shared) in &tables {
        let name: &'static str = name.clone().leak();
        let table: SealedTable<Canary> =
            if *shared { SealedTable::shared(name) } else { SealedTable::new(name) };
        for number in 0..3_u64 {
            unit.put_sealed(&table, number, &Canary(format!("{name} {number}").into()))
                .await
                .unwrap();
            rows.push((table.address("t", &number.into()), table.owner("t")));
        }
    }
    unit.commit().await.unwrap();
    let inner = store.space("t").store;
    let newest = |owner: &str| {
        let address = tenant_key_address(owner);
        let row = inner.get(&address).unwrap().unwrap();
        inner.keyring.keys_of(&address, &row).unwrap()
    };
    let owners: BTreeSet<&str> = rows.iter().map(|(_, owner)| *owner).collect();
    let former: Vec<_> = owners.iter().map(|owner| (*owner, newest(owner).newest)).collect();
    assert!(store.begin_rotation().await.unwrap());
    while !store.rotate_some(5).await.unwrap() {}
    for (address, owner) in &rows {
        let stored = inner.get(address).unwrap().unwrap();
        let (_, row) = row_of(address, &stored).unwrap();
        let old = &former.iter().find(|(of, _)| of == owner).unwrap().1;
        assert!(keyring::open(old, address, row).is_err(), "{address:?} opens with the old key");
        let new = newest(owner);
        assert!(keyring::open(&new.newest, address, row).is_ok(), "{address:?}");
        assert!(new.former.is_empty(), "the old key is forgotten");
    }
    assert_eq!(store.rotation().unwrap().unwrap().sealed_again, rows.len() as u64);
}
