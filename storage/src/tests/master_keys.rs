//! Master keys: from a file, given, or derived from a passphrase; what is said of a wrong one; and their change.

use std::path::Path;

use zeroize::Zeroizing;

use super::{Folder, on_every_folder};
use crate::{Driver, Error, MasterKey, MasterKeys, Seal, SealedTable, Store};

struct Canary(String);

impl Seal for Canary {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone().into_bytes())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Canary, String> {
        String::from_utf8(bytes.to_vec()).map(Canary).map_err(|e| e.to_string())
    }
}

const CAGE: SealedTable<Canary> = SealedTable::new("cage");
const HEX: &str = "000102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn text(key: &str) -> MasterKey {
    MasterKey::Text(Zeroizing::new(key.to_owned()))
}

fn passphrase(words: &str) -> MasterKey {
    MasterKey::Passphrase(Zeroizing::new(words.to_owned()))
}

fn only(present: MasterKey) -> MasterKeys {
    MasterKeys { present, previous: None }
}

fn after(previous: MasterKey, present: MasterKey) -> MasterKeys {
    MasterKeys { present, previous: Some(previous) }
}

async fn put(store: &Store, song: &str) {
    let mut unit = store.space("t").unit();
    unit.put_sealed(&CAGE, "a", &Canary(song.into())).await.unwrap();
    unit.commit().await.unwrap();
}

async fn song(folder: &Path, keys: &MasterKeys) -> Result<String, Error> {
    let store = Store::open_with(Driver::Redb, folder, keys)?;
    let canary = store.space("t").unit().find_sealed(&CAGE, "a").await?;
    store.close().await;
    Ok(canary.unwrap().0)
}

async fn refusal(folder: &Path, keys: &MasterKeys) -> String {
    song(folder, keys).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_store_opens_with_the_key_that_it_was_made_with_however_it_is_written() {
    on_every_folder(async |driver, folder| {
        let store = Store::open_with(driver, folder, &only(text(HEX))).unwrap();
        put(&store, "one").await;
        store.close().await;
        assert!(!folder.join("master.key").exists(), "a key that is given is not kept");
        let file = folder.with_extension("key");
        let raw: Vec<u8> = (0..32).collect();
        let mut keys = vec![text(BASE64), text(&format!(" {} \n", HEX.to_lowercase()))];
        for (number, bytes) in
            [raw, HEX.as_bytes().to_vec(), format!("{BASE64}\n").into_bytes()].iter().enumerate()
        {
            let file = file.with_extension(number.to_string());
            std::fs::write(&file, bytes).unwrap();
            keys.push(MasterKey::File(file));
        }
        for key in keys {
            let store = Store::open_with(driver, folder, &only(key.clone())).unwrap();
            let found = store.space("t").unit().find_sealed(&CAGE, "a").await.unwrap();
            assert_eq!(found.unwrap().0, "one", "{key}");
            store.close().await;
            if let MasterKey::File(file) = key {
                std::fs::remove_file(file).unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_passphrase_opens_what_it_made_and_another_does_not() {
    let folder = Folder::new();
    let words = "correct horse battery staple";
    let store = Store::open_with(Driver::Redb, folder.path(), &only(passphrase(words))).unwrap();
    put(&store, "one").await;
    store.close().await;
    assert_eq!(song(folder.path(), &only(passphrase(words))).await.unwrap(), "one");
    let told = refusal(folder.path(), &only(passphrase("correct horse battery stable"))).await;
    assert!(told.contains("the passphrase that was given is not the key"), "{told}");
    assert!(!told.contains("horse"), "{told}");
}

#[tokio::test]
async fn a_key_that_is_wrong_or_none_is_told_with_what_to_do() {
    let folder = Folder::new();
    put(&Store::open_with(Driver::Redb, folder.path(), &only(text(HEX))).unwrap(), "one").await;
    let other = "ff".repeat(32);
    let short = folder.path().join("short.key");
    std::fs::write(&short, [0; 31]).unwrap();
    #[rustfmt::skip]
    let cases = [
        (only(text(&other)),                                     "the master key that was given is not the key that this store was sealed with"),
        (only(text("secret")),                                   "the master key that was given does not hold 32 bytes"),
        (only(passphrase("correct horse battery")),              "the passphrase that was given is not the key"),
        (only(MasterKey::OwnFile),                               "its file master.key is missing"),
        (only(MasterKey::File("/nowhere/at.all".into())),        "the file /nowhere/at.all with the master key is missing"),
        (only(MasterKey::File(short)),                           "short.key does not hold 32 bytes"),
        (after(text(&other), passphrase("correct horse battery")), "neither the passphrase that was given nor, as the previous one, the master key that was given is what"),
        (after(text(HEX), passphrase("short")),                  "has fewer than 12 characters"),
    ];
    for (keys, expected) in cases {
        let told = refusal(folder.path(), &keys).await;
        assert!(told.contains(expected), "{keys:?}: {told}");
        assert!(!told.contains("secret\"") && !told.contains(&other), "{told}");
    }
    assert_eq!(song(folder.path(), &only(text(HEX))).await.unwrap(), "one", "nothing was changed");
}

#[tokio::test]
async fn the_previous_key_is_needed_once_and_opens_nothing_afterwards() {
    let folder = Folder::new();
    put(&Store::open(Driver::Redb, folder.path()).unwrap(), "one").await;
    let own = folder.path().join("master.key");
    let aside = folder.path().join("former.key");
    std::fs::rename(&own, &aside).unwrap();
    let former = MasterKey::File(aside);
    let words = passphrase("correct horse battery staple");
    let changes = [
        after(former.clone(), text(HEX)),
        after(text(HEX), words.clone()),
        after(words.clone(), passphrase("a quite different passphrase")),
        after(passphrase("a quite different passphrase"), MasterKey::OwnFile),
    ];
    for keys in changes {
        assert_eq!(song(folder.path(), &keys).await.unwrap(), "one", "{keys:?}");
        assert_eq!(song(folder.path(), &keys).await.unwrap(), "one", "given once more: {keys:?}");
        assert_eq!(song(folder.path(), &only(keys.present)).await.unwrap(), "one");
        let told = refusal(folder.path(), &only(keys.previous.unwrap())).await;
        assert!(told.contains("is not the key"), "{told}");
    }
    assert!(own.exists(), "the last change made the folder's own key");
}

#[test]
fn nothing_secret_is_printed() {
    let keys = after(text(HEX), passphrase("correct horse battery"));
    let printed = format!("{keys:?} {}", keys.present);
    assert!(!printed.contains("horse") && !printed.contains("0001"), "{printed}");
}
