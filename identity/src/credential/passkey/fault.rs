//! What can be wrong with a passkey or its ceremony, with the public code of each.

use super::client::ClientOutcome;
use crate::error::Kind;
use crate::user::UserStatus;

/// What is wrong with a passkey or its ceremony.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    /// The relying party has no registration policy of this name: code 233.
    #[error("passkey registration policy {0} does not exist")]
    RegistrationPolicyMissing(String),
    /// The relying party has no authentication policy of this name: code 234.
    #[error("passkey authentication policy {0} does not exist")]
    AuthenticationPolicyMissing(String),
    /// The identity store has no passkeys for this relying party: code 235.
    #[error("passkey relying party {0} does not exist")]
    RelyingPartyMissing(String),
    /// The passkey is disabled, or somebody may have copied it: code 348.
    #[error("the passkey is not active")]
    NotActive,
    /// The client answered the other kind of ceremony: code 352.
    #[error("the client's response is not of type {0}")]
    WrongType(&'static str),
    /// The client signed another challenge: code 353.
    #[error("the challenge in the client's response is not the one that was sent")]
    ChallengeDiffers,
    /// The page is none of those where the passkeys may be used: code 354.
    #[error("the origin {0} is not in the restricted origins")]
    OriginNotListed(String),
    /// The client bound its response to a TLS connection, or does not say whether it did: code 356.
    #[error("the client's response has a token binding, or does not say the status of one")]
    TokenBinding,
    /// No passkey has this credential identifier: code 362.
    #[error("there is no passkey for the credential")]
    CredentialUnknown,
    /// The passkey is another user's: code 363.
    #[error("the passkey belongs to another user")]
    CredentialOfAnother,
    /// The response tells no user handle, so that nobody is named: code 364.
    #[error("the client's response has no user handle")]
    UserHandleAbsent,
    /// The user handle is not the passkey's: code 365.
    #[error("the user handle in the client's response is not the passkey's")]
    UserHandleDiffers,
    /// The signature counter went back: code 372.
    #[error("the signature counter went back: the passkey may have been copied")]
    Cloned,
    /// The page was not loaded by https: code 382.
    #[error("the origin {0} is not https")]
    OriginNotHttps(String),
    /// The page is not the relying party's: code 383.
    #[error("the origin {0} does not belong to the relying party")]
    OriginElsewhere(String),
    /// Neither session id nor session was given: code 384.
    #[error("the session is missing")]
    SessionAbsent,
    /// The session lacks its registration policy: code 385.
    #[error("the session has no registration policy")]
    SessionWithoutRegistrationPolicy,
    /// The session lacks its challenge: code 386.
    #[error("the session has no challenge")]
    SessionWithoutChallenge,
    /// The session lacks its relying party: code 387.
    #[error("the session has no relying party ID")]
    SessionWithoutRelyingParty,
    /// A session was sent though the server keeps them: code 388.
    #[error("a session was sent, and the sessions of this relying party are kept by the server")]
    SessionUnexpected,
    /// The user has as many passkeys as can be: code 389.
    #[error("the user has {0} passkeys, and more are not allowed")]
    TooMany(u64),
    /// The user has no such passkey: code 390.
    #[error("passkey {0} does not exist")]
    Missing(String),
    /// There is no record of the passkey's registration: code 391.
    #[error("there is no registration record of passkey {0}")]
    RecordMissing(String),
    /// The record of the passkey's registration cannot be read: code 392.
    #[error("the registration record of passkey {0} cannot be read")]
    RecordUnreadable(String),
    /// Neither name nor status was given: code 393.
    #[error("neither a name nor a status was given")]
    NothingToUpdate,
    /// The session lacks its authentication policy: code 394.
    #[error("the session has no authentication policy")]
    SessionWithoutAuthenticationPolicy,
    /// Neither a credential nor a failure was given: code 395.
    #[error("neither a credential nor a failure of the client was given")]
    OutcomeAbsent,
    /// The client could not register: codes 396, 399 and 402.
    #[error("the registration {} on the client", .0.clause())]
    RegistrationEnded(ClientOutcome),
    /// The client could not authenticate: codes 397, 398 and 403.
    #[error("the authentication {} on the client", .0.clause())]
    AuthenticationEnded(ClientOutcome),
    /// The user has another handle, or the handle is another user's: code 401.
    #[error("the user handle is not the one that the user has, or it is another user's")]
    UserHandleTaken,
    /// The page was shown inside a page of another site: code 411.
    #[error("the client's response comes from a page inside a page of another site")]
    CrossOrigin,
    /// Signature, authenticator data or attestation do not verify: code 412.
    #[error("the client's response does not verify: {0}")]
    Unverified(String),
    /// The authenticator did not verify the person, and the policy asks for it: code 413.
    #[error("the authenticator did not verify the user")]
    UserNotVerified,
    /// The policy does not accept the attestation, or nobody here can read it: code 414.
    #[error("the attestation is not accepted: {0}")]
    AttestationNotAccepted(String),
    /// The credential is registered already: code 415.
    #[error("the credential is registered already")]
    AlreadyRegistered,
    /// The challenge was brought and may not be, or is not base64url of 16 to 1024 bytes: code 416.
    #[error("the challenge is not usable: {0}")]
    ChallengeInvalid(&'static str),
    /// User handle, names or the passkey's name are not usable: code 417.
    #[error("{0} is not usable: {1}")]
    MemberInvalid(&'static str, &'static str),
    /// The passkeys of this relying party are configured already: code 418.
    #[error("passkey relying party {0} exists already")]
    RelyingPartyExists(String),
    /// The policy asks for the other kind of authenticator: code 419.
    #[error("the passkey is on a {0} authenticator, and the policy asks for the other kind")]
    WrongAttachment(&'static str),
    /// The passkey cannot be used without a user's name, and the policy asks for that: code 420.
    #[error("the passkey is not discoverable")]
    NotDiscoverable,
    /// The key is of an algorithm that was not offered, such as Ed448: code 421.
    #[error("keys of the algorithm {0} are not accepted")]
    AlgorithmNotAccepted(i128),
    /// The user cannot be given passkeys: code 1120.
    #[error("the user is {}, and cannot be given a passkey", .0.as_str())]
    UserState(UserStatus),
}

impl PasskeyFault {
    pub(super) fn unverified(what: &str) -> PasskeyFault {
        PasskeyFault::Unverified(what.to_owned())
    }

    /// The public code.
    pub fn code(&self) -> u32 {
        match self {
            PasskeyFault::RegistrationPolicyMissing(_) => 233,
            PasskeyFault::AuthenticationPolicyMissing(_) => 234,
            PasskeyFault::RelyingPartyMissing(_) => 235,
            PasskeyFault::NotActive => 348,
            PasskeyFault::WrongType(_) => 352,
            PasskeyFault::ChallengeDiffers => 353,
            PasskeyFault::OriginNotListed(_) => 354,
            PasskeyFault::TokenBinding => 356,
            PasskeyFault::CredentialUnknown => 362,
            PasskeyFault::CredentialOfAnother => 363,
            PasskeyFault::UserHandleAbsent => 364,
            PasskeyFault::UserHandleDiffers => 365,
            PasskeyFault::Cloned => 372,
            PasskeyFault::OriginNotHttps(_) => 382,
            PasskeyFault::OriginElsewhere(_) => 383,
            PasskeyFault::SessionAbsent => 384,
            PasskeyFault::SessionWithoutRegistrationPolicy => 385,
            PasskeyFault::SessionWithoutChallenge => 386,
            PasskeyFault::SessionWithoutRelyingParty => 387,
            PasskeyFault::SessionUnexpected => 388,
            PasskeyFault::TooMany(_) => 389,
            PasskeyFault::Missing(_) => 390,
            PasskeyFault::RecordMissing(_) => 391,
            PasskeyFault::RecordUnreadable(_) => 392,
            PasskeyFault::NothingToUpdate => 393,
            PasskeyFault::SessionWithoutAuthenticationPolicy => 394,
            PasskeyFault::OutcomeAbsent => 395,
            PasskeyFault::RegistrationEnded(ClientOutcome::Failed) => 396,
            PasskeyFault::AuthenticationEnded(ClientOutcome::Failed) => 397,
            PasskeyFault::AuthenticationEnded(ClientOutcome::Cancelled) => 398,
            PasskeyFault::RegistrationEnded(ClientOutcome::Cancelled) => 399,
            PasskeyFault::UserHandleTaken => 401,
            PasskeyFault::RegistrationEnded(ClientOutcome::TimedOut) => 402,
            PasskeyFault::AuthenticationEnded(ClientOutcome::TimedOut) => 403,
            PasskeyFault::CrossOrigin => 411,
            PasskeyFault::Unverified(_) => 412,
            PasskeyFault::UserNotVerified => 413,
            PasskeyFault::AttestationNotAccepted(_) => 414,
            PasskeyFault::AlreadyRegistered => 415,
            PasskeyFault::ChallengeInvalid(_) => 416,
            PasskeyFault::MemberInvalid(..) => 417,
            PasskeyFault::RelyingPartyExists(_) => 418,
            PasskeyFault::WrongAttachment(_) => 419,
            PasskeyFault::NotDiscoverable => 420,
            PasskeyFault::AlgorithmNotAccepted(_) => 421,
            PasskeyFault::UserState(_) => 1120,
        }
    }

    /// What sort of error it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            PasskeyFault::RegistrationPolicyMissing(_)
            | PasskeyFault::AuthenticationPolicyMissing(_)
            | PasskeyFault::RelyingPartyMissing(_)
            | PasskeyFault::Missing(_)
            | PasskeyFault::RecordMissing(_) => Kind::NotFound,
            PasskeyFault::AlreadyRegistered
            | PasskeyFault::UserHandleTaken
            | PasskeyFault::RelyingPartyExists(_) => Kind::Conflict,
            PasskeyFault::UserState(_)
            | PasskeyFault::TooMany(_)
            | PasskeyFault::NotActive
            | PasskeyFault::Cloned => Kind::Refused,
            _ => Kind::Invalid,
        }
    }
}
