//! What a new password is refused for, field by field; and that the server says so alike wherever it is asked.

use portique_domain::password::Password;
use portique_shared::api::account::{BlocklistReason, PasswordVerdict};
use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;
use portique_shared::api::problem::{ErrorCode, FieldProblem, FieldReason};
use portique_shared::policy::Rule;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::support::{App, Browser, Installation, NEW_PASSWORD, PASSWORD};

on_each_database!(
    each_field_is_told_what_is_wrong_with_it,
    all_that_is_wrong_is_told_at_once,
    each_presets_policy_is_enforced_as_it_is_shown,
    common_passwords_and_those_made_of_known_words_are_refused_with_the_reason,
    endless_and_empty_fields_are_told_by_name,
    the_verdict_is_the_policy_and_the_policy_is_what_the_change_refuses,
);

const NAME: &str = "jeanne.lefevre";

/// A browser signed in on a preset's portal.
async fn signed_in<'a>(app: &'a App, preset: &str) -> Browser<'a> {
    app.create(preset, NAME).await;
    let browser = app.browser(preset);
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    browser
}

/// What a change is refused for.
async fn flaws(browser: &Browser<'_>, [name, current, new, confirmation]: [&str; 4]) -> Vec<FieldProblem> {
    let body = json!({
        "identifier": name, "current_password": current, "new_password": new, "confirmation": confirmation,
    });
    let answer = browser.put(paths::PASSWORD, &body).await;
    answer.refused(422, ErrorCode::ValidationFailed).fields
}

fn problem(field: &str, reason: FieldReason) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        reason,
    }
}

async fn each_field_is_told_what_is_wrong_with_it(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = signed_in(&app, "paca").await;
    let cases = [
        (
            ["jeanne", PASSWORD, NEW_PASSWORD, NEW_PASSWORD],
            problem("identifier", FieldReason::OtherIdentifier),
        ),
        (
            [NAME, "wrong", NEW_PASSWORD, NEW_PASSWORD],
            problem("current_password", FieldReason::WrongPassword),
        ),
        (
            [NAME, PASSWORD, PASSWORD, PASSWORD],
            problem("new_password", FieldReason::SameAsCurrent),
        ),
        (
            [NAME, PASSWORD, NEW_PASSWORD, "Tortue&1987-Verte"],
            problem("confirmation", FieldReason::ConfirmationDiffers),
        ),
        (
            [NAME, PASSWORD, "tortue&1987-verte", "tortue&1987-verte"],
            problem(
                "new_password",
                FieldReason::PolicyUnmet {
                    unmet: vec![Rule::UpperCase(1)],
                },
            ),
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(flaws(&browser, fields).await, [expected]);
    }
}

async fn all_that_is_wrong_is_told_at_once(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = signed_in(&app, "paca").await;
    let told = flaws(&browser, ["berthe", "lefevre1", "lefevre1", "lefevre2"]).await;
    let unmet = vec![Rule::UpperCase(1), Rule::Special(1)];
    let why = BlocklistReason::Personal;
    assert_eq!(
        told,
        [
            problem("identifier", FieldReason::OtherIdentifier),
            problem("new_password", FieldReason::SameAsCurrent),
            problem("new_password", FieldReason::PolicyUnmet { unmet }),
            problem("new_password", FieldReason::Blocklisted { why }),
            problem("confirmation", FieldReason::ConfirmationDiffers),
        ]
    );
    assert!(
        app.results_of("password_change").await.len() <= 1,
        "no password was tried"
    );
}

/// Passwords, each with the rules that it does not meet.
type Unmet<'a> = &'a [(&'a str, &'a [Rule])];

async fn each_presets_policy_is_enforced_as_it_is_shown(database: TestDatabase) {
    let app = App::start(database).await;
    let long = "é1ù2".repeat(200);
    let cases: [(&str, Unmet<'_>); 4] = [
        (
            "paca",
            &[
                ("Tq#7kz2", &[Rule::MinLength(8)]),
                ("tortue&1987", &[Rule::UpperCase(1)]),
                ("TORTUE&1987", &[Rule::LowerCase(1)]),
                ("Tortue&verte", &[Rule::Digits(1)]),
                ("Tortue 1987", &[Rule::Special(1)]),
                ("Tortue&1987\u{7}", &[Rule::NoControl]),
            ],
        ),
        (
            "normandie",
            &[
                ("tq#7kz2", &[Rule::MinLength(8)]),
                ("4815#162342", &[Rule::Letters(1)]),
                ("tortue&verte", &[Rule::Digits(1)]),
                ("tortue1987xyz", &[Rule::Special(1)]),
            ],
        ),
        (
            "aura",
            &[
                ("tq#7kz2", &[Rule::MinLength(8)]),
                ("4815#162342", &[Rule::Letters(1)]),
                ("tortueverte", &[Rule::Digits(1), Rule::Special(1)]),
            ],
        ),
        (
            "neutral",
            &[
                ("Tortue&1987-ve", &[Rule::MinLength(15)]),
                (&long, &[Rule::MaxBytes(1024)]),
            ],
        ),
    ];
    for (preset, passwords) in cases {
        let browser = signed_in(&app, preset).await;
        for (password, unmet) in passwords {
            let told = flaws(&browser, [NAME, PASSWORD, password, password]).await;
            let unmet = unmet.to_vec();
            let expected = problem("new_password", FieldReason::PolicyUnmet { unmet });
            assert_eq!(told, [expected], "{preset} {password}");
        }
    }
    let neutral = app.browser("neutral");
    neutral.sign_in(NAME, PASSWORD).await.signed_in();
    let sentence = "girafes bleues sous la pluie";
    neutral
        .change_password(NAME, PASSWORD, sentence)
        .await
        .signed_in();
}

async fn common_passwords_and_those_made_of_known_words_are_refused_with_the_reason(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = signed_in(&app, "paca").await;
    for (password, why) in [
        ("P@ssw0rd", BlocklistReason::Common),
        ("Passw0rd!", BlocklistReason::Common),
        ("Portail#2026", BlocklistReason::PortalWords),
        ("Provence@2026", BlocklistReason::PortalWords),
        ("Lefèvre#2026", BlocklistReason::Personal),
        ("JeanneL3f3vre!1", BlocklistReason::Personal),
    ] {
        let told = flaws(&browser, [NAME, PASSWORD, password, password]).await;
        let expected = problem("new_password", FieldReason::Blocklisted { why });
        assert_eq!(told, [expected], "{password}");
        let verdict = verdict(&browser, password).await;
        assert_eq!(verdict.blocklisted, Some(why));
        assert_eq!(verdict.strength, 0, "what is refused is never called strong");
    }
    let good = verdict(&browser, NEW_PASSWORD).await;
    assert_eq!((good.blocklisted, good.unmet.len()), (None, 0));
    assert!(verdict(&browser, "girafe turquoise sous la pluie").await.strength == 4);
}

async fn endless_and_empty_fields_are_told_by_name(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = signed_in(&app, "paca").await;
    let told = flaws(&browser, ["", "", "", ""]).await;
    let fields: Vec<_> = told.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(
        fields,
        ["confirmation", "current_password", "identifier", "new_password"]
    );
    assert!(told.iter().all(|problem| problem.reason == FieldReason::Length));
    let endless = "x".repeat(4_097);
    let told = flaws(&browser, [NAME, PASSWORD, &endless, NEW_PASSWORD]).await;
    assert_eq!(told, [problem("new_password", FieldReason::Length)]);
    let check = browser
        .post(paths::PASSWORD_CHECK, &json!({ "new_password": "" }))
        .await;
    let told = check.refused(422, ErrorCode::ValidationFailed).fields;
    assert_eq!(told, [problem("new_password", FieldReason::Length)]);
}

async fn verdict(browser: &Browser<'_>, password: &str) -> PasswordVerdict {
    let body = json!({ "new_password": password });
    browser.post(paths::PASSWORD_CHECK, &body).await.ok()
}

/// Passwords near every rule: short and long, of few kinds of characters, composed and decomposed accents, controls.
fn passwords() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9@#&_* ]{1,20}",
        "[a-zéèà\u{301}\u{308}A-ZÉ]{0,8}[0-9]{0,3}[@#%&]{0,2}[A-Z]{1,6}",
        "\\PC{1,24}",
        "[a-z\u{0}-\u{1f}\u{7f}-\u{9f}0-9A-Z#]{1,16}",
        "(é|e\u{301}|x){500,530}",
        "(Lefèvre|lefevre|portail|Martin|password|azerty)[0-9]{0,4}[#!]?",
    ]
}

