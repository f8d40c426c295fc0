//! Professional cards: what a certificate says of its holder once it was judged, and why one is refused.
//!
//! Reading certificates, chains and lists of revoked ones is a port ([`CardJudge`]): the rules here know none of their encodings.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_shared::types::NationalId;

/// What a browser showed in TLS, or a proxy that had it shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    /// DER, the holder's certificate first, then whatever authorities came with it; empty where no card was shown.
    pub chain: Vec<Vec<u8>>,
    /// Whether the handshake was signed with the certificate's key. TLS is let go on where that could not be verified, so that
    /// the person reads a page instead of the browser's error; then nothing is believed.
    pub is_proved: bool,
}

/// A certificate that was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub number: NationalId,
    pub family_name: String,
    pub given_name: String,
    /// Of the national test series, whose numbers nobody is given: all that a test authority's card may be.
    pub is_test: bool,
}

/// Judges certificates: where they come from, what they are for, whether they are still good.
#[async_trait]
pub trait CardJudge: Send + Sync {
    /// The card that was shown, by what is known at `now` of revocations. Refuses where it can't tell.
    async fn judge(&self, presented: &Presented, now: Timestamp) -> Result<Card, CardFault>;

    /// Which certificate it is, good or not, for the audit trail: its serial number in hexadecimal, and the name of the authority that it
    /// says issued it where that one is configured. `None` where that can't be read. Proves nothing.
    fn name_of(&self, presented: &Presented) -> Option<String>;
}

/// Why a certificate opens nothing. The audit trail has each by its word; the person is told what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardFault {
    /// No card in the reader, or the browser's dialog was cancelled.
    NotPresented,
    /// The key's signature of the handshake could not be verified.
    NotProved,
    /// A proxy's header from who is no proxy.
    SpoofedHeader,
    /// What was shown is no certificate, or has something behind it.
    Unreadable,
    /// More bytes or certificates than any card has.
    TooLarge,
    NotYetValid,
    Expired,
    /// No configured authority issued it, or the chain to one is incomplete.
    UnknownAuthority,
    /// A signature in its chain is not its issuer's, or an issuer was not entitled to it.
    BrokenChain,
    Revoked,
    /// Nothing recent enough tells whether it was revoked.
    RevocationUnknown,
    /// Not for authentication: for signing, for a server …
    WrongUsage,
    /// SHA-1, MD5 …
    WeakSignature,
    /// RSA below 2048 bits, or of a kind that nobody issues.
    WeakKey,
    /// Of the card's contactless side, which asks for no PIN.
    Contactless,
    /// An organisation's, a server's: no person holds it.
    Organisation,
    /// A test card where the portal takes none, or a test authority's of a number that may be somebody's.
    TestCard,
    /// The subject has no common name, where the number would stand.
    NoCommonName,
    SeveralCommonNames,
    /// Common name, surname, given name or country hold a NUL, control characters or others that nobody sees, or are in no kind
    /// of string that is text.
    NotPlainText,
    /// The country is another than France, whose numbers these are.
    OtherCountry,
    /// Surname, given name or country are missing or there twice, or one of them or the common name is blank or endless.
    SubjectUnclear,
    /// The common name is no national number.
    NotANumber,
    /// The RPPS number's check digit is wrong.
    CheckDigit,
}

impl CardFault {
    pub const ALL: [Self; 24] = [
        Self::NotPresented,
        Self::NotProved,
        Self::SpoofedHeader,
        Self::Unreadable,
        Self::TooLarge,
        Self::NotYetValid,
        Self::Expired,
        Self::UnknownAuthority,
        Self::BrokenChain,
        Self::Revoked,
        Self::RevocationUnknown,
        Self::WrongUsage,
        Self::WeakSignature,
        Self::WeakKey,
        Self::Contactless,
        Self::Organisation,
        Self::TestCard,
        Self::NoCommonName,
        Self::SeveralCommonNames,
        Self::NotPlainText,
        Self::OtherCountry,
        Self::SubjectUnclear,
        Self::NotANumber,
        Self::CheckDigit,
    ];

    /// In the audit trail.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotPresented => "card_not_presented",
            Self::NotProved => "card_not_proved",
            Self::SpoofedHeader => "card_spoofed_header",
            Self::Unreadable => "card_unreadable",
            Self::TooLarge => "card_too_large",
            Self::NotYetValid => "card_not_yet_valid",
            Self::Expired => "card_expired",
            Self::UnknownAuthority => "card_unknown_authority",
            Self::BrokenChain => "card_broken_chain",
            Self::Revoked => "card_revoked",
            Self::RevocationUnknown => "card_revocation_unknown",
            Self::WrongUsage => "card_wrong_usage",
            Self::WeakSignature => "card_weak_signature",
            Self::WeakKey => "card_weak_key",
            Self::Contactless => "card_contactless",
            Self::Organisation => "card_organisation",
            Self::TestCard => "card_test",
            Self::NoCommonName => "card_no_common_name",
            Self::SeveralCommonNames => "card_several_common_names",
            Self::NotPlainText => "card_not_plain_text",
            Self::OtherCountry => "card_other_country",
            Self::SubjectUnclear => "card_subject_unclear",
            Self::NotANumber => "card_not_a_number",
            Self::CheckDigit => "card_check_digit",
        }
    }

    /// The fault of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_fault_has_a_word_of_its_own_that_names_it_again() {
        let words: HashSet<_> = CardFault::ALL.map(CardFault::word).into_iter().collect();
        assert_eq!(words.len(), CardFault::ALL.len());
        for fault in CardFault::ALL {
            assert_eq!(CardFault::from_word(fault.word()), Some(fault));
        }
    }
}
