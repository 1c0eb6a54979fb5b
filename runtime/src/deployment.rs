//! Deployments: what the processes of one text are called by, and which were deployed together.

use std::sync::Arc;

use definitions::Process;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::{Key, Range, Table, Unit};

use crate::resource::{self, Draft, Kind, Version};
use crate::{Error, Tenant, VersionStatus};

const KIND: Kind = Kind::Definition;

#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Deployed {
    version: String,
}

/// The definitions whose process has an identifier: by identifier and name.
const PROCESSES: Table<Named> = Table::new("process-definitions-by-process");
/// The versions that were deployed together: by deployment and identifier of the process.
const TOGETHER: Table<Deployed> = Table::new("process-definition-deployments");

/// Members of a deployed version: what its text means, as a hash; its deployment, the identifier of
/// its process, and the tag by which calls may name it.
pub(crate) const HASH: &str = "hash";
const DEPLOYMENT: &str = "deployment";
const PROCESS: &str = "process";
const VERSION_TAG: &str = "versionTag";

impl Tenant {
    /// Deploys a version, and with it the other processes of its text.
    pub(crate) async fn deploy(
        &self,
        unit: &mut Unit,
        version: &mut Version,
        processes: Vec<Process>,
    ) -> Result<(), Error> {
        let own = own_of(&processes, version).map(|own| own.id().to_owned());
        version.details.insert(HASH.to_owned(), hash_of(&processes).into());
        let again = version.detail(DEPLOYMENT).is_some();
        let deployment = version.detail(DEPLOYMENT).unwrap_or(&version.id).to_owned();
        for process in processes {
            if own.as_deref() == Some(process.id()) {
                describe(version, &process, &deployment);
                self.register(unit, version, &process).await?;
            } else if !again {
                let mut details = version.details.clone();
                details.remove(VERSION_TAG);
                let draft = Draft {
                    name: process.id().to_owned(),
                    description: version.description.clone(),
                    status: VersionStatus::DeployedActive,
                    details,
                    source: resource::source(unit, KIND, &version.id).await?,
                };
                let (now, by) = (self.now(), self.by());
                let mut other = resource::add(unit, KIND, draft, now, by).await?;
                describe(&mut other, &process, &deployment);
                self.register(unit, &other, &process).await?;
            }
        }
        Ok(())
    }

    /// Writes a deployed version and makes it known by its process.
    async fn register(
        &self,
        unit: &mut Unit,
        version: &Version,
        process: &Process,
    ) -> Result<(), Error> {
        resource::put(unit, KIND, version)?;
        let named = Named { name: version.name.clone() };
        unit.put(&PROCESSES, Key::new().text(process.id()).text(&version.name), &named)?;
        let deployment = version.detail(DEPLOYMENT).unwrap_or(&version.id);
        let deployed = Deployed { version: version.id.clone() };
        unit.put(&TOGETHER, Key::new().text(deployment).text(process.id()), &deployed)?;
        self.register_starts(unit, &version.name).await
    }
}

/// What all processes of a text mean together.
pub(crate) fn hash_of(processes: &[Process]) -> String {
    processes.iter().map(Process::hash).collect::<Vec<_>>().join(" ")
}

fn describe(version: &mut Version, process: &Process, deployment: &str) {
    let details = &mut version.details;
    details.insert(DEPLOYMENT.to_owned(), Value::from(deployment));
    details.insert(PROCESS.to_owned(), Value::from(process.id()));
    if let Some(tag) = process.version_tag() {
        details.insert(VERSION_TAG.to_owned(), Value::from(tag));
    }
}

/// The process of a version: the one noted, or else the one that has its name, or else the first.
fn own_of<'a>(processes: &'a [Process], version: &Version) -> Option<&'a Process> {
    let noted = version.detail(PROCESS);
    let named = |process: &&Process| match noted {
        Some(noted) => process.id() == noted,
        None => process.id() == version.name || process.name() == version.name,
    };
    processes.iter().find(named).or_else(|| processes.first().filter(|_| noted.is_none()))
}

/// The process of a version among those of its text.
pub(crate) fn one_of(processes: Vec<Process>, version: &Version) -> Option<Process> {
    let own = own_of(&processes, version)?.id().to_owned();
    processes.into_iter().find(|process| process.id() == own)
}

/// The name of the definition that an identifier of a process means: the definition of that name,
/// or else the only one with such a process; or why there is none, in words.
pub(crate) async fn name_of(
    unit: &mut Unit,
    process: &str,
) -> Result<Result<String, String>, Error> {
    if resource::find_deployed(unit, KIND, process, None).await?.is_some() {
        return Ok(Ok(process.to_owned()));
    }
    let mut names = Vec::new();
    let all = Range::prefix(Key::new().text(process));
    for (_, Named { name }) in unit.list(&PROCESSES, all, 100).await? {
        let newest = resource::find_deployed(unit, KIND, &name, None).await?;
        if newest.is_some_and(|newest| newest.detail(PROCESS) == Some(process)) {
            names.push(name);
        }
    }
    Ok(match &names[..] {
        [] => Err(format!("no process `{process}` is deployed")),
        [_] => Ok(names.swap_remove(0)),
        [..] => {
            let names = names.join(", ");
            Err(format!(
                "several definitions have a process `{process}`: {names}; call one by name"
            ))
        }
    })
}

/// The version of a process that was deployed together with a version, if it still may be used.
pub(crate) async fn deployed_with(
    unit: &mut Unit,
    version: &str,
    process: &str,
) -> Result<Option<Version>, Error> {
    let Some(caller) = resource::find_any(unit, KIND, version).await? else { return Ok(None) };
    let deployment = caller.detail(DEPLOYMENT).unwrap_or(&caller.id).to_owned();
    let all = Range::prefix(Key::new().text(&deployment));
    for (_, Deployed { version }) in unit.list(&TOGETHER, all, 1000).await? {
        let fits =
            |found: &Version| found.detail(PROCESS) == Some(process) || found.name == process;
        let found = resource::find_any(unit, KIND, &version).await?;
        if let Some(found) = found.filter(|found| found.is_deployed() && fits(found)) {
            return Ok(Some(Arc::unwrap_or_clone(found)));
        }
    }
    Ok(None)
}
