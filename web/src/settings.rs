//! Settings of the server: a flag goes before the environment, that before the file, that before the default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::{Parser, Subcommand, ValueEnum};
use identity::{Rate, ThrottleLimits};
use runtime::{Driver, MasterKeys, Retention};
use serde::Deserialize;

use crate::audit::Audit;
use crate::check::Check;
use crate::convert::Convert;
use crate::source::TrustedProxies;

mod keys;

use keys::KeyFiles;

/// Where the data lies where nobody says.
const DATA: &str = "./gatewright-data";
/// Where the server listens where nobody says: this machine alone.
const LISTEN: &str = "127.0.0.1:8080";
/// What is logged where nobody says.
const LOG: &str = "info";

/// Runs identity journeys: process definitions, hosted pages, identity stores, one HTTP interface.
///
/// Every setting is a flag, an environment variable, or a line of a TOML file; a flag goes before
/// the environment, the environment before the file. The names of the lines are those of the flags
/// without the two dashes: data, listen, base-url, store, log, retention, clock, test-mode,
/// trusted-proxies, failures-per-source, failures-per-user, failures-per-store, master-key-file,
/// master-passphrase-file, previous-master-key-file, previous-master-passphrase-file. An empty data folder is given a
/// demonstration to try at once.
///
/// Exit codes: 0 ended as asked; 1 something unforeseen; 2 a setting is wrong; 3 the store cannot be
/// opened; 4 another server uses the data folder; 5 the address cannot be listened on.
#[derive(Debug, Default, Parser)]
#[command(name = "gatewright", version, about, long_about, max_term_width = 100)]
pub struct Flags {
    /// Folder that holds all data [default: ./gatewright-data].
    #[arg(long, env = "GATEWRIGHT_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// Address and port to listen on; 0.0.0.0:8080 lets other machines in [default: 127.0.0.1:8080].
    #[arg(long, env = "GATEWRIGHT_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<String>,

    /// Address under which people reach this server, as it stands in links, cookies and tokens.
    /// Away from localhost it has to be https: cookies and the pages' cryptography need that
    /// [default: http://localhost:PORT].
    #[arg(long, env = "GATEWRIGHT_BASE_URL", value_name = "URL")]
    base_url: Option<String>,

    /// Embedded store that keeps the data; a folder keeps the one it began with [default: sled].
    #[arg(long, env = "GATEWRIGHT_STORE", value_enum)]
    store: Option<StoreName>,

    /// TOML file with settings.
    #[arg(long, env = "GATEWRIGHT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// What is logged to the standard error: error, warn, info, debug or trace, also per module as
    /// in info,runtime=debug [default: info].
    #[arg(long, env = "GATEWRIGHT_LOG", value_name = "FILTER")]
    log: Option<String>,

    /// How long finished process instances and their history are kept before they are removed, as
    /// an ISO 8601 duration [default: P30D].
    #[arg(long, env = "GATEWRIGHT_RETENTION", value_name = "DURATION")]
    retention: Option<String>,

    /// What time it is: that of the machine, or one that POST /api/test/clock moves, which needs
    /// --test-mode [default: system].
    #[arg(long, env = "GATEWRIGHT_CLOCK", value_enum)]
    clock: Option<ClockName>,

    /// Allows settings that make sense in tests alone; never where real people are served.
    #[arg(long, env = "GATEWRIGHT_TEST_MODE", num_args = 0..=1, default_missing_value = "true")]
    test_mode: Option<bool>,

    /// Proxies in front of this server, by address or network, separated by commas, as in
    /// 10.0.0.0/8,::1. Where a request comes from them, its last address in X-Forwarded-For that is
    /// none of theirs counts as the client's, and their X-Forwarded-Proto says whether it came over
    /// https, as that of a proxy on this machine always does [default: none].
    #[arg(long, env = "GATEWRIGHT_TRUSTED_PROXIES", value_name = "NETWORKS")]
    trusted_proxies: Option<String>,

    /// How many failed authentications are taken of one client address, and how soon one more, or
    /// off [default: 100/PT5S].
    #[arg(long, env = "GATEWRIGHT_FAILURES_PER_SOURCE", value_name = "NUMBER/DURATION")]
    failures_per_source: Option<String>,

    /// How many are taken for one user, or off [default: 20/PT30S].
    #[arg(long, env = "GATEWRIGHT_FAILURES_PER_USER", value_name = "NUMBER/DURATION")]
    failures_per_user: Option<String>,

    /// How many are taken in one identity store before clients that failed lately have to wait, or
    /// off [default: 1000/PT0.2S].
    #[arg(long, env = "GATEWRIGHT_FAILURES_PER_STORE", value_name = "NUMBER/DURATION")]
    failures_per_store: Option<String>,

    #[command(flatten)]
    keys: KeyFiles,

    /// What to do instead of running the server.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the binary does besides running the server.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks definitions: whether they are well-formed and sound.
    Check(Check),
    /// Writes a definition in the other notation: BPMN as YAML, YAML as BPMN.
    Convert(Convert),
    /// Looks at exports of the audit.
    #[command(subcommand)]
    Audit(Audit),
}

/// Where the time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ClockName {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved.
    Manual,
}

/// An embedded store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoreName {
    /// The sled database.
    Sled,
    /// The redb database.
    Redb,
}

