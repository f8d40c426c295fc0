//! What the client knows of the portal that it is shown on. It is part of the page itself (a JSON block in
//! `index.html`), so that no request is spent on it, and stands at `GET /api/portal` too. The sign-in page holds its
//! [`FrontView`](super::front::FrontView) alone.

use serde::{Deserialize, Serialize};

use super::captcha::CaptchaKind;
use super::recovery::RecoveryBy;
use crate::language::Localized;
use crate::policy::PasswordPolicy;

/// Identifies, in `index.html`, the element that holds a [`PortalView`] as JSON.
pub const PORTAL_ELEMENT_ID: &str = "portal";

/// A portal, as anybody may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PortalView {
    /// Its key in the configuration: `paca`.
    pub name: String,
    /// Its name on the screens: «Portail de santé PACA».
    pub title: Localized,
    /// The agency behind it, under its name.
    pub tagline: Localized,
    pub support: SupportView,
    pub password_policy: PasswordPolicy,
    pub sign_in: SignInView,
    pub password_change: PasswordChangeView,
    pub recovery: RecoveryView,
    /// Title of the list of services: «MES SERVICES E-SANTÉ».
    pub services_title: Localized,
    /// Legal notice, contacts: in the footer of every page.
    pub pages: Vec<PageLink>,
    /// Whether this is a demonstration, said on every page.
    pub demo: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SupportView {
    /// Standing alone: «Support technique de Normand'e-santé».
    pub name: Localized,
    pub email: String,
    /// As the portal writes it: «04 98 080 080».
    pub phone: String,
    /// The same in E.164, for `tel:` links.
    pub phone_link: String,
}

/// The shape that the guide gives the sign-in page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SignInShape {
    /// One card.
    #[default]
    Card,
    /// A frame with its title in the border («Se connecter»).
    Frame,
    /// The ways side by side under one title («Je me connecte»).
    Columns,
    /// A tab for each way.
    Tabs,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SignInView {
    pub shape: SignInShape,
    /// «Se connecter», «Je me connecte» …
    pub heading: Localized,
    /// The ways that the portal offers, in its order; at least one.
    pub ways: Vec<WayView>,
    /// Whether a passkey signs in too, on a screen of its own.
    pub passkey: bool,
}

impl SignInView {
    /// Which of the ways stands open when the page comes: the password's alone, wherever the guide puts it, else the first that is not a card's.
    /// Most people sign in with it; who has a card presses once more, and nothing is kept of who came before at a shared desk.
    pub fn open_way(&self) -> usize {
        let first = |wanted: fn(WayKind) -> bool| self.ways.iter().position(|way| wanted(way.kind));
        first(|kind| kind == WayKind::Password)
            .or_else(|| first(|kind| kind != WayKind::Card))
            .unwrap_or_default()
    }
}

/// One way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct WayView {
    pub kind: WayKind,
    /// «Identifiant / Mot de passe», «Login / Mdp» …
    pub label: Localized,
    /// What the person is told above the fields; empty where there is nothing to say.
    #[serde(default)]
    pub intro: Localized,
    /// The button: «Connexion», «Valider» …
    pub submit: Localized,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum WayKind {
    Password,
    /// Password and one-time code: «Authentification forte», «Code Éphémère».
    Strong,
    /// A professional's card: «Authentification par certificat client», «Carte CPS». It has no form: its button leads to
    /// [`screens::CARD`](super::screens::CARD).
    Card,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordChangeView {
    /// Where a signed-in person finds it.
    pub entry: PasswordChangeEntry,
    /// «Modifier le mot de passe», «CHANGER MON MOT DE PASSE» …
    pub heading: Localized,
    /// «Modifier le mot de passe», «Valider» …
    pub submit: Localized,
    /// Whether the form shows the identifier as a field to fill in («Votre identifiant *»).
    pub asks_identifier: bool,
    /// Shown at the change of a provisional password.
    pub captcha: Option<CaptchaKind>,
}

/// What a person who stands locked out finds here. What the portal does not offer is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryView {
    pub password: Option<PasswordRecoveryView>,
    /// «Rappel du Login».
    pub identifier: Option<RecoveryScreen>,
    /// «Première connexion»: the invitation once more.
    pub first_connection: Option<RecoveryScreen>,
    /// «Pas de compte ?».
    pub account_request: Option<RecoveryScreen>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordRecoveryView {
    pub by: RecoveryBy,
    /// Whether the page that the link opens asks for the identifier («Votre identifiant *»).
    pub asks_identifier: bool,
    pub screen: RecoveryScreen,
}

/// A form of one or a few fields that is answered by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryScreen {
    /// What leads to it: «Mot de passe oublié ?».
    pub link: Localized,
    pub heading: Localized,
    /// What the person is told before the field.
    pub intro: Localized,
    /// The button: «Récupérer mon mot de passe».
    pub submit: Localized,
    pub captcha: Option<CaptchaKind>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum PasswordChangeEntry {
    /// At the foot of «Mon compte».
    #[default]
    Account,
    /// A padlock beside the person's name, and at the foot of «Mon compte» too.
    Padlock,
}

/// A page of the portal's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageLink {
    /// Last part of its path: `legal-notice`.
    pub slug: String,
    pub title: Localized,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in(kinds: &[WayKind]) -> SignInView {
        let ways = kinds.iter().map(|kind| WayView {
            kind: *kind,
            label: Localized::default(),
            intro: Localized::default(),
            submit: Localized::default(),
        });
        SignInView {
            shape: SignInShape::Columns,
            heading: Localized::default(),
            ways: ways.collect(),
            passkey: false,
        }
    }

    #[test]
    fn the_password_stands_open_wherever_the_guide_puts_it() {
        use WayKind::{Card, Password, Strong};
        assert_eq!(sign_in(&[Card, Strong, Password]).open_way(), 2);
        assert_eq!(sign_in(&[Card, Strong]).open_way(), 1);
        assert_eq!(sign_in(&[Card]).open_way(), 0);
    }
}
