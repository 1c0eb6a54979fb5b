//! Attestation statements of TPMs, and what each of their parts is checked for.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde_cbor_2::Value as Cbor;

use super::attestation::Attested;
use super::maker::{AUTHENTICATOR, Holder};
use super::vectors::{USUAL, hex};
use super::*;

type Statement = BTreeMap<Cbor, Cbor>;

fn standard() -> Value {
    let vectors: Value = serde_json::from_str(include_str!("w3c-level-3.json")).unwrap();
    vectors["vectors"]["tpm-es256"].clone()
}

/// The other way in which TPMs write: with RSA and SHA-1.
fn usual() -> Value {
    serde_json::from_str(include_str!("tpm-rs1.json")).unwrap()
}

fn text(text: &str) -> Cbor {
    Cbor::Text(text.to_owned())
}

/// What is said of a passkey whose statement was changed.
fn said(mut vector: Value, change: impl FnOnce(&mut Statement)) -> String {
    let object = hex(&vector["registration"]["attestationObject"]);
    let Ok(Cbor::Map(mut object)) = serde_cbor_2::from_slice(&object) else { unreachable!() };
    let Some(Cbor::Map(statement)) = object.get_mut(&text("attStmt")) else { unreachable!() };
    change(statement);
    let object = serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap();
    vector["registration"]["attestationObject"] = json!(HEXLOWER.encode(&object));
    let fault = USUAL.made(&vector).err();
    fault.map(|fault| format!("{} {fault}", fault.code())).unwrap_or_default()
}

fn bytes<'a>(statement: &'a mut Statement, member: &str) -> &'a mut Vec<u8> {
    let Some(Cbor::Bytes(bytes)) = statement.get_mut(&text(member)) else { unreachable!() };
    bytes
}

#[test]
fn each_part_of_a_statement_is_checked() {
    let flipped = |vector: Value, member: &str, position: usize| {
        said(vector, |statement| bytes(statement, member)[position] ^= 1)
    };
    let replaced = |member: &str, value: Cbor| {
        said(standard(), |statement| _ = statement.insert(text(member), value))
    };
    let (unread, signature) = ("what the TPM signed cannot be read", "the attestation");
    let (another, not_this) = ("the TPM speaks of another key", "the TPM certified another key");
    let unknown = "the TPM signs with an unknown algorithm";
    let cases = [
        ("the version", replaced("ver", text("1.2")), "the TPM is not of version 2.0"),
        ("no such algorithm", replaced("alg", Cbor::Integer(7)), unknown),
        ("another algorithm", replaced("alg", Cbor::Integer(-257)), signature),
        ("another hash", replaced("alg", Cbor::Integer(-35)), "the TPM signed for something else"),
        ("no signature", replaced("sig", Cbor::Null), "the attestation statement has no sig"),
        ("no certificates", replaced("x5c", Cbor::Array(Vec::new())), "the certificates of the"),
        ("who made it", flipped(standard(), "certInfo", 0), unread),
        ("what it is", flipped(standard(), "certInfo", 5), unread),
        ("more of it", said(standard(), |it| bytes(it, "certInfo").push(0)), unread),
        ("less of it", said(standard(), |it| _ = bytes(it, "certInfo").pop()), unread),
        ("for what", flipped(standard(), "certInfo", 10), "the TPM signed for something else"),
        ("the firmware", flipped(standard(), "certInfo", 60), signature),
        ("the name of the key", flipped(standard(), "certInfo", 71), not_this),
        ("the kind of key", flipped(standard(), "pubArea", 1), another),
        ("the hash of the name", flipped(standard(), "pubArea", 3), not_this),
        ("the attributes", flipped(standard(), "pubArea", 7), not_this),
        ("a key for keys", flipped(standard(), "pubArea", 11), another),
        ("the curve", flipped(standard(), "pubArea", 15), another),
        ("x", flipped(standard(), "pubArea", 20), another),
        ("y", flipped(standard(), "pubArea", 85), another),
        ("more of the key", said(standard(), |it| bytes(it, "pubArea").push(0)), another),
        ("the signature", flipped(standard(), "sig", 60), signature),
        ("the exponent", flipped(usual(), "pubArea", 51), another),
        ("the modulus", flipped(usual(), "pubArea", 60), another),
        ("the signature, RSA", flipped(usual(), "sig", 60), signature),
    ];
    for (what, said, why) in cases {
        assert!(
            said.starts_with(&format!("412 the client's response does not verify: {why}")),
            "{what}: {said}"
        );
    }
    assert_eq!(said(standard(), |_| ()), "");
}

#[test]
fn a_certificate_that_is_not_for_attesting_keys_attests_none() {
    let holder = Holder::root("CN=Maker", 10).authenticator(11, AUTHENTICATOR);
    let said = said(standard(), |statement| {
        let signature = holder.sign(bytes(statement, "certInfo"));
        *bytes(statement, "sig") = signature;
        statement.insert(text("x5c"), Cbor::Array(vec![Cbor::Bytes(holder.der())]));
    });
    let why = "the certificate of the TPM is not as Web Authentication section 8.3.1 has it";
    assert_eq!(said, format!("414 the attestation is not accepted: {why}"));
}

#[test]
fn an_rsa_key_of_a_tpm_is_made_used_and_goes_back_to_an_authority() {
    let vector = usual();
    let made = USUAL.made(&vector).unwrap();
    assert!(USUAL.used(&vector, &made).is_ok());
    let authority = data_encoding::BASE64.encode(&hex(&vector["attestation_ca_cert"]));
    let certificate = format!("-----BEGIN CERTIFICATE-----{authority}-----END CERTIFICATE-----");
    let policy = PasskeyRegistrationPolicy {
        attestation_trust_anchors: vec![TrustAnchor { certificate, aaguids: Vec::new() }],
        ..PasskeyRegistrationPolicy::default()
    };
    let object = hex(&vector["registration"]["attestationObject"]);
    let attested = Attested::read(&object).unwrap();
    let now = "2025-02-05T13:58:35Z".parse().unwrap();
    assert_eq!(policy.check_attestation(&attested, now), Ok(()));
}
