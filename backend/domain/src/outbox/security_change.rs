//! What a person is told of when something that opens their account is another.

use serde::{Deserialize, Serialize};

/// What was changed of that which opens an account. Names are the person's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum SecurityChange {
    AppAdded {
        name: String,
    },
    AppRemoved {
        name: String,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    /// A professional's card, by its masked number.
    CardAttached {
        number: String,
    },
    CardDetached {
        number: String,
    },
    RecoveryCodesMade,
    RecoveryCodeUsed {
        left: usize,
    },
    SecondFactorOn,
    SecondFactorOff,
    /// By the agency, for who lost them.
    FactorsReset,
    /// By the agency. Masked, as the others: whoever reads the older mailbox need not learn the new one.
    MainEmailChanged {
        masked: String,
    },
    RescueEmailChanged {
        masked: String,
    },
    RescueEmailRemoved,
    RescuePhoneChanged {
        masked: String,
    },
    RescuePhoneRemoved,
}
