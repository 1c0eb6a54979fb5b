//! A warning: what a deployed definition may do and should not, as callers see it.

use definitions::Finding;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that a definition may do and should not; it is told the path that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Warning {
    /// Name of the rule: `deadlock`, `lack-of-synchronisation`, `dead-element`, `endless-path`,
    /// `no-way-out`, `waits-for-ever`, `uncaught-error`, `not-proved`, `missing-form`, `missing-process`,
    /// `missing-decision` or `given-up-earlier`.
    pub rule: String,
    /// Id of the node or flow where it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Line of the source, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What may happen and what to do about it.
    pub message: String,
    /// The shortest path that shows it.
    pub path: Vec<PathStep>,
}

/// A node or flow on a path through a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathStep {
    /// Its id.
    pub element: String,
    /// Line of the source, counted from 1.
    pub line: u32,
}

impl From<Finding> for Warning {
    fn from(finding: Finding) -> Warning {
        let step = |step: definitions::Step| PathStep { element: step.element, line: step.line };
        Warning {
            rule: finding.rule.to_owned(),
            element: finding.element,
            line: finding.line,
            message: finding.message,
            path: finding.path.into_iter().map(step).collect(),
        }
    }
}
