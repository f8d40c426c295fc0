//! Lists and answers over HTTP, as a server asks for them.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use portique_test_authority::serve::router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::openssl::Folder;
use crate::samples::{AT, cards, now};

/// A folder whose authorities answer for as long as it is kept.
struct Served {
    folder: Folder,
    address: SocketAddr,
    /// Ends the server when dropped.
    _runtime: Runtime,
}

fn served() -> Served {
    let folder = Folder::new();
    cards(&folder, now(), &["localhost"]);
    let runtime = Runtime::new().expect("threads can be started");
    let listener = runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("some port is free");
    let address = listener.local_addr().expect("it listens");
    let router = router(&folder.path(""), Arc::new(now)).expect("the folder was just written");
    runtime.spawn(async move { axum::serve(listener, router).await });
    Served {
        folder,
        address,
        _runtime: runtime,
    }
}

impl Served {
    /// What `openssl` makes of the answer about a card.
    fn asked(&self, card: &str, authority: &str) -> String {
        let (_, text) = self.folder.openssl(&format!(
            "ocsp {AT} -url http://{}/ocsp -issuer authorities/{authority}.pem -cert cards/{card}.pem \
             -CAfile authorities/fort-racine.pem -verify_other authorities/{authority}.pem",
            self.address
        ));
        text
    }

    /// Status line and body of a file.
    fn get(&self, path: &str) -> (String, Vec<u8>) {
        let answer = self.exchange(path).expect("the server answers");
        let end = answer
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .expect("headers end");
        let head = String::from_utf8_lossy(&answer[..end]);
        let status = head.lines().next().unwrap_or_default().to_owned();
        (status, answer[end + 4..].to_vec())
    }

    fn exchange(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

#[test]
fn a_card_is_good_until_a_line_in_the_folder_revokes_it() {
    let served = served();
    let said = |card: &str, status: &str| {
        let text = served.asked(card, "fort-personnes");
        assert!(text.contains("Response verify OK"), "{text}");
        assert!(
            text.lines().any(|line| line.ends_with(status)),
            "{status}: {text}"
        );
    };
    said("praticienne", "good");
    said("revoquee", "revoked");

    let serial = served
        .folder
        .reads("x509 -in cards/praticienne.pem -noout -serial");
    let line = format!("fort-personnes {}\n", serial.trim().trim_start_matches("serial="));
    fs::write(served.folder.path("revoked.txt"), line).unwrap();
    said("praticienne", "revoked");
    said("revoquee", "good");
}

#[test]
fn each_authority_has_its_list_and_others_have_none() {
    let served = served();
    for (name, lines) in [
        ("fort-personnes", 1),
        ("fort-racine", 0),
        ("elementaire-personnes", 0),
    ] {
        let (status, list) = served.get(&format!("/crl/{name}.crl"));
        assert_eq!(status, "HTTP/1.1 200 OK");
        served.folder.write("list.crl", list);
        let text = served.folder.reads(&format!(
            "crl -inform DER -in list.crl -CAfile authorities/{name}.pem -noout -text"
        ));
        assert!(
            text.contains("verify OK") && text.contains("Next Update: Jan  6 00:00:00 2026"),
            "{text}"
        );
        assert_eq!(text.matches("Serial Number:").count(), lines, "{text}");
    }
    for path in ["/crl/nobody.crl", "/crl/fort-personnes", "/keys/fort-racine.der"] {
        assert_eq!(served.get(path).0, "HTTP/1.1 404 Not Found", "{path}");
    }
}

#[test]
fn a_folder_without_keys_is_not_served_and_none_are_made() {
    let folder = Folder::new();
    assert!(router(&folder.path(""), Arc::new(now)).is_err());
    assert!(!folder.path("keys").exists());
}
