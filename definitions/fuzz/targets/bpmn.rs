//! Fuzzing of what is read as BPMN XML.

#![no_main]

#[path = "../../tests/definitions/catalog.rs"]
mod catalog;
#[path = "../readings.rs"]
#[allow(dead_code)]
mod readings;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readings::bpmn(data));
