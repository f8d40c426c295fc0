//! The people of the agency's file, checked against what the directory says of them and completed from it.

use std::io::Read;

use portique_shared::types::NationalId;

use super::DirectoryError;
use super::scan::{Entries, Entry, scan};
use crate::column::Column;
use crate::finding::Severity;
use crate::names::{same_family_name, same_given_name, squeeze};
use crate::people::People;
use crate::progress::Progress;

/// What the check has to say of a row.
type Remark = (Option<Column>, Severity, String);

impl People {
    /// Checks each number against the extraction, of `size` bytes (0 if not known): a number that it does not have,
    /// or has for another name, is the row's error. Empty professions and civilities are completed; what the file
    /// says of them stands, and another profession is told. People without a number are not in question.
    ///
    /// # Errors
    /// An extraction that is broken anywhere; nothing was checked then.
    pub fn check_against(
        &mut self,
        extraction: impl Read,
        size: u64,
        progress: &dyn Progress,
    ) -> Result<(), DirectoryError> {
        let mut entries: Entries = self
            .rows
            .iter()
            .filter_map(|row| Some((key(row.draft.national_id.as_ref()?), Entry::default())))
            .collect();
        scan(extraction, size, &mut entries, progress)?;
        for row in 0..self.rows.len() {
            let Some(entry) = self.rows[row]
                .draft
                .national_id
                .as_ref()
                .and_then(|number| entries.get(&key(number)))
            else {
                continue;
            };
            for (column, severity, reason) in self.check(row, entry) {
                match severity {
                    Severity::Error => self.refuse(row, column, reason),
                    Severity::Warning => self.warn(row, column, reason),
                }
            }
        }
        Ok(())
    }

    fn check(&mut self, row: usize, entry: &Entry) -> Vec<Remark> {
        let draft = &mut self.rows[row].draft;
        let number = draft.number_column;
        if entry.names.is_empty() {
            let reason = "the national directory does not have this number".to_owned();
            return vec![(number, Severity::Error, reason)];
        }
        let mut remarks = Vec::new();
        remarks.extend(other_name(&draft.family_name, &draft.given_name, number, entry));
        if remarks
            .iter()
            .any(|(_, severity, _)| *severity == Severity::Error)
        {
            // Whose profession and civility these are is then the question.
            return remarks;
        }
        draft.civility = draft.civility.or(entry.civility());
        match (&draft.profession, entry.professions.as_slice()) {
            (_, []) => {}
            (None, [label]) => draft.profession = Some(label.to_string()),
            (None, [label, ..]) => {
                let reason = format!(
                    "the national directory has several, {}; the first was taken",
                    listed(entry)
                );
                draft.profession = Some(label.to_string());
                remarks.push((Some(Column::Profession), Severity::Warning, reason));
            }
            (Some(profession), labels) => {
                if !labels.iter().any(|label| squeeze(label) == squeeze(profession)) {
                    let reason = format!(
                        "the national directory has {}; the file's was kept",
                        listed(entry)
                    );
                    remarks.push((Some(Column::Profession), Severity::Warning, reason));
                }
            }
        }
        remarks
    }
}

fn key(number: &NationalId) -> Box<[u8]> {
    number.identification_nationale().into_bytes().into()
}

fn listed(entry: &Entry) -> String {
    entry
        .professions
        .iter()
        .map(|label| format!("«{label}»"))
        .collect::<Vec<_>>()
        .join(" and ")
}

/// What there is to say when the directory gives the number to somebody else, or when that can't be judged.
fn other_name(family_name: &str, given_name: &str, number: Option<Column>, entry: &Entry) -> Option<Remark> {
    let agrees = |(family, given): &(String, String)| {
        (family_name.is_empty() || same_family_name(family_name, family))
            && (given_name.is_empty() || given.is_empty() || same_given_name(given_name, given))
    };
    if !entry.names.iter().any(agrees) {
        let family_agrees = entry
            .names
            .iter()
            .any(|(family, _)| same_family_name(family_name, family));
        let column = if family_agrees || family_name.is_empty() {
            Column::GivenName
        } else {
            Column::FamilyName
        };
        let names: Vec<String> = entry
            .names
            .iter()
            .map(|(family, given)| format!("«{given} {family}»"))
            .collect();
        let reason = format!("the national directory gives this number to {}", names.join(", "));
        return Some((Some(column), Severity::Error, reason));
    }
    family_name.is_empty().then(|| {
        let reason = "without a family name, whose number it is could not be checked".to_owned();
        (number, Severity::Warning, reason)
    })
}

