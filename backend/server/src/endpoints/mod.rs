//! The API, one file an endpoint.

pub mod account_get;
pub mod account_request_confirmation_post;
pub mod account_request_post;
mod asking;
pub mod captcha_picture_post;
pub mod captcha_proof_post;
pub mod health;
pub mod link_password_check_post;
pub mod link_password_put;
pub mod link_post;
pub mod page_get;
pub mod password_check_post;
pub mod password_put;
pub mod portal_get;
pub mod recovery_identifier_post;
pub mod recovery_invitation_post;
pub mod recovery_password_post;
pub mod recovery_resend_post;
pub mod services_get;
pub mod session_delete;
pub mod session_extension_post;
pub mod session_get;
pub mod session_post;
mod session_view;
