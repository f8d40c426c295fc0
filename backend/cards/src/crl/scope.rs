//! Which of its authority's certificates a list speaks of (RFC 5280, 5.2.5).

use der::Decode;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;

use crate::usage;

use super::fault::ListFault;

/// Which of its authority's certificates a list speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Holders' certificates alone, or authorities' alone.
    only: Option<Kind>,
    /// Of certificates that name one of these addresses; empty: of all.
    points: Vec<String>,
}

/// Whose certificate is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Holder,
    Authority,
}

impl Scope {
    /// Reads an issuing distribution point. What would leave revoked certificates out of the list is refused, not overlooked.
    pub(super) fn read(der: &[u8]) -> Result<Self, ListFault> {
        let point = IssuingDistributionPoint::from_der(der)?;
        if point.indirect_crl {
            return Err(ListFault::Indirect);
        }
        if point.only_some_reasons.is_some() || point.only_contains_attribute_certs {
            return Err(ListFault::UnknownExtension(
                "a list of some reasons or kinds alone".to_owned(),
            ));
        }
        let only = match (point.only_contains_user_certs, point.only_contains_ca_certs) {
            (true, true) => return Err(ListFault::Unreadable),
            (true, false) => Some(Kind::Holder),
            (false, true) => Some(Kind::Authority),
            (false, false) => None,
        };
        let points = match &point.distribution_point {
            None => Vec::new(),
            Some(name) => {
                let addresses = usage::addresses(name);
                if addresses.is_empty() {
                    return Err(ListFault::UnknownExtension(
                        "a distribution point without address".to_owned(),
                    ));
                }
                addresses
            }
        };
        Ok(Self { only, points })
    }

    /// Whether it speaks of a certificate of that kind which names these addresses.
    pub(crate) fn covers(&self, kind: Kind, points: &[String]) -> bool {
        self.only.is_none_or(|only| only == kind)
            && (self.points.is_empty() || self.points.iter().any(|point| points.contains(point)))
    }
}
