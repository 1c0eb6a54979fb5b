//! What strangers guess in ceremonies is throttled by name and by store: alike for everybody, and to nobody's harm.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::*;
use crate::audit::Reason;
use crate::scene::{Scene, answer, external};
use crate::{
    ClientFailure, ClientOutcome, ClientProof, LaneStep, Manner, NewPasscode, NewStore, NewUser,
    PasscodeAuthentication, PasskeyAnswer, StoreChange, UserChange, UserStatus, Verdict, Work,
};

/// A hash of the passcode `carla`, which costs little.
const HASH: &str = "pbkdf2_sha256$1000$salty$+hiM1iSOSCqux5q3VxXQgnubkvtSme5sSgoJGHLC1IM=";
/// Everybody whose secret may be guessed; `nobody` is not there.
pub(super) const NAMES: [&str; 5] = ["nobody", "alice", "locked", "bare", "hash"];
/// A stranger's address, and that of somebody else.
pub(super) const HERE: &str = "192.0.2.1";
const THERE: &str = "198.51.100.1";

/// How a secret is guessed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Passcode,
    Lane,
    /// The first step of the lane alone: the passcode itself is never shown.
    Proof,
    /// The lane without its second step: the passcode is not shown when the session ends.
    Skipped,
    Renewal,
    /// A renewal under a policy that compares with former passcodes.
    History,
    Totp,
    RecoveryCode,
    Passkey,
    /// With a credential of the user, where there is one.
    OwnPasskey,
    /// The client says that it could not use a passkey.
    Reported,
}

const THROTTLED: [Way; 9] = [
    Way::Passcode,
    Way::Lane,
    Way::Proof,
    Way::Skipped,
    Way::Renewal,
    Way::History,
    Way::Totp,
    Way::RecoveryCode,
    Way::Passkey,
];

/// What came of a guess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Accepted,
    Refused,
    /// It was not examined.
    Throttled,
}

/// The stores `s` and `z` with the same policies; in `s` is everybody but `nobody`, `alice` with the passcode `right`.
pub(super) struct Town {
    pub(super) scene: Scene,
    pub(super) throttle: Arc<Throttle>,
    /// What each unit of work of those who guess has read and written.
    pub(super) efforts: Mutex<Vec<Effort>>,
    /// What the database had read before the unit of work that was begun last.
    before: Mutex<(u64, u64)>,
}

/// What a unit of work reads and writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effort {
    /// How often something was looked for.
    pub(super) looks: u64,
    /// How many rows were found that were looked for one by one.
    pub(super) found: u32,
    /// Bytes of the rows that were found.
    pub(super) read: u64,
    pub(super) rows_written: u32,
    pub(super) rows_removed: u32,
    /// Bytes of what was written, and of where.
    pub(super) written: u64,
}

