//! The journeys that are shipped, each as BPMN and as YAML.

/// A shipped journey; both texts mean the same.
#[derive(Clone, Copy, Debug)]
pub struct Journey {
    /// Its name, equal to the id of its process.
    pub name: &'static str,
    /// The BPMN text, with a diagram.
    pub bpmn: &'static str,
    /// The YAML text.
    pub yaml: &'static str,
}

macro_rules! journey {
    ($name:literal) => {
        Journey {
            name: $name,
            bpmn: include_str!(concat!("../library/", $name, ".bpmn")),
            yaml: include_str!(concat!("../library/", $name, ".yaml")),
        }
    };
}

/// All shipped journeys.
pub const ALL: &[Journey] =
    &[journey!("passcode-registration"), journey!("passcode-authentication")];
