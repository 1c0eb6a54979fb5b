//! A tenant for tests: a store in memory, a clock that is moved by hand, and the changes of the rows as lines.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Timestamp;
use num_bigint::BigUint;
use regex::Regex;
use serde_json::{Value, json};
use sha2::Sha256;
use storage::{Range, Seal, SealedTable, Store, Table};
use zeroize::Zeroizing;

use crate::credential::client::{Answer, Client};
use crate::{
    ClientProof, Error, NewStore, NewUser, PasscodeAuthentication, Period, Rate, StoreChange,
    Throttle, ThrottleLimits, User, Verdict, Who, Work, decode_base64,
};

const TABLES: [&str; 16] = [
    "identity-stores",
    "identity-store-names",
    "identity-stores-removed",
    "users",
    "users-by-external-id",
    "users-by-creation",
    "users-by-property",
    "user-imports",
    "user-import-digests",
    "user-import-lines",
    "passcode-hash-templates",
    "passcodes",
    "passcode-ceremony-expiries",
    "totps",
    "recovery-codes",
    "audit",
];
const SEALED: [&str; 8] = [
    "passcode-verifiers",
    "passcode-former",
    "passcode-hashes",
    "passcode-ceremonies",
    "passcode-decoys",
    "user-import-keys",
    "totp-secrets",
    "recovery-code-hashes",
];

static SALT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?-u)"salt":( ?)"[\w-]{43}""#).unwrap());
static IDENTIFIER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)\b[A-Z2-7]{26}\b").unwrap());

/// What is behind a seal, whatever it is.
pub(crate) struct Bare(pub(crate) Vec<u8>);

impl Seal for Bare {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Bare, String> {
        Ok(Bare(bytes.to_vec()))
    }
}

/// Where everybody is who does not say otherwise.
const SOURCE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77));

/// The tenant `t` with its clock.
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) now: Timestamp,
    /// It counts what failed and lets nobody wait.
    throttle: Arc<Throttle>,
    names: BTreeMap<String, String>,
    before: Vec<String>,
}

impl Scene {
    pub(crate) fn empty() -> Scene {
        let now = "2025-02-05T13:58:35.626Z".parse().unwrap();
        let source = Some(Rate::new(1_000_000, Duration::from_secs(1)));
        let throttle = Arc::new(Throttle::new(ThrottleLimits { source, user: None, store: None }));
        let (names, before) = (BTreeMap::new(), Vec::new());
        Scene { store: Store::memory(), now, throttle, names, before }
    }

    /// The store `s` with the policies `p`, which lasts, and `q`, which expires after a day; the user `alice`.
    pub(crate) async fn with_alice() -> Scene {
        let mut scene = Scene::empty();
        let mut work = scene.work();
        work.add_store(NewStore { name: "s".to_owned(), ..NewStore::default() }).await.unwrap();
        let policies = json!({ "p": {}, "q": { "expirationDuration": "P1D" } });
        let Value::Object(change) = json!({ "passcodePolicies": policies }) else { unreachable!() };
        let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
        work.update_store("s", change).await.unwrap();
        work.add_user("s", NewUser { external_id: Some("alice".to_owned()), ..NewUser::default() })
            .await
            .unwrap();
        work.commit().await.unwrap();
        scene.changes().await;
        scene
    }

    pub(crate) fn work(&self) -> Work {
        let work = Work::new(self.store.space("t").unit(), self.now, "tester");
        work.throttled(self.throttle.clone(), Some(SOURCE))
    }

    /// How many guesses have failed and count against whoever guesses; each is forgotten after a second.
    pub(crate) fn failed_guesses(&self) -> i64 {
        self.throttle.charged(SOURCE, self.now) / 1000
    }

    pub(crate) fn pass(&mut self, time: &str) {
        self.now = Period::try_from(time.to_owned()).unwrap().after(self.now);
    }

    /// Registers a passcode.
    pub(crate) async fn register(&self, who: &Who, policy: &str, passcode: &str) -> User {
        let mut work = self.work();
        let start = work.start_passcode_registration("s", who, policy).await.unwrap();
        let parameters = start.algorithm_info.parameters;
        let salt = decode_base64(&parameters.salt.unwrap()).unwrap();
        let verifier = Client::new(&parameters.i.unwrap(), &salt, passcode).verifier::<Sha256>();
        let session = start.session_id;
        let user = work.complete_passcode_registration("s", &session, Some(&verifier.into())).await;
        work.commit().await.unwrap();
        user.unwrap()
    }

