//! A person's own record and password.

use serde::{Deserialize, Serialize};

use super::captcha::CaptchaAnswer;
use crate::types::NationalId;

/// `GET /api/account`: the record of the person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountView {
    pub identifier: String,
    pub email: String,
    pub rescue_email: Option<String>,
    /// E.164.
    pub rescue_phone: Option<String>,
    pub civility: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub profession: Option<String>,
    pub national_id: Option<NationalId>,
    pub privileged: bool,
    /// RFC 3339, UTC; `None` while the password is provisional.
    pub password_changed_at: Option<String>,
}

/// `PUT /api/account/password`: the change of password. `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ChangePasswordRequest {
    /// The person's own identifier, as the guides' forms ask for it and password managers need it.
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 512, code = "length")),
        schema(max_length = 512, min_length = 1)
    )]
    pub identifier: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 1024, code = "length")),
        schema(max_length = 1024, min_length = 1)
    )]
    pub current_password: String,
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
    /// Needed at the change of a provisional password where the portal shows a captcha there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captcha: Option<CaptchaAnswer>,
}

silent_debug!(ChangePasswordRequest);

/// `POST /api/account/password/check`: a password being typed, for what only the server knows.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CheckPasswordRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 4096, code = "length")),
        schema(max_length = 4096, min_length = 1)
    )]
    pub new_password: String,
}

silent_debug!(CheckPasswordRequest);

/// What the server says of a password being typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordVerdict {
    /// Why the blocklist refuses it; `None` when it does not.
    pub blocklisted: Option<BlocklistReason>,
    /// The rules of the portal's policy that it does not meet, as the server reckons them.
    pub unmet: Vec<crate::policy::Rule>,
    /// Estimated strength, 0 (guessed at once) to 4 (very hard to guess).
    pub strength: u8,
}

/// Why a password is on the blocklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum BlocklistReason {
    /// Among those most used, or a plain variant of one.
    Common,
    /// Made of the portal's own words.
    PortalWords,
    /// Made of the person's name, identifier or e-mail.
    Personal,
}
