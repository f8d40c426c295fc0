//! The command line.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use crate::openssl::Folder;
use crate::samples::{cards, now};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portique-test-authority"));
    command.args(arguments);
    command
}

fn ended(arguments: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments).output().expect("cargo built it");
    (
        status.success(),
        String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
    )
}

/// Ended when the test ends, however that is.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn make_writes_for_the_day_and_the_hosts_that_it_is_told() {
    let folder = Folder::new();
    cards(&folder, now(), &["localhost"]);
    let into = folder.path("");
    let (well, text) = ended(&[
        "make",
        "--into",
        into.to_str().unwrap(),
        "--at",
        "2031-05-17",
        "--host",
        "carte.example",
        "--url",
        "http://127.0.0.1:1",
    ]);
    assert!(well, "{text}");
    let card = folder.reads("x509 -in cards/praticienne.pem -noout -text");
    assert!(card.contains("Not After : Jan  1 00:00:00 2033 GMT"), "{card}");
    assert!(
        card.contains("URI:http://127.0.0.1:1/crl/fort-personnes.crl"),
        "{card}"
    );
    let host = folder.reads("x509 -in server/card-host.pem -noout -text");
    assert!(host.contains("DNS:carte.example"), "{host}");
}

#[test]
fn what_goes_wrong_is_told_in_one_line() {
    let folder = Folder::new();
    folder.write("file", "in the way");
    let file = folder.path("file");
    let file = file.to_str().unwrap();
    for (arguments, expected) in [
        (["make", "--into", file], "can't be written"),
        (["serve", "--from", file], "is no folder that `make` wrote"),
    ] {
        let (well, text) = ended(&arguments);
        assert!(!well && text.contains(expected), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    let (well, text) = ended(&["make", "--into", file, "--at", "yesterday"]);
    assert!(!well && text.contains("--at"), "{text}");
}

#[test]
fn serve_says_where_it_answers() {
    let folder = Folder::new();
    cards(&folder, now(), &["localhost"]);
    let from = folder.path("");
    let mut child = command(&["serve", "--from", from.to_str().unwrap(), "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    let _running = Running(child);
    let address = said.trim().strip_prefix("Listening on http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /crl/fort-personnes.crl HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
}
