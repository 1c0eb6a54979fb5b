//! One instance that waits for many answers at once, each of which is a durable commit of its own.

use crate::{millis, say};
use serde_json::json;
use std::time::{Duration, Instant};
use tests::api::Api;

/// Prints what it takes until a parallel multi-instance activity of so many has begun and has had
/// all of its answers, one after the other.
pub(crate) async fn measure(api: &mut Api, count: usize) {
    let name = format!("awaits{count}");
    let yaml = format!(
        "name: {name}\nsteps:\n  - receive: Answer\n    key: \"${{loopCounter}}\"\n    each: {{ times: {count} }}\n"
    );
    api.deploy(&name, &yaml).await;
    let token = api.unlimited_token(&name).await;
    let begun = Instant::now();
    let made = api.create(&token, &json!({})).await.expect("an answer").expect(201).json();
    let made_after = begun.elapsed();
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let begun = Instant::now();
        let message = json!({"name": "Answer", "correlationKey": number.to_string()});
        api.post("/api/process-manager/messages", &message).await;
        times.push(begun.elapsed());
    }
    let all: Duration = times.iter().sum();
    times.sort();
    say(
        &format!("  multi-instance of {count}, durable"),
        &format!(
            "begun in {}, each answer {:.2} ms, p50 {:.2} ms, p99 {}",
            millis(made_after),
            all.as_secs_f64() * 1e3 / count as f64,
            times[count / 2].as_secs_f64() * 1e3,
            millis(times[count * 99 / 100]),
        ),
    );
    let instance = made["processInstanceId"].as_str().expect("an instance");
    assert_eq!(api.status(instance).await, "COMPLETED_ENDED_SUCCESS");
}
