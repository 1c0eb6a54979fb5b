//! Canaries: secrets of each kind go through the real binary, and are then searched for wherever it writes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use serde_json::{Value, json};
use tests::api::Api;
use tests::folder::Folder;
use tests::http::{Connection, JSON};
use tests::journey::{EndUser, challenge, proof_of_passcode};
use tests::library::{AUTHENTICATION, parameters};
use tests::server::Setup;
use tests::srp;

const STORE: &str = "/api/identity-store/stores/demo";

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
    writings
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
async fn no_secret_is_found_in_the_data_folder_the_log_or_the_figures() {
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
        let token = api.unlimited_token(AUTHENTICATION).await;
        journey(server.port, &mut api, &token, &mut planted).await;
        api.post("/api/arthr/signingKeys/rotate", &json!({})).await;
        api.post("/api/arthr/dataKeys/rotate", &json!({})).await;
        while api.get("/api/arthr/dataKeys/rotation").await["status"] != "DONE" {}

        let figures = Connection::new(server.port).send("GET", "/metrics", &[JSON], "").await;
        let figures = figures.expect("an answer").expect(200).body;
        assert_eq!(planted.found_in(&figures), Vec::<String>::new(), "{store}: the figures");
        assert!(server.end().success());
        let log = setup.log();
        assert!(log.contains("INFO"), "{store}: there is a log, with all that is ever logged");
        assert_eq!(planted.found_in(log.as_bytes()), Vec::<String>::new(), "{store}: the log");
        let mut searched = 0;
        for file in files(&setup.data).iter().filter(|file| **file != key_file) {
            let bytes = fs::read(file).expect("a file");
            searched += bytes.len();
            let found = planted.found_in(&bytes);
            assert_eq!(found, Vec::<String>::new(), "{store}: {}", file.display());
        }
        assert!(searched > 10_000, "{searched} bytes");
        // A search that finds nothing anywhere would be none: the administrator's file is meant to hold the key.
        let meant = fs::read(&key_file).expect("the key");
        assert_eq!(planted.found_in(&meant), ["API key of the administrator as raw bytes"]);
        let plain = files(&setup.data).into_iter().any(|file| {
            let bytes = fs::read(file).expect("a file");
            bytes.windows(6).any(|window| window == b"canary")
        });
        assert!(plain, "{store}: what is not sealed is found");
    }
}
