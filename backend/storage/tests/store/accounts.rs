use std::sync::Arc;

use portique_domain::account::{Account, AccountStatus, Civility, PasswordState, Privilege, Privileges};
use portique_domain::store::{Store, StoreError};
use portique_shared::Language;
use portique_shared::types::{EmailAddress, Identifier, NationalId, PhoneNumber};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;

use crate::support::{account, after, aura, begin, paca, password_hash, start, with_accounts};

on_each_database!(
    an_account_is_read_back_as_it_was_written,
    an_account_is_found_by_its_folded_identifier_on_its_own_portal_only,
    several_accounts_are_found_by_their_identifiers_at_once,
    the_same_identifier_may_exist_on_two_portals_but_not_twice_on_one,
    of_fifty_who_want_the_same_identifier_at_once_exactly_one_gets_it,
    an_account_locked_for_an_update_is_the_current_one,
    an_updated_record_is_found_under_its_new_identifier_and_not_under_the_old,
    an_update_to_a_taken_identifier_is_a_conflict,
    every_state_of_a_password_is_kept,
    a_hash_is_upgraded_unless_the_password_changed_meanwhile,
    a_language_and_a_sign_in_are_kept,
    a_sign_in_to_an_account_that_changed_meanwhile_is_not_recorded,
    thousands_of_accounts_are_written_at_once,
    a_failure_names_no_personal_data,
);

/// Every field filled.
fn full() -> Account {
    let mut full = account(1);
    full.record.identifier = Identifier::parse("Hélène.LEFÈVRE").unwrap();
    full.record.email = EmailAddress::parse("Helene.Lefevre@chu-nice.fr").unwrap();
    full.record.rescue_email = Some(EmailAddress::parse("helene@example.org").unwrap());
    full.record.rescue_phone = Some(PhoneNumber::parse("+33612345678").unwrap());
    full.record.civility = Some(Civility::Doctor);
    full.record.profession = Some("Médecin".into());
    full.record.national_id = Some(NationalId::parse("10003456786").unwrap());
    full.record.privileges = Privileges::new(Privilege::ALL);
    full.status = AccountStatus::Disabled;
    full.language = Language::En;
    full.last_sign_in_at = Some(after(60));
    full.password = PasswordState::Definitive {
        hash: password_hash("$argon2id$one"),
        changed_at: after(30),
    };
    full
}

async fn an_account_is_read_back_as_it_was_written(database: TestDatabase) {
    let (full, bare) = (full(), account(2));
    with_accounts(&database, &[full.clone(), bare.clone()]).await;
    assert_eq!(database.account(full.id).await.unwrap(), Some(full));
    assert_eq!(database.account(bare.id).await.unwrap(), Some(bare));
    assert_eq!(database.account(account(3).id).await.unwrap(), None);
}

async fn an_account_is_found_by_its_folded_identifier_on_its_own_portal_only(database: TestDatabase) {
    with_accounts(&database, &[full()]).await;
    let find = |portal, folded| {
        let database = database.database();
        async move { database.account_by_identifier(&portal, folded).await.unwrap() }
    };
    assert_eq!(find(paca(), "helene.lefevre").await, Some(full()));
    assert_eq!(find(aura(), "helene.lefevre").await, None);
    assert_eq!(find(paca(), "Hélène.LEFÈVRE").await, None);
    let mut unit = begin(&database).await;
    let found = unit.account_by_identifier(&paca(), "helene.lefevre").await;
    assert_eq!(found.unwrap(), Some(full()));
}

async fn several_accounts_are_found_by_their_identifiers_at_once(database: TestDatabase) {
    let accounts: Vec<Account> = (1..=600).map(account).collect();
    with_accounts(&database, &accounts).await;
    let mut wanted: Vec<String> = (101..=600).map(|number| format!("person{number}")).collect();
    wanted.push("nobody".into());
    let mut found = database.accounts_by_identifiers(&paca(), &wanted).await.unwrap();
    found.sort_by_key(|account| account.id);
    assert_eq!(found, accounts[100..]);
    assert!(
        database
            .accounts_by_identifiers(&aura(), &wanted)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        database
            .accounts_by_identifiers(&paca(), &[])
            .await
            .unwrap()
            .is_empty()
    );
}

