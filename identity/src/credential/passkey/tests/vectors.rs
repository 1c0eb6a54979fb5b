//! The test vectors of Web Authentication Level 3: which verify, and why the others are refused.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use expect_test::expect;

use super::client::{Assertion, Creation, Expected};
use super::verification::Examination;
use super::*;

fn hex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

/// How both halves of a vector end.
fn outcome(vector: &Value) -> Result<String, PasskeyFault> {
    let config = PasskeyConfig::default();
    let (made, used) = (&vector["registration"], &vector["authentication"]);
    let checked = |type_, half: &Value| {
        let challenge = BASE64URL_NOPAD.encode(&hex(&half["challenge"]));
        let expected =
            Expected { type_, challenge: &challenge, rp_id: "example.org", config: &config };
        let origin = expected.check(&hex(&half["clientDataJSON"]))?;
        Ok::<_, PasskeyFault>((challenge, origin))
    };
    let (challenge, origin) = checked("webauthn.create", made)?;
    let user_verification = Preference::Preferred;
    let rp_id = "example.org";
    let examination = Examination { rp_id, origin, challenge: &challenge, user_verification };
    let credential = examination.creation(&Creation {
        id: hex(&made["credential_id"]),
        client_data: hex(&made["clientDataJSON"]),
        attestation: hex(&made["attestationObject"]),
        transports: Vec::new(),
        attachment: None,
        resident: None,
    })?;
    let (challenge, origin) = checked("webauthn.get", used)?;
    let examination = Examination { rp_id, origin, challenge: &challenge, user_verification };
    examination.assertion(
        &Assertion {
            id: hex(&made["credential_id"]),
            client_data: hex(&used["clientDataJSON"]),
            authenticator_data: hex(&used["authenticatorData"]),
            signature: hex(&used["signature"]),
            user_handle: None,
        },
        &credential,
    )?;
    Ok(format!("{:?}", credential.cred.type_))
}

#[test]
fn the_vectors_of_the_standard_verify_or_are_refused_for_a_reason() {
    let vectors: Value = serde_json::from_str(include_str!("w3c-level-3.json")).unwrap();
    let vectors = vectors["vectors"].as_object().unwrap();
    let said = vectors.iter().map(|(name, vector)| match outcome(vector) {
        Ok(algorithm) => format!("{name}: verifies, {algorithm}\n"),
        Err(fault) => format!("{name}: {} {fault}\n", fault.code()),
    });
    expect![[r#"
        android-key-es256: 412 the client's response does not verify: The attestation statement x5c (trust root) is not valid
        apple-es256: verifies, ES256
        fido-u2f-es256: verifies, ES256
        none-es256: verifies, ES256
        none-es256-crossOrigin: 411 the client's response comes from a page inside a page of another site
        none-es256-long-credential-id: verifies, ES256
        none-es256-topOrigin: 411 the client's response comes from a page inside a page of another site
        packed-ed448: 412 the client's response does not verify: The COSEKey contains invalid cryptographic algorithm request
        packed-eddsa: 412 the client's response does not verify: ED25519 and ED448 keys are not supported by this implementation
        packed-es256: verifies, ES256
        packed-es384: verifies, ES384
        packed-es512: 412 the client's response does not verify: A credential alg that was not allowed in the request was attempted.
        packed-rs256: 412 the client's response does not verify: The COSEKey contains invalid RSA modulus/exponent data
        packed-self-es256: verifies, ES256
        tpm-es256: 412 the client's response does not verify: The COSEKey type is not supported by this implementation
    "#]].assert_eq(&said.collect::<String>());
}
