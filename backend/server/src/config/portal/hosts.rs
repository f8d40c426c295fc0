//! Where a portal is reached.

use super::Checker;
use crate::config::portal_file::PortalFile;
use crate::site::without_port;

impl Checker<'_> {
    pub(super) fn public_url(&mut self, file: &PortalFile, demo: bool) {
        let url = file.public_url.trim_end_matches('/');
        let (scheme, host) = url.split_once("://").unwrap_or_default();
        let plain_allowed = demo || file.is_local();
        let well_formed = !host.is_empty()
            && host
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "-.:[]".contains(character))
            && (scheme == "https" || (scheme == "http" && plain_allowed));
        if !well_formed {
            self.wrong(
                "public_url",
                "expected https://host, without a path (http:// only for this machine itself)",
            );
        }
        let host = without_port(host).to_lowercase();
        let good = well_formed && !file.hosts.is_empty() && !file.hosts.iter().any(|host| is_bad(host));
        if good && !file.hosts.iter().any(|known| known.to_lowercase() == host) {
            self.wrong(
                "hosts",
                format!("expected «{host}» among them, the host of public_url: links in mails lead there"),
            );
        }
    }

    pub(super) fn hosts(&mut self, file: &PortalFile) {
        if file.hosts.is_empty() {
            self.wrong("hosts", "expected at least one host name");
        }
        if let Some(host) = file.hosts.iter().find(|host| is_bad(host)) {
            self.wrong(
                "hosts",
                format!("found «{host}», expected host names without scheme or port"),
            );
        }
    }
}

fn is_bad(host: &str) -> bool {
    host.is_empty() || host.contains([':', '/', ' ']) && !host.starts_with('[')
}
