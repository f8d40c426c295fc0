use portique_domain::application::{AccountRequest, DECIDED_KEPT, RequestState};
use portique_domain::recovery::Application;
use portique_domain::reference::Reference;
use portique_domain::store::Store;
use portique_shared::Language;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use uuid::Uuid;

use crate::support::{after, begin, paca, start};

on_each_database!(a_decided_request_is_swept_a_month_after_its_decision_and_one_that_waits_never);

fn request(number: u8, state: RequestState, decided_at: Option<i64>) -> AccountRequest {
    AccountRequest {
        id: Uuid::from_u128(number.into()),
        portal: paca(),
        reference: Reference::parse(&format!("K7QM2XP{number}")).unwrap(),
        application: Application {
            given_name: "Léa".to_owned(),
            family_name: "Martin".to_owned(),
            profession: "Infirmier".to_owned(),
            national_id: None,
            email: format!("lea{number}@cabinet.example").parse().unwrap(),
        },
        language: Language::Fr,
        state,
        created_at: start(),
        decided_at: decided_at.map(after),
    }
}

async fn a_decided_request_is_swept_a_month_after_its_decision_and_one_that_waits_never(
    database: TestDatabase,
) {
    let kept = DECIDED_KEPT.as_secs();
    let accepted = request(1, RequestState::Accepted, Some(100));
    let refused = request(2, RequestState::Refused, Some(101));
    let waiting = request(3, RequestState::Waiting, None);
    let mut unit = begin(&database).await;
    for request in [&accepted, &refused, &waiting] {
        unit.insert_account_request(request).await.unwrap();
    }
    unit.sweep(after(99 + kept)).await.unwrap();
    unit.commit().await.unwrap();
    let left = async || database.account_requests(None, None, 9).await.unwrap();
    assert!(left().await == [accepted, refused.clone(), waiting.clone()]);
    for (seconds, expected) in [(100, vec![refused, waiting.clone()]), (1_000_000, vec![waiting])] {
        let mut unit = begin(&database).await;
        unit.sweep(after(seconds + kept)).await.unwrap();
        unit.commit().await.unwrap();
        assert!(left().await == expected, "at {seconds}");
    }
}