async fn the_same_identifier_may_exist_on_two_portals_but_not_twice_on_one(database: TestDatabase) {
    let mut elsewhere = account(2);
    elsewhere.portal = aura();
    elsewhere.record.identifier = Identifier::parse("person1").unwrap();
    with_accounts(&database, &[account(1), elsewhere]).await;

    let mut again = account(3);
    again.record.identifier = Identifier::parse("PERSÖN1").unwrap();
    let mut unit = begin(&database).await;
    let refused = unit.insert_accounts(&[account(4), again]).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    drop(unit);
    assert_eq!(database.account(account(4).id).await.unwrap(), None);
}

async fn of_fifty_who_want_the_same_identifier_at_once_exactly_one_gets_it(database: TestDatabase) {
    let mut tries = JoinSet::new();
    for number in 1..=50 {
        let database = database.database();
        tries.spawn(async move {
            let mut wanted = account(number);
            wanted.record.identifier = Identifier::parse("wanted").unwrap();
            let mut unit = database.begin().await?;
            unit.insert_accounts(&[wanted]).await?;
            unit.commit().await
        });
    }
    let results = tries.join_all().await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    let lost = results
        .iter()
        .filter(|result| matches!(result, Err(StoreError::Conflict)))
        .count();
    assert_eq!((won, lost), (1, 49), "{results:?}");
}

async fn an_account_locked_for_an_update_is_the_current_one(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    let mut tries = JoinSet::new();
    // Each adds a second to what it reads: a read of anything but the latest would lose one.
    for _ in 0..50 {
        let database = database.database();
        tries.spawn(async move {
            let mut unit = begin(&database).await;
            let read = unit.account_for_update(account(1).id).await.unwrap().unwrap();
            let last = read.last_sign_in_at.unwrap_or(start());
            unit.record_sign_in(&read, last + jiff::SignedDuration::from_secs(1))
                .await
                .unwrap();
            unit.commit().await.unwrap();
        });
    }
    tries.join_all().await;
    let read = database.account(account(1).id).await.unwrap().unwrap();
    assert_eq!(read.last_sign_in_at, Some(after(50)));
    let mut unit = begin(&database).await;
    assert_eq!(unit.account_for_update(account(9).id).await.unwrap(), None);
}

async fn an_updated_record_is_found_under_its_new_identifier_and_not_under_the_old(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let mut unit = begin(&database).await;
    unit.update_record(account(1).id, &full().record).await.unwrap();
    unit.commit().await.unwrap();
    let found = database
        .account_by_identifier(&paca(), "helene.lefevre")
        .await
        .unwrap();
    let expected = Account {
        record: full().record,
        ..account(1)
    };
    assert_eq!(found, Some(expected));
    assert_eq!(
        database.account_by_identifier(&paca(), "person1").await.unwrap(),
        None
    );
    assert_eq!(database.account(account(2).id).await.unwrap(), Some(account(2)));
}

async fn an_update_to_a_taken_identifier_is_a_conflict(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let mut unit = begin(&database).await;
    let refused = unit.update_record(account(1).id, &account(2).record).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
}

async fn every_state_of_a_password_is_kept(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    for password in [
        PasswordState::Provisional {
            hash: password_hash("$argon2id$one"),
            expires_at: after(3600),
        },
        PasswordState::Definitive {
            hash: password_hash("$argon2id$two"),
            changed_at: after(60),
        },
        PasswordState::None,
    ] {
        let mut unit = begin(&database).await;
        unit.set_password(account(1).id, &password).await.unwrap();
        unit.commit().await.unwrap();
        let read = database.account(account(1).id).await.unwrap().unwrap();
        assert_eq!(read.password, password);
    }
}

