//! Where the columns of an extraction stand: they are known by name, since their order and capitals change.

use crate::names::squeeze;

use super::DirectoryError;

/// Positions of the columns that are read, from 0.
pub(super) struct Layout {
    pub(super) number: usize,
    pub(super) exercise_civility: usize,
    pub(super) civility: usize,
    pub(super) family_name: usize,
    pub(super) given_name: usize,
    pub(super) profession: usize,
    /// How many columns each line has.
    pub(super) width: usize,
    /// Whether lines end in a separator, as the directory writes them.
    closed: bool,
}

/// Splits the columns of a line.
pub(super) const SEPARATOR: u8 = b'|';

impl Layout {
    /// Reads the first line, which may bear a byte order mark.
    pub(super) fn read(line: &str) -> Result<Self, DirectoryError> {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        let (line, closed) = match line.strip_suffix(char::from(SEPARATOR)) {
            Some(line) => (line, true),
            None => (line, false),
        };
        let names: Vec<String> = line.split(char::from(SEPARATOR)).map(squeeze).collect();
        let mut missing = Vec::new();
        let mut position = |name: &'static str| {
            let squeezed = squeeze(name);
            names
                .iter()
                .position(|found| *found == squeezed)
                .unwrap_or_else(|| {
                    missing.push(name);
                    0
                })
        };
        let layout = Self {
            number: position("Identification nationale PP"),
            exercise_civility: position("Code civilité d'exercice"),
            civility: position("Code civilité"),
            family_name: position("Nom d'exercice"),
            given_name: position("Prénom d'exercice"),
            profession: position("Libellé profession"),
            width: names.len(),
            closed,
        };
        if missing.is_empty() {
            Ok(layout)
        } else {
            Err(DirectoryError::MissingColumns(missing))
        }
    }

    /// How many columns a line has that holds `separators`, and `ends_in_one` or not.
    pub(super) fn columns(&self, separators: usize, ends_in_one: bool) -> usize {
        // Where lines end in a separator, one that does not was cut in its last column.
        if self.closed || ends_in_one {
            separators
        } else {
            separators + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_any_order_and_writing() {
        let layout = Layout::read(
            "\u{feff}NOM D’EXERCICE|Prénom d'exercice|identification Nationale PP|Autre|Libellé Profession|Code civilité|CODE CIVILITE D'EXERCICE|",
        )
        .unwrap();
        assert_eq!((layout.family_name, layout.number, layout.width), (0, 2, 7));
        assert_eq!((layout.civility, layout.exercise_civility), (5, 6));
    }

    #[test]
    fn missing_columns_are_named() {
        let error = Layout::read("Identification nationale PP|Nom d'exercice|Code civilité|")
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|error| {
            error.contains("«Code civilité d'exercice», «Prénom d'exercice», «Libellé profession»")
        }));
    }

    #[test]
    fn a_line_cut_in_its_last_column_has_one_column_less() {
        let header = "Identification nationale PP|Code civilité d'exercice|Code civilité|Nom d'exercice|Prénom d'exercice|Libellé profession";
        let closed = Layout::read(&format!("{header}|")).unwrap();
        assert_eq!((closed.columns(6, true), closed.columns(5, false)), (6, 5));
        let open = Layout::read(header).unwrap();
        assert_eq!((open.columns(6, true), open.columns(5, false)), (6, 6));
    }
}
