//! A page for tests: it computes with a passcode as RFC 5054 and RFC 2945 say, and sends what a page sends.

use activities::{SrpRegistrationData, SrpVerificationData, Submission, Wait};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use identity::AlgorithmInfo;
use num_bigint::BigUint;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The answer to a form that registers a passcode.
pub(crate) fn registration(wait: &Wait, passcode: &str) -> Submission {
    let part = wait.passcode.as_ref().unwrap();
    let mut page = Page::of(&part.algorithm_info);
    let verifier = page.verifier(passcode);
    let mut history_verifiers = Vec::new();
    for former in &part.passcode_history {
        page.i = former.i.clone();
        page.salt = BASE64URL_NOPAD.decode(former.salt.as_bytes()).unwrap();
        history_verifiers.push(page.verifier(passcode));
    }
    let data = SrpRegistrationData { verifier, history_verifiers };
    Submission { srp_registration_data: Some(data), ..Submission::default() }
}

/// The answer to a form that renews a passcode.
pub(crate) fn renewal(wait: &Wait, present: &str, new: &str) -> Submission {
    let mut proof = wait.clone();
    let part = proof.passcode.as_mut().unwrap();
    part.algorithm_info = part.current_algorithm_info.clone().unwrap();
    Submission {
        srp_verification_data: authentication(&proof, present).srp_verification_data,
        ..registration(wait, new)
    }
}

/// The answer to a form that authenticates with a passcode.
pub(crate) fn authentication(wait: &Wait, passcode: &str) -> Submission {
    let page = Page::of(&wait.passcode.as_ref().unwrap().algorithm_info);
    let (client_public_key, m1) = page.prove(passcode);
    let (client_public_key, m1) = (BASE64.encode(&client_public_key), BASE64.encode(&m1));
    let data = SrpVerificationData { client_public_key, m1 };
    Submission { srp_verification_data: Some(data), ..Submission::default() }
}

/// The same answer with values for the fields of the form.
pub(crate) fn with(submission: Submission, data: Value) -> Submission {
    Submission { data: data.as_object().cloned().unwrap(), ..submission }
}

/// An answer that fills in a form and nothing else.
pub(crate) fn filled(data: Value) -> Submission {
    with(Submission::default(), data)
}

/// What is sent, as a custom page would put it into a process variable.
pub(crate) fn text(submission: &Submission) -> String {
    let mut json = json!(submission);
    json.as_object_mut().unwrap().remove("data");
    json.to_string()
}

struct Page {
    n: BigUint,
    g: BigUint,
    i: String,
    salt: Vec<u8>,
    b_public: BigUint,
}

impl Page {
    fn of(info: &AlgorithmInfo) -> Page {
        let told = &info.parameters;
        let number = |text: &Option<String>| {
            BigUint::from_bytes_be(
                &BASE64.decode(text.as_deref().unwrap_or_default().as_bytes()).unwrap(),
            )
        };
        Page {
            n: number(&told.n),
            g: told.g.unwrap().into(),
            i: told.i.clone().unwrap(),
            salt: BASE64URL_NOPAD.decode(told.salt.as_ref().unwrap().as_bytes()).unwrap(),
            b_public: number(&told.server_public_key),
        }
    }

    fn x(&self, passcode: &str) -> BigUint {
        let inner = hash(&[format!("{}:{passcode}", self.i).as_bytes()]);
        BigUint::from_bytes_be(&hash(&[&self.salt, &inner]))
    }

    fn verifier(&self, passcode: &str) -> String {
        BASE64.encode(&self.pad(&self.g.modpow(&self.x(passcode), &self.n)))
    }

    /// The public key `A` and the proof `M1`.
    fn prove(&self, passcode: &str) -> (Vec<u8>, Vec<u8>) {
        let a =
            BigUint::from_bytes_be(&hash(&[b"not random, as this is a test", self.i.as_bytes()]));
        let a_public = self.pad(&self.g.modpow(&a, &self.n));
        let b_public = self.pad(&self.b_public);
        let u = BigUint::from_bytes_be(&hash(&[&a_public, &b_public]));
        let k = BigUint::from_bytes_be(&hash(&[&self.pad(&self.n), &self.pad(&self.g)]));
        let x = self.x(passcode);
        let base = &self.b_public + &self.n - k * self.g.modpow(&x, &self.n) % &self.n;
        let premaster = (base % &self.n).modpow(&(a + u * x), &self.n);
        let key = hash(&[&self.pad(&premaster)]);
        let (of_n, of_g) = (hash(&[&self.n.to_bytes_be()]), hash(&[&self.g.to_bytes_be()]));
        let group: Vec<u8> = of_n.iter().zip(of_g).map(|(n, g)| n ^ g).collect();
        let m1 =
            hash(&[&group, &hash(&[self.i.as_bytes()]), &self.salt, &a_public, &b_public, &key]);
        (a_public, m1)
    }

    fn pad(&self, number: &BigUint) -> Vec<u8> {
        let (length, bytes) = (self.n.to_bytes_be().len(), number.to_bytes_be());
        [vec![0; length - bytes.len()], bytes].concat()
    }
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}
