//! The operations, one file for each resource. A handler unpacks, asks one room, packs.

pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod custom_data_forms;
pub(crate) mod data_keys;
pub(crate) mod decisions;
pub(crate) mod events;
pub(crate) mod incidents;
pub(crate) mod instance_operations;
pub(crate) mod locks;
pub(crate) mod messages;
pub(crate) mod migrations;
pub(crate) mod passcode_policies;
pub(crate) mod passcodes;
pub(crate) mod passkey_configs;
pub(crate) mod passkeys;
pub(crate) mod process_definitions;
pub(crate) mod process_instances;
pub(crate) mod process_server;
pub(crate) mod process_tokens;
pub(crate) mod recovery_codes;
pub(crate) mod renewals;
pub(crate) mod stores;
pub(crate) mod test_clock;
pub(crate) mod totps;
pub(crate) mod user_passcodes;
pub(crate) mod users;
