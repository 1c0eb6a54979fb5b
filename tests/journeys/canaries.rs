//! Canaries: secrets of each kind go through the real binary, and are then searched for wherever it writes.
//!
//! Some are planted from outside, such as a passcode. Others the server makes for itself and shows to nobody, such as
//! the keys that it signs with: those are taken out of its data with the master key when it has ended.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use serde_json::{Value, json};
use storage::{Driver, MasterKey, MasterKeys, Range, Seal, SealedTable, Store};
use tests::api::Api;
use tests::folder::Folder;
use tests::http::{Connection, JSON};
use tests::journey::{EndUser, challenge, proof_of_passcode};
use tests::library::{AUTHENTICATION, parameters};
use tests::server::Setup;
use tests::srp;
use zeroize::Zeroizing;

const NOTHING: [&str; 0] = [];
const STORE: &str = "/api/identity-store/stores/demo";
const USERS: &str = "/api/identity-store/stores/demo/export";
const WITH_PASSCODES: &str = "/api/identity-store/stores/demo/export/withPasscodes";
const AUDIT: &str = "/api/identity-store/audit/export";

/// Hashes of another system, of each kind that can be imported, all of the same passcode.
const HASHES: [(&str, &str); 4] = [
    ("bcrypt", "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"),
    (
        "scrypt",
        "$scrypt$ln=12,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$upE7pamnXlJ1rNMucI8rm5MKiWajcHEe5WukI5EBtho",
    ),
    (
        "pbkdf2",
        "$pbkdf2-sha256$i=10000$c2FsdHNhbHRzYWx0c2FsdA$M5fgfTQFdt/UZ9ItXSpJUbfh+t3SP1e/381emb1bpCs",
    ),
    (
        "argon2",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ),
];
/// The passcode of all but the last, which is the one of the argon2 reference.
const HASHED: &str = "correct horse";

/// The tables whose rows are sealed, and whose they are. What lies in them is found nowhere in the clear.
const SEALED: [(&str, &[&str]); 2] = [
    ("$installation", &["signing-seeds"]),
    (
        "demo",
        &[
            "audit-keys",
            "passkey-secrets",
            "passcode-decoys",
            "passcode-verifiers",
            "passcode-ceremonies",
            "passcode-hashes",
            "passkey-ceremonies",
            "totp-secrets",
            "recovery-code-hashes",
            "user-import-keys",
        ],
    ),
];

/// How much of a secret is looked at first, in bytes.
const HEAD: usize = 8;

/// A secret to look for: what it is, how it is written here, and its bytes.
type Needle<'a> = (&'a str, &'static str, Vec<u8>);

/// The secrets that were planted, by what they are.
#[derive(Default)]
struct Planted(BTreeMap<String, Vec<u8>>);

impl Planted {
    /// A secret that is a text.
    fn text(&mut self, name: &str, secret: &str) {
        self.bytes(name, secret.as_bytes());
    }

    /// A secret that is bytes.
    fn bytes(&mut self, name: &str, secret: &[u8]) {
        assert!(secret.len() >= HEAD + 4, "{name} is too short to be searched for");
        self.0.insert(name.to_owned(), secret.to_owned());
    }

    /// What of it is found in these bytes, and in which writing. They are gone through once, whatever was planted.
    fn found_in(&self, text: &[u8]) -> Vec<String> {
        let mut needles: HashMap<[u8; HEAD], Vec<Needle<'_>>> = HashMap::new();
        let mut begins = vec![false; 1 << 16];
        for (name, secret) in &self.0 {
            for (writing, needle) in writings(secret) {
                let head: [u8; HEAD] = needle[..HEAD].try_into().expect("a head");
                begins[usize::from(u16::from_be_bytes([head[0], head[1]]))] = true;
                needles.entry(head).or_default().push((name, writing, needle));
            }
        }
        let mut found = BTreeSet::new();
        for at in 0..text.len().saturating_sub(HEAD - 1) {
            if begins[usize::from(u16::from_be_bytes([text[at], text[at + 1]]))]
                && let Some(here) = needles.get(&text[at..at + HEAD])
            {
                let here = here.iter().filter(|(.., needle)| text[at..].starts_with(needle));
                found.extend(here.map(|(name, writing, _)| format!("{name} as {writing}")));
            }
        }
        found.into_iter().collect()
    }
}

