//! The secret of a tenant that keeps sessions outside closed and makes decoys.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use storage::{Seal, SealedTable};
use zeroize::Zeroizing;

use crate::credential::fields::join;
use crate::error::Error;
use crate::random::random;
use crate::work::Work;

/// The secret of the tenant; there is one row.
const SECRETS: SealedTable<Secret> = SealedTable::new("passkey-secrets");
/// The key of that row.
const ONLY: &str = "secret";
/// How many bytes a nonce has.
const NONCE: usize = 12;

/// A secret that everything else is derived from.
pub(super) struct Secret(Zeroizing<[u8; 32]>);

impl Seal for Secret {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Secret, String> {
        let bytes = bytes.try_into().map_err(|_| "the secret has not 32 bytes".to_owned())?;
        Ok(Secret(Zeroizing::new(bytes)))
    }
}

impl Secret {
    /// HMAC-SHA-256 of these names under the secret.
    pub(super) fn derive(&self, names: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of every length.
        match <Hmac<Sha256> as Mac>::new_from_slice(&*self.0) {
            Ok(mac) => mac.chain_update(&*join(names)).finalize().into_bytes().into(),
            Err(_) => [0; 32],
        }
    }

    fn cipher(&self) -> Aes256Gcm {
        let key = Zeroizing::new(self.derive(&[b"session"]));
        Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&*key))
    }

    /// Encrypts and authenticates (AES-256-GCM): nonce, then ciphertext.
    pub(super) fn seal(&self, store_id: &str, open: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: open, aad: store_id.as_bytes() };
        let sealed = self.cipher().encrypt(Nonce::from_slice(&nonce), payload);
        // It fails only for texts of many gigabytes.
        let sealed = sealed.map_err(|_| Error::SessionMissing)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this store, if nobody changed it.
    pub(super) fn open(&self, store_id: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: store_id.as_bytes() };
        self.cipher().decrypt(Nonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }
}

impl Work {
    /// The secret of the tenant, which is drawn when it is first needed.
    pub(super) async fn passkey_secret(&mut self) -> Result<Secret, Error> {
        if let Some(secret) = self.unit().find_sealed(&SECRETS, ONLY).await? {
            return Ok(secret);
        }
        let secret = Secret(Zeroizing::new(random()?));
        self.unit().put_sealed(&SECRETS, ONLY, &secret).await?;
        Ok(secret)
    }
}
