use portique_domain::passkey::{PasskeyChallenge, Purpose};
use portique_domain::session::TokenHash;
use portique_domain::store::Store;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use tokio::task::JoinSet;

use crate::support::{after, begin};

on_each_database!(
    a_challenge_is_read_back_as_it_was_written,
    of_fifty_answers_to_one_challenge_at_one_instant_one_gets_it,
    challenges_whose_time_is_over_are_swept,
);

fn challenge(number: u8, holder: Option<TokenHash>) -> PasskeyChallenge {
    PasskeyChallenge {
        key: [number; 32],
        purpose: Purpose::SecondStep,
        holder,
        state: vec![1, 2, 3, number],
        expires_at: after(300),
    }
}

async fn given_out(database: &TestDatabase, challenge: &PasskeyChallenge) {
    let mut unit = begin(database).await;
    unit.insert_passkey_challenge(challenge).await.unwrap();
    unit.commit().await.unwrap();
}

async fn a_challenge_is_read_back_as_it_was_written(database: TestDatabase) {
    for challenge in [challenge(1, None), challenge(2, Some(TokenHash([9; 32])))] {
        given_out(&database, &challenge).await;
        let mut unit = begin(&database).await;
        let taken = unit.take_passkey_challenge(challenge.key).await.unwrap();
        assert_eq!(taken.as_ref(), Some(&challenge));
        assert_eq!(unit.take_passkey_challenge(challenge.key).await.unwrap(), None);
        unit.commit().await.unwrap();
    }
}

async fn of_fifty_answers_to_one_challenge_at_one_instant_one_gets_it(database: TestDatabase) {
    given_out(&database, &challenge(1, None)).await;
    let mut answers = JoinSet::new();
    for _ in 0..50 {
        let database = database.database();
        answers.spawn(async move {
            let mut unit = database.begin().await.unwrap();
            let taken = unit.take_passkey_challenge([1; 32]).await.unwrap();
            unit.commit().await.unwrap();
            taken.is_some()
        });
    }
    let got = answers.join_all().await.into_iter().filter(|got| *got).count();
    assert_eq!(got, 1);
}

async fn challenges_whose_time_is_over_are_swept(database: TestDatabase) {
    given_out(&database, &challenge(1, None)).await;
    for (seconds, stands) in [(299, true), (301, false)] {
        let mut unit = begin(&database).await;
        unit.sweep(after(seconds)).await.unwrap();
        unit.commit().await.unwrap();
        // Dropped, the transaction takes nothing.
        let mut unit = begin(&database).await;
        let taken = unit.take_passkey_challenge([1; 32]).await.unwrap();
        assert_eq!(taken.is_some(), stands, "{seconds}");
    }
}
