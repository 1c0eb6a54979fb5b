//! Relying parties: for whom passkeys are made, from where they may be used, and how.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::{Host, Url};

use super::fault::PasskeyFault;
use super::policy::{PasskeyAuthenticationPolicy, PasskeyRegistrationPolicy};
use crate::error::{Error, Flaw};
use crate::name::flaw_of_name;
use crate::period::Period;
use crate::store::{IdentityStore, StoreChange};
use crate::work::{Work, milliseconds};

/// The most origins of one sort, and policies of one sort.
const MOST: usize = 100;
/// The shortest and the longest time that a browser may be told to wait, in milliseconds.
const TIMEOUTS: std::ops::RangeInclusive<u64> = 10_000..=3_600_000;

/// Passkeys for one relying party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasskeyConfig {
    /// The name of the relying party as browsers show it; its identifier if it is empty.
    pub name: String,
    /// The only origins where passkeys are made and used, as browsers write them: scheme, host and, if it is an
    /// unusual one, port. Every origin of the relying party if there are none here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restricted_origins: Vec<String>,
    /// Origins of other sites where the passkeys are made and used too (related origin requests). Browsers ask the
    /// relying party's own site for them, at `/.well-known/webauthn`. Where this server is that site, it lists them
    /// there; otherwise somebody has to. Browsers look at the first few only, those of five different sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_origins: Vec<String>,
    /// Whether the caller keeps what has to be remembered between the halves of a ceremony; `false`.
    pub session_management_external: bool,
    /// How long a ceremony may take; `PT10M`.
    pub session_duration: Period,
    /// The most passkeys of one user; 20. The limit of the tenant counts as well.
    pub maximum_passkeys_per_user: u32,
    /// How passkeys are made, by the names of the policies.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub registration_policies: BTreeMap<String, PasskeyRegistrationPolicy>,
    /// How passkeys are used, by the names of the policies.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub authentication_policies: BTreeMap<String, PasskeyAuthenticationPolicy>,
}

impl Default for PasskeyConfig {
    fn default() -> PasskeyConfig {
        PasskeyConfig {
            name: String::new(),
            restricted_origins: Vec::new(),
            related_origins: Vec::new(),
            session_management_external: false,
            session_duration: Period::minutes(10),
            maximum_passkeys_per_user: 20,
            registration_policies: BTreeMap::new(),
            authentication_policies: BTreeMap::new(),
        }
    }
}

/// Passkeys for a relying party, with its identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPasskeyConfig {
    /// The identifier of the relying party: a domain, such as `example.org`.
    pub relying_party_id: String,
    /// How its passkeys are made and used.
    #[serde(flatten)]
    #[schemars(with = "PasskeyConfig")]
    pub config: Map<String, Value>,
}

impl PasskeyConfig {
    /// The registration policy of this name.
    pub(super) fn registration(&self, name: &str) -> Result<&PasskeyRegistrationPolicy, Error> {
        let missing = || PasskeyFault::RegistrationPolicyMissing(name.to_owned()).into();
        self.registration_policies.get(name).ok_or_else(missing)
    }

    /// The name of an authentication policy where none has to be named: that of the only one there is.
    pub(super) fn only_authentication(&self) -> Result<&str, Error> {
        let mut names = self.authentication_policies.keys();
        let only = names.next().filter(|_| names.next().is_none());
        let missing = || PasskeyFault::AuthenticationPolicyMissing("the only one".to_owned());
        Ok(only.ok_or_else(missing)?)
    }

    /// The authentication policy of this name.
    pub(super) fn authentication(&self, name: &str) -> Result<&PasskeyAuthenticationPolicy, Error> {
        let missing = || PasskeyFault::AuthenticationPolicyMissing(name.to_owned()).into();
        self.authentication_policies.get(name).ok_or_else(missing)
    }

    /// What makes no sense for this relying party; the paths begin at the relying party.
    pub(crate) fn flaws(&self, rp_id: &str) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut add = |broken: bool, path: &str, message: &str| {
            flaws.extend(broken.then(|| Flaw::new(path, message)));
        };
        add(!is_domain(rp_id), "", "the identifier of a relying party is a domain in lower case");
        let long = self.name.len() > 100 || self.name.chars().any(char::is_control);
        add(long, "name", "a name has at most 100 bytes and no control characters");
        for (member, origins) in [
            ("restrictedOrigins", &self.restricted_origins),
            ("relatedOrigins", &self.related_origins),
        ] {
            add(origins.len() > MOST, member, "there are more than 100 origins");
            for (position, origin) in origins.iter().enumerate() {
                let path = format!("{member}[{position}]");
                add(!is_origin(origin), &path, "an origin is such as `https://login.example.org`");
            }
        }
        let most = self.maximum_passkeys_per_user;
        add(!(1..=100).contains(&most), "maximumPasskeysPerUser", "it is from 1 to 100");
        let long = lasts(&self.session_duration) > 86_400_000;
        add(long, "sessionDuration", "a ceremony takes at most a day");
        let timeouts = self.registration_policies.iter().map(|(name, p)| (name, &p.timeout));
        check_policies("registrationPolicies", timeouts, &mut add);
        let timeouts = self.authentication_policies.iter().map(|(name, p)| (name, &p.timeout));
        check_policies("authenticationPolicies", timeouts, &mut add);
        for (name, policy) in &self.registration_policies {
            for (member, message) in policy.flaws_of_attestation() {
                add(true, &format!("registrationPolicies.{name}.{member}"), message);
            }
        }
        flaws
    }
}

