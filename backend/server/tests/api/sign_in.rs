use jiff::SignedDuration;
use portique_domain::account::{AccountStatus, PasswordState};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::support::{App, PASSWORD};

on_each_database!(
    the_right_password_opens_the_portal,
    wrong_unknown_disabled_and_without_a_password_are_answered_alike,
    neither_case_nor_accents_nor_spaces_around_it_make_another_identifier,
    a_password_typed_with_another_keyboards_accents_is_the_same,
    a_password_differs_by_case_and_by_a_space,
    the_last_sign_in_is_the_one_before_this_one,
    empty_and_endless_fields_are_told_by_name,
    an_identifier_that_no_database_could_hold_is_just_wrong,
);

async fn the_right_password_opens_the_portal(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let session = browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_eq!(session.person.identifier, "jeanne.lefevre");
    assert_eq!(session.person.display_name, "Jeanne LEFÈVRE");
    assert!(!session.person.privileged);
    assert!(!session.password_change_required);
    assert_eq!(session.last_sign_in_at, None);
    assert_eq!(session.now, "2026-01-05T08:00:00Z");
    assert_eq!(session.idle_expires_at, "2026-01-05T08:30:00Z");
    assert_eq!(session.absolute_expires_at, "2026-01-05T12:00:00Z");
    assert_eq!(browser.get(paths::ACCOUNT).await.status, 200);
}

async fn wrong_unknown_disabled_and_without_a_password_are_answered_alike(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let mut disabled = app.draft("paca", "disabled").await;
    disabled.status = AccountStatus::Disabled;
    app.insert(&disabled).await;
    let mut invited = app.draft("paca", "invited").await;
    invited.password = PasswordState::None;
    app.insert(&invited).await;
    let mut late = app.draft("paca", "late").await;
    late.password = PasswordState::Provisional {
        hash: app.hash(PASSWORD).await,
        expires_at: app.now() - SignedDuration::from_hours(1),
    };
    app.insert(&late).await;
    app.create("aura", "elsewhere").await;

    let browser = app.browser("paca");
    let wrong = browser.sign_in("jeanne.lefevre", "Girafe#2026-verte").await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    for (identifier, password) in [
        ("nobody", PASSWORD),
        ("disabled", PASSWORD),
        ("invited", PASSWORD),
        ("late", "Girafe#2026-verte"),
        ("elsewhere", PASSWORD),
        ("invited", "a password that nobody has"),
        ("   ", PASSWORD),
    ] {
        let answer = browser.sign_in(identifier, password).await;
        assert_eq!(answer.without_id(), wrong.without_id(), "{identifier}");
    }
    assert_eq!(browser.cookie(), None);
    assert_eq!(
        app.results_of("sign_in").await,
        [
            "wrong_password",
            "unknown_identifier",
            "disabled",
            "no_password",
            "wrong_password",
            "unknown_identifier",
            "no_password",
            "unknown_identifier"
        ],
        "the trail says what the answers must not"
    );
}

async fn neither_case_nor_accents_nor_spaces_around_it_make_another_identifier(database: TestDatabase) {
    let app = App::start(database).await;
    app.create("paca", "Hélène.Lefèvre").await;
    for typed in [
        "hélène.lefèvre",
        "HELENE.LEFEVRE",
        "He\u{301}le\u{300}ne.Lefe\u{300}vre",
        "  helene.lefevre ",
    ] {
        let answer = app.browser("paca").sign_in(typed, PASSWORD).await;
        assert_eq!(answer.signed_in().person.identifier, "Hélène.Lefèvre", "{typed}");
    }
}

async fn a_password_typed_with_another_keyboards_accents_is_the_same(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", "jeanne").await;
    account.password = PasswordState::Definitive {
        hash: app.hash("Ete\u{301}-comme-hiver#1").await,
        changed_at: app.now(),
    };
    app.insert(&account).await;
    for typed in ["Et\u{e9}-comme-hiver#1", "Ete\u{301}-comme-hiver#1"] {
        app.browser("paca").sign_in("jeanne", typed).await.signed_in();
    }
}

async fn a_password_differs_by_case_and_by_a_space(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for typed in [
        PASSWORD.to_lowercase(),
        format!("{PASSWORD} "),
        format!(" {PASSWORD}"),
        PASSWORD[..PASSWORD.len() - 1].to_owned(),
    ] {
        let answer = browser.sign_in("jeanne.lefevre", &typed).await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
}

async fn the_last_sign_in_is_the_one_before_this_one(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    app.wait_minutes(60);
    let second = browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_eq!(second.last_sign_in_at.as_deref(), Some("2026-01-05T08:00:00Z"));
    let wrong = app.browser("paca").sign_in("jeanne.lefevre", "wrong").await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    app.wait_minutes(60);
    let third = browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_eq!(third.last_sign_in_at.as_deref(), Some("2026-01-05T09:00:00Z"));
}

async fn empty_and_endless_fields_are_told_by_name(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let (longest_name, longest_password) = ("i".repeat(512), "p".repeat(1024));
    let cases = [
        ("", PASSWORD, vec!["identifier"]),
        ("jeanne", "", vec!["password"]),
        ("", "", vec!["identifier", "password"]),
        (&*"i".repeat(513), PASSWORD, vec!["identifier"]),
        ("jeanne", &*"p".repeat(1025), vec!["password"]),
    ];
    for (identifier, password, wrong) in cases {
        let problem = browser
            .sign_in(identifier, password)
            .await
            .refused(422, ErrorCode::ValidationFailed);
        let fields: Vec<_> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, wrong);
        assert!(
            problem
                .fields
                .iter()
                .all(|field| field.reason == FieldReason::Length)
        );
    }
    let longest = browser.sign_in(&longest_name, &longest_password).await;
    longest.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(
        app.trail().await.len(),
        1,
        "what was no try is not counted as one"
    );
}

async fn an_identifier_that_no_database_could_hold_is_just_wrong(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for identifier in ["jea\u{0}nne", "\u{0}", "\u{1b}[2J", "\u{fffe}", "' OR 1=1 --"] {
        let body = json!({ "identifier": identifier, "password": PASSWORD });
        let answer = browser.post(paths::SESSION, &body).await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
}
