//! Whose certificates are believed: the authorities that the configuration names, and what each issues.

use std::path::PathBuf;

use der::asn1::AnyRef;
use der::{Decode, Encode};
use jiff::Timestamp;
use pki_types::{CertificateDer, TrustAnchor};
use x509_cert::Certificate;
use x509_cert::name::Name;

use crate::signature::{Signed, is_strong_key};
use crate::{bundle, moment, ranges, subject, usage};

/// One of the configuration's files of authorities.
#[derive(Clone, Debug)]
pub struct AuthorityFile {
    /// As the operator knows it: it stands in messages.
    pub name: String,
    /// PEM, or DER, or `.p7b` in either. Self-signed certificates in it are trust anchors, the others intermediates.
    pub bytes: Vec<u8>,
    pub issues: Issues,
    /// Of a test chain: its cards are those of the national test series alone, and taken only where a portal says so.
    pub is_test: bool,
    /// Where the lists of the certificates are that its authorities revoked.
    pub lists: Vec<ListSource>,
    /// The address of its OCSP responder.
    pub ocsp: Option<String>,
}

/// What certificates are that an authority issues directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issues {
    /// Of professionals, asking for a PIN.
    Professionals,
    /// Of the card's contactless side.
    Contactless,
    Organisations,
    /// Of other authorities alone: a root.
    Nothing,
}

/// Where a list of revoked certificates comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListSource {
    Url(String),
    File(PathBuf),
}

/// What is wrong with the configured authorities.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct TrustError {
    pub file: String,
    pub reason: String,
}

/// An authority: a name and a key. It may have several certificates.
#[derive(Debug)]
pub(crate) struct Authority {
    /// A `Name` without its tag and length.
    pub(crate) subject: Vec<u8>,
    /// A `SubjectPublicKeyInfo` without its tag and length.
    pub(crate) key: Vec<u8>,
    /// For people.
    pub(crate) name: String,
    pub(crate) issues: Issues,
    pub(crate) is_test: bool,
    pub(crate) ocsp: Option<String>,
    pub(crate) may_sign_lists: bool,
    /// The files that it is in, by their place in the configuration.
    pub(crate) files: Vec<usize>,
    /// Whether it signed itself, and is trusted for that.
    pub(crate) is_anchor: bool,
}

/// An authority's place in [`Trust`].
pub(crate) type AuthorityId = usize;

/// The authorities that are believed.
pub struct Trust {
    authorities: Vec<Authority>,
    pub(crate) anchors: Vec<TrustAnchor<'static>>,
    pub(crate) intermediates: Vec<CertificateDer<'static>>,
    warnings: Vec<String>,
}

impl Trust {
    /// Reads the files. `now` is for warnings: an authority that expired still stands where it is an anchor, as trust in it comes
    /// from the configuration and not from its certificate.
    pub fn new(files: &[AuthorityFile], now: Timestamp) -> Result<Self, TrustError> {
        let mut trust = Self {
            authorities: Vec::new(),
            anchors: Vec::new(),
            intermediates: Vec::new(),
            warnings: Vec::new(),
        };
        for (place, file) in files.iter().enumerate() {
            let wrong = |reason: String| TrustError {
                file: file.name.clone(),
                reason,
            };
            let certificates =
                bundle::certificates(&file.bytes).map_err(|reason| wrong(reason.to_owned()))?;
            let before = trust.anchors.len() + trust.intermediates.len();
            for der in certificates {
                trust.add(der, file, place, now).map_err(wrong)?;
            }
            if trust.anchors.len() + trust.intermediates.len() == before {
                return Err(wrong("no authority in it that can be believed".to_owned()));
            }
            if file.issues == Issues::Professionals && file.lists.is_empty() && file.ocsp.is_none() {
                let name = &file.name;
                trust.warnings.push(format!(
                    "{name}: neither a list nor a responder is named, so that its cards are refused"
                ));
            }
        }
        if trust.anchors.is_empty() {
            return Err(TrustError {
                file: files
                    .first()
                    .map_or_else(|| "cards.authorities".to_owned(), |file| file.name.clone()),
                reason: "no file holds a self-signed certificate: nothing to trust in the end".to_owned(),
            });
        }
        trust.check_ranges(files)?;
        trust.warn_of_loose_ends();
        Ok(trust)
    }

    /// One meaning for authorities of several ranges would be wrong for all but one of them.
    fn check_ranges(&self, files: &[AuthorityFile]) -> Result<(), TrustError> {
        let above = ranges::anchors_above(self);
        for (place, file) in files.iter().enumerate() {
            if file.issues != Issues::Nothing
                && let Some(reason) = ranges::fault(self, &above, place)
            {
                let file = file.name.clone();
                return Err(TrustError { file, reason });
            }
        }
        Ok(())
    }

