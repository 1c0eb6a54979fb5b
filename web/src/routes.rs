//! The table of all routes. Router, guard, description and the list of permissions derive from it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use crate::api::{
    api_keys, audit, credentials, custom_data_forms as forms, data_keys, decisions, events,
    incidents, instance_operations as operations, locks, messages, migrations, passcode_policies,
    passcodes, passkey_configs, passkeys, process_definitions as definitions,
    process_instances as instances, process_server, process_tokens as tokens,
    recovery_codes as recovery, related_origins, renewals, stores, test_clock, totps, transfer,
    user_passcodes, user_tasks, users,
};
use crate::app::App;
use crate::route::{Route, delete, get, open, patch, post, put, upload};
use crate::{docs, health, meter, openapi};

/// The most that a definition or a form may have, in bytes: base64 makes four bytes of three.
const DOCUMENT: usize = 8 * 1024 * 1024;
/// The most that a request with process variables may have: what they may have, and room around.
const VARIABLES: usize = 9 * 1024 * 1024;

/// The state of what is meant does not allow it now.
const CONFLICT: &str = "409";
/// What was sent is well formed and has flaws.
const FLAWED: &str = "422";

const END_USER: &str =
    "the end user has no token: the instance's identifier, then cookie and nonce";
const PROBE: &str = "probes and scrapers carry no token; it tells nothing of any tenant";
const BROWSERS: &str =
    "browsers come without a token; it tells what a relying party means to publish";
const READERS: &str = "whoever writes a client reads it; it is the same for everybody";

