//! Parsed types: a value of one of them is well formed, wherever it came from.

mod email;
mod identifier;
mod national_id;
mod one_time_code;
mod phone;

pub use email::{EmailAddress, InvalidEmail};
pub use identifier::{Identifier, InvalidIdentifier, MAX_IDENTIFIER_CHARS, is_invisible};
pub use national_id::{InvalidNationalId, NationalId};
pub use one_time_code::{CODE_DIGITS, InvalidCode, OneTimeCode};
pub use phone::{InvalidPhone, PhoneNumber};

/// Gives a type that wraps one parsed string its usual traits: it reads and shows as that string.
macro_rules! string_type {
    ($name:ident, $error:ident) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
use string_type;
