//! A sign-in that waits, as the browser that began it sees it.

use jiff::{SignedDuration, Timestamp};
use portique_domain::masking;
use portique_domain::portal::SecondFactor;
use portique_domain::second_step::{SentCode, StepToken, destinations, takes_sms};
use portique_domain::use_cases::second_step::{Comer, SecondStep, SecondStepError};
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::{Destination, DestinationView, NoSms, SecondStepView, SentView};
use portique_shared::types::PhoneNumber;

use crate::http::asker::Client;
use crate::http::problem::{ApiError, field};
use crate::site::Site;

pub(super) fn comer<'a>(client: &'a Client, token: &'a StepToken) -> Comer<'a> {
    Comer {
        portal: &client.site.portal,
        token,
        language: client.language,
        address: client.address,
    }
}

/// The step at `now`.
pub(super) fn view(site: &Site, step: &SecondStep, now: Timestamp) -> SecondStepView {
    let record = &step.account.record;
    let places = destinations(&site.portal.second_factor, record);
    let masked = |to| match to {
        Destination::Email => Some(masking::address(&record.email)),
        Destination::RescueEmail => record.rescue_email.as_ref().map(masking::address),
        Destination::RescuePhone => record.rescue_phone.as_ref().map(masking::phone),
    };
    SecondStepView {
        destinations: places
            .into_iter()
            .filter_map(|kind| {
                let masked = masked(kind)?;
                Some(DestinationView { kind, masked })
            })
            .collect(),
        no_sms: no_sms(&site.portal.second_factor, record.rescue_phone.as_ref()),
        sent: step.pending.sent.as_ref().map(|sent| sent_view(sent, now)),
        expires_in: seconds(step.pending.expires_at.duration_since(now)),
    }
}

/// Why no SMS is offered where the portal sends them.
fn no_sms(portal: &SecondFactor, phone: Option<&PhoneNumber>) -> Option<NoSms> {
    match phone {
        _ if !portal.sms => None,
        None => Some(NoSms::NoPhone),
        Some(phone) => (!takes_sms(portal, phone)).then_some(NoSms::OtherPhone),
    }
}

fn sent_view(sent: &SentCode, now: Timestamp) -> SentView {
    SentView {
        to: sent.to,
        reference: sent.reference.as_str().to_owned(),
        expires_in: if sent.is_good(now) {
            seconds(sent.expires_at.duration_since(now))
        } else {
            0
        },
        resend_after: seconds(sent.resend_after(now)),
    }
}

/// Rounded up: who waits exactly so long does not come too early.
fn seconds(wait: SignedDuration) -> u32 {
    let whole = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    u32::try_from(whole).unwrap_or_default()
}

impl From<SecondStepError> for ApiError {
    fn from(error: SecondStepError) -> Self {
        match error {
            SecondStepError::Ended => Self::new(ErrorCode::SecondStepEnded),
            SecondStepError::NoSuchDestination => Self::fields(vec![field("to", FieldReason::Malformed)]),
            SecondStepError::WrongCode => Self::fields(vec![field("code", FieldReason::WrongCode)]),
            SecondStepError::CodeSpent => Self::fields(vec![field("code", FieldReason::CodeSpent)]),
            SecondStepError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            SecondStepError::TooOften { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            SecondStepError::SmsSpent { retry_after } => Self::retry_after(ErrorCode::SmsSpent, retry_after),
            SecondStepError::Store(error) => error.into(),
        }
    }
}
