//! How a portal's file takes away what its preset has: `false` in a table's place, `"none"` for a captcha.
//!
//! A file that is laid over another can add and replace; without a word for «none of it» it could never offer less.

use core::fmt;
use core::marker::PhantomData;

use portique_shared::api::captcha::CaptchaKind;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A table, or `None` for `false`.
pub(super) fn unless_false<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Offered(PhantomData))
}

struct Offered<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Offered<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a table, or false where it is not offered")
    }

    fn visit_bool<E: Error>(self, offered: bool) -> Result<Self::Value, E> {
        if offered {
            // How it looks must be said.
            Err(E::invalid_value(Unexpected::Bool(true), &self))
        } else {
            Ok(None)
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(table)).map(Some)
    }
}

/// A captcha, or `None` for `"none"`.
pub(super) fn captcha<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CaptchaKind>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Choice {
        None,
        Picture,
        Proof,
    }
    Ok(match Choice::deserialize(deserializer)? {
        Choice::None => None,
        Choice::Picture => Some(CaptchaKind::Picture),
        Choice::Proof => Some(CaptchaKind::Proof),
    })
}
