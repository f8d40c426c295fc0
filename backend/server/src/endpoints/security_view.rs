//! What opens an account, as its person sees it.

use jiff::Timestamp;
use portique_domain::authenticator::{Authenticator, Factors, Means};
use portique_domain::passkey::Refusal;
use portique_domain::portal::{CardSettings, Portal};
use portique_domain::second_step::is_required;
use portique_domain::session::SessionOf;
use portique_domain::store::StoreError;
use portique_domain::use_cases::Tools;
use portique_domain::use_cases::passkey_sign_in::is_offered;
use portique_domain::use_cases::security::{Changer, SecurityError, cards, look};
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::security::{
    AuthenticatorKind, AuthenticatorView, OffersView, RecoveryCodesView, SecurityView,
};

use super::card_view::card;
use crate::http::asker::Client;
use crate::http::problem::{ApiError, field};
use crate::http::seconds;

pub(super) fn changer<'a>(client: &'a Client, session: &'a SessionOf) -> Changer<'a> {
    Changer {
        portal: &client.site.portal,
        session,
        language: client.language,
        address: client.address,
    }
}

/// As it stands now: read anew, because a change may have touched the account too.
pub(super) async fn security(
    tools: &Tools,
    portal: &Portal,
    session: &SessionOf,
) -> Result<SecurityView, StoreError> {
    let held = look(tools, session).await?;
    let attached = cards(tools, session.account.id).await?;
    let account = tools.store.account(session.account.id).await?;
    let account = account.as_ref().unwrap_or(&session.account);
    let factor = &portal.second_factor;
    let until = session.session.proved_until();
    let record = &account.record;
    Ok(SecurityView {
        proved_for: until.map_or(0, |until| seconds::left(until.duration_since(tools.clock.now()))),
        second_factor_wanted: account.wants_second_factor,
        second_factor_required: is_required(factor, &account.record),
        offers: OffersView {
            app: factor.app.covers(record),
            passkeys: factor.passkeys.covers(record) && is_offered(portal),
            recovery_codes: factor.recovery_codes.covers(record),
            cards: portal.card.is_some(),
            card_proof: portal.card.as_ref().is_some_and(CardSettings::is_two_factors),
        },
        recovery_codes: recovery_codes(&held),
        authenticators: held.authenticators.iter().map(authenticator).collect(),
        cards: attached.iter().map(card).collect(),
    })
}

fn authenticator(held: &Authenticator) -> AuthenticatorView {
    AuthenticatorView {
        id: held.id.0.to_string(),
        kind: match held.means {
            Means::App { .. } => AuthenticatorKind::App,
            Means::Passkey { .. } => AuthenticatorKind::Passkey,
        },
        name: held.name.clone(),
        added_at: held.created_at.to_string(),
        last_used_at: held.last_used_at.as_ref().map(Timestamp::to_string),
    }
}

fn recovery_codes(held: &Factors) -> Option<RecoveryCodesView> {
    let made = held.recovery_codes.first()?;
    Some(RecoveryCodesView {
        left: u32::try_from(held.recovery_codes_left()).unwrap_or_default(),
        made_at: made.made_at.to_string(),
    })
}

impl From<SecurityError> for ApiError {
    fn from(error: SecurityError) -> Self {
        match error {
            SecurityError::ProofRequired => Self::new(ErrorCode::ProofRequired),
            SecurityError::SessionEnded => Self::new(ErrorCode::SessionRequired),
            SecurityError::NotOffered | SecurityError::NotFound => Self::new(ErrorCode::NotFound),
            SecurityError::FactorNeeded => Self::new(ErrorCode::FactorNeeded),
            SecurityError::TooMany => Self::new(ErrorCode::TooManyAuthenticators),
            SecurityError::BadName => Self::fields(vec![field("name", FieldReason::Length)]),
            SecurityError::WrongCode => Self::fields(vec![field("code", FieldReason::WrongCode)]),
            SecurityError::WrongPasskey(Refusal::Unreadable) => {
                Self::fields(vec![field("credential", FieldReason::Malformed)])
            }
            SecurityError::WrongPasskey(_) => {
                Self::fields(vec![field("credential", FieldReason::WrongPasskey)])
            }
            SecurityError::TooOften { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            SecurityError::EnrolmentSpent => Self::new(ErrorCode::EnrolmentSpent),
            SecurityError::Busy(busy) => busy.into(),
            SecurityError::Store(error) => error.into(),
        }
    }
}
