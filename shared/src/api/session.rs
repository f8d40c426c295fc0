//! Signing in, the session, signing out.

use serde::{Deserialize, Serialize};

use super::second_step::SecondStepView;

/// `POST /api/session`: who one says one is, and the password. `Debug` shows neither.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SignInRequest {
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
    pub password: String,
    /// Whether the person asks for the second step although nothing demands it («Authentification forte»).
    #[serde(default)]
    pub strong: bool,
}

silent_debug!(SignInRequest);

/// The answer to `POST /api/session`: signed in, or half way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SignInAnswer {
    SignedIn(SessionView),
    /// The password was right, and a second factor is needed too.
    SecondStep(SecondStepView),
}

/// `GET /api/session`: whether the browser holds a session, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SessionState {
    Anonymous,
    SignedIn(SessionView),
}

/// A session as its holder sees it. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SessionView {
    pub person: PersonView,
    /// While true, the session opens nothing but the change of password.
    pub password_change_required: bool,
    /// The sign-in before this one; `None` at the first.
    pub last_sign_in_at: Option<String>,
    /// The server's clock when it answered: the browser's own may be wrong.
    pub now: String,
    /// When the session ends if nothing is done.
    pub idle_expires_at: String,
    /// When the session ends whatever is done.
    pub absolute_expires_at: String,
}

/// The person signed in, as the header shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PersonView {
    pub identifier: String,
    /// Civility, given name and family name, as far as the record has them; else the identifier.
    pub display_name: String,
    pub privileged: bool,
}
