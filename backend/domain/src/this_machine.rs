//! What leaves this machine in clear, and what does not.

use core::net::IpAddr;

/// Whether a host (a name or an address, with or without port) is this machine itself, so that nobody stands on the way.
/// Names under `localhost` are reserved for it (RFC 6761).
pub fn is_this_machine(host: &str) -> bool {
    let name = name_of(host);
    let unbracketed = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |text: &str| text.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let name = name.to_ascii_lowercase();
    is_loopback(host) || is_loopback(unbracketed) || name == "localhost" || name.ends_with(".localhost")
}

fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_every_name_that_it_has() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost:8080",
            "paca.localhost:8080",
            "127.0.0.1",
            "127.1.2.3:25",
            "::1",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn another_machine_is_not_this_one_whatever_its_name_holds() {
        for host in [
            "",
            "mail.example.org",
            "localhost.example.org",
            "notlocalhost",
            "127.0.0.1.example.org",
            "10.0.0.5",
            "2001:db8::1",
            "[2001:db8::1]:8080",
            "localhost:port",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
