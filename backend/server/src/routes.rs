//! Every route, on one screen.

use axum::routing::{get, post};
use axum::{Json, Router};
use portique_shared::api::paths;
use portique_shared::api::problem::Problem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::endpoints::{
    account_get, account_request_confirmation_post, account_request_post, app_enrolment_post, apps_post,
    authenticator_delete, captcha_picture_post, captcha_proof_post, card_ceremony_post, card_delete,
    card_proof_answer_post, card_proof_post, card_sign_in_answer_post, card_sign_in_post, cards_post,
    contacts_confirmation_post, contacts_delete, contacts_get, contacts_put, contacts_sending_post, health,
    link_password_check_post, link_password_put, link_post, own_browser_delete, own_browsers_get,
    own_session_delete, own_sessions_delete, own_sessions_get, page_get, passkey_options_post,
    passkey_sign_in_options_post, passkey_sign_in_post, passkeys_post, password_check_post, password_put,
    portal_get, recovery_codes_post, recovery_identifier_post, recovery_invitation_post,
    recovery_password_post, recovery_resend_post, second_factor_put, second_step_delete, second_step_get,
    second_step_passkey_options_post, second_step_passkey_post, second_step_post, second_step_sending_post,
    security_get, services_get, session_delete, session_extension_post, session_get, session_post,
    session_proof_post, sms_report,
};
use crate::http::cookie;
use crate::http::surround::surround;
use crate::state::AppState;
use crate::{client, demo, shell, well_known};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portique",
        description = "The front door of a health portal: sessions, accounts, passwords. The portal is chosen by the request's host."
    ),
    components(schemas(Problem)),
    modifiers(&SessionCookie),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "account", description = "One's own record, password and sessions"),
        (name = "security", description = "What opens one's account: second factor, authenticators, recovery codes"),
        (name = "captcha", description = "What tells a person from a program"),
        (name = "recovery", description = "Lost passwords, identifiers and invitations; accounts asked for"),
        (name = "portal", description = "What a portal shows"),
        (name = "sms", description = "For SMS gateways: what became of an SMS"),
        (name = "health", description = "For the operator's probes"),
    )
)]
struct Description;

/// The session's cookie and the second step's, under the two names that each has.
struct SessionCookie;

impl Modify for SessionCookie {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        for (scheme, name, why) in [
            (
                "session",
                cookie::SECURE_NAME,
                "Over TLS: every portal in service",
            ),
            (
                "session_in_clear",
                cookie::PLAIN_NAME,
                "Over plain HTTP: the demo, on the machine itself",
            ),
            (
                "second_step",
                cookie::SECURE_STEP_NAME,
                "Over TLS: a sign-in that waits for its code",
            ),
            (
                "second_step_in_clear",
                cookie::PLAIN_STEP_NAME,
                "The same over plain HTTP",
            ),
        ] {
            let cookie = ApiKey::Cookie(ApiKeyValue::with_description(name, why));
            components.add_security_scheme(scheme, SecurityScheme::ApiKey(cookie));
        }
    }
}

