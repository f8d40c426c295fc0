//! Certificates as proxies write them into headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::HeaderFormat;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Of no more than any card has is read: the judge refuses more.
const MOST: usize = 16;

/// The certificates in DER; none where the proxy says that there was none. `None` for what is no certificate's text: whether it is
/// a certificate is the judge's affair.
pub(super) fn certificates(value: &str, format: HeaderFormat) -> Option<Vec<Vec<u8>>> {
    match format {
        HeaderFormat::Rfc9440 => item(value).map(|der| vec![der]),
        HeaderFormat::Haproxy => base64(value).map(|der| vec![der]),
        HeaderFormat::Nginx => pem(&unescaped(value)?),
        // What mod_headers writes where a variable is not set.
        HeaderFormat::Apache if value == "(null)" => Some(Vec::new()),
        HeaderFormat::Apache => pem(value),
    }
}

/// `Client-Cert-Chain`: a list of byte sequences (RFC 8941).
pub(super) fn list(value: &str) -> Option<Vec<Vec<u8>>> {
    let items = value.split(',').take(MOST);
    items.map(|text| item(text.trim())).collect()
}

/// `:base64:`.
fn item(value: &str) -> Option<Vec<u8>> {
    base64(value.strip_prefix(':')?.strip_suffix(':')?)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok().filter(|der| !der.is_empty())
}

/// One certificate or several, one after the other; the lines may end in anything that is white, blanks among it.
fn pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut rest = text.trim();
    let mut found = Vec::new();
    while !rest.is_empty() && found.len() < MOST {
        let (body, after) = rest.strip_prefix(BEGIN)?.split_once(END)?;
        let body: String = body.split_whitespace().collect();
        found.push(base64(&body)?);
        rest = after.trim_start();
    }
    Some(found)
}

/// `%0A` and its like read; anything else stands for itself.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.extend(hex::decode(digits).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DER: &[u8] = &[0x30, 0x03, 0xfb, 0xff, 0xfe];

    fn lines(end: &str) -> String {
        let body = STANDARD.encode(DER);
        let (first, second) = body.split_at(4);
        format!("{BEGIN}{end}{first}{end}{second}{end}{END}{end}")
    }

    fn escaped(text: &str) -> String {
        let escape = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(escape).collect()
    }

    fn read(value: &str, format: HeaderFormat) -> Option<Vec<Vec<u8>>> {
        certificates(value, format)
    }

    #[test]
    fn the_same_certificate_is_read_from_each_format() {
        let expected = Some(vec![DER.to_vec()]);
        let base64 = STANDARD.encode(DER);
        assert_eq!(read(&format!(":{base64}:"), HeaderFormat::Rfc9440), expected);
        assert_eq!(read(&base64, HeaderFormat::Haproxy), expected);
        assert_eq!(read(&escaped(&lines("\n")), HeaderFormat::Nginx), expected);
        assert_eq!(read(&lines(" "), HeaderFormat::Apache), expected);
        assert_eq!(read(lines(" ").trim(), HeaderFormat::Apache), expected);
    }

    #[test]
    fn a_chain_is_a_list_in_the_order_of_its_header() {
        let base64 = STANDARD.encode(DER);
        let chain = format!(":{base64}:,  :MAA=:");
        assert_eq!(list(&chain), Some(vec![DER.to_vec(), vec![0x30, 0]]));
        assert_eq!(list(":MAA=:,"), None);
        assert_eq!(list("MAA="), None);
    }

    #[test]
    fn apaches_word_for_nothing_is_nothing() {
        assert_eq!(read("(null)", HeaderFormat::Apache), Some(Vec::new()));
        assert_eq!(read("(null)", HeaderFormat::Haproxy), None);
    }

    #[test]
    fn what_is_no_certificates_text_is_not_read() {
        for nonsense in [
            "no sense",
            "::",
            ":MAA=",
            "%",
            "%4",
            "%zz",
            "%FF%FE",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE----- MAA= -----END CERTIFICATE----- more",
            "-----BEGIN PRIVATE KEY----- MAA= -----END PRIVATE KEY-----",
            "é",
        ] {
            for format in [
                HeaderFormat::Rfc9440,
                HeaderFormat::Nginx,
                HeaderFormat::Apache,
                HeaderFormat::Haproxy,
            ] {
                assert_eq!(read(nonsense, format), None, "{nonsense} {format:?}");
            }
        }
    }
}
