//! The portals shipped inside: each a TOML file that a portal's own file starts from.

/// Names and texts of the presets.
const PRESETS: [(&str, &str); 4] = [
    ("neutral", include_str!("../../presets/neutral.toml")),
    ("paca", include_str!("../../presets/paca.toml")),
    ("normandie", include_str!("../../presets/normandie.toml")),
    ("aura", include_str!("../../presets/aura.toml")),
];

/// The preset of that name, as TOML.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// Their names, the neutral one first.
pub fn preset_names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}
