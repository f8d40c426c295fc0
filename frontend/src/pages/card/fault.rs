use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;

use crate::api::CardPurpose;
use crate::locales::{Told, card};

/// What a card's way ended with, in words. `None` for codes that tell of no card.
pub(super) fn told(purpose: CardPurpose, code: ErrorCode) -> Option<fn(Language) -> &'static Told> {
    Some(match code {
        ErrorCode::CardNotPresented => |l| &card(l).not_presented,
        ErrorCode::CardExpired => |l| &card(l).expired,
        ErrorCode::CardRevoked => |l| &card(l).revoked,
        ErrorCode::CardUnknown => |l| &card(l).unknown,
        ErrorCode::CardWrongUsage => |l| &card(l).wrong_usage,
        ErrorCode::CardContactless => |l| &card(l).contactless,
        ErrorCode::CardOrganisation => |l| &card(l).organisation,
        ErrorCode::CardTest => |l| &card(l).test,
        ErrorCode::CardUnknownAuthority => |l| &card(l).unknown_authority,
        ErrorCode::CardUnreadable => |l| &card(l).unreadable,
        ErrorCode::CardOfAnother if purpose == CardPurpose::Attach => |l| &card(l).not_of_the_record,
        ErrorCode::CardOfAnother => |l| &card(l).of_another,
        ErrorCode::CardTaken => |l| &card(l).taken,
        ErrorCode::CardCeremonyEnded => |l| &card(l).ceremony_ended,
        ErrorCode::CardUnverifiable => |l| &card(l).unverifiable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const FAULTS: [ErrorCode; 14] = [
        ErrorCode::CardNotPresented,
        ErrorCode::CardExpired,
        ErrorCode::CardRevoked,
        ErrorCode::CardUnknown,
        ErrorCode::CardWrongUsage,
        ErrorCode::CardContactless,
        ErrorCode::CardOrganisation,
        ErrorCode::CardTest,
        ErrorCode::CardUnknownAuthority,
        ErrorCode::CardUnreadable,
        ErrorCode::CardOfAnother,
        ErrorCode::CardTaken,
        ErrorCode::CardCeremonyEnded,
        ErrorCode::CardUnverifiable,
    ];

    #[test]
    fn each_fault_of_a_card_has_a_page_of_its_own_that_says_what_to_do() {
        for language in Language::ALL {
            let mut titles = HashSet::new();
            for code in FAULTS {
                let told = told(CardPurpose::SignIn, code).expect("each is told")(language);
                assert!(titles.insert(told.title), "{}", told.title);
                assert!(!told.what.is_empty() && !told.mend.is_empty(), "{}", told.title);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_the_request_is_no_page_about_cards() {
        assert!(told(CardPurpose::SignIn, ErrorCode::Internal).is_none());
    }

    #[test]
    fn a_number_that_is_not_the_records_is_not_called_another_persons_session() {
        let told = |purpose| told(purpose, ErrorCode::CardOfAnother).expect("it is told")(Language::Fr).title;
        assert_ne!(told(CardPurpose::Attach), told(CardPurpose::Proof));
    }
}
