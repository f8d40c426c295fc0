use portique_domain::store::Store;
use portique_shared::api::account_request::RequestConfirmed;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::RequestTaken;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::recovery::{mail, tokens};
use crate::support::{Answer, App, Browser, Ran, portique};

on_each_database!(
    a_request_is_proved_by_a_link_then_accepted_by_the_agency,
    a_refusal_is_mailed_with_its_reason,
    a_refusal_must_say_its_reason_or_that_it_tells_none,
    an_address_that_nobody_proved_waits_for_no_decision,
    who_asks_again_is_told_the_reference_that_the_agency_knows,
    a_profession_that_the_directory_does_not_know_is_taken_and_marked,
    a_deleted_request_leaves_nothing_of_the_person,
    whoever_has_an_account_is_mailed_their_identifier_and_nothing_tells,
    without_consent_or_with_a_wrong_number_nothing_is_taken,
    names_that_hold_what_nobody_sees_are_refused,
    portals_that_do_not_offer_it_have_no_such_thing,
);

pub const ADDRESS: &str = "lea.martin@cabinet.example";

fn form(email: &str, captcha: &Value) -> Value {
    json!({ "given_name": "Léa", "family_name": "Martin", "profession": "Infirmier",
        "national_id": "", "email": email, "consent": true, "captcha": captcha })
}

pub async fn ask(browser: &Browser<'_>, email: &str) -> Answer {
    let captcha = browser.proof().await;
    browser
        .post(paths::ACCOUNT_REQUESTS, &form(email, &captcha))
        .await
}

/// A request whose address is proved, and its reference as the agency reads it.
pub async fn proved(app: &App) -> String {
    let browser = app.browser("aura");
    assert_eq!(ask(&browser, ADDRESS).await.status, 202);
    let token = tokens(&mail(app, ADDRESS, 1).await).remove(0);
    let body = json!({ "token": token });
    let confirmed: RequestConfirmed = browser
        .post(paths::ACCOUNT_REQUEST_CONFIRMATION, &body)
        .await
        .ok();
    let again = browser.post(paths::ACCOUNT_REQUEST_CONFIRMATION, &body).await;
    again.refused(410, ErrorCode::LinkSpent);
    format!("{}-{}", &confirmed.reference[..4], &confirmed.reference[4..])
}

fn run(app: &App, arguments: &[&str]) -> Ran {
    let file = app.installation.file();
    let settings = ["--config", file.to_str().unwrap()];
    portique(&[&settings[..], arguments].concat())
}

/// The command goes by the machine's clock, the running program by the test's, which is behind it.
async fn due_at_once(app: &App) {
    let due = "UPDATE outbox SET due_at = 0 WHERE state = 'queued'";
    app.database.run_by_hand(due).await.unwrap();
}

fn command(app: &App, arguments: &[&str]) -> String {
    let ran = run(app, arguments);
    assert!(ran.ok, "{}{}", ran.out, ran.err);
    ran.out
}

async fn a_request_is_proved_by_a_link_then_accepted_by_the_agency(database: TestDatabase) {
    let app = App::demo(database).await;
    let reference = proved(&app).await;
    let listed = command(&app, &["request", "list", "--portal", "aura"]);
    assert!(
        listed.contains(&reference) && listed.contains("Léa Martin"),
        "{listed}"
    );
    let accept = [
        "request",
        "accept",
        "--portal",
        "aura",
        &reference,
        "--identifier",
        "lea.martin",
    ];
    command(&app, &accept);
    let again = run(&app, &accept);
    assert!(again.err.contains("accepted already"), "{}", again.err);
    due_at_once(&app).await;
    let invitation = mail(&app, ADDRESS, 2).await;
    assert!(invitation.contains("    lea.martin\n"), "{invitation}");
    assert!(invitation.contains(&reference), "{invitation}");
}

async fn a_refusal_is_mailed_with_its_reason(database: TestDatabase) {
    let app = App::demo(database).await;
    let reference = proved(&app).await;
    let refuse = [
        "request",
        "refuse",
        "--portal",
        "aura",
        &reference,
        "--reason",
        "Hors de la région.",
    ];
    command(&app, &refuse);
    due_at_once(&app).await;
    let answer = mail(&app, ADDRESS, 2).await;
    assert!(answer.contains("Hors de la région."), "{answer}");
}

async fn a_refusal_must_say_its_reason_or_that_it_tells_none(database: TestDatabase) {
    let app = App::demo(database).await;
    let reference = proved(&app).await;
    let refuse = ["request", "refuse", "--portal", "aura", &reference];
    for forgotten in [&refuse[..], &[&refuse[..], &["--reason"]].concat()] {
        let ran = run(&app, forgotten);
        assert!(!ran.ok && ran.err.contains("--reason"), "{}", ran.err);
    }
    let waiting = command(&app, &["request", "list"]);
    assert!(waiting.contains(&reference), "nothing is decided: {waiting}");
    command(&app, &[&refuse[..], &["--reason", ""]].concat());
    due_at_once(&app).await;
    let answer = mail(&app, ADDRESS, 2).await;
    assert!(!answer.contains("Motif"), "{answer}");
    assert!(
        answer.contains("Pour en connaître la raison, contactez"),
        "{answer}"
    );
}

async fn an_address_that_nobody_proved_waits_for_no_decision(database: TestDatabase) {
    let app = App::demo(database).await;
    assert_eq!(ask(&app.browser("aura"), ADDRESS).await.status, 202);
    mail(&app, ADDRESS, 1).await;
    let listed = command(&app, &["request", "list"]);
    assert!(!listed.contains("Martin"), "{listed}");
    let unproved = command(&app, &["request", "list", "--state", "unproved"]);
    assert!(unproved.contains("Martin"), "{unproved}");
}

