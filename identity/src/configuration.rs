//! How an identity store behaves: defaults of users, locks, passcode policies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::credential::passkey::PasskeyConfig;
use crate::credential::recovery::RecoveryCodePolicy;
use crate::credential::totp::TotpPolicy;
use crate::error::Flaw;
use crate::locale::{flaw_of_locale, flaw_of_timezone};
use crate::name::flaw_of_name;
use crate::period::Period;
use crate::policy::PasscodePolicy;
use crate::user::UserStatus;

/// The most policies of one kind in one store.
const MOST_POLICIES: usize = 100;

/// The configuration of an identity store; what is not given has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Configuration {
    /// The locale of users that are added without one; `en_US`.
    pub default_user_locale: String,
    /// The time zone of users that are added without one; `US/Eastern`.
    pub default_user_timezone: String,
    /// The status of users that are added without one; `ACTIVE`.
    pub default_user_status: UserStatus,
    /// How faces are matched.
    pub face_authentication_config: FaceAuthenticationConfig,
    /// When failed authentications lock a user.
    pub user_lock_config: UserLockConfig,
    /// The passcode policies by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub passcode_policies: BTreeMap<String, PasscodePolicy>,
    /// How passkeys are made and used, by the identifiers of the relying parties.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub passkey_configs: BTreeMap<String, PasskeyConfig>,
    /// The TOTP policies by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub totp_policies: BTreeMap<String, TotpPolicy>,
    /// The recovery code policies by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub recovery_code_policies: BTreeMap<String, RecoveryCodePolicy>,
}

impl Default for Configuration {
    fn default() -> Configuration {
        Configuration {
            default_user_locale: "en_US".to_owned(),
            default_user_timezone: "US/Eastern".to_owned(),
            default_user_status: UserStatus::Active,
            face_authentication_config: FaceAuthenticationConfig::default(),
            user_lock_config: UserLockConfig::default(),
            passcode_policies: BTreeMap::new(),
            passkey_configs: BTreeMap::new(),
            totp_policies: BTreeMap::new(),
            recovery_code_policies: BTreeMap::new(),
        }
    }
}

/// How faces are matched. No faces are matched yet: whether the image of an enrolment is kept, the algorithm and the
/// thresholds come as members with that, and are refused until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaceAuthenticationConfig {
    /// Whether the details of a face match are kept with its record; `true`. Other forms of authentication have none, and
    /// their records are kept either way: until faces are matched it changes nothing.
    pub store_audit: bool,
    /// How long the records of the store are kept, of authentications and of changes; `PT720H`, which is 30 days. When a
    /// record goes is fixed within seconds after it is written: a later change is for the records from then on.
    pub audit_duration: Period,
}

impl Default for FaceAuthenticationConfig {
    fn default() -> FaceAuthenticationConfig {
        FaceAuthenticationConfig { store_audit: true, audit_duration: Period::hours(720) }
    }
}

/// When failed authentications lock a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UserLockConfig {
    /// What is locked.
    pub mode: LockMode,
    /// Whether somebody else locks and unlocks users, so that failures lock nobody; `false`.
    pub external_lock_management: bool,
    /// The numbers of failed authentications that lock the user, growing; `3, 6, 9`. Those of all forms of
    /// authentication count together, and a successful one takes away those of its own form and those in forms of which
    /// the user has no credential.
    pub invalid_counts_before_temp_lock: Vec<u32>,
    /// How long the lock at each of these counts lasts; a count without a duration locks until somebody
    /// unlocks; `PT5M, PT5M`.
    pub temp_lock_durations: Vec<Period>,
}

impl Default for UserLockConfig {
    fn default() -> UserLockConfig {
        UserLockConfig {
            mode: LockMode::UserOnly,
            external_lock_management: false,
            invalid_counts_before_temp_lock: vec![3, 6, 9],
            temp_lock_durations: vec![Period::minutes(5), Period::minutes(5)],
        }
    }
}

/// What a lock applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockMode {
    /// The user as a whole.
    #[default]
    UserOnly,
}

