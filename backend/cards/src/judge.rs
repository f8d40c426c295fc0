//! The judge: every check, in order.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use der::Decode;
use jiff::{SignedDuration, Timestamp};
use portique_domain::card::{Card, CardFault, CardJudge, Presented};
use portique_domain::entropy::Entropy;
use x509_cert::Certificate;
use x509_cert::serial_number::SerialNumber;

use crate::chain::{self, Above, Chain};
use crate::crl::Kind;
use crate::fetch::Fetch;
use crate::lists::{ListStatus, Listed, Lists};
use crate::ocsp::{Asked, Means, Ocsp, Subject};
use crate::serial::Serial;
use crate::settings::Settings;
use crate::signature::{Signed, is_strong_key, key_of};
use crate::trust::{AuthorityId, Issues, Trust, TrustError};
use crate::{subject, usage};

/// Certificates that a browser or a proxy hands on at most: a card's, and the authorities of a chain deeper than any that is known.
pub const MAX_CERTIFICATES: usize = 6;

/// A certificate's bytes at most. Those of cards have some two thousand.
pub const MAX_CERTIFICATE_BYTES: usize = 16 * 1024;

/// Why cards can't be judged at all; said at start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("the folder for lists of revoked cards, {}, can't be used: {reason}", .folder.display())]
    Folder { folder: PathBuf, reason: std::io::Error },
}

/// The sources of revocations as they lie on disk, in the configuration's order: what a server that is started now begins with.
/// Writes nothing, so that it may be asked beside a server that runs.
pub fn lists_on_disk(settings: Settings, now: Timestamp) -> Result<ListsOnDisk, TrustError> {
    let trust = Trust::new(&settings.authorities, now)?;
    let lists = Lists::read(settings, &trust, now);
    Ok(ListsOnDisk {
        lists: lists.status(&trust, now),
        in_want: lists.in_want(&trust, now),
    })
}

/// What [`lists_on_disk`] found.
#[derive(Clone, Debug)]
pub struct ListsOnDisk {
    pub lists: Vec<ListStatus>,
    /// The authorities of which a list has to be there and none is believed: cards below them are refused.
    pub in_want: Vec<String>,
}

/// Judges the certificates of cards.
pub struct Cards {
    trust: Arc<Trust>,
    lists: Arc<Lists>,
    ocsp: Ocsp,
    grace: SignedDuration,
    fetch: Arc<dyn Fetch>,
    entropy: Arc<dyn Entropy>,
}

/// A certificate that is good but for what its authority may have said of it since.
struct Sound {
    card: Card,
    chain: Chain,
    serial: Serial,
    written: SerialNumber,
    points: Vec<String>,
}

impl Cards {
    /// Reads authorities and the lists that are on disk. Fetches nothing: [`Cards::refresh_due`] does.
    pub fn open(
        settings: Settings,
        fetch: Arc<dyn Fetch>,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let trust = Trust::new(&settings.authorities, now)?;
        let (folder, grace) = (settings.folder.clone(), settings.grace);
        let lists =
            Lists::open(settings, &trust, now).map_err(|reason| OpenError::Folder { folder, reason })?;
        Ok(Self {
            trust: Arc::new(trust),
            lists: Arc::new(lists),
            ocsp: Ocsp::default(),
            grace,
            fetch,
            entropy,
        })
    }

    /// What an operator should know of the configured authorities, a sentence each.
    pub fn warnings(&self) -> &[String] {
        self.trust.warnings()
    }

    /// The names of the configured authorities, each the content of a `Name` in DER: what a TLS server tells browsers, so that they
    /// offer their person the card's certificates alone.
    pub fn authority_names(&self) -> Vec<Vec<u8>> {
        self.trust.names().map(<[u8]>::to_vec).collect()
    }

    /// The sources of revocations, in the configuration's order, as they stand at `now`.
    pub fn lists(&self, now: Timestamp) -> Vec<ListStatus> {
        self.lists.status(&self.trust, now)
    }

    /// Whether a list revokes a card of that serial number (big-endian), whoever issued it: for who measures a look-up.
    #[cfg(feature = "test-support")]
    pub fn is_listed(&self, serial: &[u8], now: Timestamp) -> bool {
        Serial::from_integer(serial).is_some_and(|serial| {
            (0..self.trust.authorities().len())
                .any(|issuer| self.lists.lookup(issuer, serial, Kind::Holder, &[], now) == Listed::Revoked)
        })
    }

    /// Fetches the lists that are due, the first time all of them. To be called every minute or so; a call while another one
    /// fetches does nothing.
    pub async fn refresh_due(&self, now: Timestamp) {
        self.lists.refresh_due(&self.trust, &self.fetch, now).await;
    }

