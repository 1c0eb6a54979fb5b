//! The whole interface, driven through the router without a socket.

mod access;
mod clock;
mod data_keys;
mod decisions;
mod definitions;
mod documents;
mod events;
mod forms;
mod guard;
mod guesses;
mod imported;
mod instances;
mod locks;
mod messages;
mod net;
mod operations;
mod passcodes;
mod passkeys;
mod renewals;
mod shapes;
pub(crate) mod stage;
mod stores;
mod throttling;
mod tokens;
mod totps;
mod transfer;
mod users;
