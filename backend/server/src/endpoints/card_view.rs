//! Cards, as the endpoints that take them begin and end.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::AppendHeaders;
use jiff::{SignedDuration, Timestamp};
use portique_domain::card::CardFault;
use portique_domain::card_ceremony::{AccountCard, AnswerToken, CeremonyToken};
use portique_domain::masking;
use portique_domain::session::SessionToken;
use portique_domain::use_cases::card::{Begun, CardError, Returned};
use portique_shared::api::card::{CardBegun, CardView};
use portique_shared::api::problem::ErrorCode;
use portique_shared::types::NationalId;

use crate::http::asker::Client;
use crate::http::cookie;
use crate::http::problem::ApiError;
use crate::site::Site;

/// After which it makes sense to show a card again that could not be checked: a responder that failed is asked anew by then, and a
/// list that is missing may have come.
const UNVERIFIABLE: SignedDuration = SignedDuration::from_mins(1);

/// What the browser keeps, and where it goes.
pub(super) fn begun(
    site: &Site,
    begun: Begun,
) -> (
    AppendHeaders<[(axum::http::HeaderName, axum::http::HeaderValue); 1]>,
    axum::Json<CardBegun>,
) {
    let cookie = AppendHeaders([(SET_COOKIE, cookie::set_card(site, &begun.cookie))]);
    (cookie, axum::Json(CardBegun { url: begun.url }))
}

/// What a browser comes back with.
pub(super) struct Answer {
    cookie: Option<CeremonyToken>,
    token: AnswerToken,
    session: Option<SessionToken>,
}

impl Answer {
    pub(super) fn read(site: &Site, headers: &HeaderMap, token: &str) -> Self {
        Self {
            cookie: cookie::card_token(site, headers),
            token: AnswerToken::from_cookie(token),
            session: cookie::session_token(site, headers),
        }
    }

    pub(super) fn returned<'a>(&'a self, client: &'a Client) -> Returned<'a> {
        Returned {
            portal: &client.site.portal,
            language: client.language,
            visitor: client.visitor(),
            cookie: self.cookie.as_ref(),
            answer: &self.token,
            replaces: self.session.as_ref(),
        }
    }
}

pub(super) fn card(held: &AccountCard) -> CardView {
    CardView {
        id: held.id.0.to_string(),
        number: masking::national_number(&held.number),
        family_name: held.family_name.clone(),
        given_name: held.given_name.clone(),
        attached_at: held.attached_at.to_string(),
        last_used_at: held.last_used_at.as_ref().map(Timestamp::to_string),
    }
}

impl From<CardError> for ApiError {
    fn from(error: CardError) -> Self {
        match error {
            CardError::NotOffered => Self::new(ErrorCode::NotFound),
            CardError::TooOften { retry_after } => Self::retry_after(ErrorCode::TooManyRequests, retry_after),
            CardError::Blocked { retry_after } => Self::retry_after(ErrorCode::TooManyAttempts, retry_after),
            CardError::Ended => Self::new(ErrorCode::CardCeremonyEnded),
            CardError::Refused(fault) => match code(fault) {
                ErrorCode::CardUnverifiable => Self::retry_after(ErrorCode::CardUnverifiable, UNVERIFIABLE),
                code => Self::new(code),
            },
            CardError::Unknown { number } => numbered(ErrorCode::CardUnknown, &number),
            CardError::OfAnother { number } => numbered(ErrorCode::CardOfAnother, &number),
            CardError::Taken { number } => numbered(ErrorCode::CardTaken, &number),
            CardError::Security(error) => error.into(),
            CardError::Store(error) => error.into(),
        }
    }
}

fn numbered(code: ErrorCode, number: &NationalId) -> ApiError {
    ApiError {
        card_number: Some(masking::national_number(number)),
        ..ApiError::new(code)
    }
}

/// What the person can do about it; the audit trail has the fault itself.
const fn code(fault: CardFault) -> ErrorCode {
    match fault {
        CardFault::NotPresented => ErrorCode::CardNotPresented,
        CardFault::Expired | CardFault::NotYetValid => ErrorCode::CardExpired,
        CardFault::Revoked => ErrorCode::CardRevoked,
        CardFault::RevocationUnknown => ErrorCode::CardUnverifiable,
        CardFault::WrongUsage => ErrorCode::CardWrongUsage,
        CardFault::Contactless => ErrorCode::CardContactless,
        CardFault::Organisation => ErrorCode::CardOrganisation,
        CardFault::TestCard => ErrorCode::CardTest,
        CardFault::UnknownAuthority => ErrorCode::CardUnknownAuthority,
        CardFault::NotProved
        | CardFault::SpoofedHeader
        | CardFault::Unreadable
        | CardFault::TooLarge
        | CardFault::BrokenChain
        | CardFault::WeakSignature
        | CardFault::WeakKey
        | CardFault::NoCommonName
        | CardFault::SeveralCommonNames
        | CardFault::NotPlainText
        | CardFault::OtherCountry
        | CardFault::SubjectUnclear
        | CardFault::NotANumber
        | CardFault::CheckDigit => ErrorCode::CardUnreadable,
    }
}
