use portique_domain::account::Account;
use portique_domain::card::CardFault;
use portique_domain::card_ceremony::{
    AccountCard, AccountCardId, CardCeremony, CardPurpose, Shown, ShownCard,
};
use portique_domain::second_step::{PendingSignIn, StepToken, Verified};
use portique_domain::session::TokenHash;
use portique_domain::store::{Store, StoreError};
use portique_domain::testing::SeededEntropy;
use portique_shared::types::NationalId;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{account, after, aura, begin, paca, with_accounts};

on_each_database!(
    a_ceremony_is_read_back_as_it_was_written,
    of_fifty_cards_shown_for_one_ceremony_at_one_instant_one_is_written,
    of_fifty_answers_to_one_ceremony_at_one_instant_one_gets_it,
    ceremonies_whose_time_is_over_are_swept,
    accounts_are_found_by_their_number_on_their_portal_alone,
    a_card_is_attached_to_one_account_of_its_portal_alone,
    a_card_is_detached_by_its_own_account_alone,
    a_sign_in_that_waits_after_a_card_is_read_back_as_it_was_written,
);

pub fn number() -> NationalId {
    NationalId::parse("10003456786").unwrap()
}

fn ceremony(key: u8) -> CardCeremony {
    CardCeremony {
        key: [key; 32],
        cookie: TokenHash([key + 100; 32]),
        portal: paca(),
        purpose: CardPurpose::SignIn,
        session: None,
        expires_at: after(300),
        shown: None,
    }
}

fn shown(answer: u8, outcome: Result<(), CardFault>) -> Shown {
    Shown {
        answer: TokenHash([answer; 32]),
        certificate: Some("01 AC".to_owned()),
        outcome: outcome.map(|()| ShownCard {
            number: number(),
            family_name: "LEFÈVRE".to_owned(),
            given_name: "JEANNE".to_owned(),
        }),
    }
}

pub fn card(id: u128, account: &Account) -> AccountCard {
    AccountCard {
        id: AccountCardId(Uuid::from_u128(id)),
        account: account.id,
        portal: account.portal.clone(),
        number: number(),
        family_name: "LEFÈVRE".to_owned(),
        given_name: "JEANNE".to_owned(),
        attached_at: after(1),
        last_used_at: None,
    }
}

async fn begun(database: &TestDatabase, ceremony: &CardCeremony) {
    let mut unit = begin(database).await;
    unit.insert_card_ceremony(ceremony).await.unwrap();
    unit.commit().await.unwrap();
}

async fn note(database: &TestDatabase, key: u8, shown: &Shown) -> bool {
    let mut unit = begin(database).await;
    let noted = unit.note_card_shown([key; 32], shown).await.unwrap();
    unit.commit().await.unwrap();
    noted
}

async fn a_ceremony_is_read_back_as_it_was_written(database: TestDatabase) {
    let proof = CardCeremony {
        purpose: CardPurpose::Proof,
        session: Some(TokenHash([9; 32])),
        ..ceremony(2)
    };
    let cases = [
        (ceremony(1), shown(11, Ok(()))),
        (proof, shown(12, Err(CardFault::Revoked))),
    ];
    for (mut expected, shown) in cases {
        begun(&database, &expected).await;
        let read = database.card_ceremony(expected.key).await.unwrap();
        assert_eq!(read.as_ref(), Some(&expected));
        assert!(note(&database, expected.key[0], &shown).await);
        expected.shown = Some(shown.clone());
        let mut unit = begin(&database).await;
        let taken = unit.take_card_ceremony(shown.answer).await.unwrap();
        assert_eq!(taken.as_ref(), Some(&expected));
        assert_eq!(unit.take_card_ceremony(shown.answer).await.unwrap(), None);
        unit.commit().await.unwrap();
        assert_eq!(database.card_ceremony(expected.key).await.unwrap(), None);
    }
}

async fn of_fifty_cards_shown_for_one_ceremony_at_one_instant_one_is_written(database: TestDatabase) {
    begun(&database, &ceremony(1)).await;
    let mut cards = JoinSet::new();
    for answer in 0..50 {
        let database = database.database();
        cards.spawn(async move {
            let mut unit = database.begin().await.unwrap();
            let noted = unit.note_card_shown([1; 32], &shown(answer, Ok(()))).await;
            unit.commit().await.unwrap();
            noted.unwrap()
        });
    }
    let written = cards.join_all().await.into_iter().filter(|noted| *noted).count();
    assert_eq!(written, 1);
}

