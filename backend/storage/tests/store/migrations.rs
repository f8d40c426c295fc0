use std::sync::Arc;

use portique_domain::browser::Browser;
use portique_domain::store::Store;
use portique_storage::testing::TestDatabase;
use portique_storage::{Database, MigrateError, Options, on_each_database};
use tokio::task::JoinSet;

use crate::cards::{card, number};
use crate::sessions::session;
use crate::support::{account, begin, with_accounts};

on_each_database!(
    migrating_again_changes_nothing,
    servers_that_start_at_once_migrate_once,
    a_database_of_a_later_version_is_refused,
    migrating_forgets_nothing_that_a_failure_left_half_done,
    messages_that_wait_are_kept_when_their_table_is_made_anew,
    sessions_that_live_are_given_a_name_and_go_on_living,
    accounts_and_sessions_of_the_version_before_cards_go_on_as_they_were,
);

async fn migrating_again_changes_nothing(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    database.migrate().await.unwrap();
    assert!(database.account(account(1).id).await.unwrap().is_some());
}

/// Takes the schema away, as if the database had just been made.
async fn empty(database: &TestDatabase) {
    for table in [
        "passkey_challenges",
        "card_ceremonies",
        "account_cards",
        "authenticators",
        "contact_changes",
        "recovery_codes",
        "pending_sign_ins",
        "remembered_browsers",
        "sessions",
        "outbox",
        "asked",
        "links",
        "captchas",
        "account_requests",
        "throttles",
        "accounts",
        "audit_entries",
        "audit_head",
        "migrations",
    ] {
        database
            .run_by_hand(&format!("DROP TABLE {table}"))
            .await
            .unwrap();
    }
    if database.url().starts_with("postgres") {
        database
            .run_by_hand("DROP FUNCTION refuse_audit_change")
            .await
            .unwrap();
    }
}

async fn servers_that_start_at_once_migrate_once(database: TestDatabase) {
    empty(&database).await;
    let mut servers = JoinSet::new();
    for _ in 0..5 {
        let url = database.url();
        servers.spawn(async move {
            let options = Options {
                connections: 2,
                ..Options::default()
            };
            let database = Database::connect(&url, options).await.unwrap();
            database.migrate().await.unwrap();
            database.close().await;
        });
    }
    servers.join_all().await;
    with_accounts(&database, &[account(1)]).await;
    assert!(database.audit_entries(0, 1).await.unwrap().is_empty());
}

async fn a_database_of_a_later_version_is_refused(database: TestDatabase) {
    database
        .run_by_hand("INSERT INTO migrations (name) VALUES ('9998_late'), ('9999_later')")
        .await
        .unwrap();
    let refused = database.migrate().await.unwrap_err();
    let told = refused.to_string();
    let MigrateError::Newer { step, newest, .. } = refused else {
        panic!("{told}")
    };
    assert_eq!(step, "9999_later");
    // One of this program's own.
    let forget = format!("DELETE FROM migrations WHERE name = '{newest}'");
    assert_eq!(database.run_by_hand(&forget).await.unwrap(), 1);
    assert!(told.contains("at the step 9999_later"), "{told}");
    let own = format!("{}, ends at {newest}", env!("CARGO_PKG_VERSION"));
    assert!(told.contains(&own), "{told}");
}

async fn migrating_forgets_nothing_that_a_failure_left_half_done(database: TestDatabase) {
    empty(&database).await;
    // In the way of the step's last table: what was made before it must go again.
    database
        .run_by_hand("CREATE TABLE audit_head (id integer)")
        .await
        .unwrap();
    let failed = database.migrate().await.unwrap_err();
    assert!(failed.to_string().contains("0001_first_journey"), "{failed}");
    database.run_by_hand("DROP TABLE audit_head").await.unwrap();
    database.migrate().await.unwrap();
    let database: Arc<Database> = database.database();
    database.ping().await.unwrap();
}

