//! A store full of people: how fast they are imported and recorded, how long a search by prefix takes, how fast 64
//! clients sign in beside all of them, and how much memory and disk it needs.
//!
//! The searches come one after the other, once the server has nothing else left to do: what is timed is what a search
//! costs, and not what it waits for.

use crate::{millis, resident, say, size};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::api::Api;
use tests::http::{Connection, JSON};
use tests::server::{Server, Setup};
use tests::srp;
use tokio::task::JoinSet;

/// Clients that sign in at the same time.
const CLIENTS: u64 = 64;
/// How long they do.
const TIME: Duration = Duration::from_secs(20);
/// Lines of one request of the import.
const PART: u64 = 10_000;
/// Searches that are timed.
const SEARCHES: u64 = 1000;
/// Records in the audit of each person: one of the person, one of the passcode.
const RECORDS: u64 = 2;
/// How long all of them may take to come into the log.
const RECORDED_WITHIN: Duration = Duration::from_secs(1800);

const STORE: &str = "/api/identity-store/stores/people";
const PASSCODE: &str = "correct horse battery staple";
/// The credential of everybody: what a verifier is made of takes the client longer than everything else.
const IDENTITY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";
const SALT: [u8; 32] = [7; 32];

/// Imports so many people and prints what they cost.
pub(crate) async fn measure(setup: &Setup, people: u64) {
    let server = setup.start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let store = json!({"name": "people", "configuration": {"passcodePolicies": {"p": {}}}});
    api.post("/api/identity-store/stores", &store).await;
    let begun = Instant::now();
    import(&server, &api, people).await;
    let rate = people as f64 / begun.elapsed().as_secs_f64();
    say(&format!("  import of {people} people with passcodes"), &format!("{rate:.0} a second"));
    say("  data folder", &format!("{:.1} MB", size(&setup.data) as f64 / 1e6));
    say("  resident", &resident(&server));
    recorded(&mut api, people).await;
    searches(&mut api, people).await;
    sign_ins(&server, &api, people).await;
    say("  resident after the load", &resident(&server));
    assert!(server.end().success(), "the server ends well when asked");
    say("  data folder after the load", &format!("{:.1} MB", size(&setup.data) as f64 / 1e6));
}

fn name_of(number: u64) -> String {
    format!("person-{number:09}")
}

async fn import(server: &Server, api: &Api, people: u64) {
    let verifier = json!({
        "i": IDENTITY,
        "salt": BASE64URL_NOPAD.encode(&SALT),
        "v": BASE64.encode(&srp::verifier(IDENTITY, &SALT, PASSCODE)),
        "group": "RFC5054-2048",
        "hashAlgorithm": "SHA-256",
    });
    let line = |number: u64| {
        let (name, last) = (name_of(number), number.wrapping_mul(2_654_435_761) % 100_000);
        let person = json!({
            "externalId": name,
            "attributes": {"email": format!("{name}@example.org"), "lastName": format!("Last-{last:05}")},
            "passcodes": [{"policyName": "p", "verifier": verifier}],
        });
        format!("{person}\n")
    };
    let mut connection = Connection::new(server.port);
    let media = ("content-type", "application/jsonl");
    let mut first = 1;
    while first <= people {
        let last = people.min(first + PART - 1);
        let body: String = (first..=last).map(line).collect();
        let path = format!("{STORE}/import?importId=people&fromLine={first}");
        let headers = [("authorization", api.bearer()), media];
        let answer = connection.send("POST", &path, &headers, body).await.expect("an answer");
        let answer = answer.expect(200).text();
        let end: Value =
            serde_json::from_str(answer.lines().last().expect("a line")).expect("JSON");
        assert_eq!((&end["created"], &end["failed"]), (&last.into(), &0.into()), "{end}");
        first = last + 1;
    }
}

/// Waits until the import is in the log of the audit.
async fn recorded(api: &mut Api, people: u64) {
    let begun = Instant::now();
    let mut clock = tokio::time::interval(Duration::from_millis(100));
    let logged = async |api: &mut Api| {
        let checkpoint = api.get("/api/identity-store/audit/checkpoint").await;
        checkpoint["size"].as_u64().unwrap_or(0)
    };
    while logged(api).await < people * RECORDS {
        assert!(begun.elapsed() < RECORDED_WITHIN, "the import is in the log of the audit");
        clock.tick().await;
    }
    say("    until all of it is in the audit's log", &millis(begun.elapsed()));
}

