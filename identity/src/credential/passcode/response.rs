//! What the page computed.

use zeroize::Zeroizing;

use super::history::MOST_HISTORY;
use crate::base64::decode_base64;
use crate::error::Error;

/// The longest part of a response that is kept for later; the longest right one has 256 bytes.
const LONGEST: usize = 1024;

/// The page's half of a ceremony, to be kept with it until the ceremony is completed.
pub enum BrowserResponse {
    /// Of a registration.
    Verifier(NewPasscode),
    /// Of an authentication.
    Proof {
        /// The client's public key `A`.
        client_public_key: Vec<u8>,
        /// The client's proof `M1`.
        m1: Vec<u8>,
    },
    /// Of a renewal.
    Renewal {
        /// The client's public key `A`.
        client_public_key: Vec<u8>,
        /// The client's proof `M1` of the present passcode.
        m1: Vec<u8>,
        /// The new passcode.
        passcode: NewPasscode,
    },
}

/// What stands for a new passcode.
#[derive(Clone)]
pub struct NewPasscode {
    /// Its verifier.
    pub verifier: Zeroizing<Vec<u8>>,
    /// What its verifier would be with `i` and salt of each passcode that it is to be compared with, in order.
    pub history: Vec<Zeroizing<Vec<u8>>>,
}

impl NewPasscode {
    /// Reads a new passcode from its base64 texts.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseInvalid`].
    pub fn read(verifier: &str, history: &[String]) -> Result<NewPasscode, Error> {
        let flaw = "the verifier is no base64 of at most 1024 bytes";
        let read = |text: &str| part(text, flaw).map(Zeroizing::new);
        if history.len() > MOST_HISTORY as usize {
            return Err(Error::ResponseInvalid("there are too many verifiers of former passcodes"));
        }
        let history = history.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
        Ok(NewPasscode { verifier: read(verifier)?, history })
    }
}

impl From<Vec<u8>> for NewPasscode {
    /// A new passcode where there is none to compare it with.
    fn from(verifier: Vec<u8>) -> NewPasscode {
        NewPasscode { verifier: Zeroizing::new(verifier), history: Vec::new() }
    }
}

impl std::fmt::Debug for NewPasscode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPasscode(..)")
    }
}

impl BrowserResponse {
    /// Reads the response to a registration from its base64 text.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseInvalid`].
    pub fn registration(verifier: &str, history: &[String]) -> Result<BrowserResponse, Error> {
        NewPasscode::read(verifier, history).map(BrowserResponse::Verifier)
    }

    /// Reads the response to a renewal from its base64 texts.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseInvalid`].
    pub fn renewal(
        client_public_key: &str,
        m1: &str,
        passcode: NewPasscode,
    ) -> Result<BrowserResponse, Error> {
        match BrowserResponse::authentication(client_public_key, m1)? {
            BrowserResponse::Proof { client_public_key, m1 } => {
                Ok(BrowserResponse::Renewal { client_public_key, m1, passcode })
            }
            other => Ok(other),
        }
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
