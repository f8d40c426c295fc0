//! What people who stand locked out are offered, and the shares that hide who has an account.

use std::collections::BTreeMap;

use portique_domain::portal::{Offer, PasswordRecovery, Recovery};
use portique_shared::api::recovery::RecoveryBy;

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
        self.shares(&password.masked_domains);
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