/// Every operation, in the order in which the description shows them.
#[rustfmt::skip]
pub(crate) fn table() -> Vec<Route> {
    vec![
        open(Method::POST, "/api/arthr/apiKeys/issue", "ArthrServer:issueBearerToken", "the caller has an API key and comes for a token", api_keys::issue, "Obtain a bearer token by API key.").about(api_keys::ABOUT_ISSUE),
        post("/api/arthr/signingKeys/rotate", "ArthrServer:rotateSigningKey", api_keys::rotate, "Sign bearer tokens with a new key."),
        post("/api/arthr/dataKeys/rotate", "ArthrServer:rotateDataKeys", data_keys::rotate, "Seal all secrets with new keys.").about(data_keys::ABOUT_ROTATE),
        get("/api/arthr/dataKeys/rotation", "ArthrServer:getDataKeyRotation", data_keys::read, "Get how far secrets are sealed with new keys."),

        post("/api/process-manager/processDefinitions", "ProcessManager:addProcessDefinition", definitions::add, "Save a version of a process definition.").about(definitions::ABOUT_ADD).up_to(DOCUMENT).refuses(&[FLAWED]),
        get("/api/process-manager/processDefinitions", "ProcessManager:listProcessDefinitions", definitions::list, "List process definitions, the newest version of each."),
        get("/api/process-manager/processDefinitions/{processDefinitionId}", "ProcessManager:getProcessDefinition", definitions::read, "Get a version of a process definition."),
        delete("/api/process-manager/processDefinitions/{processDefinitionId}", "ProcessManager:deleteProcessDefinition", definitions::remove, "Delete a version of a process definition; its instances go on."),
        get("/api/process-manager/processDefinitions/{processDefinitionId}/bpmnFile", "ProcessManager:getProcessDefinitionBpmnFile", definitions::read_source, "Get the BPMN XML or YAML of a process definition."),
        get("/api/process-manager/processDefinitions/{name}/versions", "ProcessManager:getProcessDefinitionVersions", definitions::list_versions, "List the versions of a process definition."),
        post("/api/process-manager/processDefinitions/{processDefinitionId}/status/{status}", "ProcessManager:updateProcessDefinitionStatus", definitions::set_status, "Deploy a version of a process definition, or take it out of use.").about(definitions::ABOUT_STATUS).refuses(&[FLAWED]),

        post("/api/process-manager/customDataForms", "ProcessManager:addCustomDataForm", forms::add, "Save a version of a custom data form.").up_to(DOCUMENT).refuses(&[FLAWED]),
        get("/api/process-manager/customDataForms", "ProcessManager:listCustomDataForms", forms::list, "List custom data forms, the newest version of each."),
        get("/api/process-manager/customDataForms/{id}", "ProcessManager:getCustomDataForm", forms::read, "Get a version of a custom data form."),
        get("/api/process-manager/customDataForms/{name}/versions", "ProcessManager:getCustomDataFormVersions", forms::list_versions, "List the versions of a custom data form."),
        post("/api/process-manager/customDataForms/{id}/status/{status}", "ProcessManager:updateCustomDataFormStatus", forms::set_status, "Deploy a version of a custom data form, or take it out of use."),

        post("/api/process-manager/decisions", "ProcessManager:addDecision", decisions::add, "Save a version of a file of decisions.").about(decisions::ABOUT_ADD).up_to(DOCUMENT).refuses(&[FLAWED]),
        get("/api/process-manager/decisions", "ProcessManager:listDecisions", decisions::list, "List files of decisions, the newest version of each."),
        get("/api/process-manager/decisions/{id}", "ProcessManager:getDecision", decisions::read, "Get a version of a file of decisions."),
        delete("/api/process-manager/decisions/{id}", "ProcessManager:deleteDecision", decisions::remove, "Delete a version of a file of decisions."),
        get("/api/process-manager/decisions/{name}/versions", "ProcessManager:getDecisionVersions", decisions::list_versions, "List the versions of a file of decisions."),
        post("/api/process-manager/decisions/{id}/status/{status}", "ProcessManager:updateDecisionStatus", decisions::set_status, "Deploy a version of a file of decisions, or take it out of use."),

        post("/api/process-manager/processTokens", "ProcessManager:addProcessToken", tokens::add, "Create a process token."),
        get("/api/process-manager/processTokens", "ProcessManager:listProcessTokens", tokens::list, "List process tokens."),
        get("/api/process-manager/processTokens/{processTokenId}", "ProcessManager:getProcessToken", tokens::read, "Get a process token."),
        put("/api/process-manager/processTokens/{processTokenId}", "ProcessManager:invalidateProcessToken", tokens::invalidate, "Invalidate a process token."),
        delete("/api/process-manager/processTokens/{processTokenId}", "ProcessManager:deleteProcessToken", tokens::remove, "Delete a process token."),

        post("/api/process-manager/processInstances", "ProcessManager:createProcessInstanceAndRedirect", instances::create_and_redirect, "Create a process instance and redirect to its first page."),
        post("/api/process-manager/processInstances/create", "ProcessManager:createProcessInstance", instances::create, "Create a process instance."),
        get("/api/process-manager/processInstances", "ProcessManager:listProcessInstancesBetweenDates", instances::list, "List process instances between dates."),
        get("/api/process-manager/processInstances/search", "ProcessManager:searchProcessInstancesBetweenDates", instances::search, "Search process instances."),
        get("/api/process-manager/processInstances/{processInstanceId}", "ProcessManager:getProcessInstance", instances::read, "Get a process instance."),
        get("/api/process-manager/processInstances/{processInstanceId}/withParameters", "ProcessManager:getProcessInstanceWithParameters", instances::read_with_parameters, "Get a process instance with its parameters."),
        get("/api/process-manager/processInstances/{processInstanceId}/history", "ProcessManager:getProcessInstanceHistory", instances::history, "Get the history of a process instance.").about(instances::ABOUT_HISTORY),
        get("/api/process-manager/processInstances/{processInstanceId}/state", "ProcessManager:getProcessInstanceState", operations::state, "Get where a process instance stands: paths, open scopes, and what it awaits."),
        get("/api/process-manager/processInstances/{processInstanceId}/variables", "ProcessManager:getProcessInstanceVariables", operations::variables, "Get the variables of a process instance, scope by scope.").about(operations::ABOUT_VARIABLES),
        patch("/api/process-manager/processInstances/{processInstanceId}/variables", "ProcessManager:updateProcessInstanceVariables", operations::set_variables, "Set variables of a process instance; the others stay as they are.").about(operations::ABOUT_SET).up_to(VARIABLES).refuses(&[CONFLICT]),
        post("/api/process-manager/processInstances/{processInstanceId}/cancel", "ProcessManager:cancelProcessInstance", operations::cancel, "Cancel a process instance.").refuses(&[CONFLICT]),
        post("/api/process-manager/processInstances/{processInstanceId}/suspend", "ProcessManager:suspendProcessInstance", operations::suspend, "Suspend a process instance.").about(operations::ABOUT_SUSPEND).refuses(&[CONFLICT]),
        post("/api/process-manager/processInstances/{processInstanceId}/resume", "ProcessManager:resumeProcessInstance", operations::resume, "Resume a suspended process instance.").refuses(&[CONFLICT]),
        post("/api/process-manager/processInstances/{processInstanceId}/modification", "ProcessManager:modifyProcessInstance", operations::modify, "Move paths of a process instance.").about(operations::ABOUT_MODIFY).up_to(VARIABLES).refuses(&[CONFLICT]),
        delete("/api/process-manager/processInstances/{processInstanceId}", "ProcessManager:deleteProcessInstance", instances::remove, "Delete a process instance, with its history and all instances that it has called."),

        post("/api/process-manager/messages", "ProcessManager:correlateMessage", messages::correlate, "Correlate a message: one receiver gets it.").about(messages::ABOUT_CORRELATE).up_to(VARIABLES).refuses(&[CONFLICT]),
        get("/api/process-manager/messages", "ProcessManager:listMessages", messages::list, "List the messages that nobody has received yet."),
        post("/api/process-manager/signals", "ProcessManager:broadcastSignal", messages::broadcast, "Broadcast a signal to everybody who awaits it.").about(messages::ABOUT_BROADCAST).up_to(VARIABLES),
        post("/api/process-manager/conditions", "ProcessManager:evaluateConditions", messages::evaluate, "Begin instances at the conditional starts that hold.").about(messages::ABOUT_CONDITIONS).up_to(VARIABLES),
        post("/api/process-manager/processDefinitions/{processDefinitionId}/suspendInstances", "ProcessManager:suspendProcessInstances", operations::suspend_all, "Suspend the process instances of a version of a process definition.").about(operations::ABOUT_MANY),
        post("/api/process-manager/processDefinitions/{processDefinitionId}/resumeInstances", "ProcessManager:resumeProcessInstances", operations::resume_all, "Resume the suspended process instances of a version of a process definition.").about(operations::ABOUT_MANY),

        get("/api/process-manager/incidents", "ProcessManager:listIncidents", incidents::list, "List the incidents of all process instances."),
        post("/api/process-manager/incidents/retry", "ProcessManager:retryIncidents", incidents::retry_all, "Retry the incidents that fit.").about(operations::ABOUT_MANY),
        post("/api/process-manager/incidents/resolve", "ProcessManager:resolveIncidents", incidents::resolve_all, "Resolve the incidents that fit.").about(operations::ABOUT_MANY).up_to(VARIABLES),
        post("/api/process-manager/incidents/{incidentId}/retry", "ProcessManager:retryIncident", incidents::retry, "Retry an incident.").about(incidents::ABOUT_ONE).refuses(&[CONFLICT]),
        post("/api/process-manager/incidents/{incidentId}/resolve", "ProcessManager:resolveIncident", incidents::resolve, "Resolve an incident: the activity, or the event whose outputs failed, counts as done; anything else is entered again.").about(incidents::ABOUT_ONE).up_to(VARIABLES).refuses(&[CONFLICT]),

        get("/api/process-manager/userTasks", "ProcessManager:listUserTasks", user_tasks::list, "List the user tasks that wait for others than end users.").about(user_tasks::ABOUT_LIST),
        get("/api/process-manager/userTasks/{userTaskId}", "ProcessManager:getUserTask", user_tasks::read, "Get a user task with its form.").about(user_tasks::ABOUT_READ),
        post("/api/process-manager/userTasks/{userTaskId}/assign", "ProcessManager:assignUserTask", user_tasks::assign, "Give a user task to somebody, or back to its candidates.").about(user_tasks::ABOUT_ASSIGN).refuses(&[CONFLICT]),
        post("/api/process-manager/userTasks/{userTaskId}/complete", "ProcessManager:completeUserTask", user_tasks::complete, "Complete a user task.").about(user_tasks::ABOUT_COMPLETE).up_to(VARIABLES).refuses(&[CONFLICT, FLAWED]),

        post("/api/process-manager/migrations/plans", "ProcessManager:planMigration", migrations::plan, "Check a migration to another version of a process definition; nothing moves.").about(migrations::ABOUT_PLAN),
        post("/api/process-manager/migrations", "ProcessManager:migrateProcessInstances", migrations::run, "Move process instances to another version of their process definition.").about(migrations::ABOUT_RUN).refuses(&[FLAWED]),

        open(Method::POST, "/api/process-server/startProcess", process_server::START, END_USER, process_server::start, "Start a process instance.").about(process_server::ABOUT_START).for_end_users(),
        open(Method::POST, "/api/process-server/processes/{processDefinitionName}/businessKeys/{businessKey}/topicName/{topicName}/continue", process_server::CONTINUE, END_USER, process_server::go_on, "Continue a process instance with the end user's answer.").about(process_server::ABOUT_CONTINUE).for_end_users().refuses(&[CONFLICT]),

        post("/api/identity-store/stores", "IdentityStore:addStore", stores::add, "Create an identity store."),
        get("/api/identity-store/stores", "IdentityStore:listStores", stores::list, "List identity stores.").about(stores::ABOUT_LIST),
        get("/api/identity-store/stores/{storeName}", "IdentityStore:getStore", stores::read, "Get an identity store."),
        post("/api/identity-store/stores/{storeName}", "IdentityStore:updateStore", stores::update, "Update an identity store; what is left out stays as it is."),
        delete("/api/identity-store/stores/{storeName}", "IdentityStore:deleteStore", stores::remove, "Delete an identity store with its users."),

        upload("/api/identity-store/stores/{storeName}/import", "IdentityStore:importUsers", transfer::import, "Import users, a line of JSON each.").about(transfer::ABOUT_IMPORT),
        get("/api/identity-store/stores/{storeName}/import/{importId}", "IdentityStore:getUserImport", transfer::read, "Get how far an import is."),
        get("/api/identity-store/stores/{storeName}/export", "IdentityStore:exportUsers", transfer::export, "Export users, a line of JSON each.").about(transfer::ABOUT_EXPORT),
        get("/api/identity-store/stores/{storeName}/export/withPasscodes", "IdentityStore:exportUsersWithPasscodes", transfer::export_with_passcodes, "Export users with what their passcodes are verified with.").about(transfer::ABOUT_PASSCODES),

        post("/api/identity-store/stores/{storeName}/users", "IdentityStore:addUser", users::add, "Add a user."),
        get("/api/identity-store/stores/{storeName}/users", "IdentityStore:listUsers", users::list, "List users.").about(users::ABOUT_LIST),
        get("/api/identity-store/stores/{storeName}/users/{userId}", "IdentityStore:getUser", users::read::<users::ById>, "Get a user."),
        get("/api/identity-store/stores/{storeName}/users/{extId}/ext", "IdentityStore:getUserByExtId", users::read::<users::ByExternalId>, "Get a user by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}", "IdentityStore:updateUser", users::update::<users::ById>, "Update a user; what is left out stays as it is."),
        post("/api/identity-store/stores/{storeName}/users/{extId}/ext", "IdentityStore:updateUserByExtId", users::update::<users::ByExternalId>, "Update a user by external identifier."),
        delete("/api/identity-store/stores/{storeName}/users/{userId}", "IdentityStore:deleteUser", users::remove::<users::ById>, "Delete a user."),
        delete("/api/identity-store/stores/{storeName}/users/{extId}/ext", "IdentityStore:deleteUserByExtId", users::remove::<users::ByExternalId>, "Delete a user by external identifier."),

        post("/api/identity-store/stores/{storeName}/users/{userId}/lock", "IdentityStore:lockUser", locks::lock::<users::ById>, "Lock a user until somebody unlocks them."),
        post("/api/identity-store/stores/{storeName}/users/{extId}/lock/ext", "IdentityStore:lockUserByExtUserId", locks::lock::<users::ByExternalId>, "Lock a user by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/unlock", "IdentityStore:unlockUser", locks::unlock::<users::ById>, "Take the lock off a user.").about(locks::ABOUT_UNLOCK),
        post("/api/identity-store/stores/{storeName}/users/{extId}/unlock/ext", "IdentityStore:unlockUserByExtUserId", locks::unlock::<users::ByExternalId>, "Take the lock off a user by external identifier.").about(locks::ABOUT_UNLOCK),
        post("/api/identity-store/stores/{storeName}/users/{userId}/modalities/{modality}/lock", "IdentityStore:lockUserModality", locks::lock_modality::<locks::ById>, "Lock one form of authentication of a user."),
        post("/api/identity-store/stores/{storeName}/users/{extId}/modalities/{modality}/lock/ext", "IdentityStore:lockUserModalityByExtUserId", locks::lock_modality::<locks::ByExternalId>, "Lock one form of authentication of a user by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/modalities/{modality}/unlock", "IdentityStore:unlockUserModality", locks::unlock_modality::<locks::ById>, "Unlock one form of authentication of a user."),
        post("/api/identity-store/stores/{storeName}/users/{extId}/modalities/{modality}/unlock/ext", "IdentityStore:unlockUserModalityByExtUserId", locks::unlock_modality::<locks::ByExternalId>, "Unlock one form of authentication of a user by external identifier."),

        post("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/registrations/{policyName}", "IdentityStore:createPasscodeRegistrationForUser", passcodes::start_registration::<passcodes::ById>, "Start to register a passcode for a user."),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/registrations/{policyName}/ext", "IdentityStore:createUserPasscodeRegistrationForUserByExtUserId", passcodes::start_registration::<passcodes::ByExternalId>, "Start to register a passcode for a user by external identifier."),
        post("/api/identity-store/stores/{storeName}/passcodes/registrations/sessions/{sessionId}", "IdentityStore:completePasscodeRegistration", passcodes::complete_registration, "Complete the registration of a passcode."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/authentications/{policyName}", "IdentityStore:createPasscodeAuthenticationForUser", passcodes::start_authentication::<passcodes::ById>, "Start to authenticate a user by passcode.").about(passcodes::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/authentications/{policyName}/ext", "IdentityStore:createUserPasscodeAuthenticationForUserByExtUserId", passcodes::start_authentication::<passcodes::ByExternalId>, "Start to authenticate a user by passcode and external identifier.").about(passcodes::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/passcodes/authentications/sessions/{sessionId}", "IdentityStore:completePasscodeAuthentication", passcodes::complete_authentication, "Complete the authentication of a user by passcode.").about(passcodes::ABOUT_COMPLETE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/passcodes/authentications/sessions/{sessionId}/proof", "IdentityStore:provePasscodeBeforeCompletion", passcodes::prove_in_lane, "Show the proof of a passcode that may be an imported hash.").about(passcodes::ABOUT_PROVE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/passcodes/authentications/sessions/{sessionId}/passcode", "IdentityStore:showImportedPasscode", passcodes::show_in_lane, "Send a passcode that may be an imported hash.").about(passcodes::ABOUT_SHOW).for_end_users(),
        post("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/deregistrations/{policyName}", "IdentityStore:deregisterPasscodeForUser", passcodes::deregister::<passcodes::ById>, "Remove a user's passcode."),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/deregistrations/{policyName}/ext", "IdentityStore:deregisterPasscodeForUserByExtUserId", passcodes::deregister::<passcodes::ByExternalId>, "Remove a user's passcode by external identifier."),

        post("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/renewals/{policyName}", "IdentityStore:createPasscodeRenewalForUser", renewals::start::<passcodes::ById>, "Start to renew a user's passcode.").about(passcodes::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/renewals/{policyName}/ext", "IdentityStore:createUserPasscodeRenewalForUserByExtUserId", renewals::start::<passcodes::ByExternalId>, "Start to renew a user's passcode by external identifier.").about(passcodes::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/passcodes/renewals/sessions/{sessionId}", "IdentityStore:completePasscodeRenewal", renewals::complete, "Complete the renewal of a passcode.").about(renewals::ABOUT_COMPLETE).for_end_users(),
        get("/api/identity-store/stores/{storeName}/users/{userId}/passcodes", "IdentityStore:listPasscodesForUser", user_passcodes::list::<users::ById>, "List a user's passcodes."),
        get("/api/identity-store/stores/{storeName}/users/{extId}/passcodes/ext", "IdentityStore:listPasscodesForUserByExtUserId", user_passcodes::list::<users::ByExternalId>, "List a user's passcodes by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/{passcodeId}", "IdentityStore:getPasscodeForUser", user_passcodes::read::<user_passcodes::ById>, "Get a user's passcode."),
        get("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/{passcodeId}/ext", "IdentityStore:getPasscodeForUserByExtUserId", user_passcodes::read::<user_passcodes::ByExternalId>, "Get a user's passcode by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/{passcodeId}", "IdentityStore:updatePasscodeForUser", user_passcodes::update::<user_passcodes::ById>, "Change status or expiration date of a user's passcode."),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/{passcodeId}/ext", "IdentityStore:updatePasscodeForUserByExtUserId", user_passcodes::update::<user_passcodes::ByExternalId>, "Change status or expiration date of a user's passcode by external identifier."),
        delete("/api/identity-store/stores/{storeName}/users/{userId}/passcodes/{passcodeId}", "IdentityStore:deletePasscodeForUser", user_passcodes::remove::<user_passcodes::ById>, "Delete a user's passcode."),
        delete("/api/identity-store/stores/{storeName}/users/{extUserId}/passcodes/{passcodeId}/ext", "IdentityStore:deletePasscodeForUserByExtUserId", user_passcodes::remove::<user_passcodes::ByExternalId>, "Delete a user's passcode by external identifier."),

        post("/api/identity-store/stores/{storeName}/passcodePolicy", "IdentityStore:addPasscodePolicy", passcode_policies::add, "Add a passcode policy."),
        get("/api/identity-store/stores/{storeName}/passcodePolicy/{policyName}", "IdentityStore:getPasscodePolicy", passcode_policies::read, "Get a passcode policy."),
        post("/api/identity-store/stores/{storeName}/passcodePolicy/{policyName}", "IdentityStore:updatePasscodePolicy", passcode_policies::update, "Update a passcode policy; what is left out stays as it is.").about(passcode_policies::ABOUT_UPDATE),
        delete("/api/identity-store/stores/{storeName}/passcodePolicy/{policyName}", "IdentityStore:deletePasscodePolicy", passcode_policies::remove, "Delete a passcode policy."),

        get("/api/identity-store/stores/{storeName}/users/{userId}/authentications/{id}", "IdentityStore:getUserAuthentication", audit::read::<audit::ById>, "Get the record of an authentication of a user."),
        get("/api/identity-store/stores/{storeName}/users/{extId}/authentications/{id}/ext", "IdentityStore:getUserAuthenticationByExtId", audit::read::<audit::ByExternalId>, "Get the record of an authentication of a user by external identifier."),
        get("/api/identity-store/audit/checkpoint", "IdentityStore:getAuditCheckpoint", audit::checkpoint, "Get the latest checkpoint of the audit.").about(audit::ABOUT_CHECKPOINT),
        get("/api/identity-store/audit/export", "IdentityStore:exportAudit", audit::export, "Export the audit as lines of JSON.").about(audit::ABOUT_EXPORT),

        post("/api/identity-store/stores/{storeName}/passkeyConfig", "IdentityStore:addPasskeyConfig", passkey_configs::add, "Configure passkeys for a relying party."),
        get("/api/identity-store/stores/{storeName}/passkeyConfig/{rpId}", "IdentityStore:getPasskeyConfig", passkey_configs::read, "Get how the passkeys of a relying party are made and used."),
        post("/api/identity-store/stores/{storeName}/passkeyConfig/{rpId}", "IdentityStore:updatePasskeyConfig", passkey_configs::update, "Update how the passkeys of a relying party are made and used.").about(passkey_configs::ABOUT_UPDATE),
        delete("/api/identity-store/stores/{storeName}/passkeyConfig/{rpId}", "IdentityStore:deletePasskeyConfig", passkey_configs::remove, "Remove a relying party; its passkeys stay and cannot be used."),

        post("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/relyingParties/{rpId}/registrations/{regPolicyName}", "IdentityStore:createPasskeyRegistrationForUser", passkeys::start_registration::<passkeys::ById<passkeys::Registering>>, "Start to register a passkey for a user.").about(passkeys::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/relyingParties/{rpId}/registrations/{regPolicyName}/ext", "IdentityStore:createPasskeyRegistrationForUserByExtId", passkeys::start_registration::<passkeys::ByExternalId<passkeys::Registering>>, "Start to register a passkey for a user by external identifier.").about(passkeys::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/passkeys/relyingParties/{rpId}/registrations/{regPolicyName}", "IdentityStore:createPasskeyRegistration", passkeys::start_registration_of_new, "Start to register a passkey for a user who may be new.").about(passkeys::ABOUT_NEW),
        post("/api/identity-store/stores/{storeName}/passkeys/registrations", "IdentityStore:completePasskeyRegistration", passkeys::complete_registration::<passkeys::All>, "Complete the registration of a passkey with a session that the caller kept.").about(passkeys::ABOUT_REGISTERED),
        post("/api/identity-store/stores/{storeName}/passkeys/registrations/sessions/{sessionId}", "IdentityStore:completePasskeyRegistrationWithSessionId", passkeys::complete_registration::<passkeys::Session>, "Complete the registration of a passkey.").about(passkeys::ABOUT_REGISTERED),
        post("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/relyingParties/{rpId}/authentications/{authPolicyName}", "IdentityStore:createPasskeyAuthenticationForUser", passkeys::start_authentication::<passkeys::ById<passkeys::Authenticating>>, "Start to authenticate a user by passkey.").about(passkeys::ABOUT_START_USED),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/relyingParties/{rpId}/authentications/{authPolicyName}/ext", "IdentityStore:createPasskeyAuthenticationForUserByExtId", passkeys::start_authentication::<passkeys::ByExternalId<passkeys::Authenticating>>, "Start to authenticate a user by passkey and external identifier.").about(passkeys::ABOUT_START_USED),
        post("/api/identity-store/stores/{storeName}/passkeys/relyingParties/{rpId}/authentications/{authPolicyName}", "IdentityStore:createPasskeyAuthentication", passkeys::start_authentication_of_anybody, "Start to authenticate whoever has a discoverable passkey.").about(passkeys::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/passkeys/authentications", "IdentityStore:completePasskeyAuthentication", passkeys::complete_authentication::<passkeys::All>, "Complete an authentication by passkey with a session that the caller kept.").about(passkeys::ABOUT_USED).for_end_users(),
        post("/api/identity-store/stores/{storeName}/passkeys/authentications/sessions/{sessionId}", "IdentityStore:completePasskeyAuthenticationWithSessionId", passkeys::complete_authentication::<passkeys::Session>, "Complete an authentication by passkey.").about(passkeys::ABOUT_USED).for_end_users(),
        get("/api/identity-store/stores/{storeName}/users/{userId}/passkeys", "IdentityStore:listUserPasskeys", passkeys::list::<passkeys::ById<passkeys::All>>, "List the passkeys of a user."),
        get("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/ext", "IdentityStore:listUserPasskeysByExtUserId", passkeys::list::<passkeys::ByExternalId<passkeys::All>>, "List the passkeys of a user by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/{id}", "IdentityStore:getUserPasskey", passkeys::read::<passkeys::ById<passkeys::One>>, "Get a passkey."),
        get("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/{id}/ext", "IdentityStore:getUserPasskeyByExtUserId", passkeys::read::<passkeys::ByExternalId<passkeys::One>>, "Get a passkey by external identifier of the user."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/{id}", "IdentityStore:updateUserPasskeyStatus", passkeys::update::<passkeys::ById<passkeys::One>>, "Update name and status of a passkey."),
        post("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/{id}/ext", "IdentityStore:updateUserPasskeyStatusByExtUserId", passkeys::update::<passkeys::ByExternalId<passkeys::One>>, "Update name and status of a passkey by external identifier of the user."),
        delete("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/{id}", "IdentityStore:deleteUserPasskey", passkeys::remove::<passkeys::ById<passkeys::One>>, "Delete a passkey."),
        delete("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/{id}/ext", "IdentityStore:deleteUserPasskeyByExtUserId", passkeys::remove::<passkeys::ByExternalId<passkeys::One>>, "Delete a passkey by external identifier of the user."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/passkeys/{id}/registrationAudit", "IdentityStore:getUserPasskeyRegistrationRecord", passkeys::read_record::<passkeys::ById<passkeys::One>>, "Get the record of a passkey's registration."),
        get("/api/identity-store/stores/{storeName}/users/{extUserId}/passkeys/{id}/registrationAudit/ext", "IdentityStore:getUserPasskeyRegistrationRecordByExtUserId", passkeys::read_record::<passkeys::ByExternalId<passkeys::One>>, "Get the record of a passkey's registration by external identifier of the user."),
        post("/api/identity-store/events/queries/start", "IdentityStore:startStoreEventQuery", events::start, "Start a query of what happened in identity stores.").about(events::ABOUT),
        get("/api/identity-store/events/queries/{executionId}/status", "IdentityStore:getStoreEventsQueryStatus", events::status, "Get how far a query of events is.").about(events::ABOUT_STATUS),
        get("/api/identity-store/events/queries/{executionId}/result", "IdentityStore:getStoreEventsQueryResults", events::results, "Get a set of the results of a query of events."),
        get("/api/identity-store/stats", "IdentityStore:getTenantStats", stores::statistics, "Get the limits of the tenant, and what was counted in each identity store."),
        post("/api/identity-store/limits", "IdentityStore:updateTenantLimits", stores::change_limits, "Change the limits of the tenant; what is not given stays."),

        post("/api/identity-store/stores/{storeName}/totpPolicy", "IdentityStore:addTotpPolicy", totps::add_policy, "Add a TOTP policy to an identity store."),
        get("/api/identity-store/stores/{storeName}/totpPolicy/{policyName}", "IdentityStore:getTotpPolicy", totps::read_policy, "Get a TOTP policy."),
        post("/api/identity-store/stores/{storeName}/totpPolicy/{policyName}", "IdentityStore:updateTotpPolicy", totps::update_policy, "Update a TOTP policy; what is left out stays as it is."),
        delete("/api/identity-store/stores/{storeName}/totpPolicy/{policyName}", "IdentityStore:deleteTotpPolicy", totps::remove_policy, "Delete a TOTP policy."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/totps/registrations/{policyName}", "IdentityStore:createTotpRegistrationForUser", totps::start::<totps::ById>, "Start to register a TOTP for a user.").about(totps::ABOUT_START),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/registrations/{policyName}/ext", "IdentityStore:createTotpRegistrationForUserByExtUserId", totps::start::<totps::ByExternalId>, "Start to register a TOTP for a user, by external identifier.").about(totps::ABOUT_START),
        get("/api/identity-store/stores/{storeName}/users/{userId}/totps/registrations/{policyName}", "IdentityStore:getTotpRegistrationForUser", totps::read_registration::<totps::ById>, "Get the registration of a user's TOTP.").about(totps::ABOUT_READ),
        get("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/registrations/{policyName}/ext", "IdentityStore:getTotpRegistrationForUserByExtUserId", totps::read_registration::<totps::ByExternalId>, "Get the registration of a user's TOTP, by external identifier.").about(totps::ABOUT_READ),
        post("/api/identity-store/stores/{storeName}/users/{userId}/totps/registrations/{policyName}/complete", "IdentityStore:completeTotpRegistrationForUser", totps::complete::<totps::ById>, "Complete the registration of a TOTP with its first code."),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/registrations/{policyName}/complete/ext", "IdentityStore:completeTotpRegistrationForUserByExtUserId", totps::complete::<totps::ByExternalId>, "Complete the registration of a TOTP with its first code, by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/totps/authentications/{policyName}", "IdentityStore:authenticateTotpForUser", totps::authenticate::<totps::ById>, "Authenticate a user by a code of a TOTP.").about(totps::ABOUT_AUTHENTICATE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/authentications/{policyName}/ext", "IdentityStore:authenticateTotpForUserByExtUserId", totps::authenticate::<totps::ByExternalId>, "Authenticate a user by a code of a TOTP, by external identifier.").about(totps::ABOUT_AUTHENTICATE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/users/{userId}/totps/deregistrations/{policyName}", "IdentityStore:deregisterTotpForUser", totps::deregister::<totps::ById>, "Remove a user's TOTP under a policy."),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/deregistrations/{policyName}/ext", "IdentityStore:deregisterTotpForUserByExtUserId", totps::deregister::<totps::ByExternalId>, "Remove a user's TOTP under a policy, by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/totps", "IdentityStore:listTotpsForUser", totps::list::<users::ById>, "List a user's TOTPs."),
        get("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/ext", "IdentityStore:listTotpsForUserByExtUserId", totps::list::<totps::OwnerByExternalId>, "List a user's TOTPs, by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/totps/{id}", "IdentityStore:getTotpForUser", totps::read::<credentials::ById>, "Get a user's TOTP."),
        get("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/{id}/ext", "IdentityStore:getTotpForUserByExtUserId", totps::read::<credentials::ByExternalId>, "Get a user's TOTP, by external identifier."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/totps/{id}", "IdentityStore:updateTotpForUser", totps::update::<credentials::ById>, "Update the status of a user's TOTP.").about(totps::ABOUT_UPDATE),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/{id}/ext", "IdentityStore:updateTotpForUserByExtUserId", totps::update::<credentials::ByExternalId>, "Update the status of a user's TOTP, by external identifier.").about(totps::ABOUT_UPDATE),
        delete("/api/identity-store/stores/{storeName}/users/{userId}/totps/{id}", "IdentityStore:deleteTotpForUser", totps::remove::<credentials::ById>, "Delete a user's TOTP."),
        delete("/api/identity-store/stores/{storeName}/users/{userExtId}/totps/{id}/ext", "IdentityStore:deleteTotpForUserByExtUserId", totps::remove::<credentials::ByExternalId>, "Delete a user's TOTP, by external identifier."),

        post("/api/identity-store/stores/{storeName}/recoveryCodePolicy", "IdentityStore:addRecoveryCodePolicy", recovery::add_policy, "Add a recovery code policy to an identity store."),
        get("/api/identity-store/stores/{storeName}/recoveryCodePolicy/{policyName}", "IdentityStore:getRecoveryCodePolicy", recovery::read_policy, "Get a recovery code policy."),
        post("/api/identity-store/stores/{storeName}/recoveryCodePolicy/{policyName}", "IdentityStore:updateRecoveryCodePolicy", recovery::update_policy, "Update a recovery code policy; what is left out stays as it is."),
        delete("/api/identity-store/stores/{storeName}/recoveryCodePolicy/{policyName}", "IdentityStore:deleteRecoveryCodePolicy", recovery::remove_policy, "Delete a recovery code policy."),
        post("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes/registrations/{policyName}", "IdentityStore:generateRecoveryCodesForUser", recovery::generate::<totps::ById>, "Make recovery codes for a user.").about(recovery::ABOUT_GENERATE),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/registrations/{policyName}/ext", "IdentityStore:generateRecoveryCodesForUserByExtUserId", recovery::generate::<totps::ByExternalId>, "Make recovery codes for a user, by external identifier.").about(recovery::ABOUT_GENERATE),
        post("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes/authentications/{policyName}", "IdentityStore:authenticateRecoveryCodeForUser", recovery::authenticate::<totps::ById>, "Authenticate a user by a recovery code.").about(recovery::ABOUT_AUTHENTICATE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/authentications/{policyName}/ext", "IdentityStore:authenticateRecoveryCodeForUserByExtUserId", recovery::authenticate::<totps::ByExternalId>, "Authenticate a user by a recovery code, by external identifier.").about(recovery::ABOUT_AUTHENTICATE).for_end_users(),
        post("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes/deregistrations/{policyName}", "IdentityStore:deregisterRecoveryCodesForUser", recovery::deregister::<totps::ById>, "Remove a user's recovery codes under a policy."),
        post("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/deregistrations/{policyName}/ext", "IdentityStore:deregisterRecoveryCodesForUserByExtUserId", recovery::deregister::<totps::ByExternalId>, "Remove a user's recovery codes under a policy, by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes", "IdentityStore:listRecoveryCodesForUser", recovery::list::<users::ById>, "List a user's sets of recovery codes."),
        get("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/ext", "IdentityStore:listRecoveryCodesForUserByExtUserId", recovery::list::<totps::OwnerByExternalId>, "List a user's sets of recovery codes, by external identifier."),
        get("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes/{id}", "IdentityStore:getRecoveryCodesForUser", recovery::read::<credentials::ById>, "Get a user's set of recovery codes."),
        get("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/{id}/ext", "IdentityStore:getRecoveryCodesForUserByExtUserId", recovery::read::<credentials::ByExternalId>, "Get a user's set of recovery codes, by external identifier."),
        delete("/api/identity-store/stores/{storeName}/users/{userId}/recoveryCodes/{id}", "IdentityStore:deleteRecoveryCodesForUser", recovery::remove::<credentials::ById>, "Delete a user's set of recovery codes."),
        delete("/api/identity-store/stores/{storeName}/users/{userExtId}/recoveryCodes/{id}/ext", "IdentityStore:deleteRecoveryCodesForUserByExtUserId", recovery::remove::<credentials::ByExternalId>, "Delete a user's set of recovery codes, by external identifier."),

        post(test_clock::PATH, "TestServer:moveClock", test_clock::advance, "Move the test clock.").about(test_clock::ABOUT_MOVE),

        open(Method::GET, "/.well-known/webauthn", "Server:relatedOrigins", BROWSERS, related_origins::read, "Get the origins where the passkeys of this host may be used too.").about(related_origins::ABOUT),
        open(Method::GET, "/health/live", "Server:live", PROBE, health::live, "Say that the process lives."),
        open(Method::GET, "/health/ready", "Server:ready", PROBE, health::ready, "Say that the store answers."),
        open(Method::GET, "/metrics", "Server:metrics", PROBE, meter::figures, "Get figures in the Prometheus text format.").about(meter::ABOUT),
        open(Method::GET, "/openapi.json", "Server:openapi", READERS, openapi::document, "Get this description as OpenAPI 3.1."),
        open(Method::GET, "/docs", "Server:docs", READERS, docs::page, "Read this description."),
        open(Method::GET, "/docs/style.css", "Server:docsStyle", READERS, docs::style, "Get the style of the readable description."),
    ]
}

/// The router of the table.
pub(crate) fn router() -> Router<App> {
    table().into_iter().fold(Router::new(), |router, route| {
        let (path, filter) = (route.path, filter_of(&route.method));
        let route = Arc::new(route);
        let endpoint = move |State(app): State<App>, request: Request| route.call(app, request);
        router.route(path, on(filter, endpoint))
    })
}

fn filter_of(method: &Method) -> MethodFilter {
    match *method {
        Method::POST => MethodFilter::POST,
        Method::PUT => MethodFilter::PUT,
        Method::PATCH => MethodFilter::PATCH,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}
