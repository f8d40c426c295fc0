use portique_domain::contact::{Contact, ContactChange};
use portique_domain::reference::Reference;
use portique_domain::second_step::{CodeSeal, SentCode};
use portique_domain::store::Store;
use portique_shared::api::contacts::ContactKind;
use portique_shared::api::second_step::Destination;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use uuid::Uuid;

use crate::support::{account, after, begin, with_accounts};

on_each_database!(
    a_change_is_kept_whole_and_takes_the_place_of_the_one_before,
    the_address_comes_before_the_telephone_and_each_is_given_up_by_itself,
    what_ends_sessions_gives_changes_up,
    a_change_is_found_until_it_is_swept,
);

fn change(owner: u32, number: u128, new: &str) -> ContactChange {
    let new = match new.strip_prefix('+') {
        Some(_) => Contact::Phone(new.parse().unwrap()),
        None => Contact::Email(new.parse().unwrap()),
    };
    ContactChange {
        id: Uuid::from_u128(number),
        account: account(owner).id,
        new,
        expires_at: after(900),
        sent: None,
    }
}

fn sent() -> SentCode {
    SentCode {
        seal: CodeSeal([7; 32]),
        to: Destination::RescueEmail,
        reference: Reference::parse("K7QM2XPA").unwrap(),
        sent_at: after(1),
        expires_at: after(301),
        wrong: 3,
    }
}

async fn save(database: &TestDatabase, changes: &[ContactChange]) {
    let mut unit = begin(database).await;
    for change in changes {
        unit.save_contact_change(change).await.unwrap();
    }
    unit.commit().await.unwrap();
}

async fn kept(database: &TestDatabase, owner: u32) -> Vec<ContactChange> {
    database.contact_changes(account(owner).id).await.unwrap()
}

async fn a_change_is_kept_whole_and_takes_the_place_of_the_one_before(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let first = change(1, 1, "one@ailleurs.example");
    save(&database, &[first.clone(), change(2, 2, "two@ailleurs.example")]).await;
    assert_eq!(kept(&database, 1).await, [first]);
    let mut second = change(1, 3, "other@ailleurs.example");
    second.sent = Some(sent());
    save(&database, std::slice::from_ref(&second)).await;
    assert_eq!(kept(&database, 1).await, [second]);
    assert_eq!(kept(&database, 2).await.len(), 1);
}

async fn the_address_comes_before_the_telephone_and_each_is_given_up_by_itself(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    let phone = change(1, 1, "+33612345678");
    let email = change(1, 2, "one@ailleurs.example");
    save(&database, &[phone.clone(), email.clone()]).await;
    assert_eq!(kept(&database, 1).await, [email, phone.clone()]);
    let mut unit = begin(&database).await;
    let kind = Some(ContactKind::RescueEmail);
    unit.delete_contact_changes(account(1).id, kind).await.unwrap();
    assert_eq!(unit.contact_changes(account(1).id).await.unwrap(), [phone]);
    unit.delete_contact_changes(account(1).id, None).await.unwrap();
    unit.commit().await.unwrap();
    assert!(kept(&database, 1).await.is_empty());
}

async fn what_ends_sessions_gives_changes_up(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    let both = [
        change(1, 1, "one@ailleurs.example"),
        change(2, 2, "two@ailleurs.example"),
    ];
    save(&database, &both).await;
    let mut unit = begin(&database).await;
    unit.delete_sessions_of(account(1).id).await.unwrap();
    unit.commit().await.unwrap();
    assert!(kept(&database, 1).await.is_empty());
    assert_eq!(kept(&database, 2).await.len(), 1);
}

async fn a_change_is_found_until_it_is_swept(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    save(&database, &[change(1, 1, "one@ailleurs.example")]).await;
    for (seconds, left) in [(899, 1), (900, 0)] {
        let mut unit = begin(&database).await;
        unit.sweep(after(seconds)).await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(kept(&database, 1).await.len(), left);
    }
}
