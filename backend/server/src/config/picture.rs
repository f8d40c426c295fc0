//! Pictures of services: shipped with the client, or a file beside the portal's own.

use std::fs;
use std::path::Path;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

/// Larger than any pictogram; a photograph would weigh on every home page.
const MAX_BYTES: u64 = 256 * 1024;

/// A picture that the operator added, read when the server starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `/pictures/0123456789abcdef.svg`: named by its content, so that browsers can keep it for ever.
    pub path: String,
    pub media_type: &'static str,
    pub bytes: Bytes,
}

impl Picture {
    /// Reads the file `name` in `folder`.
    ///
    /// # Errors
    /// What was expected, in words.
    pub(super) fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let path = folder.join(name);
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let media_type = match extension {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            _ => {
                return Err(format!(
                    "found «{name}», expected a .svg, .png, .jpg or .webp file, or a path of the client such as /services/agenda.svg"
                ));
            }
        };
        let size = fs::metadata(&path)
            .map_err(|error| format!("expected a readable file, {}: {error}", path.display()))?
            .len();
        if size > MAX_BYTES {
            return Err(format!(
                "expected {MAX_BYTES} bytes at most, {} has {size}",
                path.display()
            ));
        }
        let bytes = fs::read(&path)
            .map_err(|error| format!("expected a readable file, {}: {error}", path.display()))?;
        let digest = hex::encode(&Sha256::digest(&bytes)[..8]);
        Ok(Self {
            path: format!("/pictures/{digest}.{extension}"),
            media_type,
            bytes: bytes.into(),
        })
    }
}
