//! The rescue address and telephone of the record, which their person changes.

use serde::{Deserialize, Serialize};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ContactKind {
    /// «E-mail de secours».
    RescueEmail,
    /// «Téléphone de secours».
    RescuePhone,
}

/// `GET /api/account/contacts`; every change answers with it too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContactsView {
    pub rescue_email: Option<String>,
    /// E.164.
    pub rescue_phone: Option<String>,
    /// Whether the portal sends SMS to this person; where it sends none, the telephone is the agency's to change.
    pub phone_offered: bool,
    /// Seconds for which changes are taken; 0 when the person has to prove anew who they are
    /// (`POST /api/session/proof`).
    pub proved_for: u32,
    /// What waits for the code that proves it. They are proved one after the other: the first one's code is sent.
    pub pending: Vec<PendingContactView>,
}

/// A new address or telephone that does not count yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PendingContactView {
    pub kind: ContactKind,
    /// In full, so that a slip shows: the person has just typed it. A telephone in E.164.
    pub value: String,
    /// `None` while no code could be sent.
    pub sent: Option<ContactCodeView>,
}

/// A code that is on its way, or was used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContactCodeView {
    /// Eight letters and digits, shown as two groups; the message carries it too.
    pub reference: String,
    /// Seconds for which it can still be typed; 0 when its time or its tries are over.
    pub expires_in: u32,
    /// Seconds until another can be sent.
    pub resend_after: u32,
}

/// `PUT /api/account/contacts`: both as the person writes them. What is empty is removed, what is absent stays as it is. `Debug`
/// shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ContactsRequest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "server",
        validate(length(max = 512, code = "length")),
        schema(max_length = 512)
    )]
    pub rescue_email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "server",
        validate(length(max = 512, code = "length")),
        schema(max_length = 512)
    )]
    pub rescue_phone: Option<String>,
}

silent_debug!(ContactsRequest);

/// `POST /api/account/contacts/sending`: a code, or another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SendContactCodeRequest {
    pub kind: ContactKind,
}

/// `POST /api/account/contacts/confirmation`: the code as typed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ConfirmContactRequest {
    pub kind: ContactKind,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 32, code = "length")),
        schema(max_length = 32, min_length = 1)
    )]
    pub code: String,
}

silent_debug!(ConfirmContactRequest);
