//! The professions of the national directory.

use crate::folding::fold;

/// As the directory labels them (column «Libellé profession»), in the order of its codes. The only list of them: what a
/// portal's `audience` names is checked against it.
pub const LABELS: [&str; 34] = [
    "Médecin",
    "Pharmacien",
    "Audioprothésiste",
    "Opticien-Lunetier",
    "Assistant dentaire",
    "Physicien médical",
    "Aide-soignant",
    "Ambulancier",
    "Auxiliaire de puériculture",
    "Préparateur en pharmacie hospitalière",
    "Préparateur en pharmacie",
    "Chirurgien-Dentiste",
    "Assistant de service social",
    "Sage-Femme",
    "Infirmier",
    "Infirmier psychiatrique",
    "Masseur-Kinésithérapeute",
    "Ostéopathe",
    "Psychothérapeute",
    "Chiropracteur",
    "Pédicure-Podologue",
    "Orthoprothésiste",
    "Podo-Orthésiste",
    "Orthopédiste-Orthésiste",
    "Oculariste",
    "Épithésiste",
    "Technicien de laboratoire médical",
    "Orthophoniste",
    "Orthoptiste",
    "Psychologue",
    "Ergothérapeute",
    "Diététicien",
    "Psychomotricien",
    "Manipulateur ERM",
];

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
