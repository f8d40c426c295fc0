//! The demo's own configuration, written where the command line can use it beside the running demo.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use portique_domain::entropy::{Entropy, random_bytes};

use super::card_files::{self, SampleCards};

/// The demo's portals: preset and host.
pub const PORTALS: [(&str, &str); 4] = [
    ("neutral", "localhost"),
    ("paca", "paca.localhost"),
    ("normandie", "normandie.localhost"),
    ("aura", "aura.localhost"),
];

/// Those of them whose guides sign in by card.
const WITH_CARDS: [&str; 2] = ["normandie", "aura"];

/// Writes a fresh demo into `folder` (settings, portals, an empty place for the database) and gives the settings' path.
///
/// What an earlier demo left there goes; nothing else is touched. Cards are taken where there are sample ones, on the portals whose guides know them.
pub fn write_configuration(
    folder: &Path,
    port: u16,
    cards: Option<&SampleCards<'_>>,
    entropy: &dyn Entropy,
) -> io::Result<PathBuf> {
    fs::create_dir_all(folder.join("portals"))?;
    let database = folder.canonicalize()?.join("portique.db");
    for ending in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{ending}", database.display()));
        if file.exists() {
            fs::remove_file(file)?;
        }
    }
    card_files::clear(folder)?;
    if let Some(cards) = cards {
        cards.copy_into(folder)?;
    }
    let key = folder.join("key");
    fs::write(&key, hex::encode(random_bytes::<32>(entropy)))?;
    restrict(&key)?;
    let mut settings = format!(
        "# The demo's settings, written anew at each start.\n\
         default_portal = \"neutral\"\n\n\
         [server]\nlisten = \"127.0.0.1:{port}\"\n\n\
         [database]\nurl = \"sqlite://{}?mode=rwc\"\n\n\
         [mail]\ntransport = \"demo\"\n\n\
         [sms]\ngateway = \"demo\"\n\n\
         [secrets]\nkeys = [{{ id = 1, key = {{ file = \"key\" }} }}]\n",
        database.display()
    );
    if let Some(cards) = cards {
        settings += &cards.settings();
    }
    for (preset, host) in PORTALS {
        let mut portal =
            format!("preset = \"{preset}\"\nhosts = [\"{host}\"]\npublic_url = \"http://{host}:{port}\"\n");
        if let Some(cards) = cards
            && WITH_CARDS.contains(&preset)
        {
            portal += &[
                "\n[card]\nurl = \"",
                &cards.url(),
                "\"\ncounts_as = \"two_factors\"\n",
            ]
            .concat();
        }
        fs::write(folder.join("portals").join(format!("{preset}.toml")), portal)?;
    }
    let file = folder.join("portique.toml");
    fs::write(&file, settings)?;
    Ok(file)
}

#[cfg(unix)]
fn restrict(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}