/// The lines of a settings file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Lines {
    data: Option<PathBuf>,
    listen: Option<String>,
    base_url: Option<String>,
    store: Option<StoreName>,
    log: Option<String>,
    retention: Option<String>,
    clock: Option<ClockName>,
    test_mode: Option<bool>,
    trusted_proxies: Option<String>,
    failures_per_source: Option<String>,
    failures_per_user: Option<String>,
    failures_per_store: Option<String>,
    #[serde(flatten)]
    keys: KeyFiles,
}

/// What the server runs with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder that holds all data.
    pub data: PathBuf,
    /// Addresses to listen on, the first that can be had.
    pub listen: Vec<SocketAddr>,
    /// Address under which people reach this server, without a slash at the end.
    pub base_url: String,
    /// The embedded store.
    pub driver: Driver,
    /// What is logged.
    pub log: String,
    /// How long finished instances are kept.
    pub retention: Retention,
    /// The proxies whose word on where a request comes from is taken.
    pub trusted_proxies: TrustedProxies,
    /// How many failed authentications are taken.
    pub throttle: ThrottleLimits,
    /// Where the master key comes from.
    pub master_keys: MasterKeys,
    /// Whether the clock stands still until it is moved.
    pub manual_clock: bool,
}

impl Settings {
    /// Puts flags, environment, file and defaults together.
    ///
    /// # Errors
    /// A sentence that names the setting and what is wrong with it.
    pub fn gather(flags: Flags) -> anyhow::Result<Settings> {
        let lines = match &flags.config {
            Some(file) => read(file)?,
            None => Lines::default(),
        };
        let listen = flags.listen.or(lines.listen).unwrap_or_else(|| LISTEN.to_owned());
        let listen = addresses(&listen)?;
        let base_url = match flags.base_url.or(lines.base_url) {
            Some(url) => checked(&url)?,
            None => usual_url(&listen),
        };
        let driver = match flags.store.or(lines.store) {
            Some(StoreName::Redb) => Driver::Redb,
            Some(StoreName::Sled) | None => Driver::Sled,
        };
        let retention = match flags.retention.or(lines.retention) {
            Some(text) => {
                text.parse().map_err(|error| anyhow!("the retention is wrong: {error}"))?
            }
            None => Retention::default(),
        };
        let manual_clock = flags.clock.or(lines.clock) == Some(ClockName::Manual);
        if manual_clock && flags.test_mode.or(lines.test_mode) != Some(true) {
            bail!(
                "the clock can only be manual in tests: --clock manual needs --test-mode as well"
            );
        }
        let proxies = flags.trusted_proxies.or(lines.trusted_proxies).unwrap_or_default();
        let usual = ThrottleLimits::default();
        let throttle = ThrottleLimits {
            source: rate(flags.failures_per_source.or(lines.failures_per_source), usual.source)?,
            user: rate(flags.failures_per_user.or(lines.failures_per_user), usual.user)?,
            store: rate(flags.failures_per_store.or(lines.failures_per_store), usual.store)?,
        };
        Ok(Settings {
            trusted_proxies: proxies.parse().map_err(|error: String| anyhow!(error))?,
            throttle,
            data: flags.data.or(lines.data).unwrap_or_else(|| DATA.into()),
            listen,
            base_url,
            driver,
            log: flags.log.or(lines.log).unwrap_or_else(|| LOG.to_owned()),
            retention,
            master_keys: flags.keys.or(lines.keys).gather(&|name| std::env::var(name))?,
            manual_clock,
        })
    }

    /// What is unwise about the settings, for the log.
    pub fn warning(&self) -> Option<String> {
        let secure = self.base_url.starts_with("https://")
            || url::Url::parse(&self.base_url).is_ok_and(|url| is_local(&url));
        (!secure).then(|| {
            format!(
                "the base URL {} is neither https nor localhost: browsers will keep no session \
                 cookie and refuse the cryptography that passcodes need",
                self.base_url
            )
        })
    }
}

fn rate(given: Option<String>, usual: Option<Rate>) -> anyhow::Result<Option<Rate>> {
    match given.as_deref() {
        None => Ok(usual),
        Some("off") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|error: String| anyhow!(error)),
    }
}

fn read(file: &Path) -> anyhow::Result<Lines> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the settings file {} cannot be read", file.display()))?;
    toml::from_str(&text).with_context(|| format!("the settings file {} is wrong", file.display()))
}

fn addresses(listen: &str) -> anyhow::Result<Vec<SocketAddr>> {
    let found = std::net::ToSocketAddrs::to_socket_addrs(listen).with_context(|| {
        format!("\"{listen}\" is no address to listen on; write one as in {LISTEN}")
    })?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        bail!("\"{listen}\" has no address to listen on");
    }
    Ok(found)
}

fn usual_url(listen: &[SocketAddr]) -> String {
    let port = listen.first().map_or(0, SocketAddr::port);
    format!("http://localhost:{port}")
}

/// An address with a scheme and a host alone; a path would have to be known to every link.
fn checked(text: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(text).with_context(|| format!("the base URL \"{text}\" is wrong"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        bail!("the base URL \"{text}\" has to begin with https:// or http:// and a host");
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        bail!("the base URL \"{text}\" has to be a scheme, a host and a port alone");
    }
    Ok(url.origin().ascii_serialization())
}

/// What browsers take for a secure context without https.
fn is_local(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
