//! A person without an account asks for one; the agency decides.

use serde::{Deserialize, Serialize};

use super::captcha::CaptchaAnswer;

/// `POST /api/account-requests`: answered by a [`RequestTaken`](super::recovery::RequestTaken); a mail asks to prove the address.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct AccountRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 100, code = "length")),
        schema(max_length = 100, min_length = 1)
    )]
    pub given_name: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 100, code = "length")),
        schema(max_length = 100, min_length = 1)
    )]
    pub family_name: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 100, code = "length")),
        schema(max_length = 100, min_length = 1)
    )]
    pub profession: String,
    /// RPPS or ADELI; empty for professions that have none.
    #[cfg_attr(
        feature = "server",
        validate(length(max = 32, code = "length")),
        schema(max_length = 32)
    )]
    #[serde(default)]
    pub national_id: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 254, code = "length")),
        schema(max_length = 254, min_length = 1)
    )]
    pub email: String,
    /// That the agency may use these data to answer; without it nothing is taken.
    pub consent: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captcha: Option<CaptchaAnswer>,
}

silent_debug!(AccountRequest);

/// `POST /api/account-requests/confirmation` with the link's token: the address is proved, and the request is the agency's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RequestConfirmed {
    pub reference: String,
}
