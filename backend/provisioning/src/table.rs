//! Rows of CSV text, each with the line on which it begins.

use csv::{ReaderBuilder, StringRecord};
use memchr::memchr2_iter;

use crate::file::FileError;
use crate::header::{self, Header};

/// A table under its header, row after row.
pub(crate) struct Table<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: StringRecord,
    pub(crate) header: Header,
    pub(crate) delimiter: char,
    /// The line at which `counted_to` stands, from 1.
    line: u64,
    counted_to: usize,
}

/// One row.
pub(crate) struct RawRow<'r> {
    pub(crate) fields: &'r StringRecord,
    /// Where it begins and ends, from 1, as an editor counts.
    pub(crate) lines: (u64, u64),
    /// A quotation mark without its counterpart: what its fields are is a guess.
    pub(crate) lone_quote: bool,
    /// Where the next one begins, in bytes.
    pub(crate) end: usize,
}

impl<'t> Table<'t> {
    /// Reads the header line of `text`.
    pub(crate) fn open(text: &'t str) -> Result<Self, FileError> {
        let first_line = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .ok_or(FileError::Empty)?;
        let delimiter = header::delimiter(first_line);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let header = loop {
            if !read(&mut reader, &mut record) {
                return Err(FileError::Empty);
            }
            if !is_blank(&record) {
                break Header::read(record.iter())?;
            }
        };
        Ok(Self {
            text,
            reader,
            record,
            header,
            delimiter: char::from(delimiter),
            line: 1,
            counted_to: 0,
        })
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    /// [`FileError::UnclosedQuote`] when a quotation mark swallows the lines up to the file's end.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow<'_>>, FileError> {
        loop {
            let from = self.position();
            if !read(&mut self.reader, &mut self.record) {
                return Ok(None);
            }
            if is_blank(&self.record) {
                continue;
            }
            let end = self.position();
            let raw = &self.text[from..end];
            // The reader counts the empty lines before a row, and the second half of CRLF, as the row's beginning.
            let begins = from + raw.len() - raw.trim_start_matches(['\r', '\n']).len();
            let ends = from + raw.trim_end_matches(['\r', '\n']).len();
            let lines = (self.line_at(begins), self.line_at(ends));
            let lone_quote = memchr::memchr_iter(b'"', raw.as_bytes()).count() % 2 == 1;
            if lone_quote && lines.1 > lines.0 && end == self.text.len() {
                return Err(FileError::UnclosedQuote { line: lines.0 });
            }
            return Ok(Some(RawRow {
                fields: &self.record,
                lines,
                lone_quote,
                end,
            }));
        }
    }

    /// How far the file is read, in bytes.
    fn position(&self) -> usize {
        usize::try_from(self.reader.position().byte())
            .map_or(self.text.len(), |byte| byte.min(self.text.len()))
    }

    /// The line of a byte, which never stands before one asked for earlier.
    fn line_at(&mut self, byte: usize) -> u64 {
        let text = self.text.as_bytes();
        let breaks = memchr2_iter(b'\n', b'\r', &text[self.counted_to..byte])
            .map(|offset| self.counted_to + offset)
            // CRLF is one break, counted at its end.
            .filter(|at| text[*at] == b'\n' || text.get(at + 1) != Some(&b'\n'))
            .count();
        self.line += u64::try_from(breaks).unwrap_or(u64::MAX);
        self.counted_to = byte;
        self.line
    }
}

/// Reads the next record; `false` at the end.
fn read(reader: &mut csv::Reader<&[u8]>, record: &mut StringRecord) -> bool {
    // From memory, flexible, and out of a `str`: neither input, nor widths, nor UTF-8 can fail; an error can only
    // mean that nothing more can be had.
    reader.read_record(record).unwrap_or(false)
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|field| field.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows' lines and first fields.
    fn rows(text: &str) -> Vec<(u64, u64, String)> {
        let mut table = Table::open(text).unwrap_or_else(|error| panic!("{error}"));
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().unwrap_or_else(|error| panic!("{error}")) {
            rows.push((row.lines.0, row.lines.1, row.fields[0].to_owned()));
        }
        rows
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for (end, name) in [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")] {
            let lines = [
                "",
                "identifiant;e-mail;note",
                "a;a@b.fr;",
                "",
                ";;",
                "\"b\";b@b.fr;\"two",
                "",
                "lines\"",
                "c;c@b.fr;",
            ];
            assert_eq!(
                rows(&lines.join(end)),
                [(3, 3, "a".into()), (6, 8, "b".into()), (9, 9, "c".into())],
                "{name}"
            );
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_found_where_it_opens() {
        let mut table = Table::open("identifiant,e-mail\na,a@b.fr\nb,\"b@b.fr\nc,c@b.fr\n")
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(table.next_row().is_ok_and(|row| row.is_some()));
        assert_eq!(table.next_row().err(), Some(FileError::UnclosedQuote { line: 3 }));
    }

    #[test]
    fn a_lone_quotation_mark_is_told_and_doubled_ones_are_not() {
        let mut table = Table::open("identifiant;e-mail\na\"b;x\n\"a\"\"b\";x\n")
            .unwrap_or_else(|error| panic!("{error}"));
        let lone: Vec<bool> = (0..2)
            .filter_map(|_| Some(table.next_row().ok()??.lone_quote))
            .collect();
        assert_eq!(lone, [true, false]);
    }

    #[test]
    fn a_file_without_a_line_is_empty() {
        assert_eq!(Table::open("\n \r\n").err(), Some(FileError::Empty));
        assert_eq!(Table::open(";;\n").err(), Some(FileError::Empty));
    }
}
