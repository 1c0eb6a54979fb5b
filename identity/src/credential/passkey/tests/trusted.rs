//! Attestation: whose authenticators a policy accepts.

use data_encoding::{BASE64_MIME, BASE64URL_NOPAD, HEXLOWER};
use serde_cbor_2::Value as Cbor;
use serde_json::json;

use super::maker::{AUTHENTICATOR, AUTHORITY, Holder, Says};
use super::*;

const MODEL: [u8; 16] = *b"model of the key";
const MODEL_TEXT: &str = "6d6f6465-6c20-6f66-2074-6865206b6579";
const NOBODY: &str = "its certificates do not go back to a trust anchor of the policy";

/// Registers a passkey of such an authenticator by such a policy: why it is refused, or an empty text.
async fn registered(policy: Value, chain: Option<&[&Holder]>) -> String {
    let scene = scene(json!({ "registrationPolicies": { "p": policy } })).await;
    let begun = start_registration(&scene, &alice()).await.unwrap();
    let mut device = Authenticator::new(1);
    device.aaguid = MODEL;
    device.chain = chain.map(|chain| chain.iter().map(|holder| (*holder).clone()).collect());
    let answer = given(device.create(&begun.public_key));
    let Err(error) = complete_registration(&scene, &begun, answer).await else {
        return String::new();
    };
    assert_eq!(error.code(), 414, "{error}");
    let prefix = "the attestation is not accepted: ";
    error.to_string().strip_prefix(prefix).unwrap().to_owned()
}

fn trusting(anchors: &[&Holder]) -> Value {
    let anchors = anchors.iter().map(|holder| json!({ "certificate": holder.pem() }));
    json!({ "attestation": "DIRECT", "attestationTrustAnchors": Vec::from_iter(anchors) })
}

#[tokio::test]
async fn a_policy_with_trust_anchors_accepts_what_goes_back_to_one_of_them_alone() {
    let root = Holder::root("CN=Maker", 10);
    let works = root.authority("CN=Works", 11);
    let key = root.authenticator(12, AUTHENTICATOR);
    let below = works.authenticator(13, AUTHENTICATOR);
    let twin = Holder::root("CN=Maker", 14);
    let other = Holder::root("CN=Other", 15);
    let expired = root.authenticator(16, Says { days: (-9, -1), ..AUTHENTICATOR });
    let early = root.authenticator(17, Says { days: (1, 9), ..AUTHENTICATOR });
    let of_a_key = key.authenticator(18, AUTHENTICATOR);
    let closed = root.issue("CN=Closed", 19, Says { days: (-9, -1), ..AUTHORITY });
    let older = root.issue("CN=Maker", 10, Says { days: (-9, -1), ..AUTHORITY });
    let renewed = root.authenticator(12, Says { days: (-9, 9), ..AUTHENTICATOR });
    let of_closed = closed.authenticator(20, AUTHENTICATOR);
    let (has_expired, not_valid) =
        ("one of its certificates has expired", "one of its certificates is not valid yet");
    let not_authority = &*format!("{NOBODY} (CaNotMarkedAsSuch)");
    let none = "the policy asks for a maker's certificate, and the authenticator has none";
    type Case<'a> = (&'a str, &'a [&'a Holder], &'a [&'a Holder], &'a str);
    let cases: [Case<'_>; 18] = [
        ("the authority's own", &[&key], &[&root], ""),
        ("by way of another", &[&below, &works], &[&root], ""),
        ("with the anchor itself", &[&below, &works, &root], &[&root], ""),
        ("the one between is the anchor", &[&below, &works], &[&works], ""),
        ("the authenticator's is the anchor", &[&key], &[&key], ""),
        ("an older certificate of the anchor", &[&below, &works, &older], &[&root], ""),
        ("a newer one of the authenticator's", &[&renewed], &[&key], ""),
        ("one of two of a name", &[&key], &[&twin, &root], ""),
        ("the one between is not shown", &[&below], &[&root], NOBODY),
        ("another of the name", &[&key], &[&twin], NOBODY),
        ("another", &[&key], &[&other], NOBODY),
        ("two others", &[&key], &[&other, &twin], NOBODY),
        ("expired", &[&expired], &[&other, &root], has_expired),
        ("expired, and the anchor", &[&expired], &[&expired], has_expired),
        ("too early", &[&early], &[&root], not_valid),
        ("of an authority that expired", &[&of_closed, &closed], &[&root], has_expired),
        ("of a key that is no authority", &[&of_a_key, &key], &[&root], not_authority),
        ("itself", &[], &[&root], none),
    ];
    for (what, chain, anchors, why) in cases {
        assert_eq!(registered(trusting(anchors), Some(chain)).await, why, "{what}");
        // Without anchors nobody asks who made it.
        assert_eq!(registered(json!({ "attestation": "DIRECT" }), Some(chain)).await, "", "{what}");
    }
    assert_eq!(registered(trusting(&[&root]), None).await, none);
}

