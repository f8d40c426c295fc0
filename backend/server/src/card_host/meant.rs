//! Where the person meant to go once the card has served: the portal's page says it on the way here, and is told it again on the way
//! back, so that neither has to be remembered. Nothing leads there from here, and the page judges what comes back.

use portique_shared::api::screens;

/// Longer than any screen's, in bytes.
const MOST: usize = 100;

/// The path that the query asks for. `None` for anything but plain segments: it goes back as it came, into an address.
pub(super) fn meant(query: Option<&str>) -> Option<&str> {
    let mut pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, path) = pairs.find(|(name, _)| *name == screens::RETURN)?;
    Some(path).filter(|path| path.len() <= MOST && is_plain(path))
}

fn is_plain(path: &str) -> bool {
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    path.strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(is_segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screens_path_is_handed_on() {
        for path in ["/account", "/account/security", "/pages/legal-notice"] {
            assert_eq!(meant(Some(&format!("return={path}"))), Some(path));
            assert_eq!(meant(Some(&format!("a=b&return={path}&return=/x"))), Some(path));
        }
    }

    #[test]
    fn what_is_no_plain_path_is_dropped() {
        let long = format!("/{}", "a".repeat(MOST));
        for path in [
            "",
            "/",
            "account",
            "//evil.example",
            "/a//b",
            "/a/",
            "https://evil.example",
            "/\\evil",
            "/%2Fevil",
            "/a/../b",
            "/a?b",
            "/a#b",
            "/a\r\nb",
            "/é",
            &long,
        ] {
            assert_eq!(meant(Some(&format!("return={path}"))), None, "{path}");
        }
        for query in [
            None,
            Some(""),
            Some("return"),
            Some("returned=/account"),
            Some("a=/account"),
        ] {
            assert_eq!(meant(query), None, "{query:?}");
        }
    }
}
