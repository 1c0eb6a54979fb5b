//! The page's own SRP arithmetic in a real browser, against published vectors and a worked example.

use crate::house::House;
use data_encoding::{BASE64, HEXUPPER};
use serde_json::{Value, json};
use tests::browser::Browser;
use tests::srp;

const ARITHMETIC: &str = include_str!("../../web/assets/srp.js");
const CHECK: &str = include_str!("../../web/assets/srp-vectors.js");
const RFC_5054: &str = include_str!("../vectors/srp-rfc5054.json");
const WORKED: &str = include_str!("../vectors/srp-2048-sha256.json");

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_arithmetic_gives_the_values_of_rfc_5054_and_of_the_worked_example() {
    let house = House::open().await;
    let browser = Browser::open("en").await;
    // Digests need a page of localhost; the modules are handed in from outside.
    browser.tell("Page.setBypassCSP", json!({"enabled": true})).await;
    let page = format!("http://localhost:{}/health/live", house.wire.port);
    browser.page.goto(page).await.expect("a page of this machine");
    let vectors = vectors();
    assert_eq!(wrong(&browser, &vectors).await, json!([]));
    // A check that cannot fail would be none: one digit changed is found.
    let mut changed = vectors;
    let u = changed[0]["u"].as_str().expect("u").replacen('C', "D", 1);
    changed[0]["u"] = json!(u);
    assert_eq!(wrong(&browser, &changed).await.as_array().map(Vec::len), Some(1));
    browser.close().await;
}

/// The names of the values that the page computes otherwise.
async fn wrong(browser: &Browser, vectors: &[Value]) -> Value {
    let module =
        |text: &str| format!("data:text/javascript;base64,{}", BASE64.encode(text.as_bytes()));
    let script = format!(
        "(async () => (await import({})).check(await import({}), {}))()",
        json!(module(CHECK)),
        json!(module(ARITHMETIC)),
        json!(vectors),
    );
    let asked = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
    let told = browser.tell("Runtime.evaluate", asked).await;
    assert!(told["exceptionDetails"].is_null(), "{told}");
    told["result"]["value"].clone()
}

fn vectors() -> Vec<Value> {
    let mut rfc: Value = serde_json::from_str(RFC_5054).expect("JSON");
    let mut rfc = rfc["testVectors"][0].take();
    rfc["hash"] = json!("SHA-1");
    let mut worked: Value = serde_json::from_str(WORKED).expect("JSON");
    worked["hash"] = json!("SHA-256");
    for (short, long) in [("I", "i"), ("P", "passcode"), ("s", "salt")] {
        worked[short] = worked[long].clone();
    }
    vec![rfc, worked]
}

#[test]
fn the_client_of_the_tests_gives_the_values_of_the_worked_example() {
    let worked: Value = serde_json::from_str(WORKED).expect("JSON");
    let text = |name: &str| worked[name].as_str().expect("a text");
    let raw = |name: &str| HEXUPPER.decode(text(name).as_bytes()).expect("hexadecimal");
    let (identity, passcode, salt) = (text("i"), text("passcode"), raw("salt"));
    assert_eq!(srp::modulus(), raw("N"));
    assert_eq!(srp::verifier(identity, &salt, passcode), raw("v"));
    let proof = srp::prove_with(identity, &salt, passcode, &raw("B"), &raw("a"));
    assert_eq!((proof.public_key, proof.m1, proof.m2), (raw("A"), raw("M1"), raw("M2")));
}