#[tokio::test]
async fn a_trust_anchor_may_be_for_some_models_only() {
    let root = Holder::root("CN=Maker", 10);
    let silent = root.authenticator(12, AUTHENTICATOR);
    let right = root.authenticator(13, Says { model: Some(MODEL), ..AUTHENTICATOR });
    let wrong = root.authenticator(14, Says { model: Some([1; 16]), ..AUTHENTICATOR });
    let other = "01010101-0101-0101-0101-010101010101";
    let with = |aaguids: &[&str]| {
        let anchor = json!({ "certificate": root.pem(), "aaguids": aaguids });
        json!({ "attestation": "DIRECT", "attestationTrustAnchors": [anchor] })
    };
    let refused = &*format!("the trust anchor is not accepted for the model {MODEL_TEXT}");
    // Which is told with and without anchors: the certificate is for another model than the authenticator says.
    let mismatch = "aaguid does not match the aaguid of the token";
    let cases = [
        ("says none, any", &silent, with(&[]), ""),
        ("says none, this", &silent, with(&[other, MODEL_TEXT]), ""),
        ("says none, another", &silent, with(&[other]), refused),
        ("says this", &right, with(&[MODEL_TEXT]), ""),
        ("says another", &wrong, with(&[MODEL_TEXT]), mismatch),
        ("says another, any", &wrong, with(&[]), mismatch),
        ("says another, no anchors", &wrong, json!({}), mismatch),
    ];
    for (what, holder, policy, why) in cases {
        let said = registered(policy, Some(&[holder])).await;
        assert!(
            if why.is_empty() { said.is_empty() } else { said.contains(why) },
            "{what}: {said}"
        );
    }
}

#[tokio::test]
async fn certificates_in_a_statement_that_says_nothing_are_no_way_in() {
    let root = Holder::root("CN=Maker", 10);
    let scene = scene(json!({ "registrationPolicies": { "p": trusting(&[&root]) } })).await;
    let begun = start_registration(&scene, &alice()).await.unwrap();
    let mut device = Authenticator::new(1);
    // The certificate is another's; all the world can read it.
    device.chain = Some(vec![root.authenticator(12, AUTHENTICATOR)]);
    let mut credential = device.create(&begun.public_key);
    let object = credential["response"]["attestationObject"].as_str().unwrap();
    let object = BASE64URL_NOPAD.decode(object.as_bytes()).unwrap();
    let Ok(Cbor::Map(mut object)) = serde_cbor_2::from_slice(&object) else { unreachable!() };
    object.insert(Cbor::Text("fmt".to_owned()), Cbor::Text("none".to_owned()));
    let object = serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap();
    credential["response"]["attestationObject"] = json!(BASE64URL_NOPAD.encode(&object));
    let error = complete_registration(&scene, &begun, given(credential)).await.unwrap_err();
    assert_eq!(error.code(), 412, "{error}");
}

#[test]
fn the_statements_of_the_standards_vectors_go_back_to_its_authority() {
    let vectors: Value = serde_json::from_str(include_str!("w3c-level-3.json")).unwrap();
    let hex = |value: &Value| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let base64 = BASE64_MIME.encode(&hex(&vectors["attestation_ca_cert"]));
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let certificate = format!("Subject: CN=WebAuthn test vectors\r\n{begin}\r\n{base64}{end}\r\n");
    let now = "2025-02-05T13:58:35Z".parse().unwrap();
    let said = |name: &str, aaguids: Vec<String>| {
        let anchor = TrustAnchor { certificate: certificate.clone(), aaguids };
        let policy = PasskeyRegistrationPolicy {
            attestation_trust_anchors: vec![anchor],
            ..PasskeyRegistrationPolicy::default()
        };
        let object = hex(&vectors["vectors"][name]["registration"]["attestationObject"]);
        let attested = attestation::Attested::read(&object).unwrap();
        let said = policy.check_attestation(&attested, now);
        said.err().map(|fault| fault.to_string()).unwrap_or_default()
    };
    for name in ["packed-es256", "packed-es512", "packed-rs256", "packed-eddsa"] {
        assert_eq!(said(name, Vec::new()), "", "{name}");
    }
    for name in ["tpm-es256", "apple-es256", "fido-u2f-es256"] {
        assert_eq!(said(name, Vec::new()), "", "{name}");
        let format = name.trim_end_matches("-es256");
        let why = format!("{format} statements prove no model, and the trust anchor is for some");
        assert!(said(name, vec![MODEL_TEXT.to_owned()]).ends_with(&why), "{name}");
    }
    for name in ["none-es256", "packed-self-es256"] {
        assert!(said(name, Vec::new()).ends_with("the authenticator has none"), "{name}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_about_attestation_is_named() {
    let scene = scene(json!({})).await;
    let root = Holder::root("CN=Maker", 10);
    let two = [root.pem(), root.pem()].concat();
    let policy = json!({
        "attestationFormats": ["tpm", "paper"],
        "attestationTrustAnchors": [
            { "certificate": root.pem(), "aaguids": [MODEL_TEXT, MODEL_TEXT.to_uppercase(), ""] },
            { "certificate": "MIIB" },
            { "certificate": two },
        ],
    });
    let Value::Object(change) = json!({ "registrationPolicies": { "p": policy } }) else {
        unreachable!()
    };
    let mut work = scene.work();
    let error = work.update_passkey_config("s", "example.org", change).await.unwrap_err();
    let prefix = "configuration.passkeyConfigs.example.org.registrationPolicies.p.";
    let paths = error.flaws().iter().map(|flaw| flaw.path.strip_prefix(prefix).unwrap());
    assert_eq!(
        Vec::from_iter(paths),
        [
            "attestationFormats[1]",
            "attestation",
            "attestationTrustAnchors[0].aaguids[1]",
            "attestationTrustAnchors[0].aaguids[2]",
            "attestationTrustAnchors[1].certificate",
            "attestationTrustAnchors[2].certificate",
        ]
    );
}
