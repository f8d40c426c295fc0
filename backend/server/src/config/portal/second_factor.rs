//! Which second factor the portal takes, and of whom.

use jiff::SignedDuration;
use portique_domain::portal::{AcceptedOf, SecondFactor};

use super::Checker;
use crate::config::portal_file::{PortalFile, SecondFactorFile};

pub(super) fn read(file: SecondFactorFile) -> SecondFactor {
    let SecondFactorFile {
        always,
        email,
        reset_mailbox,
        app,
        passkeys,
        recovery_codes,
        remember_hours,
    } = file;
    SecondFactor {
        always,
        email,
        reset_mailbox,
        app,
        passkeys,
        recovery_codes,
        remembered: (remember_hours > 0).then(|| SignedDuration::from_hours(remember_hours.into())),
        ..SecondFactor::default()
    }
}

impl Checker<'_> {
    /// Privileged accounts are always asked for a second factor, and must have one at their first sign-in: an application or a
    /// passkey can only be added by who has signed in.
    pub(super) fn second_factor(&mut self, file: &PortalFile) {
        if file.second_factor.remember_hours > 12 {
            self.wrong(
                "second_factor.remember_hours",
                "expected 0 (no browser is remembered) to 12",
            );
        }
        let factor = read(file.second_factor);
        if ![factor.email, factor.sms].contains(&AcceptedOf::Everybody) {
            self.wrong(
                "second_factor.email",
                "expected \"everybody\": privileged accounts are always asked for a second factor, and can add an application \
                 or a passkey only once they have signed in",
            );
        }
    }
}
