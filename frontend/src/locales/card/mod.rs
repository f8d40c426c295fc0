//! The words about professional cards: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

use super::phrases::{self, LocalTime};

pub struct CardWords {
    /// The screens, by what the card is shown for.
    pub sign_in_title: &'static str,
    pub proof_title: &'static str,
    pub attach_title: &'static str,
    pub sign_in_intro: &'static str,
    pub proof_intro: &'static str,
    pub attach_intro: &'static str,
    /// What to do, in this order.
    pub steps: &'static [&'static str],
    /// While the browser asks for the card.
    pub asking: &'static str,
    /// While the server judges it.
    pub reading: &'static str,
    pub retry: &'static str,
    /// What else there is, by what the card was shown for.
    pub sign_in_otherwise: &'static str,
    pub prove_otherwise: &'static str,
    pub back_to_security: &'static str,
    /// Above what there is to do.
    pub what_to_do: &'static str,
    /// The last thing to do where the card can't serve for a while, by what it was shown for. Who attaches one is signed in already.
    pub meanwhile_sign_in: &'static str,
    pub meanwhile_prove: &'static str,
    /// Followed by the number, masked.
    pub number: &'static str,
    /// In the demo, on the way to its cards.
    pub samples: &'static str,
    pub attached_title: &'static str,
    pub attached: &'static str,

    pub not_read: Told,
    pub not_presented: Told,
    pub expired: Told,
    pub revoked: Told,
    pub unknown: Told,
    pub wrong_usage: Told,
    pub contactless: Told,
    pub organisation: Told,
    pub test: Told,
    pub unknown_authority: Told,
    pub unreadable: Told,
    pub of_another: Told,
    /// The same at the attaching of a card.
    pub not_of_the_record: Told,
    pub taken: Told,
    pub ceremony_ended: Told,
    pub unverifiable: Told,

    /// The section of «Sécurité».
    pub title: &'static str,
    pub intro: &'static str,
    /// To who has a number on record.
    pub by_record: &'static str,
    pub none_yet: &'static str,
    pub attach: &'static str,
    /// Followed by a date.
    pub attached_on: &'static str,
    pub detached: &'static str,
    /// Where who one is must be proved first.
    pub proof_intro_short: &'static str,
    pub prove_by_card: &'static str,
}

/// How a card's way ended: the page's title, what happened, what to do next.
pub struct Told {
    pub title: &'static str,
    pub what: &'static str,
    pub mend: &'static [&'static str],
}

pub const fn card(language: Language) -> &'static CardWords {
    match language {
        Language::Fr => &fr::CARD,
        Language::En => &en::CARD,
    }
}

/// «Retirer la carte 10xxxxxxx86, rattachée le 01/07/2022», for a screen reader that reads the buttons alone.
pub fn detach_named(language: Language, number: &str, attached: LocalTime) -> String {
    let attached = phrases::date(language, attached);
    match language {
        Language::Fr => ["Retirer la carte ", number, ", rattachée le ", &attached].concat(),
        Language::En => ["Remove card ", number, ", attached on ", &attached].concat(),
    }
}
