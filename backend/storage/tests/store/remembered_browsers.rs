use portique_domain::account::AccountId;
use portique_domain::browser::{Browser, BrowserFamily};
use portique_domain::remembered_browser::{BrowserId, RememberedBrowser};
use portique_domain::store::{Store, StoreError};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use uuid::Uuid;

use crate::sessions::{session, token, used};
use crate::support::{account, after, aura, begin, paca, with_accounts};

on_each_database!(
    a_browser_is_found_by_its_token_on_its_portal,
    a_use_is_written_down_for_its_own_account_while_it_is_remembered,
    a_browser_is_forgotten_by_its_name_by_its_own_account,
    what_ends_an_accounts_sessions_forgets_its_browsers_and_no_others,
    a_browser_whose_time_is_over_is_swept,
    two_browsers_never_share_a_token,
);

/// A browser of the account `person<owner>`, remembered for an hour.
fn browser(owner: u32, number: u8) -> RememberedBrowser {
    RememberedBrowser {
        id: BrowserId(Uuid::from_u128(number.into())),
        token: token(number),
        account: AccountId(Uuid::from_u128(owner.into())),
        portal: paca(),
        browser: Browser {
            family: Some(BrowserFamily::Edge),
            system: None,
        },
        remembered: used(0, Some("203.0.113.7")),
        last_used: used(0, Some("203.0.113.7")),
        expires_at: after(3_600),
    }
}

async fn with_browsers(database: &TestDatabase, browsers: &[RememberedBrowser]) {
    with_accounts(database, &[account(1), account(2)]).await;
    let mut unit = begin(database).await;
    for browser in browsers {
        unit.insert_remembered_browser(browser).await.unwrap();
    }
    unit.commit().await.unwrap();
}

async fn find(database: &TestDatabase, number: u8) -> Option<RememberedBrowser> {
    database.remembered_browser(&paca(), token(number)).await.unwrap()
}

async fn a_browser_is_found_by_its_token_on_its_portal(database: TestDatabase) {
    with_browsers(&database, &[browser(1, 1), browser(2, 2)]).await;
    assert_eq!(find(&database, 1).await, Some(browser(1, 1)));
    assert_eq!(find(&database, 3).await, None);
    let elsewhere = database.remembered_browser(&aura(), token(1)).await.unwrap();
    assert_eq!(elsewhere, None);
    let own = database.remembered_browsers_of(account(2).id).await.unwrap();
    assert_eq!(own, [browser(2, 2)]);
}

async fn a_use_is_written_down_for_its_own_account_while_it_is_remembered(database: TestDatabase) {
    with_browsers(&database, &[browser(1, 1)]).await;
    let (mine, in_time) = (account(1).id, used(3_599, None));
    let mut unit = begin(&database).await;
    for (account, at) in [(account(2).id, in_time), (mine, used(3_600, None))] {
        assert!(!unit.note_browser_use(account, token(1), at).await.unwrap());
    }
    assert!(unit.note_browser_use(mine, token(1), in_time).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(find(&database, 1).await.unwrap().last_used, in_time);
}

async fn a_browser_is_forgotten_by_its_name_by_its_own_account(database: TestDatabase) {
    with_browsers(&database, &[browser(1, 1), browser(1, 2), browser(1, 3)]).await;
    let id = browser(1, 1).id;
    let mut unit = begin(&database).await;
    for (owner, at, gone) in [(2, 0, false), (1, 3_600, false), (1, 0, true), (1, 0, false)] {
        let forgotten = unit.forget_browser(account(owner).id, id, after(at)).await;
        assert_eq!(forgotten.unwrap(), gone, "{owner} at {at}");
    }
    unit.forget_held_browser(token(2)).await.unwrap();
    unit.commit().await.unwrap();
    let left = database.remembered_browsers_of(account(1).id).await.unwrap();
    assert_eq!(left, [browser(1, 3)]);
}

async fn what_ends_an_accounts_sessions_forgets_its_browsers_and_no_others(database: TestDatabase) {
    with_browsers(&database, &[browser(2, 9)]).await;
    for way in 0..3 {
        let mut unit = begin(&database).await;
        if way == 1 {
            unit.insert_session(&session(1, 1)).await.unwrap();
        }
        unit.insert_remembered_browser(&browser(1, 1)).await.unwrap();
        match way {
            0 => drop(unit.delete_sessions_of(account(1).id).await.unwrap()),
            1 => drop(unit.delete_other_sessions(account(1).id, token(1)).await.unwrap()),
            _ => unit.forget_browsers(account(1).id).await.unwrap(),
        }
        unit.commit().await.unwrap();
        assert_eq!(find(&database, 1).await, None, "{way}");
        assert!(find(&database, 9).await.is_some());
    }
}

async fn a_browser_whose_time_is_over_is_swept(database: TestDatabase) {
    with_browsers(&database, &[browser(1, 1)]).await;
    for (at, left) in [(3_599, true), (3_600, false)] {
        let mut unit = begin(&database).await;
        unit.sweep(after(at)).await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(find(&database, 1).await.is_some(), left);
    }
}

async fn two_browsers_never_share_a_token(database: TestDatabase) {
    with_browsers(&database, &[browser(1, 1)]).await;
    let mut unit = begin(&database).await;
    let refused = unit.insert_remembered_browser(&browser(2, 1)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
}
