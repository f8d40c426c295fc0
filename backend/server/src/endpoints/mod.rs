//! The API, one file an endpoint.

pub mod account_get;
pub mod health;
pub mod page_get;
pub mod password_check_post;
pub mod password_put;
pub mod portal_get;
pub mod services_get;
pub mod session_delete;
pub mod session_extension_post;
pub mod session_get;
pub mod session_post;
mod session_view;
