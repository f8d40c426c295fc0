//! What is to be done, done: in one transaction, or not at all.

use portique_domain::portal::Portal;
use portique_domain::store::StoreError;
use portique_domain::use_cases::Tools;
use portique_domain::use_cases::provision::Provisioning;

use crate::compare::{Decision, Plan};
use crate::progress::{Phase, Progress};
use crate::report::Report;
use crate::update::Update;

/// What to do with a file that has errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Import nothing unless every row is good.
    AllOrNothing,
    /// Import the good rows.
    Partial,
}

/// How many accounts are written at once: few calls, and little memory.
const BATCH: usize = 1_000;

impl Plan {
    /// Creates and updates accounts and queues invitations, all in one transaction: interrupted or failing anywhere,
    /// it leaves no trace. An account that appeared since the comparison fails it too; running it again settles that. Of one that
    /// changed since, what the file changes is written and the rest stays.
    ///
    /// # Errors
    /// Nothing was imported then.
    pub async fn apply(
        self,
        tools: &Tools,
        portal: &Portal,
        mode: Mode,
        progress: &dyn Progress,
    ) -> Result<Report, StoreError> {
        let refused = self.people.rows.iter().any(|row| row.refused);
        let applies = mode == Mode::Partial || !refused;
        let to_write = self
            .decisions
            .iter()
            .filter(|decision| matches!(decision, Decision::Create | Decision::Update(_)))
            .count();
        if applies && to_write > 0 {
            self.write(tools, portal, to_write as u64, progress).await?;
        }
        Ok(Report::new(self, applies))
    }

    async fn write(
        &self,
        tools: &Tools,
        portal: &Portal,
        total: u64,
        progress: &dyn Progress,
    ) -> Result<(), StoreError> {
        let rows = || self.people.rows.iter().zip(&self.decisions);
        let new = rows()
            .filter(|(_, decision)| matches!(decision, Decision::Create))
            // A row to be created was not refused, and so has all that an account needs.
            .filter_map(|(row, _)| row.draft.person(self.people.language));
        let changes = rows().filter_map(|(_, decision)| match decision {
            Decision::Update(update) => Some(update.as_ref()),
            _ => None,
        });
        let mut changes: Vec<&Update> = changes.collect();
        // Each is locked as it comes: two imports at once that lock in one order never wait for each other.
        changes.sort_unstable_by_key(|update| update.account);
        let mut provisioning = Provisioning::begin(tools, portal).await?;
        let mut written = 0;
        for batch in batches(new) {
            provisioning.create(&batch).await?;
            written += batch.len() as u64;
            progress.step(Phase::Accounts, written, total);
        }
        // Last, since people who sign in meanwhile wait for their own row.
        for batch in changes.chunks(BATCH) {
            provisioning.update(batch).await?;
            written += batch.len() as u64;
            progress.step(Phase::Accounts, written, total);
        }
        provisioning
            .commit(&|audited, of| progress.step(Phase::Audit, audited as u64, of as u64))
            .await
    }
}

/// Full batches, and what is left; made one at a time.
fn batches<T>(mut items: impl Iterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let batch: Vec<T> = items.by_ref().take(BATCH).collect();
        (!batch.is_empty()).then_some(batch)
    })
}
