//! What a stranger asks about somebody, and what of it they time.

use clap::ValueEnum;
use portique_shared::api::paths;

use crate::client::{get, post};
use crate::people::email;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Flow {
    PasswordByEmail,
    PasswordByIdentifier,
    Reminder,
    // The lost password is asked for; what is timed is what comes just behind it, while the queue looks up who has an
    // account.
    PageBehindPassword,
    PasswordBehindPassword,
    /// The first of the two may be done before the queue's turn comes; the second then waits for it.
    TwoBehindPassword,
    SignIn,
}

impl Flow {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in with a wrong password",
            Self::PasswordByEmail => "lost password by e-mail",
            Self::PasswordByIdentifier => "lost password by identifier, masked address shown",
            Self::Reminder => "lost identifier",
            Self::PageBehindPassword => "the portal's view, behind a lost password by e-mail",
            Self::PasswordBehindPassword => "an unknown person's lost password, behind one by e-mail",
            Self::TwoBehindPassword => "two unknown people's lost passwords, behind one by e-mail",
        }
    }

    /// What the portal's file says over its preset for it.
    pub const fn portal(self) -> &'static str {
        match self {
            Self::PasswordByIdentifier => {
                "[recovery.password]\nby = \"identifier\"\nmasked_domains = { \"exemple.example\" = 80, elsewhere = 20 }\n\
                 screen = { intro = { fr = \"Donnez votre identifiant.\" } }\n"
            }
            _ => "",
        }
    }

    /// What is sent before, and not timed.
    pub fn before(self, identifier: &str) -> Option<Vec<u8>> {
        match self {
            Self::PageBehindPassword | Self::PasswordBehindPassword | Self::TwoBehindPassword => {
                Some(lost(&email(identifier)))
            }
            Self::PasswordByEmail | Self::PasswordByIdentifier | Self::Reminder | Self::SignIn => None,
        }
    }

    /// What is timed, one after the other; `turn` is another in each request of a run.
    pub fn timed(self, identifier: &str, turn: usize) -> Vec<Vec<u8>> {
        let nobody = |name: &str| lost(&email(&format!("personne.{name}.{turn}")));
        match self {
            // Nothing here that JSON would write otherwise.
            Self::SignIn => vec![post(
                paths::SESSION,
                &format!(r#"{{"identifier":"{identifier}","password":"Portique#2026-wrong"}}"#),
            )],
            Self::PasswordByEmail => vec![lost(&email(identifier))],
            Self::PasswordByIdentifier => vec![lost(identifier)],
            Self::Reminder => vec![post(paths::RECOVERY_IDENTIFIER, &subject(&email(identifier)))],
            Self::PageBehindPassword => vec![get(paths::PORTAL)],
            Self::PasswordBehindPassword => vec![nobody("nulle.part")],
            Self::TwoBehindPassword => vec![nobody("nulle.part"), nobody("sans.compte")],
        }
    }

    /// The status that everybody gets.
    pub const fn status(self) -> u16 {
        match self {
            Self::SignIn => 401,
            Self::PageBehindPassword => 200,
            Self::PasswordByEmail
            | Self::PasswordByIdentifier
            | Self::Reminder
            | Self::PasswordBehindPassword
            | Self::TwoBehindPassword => 202,
        }
    }
}

/// A lost password asked for.
fn lost(who: &str) -> Vec<u8> {
    post(paths::RECOVERY_PASSWORD, &subject(who))
}

/// Whom a form names. None holds anything that JSON would write otherwise.
fn subject(who: &str) -> String {
    format!(r#"{{"subject":"{who}"}}"#)
}
