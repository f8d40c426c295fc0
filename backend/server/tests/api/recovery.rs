use portique_domain::portal::PortalName;
use portique_domain::store::Store;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::recovery::RequestTaken;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Browser, eventually};

on_each_database!(
    a_lost_password_brings_the_identifier_and_a_link_by_mail,
    a_person_with_two_accounts_gets_a_link_for_each_in_one_mail,
    a_lost_identifier_is_mailed,
    a_lost_invitation_is_sent_again_and_the_older_password_dies,
    whoever_chose_a_password_gets_their_identifier_instead_of_an_invitation,
    the_answer_is_the_same_for_nobody_somebody_and_the_disabled,
    normandie_shows_a_masked_address_to_anybody,
    what_a_portal_does_not_offer_is_not_found,
    an_address_that_is_none_is_told_beside_its_field,
    sent_again_by_its_reference_once_a_minute_has_passed,
    of_fifty_uses_of_one_reference_at_one_instant_one_is_taken,
    three_resends_end_a_request,
);

/// Mails kept by the demo, to one address, once there are so many.
pub async fn mails(app: &App, to: &str, count: usize) -> Vec<Value> {
    app.let_the_queue_work();
    eventually("the mails", async || {
        let all: Vec<Value> = app.browser("neutral").get("/demo/messages").await.ok();
        let mine: Vec<Value> = all.into_iter().filter(|mail| mail["to"] == to).collect();
        (mine.len() >= count).then_some(mine)
    })
    .await
}

/// The text of the newest mail to an address, the `count`th.
pub async fn mail(app: &App, to: &str, count: usize) -> String {
    let mails = mails(app, to, count).await;
    mails[count - 1]["text"].as_str().unwrap().to_owned()
}

/// The tokens of the links in a mail.
pub fn tokens(mail: &str) -> Vec<String> {
    mail.split('#')
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_hexdigit).collect())
        .collect()
}

