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

/// What there is to do until the card can serve again, where that takes a while.
pub(super) fn meanwhile(purpose: CardPurpose, code: ErrorCode) -> Option<fn(Language) -> &'static str> {
    let takes_a_while = matches!(
        code,
        ErrorCode::CardExpired | ErrorCode::CardRevoked | ErrorCode::CardUnverifiable
    );
    match purpose {
        _ if !takes_a_while => None,
        CardPurpose::SignIn => Some(|l| card(l).meanwhile_sign_in),
        CardPurpose::Proof => Some(|l| card(l).meanwhile_prove),
        // What can be done by another way is attaching no card.
        CardPurpose::Attach => None,
    }
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
    fn only_who_is_not_signed_in_is_told_to_sign_in_another_way() {
        let words = |purpose, code| meanwhile(purpose, code).map(|words| words(Language::En));
        for code in [
            ErrorCode::CardExpired,
            ErrorCode::CardRevoked,
            ErrorCode::CardUnverifiable,
        ] {
            assert_eq!(
                words(CardPurpose::SignIn, code),
                Some("Meanwhile, sign in another way.")
            );
            assert_eq!(
                words(CardPurpose::Proof, code),
                Some("Meanwhile, confirm in another way that it is you.")
            );
            assert_eq!(words(CardPurpose::Attach, code), None);
        }
        assert_eq!(words(CardPurpose::SignIn, ErrorCode::CardWrongUsage), None);
    }

    #[test]
    fn no_fault_that_is_told_to_who_is_signed_in_tells_them_to_sign_in() {
        // An account's card is looked for at a sign-in alone.
        let told_to_all = FAULTS.iter().filter(|code| **code != ErrorCode::CardUnknown);
        for code in told_to_all {
            for purpose in [CardPurpose::Proof, CardPurpose::Attach] {
                let told = told(purpose, *code).expect("each is told");
                for (language, word) in [
                    (Language::Fr, "connectez-vous"),
                    (Language::En, "sign in another"),
                ] {
                    let told = told(language);
                    let lines = told.mend.iter().chain([&told.what]);
                    assert!(lines.clone().all(|line| !line.contains(word)), "{}", told.title);
                }
            }
        }
    }

    #[test]
    fn a_number_that_is_not_the_records_is_not_called_another_persons_session() {
        let told = |purpose| told(purpose, ErrorCode::CardOfAnother).expect("it is told")(Language::Fr).title;
        assert_ne!(told(CardPurpose::Attach), told(CardPurpose::Proof));
    }
}
