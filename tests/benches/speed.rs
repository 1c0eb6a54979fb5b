//! Speed figures of the real server over HTTP, printed in one run; `engine` has those in memory.

mod answers;
mod disk;
mod load;
mod people;
mod waiting;

use load::Run;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tests::api::Api;
use tests::folder::Folder;
use tests::http::Connection;
use tests::server::{self, Server, Setup};

/// Start, two automatic tasks, a gateway, an end: what is timed.
const JOURNEY: &str = include_str!("automatic.yaml");

/// How often one client and the disk alone are timed by turns.
const TURNS: usize = 11;

fn main() {
    // An argument such as `waiting` or `people` times that part alone; cargo itself passes only
    // switches. The crowds are made only when they are asked for: it takes some minutes.
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let waiting = only.as_deref() == Some("waiting");
    let people = only.as_deref() == Some("people");
    let binary = server::build(if cfg!(debug_assertions) { "dev" } else { "release" });
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.expect("a runtime for the clients");
    for store in ["sled", "redb"] {
        say("", "");
        say(store, "");
        let folder = Folder::new("speed");
        say("  appends of 4 KiB, each synced", &disk::rate(folder.path()).to_string());
        let bare = disk::rate_of_a_bare_server(folder.path());
        say("  the same over a connection", &bare.to_string());
        let setup =
            Setup { binary: binary.clone(), ..Setup::new(store, &folder.path().join("data")) };
        if waiting {
            tokio.block_on(waiting::measure(&setup, number("GATEWRIGHT_CROWD")));
        } else if people {
            tokio.block_on(people::measure(&setup, number("GATEWRIGHT_PEOPLE")));
        } else {
            tokio.block_on(measure(&setup));
        }
    }
}

/// How many are asked for by a variable, or else a million.
fn number(variable: &str) -> u64 {
    std::env::var(variable).ok().and_then(|number| number.parse().ok()).unwrap_or(1_000_000)
}

async fn measure(setup: &Setup) {
    let first = setup.start();
    say("  from start to ready, empty folder", &millis(first.ready_after));
    let ended = first.end();
    assert!(ended.success(), "the server ends well when asked: {ended}");
    let server = setup.start();
    say("  from start to ready", &millis(server.ready_after));
    say("  resident at rest", &resident(&server));
    let mut api = Api::open(server.port, &server.admin_key()).await;
    api.deploy("automatic", JOURNEY).await;
    let token = api.unlimited_token("automatic").await;
    let mut begun = 0;
    for clients in [1, 64] {
        // A little beforehand, so that no first use is timed.
        let second = Duration::from_secs(1);
        begun += load::run(&server, api.bearer(), &token, clients, second).await.done;
        let before = figures(server.port).await;
        let run = if clients == 1 {
            by_turns(&server, &api, &token, &setup.data).await
        } else {
            load::run(&server, api.bearer(), &token, clients, 8 * second).await
        };
        let after = figures(server.port).await;
        begun += run.done;
        let syncs = (after.syncs - before.syncs) / run.done as f64;
        say(
            &format!("  durable journeys, {clients} clients, one token"),
            &format!(
                "{:.0} a second, p50 {:.2} ms, p99 {}, {syncs:.3} syncs and {:.2} commits each",
                run.rate(),
                run.quantile(0.50).as_secs_f64() * 1e3,
                millis(run.quantile(0.99)),
                (after.commits - before.commits) / run.done as f64,
            ),
        );
    }
    assert_eq!(api.uses(&token).await, begun, "the token counted every journey once");
    completed(&mut api, &token).await;
    say("  resident after the load", &resident(&server));
    let ended = server.end();
    assert!(ended.success(), "the server ends well when asked: {ended}");
    let again = setup.start();
    say("  from start to ready, after the load", &millis(again.ready_after));
    say("  data folder", &format!("{:.1} MB", size(&setup.data) as f64 / 1e6));
    let mut api = Api::open(again.port, &again.admin_key()).await;
    for count in [1_000, 10_000] {
        answers::measure(&mut api, count).await;
    }
}

/// One client by turns with the disk alone, whose speed is another from one minute to the next.
async fn by_turns(server: &Server, api: &Api, token: &str, data: &Path) -> Run {
    let folder = data.parent().expect("a folder around the data");
    let (mut runs, mut of_append, mut of_bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let append = disk::rate(folder).p50;
        let run = load::run(server, api.bearer(), token, 1, Duration::from_secs(1)).await;
        let bare = disk::rate_of_a_bare_server(folder).p50;
        let journey = run.quantile(0.50).as_secs_f64();
        of_append.push(journey / append.as_secs_f64());
        of_bare.push(journey / bare.as_secs_f64());
        runs.push(run);
    }
    say("  one journey's p50, in synced appends", &spread(of_append));
    say("    in synced appends over a connection", &spread(of_bare));
    Run::joined(runs)
}

/// The median of some figures, and how far they lie apart.
fn spread(mut figures: Vec<f64>) -> String {
    figures.sort_by(f64::total_cmp);
    let (first, last) = (figures[0], figures[figures.len() - 1]);
    format!("{:.2} ({first:.2} to {last:.2})", figures[figures.len() / 2])
}

/// One more journey, looked at: what was timed ran to its end.
async fn completed(api: &mut Api, token: &str) {
    let made = api.create(token, &json!({})).await.expect("an answer").expect(201).json();
    let instance = made["processInstanceId"].as_str().expect("an instance");
    assert_eq!(api.status(instance).await, "COMPLETED_ENDED_SUCCESS");
}

struct Figures {
    syncs: f64,
    commits: f64,
}

async fn figures(port: u16) -> Figures {
    let told = Connection::new(port).send("GET", "/metrics", &[], "").await;
    let told = told.expect("an answer").expect(200).text();
    let figure = |name: &str| {
        let mut lines = told.lines().filter(|line| !line.starts_with('#') && line.contains(name));
        let line = lines.next().unwrap_or_else(|| panic!("no figure {name}: {told}"));
        line.rsplit(' ').next().and_then(|figure| figure.parse().ok()).expect("a number")
    };
    Figures { syncs: figure("store_syncs"), commits: figure("store_commits") }
}

fn resident(server: &Server) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|figure| figure.parse::<f64>().ok());
    kilobytes
        .map_or("unknown".to_owned(), |kilobytes| format!("{:.1} MB", kilobytes * 1024.0 / 1e6))
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.path().is_dir() {
            true => size(&entry.path()),
            false => entry.metadata().map_or(0, |about| about.len()),
        })
        .sum()
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn say(what: &str, figure: &str) {
    println!("{what:<44} {figure}");
}
