//! What several pages use. Components know no page.

mod alert;
mod another_code;
mod captcha;
mod check_field;
mod code_entry;
mod code_sent;
mod field;
mod footer;
mod form;
mod header;
mod icon;
mod loaded;
mod passkey;
mod password_form;
mod password_pair;
mod password_rules;
mod quiet_button;
mod session_warning;
mod star;
mod unlock;
mod user_menu;
mod wait;

pub use self::alert::{Alert, Trouble};
pub use self::another_code::{AnotherCode, SendCode};
pub use self::captcha::{Captcha, CaptchaState};
pub use self::check_field::{CheckField, CheckState};
pub use self::code_entry::{CodeEntry, CodeWords, SENT_CODE, refuse_code};
pub use self::code_sent::{GoodFor, IfNothingComes, MessageReference};
pub use self::field::{Field, FieldState};
pub use self::footer::Footer;
pub use self::form::{Submit, renew_captcha};
pub use self::header::Header;
pub use self::icon::icon;
pub use self::loaded::Loaded;
pub use self::passkey::{
    CREATION, Ceremony, CeremonyAlert, PasskeyButton, SECOND_STEP, SIGN_IN, Unsupported,
};
pub use self::password_form::PasswordForm;
pub use self::password_pair::{IdentifierInput, PasswordPair, PasswordPairInputs, show_first_fault};
pub use self::password_rules::Checker;
pub use self::quiet_button::QuietButton;
pub use self::session_warning::SessionWarning;
pub use self::star::Stars;
pub use self::unlock::Unlock;
pub use self::user_menu::UserMenu;
pub use self::wait::Wait;
