//! Extensions, walked without copying: a list may have one for each of a million certificates.

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag};

use crate::signature::value;

use super::fault::ListFault;

/// Calls `each` with identifier, criticality and value of every extension in `list`, the value of a SEQUENCE of them.
pub(super) fn walk<'a>(
    list: &'a [u8],
    mut each: impl FnMut(ObjectIdentifier, bool, &'a [u8]) -> Result<(), ListFault>,
) -> Result<(), ListFault> {
    let mut list = SliceReader::new(list)?;
    while !list.is_finished() {
        let mut extension = SliceReader::new(value(&mut list, Tag::Sequence)?)?;
        let identifier = ObjectIdentifier::decode(&mut extension)?;
        let is_critical = match extension.peek_tag()? {
            Tag::Boolean => bool::decode(&mut extension)?,
            _ => false,
        };
        let content = OctetStringRef::decode(&mut extension)?;
        extension.finish(())?;
        each(identifier, is_critical, content.as_bytes())?;
    }
    Ok(())
}
