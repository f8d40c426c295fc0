//! The API's words: paths, requests, answers, errors.

pub mod account;
pub mod account_request;
pub mod captcha;
pub mod card;
pub mod contacts;
pub mod front;
pub mod own_sessions;
pub mod page;
#[cfg(feature = "server")]
pub mod passkey;
pub mod portal;
pub mod problem;
pub mod recovery;
pub mod second_step;
pub mod security;
pub mod session;

/// Every path of the API, written once.
pub mod paths {
    pub const SESSION: &str = "/api/session";
    pub const SESSION_EXTENSION: &str = "/api/session/extension";
    pub const SECOND_STEP: &str = "/api/session/second-step";
    pub const SECOND_STEP_SENDING: &str = "/api/session/second-step/sending";
    pub const PASSKEY_SIGN_IN: &str = "/api/session/passkey";
    pub const PASSKEY_SIGN_IN_OPTIONS: &str = "/api/session/passkey/options";
    pub const PASSKEY_SECOND_STEP: &str = "/api/session/second-step/passkey";
    pub const PASSKEY_SECOND_STEP_OPTIONS: &str = "/api/session/second-step/passkey-options";
    pub const PASSKEYS: &str = "/api/account/security/passkeys";
    pub const PASSKEY_OPTIONS: &str = "/api/account/security/passkeys/options";
    pub const CARD_SIGN_IN: &str = "/api/session/card";
    pub const CARD_SIGN_IN_ANSWER: &str = "/api/session/card/answer";
    pub const SESSION_PROOF: &str = "/api/session/proof";
    pub const CARD_PROOF: &str = "/api/session/proof/card";
    pub const CARD_PROOF_ANSWER: &str = "/api/session/proof/card/answer";
    /// Followed by a card's id to detach that one.
    pub const CARDS: &str = "/api/account/security/cards";
    pub const CARD_CEREMONY: &str = "/api/account/security/cards/ceremony";
    pub const SECURITY: &str = "/api/account/security";
    pub const SECOND_FACTOR: &str = "/api/account/security/second-factor";
    pub const APPS: &str = "/api/account/security/apps";
    pub const APP_ENROLMENT: &str = "/api/account/security/apps/enrolment";
    /// Followed by an authenticator's id.
    pub const AUTHENTICATORS: &str = "/api/account/security/authenticators";
    pub const RECOVERY_CODES: &str = "/api/account/security/recovery-codes";
    pub const PORTAL: &str = "/api/portal";
    pub const SERVICES: &str = "/api/services";
    pub const ACCOUNT: &str = "/api/account";
    /// Followed by a session's id to end that one.
    pub const OWN_SESSIONS: &str = "/api/account/sessions";
    /// Followed by a browser's id to have that one forgotten.
    pub const OWN_BROWSERS: &str = "/api/account/browsers";
    pub const CONTACTS: &str = "/api/account/contacts";
    pub const CONTACTS_SENDING: &str = "/api/account/contacts/sending";
    pub const CONTACTS_CONFIRMATION: &str = "/api/account/contacts/confirmation";
    pub const PASSWORD: &str = "/api/account/password";
    pub const PASSWORD_CHECK: &str = "/api/account/password/check";
    /// Followed by a page's slug.
    pub const PAGES: &str = "/api/pages";
    pub const HEALTH_LIVE: &str = "/api/health/live";
    pub const HEALTH_READY: &str = "/api/health/ready";
    pub const CAPTCHA_PICTURE: &str = "/api/captcha/picture";
    pub const CAPTCHA_PROOF: &str = "/api/captcha/proof";
    pub const RECOVERY_PASSWORD: &str = "/api/recovery/password";
    pub const RECOVERY_IDENTIFIER: &str = "/api/recovery/identifier";
    pub const RECOVERY_INVITATION: &str = "/api/recovery/invitation";
    pub const RECOVERY_RESEND: &str = "/api/recovery/resend";
    pub const LINK: &str = "/api/recovery/link";
    pub const LINK_PASSWORD: &str = "/api/recovery/link/password";
    pub const LINK_PASSWORD_CHECK: &str = "/api/recovery/link/password/check";
    /// Where gateways tell what became of an SMS.
    pub const SMS_REPORT: &str = "/api/sms/reports/{gateway}/{message}/{token}";
    pub const ACCOUNT_REQUESTS: &str = "/api/account-requests";
    pub const ACCOUNT_REQUEST_CONFIRMATION: &str = "/api/account-requests/confirmation";
    pub const OPENAPI: &str = "/api/openapi.json";
}

/// The screens' addresses, which the client routes and the server answers with the shell.
pub mod screens {
    /// The query's name, on the way to a screen, of the screen to go to afterwards: a path as it stands here, not escaped.
    pub const RETURN: &str = "return";
    pub const HOME: &str = "/";
    pub const SIGN_IN: &str = "/sign-in";
    /// Between the password and the session: a second factor.
    pub const SECOND_STEP: &str = "/sign-in/code";
    /// A passkey in the place of identifier and password.
    pub const PASSKEY: &str = "/sign-in/passkey";
    /// Where a card signs in: the way to the host that asks for it, and back, with a token behind the `#`.
    pub const CARD: &str = "/sign-in/card";
    /// The same for who is signed in already, and proves anew who they are by their card.
    pub const CARD_PROOF: &str = "/account/security/card/proof";
    /// The same for who attaches a card to their account.
    pub const CARD_ATTACH: &str = "/account/security/card/attach";
    pub const ACCOUNT: &str = "/account";
    /// The rescue address and telephone, changed by their person.
    pub const RECORD: &str = "/account/record";
    /// What opens the account: second factor, authenticators, sessions.
    pub const SECURITY: &str = "/account/security";
    pub const CHANGE_PASSWORD: &str = "/account/password";
    pub const PASSWORD_CHANGED: &str = "/account/password/changed";
    pub const LOST_PASSWORD: &str = "/password/lost";
    /// Where a mail's link leads; its token stands after a `#`.
    pub const NEW_PASSWORD: &str = "/password/new";
    pub const LOST_IDENTIFIER: &str = "/identifier/lost";
    pub const FIRST_CONNECTION: &str = "/first-connection";
    pub const REQUEST_ACCOUNT: &str = "/account-request";
    /// Where the mail's link leads that proves an address; its token stands after a `#`.
    pub const CONFIRM_ACCOUNT_REQUEST: &str = "/account-request/confirm";
    /// Followed by a page's slug (`legal-notice`, `contacts`).
    pub const PAGES: &str = "/pages";
}