#[cfg(test)]
mod tests {
    use portique_domain::account::Civility;
    use portique_shared::Language;

    use super::*;

    const EXTRACTION: &str = "\
        Identification nationale PP|Code civilité d'exercice|Code civilité|Nom d'exercice|Prénom d'exercice|Libellé profession|\n\
        810003456786|DR|MME|LE FEVRE|JEANNE-MARIE|Médecin|\n\
        0061234567||M|MARTIN|PAUL|Opticien-lunetier|\n\
        0061234567||M|MARTIN|PAUL|Audioprothésiste|\n";

    fn checked(rows: &[&str]) -> People {
        let header = "identifiant;e-mail;nom;prénom;civilité;profession;numéro";
        let text = [&[header], rows].concat().join("\n");
        let mut people = People::read(text.as_bytes(), Language::Fr, &|_, _, _| {}).unwrap();
        people
            .check_against(EXTRACTION.as_bytes(), 0, &|_, _, _| {})
            .unwrap();
        people
    }

    fn told(rows: &[&str]) -> Vec<String> {
        checked(rows).findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn profession_and_civility_are_completed() {
        let people = checked(&["a;a@b.fr;Lefèvre;Jeanne;;;10003456786"]);
        assert!(people.findings.is_empty());
        let draft = &people.rows[0].draft;
        assert_eq!(draft.civility, Some(Civility::Doctor));
        assert_eq!(draft.profession.as_deref(), Some("Médecin"));
        assert_eq!(
            draft.family_name, "Lefèvre",
            "the file's name stays as it writes it"
        );
    }

    #[test]
    fn what_the_file_says_stands_and_another_profession_is_told() {
        let people = checked(&[
            "a;a@b.fr;Lefèvre;Jeanne;Mme;medecin;10003456786",
            "b;b@b.fr;Martin;Paul;;Infirmier;061234567",
        ]);
        assert_eq!(people.rows[0].draft.civility, Some(Civility::Mrs));
        assert_eq!(people.rows[1].draft.profession.as_deref(), Some("Infirmier"));
        assert_eq!(
            people
                .findings
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            [
                "line 3, column «profession»: the national directory has «Opticien-lunetier» and «Audioprothésiste»; the file's was kept"
            ]
        );
    }

    #[test]
    fn of_several_professions_the_first_is_taken_and_told() {
        assert_eq!(
            told(&["a;a@b.fr;Martin;Paul;;;061234567"]),
            [
                "line 2, column «profession»: the national directory has several, «Opticien-lunetier» and «Audioprothésiste»; the first was taken"
            ]
        );
    }

    #[test]
    fn an_unknown_number_refuses_the_row() {
        assert_eq!(
            told(&["a;a@b.fr;Martin;Paul;;;10000000017"]),
            ["line 2, column «numéro»: the national directory does not have this number"]
        );
    }

    #[test]
    fn another_name_refuses_the_row_and_completes_nothing() {
        let people = checked(&[
            "a;a@b.fr;Durand;Jeanne;;;10003456786",
            "b;b@b.fr;Lefèvre;Marie;;;10003456786",
        ]);
        assert!(
            people
                .rows
                .iter()
                .all(|row| row.refused && row.draft.profession.is_none())
        );
        let told: Vec<String> = people.findings.iter().map(ToString::to_string).collect();
        assert!(
            told.contains(
                &"line 2, column «nom»: the national directory gives this number to «JEANNE-MARIE LE FEVRE»"
                    .into()
            )
        );
        assert!(told.contains(
            &"line 3, column «prénom»: the national directory gives this number to «JEANNE-MARIE LE FEVRE»"
                .into()
        ));
    }

    #[test]
    fn a_row_without_a_name_is_told_and_one_without_a_number_is_let_be() {
        assert_eq!(
            told(&["a;a@b.fr;;;;;10003456786", "b;b@b.fr;Durand;Anne;;;"]),
            ["line 2, column «numéro»: without a family name, whose number it is could not be checked"]
        );
    }
}
