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

/// Whether the address is under a domain that nobody can have (RFC 2606).
fn leads_nowhere(address: &str) -> bool {
    address.trim().to_lowercase().ends_with(".example")
}