async fn who_asks_again_is_told_the_reference_that_the_agency_knows(database: TestDatabase) {
    let app = App::demo(database).await;
    let reference = proved(&app).await;
    let answer = ask(&app.browser("aura"), &ADDRESS.to_uppercase()).await;
    assert_eq!(answer.status, 202, "the page is the same as ever");
    let taken: RequestTaken = answer.json();
    let shown = format!("{}-{}", &taken.reference[..4], &taken.reference[4..]);
    let told = mail(&app, ADDRESS, 2).await;
    assert!(told.contains(&format!("    {reference}\n")), "{told}");
    assert!(told.contains(&shown) && shown != reference, "{told}");
    assert!(tokens(&told).is_empty(), "there is nothing to prove: {told}");
    let listed = command(&app, &["request", "list", "--state", "all"]);
    assert!(
        listed.contains(&reference) && listed.contains("1 request"),
        "{listed}"
    );
    let refuse = [
        "request", "refuse", "--portal", "aura", &reference, "--reason", "",
    ];
    command(&app, &refuse);
}

async fn a_profession_that_the_directory_does_not_know_is_taken_and_marked(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    for (number, profession) in ["INFIRMIER", "Assistant médical"].into_iter().enumerate() {
        let email = format!("lea{number}@cabinet.example");
        let mut body = form(&email, &browser.proof().await);
        body["profession"] = json!(profession);
        let answer = browser.post(paths::ACCOUNT_REQUESTS, &body).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        mail(&app, &email, 1).await;
    }
    let listed = command(&app, &["request", "list", "--state", "unproved"]);
    assert!(listed.contains("INFIRMIER, no number"), "{listed}");
    assert!(
        listed.contains("Assistant médical (not in the directory), no number"),
        "{listed}"
    );
}

async fn a_deleted_request_leaves_nothing_of_the_person(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    assert_eq!(ask(&browser, ADDRESS).await.status, 202);
    let token = tokens(&mail(&app, ADDRESS, 1).await).remove(0);
    let requests = app.database.account_requests(None, None, 9).await.unwrap();
    let reference = requests[0].reference.to_string();
    let delete = ["request", "delete", "--portal", "aura", &reference];
    let told = command(&app, &delete);
    assert!(
        told.contains(&format!(
            "{reference}: deleted with all that it said of the person (it was unproved)"
        )),
        "{told}"
    );
    assert_eq!(
        app.database.account_requests(None, None, 9).await.unwrap().len(),
        0
    );
    assert_eq!(app.results_of("request_deleted").await, ["success"]);
    let again = run(&app, &delete);
    assert!(
        again.err.contains("no request on this portal has this reference"),
        "{}",
        again.err
    );
    let body = json!({ "token": token });
    let late = browser.post(paths::ACCOUNT_REQUEST_CONFIRMATION, &body).await;
    late.refused(410, ErrorCode::LinkSpent);
}

async fn whoever_has_an_account_is_mailed_their_identifier_and_nothing_tells(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let known = ask(&browser, "praticien@demo.example").await;
    let unknown = ask(&browser, ADDRESS).await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.text().len(), unknown.text().len());
    let mail = mail(&app, "praticien@demo.example", 1).await;
    assert!(mail.contains("    praticien\n"), "{mail}");
}

async fn without_consent_or_with_a_wrong_number_nothing_is_taken(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("aura");
    let mut body = form("pas une adresse", &json!({ "kind": "proof", "payload": "x" }));
    body["consent"] = json!(false);
    body["national_id"] = json!("123");
    body["given_name"] = json!("  ");
    let answer = browser.post(paths::ACCOUNT_REQUESTS, &body).await;
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    let fields: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["given_name", "email", "national_id", "consent"]);
}

async fn names_that_hold_what_nobody_sees_are_refused(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let captcha = browser.proof().await;
    for name in ["given_name", "family_name", "profession"] {
        for unseen in [
            // Zero-width space, non-joiner and joiner, word joiner, byte order mark, soft hyphen.
            '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}',
            // Marks, embeddings, overrides and isolates that turn the direction of writing.
            '\u{200e}', '\u{200f}', '\u{61c}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
            '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
            // Ends of lines and paragraphs, and control characters.
            '\u{2028}', '\u{2029}', '\n', '\0', '\u{1b}', '\u{7f}', '\u{9b}',
        ] {
            let mut body = form(ADDRESS, &captcha);
            body[name] = json!(format!("Ma{unseen}rie"));
            let answer = browser.post(paths::ACCOUNT_REQUESTS, &body).await;
            let problem = answer.refused(422, ErrorCode::ValidationFailed);
            let fields: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
            assert_eq!(fields, [name], "{unseen:?}");
        }
    }
    // The same captcha, which none of them used up, and a name with all that names hold.
    let mut body = form(ADDRESS, &captcha);
    body["family_name"] = json!("d’Été-O'Brien Ñuñez 王");
    let answer = browser.post(paths::ACCOUNT_REQUESTS, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
}

async fn portals_that_do_not_offer_it_have_no_such_thing(database: TestDatabase) {
    let app = App::start(database).await;
    let body = form(ADDRESS, &json!({ "kind": "proof", "payload": "x" }));
    let answer = app.browser("paca").post(paths::ACCOUNT_REQUESTS, &body).await;
    answer.refused(404, ErrorCode::NotFound);
}
