//! Moving the paths of an instance by hand: some end, others begin elsewhere, in one commit with the
//! variables that they need.

use definitions::NodeId;
use engine::{Command, PathId, ScopeId};
use serde_json::{Map, Value};

use super::{bounded, writes};
use crate::{Error, Tenant};

/// What is to be moved.
#[derive(Clone, Debug, Default)]
pub struct Modification {
    /// The paths to end.
    pub end: Vec<u32>,
    /// The elements at which paths begin, each with the number of the scope that is to hold it
    /// where there are several.
    pub begin: Vec<(String, Option<u32>)>,
    /// Variables of the process to set first.
    pub variables: Map<String, Value>,
}

impl Tenant {
    /// Moves paths: variables are set, paths begin, and then others end.
    ///
    /// # Errors
    /// [`Error::Rejected`] for a path, an element or a scope that does not fit; nothing has changed
    /// then. [`Error::TooLarge`] for the variables; [`Error::Invalid`] where nothing is to be moved.
    pub async fn modify_instance(&self, id: &str, change: &Modification) -> Result<(), Error> {
        if change.end.is_empty() && change.begin.is_empty() {
            return Err(Error::invalid("begin", "name an element to begin at, or a path to end"));
        }
        bounded("end", change.end.len())?;
        bounded("begin", change.begin.len())?;
        let begin = |(element, scope): &(String, Option<u32>)| {
            (NodeId::from(element.as_str()), scope.map(ScopeId::from))
        };
        let modify = Command::Modify {
            end: change.end.iter().copied().map(PathId::from).collect(),
            begin: change.begin.iter().map(begin).collect(),
        };
        let writes = writes(&change.variables)?;
        let told = match writes.is_empty() {
            true => self.tell(id, &[modify]).await,
            false => self.tell(id, &[Command::Set { scope: None, writes }, modify]).await,
        };
        told.map(drop)
    }
}
