//! The test vectors of Web Authentication Level 3: which verify, and by which policy the others are refused.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use expect_test::expect;
use sha2::{Digest, Sha256};
use webauthn_rs_core::proto::Credential;

use super::attestation::Attested;
use super::client::{Assertion, Creation, Expected};
use super::key;
use super::verification::{Examination, Seen};
use super::*;

pub(super) fn hex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

fn vectors() -> Map<String, Value> {
    let vectors: Value = serde_json::from_str(include_str!("w3c-level-3.json")).unwrap();
    vectors["vectors"].as_object().unwrap().clone()
}

/// What a relying party asks for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    rp_id: &'static str,
    user_verification: Preference,
}

pub(super) const USUAL: Asked =
    Asked { rp_id: "example.org", user_verification: Preference::Preferred };

impl Asked {
    fn examine<T>(
        self,
        type_: &'static str,
        half: &Value,
        examine: impl FnOnce(Examination<'_>) -> Result<T, PasskeyFault>,
    ) -> Result<T, PasskeyFault> {
        let challenge = BASE64URL_NOPAD.encode(&hex(&half["challenge"]));
        let config = PasskeyConfig::default();
        let rp_id = "example.org";
        let expected = Expected { type_, challenge: &challenge, rp_id, config: &config };
        let origin = expected.check(&hex(&half["clientDataJSON"]))?;
        let Asked { rp_id, user_verification } = self;
        examine(Examination { rp_id, origin, challenge: &challenge, user_verification })
    }

    pub(super) fn made(self, vector: &Value) -> Result<Credential, PasskeyFault> {
        let made = &vector["registration"];
        let creation = Creation {
            id: hex(&made["credential_id"]),
            client_data: hex(&made["clientDataJSON"]),
            attestation: hex(&made["attestationObject"]),
            transports: Vec::new(),
            attachment: None,
            resident: None,
        };
        let attested = Attested::read(&creation.attestation)?;
        self.examine("webauthn.create", made, |it| it.creation(&creation, &attested))
    }

    pub(super) fn used(
        self,
        vector: &Value,
        credential: &Credential,
    ) -> Result<Seen, PasskeyFault> {
        let used = &vector["authentication"];
        let assertion = Assertion {
            id: credential.cred_id.clone(),
            client_data: hex(&used["clientDataJSON"]),
            authenticator_data: hex(&used["authenticatorData"]),
            signature: hex(&used["signature"]),
            user_handle: None,
        };
        let signed = assertion.is_signed_by(&credential.cred);
        self.examine("webauthn.get", used, |it| it.assertion(&assertion, signed, credential))
    }
}

/// Whether the key of a vector signed its authentication, whatever else is to be said of it.
fn signed(vector: &Value) -> Result<bool, PasskeyFault> {
    let key = Attested::read(&hex(&vector["registration"]["attestationObject"]))?.key;
    let used = &vector["authentication"];
    let client_data = Sha256::digest(hex(&used["clientDataJSON"]));
    let signed = [&hex(&used["authenticatorData"])[..], &client_data].concat();
    let signature = hex(&used["signature"]);
    Ok(if key::is_foreign(&key) {
        key::verifies(&key, &signed, &signature)
    } else {
        key.verify_signature(&signature, &signed).unwrap()
    })
}

#[test]
fn the_vectors_of_the_standard_verify_or_are_refused_by_a_policy() {
    let said = vectors().into_iter().map(|(name, vector)| {
        let made = USUAL.made(&vector);
        let both = made.and_then(|made| USUAL.used(&vector, &made).map(|_| made.cred.type_));
        let said = match (both, signed(&vector)) {
            (Ok(algorithm), Ok(true)) => format!("verifies, {}", key::name(algorithm)),
            (Err(fault), Ok(true)) => format!("its key signed; {} {fault}", fault.code()),
            (Err(fault), Err(_)) => format!("{} {fault}", fault.code()),
            other => panic!("{name}: {other:?}"),
        };
        format!("{name}: {said}\n")
    });
    // android-key: the certificate says neither where the key was made nor what for (section 8.4): both lists of
    // authorizations are empty. Ed448: neither webauthn-rs-core nor aws-lc knows it.
    expect![[r#"
        android-key-es256: its key signed; 414 the attestation is not accepted: The attestation statement x5c (trust root) is not valid
        apple-es256: verifies, ES256
        fido-u2f-es256: verifies, ES256
        none-es256: verifies, ES256
        none-es256-crossOrigin: its key signed; 411 the client's response comes from a page inside a page of another site
        none-es256-long-credential-id: verifies, ES256
        none-es256-topOrigin: its key signed; 411 the client's response comes from a page inside a page of another site
        packed-ed448: 421 keys of the algorithm -53 are not accepted
        packed-eddsa: verifies, EdDSA
        packed-es256: verifies, ES256
        packed-es384: verifies, ES384
        packed-es512: verifies, ES512
        packed-rs256: verifies, RS256
        packed-self-es256: verifies, ES256
        tpm-es256: verifies, ES256
    "#]].assert_eq(&said.collect::<String>());
}

#[test]
fn every_key_is_written_as_it_is_read() {
    let vectors = vectors();
    for name in ["none-es256", "packed-eddsa", "packed-es384", "packed-es512", "packed-rs256"] {
        let credential = USUAL.made(&vectors[name]).unwrap();
        let written = serde_cbor_2::from_slice(&key::write(&credential.cred)).unwrap();
        assert_eq!(key::read(&written).unwrap(), credential.cred, "{name}");
    }
}

/// Flips a bit of the last byte of a member.
fn spoil(value: &mut Value) {
    let mut bytes = hex(value);
    *bytes.last_mut().unwrap() ^= 1;
    *value = json!(HEXLOWER.encode(&bytes));
}

#[test]
fn a_key_is_examined_alike_whether_the_library_can_hold_it_or_not() {
    let vectors = vectors();
    for name in ["packed-eddsa", "packed-es512", "packed-rs256", "packed-es256", "packed-es384"] {
        let vector = &vectors[name];
        let credential = USUAL.made(vector).unwrap();
        let code = |asked: Asked, change: fn(&mut Value, &mut Credential)| {
            let (mut vector, mut credential) = (vector.clone(), credential.clone());
            change(&mut vector, &mut credential);
            let codes = (asked.made(&vector), asked.used(&vector, &credential));
            let code = |fault: PasskeyFault| fault.code();
            (codes.0.err().map(code), codes.1.err().map(code))
        };
        let elsewhere = Asked { rp_id: "example.com", ..USUAL };
        let of_makings = |vector: &mut Value, _: &mut Credential| {
            spoil(&mut vector["registration"]["attestationObject"]);
        };
        let of_uses = |vector: &mut Value, _: &mut Credential| {
            spoil(&mut vector["authentication"]["signature"]);
        };
        let of_data = |vector: &mut Value, _: &mut Credential| {
            spoil(&mut vector["authentication"]["authenticatorData"]);
        };
        let cases = [
            ("nothing", code(USUAL, |_, _| ()), (None, None)),
            ("another relying party", code(elsewhere, |_, _| ()), (Some(412), Some(412))),
            ("what was made", code(USUAL, of_makings), (Some(412), None)),
            ("the signature", code(USUAL, of_uses), (None, Some(412))),
            ("what was signed", code(USUAL, of_data), (None, Some(412))),
            ("the counter", code(USUAL, |_, key| key.counter = 9), (None, Some(372))),
            ("a copy", code(USUAL, |_, key| key.backup_eligible ^= true), (None, Some(412))),
        ];
        for (what, found, expected) in cases {
            assert_eq!(found, expected, "{name}, {what}");
        }
    }
    // Nobody was verified there.
    let strict = Asked { user_verification: Preference::Required, ..USUAL };
    let vector = &vectors["packed-eddsa"];
    assert_eq!(strict.made(vector).unwrap_err().code(), 413);
}
