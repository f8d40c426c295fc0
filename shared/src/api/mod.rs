//! The API's words: paths, requests, answers, errors.

pub mod account;
pub mod page;
pub mod portal;
pub mod problem;
pub mod session;

/// Every path of the API, written once.
pub mod paths {
    pub const SESSION: &str = "/api/session";
    pub const SESSION_EXTENSION: &str = "/api/session/extension";
    pub const PORTAL: &str = "/api/portal";
    pub const SERVICES: &str = "/api/services";
    pub const ACCOUNT: &str = "/api/account";
    pub const PASSWORD: &str = "/api/account/password";
    pub const PASSWORD_CHECK: &str = "/api/account/password/check";
    /// Followed by a page's slug.
    pub const PAGES: &str = "/api/pages";
    pub const HEALTH_LIVE: &str = "/api/health/live";
    pub const HEALTH_READY: &str = "/api/health/ready";
    pub const OPENAPI: &str = "/api/openapi.json";
}

/// The screens' addresses, which the client routes and the server answers with the shell.
pub mod screens {
    pub const HOME: &str = "/";
    pub const SIGN_IN: &str = "/sign-in";
    pub const ACCOUNT: &str = "/account";
    pub const CHANGE_PASSWORD: &str = "/account/password";
    pub const PASSWORD_CHANGED: &str = "/account/password/changed";
    /// Followed by a page's slug (`legal-notice`, `contacts`).
    pub const PAGES: &str = "/pages";
}
