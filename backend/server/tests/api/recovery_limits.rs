use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::recovery::{mails, tokens};
use crate::support::{Answer, App, NEW_PASSWORD, eventually};

on_each_database!(
    one_subject_is_asked_for_six_times_a_day_whether_it_exists_or_not,
    one_mailbox_gets_four_links_and_four_reminders_a_day,
    a_strangers_reminders_do_not_keep_a_person_from_their_link,
    references_that_send_nothing_are_counted,
    asking_stops_no_session_and_locks_no_account,
    a_captcha_is_asked_for_before_anything_is_counted,
    who_used_a_link_is_kept_from_the_next_by_nothing_that_strangers_asked_for,
    a_colleagues_requests_at_a_shared_mailbox_leave_each_their_link,
    an_address_typed_for_the_identifier_has_a_share_that_a_used_link_gives_back,
);

async fn ask(app: &App, path: &str, subject: &str) -> Answer {
    app.browser("paca")
        .post(path, &json!({ "subject": subject }))
        .await
}

async fn one_subject_is_asked_for_six_times_a_day_whether_it_exists_or_not(database: TestDatabase) {
    let app = App::demo(database).await;
    for _ in 0..6 {
        for subject in ["praticien@demo.example", "personne@demo.example"] {
            assert_eq!(ask(&app, paths::RECOVERY_PASSWORD, subject).await.status, 202);
        }
    }
    let somebody = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    somebody.refused(429, ErrorCode::TooManyRequests);
    let nobody = ask(&app, paths::RECOVERY_PASSWORD, "personne@demo.example").await;
    assert_eq!(somebody.without_id(), nobody.without_id());
    let other = ask(&app, paths::RECOVERY_PASSWORD, "mobile@demo.example").await;
    assert_eq!(other.status, 202);
    app.wait_minutes(24 * 60);
    let tomorrow = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    assert_eq!(tomorrow.status, 202);
}

async fn one_mailbox_gets_four_links_and_four_reminders_a_day(database: TestDatabase) {
    let app = App::demo(database).await;
    for path in [paths::RECOVERY_PASSWORD, paths::RECOVERY_IDENTIFIER] {
        for _ in 0..6 {
            assert_eq!(ask(&app, path, "praticien@demo.example").await.status, 202);
        }
    }
    app.let_the_queue_work();
    let answered = eventually("twelve lookups", async || {
        let results = app.results_of("help_answered").await;
        (results.len() == 12).then_some(results)
    })
    .await;
    let over = answered.iter().filter(|result| *result == "over_quota").count();
    assert_eq!(over, 4, "{answered:?}");
    assert_eq!(mails(&app, "praticien@demo.example", 8).await.len(), 8);
}

async fn a_strangers_reminders_do_not_keep_a_person_from_their_link(database: TestDatabase) {
    let app = App::demo(database).await;
    for _ in 0..6 {
        let answer = ask(&app, paths::RECOVERY_IDENTIFIER, "praticien@demo.example").await;
        assert_eq!(answer.status, 202);
    }
    let person = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    assert_eq!(person.status, 202);
    let mails = mails(&app, "praticien@demo.example", 5).await;
    let text = |mail: &Value| mail["text"].as_str().unwrap_or_default().to_owned();
    let links: usize = mails.iter().map(|mail| tokens(&text(mail)).len()).sum();
    assert_eq!(links, 1, "{mails:?}");
}

async fn references_that_send_nothing_are_counted(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let body = json!({ "reference": "ABCD-EFGH" });
    let answer = browser.post(paths::RECOVERY_RESEND, &body).await;
    answer.refused(409, ErrorCode::ReferenceSpent);
    let nearly = "UPDATE throttles SET failures = 59 WHERE kind = 'asked_address'";
    assert_eq!(app.database.run_by_hand(nearly).await.unwrap(), 1);
    let last = browser.post(paths::RECOVERY_RESEND, &body).await;
    last.refused(409, ErrorCode::ReferenceSpent);
    let over = browser.post(paths::RECOVERY_RESEND, &body).await;
    over.refused(429, ErrorCode::TooManyRequests);
    let results = app.results_of("help_asked").await;
    // What is beyond the limit fills no trail.
    assert_eq!(results, ["reference_spent", "reference_spent"]);
}

