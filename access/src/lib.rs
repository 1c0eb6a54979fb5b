//! Access says who may call: tenants, permissions, API keys, bearer tokens and browser bindings.
//!
//! A *caller* is permitted here; a *user* is verified in the identity room. Time is always passed in.

pub mod api_key;
mod error;
mod id;
pub mod permission;
pub mod session;
pub mod tenant;
pub mod token;

pub use api_key::{ApiKey, NewApiKey};
pub use error::Error;
pub use tenant::Tenant;
pub use token::{Bearer, Claims, Grant, Signer, TokenError};

#[cfg(test)]
mod shapes;
