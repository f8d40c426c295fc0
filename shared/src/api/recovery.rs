//! Lost passwords, lost identifiers, lost invitations; the links that mails bring.
//!
//! What is asked is answered the same for people who have an account and for people who have none: the server looks up
//! afterwards, in its queue of messages.

use serde::{Deserialize, Serialize};

use super::captcha::CaptchaAnswer;

/// By what a lost password is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum RecoveryBy {
    #[default]
    Email,
    Identifier,
}

/// `POST /api/recovery/password`, `…/identifier`, `…/invitation`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct RecoveryRequest {
    /// The e-mail on record, or the identifier where the portal asks for it.
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 512, code = "length")),
        schema(max_length = 512, min_length = 1)
    )]
    pub subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captcha: Option<CaptchaAnswer>,
}

silent_debug!(RecoveryRequest);

/// A request was taken down. Whether a mail follows depends on whether there is an account, which is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RequestTaken {
    /// Eight letters and digits, shown as two groups; the mail carries it too.
    pub reference: String,
    /// Where the mail goes, masked, on portals that show it; made up, but steady, for who has no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked_address: Option<String>,
    /// Seconds until it can be sent again; `None` when it can't any more.
    pub resend_after: Option<u32>,
}

/// `POST /api/recovery/resend`: the same once more. Each reference does it once, and gives way to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ResendRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 32, code = "length")),
        schema(max_length = 32, min_length = 1)
    )]
    pub reference: String,
}

/// `POST /api/recovery/link`: what a link opens. Looking consumes nothing: mail scanners look too.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct LinkRequest {
    /// What the link carries after its `#`.
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 128, code = "length")),
        schema(max_length = 128, min_length = 1)
    )]
    pub token: String,
}

silent_debug!(LinkRequest);

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum LinkState {
    /// It opens what it was sent for.
    Good,
    /// Its 24 hours are over.
    Expired,
    /// It was used already.
    Used,
    /// A newer one was sent.
    Replaced,
    /// No such link: mistyped, cut short, or long gone.
    Unknown,
}

/// The answer to `POST /api/recovery/link`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LinkView {
    pub state: LinkState,
    /// The account's identifier, for password managers, where the portal does not ask for it as a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Who asked for the account, where the link proves the address of a request: anybody can give somebody else's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<Applicant>,
}

/// What the request for an account says of the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Applicant {
    pub given_name: String,
    pub family_name: String,
    /// In the portal's words.
    pub profession: String,
    /// RPPS or ADELI, digits alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_id: Option<String>,
}

silent_debug!(Applicant);

/// `POST /api/recovery/link/password/check`: a password being typed on the page that a link opened.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CheckNewPasswordRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 128, code = "length")),
        schema(max_length = 128, min_length = 1)
    )]
    pub token: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 4096, code = "length")),
        schema(max_length = 4096, min_length = 1)
    )]
    pub new_password: String,
}

silent_debug!(CheckNewPasswordRequest);

/// `PUT /api/recovery/link/password`: sets a new password by a link. It does not sign in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ResetPasswordRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 128, code = "length")),
        schema(max_length = 128, min_length = 1)
    )]
    pub token: String,
    /// Needed where the portal asks for it; not read elsewhere.
    #[cfg_attr(
        feature = "server",
        validate(length(max = 512, code = "length")),
        schema(max_length = 512)
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 4096, code = "length")),
        schema(max_length = 4096, min_length = 1)
    )]
    pub new_password: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 4096, code = "length")),
        schema(max_length = 4096, min_length = 1)
    )]
    pub confirmation: String,
}

silent_debug!(ResetPasswordRequest);
