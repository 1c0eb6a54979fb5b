//! The server's arithmetic against the published vectors, a worked example and an independent client.

use data_encoding::HEXUPPER_PERMISSIVE as HEX;
use num_bigint::BigUint;
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use srp::groups::{G_1024, G_2048};

use super::client::{Client, N_2048};
use super::{Srp, same};

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn bytes(vector: &Value, name: &str) -> Vec<u8> {
    HEX.decode(vector[name].as_str().unwrap().replace(' ', "").as_bytes()).unwrap()
}

fn number(vector: &Value, name: &str) -> BigUint {
    BigUint::from_bytes_be(&bytes(vector, name))
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_vector_of_rfc_5054_appendix_b_comes_out_on_both_sides() {
    let file = read(include_str!("../../../tests-data/rfc5054.json"));
    let vector = &file["testVectors"][0];
    let client = Client {
        n: number(vector, "N"),
        g: number(vector, "g"),
        i: vector["I"].as_str().unwrap().to_owned(),
        salt: bytes(vector, "s"),
        passcode: vector["P"].as_str().unwrap().to_owned(),
    };
    assert_eq!(client.x::<Sha1>(), number(vector, "x"));
    assert_eq!(client.k::<Sha1>(), number(vector, "k"));
    assert_eq!(client.verifier::<Sha1>(), bytes(vector, "v"));
    let answer = client.answer::<Sha1>(&number(vector, "a"), &bytes(vector, "B"));
    assert_eq!(answer.a_public, bytes(vector, "A"));
    assert_eq!(answer.secret, bytes(vector, "S"));

    let server = Srp::<Sha1>::new(&G_1024);
    let (b, v) = (number(vector, "b"), server.verifier(&bytes(vector, "v")).unwrap());
    let b_public = server.server_public(&b, &v).unwrap();
    assert_eq!(*server.pad(&b_public), bytes(vector, "B"));
    let a_public = server.client_public(&bytes(vector, "A")).unwrap();
    assert_eq!(server.scrambler(&a_public, &b_public), number(vector, "u"));
    let premaster = server.premaster(&a_public, &b_public, &v, &b).unwrap();
    assert_eq!(*server.pad(&premaster), bytes(vector, "S"));
    let key = server.session_key(&premaster);
    let proofs = server.proofs(&client.i, &client.salt, &a_public, &b_public, &key);
    assert_eq!((proofs.client, proofs.server), (answer.m1, answer.m2));
}

#[test]
fn the_worked_example_of_the_product_comes_out() {
    let vector = read(include_str!("../../../tests-data/srp-2048-sha256.json"));
    let text = |name: &str| vector[name].as_str().unwrap().to_owned();
    let client = Client::new(&text("i"), &bytes(&vector, "salt"), &text("passcode"));
    assert_eq!(client.n, number(&vector, "N"));
    assert_eq!(client.x::<Sha256>(), number(&vector, "x"));
    assert_eq!(client.verifier::<Sha256>(), bytes(&vector, "v"));
    let answer = client.answer::<Sha256>(&number(&vector, "a"), &bytes(&vector, "B"));
    assert_eq!(answer.u, number(&vector, "u"));
    assert_eq!(answer.key, bytes(&vector, "K"));

    let server = Srp::<Sha256>::new(&G_2048);
    let (b, v) = (number(&vector, "b"), server.verifier(&bytes(&vector, "v")).unwrap());
    let b_public = server.server_public(&b, &v).unwrap();
    assert_eq!(*server.pad(&b_public), bytes(&vector, "B"));
    let a_public = server.client_public(&bytes(&vector, "A")).unwrap();
    let premaster = server.premaster(&a_public, &b_public, &v, &b).unwrap();
    assert_eq!(*server.pad(&premaster), bytes(&vector, "S"));
    let key = server.session_key(&premaster);
    assert_eq!(*key, bytes(&vector, "K"));
    let proofs = server.proofs(&client.i, &client.salt, &a_public, &b_public, &key);
    assert_eq!(proofs.client, bytes(&vector, "M1"));
    assert_eq!(proofs.server, bytes(&vector, "M2"));
}

/// One authentication with the secrets given: whether both sides agree, and the lengths of `A`, `B` and `S` without
/// leading zeros.
fn meet(client: &Client, v: &[u8], a: &BigUint, b: &BigUint) -> (bool, [usize; 3]) {
    let server = Srp::<Sha256>::new(&G_2048);
    let v = server.verifier(v).unwrap();
    let b_public = server.server_public(b, &v).unwrap();
    let answer = client.answer::<Sha256>(a, &server.pad(&b_public));
    let a_public = server.client_public(&answer.a_public).unwrap();
    let premaster = server.premaster(&a_public, &b_public, &v, b).unwrap();
    let key = server.session_key(&premaster);
    let proofs = server.proofs(&client.i, &client.salt, &a_public, &b_public, &key);
    let agreed = same(&proofs.client, &answer.m1) && same(&proofs.server, &answer.m2);
    (agreed, [&a_public, &b_public, &premaster].map(|number| number.to_bytes_be().len()))
}

#[test]
fn two_hundred_random_sessions_agree_and_wrong_passcodes_never_do() {
    for round in 0..200 {
        let salt = random(32);
        let passcode = format!("pässwort {round}");
        let client = Client::new("MFRGGZDFMZTWQ2LKNNWG23TPOA", &salt, &passcode);
        let v = client.verifier::<Sha256>();
        let (a, b) = (BigUint::from_bytes_be(&random(32)), BigUint::from_bytes_be(&random(32)));
        assert!(meet(&client, &v, &a, &b).0, "a = {a:x}, b = {b:x}, salt = {salt:x?}");
        if round % 10 == 0 {
            let stranger = Client::new(&client.i, &salt, "guess");
            assert!(!meet(&stranger, &v, &a, &b).0);
        }
    }
}

#[test]
fn numbers_that_begin_with_a_zero_byte_are_padded() {
    let client = Client::new("MFRGGZDFMZTWQ2LKNNWG23TPOA", &[7; 32], "correct horse");
    let v = client.verifier::<Sha256>();
    let secret = |number: u32| (BigUint::from(1_u8) << 255) + number;
    // The first secrets after 2^255 that make A, B or S short, found by trying.
    let cases = [
        (0, 0, [256, 256, 256]),
        (4, 0, [255, 256, 256]),
        (0, 368, [256, 255, 256]),
        (4, 368, [255, 255, 256]),
        (0, 74, [256, 256, 255]),
    ];
    for (a, b, lengths) in cases {
        assert_eq!(meet(&client, &v, &secret(a), &secret(b)), (true, lengths), "{a} {b}");
    }
}

#[test]
fn public_keys_and_verifiers_outside_their_range_are_refused() {
    let server = Srp::<Sha256>::new(&G_2048);
    let n = BigUint::parse_bytes(N_2048.as_bytes(), 16).unwrap();
    let long = [vec![1], vec![0; 256]].concat();
    let padded = [vec![0; 255], vec![9]].concat();
    let cases: [(&str, Vec<u8>, bool, bool); 10] = [
        // what, bytes, good as a client's public key, good as a verifier
        ("nothing", vec![], false, false),
        ("zero", vec![0], false, false),
        ("256 zeros", vec![0; 256], false, false),
        ("one", vec![1], true, false),
        ("two", vec![2], true, true),
        ("padded", padded, true, true),
        ("N", n.to_bytes_be(), false, false),
        ("N - 1", (&n - 1_u8).to_bytes_be(), true, false),
        ("N - 2", (&n - 2_u8).to_bytes_be(), true, true),
        ("257 bytes", long, false, false),
    ];
    for (what, bytes, public, verifier) in cases {
        assert_eq!(server.client_public(&bytes).is_some(), public, "public key: {what}");
        assert_eq!(server.verifier(&bytes).is_some(), verifier, "verifier: {what}");
    }
    assert!(server.client_public(&(&n * 1_u8 + 1_u8).to_bytes_be()).is_some());
}

#[test]
fn a_number_made_of_random_bytes_is_always_a_verifier() {
    let server = Srp::<Sha256>::new(&G_2048);
    for random in [vec![0; 256], vec![255; 256], random(256), server.modulus()] {
        let v = server.verifier_from(&random);
        assert!(server.verifier(&server.pad(&v)).is_some());
    }
}

#[test]
fn proofs_are_the_same_only_byte_for_byte() {
    assert!(same(b"proof", b"proof"));
    assert!(!same(b"proof", b"prooF"));
    assert!(!same(b"proof", b"proo"));
    assert!(!same(b"proof", b""));
}
