//! What people who stand locked out are offered, and the shares that hide who has an account.

use std::collections::{BTreeMap, BTreeSet};

use portique_domain::portal::{Offer, PasswordRecovery, Recovery};
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::types::EmailAddress;

use super::Checker;
use crate::config::portal_file::{PortalFile, RecoveryFile, RecoveryScreenFile};

const MASKED_DOMAINS: &str = "recovery.password.masked_domains";

/// The key of `masked_domains` for every domain that is not shown.
const ELSEWHERE: &str = "elsewhere";

impl Checker<'_> {
    pub(super) fn recovery(&mut self, file: &PortalFile) {
        let Some(password) = &file.recovery.password else {
            return;
        };
        if password.masked_domains.is_empty() {
            return;
        }
        if password.by != RecoveryBy::Identifier {
            self.wrong(
                MASKED_DOMAINS,
                "expected only where by = \"identifier\": who types an address knows it",
            );
        }
        self.domains(password.masked_domains.keys());
        self.shares(&password.masked_domains);
    }

    /// What is no domain, and what stands there twice, would be shown for made-up people alone, and tell them from real ones.
    fn domains<'a>(&mut self, shares: impl Iterator<Item = &'a String>) {
        let mut known = BTreeSet::new();
        for domain in shares.filter(|domain| *domain != ELSEWHERE) {
            let folded = domain.to_lowercase();
            if !is_domain(&folded) {
                let expectation =
                    format!("found «{domain}», expected what stands after the @ of an address: chu.example");
                self.wrong(MASKED_DOMAINS, expectation);
            } else if !known.insert(folded) {
                self.wrong(
                    MASKED_DOMAINS,
                    format!("found «{domain}» twice (capitals do not count), expected it once"),
                );
            }
        }
    }

    /// Where a domain, or none of them, is never drawn for who has no account, seeing it tells that somebody has one.
    fn shares(&mut self, shares: &BTreeMap<String, u32>) {
        let mut out_of_range = shares.iter().filter(|(_, share)| !(1..=99).contains(*share));
        if let Some((domain, share)) = out_of_range.next() {
            let expectation = format!("found {share} for «{domain}», expected shares of 1 to 99");
            self.wrong(MASKED_DOMAINS, expectation);
        } else if !shares.contains_key(ELSEWHERE) {
            self.wrong(
                MASKED_DOMAINS,
                "expected «elsewhere» among the domains, with a share of 1 at least",
            );
        } else if shares.values().copied().map(u64::from).sum::<u64>() != 100 {
            self.wrong(MASKED_DOMAINS, "expected shares that make 100 together");
        }
    }
}

/// Whether mail can go to it: in lower case, as addresses are kept.
fn is_domain(domain: &str) -> bool {
    EmailAddress::parse(&format!("a@{domain}")).is_ok_and(|address| address.domain() == domain)
}

/// What people who stand locked out may ask for.
pub(super) fn read(file: &RecoveryFile) -> Recovery {
    let offer = |screen: &RecoveryScreenFile| Offer {
        captcha: screen.captcha,
    };
    Recovery {
        password: file.password.as_ref().map(|password| PasswordRecovery {
            by: password.by,
            asks_identifier: password.asks_identifier,
            masked_domains: password
                .masked_domains
                .iter()
                .filter(|(domain, _)| *domain != ELSEWHERE)
                .map(|(domain, share)| (domain.to_lowercase(), *share))
                .collect(),
            offer: offer(&password.screen),
        }),
        identifier: file.identifier.as_ref().map(offer),
        first_connection: file.first_connection.as_ref().map(offer),
        account_request: file.account_request.as_ref().map(offer),
    }
}
