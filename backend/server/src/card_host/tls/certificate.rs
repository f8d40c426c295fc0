//! The server's own certificate, read anew when its file changes: it is renewed every few weeks, and nobody starts a server
//! anew for it.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use tokio_rustls::rustls::sign::SingleCertAndKey;

use crate::config::{ServerFiles, ServerFilesFault};

/// What the server shows: it has one name.
pub(super) type Identity = Arc<SingleCertAndKey>;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Written {
    certificate: SystemTime,
    key: Option<SystemTime>,
}

impl Written {
    /// When the files were written last.
    fn of(files: &ServerFiles) -> Option<Self> {
        let modified = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified());
        Some(Self {
            certificate: modified(&files.certificate).ok()?,
            key: files.key.as_ref().map(modified).transpose().ok()?,
        })
    }
}

/// The certificate as it was read last.
#[derive(Clone)]
pub(super) struct Served {
    files: ServerFiles,
    held: Arc<RwLock<Held>>,
}

struct Held {
    identity: Identity,
    written: Option<Written>,
    /// What can't be used.
    warned_of: Option<Written>,
}

impl Served {
    pub(super) fn new(files: ServerFiles) -> Result<Self, ServerFilesFault> {
        let written = Written::of(&files);
        let identity = Arc::new(SingleCertAndKey::from(files.read()?));
        Ok(Self {
            files,
            held: Arc::new(RwLock::new(Held {
                identity,
                written,
                warned_of: None,
            })),
        })
    }

    /// What the files hold now; what they held before where they can't be used, as in the moment between the two being written.
    pub(super) async fn current(&self) -> Identity {
        let served = self.clone();
        let read = tokio::task::spawn_blocking(move || served.reread()).await;
        read.unwrap_or_else(|_| self.held())
    }

    fn held(&self) -> Identity {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.identity)
    }

    fn reread(&self) -> Identity {
        let written = Written::of(&self.files);
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if written.is_none() || held.written == written {
                return Arc::clone(&held.identity);
            }
        }
        match self.files.read() {
            Ok(certified) => {
                tracing::info!("the card host's certificate was read anew");
                let identity = Arc::new(SingleCertAndKey::from(certified));
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                *held = Held {
                    identity: Arc::clone(&identity),
                    written,
                    warned_of: None,
                };
                identity
            }
            Err(fault) => {
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                // Once for each time that it was written.
                if held.warned_of != written {
                    tracing::warn!(%fault, "the card host's new certificate can't be used: the one before is shown");
                    held.warned_of = written;
                }
                Arc::clone(&held.identity)
            }
        }
    }
}
