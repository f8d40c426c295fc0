//! The rescue address and telephone as their person sees them.

use jiff::{SignedDuration, Timestamp};
use portique_domain::contact::{ContactChange, offers_phone};
use portique_domain::second_step::SentCode;
use portique_domain::session::Session;
use portique_domain::use_cases::security::contacts::{ContactError, Contacts, Unfit};
use portique_shared::api::contacts::{ContactCodeView, ContactKind, ContactsView, PendingContactView};
use portique_shared::api::problem::{ErrorCode, FieldReason};

use crate::http::asker::Client;
use crate::http::problem::{ApiError, field};
use crate::http::seconds;

/// As they stand at `now`.
pub(super) fn view(client: &Client, session: &Session, contacts: Contacts, now: Timestamp) -> ContactsView {
    let until = session.proved_until();
    let left = until.map_or(SignedDuration::ZERO, |until| until.duration_since(now));
    let Contacts { record, pending } = contacts;
    ContactsView {
        phone_offered: offers_phone(&client.site.portal.second_factor, &record),
        rescue_email: record.rescue_email.map(Into::into),
        rescue_phone: record.rescue_phone.map(Into::into),
        proved_for: seconds::left(left),
        pending: pending.iter().map(|change| waiting(change, now)).collect(),
    }
}

fn waiting(change: &ContactChange, now: Timestamp) -> PendingContactView {
    PendingContactView {
        kind: change.new.kind(),
        value: change.new.as_str().to_owned(),
        sent: change.sent.as_ref().map(|sent| code(sent, now)),
    }
}

fn code(sent: &SentCode, now: Timestamp) -> ContactCodeView {
    ContactCodeView {
        reference: sent.reference.as_str().to_owned(),
        expires_in: seconds::to_wait(sent.good_for(now)),
        resend_after: seconds::to_wait(sent.resend_after(now)),
    }
}

/// The field's name in the request.
pub(super) const fn name(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::RescueEmail => "rescue_email",
        ContactKind::RescuePhone => "rescue_phone",
    }
}

impl From<ContactError> for ApiError {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::Security(error) => error.into(),
            ContactError::Unfit(unfit) => Self::fields(
                unfit
                    .into_iter()
                    .map(|(kind, unfit)| {
                        let reason = match unfit {
                            Unfit::NotMobile => FieldReason::NotMobile,
                            Unfit::MainAddress => FieldReason::MainAddress,
                        };
                        field(name(kind), reason)
                    })
                    .collect(),
            ),
            ContactError::Ended => Self::new(ErrorCode::ContactChangeEnded),
            ContactError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            ContactError::TooOften { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            ContactError::WrongCode => Self::fields(vec![field("code", FieldReason::WrongCode)]),
            ContactError::CodeSpent => Self::fields(vec![field("code", FieldReason::CodeSpent)]),
        }
    }
}
