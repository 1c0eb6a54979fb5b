//! BPMN 2.0 XML with the `camunda:` extension elements of deployed files.

mod element;
mod events;
mod extensions;
mod read;
mod tasks;
mod xml;

pub(crate) use read::read;
