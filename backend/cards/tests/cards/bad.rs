//! Certificates that open nothing, each refused by its own fault.

use jiff::SignedDuration;
use portique_domain::card::{CardFault, CardJudge, Presented};
use portique_test_authority::{
    Authority, BasicConstraints, Hash, Key, KeyKind, KeyUsages, Period, Spec, db, extension,
    unknown_extension,
};

use crate::stage::{Stage, noon, physician, refused};

/// A key that nobody vouched for.
fn stranger() -> Key {
    Key::of("stranger", KeyKind::P256)
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
    let twice = stage.people.issue(Spec {
        extra: vec![extension(db::rfc5280::ID_CE_KEY_USAGE, true, vec![3, 2, 7, 0x80])],
        ..physician()
    });
    refused(
        &stage,
        vec![
            ("its usage said twice", CardFault::Unreadable, twice.chain()),
            ("no card", CardFault::NotPresented, vec![]),
            ("an empty certificate", CardFault::Unreadable, vec![vec![]]),
            ("text", CardFault::Unreadable, vec![b"no certificate".to_vec()]),
            (
                "a byte behind it",
                CardFault::Unreadable,
                with(&|der| der.push(0)),
            ),
            (
                "a byte less",
                CardFault::Unreadable,
                with(&|der| der.truncate(der.len() - 1)),
            ),
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
async fn what_tls_can_verify_no_handshake_with_is_named_before_the_want_of_proof() {
    let stage = Stage::new();
    let cards = stage.cards().await;
    let unknown_limit = Spec {
        extra: vec![unknown_extension(true, 8)],
        ..physician()
    };
    let sha1 = Spec {
        hash: Hash::Sha1,
        ..physician()
    };
    for (spec, fault) in [
        (physician().with_key(KeyKind::Rsa1024), CardFault::WeakKey),
        (sha1, CardFault::WeakSignature),
        (unknown_limit, CardFault::WrongUsage),
    ] {
        let presented = Presented {
            chain: stage.people.issue(spec).chain(),
            is_proved: false,
        };
        assert_eq!(cards.judge(&presented, noon()).await, Err(fault));
    }
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
    // The algorithm beside the signature is not the one that was signed: ECDSA with SHA-384 in the place of SHA-256.
    let mut renamed = stage.people.issue(physician()).certificate;
    let algorithm = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let place = renamed
        .windows(8)
        .rposition(|window| window == algorithm)
        .expect("its name");
    renamed[place + 7] = 3;
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
            (
                "another algorithm beside it",
                CardFault::BrokenChain,
                vec![renamed],
            ),
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
