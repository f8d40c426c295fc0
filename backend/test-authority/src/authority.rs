//! Authorities, and what they issued.

use der::asn1::Any;

use crate::asn1::pem;
use crate::certificate::{self, Issuer};
use crate::key::Key;
use crate::spec::{Spec, Urls};

/// A certificate with its key and those that stand behind it.
#[derive(Clone)]
pub struct Issued {
    pub certificate: Vec<u8>,
    pub key: Key,
    /// Big-endian, without sign.
    pub serial: Vec<u8>,
    /// DER, its issuer first, the root last; empty for a root.
    pub issuers: Vec<Vec<u8>>,
}

impl Issued {
    /// What a browser shows: the certificate, then its issuers but for the root.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        let issuers = self.issuers.iter().take(self.issuers.len().saturating_sub(1));
        std::iter::once(&self.certificate)
            .chain(issuers)
            .cloned()
            .collect()
    }

    pub fn to_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// [`Issued::chain`] in one file.
    pub fn chain_pem(&self) -> String {
        self.chain().iter().map(|der| pem("CERTIFICATE", der)).collect()
    }
}

/// One that issues certificates, lists of revoked ones, and answers about them.
#[derive(Clone)]
pub struct Authority {
    pub issued: Issued,
    pub(crate) name: Any,
    /// What the certificates that it issues say, where they say nothing else.
    pub urls: Urls,
}

impl Authority {
    /// Of [`Spec::authority`], signed by itself: `Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT"))`.
    pub fn root(spec: Spec) -> Self {
        let urls = Urls::default();
        let name = spec.subject.to_any();
        let by = Issuer {
            name: name.clone(),
            key: &spec.key,
            urls: &urls,
        };
        let (certificate, serial) = certificate::issue(&spec, &by);
        let issued = Issued {
            certificate,
            key: spec.key,
            serial,
            issuers: vec![],
        };
        Self { issued, name, urls }
    }

    /// An authority below this one.
    #[must_use]
    pub fn intermediate(&self, spec: Spec) -> Self {
        let name = spec.subject.to_any();
        Self {
            issued: self.issue(spec),
            name,
            urls: Urls::default(),
        }
    }

    /// The same, whose certificates say where their revocation is told.
    #[must_use]
    pub fn telling(mut self, urls: Urls) -> Self {
        self.urls = urls;
        self
    }

    pub fn issue(&self, spec: Spec) -> Issued {
        let by = Issuer {
            name: self.name.clone(),
            key: &self.issued.key,
            urls: &self.urls,
        };
        let (certificate, serial) = certificate::issue(&spec, &by);
        let mut issuers = vec![self.issued.certificate.clone()];
        issuers.extend(self.issued.issuers.iter().cloned());
        Issued {
            certificate,
            key: spec.key,
            serial,
            issuers,
        }
    }

    /// Its own certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.issued.certificate
    }

    pub fn to_pem(&self) -> String {
        self.issued.to_pem()
    }
}
