use portique_domain::portal::CardSettings;
use portique_shared::api::portal::WayKind;

use super::Checker;
use crate::config::portal_file::{PortalFile, WayFile};

/// The ways that are offered: that of cards where there is a host that asks for them.
pub(crate) fn ways(file: &PortalFile) -> impl Iterator<Item = &WayFile> {
    let cards = file.card.is_some();
    file.sign_in
        .ways
        .iter()
        .filter(move |way| cards || way.kind != WayKind::Card)
}

impl Checker<'_> {
    pub(super) fn card(&mut self, file: &PortalFile, demo: bool) -> Option<CardSettings> {
        let card = file.card.as_ref()?;
        let url = card.url.trim_end_matches('/');
        let host = match url.split_once("://") {
            Some(("https", host)) => Some(host),
            // As a portal's own address in the demo.
            Some(("http", host)) if demo || portique_domain::this_machine::is_this_machine(host) => {
                Some(host)
            }
            _ => None,
        };
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '%', ' ', '@'])) {
            self.wrong(
                "card.url",
                "expected https:// and the host that asks for cards, such as https://carte.portail.fr",
            );
        }
        Some(CardSettings {
            url: url.to_owned(),
            test_cards: card.test_cards,
            counts_as: card.counts_as,
        })
    }
}
