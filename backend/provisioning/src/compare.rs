//! The file beside the portal's accounts: who is new, who changed, who is somebody else.

use std::collections::HashMap;

use portique_domain::account::{Account, Record};
use portique_domain::folding::fold;
use portique_domain::portal::Portal;
use portique_domain::store::{Store, StoreError};
use portique_shared::types::NationalId;

use crate::column::{Column, ColumnSet};
use crate::draft::Draft;
use crate::names::{same_family_name, same_given_name};
use crate::people::{People, Row};
use crate::progress::{Phase, Progress};
use crate::stuck::StuckLines;
use crate::update::{Update, changes};

/// What an import does to the portal, decided and not yet done.
pub struct Plan {
    pub(crate) people: People,
    pub(crate) decisions: Vec<Decision>,
}

/// What becomes of a row.
pub(crate) enum Decision {
    Create,
    /// Boxed: most rows of most files change nothing.
    Update(Box<Update>),
    Keep,
    Refuse,
}

/// How many identifiers are looked up at once; the store takes some 500.
const BATCH: usize = 500;

impl People {
    /// Compares each row with the portal's account of the same identifier (compared folded). Writes nothing.
    ///
    /// An account is brought in line with the file: an empty cell empties the record's field. Columns that the file
    /// lacks change nothing, nor do empty professions and civilities, which the directory may have completed another
    /// time, nor empty rescue addresses and telephones, which people give themselves ([`People::emptying_contacts`]). The language of mails is the person's own once the account exists.
    /// Whoever would have no second factor that the portal takes is told in a warning.
    pub async fn compare(
        mut self,
        store: &dyn Store,
        portal: &Portal,
        progress: &dyn Progress,
    ) -> Result<Plan, StoreError> {
        let present = self.header.present();
        let total = self.rows.len();
        let mut decisions = Vec::with_capacity(total);
        let mut stuck = StuckLines::default();
        while decisions.len() < total {
            progress.step(Phase::Comparison, decisions.len() as u64, total as u64);
            let batch = decisions.len()..total.min(decisions.len() + BATCH);
            let identifiers: Vec<String> = self.rows[batch.clone()]
                .iter()
                .filter_map(|row| folded_identifier(&row.draft))
                .collect();
            let accounts: HashMap<String, Account> = store
                .accounts_by_identifiers(&portal.name, &identifiers)
                .await?
                .into_iter()
                .map(|account| (account.record.folded_identifier(), account))
                .collect();
            for row in batch {
                let account = folded_identifier(&self.rows[row].draft).and_then(|key| accounts.get(&key));
                if account.is_some_and(|account| is_somebody_else(&account.record, &self.rows[row].draft)) {
                    let reason = "on the portal another person has this identifier (other number, or other names and e-mail)";
                    self.refuse(row, Some(Column::Identifier), reason.to_owned());
                }
                let decision = self.decide(row, account, present);
                let Row { line, draft, .. } = &self.rows[row];
                let record = match &decision {
                    Decision::Create => draft.record(),
                    Decision::Update(update) => Some(update.record.clone()),
                    Decision::Keep => account.map(|account| account.record.clone()),
                    Decision::Refuse => None,
                };
                if let Some(record) = record {
                    stuck.judge(store, portal, *line, &record, account).await?;
                }
                decisions.push(decision);
            }
        }
        progress.step(Phase::Comparison, total as u64, total as u64);
        self.findings.extend(stuck.findings());
        Ok(Plan {
            people: self,
            decisions,
        })
    }

    fn decide(&self, row: usize, account: Option<&Account>, present: ColumnSet) -> Decision {
        let row = &self.rows[row];
        // Only its errors can keep a row from having a record.
        let Some(record) = row.draft.record().filter(|_| !row.refused) else {
            return Decision::Refuse;
        };
        let Some(account) = account else {
            return Decision::Create;
        };
        let record = in_line(&account.record, record, present, self.empties_contacts);
        let changed = changes(&account.record, &record);
        if changed.is_empty() {
            Decision::Keep
        } else {
            Decision::Update(Box::new(Update {
                account: account.id,
                record,
                changed,
            }))
        }
    }
}

fn folded_identifier(draft: &Draft) -> Option<String> {
    Some(fold(draft.identifier.as_ref()?.as_str()))
}

/// Whether the account under a row's identifier is not the row's person: bringing it in line would hand one person's
/// account, password included, to another.
///
/// The same number is the same person, whatever their name is now. Another number of the same kind is another
/// person, unless names and e-mail are all the same: then it was mistyped before. Where numbers can't tell, it is
/// another person when the e-mail differs and so does every name that both have.
fn is_somebody_else(record: &Record, draft: &Draft) -> bool {
    let same_email = draft.email.as_ref() == Some(&record.email);
    let family = compared(&record.family_name, &draft.family_name, same_family_name);
    let given = compared(&record.given_name, &draft.given_name, same_given_name);
    match (&record.national_id, &draft.national_id) {
        (Some(NationalId::Rpps(one)), Some(NationalId::Rpps(other)))
        | (Some(NationalId::Adeli(one)), Some(NationalId::Adeli(other))) => {
            one != other && !(same_email && family == Some(true) && given == Some(true))
        }
        _ => {
            let names = [family, given];
            !same_email && names.contains(&Some(false)) && !names.contains(&Some(true))
        }
    }
}