/// A secret as it might be written. Of base64 only what does not depend on what stands before and behind.
fn writings(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut writings = vec![
        ("raw bytes", secret.to_vec()),
        ("hexadecimal", HEXLOWER.encode(secret).into_bytes()),
        ("upper-case hexadecimal", HEXUPPER.encode(secret).into_bytes()),
        ("base32", BASE32_NOPAD.encode(&secret[..secret.len() / 5 * 5]).into_bytes()),
    ];
    for skipped in 0..3 {
        let whole = &secret[skipped..];
        let whole = &whole[..whole.len() / 3 * 3];
        writings.push(("base64", BASE64_NOPAD.encode(whole).into_bytes()));
        writings.push(("base64url", BASE64URL_NOPAD.encode(whole).into_bytes()));
    }
    // JSON has a number for each byte.
    let numbers: Vec<String> = secret.iter().map(u8::to_string).collect();
    writings.push(("a list of numbers", numbers.join(",").into_bytes()));
    // So has `Debug`, in one line or in several.
    writings.push(("a list of numbers with spaces", numbers.join(", ").into_bytes()));
    writings
}

/// What is behind a seal, whatever it is.
struct Bare(Zeroizing<Vec<u8>>);

impl Seal for Bare {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.clone()
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Bare, String> {
        Ok(Bare(Zeroizing::new(bytes.to_vec())))
    }
}

/// Takes what is sealed out of the data of a server that has ended.
async fn unsealed(setup: &Setup, master: &str, planted: &mut Planted) {
    let driver = if setup.store == "sled" { Driver::Sled } else { Driver::Redb };
    let present = MasterKey::Text(Zeroizing::new(master.to_owned()));
    let keys = MasterKeys { present, previous: None };
    let store = Store::open_with(driver, &setup.data, &keys).expect("the data");
    for (tenant, tables) in SEALED {
        for name in tables {
            let table: SealedTable<Bare> = SealedTable::new(name);
            let rows = store.space(tenant).unit().list_sealed(&table, Range::all(), 100).await;
            let rows = rows.expect("rows that open");
            assert!(!rows.is_empty(), "nothing is in {name}");
            for (number, (_, Bare(secret))) in rows.iter().enumerate() {
                planted.bytes(&format!("{name} {number}"), secret);
            }
        }
    }
    store.close().await;
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member}: {value}"))
}

/// Registers a passcode and proves it, once right and once wrong, through the calls for integrators.
async fn passcode(api: &mut Api, planted: &mut Planted) {
    let path = format!("{STORE}/users/canary/passcodes/registrations/default/ext");
    let started = api.post(&path, &json!({})).await;
    let (identity, salt, _) = challenge(&started);
    let passcode = "Canary-Passcode-7Q";
    let verifier = srp::verifier(&identity, &salt, passcode);
    planted.text("passcode", passcode);
    planted.bytes("passcode verifier", &verifier[16..64]);
    let path = format!("{STORE}/passcodes/registrations/sessions/{}", text(&started, "sessionId"));
    let body = json!({"srpRegistrationData": {"verifier": BASE64.encode(&verifier)}});
    api.post(&path, &body).await;
    for (passcode, status) in [("Canary-Passcode-7Q", 200), ("Canary-Passcode-8R", 400)] {
        let path = format!("{STORE}/users/canary/passcodes/authentications/default/ext");
        let started = api.post(&path, &json!({})).await;
        let (proof, m2) = proof_of_passcode(&started, passcode);
        let session = text(&started, "sessionId");
        let path = format!("{STORE}/passcodes/authentications/sessions/{session}");
        let answer = api.call("POST", &path, Some(&proof)).await.expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text());
        planted.bytes("proof of the server", &m2);
    }
}

