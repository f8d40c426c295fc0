//! The second step of a sign-in, or of a proof in a session: a code that is sent to where the account says, an application's, a
//! recovery code, or a passkey (whose messages are [`super::passkey`]'s).

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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one factor is there: none follows from another"
)]
pub struct SecondStepView {
    /// Where a code can go, the portal's first choice first. Empty, with nothing below, for who has no second factor that
    /// the portal takes: only the support can help then.
    pub destinations: Vec<DestinationView>,
    /// Whether the code of an application is taken.
    pub app: bool,
    pub passkey: bool,
    pub recovery_code: bool,
    /// Whether the person is signed in already, and proves anew who they are.
    pub proof: bool,
    /// Why a portal that sends SMS offers none to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_sms: Option<NoSms>,
    /// The code that was sent last, if any.
    pub sent: Option<SentView>,
    /// Seconds until the person has to begin again with the password.
    pub expires_in: u32,
    /// For how many hours this browser can stand in for the next second step of this account; absent where it can't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remember_hours: Option<u32>,
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
    /// What the code is of.
    #[serde(default)]
    pub factor: CodeFactor,
    /// Whether this browser is to stand in for the next second step, where the portal lets it; else it is as if it were not
    /// asked for.
    #[serde(default)]
    pub remember: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum CodeFactor {
    /// The message that was sent last.
    #[default]
    Sent,
    /// An application.
    App,
    /// One of the ten recovery codes.
    RecoveryCode,
}

silent_debug!(CodeRequest);
