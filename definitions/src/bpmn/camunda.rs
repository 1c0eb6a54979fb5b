//! The words of Camunda and of the standard that nothing here could do justice to, each with the reason.

use super::element::Space;

/// Why nobody is given anything else than a user task.
const ASSIGNED: &str = "only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away";

/// Why an element of the standard or of Camunda 8 is refused wherever it stands, and what to do.
pub(super) fn refusal(space: Space, name: &str) -> Option<&'static str> {
    match (space, name) {
        (Space::Camunda, _) => reason(name),
        (Space::Zeebe, "assignmentDefinition")
        | (Space::Bpmn, "resourceRole" | "performer" | "humanPerformer" | "potentialOwner") => {
            Some(ASSIGNED)
        }
        (
            Space::Bpmn,
            "globalTask"
            | "globalUserTask"
            | "globalManualTask"
            | "globalScriptTask"
            | "globalBusinessRuleTask",
        ) => Some("only processes are called; make it a process with this one task"),
        _ => None,
    }
}

/// Why an attribute or an element of Camunda 7 is refused wherever it stands, and what to do; nothing
/// for one that is taken somewhere, or unknown. `definitions/BPMN.md` says what is taken.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    Some(match name {
        "assignee" | "candidateUsers" | "candidateGroups" => ASSIGNED,
        "potentialStarter" => "whoever has a process token begins a journey; take it away",
        "inputVariable" => {
            "cells cannot use that name; write the expression of the input in them, and take it away"
        }
        "caseRef" | "caseBinding" | "caseVersion" | "caseTenantId" => {
            "cases (CMMN) are not executed; call a process with an ad-hoc sub-process"
        }
        "resource" => {
            "no such script came with the file; name one as deployment://NAME and give it beside \
             the file, or write it there"
        }
        "variableMappingClass" | "variableMappingDelegateExpression" => {
            "no Java is run; map the variables with camunda:in and camunda:out"
        }
        "formHandlerClass" => "no Java is run; validate with the rules of a custom data form",
        "formData" | "formProperty" | "formField" => {
            "only a user task has a form, and whoever creates an instance gives its variables; take \
             it away"
        }
        "connector" | "connectorId" => {
            "only a service, send or business rule task, or the definition of a message event that \
             is thrown, has a connector, and that one connectorId, the activity that it runs"
        }
        "errorEventDefinition" => "only a task that runs an activity ends so; take it away",
        "executionListener" => {
            "only a task that runs an activity may name it so; elsewhere a listener sets variables, \
             as expression=\"${execution.setVariable(\"name\", value)}\""
        }
        "taskListener" => {
            "a listener of a user task sets variables, as \
             expression=\"${task.setVariable(\"name\", value)}\"; await what may happen with \
             boundary events"
        }
        _ => return None,
    })
}
