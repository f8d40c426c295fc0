//! The figures of each limit, in one place.

use jiff::SignedDuration;

/// The longest time in which tries are counted; what is older than this is over.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Each kind has limits of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ThrottleKind {
    /// Wrong passwords for one identifier.
    Account,
    /// Wrong passwords of one account, typed by who is signed in to it: what strangers type at the door is none of it.
    OwnPassword,
    /// Wrong passwords from one address.
    Address,
    /// Wrong answers to captchas from one address.
    CaptchaWrong,
    /// Captchas given out to one address.
    CaptchaAddress,
    /// Captchas given out on one portal.
    CaptchaPortal,
    /// Proofs of work given out on one portal in one minute: never a limit, only a count.
    ProofPressure,
    /// Requests for help that name one identifier or e-mail, as typed.
    AskedSubject,
    /// Requests for help from one address.
    AskedAddress,
    /// Requests for help on one portal.
    AskedPortal,
    /// Mails of one kind that anybody can have sent to one mailbox.
    Mailbox,
    /// Links that open nothing, from one address.
    LinkAddress,
    /// Passwords judged and set by one link.
    LinkUse,
    /// Wrong identifiers typed on the page of one link.
    LinkIdentifier,
    /// Wrong one-time codes of one account.
    CodeWrong,
    /// One-time codes sent for one account.
    CodeAccount,
    /// One-time codes sent for sign-ins from one address.
    CodeAddress,
    /// One-time codes sent on one portal.
    CodePortal,
    /// SMS sent for one account.
    SmsAccount,
    /// SMS sent for sign-ins from one address.
    SmsAddress,
    /// SMS sent on one portal: a count, which the portal's own daily budget is compared with.
    SmsPortal,
    /// Challenges for passkeys given out to one address.
    PasskeyAddress,
    /// Challenges for passkeys given out on one portal to whoever signs in with one alone.
    PasskeyPortal,
    /// Changes that one person begins to what opens their account.
    SecurityChange,
    /// Cards' ceremonies begun from one address.
    CardAddress,
    /// Cards' ceremonies begun on one portal.
    CardPortal,
    /// Answers of cards' ceremonies that nobody was given, from one address.
    CardAnswer,
    /// Wrong codes that were to prove a new rescue address or telephone of one account.
    ContactWrong,
    /// Codes that one account had sent to new addresses and telephones.
    ContactAccount,
    /// The same sent to one address or telephone, whoever had them sent.
    ContactDestination,
}

/// The figures of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// The time in which tries are counted.
    pub span: SignedDuration,
    /// From this many wrong tries on, each is followed by a delay.
    pub delayed_from: u32,
    /// Wrong tries after which none is taken until the time is over.
    pub most: u32,
}

impl Limits {
    /// So many in 24 hours, from `delayed_from` on with a delay before each.
    const fn delayed(delayed_from: u32, most: u32) -> Self {
        Self {
            span: DAY,
            delayed_from,
            most,
        }
    }

    /// So many in 24 hours, without a delay before.
    const fn a_day(most: u32) -> Self {
        Self::delayed(most, most)
    }

    /// So many in a minute: whoever spends it all keeps the others waiting for the rest of that minute, not of the day.
    const fn a_minute(most: u32) -> Self {
        Self {
            span: MINUTE,
            ..Self::a_day(most)
        }
    }
}

impl ThrottleKind {
    /// Whether people share it who have nothing to do with each other: an address, a portal.
    pub(crate) const fn is_shared(self) -> bool {
        self.is_a_whole_portals()
            || matches!(
                self,
                Self::Address
                    | Self::CaptchaWrong
                    | Self::CaptchaAddress
                    | Self::AskedAddress
                    | Self::LinkAddress
                    | Self::CodeAddress
                    | Self::SmsAddress
                    | Self::PasskeyAddress
                    | Self::CardAddress
                    | Self::CardAnswer
            )
    }

