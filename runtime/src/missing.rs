//! What a definition names and nobody has deployed: forms, called processes, decisions.

use activities::{FORM_NAME, FORM_VERSION, first_version};
use definitions::{Activity, Binding, Call, DecisionTask, Input, Node, Process, Template, Work};
use engine::Version;
use serde_json::Value;
use storage::Unit;

use crate::resource::{self, Kind};
use crate::{Error, Tenant, Warning};

/// The processes of one text, and the name of the definition that is to have them.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    /// Name of the definition.
    pub(crate) name: &'a str,
    /// What it holds.
    pub(crate) processes: &'a [Process],
}

impl Text<'_> {
    fn has(&self, process: &str) -> bool {
        process == self.name || self.processes.iter().any(|one| one.id() == process)
    }
}

impl Tenant {
    /// A warning for each step that names what is not deployed. What only an expression tells is not known before the
    /// process runs.
    pub(crate) async fn missing(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
    ) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        for (_, node) in text.processes.iter().flat_map(Process::nodes) {
            let Some(activity) = node.kind.activity() else { continue };
            let found = match &activity.work {
                Work::Task(_) => missing_form(unit, activity).await?,
                Work::Call(call) => self.missing_process(unit, text, call).await?,
                Work::Decision(task) => self.missing_decision(unit, task).await?,
                _ => None,
            };
            warnings.extend(found.map(|(rule, message)| warning(rule, node, message)));
        }
        Ok(warnings)
    }

    async fn missing_process(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        call: &Call,
    ) -> Result<Option<(&'static str, String)>, Error> {
        let missing = |what: String| Some(("missing-process", what));
        let name = call.process.source();
        if let Some(why) = self.out_of_sight("the process", name, literal(call.tenant.as_ref())) {
            return Ok(missing(format!("it calls `{name}`: {why}{BEFORE}")));
        }
        let Some((process, version)) = foreseen(&call.process, &call.binding) else {
            return Ok(None);
        };
        Ok(match version {
            Version::Latest | Version::Deployment if text.has(&process) => None,
            Version::Deployment => missing(format!(
                "it calls the process `{process}` that is deployed together with this one, and this text has none; \
                 put both into one file"
            )),
            _ => match self.deployed_process(unit, &process, &version).await? {
                Ok(_) => None,
                Err(why) => missing(format!("it calls `{process}`: {why}{BEFORE}")),
            },
        })
    }

    async fn missing_decision(
        &self,
        unit: &mut Unit,
        task: &DecisionTask,
    ) -> Result<Option<(&'static str, String)>, Error> {
        let missing =
            |of: &str, why| ("missing-decision", format!("it evaluates `{of}`: {why}{BEFORE}"));
        let (name, tenant) = (task.decision.source(), literal(task.tenant.as_ref()));
        if let Some(why) = self.out_of_sight("the decision", name, tenant) {
            return Ok(Some(missing(name, why)));
        }
        let Some((decision, version)) = foreseen(&task.decision, &task.binding) else {
            return Ok(None);
        };
        // What stands now is what stood when the process was deployed.
        let version = if version == Version::Deployment { Version::Latest } else { version };
        let found = self.decision_file(unit, None, &decision, &version).await?;
        Ok(found.err().map(|why| missing(&decision, why)))
    }

    /// Why what a definition names of a tenant is not seen; nothing for its own.
    pub(crate) fn out_of_sight(
        &self,
        what: &str,
        name: &str,
        tenant: Option<&str>,
    ) -> Option<String> {
        let other = tenant.filter(|tenant| *tenant != self.name())?;
        Some(format!(
            "{what} `{name}` of the tenant `{other}` is not seen; a definition sees those of its own tenant alone"
        ))
    }
}

/// The tenant that a definition names itself.
fn literal(tenant: Option<&Template>) -> Option<&str> {
    tenant?.constant()?.as_str().filter(|name| !name.is_empty())
}

const BEFORE: &str = "; mend that before an instance comes here";

fn warning(rule: &str, node: &Node, message: String) -> Warning {
    Warning {
        rule: rule.to_owned(),
        element: Some(node.id.to_string()),
        line: Some(node.line),
        message,
        path: Vec::new(),
    }
}

async fn missing_form(
    unit: &mut Unit,
    activity: &Activity,
) -> Result<Option<(&'static str, String)>, Error> {
    let given = |name: &str| activity.inputs.iter().find(|(input, _)| input == name);
    let Some((_, Input::Template(name))) = given(FORM_NAME) else { return Ok(None) };
    let Some(Value::String(name)) = name.constant() else { return Ok(None) };
    let version = match given(FORM_VERSION) {
        None => Some(first_version()),
        Some((_, Input::Template(version))) => version.constant().and_then(number),
        Some(_) => None,
    };
    let Some(version) = version else { return Ok(None) };
    if resource::find_deployed(unit, Kind::Form, name, Some(version)).await?.is_some() {
        return Ok(None);
    }
    let message = format!(
        "it shows the form `{name}` of version {version}, which is not deployed; deploy it before an instance comes here"
    );
    Ok(Some(("missing-form", message)))
}

/// What a call or a business rule task will mean, where that can be told before it runs.
pub(crate) fn foreseen(of: &Template, binding: &Binding) -> Option<(String, Version)> {
    let text = |template: &Template| match template.constant() {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let version = match binding {
        Binding::Latest => Version::Latest,
        Binding::Deployment => Version::Deployment,
        Binding::Tag(tag) => Version::Tag(text(tag)?),
        Binding::Version(version) => Version::Number(number(version.constant()?)?),
    };
    Some((text(of)?, version))
}

/// A version as it is written in a definition: as a number, or as text.
fn number(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => u32::try_from(other.as_u64()?).ok(),
    }
}