impl Configuration {
    /// What makes no sense in this configuration; the paths begin at the store.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut add = |path: &str, flaw: Option<&str>| {
            flaws.extend(flaw.map(|message| Flaw::new(format!("configuration.{path}"), message)));
        };
        add("defaultUserLocale", flaw_of_locale(&self.default_user_locale));
        add("defaultUserTimezone", flaw_of_timezone(&self.default_user_timezone));
        let status = self.default_user_status == UserStatus::TempLocked;
        add("defaultUserStatus", status.then_some("nobody begins with a lock for a time"));
        let counts = &self.user_lock_config.invalid_counts_before_temp_lock;
        let growing = counts.first() != Some(&0) && counts.is_sorted_by(|a, b| a < b);
        add(
            "userLockConfig.invalidCountsBeforeTempLock",
            (!growing).then_some("the counts are more than 0 and grow"),
        );
        let unused = self.user_lock_config.temp_lock_durations.len() > counts.len();
        add(
            "userLockConfig.tempLockDurations",
            unused.then_some("there are more durations than counts"),
        );
        let many = self.passkey_configs.len() > MOST_POLICIES;
        add("passkeyConfigs", many.then_some("there are more than 100 relying parties"));
        for (rp_id, config) in &self.passkey_configs {
            for flaw in config.flaws(rp_id) {
                let dot = if flaw.path.is_empty() { "" } else { "." };
                let path = format!("passkeyConfigs.{rp_id}{dot}{}", flaw.path);
                add(&path, Some(&flaw.message));
            }
        }
        flaws.extend(flaws_of("passcodePolicies", &self.passcode_policies, PasscodePolicy::flaws));
        flaws.extend(flaws_of("totpPolicies", &self.totp_policies, TotpPolicy::flaws));
        let recovery = &self.recovery_code_policies;
        flaws.extend(flaws_of("recoveryCodePolicies", recovery, RecoveryCodePolicy::flaws));
        flaws
    }

    /// This configuration with a part of one merged into it, member by member (RFC 7396): `null` takes a
    /// member back to its default, and a policy away.
    pub(crate) fn merged(&self, change: Map<String, Value>) -> Result<Configuration, Flaw> {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        merge(&mut whole, Value::Object(change));
        read(whole)
    }
}

/// What makes no sense in the policies of one kind.
fn flaws_of<P>(
    kind: &str,
    policies: &BTreeMap<String, P>,
    flaws: fn(&P) -> Vec<Flaw>,
) -> Vec<Flaw> {
    let mut found = Vec::new();
    if policies.len() > MOST_POLICIES {
        let path = format!("configuration.{kind}");
        found.push(Flaw::new(path, "there are more than 100 policies"));
    }
    for (name, policy) in policies {
        let path = format!("configuration.{kind}.{name}");
        found.extend(flaw_of_name(name).map(|message| Flaw::new(&path, message)));
        let inside = flaws(policy).into_iter();
        found.extend(inside.map(|flaw| Flaw::new(format!("{path}.{}", flaw.path), flaw.message)));
    }
    found
}

fn read(value: Value) -> Result<Configuration, Flaw> {
    let flaw = |path: &str, message: String| Flaw::new(format!("configuration.{path}"), message);
    let configuration: Configuration = serde_path_to_error::deserialize(&value)
        .map_err(|error| flaw(&error.path().to_string(), error.inner().to_string()))?;
    let written = serde_json::to_value(&configuration).unwrap_or_default();
    match list_for_object(&value, &written) {
        Some(path) => Err(flaw(&path, "invalid type: sequence, expected an object".to_owned())),
        None => Ok(configuration),
    }
}

/// Where a list was read as if it were the object whose members it lists in order.
pub(crate) fn list_for_object(read: &Value, written: &Value) -> Option<String> {
    match (read, written) {
        (Value::Array(_), Value::Object(_)) => Some(String::new()),
        (Value::Object(read), Value::Object(written)) => read.iter().find_map(|(name, value)| {
            let inside = list_for_object(value, written.get(name)?)?;
            let dot = if inside.is_empty() || inside.starts_with('[') { "" } else { "." };
            Some(format!("{name}{dot}{inside}"))
        }),
        (Value::Array(read), Value::Array(written)) => {
            let mut pairs = read.iter().zip(written).enumerate();
            pairs.find_map(|(at, (read, written))| {
                Some(format!("[{at}]{}", list_for_object(read, written)?))
            })
        }
        _ => None,
    }
}

