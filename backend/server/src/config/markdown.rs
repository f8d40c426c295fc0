//! The portal's pages: from Markdown to HTML.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

/// What links may lead to, besides other pages of the portal.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// Renders Markdown. Raw HTML in it is shown as text, and links that would run something lead nowhere: the page's policy
/// would block scripts anyway, but a stray tag must not break a screen.
pub fn to_html(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: if leads_somewhere(&dest_url) {
                dest_url
            } else {
                CowStr::Borrowed("")
            },
            title,
            id,
        }),
        other => other,
    });
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    rendered
}

/// E-mail addresses between `<` and `>` get their scheme when they are rendered.
fn leads_somewhere(address: &str) -> bool {
    let scheme = address
        .split_inclusive([':', '/', '?', '#'])
        .next()
        .unwrap_or_default();
    !scheme.ends_with(':') || SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_rendered_and_raw_html_shown_as_text() {
        assert_eq!(to_html("**Aide**"), "<p><strong>Aide</strong></p>\n");
        assert!(!to_html("<script>alert(1)</script>").contains("<script"));
        assert!(!to_html("un <img src=x onerror=y> mot").contains("<img"));
    }
    #[test]
    fn links_lead_to_addresses_and_run_nothing() {
        for good in [
            "https://chu.fr/a:b",
            "mailto:a@chu.fr",
            "tel:+33498080080",
            "/pages/contacts",
            "#a:b",
        ] {
            let html = to_html(&format!("[lien]({good})"));
            assert!(html.contains(&format!("href=\"{good}\"")), "{html}");
        }
        assert!(to_html("<ror@ies-sud.fr>").contains("href=\"mailto:ror@ies-sud.fr\""));
        for bad in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
        ] {
            let html = to_html(&format!("[piège]({bad})"));
            assert!(html.contains("href=\"\"") && html.contains("piège"), "{html}");
        }
    }
}
