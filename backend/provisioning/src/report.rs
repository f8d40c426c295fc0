//! What an import found and did, in words for the operator.

use core::fmt;

use crate::column::{Column, ColumnSet};
use crate::compare::{Decision, Plan};
use crate::file::FileFormat;
use crate::finding::{Finding, Severity};

/// What an import found and did; or, where it was refused, what it would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub outcome: Outcome,
    pub format: FileFormat,
    /// In the file's order, what concerns the whole file first.
    pub findings: Vec<Finding>,
    /// Accounts whose record the file changed, with the line of each row.
    pub updates: Vec<(u64, ColumnSet)>,
    pub rows: usize,
    pub created: usize,
    pub unchanged: usize,
    pub refused: usize,
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every row is on the portal.
    Complete,
    /// The good rows are.
    Partial,
    /// Nothing was imported.
    Refused,
}

impl Report {
    pub(crate) fn new(plan: Plan, applied: bool) -> Self {
        let Plan { people, decisions } = plan;
        let mut findings = people.findings;
        findings.sort_by_key(|finding| finding.line);
        let mut report = Self {
            outcome: Outcome::Refused,
            format: people.format,
            findings,
            updates: Vec::new(),
            rows: people.rows.len(),
            created: 0,
            unchanged: 0,
            refused: 0,
        };
        for (row, decision) in people.rows.iter().zip(&decisions) {
            match decision {
                Decision::Create => report.created += 1,
                Decision::Update(update) => report.updates.push((row.line, update.changed)),
                Decision::Keep => report.unchanged += 1,
                Decision::Refuse => report.refused += 1,
            }
        }
        report.outcome = match (applied, report.refused) {
            (false, _) => Outcome::Refused,
            (true, 0) => Outcome::Complete,
            (true, _) => Outcome::Partial,
        };
        report
    }

    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.of(Severity::Error)
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.severity == severity)
    }
}

impl fmt::Display for Report {
    /// Every error and warning on a line of its own, then what was done.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "Read as {}: {}.", self.format, count(self.rows, "row"))?;
        for (title, severity) in [("Errors", Severity::Error), ("Warnings", Severity::Warning)] {
            if self.of(severity).next().is_some() {
                writeln!(formatter, "{title}:")?;
            }
            for finding in self.of(severity) {
                writeln!(formatter, "  {finding}")?;
            }
        }
        if self.outcome == Outcome::Refused {
            return write!(
                formatter,
                "Nothing was imported: {} of {} refused. Mend the file, or import the others with --partial.",
                self.refused,
                count(self.rows, "row")
            );
        }
        if !self.updates.is_empty() {
            writeln!(formatter, "Changed records, by column:")?;
        }
        for column in Column::ALL {
            self.write_changes(formatter, column)?;
        }
        write!(
            formatter,
            "Imported: {} created{}, {} updated, {} unchanged, {} refused.",
            count(self.created, "account"),
            match self.created {
                0 => "",
                1 => " (its invitation is queued)",
                _ => " (their invitations are queued)",
            },
            self.updates.len(),
            self.unchanged,
            count(self.refused, "row")
        )
    }
}

impl Report {
    /// «e-mail: 3 accounts (lines 2, 7, 9)»; never what it was or is.
    fn write_changes(&self, formatter: &mut fmt::Formatter<'_>, column: Column) -> fmt::Result {
        const SHOWN: usize = 10;
        let lines: Vec<u64> = self
            .updates
            .iter()
            .filter(|(_, changed)| changed.contains(column))
            .map(|(line, _)| *line)
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = lines.iter().take(SHOWN).map(u64::to_string).collect();
        writeln!(
            formatter,
            "  {}: {} (line{} {}{})",
            column.name(),
            count(lines.len(), "account"),
            if lines.len() == 1 { "" } else { "s" },
            shown.join(", "),
            if lines.len() > SHOWN { ", …" } else { "" }
        )
    }
}

/// «1 row», «2 rows».
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
