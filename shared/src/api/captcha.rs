//! The captcha: a picture, or a proof of work. Each challenge is answered once and lives for two minutes.

use serde::{Deserialize, Serialize};

/// Which captcha a form shows. The proof of work is offered beside the picture too: it asks nothing of the eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum CaptchaKind {
    /// «Choisir l'image qui n'est pas comme les autres».
    Picture,
    /// «Je ne suis pas un robot».
    Proof,
}

/// `POST /api/captcha/picture`: one picture of several icons in a grid; the one that is there least often is the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PictureChallenge {
    /// Names the challenge in the answer.
    pub id: String,
    /// PNG, in base64.
    pub image: String,
    /// Icons in the picture, 5 to 8, row by row. The last row may be short: it begins at the left.
    pub count: u8,
    /// Icons in a full row.
    pub columns: u8,
    /// Seconds to live.
    pub expires_in: u32,
}

/// `POST /api/captcha/proof`: a challenge of the ALTCHA protocol, version 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofChallenge {
    pub parameters: ProofParameters,
    /// HMAC of the parameters, in hexadecimal.
    pub signature: String,
}

/// What is to be computed: the first counter whose key, derived from `nonce` and `salt`, begins with `key_prefix`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofParameters {
    pub algorithm: String,
    /// Rounds of the hash for one key.
    pub cost: u32,
    /// Seconds since 1970.
    pub expires_at: i64,
    /// Bytes.
    pub key_length: u32,
    /// In hexadecimal.
    pub key_prefix: String,
    /// In hexadecimal.
    pub nonce: String,
    /// In hexadecimal.
    pub salt: String,
}

/// The answer, sent with the form that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum CaptchaAnswer {
    /// `cell`: the chosen icon, from 0, row by row.
    Picture { id: String, cell: u8 },
    /// `payload`: the challenge and its solution as ALTCHA's clients send them: JSON in base64.
    Proof { payload: String },
}