    /// All that can be said without asking anybody: cheap checks first. Nothing is believed before the handshake's proof: what
    /// is asked earlier only refuses. The subject comes after the chain: of a certificate that nobody known issued, its name is nobody's.
    fn examine(&self, presented: &Presented, now: Timestamp) -> Result<Sound, CardFault> {
        let (der, others) = presented.chain.split_first().ok_or(CardFault::NotPresented)?;
        if presented.chain.len() > MAX_CERTIFICATES
            || presented
                .chain
                .iter()
                .any(|der| der.len() > MAX_CERTIFICATE_BYTES)
        {
            return Err(CardFault::TooLarge);
        }
        let certificate = readable(der)?;
        for other in others {
            readable(other)?;
        }
        // What TLS verifies no handshake with: said before that there is no proof, which would name no fault.
        check_strength(der)?;
        chain::check_form(der)?;
        if !presented.is_proved {
            return Err(CardFault::NotProved);
        }
        let chain = chain::verify(&self.trust, &certificate, der, others, now)?;
        let issuer = self.trust.authority(chain.issuer);
        match issuer.issues {
            Issues::Professionals => {}
            Issues::Contactless => return Err(CardFault::Contactless),
            Issues::Organisations => return Err(CardFault::Organisation),
            Issues::Nothing => return Err(CardFault::BrokenChain),
        }
        if !usage::is_for_authentication(&certificate) {
            return Err(CardFault::WrongUsage);
        }
        let body = &certificate.tbs_certificate;
        let holder = subject::read(&body.subject)?;
        // Who issues test cards answers for nobody real: a portal that takes them must not open a person's account by one.
        if issuer.is_test && !holder.is_test {
            return Err(CardFault::TestCard);
        }
        let serial = serial_of(&body.serial_number)?;
        let card = Card {
            number: holder.number,
            family_name: holder.family_name,
            given_name: holder.given_name,
            is_test: holder.is_test,
        };
        Ok(Sound {
            card,
            chain,
            serial,
            written: body.serial_number.clone(),
            points: usage::distribution_points(&certificate),
        })
    }

    /// Whether an authority of the chain still stands.
    fn check_authority(&self, above: &Above, now: Timestamp) -> Result<(), CardFault> {
        let Some(issuer) = above.issuer else {
            // Who issued it only came with the card, and has no list here. The configuration itself vouches, or nobody.
            return above
                .is_configured
                .then_some(())
                .ok_or(CardFault::RevocationUnknown);
        };
        match self
            .lists
            .lookup(issuer, above.serial, Kind::Authority, &above.points, now)
        {
            Listed::Good | Listed::WasGood => Ok(()),
            Listed::Revoked => Err(CardFault::Revoked),
            // Where no source of the issuer is configured, an authority stands by being in the configuration itself.
            Listed::Missing if above.is_configured && !self.lists.is_expected(issuer, &self.trust) => Ok(()),
            Listed::Missing => {
                self.lists.complain_of_missing(issuer, &self.trust);
                Err(CardFault::RevocationUnknown)
            }
            Listed::TooOld => Err(CardFault::RevocationUnknown),
        }
    }

    /// Whether the holder's certificate still stands: whoever says "revoked" is believed, and somebody must say "good".
    async fn check_holder(&self, sound: &Sound, now: Timestamp) -> Result<(), CardFault> {
        let issuer = sound.chain.issuer;
        let listed = self
            .lists
            .lookup(issuer, sound.serial, Kind::Holder, &sound.points, now);
        if listed == Listed::Revoked {
            return Err(CardFault::Revoked);
        }
        let asked = match &self.trust.authority(issuer).ocsp {
            Some(url) => self.ask(url, issuer, sound, now).await,
            None => Asked::Unknown,
        };
        match (asked, listed) {
            (Asked::Revoked, _) => Err(CardFault::Revoked),
            (Asked::Good | Asked::WasGood, _)
            | (Asked::Unknown, Listed::Good | Listed::WasGood)
            // Of what the responder denies to know, only a list of now may know better.
            | (Asked::Disowned, Listed::Good) => Ok(()),
            (Asked::Unknown | Asked::Disowned, _) => Err(CardFault::RevocationUnknown),
        }
    }

    async fn ask(&self, url: &str, issuer: AuthorityId, sound: &Sound, now: Timestamp) -> Asked {
        let subject = Subject {
            issuer,
            serial: sound.serial,
            written: &sound.written,
        };
        let means = Means {
            trust: &self.trust,
            fetch: self.fetch.as_ref(),
            entropy: self.entropy.as_ref(),
            grace: self.grace,
            now,
        };
        let listed = |serial, points: &[String]| self.lists.lookup(issuer, serial, Kind::Holder, points, now);
        self.ocsp.ask(url, &subject, &means, listed).await
    }
}

#[async_trait]
impl CardJudge for Cards {
    async fn judge(&self, presented: &Presented, now: Timestamp) -> Result<Card, CardFault> {
        let sound = self.examine(presented, now)?;
        for above in &sound.chain.above {
            self.check_authority(above, now)?;
        }
        self.check_holder(&sound, now).await?;
        Ok(sound.card)
    }

    fn name_of(&self, presented: &Presented) -> Option<String> {
        let der = presented.chain.first()?;
        if der.len() > MAX_CERTIFICATE_BYTES {
            return None;
        }
        let body = Certificate::from_der(der).ok()?.tbs_certificate;
        let serial = Serial::from_integer(body.serial_number.as_bytes())?.to_hex();
        // Of names that others write, nothing comes into the trail.
        let issuer = self.trust.named(&body.issuer);
        Some(issuer.map_or_else(|| serial.clone(), |issuer| format!("{serial} {issuer}")))
    }
}

/// A certificate and nothing behind it.
fn readable(der: &[u8]) -> Result<Certificate, CardFault> {
    Certificate::from_der(der).map_err(|_| CardFault::Unreadable)
}

fn serial_of(written: &SerialNumber) -> Result<Serial, CardFault> {
    Serial::from_integer(written.as_bytes()).ok_or(CardFault::Unreadable)
}

/// Whether signature and key are of a kind that is taken at all. Asked before the chain is built, where a weak signature would look
/// like a wrong one.
fn check_strength(der: &[u8]) -> Result<(), CardFault> {
    let signed = Signed::read(der).map_err(|_| CardFault::Unreadable)?;
    if !signed.rest.is_empty() {
        return Err(CardFault::Unreadable);
    }
    if !signed.is_strong() {
        return Err(CardFault::WeakSignature);
    }
    let key = key_of(signed.content).map_err(|_| CardFault::Unreadable)?;
    if !is_strong_key(key) {
        return Err(CardFault::WeakKey);
    }
    Ok(())
}
