use super::{CardWords, Told};

/// Browsers keep for the rest of their visit which certificate was chosen on a host, and that none was.
const RESTART: &str = "If the browser asks you nothing any more, close all its windows and open it again: it remembers your earlier choice.";
const SUPPORT: &str = "If it happens again, call the support, whose contact is at the foot of this page.";

pub(super) const CARD: CardWords = CardWords {
    sign_in_title: "Sign in with a CPS card",
    proof_title: "Confirm that it is me with my CPS card",
    attach_title: "Attach my CPS card",
    sign_in_intro: "Your card signs you in without identifier or password.",
    proof_intro: "Your card proves that it is you, without a password.",
    attach_intro: "Once it is attached, your card will open your account on this portal.",
    steps: &[
        "Insert your card into the reader.",
        "When the browser asks, choose your certificate for authentication.",
        "Type the PIN code of your card.",
    ],
    asking: "Your browser is asking for your card…",
    reading: "Reading your card…",
    retry: "Try again",
    sign_in_otherwise: "Sign in another way",
    prove_otherwise: "Use my password",
    back_to_security: "Back to “Security”",
    what_to_do: "What to do?",
    meanwhile_sign_in: "Meanwhile, sign in another way.",
    meanwhile_prove: "Meanwhile, confirm in another way that it is you.",
    number: "Number read on the card:",
    samples: "Demo: sample cards to import",
    attached_title: "Your card is attached",
    attached: "It opens your account from now on. You can remove it at any time in “Security”.",

    not_read: Told {
        title: "Your card could not be read",
        what: "The browser came back without a card: it was not in the reader, the window was closed, or this computer is not equipped.",
        mend: &[
            "Check that the card is well inserted and that the reader’s light is on.",
            "Check that the software of the reader and of the card (Cryptolib CPS) is installed and running.",
            "Try another browser of this computer.",
            RESTART,
        ],
    },
    not_presented: Told {
        title: "No card was shown",
        what: "The card was not in the reader, or the window that asks for the certificate was closed without a choice.",
        mend: &[
            "Insert your card, wait until the reader knows it, then try again.",
            "Choose your certificate for authentication and type your PIN code.",
            RESTART,
        ],
    },
    expired: Told {
        title: "Your card is not valid at this date",
        what: "The end of its certificate’s validity has passed, or its validity has not begun yet.",
        mend: &[
            "If you have received a new card, use that one.",
            "Otherwise ask the Agence du Numérique en Santé to renew your card.",
        ],
    },
    revoked: Told {
        title: "Your card was revoked",
        what: "It was declared lost or stolen, replaced, or cancelled by the body that issued it.",
        mend: &[
            "If you have received a new card, use that one.",
            "Otherwise ask the Agence du Numérique en Santé.",
        ],
    },
    unknown: Told {
        title: "No account opens with this card",
        what: "Your card is good, but it opens no account on this portal.",
        mend: &[
            "If you have an account, sign in another way and attach your card to it in “Security”, under “My account”.",
            "Otherwise call the support, whose contact is at the foot of this page, and tell them the number above.",
        ],
    },
    wrong_usage: Told {
        title: "This is not the right certificate",
        what: "Your card holds two: the one that was chosen signs documents, and does not sign in.",
        mend: &[
            "Try again and choose the other certificate, the one for authentication.",
            RESTART,
        ],
    },
    contactless: Told {
        title: "The card was read without contact",
        what: "Without contact no PIN code is asked for: that does not prove that it is you.",
        mend: &[
            "Insert the card into the reader instead of laying it on top, then try again.",
            RESTART,
        ],
    },
    organisation: Told {
        title: "This certificate is an organisation’s",
        what: "It names an institution or a server, and no person: it opens no account.",
        mend: &[
            "Use your personal professional card, then choose its certificate.",
            RESTART,
        ],
    },
    test: Told {
        title: "This card is a test card",
        what: "This portal takes real cards only.",
        mend: &["Use your professional card.", RESTART],
    },
    unknown_authority: Told {
        title: "This is not the certificate of a CPS card",
        what: "It was issued by none of the authorities that this portal knows.",
        mend: &[
            "Try again and choose the certificate for authentication of your card.",
            RESTART,
            SUPPORT,
        ],
    },
    unreadable: Told {
        title: "The certificate that was shown cannot be accepted",
        what: "It is incomplete, malformed, or too weak to prove who you are.",
        mend: &[
            "Take the card out, insert it again, then try again.",
            RESTART,
            SUPPORT,
        ],
    },
    of_another: Told {
        title: "This card is not yours",
        what: "It bears the number of another person than who is signed in here.",
        mend: &[
            "Insert your own card, then try again.",
            "If this session is not yours, sign it out.",
            RESTART,
        ],
    },
    not_of_the_record: Told {
        title: "This card does not bear your number",
        what: "It bears another national number than your record: it cannot be attached to your account.",
        mend: &["Insert your own card, then try again.", RESTART, SUPPORT],
    },
    taken: Told {
        title: "This card opens another account already",
        what: "Another account of this portal bears this number, or has this card attached.",
        mend: &[
            "If you have two accounts, remove the card from the other one first.",
            "Otherwise call the support, whose contact is at the foot of this page.",
        ],
    },
    ceremony_ended: Told {
        title: "The time is over",
        what: "The card must be read within five minutes, and in the browser in which you began.",
        mend: &["Begin again: nothing is lost."],
    },
    unverifiable: Told {
        title: "Your card cannot be checked right now",
        what: "The service that tells whether a card was revoked does not answer. Nothing is wrong with your card.",
        mend: &["Try again in a few minutes.", SUPPORT],
    },

    title: "CPS card",
    intro: "Your professional card signs you in with its PIN code, without identifier or password.",
    by_record: "The card that bears the number of your record signs you in already, without being attached.",
    none_yet: "No card attached yet.",
    attach: "Attach my card",
    attached_on: "Attached on",
    detached: "The card is attached to your account no more. If it bears the number of your record, it still opens it: have it revoked if it is lost or stolen.",
    proof_intro_short: "Or prove it with your card, without password or code.",
    prove_by_card: "Use my CPS card",
};