/// The program's routes, with all that holds around them.
pub fn router(state: &AppState) -> Router {
    let (api, description) = api().split_for_parts();
    let mut router = api
        .route(paths::OPENAPI, get(move || async { Json(description) }))
        .route("/.well-known/change-password", get(well_known::change_password))
        .route("/.well-known/security.txt", get(well_known::security_txt))
        .route("/.well-known/{*rest}", get(well_known::not_found))
        .route("/api/{*rest}", axum::routing::any(well_known::not_found))
        .route("/", get(shell::page))
        .fallback(client::file_or_page);
    if state.demo.is_some() {
        router = router
            .route("/demo/mailbox", get(demo::mailbox_page))
            .route("/demo/cards", get(demo::cards_page))
            .route("/demo/cards/{file}", get(demo::card_file))
            .route("/demo/messages", get(demo::messages))
            .route("/demo/messages/{number}/html", get(demo::message_html))
            .route("/demo/clock", post(demo::turn_clock));
    }
    surround(router, state.clone()).with_state(state.clone())
}

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(
            session_get::session_get,
            session_post::session_post,
            session_delete::session_delete
        ))
        .routes(routes!(
            second_step_get::second_step_get,
            second_step_post::second_step_post,
            second_step_delete::second_step_delete
        ))
        .routes(routes!(second_step_sending_post::second_step_sending_post))
        .routes(routes!(
            second_step_passkey_options_post::second_step_passkey_options_post
        ))
        .routes(routes!(second_step_passkey_post::second_step_passkey_post))
        .routes(routes!(
            passkey_sign_in_options_post::passkey_sign_in_options_post
        ))
        .routes(routes!(passkey_sign_in_post::passkey_sign_in_post))
        .routes(routes!(card_sign_in_post::card_sign_in_post))
        .routes(routes!(card_sign_in_answer_post::card_sign_in_answer_post))
        .routes(routes!(session_extension_post::session_extension_post))
        .routes(routes!(session_proof_post::session_proof_post))
        .routes(routes!(card_proof_post::card_proof_post))
        .routes(routes!(card_proof_answer_post::card_proof_answer_post))
        .routes(routes!(security_get::security_get))
        .routes(routes!(second_factor_put::second_factor_put))
        .routes(routes!(app_enrolment_post::app_enrolment_post))
        .routes(routes!(apps_post::apps_post))
        .routes(routes!(passkey_options_post::passkey_options_post))
        .routes(routes!(passkeys_post::passkeys_post))
        .nest(
            paths::AUTHENTICATORS,
            OpenApiRouter::new().routes(routes!(authenticator_delete::authenticator_delete)),
        )
        .routes(routes!(card_ceremony_post::card_ceremony_post))
        .routes(routes!(cards_post::cards_post))
        .nest(
            paths::CARDS,
            OpenApiRouter::new().routes(routes!(card_delete::card_delete)),
        )
        .routes(routes!(recovery_codes_post::recovery_codes_post))
        .routes(routes!(account_get::account_get))
        .routes(routes!(
            own_sessions_get::own_sessions_get,
            own_sessions_delete::own_sessions_delete
        ))
        .nest(
            paths::OWN_SESSIONS,
            OpenApiRouter::new().routes(routes!(own_session_delete::own_session_delete)),
        )
        .routes(routes!(own_browsers_get::own_browsers_get))
        .nest(
            paths::OWN_BROWSERS,
            OpenApiRouter::new().routes(routes!(own_browser_delete::own_browser_delete)),
        )
        .routes(routes!(
            contacts_get::contacts_get,
            contacts_put::contacts_put,
            contacts_delete::contacts_delete
        ))
        .routes(routes!(contacts_sending_post::contacts_sending_post))
        .routes(routes!(contacts_confirmation_post::contacts_confirmation_post))
        .routes(routes!(password_put::password_put))
        .routes(routes!(password_check_post::password_check_post))
        .routes(routes!(captcha_picture_post::captcha_picture_post))
        .routes(routes!(captcha_proof_post::captcha_proof_post))
        .routes(routes!(recovery_password_post::recovery_password_post))
        .routes(routes!(recovery_identifier_post::recovery_identifier_post))
        .routes(routes!(recovery_invitation_post::recovery_invitation_post))
        .routes(routes!(recovery_resend_post::recovery_resend_post))
        .routes(routes!(link_post::link_post))
        .routes(routes!(link_password_check_post::link_password_check_post))
        .routes(routes!(link_password_put::link_password_put))
        .routes(routes!(account_request_post::account_request_post))
        .routes(routes!(
            account_request_confirmation_post::account_request_confirmation_post
        ))
        .routes(routes!(services_get::services_get))
        .routes(routes!(portal_get::portal_get))
        .nest(
            paths::PAGES,
            OpenApiRouter::new().routes(routes!(page_get::page_get)),
        )
        .routes(routes!(sms_report::sms_report))
        .routes(routes!(health::health_live))
        .routes(routes!(health::health_ready))
}
