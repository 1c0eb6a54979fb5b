//! Folders of one test each, gone when the test is over.

use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder that is removed when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder below the build folder, so that it lies on a real disk.
    #[must_use]
    pub fn new(purpose: &str) -> Folder {
        let name = format!("{purpose}-{:016x}", crate::random(u64::MAX));
        let path = target().join("tmp").join(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The folder of all build products, found from the running test itself.
#[must_use]
pub fn target() -> PathBuf {
    profile().parent().expect("a build folder").to_owned()
}

/// The folder of this build's profile: `target/debug` or `target/release`.
#[must_use]
pub fn profile() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    test.ancestors().nth(2).expect("a test lies in target/PROFILE/deps").to_owned()
}

/// The folder of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests stand in the workspace").to_owned()
}
