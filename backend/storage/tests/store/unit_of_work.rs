use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use portique_domain::store::Store;
use portique_domain::throttle::ThrottleKey;
use portique_storage::testing::TestDatabase;
use portique_storage::{Database, Options, on_each_database};
use tokio::task::JoinSet;

use crate::support::{account, after, begin, paca, start, with_accounts};

on_each_database!(
    a_unit_of_work_is_seen_by_itself_at_once_and_by_others_once_committed,
    a_unit_of_work_given_up_leaves_no_trace,
    a_unit_of_work_abandoned_at_any_moment_leaves_the_database_usable,
    a_refused_statement_leaves_the_next_unit_of_work_untouched,
    many_writers_queue_instead_of_failing,
    writers_of_two_processes_wait_for_each_other,
    reading_does_not_wait_for_a_writer,
    a_database_answers_a_ping_until_it_is_closed,
);

async fn exists(database: &Database, number: u32) -> bool {
    database.account(account(number).id).await.unwrap().is_some()
}

async fn a_unit_of_work_is_seen_by_itself_at_once_and_by_others_once_committed(database: TestDatabase) {
    let mut unit = begin(&database).await;
    unit.insert_accounts(&[account(1)]).await.unwrap();
    assert!(
        unit.account_by_identifier(&paca(), "person1")
            .await
            .unwrap()
            .is_some()
    );
    assert!(!exists(&database, 1).await);
    unit.commit().await.unwrap();
    assert!(exists(&database, 1).await);
}

async fn a_unit_of_work_given_up_leaves_no_trace(database: TestDatabase) {
    let mut unit = begin(&database).await;
    unit.insert_accounts(&[account(1)]).await.unwrap();
    drop(unit);
    with_accounts(&database, &[account(2)]).await;
    assert!(!exists(&database, 1).await);
    assert!(exists(&database, 2).await);
}

/// What a request does whose browser goes away: its future is dropped between two polls.
async fn a_unit_of_work_abandoned_at_any_moment_leaves_the_database_usable(database: TestDatabase) {
    let mut polls = 0;
    loop {
        polls += 1;
        let work = async {
            let mut unit = begin(&database).await;
            // Another one each time: a commit that was on its way when it was abandoned may still arrive.
            unit.insert_accounts(&[account(polls)]).await.unwrap();
            unit.count_tries(&[ThrottleKey::account(&paca(), "jeanne")], start())
                .await
                .unwrap();
            unit.commit().await.unwrap();
        };
        if finishes_within(polls, work).await {
            break;
        }
        assert!(polls < 1_000, "the work never ends");
    }
    assert!(exists(&database, polls).await);
    with_accounts(&database, &[account(2_000)]).await;
    assert!(exists(&database, 2_000).await);
}

/// Polls `work` at most `polls` times, then drops it.
async fn finishes_within(polls: u32, work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| {
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn a_refused_statement_leaves_the_next_unit_of_work_untouched(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    let mut unit = begin(&database).await;
    unit.insert_accounts(&[account(1)]).await.unwrap_err();
    drop(unit);
    with_accounts(&database, &[account(2)]).await;
    assert!(exists(&database, 2).await);
}

async fn many_writers_queue_instead_of_failing(database: TestDatabase) {
    let mut writers = JoinSet::new();
    for number in 1..=200 {
        let database = database.database();
        writers.spawn(async move { with_accounts(&database, &[account(number)]).await });
    }
    writers.join_all().await;
    for number in 1..=200 {
        assert!(exists(&database, number).await, "{number}");
    }
}

/// The command line writes beside the server: to the same file or the same server, through connections of its own.
async fn writers_of_two_processes_wait_for_each_other(database: TestDatabase) {
    let second = Database::connect(&database.url(), Options::default())
        .await
        .unwrap();
    let second = std::sync::Arc::new(second);
    let mut writers = JoinSet::new();
    for number in 1..=100 {
        let database = if number % 2 == 0 {
            database.database()
        } else {
            std::sync::Arc::clone(&second)
        };
        writers.spawn(async move {
            let mut unit = begin(&database).await;
            let key = ThrottleKey::account(&paca(), "jeanne");
            unit.count_tries(&[key], start()).await.unwrap();
            unit.insert_accounts(&[account(number)]).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    writers.join_all().await;
    let key = ThrottleKey::account(&paca(), "jeanne");
    let counted = begin(&database).await.count_tries(&[key], after(1)).await;
    assert_eq!(counted.unwrap()[0].failures, 100);
    second.close().await;
}

async fn reading_does_not_wait_for_a_writer(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    let mut unit = begin(&database).await;
    unit.account_for_update(account(1).id).await.unwrap();
    assert!(unit.record_sign_in(&account(1), after(9)).await.unwrap());
    let read = database.account(account(1).id).await.unwrap().unwrap();
    assert_eq!(read.last_sign_in_at, None);
    unit.commit().await.unwrap();
    let read = database.account(account(1).id).await.unwrap().unwrap();
    assert_eq!(read.last_sign_in_at, Some(after(9)));
}

async fn a_database_answers_a_ping_until_it_is_closed(database: TestDatabase) {
    database.ping().await.unwrap();
    database.close().await;
    database.ping().await.unwrap_err();
    assert!(database.begin().await.is_err());
}
