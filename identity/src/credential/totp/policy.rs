//! How authenticator apps are registered and their codes are checked: the policy, and whether it makes sense.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TotpAlgorithm;
use super::code::Generator;
use crate::error::Flaw;
use crate::period::Period;

/// The rules for the authenticator apps that are registered under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TotpPolicy {
    /// What the policy is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who the codes are for, as the app shows it above them; without it the app shows the user's name alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The hash behind the codes; `SHA1`, because many apps know no other.
    pub algorithm: TotpAlgorithm,
    /// How many digits a code has, 6 to 8; 6.
    pub digits: u32,
    /// How many seconds a code is shown, 10 to 300; 30.
    pub period: u32,
    /// How many periods the app's clock may be ahead or behind, at most 10; 1.
    pub skew: u32,
    /// How long a registration waits for its first code; `PT10M`.
    pub pending_expiration: Period,
    /// Whether the secret of an app that is in use can be read again, to set up a second device; `false`.
    pub secret_readable: bool,
}

impl Default for TotpPolicy {
    fn default() -> TotpPolicy {
        TotpPolicy {
            description: None,
            issuer: None,
            algorithm: TotpAlgorithm::Sha1,
            digits: 6,
            period: 30,
            skew: 1,
            pending_expiration: Period::minutes(10),
            secret_readable: false,
        }
    }
}

impl TotpPolicy {
    /// How the apps that are registered now make their codes.
    pub(super) fn generator(&self) -> Generator {
        Generator { algorithm: self.algorithm, digits: self.digits, period: self.period }
    }

    /// What makes no sense in this policy; the paths begin at the policy.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut add = |broken: bool, member: &str, message: &str| {
            if broken {
                flaws.push(Flaw::new(member, message));
            }
        };
        let issuer = self.issuer.as_deref();
        add(
            issuer.is_some_and(|text| !is_label(text)),
            "issuer",
            "an issuer has 1 to 255 bytes, no colon and no control characters",
        );
        add(!(6..=8).contains(&self.digits), "digits", "a code has 6 to 8 digits");
        add(!(10..=300).contains(&self.period), "period", "a period has 10 to 300 seconds");
        add(self.skew > 10, "skew", "at most 10 periods ahead or behind");
        flaws
    }
}

/// Whether an app can show this above the codes. A colon would part issuer and name in the wrong place.
pub(super) fn is_label(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.chars().any(|c| c == ':' || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_in_a_policy_is_said() {
        let usual = TotpPolicy::default();
        let issuer = |text: &str| TotpPolicy { issuer: Some(text.to_owned()), ..usual.clone() };
        let cases = [
            (usual.clone(), ""),
            (TotpPolicy { digits: 8, ..usual.clone() }, ""),
            (TotpPolicy { digits: 5, ..usual.clone() }, "digits"),
            (TotpPolicy { digits: 9, ..usual.clone() }, "digits"),
            (TotpPolicy { period: 10, ..usual.clone() }, ""),
            (TotpPolicy { period: 0, ..usual.clone() }, "period"),
            (TotpPolicy { period: 301, ..usual.clone() }, "period"),
            (TotpPolicy { skew: 10, ..usual.clone() }, ""),
            (TotpPolicy { skew: 11, ..usual.clone() }, "skew"),
            (issuer("Example & Söhne"), ""),
            (issuer("Example: Bank"), "issuer"),
            (issuer(""), "issuer"),
            (issuer("a\nb"), "issuer"),
        ];
        for (policy, paths) in cases {
            let found: Vec<_> = policy.flaws().into_iter().map(|flaw| flaw.path).collect();
            assert_eq!(found.join(" "), paths, "{policy:?}");
        }
    }
}
