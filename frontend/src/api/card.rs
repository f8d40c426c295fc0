//! Professional cards: a ceremony is begun here, goes on as pages of the card's host, and its answer is redeemed here.

use gloo_net::http::Request;
use portique_shared::api::card::{CardAnswerRequest, CardBegun};
use portique_shared::api::paths;
use portique_shared::api::problem::Problem;
use portique_shared::api::security::SecurityView;

use super::{Answer, Entered, Failure, Nothing, Status, exchanged, parse, patient, read, refusal, write};

/// What a card is shown for, by the addresses of its two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardPurpose {
    SignIn,
    /// To prove anew who is signed in.
    Proof,
    /// To be attached to the account of who is signed in.
    Attach,
}

/// Why an answer opens nothing.
pub struct CardRefusal {
    pub failure: Failure,
    /// Of the card that was shown, masked, where the server tells it.
    pub number: Option<String>,
}

impl CardPurpose {
    const fn paths(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => (paths::CARD_SIGN_IN, paths::CARD_SIGN_IN_ANSWER),
            Self::Proof => (paths::CARD_PROOF, paths::CARD_PROOF_ANSWER),
            Self::Attach => (paths::CARD_CEREMONY, paths::CARDS),
        }
    }
}

/// Begins a ceremony; the address that the browser is to go to.
pub async fn begin_card(purpose: CardPurpose) -> Answer<String> {
    let (begin, _) = purpose.paths();
    let CardBegun { url } = write(Request::post(begin), &Nothing {}).await?;
    Ok(url)
}

/// Redeems what the browser came back with.
pub async fn answer_card(purpose: CardPurpose, token: String) -> Result<Entered, CardRefusal> {
    let (_, answer) = purpose.paths();
    let request = patient(Request::post(answer)).json(&CardAnswerRequest { token });
    let Ok((ok, text)) = exchanged(request).await else {
        return Err(CardRefusal {
            failure: Failure::Unreachable,
            number: None,
        });
    };
    if !ok {
        return Err(CardRefusal {
            failure: refusal(&text),
            number: parse::<Problem>(&text)
                .ok()
                .and_then(|problem| problem.card_number),
        });
    }
    // A proof and an attached card answer with other things: only a sign-in goes on to another step.
    let waits = parse::<Status>(&text).is_ok_and(|answer| answer.status == "second_step");
    Ok(if waits {
        Entered::SecondStep
    } else {
        Entered::SignedIn
    })
}

/// Detaches one of the person's cards, by the id that the server lists it under.
pub async fn detach_card(id: &str) -> Answer<SecurityView> {
    read(Request::delete(&[paths::CARDS, "/", id].concat())).await
}
