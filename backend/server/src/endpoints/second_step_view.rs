//! A sign-in that waits, as the browser that began it sees it.

use jiff::Timestamp;
use portique_domain::account::Record;
use portique_domain::masking;
use portique_domain::passkey::Refusal;
use portique_domain::portal::{Portal, SecondFactor};
use portique_domain::second_step::{SentCode, StepToken, remembered_for, takes_sms};
use portique_domain::use_cases::second_step::{Comer, SecondStep, SecondStepError};
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::{Destination, DestinationView, NoSms, SecondStepView, SentView};

use crate::http::asker::Client;
use crate::http::problem::{ApiError, field};
use crate::http::seconds;

pub(super) fn comer<'a>(client: &'a Client, token: &'a StepToken) -> Comer<'a> {
    Comer {
        portal: &client.site.portal,
        token,
        language: client.language,
        visitor: client.visitor(),
    }
}

/// The step at `now`.
pub(super) fn view(portal: &Portal, step: &SecondStep, now: Timestamp) -> SecondStepView {
    let record = &step.account.record;
    let methods = &step.methods;
    let masked = |to| match to {
        Destination::Email => Some(masking::address(&record.email)),
        Destination::RescueEmail => record.rescue_email.as_ref().map(masking::address),
        Destination::RescuePhone => record.rescue_phone.as_ref().map(masking::phone),
    };
    SecondStepView {
        destinations: methods
            .destinations
            .iter()
            .filter_map(|&kind| {
                let masked = masked(kind)?;
                Some(DestinationView { kind, masked })
            })
            .collect(),
        app: methods.app,
        passkey: methods.passkey,
        recovery_code: methods.recovery_code,
        proof: step.pending.proof_of.is_some(),
        no_sms: no_sms(&portal.second_factor, record),
        sent: step.pending.sent.as_ref().map(|sent| sent_view(sent, now)),
        expires_in: seconds::to_wait(step.pending.expires_at.duration_since(now)),
        remember_hours: remembered_for(&portal.second_factor, &step.account)
            .filter(|_| step.pending.proof_of.is_none() && !step.account.password.is_provisional())
            .and_then(|length| u32::try_from(length.as_hours()).ok()),
    }
}

/// Why no SMS is offered where the portal sends them.
fn no_sms(portal: &SecondFactor, record: &Record) -> Option<NoSms> {
    match &record.rescue_phone {
        _ if !portal.sms.covers(record) => None,
        None => Some(NoSms::NoPhone),
        Some(phone) => (!takes_sms(portal, record, phone)).then_some(NoSms::OtherPhone),
    }
}

fn sent_view(sent: &SentCode, now: Timestamp) -> SentView {
    SentView {
        to: sent.to,
        reference: sent.reference.as_str().to_owned(),
        expires_in: seconds::to_wait(sent.good_for(now)),
        resend_after: seconds::to_wait(sent.resend_after(now)),
    }
}

impl From<SecondStepError> for ApiError {
    fn from(error: SecondStepError) -> Self {
        match error {
            SecondStepError::Ended => Self::new(ErrorCode::SecondStepEnded),
            SecondStepError::NoSuchMethod => Self::fields(vec![field("factor", FieldReason::Malformed)]),
            SecondStepError::NoSuchDestination => Self::fields(vec![field("to", FieldReason::Malformed)]),
            SecondStepError::WrongCode => Self::fields(vec![field("code", FieldReason::WrongCode)]),
            SecondStepError::CodeSpent => Self::fields(vec![field("code", FieldReason::CodeSpent)]),
            SecondStepError::WrongPasskey(Refusal::Unreadable) => {
                Self::fields(vec![field("credential", FieldReason::Malformed)])
            }
            SecondStepError::WrongPasskey(_) => {
                Self::fields(vec![field("credential", FieldReason::WrongPasskey)])
            }
            SecondStepError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            SecondStepError::TooOften { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            SecondStepError::Busy(busy) => busy.into(),
            SecondStepError::SmsSpent { retry_after } => Self::retry_after(ErrorCode::SmsSpent, retry_after),
            SecondStepError::Store(error) => error.into(),
        }
    }
}
