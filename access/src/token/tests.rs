//! Every way to forge, bend or outlive a token, and what it gets.

use data_encoding::BASE64URL_NOPAD;
use expect_test::expect;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use storage::Store;

use super::*;
use crate::Error;

const ISSUER: &str = "http://localhost:8080";

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

fn grant() -> Grant {
    Grant {
        tenant: "demo".to_owned(),
        subject: "KEY".to_owned(),
        name: "API Key: admin".to_owned(),
        permissions: vec!["TNT#demo#*".to_owned()],
        not_after: None,
    }
}

async fn signer() -> Signer {
    Signer::open(&Store::memory(), ISSUER, noon()).await.unwrap()
}

/// The documented header, and one that differs from it.
fn header(signer: &Signer, change: Value) -> String {
    merged(json!({ "typ": "JWT", "alg": "EdDSA", "kid": signer.kid() }), change)
}

/// The claims of a good token, and ones that differ from them.
fn payload(change: Value) -> String {
    let now = noon().as_second();
    let good = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "KEY", "iat": now, "nbf": now, "exp": now + 60,
        "jti": "ID", "tenant": "demo", "name": "API Key: admin", "permissions": ["TNT#demo#*"],
    });
    merged(good, change)
}

/// Members set to null are taken out.
fn merged(mut base: Value, change: Value) -> String {
    for (name, value) in change.as_object().unwrap() {
        base[name] = value.clone();
    }
    base.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    base.to_string()
}

fn encoded(text: &str) -> String {
    BASE64URL_NOPAD.encode(text.as_bytes())
}

#[tokio::test]
async fn a_token_says_what_was_granted() {
    let signer = signer().await;
    let bearer = signer.issue(&grant(), noon()).unwrap();
    assert_eq!(bearer.ttl, LIFETIME);
    let claims = signer.verify(&bearer.token, noon()).unwrap();
    assert_eq!(claims.id.len(), 26);
    expect![[r#"
        Claims {
            tenant: "demo",
            subject: "KEY",
            name: "API Key: admin",
            permissions: [
                "TNT#demo#*",
            ],
            id: "…",
            expires: 2026-01-01T12:30:00Z,
        }
    "#]]
    .assert_debug_eq(&Claims { id: "…".to_owned(), ..claims });
    assert_eq!(format!("{bearer:?}"), "Bearer { ttl: 1800, .. }");
}

#[tokio::test]
async fn a_token_ends_with_its_key() {
    let signer = signer().await;
    let bearer = signer.issue(&Grant { not_after: Some(after(90)), ..grant() }, noon()).unwrap();
    assert_eq!(bearer.ttl, 90);
    assert!(signer.verify(&bearer.token, after(89)).is_ok());
    assert_eq!(signer.verify(&bearer.token, after(90)), Err(TokenError::Expired));
}

#[tokio::test]
async fn a_header_that_asks_for_anything_else_is_refused() {
    let signer = signer().await;
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded("x") });
    #[rustfmt::skip]
    let cases = [
        (json!({}),                                         None),
        (json!({ "typ": null }),                            None),
        (json!({ "alg": null }),                            Some(223)),
        (json!({ "alg": "none" }),                          Some(277)),
        (json!({ "alg": "None" }),                          Some(277)),
        (json!({ "alg": "" }),                              Some(277)),
        (json!({ "alg": "HS256" }),                         Some(277)),
        (json!({ "alg": "RS256" }),                         Some(277)),
        (json!({ "alg": "ES256" }),                         Some(277)),
        (json!({ "alg": "eddsa" }),                         Some(277)),
        (json!({ "alg": ["EdDSA"] }),                       Some(277)),
        (json!({ "kid": null }),                            Some(222)),
        (json!({ "kid": "" }),                              Some(222)),
        (json!({ "kid": 7 }),                               Some(277)),
        (json!({ "kid": "foreign" }),                       Some(271)),
        (json!({ "kid": "../signing-keys" }),               Some(271)),
        (json!({ "typ": "at+jwt" }),                        Some(277)),
        (json!({ "cty": "JWT" }),                           Some(277)),
        (json!({ "jku": "https://evil.example/keys" }),     Some(277)),
        (json!({ "jwk": jwk }),                             Some(277)),
        (json!({ "x5u": "https://evil.example/cert" }),     Some(277)),
        (json!({ "x5c": ["MIIB"] }),                        Some(277)),
        (json!({ "x5t": "x" }),                             Some(277)),
        (json!({ "crit": ["b64"], "b64": false }),          Some(277)),
        (json!({ "enc": "A256GCM" }),                       Some(277)),
        (json!({ "zip": "DEF" }),                           Some(273)),
        (json!({ "anything": 1 }),                          Some(277)),
    ];
    for (change, expected) in cases {
        let jwt = signer.sign_raw(&header(&signer, change.clone()), &payload(json!({})));
        let code = signer.verify(&jwt, noon()).err().map(|error| error.code());
        assert_eq!(code, expected, "{change}");
    }
}

