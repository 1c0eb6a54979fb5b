//! Passkeys whose maker a policy asks for, in a real browser with a virtual authenticator that attests.

use data_encoding::BASE64;
use serde_json::{Value, json};
use tests::authenticator::Authenticator;

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};

/// The model that Chromium's virtual authenticators say that they are of.
const MODEL: &str = "01020304-0506-0708-0102-030405060708";
/// That of somebody else.
const OTHER_MODEL: &str = "ee882879-721c-4913-9775-3dfcce97072a";

/// The authority of somebody else, which bears the same name and has another key.
const STRANGER: &str = "-----BEGIN CERTIFICATE-----
MIIB4zCCAYmgAwIBAgIBATAKBggqhkjOPQQDAjBgMQswCQYDVQQGEwJVUzERMA8G
A1UECgwIQ2hyb21pdW0xIjAgBgNVBAsMGUF1dGhlbnRpY2F0b3IgQXR0ZXN0YXRp
b24xGjAYBgNVBAMMEUJhdGNoIENlcnRpZmljYXRlMCAXDTE3MDcxNDAyNDAwMFoY
DzIxMTcwNzE0MDI0MDAwWjBgMQswCQYDVQQGEwJVUzERMA8GA1UECgwIQ2hyb21p
dW0xIjAgBgNVBAsMGUF1dGhlbnRpY2F0b3IgQXR0ZXN0YXRpb24xGjAYBgNVBAMM
EUJhdGNoIENlcnRpZmljYXRlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvE1Q
LY6U0ZiyoH3uTJBvNo7ZGGc2XClRflMcRVdC/keDtEdptNWSdBl3cUVcsZBdpzoj
BqJxT9zNMmraeyy5U6MyMDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUAwvc
xNkkRxTtID4MiU+h30yjJX8wCgYIKoZIzj0EAwIDSAAwRQIhAOuMjyNgbyryZwhs
1gwRYe05kgaT9rkNFd1R2C270+0cAiBkogGCu7yJfbqe/Xi1zfui86Vcq103ro7C
48G2BHSo2A==
-----END CERTIFICATE-----
";

/// Has the page keep what its browser says of the authenticator's make.
const KEEP: &str = "const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = async (options) => {
        const made = await create(options);
        sessionStorage.made = btoa(String.fromCharCode(...new Uint8Array(made.response.attestationObject)));
        return made;
    };";

impl House {
    /// What the page says after somebody new has tried to make a passkey: a heading or what is wrong. The policy has
    /// these trust anchors, and takes security keys that keep nothing.
    async fn tries_to_enrol(
        &mut self,
        token: &str,
        person: &str,
        visitor: &Visitor,
        anchors: &[Value],
    ) -> String {
        let registration = json!({
            "residentKey": "DISCOURAGED", "attestation": "DIRECT", "attestationTrustAnchors": anchors,
        });
        self.policies(registration, json!({})).await;
        self.person(person, visitor).await;
        self.begin_enrolment(token, person, visitor).await;
        visitor.browser.run(KEEP).await;
        visitor.submit().await;
        match visitor.text(SUMMARY).await {
            said if said.is_empty() => visitor.heading().await,
            said => said,
        }
    }

    async fn passkeys_of(&mut self, person: &str) -> usize {
        let user = self.user(person).await;
        user["summaryInfo"]["passkeys"].as_array().map_or(0, Vec::len)
    }
}

/// The certificate of the authenticator that the page has kept, in PEM.
async fn certificate(visitor: &Visitor) -> String {
    let kept = visitor.browser.run("return sessionStorage.made").await;
    let made = BASE64.decode(kept.as_str().expect("it was kept").as_bytes()).expect("base64");
    // The member `x5c` of the statement: a list of one string with a length of two bytes (RFC 8949, section 3).
    let start = made.windows(5).position(|bytes| bytes == b"x5c\x81\x59").expect("a certificate");
    let length = usize::from(u16::from_be_bytes([made[start + 5], made[start + 6]]));
    let der = &made[start + 7..start + 7 + length];
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", BASE64.encode(der))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_accepted_only_of_the_maker_and_the_models_that_the_policy_names() {
    let mut house = House::with_passkeys().await;
    let token = house.shipped("passkey-enrolment").await;
    let visitor = Visitor::new("en").await;
    Authenticator::plug_in(&visitor.browser, json!({})).await;
    let said = house.tries_to_enrol(&token, "first", &visitor, &[]).await;
    assert_eq!(said, "All done", "nobody asks for the maker");
    let maker = certificate(&visitor).await;

    let anchor = |certificate: &str, models: &[&str]| json!({ "certificate": certificate, "aaguids": models });
    let stranger = anchor(STRANGER, &[]);
    let of_model = anchor(&maker, &[OTHER_MODEL, MODEL]);
    // Packed statements prove of what model an authenticator is; those of U2F do not.
    let packed = [
        ("ada", vec![anchor(&maker, &[])], true),
        ("bob", vec![stranger.clone()], false),
        ("cyd", vec![stranger.clone(), of_model.clone()], true),
        ("dan", vec![anchor(&maker, &[OTHER_MODEL])], false),
    ];
    let u2f = [
        ("eve", vec![anchor(&maker, &[])], true),
        ("fay", vec![stranger], false),
        ("gus", vec![of_model], false),
    ];
    let key = json!({
        "protocol": "u2f", "transport": "usb", "hasResidentKey": false, "hasUserVerification": false,
    });
    for (device, cases) in [(json!({}), packed.to_vec()), (key, u2f.to_vec())] {
        visitor.browser.tell("WebAuthn.disable", json!({})).await;
        Authenticator::plug_in(&visitor.browser, device).await;
        for (person, anchors, accepted) in cases {
            let said = house.tries_to_enrol(&token, person, &visitor, &anchors).await;
            let words = if accepted { "All done" } else { "The new passkey was not accepted." };
            assert!(said.contains(words), "{person}: {said}");
            assert_eq!(house.passkeys_of(person).await, usize::from(accepted), "{person}");
        }
    }
    visitor.leave().await;
}
