//! Whole journeys through the real binary, by a browser and by the JSON calls.

mod attestation;
mod audit_exports;
mod calls;
mod canaries;
mod common_passcodes;
mod crash;
mod deployed;
mod detours;
mod house;
mod imported_hashes;
mod pages;
mod passkeys;
mod recoveries;
mod refusals;
mod second_factor;
mod software_authenticator;
mod srp_clients;
mod srp_page;
mod visitor;