#[tokio::test]
async fn a_claim_that_is_not_ours_is_refused() {
    let signer = signer().await;
    let now = noon().as_second();
    #[rustfmt::skip]
    let cases = [
        (json!({}),                               None),
        (json!({ "iss": "https://evil.example" }), Some(225)),
        (json!({ "iss": null }),                  Some(282)),
        (json!({ "aud": "somebody-else" }),       Some(281)),
        (json!({ "aud": null }),                  Some(282)),
        (json!({ "aud": ["x", AUDIENCE] }),       Some(275)),
        (json!({ "sub": null }),                  Some(282)),
        (json!({ "exp": null }),                  Some(282)),
        (json!({ "exp": "tomorrow" }),            Some(275)),
        (json!({ "exp": now }),                   Some(279)),
        (json!({ "exp": now - 1 }),               Some(279)),
        (json!({ "exp": -1 }),                    Some(282)),
        (json!({ "nbf": null }),                  Some(282)),
        (json!({ "nbf": now + 5 }),               None),
        (json!({ "nbf": now + 6 }),               Some(280)),
        (json!({ "nbf": i64::MAX, "exp": i64::MAX }), Some(280)),
        (json!({ "exp": i64::MAX }),              Some(275)),
        (json!({ "tenant": null }),               Some(282)),
        (json!({ "permissions": "TNT#demo#*" }),  Some(275)),
    ];
    for (change, expected) in cases {
        let jwt = signer.sign_raw(&header(&signer, json!({})), &payload(change.clone()));
        let code = signer.verify(&jwt, noon()).err().map(|error| error.code());
        assert_eq!(code, expected, "{change}");
    }
}

