//! The first line of the agency's file: which column stands where.

use std::sync::Arc;

use crate::column::{Column, ColumnSet};
use crate::file::FileError;

/// Delimiters that a file may use, Excel's in France first.
pub(crate) const DELIMITERS: [u8; 2] = [b';', b','];

/// The columns of a file, in its own order.
pub(crate) struct Header {
    columns: Vec<Option<Column>>,
    /// The names as written, under [`Column`]'s number.
    names: [Option<Arc<str>>; Column::ALL.len()],
    /// Names that mean nothing here.
    pub(crate) unknown: Vec<String>,
}

impl Header {
    /// Reads the names of a header line.
    pub(crate) fn read<'a>(fields: impl Iterator<Item = &'a str>) -> Result<Self, FileError> {
        let mut header = Self {
            columns: Vec::new(),
            names: [const { None }; Column::ALL.len()],
            unknown: Vec::new(),
        };
        let mut found = Vec::new();
        for field in fields.map(str::trim) {
            let column = Column::from_header(field);
            header.columns.push(column);
            if !field.is_empty() {
                found.push(field.to_owned());
            }
            match column {
                Some(column) => {
                    if let Some(first) = header.names[column as usize].replace(field.into()) {
                        return Err(FileError::ColumnTwice {
                            column,
                            names: [first.to_string(), field.to_owned()],
                        });
                    }
                }
                // Spreadsheets leave nameless columns at the end.
                None if field.is_empty() => {}
                None => header.unknown.push(field.to_owned()),
            }
        }
        let missing: Vec<Column> = Column::REQUIRED
            .into_iter()
            .filter(|column| header.names[*column as usize].is_none())
            .collect();
        if missing.is_empty() {
            Ok(header)
        } else {
            Err(FileError::MissingColumns { missing, found })
        }
    }

    /// What each field of a row is, as many as it has and in the file's order; `None` for a column that means nothing here.
    pub(crate) fn columns(&self) -> &[Option<Column>] {
        &self.columns
    }

    /// The columns that the file has.
    pub(crate) fn present(&self) -> ColumnSet {
        let mut set = ColumnSet::default();
        for column in self.columns.iter().flatten() {
            set.insert(*column);
        }
        set
    }

    /// The column's name as the file writes it, or its own where the file lacks it.
    pub(crate) fn name(&self, column: Column) -> Arc<str> {
        self.names[column as usize]
            .clone()
            .unwrap_or_else(|| column.name().into())
    }
}

/// The delimiter of a header line: the one that makes more columns known, `;` when both do as well.
pub(crate) fn delimiter(line: &str) -> u8 {
    let known = |delimiter: u8| {
        line.split(char::from(delimiter))
            .filter(|field| Column::from_header(field).is_some())
            .count()
    };
    let [semicolon, comma] = DELIMITERS;
    if known(comma) > known(semicolon) {
        comma
    } else {
        semicolon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Header, FileError> {
        Header::read(line.split(char::from(delimiter(line))))
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_columns_known() {
        assert_eq!(delimiter("identifiant;e-mail"), b';');
        assert_eq!(delimiter("identifiant,e-mail"), b',');
        assert_eq!(
            delimiter("\"identifiant\",\"e-mail\",\"remarque ; autre ; encore\""),
            b','
        );
        assert_eq!(delimiter("quoi"), b';');
    }

    #[test]
    fn columns_are_known_in_any_order_and_others_are_set_aside() {
        let header = read("Service;E-mail;;Nom;Identifiant").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(header.unknown, ["Service"]);
        assert_eq!(
            header.columns(),
            [
                None,
                Some(Column::Email),
                None,
                Some(Column::FamilyName),
                Some(Column::Identifier)
            ]
        );
        assert_eq!(&*header.name(Column::Email), "E-mail");
        assert_eq!(&*header.name(Column::Rpps), "RPPS");
        assert!(!header.present().contains(Column::GivenName));
    }

    #[test]
    fn what_is_missing_is_told_with_what_was_found() {
        let error = read("Identité;Prénom;Nom").err().map(|error| error.to_string());
        assert_eq!(
            error.as_deref(),
            Some(
                "the header line lacks the columns «identifiant» and «e-mail»; it has «Identité», «Prénom», «Nom»"
            )
        );
    }

    #[test]
    fn two_columns_for_one_thing_are_refused() {
        let error = read("identifiant;mail;courriel")
            .err()
            .map(|error| error.to_string());
        assert_eq!(
            error.as_deref(),
            Some("two columns give the e-mail: «mail» and «courriel»; keep one")
        );
    }
}
