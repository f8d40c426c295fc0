//! What a portal that people reach must say in its own words: a placeholder left in place would send them nowhere.

use figment::value::{Dict, Value};

use super::portal_file::PortalFile;

/// What the neutral preset can only pretend: it is nobody's portal.
const PLACEHOLDERS: [&str; 8] = [
    "support.name",
    "support.email",
    "support.phone",
    "sender.name",
    "sender.address",
    "services",
    "pages.legal-notice.text",
    "pages.contacts.text",
];

/// Keys under which a placeholder stands, each with what was expected. `own`: the portal's file without its preset.
pub(super) fn lacking(file: &PortalFile, preset: Option<&str>, own: &Dict) -> Vec<(&'static str, String)> {
    let own = Value::from(own.clone());
    let mut lacking: Vec<(&str, String)> = PLACEHOLDERS
        .into_iter()
        .filter(|key| preset == Some("neutral") && own.find_ref(key).is_none())
        .map(|key| {
            let expectation = "expected the portal's own: the neutral preset has a placeholder there";
            (key, expectation.to_owned())
        })
        .collect();
    for (key, address) in [
        ("support.email", &file.support.email),
        ("sender.address", &file.sender.address),
    ] {
        if leads_nowhere(address) && !lacking.iter().any(|(told, _)| *told == key) {
            lacking.push((
                key,
                format!("found «{address}», expected an address that exists: .example is for examples"),
            ));
        }
    }
    lacking
}

/// A preset's words on the screen of a lost password ask for the e-mail or for the identifier. A file that asks for the
/// other one says so itself: which words would have to change, no rule can tell.
pub(super) fn for_another_question(preset: &Dict, own: &Dict) -> Option<(&'static str, String)> {
    const INTRO: &str = "recovery.password.screen.intro";
    let (preset, own) = (Value::from(preset.clone()), Value::from(own.clone()));
    let by = |file: &Value| {
        let by = file.find_ref("recovery.password.by").and_then(Value::as_str);
        by.filter(|by| ["email", "identifier"].contains(by))
            .map(str::to_owned)
    };
    let (theirs, ours) = (by(&preset)?, by(&own)?);
    let is_left = theirs != ours && own.find_ref(INTRO).is_none();
    is_left.then(|| {
        let expectation = format!(
            "expected the portal's own (and of `link`, `heading` and `submit` what does not fit): the preset's words go \
             with by = \"{theirs}\""
        );
        (INTRO, expectation)
    })
}

/// Whether the address is under a domain that nobody can have (RFC 2606).
fn leads_nowhere(address: &str) -> bool {
    address.trim().to_lowercase().ends_with(".example")
}
