//! How many recovery codes are made and how long they are: the policy, and whether it makes sense.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Flaw;

/// The rules for the recovery codes that are made under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RecoveryCodePolicy {
    /// What the policy is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many codes are made at once, 1 to 50; 10.
    pub count: u32,
    /// How many characters a code has, 16 to 32, of five random bits each; 16, which are 80 bits.
    pub length: u32,
}

impl Default for RecoveryCodePolicy {
    fn default() -> RecoveryCodePolicy {
        RecoveryCodePolicy { description: None, count: 10, length: 16 }
    }
}

impl RecoveryCodePolicy {
    /// What makes no sense in this policy; the paths begin at the policy.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !(1..=50).contains(&self.count) {
            flaws.push(Flaw::new("count", "1 to 50 codes are made at once"));
        }
        if !(16..=32).contains(&self.length) {
            flaws.push(Flaw::new("length", "a code has 16 to 32 characters"));
        }
        flaws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_in_a_policy_is_said() {
        let cases = [
            (10, 16, ""),
            (1, 32, ""),
            (50, 16, ""),
            (0, 16, "count"),
            (51, 33, "count length"),
            (1, 15, "length"),
        ];
        for (count, length, paths) in cases {
            let policy = RecoveryCodePolicy { count, length, ..RecoveryCodePolicy::default() };
            let found: Vec<_> = policy.flaws().into_iter().map(|flaw| flaw.path).collect();
            assert_eq!(found.join(" "), paths, "{count} {length}");
        }
    }
}
