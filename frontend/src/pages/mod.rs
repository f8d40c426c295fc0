//! The screens, one file each.

mod account;
mod card;
mod change_password;
mod home;
mod not_found;
mod page;
mod passkey;
mod password_changed;
mod record;
mod recovery;
mod second_step;
mod security;
mod sign_in;
mod unreachable;
mod ways;

pub use self::account::Account;
pub use self::card::{CardAttachment, CardProof, CardSignIn};
pub use self::change_password::ChangePassword;
pub use self::home::Home;
pub use self::not_found::NotFound;
pub use self::page::Page;
pub use self::passkey::PasskeySignIn;
pub use self::password_changed::PasswordChanged;
pub use self::record::RecordPage;
pub use self::recovery::{
    ConfirmAccountRequest, FirstConnection, LostIdentifier, LostPassword, NewPassword, RequestAccount,
};
pub use self::second_step::SecondStep;
pub use self::security::SecurityPage;
pub use self::sign_in::SignIn;
pub use self::unreachable::Unreachable;
