//! The agency's file as a whole: why it can't be read at all, and how it was read if it can.

use core::fmt;

use crate::column::Column;
use crate::decode::TextEncoding;
use crate::finding::printable;

/// Why a file can't be read as a table of people. Nothing is imported then, not even with `--partial`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// A spreadsheet or an archive.
    NotText,
    /// Its byte order mark tells an encoding that its content is not in.
    BrokenEncoding,
    /// No line but empty ones.
    Empty,
    MissingColumns {
        missing: Vec<Column>,
        found: Vec<String>,
    },
    ColumnTwice {
        column: Column,
        names: [String; 2],
    },
    /// From this line on the rest of the file is one field.
    UnclosedQuote {
        line: u64,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => formatter.write_str(
                "this is a spreadsheet or an archive, not text; save it from the spreadsheet as «CSV UTF-8» first",
            ),
            Self::BrokenEncoding => formatter
                .write_str("the file's first bytes announce UTF-8 or UTF-16, and what follows is neither"),
            Self::Empty => formatter.write_str("the file is empty; a line of column names was expected"),
            Self::MissingColumns { missing, found } => {
                let missing: Vec<String> = missing
                    .iter()
                    .map(|column| format!("«{}»", column.french_name()))
                    .collect();
                let found: Vec<String> = found
                    .iter()
                    .map(|name| format!("«{}»", printable(name)))
                    .collect();
                write!(
                    formatter,
                    "the header line lacks the column{} {}; it has {}",
                    if missing.len() > 1 { "s" } else { "" },
                    missing.join(" and "),
                    found.join(", ")
                )
            }
            Self::ColumnTwice { column, names } => write!(
                formatter,
                "two columns give the {}: «{}» and «{}»; keep one",
                column.name(),
                printable(&names[0]),
                printable(&names[1])
            ),
            Self::UnclosedQuote { line } => {
                write!(formatter, "line {line}: a quotation mark opens here and is never closed")
            }
        }
    }
}

impl core::error::Error for FileError {}

/// How a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFormat {
    pub encoding: TextEncoding,
    pub delimiter: char,
}

impl fmt::Display for FileFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, separated by «{}»", self.encoding, self.delimiter)
    }
}
