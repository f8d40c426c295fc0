use jiff::SignedDuration;
use portique_domain::throttle::{Throttle, ThrottleKey};
use portique_storage::Database;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;

use crate::support::{after, begin, paca, start};

on_each_database!(
    a_throttle_that_nobody_touched_is_fresh,
    what_is_counted_is_kept,
    each_kind_and_each_key_counts_for_itself,
    a_cleared_throttle_is_fresh,
    what_stood_there_before_a_try_is_given_for_each_key_in_order,
    what_is_read_for_update_is_what_stands_there,
    fifty_changes_at_one_instant_are_fifty_changes,
    fifty_tries_at_one_instant_count_as_fifty,
    fifty_tries_of_one_account_from_many_addresses_never_wait_for_each_other,
    only_throttles_whose_day_is_over_are_swept,
);

fn account_key() -> ThrottleKey {
    ThrottleKey::account(&paca(), "jeanne")
}

fn address_key(last: u8) -> ThrottleKey {
    ThrottleKey::address(&paca(), [192, 0, 2, last].into())
}

/// What stands under a key; the count that reading it takes is rolled back.
async fn read(database: &Database, key: &ThrottleKey) -> Throttle {
    begin(database)
        .await
        .count_tries(std::slice::from_ref(key), after(7))
        .await
        .unwrap()
        .remove(0)
}

async fn save(database: &Database, throttle: &Throttle) {
    let mut unit = begin(database).await;
    unit.save_throttle(throttle).await.unwrap();
    unit.commit().await.unwrap();
}

async fn a_throttle_that_nobody_touched_is_fresh(database: TestDatabase) {
    let fresh = Throttle::fresh(account_key(), after(7));
    assert_eq!(read(&database, &account_key()).await, fresh);
}

async fn what_is_counted_is_kept(database: TestDatabase) {
    let mut throttle = Throttle {
        key: account_key(),
        failures: 6,
        since: start(),
        blocked_until: after(120),
    };
    save(&database, &throttle).await;
    assert_eq!(read(&database, &account_key()).await, throttle);
    throttle.failures = 7;
    throttle.blocked_until = after(240);
    save(&database, &throttle).await;
    assert_eq!(read(&database, &account_key()).await, throttle);
}

async fn each_kind_and_each_key_counts_for_itself(database: TestDatabase) {
    let keys = [account_key(), address_key(1), address_key(2)];
    for (failures, key) in (1..).zip(&keys) {
        let throttle = Throttle {
            failures,
            ..Throttle::fresh(key.clone(), start())
        };
        save(&database, &throttle).await;
    }
    for (failures, key) in (1..).zip(&keys) {
        assert_eq!(read(&database, key).await.failures, failures);
    }
}

async fn a_cleared_throttle_is_fresh(database: TestDatabase) {
    for key in [account_key(), address_key(1)] {
        let throttle = Throttle {
            failures: 3,
            ..Throttle::fresh(key, start())
        };
        save(&database, &throttle).await;
    }
    let mut unit = begin(&database).await;
    unit.clear_throttle(&account_key()).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(read(&database, &account_key()).await.failures, 0);
    assert_eq!(read(&database, &address_key(1)).await.failures, 3);
}

async fn what_stood_there_before_a_try_is_given_for_each_key_in_order(database: TestDatabase) {
    let known = Throttle {
        key: address_key(1),
        failures: 6,
        since: start(),
        blocked_until: after(120),
    };
    save(&database, &known).await;
    let keys = [address_key(1), account_key(), address_key(2)];
    let mut unit = begin(&database).await;
    let before = unit.count_tries(&keys, after(7)).await.unwrap();
    unit.commit().await.unwrap();
    let fresh = |key: &ThrottleKey| Throttle::fresh(key.clone(), after(7));
    assert_eq!(before, [known, fresh(&keys[1]), fresh(&keys[2])]);
    for throttle in before {
        assert_eq!(read(&database, &throttle.key).await, throttle.with_one_more());
    }
}

async fn what_is_read_for_update_is_what_stands_there(database: TestDatabase) {
    let throttle = Throttle {
        key: address_key(1),
        failures: 2,
        since: start(),
        blocked_until: after(120),
    };
    save(&database, &throttle).await;
    let mut unit = begin(&database).await;
    let stands = unit.throttle_for_update(&address_key(1)).await.unwrap();
    assert_eq!(stands, Some(throttle));
    assert_eq!(unit.throttle_for_update(&address_key(2)).await.unwrap(), None);
    assert_eq!(unit.throttle_for_update(&account_key()).await.unwrap(), None);
}

async fn fifty_changes_at_one_instant_are_fifty_changes(database: TestDatabase) {
    let throttle = Throttle {
        failures: 60,
        ..Throttle::fresh(address_key(1), start())
    };
    save(&database, &throttle).await;
    let mut changes = JoinSet::new();
    for _ in 0..50 {
        let database = database.database();
        changes.spawn(async move {
            let mut unit = begin(&database).await;
            let mut throttle = unit.throttle_for_update(&address_key(1)).await.unwrap().unwrap();
            throttle.failures -= 1;
            unit.save_throttle(&throttle).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    changes.join_all().await;
    assert_eq!(read(&database, &address_key(1)).await.failures, 10);
}

async fn fifty_tries_at_one_instant_count_as_fifty(database: TestDatabase) {
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        let database = database.database();
        tries.spawn(async move {
            let mut unit = begin(&database).await;
            unit.count_tries(&[address_key(1)], start()).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    tries.join_all().await;
    assert_eq!(read(&database, &address_key(1)).await.failures, 50);
}

async fn fifty_tries_of_one_account_from_many_addresses_never_wait_for_each_other(database: TestDatabase) {
    let mut tries = JoinSet::new();
    for number in 0..50_u8 {
        let database = database.database();
        tries.spawn(async move {
            let keys = [account_key(), address_key(number % 5)];
            let mut unit = begin(&database).await;
            unit.count_tries(&keys, start()).await.unwrap();
            // What a right password does, and the sweep, in between.
            if number % 10 == 0 {
                unit.clear_throttle(&keys[0]).await.unwrap();
                let address = unit.throttle_for_update(&keys[1]).await.unwrap().unwrap();
                unit.save_throttle(&address).await.unwrap();
            }
            unit.commit().await.unwrap();
            let mut unit = begin(&database).await;
            unit.sweep(after(86_500)).await.unwrap();
        });
    }
    tries.join_all().await;
}

async fn only_throttles_whose_day_is_over_are_swept(database: TestDatabase) {
    let (old, recent) = (account_key(), address_key(1));
    for (key, since) in [(&old, start()), (&recent, after(1))] {
        let throttle = Throttle {
            failures: 3,
            ..Throttle::fresh(key.clone(), since)
        };
        save(&database, &throttle).await;
    }
    let mut unit = begin(&database).await;
    unit.sweep(start() + SignedDuration::from_hours(24))
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert_eq!(read(&database, &old).await.failures, 0);
    assert_eq!(read(&database, &recent).await.failures, 3);
}
