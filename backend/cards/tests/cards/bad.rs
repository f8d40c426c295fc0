//! Certificates that open nothing, each refused by its own fault.

use jiff::SignedDuration;
use portique_domain::card::{CardFault, CardJudge, Presented};
use portique_test_authority::{
    Authority, BasicConstraints, Hash, Key, KeyKind, KeyUsages, ObjectIdentifier, Period, Spec, db,
    unknown_extension,
};

use crate::stage::{Stage, judge, noon, physician};

/// A key that nobody vouched for.
fn stranger() -> Key {
    Key::of("stranger", KeyKind::P256)
}

/// Judges each, and complains of all that were not refused as they should be.
async fn refused(stage: &Stage, cases: Vec<(&str, CardFault, Vec<Vec<u8>>)>) {
    let cards = stage.cards().await;
    let mut wrong = Vec::new();
    for (sentence, fault, chain) in cases {
        let found = judge(&cards, chain, noon()).await;
        if found != Err(fault) {
            wrong.push(format!("{sentence}: {fault:?} expected, {found:?} found"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn bytes_that_are_no_certificate_are_told_apart_from_too_many() {
    let stage = Stage::new();
    let good = stage.people.issue(physician()).certificate;
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut der = good.clone();
        change(&mut der);
        vec![der]
    };
    let large = stage.people.issue(Spec {
        extra: vec![unknown_extension(false, 17 * 1024)],
        ..physician()
    });
    refused(
        &stage,
        vec![
            ("no card", CardFault::NotPresented, vec![]),
            ("an empty certificate", CardFault::Unreadable, vec![vec![]]),
            ("text", CardFault::Unreadable, vec![b"no certificate".to_vec()]),
            (
                "a byte behind it",
                CardFault::Unreadable,
                with(&|der| der.push(0)),
            ),
            ("a byte less", CardFault::Unreadable, with(&|der| drop(der.pop()))),
            (
                "twice the same, joined",
                CardFault::Unreadable,
                with(&|der| der.extend(good.clone())),
            ),
            (
                "a length that is not told",
                CardFault::Unreadable,
                with(&|der| der[1] = 0x80),
            ),
            (
                "garbage beside a good one",
                CardFault::Unreadable,
                vec![good.clone(), b"no certificate".to_vec()],
            ),
            ("one of 17 KB", CardFault::TooLarge, large.chain()),
            (
                "a large one beside a good one",
                CardFault::TooLarge,
                vec![good.clone(), vec![0; 17 * 1024]],
            ),
            ("a chain of seven", CardFault::TooLarge, vec![good.clone(); 7]),
            (
                "a chain of thousands",
                CardFault::TooLarge,
                vec![good.clone(); 5000],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_good_card_whose_handshake_was_not_proved_is_refused() {
    let stage = Stage::new();
    let presented = Presented {
        chain: stage.people.issue(physician()).chain(),
        is_proved: false,
    };
    let found = stage.cards().await.judge(&presented, noon()).await;
    assert_eq!(found, Err(CardFault::NotProved));
}

#[tokio::test]
async fn out_of_its_time_a_certificate_is_refused_to_the_second() {
    let stage = Stage::new();
    let second = SignedDuration::from_secs(1);
    let valid = |from, until| {
        let spec = Spec {
            valid: Period { from, until },
            ..physician()
        };
        stage.people.issue(spec).chain()
    };
    let year = Period::years(2025, 2028);
    refused(
        &stage,
        vec![
            ("expired years ago", CardFault::Expired, {
                let valid = Period::years(2020, 2023);
                stage.people.issue(Spec { valid, ..physician() }).chain()
            }),
            (
                "expired a second ago",
                CardFault::Expired,
                valid(year.from, noon() - second),
            ),
            (
                "good in a second",
                CardFault::NotYetValid,
                valid(noon() + second, year.until),
            ),
            ("good in a year", CardFault::NotYetValid, {
                let valid = Period::years(2027, 2029);
                stage.people.issue(Spec { valid, ..physician() }).chain()
            }),
        ],
    )
    .await;
    for chain in [valid(noon(), year.until), valid(year.from, noon())] {
        assert!(stage.judge(chain).await.is_ok());
    }
}

#[tokio::test]
async fn an_authoritys_own_time_counts_too() {
    let mut stage = Stage::new();
    let old = stage.root.intermediate(Spec {
        valid: Period::years(2013, 2026),
        ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
    });
    stage.people_file().bytes = old.to_pem().into_bytes();
    let chain = old.issue(physician()).chain();
    refused(&stage, vec![("an expired authority", CardFault::Expired, chain)]).await;
}

#[tokio::test]
async fn what_no_configured_authority_issued_is_refused() {
    let stage = Stage::new();
    let strange_root = Authority::root(Spec::authority("AC ETRANGERE"));
    let strange = strange_root.intermediate(Spec::authority("AC ETRANGERE PERSONNES"));
    let expired = Spec {
        valid: Period::years(2020, 2023),
        ..physician()
    };
    // Of the names that are believed, by a key that is not.
    let impostor_root = Authority::root(Spec {
        key: stranger(),
        ..Spec::authority("AC RACINE IGC-SANTE FORT")
    });
    let impostor = impostor_root.intermediate(Spec {
        key: stranger(),
        ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
    });
    let alone = Authority::root(Spec {
        basic_constraints: None,
        ..physician()
    });
    let unlisted = stage.root.intermediate(Spec::authority("AC IGC-SANTE NOUVELLE"));
    refused(
        &stage,
        vec![
            (
                "another nation's",
                CardFault::UnknownAuthority,
                strange.issue(physician()).chain(),
            ),
            (
                "another nation's, its root shown along",
                CardFault::UnknownAuthority,
                {
                    let card = strange.issue(physician());
                    vec![
                        card.certificate,
                        strange.certificate().to_vec(),
                        strange_root.certificate().to_vec(),
                    ]
                },
            ),
            (
                "unknown and expired",
                CardFault::UnknownAuthority,
                strange.issue(expired).chain(),
            ),
            (
                "signed by itself",
                CardFault::UnknownAuthority,
                alone.issued.chain(),
            ),
            (
                "of an authority below the root that no file names",
                CardFault::UnknownAuthority,
                unlisted.issue(physician()).chain(),
            ),
            (
                "of the same name, by another key",
                CardFault::BrokenChain,
                vec![impostor.issue(physician()).certificate],
            ),
            (
                "of the same names up to the root, by another key",
                CardFault::BrokenChain,
                impostor.issue(physician()).chain(),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_chain_that_breaks_on_the_way_is_refused() {
    let stage = Stage::new();
    let mut altered = stage.people.issue(physician()).certificate;
    *altered.last_mut().unwrap() ^= 1;
    let forged = stage.people.issue(Spec {
        signed_by: Some(stranger()),
        ..physician()
    });
    // Whoever holds a card issues more of them.
    let holder = stage.people.intermediate(physician());
    let no_signer = stage.root.intermediate(Spec {
        key_usage: vec![KeyUsages::CRLSign],
        ..Spec::authority("AC SANS DROIT")
    });
    let short = stage.root.intermediate(Spec {
        basic_constraints: Some(BasicConstraints {
            ca: true,
            path_len_constraint: Some(0),
        }),
        ..Spec::authority("AC COURTE")
    });
    let below_short = short.intermediate(Spec::authority("AC SOUS LA COURTE"));
    refused(
        &stage,
        vec![
            ("an altered signature", CardFault::BrokenChain, vec![altered]),
            ("a forged signature", CardFault::BrokenChain, forged.chain()),
            (
                "issued with a card",
                CardFault::BrokenChain,
                holder
                    .issue(Spec::professional("810004567899", "DURAND", "Paul"))
                    .chain(),
            ),
            (
                "by an authority that may issue none",
                CardFault::BrokenChain,
                no_signer.issue(physician()).chain(),
            ),
            (
                "below an authority that is the last",
                CardFault::BrokenChain,
                below_short.issue(physician()).chain(),
            ),
            (
                "by a root, which issues to authorities",
                CardFault::BrokenChain,
                stage.root.issue(physician()).chain(),
            ),
        ],
    )
    .await;
}

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
