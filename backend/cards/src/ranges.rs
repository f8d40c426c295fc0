//! Under which roots the authorities of a file stand.
//!
//! Public key infrastructures keep cards of different worth apart by ranges, each under a root of its own, and publish them
//! in one file. Said to be of professionals as a whole, such a file would let the card's contactless side in, whose subject is the
//! same and which asks for no PIN.

use std::collections::BTreeSet;

use pki_types::CertificateDer;

use crate::signature::Signed;
use crate::trust::{AuthorityId, Trust};

/// The anchors above each authority, itself where it is one: as far as all configured files tell.
pub(crate) fn anchors_above(trust: &Trust) -> Vec<BTreeSet<AuthorityId>> {
    let mut above: Vec<BTreeSet<AuthorityId>> = trust
        .authorities()
        .iter()
        .enumerate()
        .map(|(id, authority)| authority.is_anchor.then_some(id).into_iter().collect())
        .collect();
    let links: Vec<_> = trust
        .intermediates
        .iter()
        .flat_map(|der| links(trust, der))
        .collect();
    // Until nothing is added: authorities may certify each other in a circle.
    loop {
        let mut grown = false;
        for (below, issuer) in &links {
            let anchors = above[*issuer].clone();
            let known = above[*below].len();
            above[*below].extend(anchors);
            grown |= above[*below].len() > known;
        }
        if !grown {
            return above;
        }
    }
}

/// From the authority of a certificate to whoever of the configured ones signed it.
fn links(trust: &Trust, der: &CertificateDer<'_>) -> Vec<(AuthorityId, AuthorityId)> {
    let (Ok(certificate), Ok(signed)) = (webpki::anchor_from_trusted_cert(der), Signed::read(der)) else {
        return Vec::new();
    };
    let Some(below) = trust.find(&certificate.subject, &certificate.subject_public_key_info) else {
        return Vec::new();
    };
    trust
        .authorities()
        .iter()
        .enumerate()
        .filter(|(id, issuer)| *id != below && signed.verify(&issuer.key).is_ok())
        .map(|(issuer, _)| (below, issuer))
        .collect()
}

/// What is wrong with the file at that place, if its authorities stand under roots that have nothing in common.
pub(crate) fn fault(trust: &Trust, above: &[BTreeSet<AuthorityId>], place: usize) -> Option<String> {
    let mut common: Option<BTreeSet<AuthorityId>> = None;
    let mut all = BTreeSet::new();
    for (authority, anchors) in trust.authorities().iter().zip(above) {
        // Of one whose root is in no file, nothing can be said: it vouches for nobody.
        if authority.is_anchor || anchors.is_empty() || !authority.files.contains(&place) {
            continue;
        }
        all.extend(anchors);
        common = Some(match common {
            Some(common) => common.intersection(anchors).copied().collect(),
            None => anchors.clone(),
        });
    }
    if !common.is_some_and(|common| common.is_empty()) {
        return None;
    }
    let roots: Vec<_> = all
        .iter()
        .map(|id| format!("«{}»", trust.authority(*id).name))
        .collect();
    Some(format!(
        "its authorities stand under several roots ({}); expected those of one, as each range of cards has its own: split it, a file \
         for each range with what that one issues",
        roots.join(", ")
    ))
}
