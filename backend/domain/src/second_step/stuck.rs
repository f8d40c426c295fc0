//! Who can't prove a second time who they are, by anything that is on record.

use core::fmt;

use super::{Methods, is_required};
use crate::account::Record;
use crate::authenticator::Factors;
use crate::portal::SecondFactor;

/// A person who has no second factor that the portal takes of them, and can't give themselves one: that takes a proof, which takes
/// one. Only the agency can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stuck {
    /// Whether they are asked for one at every sign-in; else only to change what opens their account.
    pub at_sign_in: bool,
    /// Whether a rescue address would do.
    email_helps: bool,
    /// Whether a telephone would do.
    phone_helps: bool,
}

impl Stuck {
    /// `None` for whoever has a way, be it a recovery code. `wanted`: whether the person asks for a second factor themselves.
    pub fn of(portal: &SecondFactor, record: &Record, wanted: bool, held: &Factors) -> Option<Self> {
        let methods = Methods::of(portal, record, held);
        (!methods.any_lasting() && !methods.recovery_code).then(|| Self {
            at_sign_in: wanted || is_required(portal, record),
            email_helps: portal.email.covers(record),
            phone_helps: portal.sms.covers(record),
        })
    }
}

impl fmt::Display for Stuck {
    /// What they can't do, and what would help, for the operator: to be read after who it is.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cannot = if self.at_sign_in {
            "can't sign in"
        } else {
            "can't add a second factor"
        };
        let helps = match (self.email_helps, self.phone_helps) {
            (true, true) => "give a rescue address or a mobile telephone",
            (_, true) => "give a mobile telephone",
            _ => "give a rescue address",
        };
        write!(
            formatter,
            "{cannot}: nothing on record that the portal takes as one's second factor; {helps}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::AcceptedOf;
    use crate::testing;

    fn stuck(portal: &SecondFactor, record: &Record) -> Option<Stuck> {
        Stuck::of(portal, record, false, &Factors::default())
    }

    #[test]
    fn nobody_is_stuck_where_the_mailbox_that_resets_the_password_is_taken() {
        let mut record = testing::record("jeanne");
        record.privileges = "administrateur".parse().unwrap();
        assert_eq!(stuck(&SecondFactor::default(), &record), None);
    }

    #[test]
    fn who_has_but_that_mailbox_is_stuck_where_it_is_not_taken_of_them() {
        let nobody = SecondFactor {
            reset_mailbox: AcceptedOf::Nobody,
            ..SecondFactor::default()
        };
        let unprivileged = SecondFactor {
            reset_mailbox: AcceptedOf::Unprivileged,
            sms: AcceptedOf::Everybody,
            ..SecondFactor::default()
        };
        let mut record = testing::record("jeanne");
        let found = stuck(&nobody, &record).unwrap();
        assert_eq!(
            found.to_string(),
            "can't add a second factor: nothing on record that the portal takes as one's second factor; give a rescue address"
        );
        let wanted = Stuck::of(&nobody, &record, true, &Factors::default()).unwrap();
        assert!(wanted.at_sign_in);
        assert_eq!(stuck(&unprivileged, &record), None);
        record.privileges = "administrateur".parse().unwrap();
        let found = stuck(&unprivileged, &record).unwrap().to_string();
        assert!(found.starts_with("can't sign in: "), "{found}");
        assert!(
            found.ends_with("give a rescue address or a mobile telephone"),
            "{found}"
        );
        record.rescue_phone = Some("+33612345678".parse().unwrap());
        assert_eq!(stuck(&unprivileged, &record), None);
        record.rescue_phone = Some("+32470123456".parse().unwrap());
        assert!(
            stuck(&unprivileged, &record).is_some(),
            "of a country that gets none"
        );
        record.rescue_email = Some("j@ailleurs.example".parse().unwrap());
        assert_eq!(stuck(&unprivileged, &record), None);
    }
}
