//! A crowd of waiting instances with a timer each: what one more costs beside ten thousand and beside
//! a million, what it takes to hold them, and what happens when many timers are due at once.

use crate::load::{self, Run};
use crate::{millis, resident, say};
use std::time::{Duration, Instant};
use tests::api::Api;
use tests::http::Connection;
use tests::server::{Server, Setup};

/// An instance that waits for thirty days.
const WAITS: &str = "name: waits\nsteps:\n  - { catch: Wait, id: wait, timer: P30D }\n";

/// How many are due in the same second.
const AT_ONCE: u64 = 5_000;

/// Makes the crowd and prints what it costs.
pub(crate) async fn measure(setup: &Setup, crowd: u64) {
    let server = setup.start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    api.deploy("waits", WAITS).await;
    let token = api.unlimited_token("waits").await;
    let mut waiting = 0;
    while waiting < 10_000 {
        waiting += slice(&server, &mut api, &token, 2).await.done;
    }
    let few = slice(&server, &mut api, &token, 5).await;
    waiting += few.done;
    say("  one more beside 10,000, 64 clients", &told(&few));
    while waiting < crowd {
        waiting += slice(&server, &mut api, &token, 20).await.done;
    }
    let many = slice(&server, &mut api, &token, 5).await;
    waiting += many.done;
    say(&format!("  one more beside {waiting}"), &told(&many));
    say("  resident with them", &resident(&server));
    assert!(server.end().success(), "the server ends well when asked");
    let server = setup.start();
    say("  from start to ready with them", &millis(server.ready_after));
    say("  resident after the restart", &resident(&server));
    all_at_once(&server).await;
}

/// Many timers are due in the same second: how long the others wait meanwhile, and how long it takes.
async fn all_at_once(server: &Server) {
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let due = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(12);
    let due_yaml = format!("name: due\nsteps:\n  - {{ catch: Wait, id: wait, date: \"{due}\" }}\n");
    api.deploy("due", &due_yaml).await;
    let token = api.unlimited_token("due").await;
    let other = api.token("others", "waits", serde_json::Value::Null).await;
    let other = other["id"].as_str().expect("a token").to_owned();
    let mut made = 0;
    while made < AT_ONCE && jiff::Timestamp::now() < due {
        made += slice(server, &mut api, &token, 1).await.done;
    }
    let ended = ended(server).await;
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    while jiff::Timestamp::now() < due {
        clock.tick().await;
    }
    let begun = Instant::now();
    let meanwhile = load::run(server, api.bearer(), &other, 16, Duration::from_secs(3)).await;
    say(&format!("  others while {made} are due, 16 clients"), &told(&meanwhile));
    while self::ended(server).await < ended + made as f64 {
        assert!(begun.elapsed() < Duration::from_secs(60), "all that was due has happened");
        clock.tick().await;
    }
    say("  until all had happened", &millis(begun.elapsed()));
}

async fn slice(server: &Server, api: &mut Api, token: &str, seconds: u64) -> Run {
    load::run(server, api.bearer(), token, 64, Duration::from_secs(seconds)).await
}

fn told(run: &Run) -> String {
    format!(
        "{:.0}/s, p50 {}, p99 {}",
        run.rate(),
        millis(run.quantile(0.5)),
        millis(run.quantile(0.99))
    )
}

async fn ended(server: &Server) -> f64 {
    let told = Connection::new(server.port).send("GET", "/metrics", &[], "").await;
    let told = told.expect("an answer").expect(200).text();
    let lines = told.lines().filter(|line| line.starts_with("gatewright_journeys_ended_total"));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}
