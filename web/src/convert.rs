//! The command `convert`: a definition in the other notation, or in its canonical form.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use definitions::{Catalog, Format, Process};

use crate::check::{Outcome, source};

/// Writes a definition as YAML where it is BPMN, and as BPMN where it is YAML.
///
/// The meaning stays the same: deploying both makes one version. BPMN is written in a canonical form. What a BPMN file
/// draws keeps its place there; a definition from YAML is laid out. Several processes are several pools in BPMN, and
/// several documents in YAML.
///
/// Exit codes: 0 it was converted; 2 the file cannot be read, or has flaws.
#[derive(Debug, Args)]
pub struct Convert {
    /// File with a definition (.bpmn, .xml, .yaml or .yml).
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What is written [default: what the file is not].
    #[arg(long, value_enum)]
    to: Option<Notation>,

    /// The one process that is written of a file with several.
    #[arg(long, value_name = "ID")]
    process: Option<String>,
}

/// How a definition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Notation {
    /// BPMN 2.0 XML.
    Bpmn,
    /// The YAML of definitions/YAML.md.
    Yaml,
}

impl Convert {
    /// Prints the converted definition.
    ///
    /// # Errors
    /// A file that cannot be read or has flaws, or has not the process that is named. Nothing is printed then.
    pub fn run(&self, catalog: &Catalog, out: &mut impl Write) -> anyhow::Result<Outcome> {
        let file = self.file.display();
        let (format, text) = source(&self.file)?;
        let mut processes = match definitions::read_all(format, &text, catalog) {
            Ok(processes) => processes,
            Err(flaws) => bail!("{file} has flaws ({}); gatewright check tells them", flaws.len()),
        };
        if let Some(id) = &self.process {
            let ids = processes.iter().map(Process::id).collect::<Vec<&str>>().join(", ");
            processes.retain(|process| process.id() == id);
            if processes.is_empty() {
                bail!("{file} has no process {id}; it has {ids}");
            }
        }
        let to = self.to.unwrap_or(match format {
            Format::Bpmn => Notation::Yaml,
            Format::Yaml => Notation::Bpmn,
        });
        let written = match to {
            Notation::Bpmn => {
                let drawing = definitions::read_drawing(&text).filter(|_| format == Format::Bpmn);
                definitions::write_bpmn_all(&processes, drawing.as_ref())
            }
            Notation::Yaml => definitions::write_yaml_all(&processes),
        };
        out.write_all(written.as_bytes()).context("the definition cannot be printed")?;
        Ok(Outcome::Accepted)
    }
}

#[cfg(test)]
mod tests;
