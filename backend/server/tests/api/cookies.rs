use portique_shared::api::paths;
use portique_shared::api::session::SessionState;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;

use crate::support::{App, PASSWORD};

on_each_database!(
    over_tls_the_cookie_is_bound_to_its_host_and_to_tls,
    in_clear_on_this_machine_the_cookie_has_a_plain_name,
    each_sign_in_gives_a_new_token_and_the_old_one_is_dead,
    a_token_planted_before_the_sign_in_opens_nothing_after_it,
    the_cookie_is_found_among_others,
    a_cookie_that_is_no_token_is_nobodys,
);

async fn over_tls_the_cookie_is_bound_to_its_host_and_to_tls(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let answer = app.browser("paca").sign_in("jeanne.lefevre", PASSWORD).await;
    let cookie = answer.cookie().unwrap();
    assert_eq!(cookie.name, "__Host-portique");
    assert_eq!(
        cookie.attributes,
        ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]
    );
    assert_eq!(cookie.value.len(), 64, "256 bits");
    assert!(cookie.value.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(!answer.text().contains(&cookie.value), "no script sees the token");
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
}

async fn in_clear_on_this_machine_the_cookie_has_a_plain_name(database: TestDatabase) {
    let app = App::start(database).await;
    app.create("neutral", "jeanne").await;
    let browser = app.browser("neutral");
    let cookie = browser.sign_in("jeanne", PASSWORD).await.cookie().unwrap();
    assert_eq!(cookie.name, "portique");
    assert_eq!(cookie.attributes, ["Path=/", "HttpOnly", "SameSite=Lax"]);
    assert!(browser.is_signed_in().await);
    let cleared = browser.sign_out().await.cookie().unwrap();
    assert_eq!((cleared.name.as_str(), cleared.value.as_str()), ("portique", ""));
    assert_eq!(
        cleared.attributes,
        ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=0"]
    );
}

async fn each_sign_in_gives_a_new_token_and_the_old_one_is_dead(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let first = browser.cookie();
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_ne!(browser.cookie(), first);
    assert!(browser.is_signed_in().await);
    let thief = app.browser("paca");
    thief.hold(first);
    assert!(!thief.is_signed_in().await);
}

async fn a_token_planted_before_the_sign_in_opens_nothing_after_it(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let planted = Some(format!("__Host-portique={}", "ab".repeat(32)));
    let victim = app.browser("paca");
    victim.hold(planted.clone());
    victim.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_ne!(victim.cookie(), planted);
    let thief = app.browser("paca");
    thief.hold(planted);
    assert!(!thief.is_signed_in().await);
}

async fn the_cookie_is_found_among_others(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let own = browser.cookie().unwrap();
    for jar in [
        format!("lang=en; {own}"),
        format!("{own};lang=en"),
        format!("portique=other; x__Host-portique=other; {own}; last=1"),
        format!("malformed; =; {own}"),
    ] {
        browser.hold(Some(jar.clone()));
        assert!(browser.is_signed_in().await, "{jar}");
    }
    let token = own.split_once('=').unwrap().1;
    for jar in [
        format!("portique={token}"),
        format!("__host-portique={token}"),
        format!("other={token}"),
    ] {
        browser.hold(Some(jar.clone()));
        assert!(!browser.is_signed_in().await, "{jar}");
    }
}

async fn a_cookie_that_is_no_token_is_nobodys(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let endless = "a".repeat(5_000);
    for value in ["", "0", "' OR 1=1 --", "%00", "\"quoted\"", endless.as_str()] {
        browser.hold(Some(format!("__Host-portique={value}")));
        assert_eq!(browser.session().await, SessionState::Anonymous, "{value}");
    }
    browser.hold(None);
    let not_text = browser.request(Method::GET, paths::SESSION);
    let not_text = not_text.header("cookie", &b"__Host-portique=\xff\xfe"[..]);
    assert_eq!(
        browser.send(not_text).await.ok::<SessionState>(),
        SessionState::Anonymous
    );
}
