//! What can go wrong when access is given, with the public code of each refusal.

/// Why a tenant, a key or a signing key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A member of what was asked for does not fit its rule.
    #[error("{path} {message}")]
    Invalid {
        /// The member, as a JSON path.
        path: String,
        /// A clause that says what is wrong with it.
        message: String,
        /// The public error code, where the interface names one.
        code: Option<u32>,
    },
    /// Something of that name stands already.
    #[error("the {what} {name} exists already")]
    Taken {
        /// What kind of thing it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    Random(getrandom::Error),
    /// A signing key could not be made or used.
    #[error("a signing key cannot be used: {0}")]
    SigningKey(String),
    /// The store refused or failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Error {
    /// The public error code of the refusal, where the interface names one.
    pub fn code(&self) -> Option<u32> {
        match self {
            Error::Invalid { code, .. } => *code,
            _ => None,
        }
    }

    /// Says whether the work is to be done again because somebody else wrote first.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Error::Storage(storage::Error::Conflict { .. }))
    }

    pub(crate) fn invalid(path: &str, message: impl Into<String>) -> Error {
        Error::Invalid { path: path.to_owned(), message: message.into(), code: None }
    }
}
