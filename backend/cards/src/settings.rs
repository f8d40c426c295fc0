//! What the installation says of cards.

use std::path::PathBuf;

use jiff::SignedDuration;

use crate::trust::AuthorityFile;

/// What the installation says of cards.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where fetched lists outlive a restart.
    pub folder: PathBuf,
    /// How long a list is believed past its next update, and a responder's last "good" once it fails.
    pub grace: SignedDuration,
    /// How often lists are fetched.
    pub refresh: SignedDuration,
    pub authorities: Vec<AuthorityFile>,
}
