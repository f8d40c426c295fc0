//! A session as its holder sees it.

use jiff::Timestamp;
use portique_domain::session::{SessionOf, SessionScope};
use portique_shared::api::session::{PersonView, SessionState, SessionView};

/// The state of a signed-in browser at `now`.
pub(super) fn signed_in(of: &SessionOf, now: Timestamp) -> SessionState {
    SessionState::SignedIn(session_view(of, now))
}

pub(super) fn session_view(of: &SessionOf, now: Timestamp) -> SessionView {
    let SessionOf { session, account } = of;
    SessionView {
        person: PersonView {
            identifier: account.record.identifier.to_string(),
            display_name: account.record.display_name(),
            privileged: account.record.privileges.any(),
        },
        password_change_required: session.scope == SessionScope::PasswordChange,
        last_sign_in_at: session.previous_sign_in_at.map(|at| at.to_string()),
        now: now.to_string(),
        idle_expires_at: session.idle_expires_at.to_string(),
        absolute_expires_at: session.absolute_expires_at.to_string(),
    }
}
