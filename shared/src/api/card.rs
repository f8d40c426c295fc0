//! Professional cards: the certificate that a browser shows on a host of its own, and what comes of it.
//!
//! Three things are done with a card, in the same two steps: a ceremony is begun, whose address the browser goes to (a page, not a
//! request of the client); it comes back to the screen of what was begun ([`screens`](super::screens): `CARD`, `CARD_PROOF`,
//! `CARD_ATTACH`) with a token behind the `#`, which is redeemed once. The ceremony's cookie is needed for it too: it is good for
//! five minutes, and in the browser that began.

use serde::{Deserialize, Serialize};

/// A ceremony was begun: `POST /api/session/card`, `POST /api/session/proof/card`,
/// `POST /api/account/security/cards/ceremony`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CardBegun {
    /// Where the browser is to go, as to a page: the host that asks for the card.
    pub url: String,
}

silent_debug!(CardBegun);

/// What the browser came back with: `POST /api/session/card/answer`, `POST /api/session/proof/card/answer`,
/// `POST /api/account/security/cards`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CardAnswerRequest {
    /// What stood behind the `#`.
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 128, code = "length")),
        schema(max_length = 128, min_length = 1)
    )]
    pub token: String,
}

silent_debug!(CardAnswerRequest);

/// A card that its person attached to their account. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CardView {
    pub id: String,
    /// The national number, masked: `10xxxxxxx86`.
    pub number: String,
    /// As the card was read when it was attached.
    pub family_name: String,
    pub given_name: String,
    pub attached_at: String,
    pub last_used_at: Option<String>,
}
