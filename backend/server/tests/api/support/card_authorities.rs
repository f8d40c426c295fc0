//! Authorities as the nation's, in an installation's files, behind a proxy of the kind of RFC 9440: what the program's own judge
//! of cards is given.

use axum::Router;
use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use portique_shared::api::paths;
use portique_test_authority::{Authority, CrlSpec, Issued, OcspResponder, Revoked, Spec};
use tokio::net::TcpListener;

use super::cards::{answer, begin, go, portal_takes_cards};
use super::{Answer, Browser, Installation};

/// RFC 9440's headers.
pub const CERTIFICATE: &str = "client-cert";
const CHAIN: &str = "client-cert-chain";

pub struct Authorities {
    pub root: Authority,
    /// Professionals', with a list.
    pub people: Authority,
    /// Professionals', with a responder and no list.
    pub responding: Authority,
    /// Professionals', of whose revocations nobody tells.
    pub silent: Authority,
    /// Professionals', whose list is of long ago.
    pub stale: Authority,
    /// Professionals', revoked by the root.
    pub revoked: Authority,
    pub contactless: Authority,
    pub organisations: Authority,
    pub test_people: Authority,
    test_root: Authority,
}

impl Authorities {
    pub fn new() -> Self {
        let root = Authority::root(Spec::authority("AC RACINE"));
        let test_root = Authority::root(Spec::authority("TEST AC RACINE"));
        let below = |name| root.intermediate(Spec::authority(name));
        Self {
            people: below("AC FORT PERSONNES"),
            responding: below("AC FORT REPONDANTE"),
            silent: below("AC FORT MUETTE"),
            stale: below("AC FORT NEGLIGEE"),
            revoked: below("AC FORT REVOQUEE"),
            contactless: below("AC ELEMENTAIRE PERSONNES"),
            organisations: below("AC STANDARD ORGANISATIONS"),
            test_people: test_root.intermediate(Spec::authority("TEST AC FORT PERSONNES")),
            root,
            test_root,
        }
    }

    /// Writes them for normandie, with lists of `revoked` people's cards at `now` and the responder at `ocsp`.
    pub fn write(&self, installation: &Installation, revoked: &[&Issued], ocsp: &str, now: Timestamp) {
        let days = |count: i64| SignedDuration::from_hours(24 * count);
        let list = |authority: &Authority, from: Timestamp, revoked: &[&Issued]| {
            let lines: Vec<_> = revoked
                .iter()
                .map(|card| Revoked::new(&card.serial, from))
                .collect();
            authority.crl(&CrlSpec::new(from, from + days(2)), &lines)
        };
        let mut cards = "[cards]\nfolder = \"cards\"\n".to_owned();
        let mut file = |name: &str, pem: String, lines: String, crl: Option<Vec<u8>>| {
            installation.write(&format!("{name}.pem"), &pem);
            let mut list = String::new();
            if let Some(crl) = crl {
                let path = installation.path().join(format!("{name}.crl"));
                std::fs::write(path, crl).expect("the test's folder can be written");
                list = format!("crls = [\"{name}.crl\"]\n");
            }
            let entry = format!("[[cards.authorities]]\nfile = \"{name}.pem\"\n{lines}\n{list}");
            cards += &entry;
        };
        let issues = |what: &str| format!("issues = \"{what}\"");
        let professionals = || issues("professionals");
        let of_root = list(&self.root, now, &[&self.revoked.issued]);
        file("root", self.root.to_pem(), issues("nothing"), Some(of_root));
        let of_people = list(&self.people, now, revoked);
        file("people", self.people.to_pem(), professionals(), Some(of_people));
        let responder = format!("{}\nocsp = \"{ocsp}\"", professionals());
        file("responding", self.responding.to_pem(), responder, None);
        file("silent", self.silent.to_pem(), professionals(), None);
        let of_stale = list(&self.stale, now - days(4), &[]);
        file("stale", self.stale.to_pem(), professionals(), Some(of_stale));
        let of_revoked = list(&self.revoked, now, &[]);
        file(
            "revoked",
            self.revoked.to_pem(),
            professionals(),
            Some(of_revoked),
        );
        file(
            "contactless",
            self.contactless.to_pem(),
            issues("contactless"),
            None,
        );
        let organisations = self.organisations.to_pem();
        file("organisations", organisations, issues("organisations"), None);
        let test = self.test_root.to_pem() + &self.test_people.to_pem();
        let of_test = list(&self.test_people, now, &[]);
        let is_test = format!("{}\ntest = true", professionals());
        file("test", test, is_test, Some(of_test));
        cards.push_str(
            "[cards.proxy]\nlisten = \"127.0.0.1:0\"\nfrom = [\"127.0.0.1/32\"]\nformat = \"rfc9440\"\n",
        );
        installation.append("portique.toml", &cards);
        portal_takes_cards(installation, "normandie", "");
    }
}

/// Has `responder` answer over HTTP, always at `now`; gives its address.
pub async fn answering(responder: OcspResponder, now: Timestamp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let router = Router::new().fallback(async move |request: Bytes| responder.answer(&request, now));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn bytes(der: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(der))
}

/// A chain as the proxy hands it on.
pub fn headers(chain: &[Vec<u8>]) -> Vec<(&'static str, String)> {
    let Some((card, others)) = chain.split_first() else {
        return vec![(CERTIFICATE, String::new())];
    };
    let mut headers = vec![(CERTIFICATE, bytes(card))];
    if !others.is_empty() {
        let others: Vec<_> = others.iter().map(|der| bytes(der)).collect();
        headers.push((CHAIN, others.join(", ")));
    }
    headers
}

/// The whole way with these headers: begins, shows, comes back.
pub async fn sign_in_showing(browser: &Browser<'_>, headers: &[(&'static str, String)]) -> Answer {
    let ceremony = begin(browser, paths::CARD_SIGN_IN).await;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let token = go(browser.app(), &ceremony, &headers).await.token();
    answer(browser, paths::CARD_SIGN_IN_ANSWER, &token).await
}
