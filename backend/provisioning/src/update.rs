//! What a row changes of the account that its person has.

use portique_domain::account::{AccountId, Record};
use portique_domain::use_cases::provision::RecordChange;

use crate::column::{Column, ColumnSet};

/// An account that the file changes.
pub(crate) struct Update {
    pub(crate) account: AccountId,
    /// What it is to be; of it, only the changed columns count.
    pub(crate) record: Record,
    pub(crate) changed: ColumnSet,
}

impl RecordChange for Update {
    fn account(&self) -> AccountId {
        self.account
    }

    fn amend(&self, record: &mut Record) {
        for column in self.changed.iter() {
            let new = &self.record;
            match column {
                Column::Identifier => record.identifier.clone_from(&new.identifier),
                Column::Email => record.email.clone_from(&new.email),
                Column::RescueEmail => record.rescue_email.clone_from(&new.rescue_email),
                Column::RescuePhone => record.rescue_phone.clone_from(&new.rescue_phone),
                Column::Civility => record.civility = new.civility,
                Column::GivenName => record.given_name.clone_from(&new.given_name),
                Column::FamilyName => record.family_name.clone_from(&new.family_name),
                Column::Profession => record.profession.clone_from(&new.profession),
                Column::NationalId | Column::Rpps | Column::Adeli => {
                    record.national_id.clone_from(&new.national_id);
                }
                Column::Privileges => record.privileges.clone_from(&new.privileges),
                // The account's, not the record's: its person's own once the account exists.
                Column::Language => {}
            }
        }
    }
}

/// The columns in which two records of one person differ.
pub(crate) fn changes(old: &Record, new: &Record) -> ColumnSet {
    let mut changed = ColumnSet::default();
    for (column, differs) in [
        (Column::Identifier, old.identifier != new.identifier),
        (Column::Email, old.email != new.email),
        (Column::RescueEmail, old.rescue_email != new.rescue_email),
        (Column::RescuePhone, old.rescue_phone != new.rescue_phone),
        (Column::Civility, old.civility != new.civility),
        (Column::GivenName, old.given_name != new.given_name),
        (Column::FamilyName, old.family_name != new.family_name),
        (Column::Profession, old.profession != new.profession),
        (Column::NationalId, old.national_id != new.national_id),
        (Column::Privileges, old.privileges != new.privileges),
    ] {
        if differs {
            changed.insert(column);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use portique_domain::account::Civility;
    use portique_domain::testing::record;
    use portique_shared::types::NationalId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_changed_column_is_written_and_no_other() {
        let old = record("jlefevre");
        let new = Record {
            identifier: "JLefevre".parse().expect("an identifier"),
            email: "j@new.example".parse().expect("an address"),
            rescue_email: Some("j@rescue.example".parse().expect("an address")),
            rescue_phone: Some("+33698765432".parse().expect("a number")),
            civility: Some(Civility::Professor),
            given_name: "Jeannette".into(),
            family_name: "Durand".into(),
            profession: Some("Sage-femme".into()),
            national_id: NationalId::parse("10003456786").ok(),
            privileges: "administrateur".parse().expect("a privilege"),
        };
        let changed = changes(&old, &new);
        assert_eq!(changed.iter().count(), 10);
        let mut all = old.clone();
        let mut update = Update {
            account: AccountId(Uuid::nil()),
            record: new.clone(),
            changed,
        };
        update.amend(&mut all);
        assert_eq!(all, new);
        update.changed = ColumnSet::default();
        update.changed.insert(Column::FamilyName);
        let mut one = old.clone();
        update.amend(&mut one);
        assert_eq!(changes(&old, &one), update.changed);
    }
}
