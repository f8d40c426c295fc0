//! Who may see which screen of the client.

use portique_shared::api::screens;

/// What a session opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The server has not said yet, or could not be asked.
    Pending,
    /// Nobody. Only public pages stay; from the others the client leaves for the sign-in page.
    Anonymous,
    /// A provisional password: its change, and nothing else.
    Restricted,
    Full,
}

/// The kinds of screens, by who may see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody: the portal's pages, an unknown address.
    Public,
    /// A person with a password of their own.
    Person,
    /// The change of password.
    ChangePassword,
    /// The confirmation of a change: true only right after it.
    JustChanged,
}

impl Guard {
    /// Whether the screen is shown; `None` while that cannot be said.
    pub const fn admits(self, access: Access, just_changed: bool) -> Option<bool> {
        match (self, access) {
            // Nothing but the change of password is open, whatever address is tried.
            (_, Access::Restricted) => Some(matches!(self, Self::ChangePassword)),
            (Self::Public, _) | (Self::Person | Self::ChangePassword, Access::Full) => Some(true),
            (Self::JustChanged, Access::Full) => Some(just_changed),
            (_, Access::Pending | Access::Anonymous) => None,
        }
    }
}

/// Where those go who are not admitted.
pub const fn instead(access: Access) -> &'static str {
    match access {
        Access::Restricted => screens::CHANGE_PASSWORD,
        Access::Pending | Access::Anonymous | Access::Full => screens::HOME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Guard; 4] = [
        Guard::Public,
        Guard::Person,
        Guard::ChangePassword,
        Guard::JustChanged,
    ];

    #[test]
    fn a_provisional_password_opens_its_change_and_nothing_else() {
        for guard in ALL {
            let expected = guard == Guard::ChangePassword;
            assert_eq!(
                guard.admits(Access::Restricted, true),
                Some(expected),
                "{guard:?}"
            );
        }
        assert_eq!(instead(Access::Restricted), screens::CHANGE_PASSWORD);
    }

    #[test]
    fn nothing_of_an_account_shows_before_the_server_says_whose_it_is() {
        for access in [Access::Pending, Access::Anonymous] {
            for guard in ALL.into_iter().filter(|guard| *guard != Guard::Public) {
                assert_eq!(guard.admits(access, true), None, "{guard:?}");
            }
            assert_eq!(Guard::Public.admits(access, false), Some(true));
        }
    }

    #[test]
    fn the_confirmation_shows_only_after_a_change() {
        assert_eq!(Guard::JustChanged.admits(Access::Full, false), Some(false));
        assert_eq!(Guard::JustChanged.admits(Access::Full, true), Some(true));
        assert_eq!(instead(Access::Full), screens::HOME);
    }
}
