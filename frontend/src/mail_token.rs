//! The token that a mail's link carries after its `#`.

use leptos::prelude::*;
use portique_shared::api::screens;

use crate::dom;

/// The token of the link that opened the page. A page that is loaded anew, as a phone does to one that was left for the
/// mail, finds it in its own entry of the tab's history. One that has served stays there too: it opens nothing any more,
/// and the page then says that it was used, not that there is no such link.
#[derive(Clone, Copy)]
pub struct MailToken(RwSignal<Option<String>>);

impl MailToken {
    /// Takes it out of the address at once: nobody reads it over a shoulder, and no list of visited pages keeps it.
    pub fn from_address() -> Self {
        let token = Self(RwSignal::new(None));
        token.take();
        if token.get_untracked().is_none() && opens(&dom::path()) {
            token.0.set(dom::kept());
        }
        // Another link pasted into the same tab does not load the page anew.
        let _ = window_event_listener(leptos::ev::hashchange, move |_| token.take());
        token
    }

    /// The token, tracked; `None` when the address had none.
    pub fn get(self) -> Option<String> {
        self.0.get()
    }

    /// The same, untracked.
    pub fn get_untracked(self) -> Option<String> {
        self.0.get_untracked()
    }

    fn take(self) {
        let path = dom::path();
        let fragment = dom::fragment();
        // «Aller au contenu» leads to a fragment too, which names an element of the page.
        let is_token = !fragment.is_empty() && dom::document().get_element_by_id(&fragment).is_none();
        if opens(&path) && is_token {
            dom::rename(&path, &fragment);
            self.0.set(Some(fragment));
        }
    }
}

/// Whether a mail's link leads to the path.
fn opens(path: &str) -> bool {
    matches!(path, screens::NEW_PASSWORD | screens::CONFIRM_ACCOUNT_REQUEST)
}

pub fn use_mail_token() -> MailToken {
    expect_context()
}
