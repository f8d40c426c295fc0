//! Serial numbers, and sorted tables of them.

/// A serial number: 20 bytes at most (RFC 5280, 4.1.2.2), its leading zeros kept, so that equal numbers are equal bytes.
///
/// A negative one, which no authority may give, has the bytes of a positive one: that can only revoke too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Serial([u8; 20]);

impl Serial {
    /// Reads an INTEGER's value; `None` for one that is longer.
    pub(crate) fn from_integer(bytes: &[u8]) -> Option<Self> {
        let leading = bytes.iter().take_while(|byte| **byte == 0).count();
        let digits = &bytes[leading..];
        let mut padded = [0; 20];
        let start = padded.len().checked_sub(digits.len())?;
        padded[start..].copy_from_slice(digits);
        Some(Self(padded))
    }

    /// In hexadecimal, in whole bytes and without leading ones that are zero.
    pub(crate) fn to_hex(self) -> String {
        let leading = self.0.iter().take_while(|byte| **byte == 0).count().min(19);
        hex::encode(&self.0[leading..])
    }
}

/// Many serial numbers, 20 bytes each, found by bisection.
#[derive(Debug, Default)]
pub(crate) struct Serials(Vec<Serial>);

impl Serials {
    pub(crate) fn contains(&self, serial: Serial) -> bool {
        self.0.binary_search(&serial).is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl From<Vec<Serial>> for Serials {
    fn from(mut serials: Vec<Serial>) -> Self {
        serials.sort_unstable();
        serials.dedup();
        serials.shrink_to_fit();
        Self(serials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(bytes: &[u8]) -> Serial {
        Serial::from_integer(bytes).expect("a serial number")
    }

    #[test]
    fn leading_zeros_make_no_other_number() {
        assert_eq!(serial(&[0, 0xff]), serial(&[0xff]));
        assert_ne!(serial(&[1, 0]), serial(&[1]));
        assert_eq!(serial(&[0; 30]), serial(&[]));
        assert_eq!(Serial::from_integer(&[1; 21]), None);
    }

    #[test]
    fn a_number_is_written_in_whole_bytes() {
        assert_eq!(serial(&[0, 0x0a, 0xbc]).to_hex(), "0abc");
        assert_eq!(serial(&[0]).to_hex(), "00");
        assert_eq!(serial(&[0x7f; 20]).to_hex().len(), 40);
    }

    #[test]
    fn a_table_holds_what_was_put_into_it_and_nothing_else() {
        let table = Serials::from(vec![serial(&[3]), serial(&[1]), serial(&[3]), serial(&[9, 9])]);
        assert_eq!(table.len(), 3);
        for present in [&[1][..], &[3], &[9, 9]] {
            assert!(table.contains(serial(present)));
        }
        for absent in [&[2][..], &[9], &[9, 9, 9]] {
            assert!(!table.contains(serial(absent)));
        }
    }
}
