//! The portal's pages: from Markdown to HTML.

use pulldown_cmark::{Event, Options, Parser, html};

/// Renders Markdown. Raw HTML in it is shown as text: the page's policy would block scripts anyway, but a stray tag must not
/// break a screen.
pub fn to_html(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    rendered
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
}
