//! What opens an account, kept in order by its person: second factor, authenticators, recovery codes.

use serde::{Deserialize, Serialize};

use super::card::CardView;

/// `GET /api/account/security`; every change answers with it too. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecurityView {
    /// Seconds for which changes are taken; 0 when the person has to prove anew who they are
    /// (`POST /api/session/proof`).
    pub proved_for: u32,
    /// Whether the person wants a second factor at each sign-in.
    pub second_factor_wanted: bool,
    /// Whether the portal asks for one, whatever the person wants.
    pub second_factor_required: bool,
    pub offers: OffersView,
    /// The oldest first.
    pub authenticators: Vec<AuthenticatorView>,
    pub recovery_codes: Option<RecoveryCodesView>,
    /// The cards that the person attached, the oldest first. A card that bears the record's number needs none of it.
    pub cards: Vec<CardView>,
}

/// What the portal takes of this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one thing is offered: none follows from another"
)]
pub struct OffersView {
    pub app: bool,
    pub passkeys: bool,
    pub recovery_codes: bool,
    /// Professional cards, attached here.
    pub cards: bool,
    /// Whether a card alone proves anew who they are (`POST /api/session/proof/card`): where it counts as two factors.
    pub card_proof: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuthenticatorView {
    pub id: String,
    pub kind: AuthenticatorKind,
    pub name: String,
    pub added_at: String,
    pub last_used_at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AuthenticatorKind {
    /// An application that shows codes (TOTP).
    App,
    Passkey,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryCodesView {
    /// How many are good.
    pub left: u32,
    pub made_at: String,
}

/// `POST /api/session/proof`: the password once more. `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ProofRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 1024, code = "length")),
        schema(max_length = 1024, min_length = 1)
    )]
    pub password: String,
}

silent_debug!(ProofRequest);

/// `POST /api/account/security/apps/enrolment`: an application about to be enrolled.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AppEnrolmentView {
    /// To be sent back with the application's first code, within ten minutes.
    pub enrolment: String,
    /// In base 32, for who can't read the picture.
    pub secret: String,
    /// `otpauth://…`: opens an application on the same telephone.
    pub address: String,
    pub picture: QrView,
}

silent_debug!(AppEnrolmentView);

/// A QR code, drawn: a square of modules, its dark ones as the path of an SVG, one unit a module.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct QrView {
    /// Modules a side, without the quiet zone of four around them.
    pub size: u32,
    pub path: String,
}

silent_debug!(QrView);

/// `POST /api/account/security/apps`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct AddAppRequest {
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 512, code = "length")),
        schema(max_length = 512, min_length = 1)
    )]
    pub enrolment: String,
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 32, code = "length")),
        schema(max_length = 32, min_length = 1)
    )]
    pub code: String,
    /// The person's own name for it.
    #[cfg_attr(
        feature = "server",
        validate(length(min = 1, max = 60, code = "length")),
        schema(max_length = 60, min_length = 1)
    )]
    pub name: String,
}

silent_debug!(AddAppRequest);

/// `PUT /api/account/security/second-factor`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SecondFactorRequest {
    pub wanted: bool,
}

/// `POST /api/account/security/recovery-codes`: shown once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryCodesMade {
    pub codes: Vec<String>,
    pub security: SecurityView,
}

silent_debug!(RecoveryCodesMade);
