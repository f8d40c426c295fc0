use leptos::prelude::*;
use portique_shared::api::recovery::LinkState;
use portique_shared::api::screens;

use super::ToSignIn;
use crate::components::icon;
use crate::locales::{Text, recovery};
use crate::portal::use_portal;
use crate::title::page_title;

/// What a link was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Password,
    Account,
}

impl Purpose {
    /// Where another link is asked for, in which words, where the portal offers it.
    fn again(self) -> Option<(&'static str, Text)> {
        let offered = &use_portal().recovery;
        match self {
            Self::Password => offered
                .password
                .is_some()
                .then_some((screens::LOST_PASSWORD, Text::Word(|l| recovery(l).new_link))),
            Self::Account => offered.account_request.is_some().then_some((
                screens::REQUEST_ACCOUNT,
                Text::Word(|l| recovery(l).confirm_again),
            )),
        }
    }

    /// Title and sentence. A good link opens its page instead: these words are not for it.
    fn words(self, state: LinkState) -> (Text, Text) {
        let title = match state {
            LinkState::Expired => Text::Word(|l| recovery(l).link_expired_title),
            LinkState::Used if self == Self::Account => Text::Word(|l| recovery(l).confirmed_title),
            LinkState::Used => Text::Word(|l| recovery(l).link_used_title),
            LinkState::Replaced => Text::Word(|l| recovery(l).link_replaced_title),
            LinkState::Unknown | LinkState::Good => Text::Word(|l| recovery(l).link_unknown_title),
        };
        let sentence = match (self, state) {
            (Self::Password, LinkState::Expired) => Text::Word(|l| recovery(l).link_expired),
            (Self::Password, LinkState::Used) => Text::Word(|l| recovery(l).link_used),
            (Self::Password, LinkState::Replaced) => Text::Word(|l| recovery(l).link_replaced),
            (Self::Password, _) => Text::Word(|l| recovery(l).link_unknown),
            (Self::Account, LinkState::Expired) => Text::Word(|l| recovery(l).confirm_expired),
            (Self::Account, LinkState::Used) => Text::Word(|l| recovery(l).confirm_used),
            (Self::Account, LinkState::Replaced) => Text::Word(|l| recovery(l).confirm_replaced),
            (Self::Account, _) => Text::Word(|l| recovery(l).confirm_unknown),
        };
        (title, sentence)
    }
}

/// A link that opens nothing (any more): why, and one button that leads on.
#[component]
pub fn LinkEnd(purpose: Purpose, state: LinkState) -> impl IntoView {
    let (title, sentence) = purpose.words(state);
    page_title(title);
    let used = state == LinkState::Used;
    // An address that is proved needs proving no more.
    let settled = used && purpose == Purpose::Account;
    let again = purpose.again().filter(|_| !settled);
    let to_sign_in = used || again.is_none();
    let again = again.map(|(screen, words)| {
        view! {
            <a class=if used { "quiet" } else { "primary" } href=screen>
                {words.show()}
            </a>
        }
    });
    view! {
        <section class="panel done" class:ended=!settled>
            {icon(if settled { "#icon-done" } else { "#icon-info" })}
            <h1 tabindex="-1">{title.show()}</h1>
            <p>{sentence.show()}</p>
            <div class="actions">
                {to_sign_in.then(|| view! { <ToSignIn class="primary" /> })} {again}
            </div>
        </section>
    }
}
