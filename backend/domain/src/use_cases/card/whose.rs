use portique_shared::types::NationalId;

use crate::account::{Account, AccountId, AccountStatus};
use crate::audit::AuditResult;
use crate::portal::PortalName;
use crate::store::{StoreError, UnitOfWork};

/// The account that a card opens: the one whose record bears its number, else the one that attached it.
///
/// Where the agency's files have a person twice, it is the account that attached the card, or the only one that is not disabled;
/// where neither tells, the card opens nothing: nobody is let into an account by its place in a list.
pub(super) async fn whose(
    unit: &mut dyn UnitOfWork,
    portal: &PortalName,
    number: &NationalId,
) -> Result<Option<AccountId>, StoreError> {
    let numbered = unit.accounts_by_number(portal, number).await?;
    let attached = unit.account_card(portal, number).await?;
    let attached = attached.map(|card| card.account);
    Ok(chosen(&numbered, attached))
}

fn chosen(numbered: &[Account], attached: Option<AccountId>) -> Option<AccountId> {
    match numbered {
        [] => attached,
        [only] => Some(only.id),
        several => {
            let of_them = |id: &AccountId| several.iter().any(|account| account.id == *id);
            let mut active = several
                .iter()
                .filter(|account| account.status == AccountStatus::Active);
            let only_active = active.next().filter(|_| active.next().is_none());
            attached.filter(of_them).or(only_active.map(|account| account.id))
        }
    }
}

/// Whether an account's record bears another number of the same kind than the card: then one of the two is another person's.
pub(in crate::use_cases) fn bears_another_number(account: &Account, number: &NationalId) -> bool {
    match (&account.record.national_id, number) {
        (Some(NationalId::Rpps(own)), NationalId::Rpps(shown))
        | (Some(NationalId::Adeli(own)), NationalId::Adeli(shown)) => own != shown,
        _ => false,
    }
}

/// The account that a card opens, locked; or whose it is, and why it opens nothing.
pub(super) async fn opened(
    unit: &mut dyn UnitOfWork,
    portal: &PortalName,
    number: &NationalId,
) -> Result<Result<Account, (Option<AccountId>, AuditResult)>, StoreError> {
    let nobodys = Ok(Err((None, AuditResult::UnknownCard)));
    let Some(id) = whose(unit, portal, number).await? else {
        return nobodys;
    };
    let Some(account) = unit.account_for_update(id).await? else {
        return nobodys;
    };
    // Asked anew under the lock: the card may have been detached in between, or the number corrected.
    if whose(unit, portal, number).await? != Some(id) {
        return nobodys;
    }
    // Attached before the agency wrote another number down: one of the two is another person's.
    if bears_another_number(&account, number) {
        return Ok(Err((Some(id), AuditResult::UnknownCard)));
    }
    if account.status != AccountStatus::Active {
        return Ok(Err((Some(id), AuditResult::Disabled)));
    }
    Ok(Ok(account))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::account::PasswordState;
    use crate::testing::record;
    use portique_shared::Language;

    fn account(number: u128, status: AccountStatus) -> Account {
        Account {
            id: AccountId(Uuid::from_u128(number)),
            portal: PortalName::parse("aura").unwrap(),
            record: record("jeanne"),
            password: PasswordState::None,
            status,
            created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
            last_sign_in_at: None,
            language: Language::Fr,
            wants_second_factor: false,
        }
    }

    #[test]
    fn the_record_that_bears_the_number_comes_before_whoever_attached_the_card() {
        let own = account(1, AccountStatus::Disabled);
        let other = Some(AccountId(Uuid::from_u128(9)));
        assert_eq!(chosen(std::slice::from_ref(&own), other), Some(own.id));
        assert_eq!(chosen(&[], other), other);
        assert_eq!(chosen(&[], None), None);
    }

    #[test]
    fn of_two_accounts_of_one_person_the_one_that_attached_the_card_or_the_only_active_one_is_opened() {
        let (one, two) = (
            account(1, AccountStatus::Active),
            account(2, AccountStatus::Active),
        );
        let ended = account(3, AccountStatus::Disabled);
        let stranger = Some(AccountId(Uuid::from_u128(9)));
        let both = [one.clone(), two.clone()];
        assert_eq!(chosen(&both, Some(two.id)), Some(two.id));
        assert_eq!(chosen(&both, None), None);
        assert_eq!(chosen(&both, stranger), None);
        assert_eq!(chosen(&[one.clone(), ended.clone()], None), Some(one.id));
        assert_eq!(chosen(&[one, ended.clone()], Some(ended.id)), Some(ended.id));
    }
}