/// Registers an authenticator app and recovery codes, and begins further ceremonies that stay open.
async fn second_factors(api: &mut Api, planted: &mut Planted) {
    for policy in ["totpPolicy", "recoveryCodePolicy"] {
        let path = format!("{STORE}/{policy}");
        let answer = api.call("POST", &path, Some(&json!({"policyName": "canary"}))).await;
        let answer = answer.expect("an answer");
        assert!(answer.status < 300, "{path}: {}", answer.text());
    }
    let path = format!("{STORE}/users/canary/totps/registrations/canary/ext");
    let started = api.post(&path, &json!({})).await;
    let secret = text(&started, "secret");
    planted.text("TOTP secret in base32", secret);
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
    planted.bytes("TOTP secret", &secret);
    let path = format!("{STORE}/users/canary/recoveryCodes/registrations/canary/ext");
    let codes = api.post(&path, &json!({})).await;
    for (number, code) in codes["codes"].as_array().expect("codes").iter().enumerate() {
        let code = code.as_str().expect("a code");
        planted.text(&format!("recovery code {number}"), code);
        planted.text(&format!("recovery code {number} without hyphens"), &code.replace('-', ""));
    }
}

/// Brings people with hashes of another system, one of whom signs in with the passcode itself.
async fn hashes(api: &mut Api, planted: &mut Planted) {
    planted.text("passcode of hashes", HASHED);
    for (kind, hash) in HASHES {
        let passcodes = json!([{"policyName": "default", "hash": hash}]);
        let line = json!({"externalId": kind, "passcodes": passcodes});
        let path = format!("{STORE}/import?importId={kind}");
        let told = api.send_lines(&path, &format!("{line}\n")).await;
        assert!(told.contains("\"created\":1"), "{kind}: {told}");
        // The last of it is the hash itself, without salt and parameters.
        planted.text(&format!("{kind} hash"), &hash[hash.len() - 24..]);
    }
    for passcode in ["correct horsefly", HASHED] {
        let path = format!("{STORE}/users/scrypt/passcodes/authentications/default/ext");
        let started = api.post(&path, &json!({})).await;
        let session = text(&started, "sessionId");
        let path = format!("{STORE}/passcodes/authentications/sessions/{session}");
        let (proof, _) = proof_of_passcode(&started, passcode);
        api.post(&format!("{path}/proof"), &proof).await;
        api.post(&format!("{path}/passcode"), &json!({"passcode": passcode})).await;
        let answer = api.call("POST", &path, Some(&proof)).await.expect("an answer");
        let status = if passcode == HASHED { 200 } else { 400 };
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    // One that stays open, with the passcode still to be shown.
    let path = format!("{STORE}/users/bcrypt/passcodes/authentications/default/ext");
    api.post(&path, &json!({})).await;
}

/// Begins ceremonies of passkeys that stay open, with the session kept inside and outside.
async fn passkeys(api: &mut Api, planted: &mut Planted) {
    for (rp_id, outside) in [("inside.example", false), ("outside.example", true)] {
        let config = json!({
            "relyingPartyId": rp_id,
            "sessionManagementExternal": outside,
            "registrationPolicies": {"canary": {}},
            "authenticationPolicies": {"canary": {}},
        });
        api.post(&format!("{STORE}/passkeyConfig"), &config).await;
        for kind in ["registrations", "authentications"] {
            let rest = format!("passkeys/relyingParties/{rp_id}/{kind}/canary/ext");
            let started = api.post(&format!("{STORE}/users/canary/{rest}"), &json!({})).await;
            let name = format!("{kind} at {rp_id}");
            let challenge = text(&started["publicKey"], "challenge");
            planted.text(&format!("challenge of {name}"), challenge);
            if outside {
                planted.text(&format!("session of {name}"), text(&started["session"], "sealed"));
            }
        }
    }
}

/// What is exported for people to take elsewhere; of passcodes it has what it is asked for, and nothing else.
async fn exports(api: &mut Api) -> Vec<(&'static str, Vec<u8>)> {
    let mut exports = Vec::new();
    for path in [USERS, WITH_PASSCODES, AUDIT] {
        let answer = api.call("GET", path, None).await.expect("an answer").expect(200);
        assert!(!answer.body.is_empty(), "{path}");
        exports.push((path, answer.body.to_vec()));
    }
    exports
}

/// A journey up to its end: the cookie of its session and its nonces are secrets.
async fn journey(port: u16, api: &mut Api, token: &str, planted: &mut Planted) {
    let created = api.create(token, &parameters("canary")).await.expect("an answer");
    assert!(created.status < 300, "{}", created.text());
    let instance = text(&created.json(), "processInstanceId").to_owned();
    let mut end_user = EndUser::new(port);
    let step = end_user.start(&instance).await.expect("an answer").expect(200).json();
    let (proof, _) = proof_of_passcode(&step, "Canary-Passcode-9S");
    let answer = end_user.go_on(&step, proof).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    for (number, cookie) in end_user.cookies().values().enumerate() {
        planted.text(&format!("session cookie {number}"), cookie);
    }
    assert!(!end_user.cookies().is_empty(), "a journey is bound to a browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_found_in_the_data_folder_the_log_the_figures_or_an_export() {
    for store in ["sled", "redb"] {
        let folder = Folder::new("canaries");
        let mut setup = Setup::new(store, &folder.path().join("data"));
        let master = "c0ffee5ea1edcafe".repeat(4);
        setup.environment = vec![
            ("GATEWRIGHT_LOG".into(), "trace".into()),
            ("GATEWRIGHT_MASTER_KEY".into(), master.clone()),
        ];
        let mut planted = Planted::default();
        planted.text("master key in hexadecimal", &master);
        planted.bytes("master key", &HEXLOWER.decode(master.as_bytes()).expect("hexadecimal"));
        let server = setup.start();
        let key_file = server.admin_key_file();
        planted.text("API key of the administrator", &server.admin_key());
        let mut api = Api::open(server.port, &server.admin_key()).await;
        planted.text("bearer token", api.bearer().trim_start_matches("Bearer "));
        api.post(&format!("{STORE}/users"), &json!({"externalId": "canary"})).await;
        passcode(&mut api, &mut planted).await;
        second_factors(&mut api, &mut planted).await;
        hashes(&mut api, &mut planted).await;
        passkeys(&mut api, &mut planted).await;
        let token = api.unlimited_token(AUTHENTICATION).await;
        journey(server.port, &mut api, &token, &mut planted).await;
        api.post("/api/arthr/signingKeys/rotate", &json!({})).await;
        api.post("/api/arthr/dataKeys/rotate", &json!({})).await;
        while api.get("/api/arthr/dataKeys/rotation").await["status"] != "DONE" {}

        let figures = Connection::new(server.port).send("GET", "/metrics", &[JSON], "").await;
        let figures = figures.expect("an answer").expect(200).body;
        let exports = exports(&mut api).await;
        assert!(server.end().success());
        // As the server left them.
        let files: Vec<_> = files(&setup.data)
            .into_iter()
            .filter(|file| *file != key_file)
            .map(|file| (fs::read(&file).expect("a file"), file))
            .collect();
        // A search that finds nothing anywhere would be none: the administrator's file is meant to hold the key.
        let meant = fs::read(&key_file).expect("the key");
        assert_eq!(planted.found_in(&meant), ["API key of the administrator as raw bytes"]);
        unsealed(&setup, &master, &mut planted).await;

        assert_eq!(planted.found_in(&figures), NOTHING, "{store}: the figures");
        let log = setup.log();
        assert!(log.contains("INFO"), "{store}: there is a log, with all that is ever logged");
        assert_eq!(planted.found_in(log.as_bytes()), NOTHING, "{store}: the log");
        for (path, export) in exports {
            let mut found = planted.found_in(&export);
            if path == WITH_PASSCODES {
                let (meant, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| {
                    let kinds = ["verifier", " hash as raw bytes", "passcode-hashes"];
                    kinds.iter().any(|kind| found.contains(kind))
                });
                assert!(meant.len() > HASHES.len(), "{store}: {meant:?}");
                found = other;
            }
            assert_eq!(found, NOTHING, "{store}: {path}");
        }
        assert!(files.iter().map(|(bytes, _)| bytes.len()).sum::<usize>() > 10_000);
        for (bytes, file) in &files {
            assert_eq!(planted.found_in(bytes), NOTHING, "{store}: {}", file.display());
        }
        let has_canary = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"canary");
        let plain = files.iter().any(|(bytes, _)| has_canary(bytes));
        assert!(plain, "{store}: what is not sealed is found");
    }
}
