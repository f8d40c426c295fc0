//! The agency's file, read: each row judged by itself, then beside the others.

use portique_shared::Language;

use crate::column::Column;
use crate::decode::decode;
use crate::draft::{Cells, Draft};
use crate::file::{FileError, FileFormat};
use crate::finding::{Finding, Severity};
use crate::header::Header;
use crate::progress::{Phase, Progress};
use crate::table::{RawRow, Table};

/// The people of a file, with what is wrong with them. Next: [`People::check_against`], [`People::compare`].
pub struct People {
    pub(crate) header: Header,
    pub(crate) format: FileFormat,
    pub(crate) rows: Vec<Row>,
    pub(crate) findings: Vec<Finding>,
    /// That of mails to people whose row gives none.
    pub(crate) language: Language,
    /// Whether an empty cell takes the rescue address or telephone away.
    pub(crate) empties_contacts: bool,
}

/// One person of the file.
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) draft: Draft,
    /// The row has an error: it is not imported.
    pub(crate) refused: bool,
}

/// How many rows pass between two steps of progress.
const ROWS_A_STEP: usize = 512;

/// ZIP's first bytes, with which a spreadsheet begins too.
const ZIP_MARK: &[u8] = b"PK\x03\x04";

impl People {
    /// Has an empty cell take the rescue address or telephone away too: for who was asked to by name. A file's empty cell says only
    /// that the agency knows none, while the person may have given and proved one.
    #[must_use]
    pub fn emptying_contacts(self) -> Self {
        Self {
            empties_contacts: true,
            ..self
        }
    }

    /// Reads a whole file; its rows' errors are findings, told at the end with all others.
    ///
    /// `language` is that of mails to people whose row gives none. Memory: the file, and some 600 bytes a row.
    ///
    /// # Errors
    /// Only when it can't be read as a table of people at all.
    pub fn read(bytes: &[u8], language: Language, progress: &dyn Progress) -> Result<Self, FileError> {
        if bytes.starts_with(ZIP_MARK) {
            return Err(FileError::NotText);
        }
        let (text, encoding) = decode(bytes).ok_or(FileError::BrokenEncoding)?;
        let total = text.len() as u64;
        let mut table = Table::open(&text)?;
        let format = FileFormat {
            encoding,
            delimiter: table.delimiter,
        };
        let mut judged = Judged::default();
        // The header outlives the table, whose rows borrow it while they are read.
        let columns = table.header.columns().to_vec();
        while let Some(row) = table.next_row()? {
            if judged.rows.len().is_multiple_of(ROWS_A_STEP) {
                progress.step(Phase::File, row.end as u64, total);
            }
            judged.row(&row, &columns);
        }
        progress.step(Phase::File, total, total);
        let mut people = Self {
            header: table.header,
            format,
            rows: judged.rows,
            findings: Vec::new(),
            language,
            empties_contacts: false,
        };
        people.tell_unknown_columns();
        for (row, column, reason) in judged.problems {
            people.refuse(row, column, reason);
        }
        people.refuse_doubles();
        Ok(people)
    }

    /// How many rows the file has, blank ones aside.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row is not to be imported, and why.
    pub(crate) fn refuse(&mut self, row: usize, column: Option<Column>, reason: String) {
        self.rows[row].refused = true;
        self.find(row, column, Severity::Error, reason);
    }

    pub(crate) fn warn(&mut self, row: usize, column: Option<Column>, reason: String) {
        self.find(row, column, Severity::Warning, reason);
    }

    fn find(&mut self, row: usize, column: Option<Column>, severity: Severity, reason: String) {
        self.findings.push(Finding {
            line: Some(self.rows[row].line),
            column: column.map(|column| self.header.name(column)),
            severity,
            reason,
        });
    }

    fn tell_unknown_columns(&mut self) {
        for name in &self.header.unknown {
            self.findings.push(Finding {
                line: None,
                column: Some(name.as_str().into()),
                severity: Severity::Warning,
                reason: "Portique knows no such column; it is left aside".to_owned(),
            });
        }
    }
}

/// Rows read so far, and what is wrong with them: (row, column, reason).
#[derive(Default)]
struct Judged {
    rows: Vec<Row>,
    problems: Vec<(usize, Option<Column>, String)>,
}

impl Judged {
    fn row(&mut self, raw: &RawRow<'_>, columns: &[Option<Column>]) {
        let index = self.rows.len();
        // What the fields of a misshapen row are is a guess: judging them would only add noise.
        let draft = if let Some(reason) = misshapen(raw, columns.len()) {
            self.problems.push((index, None, reason));
            Draft::default()
        } else {
            let mut cells = Cells::default();
            for (column, field) in columns.iter().zip(raw.fields) {
                if let Some(column) = column {
                    cells.set(*column, field);
                }
            }
            let mut problems = Vec::new();
            let draft = Draft::read(&cells, &mut problems);
            self.problems.extend(
                problems
                    .into_iter()
                    .map(|(column, reason)| (index, Some(column), reason)),
            );
            draft
        };
        self.rows.push(Row {
            line: raw.lines.0,
            draft,
            refused: false,
        });
    }
}

fn misshapen(raw: &RawRow<'_>, width: usize) -> Option<String> {
    let (begins, ends) = raw.lines;
    let extent = if ends > begins {
        format!(" (the row was read up to line {ends})")
    } else {
        String::new()
    };
    if raw.lone_quote {
        return Some(format!(
            "a quotation mark has no counterpart; put the whole field between marks and double those inside{extent}"
        ));
    }
    let too_many = raw
        .fields
        .iter()
        .skip(width)
        .any(|field| !field.trim().is_empty());
    (raw.fields.len() < width || too_many).then(|| {
        format!(
            "has {} fields where the header line has {width}{extent}",
            raw.fields.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> People {
        People::read(text.as_bytes(), Language::Fr, &|_, _, _| {}).unwrap_or_else(|error| panic!("{error}"))
    }

    fn told(people: &People) -> Vec<String> {
        people.findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_name_that_the_file_gives_the_column() {
        let people = read("Login;Courriel\r\nanne;anne@chu.fr\r\n\r\nberthe;berthe\r\n");
        assert_eq!(
            told(&people),
            ["line 4, column «Courriel»: this is no e-mail address (expected name@domain, without accents)"]
        );
        assert_eq!(
            people.rows.iter().map(|row| row.refused).collect::<Vec<_>>(),
            [false, true]
        );
    }

    #[test]
    fn a_row_of_another_width_is_told_and_empty_fields_at_its_end_do_not_matter() {
        let people = read("identifiant,e-mail,nom\na,a@b.fr\nc,c@b.fr,C,,\nd,d@b.fr,D,E\n");
        assert_eq!(
            told(&people),
            [
                "line 2: has 2 fields where the header line has 3",
                "line 4: has 4 fields where the header line has 3"
            ]
        );
    }

    #[test]
    fn unknown_columns_are_told_once() {
        let people = read("identifiant;e-mail;Service\na;a@b.fr;Urgences\n");
        assert_eq!(
            told(&people),
            ["Service: Portique knows no such column; it is left aside"]
        );
    }

    #[test]
    fn a_spreadsheet_is_no_text() {
        let error = People::read(b"PK\x03\x04...", Language::Fr, &|_, _, _| {}).err();
        assert_eq!(error, Some(FileError::NotText));
    }
}
