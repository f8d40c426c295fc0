//! Tokens that a browser holds in a cookie: each kind a type of its own, so that none is taken for another.

use sha2::{Digest, Sha256};

use crate::entropy::{Entropy, random_bytes};
use crate::session::TokenHash;

/// A type of 256 random bits, in hexadecimal, of which only the hash is stored.
macro_rules! cookie_token {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub fn generate(entropy: &dyn $crate::entropy::Entropy) -> Self {
                Self($crate::token::generate(entropy))
            }

            /// Takes what a cookie holds, whatever it is: a text that is no token has a hash that nothing has.
            pub fn from_cookie(text: &str) -> Self {
                Self(text.to_owned())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What the database knows of it.
            pub fn hash(&self) -> $crate::session::TokenHash {
                $crate::token::hash(&self.0)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(crate) use cookie_token;

pub(crate) fn generate(entropy: &dyn Entropy) -> String {
    hex::encode(random_bytes::<32>(entropy))
}

pub(crate) fn hash(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}