async fn asking_stops_no_session_and_locks_no_account(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    browser.sign_in("praticien", "Portique#2026").await.signed_in();
    for _ in 0..7 {
        ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    }
    mails(&app, "praticien@demo.example", 4).await;
    assert!(browser.is_signed_in().await);
    let fresh = app.browser("paca");
    fresh.sign_in("praticien", "Portique#2026").await.signed_in();
}

async fn a_captcha_is_asked_for_before_anything_is_counted(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    for _ in 0..8 {
        let body = json!({ "subject": "praticien" });
        let answer = browser.post(paths::RECOVERY_PASSWORD, &body).await;
        let problem = answer.refused(422, ErrorCode::ValidationFailed);
        assert_eq!(problem.fields[0].field, "captcha");
    }
    let body = json!({ "subject": "praticien", "captcha": browser.proof().await });
    assert_eq!(browser.post(paths::RECOVERY_PASSWORD, &body).await.status, 202);
}

async fn who_used_a_link_is_kept_from_the_next_by_nothing_that_strangers_asked_for(database: TestDatabase) {
    let app = App::demo(database).await;
    for _ in 0..6 {
        ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    }
    let mails = mails(&app, "praticien@demo.example", 4).await;
    let mut used = 0;
    // They were looked up in an order of their own: the link made last is the good one.
    for mail in &mails {
        let token = tokens(mail["text"].as_str().unwrap()).remove(0);
        let body = json!({ "token": token, "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
        let answer = app.browser("paca").put(paths::LINK_PASSWORD, &body).await;
        used += u32::from(answer.status == 204);
    }
    assert_eq!(used, 1);
    let again = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    assert_eq!(again.status, 202, "{}", again.text());
    // Four links, what confirms the reset, and one link more.
    crate::recovery::mails(&app, "praticien@demo.example", 6).await;
}

async fn a_colleagues_requests_at_a_shared_mailbox_leave_each_their_link(database: TestDatabase) {
    let app = App::demo(database).await;
    let shared =
        "UPDATE accounts SET email = 'secretariat@demo.example', folded_email = 'secretariat@demo.example'";
    app.database.run_by_hand(shared).await.unwrap();
    let browser = app.browser("aura");
    for identifier in [
        "praticien",
        "praticien",
        "praticien",
        "praticien",
        "praticien",
        "mobile",
    ] {
        let body = json!({ "subject": identifier, "captcha": browser.proof().await });
        assert_eq!(browser.post(paths::RECOVERY_PASSWORD, &body).await.status, 202);
    }
    let all = mails(&app, "secretariat@demo.example", 5).await;
    let for_the_other = |mail: &&Value| {
        mail["text"]
            .as_str()
            .is_some_and(|text| text.contains("    mobile\n"))
    };
    assert_eq!(all.iter().filter(for_the_other).count(), 1, "{all:?}");
}

async fn an_address_typed_for_the_identifier_has_a_share_that_a_used_link_gives_back(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let address = "praticien@demo.example";
    let typed_for_the_identifier = async || {
        let body = json!({ "subject": address, "captcha": browser.proof().await });
        assert_eq!(browser.post(paths::RECOVERY_PASSWORD, &body).await.status, 202);
    };
    for sent in 1..=4 {
        typed_for_the_identifier().await;
        mails(&app, address, sent).await;
    }
    let newest = mails(&app, address, 4).await.remove(3);
    let token = tokens(newest["text"].as_str().unwrap()).remove(0);
    let body = json!({ "token": token, "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
    assert_eq!(browser.put(paths::LINK_PASSWORD, &body).await.status, 204);
    typed_for_the_identifier().await;
    // Four links, what confirms the reset, and one link more.
    mails(&app, address, 6).await;
}
