//! What the page is told of the arithmetic.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exchange;

/// The algorithm of a passcode ceremony with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlgorithmInfo {
    /// `SRP`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the algorithm needs.
    pub parameters: AlgorithmParameters,
}

/// The parameters of SRP-6a (RFC 5054); a completed authentication has only `hashAlgorithm` and `m2`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlgorithmParameters {
    /// The identity in SRP: 26 characters that stand for the credential, not the user's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub i: Option<String>,
    /// The modulus of the group, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The generator of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub g: Option<u32>,
    /// The digest: `SHA-256`.
    pub hash_algorithm: String,
    /// The salt, base64url without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The server's public key `B`, base64, as long as the modulus; only when an authentication starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_public_key: Option<String>,
    /// The server's proof `M2`, base64; only when an authentication was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m2: Option<String>,
}

impl AlgorithmInfo {
    /// What the page needs to make a verifier.
    pub(crate) fn registration(i: &str, salt: &[u8]) -> AlgorithmInfo {
        AlgorithmInfo::srp(AlgorithmParameters {
            i: Some(i.to_owned()),
            n: Some(BASE64.encode(&exchange().modulus())),
            g: Some(2),
            salt: Some(BASE64URL_NOPAD.encode(salt)),
            ..AlgorithmParameters::default()
        })
    }

    /// What the page needs to prove that it knows the passcode.
    pub(crate) fn authentication(i: &str, salt: &[u8], server_public: &[u8]) -> AlgorithmInfo {
        let mut info = AlgorithmInfo::registration(i, salt);
        info.parameters.server_public_key = Some(BASE64.encode(server_public));
        info
    }

    /// What the page needs to believe in the server.
    pub fn proof(m2: &[u8]) -> AlgorithmInfo {
        let m2 = Some(BASE64.encode(m2));
        AlgorithmInfo::srp(AlgorithmParameters { m2, ..AlgorithmParameters::default() })
    }

    fn srp(parameters: AlgorithmParameters) -> AlgorithmInfo {
        let hash_algorithm = "SHA-256".to_owned();
        AlgorithmInfo {
            kind: "SRP".to_owned(),
            parameters: AlgorithmParameters { hash_algorithm, ..parameters },
        }
    }
}
