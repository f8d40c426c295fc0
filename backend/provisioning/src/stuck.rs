//! Who of the file could not prove a second time who they are: told, since nobody but the agency can help them.

use std::collections::BTreeMap;

use portique_domain::account::{Account, PasswordState, Record};
use portique_domain::authenticator::Factors;
use portique_domain::portal::Portal;
use portique_domain::second_step::Stuck;
use portique_domain::store::{Store, StoreError};

use crate::finding::{Finding, Severity};

/// The lines of people who are stuck, by how they are.
#[derive(Default)]
pub(crate) struct StuckLines(BTreeMap<Stuck, Vec<u64>>);

impl StuckLines {
    /// Judges the person of a line by the record that they are to have, and by what they hold already.
    pub(crate) async fn judge(
        &mut self,
        store: &dyn Store,
        portal: &Portal,
        line: u64,
        record: &Record,
        account: Option<&Account>,
    ) -> Result<(), StoreError> {
        let judge = |held: &Factors| {
            let wanted = account.is_some_and(|account| account.wants_second_factor);
            Stuck::of(&portal.second_factor, record, wanted, held)
        };
        let mut stuck = judge(&Factors::default());
        if stuck.is_some()
            && let Some(account) = account.filter(|account| may_hold_factors(account))
        {
            stuck = judge(&store.factors(account.id).await?);
        }
        if let Some(stuck) = stuck {
            self.0.entry(stuck).or_default().push(line);
        }
        Ok(())
    }

    /// A warning for each way of being stuck, with the first of its lines.
    pub(crate) fn findings(self) -> impl Iterator<Item = Finding> {
        self.0.into_iter().map(|(stuck, lines)| Finding {
            line: None,
            column: None,
            severity: Severity::Warning,
            reason: format!("{} {stuck}", people(&lines)),
        })
    }
}

/// Nobody adds a factor before they have chosen a password: most accounts of most files need not be asked about.
fn may_hold_factors(account: &Account) -> bool {
    matches!(account.password, PasswordState::Definitive { .. })
}

/// «1 person (line 2)», «12 people (lines 2, 3, …)».
fn people(lines: &[u64]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = lines.iter().take(SHOWN).map(u64::to_string).collect();
    let (noun, lines_word) = if lines.len() == 1 {
        ("person", "line")
    } else {
        ("people", "lines")
    };
    format!(
        "{} {noun} ({lines_word} {}{})",
        lines.len(),
        shown.join(", "),
        if lines.len() > SHOWN { ", …" } else { "" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_named_and_all_are_counted() {
        assert_eq!(people(&[2]), "1 person (line 2)");
        let many: Vec<u64> = (2..14).collect();
        assert_eq!(
            people(&many),
            "12 people (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)"
        );
    }
}
