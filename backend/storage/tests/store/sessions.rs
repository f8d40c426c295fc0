use portique_domain::account::AccountId;
use portique_domain::browser::{Browser, BrowserFamily, System};
use portique_domain::session::{Session, SessionId, SessionOf, SessionScope, TokenHash, Use};
use portique_domain::store::{Store, StoreError};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use uuid::Uuid;

use crate::support::{account, after, aura, begin, paca, with_accounts};

on_each_database!(
    a_session_is_found_by_its_token_with_its_account,
    a_session_opens_no_other_portal,
    a_session_that_ended_is_found_until_it_is_swept,
    a_session_is_extended_and_one_that_is_gone_is_not,
    a_session_is_ended_once,
    all_sessions_of_an_account_end_and_no_other,
    a_session_that_outlives_its_absolute_end_is_refused,
    two_sessions_never_share_a_token_or_a_name,
    the_sessions_of_an_account_are_told_and_no_others,
    a_session_is_ended_by_its_name_by_its_own_account_while_it_lives,
    all_sessions_of_an_account_but_one_end_and_no_other,
);

pub fn token(number: u8) -> TokenHash {
    TokenHash([number; 32])
}

pub fn used(seconds: i64, from: Option<&str>) -> Use {
    Use {
        at: after(seconds),
        from: from.map(|address| address.parse().unwrap()),
    }
}

/// A session of the account `person<owner>`.
pub fn session(owner: u32, number: u8) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(number.into())),
        token: token(number),
        account: AccountId(Uuid::from_u128(owner.into())),
        portal: paca(),
        scope: SessionScope::Full,
        browser: Browser::default(),
        started: used(0, None),
        last_used: used(0, None),
        idle_expires_at: after(1_800),
        absolute_expires_at: after(14_400),
        previous_sign_in_at: None,
        provisional: None,
        proved_at: None,
    }
}

async fn with_sessions(database: &TestDatabase, sessions: &[Session]) {
    with_accounts(database, &[account(1), account(2)]).await;
    let mut unit = begin(database).await;
    for session in sessions {
        unit.insert_session(session).await.unwrap();
    }
    unit.commit().await.unwrap();
}

async fn find(database: &TestDatabase, number: u8) -> Option<SessionOf> {
    database.session(&paca(), token(number)).await.unwrap()
}

async fn a_session_is_found_by_its_token_with_its_account(database: TestDatabase) {
    let restricted = Session {
        scope: SessionScope::PasswordChange,
        browser: Browser {
            family: Some(BrowserFamily::SamsungInternet),
            system: Some(System::Android),
        },
        started: used(0, Some("203.0.113.7")),
        last_used: used(600, Some("2001:db8::7")),
        previous_sign_in_at: Some(after(-60)),
        provisional: account(2).password.hash().cloned(),
        ..session(2, 2)
    };
    with_sessions(&database, &[session(1, 1), restricted.clone()]).await;
    let first = SessionOf {
        session: session(1, 1),
        account: account(1),
    };
    let second = SessionOf {
        session: restricted,
        account: account(2),
    };
    assert_eq!(find(&database, 1).await, Some(first));
    assert_eq!(find(&database, 2).await, Some(second));
    assert_eq!(find(&database, 3).await, None);
}

async fn a_session_opens_no_other_portal(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1)]).await;
    assert_eq!(database.session(&aura(), token(1)).await.unwrap(), None);
}

async fn a_session_that_ended_is_found_until_it_is_swept(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1)]).await;
    let mut unit = begin(&database).await;
    unit.sweep(after(1_799)).await.unwrap();
    unit.commit().await.unwrap();
    assert!(find(&database, 1).await.is_some());
    let mut unit = begin(&database).await;
    unit.sweep(after(1_800)).await.unwrap();
    unit.commit().await.unwrap();
    assert!(find(&database, 1).await.is_none());
}

