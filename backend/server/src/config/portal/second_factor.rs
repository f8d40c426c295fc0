//! How the portal proves people a second time.

use portique_domain::phone::Countries;
use portique_domain::portal::SecondFactor;

use super::Checker;
use crate::config::portal_file::SecondFactorFile;

/// More SMS than any region's professionals could read in a day.
const MOST_A_DAY: u32 = 1_000_000;

impl Checker<'_> {
    pub(super) fn second_factor(&mut self, file: &SecondFactorFile) -> SecondFactor {
        if !(1..=MOST_A_DAY).contains(&file.sms_per_day) {
            let expectation = format!("expected 1 to {MOST_A_DAY}; sms = false sends none");
            self.wrong("second_factor.sms_per_day", expectation);
        }
        let countries = match file.sms_countries.as_deref() {
            None => Ok(Countries::french()),
            Some([]) => {
                let expectation = "expected a country at least, such as FR; sms = false sends none";
                self.wrong("second_factor.sms_countries", expectation);
                Ok(Countries::french())
            }
            Some(codes) => Countries::parse(codes.iter().map(String::as_str)),
        };
        if let Err(error) = &countries {
            self.wrong("second_factor.sms_countries", error.to_string());
        }
        SecondFactor {
            sms: file.sms,
            sms_per_day: file.sms_per_day,
            // The error is told: nothing of this portal is used.
            sms_countries: countries.unwrap_or_else(|_| Countries::french()),
        }
    }
}
