//! A portal as its sign-in page knows it.

use serde::{Deserialize, Serialize};

use super::portal::{PageLink, PortalView, RecoveryScreen, SignInView, SupportView};
use crate::language::Localized;

/// What the sign-in page, and every page's frame, need of a [`PortalView`]. The sign-in page holds no more: the rest (the
/// password's policy, the other screens' words) would cost its first load more than all that it does with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontView {
    pub title: Localized,
    pub tagline: Localized,
    pub support: SupportView,
    pub sign_in: SignInView,
    pub recovery: Offers,
    pub pages: Vec<PageLink>,
    pub demo: bool,
}

/// What leads to the screens for who stands locked out, where the portal offers them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    pub password: Option<PasswordOffer>,
    pub identifier: Option<Offer>,
    pub first_connection: Option<Offer>,
    pub account_request: Option<Offer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordOffer {
    pub screen: Offer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// «Mot de passe oublié ?».
    pub link: Localized,
}

impl From<&PortalView> for FrontView {
    fn from(portal: &PortalView) -> Self {
        let offer = |screen: &RecoveryScreen| Offer {
            link: screen.link.clone(),
        };
        let recovery = &portal.recovery;
        Self {
            title: portal.title.clone(),
            tagline: portal.tagline.clone(),
            support: portal.support.clone(),
            sign_in: portal.sign_in.clone(),
            recovery: Offers {
                password: recovery.password.as_ref().map(|password| PasswordOffer {
                    screen: offer(&password.screen),
                }),
                identifier: recovery.identifier.as_ref().map(offer),
                first_connection: recovery.first_connection.as_ref().map(offer),
                account_request: recovery.account_request.as_ref().map(offer),
            },
            pages: portal.pages.clone(),
            demo: portal.demo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the server writes it into the page.
    const PORTAL: &str = r#"{
        "name": "essai",
        "title": {"fr": "Essai", "en": "Trial"},
        "tagline": {"fr": "Un portail d’essai"},
        "support": {
            "name": {"fr": "assistance"}, "email": "a@exemple.fr", "phone": "01 99 00 12 34", "phone_link": "+33199001234"
        },
        "password_policy": {"min_length": 8},
        "sign_in": {
            "shape": "card",
            "heading": {"fr": "Connexion"},
            "ways": [{"kind": "password", "label": {"fr": "Mot de passe"}, "submit": {"fr": "Valider"}}],
            "passkey": true
        },
        "password_change": {
            "entry": "account", "heading": {"fr": "Changer"}, "submit": {"fr": "Valider"}, "asks_identifier": false
        },
        "recovery": {
            "password": {"by": "email", "asks_identifier": true, "screen": SCREEN},
            "identifier": null,
            "first_connection": SCREEN,
            "account_request": null
        },
        "services_title": {"fr": "Mes services"},
        "pages": [{"slug": "contacts", "title": {"fr": "Contacts"}}],
        "demo": true
    }"#;

    const SCREEN: &str = r#"{
        "link": {"fr": "Perdu ?"}, "heading": {"fr": "Perdu"}, "intro": {"fr": "Dites"}, "submit": {"fr": "Valider"}, "captcha": "proof"
    }"#;

    #[test]
    fn the_front_reads_the_same_from_the_page_as_from_the_whole_portal() {
        let json = PORTAL.replace("SCREEN", SCREEN);
        let portal: PortalView = serde_json::from_str(&json).unwrap();
        let front: FrontView = serde_json::from_str(&json).unwrap();
        assert_eq!(front, FrontView::from(&portal));
        assert_eq!(front.recovery.password.unwrap().screen.link.fr, "Perdu ?");
    }
}
