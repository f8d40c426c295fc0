//! Answers about one certificate.

use portique_test_authority::{Issued, OcspFault, OcspResponder, Spec, Status};

use crate::openssl::Folder;
use crate::samples::{AT, now, people, physician, root};

fn delegate() -> Issued {
    people().issue(Spec::ocsp_signer("OCSP FORT PERSONNES"))
}

/// What `openssl` makes of the answer to its own request.
fn judged(responder: &OcspResponder) -> String {
    let folder = Folder::new();
    folder.write("root.pem", root().to_pem());
    folder.write("people.pem", people().to_pem());
    folder.write("card.pem", people().issue(physician()).to_pem());
    folder.reads("ocsp -issuer people.pem -cert card.pem -reqout request.der");
    let request = std::fs::read(folder.path("request.der")).expect("openssl wrote it");
    folder.write("answer.der", responder.answer(&request, now()));
    let (_, text) = folder.openssl(&format!(
        "ocsp {AT} -reqin request.der -respin answer.der \
         -CAfile root.pem -verify_other people.pem -resp_text"
    ));
    text
}

fn says(responder: &OcspResponder, expected: &[&str]) {
    let text = judged(responder);
    for expected in expected {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_certificate_is_good_revoked_or_unknown() {
    let responder = OcspResponder::new(people());
    let serial = people().issue(physician()).serial;
    says(&responder, &["Response verify OK", "Cert Status: good"]);
    let revoked = responder.clone().with(&serial, Status::Revoked(now()));
    says(
        &revoked,
        &[
            "Response verify OK",
            "Cert Status: revoked",
            "Revocation Time: Jan  5 00:00:00 2026",
        ],
    );
    let unknown = responder.with(&serial, Status::Unknown);
    says(&unknown, &["Response verify OK", "Cert Status: unknown"]);
}

#[test]
fn certificates_of_another_authority_are_unknown() {
    let serial = people().issue(physician()).serial;
    let other = OcspResponder {
        delegate: Some(delegate()),
        ..OcspResponder::new(root())
    };
    says(&other.with(&serial, Status::Good), &["Cert Status: unknown"]);
}

#[test]
fn a_delegate_of_the_authority_may_answer_and_brings_its_certificate() {
    let responder = OcspResponder {
        delegate: Some(delegate()),
        ..OcspResponder::new(people())
    };
    says(
        &responder,
        &[
            "Response verify OK",
            "Cert Status: good",
            "OCSP Signing",
            "OCSP No Check",
        ],
    );
}

#[test]
fn a_delegate_that_was_not_given_the_task_is_refused() {
    let delegate = Some(people().issue(Spec {
        extended_key_usage: vec![],
        ..physician()
    }));
    let responder = OcspResponder {
        delegate,
        ..OcspResponder::new(people())
    };
    says(
        &responder,
        &["Response Verify Failure", "missing ocspsigning usage"],
    );
}

#[test]
fn the_nonce_comes_back_unless_told_otherwise() {
    let responder = OcspResponder::new(people());
    assert!(!judged(&responder).contains("WARNING: no nonce in response"));
    let silent = OcspResponder {
        echoes_nonce: false,
        ..responder
    };
    says(&silent, &["WARNING: no nonce in response"]);
}

#[test]
fn each_fault_is_seen() {
    for (fault, expected) in [
        (OcspFault::WrongSigner, "Response Verify Failure"),
        (OcspFault::Stale, "Next Update: Jan  4 23:00:00 2026"),
        (OcspFault::Future, "This Update: Jan  6 00:00:00 2026"),
        (OcspFault::WrongCertificate, "Serial Number: 5555555555555555"),
        (OcspFault::WrongNonce, "Nonce Verify error"),
        (OcspFault::WeakSignature, "ecdsa-with-SHA1"),
        (OcspFault::TryLater, "trylater"),
        (OcspFault::Unreadable, "Error reading OCSP response"),
    ] {
        let responder = OcspResponder {
            fault: Some(fault),
            ..OcspResponder::new(people())
        };
        says(&responder, &[expected]);
    }
}

#[test]
fn what_is_no_request_is_answered_as_such() {
    let answer = OcspResponder::new(people()).answer(b"no request", now());
    let folder = Folder::new();
    folder.write("answer.der", answer);
    let (_, text) = folder.openssl("ocsp -respin answer.der -noverify -resp_text");
    assert!(text.contains("malformedrequest"), "{text}");
}
