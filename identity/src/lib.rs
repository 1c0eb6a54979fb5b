//! Identity stores: who the people are, what they prove themselves with, and when they are locked out.
//!
//! Everything is done through a [`Work`]: reads and changes in one tenant that are committed together. The rules
//! about people ([`PasscodeRequirements::unmet`], locks, the statuses of a user) are pure functions of values and
//! time. Every change and every authentication writes its [`audit::Entry`] into the same commit.

pub mod audit;
mod base64;
mod configuration;
mod credential;
mod error;
mod event;
mod locale;
mod lock;
mod modality;
mod name;
mod page;
mod pattern;
mod period;
mod policy;
mod random;
#[cfg(test)]
mod scene;
mod sealed_text;
mod session;
mod statistics;
mod store;
mod throttle;
mod transfer;
mod user;
#[cfg(test)]
mod wire;
mod work;

pub use base64::decode_base64;
pub use configuration::{Configuration, FaceAuthenticationConfig, LockMode, UserLockConfig};
pub use credential::outcome::{
    Outcome, RECOVERY_CODE_REFUSED, RECOVERY_CODES_MISSING, TOTP_MISSING, TOTP_REFUSED,
};
pub use credential::passcode::{
    AlgorithmInfo, AlgorithmParameters, Attempt, BrowserResponse, CheckFinding, CheckLine,
    CheckedPasscode, ClientProof, Examined, FormerPasscode, LanePasscode, LaneStep, LaneVerdict,
    Manner, NamedPasscodePolicy, NewPasscode, Offer, Opening, PasscodeAuthentication,
    PasscodeChange, PasscodeCheck, PasscodeRegistration, PasscodeRenewal, PasscodeStatus,
    PasscodeSummary, Unfit, Verdict,
};
pub use credential::passkey::{
    Attestation, ClientFailure, ClientOutcome, KeyTypes, NewPasskey, NewPasskeyConfig,
    PasskeyAnswer, PasskeyAuthenticationPolicy, PasskeyChange, PasskeyConfig, PasskeyFault,
    PasskeyOwner, PasskeyRegistered, PasskeyRegistrationPolicy, PasskeyRegistrationRecord,
    PasskeySession, PasskeyStart, PasskeyStatus, PasskeySummary, PasskeyVerdict, Preference,
    TrustAnchor,
};
pub use credential::recovery::{RecoveryCodePolicy, RecoveryCodes, RecoveryCodesSummary};
pub use credential::totp::{TotpAlgorithm, TotpPolicy, TotpRegistration, TotpStatus, TotpSummary};
pub use error::{
    AUTHENTICATION_REFUSED, Error, Flaw, Kind, NEW_PASSCODE_TOO_COMMON, PASSCODE_TOO_COMMON,
};
pub use event::{Event, EventQuery, EventSet, QueryStatus};
pub use modality::Modality;
pub use page::{Listing, Page};
pub use period::Period;
pub use policy::{PasscodePattern, PasscodePolicy, PasscodeRequirements, Rule};
pub use statistics::{Limits, LimitsChange, StoreStatistics, TenantStatistics, Total};
pub use store::{IdentityStore, NewStore, StoreChange, StoreOrder};
pub use throttle::{Guess, Rate, Throttle, ThrottleLimits};
pub use transfer::{
    Import, ImportFailure, ImportStatus, LONGEST_LINE, PasscodeLine, PasskeyLine,
    RecoveryCodesLine, TotpLine, UserExport, UserLine, VerifierLine,
};
pub use user::{
    LockInfo, NewUser, SummaryInfo, User, UserChange, UserId, UserProperty, UserSearch, UserStatus,
    Who,
};
pub use work::Work;
