//! Migration: running instances are moved to another version of their definition, by a plan that is
//! checked before anything moves.

use std::collections::BTreeMap;
use std::sync::Arc;

use definitions::{NodeId, Process};
use engine::{Fate, Misfit, Renewal};
use schemars::JsonSchema;
use serde::Serialize;
use storage::Unit;

use super::part::Part;
use super::{Tally, again, bounded, incident};
use crate::advance::{Progress, Turn};
use crate::instance::{self, task};
use crate::resource::{self, Kind};
use crate::{Error, InstanceStatus, Tenant};

/// From which version to which, and what becomes of the elements.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    /// Identifier of the version that the instances run.
    pub from: String,
    /// Identifier of the version that they are to run.
    pub to: String,
    /// The new ids of elements by their old ones; any other becomes the one of the same id.
    pub elements: BTreeMap<String, String>,
}

/// What a migration would do.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MigrationPlan {
    /// Whether it can be run. Whether a single instance can be moved depends on where it stands.
    pub valid: bool,
    /// What is wrong with the plan.
    pub flaws: Vec<String>,
    /// What happens to each element of the old version, in the order of its text.
    pub elements: Vec<MigratedElement>,
    /// Events of the new version that no old one becomes; they are armed where their activity or
    /// scope is under way.
    pub added: Vec<String>,
}

/// What happens to an element of the old version.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MigratedElement {
    /// The element.
    pub element_id: String,
    /// `kept` under its id; `mapped` to another; `dropped`, when an event is not awaited any more;
    /// or `cannot`, when an instance with something under way there cannot be moved.
    pub happens: &'static str,
    /// The element of the new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Both versions, read, and the elements whose ids differ.
struct Versions {
    from: Arc<Process>,
    to: Arc<Process>,
    nodes: BTreeMap<NodeId, NodeId>,
    source: Arc<resource::Version>,
    target: resource::Version,
}

impl Versions {
    fn flaws(&self) -> Vec<String> {
        let (from, to) = (&self.source.name, &self.target.name);
        let other = (from != to).then(|| {
            format!("`{from}` and `{to}` are two definitions; name a version of the same one")
        });
        let flaws = engine::flaws(&self.from, &self.to, &self.nodes);
        other.into_iter().chain(flaws.iter().map(Misfit::to_string)).collect()
    }
}

impl Tenant {
    /// What a migration would do with each element; nothing moves.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Invalid`] for the versions.
    pub async fn plan_migration(&self, migration: &Migration) -> Result<MigrationPlan, Error> {
        let versions = self.versions(&mut self.unit(), migration).await?;
        let Versions { from, to, nodes, .. } = &versions;
        let flaws = versions.flaws();
        let element = |(node, fate): (NodeId, Fate)| {
            let (happens, target, reason) = match fate {
                Fate::Kept => ("kept", None, None),
                Fate::Mapped(target) => ("mapped", Some(target.to_string()), None),
                Fate::Dropped => ("dropped", None, None),
                Fate::Cannot(misfit) => ("cannot", None, Some(misfit.to_string())),
            };
            MigratedElement { element_id: node.to_string(), happens, to: target, reason }
        };
        let added = engine::added(from, to, nodes);
        Ok(MigrationPlan {
            valid: flaws.is_empty(),
            flaws,
            elements: engine::fates(from, to, nodes).into_iter().map(element).collect(),
            added: added.iter().map(ToString::to_string).collect(),
        })
    }

    /// Moves instances, each in a commit of its own, whole or not at all: those that are named, or
    /// else one part of all of the version, the oldest first. Called instances stay on their own
    /// definitions.
    ///
    /// # Errors
    /// [`Error::Migration`] where the plan has flaws; nothing moves then.
    pub async fn migrate_instances(
        &self,
        migration: &Migration,
        instances: Option<&[String]>,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        let versions = self.versions(&mut self.unit(), migration).await?;
        let flaws = versions.flaws();
        if !flaws.is_empty() {
            return Err(Error::Migration(flaws));
        }
        let mut part = match instances {
            Some(named) => {
                bounded("instances", named.len())?;
                Part::named(named)
            }
            None => {
                let under_way = [InstanceStatus::Active, InstanceStatus::Paused];
                let fits = |row: &instance::Summary| {
                    row.definition == migration.from && under_way.contains(&row.status)
                };
                self.part_of_instances(after, fits).await?
            }
        };
        while let Some(id) = part.next() {
            let came = again!(self.migrate_once(&id, migration, &versions));
            part.tally.count(id, came)?;
        }
        Ok(part.tally)
    }

    async fn migrate_once(
        &self,
        id: &str,
        migration: &Migration,
        versions: &Versions,
    ) -> Result<(), Error> {
        let mut work = self.identity();
        let mut kept = instance::read(self, work.unit(), id).await?;
        if kept.definition != migration.from {
            let message = format!("runs the version {} of its definition", kept.definition);
            return Err(Error::invalid("instances", message));
        }
        let now = work.now();
        let Versions { from, to, nodes, source, target } = versions;
        if let Some(held) = &mut kept.suspended {
            held.migrated(now);
        }
        let (held, states) = (kept.suspended.is_some(), &self.inner().states);
        let of = |version: &resource::Version| engine::NamedVersion {
            id: version.id.clone(),
            version: version.version,
        };
        let named = Renewal { from: Some(of(source)), to: Some(of(target)) };
        let step = engine::migrate(from, to, kept.engine_mut(states), nodes, now, held, named);
        let step = step
            .map_err(|misfits| Error::Migration(misfits.iter().map(Misfit::to_string).collect()))?;
        kept.definition = target.id.clone();
        kept.definition_name = target.name.clone();
        kept.definition_version = target.version;
        let (turn, progress) = ([Turn::Took(Box::new(step))], Progress::default());
        let progress = self.carry(&mut work, &mut kept, turn, progress).await?;
        // Lists show the version, whether or not the status is another.
        instance::put(self, work.unit(), &mut kept, None)?;
        incident::renew(work.unit(), &kept).await?;
        task::renew(work.unit(), &kept).await?;
        work.commit().await?;
        self.wake(progress.soonest);
        Ok(())
    }

    async fn versions(&self, unit: &mut Unit, migration: &Migration) -> Result<Versions, Error> {
        bounded("elements", migration.elements.len())?;
        if migration.from == migration.to {
            return Err(Error::invalid("to", "is the version that they run already"));
        }
        let from = self.process(unit, &migration.from).await?;
        let source = resource::find_any(unit, Kind::Definition, &migration.from).await?;
        let source =
            source.ok_or_else(|| Error::not_found("process definition", &migration.from))?;
        let target = resource::read(unit, Kind::Definition, &migration.to).await?;
        let to = self.process(unit, &migration.to).await?;
        let node = |(old, new): (&String, &String)| {
            (NodeId::from(old.as_str()), NodeId::from(new.as_str()))
        };
        let nodes = migration.elements.iter().map(node).collect();
        Ok(Versions { from, to, nodes, source, target })
    }
}
