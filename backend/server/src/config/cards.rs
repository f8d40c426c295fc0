//! From `[cards]` as written to what judges cards and what asks browsers for them.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::HeaderName;
use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use portique_cards::{AuthorityFile, HttpFetch, Issues, ListSource, Settings as Judging, Trust};

use super::cards_settings::{
    AuthoritySettings, CardsProxySettings, CardsSettings, CardsTlsSettings, HeaderFormat, IssuesWord,
};
use super::error::ConfigError;
use super::secret::Secret;
use super::server_files::ServerFiles;

/// Of wider networks nobody has all the addresses: `0.0.0.0/0` would believe everybody.
const SHORTEST_PREFIX: u8 = 8;

/// How cards are judged and come here.
#[derive(Clone, Debug)]
pub struct CardsConfig {
    pub judging: Judging,
    /// The proxy by way of which lists and OCSP answers are fetched, if not directly.
    pub fetch_proxy: Option<String>,
    pub tls: Option<CardsTls>,
    pub proxy: Option<Arc<CardsProxy>>,
}

/// TLS that is ended here.
#[derive(Clone, Debug)]
pub struct CardsTls {
    pub listen: SocketAddr,
    pub files: ServerFiles,
}

/// TLS that a proxy ends.
#[derive(Clone, Debug)]
pub struct CardsProxy {
    pub listen: SocketAddr,
    pub from: Vec<IpNet>,
    pub header: HeaderName,
    pub format: HeaderFormat,
}

