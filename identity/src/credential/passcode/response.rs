//! What the page computed.

use zeroize::Zeroizing;

use crate::base64::decode_base64;
use crate::error::Error;

/// The longest part of a response that is kept for later; the longest right one has 256 bytes.
const LONGEST: usize = 1024;

/// The page's half of a ceremony, to be kept with it until the ceremony is completed.
pub enum BrowserResponse {
    /// Of a registration.
    Verifier(Zeroizing<Vec<u8>>),
    /// Of an authentication.
    Proof {
        /// The client's public key `A`.
        client_public_key: Vec<u8>,
        /// The client's proof `M1`.
        m1: Vec<u8>,
    },
}

impl BrowserResponse {
    /// Reads the response to a registration from its base64 text.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseInvalid`].
    pub fn registration(verifier: &str) -> Result<BrowserResponse, Error> {
        let verifier = part(verifier, "the verifier is no base64 of at most 1024 bytes")?;
        Ok(BrowserResponse::Verifier(Zeroizing::new(verifier)))
    }

    /// Reads the response to an authentication from its base64 texts.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseInvalid`].
    pub fn authentication(client_public_key: &str, m1: &str) -> Result<BrowserResponse, Error> {
        let key = "the client's public key is no base64 of at most 1024 bytes";
        let proof = "the proof is no base64 of at most 1024 bytes";
        Ok(BrowserResponse::Proof {
            client_public_key: part(client_public_key, key)?,
            m1: part(m1, proof)?,
        })
    }
}

fn part(text: &str, flaw: &'static str) -> Result<Vec<u8>, Error> {
    decode_base64(text).filter(|bytes| bytes.len() <= LONGEST).ok_or(Error::ResponseInvalid(flaw))
}

impl std::fmt::Debug for BrowserResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserResponse(..)")
    }
}

/// What a client shows to be authenticated.
#[derive(Clone, Copy)]
pub struct ClientProof<'a> {
    /// The client's public key `A`.
    pub client_public_key: &'a [u8],
    /// The client's proof `M1`.
    pub m1: &'a [u8],
}

impl std::fmt::Debug for ClientProof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientProof(..)")
    }
}
