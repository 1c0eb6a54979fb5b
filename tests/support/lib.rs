//! What the tests share: the real binary, a connection to it, a browser, an independent SRP client, and disks to cut.

pub mod api;
pub mod authenticator;
pub mod browser;
pub mod disk;
pub mod folder;
pub mod http;
pub mod journey;
pub mod library;
pub mod load;
pub mod server;
pub mod srp;
pub mod wire;

/// Numbers drawn for this test alone, from the operating system.
pub fn random(below: u64) -> u64 {
    getrandom::u64().expect("random bytes") % below
}
