//! What is wrong, or odd, with the agency's file: where, and why.

use core::fmt;
use std::sync::Arc;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The row is not imported.
    Error,
    /// Worth a look; the row is imported.
    Warning,
}

/// Something found in a file, in words for the person who will mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line on which the row begins, from 1, as an editor counts; `None` where there is no file.
    pub line: Option<u64>,
    /// The column's name as the file's header writes it; `None` when the row itself is at fault.
    pub column: Option<Arc<str>>,
    pub severity: Severity,
    pub reason: String,
}

impl fmt::Display for Finding {
    /// `line 12, column «E-mail»: this is no e-mail address`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(formatter, "line {line}, column «{}»: ", printable(column))?,
            (Some(line), None) => write!(formatter, "line {line}: ")?,
            (None, Some(column)) => write!(formatter, "{}: ", printable(column))?,
            (None, None) => {}
        }
        formatter.write_str(&printable(&self.reason))
    }
}

/// Longest text of a report's line, in characters.
const MAX_SHOWN_CHARS: usize = 400;

/// Text from a file as it may be shown on a terminal: control characters, which could move the cursor or worse,
/// become `·`, and what nobody would read is cut.
pub(crate) fn printable(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(MAX_SHOWN_CHARS)
        .map(|character| if character.is_control() { '·' } else { character })
        .collect();
    if text.chars().nth(MAX_SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_line_column_and_reason_without_what_a_terminal_would_obey() {
        let mut finding = Finding {
            line: Some(12),
            column: Some("E-mail".into()),
            severity: Severity::Error,
            reason: "unknown privilege «\u{1b}[2Jchef»".into(),
        };
        assert_eq!(
            finding.to_string(),
            "line 12, column «E-mail»: unknown privilege «·[2Jchef»"
        );
        finding.column = None;
        assert_eq!(finding.to_string(), "line 12: unknown privilege «·[2Jchef»");
    }

    #[test]
    fn an_endless_text_is_cut() {
        assert_eq!(printable(&"é".repeat(1000)).chars().count(), MAX_SHOWN_CHARS + 1);
    }
}
