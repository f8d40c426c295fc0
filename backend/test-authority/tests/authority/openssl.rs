//! Runs `openssl` in a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

static FOLDERS: AtomicUsize = AtomicUsize::new(0);

/// A folder that goes with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = format!(
            "{}-{}",
            std::process::id(),
            FOLDERS.fetch_add(1, Ordering::Relaxed)
        );
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("the target folder can be written to");
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the target folder can be written to");
    }

    /// What `openssl` prints, on both outputs, and whether it ended well.
    pub fn openssl(&self, line: &str) -> (bool, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(&self.0)
            .output()
            .expect("openssl is installed by `make setup`");
        let text = [stdout, stderr].concat();
        (status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// The same of a command that must end well.
    pub fn reads(&self, line: &str) -> String {
        let (well, text) = self.openssl(line);
        assert!(well, "openssl {line}: {text}");
        text
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind, it is in the way of nobody.
        drop(fs::remove_dir_all(&self.0));
    }
}
