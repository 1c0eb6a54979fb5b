//! Process tokens: the right to start instances of one definition, within limits that hold
//! whatever happens at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;

use identity::Page;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Counter, Key, Range, Table, Unit};

use crate::listing::{self, Order};
use crate::resource::{self, Kind};
use crate::{Error, Listing, Tenant, Warning, duration, identifier, patience};

/// Whether a token may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenStatus {
    /// It starts instances.
    Active,
    /// It does not.
    Inactive,
}

/// What limits a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenType {
    /// Nothing but its status.
    Unlimited,
    /// `maxCount` uses.
    MultiUseCountLimited,
    /// The time from `notBeforeDtm` to `notAfterDtm`.
    MultiUseTimeLimited,
}

/// A token to create.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewToken {
    /// Unique name, 1 to 50 characters.
    pub name: String,
    /// What it is for; at most 2000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// Name of the process definition it starts; at most 50 characters.
    pub process_defn_name: String,
    /// Version of the definition; without it the newest deployed one when the token is made.
    #[serde(default)]
    pub process_defn_version: Option<u32>,
    /// Base address of the end user's interface; without it the hosted pages. At most 500
    /// characters.
    #[serde(default)]
    pub ui_url: Option<String>,
    /// Whether it may be used.
    pub status: TokenStatus,
    /// What limits it.
    #[serde(rename = "type")]
    pub kind: TokenType,
    /// First moment of use of a time-limited token.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub not_before_dtm: Option<Timestamp>,
    /// Last moment of use of a time-limited token.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub not_after_dtm: Option<Timestamp>,
    /// Number of uses of a count-limited token, at least 1.
    #[serde(default)]
    pub max_count: Option<u32>,
    /// How long an instance may last, an ISO 8601 duration; without it `PT48H`. Give a journey
    /// whose timers wait longer a longer one, such as `P30D`.
    #[serde(default)]
    pub max_process_duration: Option<String>,
    /// Values that become the process variable `_initVars`.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Marks instances made for trying things out.
    #[serde(default)]
    pub for_test: bool,
}

/// A process token.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Identifier, 26 characters; whoever knows it may start instances.
    pub id: String,
    /// Tenant that holds it.
    pub tenant_id: String,
    /// What it was made of.
    #[serde(flatten)]
    pub made_of: NewToken,
    /// Number of uses so far.
    pub counter: u64,
    /// Where a request starts an instance with it.
    pub start_process_address: String,
    /// When it was created.
    #[schemars(with = "String")]
    pub created_dtm: Timestamp,
    /// When it was changed last.
    #[schemars(with = "String")]
    pub last_updated_dtm: Timestamp,
    /// Who created it.
    pub created_by: String,
    /// Who changed it last.
    pub last_updated_by: String,
    /// Timers of the process that come only after an instance was given up; told when the token is
    /// made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<Warning>,
}

/// A token as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) token: NewToken,
    /// Identifier of the definition's version.
    pub(crate) definition: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) created_by: String,
    pub(crate) updated_by: String,
}

const TOKENS: Table<Kept> = Table::new("process-tokens");
const NAMES: Table<String> = Table::new("process-token-names");
const USES: Counter = Counter::new("process-token-uses");

/// How long an instance lasts where its token does not say.
const USUAL_DURATION: &str = "PT48H";
const PARAMETER_LIMIT: usize = 100;
const PARAMETER_LENGTH: usize = 4000;

