//! The variables of a running instance, read scope by scope and set from outside.

use engine::{Command, ScopeId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{state::scope_kind, writes};
use crate::{Error, Tenant, instance};

/// The variables of an instance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Variables {
    /// Those of the process.
    pub variables: Map<String, Value>,
    /// Those of the open sub-processes and repeated activities, which have variables of their own.
    pub scopes: Vec<ScopeVariables>,
}

/// The variables of an open scope.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeVariables {
    /// Number of the scope, unique in the instance.
    pub scope: u32,
    /// The sub-process or the repeated activity.
    pub element_id: String,
    /// `subProcess`, `eventSubProcess`, `body` or `compensation`.
    pub kind: &'static str,
    /// The scope around it; absent for the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// Its variables.
    pub variables: Map<String, Value>,
}

impl Tenant {
    /// The variables of an instance, scope by scope, for those who may see personal data.
    pub async fn read_variables(&self, id: &str) -> Result<Variables, Error> {
        let kept = instance::read(self, &mut self.unit(), id).await?;
        let scopes = kept.engine.scopes().map(|(number, scope)| ScopeVariables {
            scope: number.number(),
            element_id: scope.node().to_string(),
            kind: scope_kind(scope.kind()),
            parent: scope.parent().map(ScopeId::number),
            variables: scope.variables().clone(),
        });
        Ok(Variables { scopes: scopes.collect(), variables: kept.engine.variables().clone() })
    }

    /// Sets variables of the process, or of one open scope; the others stay as they are. Conditions
    /// that are awaited are asked again.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::Rejected`] where the scope is not open or the instance has
    /// ended; [`Error::Invalid`] without any variable.
    pub async fn set_variables(
        &self,
        id: &str,
        scope: Option<u32>,
        variables: &Map<String, Value>,
    ) -> Result<(), Error> {
        if variables.is_empty() {
            return Err(Error::invalid("variables", "name at least one variable"));
        }
        let (scope, writes) = (scope.map(ScopeId::from), writes(variables)?);
        self.tell(id, &[Command::Set { scope, writes }]).await.map(drop)
    }
}