async fn messages_that_wait_are_kept_when_their_table_is_made_anew(database: TestDatabase) {
    with_accounts(&database, &[account(1), account(2)]).await;
    for undo in [
        "DROP TABLE asked",
        "DROP TABLE links",
        "DROP TABLE captchas",
        "DROP TABLE account_requests",
        "ALTER TABLE sessions DROP COLUMN provisional_hash",
    ] {
        database.run_by_hand(undo).await.unwrap();
    }
    let forget = "DELETE FROM migrations WHERE name = '0002_locked_out'";
    database.run_by_hand(forget).await.unwrap();
    let binary = if database.url().starts_with("postgres") {
        "bytea"
    } else {
        "blob"
    };
    let queue = format!(
        "INSERT INTO outbox (id, portal, account_id, channel, kind, sealed, created_at, state, attempts, due_at) \
         SELECT id, portal, id, 'email', 'invitation', CAST('sealed' AS {binary}), 1, 'queued', 0, 2 FROM accounts"
    );
    assert_eq!(database.run_by_hand(&queue).await.unwrap(), 2);
    database.migrate().await.unwrap();
    let all = "UPDATE outbox SET due_at = 3 WHERE state = 'queued' AND due_at = 2 AND account_id = id";
    assert_eq!(database.run_by_hand(all).await.unwrap(), 2);
}

async fn sessions_that_live_are_given_a_name_and_go_on_living(database: TestDatabase) {
    with_accounts(&database, &[account(1)]).await;
    for undo in [
        "DROP TABLE remembered_browsers",
        "DROP INDEX sessions_id",
        "ALTER TABLE sessions DROP COLUMN id",
        "ALTER TABLE sessions DROP COLUMN browser",
        "ALTER TABLE sessions DROP COLUMN system",
        "ALTER TABLE sessions DROP COLUMN started_from",
        "ALTER TABLE sessions DROP COLUMN last_used_at",
        "ALTER TABLE sessions DROP COLUMN last_used_from",
        "DELETE FROM migrations WHERE name = '0005_sessions'",
    ] {
        database.run_by_hand(undo).await.unwrap();
    }
    for token in [1, 2] {
        let bytes = format!("{token:02x}").repeat(32);
        let literal = if database.url().starts_with("postgres") {
            format!("decode('{bytes}', 'hex')")
        } else {
            format!("X'{bytes}'")
        };
        let older = format!(
            "INSERT INTO sessions (token_hash, account_id, portal, scope, created_at, idle_expires_at, absolute_expires_at) \
             SELECT {literal}, id, portal, 'full', 1000, 2000, 3000 FROM accounts"
        );
        assert_eq!(database.run_by_hand(&older).await.unwrap(), 1);
    }
    database.migrate().await.unwrap();
    let kept = database.sessions_of(account(1).id).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_ne!(kept[0].id, kept[1].id);
    for session in kept {
        let found = database.session(&session.portal, session.token).await.unwrap();
        let found = found.expect("it opens what it opened").session;
        assert_eq!(found, session);
        assert_eq!(session.last_used, session.started);
        assert_eq!(
            (session.started.from, session.browser),
            (None, Browser::default())
        );
    }
}

/// Undoes the step that brought cards.
pub async fn as_before_cards(database: &TestDatabase) {
    for undo in [
        "DROP TABLE card_ceremonies",
        "DROP TABLE account_cards",
        "ALTER TABLE audit_entries DROP COLUMN authenticator",
        "DELETE FROM migrations WHERE name = '0009_cards'",
    ] {
        database.run_by_hand(undo).await.unwrap();
    }
}

async fn accounts_and_sessions_of_the_version_before_cards_go_on_as_they_were(database: TestDatabase) {
    as_before_cards(&database).await;
    let mut numbered = account(2);
    numbered.record.national_id = Some(number());
    with_accounts(&database, &[account(1), numbered.clone()]).await;
    let mut unit = begin(&database).await;
    for session in [session(1, 1), session(2, 2)] {
        unit.insert_session(&session).await.unwrap();
    }
    unit.commit().await.unwrap();
    database.migrate().await.unwrap();
    for (account, session) in [(account(1), session(1, 1)), (numbered.clone(), session(2, 2))] {
        let found = database.session(&session.portal, session.token).await.unwrap();
        let found = found.expect("it opens what it opened");
        assert_eq!((found.account, found.session), (account, session));
    }
    // The number that an import wrote finds its account, and cards can be attached.
    let mut unit = begin(&database).await;
    let found = unit
        .accounts_by_number(&numbered.portal, &number())
        .await
        .unwrap();
    assert_eq!(found, [numbered]);
    let attached = card(1, &account(1));
    unit.insert_account_card(&attached).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(database.account_cards(account(1).id).await.unwrap(), [attached]);
}
