//! Reads a list of revoked certificates (RFC 5280, 5) and verifies it.

use const_oid::db::rfc5280::{
    ID_CE_CRL_NUMBER, ID_CE_CRL_REASONS, ID_CE_DELTA_CRL_INDICATOR, ID_CE_INVALIDITY_DATE,
    ID_CE_ISSUING_DISTRIBUTION_POINT,
};
use der::asn1::{AnyRef, UintRef};
use der::{Decode, Length, Reader, SliceReader, Tag, TagNumber};
use jiff::Timestamp;
use pki_types::CertificateRevocationListDer;
use pki_types::pem::PemObject;
use x509_cert::time::Time;

use crate::bundle::is_pem;
use crate::moment;
use crate::serial::{Serial, Serials};
use crate::signature::{SignatureFault, Signed, sole_value, value};
use crate::trust::{AuthorityId, Trust};

use super::extensions::walk;
use super::{CLOCK_TOLERANCE, ListFault, RevokedList, Scope};

/// The tag of the list's own extensions.
const EXTENSIONS: Tag = Tag::ContextSpecific {
    constructed: true,
    number: TagNumber::N0,
};

/// Reads a list, DER or PEM, that one of the authorities in `trust` signed.
pub(crate) fn read(bytes: &[u8], trust: &Trust, now: Timestamp) -> Result<RevokedList, ListFault> {
    if bytes.len() > usize::try_from(Length::MAX).unwrap_or(usize::MAX) {
        return Err(ListFault::TooLarge);
    }
    if is_pem(bytes) {
        let der = CertificateRevocationListDer::from_pem_slice(bytes).map_err(|_| ListFault::Unreadable)?;
        return read_der(&der, trust, now);
    }
    read_der(bytes, trust, now)
}

fn read_der(der: &[u8], trust: &Trust, now: Timestamp) -> Result<RevokedList, ListFault> {
    let signed = Signed::read(der)?;
    if !signed.rest.is_empty() {
        return Err(ListFault::Unreadable);
    }
    let head = Head::read(signed.content)?;
    if head.algorithm != signed.algorithm {
        return Err(ListFault::Unreadable);
    }
    // Nothing of a million entries is looked at before it is known who wrote them.
    let authority = verify(&signed, head.issuer, trust)?;
    let scope = read_extensions(head.extensions)?;
    let next_update = head.next_update.ok_or(ListFault::NoNextUpdate)?;
    if head.this_update > now.saturating_add(CLOCK_TOLERANCE).unwrap_or(Timestamp::MAX) {
        return Err(ListFault::FromTheFuture(head.this_update));
    }
    if next_update < head.this_update {
        return Err(ListFault::Unreadable);
    }
    Ok(RevokedList {
        authority,
        this_update: head.this_update,
        next_update,
        number: scope.number,
        scope: scope.scope,
        revoked: read_entries(head.entries)?,
    })
}

/// The authority whose signature it is.
fn verify(signed: &Signed<'_>, issuer: &[u8], trust: &Trust) -> Result<AuthorityId, ListFault> {
    let mut fault = ListFault::UnknownAuthority;
    for (id, authority) in trust.authorities().iter().enumerate() {
        if authority.subject != issuer {
            continue;
        }
        // Of the same name there may be several: an authority that changed its key.
        match signed.verify(&authority.key) {
            Ok(()) if authority.may_sign_lists => return Ok(id),
            Ok(()) => fault = ListFault::NotEntitled,
            Err(SignatureFault::Weak) => fault = ListFault::WeakSignature,
            Err(SignatureFault::Wrong) => fault = ListFault::WrongSignature,
        }
    }
    Err(fault)
}

/// What stands around the entries.
struct Head<'a> {
    algorithm: &'a [u8],
    issuer: &'a [u8],
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// The value of the SEQUENCE of revoked certificates.
    entries: &'a [u8],
    /// The value of the SEQUENCE of the list's own extensions.
    extensions: &'a [u8],
}

impl<'a> Head<'a> {
    fn read(content: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(sole_value(content, Tag::Sequence)?)?;
        if reader.peek_tag()? == Tag::Integer {
            // Version 2, the only one that is written out.
            if u8::decode(&mut reader)? != 1 {
                return Err(Tag::Integer.value_error());
            }
        }
        let algorithm = value(&mut reader, Tag::Sequence)?;
        let issuer = value(&mut reader, Tag::Sequence)?;
        let this_update = moment::of_time(Time::decode(&mut reader)?);
        let next_update = match peek(&reader) {
            Some(Tag::UtcTime | Tag::GeneralizedTime) => Some(moment::of_time(Time::decode(&mut reader)?)),
            _ => None,
        };
        let entries = match peek(&reader) {
            Some(Tag::Sequence) => value(&mut reader, Tag::Sequence)?,
            _ => &[],
        };
        let extensions = match peek(&reader) {
            Some(EXTENSIONS) => sole_value(value(&mut reader, EXTENSIONS)?, Tag::Sequence)?,
            _ => &[],
        };
        reader.finish(Self {
            algorithm,
            issuer,
            this_update,
            next_update,
            entries,
            extensions,
        })
    }
}

fn peek(reader: &SliceReader<'_>) -> Option<Tag> {
    (!reader.is_finished()).then(|| reader.peek_tag().ok()).flatten()
}

#[derive(Default)]
struct Extensions {
    number: Option<Vec<u8>>,
    scope: Scope,
}

fn read_extensions(list: &[u8]) -> Result<Extensions, ListFault> {
    let mut found = Extensions::default();
    walk(list, |identifier, is_critical, content| {
        match identifier {
            ID_CE_CRL_NUMBER => found.number = Some(UintRef::from_der(content)?.as_bytes().to_vec()),
            ID_CE_ISSUING_DISTRIBUTION_POINT => found.scope = Scope::read(content)?,
            ID_CE_DELTA_CRL_INDICATOR => return Err(ListFault::Delta),
            unknown if is_critical => return Err(ListFault::UnknownExtension(unknown.to_string())),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn read_entries(entries: &[u8]) -> Result<Serials, ListFault> {
    let mut reader = SliceReader::new(entries)?;
    let mut serials = Vec::new();
    while !reader.is_finished() {
        let mut entry = SliceReader::new(value(&mut reader, Tag::Sequence)?)?;
        let serial = value(&mut entry, Tag::Integer)?;
        serials.push(Serial::from_integer(serial).ok_or(ListFault::Unreadable)?);
        let when = AnyRef::decode(&mut entry)?;
        if !matches!(der::Tagged::tag(&when), Tag::UtcTime | Tag::GeneralizedTime) {
            return Err(ListFault::Unreadable);
        }
        if !entry.is_finished() {
            let extensions = value(&mut entry, Tag::Sequence)?;
            entry.finish(())?;
            refuse_unknown(extensions)?;
        }
    }
    Ok(Serials::from(serials))
}

/// Refuses an entry that means something else than "revoked" (RFC 5280, 5.3).
fn refuse_unknown(extensions: &[u8]) -> Result<(), ListFault> {
    walk(extensions, |identifier, is_critical, _| match identifier {
        // On hold is revoked as long as it lasts.
        ID_CE_CRL_REASONS | ID_CE_INVALIDITY_DATE => Ok(()),
        unknown if is_critical => Err(ListFault::UnknownExtension(unknown.to_string())),
        _ => Ok(()),
    })
}