impl Tenant {
    /// Makes a token for a deployed definition.
    pub async fn add_token(&self, mut new: NewToken) -> Result<Token, Error> {
        check(&new)?;
        let mut unit = self.unit();
        let definition = resource::find_deployed(
            &mut unit,
            Kind::Definition,
            &new.process_defn_name,
            new.process_defn_version,
        )
        .await?
        .ok_or_else(|| {
            let version =
                new.process_defn_version.map_or(String::new(), |v| format!(" version {v}"));
            Error::invalid(
                "processDefnName",
                format!("no deployed process definition \"{}\"{version}", new.process_defn_name),
            )
        })?;
        if unit.find(&NAMES, Key::from(&new.name)).await?.is_some() {
            return Err(Error::invalid("name", format!("a token \"{}\" exists", new.name)));
        }
        new.process_defn_version = Some(definition.version);
        let lasts = new.max_process_duration.get_or_insert_with(|| USUAL_DURATION.to_owned());
        let process = self.process(&mut unit, &definition.id).await?;
        let warnings = patience::cut_short(&process, lasts, self.now());
        let kept = Kept {
            id: identifier::random()?,
            token: new,
            definition: definition.id,
            created: self.now(),
            updated: self.now(),
            created_by: self.by().to_owned(),
            updated_by: self.by().to_owned(),
        };
        unit.put(&NAMES, Key::from(&kept.token.name), &kept.id)?;
        unit.put(&TOKENS, Key::from(&kept.id), &kept)?;
        unit.commit().await?;
        Ok(Token { warnings, ..self.token_view(kept, 0) })
    }

    /// One token, with the number of its uses.
    pub async fn read_token(&self, id: &str) -> Result<Token, Error> {
        let mut unit = self.unit();
        let kept = read(&mut unit, id).await?;
        let uses = unit.count(&USES, Key::from(id)).await?;
        Ok(self.token_view(kept, uses))
    }

    /// The tokens, by identifier.
    pub async fn list_tokens(&self, page: Page) -> Result<Listing<Token>, Error> {
        let unit = self.unit();
        let ascending = Order::Ascending;
        let found =
            listing::page_of(&unit, &TOKENS, Range::all(), ascending, page, |_, kept| Some(kept))
                .await?;
        let mut items = Vec::with_capacity(found.items.len());
        for kept in found.items {
            let uses = unit.count(&USES, Key::from(&kept.id)).await?;
            items.push(self.token_view(kept, uses));
        }
        Ok(Listing { total: found.total, items })
    }

    /// Makes a token unusable; instances that it started go on.
    pub async fn invalidate_token(&self, id: &str) -> Result<Token, Error> {
        let mut unit = self.unit();
        let mut kept = read(&mut unit, id).await?;
        kept.token.status = TokenStatus::Inactive;
        kept.updated = self.now();
        kept.updated_by = self.by().to_owned();
        unit.put(&TOKENS, Key::from(id), &kept)?;
        let uses = unit.count(&USES, Key::from(id)).await?;
        unit.commit().await?;
        Ok(self.token_view(kept, uses))
    }

    /// Removes a token; instances that it started go on.
    pub async fn remove_token(&self, id: &str) -> Result<(), Error> {
        let mut unit = self.unit();
        let kept = read(&mut unit, id).await?;
        unit.remove(&TOKENS, Key::from(id));
        unit.remove(&NAMES, Key::from(&kept.token.name));
        unit.remove_counter(&USES, Key::from(id));
        Ok(unit.commit().await?)
    }

    fn token_view(&self, kept: Kept, counter: u64) -> Token {
        let address = format!(
            "{}/api/process-manager/processInstances?tn={}&pt={}",
            self.inner().base_url,
            self.name(),
            kept.id
        );
        Token {
            id: kept.id,
            tenant_id: self.name().to_owned(),
            made_of: kept.token,
            counter,
            start_process_address: address,
            created_dtm: kept.created,
            last_updated_dtm: kept.updated,
            created_by: kept.created_by,
            last_updated_by: kept.updated_by,
            warnings: Vec::new(),
        }
    }
}

async fn read(unit: &mut Unit, id: &str) -> Result<Kept, Error> {
    let found = find(unit, id).await?.map(Arc::unwrap_or_clone);
    found.ok_or_else(|| Error::not_found("process token", id))
}

