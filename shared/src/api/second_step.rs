//! The second step of a sign-in: a one-time code, sent to where the account says.

use serde::{Deserialize, Serialize};

/// Where a one-time code can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Destination {
    Email,
    /// «E-mail de secours».
    RescueEmail,
    /// «Téléphone de secours», by SMS.
    RescuePhone,
}

/// `GET /api/session/second-step`: how far the sign-in has come. A page that was left and is opened again shows this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecondStepView {
    /// Where a code can go, the portal's first choice first; never empty.
    pub destinations: Vec<DestinationView>,
    /// Why a portal that sends SMS offers none to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_sms: Option<NoSms>,
    /// The code that was sent last, if any.
    pub sent: Option<SentView>,
    /// Seconds until the person has to begin again with the password.
    pub expires_in: u32,
}

/// Why no SMS is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum NoSms {
    /// There is no phone on record.
    NoPhone,
    /// The phone on record is one to which the portal sends none: a landline, or another country's.
    OtherPhone,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DestinationView {
    pub kind: Destination,
    /// `exxxxxx@oxxx.fr`, `06 xx xx xx 78`.
    pub masked: String,
}

/// A code that is on its way, or was used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SentView {
    pub to: Destination,
    /// Eight letters and digits, shown as two groups; the message carries it too.
    pub reference: String,
    /// Seconds for which it can still be typed; 0 when its time or its tries are over.
    pub expires_in: u32,
    /// Seconds until another can be sent.
    pub resend_after: u32,
}

/// `POST /api/session/second-step/sending`: a code, or another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SendCodeRequest {
    pub to: Destination,
}

/// `POST /api/session/second-step`: the code as typed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CodeRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 32, code = "length")),
        schema(max_length = 32, min_length = 1)
    )]
    pub code: String,
}

silent_debug!(CodeRequest);
