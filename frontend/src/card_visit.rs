//! The browser's way to the host that asks for a card, and back: the token that it comes back with, where the person meant to go, which
//! the addresses of the whole way say, and what is remembered meanwhile in the tab's history.
//!
//! The way leads over pages that are not the client's: a page of the way back is loaded anew, and knows by its own entry of the history
//! whether it was left for the card's host before. So «back» asks for no card again, and a fault of TLS that no page of ours can tell of
//! ends on one that does.

use core::cell::RefCell;

use portique_shared::api::screens;

use crate::{dom, return_path};

/// Kept by the entry of a page that left for the card's host.
const LEFT: &str = "card-left";
/// Kept by the entry of a page whose answer was taken.
const DONE: &str = "card-done";

thread_local! {
    /// What stood behind the `#` when the page was loaded.
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// How the page was come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// To begin.
    Fresh,
    /// From the card's host, with its answer.
    Answered(String),
    /// From the card's host, or from the browser's own page about it, without an answer.
    Back,
    /// Loaded anew after its answer was taken.
    Done,
}

/// Takes the token out of the address at once, before anybody reads it there and before the router does.
pub fn take_token() {
    let path = dom::path();
    if matches!(
        path.as_str(),
        screens::CARD | screens::CARD_PROOF | screens::CARD_ATTACH
    ) {
        let fragment = dom::fragment();
        // «Aller au contenu» leads to a fragment too, which names an element of the page.
        if !fragment.is_empty() && dom::document().get_element_by_id(&fragment).is_none() {
            let asked = dom::query(return_path::RETURN);
            dom::rename(&return_path::keeping(&path, asked), "");
            TOKEN.set(Some(fragment));
        }
    }
}

/// How the page was come to; the token is given once.
pub fn arrival() -> Arrival {
    read(TOKEN.take(), dom::kept().as_deref())
}

fn read(token: Option<String>, kept: Option<&str>) -> Arrival {
    match (token, kept) {
        (Some(token), _) => Arrival::Answered(token),
        (None, Some(LEFT)) => Arrival::Back,
        (None, Some(DONE)) => Arrival::Done,
        (None, _) => Arrival::Fresh,
    }
}

/// Goes to the card's host, as to another page of the tab's history; `then`: the path to go to afterwards, which it hands on.
pub fn leave_for(url: &str, then: Option<String>) {
    dom::keep(Some(LEFT));
    dom::go(&return_path::keeping(url, then));
}

/// Notes that the answer was taken: this entry of the history asks for no card again.
pub fn settle() {
    dom::keep(Some(DONE));
}

/// Forgets that the page was left.
pub fn begin_anew() {
    dom::keep(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_an_answer_whatever_the_history_kept() {
        for kept in [None, Some(LEFT), Some(DONE), Some("")] {
            let arrival = read(Some("t".into()), kept);
            assert_eq!(arrival, Arrival::Answered("t".into()), "{kept:?}");
        }
    }

    #[test]
    fn a_page_that_was_left_for_the_card_does_not_leave_again_by_itself() {
        assert_eq!(read(None, Some(LEFT)), Arrival::Back);
        assert_eq!(read(None, Some(DONE)), Arrival::Done);
        assert_eq!(read(None, Some("")), Arrival::Fresh);
        assert_eq!(read(None, None), Arrival::Fresh);
    }
}