/// A token by its identifier.
pub(crate) async fn find(unit: &mut Unit, id: &str) -> Result<Option<Arc<Kept>>, Error> {
    Ok(unit.find_shared(&TOKENS, Key::from(id)).await?)
}

/// Spends one use of the token in this unit. The count is raised when the unit commits, so that
/// of two that spend the last use at the same time one fails as a whole.
pub(crate) fn spend(unit: &mut Unit, kept: &Kept, now: Timestamp) -> Result<(), Error> {
    let token = &kept.token;
    let refuse = |reason| Err(Error::TokenNotUsable { reason });
    if token.status != TokenStatus::Active {
        return refuse("it is not active");
    }
    if token.not_before_dtm.is_some_and(|from| now < from) {
        return refuse("it is not valid yet");
    }
    if token.not_after_dtm.is_some_and(|until| now > until) {
        return refuse("it is not valid any more");
    }
    let at_most = token.max_count.map(u64::from);
    unit.add(&USES, Key::from(&kept.id), 1, at_most);
    Ok(())
}

/// Says in the words of tokens that a bounded count was at its limit.
pub(crate) fn spent(error: storage::Error) -> Error {
    match error {
        storage::Error::Exhausted { .. } => Error::TokenNotUsable { reason: "it is used up" },
        other => other.into(),
    }
}

/// Parameters become process variables: their number and lengths are bounded.
pub(crate) fn check_parameters(parameters: &BTreeMap<String, String>) -> Result<(), Error> {
    if parameters.len() > PARAMETER_LIMIT {
        let message = format!("has to have at most {PARAMETER_LIMIT} entries");
        return Err(Error::invalid("parameters", message));
    }
    for (name, value) in parameters {
        length(&format!("parameters.{name}"), name, 255)?;
        length(&format!("parameters.{name}"), value, PARAMETER_LENGTH)?;
    }
    Ok(())
}

fn length(path: &str, text: &str, limit: usize) -> Result<(), Error> {
    if text.chars().count() > limit {
        return Err(Error::invalid(path, format!("has to have at most {limit} characters")));
    }
    Ok(())
}

/// Lengths, and the limits that each type needs.
fn check(new: &NewToken) -> Result<(), Error> {
    if new.name.trim().is_empty() {
        return Err(Error::invalid("name", "has to have 1 to 50 characters"));
    }
    length("name", &new.name, 50)?;
    length("description", new.description.as_deref().unwrap_or_default(), 2000)?;
    length("processDefnName", &new.process_defn_name, 50)?;
    if let Some(url) = &new.ui_url {
        length("uiUrl", url, 500)?;
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(Error::invalid("uiUrl", "has to be an http or https address"));
        }
    }
    if let Some(text) = &new.max_process_duration {
        duration::parse(text).map_err(|message| Error::invalid("maxProcessDuration", message))?;
    }
    check_parameters(&new.parameters)?;
    let counted = new.kind == TokenType::MultiUseCountLimited;
    let timed = new.kind == TokenType::MultiUseTimeLimited;
    if counted != new.max_count.is_some() {
        let message = "goes with type MULTI_USE_COUNT_LIMITED and is required there";
        return Err(Error::invalid("maxCount", message));
    }
    if new.max_count == Some(0) {
        return Err(Error::invalid("maxCount", "has to be at least 1"));
    }
    if !timed && (new.not_before_dtm.is_some() || new.not_after_dtm.is_some()) {
        let message = "notBeforeDtm and notAfterDtm go with type MULTI_USE_TIME_LIMITED";
        return Err(Error::invalid("type", message));
    }
    if timed && new.not_after_dtm.is_none() {
        let message = "is required with type MULTI_USE_TIME_LIMITED";
        return Err(Error::invalid("notAfterDtm", message));
    }
    if new.not_before_dtm.zip(new.not_after_dtm).is_some_and(|(from, until)| from >= until) {
        return Err(Error::invalid("notAfterDtm", "has to be later than notBeforeDtm"));
    }
    Ok(())
}
