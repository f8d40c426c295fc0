//! The token that a mail's link carries after its `#`.

use leptos::prelude::*;
use portique_shared::api::screens;

use crate::dom;

/// The token of the link that opened the page, in this page's memory and nowhere else.
#[derive(Clone, Copy)]
pub struct MailToken(RwSignal<Option<String>>);

impl MailToken {
    /// Takes it out of the address at once: nobody reads it over a shoulder, and the browser's history does not keep it.
    pub fn from_address() -> Self {
        let token = Self(RwSignal::new(None));
        token.take();
        // Another link pasted into the same tab does not load the page anew.
        let _ = window_event_listener(leptos::ev::hashchange, move |_| token.take());
        token
    }

    /// The token, tracked; `None` when the address had none, or once it has served.
    pub fn get(self) -> Option<String> {
        self.0.get()
    }

    /// The same, untracked.
    pub fn get_untracked(self) -> Option<String> {
        self.0.get_untracked()
    }

    /// Forgets a token that has served.
    pub fn forget(self) {
        self.0.set(None);
    }

    fn take(self) {
        let path = dom::path();
        let fragment = dom::fragment();
        // «Aller au contenu» leads to a fragment too, which names an element of the page.
        let is_token = !fragment.is_empty() && dom::document().get_element_by_id(&fragment).is_none();
        let opens = matches!(
            path.as_str(),
            screens::NEW_PASSWORD | screens::CONFIRM_ACCOUNT_REQUEST
        );
        if opens && is_token {
            dom::rename(&path);
            self.0.set(Some(fragment));
        }
    }
}

pub fn use_mail_token() -> MailToken {
    expect_context()
}