/// Checks what policies of both sorts have, and tells what is broken.
fn check_policies<'a>(
    member: &str,
    timeouts: impl ExactSizeIterator<Item = (&'a String, &'a Period)>,
    add: &mut impl FnMut(bool, &str, &str),
) {
    add(timeouts.len() > MOST, member, "there are more than 100 policies");
    for (name, timeout) in timeouts {
        let path = format!("{member}.{name}");
        if let Some(message) = flaw_of_name(name) {
            add(true, &path, message);
        }
        let waits = TIMEOUTS.contains(&lasts(timeout));
        add(!waits, &format!("{path}.timeout"), "a browser waits from ten seconds to an hour");
    }
}

/// How long a period is, in milliseconds.
pub(super) fn lasts(period: &Period) -> u64 {
    milliseconds(period.after(Timestamp::UNIX_EPOCH))
}

fn is_domain(rp_id: &str) -> bool {
    let url = Url::parse(&format!("https://{rp_id}/"));
    let same = |host: Host<&str>| matches!(host, Host::Domain(domain) if domain == rp_id);
    url.is_ok_and(|url| url.host().is_some_and(same))
}

/// Whether it is an origin as browsers write it, where passkeys can be used.
fn is_origin(text: &str) -> bool {
    let good = |url: Url| url.origin().ascii_serialization() == text && is_secure(&url);
    Url::parse(text).is_ok_and(good)
}

/// Whether it is a secure context: https, or for developers a page of the machine itself.
pub(super) fn is_secure(origin: &Url) -> bool {
    origin.scheme() == "https" || origin.scheme() == "http" && is_local(origin)
}

fn is_local(origin: &Url) -> bool {
    origin.host_str().is_some_and(|host| host == "localhost" || host.ends_with(".localhost"))
}

impl IdentityStore {
    /// The passkeys of this relying party.
    pub(crate) fn passkey_config(&self, rp_id: &str) -> Result<&PasskeyConfig, Error> {
        let missing = || PasskeyFault::RelyingPartyMissing(rp_id.to_owned()).into();
        self.configuration.passkey_configs.get(rp_id).ok_or_else(missing)
    }
}

impl Work {
    /// Configures passkeys for a relying party that has none.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`PasskeyFault::RelyingPartyExists`], [`Error::StoreInvalid`], [`Error::Storage`].
    pub async fn add_passkey_config(
        &mut self,
        store: &str,
        new: NewPasskeyConfig,
    ) -> Result<PasskeyConfig, Error> {
        let NewPasskeyConfig { relying_party_id: rp_id, config } = new;
        if self.read_store(store).await?.passkey_config(&rp_id).is_ok() {
            return Err(PasskeyFault::RelyingPartyExists(rp_id).into());
        }
        self.configure_passkeys(store, &rp_id, Value::Object(config)).await?;
        self.read_passkey_config(store, &rp_id).await
    }

    /// How the passkeys of a relying party are made and used.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`PasskeyFault::RelyingPartyMissing`], [`Error::Storage`].
    pub async fn read_passkey_config(
        &mut self,
        store: &str,
        rp_id: &str,
    ) -> Result<PasskeyConfig, Error> {
        self.read_store(store).await?.passkey_config(rp_id).cloned()
    }

    /// Changes how the passkeys of a relying party are made and used, member by member (RFC 7396).
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`PasskeyFault::RelyingPartyMissing`], [`Error::StoreInvalid`],
    /// [`Error::Storage`].
    pub async fn update_passkey_config(
        &mut self,
        store: &str,
        rp_id: &str,
        change: Map<String, Value>,
    ) -> Result<PasskeyConfig, Error> {
        self.read_passkey_config(store, rp_id).await?;
        self.configure_passkeys(store, rp_id, Value::Object(change)).await?;
        self.read_passkey_config(store, rp_id).await
    }

    /// Removes a relying party; its users' passkeys stay, and cannot be used.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`PasskeyFault::RelyingPartyMissing`], [`Error::Storage`].
    pub async fn remove_passkey_config(&mut self, store: &str, rp_id: &str) -> Result<(), Error> {
        self.read_passkey_config(store, rp_id).await?;
        self.configure_passkeys(store, rp_id, Value::Null).await
    }

    async fn configure_passkeys(
        &mut self,
        store: &str,
        rp_id: &str,
        change: Value,
    ) -> Result<(), Error> {
        let configs = Map::from_iter([(rp_id.to_owned(), change)]);
        let change = Map::from_iter([("passkeyConfigs".to_owned(), Value::Object(configs))]);
        let change = StoreChange { configuration: Some(change), ..StoreChange::default() };
        self.update_store(store, change).await.map(|_| ())
    }
}
