//! What people who stand locked out ask for, before anybody has looked whether there is an account.

use jiff::{SignedDuration, Timestamp};
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::types::{EmailAddress, NationalId};
use serde::{Deserialize, Serialize};

use crate::folding::fold;
use crate::portal::{Offer, PortalName, Recovery};
use crate::reference::Reference;
use crate::throttle::{ThrottleKey, ThrottleKind};

/// A request is looked up at a moment drawn within this time: whoever times what comes right behind it meets nothing that
/// would tell whether there is an account.
pub const LOOKED_UP_WITHIN: SignedDuration = SignedDuration::from_secs(5);

/// From one sending to the next of the same request.
pub const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// How long a reference can be used to send again.
pub const REFERENCE_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// How often one request can be sent again.
pub const MAX_RESENDS: u32 = 3;

/// The kind of [`Wish::Password`].
pub const LOST_PASSWORD: &str = "lost_password";

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// A link to a new password.
    Password { by: RecoveryBy, subject: String },
    /// The identifiers of this address.
    Identifier { email: EmailAddress },
    /// The invitation once more.
    Invitation { email: EmailAddress },
    /// An account.
    Account(Application),
}

/// What a person without an account says of themselves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub given_name: String,
    pub family_name: String,
    pub profession: String,
    pub national_id: Option<NationalId>,
    pub email: EmailAddress,
}

impl Wish {
    /// Its name in listings and in the audit trail.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Password { .. } => LOST_PASSWORD,
            Self::Identifier { .. } => "lost_identifier",
            Self::Invitation { .. } => "lost_invitation",
            Self::Account(_) => "account_request",
        }
    }

    /// What was typed, folded: the key of the limit on asking for one person.
    pub fn subject(&self) -> String {
        match self {
            Self::Password { subject, .. } => fold(subject),
            Self::Identifier { email } | Self::Invitation { email } => fold(email.as_str()),
            Self::Account(application) => fold(application.email.as_str()),
        }
    }

    /// What a mailbox's share for the day is counted by: its address without what stands after a `+`, and the kind of mail.
    /// A link to a new password has a share of its own, and one for each account where it is asked for by identifier: neither
    /// a stranger's reminders nor a colleague's requests at a shared mailbox may keep a person from theirs. When that share
    /// is spent, a link that is still good lies in the mailbox; using it gives the share back.
    pub fn share_of(&self, mailbox: &EmailAddress) -> String {
        let kind = match self {
            Self::Password {
                by: RecoveryBy::Identifier,
                subject,
            } => return link_share(Some(&fold(subject)), mailbox),
            Self::Password {
                by: RecoveryBy::Email,
                ..
            } => return link_share(None, mailbox),
            Self::Invitation { .. } => "invitation",
            Self::Identifier { .. } => "identifiers",
            Self::Account(_) => "account",
        };
        share(kind, mailbox)
    }

    /// How the portal offers it, if it does.
    pub fn offered(&self, recovery: &Recovery) -> Option<Offer> {
        match self {
            Self::Password { .. } => recovery.password.as_ref().map(|password| password.offer),
            Self::Identifier { .. } => recovery.identifier,
            Self::Invitation { .. } => recovery.first_connection,
            Self::Account(_) => recovery.account_request,
        }
    }
}

/// What requests of one `kind` that name one `subject`, folded, are counted by.
pub fn asked_subject(portal: &PortalName, kind: &str, subject: &str) -> ThrottleKey {
    ThrottleKey::text(ThrottleKind::AskedSubject, portal, &[kind, ":", subject].concat())
}

/// The share of links of one mailbox: `identifier`, folded, where the link was asked for by it.
pub fn link_share(identifier: Option<&str>, mailbox: &EmailAddress) -> String {
    share(&["link", identifier.unwrap_or_default()].join(":"), mailbox)
}

fn share(kind: &str, mailbox: &EmailAddress) -> String {
    [kind, ":", &mailbox_of(mailbox)].concat()
}

/// The mailbox of an address, folded: the address without what stands after a `+`.
pub fn mailbox_of(address: &EmailAddress) -> String {
    let local = address.local_part();
    let local = local.split_once('+').map_or(local, |(name, _)| name);
    [&fold(local), "@", &fold(address.domain())].concat()
}

/// A request that can be sent again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    pub reference: Reference,
    pub portal: PortalName,
    /// The [`Wish`], sealed: it holds what the person typed.
    pub sealed: Vec<u8>,
    pub resend_from: Timestamp,
    pub expires_at: Timestamp,
    /// How often it was sent again already, under earlier references.
    pub resends: u32,
}

/// What the sealed wish of a request is bound to.
pub fn purpose(portal: &PortalName, reference: &Reference) -> String {
    format!("asked:{portal}:{}", reference.as_str())
}