impl Town {
    pub(super) async fn new(limits: &Arc<Throttle>) -> Town {
        let (scene, throttle) = (Scene::with_alice().await, limits.clone());
        let town = Town { scene, throttle, efforts: Mutex::default(), before: Mutex::default() };
        let mut work = town.scene.work();
        work.add_store(NewStore { name: "z".to_owned(), ..NewStore::default() }).await.unwrap();
        for store in ["s", "z"] {
            let Value::Object(change) = json!({
                "passcodePolicies":
                    { "p": {}, "h": { "passcodeRequirements": { "passcodeHistory": 4 } } },
                "totpPolicies": { "t": {} },
                "recoveryCodePolicies": { "r": {} },
                "passkeyConfigs": { "example.org": { "authenticationPolicies": { "p": {} } } },
                "userLockConfig":
                    { "invalidCountsBeforeTempLock": [100_000], "tempLockDurations": [] },
            }) else {
                unreachable!()
            };
            let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
            work.update_store(store, change).await.unwrap();
        }
        for name in ["locked", "bare"] {
            let new = NewUser { external_id: Some(name.to_owned()), ..NewUser::default() };
            work.add_user("s", new).await.unwrap();
        }
        work.commit().await.unwrap();
        for store in ["s", "z"] {
            let hash = json!([{ "policyName": "p", "hash": HASH }]);
            let line = json!({ "externalId": "hash", "passcodes": hash }).to_string();
            let mut work = town.scene.work();
            work.start_import(store, Some("import"), 1).await.unwrap();
            let lines = [Some(line.into_bytes())];
            assert_eq!(work.import_lines(store, "import", 1, &lines).await.unwrap().created, 1);
            work.commit().await.unwrap();
        }
        for name in ["alice", "locked"] {
            town.scene.register(&external(name), "p", "right").await;
            let mut work = town.scene.work();
            work.generate_recovery_codes("s", &external(name), "r").await.unwrap();
            work.start_totp_registration("s", &external(name), "t", None).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut work = town.scene.work();
        let lock = UserChange { status: Some(UserStatus::Locked), ..UserChange::default() };
        work.update_user("s", &external("locked"), lock).await.unwrap();
        work.commit().await.unwrap();
        town
    }

    pub(super) fn work(&self, source: &str) -> Work {
        *self.before.lock().unwrap() = (self.scene.store.looks(), self.scene.store.bytes_read());
        self.scene.work().throttled(self.throttle.clone(), Some(source.parse().unwrap()))
    }

    /// Commits, and notes what was read and written.
    async fn keep(&self, mut work: Work) {
        let (store, (looks, read)) = (&self.scene.store, *self.before.lock().unwrap());
        let (looks, read) = (store.looks() - looks, store.bytes_read() - read);
        let shown = format!("{:?}", work.unit());
        let rows = |name: &str| {
            let (_, rest) = shown.split_once(&format!("{name}: ")).unwrap();
            rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap().parse().unwrap()
        };
        let (found, rows_written, rows_removed) = (rows("found"), rows("written"), rows("removed"));
        let before = store.bytes_written();
        work.commit().await.unwrap();
        let written = store.bytes_written() - before;
        let effort = Effort { looks, found, read, rows_written, rows_removed, written };
        self.efforts.lock().unwrap().push(effort);
    }

    /// A wrong guess.
    pub(super) async fn guess(&self, way: Way, store: &str, name: &str, source: &str) -> End {
        let before = self.throttled().await;
        match way {
            Way::Passcode | Way::Lane | Way::Proof | Way::Skipped => {
                self.passcode(way, store, name, source, "wrong").await;
            }
            Way::Renewal => self.renewal(store, name, "p", source).await,
            Way::History => self.renewal(store, name, "h", source).await,
            Way::Totp => {
                let (mut work, who) = (self.work(source), external(name));
                work.authenticate_with_totp(store, &who, "t", "no code", Manner::Blind)
                    .await
                    .unwrap();
                self.keep(work).await;
            }
            Way::RecoveryCode => {
                let (mut work, who) = (self.work(source), external(name));
                work.authenticate_with_recovery_code(store, &who, "r", "no code", Manner::Blind)
                    .await
                    .unwrap();
                self.keep(work).await;
            }
            Way::Passkey | Way::OwnPasskey | Way::Reported => {
                self.passkey(way, store, name, source).await;
            }
        }
        if self.throttled().await > before { End::Throttled } else { End::Refused }
    }

    /// Alice signs in with her passcode.
    async fn alice(&self, source: &str) -> End {
        let before = self.throttled().await;
        match self.passcode(Way::Passcode, "s", "alice", source, "right").await {
            Some(Verdict::Accepted { .. }) => End::Accepted,
            _ if self.throttled().await > before => End::Throttled,
            _ => End::Refused,
        }
    }

    async fn passcode(
        &self,
        way: Way,
        store: &str,
        name: &str,
        source: &str,
        passcode: &str,
    ) -> Option<Verdict> {
        let mut work = self.work(source);
        let who = external(name);
        let start = work.start_passcode_authentication_blindly(store, &who, "p").await.unwrap();
        self.keep(work).await;
        let typed = answer(&start, passcode);
        let session = &start.session_id;
        let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
        if way != Way::Passcode {
            let mut work = self.work(source);
            let step = work.prove_in_lane(store, session, proof).await.unwrap();
            self.keep(work).await;
            assert_eq!(step, LaneStep::Passcode);
            if way == Way::Proof {
                return None;
            }
        }
        if !matches!(way, Way::Passcode | Way::Skipped) {
            let bytes = passcode.as_bytes().to_vec().into();
            let mut work = self.work(source);
            work.enter_lane(store, session).await.unwrap();
            self.keep(work).await;
            let mut work = self.work(source);
            let shown = work.open_lane(store, session, bytes).await.unwrap();
            self.keep(work).await;
            let mut work = self.work(source);
            work.settle_lane(&shown.verify()).await.unwrap();
            self.keep(work).await;
        }
        let mut work = self.work(source);
        let verdict = work.complete_passcode_authentication(store, session, Some(proof)).await;
        self.keep(work).await;
        Some(verdict.unwrap())
    }

    async fn renewal(&self, store: &str, name: &str, policy: &str, source: &str) {
        let mut work = self.work(source);
        let who = external(name);
        let start = work.start_passcode_renewal(store, &who, policy, Manner::Blind).await.unwrap();
        self.keep(work).await;
        let (session_id, algorithm_info) = (start.session_id, start.current_algorithm_info);
        let present = PasscodeAuthentication { algorithm_info, session_id };
        let typed = answer(&present, "wrong");
        let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
        let history = start.passcode_history.iter().map(|_| vec![7; 256].into()).collect();
        let new = NewPasscode { verifier: vec![7; 256].into(), history };
        let mut work = self.work(source);
        let given = Some((proof, &new));
        work.complete_passcode_renewal(store, &present.session_id, given).await.unwrap();
        self.keep(work).await;
    }

    async fn passkey(&self, way: Way, store: &str, name: &str, source: &str) {
        let mut work = self.work(source);
        let (who, blind) = (external(name), Manner::Blind);
        let start = work
            .start_passkey_authentication(store, Some(&who), "example.org", Some("p"), None, blind)
            .await
            .unwrap();
        self.keep(work).await;
        let user = self.scene.work().read_user(store, &external(name)).await;
        let own = user.map_or(Vec::new(), |user| user.summary_info.passkeys);
        let own = |id: &Value| own.iter().any(|passkey| *id == passkey.credential_id);
        let shown = start.public_key["allowCredentials"].as_array().unwrap();
        let mut ids = shown.iter().map(|shown| &shown["id"]);
        let id = ids.clone().find(|id| own(id) == (way == Way::OwnPasskey));
        let id = id.or_else(|| ids.next()).unwrap();
        let data = json!({ "type": "webauthn.get", "challenge": start.public_key["challenge"],
            "origin": "https://example.org" });
        let bytes = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let response = json!({ "clientDataJSON": bytes(data.to_string().as_bytes()),
            "authenticatorData": bytes(&[0; 37]), "signature": bytes(&[1; 70]) });
        let credential: Map<String, Value> = [
            ("id".to_owned(), id.clone()),
            ("rawId".to_owned(), id.clone()),
            ("type".to_owned(), json!("public-key")),
            ("response".to_owned(), response),
        ]
        .into_iter()
        .collect();
        let answer = match way {
            Way::Reported => {
                let failure = ClientFailure { outcome: ClientOutcome::Failed, message: None };
                PasskeyAnswer { failure: Some(failure), ..PasskeyAnswer::default() }
            }
            _ => PasskeyAnswer { credential: Some(credential), ..PasskeyAnswer::default() },
        };
        let mut work = self.work(source);
        let session = start.session_id.as_deref();
        let done = work.complete_passkey_authentication(store, session, answer).await;
        // A report that is throttled is not taken.
        assert!(done.is_ok() || way == Way::Reported);
        self.keep(work).await;
    }

    /// How many guesses were not examined so far, as the audit has it.
    async fn throttled(&self) -> usize {
        let entries = self.scene.work().list_audit(100_000).await.unwrap();
        entries.iter().filter(|entry| entry.reason == Some(Reason::Throttled)).count()
    }

    /// What a source was charged, in milliseconds.
    fn charged(&self, source: &str) -> i64 {
        self.throttle.charged(source.parse().unwrap(), self.scene.now)
    }
}

#[tokio::test]
async fn a_name_is_throttled_for_a_while_whether_there_is_such_a_user_or_not() {
    use End::{Refused, Throttled};
    for way in THROTTLED {
        let mut town = Town::new(&Arc::new(throttle(MANY, MANY, MANY))).await;
        for name in NAMES {
            let case = format!("{way:?} {name}");
            town.throttle = Arc::new(throttle(MANY, "3/PT10S", MANY));
            let mut ends = Vec::new();
            for _ in 0..5 {
                ends.push(town.guess(way, "s", name, HERE).await);
            }
            assert_eq!(ends, [Refused, Refused, Refused, Throttled, Throttled], "{case}");
            assert_eq!(town.guess(way, "s", name, THERE).await, Refused, "{case}, elsewhere");
            assert_eq!(town.guess(way, "s", "other", HERE).await, Refused, "{case}, another name");
            assert_eq!(town.guess(way, "z", name, HERE).await, Refused, "{case}, another store");
            town.scene.pass("PT9S");
            assert_eq!(town.guess(way, "s", name, HERE).await, Throttled, "{case}, too early");
            town.scene.pass("PT1S");
            assert_eq!(town.guess(way, "s", name, HERE).await, Refused, "{case}, later");
            assert_eq!(town.guess(way, "s", name, HERE).await, Throttled, "{case}, one only");
        }
    }
}

#[tokio::test]
async fn a_stranger_uses_up_as_much_with_one_name_as_with_another() {
    use Way::{Lane, Passcode, Passkey, Proof, RecoveryCode, Renewal, Skipped, Totp};
    // Each kind comes once early and once when others have filled the buckets of the name.
    let script = [
        Passkey,
        Passkey,
        Totp,
        Passkey,
        RecoveryCode,
        Totp,
        RecoveryCode,
        Totp,
        Proof,
        Skipped,
        Passcode,
        Proof,
        Lane,
        Renewal,
        Lane,
        Skipped,
        Proof,
        Passcode,
        Renewal,
        Passkey,
    ];
    let mut town = Town::new(&Arc::new(throttle(MANY, MANY, MANY))).await;
    let mut seen = Vec::new();
    for name in NAMES {
        town.throttle = Arc::new(throttle("1000/PT1S", "4/PT10S", "1000/PT1S"));
        let mut charged = Vec::new();
        for way in script {
            town.guess(way, "s", name, HERE).await;
            charged.push(town.charged(HERE) / 1000);
        }
        seen.push((name, charged));
    }
    let (_, expected) = seen[0].clone();
    assert_eq!(expected[0], 1);
    assert!(expected[script.len() - 1] < script.len() as i64, "something was throttled");
    for (name, charged) in seen {
        assert_eq!(charged, expected, "{name} and nobody");
    }
}

#[tokio::test]
async fn what_a_client_reports_is_charged_and_noted_until_the_name_is_throttled() {
    for name in ["nobody", "alice"] {
        let town = Town::new(&Arc::new(throttle("1000/PT1S", "3/PT10S", MANY))).await;
        for _ in 0..5 {
            town.guess(Way::Reported, "s", name, HERE).await;
        }
        let entries = town.scene.work().list_audit(1000).await.unwrap();
        let failed = |entry: &&crate::audit::Entry| entry.reason == Some(Reason::ClientFailed);
        assert_eq!(entries.iter().filter(failed).count(), 3, "{name}");
        assert_eq!(town.charged(HERE), 3000, "{name}");
    }
}

#[tokio::test]
async fn a_caller_who_may_know_is_told_how_long_a_passkey_waits() {
    let mut town = Town::new(&Arc::new(throttle(MANY, "2/PT10S", MANY))).await;
    let mut told = Vec::new();
    for failure in [ClientOutcome::Cancelled; 3] {
        let mut work = town.work(HERE);
        let (who, open) = (external("alice"), Manner::Open);
        let start = work
            .start_passkey_authentication("s", Some(&who), "example.org", Some("p"), None, open)
            .await
            .unwrap();
        let failure = Some(ClientFailure { outcome: failure, message: None });
        let answer = PasskeyAnswer { failure, ..PasskeyAnswer::default() };
        let session = start.session_id.as_deref();
        let ended = work.complete_passkey_authentication("s", session, answer).await;
        told.push(ended.map(drop).map_err(|error| error.code()));
        work.commit().await.unwrap();
    }
    assert_eq!(told, [Ok(()), Ok(()), Err(2104)]);
    town.scene.pass("PT10S");
    assert_eq!(town.guess(Way::Passkey, "s", "alice", HERE).await, End::Refused);
}

#[tokio::test]
async fn a_passcode_that_is_right_costs_nothing_also_where_it_comes_as_a_hash() {
    let town = Town::new(&Arc::new(throttle("3/PT10S", "1/PT10S", MANY))).await;
    for _ in 0..5 {
        assert_eq!(town.alice(HERE).await, End::Accepted);
    }
    let verdict = town.passcode(Way::Lane, "s", "hash", HERE, "carla").await;
    assert!(matches!(verdict, Some(Verdict::Expired { .. })), "too common: {verdict:?}");
    assert_eq!(town.charged(HERE), 0);
}

#[tokio::test]
async fn a_store_under_attack_is_closed_to_who_failed_there_and_to_nobody_else() {
    use End::{Accepted, Refused, Throttled};
    for way in THROTTLED {
        let limits = Arc::new(throttle("100/PT5S", MANY, "5/PT10S"));
        let mut town = Town::new(&limits).await;
        for number in 0..5 {
            let source = format!("192.0.2.{number}");
            let name = NAMES[number % NAMES.len()];
            assert_eq!(town.guess(way, "s", name, &source).await, Refused, "{way:?}");
        }
        assert_eq!(town.guess(way, "s", "other", HERE).await, Throttled, "{way:?}");
        assert_eq!(town.guess(way, "z", "other", HERE).await, Refused, "{way:?}, another store");
        assert_eq!(town.guess(way, "s", "other", THERE).await, Refused, "{way:?}, not failed yet");
        assert_eq!(town.alice("203.0.113.1").await, Accepted, "{way:?}");
        // Who has failed twice is let in when that is forgotten, however full the store is.
        for number in 10..40 {
            town.guess(way, "s", "other", &format!("192.0.2.{number}")).await;
        }
        town.scene.pass("PT9S");
        assert_eq!(town.guess(way, "s", "other", HERE).await, Throttled, "{way:?}");
        town.scene.pass("PT1S");
        assert_eq!(town.guess(way, "s", "other", HERE).await, Refused, "{way:?}");
    }
}

#[tokio::test]
async fn nobody_can_keep_somebody_out_by_guessing_for_their_name() {
    let mut town = Town::new(&Arc::new(throttle(MANY, "3/PT10S", MANY))).await;
    let attack = async |town: &Town| {
        for number in 0..10 {
            for way in [Way::Passcode, Way::Renewal, Way::Lane, Way::Passcode] {
                town.guess(way, "s", "alice", &format!("192.0.2.{number}")).await;
            }
        }
    };
    attack(&town).await;
    assert_eq!(town.alice(THERE).await, End::Accepted, "at her first try");
    // A slip of her own costs her ten seconds, and no more while the others go on.
    assert_eq!(town.guess(Way::Passcode, "s", "alice", THERE).await, End::Refused);
    assert_eq!(town.alice(THERE).await, End::Throttled);
    town.scene.pass("PT5S");
    attack(&town).await;
    town.scene.pass("PT5S");
    assert_eq!(town.alice(THERE).await, End::Accepted, "for ever would be too long");
}