async fn a_session_is_extended_and_one_that_is_gone_is_not(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1), session(1, 2)]).await;
    let mut unit = begin(&database).await;
    let used = used(1_800, Some("2001:db8::7"));
    let longer = after(3_600);
    assert!(unit.extend_session(token(1), longer, used).await.unwrap());
    assert!(!unit.extend_session(token(9), longer, used).await.unwrap());
    unit.commit().await.unwrap();
    let extended = find(&database, 1).await.unwrap().session;
    assert_eq!(extended.idle_expires_at, after(3_600));
    assert_eq!(extended.absolute_expires_at, after(14_400));
    assert_eq!(
        (extended.started, extended.last_used),
        (session(1, 1).started, used)
    );
    assert_eq!(find(&database, 2).await.unwrap().session, session(1, 2));
}

async fn a_session_is_ended_once(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1), session(1, 2)]).await;
    let mut unit = begin(&database).await;
    assert!(unit.delete_session(token(1)).await.unwrap());
    assert!(!unit.delete_session(token(1)).await.unwrap());
    unit.commit().await.unwrap();
    assert!(find(&database, 1).await.is_none());
    assert!(find(&database, 2).await.is_some());
}

async fn all_sessions_of_an_account_end_and_no_other(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1), session(1, 2), session(2, 3)]).await;
    let mut unit = begin(&database).await;
    assert_eq!(unit.delete_sessions_of(account(1).id).await.unwrap(), 2);
    assert_eq!(unit.delete_sessions_of(account(1).id).await.unwrap(), 0);
    unit.commit().await.unwrap();
    assert!(find(&database, 1).await.is_none());
    assert!(find(&database, 3).await.is_some());
}

async fn a_session_that_outlives_its_absolute_end_is_refused(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1)]).await;
    let mut unit = begin(&database).await;
    let refused = unit.extend_session(token(1), after(14_401), used(0, None)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

async fn two_sessions_never_share_a_token_or_a_name(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1)]).await;
    let same_name = Session {
        id: session(1, 1).id,
        ..session(2, 2)
    };
    for double in [session(2, 1), same_name] {
        let mut unit = begin(&database).await;
        let refused = unit.insert_session(&double).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    }
}

async fn the_sessions_of_an_account_are_told_and_no_others(database: TestDatabase) {
    let told = [session(1, 1), session(1, 2)];
    with_sessions(&database, &[told[0].clone(), told[1].clone(), session(2, 3)]).await;
    let mut sessions = database.sessions_of(account(1).id).await.unwrap();
    sessions.sort_by_key(|session| session.token.0);
    assert_eq!(sessions, told);
}

async fn a_session_is_ended_by_its_name_by_its_own_account_while_it_lives(database: TestDatabase) {
    with_sessions(&database, &[session(1, 1), session(1, 2)]).await;
    let (mine, id) = (account(1).id, session(1, 1).id);
    let mut unit = begin(&database).await;
    for (account, at) in [(account(2).id, 0), (mine, 1_800)] {
        assert!(!unit.delete_session_by_id(account, id, after(at)).await.unwrap());
    }
    assert!(unit.delete_session_by_id(mine, id, after(1_799)).await.unwrap());
    assert!(!unit.delete_session_by_id(mine, id, after(1_799)).await.unwrap());
    unit.commit().await.unwrap();
    assert!(find(&database, 1).await.is_none());
    assert!(find(&database, 2).await.is_some());
}

async fn all_sessions_of_an_account_but_one_end_and_no_other(database: TestDatabase) {
    with_sessions(
        &database,
        &[session(1, 1), session(1, 2), session(1, 3), session(2, 4)],
    )
    .await;
    let mut unit = begin(&database).await;
    let ended = unit.delete_other_sessions(account(1).id, token(2)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(ended, Some(2));
    let mut unit = begin(&database).await;
    let by_one_that_ended = unit.delete_other_sessions(account(1).id, token(1)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(by_one_that_ended, None);
    let mut left = Vec::new();
    for number in 1..=4 {
        if find(&database, number).await.is_some() {
            left.push(number);
        }
    }
    assert_eq!(left, [2, 4]);
}
