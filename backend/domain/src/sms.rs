//! The port to whatever carries SMS away, and to what is told of them afterwards.

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use portique_shared::types::PhoneNumber;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::keyring::Keyring;
use crate::mail::SendError;
use crate::portal::PortalName;
use crate::store::StoreResult;

/// An SMS ready to leave. `Debug` is not derived: it holds a one-time code.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingSms {
    pub portal: PortalName,
    /// The queue's, the same at each try of one message.
    pub id: Uuid,
    pub to: PhoneNumber,
    pub text: String,
    /// Where the gateway may tell what became of it.
    pub report_url: String,
    /// After this long it is better not delivered at all.
    pub good_for: SignedDuration,
    pub at: Timestamp,
}

/// What a gateway tells of an SMS that it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportState {
    /// The gateway has it; the phone not yet, as far as it knows.
    Accepted,
    Delivered,
    Failed,
}

impl ReportState {
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Delivered, Self::Failed];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// A delivery report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub state: ReportState,
    /// The gateway's own word for why; see [`Report::new`].
    pub code: Option<String>,
}

/// Longest code that is kept of a report.
const CODE_CHARS: usize = 32;

impl Report {
    /// `code`: of which letters, digits and `-_.` are kept, at most 32: it comes from outside, and goes to a listing. One that
    /// looks like a phone number is not kept at all.
    pub fn new(state: ReportState, code: Option<&str>) -> Self {
        let kept: String = code
            .unwrap_or_default()
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter))
            .take(CODE_CHARS)
            .collect();
        let digits = kept.chars().filter(char::is_ascii_digit).count();
        Self {
            state,
            code: (!kept.is_empty() && digits < 8).then_some(kept),
        }
    }
}

/// What the queue knows of an SMS that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    pub report: Report,
    pub at: Timestamp,
}

/// An SMS whose gateway is to be asked what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitedReport {
    /// The message's.
    pub id: Uuid,
    /// The gateway's own.
    pub gateway_id: String,
    pub created_at: Timestamp,
}

/// A call to a report's address, as it came.
pub struct ReportCall<'a> {
    /// The whole address as it was given to the gateway.
    pub url: &'a str,
    /// What stands behind the address's `?`.
    pub query: &'a [(String, String)],
    /// The form in the body, or the top of its JSON; empty without one.
    pub form: &'a [(String, String)],
    /// `X-Twilio-Signature`, if there is one.
    pub signature: Option<&'a str>,
}

/// The call is no report of this gateway, or not signed as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no report of this gateway")]
pub struct NoReport;

/// Carries SMS away.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Its word in the addresses of reports.
    fn kind(&self) -> &'static str;

    /// Returns once the gateway has taken the SMS over, with the gateway's own name for it, if it gives one.
    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError>;

    /// What a call to a report's address tells; `None` when nothing worth writing down.
    fn read_report(&self, call: &ReportCall<'_>) -> Result<Option<Report>, NoReport>;

    /// Whether it does not tell by itself what became of an SMS.
    fn is_to_be_asked(&self) -> bool {
        false
    }

    /// What became of an SMS, by the gateway's own name for it; `None` while it does not know. Called only where
    /// [`SmsGateway::is_to_be_asked`].
    async fn ask(&self, gateway_id: &str, now: Timestamp) -> Result<Option<Report>, SendError> {
        let _ = (gateway_id, now);
        Ok(None)
    }
}

/// What a transaction does with reports.
#[async_trait]
pub trait SmsReports: Send {
    /// Writes down that a gateway took an SMS, under its own name for it, and when it is to be asked what became of it (`None`:
    /// it tells by itself). A report that came before is kept.
    async fn note_accepted_sms(
        &mut self,
        id: Uuid,
        gateway_id: Option<&str>,
        at: Timestamp,
        ask_at: Option<Timestamp>,
    ) -> StoreResult<()>;

    /// Writes down what a gateway told of an SMS. What was delivered stays so, and what was settled is no more merely accepted.
    /// `false` when there is no such SMS (any more).
    async fn save_report(&mut self, id: Uuid, reported: &Reported) -> StoreResult<bool>;

    /// Up to `limit` SMS whose gateway is to be asked by now; they are asked again at `again_at` at the earliest.
    async fn take_awaited_reports(
        &mut self,
        now: Timestamp,
        again_at: Timestamp,
        limit: u64,
    ) -> StoreResult<Vec<AwaitedReport>>;

    /// Sets when a gateway is asked again what became of an SMS; `None`: never.
    async fn ask_report_at(&mut self, id: Uuid, at: Option<Timestamp>) -> StoreResult<()>;
}

/// Reports are asked for over this long; a phone that was off so long needs no code any more.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The first pause before a report is asked for; each one after is as long as all before it.
const FIRST_ASKED_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// When the report of an SMS of that age is to be asked for (again); `None`: never.
pub fn asked_next(created_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let age = now.duration_since(created_at);
    (age < ASKED_FOR).then(|| now + age.max(FIRST_ASKED_AFTER))
}

/// What the keyring's keys are used for here.
const PURPOSE: &str = "sms reports";

/// Bytes of a report's token: 128 bits that nobody guesses.
const TOKEN_BYTES: usize = 16;

/// What stands in the address of a message's report, in hexadecimal: whoever knows it was told by this installation.
pub fn report_token(keyring: &Keyring, message: Uuid) -> String {
    tokens(keyring, message)
        .next()
        .expect("a keyring has a key at least")
}

/// Whether `token` is the message's, whichever key it was made under.
pub fn is_report_token(keyring: &Keyring, message: Uuid, token: &str) -> bool {
    tokens(keyring, message).fold(false, |found, made| {
        found | bool::from(made.as_bytes().ct_eq(token.as_bytes()))
    })
}

fn tokens(keyring: &Keyring, message: Uuid) -> impl Iterator<Item = String> {
    keyring.derive_each(PURPOSE).map(move |key| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(message.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..TOKEN_BYTES])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::Key;

    fn ring(keys: &[u8]) -> Keyring {
        Keyring::new(keys.iter().map(|id| Key::new(*id, [*id; 32])).collect()).unwrap()
    }

    #[test]
    fn a_reports_token_is_its_messages_alone_and_outlives_a_keys_rotation() {
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let token = report_token(&ring(&[1]), mine);
        assert_eq!(token.len(), 2 * TOKEN_BYTES);
        assert!(is_report_token(&ring(&[2, 1]), mine, &token));
        assert!(!is_report_token(&ring(&[1]), other, &token));
        assert!(!is_report_token(&ring(&[2]), mine, &token));
        assert!(!is_report_token(&ring(&[1]), mine, ""));
    }

    #[test]
    fn what_a_report_says_is_kept_short_and_names_nobody() {
        let code = |text: &str| Report::new(ReportState::Failed, Some(text)).code;
        assert_eq!(code("30005").as_deref(), Some("30005"));
        assert_eq!(code("UNDELIV\r\n<b>").as_deref(), Some("UNDELIVb"));
        assert_eq!(code("+33612345678"), None);
        assert_eq!(code(&"x".repeat(100)).map(|code| code.len()), Some(CODE_CHARS));
        assert_eq!(code(""), None);
    }

    #[test]
    fn a_report_is_asked_for_ever_more_rarely_and_not_for_ever() {
        let sent: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
        let (mut now, mut asked) = (sent, Vec::new());
        while let Some(next) = asked_next(sent, now) {
            now = next;
            asked.push(now.duration_since(sent).as_secs());
        }
        assert_eq!(&asked[..4], [30, 60, 120, 240]);
        assert!(asked.len() < 15, "{asked:?}");
    }
}
