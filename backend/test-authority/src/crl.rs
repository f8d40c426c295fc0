//! Lists of revoked certificates, of any length: what is written is never held in memory.

use std::io::{self, Write};

use der::asn1::Any;
use der::oid::db::rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT;
use der::{Tag, TagNumber};
use jiff::Timestamp;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason};

use crate::asn1::{any, encode, extension, header, integer, octets, sequence, time, usual};
use crate::authority::Authority;
use crate::key::{Hash, Key};
use crate::name::Name;

/// What a list shall say of itself, good or bad.
#[derive(Clone)]
pub struct CrlSpec {
    pub this_update: Timestamp,
    pub next_update: Option<Timestamp>,
    /// Of the list among its authority's.
    pub number: u64,
    /// Another name than the authority's.
    pub issuer: Option<Name>,
    /// Another key than the authority's: a forged list.
    pub signed_by: Option<Key>,
    pub hash: Hash,
    /// Written after the others.
    pub extra: Vec<Extension>,
}

impl CrlSpec {
    pub fn new(this_update: Timestamp, next_update: Timestamp) -> Self {
        Self {
            this_update,
            next_update: Some(next_update),
            number: 1,
            issuer: None,
            signed_by: None,
            hash: Hash::Sha256,
            extra: vec![],
        }
    }
}

/// Says in a list that it speaks only of certificates which name this address.
pub fn issuing_point(address: &str) -> Extension {
    let tag = |number, constructed| Tag::ContextSpecific { constructed, number };
    let uri = any(tag(TagNumber::N6, false), address.as_bytes().to_vec());
    // The address among a full name's, that among the ways to name a point, and the point among what limits a list.
    let name = any(tag(TagNumber::N0, true), encode(&uri));
    let point = any(tag(TagNumber::N0, true), encode(&name));
    extension(
        ID_CE_ISSUING_DISTRIBUTION_POINT,
        true,
        encode(&sequence(&[encode(&point)])),
    )
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Big-endian, without sign.
    pub serial: Vec<u8>,
    pub at: Timestamp,
    pub reason: Option<CrlReason>,
}

impl Revoked {
    pub fn new(serial: &[u8], at: Timestamp) -> Self {
        Self {
            serial: serial.to_vec(),
            at,
            reason: None,
        }
    }

    fn encoded(&self) -> Vec<u8> {
        let mut parts = vec![encode(&integer(&self.serial)), encode(&time(self.at))];
        if let Some(reason) = &self.reason {
            parts.push(encode(&sequence(&[encode(&usual(false, reason))])));
        }
        encode(&sequence(&parts))
    }
}

/// The parts of a list around its lines.
struct Frame {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Authority {
    /// A list of these, DER.
    pub fn crl(&self, spec: &CrlSpec, revoked: &[Revoked]) -> Vec<u8> {
        let lines = revoked.iter().map(Revoked::encoded).collect::<Vec<_>>().concat();
        let frame = self.frame(spec, lines.len() as u64);
        let signer = spec.signed_by.as_ref().unwrap_or(&self.issued.key);
        crate::certificate::sign(&[frame.before, lines, frame.after].concat(), signer, spec.hash)
    }

    /// The same written line by line. The lines are gone through three times: for their length, for the signature, and to
    /// be written.
    pub fn write_crl<I>(&self, spec: &CrlSpec, revoked: &I, out: &mut impl Write) -> io::Result<()>
    where
        I: Iterator<Item = Revoked> + Clone,
    {
        let lines = || revoked.clone().map(|line| line.encoded());
        let frame = self.frame(spec, lines().map(|line| line.len() as u64).sum());
        let signer = spec.signed_by.as_ref().unwrap_or(&self.issued.key);

        let mut length = 0;
        let mut hash = spec.hash.hasher();
        let mut count = |bytes: &[u8]| {
            length += bytes.len() as u64;
            hash.update(bytes);
        };
        count(&frame.before);
        lines().for_each(|line| count(&line));
        count(&frame.after);

        let signature = [
            encode(&signer.algorithm(spec.hash)),
            encode(&signer.sign_digest(spec.hash, &hash.finalize())),
        ]
        .concat();
        out.write_all(&header(Tag::Sequence, length + signature.len() as u64))?;
        out.write_all(&frame.before)?;
        for line in lines() {
            out.write_all(&line)?;
        }
        out.write_all(&frame.after)?;
        out.write_all(&signature)
    }

    /// What stands before and after lines of so many bytes. A list of none has no sequence of lines (RFC 5280, 5.1.2.6).
    fn frame(&self, spec: &CrlSpec, lines: u64) -> Frame {
        let signer = spec.signed_by.as_ref().unwrap_or(&self.issued.key);
        let mut before = [
            encode(&integer(&[1])),
            encode(&signer.algorithm(spec.hash)),
            encode(
                &spec
                    .issuer
                    .as_ref()
                    .map_or_else(|| self.name.clone(), Name::to_any),
            ),
            encode(&time(spec.this_update)),
            spec.next_update.map(|at| encode(&time(at))).unwrap_or_default(),
        ]
        .concat();
        if lines > 0 {
            before.extend(header(Tag::Sequence, lines));
        }
        let after = encode(&self.crl_extensions(spec));
        let length = before.len() as u64 + lines + after.len() as u64;
        Frame {
            before: [header(Tag::Sequence, length), before].concat(),
            after,
        }
    }

    fn crl_extensions(&self, spec: &CrlSpec) -> Any {
        let key = AuthorityKeyIdentifier {
            key_identifier: Some(octets(self.issued.key.identifier())),
            ..Default::default()
        };
        let number = encode(&integer(&spec.number.to_be_bytes()));
        let mut all = vec![
            encode(&usual(false, &key)),
            encode(&extension(
                <CrlNumber as der::oid::AssociatedOid>::OID,
                false,
                number,
            )),
        ];
        all.extend(spec.extra.iter().map(encode));
        let explicit = Tag::ContextSpecific {
            constructed: true,
            number: TagNumber::N0,
        };
        any(explicit, encode(&sequence(&all)))
    }
}
