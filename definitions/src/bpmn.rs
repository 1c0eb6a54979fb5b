//! BPMN 2.0 XML with the `camunda:` extension elements of deployed files.

pub(crate) mod element;
mod events;
mod extensions;
mod read;
mod tasks;
mod write;
pub(crate) mod xml;

pub(crate) use read::read;
pub use write::write_bpmn;
