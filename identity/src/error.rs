//! What can go wrong in an identity store, with the public code of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::credential::passkey::PasskeyFault;
use crate::credential::totp::TotpStatus;
use crate::modality::Modality;
use crate::user::UserStatus;

/// The one public code of every failed authentication with a passcode, whatever the cause.
pub const AUTHENTICATION_REFUSED: u32 = 2615;

/// The public code of an authentication with a passcode that was undone because everybody tries it first.
pub const PASSCODE_TOO_COMMON: u32 = 2611;

/// The public code of a new passcode that was undone because everybody tries it first.
pub const NEW_PASSCODE_TOO_COMMON: u32 = 2614;

/// One thing that is wrong with a value that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flaw {
    /// Where, as members joined by dots: `configuration.userLockConfig.mode`.
    pub path: String,
    /// What, as a clause.
    pub message: String,
}

impl Flaw {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Flaw {
        Flaw { path: path.into(), message: message.into() }
    }
}

/// What sort of error it is, for whoever has to answer somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The thing that was named is not there.
    NotFound,
    /// What was handed in is not usable.
    Invalid,
    /// It clashes with what is there.
    Conflict,
    /// The state of the user does not allow it.
    Refused,
    /// It comes too soon after others that failed.
    Throttled,
    /// The store or the machine failed; nothing is wrong with the request.
    Unavailable,
}

