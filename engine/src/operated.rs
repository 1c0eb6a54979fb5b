//! What the history records of those who look after an instance: who held it and why, and between
//! which versions it was moved.

use serde::{Deserialize, Serialize};

/// Who holds an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Who holds it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// From which version of its process to which an instance was moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Renewal {
    /// The version that it ran; absent in what was recorded before versions were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NamedVersion>,
    /// The version that it runs now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NamedVersion>,
}

/// A version of a process, as the world names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedVersion {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub version: u32,
}
