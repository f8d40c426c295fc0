//! How far a long task is; whoever runs it decides whether and how to show it.

use core::fmt;

/// A part of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Reading and judging the agency's file; counted in bytes.
    File,
    /// Looking the people up in the national directory's extraction; counted in bytes.
    Directory,
    /// Comparing with the portal's accounts; counted in rows.
    Comparison,
    /// Writing accounts and invitations; counted in rows.
    Accounts,
    /// Writing the audit trail and committing; counted in its entries.
    Audit,
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::File => "reading the file",
            Self::Directory => "checking against the directory",
            Self::Comparison => "comparing with the portal's accounts",
            Self::Accounts => "writing the accounts",
            Self::Audit => "writing the audit trail",
        })
    }
}

/// Is told how far an import is. `&|_, _, _| {}` listens to nothing.
pub trait Progress: Sync {
    /// `done` of `total` in this phase; `total` may be 0 when it is not known, and `done` ends up at it otherwise.
    fn step(&self, phase: Phase, done: u64, total: u64);
}

impl<F: Fn(Phase, u64, u64) + Sync> Progress for F {
    fn step(&self, phase: Phase, done: u64, total: u64) {
        self(phase, done, total);
    }
}