/// Why an identity store could not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The tenant does not exist: code 90.
    #[error("tenant {0} does not exist")]
    TenantMissing(String),
    /// The identity store does not exist: code 100.
    #[error("identity store {0} does not exist")]
    StoreMissing(String),
    /// The name is taken by another identity store: code 101.
    #[error("identity store {0} exists already")]
    StoreExists(String),
    /// Name, description or configuration of an identity store are not usable: code 102.
    #[error("the identity store is not usable: {}", sentence(.0))]
    StoreInvalid(Vec<Flaw>),
    /// The tenant may not have more identity stores: code 103.
    #[error("there may be at most {0} identity stores")]
    TooManyStores(u64),
    /// No user has this identifier: code 500.
    #[error("user {0} does not exist")]
    UserMissing(String),
    /// Neither identifier nor external identifier of a user was given: code 501.
    #[error("neither a user id nor an external id was given")]
    UserNotNamed,
    /// The user is neither active nor about to be: code 502.
    #[error("the user is not active but {}", .0.as_str())]
    UserNotActive(UserStatus),
    /// No user has this external identifier: code 503.
    #[error("a user with the external id {0} does not exist")]
    ExternalUserMissing(String),
    /// The external identifier belongs to another user of the store: code 504.
    #[error("external id {0} is not unique")]
    ExternalIdTaken(String),
    /// A member of a user is not usable: code 505.
    #[error("the user is not usable: {}", sentence(.0))]
    UserInvalid(Vec<Flaw>),
    /// A user of this status cannot be given that one: code 506.
    #[error("a user who is {} cannot be made {}", .from.as_str(), .to.as_str())]
    StatusOutOfReach {
        /// The status that the user has.
        from: UserStatus,
        /// The status that was asked for.
        to: UserStatus,
    },
    /// The tenant may not have more users: code 507.
    #[error("there may be at most {0} users in all identity stores")]
    TooManyUsers(u64),
    /// The user has no record of an authentication of this identifier, or not any more: code 510.
    #[error("the user has no record of an authentication {0}")]
    AuthenticationMissing(String),
    /// The identity store has no import of this identifier: code 511.
    #[error("there is no import {0}")]
    ImportMissing(String),
    /// The identifier of an import is not usable: code 512.
    #[error("the identifier of an import has 1 to 64 letters, digits, - and _")]
    ImportUnnamed,
    /// Lines of an import were left out: code 513.
    #[error("the next line of the import is line {next}")]
    ImportCutOff {
        /// The number of the line that is awaited.
        next: u64,
    },
    /// A line of an import is another than the one of this number that was read, or its user is gone: code 513.
    #[error(
        "line {line} is another than the one that the import has read, or its user is not there any more; another file has an importId of its own"
    )]
    ImportDiffers {
        /// The number of the first such line.
        line: u64,
    },
    /// A line of an import is not usable; it is kept with the import: code 514.
    #[error("{0}")]
    ImportLine(String),
    /// Too many queries of events are still open: code 822.
    #[error("too many queries of events are open; wait until one is over")]
    EventQueryRefused,
    /// No query of events has this identifier, or not any more: code 823.
    #[error("the query {0} of events is unknown or forgotten")]
    EventQueryMissing(String),
    /// There are no results to be had: code 824.
    #[error("there are no results: {0}")]
    EventResultsMissing(&'static str),
    /// Events cannot be sorted so: code 825.
    #[error(
        "events cannot be sorted by {0}: a column is createDtm, storeName, eventType or reason, then ,asc or ,desc"
    )]
    EventSortUnknown(String),
    /// The user is locked, for ever or for a time: code 2100.
    #[error("the user is locked")]
    UserLocked,
    /// This form of authentication is locked for the user: code 2101.
    #[error("the form of authentication {} is locked for the user", .0.as_str())]
    ModalityLocked(Modality),
    /// Too many authentications have failed; the next one is examined after this time: code 2104.
    #[error("too many authentications have failed; try again in {} s", .0.as_secs() + 1)]
    Throttled(std::time::Duration),
    /// The user is disabled: code 2102.
    #[error("the user is disabled")]
    UserDisabled,
    /// The identity store has no passcode policy of this name: code 2600.
    #[error("passcode policy {0} does not exist")]
    PolicyMissing(String),
    /// The user has an active passcode under this policy: code 2601.
    #[error("the user has a passcode for policy {0} already")]
    PasscodeExists(String),
    /// The user has no passcode under this policy: code 2602.
    #[error("the user has no passcode for policy {0}")]
    PasscodeMissing(String),
    /// The ceremony is unknown, of another kind, over, or was begun too long ago: code 2603.
    #[error("the session is unknown or has expired")]
    SessionMissing,
    /// The ceremony was to be completed with the browser's response, and none was handed over: code 2604.
    #[error("the browser's response is missing")]
    ResponseMissing,
    /// The browser's response cannot be read, or belongs to the other kind of ceremony: code 2605.
    #[error("the browser's response is not usable: {0}")]
    ResponseInvalid(&'static str),
    /// The verifier is no number between 1 and the modulus: code 2606.
    #[error("the verifier is not usable")]
    VerifierInvalid,
    /// Something is wrong with a passkey or its ceremony: the code is the fault's.
    #[error(transparent)]
    Passkey(#[from] PasskeyFault),
    /// The identity store has a passcode policy of this name: code 2607.
    #[error("passcode policy {0} exists already")]
    PolicyExists(String),
    /// The user has no passcode of this identifier: code 2602.
    #[error("the user has no passcode {0}")]
    PasscodeUnknown(String),
    /// A passcode was to be changed, and neither status nor expiration date was given: code 2608.
    #[error("neither a status nor an expiration date was given")]
    NoPasscodeChange,
    /// The new passcode is the present one or one of the former that the policy remembers: code 2609.
    #[error("the passcode was used before")]
    PasscodeUsedBefore,
    /// The page did not show, for each former passcode, what the new one would be under its salt: code 2610.
    #[error("the new passcode was not compared with the former ones")]
    HistoryMissing,
    /// No hash under the policy waits for its user, so no passcode is taken: code 2612.
    #[error("no imported hash under the policy waits for its user")]
    LaneClosed,
    /// The status is not one that is given to a passcode by hand: code 2616.
    #[error("a passcode is made active or disabled by hand, and nothing else")]
    PasscodeStatusOutOfReach,
    /// Nobody can authenticate as the user with a passcode, for a reason that the user's status tells: code 2615.
    #[error("the authentication failed")]
    PasscodeRefused,
    /// The identity store has no TOTP policy of this name: code 2700.
    #[error("TOTP policy {0} does not exist")]
    TotpPolicyMissing(String),
    /// The user has a TOTP under this policy, in use or disabled: code 2701.
    #[error("the user has a TOTP for policy {0} already")]
    TotpExists(String),
    /// The user has no TOTP of this identifier or under this policy: code 2702.
    #[error("the user has no TOTP {0}")]
    TotpMissing(String),
    /// The first code of the TOTP did not come in time: code 2703.
    #[error("the registration of a TOTP for policy {0} has expired")]
    TotpExpired(String),
    /// The first code was not one of the app that is registered: code 2704.
    #[error("the code is not the one that the authenticator app shows")]
    TotpCodeWrong,
    /// The name is taken by another TOTP policy of the store: code 2705.
    #[error("TOTP policy {0} exists already")]
    TotpPolicyExists(String),
    /// A TOTP of this status cannot be given that one: code 2706.
    #[error("a TOTP that is {} cannot be made {}", .from.as_str(), .to.as_str())]
    TotpStatusOutOfReach {
        /// The status that the TOTP has.
        from: TotpStatus,
        /// The status that was asked for.
        to: TotpStatus,
    },
    /// A member of a TOTP is not usable: code 2707.
    #[error("the TOTP is not usable: {}", sentence(.0))]
    TotpInvalid(Vec<Flaw>),
    /// The identity store has no recovery code policy of this name: code 2800.
    #[error("recovery code policy {0} does not exist")]
    RecoveryCodePolicyMissing(String),
    /// The name is taken by another recovery code policy of the store: code 2801.
    #[error("recovery code policy {0} exists already")]
    RecoveryCodePolicyExists(String),
    /// The user has no recovery codes of this identifier or under this policy: code 2802.
    #[error("the user has no recovery codes {0}")]
    RecoveryCodesMissing(String),
    /// The operating system gave no random bytes: code 1, the unexpected.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// The store failed, or somebody else was faster: code 1, the unexpected.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Error {
    /// The public code.
    pub fn code(&self) -> u32 {
        match self {
            Error::TenantMissing(_) => 90,
            Error::StoreMissing(_) => 100,
            Error::StoreExists(_) => 101,
            Error::StoreInvalid(_) => 102,
            Error::TooManyStores(_) => 103,
            Error::UserMissing(_) => 500,
            Error::UserNotNamed => 501,
            Error::UserNotActive(_) => 502,
            Error::ExternalUserMissing(_) => 503,
            Error::ExternalIdTaken(_) => 504,
            Error::UserInvalid(_) => 505,
            Error::StatusOutOfReach { .. } => 506,
            Error::TooManyUsers(_) => 507,
            Error::AuthenticationMissing(_) => 510,
            Error::ImportMissing(_) => 511,
            Error::ImportUnnamed => 512,
            Error::ImportCutOff { .. } | Error::ImportDiffers { .. } => 513,
            Error::ImportLine(_) => 514,
            Error::EventQueryRefused => 822,
            Error::EventQueryMissing(_) => 823,
            Error::EventResultsMissing(_) => 824,
            Error::EventSortUnknown(_) => 825,
            Error::UserLocked => 2100,
            Error::ModalityLocked(_) => 2101,
            Error::UserDisabled => 2102,
            Error::Throttled(_) => 2104,
            Error::PolicyMissing(_) => 2600,
            Error::PasscodeExists(_) => 2601,
            Error::PasscodeMissing(_) => 2602,
            Error::SessionMissing => 2603,
            Error::ResponseMissing => 2604,
            Error::ResponseInvalid(_) => 2605,
            Error::VerifierInvalid => 2606,
            Error::Passkey(fault) => fault.code(),
            Error::PolicyExists(_) => 2607,
            Error::PasscodeUnknown(_) => 2602,
            Error::NoPasscodeChange => 2608,
            Error::PasscodeUsedBefore => 2609,
            Error::HistoryMissing => 2610,
            Error::LaneClosed => 2612,
            Error::PasscodeRefused => AUTHENTICATION_REFUSED,
            Error::PasscodeStatusOutOfReach => 2616,
            Error::TotpPolicyMissing(_) => 2700,
            Error::TotpExists(_) => 2701,
            Error::TotpMissing(_) => 2702,
            Error::TotpExpired(_) => 2703,
            Error::TotpCodeWrong => 2704,
            Error::TotpPolicyExists(_) => 2705,
            Error::TotpStatusOutOfReach { .. } => 2706,
            Error::TotpInvalid(_) => 2707,
            Error::RecoveryCodePolicyMissing(_) => 2800,
            Error::RecoveryCodePolicyExists(_) => 2801,
            Error::RecoveryCodesMissing(_) => 2802,
            Error::NoRandomness | Error::Storage(_) => 1,
        }
    }

    /// What sort of error it is.
    pub fn kind(&self) -> Kind {
        match self {
            Error::TenantMissing(_)
            | Error::StoreMissing(_)
            | Error::UserMissing(_)
            | Error::ExternalUserMissing(_)
            | Error::AuthenticationMissing(_)
            | Error::ImportMissing(_)
            | Error::PolicyMissing(_)
            | Error::PasscodeUnknown(_)
            | Error::PasscodeMissing(_)
            | Error::TotpPolicyMissing(_)
            | Error::TotpMissing(_)
            | Error::RecoveryCodePolicyMissing(_)
            | Error::RecoveryCodesMissing(_) => Kind::NotFound,
            Error::StoreInvalid(_)
            | Error::ImportUnnamed
            | Error::ImportCutOff { .. }
            | Error::ImportDiffers { .. }
            | Error::ImportLine(_)
            | Error::EventQueryMissing(_)
            | Error::EventResultsMissing(_)
            | Error::EventSortUnknown(_)
            | Error::UserNotNamed
            | Error::UserInvalid(_)
            | Error::SessionMissing
            | Error::LaneClosed
            | Error::ResponseMissing
            | Error::ResponseInvalid(_)
            | Error::NoPasscodeChange
            | Error::HistoryMissing
            | Error::VerifierInvalid
            | Error::TotpCodeWrong
            | Error::TotpInvalid(_) => Kind::Invalid,
            Error::PasscodeUsedBefore
            | Error::PolicyExists(_)
            | Error::StoreExists(_)
            | Error::ExternalIdTaken(_)
            | Error::PasscodeExists(_)
            | Error::TotpExists(_)
            | Error::TotpPolicyExists(_)
            | Error::RecoveryCodePolicyExists(_) => Kind::Conflict,
            Error::TooManyStores(_)
            | Error::TooManyUsers(_)
            | Error::EventQueryRefused
            | Error::UserNotActive(_)
            | Error::StatusOutOfReach { .. }
            | Error::UserLocked
            | Error::ModalityLocked(_)
            | Error::UserDisabled
            | Error::PasscodeRefused
            | Error::PasscodeStatusOutOfReach
            | Error::TotpExpired(_)
            | Error::TotpStatusOutOfReach { .. } => Kind::Refused,
            Error::Passkey(fault) => fault.kind(),
            Error::Throttled(_) => Kind::Throttled,
            Error::Storage(_) if self.is_conflict() => Kind::Conflict,
            Error::NoRandomness | Error::Storage(_) => Kind::Unavailable,
        }
    }

    /// What is wrong with the value that was handed in, one by one.
    pub fn flaws(&self) -> &[Flaw] {
        match self {
            Error::StoreInvalid(flaws) | Error::UserInvalid(flaws) | Error::TotpInvalid(flaws) => {
                flaws
            }
            _ => &[],
        }
    }

    /// Whether somebody else changed the rows in the meantime, so that the whole work is to be done again; also
    /// whether somebody else took the last place, of which the work will be told when it is done again.
    pub fn is_conflict(&self) -> bool {
        match self {
            Error::Storage(storage::Error::Exhausted { .. }) => true,
            Error::Storage(error) => error.is_conflict(),
            _ => false,
        }
    }
}

fn sentence(flaws: &[Flaw]) -> String {
    let clauses: Vec<_> = flaws.iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
    clauses.join("; ")
}
