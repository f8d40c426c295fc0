//! What the tests play on: authorities as the nation's, lists and responders that a test may break, a clock that it turns.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_cards::{
    AuthorityFile, Cards, Fetch, FetchError, Fetched, Issues, ListSource, Settings, Version,
};
use portique_domain::card::{Card, CardFault, CardJudge, Presented};
use portique_domain::testing::SeededEntropy;
use portique_test_authority::{Authority, CrlSpec, Issued, OcspFault, OcspResponder, Revoked, Spec};
use tempfile::TempDir;

pub const ROOT_LIST: &str = "http://lists.example/root.crl";
pub const PEOPLE_LIST: &str = "http://lists.example/people.crl";
pub const TEST_LIST: &str = "http://lists.example/test.crl";
pub const RESPONDER: &str = "http://ocsp.example/";

pub const RPPS: &str = "810003456786";

/// What is wrong with an OCSP answer that tells nothing.
pub const NO_ANSWER: [OcspFault; 8] = [
    OcspFault::WrongSigner,
    OcspFault::Stale,
    OcspFault::Future,
    OcspFault::WrongCertificate,
    OcspFault::WrongNonce,
    OcspFault::WeakSignature,
    OcspFault::TryLater,
    OcspFault::Unreadable,
];

/// Noon of the first of June 2026.
pub fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().expect("a timestamp")
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub fn physician() -> Spec {
    Spec::professional(RPPS, "MARTIN", "Claire")
}

type Bend = Box<dyn Fn(Vec<u8>) -> Vec<u8> + Send>;

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds this")
}

/// The network: files by address, one responder, and counts of who asked.
#[derive(Default)]
pub struct Net {
    pub files: Mutex<HashMap<String, (Vec<u8>, Version)>>,
    pub responder: Mutex<Option<OcspResponder>>,
    pub now: Mutex<Option<Timestamp>>,
    pub gets: Mutex<Vec<(String, Version)>>,
    pub asks: Mutex<usize>,
    /// What happens to answers on their way.
    pub bent: Mutex<Option<Bend>>,
}

impl Net {
    pub fn put(&self, url: &str, bytes: Vec<u8>) {
        locked(&self.files).insert(url.into(), (bytes, Version::default()));
    }

    pub fn take_away(&self, url: &str) {
        locked(&self.files).remove(url);
    }

    pub fn answer_with(&self, responder: OcspResponder) {
        *locked(&self.responder) = Some(responder);
    }

    pub fn asked(&self) -> usize {
        *locked(&self.asks)
    }

    pub fn fetched(&self) -> usize {
        locked(&self.gets).len()
    }
}

#[async_trait]
impl Fetch for Net {
    async fn get(&self, url: &str, known: &Version) -> Result<Fetched, FetchError> {
        locked(&self.gets).push((url.to_owned(), known.clone()));
        let (bytes, version) = locked(&self.files)
            .get(url)
            .cloned()
            .ok_or(FetchError::Status(404))?;
        if version != Version::default() && version == *known {
            return Ok(Fetched::Unchanged);
        }
        Ok(Fetched::File { bytes, version })
    }

    async fn ask(&self, _: &str, request: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        *locked(&self.asks) += 1;
        // Whoever else asks meanwhile gets here, if nothing holds them back.
        tokio::task::yield_now().await;
        let responder = locked(&self.responder).clone().ok_or(FetchError::Timeout)?;
        let now = locked(&self.now).unwrap_or_else(noon);
        let answer = responder.answer(&request, now);
        Ok(match &*locked(&self.bent) {
            Some(bend) => bend(answer),
            None => answer,
        })
    }
}

pub struct Stage {
    pub root: Authority,
    pub people: Authority,
    pub contactless: Authority,
    pub organisations: Authority,
    pub test_people: Authority,
    pub net: Arc<Net>,
    pub settings: Settings,
    pub folder: TempDir,
}