/// Searches by prefixes that many, few and one person have.
async fn searches(api: &mut Api, people: u64) {
    let mut times = [(); 4].map(|()| Vec::new());
    for search in 0..SEARCHES {
        let name = name_of(1 + search.wrapping_mul(7_919) % people);
        let (member, prefix) = match search % 4 {
            0 => ("externalId", name[..13].to_owned()),
            1 => ("email", name[..15].to_owned()),
            2 => ("email", name),
            _ => ("lastName", format!("last-{:02}", search % 100)),
        };
        let path = format!("{STORE}/users?{member}={prefix}");
        let begun = Instant::now();
        let found = api.get(&path).await;
        times[(search % 4) as usize].push(begun.elapsed());
        assert!(found["content"].is_array(), "{found}");
    }
    say("  search by prefix", &told(&mut times.concat()));
    let of = ["externalId of 10,000", "email of 100", "email of one", "lastName of one in 100"];
    for (of, times) in of.iter().zip(&mut times) {
        say(&format!("    {of}"), &told(times));
    }
}

/// Clients sign in as people chosen at random, each with two requests around its own arithmetic.
async fn sign_ins(server: &Server, api: &Api, people: u64) {
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (port, bearer) = (server.port, api.bearer().to_owned());
        clients.spawn(client_of(port, bearer, client, people, begun + TIME));
    }
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    while let Some(client) = clients.join_next().await {
        let (first, second) = client.expect("a client");
        starts.extend(first);
        ends.extend(second);
    }
    let rate = ends.len() as f64 / begun.elapsed().as_secs_f64();
    say(&format!("  sign-ins, {CLIENTS} clients"), &format!("{rate:.0} a second"));
    say("    first request", &told(&mut starts));
    say("    second request", &told(&mut ends));
}

async fn client_of(
    port: u16,
    bearer: String,
    client: u64,
    people: u64,
    end: Instant,
) -> (Vec<Duration>, Vec<Duration>) {
    let mut connection = Connection::new(port);
    let headers = [("authorization", bearer.as_str()), JSON];
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    let mut turn = client;
    while Instant::now() < end {
        turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(client * 2 + 1);
        let name = name_of(1 + (turn >> 20) % people);
        let begun = Instant::now();
        let path = format!("{STORE}/users/{name}/passcodes/authentications/p/ext");
        let started = connection.send("POST", &path, &headers, "").await.expect("an answer");
        starts.push(begun.elapsed());
        let started = started.expect(201).json();
        let key = started["algorithmInfo"]["parameters"]["serverPublicKey"].as_str();
        let key = BASE64.decode(key.expect("a key").as_bytes()).expect("base64");
        let proof =
            tokio::task::spawn_blocking(move || srp::prove(IDENTITY, &SALT, PASSCODE, &key));
        let proof = proof.await.expect("a proof");
        let data = json!({
            "clientPublicKey": BASE64.encode(&proof.public_key), "m1": BASE64.encode(&proof.m1)
        });
        let body = json!({"srpVerificationData": data}).to_string();
        let session = started["sessionId"].as_str().expect("a session");
        let path = format!("{STORE}/passcodes/authentications/sessions/{session}");
        let begun = Instant::now();
        let ended = connection.send("POST", &path, &headers, body).await.expect("an answer");
        ends.push(begun.elapsed());
        let ended = ended.expect(200).json();
        let m2 = ended["algorithmInfo"]["parameters"]["m2"].as_str();
        assert_eq!(m2, Some(BASE64.encode(&proof.m2).as_str()), "the server knows the verifier");
    }
    (starts, ends)
}

fn told(times: &mut [Duration]) -> String {
    times.sort();
    let quantile = |share: f64| {
        let at = times.len().saturating_sub(1) as f64 * share;
        times.get(at as usize).copied().unwrap_or_default()
    };
    format!("p50 {}, p99 {}", millis(quantile(0.50)), millis(quantile(0.99)))
}