    /// Each authority's name, without its tag and length.
    pub(crate) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.authorities
            .iter()
            .map(|authority| authority.subject.as_slice())
    }

    /// What an operator should know of the files, a sentence each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(crate) fn authority(&self, id: AuthorityId) -> &Authority {
        &self.authorities[id]
    }

    pub(crate) fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    /// For people, the name of a configured authority.
    pub(crate) fn named(&self, name: &Name) -> Option<&str> {
        let der = name.to_der().ok()?;
        let content = AnyRef::from_der(&der).ok()?.value();
        let authority = self
            .authorities
            .iter()
            .find(|authority| authority.subject == content)?;
        Some(&authority.name)
    }

    /// The authority of that name and key. The name alone is anybody's to take.
    pub(crate) fn find(&self, subject: &[u8], key: &[u8]) -> Option<AuthorityId> {
        self.authorities
            .iter()
            .position(|authority| authority.subject == subject && authority.key == key)
    }

    fn add(
        &mut self,
        der: Vec<u8>,
        file: &AuthorityFile,
        place: usize,
        now: Timestamp,
    ) -> Result<(), String> {
        let certificate =
            Certificate::from_der(&der).map_err(|_| "a certificate in it can't be read".to_owned())?;
        let name = authority_name(&certificate.tbs_certificate.subject);
        if !usage::is_authority(&certificate) {
            return Err(format!(
                "«{name}» is no authority: its certificate may issue none"
            ));
        }
        let der = CertificateDer::from(der);
        let anchor = webpki::anchor_from_trusted_cert(&der)
            .map_err(|error| format!("the certificate of «{name}» can't be used: {error}"))?
            .to_owned();
        let signed = Signed::read(&der).map_err(|_| "a certificate in it can't be read".to_owned())?;
        let is_anchor = certificate.tbs_certificate.subject == certificate.tbs_certificate.issuer;
        let label = format!("{}: «{name}»", file.name);
        if !is_strong_key(&anchor.subject_public_key_info) {
            self.warnings
                .push(format!("{label} has a weak key and is left out"));
            return Ok(());
        }
        if !signed.is_strong() && !is_anchor {
            self.warnings
                .push(format!("{label} is signed with a weak algorithm and is left out"));
            return Ok(());
        }
        if is_anchor && signed.is_strong() && signed.verify(&anchor.subject_public_key_info).is_err() {
            return Err(format!(
                "«{name}» names itself as its issuer, but its key did not sign it"
            ));
        }
        let validity = &certificate.tbs_certificate.validity;
        if now > moment::of_time(validity.not_after) {
            self.warnings.push(format!("{label} has expired"));
        } else if now < moment::of_time(validity.not_before) {
            self.warnings.push(format!("{label} is not valid yet"));
        }
        let authority = Authority {
            subject: anchor.subject.to_vec(),
            key: anchor.subject_public_key_info.to_vec(),
            name,
            issues: file.issues,
            is_test: file.is_test,
            ocsp: file.ocsp.clone(),
            may_sign_lists: usage::may_sign_lists(&certificate),
            files: vec![place],
            is_anchor,
        };
        self.remember(authority)?;
        if is_anchor {
            if !self.anchors.contains(&anchor) {
                self.anchors.push(anchor);
            }
        } else if !self.intermediates.contains(&der) {
            self.intermediates.push(der);
        }
        Ok(())
    }

    /// Adds an authority, or what another file says of one that is known.
    fn remember(&mut self, new: Authority) -> Result<(), String> {
        let Some(id) = self.find(&new.subject, &new.key) else {
            self.authorities.push(new);
            return Ok(());
        };
        let known = &mut self.authorities[id];
        if known.issues != new.issues || known.is_test != new.is_test {
            if !new.is_anchor && !known.is_anchor {
                return Err(format!(
                    "«{}» is in another file too, with another meaning",
                    new.name
                ));
            }
            // Published bundles hold their root each: of what it issues itself, they can't all speak.
            known.issues = Issues::Nothing;
            known.is_test |= new.is_test;
        }
        known.may_sign_lists |= new.may_sign_lists;
        known.is_anchor |= new.is_anchor;
        known.ocsp = known.ocsp.take().or(new.ocsp);
        known.files.extend(new.files);
        known.files.dedup();
        Ok(())
    }

    fn warn_of_loose_ends(&mut self) {
        for der in &self.intermediates {
            let Ok(certificate) = webpki::EndEntityCert::try_from(der) else {
                continue;
            };
            if !self
                .authorities
                .iter()
                .any(|known| known.subject == certificate.issuer())
            {
                let name = self
                    .authorities
                    .iter()
                    .find(|known| known.subject == certificate.subject())
                    .map_or("", |known| known.name.as_str());
                self.warnings
                    .push(format!("«{name}»: no file holds the authority that issued it"));
            }
        }
    }
}

/// An authority's name for people: its last common name, else the whole.
fn authority_name(name: &Name) -> String {
    name.0
        .iter()
        .flat_map(|names| names.0.iter())
        .filter(|attribute| attribute.oid == const_oid::db::rfc4519::CN)
        .filter_map(|attribute| subject::text(&attribute.value))
        .next_back()
        .unwrap_or_else(|| name.to_string())
}