    /// Whether all of a portal's people share it.
    pub(crate) const fn is_a_whole_portals(self) -> bool {
        matches!(
            self,
            Self::AskedPortal
                | Self::CaptchaPortal
                | Self::CodePortal
                | Self::SmsPortal
                | Self::PasskeyPortal
                | Self::CardPortal
                | Self::ProofPressure
        )
    }

    /// Whether a try that is refused counts nothing here: what all of a portal's people share, and what counts money that is spent.
    /// One person who is refused again and again would else spend it for everybody.
    pub(crate) const fn counts_no_refusal(self) -> bool {
        self.is_a_whole_portals() || matches!(self, Self::SmsAddress)
    }

    /// The time in which tries of this kind are counted.
    pub const fn span(self) -> SignedDuration {
        self.limits().span
    }

    /// An account: CNIL 2022-100, case 2 (more than a minute after 5, at most 25 in 24 h).
    /// An address: a hospital's thousands share one, so the limit is that of a crowd that mistypes, not of a person;
    /// it stops who tries one password on many accounts.
    pub(super) const fn limits(self) -> Limits {
        match self {
            // Wrong codes as wrong passwords: 25 guesses a day at a million codes, and only for who has the password.
            Self::Account | Self::OwnPassword | Self::CodeWrong | Self::ContactWrong => {
                Limits::delayed(5, 25)
            }
            Self::Address => Limits::delayed(100, 1_000),
            // A person errs a few times; a program that clicks anywhere is right once in five to eight.
            Self::CaptchaWrong => Limits::delayed(20, 300),
            // Three or four identifiers at most belong to one mailbox. Two codes to new contacts and some that are sent again; who would
            // have strangers written to reaches ten of them a day.
            Self::LinkIdentifier | Self::ContactAccount => Limits::delayed(5, 10),
            // Ten authenticators are twenty requests, and a mistyped code one more; nobody enrols them all twice in a day. Ten recovery codes
            // are ten hashes, and each change a mail to each address: a program with a proof gets few of them.
            Self::SecurityChange => Limits::delayed(60, 100),
            // Somebody who signs in at each patient's bed, and whose mails are late; a right code clears it.
            Self::CodeAccount => Limits::delayed(10, 30),
            // A hospital's thousands share one address, and one machine there gone mad must not cost the others their day. Each
            // person asks for some captchas and one mail, and now and then mistypes a link, whose 256 bits nobody guesses.
            Self::CaptchaAddress | Self::PasskeyAddress | Self::CardAddress | Self::CardAnswer => {
                Limits::a_minute(120)
            }
            Self::AskedAddress | Self::LinkAddress | Self::CodeAddress => Limits::a_minute(60),
            // The rules are told live, at each pause of who types.
            Self::LinkUse => Limits::a_day(500),
            Self::ProofPressure | Self::SmsPortal => Limits::a_day(u32::MAX),
            // An SMS costs money, right code or not, so that nothing clears these. A person who signs in at each patient's bed
            // asks for some fifteen; whoever wants a number flooded with that person's password has twenty.
            Self::SmsAccount => Limits::a_day(20),
            // A hospital behind one address asks for hundreds; one address must not spend what a portal has for a day.
            Self::SmsAddress => Limits::a_day(1_000),
            // A stranger's mailbox or telephone too; a right code clears that one, typed by who reads there.
            Self::AskedSubject | Self::ContactDestination => Limits::a_day(6),
            Self::Mailbox => Limits::a_day(4),
            // What one server bears beside its other work, and ten times what a region's people ask for at worst.
            Self::AskedPortal => Limits::a_minute(600),
            // Codes: fifty sign-ins a second, which a region has when its hospitals change shifts; each had a right password.
            Self::CaptchaPortal | Self::PasskeyPortal | Self::CodePortal | Self::CardPortal => {
                Limits::a_minute(3_000)
            }
        }
    }
}
