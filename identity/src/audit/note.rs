//! Signed checkpoints of the log, in the form of C2SP: a checkpoint (`tlog-checkpoint`) as a signed note
//! (`signed-note`) with an Ed25519 signature (RFC 8032).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};
use storage::Seal;
use zeroize::Zeroizing;

use super::tree::Hash;
use crate::error::Error;
use crate::random::random;

/// The type of an Ed25519 signature in a signed note.
const ED25519_NOTE: u8 = 1;

/// The key that signs a tenant's checkpoints.
pub(crate) struct Signer(Zeroizing<[u8; 32]>);

impl Signer {
    pub(crate) fn draw() -> Result<Signer, Error> {
        Ok(Signer(Zeroizing::new(random()?)))
    }

    /// The public half under the name of the log.
    pub(crate) fn verifier(&self, origin: &str) -> Result<VerifierKey, Error> {
        let key = self.pair()?.public_key().as_ref().try_into().map_err(|_| Error::NoRandomness)?;
        Ok(VerifierKey { origin: origin.to_owned(), key })
    }

    /// Signs a checkpoint.
    pub(crate) fn sign(&self, checkpoint: &Checkpoint) -> Result<String, Error> {
        let text = checkpoint.text();
        let verifier = self.verifier(&checkpoint.origin)?;
        let mut signature = verifier.id().to_vec();
        signature.extend(self.pair()?.sign(text.as_bytes()).as_ref());
        Ok(format!("{text}\n\u{2014} {} {}\n", checkpoint.origin, BASE64.encode(&signature)))
    }

    fn pair(&self) -> Result<Ed25519KeyPair, Error> {
        Ed25519KeyPair::from_seed_unchecked(&*self.0).map_err(|_| Error::NoRandomness)
    }
}

impl Seal for Signer {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Signer, String> {
        let seed = bytes.try_into().map_err(|_| "a key has 32 bytes".to_owned())?;
        Ok(Signer(Zeroizing::new(seed)))
    }
}

/// What a checkpoint says: so many records under this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

impl Checkpoint {
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    fn parse(text: &str) -> Option<Checkpoint> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == size)?;
        let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
        (!origin.is_empty()).then(|| Checkpoint { origin: origin.to_owned(), size: number, root })
    }
}

/// The public key of a log, written `name+keyid+key` as signed notes have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    origin: String,
    key: [u8; 32],
}

impl VerifierKey {
    /// Reads a key.
    pub fn parse(text: &str) -> Option<VerifierKey> {
        let mut parts = text.trim().splitn(3, '+');
        let (origin, id, key) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = BASE64.decode(key.as_bytes()).ok()?;
        let (&kind, key) = bytes.split_first()?;
        let verifier = VerifierKey { origin: origin.to_owned(), key: key.try_into().ok()? };
        let id = HEXLOWER_PERMISSIVE.decode(id.as_bytes()).ok()?;
        let good = kind == ED25519_NOTE && id == verifier.id() && is_name(origin);
        good.then_some(verifier)
    }

    /// The name of the log.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The checkpoint in a note, if this key signed it under this name.
    pub(crate) fn open(&self, note: &str) -> Option<Checkpoint> {
        let end = note.rfind("\n\n")? + 1;
        let (text, signatures) = (&note[..end], &note[end + 1..]);
        let checkpoint = Checkpoint::parse(text).filter(|found| found.origin == self.origin)?;
        let mut lines = signatures.lines();
        lines.any(|line| self.signed(text, line)).then_some(checkpoint)
    }

    fn signed(&self, text: &str, line: &str) -> bool {
        let ours = || {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = BASE64.decode(signature.as_bytes()).ok()?;
            let (id, signature) = bytes.split_at_checked(4)?;
            let key = UnparsedPublicKey::new(&ED25519, self.key);
            let ours = name == self.origin && id == self.id();
            Some(ours && key.verify(text.as_bytes(), signature).is_ok())
        };
        ours().unwrap_or(false)
    }

    fn id(&self) -> [u8; 4] {
        let name = Sha256::new().chain_update(&self.origin).chain_update([b'\n', ED25519_NOTE]);
        let [a, b, c, d, ..]: Hash = name.chain_update(self.key).finalize().into();
        [a, b, c, d]
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519_NOTE];
        key.extend(self.key);
        write!(f, "{}+{}+{}", self.origin, HEXLOWER.encode(&self.id()), BASE64.encode(&key))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the example in the documentation of signed notes.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn the_published_note_opens_with_its_key() {
        let key = VerifierKey::parse(KEY).unwrap();
        assert_eq!(key.to_string(), KEY);
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let signature = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        assert!(key.signed(text, signature));
        assert!(!key.signed(&text.replace("your", "my"), signature));
        assert!(!key.signed(text, &signature.replace("x08go/ZJ", "x08go/ZK")));
    }

    #[test]
    fn a_checkpoint_opens_with_its_key_alone() {
        let (signer, other) = (Signer::draw().unwrap(), Signer::draw().unwrap());
        let checkpoint = Checkpoint { origin: "log/a".to_owned(), size: 7, root: [9; 32] };
        let note = signer.sign(&checkpoint).unwrap();
        assert_eq!(note.lines().take(2).collect::<Vec<_>>(), ["log/a", "7"]);
        let key = signer.verifier("log/a").unwrap();
        assert_eq!(VerifierKey::parse(&key.to_string()), Some(key.clone()));
        assert_eq!(key.open(&note), Some(checkpoint));
        assert_eq!(other.verifier("log/a").unwrap().open(&note), None);
        assert_eq!(signer.verifier("log/b").unwrap().open(&note), None);
        for wrong in
            [note.replace("\n7\n", "\n8\n"), note.replace("\n7\n", "\n07\n"), "\n\n".into()]
        {
            assert_eq!(key.open(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "a", "a+b+c", "P+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"] {
            assert_eq!(VerifierKey::parse(text), None, "{text}");
        }
    }
}
