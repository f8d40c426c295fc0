//! Hashes of what stands inline in a page, for its content security policy.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

/// SHA-256, in base64, of the text of each inline `<tag>` of `html`. Elements with `src`, and data blocks (`application/json`),
/// need none.
pub fn inline(html: &str, tag: &str) -> Vec<String> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut hashes = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(&open) {
        rest = &rest[start + open.len()..];
        let Some(end_of_tag) = rest.find('>') else { break };
        let attributes = &rest[..end_of_tag];
        rest = &rest[end_of_tag + 1..];
        let Some(end) = rest.find(&close) else { break };
        let text = &rest[..end];
        rest = &rest[end + close.len()..];
        if !attributes.contains("src=") && !attributes.contains("application/json") && !text.is_empty() {
            hashes.push(BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())));
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html = r#"<script src="/a.js"></script><script type="application/json">{}</script><script type="module">run()</script>"#;
        assert_eq!(
            inline(html, "script"),
            [BASE64_STANDARD.encode(Sha256::digest(b"run()"))]
        );
        assert_eq!(inline("<style>a{}</style>", "style").len(), 1);
    }
}
