//! What a portal's file lets people see of it.

use std::collections::BTreeMap;

use portique_domain::support_name::standing_alone;
use portique_shared::Localized;
use portique_shared::api::page::{PageView, ServiceView};
use portique_shared::api::portal::{
    PageLink, PasswordChangeView, PasswordRecoveryView, PortalView, RecoveryScreen, RecoveryView, SignInView,
    SupportView, WayView,
};

use super::markdown;
use super::picture::Picture;
use super::portal::card;
use super::portal_file::{PageFile, PortalFile, RecoveryFile, RecoveryScreenFile};
use crate::site::Service;

/// `phone_link`: the support's number in E.164.
/// `passkey`: whether a passkey signs in.
pub(super) fn view(file: &PortalFile, phone_link: String, passkey: bool, demo: bool) -> PortalView {
    let ways = card::ways(file);
    PortalView {
        name: file.name.clone(),
        title: file.title.clone(),
        tagline: file.tagline.clone(),
        support: SupportView {
            name: alone(&file.support.name),
            email: file.support.email.clone(),
            phone: file.support.phone.clone(),
            phone_link,
        },
        password_policy: file.password.clone(),
        sign_in: SignInView {
            shape: file.sign_in.shape,
            heading: file.sign_in.heading.clone(),
            ways: ways
                .map(|way| WayView {
                    kind: way.kind,
                    label: way.label.clone(),
                    intro: way.intro.clone().unwrap_or_default(),
                    submit: way.submit.clone(),
                })
                .collect(),
            passkey,
        },
        password_change: PasswordChangeView {
            entry: file.password_change.entry,
            heading: file.password_change.heading.clone(),
            submit: file.password_change.submit.clone(),
            asks_identifier: file.password_change.asks_identifier,
            captcha: file.password_change.captcha,
        },
        recovery: recovery(&file.recovery),
        services_title: file.services_title.clone(),
        pages: page_links(&file.pages),
        demo,
    }
}

fn recovery(file: &RecoveryFile) -> RecoveryView {
    RecoveryView {
        password: file.password.as_ref().map(|password| PasswordRecoveryView {
            by: password.by,
            asks_identifier: password.asks_identifier,
            screen: screen(&password.screen),
        }),
        identifier: file.identifier.as_ref().map(screen),
        first_connection: file.first_connection.as_ref().map(screen),
        account_request: file.account_request.as_ref().map(screen),
    }
}

fn screen(file: &RecoveryScreenFile) -> RecoveryScreen {
    RecoveryScreen {
        link: file.link.clone(),
        heading: file.heading.clone(),
        intro: file.intro.clone(),
        submit: file.submit.clone(),
        captcha: file.captcha,
    }
}

/// As the page shows it, by itself.
fn alone(name: &Localized) -> Localized {
    Localized {
        fr: standing_alone(&name.fr),
        en: name.en.as_deref().map(standing_alone),
    }
}

/// The legal notice first, as French sites have it; the others in the alphabet's order.
fn page_links(pages: &BTreeMap<String, PageFile>) -> Vec<PageLink> {
    let mut links: Vec<PageLink> = pages
        .iter()
        .map(|(slug, page)| PageLink {
            slug: slug.clone(),
            title: page.title.clone(),
        })
        .collect();
    links.sort_by_key(|link| link.slug != "legal-notice");
    links
}

/// The pages themselves, by slug.
pub(super) fn pages(file: &PortalFile) -> BTreeMap<String, PageView> {
    file.pages
        .iter()
        .map(|(slug, page)| (slug.clone(), page_view(page)))
        .collect()
}

fn page_view(page: &PageFile) -> PageView {
    PageView {
        title: page.title.clone(),
        html: Localized {
            fr: markdown::to_html(&page.text.fr),
            en: page.text.en.as_deref().map(markdown::to_html),
        },
    }
}

/// The services, with who sees each.
pub(super) fn services(file: &PortalFile, pictures: &[Option<Picture>]) -> Vec<Service> {
    let own = pictures
        .iter()
        .map(|picture| picture.as_ref().map(|picture| picture.path.clone()));
    file.services
        .iter()
        .zip(own)
        .map(|(service, own)| Service {
            view: ServiceView {
                name: service.name.clone(),
                words: service.words.clone(),
                picture: own.unwrap_or_else(|| service.picture.clone()),
                address: service.address.clone(),
            },
            audience: service.audience.clone(),
        })
        .collect()
}
