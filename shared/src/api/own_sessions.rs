//! The sessions and remembered browsers of who is signed in: «Sécurité».

use serde::{Deserialize, Serialize};

use crate::language::Localized;

/// One of `GET /api/account/sessions`, the one used last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnSession {
    /// Names it in `DELETE /api/account/sessions/{id}`; it opens nothing.
    #[cfg_attr(feature = "server", schema(format = "uuid"))]
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    pub browser: BrowserView,
    pub started: UseView,
    /// True to a quarter of the portal's idle time.
    pub last_used: UseView,
}

/// One of `GET /api/account/browsers`, the one used last first: it stands in for the second step of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnBrowser {
    /// Names it in `DELETE /api/account/browsers/{id}`; it opens nothing.
    #[cfg_attr(feature = "server", schema(format = "uuid"))]
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    pub browser: BrowserView,
    pub remembered: UseView,
    /// The last time that it stood in.
    pub last_used: UseView,
    /// RFC 3339, UTC.
    pub expires_at: String,
}

/// A browser as it calls itself: «Firefox», «Windows». Absent where it is none that we know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BrowserView {
    pub family: Option<String>,
    pub system: Option<String>,
}

/// When, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UseView {
    /// RFC 3339, UTC.
    pub at: String,
    pub place: PlaceView,
}

/// Where a network is, as far as the portal knows. Nobody else is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum PlaceView {
    /// One of the portal's own: «CHU de Rouen».
    Named {
        name: Localized,
    },
    /// A network without a name that no stranger reaches the portal from.
    Local,
    Address {
        address: String,
    },
    /// It was not written down.
    Unknown,
}
