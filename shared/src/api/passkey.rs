//! Passkeys (WebAuthn). What goes to the browser's dialog and what comes from it is the browser's own JSON, which the client hands
//! through unread: these types are for the server alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` reads. Good for five minutes and one
/// answer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct PasskeyOptions(pub Value);

/// A signature: at a sign-in, or at its second step.
#[derive(Clone, Deserialize, utoipa::ToSchema, validator::Validate)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRequest {
    /// `toJSON()` of what `navigator.credentials.get` gave.
    #[schema(value_type = Object)]
    pub credential: Value,
}

silent_debug!(PasskeyRequest);

/// `POST /api/account/security/passkeys`.
#[derive(Clone, Deserialize, utoipa::ToSchema, validator::Validate)]
#[serde(deny_unknown_fields)]
pub struct AddPasskeyRequest {
    /// `toJSON()` of what `navigator.credentials.create` gave.
    #[schema(value_type = Object)]
    pub credential: Value,
    /// The person's own name for it.
    #[validate(length(min = 1, max = 60, code = "length"))]
    #[schema(max_length = 60, min_length = 1)]
    pub name: String,
}

silent_debug!(AddPasskeyRequest);
