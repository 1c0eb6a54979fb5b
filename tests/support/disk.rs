//! A disk of our own: an ext4 file system in an image file, copied while it is written, as a power cut leaves it.

use crate::folder::Folder;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted image; it is unmounted when it is dropped.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mounted_at: PathBuf,
    // Last, so that the folder goes after the mount.
    _folder: Folder,
}

/// Why this machine has no such disks, if it has none.
#[must_use]
pub fn missing() -> Option<String> {
    for tool in ["mkfs.ext4", "losetup", "mount", "umount"] {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
        if !found.is_ok_and(|found| found.status.success()) {
            return Some(format!("{tool} is not installed"));
        }
    }
    let user = Command::new("id").arg("-u").output();
    if !user.is_ok_and(|user| user.stdout.trim_ascii() == b"0") {
        return Some("only the administrator may mount a loop device".to_owned());
    }
    let folder = Folder::new("probe");
    Disk::make(folder).err().map(|error| format!("loop devices cannot be mounted: {error}"))
}

impl Disk {
    /// Makes an empty file system and mounts it.
    ///
    /// # Errors
    /// When a tool fails, with its words.
    pub fn make(folder: Folder) -> Result<Disk, String> {
        let image = folder.path().join("image");
        let file = fs::File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(192 << 20).map_err(|error| error.to_string())?;
        drop(file);
        let lazy = "lazy_itable_init=0,lazy_journal_init=0";
        run(Command::new("mkfs.ext4").args(["-q", "-F", "-E", lazy]).arg(&image))?;
        Disk::mount(folder, image)
    }

    /// What a power cut at this moment would leave: a copy of the image, journal not yet replayed.
    ///
    /// # Errors
    /// When the image cannot be copied.
    pub fn copy(&self) -> Result<(Folder, PathBuf), String> {
        let folder = Folder::new("cut");
        let copy = folder.path().join("image");
        run(Command::new("cp").arg("--sparse=always").arg(&self.image).arg(&copy))?;
        Ok((folder, copy))
    }

    /// Mounts an image, which replays its journal.
    ///
    /// # Errors
    /// When the file system cannot be mounted.
    pub fn mount(folder: Folder, image: PathBuf) -> Result<Disk, String> {
        let mounted_at = folder.path().join("mounted");
        fs::create_dir_all(&mounted_at).map_err(|error| error.to_string())?;
        run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&mounted_at))?;
        Ok(Disk { image, mounted_at, _folder: folder })
    }

    /// Where its files are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.mounted_at
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if run(Command::new("umount").arg(&self.mounted_at)).is_err() {
            let _ = run(Command::new("umount").arg("-l").arg(&self.mounted_at));
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let ran = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&ran.stderr).trim())),
    }
}