/// All that is wrong is told, not the first alone.
pub(super) fn cards(
    settings: &CardsSettings,
    folder: &Path,
    file: &Path,
) -> Result<CardsConfig, Vec<ConfigError>> {
    let mut reader = Reader {
        folder,
        file,
        errors: Vec::new(),
    };
    let config = reader.cards(settings);
    if reader.errors.is_empty() {
        Ok(config)
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a> {
    folder: &'a Path,
    file: &'a Path,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn wrong(&mut self, key: &str, expectation: impl Into<String>) {
        let key = if key.is_empty() {
            "cards".to_owned()
        } else {
            format!("cards.{key}")
        };
        self.errors.push(ConfigError::new(self.file, key, expectation));
    }

    fn cards(&mut self, settings: &CardsSettings) -> CardsConfig {
        if settings.tls.is_none() && settings.proxy.is_none() {
            self.wrong(
                "",
                "expected [cards.tls] or [cards.proxy]: nothing would bring cards here",
            );
        }
        if settings.authorities.is_empty() {
            self.wrong(
                "authorities",
                "expected at least one authority whose cards are taken",
            );
        }
        if settings.grace_hours > 168 {
            self.wrong("grace_hours", "expected 0 to 168");
        }
        if !(1..=1_440).contains(&settings.refresh_minutes) {
            self.wrong("refresh_minutes", "expected 1 to 1440");
        }
        if let Some(proxy) = &settings.fetch_proxy
            && (!proxy.starts_with("http://") || !is_address(proxy) || HttpFetch::through(proxy).is_err())
        {
            self.wrong(
                "fetch_proxy",
                "expected the address of a proxy such as http://proxy.example:3128",
            );
        }
        let authorities = settings.authorities.iter().enumerate();
        let authorities = authorities
            .map(|(number, authority)| self.authority(number, authority))
            .collect::<Vec<_>>();
        if self.errors.is_empty() {
            self.trust(&authorities);
        }
        CardsConfig {
            judging: Judging {
                folder: self.folder.join(&settings.folder),
                grace: SignedDuration::from_hours(settings.grace_hours.into()),
                refresh: SignedDuration::from_mins(settings.refresh_minutes.into()),
                authorities,
            },
            fetch_proxy: settings.fetch_proxy.clone(),
            tls: settings.tls.as_ref().map(|tls| self.tls(tls)),
            proxy: settings.proxy.as_ref().map(|proxy| Arc::new(self.proxy(proxy))),
        }
    }

    /// Whether the files hold what they should.
    fn trust(&mut self, authorities: &[AuthorityFile]) {
        // What is of today is only warned of, when the program starts.
        let Err(fault) = Trust::new(authorities, Timestamp::UNIX_EPOCH) else {
            return;
        };
        let place = authorities
            .iter()
            .position(|authority| authority.name == fault.file);
        let key = place.map_or_else(
            || "authorities".to_owned(),
            |place| format!("authorities.{place}.file"),
        );
        self.wrong(&key, fault.to_string());
    }

    fn authority(&mut self, number: usize, settings: &AuthoritySettings) -> AuthorityFile {
        let key = |name: &str| format!("authorities.{number}.{name}");
        let path = self.folder.join(&settings.file);
        let bytes = self.bytes(&key("file"), &path);
        if let Some(ocsp) = &settings.ocsp
            && !is_address(ocsp)
        {
            self.wrong(
                &key("ocsp"),
                "expected an address such as http://ocsp.esante.gouv.fr",
            );
        }
        let lists = settings.crls.iter().enumerate();
        let lists = lists
            .map(|(list, text)| self.list(&key(&format!("crls.{list}")), text))
            .collect();
        AuthorityFile {
            name: settings.file.display().to_string(),
            bytes,
            issues: match settings.issues {
                IssuesWord::Professionals => Issues::Professionals,
                IssuesWord::Contactless => Issues::Contactless,
                IssuesWord::Organisations => Issues::Organisations,
                IssuesWord::Nothing => Issues::Nothing,
            },
            is_test: settings.test,
            lists,
            ocsp: settings.ocsp.clone(),
        }
    }

    fn list(&mut self, key: &str, text: &str) -> ListSource {
        if is_address(text) {
            return ListSource::Url(text.to_owned());
        }
        let path = self.folder.join(text);
        if text.contains("://") || !path.is_file() {
            let expectation = format!(
                "expected an address (http://…) or a readable file, {}",
                path.display()
            );
            self.wrong(key, expectation);
        }
        ListSource::File(path)
    }

    fn tls(&mut self, settings: &CardsTlsSettings) -> CardsTls {
        let certificate = self.folder.join(&settings.certificate);
        self.bytes("tls.certificate", &certificate);
        if let Err(error) = settings.key.reveal(self.folder, self.file, "cards.tls.key") {
            self.errors.push(error);
        }
        let files = ServerFiles {
            certificate,
            key: match &settings.key {
                Secret::Value(_) => None,
                Secret::File { file } => Some(self.folder.join(file)),
            },
            written_key: match &settings.key {
                Secret::Value(pem) => pem.clone().into(),
                Secret::File { .. } => Arc::default(),
            },
        };
        if self.errors.is_empty()
            && let Err(fault) = files.read()
        {
            self.wrong(&format!("tls.{}", fault.key), fault.expectation);
        }
        CardsTls {
            listen: settings.listen,
            files,
        }
    }

    fn proxy(&mut self, settings: &CardsProxySettings) -> CardsProxy {
        if settings.from.is_empty() {
            self.wrong(
                "proxy.from",
                "expected the addresses of the proxies, whose word alone is taken",
            );
        }
        for (number, network) in settings.from.iter().enumerate() {
            if network.prefix_len() < SHORTEST_PREFIX {
                let expectation =
                    format!("found {network}, expected the proxies alone, at most a /{SHORTEST_PREFIX}");
                self.wrong(&format!("proxy.from.{number}"), expectation);
            }
        }
        let usual = settings.format.usual_header();
        let header = match settings.header.as_deref() {
            None => usual,
            Some(name) => HeaderName::try_from(name)
                .ok()
                // Those that say something else already would be taken away from everybody else.
                .filter(|name| name.as_str().contains("cert"))
                .unwrap_or_else(|| {
                    self.wrong(
                        "proxy.header",
                        "expected a header's name such as X-SSL-Client-Cert",
                    );
                    usual
                }),
        };
        CardsProxy {
            listen: settings.listen,
            from: settings.from.clone(),
            header,
            format: settings.format,
        }
    }

    fn bytes(&mut self, key: &str, path: &PathBuf) -> Vec<u8> {
        fs::read(path).unwrap_or_else(|error| {
            self.wrong(
                key,
                format!("expected a readable file, {}: {error}", path.display()),
            );
            Vec::new()
        })
    }
}

fn is_address(text: &str) -> bool {
    let host = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    host.is_some_and(|host| !host.is_empty() && !host.contains(' '))
}
