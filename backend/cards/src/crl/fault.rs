//! Why a list of revoked certificates is not taken.

use jiff::Timestamp;

/// Why a list of revoked certificates is not taken. The one before it stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    #[error("it is no list of revoked certificates")]
    Unreadable,
    #[error("it is larger than 256 MB")]
    TooLarge,
    #[error("it is of an authority that is not configured")]
    UnknownAuthority,
    #[error("its signature is not that authority's")]
    WrongSignature,
    #[error("it is signed with an algorithm that is not taken (SHA-1, MD5 …)")]
    WeakSignature,
    #[error("its authority's key is not for signing lists")]
    NotEntitled,
    #[error("it tells only what changed since another list (a delta), which is not understood")]
    Delta,
    #[error("it is of certificates that others issued (an indirect one), which is not understood")]
    Indirect,
    #[error("it has a part that must be understood and is not: {0}")]
    UnknownExtension(String),
    #[error("it does not say when the next one comes")]
    NoNextUpdate,
    #[error("it is of {0}, which is still to come")]
    FromTheFuture(Timestamp),
    #[error("it is older than the one that is known already")]
    Older,
    #[error("it is of «{0}», which none of the files that name this source holds")]
    OtherFile(String),
    #[error("it can't be read: {0}")]
    Storage(String),
    #[error("it is in use, but can't be kept for the next start: {0}")]
    NotKept(String),
    #[error("it can't be fetched: {0}")]
    Fetch(String),
}

impl From<der::Error> for ListFault {
    fn from(_: der::Error) -> Self {
        Self::Unreadable
    }
}
