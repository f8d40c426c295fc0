//! The sign-in page's address: why it is back, and where to go afterwards. Only to an address of this site.

use portique_shared::api::screens;
pub use portique_shared::api::screens::RETURN;

use crate::session::Ended;

/// The query's name of why it is back.
pub const ENDED: &str = "ended";

/// The path to go to after signing in, from what the query asked for. Only a screen of Portique's own, so that a
/// crafted link leads nowhere else.
pub fn accepted(asked: Option<String>) -> String {
    asked
        .filter(|path| is_screen(path))
        .unwrap_or_else(|| screens::HOME.to_owned())
}

/// The address of a screen for who stands locked out, of the sign-in page again, or of the card's host, that keeps where to go
/// afterwards; `asked` is what the query asked for.
pub fn keeping(screen: &str, asked: Option<String>) -> String {
    match asked.filter(|path| path != screens::HOME && is_screen(path)) {
        Some(path) => [screen, "?", RETURN, "=", &path].concat(),
        None => screen.to_owned(),
    }
}

/// The sign-in page's address for somebody who was at `path`; `ended` tells why they are not any more.
pub fn sign_in_address(path: &str, ended: Option<Ended>) -> String {
    let mut address = screens::SIGN_IN.to_owned();
    let mut separator = "?";
    if let Some(ended) = ended {
        address += &[separator, ENDED, "=", ended.word()].concat();
        separator = "&";
    }
    // Nobody who signs out means to come back to the same page. Screens' paths need no escaping.
    if ended != Some(Ended::SignedOut) && path != screens::HOME && is_screen(path) {
        address += &[separator, RETURN, "=", path].concat();
    }
    address
}

fn is_screen(path: &str) -> bool {
    let is_page = || {
        path.strip_prefix(screens::PAGES)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(is_slug)
    };
    matches!(
        path,
        screens::HOME | screens::ACCOUNT | screens::RECORD | screens::SECURITY | screens::CHANGE_PASSWORD
    ) || is_page()
}

fn is_slug(slug: &str) -> bool {
    !slug.is_empty()
        && slug
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_of_the_portal_is_returned_to() {
        assert_eq!(accepted(Some("/account".into())), "/account");
        assert_eq!(accepted(Some("/account/record".into())), "/account/record");
        assert_eq!(accepted(Some("/account/security".into())), "/account/security");
        assert_eq!(accepted(Some("/pages/contacts".into())), "/pages/contacts");
    }

    #[test]
    fn another_site_is_never_returned_to() {
        for asked in [
            "https://example.org/",
            "//example.org",
            "/\\example.org",
            "/account/../..//example.org",
            "/pages/../x",
            "javascript:alert(1)",
            "/\t/example.org",
            "",
        ] {
            assert_eq!(accepted(Some(asked.into())), "/", "{asked}");
        }
        assert_eq!(accepted(None), "/");
    }

    #[test]
    fn signing_in_does_not_return_to_signing_in() {
        assert_eq!(accepted(Some("/sign-in".into())), "/");
    }

    #[test]
    fn who_lost_a_password_on_the_way_still_goes_where_they_meant_to() {
        assert_eq!(
            keeping("/password/lost", Some("/account".into())),
            "/password/lost?return=/account"
        );
        for asked in [None, Some("/".into()), Some("//example.org".into())] {
            assert_eq!(keeping("/sign-in", asked), "/sign-in");
        }
    }

    #[test]
    fn the_cards_host_is_told_where_the_person_meant_to_go_and_nothing_else() {
        let host = "https://carte.example/card/0a";
        assert_eq!(
            keeping(host, Some("/account/security".into())),
            "https://carte.example/card/0a?return=/account/security"
        );
        for asked in [
            None,
            Some("/".into()),
            Some("//evil.example".into()),
            Some("/a#b".into()),
        ] {
            assert_eq!(keeping(host, asked), host);
        }
    }

    #[test]
    fn the_sign_in_page_knows_why_it_is_back_and_where_to_go() {
        assert_eq!(sign_in_address("/", None), "/sign-in");
        assert_eq!(sign_in_address("/account", None), "/sign-in?return=/account");
        assert_eq!(
            sign_in_address("/account", Some(Ended::Idle)),
            "/sign-in?ended=idle&return=/account"
        );
        assert_eq!(
            sign_in_address("/account", Some(Ended::SignedOut)),
            "/sign-in?ended=signed-out"
        );
    }
}
