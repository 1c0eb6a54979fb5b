//! Bearer tokens through the guard: issued for an API key, rotated, forged.

use data_encoding::BASE64URL_NOPAD;
use expect_test::expect;
use runtime::{Clock, Driver, Retention, Runtime, Settings};
use serde_json::{Value, json};

use super::stage::Stage;

const STORES: &str = "/api/identity-store/stores";

/// A data folder that is gone when the test is over.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("gatewright-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server whose first start left an administrator's key, and that key.
async fn with_key(folder: &Folder) -> (Stage, String) {
    let settings = Settings {
        data: Some(folder.0.clone()),
        driver: Driver::Redb,
        base_url: "http://localhost:8080".to_owned(),
        retention: Retention::default(),
        master_keys: runtime::MasterKeys::default(),
        throttle: identity::ThrottleLimits::default(),
    };
    let clock = Clock::still(super::stage::NOON.parse().unwrap());
    let runtime = Runtime::open(settings, clock.clone()).await.unwrap();
    runtime.seed().await.unwrap();
    let file = runtime.admin_key_file().unwrap();
    let key = std::fs::read_to_string(file).unwrap().trim().to_owned();
    (Stage::on(runtime, clock), key)
}

async fn issued(stage: &Stage, key: &str) -> String {
    let path = "/api/arthr/apiKeys/issue";
    let answer = stage.send("POST", path, &[("x-api-key", key)], "").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    assert_eq!(answer.json()["ttl"], 1800);
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn shown(stage: &Stage, jwt: &str) -> (u16, u64) {
    let bearer = format!("Bearer {jwt}");
    let answer = stage.send("GET", STORES, &[("authorization", &bearer)], "").await;
    (answer.status.as_u16(), answer.json()["code"].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_token_that_opens_its_tenant() {
    let folder = Folder::new("exchange");
    let (stage, key) = with_key(&folder).await;
    let jwt = issued(&stage, &key).await;
    assert_eq!(shown(&stage, &jwt).await, (200, 0));
    stage.clock.advance(jiff::SignedDuration::from_secs(1799));
    assert_eq!(shown(&stage, &jwt).await, (200, 0));
    stage.clock.advance(jiff::SignedDuration::from_secs(1));
    assert_eq!(shown(&stage, &jwt).await, (401, 279));
}

#[tokio::test]
async fn a_wrong_key_gets_nothing() {
    let mut stage = Stage::new().await;
    stage
        .play(
            "POST /api/arthr/apiKeys/issue",
            expect![[r#"
        POST /api/arthr/apiKeys/issue
        401 www-authenticate: ApiKey header="X-Api-Key"
        {
          "code": 271,
          "detail": "the header X-Api-Key is needed",
          "status": 401,
          "title": "Unauthorized",
          "type": "/docs#code-271"
        }
    "#]],
        )
        .await;
    for key in ["x", "gw_", "gw_AAAA"] {
        let path = "/api/arthr/apiKeys/issue";
        let answer = stage.send("POST", path, &[("x-api-key", key)], "").await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &271.into()), "{key}");
        assert!(answer.header("www-authenticate").starts_with("ApiKey"));
    }
}

#[tokio::test]
async fn the_signing_key_changes_and_nobody_is_cut_off() {
    let folder = Folder::new("rotation");
    let (stage, key) = with_key(&folder).await;
    let before = issued(&stage, &key).await;
    let bearer = format!("Bearer {before}");
    let path = "/api/arthr/signingKeys/rotate";
    let rotated = stage.send("POST", path, &[("authorization", &bearer)], "").await;
    assert_eq!(rotated.status.as_u16(), 200, "{}", rotated.text);
    let since = issued(&stage, &key).await;
    let head = |jwt: &str| -> Value {
        let part = jwt.split('.').next().unwrap();
        serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
    };
    assert_eq!(head(&since)["kid"], rotated.json()["keyId"]);
    assert_ne!(head(&before)["kid"], head(&since)["kid"]);
    assert_eq!(head(&since), json!({ "alg": "EdDSA", "typ": "JWT", "kid": head(&since)["kid"] }));
    for jwt in [&before, &since] {
        assert_eq!(shown(&stage, jwt).await, (200, 0));
    }
}

#[tokio::test]
async fn a_forged_token_does_not_get_past_the_guard() {
    let folder = Folder::new("forged");
    let (stage, key) = with_key(&folder).await;
    let jwt = issued(&stage, &key).await;
    let parts: Vec<&str> = jwt.split('.').collect();
    let (head, body, seal) = (parts[0], parts[1], parts[2]);
    let read = |part: &str| -> Value {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
    };
    let write = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let changed = |part: &str, name: &str, value: Value| {
        let mut changed = read(part);
        changed[name] = value;
        write(&changed)
    };
    let bare = changed(head, "alg", "none".into());
    #[rustfmt::skip]
    let cases = [
        (format!("{head}.{body}"),                                                    274),
        (format!("{head}.{body}."),                                                   276),
        (format!("{bare}.{body}."),                                                   277),
        (format!("{bare}.{body}.{seal}"),                                             277),
        (format!("{}.{body}.{seal}", changed(head, "alg", "HS256".into())),           277),
        (format!("{}.{body}.{seal}", changed(head, "kid", "foreign".into())),         271),
        (format!("{}.{body}.{seal}", changed(head, "jku", "https://evil.example".into())), 277),
        (format!("{}.{body}.{seal}", changed(head, "jwk", json!({ "kty": "OKP" }))),  277),
        (format!("{}.{body}.{seal}", changed(head, "x5u", "https://evil.example".into())), 277),
        (format!("{head}.{}.{seal}", changed(body, "tenant", "acme".into())),         276),
        (format!("{head}.{}.{seal}", changed(body, "aud", "other".into())),           276),
        (format!("{head}.{}.{seal}", changed(body, "exp", i64::MAX.into())),          276),
        (format!("{head}.{}.{seal}", changed(body, "permissions", json!(["SYS#*"]))), 276),
    ];
    for (forged, code) in cases {
        assert_eq!(shown(&stage, &forged).await, (401, code), "{forged}");
        // What was refused once is not remembered as good.
        assert_eq!(shown(&stage, &forged).await, (401, code), "{forged}");
    }
}

#[tokio::test]
async fn a_token_of_another_server_is_refused() {
    let (one, other) = (Folder::new("one"), Folder::new("other"));
    let (ours, _) = with_key(&one).await;
    let (theirs, key) = with_key(&other).await;
    let jwt = issued(&theirs, &key).await;
    assert_eq!(shown(&ours, &jwt).await, (401, 271));
}

#[tokio::test]
async fn who_shows_too_many_wrong_api_keys_waits_and_a_good_key_is_let_in() {
    let folder = Folder::new("wrong-keys");
    let (stage, good) = with_key(&folder).await;
    let show = async |key: &str| {
        stage.send("POST", "/api/arthr/apiKeys/issue", &[("x-api-key", key)], String::new()).await
    };
    for number in 0..100 {
        let answer = show(&format!("gw_{number}")).await;
        assert_eq!(answer.status.as_u16(), 401, "{number}: {}", answer.text);
    }
    let answer = show("gw_wrong").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "5"));
    assert_eq!(answer.json()["code"], 2104);
    assert_eq!(show(&good).await.status.as_u16(), 200);
    stage.clock.advance(jiff::SignedDuration::from_secs(5));
    assert_eq!(show("gw_wrong").await.status.as_u16(), 401, "after the time it is examined again");
    assert_eq!(show("gw_wrong").await.status.as_u16(), 429);
}
