//! From a file's bytes to text: UTF-8, else what Excel writes in France.

use core::fmt;
use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// How a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    Utf8,
    /// Excel's «texte Unicode», told by its mark.
    Utf16,
    /// What is not UTF-8 and bears no mark.
    Windows1252,
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

/// Reads text, without its byte order mark if it has one. `None` when a marked encoding is broken.
///
/// Every byte means something in Windows-1252, so a file that is not UTF-8 is always read; that letters with accents
/// are hardly ever valid UTF-8 by chance makes the guess a good one.
pub(crate) fn decode(bytes: &[u8]) -> Option<(Cow<'_, str>, TextEncoding)> {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])?;
            let read_as = if encoding == encoding_rs::UTF_8 {
                TextEncoding::Utf8
            } else {
                TextEncoding::Utf16
            };
            Some((text, read_as))
        }
        None => Some(match str::from_utf8(bytes) {
            Ok(text) => (text.into(), TextEncoding::Utf8),
            Err(_) => (
                WINDOWS_1252.decode_without_bom_handling(bytes).0,
                TextEncoding::Windows1252,
            ),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_read_from_each_encoding() {
        let utf16: Vec<u8> = "\u{feff}Hélène"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, encoding) in [
            ("Hélène".as_bytes(), TextEncoding::Utf8),
            ("\u{feff}Hélène".as_bytes(), TextEncoding::Utf8),
            (b"H\xe9l\xe8ne".as_slice(), TextEncoding::Windows1252),
            (&utf16, TextEncoding::Utf16),
        ] {
            assert_eq!(decode(bytes), Some(("Hélène".into(), encoding)));
        }
    }

    #[test]
    fn a_mark_that_lies_is_noticed() {
        assert_eq!(decode(b"\xef\xbb\xbfH\xe9l\xe8ne"), None);
    }
}
