use std::collections::BTreeSet;

use portique_domain::outbox::{Channel, DeliveryState, QueuedMessage, SIGN_IN_CODE};
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{account, after, begin, paca, start, with_accounts};

on_each_database!(
    a_message_is_read_back_as_it_was_written,
    messages_are_listed_by_state_the_oldest_first,
    messages_are_read_page_by_page_in_the_order_of_their_ids,
    a_message_is_taken_when_it_is_due_and_held_until_the_hold_ends,
    taking_counts_the_try_and_takes_the_longest_due_first,
    a_code_that_somebody_waits_for_is_taken_before_what_was_due_for_long,
    two_workers_never_take_the_same_message,
    a_try_is_settled_by_the_worker_that_holds_the_message_only,
    dead_messages_are_revived_one_or_all_and_others_left_alone,
    only_messages_sent_long_ago_are_swept,
    a_message_gives_way_to_a_newer_one_of_its_kind_and_account_unless_that_one_is_dead,
    thousands_of_messages_are_written_at_once,
);

fn message(number: u32) -> QueuedMessage {
    QueuedMessage {
        id: Uuid::from_u128(number.into()),
        portal: paca(),
        account: Some(account(1).id),
        channel: Channel::Mail,
        kind: "invitation".into(),
        sealed: vec![0, 1, 254, 255],
        created_at: after(number.into()),
        state: DeliveryState::Queued,
        attempts: 0,
        due_at: start(),
        last_error: None,
        reported: None,
    }
}

async fn with_messages(database: &TestDatabase, messages: &[QueuedMessage]) {
    with_accounts(database, &[account(1)]).await;
    let mut unit = begin(database).await;
    unit.enqueue(messages).await.unwrap();
    unit.commit().await.unwrap();
}

async fn take(database: &TestDatabase, at: i64, hold_until: i64, limit: u64) -> Vec<QueuedMessage> {
    let mut unit = begin(database).await;
    let taken = unit
        .take_due_messages(Channel::Mail, after(at), after(hold_until), limit)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    taken
}

fn ids(messages: &[QueuedMessage]) -> Vec<u128> {
    messages.iter().map(|message| message.id.as_u128()).collect()
}

async fn a_message_is_read_back_as_it_was_written(database: TestDatabase) {
    let failed = QueuedMessage {
        state: DeliveryState::Dead,
        attempts: 16,
        last_error: Some("550 no such mailbox".into()),
        due_at: after(99),
        ..message(2)
    };
    with_messages(&database, &[message(1), failed.clone()]).await;
    assert_eq!(database.messages(None, 10).await.unwrap(), [message(1), failed]);
}

async fn messages_are_listed_by_state_the_oldest_first(database: TestDatabase) {
    let in_state = |number, state| QueuedMessage {
        state,
        ..message(number)
    };
    let messages = [
        in_state(3, DeliveryState::Queued),
        in_state(1, DeliveryState::Queued),
        in_state(2, DeliveryState::Sent),
        in_state(4, DeliveryState::Dead),
    ];
    with_messages(&database, &messages).await;
    let list = async |state, limit| ids(&database.messages(state, limit).await.unwrap());
    assert_eq!(list(None, 10).await, [1, 2, 3, 4]);
    assert_eq!(list(None, 2).await, [1, 2]);
    assert_eq!(list(Some(DeliveryState::Queued), 10).await, [1, 3]);
    assert_eq!(list(Some(DeliveryState::Sent), 10).await, [2]);
    assert_eq!(list(Some(DeliveryState::Dead), 10).await, [4]);
}

async fn messages_are_read_page_by_page_in_the_order_of_their_ids(database: TestDatabase) {
    let far = u32::MAX;
    let messages = [message(far), message(2), message(0x8000_0000), message(3)];
    with_messages(&database, &messages).await;
    let mut read = Vec::new();
    let mut last = Uuid::nil();
    loop {
        let page = database.messages_after(last, 3).await.unwrap();
        let Some(end) = page.last() else { break };
        last = end.id;
        read.push(ids(&page));
    }
    assert_eq!(read, [vec![2, 3, 0x8000_0000], vec![far.into()]]);
}

