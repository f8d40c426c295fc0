//! Certificates that a good authority issued, but not for this, or with what is too weak.

use portique_domain::card::CardFault;
use portique_test_authority::{
    Authority, BasicConstraints, Hash, KeyKind, KeyUsages, ObjectIdentifier, Spec, db, unknown_extension,
};

use crate::stage::{Stage, physician, refused};

#[tokio::test]
async fn weak_keys_and_signatures_are_named_as_such() {
    let stage = Stage::new();
    let sha1 = |spec| Spec {
        hash: Hash::Sha1,
        ..spec
    };
    let rsa_signer = Authority::root(Spec::authority("AC RSA").with_key(KeyKind::Rsa2048));
    refused(
        &stage,
        vec![
            (
                "ECDSA with SHA-1",
                CardFault::WeakSignature,
                stage.people.issue(sha1(physician())).chain(),
            ),
            (
                "RSA with SHA-1",
                CardFault::WeakSignature,
                rsa_signer.issue(sha1(physician())).chain(),
            ),
            (
                "RSA of 1024 bits",
                CardFault::WeakKey,
                stage.people.issue(physician().with_key(KeyKind::Rsa1024)).chain(),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_authority_that_was_certified_with_sha_1_vouches_for_nobody() {
    let stage = Stage::new();
    let weak = stage.root.intermediate(Spec {
        hash: Hash::Sha1,
        ..Spec::authority("AC INTERMEDIAIRE FAIBLE")
    });
    let chain = weak.issue(physician()).chain();
    refused(
        &stage,
        vec![("below a weak signature", CardFault::WeakSignature, chain)],
    )
    .await;
}

#[tokio::test]
async fn certificates_for_other_uses_and_of_other_kinds_are_refused() {
    let stage = Stage::new();
    let used = |key_usage: &[KeyUsages]| {
        let spec = Spec {
            key_usage: key_usage.to_vec(),
            ..physician()
        };
        stage.people.issue(spec).chain()
    };
    let purposes = |extended_key_usage: &[ObjectIdentifier]| {
        let spec = Spec {
            extended_key_usage: extended_key_usage.to_vec(),
            ..physician()
        };
        stage.people.issue(spec).chain()
    };
    let critical = Spec {
        extra: vec![unknown_extension(true, 8)],
        ..physician()
    };
    let authority = Spec {
        basic_constraints: Some(BasicConstraints {
            ca: true,
            path_len_constraint: None,
        }),
        ..physician()
    };
    let signature = Spec {
        extended_key_usage: vec![db::rfc5280::ID_KP_CLIENT_AUTH],
        ..Spec::signature(physician().subject)
    };
    let organisation = Spec::organisation("LOGICIEL", "CLINIQUE");
    refused(
        &stage,
        vec![
            (
                "the card's certificate for signatures",
                CardFault::WrongUsage,
                stage.people.issue(Spec::signature(physician().subject)).chain(),
            ),
            (
                "the same with the right purpose",
                CardFault::WrongUsage,
                stage.people.issue(signature).chain(),
            ),
            (
                "one for both",
                CardFault::WrongUsage,
                used(&[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation]),
            ),
            (
                "one for encrypting",
                CardFault::WrongUsage,
                used(&[KeyUsages::KeyEncipherment]),
            ),
            ("one that does not say", CardFault::WrongUsage, used(&[])),
            (
                "a server's",
                CardFault::WrongUsage,
                purposes(&[db::rfc5280::ID_KP_SERVER_AUTH]),
            ),
            (
                "for mail alone",
                CardFault::WrongUsage,
                purposes(&[db::rfc5280::ID_KP_EMAIL_PROTECTION]),
            ),
            (
                "for no purpose in particular",
                CardFault::WrongUsage,
                purposes(&[]),
            ),
            (
                "for any purpose",
                CardFault::WrongUsage,
                purposes(&[ObjectIdentifier::new_unwrap("2.5.29.37.0")]),
            ),
            (
                "an authority's own",
                CardFault::WrongUsage,
                stage.people.issue(authority).chain(),
            ),
            (
                "with a limit that can't be understood",
                CardFault::WrongUsage,
                stage.people.issue(critical).chain(),
            ),
            (
                "the contactless side",
                CardFault::Contactless,
                stage.contactless.issue(physician()).chain(),
            ),
            (
                "an organisation's",
                CardFault::Organisation,
                stage.organisations.issue(organisation).chain(),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_test_authority_issues_nobodys_card() {
    let stage = Stage::new();
    let numbered = |number| {
        let spec = Spec::professional(number, "MARTIN", "Jeanne");
        stage.test_people.issue(spec).chain()
    };
    refused(
        &stage,
        vec![
            ("a person's RPPS", CardFault::TestCard, numbered("810001000206")),
            ("a person's ADELI", CardFault::TestCard, numbered("0061234567")),
            ("no number at all", CardFault::NotANumber, numbered("899700")),
        ],
    )
    .await;
}
