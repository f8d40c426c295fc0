//! A configuration folder, made for one test.

use std::fs;
use std::path::{Path, PathBuf};

use portique_server::config::{Config, ConfigErrors};
use tempfile::TempDir;

/// Settings and portals in a folder that goes away with this value.
pub struct Installation {
    folder: TempDir,
}

/// What a portal needs besides its preset. Only the neutral one is reached in clear, as in the demo.
fn portal(preset: &str) -> String {
    let (host, url) = match preset {
        "neutral" => ("localhost".to_owned(), "http://localhost:8080".to_owned()),
        preset => (format!("{preset}.example"), format!("https://{preset}.example")),
    };
    format!("preset = \"{preset}\"\nhosts = [\"{host}\"]\npublic_url = \"{url}\"\n")
}

impl Installation {
    pub const PRESETS: [&str; 4] = ["neutral", "paca", "normandie", "aura"];

    /// The four presets on the database at `url`. Mails and SMS go to a port where nobody listens; `localhost` is a proxy, so
    /// that a test can be several clients.
    pub fn new(url: &str) -> Self {
        let installation = Self::empty();
        installation.write(
            "portique.toml",
            &format!(
                "[server]\nlisten = \"127.0.0.1:0\"\nhashing_threads = 1\ntrusted_proxies = [\"127.0.0.1/32\"]\n\n\
                 [database]\nurl = \"{url}\"\nconnections = 8\n\n\
                 [mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\n\n\
                 [sms]\ngateway = \"kannel\"\n\n\
                 [sms.kannel]\nurl = \"http://127.0.0.1:9/cgi-bin/sendsms\"\nusername = \"portique\"\n\
                 password = \"secret\"\nfrom = \"PORTIQUE\"\n\n\
                 [secrets]\nkeys = [{{ id = 1, key = \"{}\" }}]\n",
                "5e".repeat(32)
            ),
        );
        for preset in Self::PRESETS {
            installation.write(&format!("portals/{preset}.toml"), &portal(preset));
        }
        installation
    }

    /// The same as a demo: mails stay in the mailbox.
    pub fn demo(url: &str) -> Self {
        let installation = Self::new(url);
        let mail = "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"";
        installation.replace("portique.toml", mail, "transport = \"demo\"");
        installation.replace("portique.toml", "gateway = \"kannel\"", "gateway = \"demo\"");
        installation
    }

    /// Nothing but the folders.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("temporary folders can be made");
        fs::create_dir(folder.path().join("portals")).expect("a fresh folder takes another");
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The settings' file.
    pub fn file(&self) -> PathBuf {
        self.path().join("portique.toml")
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("the test's folder can be written");
    }

    /// Puts `new` where `old` stands; a test that finds nothing to replace tests nothing.
    pub fn replace(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path().join(name)).expect("written before");
        assert!(text.contains(old), "{name} does not hold {old:?}:\n{text}");
        self.write(name, &text.replace(old, new));
    }

    /// Adds lines at the end of a file.
    pub fn append(&self, name: &str, lines: &str) {
        let text = fs::read_to_string(self.path().join(name)).expect("written before");
        self.write(name, &format!("{text}\n{lines}\n"));
    }

    pub fn read(&self) -> Result<Config, ConfigErrors> {
        Config::read(&self.file())
    }
}
