//! Pages that the portal's configuration writes: legal notice, contacts.

use serde::{Deserialize, Serialize};

use crate::language::Localized;

/// `GET /api/pages/{slug}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageView {
    pub title: Localized,
    /// HTML made by the server from the portal's Markdown; raw HTML in the source is shown as text.
    pub html: Localized,
}

/// `GET /api/services`: one of the portal's services that the person may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ServiceView {
    pub name: Localized,
    pub words: Localized,
    /// Path of a picture that the server ships.
    pub picture: String,
    pub address: String,
}
