//! No enumeration: what an end user sees of a sign-in, and how long it takes, is the same for everybody.
//!
//! Speed belongs to the benchmarks; this test compares times only with each other. Each round asks for one person of
//! each class in a random order, so that whatever else the machine does falls on all classes alike: noise can hide a
//! difference here, but not make one. Compared is Welch's t of the times below a common bound (the slowest tenth is
//! what others did to us), once of the time on the processor, once of the time that passed. Chance alone passes 4.5 in
//! about one of 100,000 comparisons; a leak passes it each time. So the test fails only where three runs in a row do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use identity::ThrottleLimits;
use serde_json::{Value, json};

use self::shape::shape;
use self::ways::{Step, Way};
use super::stage::{Answer, Stage};

mod shape;
mod ways;

const STORE: &str = "/api/identity-store/stores/demo";
/// Requests of each class.
const ROUNDS: usize = 400;
/// Persons of each class.
const PERSONS: usize = 16;
const BOUND: f64 = 4.5;

/// Nanoseconds on the processor, and nanoseconds that passed.
type Times = [f64; 2];

async fn made(stage: &Stage, path: &str, body: Value) -> Value {
    let answer = stage.call("POST", path, &body.to_string()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    answer.json()
}

/// Names are as long as each other.
fn name(class: &str, number: usize) -> String {
    format!("{}-{number:02}", &class[..1])
}

/// A stage with persons of each class but the unknown.
async fn stage(way: Way) -> Stage {
    let unlimited = ThrottleLimits { source: None, user: None, store: None };
    let stage = Stage::throttled(unlimited).await;
    let lock = json!({"configuration": {"userLockConfig": {
        "invalidCountsBeforeTempLock": [100_000], "tempLockDurations": []}}});
    made(&stage, STORE, lock).await;
    way.prepare(&stage).await;
    for class in way.classes().iter().filter(|class| **class != "unknown") {
        for number in 0..PERSONS {
            way.enrol(&stage, class, &name(class, number)).await;
        }
    }
    stage
}

/// Time of this thread on the processor, from the kernel's own account.
fn on_processor() -> f64 {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    account.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// An end user's request, and what it took.
async fn timed(
    stage: &Stage,
    path: &str,
    kind: &str,
    cookie: &str,
    body: String,
) -> (Answer, Times) {
    let headers = [("content-type", kind), ("cookie", cookie)];
    let (processor, passed) = (on_processor(), Instant::now());
    let answer = stage.send("POST", path, &headers, body).await;
    let passed = passed.elapsed().as_nanos() as f64;
    (answer, [on_processor() - processor, passed])
}

/// What somebody's journey is watched with.
struct Watch<'a> {
    stage: &'a Stage,
    way: Way,
    token: &'a str,
    /// What the answers looked like, and at which step.
    shapes: BTreeSet<String>,
}

impl Watch<'_> {
    /// The times of the steps of a journey that ends with a wrong guess; the pages are looked at as well, if so wished.
    async fn sign_in(&mut self, person: &str, look: bool) -> Vec<Times> {
        let Watch { stage, way, token, shapes } = self;
        let path = format!("/api/process-manager/processInstances/create?pt={token}");
        let created = made(stage, &path, json!({"userExternalId": person})).await;
        let instance = created["processInstanceId"].as_str().unwrap();
        let page = format!("/web/journeys/demo/{instance}");
        let (mut question, mut cookie, mut times) = (Value::Null, String::new(), Vec::new());
        for step in way.steps() {
            let json = "application/json";
            let (path, kind, body) = match step {
                Step::Start => {
                    let path = format!("/api/process-server/startProcess?tn=demo&pi={instance}");
                    (path, json, "{}".to_owned())
                }
                Step::Proof | Step::Passcode => {
                    let form = Way::shown_in_lane(*step, &question);
                    (format!("{page}/passcode"), "application/x-www-form-urlencoded", form)
                }
                Step::Answer => {
                    let path = format!(
                        "/api/process-server/processes/sign-in/businessKeys/{instance}/topicName/{}/continue?tn=demo",
                        question["topicName"].as_str().unwrap(),
                    );
                    (path, json, way.guess(person, &question).to_string())
                }
            };
            let (answer, took) = timed(stage, &path, kind, &cookie, body).await;
            assert_eq!(answer.status.as_u16(), 200, "{step:?}: {}", answer.text);
            shapes.insert(format!("{step:?} {}", shape(&answer)));
            times.push(took);
            if *step == Step::Start {
                question = answer.json();
                if question["topicName"].is_null() {
                    let incidents = stage.call("GET", "/api/process-manager/incidents", "").await;
                    panic!("{} {}", answer.text, incidents.text);
                }
                cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
            }
            if look && matches!(step, Step::Start | Step::Answer) {
                let shown = stage.send("GET", &page, &[("cookie", &cookie)], "").await;
                assert_eq!(shown.status.as_u16(), 200, "{}", shown.text);
                shapes.insert(format!("page after {step:?} {}", shape(&shown)));
            }
        }
        times
    }
}

