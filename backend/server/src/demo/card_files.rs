//! The demo's sample cards: copied from where they were made, and the settings that have them believed.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The copy, in the demo's own folder.
const COPY: &str = "sample-cards";
/// What of the folder that `portique-test-authority make` writes the demo needs: not the authorities' keys.
const PARTS: [&str; 4] = ["authorities", "cards", "crls", "server"];

/// Each authority's files, and what it issues; those of tests last.
const AUTHORITIES: [(&str, &str); 8] = [
    ("fort-racine", "nothing"),
    ("fort-personnes", "professionals"),
    ("standard-racine", "nothing"),
    ("standard-organisations", "organisations"),
    ("elementaire-racine", "nothing"),
    ("elementaire-personnes", "contactless"),
    ("test-fort-racine", "nothing"),
    ("test-fort-personnes", "professionals"),
];

/// The host that asks for cards, on this machine.
const HOST: &str = "carte.localhost";

/// Where sample cards come from, and on which port they are asked for.
pub struct SampleCards<'a> {
    /// As `portique-test-authority make` wrote it.
    pub made: &'a Path,
    pub port: u16,
}

impl SampleCards<'_> {
    /// The address that portals send people to.
    pub fn url(&self) -> String {
        format!("https://{HOST}:{}", self.port)
    }

    /// `[cards]` of portique.toml.
    pub(super) fn settings(&self) -> String {
        let mut settings = format!(
            "\n[cards]\nfolder = \"card-lists\"\n\n\
             [cards.tls]\nlisten = \"127.0.0.1:{}\"\n\
             certificate = \"{COPY}/server/card-host.pem\"\nkey = {{ file = \"{COPY}/server/card-host.key.pem\" }}\n",
            self.port
        );
        for (name, issues) in AUTHORITIES {
            let test = name.starts_with("test-");
            // Writing to a String never fails.
            let _ = write!(
                settings,
                "\n[[cards.authorities]]\nfile = \"{COPY}/authorities/{name}.pem\"\nissues = \"{issues}\"\ntest = {test}\n\
                 crls = [\"{COPY}/crls/{name}.crl\"]\n"
            );
        }
        settings
    }

    /// Copies what the demo needs into its folder.
    pub(super) fn copy_into(&self, folder: &Path) -> io::Result<()> {
        for part in PARTS {
            let (from, to) = (self.made.join(part), folder.join(COPY).join(part));
            fs::create_dir_all(&to)?;
            let entries = fs::read_dir(&from)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", from.display())))?;
            for entry in entries {
                let entry = entry?;
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    }
}

/// Takes away what an earlier demo copied.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder.join(COPY)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where a running demo finds them; `None` where it has none.
pub fn copied(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(COPY)).filter(|copy| copy.is_dir())
}
