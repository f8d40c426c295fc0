//! Requests for an account: proved by a link, then decided by the agency.

use jiff::{SignedDuration, Timestamp};
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
    /// When the agency accepted or refused it.
    pub decided_at: Option<Timestamp>,
}

/// How long a decided request is kept: long enough for the agency to answer for its decision, no longer than that takes.
pub const DECIDED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

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
