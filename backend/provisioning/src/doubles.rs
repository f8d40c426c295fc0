//! Rows of one file that say the same of two people.

use std::collections::{BTreeMap, HashMap};

use portique_domain::folding::fold;
use portique_shared::types::NationalId;

use crate::column::Column;
use crate::draft::Draft;
use crate::people::People;

impl People {
    /// Two rows for one identifier are both refused: nothing tells which is right. Two for one number are told, since
    /// a person may be given two accounts.
    pub(crate) fn refuse_doubles(&mut self) {
        let identifiers = self.doubles(|draft| Some(fold(draft.identifier.as_ref()?.as_str())));
        for group in identifiers {
            for row in &group {
                let others = self.lines_of_others(&group, *row);
                self.refuse(
                    *row,
                    Some(Column::Identifier),
                    format!("the same identifier as {others} (case and accents do not count)"),
                );
            }
        }
        let numbers = self.doubles(|draft| {
            draft
                .national_id
                .as_ref()
                .map(NationalId::identification_nationale)
        });
        for group in numbers {
            for row in &group {
                let others = self.lines_of_others(&group, *row);
                let column = self.rows[*row].draft.number_column;
                self.warn(*row, column, format!("the same number as {others}"));
            }
        }
    }

    /// Rows that share a key, in groups of two or more, in the file's order.
    fn doubles(&self, key: impl Fn(&Draft) -> Option<String>) -> Vec<Vec<usize>> {
        let mut first = HashMap::with_capacity(self.rows.len());
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            if let Some(key) = key(&row.draft) {
                let leader = *first.entry(key).or_insert(index);
                if leader != index {
                    groups.entry(leader).or_insert_with(|| vec![leader]).push(index);
                }
            }
        }
        groups.into_values().collect()
    }

    /// «line 12», «lines 3, 5 and 9»; at most the first four, so that a file of one repeated row stays readable.
    fn lines_of_others(&self, group: &[usize], row: usize) -> String {
        const SHOWN: usize = 4;
        let lines: Vec<String> = group
            .iter()
            .filter(|other| **other != row)
            .take(SHOWN)
            .map(|other| self.rows[*other].line.to_string())
            .collect();
        let more = group.len() - 1 - lines.len();
        match (lines.split_last(), more) {
            (Some((last, [])), 0) => format!("line {last}"),
            (Some((last, others)), 0) => format!("lines {} and {last}", others.join(", ")),
            _ => format!("lines {} and {more} more", lines.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use portique_shared::Language;

    use super::*;

    fn read(text: &str) -> People {
        People::read(text.as_bytes(), Language::Fr, &|_, _, _| {}).unwrap_or_else(|error| panic!("{error}"))
    }

    fn told(people: &People) -> Vec<String> {
        people.findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_identifier_twice_refuses_both_rows_and_tells_both_lines() {
        let people = read("identifiant;e-mail\nHélène;a@b.fr\nb;b@b.fr\nHELENE;c@b.fr\nhelene;d@b.fr\n");
        assert_eq!(
            told(&people),
            [
                "line 2, column «identifiant»: the same identifier as lines 4 and 5 (case and accents do not count)",
                "line 4, column «identifiant»: the same identifier as lines 2 and 5 (case and accents do not count)",
                "line 5, column «identifiant»: the same identifier as lines 2 and 4 (case and accents do not count)",
            ]
        );
    }

    #[test]
    fn one_number_twice_is_a_warning() {
        let people = read("identifiant;e-mail;RPPS\na;a@b.fr;10003456786\nb;b@b.fr;1000 3456 786\n");
        assert_eq!(
            told(&people),
            [
                "line 2, column «RPPS»: the same number as line 3",
                "line 3, column «RPPS»: the same number as line 2"
            ]
        );
        assert!(people.rows.iter().all(|row| !row.refused));
    }
}
