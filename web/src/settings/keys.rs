//! The settings of the master key: files are named by a flag, a variable or a line, secrets by a variable alone.

use std::env::VarError;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use runtime::{MasterKey, MasterKeys};
use serde::Deserialize;
use zeroize::Zeroizing;

/// The files that hold the master key or the passphrase that it is derived from.
///
/// The secrets themselves are never flags, since everybody on a machine sees the command lines.
#[derive(Debug, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct KeyFiles {
    /// File with the master key that seals all secrets: 32 bytes, or their hexadecimal digits or
    /// base64. The variable GATEWRIGHT_MASTER_KEY may hold the key itself [default: master.key in
    /// the data folder, made with it].
    #[arg(long, env = "GATEWRIGHT_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,

    /// File with a passphrase from which the master key is derived (Argon2id), at least 12
    /// characters. The variable GATEWRIGHT_MASTER_PASSPHRASE may hold the passphrase itself.
    #[arg(long, env = "GATEWRIGHT_MASTER_PASSPHRASE_FILE", value_name = "FILE")]
    master_passphrase_file: Option<PathBuf>,

    /// File with the master key before the present one, to change it: everything is sealed again,
    /// and this setting is needed for one start. GATEWRIGHT_PREVIOUS_MASTER_KEY may hold the key
    /// itself.
    #[arg(long, env = "GATEWRIGHT_PREVIOUS_MASTER_KEY_FILE", value_name = "FILE")]
    previous_master_key_file: Option<PathBuf>,

    /// The same with the passphrase before the present one. GATEWRIGHT_PREVIOUS_MASTER_PASSPHRASE
    /// may hold the passphrase itself.
    #[arg(long, env = "GATEWRIGHT_PREVIOUS_MASTER_PASSPHRASE_FILE", value_name = "FILE")]
    previous_master_passphrase_file: Option<PathBuf>,
}

impl KeyFiles {
    /// These, and where nothing is said the others.
    pub(super) fn or(self, other: KeyFiles) -> KeyFiles {
        KeyFiles {
            master_key_file: self.master_key_file.or(other.master_key_file),
            master_passphrase_file: self.master_passphrase_file.or(other.master_passphrase_file),
            previous_master_key_file: self
                .previous_master_key_file
                .or(other.previous_master_key_file),
            previous_master_passphrase_file: self
                .previous_master_passphrase_file
                .or(other.previous_master_passphrase_file),
        }
    }

    /// Puts files and variables together.
    ///
    /// # Errors
    /// A sentence that names the settings that exclude each other, or the file that cannot be read.
    pub(super) fn gather(
        self,
        variable: &dyn Fn(&str) -> Result<String, VarError>,
    ) -> anyhow::Result<MasterKeys> {
        let present = one("", self.master_key_file, self.master_passphrase_file, variable)?;
        let previous = one(
            "previous-",
            self.previous_master_key_file,
            self.previous_master_passphrase_file,
            variable,
        )?;
        Ok(MasterKeys { present: present.unwrap_or_default(), previous })
    }
}

/// The one key that is named, if one is.
fn one(
    which: &str,
    key_file: Option<PathBuf>,
    passphrase_file: Option<PathBuf>,
    variable: &dyn Fn(&str) -> Result<String, VarError>,
) -> anyhow::Result<Option<MasterKey>> {
    let upper = which.replace('-', "_").to_uppercase();
    let mut found = Vec::new();
    if let Some(file) = key_file {
        found.push((format!("{which}master-key-file"), MasterKey::File(file)));
    }
    let name = format!("GATEWRIGHT_{upper}MASTER_KEY");
    if let Some(key) = secret(&name, variable)? {
        found.push((name, MasterKey::Text(key)));
    }
    if let Some(file) = passphrase_file {
        let setting = format!("{which}master-passphrase-file");
        let text = std::fs::read_to_string(&file).map(Zeroizing::new);
        let text = text.with_context(|| {
            format!("the file {} of the setting {setting} cannot be read", file.display())
        })?;
        let words = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
        found.push((setting, MasterKey::Passphrase(words)));
    }
    let name = format!("GATEWRIGHT_{upper}MASTER_PASSPHRASE");
    if let Some(words) = secret(&name, variable)? {
        found.push((name, MasterKey::Passphrase(words)));
    }
    if found.len() > 1 {
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        bail!("{} are given, and only one of them may be", names.join(" and "));
    }
    Ok(found.pop().map(|(_, key)| key))
}

/// A secret in a variable; one that is empty counts as none.
fn secret(
    name: &str,
    variable: &dyn Fn(&str) -> Result<String, VarError>,
) -> anyhow::Result<Option<Zeroizing<String>>> {
    match variable(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => bail!("the variable {name} is not text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files, variables, and what comes of them.
    type Case = (KeyFiles, &'static [(&'static str, &'static str)], &'static str);

    fn gathered(files: KeyFiles, variables: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| text.to_string()).ok_or(VarError::NotPresent)
        };
        match files.gather(&variable) {
            Ok(keys) => format!("{keys:?}"),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn the_master_key_comes_from_one_place_and_no_other() {
        let file = || KeyFiles { master_key_file: Some("a.key".into()), ..KeyFiles::default() };
        let passphrase =
            || KeyFiles { master_passphrase_file: Some("/nowhere".into()), ..KeyFiles::default() };
        let previous =
            || KeyFiles { previous_master_key_file: Some("b.key".into()), ..KeyFiles::default() };
        const KEY: (&str, &str) = ("GATEWRIGHT_MASTER_KEY", "secret");
        const WORDS: (&str, &str) = ("GATEWRIGHT_MASTER_PASSPHRASE", "secret words");
        const FORMER: (&str, &str) = ("GATEWRIGHT_PREVIOUS_MASTER_KEY", "secret");
        #[rustfmt::skip]
        let cases: [Case; 10] = [
            (KeyFiles::default(), &[],                              "present: MasterKey(the file master.key), previous: None"),
            (KeyFiles::default(), &[("GATEWRIGHT_MASTER_KEY", "")], "present: MasterKey(the file master.key), previous: None"),
            (file(),              &[],                              "present: MasterKey(the file a.key), previous: None"),
            (KeyFiles::default(), &[KEY],                           "present: MasterKey(the master key that was given), previous: None"),
            (KeyFiles::default(), &[WORDS, FORMER],                 "present: MasterKey(the passphrase that was given), previous: Some(MasterKey(the master key that was given))"),
            (previous(),          &[KEY],                           "previous: Some(MasterKey(the file b.key))"),
            (file(),              &[KEY],                           "master-key-file and GATEWRIGHT_MASTER_KEY are given, and only one of them may be"),
            (KeyFiles::default(), &[KEY, WORDS],                    "GATEWRIGHT_MASTER_KEY and GATEWRIGHT_MASTER_PASSPHRASE are given"),
            (previous(),          &[FORMER],                        "previous-master-key-file and GATEWRIGHT_PREVIOUS_MASTER_KEY are given"),
            (passphrase(),        &[],                              "the file /nowhere of the setting master-passphrase-file cannot be read"),
        ];
        for (files, variables, expected) in cases {
            let told = gathered(files, variables);
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
