use jiff::Timestamp;
use portique_domain::link::LinkToken;
use portique_domain::outbox::{IdentifierLink, SecurityChange};
use portique_domain::password::Password;
use portique_domain::reference::Reference;
use portique_shared::types::OneTimeCode;

/// What a mail says, with all that its words need.
pub enum Content<'a> {
    Invitation {
        identifier: &'a str,
        password: &'a Password,
        /// When the provisional password ends.
        expires_at: Timestamp,
        /// Whether it is the agency's answer to a request for an account.
        accepted: bool,
    },
    PasswordChanged {
        identifier: &'a str,
        at: Timestamp,
    },
    SecurityChanged {
        identifier: &'a str,
        change: &'a SecurityChange,
        at: Timestamp,
    },
    SignInCode {
        code: &'a OneTimeCode,
        /// When the code ends.
        expires_at: Timestamp,
    },
    ContactCode {
        code: &'a OneTimeCode,
        /// When the code ends.
        expires_at: Timestamp,
    },
    PasswordLinks {
        links: &'a [IdentifierLink],
        /// When the links end.
        expires_at: Timestamp,
    },
    Identifiers {
        identifiers: &'a [String],
        /// Whether the person asked for an account, not knowing that there is one.
        asked_account: bool,
    },
    AddressProof {
        token: &'a LinkToken,
        /// When the link ends.
        expires_at: Timestamp,
    },
    RequestWaiting {
        /// The reference that the page showed this time; the letter's own is the one that counts.
        shown: &'a Reference,
    },
    RequestRefused {
        /// The agency's; may be empty.
        reason: &'a str,
    },
}

impl Content<'_> {
    /// Its folder among the templates.
    pub(super) const fn folder(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SecurityChanged { .. } => "security_changed",
            Self::SignInCode { .. } => "sign_in_code",
            Self::ContactCode { .. } => "contact_code",
            Self::PasswordLinks { .. } => "password_links",
            Self::Identifiers { .. } => "identifiers",
            Self::AddressProof { .. } => "address_proof",
            Self::RequestWaiting { .. } => "request_waiting",
            Self::RequestRefused { .. } => "request_refused",
        }
    }
}
