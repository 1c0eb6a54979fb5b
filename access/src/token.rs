//! Bearer tokens: what they say, and the one way in which they are read.
//!
//! A token is a JWT (RFC 7519) signed with EdDSA (RFC 8037), and with nothing else: its header may
//! hold `typ`, `alg` and `kid` alone, so it can neither choose an algorithm nor bring a key.

mod signer;

use std::fmt;

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use signer::Signer;
#[cfg(test)]
pub(crate) use signer::SigningKey;

/// Whom the tokens are for.
pub const AUDIENCE: &str = "gatewright-api";

/// How long a token lives, in seconds.
pub const LIFETIME: i32 = 1800;

/// How far another node's clock may be ahead, in seconds.
const LEEWAY: i64 = 5;

/// Nothing longer than this is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// What a new token is to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The tenant whose rooms it opens.
    pub tenant: String,
    /// Who holds it: the identifier of an API key.
    pub subject: String,
    /// How the holder is called in audits, for example `API Key: admin`.
    pub name: String,
    /// What the holder may do.
    pub permissions: Vec<String>,
    /// The token ends no later than this.
    pub not_after: Option<Timestamp>,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// The tenant whose rooms it opens.
    pub tenant: String,
    /// Who holds it: the identifier of an API key.
    pub subject: String,
    /// How the holder is called in audits, for example `API Key: admin`.
    pub name: String,
    /// What the holder may do.
    pub permissions: Vec<String>,
    /// The token's own identifier.
    pub id: String,
    /// From this moment on the token is of no use.
    pub expires: Timestamp,
}

/// A token as it is handed out.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bearer {
    /// The token, for the header `Authorization: Bearer`.
    pub token: String,
    /// The seconds for which it can be used.
    pub ttl: i32,
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

/// Why a token is refused. [`TokenError::code`] is the public code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The header part is not JSON in base64url.
    #[error("the token cannot be parsed")]
    Unparsable,
    /// There is no token, or it has no header part.
    #[error("the token has no header")]
    NoHeader,
    /// The header names no key.
    #[error("the token names no key")]
    NoKeyId,
    /// The header names no algorithm.
    #[error("the token names no algorithm")]
    NoAlgorithm,
    /// The payload part is empty.
    #[error("the token has no body")]
    NoBody,
    /// Another issuer made it.
    #[error("the token is of another issuer")]
    WrongIssuer,
    /// Its tenant is not here.
    #[error("the token is of an unknown owner")]
    WrongOwner,
    /// The key that it names is not one of ours, or no longer.
    #[error("the token's key is not known")]
    UnknownKey,
    /// It is compressed, which is not understood.
    #[error("the token cannot be decompressed")]
    Compressed,
    /// It is not three parts of base64url, or far too long.
    #[error("the token is malformed")]
    Malformed,
    /// A claim is of the wrong type.
    #[error("a claim of the token has the wrong type")]
    WrongClaimType,
    /// The signature does not fit.
    #[error("the token's signature is not valid")]
    WrongSignature,
    /// Another algorithm, or a header member that is not accepted.
    #[error("the token's format is not accepted")]
    WrongFormat,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not yet valid")]
    NotYetValid,
    /// It is for another audience.
    #[error("a claim of the token is wrong")]
    WrongAudience,
    /// A claim is missing.
    #[error("a claim of the token is missing")]
    MissingClaim,
}

impl TokenError {
    /// The public error code.
    pub fn code(&self) -> u32 {
        match self {
            TokenError::Unparsable => 220,
            TokenError::NoHeader => 221,
            TokenError::NoKeyId => 222,
            TokenError::NoAlgorithm => 223,
            TokenError::NoBody => 224,
            TokenError::WrongIssuer => 225,
            TokenError::WrongOwner => 226,
            TokenError::UnknownKey => 271,
            TokenError::Compressed => 273,
            TokenError::Malformed => 274,
            TokenError::WrongClaimType => 275,
            TokenError::WrongSignature => 276,
            TokenError::WrongFormat => 277,
            TokenError::Expired => 279,
            TokenError::NotYetValid => 280,
            TokenError::WrongAudience => 281,
            TokenError::MissingClaim => 282,
        }
    }
}

/// The claims as they stand in the token (RFC 7519 §4.1), times in seconds.
#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    tenant: String,
    name: String,
    permissions: Vec<String>,
}

/// Reads the key identifier out of a token whose form is beyond doubt; nothing in it is trusted yet.
fn read_key_id(jwt: &str) -> Result<String, TokenError> {
    if jwt.len() > LONGEST {
        return Err(TokenError::Malformed);
    }
    let mut parts = jwt.split('.');
    let (head, body) = (parts.next().unwrap_or_default(), parts.next());
    if head.is_empty() {
        return Err(TokenError::NoHeader);
    }
    let (Some(body), Some(_), None) = (body, parts.next(), parts.next()) else {
        return Err(TokenError::Malformed);
    };
    let head = data_encoding::BASE64URL_NOPAD
        .decode(head.as_bytes())
        .map_err(|_| TokenError::Unparsable)?;
    let head: Map<String, Value> =
        serde_json::from_slice(&head).map_err(|_| TokenError::Unparsable)?;
    check_header(&head)?;
    if body.is_empty() {
        return Err(TokenError::NoBody);
    }
    match head.get("kid") {
        Some(Value::String(kid)) if !kid.is_empty() => Ok(kid.clone()),
        Some(Value::String(_)) | None => Err(TokenError::NoKeyId),
        Some(_) => Err(TokenError::WrongFormat),
    }
}

fn check_header(head: &Map<String, Value>) -> Result<(), TokenError> {
    if head.contains_key("zip") {
        return Err(TokenError::Compressed);
    }
    match head.get("alg") {
        None => return Err(TokenError::NoAlgorithm),
        Some(Value::String(alg)) if alg == "EdDSA" => {}
        Some(_) => return Err(TokenError::WrongFormat),
    }
    let is_known = |(name, value): (&String, &Value)| match name.as_str() {
        "alg" | "kid" => true,
        "typ" => value.as_str() == Some("JWT"),
        _ => false,
    };
    if head.iter().all(is_known) { Ok(()) } else { Err(TokenError::WrongFormat) }
}

/// Checks the signature first and then every claim.
fn read_claims(
    jwt: &str,
    key: &DecodingKey,
    issuer: &str,
    now: Timestamp,
) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    // The clock is told, not read: the two times are checked below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let payload = jsonwebtoken::decode::<Payload>(jwt, key, &validation)
        .map_err(|error| refusal(error.kind()))?
        .claims;
    if now.as_second() >= payload.exp {
        return Err(TokenError::Expired);
    }
    if now.as_second() + LEEWAY < payload.nbf {
        return Err(TokenError::NotYetValid);
    }
    Ok(Claims {
        tenant: payload.tenant,
        subject: payload.sub,
        name: payload.name,
        permissions: payload.permissions,
        id: payload.jti,
        expires: Timestamp::from_second(payload.exp).map_err(|_| TokenError::WrongClaimType)?,
    })
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::WrongSignature,
        ErrorKind::InvalidIssuer => TokenError::WrongIssuer,
        ErrorKind::InvalidAudience => TokenError::WrongAudience,
        ErrorKind::MissingRequiredClaim(_) => TokenError::MissingClaim,
        ErrorKind::Json(error) if error.to_string().starts_with("missing field") => {
            TokenError::MissingClaim
        }
        ErrorKind::Json(error) if error.is_data() => TokenError::WrongClaimType,
        ErrorKind::InvalidAlgorithm => TokenError::WrongFormat,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
mod tests;