async fn a_message_is_taken_when_it_is_due_and_held_until_the_hold_ends(database: TestDatabase) {
    with_messages(&database, &[message(1)]).await;
    assert!(take(&database, -1, 300, 10).await.is_empty());
    assert_eq!(take(&database, 0, 300, 10).await.len(), 1);
    assert!(take(&database, 299, 600, 10).await.is_empty());
    let again = take(&database, 300, 600, 10).await;
    assert_eq!(again[0].attempts, 2);
}

async fn taking_counts_the_try_and_takes_the_longest_due_first(database: TestDatabase) {
    let due = |number, at| QueuedMessage {
        due_at: after(at),
        ..message(number)
    };
    with_messages(&database, &[due(1, 30), due(2, 10), due(3, 20), due(4, 50)]).await;
    let taken = take(&database, 40, 300, 2).await;
    assert_eq!(ids(&taken), [2, 3]);
    let held = QueuedMessage {
        attempts: 1,
        due_at: after(300),
        ..message(2)
    };
    assert_eq!(taken[0], held);
    assert_eq!(database.messages(None, 10).await.unwrap()[1], held);
    assert_eq!(ids(&take(&database, 40, 300, 10).await), [1]);
}

async fn a_code_that_somebody_waits_for_is_taken_before_what_was_due_for_long(database: TestDatabase) {
    let code = QueuedMessage {
        kind: SIGN_IN_CODE.into(),
        due_at: after(50),
        ..message(9)
    };
    with_messages(&database, &[message(1), message(2), code]).await;
    assert_eq!(ids(&take(&database, 49, 300, 1).await), [1], "it is not due yet");
    assert_eq!(ids(&take(&database, 50, 300, 2).await), [9, 2]);
}

async fn two_workers_never_take_the_same_message(database: TestDatabase) {
    let messages: Vec<QueuedMessage> = (1..=200).map(message).collect();
    with_messages(&database, &messages).await;
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let database = database.database();
        workers.spawn(async move {
            let mut mine = Vec::new();
            // A worker may find all rows in others' hands and try again; it may not find them all gone and others left.
            while !database
                .messages(None, 200)
                .await
                .unwrap()
                .iter()
                .all(|message| message.attempts > 0)
            {
                let mut unit = begin(&database).await;
                let taken = unit
                    .take_due_messages(Channel::Mail, start(), after(300), 7)
                    .await
                    .unwrap();
                unit.commit().await.unwrap();
                assert!(taken.len() <= 7);
                mine.extend(ids(&taken));
            }
            mine
        });
    }
    let all: Vec<u128> = workers.join_all().await.concat();
    assert_eq!(all.len(), 200);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 200);
}

async fn a_try_is_settled_by_the_worker_that_holds_the_message_only(database: TestDatabase) {
    with_messages(&database, &[message(1), message(2)]).await;
    take(&database, 0, 300, 1).await;
    // The first worker was too slow: a second one holds it.
    take(&database, 300, 600, 1).await;
    take(&database, 300, 600, 1).await;
    let mut unit = begin(&database).await;
    let late = unit
        .settle_message(message(1).id, 1, DeliveryState::Sent, after(301), None)
        .await;
    let held = unit
        .settle_message(
            message(1).id,
            2,
            DeliveryState::Queued,
            after(900),
            Some("451 busy"),
        )
        .await;
    let unknown = unit
        .settle_message(message(9).id, 1, DeliveryState::Sent, after(301), None)
        .await;
    assert_eq!(
        (late.unwrap(), held.unwrap(), unknown.unwrap()),
        (false, true, false)
    );
    unit.commit().await.unwrap();
    let stored = &database.messages(None, 10).await.unwrap()[0];
    let expected = QueuedMessage {
        attempts: 2,
        due_at: after(900),
        last_error: Some("451 busy".into()),
        ..message(1)
    };
    assert_eq!(*stored, expected);

    let mut unit = begin(&database).await;
    unit.take_due_messages(Channel::Mail, after(900), after(1_200), 2)
        .await
        .unwrap();
    let sent = unit
        .settle_message(message(1).id, 3, DeliveryState::Sent, after(900), None)
        .await;
    assert!(sent.unwrap());
    unit.commit().await.unwrap();
    let sent = database.messages(Some(DeliveryState::Sent), 10).await.unwrap();
    assert_eq!((ids(&sent), sent[0].last_error.clone()), (vec![1], None));
}

