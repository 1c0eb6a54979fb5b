//! What it costs to sign in, to search and to import beside a thousand people, and beside five thousand.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use sha2::Sha256;

use super::*;
use crate::credential::client::Client;
use crate::{Page, UserProperty, UserSearch};

const PASSCODE: &str = "correct horse battery staple";
/// How many sign in.
const SAMPLE: u32 = 10;
/// Lines of one commit.
const LINES: u32 = 250;

/// Bytes of rows that were read and written.
#[derive(Debug)]
struct Cost {
    read: u64,
    written: u64,
}

impl Cost {
    async fn of(scene: &Scene, doing: impl Future<Output = ()>) -> Cost {
        let (read, written) = (scene.store.bytes_read(), scene.store.bytes_written());
        doing.await;
        let (read, written) =
            (scene.store.bytes_read() - read, scene.store.bytes_written() - written);
        Cost { read, written }
    }

    fn is_within(&self, other: &Cost, hundredths: u64) -> bool {
        let within = |one: u64, other: u64| one.abs_diff(other) * 100 <= other * hundredths;
        within(self.read, other.read) && within(self.written, other.written)
    }
}

fn name(number: u32) -> String {
    format!("person-{number:05}")
}

/// Imports people with passcodes, from one number up to another.
async fn import_crowd(scene: &Scene, from: u32, to: u32) {
    let (i, salt) = ("AAAAAAAAAAAAAAAAAAAAAAAAAA", [7; 32]);
    let verifier = json!({
        "i": i,
        "salt": BASE64URL_NOPAD.encode(&salt),
        "v": BASE64.encode(&Client::new(i, &salt, PASSCODE).verifier::<Sha256>()),
        "group": "RFC5054-2048",
        "hashAlgorithm": "SHA-256",
    });
    let line = |number: u32| {
        let name = name(number);
        let attributes = json!({ "email": format!("{name}@example.org"), "lastName": "Last" });
        let passcodes = json!([{ "policyName": "p", "verifier": verifier }]);
        json!({ "externalId": name, "attributes": attributes, "passcodes": passcodes }).to_string()
    };
    for first in (from..=to).step_by(LINES as usize) {
        let lines: Vec<_> = (first..=to.min(first + LINES - 1)).map(line).collect();
        let import = import(scene, "crowd", u64::from(first), &lines.join("\n")).await.unwrap();
        assert_eq!((import.created, import.failed), (import.lines, 0), "{:?}", import.failures);
    }
}

/// Moves all that waits into the log of the audit.
async fn record(scene: &Scene) {
    loop {
        let mut work = scene.work();
        let found = work.sequence_audit(1000).await.unwrap();
        work.commit().await.unwrap();
        if found == 0 {
            return;
        }
    }
}

/// What ten sign-ins cost, their records in the log, ten searches, and the import of some more people.
async fn costs(people: u32) -> [(&'static str, Cost); 4] {
    let scene = Scene::with_alice().await;
    import_crowd(&scene, 1, people).await;
    record(&scene).await;
    let some = || (1..=SAMPLE).map(|number| number * people / SAMPLE);
    let sign_ins = Cost::of(&scene, async {
        for number in some() {
            assert!(scene.guess(&external(&name(number)), "p", PASSCODE).await);
        }
    });
    let sign_ins = sign_ins.await;
    let records = Cost::of(&scene, record(&scene)).await;
    let searches = Cost::of(&scene, async {
        for _ in some() {
            let beginning = "person-".to_owned();
            let search = UserSearch { by: UserProperty::Email, beginning, descending: false };
            let found = scene.work().search_users("s", Page::default(), &search).await.unwrap();
            assert_eq!(found.items.len(), 10);
        }
    });
    let searches = searches.await;
    let imported = Cost::of(&scene, import_crowd(&scene, people + 1, people + LINES)).await;
    [("sign-ins", sign_ins), ("records", records), ("searches", searches), ("import", imported)]
}

#[tokio::test]
async fn nothing_costs_more_beside_five_thousand_people_than_beside_a_thousand() {
    // Numbers have more digits, and a larger tree more hashes on its edge. A search reads the neighbour of who is found
    // too: one less where two of them lie side by side, and one more where a slow machine lets threads share the rest.
    // Both crowds end at the same place of a row of digests, which are of 256 lines.
    let allowed = [1, 10, 10, 1];
    let (few, many) = (costs(1000).await, costs(5096).await);
    for (((what, few), (_, many)), allowed) in few.into_iter().zip(many).zip(allowed) {
        assert!(many.is_within(&few, allowed), "{what}: {few:?} beside few, {many:?} beside many");
    }
}