/// Welch's t of two samples.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let moments = |sample: &[f64]| {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((mean, error), (other_mean, other_error)) = (moments(one), moments(other));
    (mean - other_mean) / (error + other_error).sqrt()
}

/// The t of each comparison that passes the bound.
async fn leaks(stage: &Stage, way: Way, token: &str) -> Vec<String> {
    let classes = way.classes();
    let mut watch = Watch { stage, way, token, shapes: BTreeSet::new() };
    let mut times: BTreeMap<(&str, Step, &str), Vec<f64>> = BTreeMap::new();
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..ROUNDS {
        let mut order = classes.to_vec();
        for place in (1..order.len()).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(place, (dice >> 33) as usize % (place + 1));
        }
        for class in order {
            let person = name(class, round % PERSONS);
            let taken = watch.sign_in(&person, round < PERSONS).await;
            for (step, [processor, passed]) in way.steps().iter().zip(taken) {
                times.entry((class, *step, "processor")).or_default().push(processor);
                times.entry((class, *step, "passed")).or_default().push(passed);
            }
        }
    }
    let kinds = way.steps().len() + 2;
    assert_eq!(watch.shapes.len(), kinds, "{:#?}", watch.shapes);
    let mut leaks = Vec::new();
    for step in way.steps() {
        for clock in ["processor", "passed"] {
            let of = |class: &'static str| &times[&(class, *step, clock)];
            let mut pooled: Vec<f64> = classes.iter().flat_map(|class| of(class).clone()).collect();
            pooled.sort_by(f64::total_cmp);
            let bound = pooled[pooled.len() * 9 / 10];
            let cropped = |class: &'static str| {
                let times = of(class).iter().copied();
                times.filter(|time| *time <= bound).collect::<Vec<f64>>()
            };
            for class in classes[1..].iter().copied() {
                let t = welch(&cropped(class), &cropped("unknown"));
                let mean =
                    |sample: Vec<f64>| sample.iter().sum::<f64>() / sample.len() as f64 / 1e3;
                let (one, other) = (mean(cropped(class)), mean(cropped("unknown")));
                eprintln!(
                    "{way:?} {step:?} {clock} {class}: t = {t:.2}, {one:.0} and {other:.0} µs"
                );
                if t.abs() > BOUND {
                    leaks.push(format!("{step:?} {clock} {class}: t = {t:.2}"));
                }
            }
        }
    }
    leaks
}

/// What leaks in three runs in a row.
async fn lasting_leaks(way: Way) -> Vec<String> {
    let stage = stage(way).await;
    let token = way.token(&stage).await;
    let mut found = Vec::new();
    for _ in 0..3 {
        found = leaks(&stage, way, &token).await;
        if found.is_empty() {
            break;
        }
    }
    found
}

#[tokio::test]
async fn nobody_can_tell_from_a_sign_in_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Passcode).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_sign_in_while_imported_hashes_wait_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Lane).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_renewal_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Renewal).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_code_of_an_app_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Totp).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_recovery_code_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::RecoveryCode).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_can_tell_from_a_sign_in_by_passkey_whether_there_is_such_a_user() {
    assert_eq!(lasting_leaks(Way::Passkey).await, Vec::<String>::new());
}
