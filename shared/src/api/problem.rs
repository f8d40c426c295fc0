//! Errors: `application/problem+json` (RFC 9457) with a stable code.

use serde::{Deserialize, Serialize};

use super::account::BlocklistReason;
use crate::policy::Rule;

/// Media type of every error's body.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, stable from version to version: the client and other programs decide on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ErrorCode {
    /// 400: the request is not what the API describes.
    InvalidRequest,
    /// 401: identifier or password refused; which, and why, is not told.
    CredentialsRefused,
    /// 401: no session, or an ended one.
    SessionRequired,
    /// 401: no sign-in waits for its second step (any more): it begins again with the password.
    SecondStepEnded,
    /// 403: the request came from another site.
    CrossSiteRefused,
    /// 403: nothing but the change of password is open.
    PasswordChangeRequired,
    /// 403: the provisional password was right but its time is over.
    ProvisionalPasswordExpired,
    /// 403: who they are must be proved anew (`POST /api/session/proof`).
    ProofRequired,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 409: the reference was used already, or is too old.
    ReferenceSpent,
    /// 409: a second factor is asked for at each sign-in, and none would be left.
    FactorNeeded,
    /// 409: the account has as many authenticators as it may.
    TooManyAuthenticators,
    /// 409: the enrolment is too old, or was used: it begins anew.
    EnrolmentSpent,
    /// 409: no new address or telephone waits for its code (any more).
    ContactChangeEnded,
    /// 403: no card was shown: none in the reader, or the browser's dialog was cancelled.
    CardNotPresented,
    /// 403: the card's certificate is not valid at this date: it has expired, or its validity has not begun.
    CardExpired,
    /// 403: the card was revoked.
    CardRevoked,
    /// 403: the card is good, and opens no account here; why is not told. `card_number` says which it is.
    CardUnknown,
    /// 403: the certificate is not the one for authentication (it signs, or is a server's).
    CardWrongUsage,
    /// 403: of the card's contactless side, which asks for no PIN.
    CardContactless,
    /// 403: an organisation's, not a person's.
    CardOrganisation,
    /// 403: a test card, and the portal takes none.
    CardTest,
    /// 403: issued by nobody whom the installation trusts.
    CardUnknownAuthority,
    /// 403: not a certificate that can be believed; the audit trail says which fault it has.
    CardUnreadable,
    /// 403: another person's card than whose session this is, or another's number than the record bears. `card_number` says which.
    CardOfAnother,
    /// 409: another account has that number, or attached that card. `card_number` says which.
    CardTaken,
    /// 409: no ceremony waits for this answer (any more): it was used, is too old, or was begun in another browser.
    CardCeremonyEnded,
    /// 410: the link opens nothing (any more); `POST /api/recovery/link` says why.
    LinkSpent,
    /// 413.
    PayloadTooLarge,
    /// 415: JSON only.
    UnsupportedMediaType,
    /// 421: no portal answers to this host.
    UnknownPortal,
    /// 422: well formed, but refused; `fields` says what.
    ValidationFailed,
    /// 429: too many wrong tries; `retry_after` says when to come back.
    TooManyAttempts,
    /// 429: asked for too often; `retry_after` says when to come back. It tells nothing of any account.
    TooManyRequests,
    /// 429: the day's SMS are spent, for the account, the address or the portal; the code can still come by mail.
    SmsSpent,
    /// 500.
    Internal,
    /// 503: too much work at once; `retry_after` says when to come back.
    ServerBusy,
    /// 503: nothing recent enough tells whether the card was revoked; `retry_after` says when to come back.
    CardUnverifiable,
    /// 503: the database does not answer.
    NotReady,
}

/// The body of every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank`: the code says more than an address would.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    pub code: ErrorCode,
    /// The same as the answer's `X-Request-Id`; support finds the log's line by it.
    pub request_id: String,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Seconds until another try makes sense, as in `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The number of the card that was shown, masked: `10xxxxxxx86`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
}

/// A field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The field's name in the request.
    pub field: String,
    #[serde(flatten)]
    pub reason: FieldReason,
}

/// Why a field was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum FieldReason {
    /// Empty, or longer than the API allows.
    Length,
    /// Not the password of the account.
    WrongPassword,
    /// Not the identifier of the person signed in.
    OtherIdentifier,
    /// The two new passwords differ.
    ConfirmationDiffers,
    /// The new password is the current one.
    SameAsCurrent,
    /// Not what such a field holds: an address without `@`, a number with a wrong key.
    Malformed,
    /// A telephone that takes no SMS: a landline, a service's number.
    NotMobile,
    /// The main address once more, which is no other way to the person.
    MainAddress,
    /// Not the one-time code that was sent, or that the application shows, nor a recovery code that is good.
    WrongCode,
    /// The one-time code was right or not, but its time or its tries are over: another is to be sent.
    CodeSpent,
    /// The passkey's signature is not one that is taken here: its challenge is over, the device did not verify its person, or it is
    /// no key of the account's.
    WrongPasskey,
    /// The captcha's answer is missing, wrong, used or too old: a new challenge is needed.
    CaptchaRefused,
    /// Nothing is taken without it.
    ConsentRequired,
    /// The portal's policy refuses it.
    PolicyUnmet { unmet: Vec<Rule> },
    /// The blocklist refuses it.
    Blocklisted { why: BlocklistReason },
}

impl FieldReason {
    /// Whether the captcha's answer was used up before this came to light. Everything else is judged first, and leaves the
    /// answer good for the next try.
    pub const fn is_judged_after_the_captcha(&self) -> bool {
        matches!(self, Self::WrongPassword)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_problem_reads_as_one_flat_object() {
        let problem = FieldProblem {
            field: "new_password".into(),
            reason: FieldReason::PolicyUnmet {
                unmet: vec![Rule::Digits(1), Rule::NoControl],
            },
        };
        let json = serde_json::to_string(&problem).expect("serialises");
        assert_eq!(
            json,
            r#"{"field":"new_password","reason":"policy_unmet","unmet":[{"rule":"digits","count":1},{"rule":"no_control"}]}"#
        );
        assert_eq!(
            serde_json::from_str::<FieldProblem>(&json).expect("reads back"),
            problem
        );
    }
}