    /// Starts an authentication blindly and keeps it.
    pub(crate) async fn start(&self, who: &Who, policy: &str) -> PasscodeAuthentication {
        let mut work = self.work();
        let start = work.start_passcode_authentication_blindly("s", who, policy).await.unwrap();
        work.commit().await.unwrap();
        start
    }

    /// Completes an authentication, again and again while somebody else is faster.
    pub(crate) async fn complete(&self, session: &str, answer: &Answer) -> Result<Verdict, Error> {
        loop {
            let mut work = self.work();
            let proof = ClientProof { client_public_key: &answer.a_public, m1: &answer.m1 };
            let verdict = work.complete_passcode_authentication("s", session, Some(proof)).await?;
            match work.commit().await {
                Err(error) if error.is_conflict() => {}
                other => return other.map(|()| verdict),
            }
        }
    }

    /// Tries a passcode after a blind start; whether it was accepted.
    pub(crate) async fn guess(&self, who: &Who, policy: &str, passcode: &str) -> bool {
        let start = self.start(who, policy).await;
        let answer = answer(&start, passcode);
        match self.complete(&start.session_id, &answer).await.unwrap() {
            Verdict::Accepted { m2, .. } => {
                assert_eq!(m2, answer.m2);
                true
            }
            Verdict::Refused { .. }
            | Verdict::Expired { .. }
            | Verdict::Unfit { .. }
            | Verdict::TooCommon { .. } => false,
        }
    }

    /// What was written and removed since the last call, as lines; identifiers are numbered as they come up.
    pub(crate) async fn changes(&mut self) -> String {
        let after = self.rows().await;
        let removed = self.before.iter().filter(|row| !after.contains(row)).map(|row| ("-", row));
        let added = after.iter().filter(|row| !self.before.contains(row)).map(|row| ("+", row));
        let lines: String =
            removed.chain(added).map(|(sign, row)| format!("{sign} {row}\n")).collect();
        self.before = after;
        lines
    }

    /// How many records, and places of records, were written of locks that there are not.
    pub(crate) async fn locks_of_nobody(&self) -> [usize; 2] {
        let unit = self.store.space("t").unit();
        let mut counts = [0; 2];
        let tables = ["stand-in-records", "stand-in-places-of-records"];
        for (count, name) in counts.iter_mut().zip(tables) {
            let rows = unit.list(&Table::<Value>::new(name), Range::all(), 100).await.unwrap();
            *count = rows.iter().filter(|(key, _)| key.parts().ends_with("/lock")).count();
        }
        counts
    }

    /// All rows of the tenant, as lines.
    pub(crate) async fn rows(&mut self) -> Vec<String> {
        let unit = self.store.space("t").unit();
        let mut rows = Vec::new();
        for name in TABLES {
            let table = Table::<Value>::new(name);
            for (key, row) in unit.list(&table, Range::all(), 10_000).await.unwrap() {
                rows.push(format!("{name} {} {row}", key.parts()));
            }
        }
        for name in SEALED {
            let table = SealedTable::<Bare>::new(name);
            for (key, Bare(bytes)) in unit.list_sealed(&table, Range::all(), 10_000).await.unwrap()
            {
                rows.push(format!("{name} {} {} bytes sealed", key.parts(), bytes.len()));
            }
        }
        rows.into_iter().map(|row| self.named(&row)).collect()
    }

    /// A row with numbers for its identifiers, and without its salt.
    pub(crate) fn named(&mut self, row: &str) -> String {
        let row = SALT.replace_all(row, r#""salt":$1"…""#);
        IDENTIFIER
            .replace_all(&row, |found: &regex::Captures<'_>| {
                let next = format!("#{}", self.names.len() + 1);
                self.names.entry(found[0].to_owned()).or_insert(next).clone()
            })
            .into_owned()
    }
}

/// A user by external identifier.
pub(crate) fn external(id: &str) -> Who {
    Who::ExternalId(id.to_owned())
}

/// What a page answers when this passcode is typed.
pub(crate) fn answer(start: &PasscodeAuthentication, passcode: &str) -> Answer {
    let parameters = &start.algorithm_info.parameters;
    let part = |text: &Option<String>| decode_base64(text.as_deref().unwrap()).unwrap();
    let client = Client::new(parameters.i.as_deref().unwrap(), &part(&parameters.salt), passcode);
    let a = BigUint::from_bytes_be(&crate::random::random::<32>().unwrap());
    client.answer::<Sha256>(&a, &part(&parameters.server_public_key))
}
