//! The command `audit`: what of an export of the audit is there and unchanged.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use identity::Period;
use identity::audit::{Hashes, Proof, Tampering, Verifier, VerifierKey};
use jiff::Timestamp;

use crate::check::Outcome;

/// The longest line, in bytes; a record has far less.
const LONGEST_LINE: u64 = 1024 * 1024;

/// What is done with an export of the audit.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verifies an export.
    Verify(Verify),
}

/// Verifies an export of the audit offline: finds what was changed, dropped, moved, added or cut off, and where.
///
/// Without --key the export is held against the key that it brings along, which proves only that it fits itself.
/// Without --checkpoint nobody can tell that the newest records were cut off back to an older checkpoint: keep the
/// latest one of GET /api/identity-store/audit/checkpoint elsewhere from time to time.
///
/// Records whose time is over are only their hash, and of erased users the personal parts are gone. Nothing that is
/// signed tells these from what somebody took out of the file: what is not there is counted. With --kept-for a record
/// without its body is found where it must be there; a personal part that was taken out is never found, only counted.
///
/// Exit codes: 0 what is there is unchanged, and each record is there at least as its hash; 1 tampered with; 2 a file
/// cannot be read.
#[derive(Debug, Args)]
pub struct Verify {
    /// The export.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The public key of the log, as name+id+key.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// A file with a checkpoint that was kept: the export has to continue it.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,

    /// How long each identity store keeps its records at least, the shortest `auditDuration` of late: a record that was
    /// certainly written within that time before now, and has no body, was tampered with.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    kept_for: Option<Period>,
}

fn duration(text: &str) -> Result<Period, String> {
    Period::try_from(text.to_owned())
}

impl Verify {
    /// Verifies the export and prints what was found.
    ///
    /// # Errors
    /// A file that cannot be read, or a key that is none.
    pub fn run(&self, out: &mut impl Write) -> anyhow::Result<Outcome> {
        let found = self.verify()?;
        self.tell(&found, out).context("what was found cannot be printed")?;
        Ok(if found.is_ok() { Outcome::Accepted } else { Outcome::Refused })
    }

    fn verify(&self) -> anyhow::Result<Result<Proof, Tampering>> {
        let key = match &self.key {
            None => None,
            Some(text) => match VerifierKey::parse(text) {
                None => bail!("\"{text}\" is no public key such as name+id+key"),
                key => key,
            },
        };
        let checkpoint = self.checkpoint.as_ref().map(|path| {
            std::fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))
        });
        let mut verifier = Verifier::new(key, checkpoint.transpose()?);
        if let Some(period) = self.kept_for {
            verifier = verifier.kept_for(period, Timestamp::now());
        }
        let unreadable = || format!("{} cannot be read", self.file.display());
        let mut file = BufReader::new(File::open(&self.file).with_context(unreadable)?);
        loop {
            let mut line = Vec::new();
            let mut part = (&mut file).take(LONGEST_LINE);
            if part.read_until(b'\n', &mut line).with_context(unreadable)? == 0 {
                return Ok(verifier.finish());
            }
            if let Err(found) = verifier.line(&String::from_utf8_lossy(&line)) {
                return Ok(Err(found));
            }
        }
    }

    fn tell(&self, found: &Result<Proof, Tampering>, out: &mut impl Write) -> std::io::Result<()> {
        let file = self.file.display();
        let proof = match found {
            Ok(proof) => proof,
            Err(found) => {
                let index = found.index.map_or(String::new(), |index| format!("record {index}: "));
                return writeln!(out, "{file}: {index}{}", found.message);
            }
        };
        let Proof { origin, key, size, root, bodies, erased, hashes } = proof;
        let is_whole = hashes.is_none() && *erased == 0;
        if is_whole {
            writeln!(out, "{file}: {size} records are complete and unchanged")?;
        } else {
            writeln!(
                out,
                "{file}: {size} records, none added, dropped or moved; {bodies} are there and unchanged"
            )?;
        }
        writeln!(out, "    log {origin}, root {root}")?;
        if let Some(hashes) = hashes {
            tell_hashes(hashes, out)?;
        }
        if *erased > 0 {
            writeln!(out, "    {erased} of those that are there have lost their personal part")?;
        }
        if !is_whole {
            let what =
                "warning: nothing signed tells what expired or was erased from what was taken out";
            // Of personal parts it would tell nothing.
            let helps = hashes.is_some() && self.kept_for.is_none();
            let more = if helps { ": give --kept-for" } else { "" };
            writeln!(out, "{what}{more}")?;
        }
        if let (None, Some(key)) = (&self.key, key) {
            writeln!(out, "warning: the key {key} was taken from the export itself: give --key")?;
        }
        if self.checkpoint.is_none() {
            writeln!(out, "warning: that nothing newer was cut off needs --checkpoint")?;
        }
        Ok(())
    }
}

fn tell_hashes(hashes: &Hashes, out: &mut impl Write) -> std::io::Result<()> {
    let Hashes { count, first, last, after, before, behind } = hashes;
    let after = after.map_or(String::new(), |time| format!(", behind one of {time}"));
    let before = before.map_or(String::new(), |time| format!(", before one of {time}"));
    writeln!(out, "    {count} are only their hash: records {first} to {last}{after}{before}")?;
    if *behind > 0 {
        let right = "right only where stores keep their records for different times";
        writeln!(out, "    {behind} of these are behind a record that is there: {right}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