async fn dead_messages_are_revived_one_or_all_and_others_left_alone(database: TestDatabase) {
    let dead = |number| QueuedMessage {
        state: DeliveryState::Dead,
        attempts: 16,
        last_error: Some("no answer".into()),
        ..message(number)
    };
    let sent = QueuedMessage {
        state: DeliveryState::Sent,
        ..message(4)
    };
    with_messages(&database, &[dead(1), dead(2), dead(3), sent.clone()]).await;
    let revive = async |id: Option<Uuid>| {
        let mut unit = begin(&database).await;
        let revived = unit.revive_messages(id, after(500)).await.unwrap();
        unit.commit().await.unwrap();
        revived
    };
    assert_eq!(revive(Some(sent.id)).await, 0);
    assert_eq!(revive(Some(message(2).id)).await, 1);
    assert_eq!(
        ids(&database.messages(Some(DeliveryState::Queued), 9).await.unwrap()),
        [2]
    );
    assert_eq!(revive(None).await, 2);
    let revived = take(&database, 500, 800, 10).await;
    assert_eq!(ids(&revived), [1, 2, 3]);
    assert!(revived.iter().all(|message| message.attempts == 1));
}

async fn only_messages_sent_long_ago_are_swept(database: TestDatabase) {
    with_messages(&database, &[message(1), message(2), message(3)]).await;
    take(&database, 300, 600, 2).await;
    let kept = portique_domain::outbox::KEPT.as_secs();
    let mut unit = begin(&database).await;
    for (number, state) in [(1, DeliveryState::Sent), (2, DeliveryState::Dead)] {
        let id = message(number).id;
        assert!(unit.settle_message(id, 1, state, after(301), None).await.unwrap());
    }
    unit.sweep(after(300 + kept)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(ids(&database.messages(None, 10).await.unwrap()), [1, 2, 3]);
    let mut unit = begin(&database).await;
    unit.sweep(after(301 + kept)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(ids(&database.messages(None, 10).await.unwrap()), [2, 3]);
}

async fn thousands_of_messages_are_written_at_once(database: TestDatabase) {
    let messages: Vec<QueuedMessage> = (1..=7_000).map(message).collect();
    with_messages(&database, &messages).await;
    assert_eq!(database.messages(None, 10_000).await.unwrap(), messages);
    let mut unit = begin(&database).await;
    unit.enqueue(&[]).await.unwrap();
}

async fn a_message_gives_way_to_a_newer_one_of_its_kind_and_account_unless_that_one_is_dead(
    database: TestDatabase,
) {
    let of_another_kind = QueuedMessage {
        kind: "password_changed".into(),
        ..message(3)
    };
    let of_another_account = QueuedMessage {
        account: Some(account(2).id),
        ..message(4)
    };
    let of_the_same_instant = QueuedMessage {
        created_at: after(2),
        ..message(5)
    };
    let dead = QueuedMessage {
        state: DeliveryState::Dead,
        ..message(6)
    };
    let messages = [
        message(1),
        message(2),
        of_another_kind,
        of_another_account,
        of_the_same_instant,
        dead,
    ];
    with_accounts(&database, &[account(1), account(2)]).await;
    let mut unit = begin(&database).await;
    unit.enqueue(&messages).await.unwrap();
    let mut superseded = Vec::new();
    for message in &messages {
        superseded.push(unit.is_superseded(message).await.unwrap());
    }
    assert_eq!(superseded, [true, true, false, false, false, false]);
}