pub async fn lost_password(browser: &Browser<'_>, subject: &str) -> RequestTaken {
    let answer = browser
        .post(paths::RECOVERY_PASSWORD, &json!({ "subject": subject }))
        .await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

fn spoken(reference: &str) -> String {
    format!("{}-{}", &reference[..4], &reference[4..])
}

async fn a_lost_password_brings_the_identifier_and_a_link_by_mail(database: TestDatabase) {
    let app = App::demo(database).await;
    let taken = lost_password(&app.browser("paca"), "Praticien@demo.example").await;
    assert_eq!(taken.masked_address, None);
    assert_eq!(taken.resend_after, Some(60));
    let mail = mail(&app, "praticien@demo.example", 1).await;
    assert!(mail.contains("    praticien\n"), "{mail}");
    assert!(mail.contains(&spoken(&taken.reference)), "{mail}");
    assert_eq!(tokens(&mail).len(), 1);
    assert_eq!(app.results_of("help_answered").await, ["success"]);
}

async fn a_person_with_two_accounts_gets_a_link_for_each_in_one_mail(database: TestDatabase) {
    let app = App::demo(database).await;
    app.create("paca", "jeanne.lefevre").await;
    app.create("paca", "jlefevre").await;
    lost_password(&app.browser("paca"), "jeanne.lefevre@example.org").await;
    let mail = mail(&app, "jeanne.lefevre@example.org", 1).await;
    assert!(
        mail.contains("    jeanne.lefevre\n") && mail.contains("    jlefevre\n"),
        "{mail}"
    );
    assert_eq!(tokens(&mail).len(), 2);
}

async fn a_lost_identifier_is_mailed(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let captcha = browser.proof().await;
    let body = json!({ "subject": "praticien@demo.example", "captcha": captcha });
    let answer = browser.post(paths::RECOVERY_IDENTIFIER, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let mail = mail(&app, "praticien@demo.example", 1).await;
    assert!(mail.contains("    praticien\n"), "{mail}");
    assert!(tokens(&mail).is_empty(), "it brings no link");
}

async fn a_lost_invitation_is_sent_again_and_the_older_password_dies(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let captcha = browser.proof().await;
    let body = json!({ "subject": "premiere.connexion@demo.example", "captcha": captcha });
    let answer = browser.post(paths::RECOVERY_INVITATION, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let mail = mail(&app, "premiere.connexion@demo.example", 1).await;
    assert!(mail.contains("    premiere.connexion\n"), "{mail}");
    let old = browser.sign_in("premiere.connexion", "Provisoire#2026").await;
    old.refused(401, ErrorCode::CredentialsRefused);
}

async fn whoever_chose_a_password_gets_their_identifier_instead_of_an_invitation(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let captcha = browser.proof().await;
    let body = json!({ "subject": "praticien@demo.example", "captcha": captcha });
    browser.post(paths::RECOVERY_INVITATION, &body).await;
    let mail = mail(&app, "praticien@demo.example", 1).await;
    assert!(mail.contains("    praticien\n"), "{mail}");
    browser.sign_in("praticien", "Portique#2026").await.signed_in();
}

async fn the_answer_is_the_same_for_nobody_somebody_and_the_disabled(database: TestDatabase) {
    let app = App::demo(database).await;
    app.database
        .run_by_hand("UPDATE accounts SET status = 'disabled' WHERE identifier = 'mobile'")
        .await
        .unwrap();
    let portal = PortalName::parse("paca").unwrap();
    let disabled = app.database.account_by_identifier(&portal, "mobile").await;
    let disabled = disabled.unwrap().unwrap();
    let browser = app.browser("paca");
    let mut answers = Vec::new();
    for subject in [
        "praticien@demo.example",
        "personne@demo.example",
        "mobile@demo.example",
    ] {
        let body = json!({ "subject": subject });
        let answer = browser.post(paths::RECOVERY_PASSWORD, &body).await;
        let taken: RequestTaken = answer.json();
        let (status, headers, text) = answer.without_id();
        answers.push((status, headers, text.replace(&taken.reference, "…")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    mail(&app, "praticien@demo.example", 1).await;
    app.let_the_queue_work();
    let answered = eventually("three lookups", async || {
        // The worker may come to them in any order.
        let mut results = app.results_of("help_answered").await;
        results.sort_unstable();
        (results.len() == 3).then_some(results)
    })
    .await;
    assert_eq!(answered, ["disabled", "success", "unknown_identifier"]);
    let trail = app.trail().await;
    let noted = trail.iter().find(|entry| entry.result == "disabled").unwrap();
    assert_eq!(noted.account, disabled.id.0.to_string());
    let all: Vec<Value> = app.browser("neutral").get("/demo/messages").await.ok();
    assert_eq!(all.len(), 1, "nobody else is written to");
}

async fn normandie_shows_a_masked_address_to_anybody(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("normandie");
    let mut shown = Vec::new();
    for subject in ["Praticien", "praticien", "personne", "Personne"] {
        let captcha = browser.solved_picture().await;
        let body = json!({ "subject": subject, "captcha": captcha });
        let answer = browser.post(paths::RECOVERY_PASSWORD, &body).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let taken: RequestTaken = answer.json();
        shown.push(taken.masked_address.expect("normandie shows one"));
    }
    assert_eq!(shown[0], "…@normand-esante.fr", "the sample account's domain");
    assert_eq!(shown[0], shown[1], "however it is written");
    assert_eq!(shown[2], shown[3], "steady for who has no account");
    assert!(shown[2].starts_with("…@"), "{}", shown[2]);
}

async fn what_a_portal_does_not_offer_is_not_found(database: TestDatabase) {
    let app = App::start(database).await;
    for path in [paths::RECOVERY_INVITATION, paths::RECOVERY_IDENTIFIER] {
        let answer = app
            .browser("paca")
            .post(path, &json!({ "subject": "a@example.org" }))
            .await;
        let expected = if path == paths::RECOVERY_IDENTIFIER {
            202
        } else {
            404
        };
        assert_eq!(answer.status, expected, "{path}");
    }
}

async fn an_address_that_is_none_is_told_beside_its_field(database: TestDatabase) {
    let app = App::start(database).await;
    // Folded, the second would be somebody else's mailbox.
    for subject in ["pas une adresse", "praticien@démo.example"] {
        let body = json!({ "subject": subject });
        let answer = app.browser("paca").post(paths::RECOVERY_PASSWORD, &body).await;
        let problem = answer.refused(422, ErrorCode::ValidationFailed);
        assert_eq!(problem.fields[0].field, "subject");
        assert_eq!(problem.fields[0].reason, FieldReason::Malformed);
    }
}

async fn resend(browser: &Browser<'_>, reference: &str) -> crate::support::Answer {
    let body = json!({ "reference": reference });
    browser.post(paths::RECOVERY_RESEND, &body).await
}

async fn sent_again_by_its_reference_once_a_minute_has_passed(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    let taken = lost_password(&browser, "praticien@demo.example").await;
    mail(&app, "praticien@demo.example", 1).await;
    let early = resend(&browser, &taken.reference).await;
    let problem = early.refused(429, ErrorCode::TooManyRequests);
    assert_eq!(problem.retry_after, Some(55), "five seconds went to the queue");
    app.clock.advance(55);
    let again = resend(&browser, &spoken(&taken.reference).to_lowercase()).await;
    assert_eq!(again.status, 202, "{}", again.text());
    let next: RequestTaken = again.json();
    assert_ne!(next.reference, taken.reference);
    let second = mail(&app, "praticien@demo.example", 2).await;
    assert!(second.contains(&spoken(&next.reference)));
    let spent = resend(&browser, &taken.reference).await;
    spent.refused(409, ErrorCode::ReferenceSpent);
}

async fn of_fifty_uses_of_one_reference_at_one_instant_one_is_taken(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let taken = lost_password(&browser, "praticien@demo.example").await;
    app.wait_minutes(1);
    let body = json!({ "reference": taken.reference });
    let statuses = browser
        .fifty_at_once(Method::POST, paths::RECOVERY_RESEND, &body)
        .await;
    let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(202), count(409)), (1, 49), "{statuses:?}");
}

async fn three_resends_end_a_request(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let mut taken = lost_password(&browser, "praticien@demo.example").await;
    for left in [true, true, false] {
        app.wait_minutes(1);
        taken = resend(&browser, &taken.reference).await.json();
        assert_eq!(taken.resend_after.is_some(), left);
    }
    app.wait_minutes(1);
    let over = resend(&browser, &taken.reference).await;
    over.refused(409, ErrorCode::ReferenceSpent);
}