async fn a_hash_is_upgraded_unless_the_password_changed_meanwhile(database: TestDatabase) {
    let (old, new, other) = (password_hash("old"), password_hash("new"), password_hash("other"));
    let with = |hash: &portique_domain::password::PasswordHash| PasswordState::Definitive {
        hash: hash.clone(),
        changed_at: start(),
    };
    let mut stored = account(1);
    stored.password = with(&old);
    with_accounts(&database, &[stored]).await;
    for (expected, replacement, then) in [(&other, &new, &old), (&old, &new, &new), (&old, &other, &new)] {
        let mut unit = begin(&database).await;
        unit.upgrade_hash(account(1).id, expected, replacement)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        let read = database.account(account(1).id).await.unwrap().unwrap();
        assert_eq!(read.password, with(then));
    }
}

async fn a_language_and_a_sign_in_are_kept(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let mut unit = begin(&database).await;
    unit.set_language(account(1).id, Language::En).await.unwrap();
    assert!(unit.record_sign_in(&account(1), after(5)).await.unwrap());
    unit.commit().await.unwrap();
    let read = database.account(account(1).id).await.unwrap().unwrap();
    assert_eq!(
        (read.language, read.last_sign_in_at),
        (Language::En, Some(after(5)))
    );
    assert_eq!(database.account(account(2).id).await.unwrap(), Some(account(2)));
}

async fn a_sign_in_to_an_account_that_changed_meanwhile_is_not_recorded(database: TestDatabase) {
    let definitive = |text: &str| PasswordState::Definitive {
        hash: password_hash(text),
        changed_at: start(),
    };
    let verified = Account {
        password: definitive("old"),
        ..account(1)
    };
    with_accounts(&database, std::slice::from_ref(&verified)).await;
    let disabled = Account {
        status: AccountStatus::Disabled,
        ..verified.clone()
    };
    let changed = Account {
        password: definitive("new"),
        ..verified.clone()
    };
    let without = Account {
        password: PasswordState::None,
        ..verified.clone()
    };
    let mut privileged = verified.clone();
    privileged.record.privileges = "donnees-patients".parse().unwrap();
    let mut unit = begin(&database).await;
    for other in [disabled, changed, without, privileged, account(2)] {
        assert!(!unit.record_sign_in(&other, after(5)).await.unwrap());
    }
    assert!(unit.record_sign_in(&verified, after(6)).await.unwrap());
    unit.commit().await.unwrap();
    let read = database.account(verified.id).await.unwrap().unwrap();
    assert_eq!(read.last_sign_in_at, Some(after(6)));
}

async fn thousands_of_accounts_are_written_at_once(database: TestDatabase) {
    let accounts: Arc<[Account]> = (1..=4_000).map(account).collect();
    with_accounts(&database, &accounts).await;
    for number in [1, 1_560, 1_561, 4_000] {
        assert!(
            database.account(account(number).id).await.unwrap().is_some(),
            "{number}"
        );
    }
    let mut unit = begin(&database).await;
    unit.insert_accounts(&[]).await.unwrap();
}

async fn a_failure_names_no_personal_data(database: TestDatabase) {
    let mut broken = account(1);
    // PostgreSQL takes no NUL in a text; the foreign key refuses a session of nobody.
    broken.record.given_name = "Confidential\0".into();
    let mut unit = begin(&database).await;
    let written = unit.insert_accounts(&[broken]).await;
    let mut unit = match written {
        Ok(()) => unit,
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains("Confidential"), "{error}");
            drop(unit);
            begin(&database).await
        }
    };
    let orphan = crate::sessions::session(7, 1);
    let error = unit.insert_session(&orphan).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.to_lowercase().contains("foreign key"), "{shown}");
    assert!(!shown.contains("00000007"), "{shown}");
}
