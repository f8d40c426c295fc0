//! Browsers and uses, as their person is told of them.

use portique_domain::browser::{Browser, BrowserFamily, System};
use portique_domain::session::Use;
use portique_shared::api::own_sessions::{BrowserView, UseView};

use crate::site::Site;

pub(super) fn browser_view(browser: Browser) -> BrowserView {
    BrowserView {
        family: browser.family.map(BrowserFamily::name).map(str::to_owned),
        system: browser.system.map(System::name).map(str::to_owned),
    }
}

pub(super) fn use_view(site: &Site, used: Use) -> UseView {
    UseView {
        at: used.at.to_string(),
        place: site.places.of(used.from),
    }
}
