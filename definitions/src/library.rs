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
    /// Whether an empty data folder begins with it deployed.
    pub seeded: bool,
}

macro_rules! journey {
    ($name:literal, seeded: $seeded:literal) => {
        Journey {
            name: $name,
            bpmn: include_str!(concat!("../library/", $name, ".bpmn")),
            yaml: include_str!(concat!("../library/", $name, ".yaml")),
            seeded: $seeded,
        }
    };
}

/// All shipped journeys; those with which an empty data folder begins come first.
pub const ALL: &[Journey] = &[
    journey!("passcode-registration", seeded: true),
    journey!("passcode-authentication", seeded: true),
    journey!("onboarding", seeded: false),
    journey!("step-up", seeded: false),
    journey!("account-recovery", seeded: false),
    journey!("passcode-recovery", seeded: false),
    journey!("passcode-renewal", seeded: false),
    journey!("totp-enrolment", seeded: false),
    journey!("device-switch", seeded: false),
    journey!("parallel-checks", seeded: false),
    journey!("timed-enrolment", seeded: false),
    journey!("consents", seeded: false),
    journey!("reverification", seeded: false),
    journey!("sign-in-with-fallback", seeded: false),
    journey!("minor-enrolment", seeded: false),
    journey!("guardian-approval", seeded: false),
    journey!("bulk-invitation", seeded: false),
    journey!("risk-based-sign-in", seeded: false),
    journey!("profile-update", seeded: false),
    journey!("passkey-enrolment", seeded: false),
    journey!("passkey-sign-in", seeded: false),
];

/// The decision tables that shipped journeys ask, each with the name of its file and its DMN text.
pub const DECISIONS: &[(&str, &str)] =
    &[("sign-in-risk", include_str!("../library/sign-in-risk.dmn"))];
