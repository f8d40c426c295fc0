//! Requests for an account: proved by a link, then decided by the agency.

use jiff::Timestamp;
use portique_shared::Language;
use uuid::Uuid;

use crate::portal::PortalName;
use crate::recovery::Application;
use crate::reference::Reference;

/// A request for an account, as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRequest {
    pub id: Uuid,
    pub portal: PortalName,
    pub reference: Reference,
    pub application: Application,
    pub language: Language,
    pub state: RequestState,
    pub created_at: Timestamp,
}

/// Where a request for an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// The link in the mail was not followed yet: nobody knows whose address it is.
    Unproved,
    /// The agency is to decide.
    Waiting,
    Accepted,
    Refused,
}

impl RequestState {
    pub const ALL: [Self; 4] = [Self::Unproved, Self::Waiting, Self::Accepted, Self::Refused];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Unproved => "unproved",
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }
}