/// Whether two names agree; `None` when one is missing.
fn compared(one: &str, other: &str, agree: fn(&str, &str) -> bool) -> Option<bool> {
    (!one.is_empty() && !other.is_empty()).then(|| agree(one, other))
}

/// The record that the account is to have: the file's, and the account's own where the file says nothing.
fn in_line(old: &Record, file: Record, present: ColumnSet, empties_contacts: bool) -> Record {
    let mut record = file;
    let emptied = |column| empties_contacts && present.contains(column);
    if !emptied(Column::RescueEmail) {
        record.rescue_email = record.rescue_email.or_else(|| old.rescue_email.clone());
    }
    if !emptied(Column::RescuePhone) {
        record.rescue_phone = record.rescue_phone.or_else(|| old.rescue_phone.clone());
    }
    if !present.contains(Column::GivenName) {
        record.given_name.clone_from(&old.given_name);
    }
    if !present.contains(Column::FamilyName) {
        record.family_name.clone_from(&old.family_name);
    }
    if !present.contains_any(&Column::NUMBERS) {
        record.national_id.clone_from(&old.national_id);
    }
    if !present.contains(Column::Privileges) {
        record.privileges.clone_from(&old.privileges);
    }
    record.civility = record.civility.or(old.civility);
    record.profession = record.profession.or_else(|| old.profession.clone());
    record
}

#[cfg(test)]
mod tests {
    use portique_domain::testing::record;

    use super::*;
    use crate::draft::Cells;

    fn draft(cells: &Cells<'_>) -> Draft {
        let mut problems = Vec::new();
        let draft = Draft::read(cells, &mut problems);
        assert!(problems.is_empty());
        draft
    }

    fn cells<'a>(email: &'a str, family: &'a str, given: &'a str, number: &'a str) -> Cells<'a> {
        Cells::default()
            .with(Column::Identifier, "jlefevre")
            .with(Column::Email, email)
            .with(Column::FamilyName, family)
            .with(Column::GivenName, given)
            .with(Column::NationalId, number)
    }

    const JEANNE: &str = "jeanne.lefevre@example.org";
    const NUMBER: &str = "10003456786";

    #[test]
    fn numbers_tell_people_apart_and_names_and_addresses_where_they_cannot() {
        let mut known = record("jlefevre");
        for (email, family, given, number, somebody_else, why) in [
            ("new@example.org", "Lefevre", "Jeanne", "", false, "a new address"),
            ("new@example.org", "Durand", "Jeanne", "", false, "married"),
            (JEANNE, "Durand", "Paul", "", false, "the same address"),
            ("new@example.org", "", "", "", false, "nothing to compare"),
            ("new@example.org", "Durand", "Paul", "", true, "nothing in common"),
        ] {
            let draft = draft(&cells(email, family, given, number));
            assert_eq!(is_somebody_else(&known, &draft), somebody_else, "{why}");
        }
        known.national_id = NationalId::parse(NUMBER).ok();
        for (email, family, given, number, somebody_else, why) in [
            (
                "new@example.org",
                "Durand",
                "Anne",
                NUMBER,
                false,
                "the same number",
            ),
            (
                JEANNE,
                "Lefèvre",
                "Jeanne",
                "10000000017",
                false,
                "a number mended",
            ),
            (
                "new@example.org",
                "Lefèvre",
                "Jeanne",
                "10000000017",
                true,
                "a homonym",
            ),
            (
                "new@example.org",
                "Lefèvre",
                "Jeanne",
                "061234567",
                false,
                "another kind of number",
            ),
        ] {
            let draft = draft(&cells(email, family, given, number));
            assert_eq!(is_somebody_else(&known, &draft), somebody_else, "{why}");
        }
    }

    #[test]
    fn columns_that_the_file_lacks_change_nothing_and_empty_cells_empty() {
        let mut old = record("jlefevre");
        old.profession = Some("Médecin".into());
        old.privileges = "administrateur".parse().unwrap();
        let minimal = Cells::default()
            .with(Column::Identifier, "jlefevre")
            .with(Column::Email, JEANNE);
        let file = draft(&minimal).record().unwrap();
        let mut present = ColumnSet::default();
        present.insert(Column::Profession);
        assert_eq!(in_line(&old, file.clone(), present, false), old);
        present.insert(Column::Privileges);
        present.insert(Column::GivenName);
        let new = in_line(&old, file, present, false);
        assert_eq!(
            changes(&old, &new).iter().collect::<Vec<_>>(),
            [Column::GivenName, Column::Privileges]
        );
    }
}