impl Stage {
    /// Everybody in place, and a list of each authority that revokes nobody, good for a day from noon.
    pub fn new() -> Self {
        let root = Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT"));
        let below = |name| root.intermediate(Spec::authority(name));
        let people = below("AC IGC-SANTE FORT PERSONNES");
        let contactless = below("AC IGC-SANTE ELEMENTAIRE PERSONNES");
        let organisations = below("AC IGC-SANTE STANDARD ORGANISATIONS");
        let test_root = Authority::root(Spec::authority("TEST AC RACINE IGC-SANTE FORT"));
        let test_people = test_root.intermediate(Spec::authority("TEST AC IGC-SANTE FORT PERSONNES"));
        let folder = tempfile::tempdir().expect("a folder");
        let authorities = vec![
            file(&root.to_pem(), Issues::Nothing, &[ROOT_LIST]),
            file(&people.to_pem(), Issues::Professionals, &[PEOPLE_LIST]),
            file(&contactless.to_pem(), Issues::Contactless, &[]),
            file(&organisations.to_pem(), Issues::Organisations, &[]),
            // Whose root has no list.
            AuthorityFile {
                is_test: true,
                ..file(&test_root.to_pem(), Issues::Nothing, &[])
            },
            AuthorityFile {
                is_test: true,
                ..file(&test_people.to_pem(), Issues::Professionals, &[TEST_LIST])
            },
        ];
        let stage = Self {
            settings: Settings {
                folder: folder.path().to_owned(),
                grace: hours(24),
                refresh: hours(1),
                authorities,
            },
            net: Arc::default(),
            root,
            people,
            contactless,
            organisations,
            test_people,
            folder,
        };
        stage.net.put(ROOT_LIST, stage.root.crl(&list(1), &[]));
        stage.net.put(PEOPLE_LIST, stage.people.crl(&list(1), &[]));
        stage.net.put(TEST_LIST, stage.test_people.crl(&list(1), &[]));
        stage
    }

    /// The same, asking a responder and no list of people's cards.
    pub fn with_responder() -> Self {
        let mut stage = Self::new();
        let file = stage.people_file();
        file.lists.clear();
        file.ocsp = Some(RESPONDER.to_owned());
        stage.net.answer_with(OcspResponder::new(stage.people.clone()));
        stage
    }

    pub fn people_file(&mut self) -> &mut AuthorityFile {
        &mut self.settings.authorities[1]
    }

    /// Opened, nothing fetched yet.
    pub fn open_at(&self, now: Timestamp) -> Cards {
        Cards::open(
            self.settings.clone(),
            self.net.clone(),
            Arc::new(SeededEntropy::new(1)),
            now,
        )
        .expect("the authorities are good")
    }

    /// Opened, lists fetched, at noon.
    pub async fn cards(&self) -> Cards {
        let cards = self.open_at(noon());
        cards.refresh_due(noon()).await;
        cards
    }

    /// What becomes of a card at noon, with fresh lists.
    pub async fn judge(&self, chain: Vec<Vec<u8>>) -> Result<Card, CardFault> {
        judge(&self.cards().await, chain, noon()).await
    }

    /// A list of these, as the people's authority would publish it at noon.
    pub fn list_of(&self, number: u64, revoked: &[&Issued]) -> Vec<u8> {
        self.people.crl(&list(number), &lines(revoked))
    }
}

/// A list that is good from noon on for a day.
pub fn list(number: u64) -> CrlSpec {
    CrlSpec {
        number,
        ..CrlSpec::new(noon(), noon() + hours(24))
    }
}

pub fn lines(revoked: &[&Issued]) -> Vec<Revoked> {
    revoked
        .iter()
        .map(|card| Revoked::new(&card.serial, noon()))
        .collect()
}

pub fn file(pem: &str, issues: Issues, lists: &[&str]) -> AuthorityFile {
    AuthorityFile {
        name: format!("{issues:?}.pem").to_lowercase(),
        bytes: pem.as_bytes().to_vec(),
        issues,
        is_test: false,
        lists: lists
            .iter()
            .map(|url| ListSource::Url((*url).to_owned()))
            .collect(),
        ocsp: None,
    }
}

pub async fn judge(cards: &Cards, chain: Vec<Vec<u8>>, now: Timestamp) -> Result<Card, CardFault> {
    cards
        .judge(
            &Presented {
                chain,
                is_proved: true,
            },
            now,
        )
        .await
}

/// Judges each, and complains of all that were not refused as they should be.
pub async fn refused(stage: &Stage, cases: Vec<(&str, CardFault, Vec<Vec<u8>>)>) {
    let cards = stage.cards().await;
    let mut wrong = Vec::new();
    for (sentence, fault, chain) in cases {
        let found = judge(&cards, chain, noon()).await;
        if found != Err(fault) {
            wrong.push(format!("{sentence}: {fault:?} expected, {found:?} found"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Why the people's list was not renewed.
pub fn failure(cards: &Cards) -> Option<String> {
    failure_of(cards, PEOPLE_LIST)
}

/// Why the list at that address was not renewed.
pub fn failure_of(cards: &Cards, source: &str) -> Option<String> {
    cards
        .lists(noon())
        .into_iter()
        .find(|status| status.source == source)
        .and_then(|status| status.failure)
}
