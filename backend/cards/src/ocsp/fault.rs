//! Why an OCSP answer is not taken.

/// Why an OCSP answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OcspFault {
    #[error("the answer can't be read")]
    Unreadable,
    #[error("the responder gives no answer")]
    NoAnswer,
    #[error("the answer is not signed by who may answer")]
    WrongSigner,
    #[error(
        "no list says that who signed the answer may still do so, nor does their certificate (id-pkix-ocsp-nocheck)"
    )]
    UnlistedSigner,
    #[error("the answer is signed with an algorithm that is not taken")]
    WeakSignature,
    #[error("the answer is of another certificate")]
    OtherCertificate,
    #[error("the answer is to another question")]
    OtherQuestion,
    #[error("the answer is too old")]
    Stale,
    #[error("the answer is of a time to come")]
    FromTheFuture,
    #[error("the answer has a part that must be understood and is not")]
    UnknownExtension,
}

impl From<der::Error> for OcspFault {
    fn from(_: der::Error) -> Self {
        Self::Unreadable
    }
}
