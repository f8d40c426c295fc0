//! Stylesheets without what only their readers need: each first visit pays for the bytes.

/// The same rules without comments, and without white space that separates nothing. For the house's own sheets: no text in quotes may hold
/// what is taken out.
pub(super) fn compact(css: &str) -> String {
    let mut short = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        short.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    short.push_str(rest);
    let mut short = short.split_whitespace().collect::<Vec<_>>().join(" ");
    // A colon before a blank ends a property's name; one before a pseudo-class stands against it. A blank before a colon may be between
    // two selectors: it stays.
    for (long, brief) in [
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        ("} ", "}"),
        ("; ", ";"),
        (";}", "}"),
        (", ", ","),
        (": ", ":"),
    ] {
        short = short.replace(long, brief);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_readers_need_goes_and_what_separates_stays() {
        let css = "/* The door */\n.door { margin: 0 auto;\n  inset: calc(1rem + 2px) 0; }\n\n.a :is(b, c):hover > d { color: red }\n";
        assert_eq!(
            compact(css),
            ".door{margin:0 auto;inset:calc(1rem + 2px) 0}.a :is(b,c):hover > d{color:red}"
        );
    }

    #[test]
    fn the_first_paints_sheet_has_as_many_rules_as_before() {
        let css = include_str!("../../../../style/critical.css");
        let rules = |css: &str| css.matches('{').count();
        assert_eq!(rules(&compact(css)), rules(css));
        assert!(compact(css).len() < css.len());
    }
}