#[tokio::test]
async fn the_public_key_is_no_shared_secret() {
    let signer = signer().await;
    let mut head = Header::new(Algorithm::HS256);
    head.kid = Some(signer.kid());
    let claims: Value = serde_json::from_str(&payload(json!({}))).unwrap();
    let public = signer.public_key();
    for secret in [public.clone(), encoded("").into_bytes(), BASE64URL_NOPAD.encode(&public).into()]
    {
        let jwt = jsonwebtoken::encode(&head, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(signer.verify(&jwt, noon()), Err(TokenError::WrongFormat));
        // The same signature under a header that claims our algorithm.
        let (_, rest) = jwt.split_once('.').unwrap();
        let dressed = format!("{}.{rest}", encoded(&header(&signer, json!({}))));
        assert_eq!(signer.verify(&dressed, noon()), Err(TokenError::WrongSignature));
    }
}

#[tokio::test]
async fn a_token_of_another_installation_is_refused() {
    let (ours, theirs) = (signer().await, signer().await);
    let jwt = theirs.issue(&grant(), noon()).unwrap().token;
    assert_eq!(ours.verify(&jwt, noon()), Err(TokenError::UnknownKey));
    let dressed = theirs.sign_raw(&header(&ours, json!({})), &payload(json!({})));
    assert_eq!(ours.verify(&dressed, noon()), Err(TokenError::WrongSignature));
}

#[tokio::test]
async fn a_changed_letter_breaks_the_seal() {
    let signer = signer().await;
    let jwt = signer.issue(&grant(), noon()).unwrap().token;
    let parts: Vec<&str> = jwt.split('.').collect();
    let body = BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap();
    let other = String::from_utf8(body).unwrap().replace("demo", "acme");
    let tampered = format!("{}.{}.{}", parts[0], encoded(&other), parts[2]);
    assert_eq!(signer.verify(&tampered, noon()), Err(TokenError::WrongSignature));
    for at in 0..jwt.len() {
        let mut bytes = jwt.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8(bytes).unwrap();
        assert!(signer.verify(&bent, noon()).is_err(), "letter {at}");
    }
}

#[tokio::test]
async fn what_is_not_a_token_is_refused() {
    let signer = signer().await;
    let jwt = signer.issue(&grant(), noon()).unwrap().token;
    let parts: Vec<&str> = jwt.split('.').collect();
    let (head, body, seal) = (parts[0], parts[1], parts[2]);
    #[rustfmt::skip]
    let cases = [
        (String::new(),                              221),
        (format!(".{body}.{seal}"),                  221),
        (head.to_owned(),                            274),
        (format!("{head}.{body}"),                   274),
        (format!("{head}.{body}."),                  276),
        (format!("{head}..{seal}"),                  224),
        (format!("{head}.{body}.{seal}.x"),          274),
        (format!("{head}.{body}.{seal}."),           274),
        (format!("{head}.{body}.{seal}="),           274),
        (format!("{head}.{body}.{seal}A"),           276),
        (format!("{head} .{body}.{seal}"),           220),
        (format!("!.{body}.{seal}"),                 220),
        (format!("{}.{body}.{seal}", encoded("[]")), 220),
        (format!("{}.{body}.{seal}", encoded("{")),  220),
        ("x".repeat(LONGEST + 1),                    274),
        ("..".to_owned(),                            221),
    ];
    for (text, expected) in cases {
        let code = signer.verify(&text, noon()).unwrap_err().code();
        assert_eq!(code, expected, "{text:.60}");
    }
}

#[tokio::test]
async fn a_replaced_key_verifies_until_its_last_token_has_expired() {
    let store = Store::memory();
    let signer = Signer::open(&store, ISSUER, noon()).await.unwrap();
    let before = signer.issue(&grant(), noon()).unwrap().token;
    let kid = signer.rotate(after(60)).await.unwrap();
    assert_eq!(signer.kid(), kid);
    let since = signer.issue(&grant(), after(60)).unwrap().token;
    let last = i64::from(LIFETIME) - 1;
    for jwt in [&before, &since] {
        assert!(signer.verify(jwt, after(last)).is_ok());
    }
    // A token that claims to live on under the replaced key ends with the key.
    let old_kid = super::read_key_id(&before).unwrap();
    assert_eq!(signer.verify(&before, after(60 + last + 1)), Err(TokenError::UnknownKey));
    assert_ne!(old_kid, kid);
    signer.rotate(after(60 + last + 2)).await.unwrap();
    assert_eq!(signer.verifying(), 2, "the first key is gone");
}

#[tokio::test]
async fn the_keys_outlive_the_process() {
    let store = Store::memory();
    let first = Signer::open(&store, ISSUER, noon()).await.unwrap();
    let before = first.issue(&grant(), noon()).unwrap().token;
    first.rotate(noon()).await.unwrap();
    let since = first.issue(&grant(), noon()).unwrap().token;
    let second = Signer::open(&store, ISSUER, after(1)).await.unwrap();
    assert_eq!(second.kid(), first.kid());
    for jwt in [&before, &since] {
        assert!(second.verify(jwt, after(1)).is_ok());
    }
}

#[tokio::test]
async fn two_who_rotate_at_once_do_not_both_win() {
    let store = Store::memory();
    let one = Signer::open(&store, ISSUER, noon()).await.unwrap();
    let other = Signer::open(&store, ISSUER, noon()).await.unwrap();
    let (a, b) = tokio::join!(one.rotate(noon()), other.rotate(noon()));
    let won = [&a, &b].into_iter().filter(|answer| answer.is_ok()).count();
    let lost = [a, b].into_iter().filter_map(Result::err).filter(Error::is_conflict).count();
    assert!(won + lost == 2 && won >= 1);
}

#[test]
fn every_refusal_has_a_documented_code_of_its_own() {
    use TokenError::*;
    let all = [
        Unparsable,
        NoHeader,
        NoKeyId,
        NoAlgorithm,
        NoBody,
        WrongIssuer,
        WrongOwner,
        UnknownKey,
        Compressed,
        Malformed,
        WrongClaimType,
        WrongSignature,
        WrongFormat,
        Expired,
        NotYetValid,
        WrongAudience,
        MissingClaim,
    ];
    let codes: std::collections::BTreeSet<u32> = all.iter().map(TokenError::code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(codes.iter().all(|code| (220..=226).contains(code) || (271..=282).contains(code)));
}