fn merge(present: &mut Value, change: Value) {
    match (present, change) {
        (Value::Object(present), Value::Object(change)) => {
            for (member, value) in change {
                match value {
                    Value::Null => {
                        present.remove(&member);
                    }
                    value => merge(present.entry(member).or_insert(Value::Null), value),
                }
            }
        }
        (present, Value::Object(change)) => {
            *present = Value::Object(Map::new());
            merge(present, Value::Object(change));
        }
        (present, value) => *present = value,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    fn change(change: Value) -> Result<Configuration, Flaw> {
        let Value::Object(change) = change else { panic!("an object") };
        Configuration::default().merged(change)
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let json = serde_json::to_value(Configuration::default()).unwrap();
        assert_eq!(
            json,
            json!({
                "defaultUserLocale": "en_US",
                "defaultUserTimezone": "US/Eastern",
                "defaultUserStatus": "ACTIVE",
                "faceAuthenticationConfig": { "storeAudit": true, "auditDuration": "PT720H" },
                "userLockConfig": {
                    "externalLockManagement": false,
                    "tempLockDurations": ["PT5M", "PT5M"],
                    "invalidCountsBeforeTempLock": [3, 6, 9],
                    "mode": "USER_ONLY"
                }
            })
        );
        assert_eq!(Configuration::default().flaws(), []);
    }

    #[test]
    fn a_change_reaches_only_what_it_names() {
        let changed = change(json!({
            "userLockConfig": { "tempLockDurations": ["PT1M"] },
            "passcodePolicies": { "default": { "passcodeRequirements": { "digitCount": 2 } } }
        }));
        let mut expected = Configuration::default();
        expected.user_lock_config.temp_lock_durations = vec![Period::minutes(1)];
        let mut policy = PasscodePolicy::default();
        policy.passcode_requirements.digit_count = 2;
        expected.passcode_policies.insert("default".to_owned(), policy);
        assert_eq!(changed.as_ref(), Ok(&expected));

        let back = json!({
            "userLockConfig": { "tempLockDurations": null },
            "passcodePolicies": { "default": null, "never there": null }
        });
        let Value::Object(back) = back else { panic!("an object") };
        assert_eq!(expected.merged(back), Ok(Configuration::default()));
    }

    #[test]
    fn what_a_configuration_does_not_know_is_named() {
        let cases = [
            json!({ "colour": "red" }),
            json!({ "userLockConfig": { "mod": "USER_ONLY" } }),
            json!({ "userLockConfig": { "mode": "USER" } }),
            json!({ "userLockConfig": [] }),
            json!({ "passcodePolicies": { "p": { "passcodeRequirements": [9, 10] } } }),
            json!({ "passcodePolicies": { "p": { "passcodeRequirements": { "allowedRegExes": [["a"]] } } } }),
            json!({ "userLockConfig": { "tempLockDurations": ["PT5M", "5"] } }),
            json!({ "passcodePolicies": { "p": { "passcodeRequirements": { "digits": 1 } } } }),
            json!({ "passcodePolicies": { "p": { "passcodeRequirements": { "digitCount": -1 } } } }),
            json!({ "defaultUserStatus": 1 }),
        ];
        let said: Vec<_> = cases
            .into_iter()
            .map(|case| {
                change(case)
                    .map_or_else(|f| format!("{}: {}\n", f.path, f.message), |_| "\n".into())
            })
            .collect();
        expect![[r#"
            configuration.colour: unknown field `colour`, expected one of `defaultUserLocale`, `defaultUserTimezone`, `defaultUserStatus`, `faceAuthenticationConfig`, `userLockConfig`, `passcodePolicies`, `passkeyConfigs`, `totpPolicies`, `recoveryCodePolicies`
            configuration.userLockConfig.mod: unknown field `mod`, expected one of `mode`, `externalLockManagement`, `invalidCountsBeforeTempLock`, `tempLockDurations`
            configuration.userLockConfig.mode: unknown variant `USER`, expected `USER_ONLY`
            configuration.userLockConfig: invalid type: sequence, expected an object
            configuration.passcodePolicies.p.passcodeRequirements: invalid type: sequence, expected an object
            configuration.passcodePolicies.p.passcodeRequirements.allowedRegExes[0]: invalid type: sequence, expected an object
            configuration.userLockConfig.tempLockDurations[1]: `5` is no duration of ISO 8601 such as PT5M or P90D
            configuration.passcodePolicies.p.passcodeRequirements.digits: unknown field `digits`, expected one of `minimumLength`, `maximumLength`, `digitCount`, `symbolCount`, `lowerCaseCount`, `upperCaseCount`, `characterVariety`, `passcodeHistory`, `requiredRegExes`, `allowedRegExes`, `disallowedRegExes`
            configuration.passcodePolicies.p.passcodeRequirements.digitCount: invalid value: integer `-1`, expected u32
            configuration.defaultUserStatus: invalid type: integer `1`, expected string or map
        "#]].assert_eq(&said.concat());
    }

    #[test]
    fn what_makes_no_sense_is_said_all_at_once() {
        let Ok(wrong) = change(json!({
            "defaultUserLocale": "english please",
            "defaultUserTimezone": "/etc/passwd",
            "defaultUserStatus": "TEMP_LOCKED",
            "userLockConfig": {
                "invalidCountsBeforeTempLock": [3, 3],
                "tempLockDurations": ["PT1M", "PT1M", "PT1M"]
            },
            "passcodePolicies": {
                "a/b": {},
                "p": { "passcodeRequirements": { "minimumLength": 9, "maximumLength": 8 } }
            }
        })) else {
            panic!("it can be read")
        };
        let flaws = wrong.flaws();
        let said: Vec<_> = flaws.iter().map(|f| format!("{}: {}\n", f.path, f.message)).collect();
        expect![[r#"
            configuration.defaultUserLocale: a locale is a language and perhaps a region, such as `en_US`
            configuration.defaultUserTimezone: a time zone is a name such as `US/Eastern`
            configuration.defaultUserStatus: nobody begins with a lock for a time
            configuration.userLockConfig.invalidCountsBeforeTempLock: the counts are more than 0 and grow
            configuration.userLockConfig.tempLockDurations: there are more durations than counts
            configuration.passcodePolicies.a/b: a name has only letters and digits of ASCII, `.`, `_`, `-` and spaces
            configuration.passcodePolicies.p.passcodeRequirements.maximumLength: it is less than minimumLength
        "#]].assert_eq(&said.concat());
        let mut zero = Configuration::default();
        zero.user_lock_config.invalid_counts_before_temp_lock = vec![0, 3, 6];
        assert_eq!(zero.flaws().len(), 1);
    }
}
