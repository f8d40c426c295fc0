//! The tables' rows. They never leave the crate: repositories turn them into the values of the rules.

pub(crate) mod account;
pub(crate) mod account_card;
pub(crate) mod account_request;
pub(crate) mod asked;
pub(crate) mod audit_entry;
pub(crate) mod audit_head;
pub(crate) mod authenticator;
pub(crate) mod captcha;
pub(crate) mod card_ceremony;
pub(crate) mod contact_change;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod passkey_challenge;
pub(crate) mod pending_sign_in;
pub(crate) mod recovery_code;
pub(crate) mod remembered_browser;
pub(crate) mod session;
pub(crate) mod throttle;
