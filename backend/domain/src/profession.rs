//! The professions of the national directory.

use portique_shared::professions::LABELS;

use crate::folding::fold;

/// Whether the directory labels a profession so; case and accents do not count.
pub fn is_known(label: &str) -> bool {
    let folded = fold(label.trim());
    LABELS.iter().any(|known| fold(known) == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profession_is_known_whatever_its_case_and_accents() {
        assert!(is_known("MEDECIN") && is_known("Chirurgien-dentiste") && is_known("Sage-femme"));
        assert!(!is_known("Toubib") && !is_known(""));
    }
}