async fn of_fifty_answers_to_one_ceremony_at_one_instant_one_gets_it(database: TestDatabase) {
    begun(&database, &ceremony(1)).await;
    assert!(note(&database, 1, &shown(11, Ok(()))).await);
    let mut answers = JoinSet::new();
    for _ in 0..50 {
        let database = database.database();
        answers.spawn(async move {
            let mut unit = database.begin().await.unwrap();
            let taken = unit.take_card_ceremony(TokenHash([11; 32])).await.unwrap();
            unit.commit().await.unwrap();
            taken.is_some()
        });
    }
    let got = answers.join_all().await.into_iter().filter(|got| *got).count();
    assert_eq!(got, 1);
}

async fn ceremonies_whose_time_is_over_are_swept(database: TestDatabase) {
    begun(&database, &ceremony(1)).await;
    for (seconds, stands) in [(299, true), (301, false)] {
        let mut unit = begin(&database).await;
        unit.sweep(after(seconds)).await.unwrap();
        unit.commit().await.unwrap();
        let found = database.card_ceremony([1; 32]).await.unwrap();
        assert_eq!(found.is_some(), stands, "{seconds}");
    }
}

async fn accounts_are_found_by_their_number_on_their_portal_alone(database: TestDatabase) {
    let numbered = |id: u32| {
        let mut account = account(id);
        account.record.national_id = Some(number());
        account
    };
    let elsewhere = Account {
        portal: aura(),
        ..numbered(3)
    };
    with_accounts(&database, &[account(1), numbered(2), elsewhere]).await;
    let mut unit = begin(&database).await;
    for (portal, expected) in [(paca(), 2), (aura(), 3)] {
        let found = unit.accounts_by_number(&portal, &number()).await.unwrap();
        let ids: Vec<_> = found.iter().map(|account| account.id).collect();
        assert_eq!(ids, [account(expected).id]);
    }
}

async fn a_card_is_attached_to_one_account_of_its_portal_alone(database: TestDatabase) {
    let elsewhere = Account {
        portal: aura(),
        ..account(3)
    };
    with_accounts(&database, &[account(1), account(2), elsewhere.clone()]).await;
    let mut unit = begin(&database).await;
    unit.insert_account_card(&card(1, &account(1))).await.unwrap();
    unit.insert_account_card(&card(2, &elsewhere)).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = begin(&database).await;
    let refused = unit.insert_account_card(&card(3, &account(2))).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    drop(unit);
    let mut unit = begin(&database).await;
    let found = unit.account_card(&paca(), &number()).await.unwrap();
    assert_eq!(found, Some(card(1, &account(1))));
    unit.note_card_use(AccountCardId(Uuid::from_u128(1)), after(9))
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let used = AccountCard {
        last_used_at: Some(after(9)),
        ..card(1, &account(1))
    };
    assert_eq!(database.account_cards(account(1).id).await.unwrap(), [used]);
}

async fn a_card_is_detached_by_its_own_account_alone(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let mut unit = begin(&database).await;
    let attached = card(1, &account(1));
    unit.insert_account_card(&attached).await.unwrap();
    assert!(
        !unit
            .delete_account_card(account(2).id, attached.id)
            .await
            .unwrap()
    );
    assert!(
        unit.delete_account_card(account(1).id, attached.id)
            .await
            .unwrap()
    );
    assert!(
        !unit
            .delete_account_card(account(1).id, attached.id)
            .await
            .unwrap()
    );
    unit.insert_account_card(&attached).await.unwrap();
    unit.delete_account_cards(account(2).id).await.unwrap();
    assert_eq!(unit.account_cards(account(1).id).await.unwrap().len(), 1);
    unit.delete_account_cards(account(1).id).await.unwrap();
    assert!(unit.account_cards(account(1).id).await.unwrap().is_empty());
}

async fn a_sign_in_that_waits_after_a_card_is_read_back_as_it_was_written(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    let token = StepToken::generate(&SeededEntropy::new(1));
    let mut pending = PendingSignIn::start(&token, &account(1), Verified::Card, after(0));
    // As the database keeps times.
    pending.expires_at = after(900);
    let mut unit = begin(&database).await;
    unit.insert_pending_sign_in(&pending).await.unwrap();
    unit.commit().await.unwrap();
    let read = database.pending_sign_in(&paca(), token.hash()).await.unwrap();
    assert_eq!(read, Some(pending));
}
