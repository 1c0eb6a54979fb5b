//! BPMN 2.0 XML in three dialects: plain, with `camunda:` extension elements as deployed files
//! have them, and with those of Camunda 8, `zeebe:`, which are translated.

mod assignment;
mod beside;
mod calls;
mod camunda;
mod conditions;
mod connectors;
mod correlation;
mod data;
pub(crate) mod element;
mod ends;
mod events;
mod extensions;
mod formal;
mod gateways;
mod generated_form;
mod ids;
mod listeners;
mod people;
mod pools;
mod read;
mod reader;
pub(crate) mod references;
mod repeat;
mod results;
mod roots;
mod scripts;
mod sub_processes;
mod tasks;
mod triggers;
mod variables;
mod work;
mod write;
pub(crate) mod xml;

pub(crate) use read::{read, read_one};
pub use scripts::with_scripts;
pub use write::{write_bpmn, write_bpmn_all};
