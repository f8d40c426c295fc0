use portique_domain::audit::{
    AuditAction, AuditEntry, AuditEvent, AuditHead, AuditResult, FIRST_PREVIOUS_HASH,
};
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;

use crate::migrations::as_before_cards;
use crate::support::{account, begin, paca, start};

on_each_database!(
    events_become_a_chain_of_entries,
    the_trail_of_the_version_before_cards_goes_on_unbroken,
    entries_are_read_page_by_page,
    the_head_is_the_last_entrys_number_and_hash,
    fifty_writers_at_once_keep_the_chain_unbroken,
    a_transaction_given_up_leaves_no_gap,
    thousands_of_events_are_written_at_once,
    the_database_itself_refuses_to_change_or_drop_an_entry,
);

fn event() -> AuditEvent {
    AuditEvent {
        at: start(),
        portal: paca(),
        action: AuditAction::SignIn,
        result: AuditResult::WrongPassword,
        factor: "password",
        account: Some(account(1).id),
        authenticator: None,
        address: Some("2001:db8::1".parse().unwrap()),
    }
}

async fn append(database: &TestDatabase, events: &[AuditEvent]) {
    let mut unit = begin(database).await;
    unit.audit(events).await.unwrap();
    unit.commit().await.unwrap();
}

async fn trail(database: &TestDatabase) -> Vec<AuditEntry> {
    database.audit_entries(0, 100_000).await.unwrap()
}

fn is_unbroken(entries: &[AuditEntry]) -> bool {
    let mut previous = None;
    entries.iter().all(|entry| entry.follows(previous.replace(entry)))
}

async fn events_become_a_chain_of_entries(database: TestDatabase) {
    let anonymous = AuditEvent {
        account: None,
        address: None,
        ..event()
    };
    append(&database, &[event(), anonymous.clone()]).await;
    append(&database, &[]).await;
    append(&database, &[event()]).await;
    let first = AuditEntry::chain(&event(), 0, FIRST_PREVIOUS_HASH);
    let second = AuditEntry::chain(&anonymous, 1, &first.hash);
    let third = AuditEntry::chain(&event(), 2, &second.hash);
    assert_eq!(trail(&database).await, [first, second, third]);
}

async fn the_trail_of_the_version_before_cards_goes_on_unbroken(database: TestDatabase) {
    append(&database, &[event()]).await;
    as_before_cards(&database).await;
    database.migrate().await.unwrap();
    let by_card = event().of(Some("01 AC".to_owned()));
    append(&database, std::slice::from_ref(&by_card)).await;
    let first = AuditEntry::chain(&event(), 0, FIRST_PREVIOUS_HASH);
    let second = AuditEntry::chain(&by_card, 1, &first.hash);
    assert_eq!(trail(&database).await, [first, second]);
}

async fn entries_are_read_page_by_page(database: TestDatabase) {
    append(&database, &[(); 5].map(|()| event())).await;
    let page = database.audit_entries(2, 2).await.unwrap();
    let sequences: Vec<i64> = page.iter().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, [3, 4]);
    assert!(database.audit_entries(5, 2).await.unwrap().is_empty());
}

async fn the_head_is_the_last_entrys_number_and_hash(database: TestDatabase) {
    let of = |sequence, hash: &str| AuditHead {
        sequence,
        hash: hash.to_owned(),
    };
    assert_eq!(database.audit_head().await.unwrap(), of(0, FIRST_PREVIOUS_HASH));
    append(&database, &[event(), event()]).await;
    let last = trail(&database).await.remove(1);
    assert_eq!(database.audit_head().await.unwrap(), of(2, &last.hash));
}

async fn fifty_writers_at_once_keep_the_chain_unbroken(database: TestDatabase) {
    let mut writers = JoinSet::new();
    for _ in 0..50 {
        let database = database.database();
        writers.spawn(async move {
            let mut unit = begin(&database).await;
            unit.audit(&[event(), event()]).await.unwrap();
            unit.audit(&[event()]).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    writers.join_all().await;
    let entries = trail(&database).await;
    assert_eq!(entries.len(), 150);
    assert!(is_unbroken(&entries));
}

async fn a_transaction_given_up_leaves_no_gap(database: TestDatabase) {
    append(&database, &[event()]).await;
    let mut unit = begin(&database).await;
    unit.audit(&[event(), event()]).await.unwrap();
    drop(unit);
    append(&database, &[event()]).await;
    let entries = trail(&database).await;
    assert_eq!(entries.len(), 2);
    assert!(is_unbroken(&entries));
}

async fn thousands_of_events_are_written_at_once(database: TestDatabase) {
    append(&database, &vec![event(); 7_000]).await;
    let entries = trail(&database).await;
    assert_eq!(entries.len(), 7_000);
    assert!(is_unbroken(&entries));
}

async fn the_database_itself_refuses_to_change_or_drop_an_entry(database: TestDatabase) {
    append(&database, &[event(), event()]).await;
    for sql in [
        "UPDATE audit_entries SET result = 'success' WHERE sequence = 1",
        "DELETE FROM audit_entries WHERE sequence = 2",
        "DELETE FROM audit_entries",
    ] {
        let refused = database.run_by_hand(sql).await.unwrap_err();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    if database.url().starts_with("postgres") {
        let refused = database.run_by_hand("TRUNCATE audit_entries").await.unwrap_err();
        assert!(refused.contains("append-only"), "{refused}");
    }
    assert_eq!(trail(&database).await.len(), 2);
}
