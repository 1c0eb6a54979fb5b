//! What can go wrong between a caller and a tenant's rooms, free of status codes.

use definitions::Flaw;
use forms::{FieldError, FormFlaw};

use crate::Warning;

/// A refused or failed call. Nothing was changed by it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The named thing does not exist in this tenant.
    #[error("{what} \"{id}\" does not exist")]
    NotFound {
        /// What kind of thing was asked for.
        what: &'static str,
        /// The name or identifier it was asked by.
        id: String,
    },
    /// A member of the request has a wrong value.
    #[error("{path}: {message}")]
    Invalid {
        /// Where in the request, as a path of member names.
        path: String,
        /// What is wrong with it and what to do.
        message: String,
    },
    /// The API key or bearer token does not let anybody in.
    #[error("{message}")]
    Unauthorized {
        /// The public code.
        code: u32,
        /// Why.
        message: String,
    },
    /// The process token cannot start an instance: used up, inactive, too early or too late.
    #[error("process token: {reason}")]
    TokenNotUsable {
        /// Which of its limits stands in the way.
        reason: &'static str,
    },
    /// The instance belongs to another browser session.
    #[error("the process instance is bound to another browser session")]
    BoundElsewhere,
    /// Nobody awaits the message, and it is not to be kept.
    #[error("nobody awaits the message \"{message}\"{}, and nothing starts with it", with_key(*keyed))]
    NoReceiver {
        /// Its name.
        message: String,
        /// Whether it has a key.
        keyed: bool,
    },
    /// Several await the message.
    #[error(
        "several await the message \"{message}\"{}; give a key that only one of them awaits",
        with_key(*keyed)
    )]
    SeveralReceivers {
        /// Its name.
        message: String,
        /// Whether it has a key.
        keyed: bool,
    },
    /// Nobody awaits the message, and several definitions start with it.
    #[error(
        "several process definitions start with the message \"{message}\"; let one of them do so, or \
         name their messages apart"
    )]
    SeveralStarts {
        /// Its name.
        message: String,
    },
    /// The process definition has flaws and is not deployed.
    #[error("the process definition has {}", counted(.0.len(), "flaw"))]
    Flaws(Vec<Flaw>),
    /// The process definition is not sound and is not deployed, for that was asked for.
    #[error("the process definition is not sound: it has {}", counted(.0.len(), "finding"))]
    Unsound(Vec<Warning>),
    /// The file of decisions has flaws and is not saved.
    #[error("the decision has {}", counted(.0.len(), "flaw"))]
    DecisionFlaws(Vec<Flaw>),
    /// The custom data form has flaws and is not saved.
    #[error("the custom data form has {}", counted(.0.len(), "flaw"))]
    FormFlaws(Vec<FormFlaw>),
    /// The engine refused the command; the state has moved on.
    #[error("{0}")]
    Rejected(#[from] engine::Rejection),
    /// The instance is held by a person.
    #[error("the process instance is suspended; resume it first")]
    Suspended,
    /// Somebody else has the user task.
    #[error("the user task is {to}'s; give it to another with allowOverride")]
    Assigned {
        /// Who has it.
        to: String,
    },
    /// What was filled in does not fit the form.
    #[error("what was filled in does not fit the form")]
    Refused(Vec<FieldError>),
    /// Process variables cannot be as large.
    #[error("{0}")]
    TooLarge(#[from] activities::TooLarge),
    /// What would have to be kept is too large; nothing of it is.
    #[error("what would be kept is too large: {0}")]
    CannotBeKept(String),
    /// A migration cannot be done, for these reasons.
    #[error("{}", .0.join("; "))]
    Migration(Vec<String>),
    /// A rule about people refused it.
    #[error(transparent)]
    Identity(identity::Error),
    /// A rule about callers refused it.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The store failed, or somebody else was quicker.
    #[error(transparent)]
    Storage(storage::Error),
    /// Something unforeseen.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

fn with_key(keyed: bool) -> &'static str {
    if keyed { " with this key" } else { "" }
}

/// A number and what is counted: `1 flaw`, `2 flaws`.
fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Error {
        match error {
            storage::Error::Unwritable { .. } => Error::CannotBeKept(error.to_string()),
            other => Error::Storage(other),
        }
    }
}

impl From<identity::Error> for Error {
    fn from(error: identity::Error) -> Error {
        match error {
            identity::Error::Storage(error @ storage::Error::Unwritable { .. }) => error.into(),
            other => Error::Identity(other),
        }
    }
}

impl Error {
    pub(crate) fn not_found(what: &'static str, id: impl Into<String>) -> Error {
        Error::NotFound { what, id: id.into() }
    }

    pub(crate) fn invalid(path: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Invalid { path: path.into(), message: message.into() }
    }

    /// Whether somebody else changed the same rows first, so that the same call may succeed when
    /// it is made again.
    pub fn is_conflict(&self) -> bool {
        match self {
            Error::Storage(error) => matches!(error, storage::Error::Conflict { .. }),
            Error::Identity(error) => error.is_conflict(),
            Error::Access(error) => error.is_conflict(),
            _ => false,
        }
    }
}
