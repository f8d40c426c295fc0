//! The national directory's public extraction (`PS_LibreAcces_Personne_activite_….txt`): read line by line, never
//! loaded. Of each person asked for, it tells the names, the professions and the civility; its e-mail addresses and
//! phone numbers are a structure's, not a person's, and are not even read.

mod check;
mod layout;
mod lines;
mod scan;

use core::fmt;

/// Why an extraction can't be relied on. It then tells nothing at all: half of it would make people unknown.
#[derive(Debug)]
pub enum DirectoryError {
    Io(std::io::Error),
    /// The archive that it is published in.
    Zipped,
    Empty,
    /// Columns by the names that the extraction gives them.
    MissingColumns(Vec<&'static str>),
    NotUtf8 {
        line: u64,
    },
    /// Cut short, or of another table: how many columns the line has, and how many the header.
    Width {
        line: u64,
        found: usize,
        expected: usize,
    },
    TooLong {
        line: u64,
    },
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(formatter, "the directory's extraction can't be read: {error}"),
            Self::Zipped => formatter.write_str(
                "the directory's extraction is still in its archive: take PS_LibreAcces_Personne_activite_….txt out of it first",
            ),
            Self::Empty => formatter.write_str("the directory's extraction holds nobody"),
            Self::MissingColumns(columns) => write!(
                formatter,
                "the directory's extraction lacks the column{} «{}» on its first line: is it PS_LibreAcces_Personne_activite_….txt?",
                if columns.len() > 1 { "s" } else { "" },
                columns.join("», «")
            ),
            Self::NotUtf8 { line } => {
                write!(formatter, "the directory's extraction is broken at line {line}: not UTF-8")
            }
            Self::Width {
                line,
                found,
                expected,
            } => write!(
                formatter,
                "the directory's extraction is broken at line {line}: {found} columns where its first line has {expected} (was it downloaded whole?)"
            ),
            Self::TooLong { line } => write!(
                formatter,
                "the directory's extraction is broken at line {line}: the line does not end"
            ),
        }
    }
}

impl core::error::Error for DirectoryError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
