//! The command `check`: whether files hold definitions that are well-formed and sound.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use definitions::{Catalog, Finding, Flaw, Format};
use serde::Serialize;

mod sarif;

/// Checks process definitions without running them, and prints what is wrong, with its line.
///
/// A flaw is an error: the definition cannot be deployed. A finding is a warning: the definition may
/// get stuck, do something twice, never reach a step, never end, wait for ever, or leave an error
/// uncaught; the shortest path that shows it stands below, with a line for each part of it that goes
/// beside others. Conditions are taken as free choices. The last line of a file says what it came
/// to. Whether a file is BPMN (.bpmn, .xml) or YAML (.yaml, .yml) is told by its name; each process of a file is checked.
///
/// Exit codes: 0 nothing wrong, or findings alone; 1 flaws, or with --strict findings; 2 a file
/// cannot be read.
#[derive(Debug, Args)]
pub struct Check {
    /// Files with definitions.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,

    /// Findings count like flaws.
    #[arg(long)]
    strict: bool,
}

/// How the outcome is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Lines for people.
    Text,
    /// One JSON object with a list of files.
    Json,
    /// SARIF 2.1.0, which code review tools show beside the lines.
    Sarif,
}

/// Whether everything may be deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything may.
    Accepted,
    /// Something may not.
    Refused,
}

/// What was found in a file.
#[derive(Debug, Serialize)]
struct Looked {
    file: String,
    flaws: Vec<Flaw>,
    findings: Vec<Finding>,
    #[serde(skip)]
    text: String,
}

impl Check {
    /// Checks all files against the activities of a catalog and prints what was found.
    ///
    /// # Errors
    /// A file that cannot be read or whose name does not say what it is; nothing is printed then.
    pub fn run(&self, catalog: &Catalog, out: &mut impl Write) -> anyhow::Result<Outcome> {
        let looked = self.files.iter().map(|file| look(file, catalog));
        let looked = looked.collect::<anyhow::Result<Vec<Looked>>>()?;
        match self.format {
            Form::Text => text(&looked, out),
            Form::Json => json(&serde_json::json!({ "files": looked }), out),
            Form::Sarif => json(&sarif::log(&looked), out),
        }
        .context("what was found cannot be printed")?;
        let wrong =
            |one: &Looked| !one.flaws.is_empty() || (self.strict && !one.findings.is_empty());
        Ok(if looked.iter().any(wrong) { Outcome::Refused } else { Outcome::Accepted })
    }
}

/// What a file holds, and in which notation, which its name tells.
///
/// # Errors
/// A file that cannot be read or whose name does not say what it is.
pub(crate) fn source(path: &Path) -> anyhow::Result<(Format, String)> {
    let file = path.display();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = match ending.to_ascii_lowercase().as_str() {
        "bpmn" | "xml" => Format::Bpmn,
        "yaml" | "yml" => Format::Yaml,
        _ => bail!("{file}: a definition is a .bpmn, .xml, .yaml or .yml file"),
    };
    let bytes = std::fs::read(path).with_context(|| format!("{file} cannot be read"))?;
    let text = definitions::decode(bytes).map_err(|told| anyhow::anyhow!("{file} {told}"))?;
    // The scripts of a BPMN file lie beside it.
    let beside = |name: &str| {
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        std::fs::read_to_string(path.with_file_name(plain.then_some(name)?)).ok()
    };
    match format {
        Format::Bpmn => Ok((format, definitions::with_scripts(&text, beside))),
        Format::Yaml => Ok((format, text)),
    }
}

fn look(path: &Path, catalog: &Catalog) -> anyhow::Result<Looked> {
    let file = path.display().to_string();
    let (format, text) = source(path)?;
    let (flaws, findings) = match definitions::read_all(format, &text, catalog) {
        Ok(processes) => {
            let proofs = processes.iter().map(|process| definitions::prove(process, catalog));
            (Vec::new(), proofs.flat_map(|proof| proof.findings).collect())
        }
        Err(flaws) => (flaws, Vec::new()),
    };
    Ok(Looked { file, flaws, findings, text })
}

fn text(looked: &[Looked], out: &mut impl Write) -> std::io::Result<()> {
    for Looked { file, flaws, findings, .. } in looked {
        for flaw in flaws {
            let place = (flaw.line, flaw.element.as_deref());
            line(out, file, place, "error", flaw.rule, &flaw.message)?;
        }
        for finding in findings {
            let place = (finding.line, finding.element.as_deref());
            line(out, file, place, "warning", finding.rule, &finding.message)?;
            for line in &finding.lines {
                writeln!(out, "    {line}")?;
            }
        }
        let came_to = match (flaws.len(), findings.len()) {
            (0, 0) => "well-formed and sound".to_owned(),
            (0, 1) => "well-formed, 1 warning: strict deployment refuses it".to_owned(),
            (0, count) => format!("well-formed, {count} warnings: strict deployment refuses it"),
            (1, _) => "1 flaw: it cannot be deployed".to_owned(),
            (count, _) => format!("{count} flaws: it cannot be deployed"),
        };
        writeln!(out, "{file}: {came_to}")?;
    }
    Ok(())
}

fn line(
    out: &mut impl Write,
    file: &str,
    (line, element): (Option<u32>, Option<&str>),
    level: &str,
    rule: &str,
    message: &str,
) -> std::io::Result<()> {
    let line = line.map_or(String::new(), |line| format!("{line}:"));
    let element = element.map_or(String::new(), |element| format!("{element}: "));
    writeln!(out, "{file}:{line} {level}: {rule}: {element}{message}")
}

fn json(value: &serde_json::Value, out: &mut impl Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests;