async fn the_verdict_is_the_policy_and_the_policy_is_what_the_change_refuses(database: TestDatabase) {
    let app = App::start(database).await;
    let mut portals = Vec::new();
    for preset in Installation::PRESETS {
        let browser = signed_in(&app, preset).await;
        let portal: PortalView = browser.get(paths::PORTAL).await.ok();
        portals.push((browser, portal.password_policy));
    }
    let config = Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    };
    let property = |(portal, password): (usize, String)| {
        let (browser, policy) = &portals[portal];
        // Exactly what the page does: its own normalisation, then the shared policy.
        let expected = policy.unmet(Password::new(&password).as_str());
        let asked = async {
            let verdict = verdict(browser, &password).await;
            // The confirmation differs, so that no good password is taken and none costs a hash.
            let told = flaws(browser, [NAME, PASSWORD, &password, "another"]).await;
            (verdict, told)
        };
        let (verdict, told) = block_in_place(|| Handle::current().block_on(asked));
        prop_assert_eq!(&verdict.unmet, &expected);
        let mut refused = Vec::new();
        if !expected.is_empty() {
            refused.push(problem(
                "new_password",
                FieldReason::PolicyUnmet { unmet: expected },
            ));
        }
        refused.extend(
            verdict
                .blocklisted
                .map(|why| problem("new_password", FieldReason::Blocklisted { why })),
        );
        refused.push(problem("confirmation", FieldReason::ConfirmationDiffers));
        prop_assert_eq!(told, refused);
        Ok::<(), TestCaseError>(())
    };
    let strategy = (0..portals.len(), passwords());
    let tested = TestRunner::new(config).run(&strategy, property);
    tested.unwrap_or_else(|error| panic!("{error}"));
}
