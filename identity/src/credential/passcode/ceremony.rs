//! What has to be remembered between the two halves of a passcode ceremony.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::Seal;
use zeroize::Zeroizing;

use super::lane::Lane;
use super::{BrowserResponse, NewPasscode};
use crate::credential::fields::{join, join_all, split, split_all};
use crate::error::Error;
use crate::random::random;
use crate::user::UserId;

/// A ceremony that was started and not completed.
pub(crate) struct Ceremony {
    pub(crate) outline: Outline,
    pub(crate) secrets: Secrets,
    /// The page's half, if it was handed over already.
    pub(crate) response: Option<BrowserResponse>,
}

/// What is known of a ceremony; nothing of it is a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outline {
    /// The identifier of the identity store.
    pub(crate) store_id: String,
    /// Whose passcode it is about; nobody's, if the user is unknown.
    pub(crate) user_id: Option<UserId>,
    pub(crate) policy_name: String,
    pub(crate) expires: Timestamp,
    /// The identity in SRP.
    pub(crate) i: String,
    /// The salt, base64url.
    pub(crate) salt: String,
    pub(crate) purpose: Purpose,
    /// The `i` of each passcode that a new one is to be compared with, in the order in which the page was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<String>,
    /// How often the proof of a renewal was right and the new passcode was not fit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) unfit: u32,
    /// Whether a registration takes the place of whatever passcode there is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) replaces: bool,
    /// The mark of a name that is nobody's, see `stand_in.rs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<String>,
    /// How far it is in the lane for imported hashes.
    #[serde(default, skip_serializing_if = "Lane::is_free")]
    pub(crate) lane: Lane,
}

/// What a ceremony is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Purpose {
    Registration,
    #[serde(rename_all = "camelCase")]
    Authentication {
        /// The credential that has to be the same when the ceremony is completed.
        passcode_id: Option<String>,
        /// Whether whoever started it may know nothing of the user.
        blind: bool,
    },
    /// `i` and salt of the outline are those of the present passcode.
    #[serde(rename_all = "camelCase")]
    Renewal {
        /// The credential that has to be the same when the ceremony is completed.
        passcode_id: Option<String>,
        /// Whether whoever started it may know nothing of the user.
        blind: bool,
        /// The identity in SRP of the new passcode.
        new_i: String,
        /// The salt of the new passcode, base64url.
        new_salt: String,
    },
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The server's side of an authentication; empty for a registration.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The server's ephemeral secret `b`.
    pub(crate) b: Zeroizing<Vec<u8>>,
    /// The server's public key `B`, as long as the modulus.
    pub(crate) b_public: Vec<u8>,
    /// The verifier `v`, a real one or not.
    pub(crate) verifier: Zeroizing<Vec<u8>>,
}

/// The identity and the salt of a new credential.
pub(crate) struct Seed {
    pub(crate) i: String,
    pub(crate) salt: Vec<u8>,
}

impl Seed {
    pub(crate) fn draw() -> Result<Seed, Error> {
        Ok(Seed { i: crate::random::identifier()?, salt: random::<32>()?.to_vec() })
    }
}

impl Outline {
    /// The outline of a ceremony that starts now.
    pub(crate) fn new(
        store_id: &str,
        policy_name: &str,
        seed: &Seed,
        expires: Timestamp,
        purpose: Purpose,
    ) -> Outline {
        Outline {
            store_id: store_id.to_owned(),
            user_id: None,
            policy_name: policy_name.to_owned(),
            expires,
            i: seed.i.clone(),
            salt: BASE64URL_NOPAD.encode(&seed.salt),
            purpose,
            history: Vec::new(),
            unfit: 0,
            replaces: false,
            mark: None,
            lane: Lane::Free,
        }
    }

    /// Whether whoever started it may know nothing of the user.
    pub(crate) fn is_blind(&self) -> bool {
        match self.purpose {
            Purpose::Registration => false,
            Purpose::Authentication { blind, .. } | Purpose::Renewal { blind, .. } => blind,
        }
    }
}

impl Seal for Ceremony {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let outline = serde_json::to_vec(&self.outline).unwrap_or_default();
        let Secrets { b, b_public, verifier } = &self.secrets;
        let (passcode, client_public, m1): (Option<&NewPasscode>, &[u8], &[u8]) = match &self
            .response
        {
            None => (None, &[], &[]),
            Some(BrowserResponse::Verifier(passcode)) => (Some(passcode), &[], &[]),
            Some(BrowserResponse::Proof { client_public_key, m1 }) => (None, client_public_key, m1),
            Some(BrowserResponse::Renewal { client_public_key, m1, passcode }) => {
                (Some(passcode), client_public_key, m1)
            }
        };
        let given = [u8::from(self.response.is_some())];
        let (new, history) = match passcode {
            Some(new) => (&new.verifier[..], join_all(&new.history)),
            None => (&[][..], Zeroizing::default()),
        };
        join(&[&outline, b, b_public, verifier, &given, new, client_public, m1, &history])
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Ceremony, String> {
        let [outline, b, b_public, verifier, given, new_verifier, client_public, m1, history] =
            split(bytes)?;
        let passcode = || -> Result<NewPasscode, String> {
            Ok(NewPasscode {
                verifier: Zeroizing::new(new_verifier.to_vec()),
                history: split_all(history)?,
            })
        };
        let outline: Outline = serde_json::from_slice(outline).map_err(|e| e.to_string())?;
        let response = match (given, &outline.purpose) {
            ([0], _) => None,
            (_, Purpose::Registration) => Some(BrowserResponse::Verifier(passcode()?)),
            (_, Purpose::Renewal { .. }) => Some(BrowserResponse::Renewal {
                client_public_key: client_public.to_vec(),
                m1: m1.to_vec(),
                passcode: passcode()?,
            }),
            (_, Purpose::Authentication { .. }) => Some(BrowserResponse::Proof {
                client_public_key: client_public.to_vec(),
                m1: m1.to_vec(),
            }),
        };
        let secrets = Secrets {
            b: Zeroizing::new(b.to_vec()),
            b_public: b_public.to_vec(),
            verifier: Zeroizing::new(verifier.to_vec()),
        };
        Ok(Ceremony { outline, secrets, response })
    }
}
