//! An authenticator in software, written from the standard: P-256 keys, and whatever lies a test needs.

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_cbor_2::Value as Cbor;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::maker::Holder;

/// An authenticator with one credential.
#[derive(Clone)]
pub(super) struct Authenticator {
    key: SigningKey,
    pub(super) id: Vec<u8>,
    pub(super) counter: u32,
    pub(super) user_verified: bool,
    pub(super) user_handle: Option<String>,
    /// What the client says in place of the truth.
    pub(super) lies: Map<String, Value>,
    pub(super) rp_id: Option<String>,
    /// Its model.
    pub(super) aaguid: [u8; 16],
    /// Who vouches for it, itself first; if nobody does, it vouches for itself. Without this it says nothing.
    pub(super) chain: Option<Vec<Holder>>,
}

impl Authenticator {
    pub(super) fn new(seed: u8) -> Authenticator {
        Authenticator {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: vec![seed; 16],
            counter: 1,
            user_verified: true,
            user_handle: None,
            lies: Map::new(),
            rp_id: None,
            aaguid: [0; 16],
            chain: None,
        }
    }

    pub(super) fn lying(&self, member: &str, value: Value) -> Authenticator {
        let mut liar = self.clone();
        liar.lies.insert(member.to_owned(), value);
        liar
    }

    /// What `navigator.credentials.create()` gives.
    pub(super) fn create(&mut self, options: &Value) -> Map<String, Value> {
        self.user_handle = Some(options["user"]["id"].as_str().unwrap().to_owned());
        let client_data = self.client_data("webauthn.create", options);
        let rp_id = options["rp"]["id"].as_str().unwrap();
        let mut data = self.authenticator_data(rp_id, 0x40);
        data.extend(self.aaguid);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let (format, statement) = self.statement(&data, &client_data);
        let object = map([
            ("fmt", Cbor::Text(format.to_owned())),
            ("attStmt", statement),
            ("authData", Cbor::Bytes(data)),
        ]);
        let object = serde_cbor_2::to_vec(&object).unwrap();
        let response = json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(&client_data),
            "attestationObject": BASE64URL_NOPAD.encode(&object),
            "transports": ["internal"],
        });
        self.credential(response)
    }

    /// The attestation statement, with its format.
    fn statement(&self, data: &[u8], client_data: &[u8]) -> (&'static str, Cbor) {
        let Some(chain) = &self.chain else { return ("none", map([])) };
        let signed = [data, &Sha256::digest(client_data)].concat();
        let algorithm = ("alg", Cbor::Integer(-7));
        let Some(holder) = chain.first() else {
            let signature: Signature = self.key.sign(&signed);
            let signature = Cbor::Bytes(signature.to_der().as_bytes().to_vec());
            return ("packed", map([algorithm, ("sig", signature)]));
        };
        let chain = chain.iter().map(|holder| Cbor::Bytes(holder.der())).collect();
        let signature = Cbor::Bytes(holder.sign(&signed));
        ("packed", map([algorithm, ("sig", signature), ("x5c", Cbor::Array(chain))]))
    }

    /// What `navigator.credentials.get()` gives.
    pub(super) fn get(&mut self, options: &Value) -> Map<String, Value> {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), 0);
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(&client_data),
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()),
            "userHandle": self.user_handle,
        });
        self.credential(response)
    }

    fn credential(&self, response: Value) -> Map<String, Value> {
        let id = BASE64URL_NOPAD.encode(&self.id);
        let credential = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        });
        let Value::Object(credential) = credential else { unreachable!() };
        credential
    }

    fn client_data(&self, type_: &str, options: &Value) -> Vec<u8> {
        let mut data = json!({
            "type": type_,
            "challenge": options["challenge"],
            "origin": "https://example.org",
            "crossOrigin": false,
        });
        for (member, lie) in &self.lies {
            data[member] = lie.clone();
        }
        serde_json::to_vec(&data).unwrap()
    }

    fn authenticator_data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id);
        let verified = if self.user_verified { 0x04 } else { 0 };
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(0x01 | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as COSE writes it: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        cose.extend(&point[1..33]);
        cose.extend(b"\x22\x58\x20");
        cose.extend(&point[33..65]);
        cose
    }
}

fn map<const N: usize>(members: [(&str, Cbor); N]) -> Cbor {
    Cbor::Map(
        members.into_iter().map(|(name, value)| (Cbor::Text(name.to_owned()), value)).collect(),
    )
}
