//! Which second factor the portal takes, and of whom.

use jiff::SignedDuration;
use portique_domain::phone::Countries;
use portique_domain::portal::{AcceptedOf, SecondFactor};

use super::Checker;
use crate::config::portal_file::SecondFactorFile;

/// More SMS than any region's professionals could read in a day.
const MOST_A_DAY: u32 = 1_000_000;

/// A shift: longer, and the next person's at a shared desk.
const MOST_HOURS: u32 = 12;

impl Checker<'_> {
    pub(super) fn second_factor(&mut self, file: &SecondFactorFile) -> SecondFactor {
        if file.remember_hours > MOST_HOURS {
            self.wrong(
                "second_factor.remember_hours",
                "expected 0 (no browser is remembered) to 12",
            );
        }
        // An application or a passkey can only be added by who has signed in.
        if ![file.email, file.sms].contains(&AcceptedOf::Everybody) {
            self.wrong(
                "second_factor.email",
                "expected \"everybody\": privileged accounts are always asked for a second factor, and can add an application \
                 or a passkey only once they have signed in",
            );
        }
        if !(1..=MOST_A_DAY).contains(&file.sms_per_day) {
            let expectation = format!("expected 1 to {MOST_A_DAY}; sms = \"nobody\" sends none");
            self.wrong("second_factor.sms_per_day", expectation);
        }
        let length = SignedDuration::from_hours(file.remember_hours.into());
        SecondFactor {
            always: file.always,
            email: file.email,
            reset_mailbox: file.reset_mailbox,
            sms: file.sms,
            sms_per_day: file.sms_per_day,
            sms_countries: self.sms_countries(file),
            app: file.app,
            passkeys: file.passkeys,
            recovery_codes: file.recovery_codes,
            remembered: Some(length).filter(SignedDuration::is_positive),
        }
    }

    /// Where the file is wrong the error is told, and nothing of this portal is used.
    fn sms_countries(&mut self, file: &SecondFactorFile) -> Countries {
        let Some(codes) = &file.sms_countries else {
            return Countries::french();
        };
        if codes.is_empty() {
            let expectation = "expected a country at least, such as FR; sms = \"nobody\" sends none";
            self.wrong("second_factor.sms_countries", expectation);
        }
        match Countries::parse(codes.iter().map(String::as_str)) {
            Ok(countries) => countries,
            Err(error) => {
                self.wrong("second_factor.sms_countries", error.to_string());
                Countries::french()
            }
        }
    }
}
