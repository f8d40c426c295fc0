//! Lists that are not taken, and lists that do not speak of every card.

use portique_domain::card::CardFault;
use portique_test_authority::{
    Authority, CrlSpec, Hash, Key, KeyKind, KeyUsages, ObjectIdentifier, Spec, Urls, db, extension,
    issuing_point,
};

use crate::stage::{PEOPLE_LIST, Stage, failure, hours, judge, list, noon, physician};

/// What becomes of a list that is put in the place of a good one which revokes Claire's card.
async fn refused_list(stage: &Stage, bad: Vec<u8>) -> String {
    let card = stage.people.issue(physician());
    stage.net.put(PEOPLE_LIST, stage.list_of(5, &[&card]));
    let cards = stage.cards().await;
    stage.net.put(PEOPLE_LIST, bad);
    let later = noon() + hours(2);
    cards.refresh_due(later).await;
    assert_eq!(
        judge(&cards, card.chain(), later).await,
        Err(CardFault::Revoked),
        "the good list stays"
    );
    // Nor does it come back from the disk.
    let again = stage.open_at(later);
    assert_eq!(
        judge(&again, card.chain(), later).await,
        Err(CardFault::Revoked),
        "it stays on disk too"
    );
    failure(&cards).expect("a reason")
}

/// Puts each in the place of a good list, and complains of all that were not refused as they should be.
async fn none_taken(cases: Vec<(&str, Vec<u8>, &str)>) {
    let mut wrong = Vec::new();
    for (sentence, bad, expected) in cases {
        let found = refused_list(&Stage::new(), bad).await;
        if !found.contains(expected) {
            wrong.push(format!("{sentence}: {expected:?} expected, {found:?} found"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_bad_list_never_takes_the_place_of_a_good_one() {
    let stage = Stage::new();
    let people = &stage.people;
    let signed = |spec: CrlSpec| people.crl(&spec, &[]);
    let mut altered = signed(list(6));
    *altered.last_mut().unwrap() ^= 1;
    let mut longer = signed(list(6));
    longer.push(0);
    let stranger = Some(Key::of("stranger", KeyKind::P256));
    let same_name = Authority::root(Spec {
        key: Key::of("another", KeyKind::P256),
        ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
    });
    let soon = noon() + hours(3);
    none_taken(vec![
        ("no list", b"404 not found".to_vec(), "it is no list"),
        ("nothing", vec![], "it is no list"),
        ("a certificate", people.certificate().to_vec(), "it is no list"),
        ("a byte more", longer, "it is no list"),
        (
            "an altered signature",
            altered,
            "its signature is not that authority's",
        ),
        (
            "a forged one",
            signed(CrlSpec {
                signed_by: stranger,
                ..list(6)
            }),
            "its signature is not",
        ),
        (
            "of the same name, by another key",
            same_name.crl(&list(6), &[]),
            "its signature is not",
        ),
        (
            "of an unknown authority",
            Authority::root(Spec::authority("AC ETRANGERE")).crl(&list(6), &[]),
            "it is of an authority that is not configured",
        ),
        (
            "SHA-1",
            signed(CrlSpec {
                hash: Hash::Sha1,
                ..list(6)
            }),
            "an algorithm that is not taken",
        ),
        (
            "without end",
            signed(CrlSpec {
                next_update: None,
                ..list(6)
            }),
            "does not say when the next one",
        ),
        (
            "of the future",
            signed(CrlSpec {
                number: 6,
                ..CrlSpec::new(soon, soon + hours(24))
            }),
            "which is still to come",
        ),
        (
            "that ends before it begins",
            signed(CrlSpec {
                number: 6,
                ..CrlSpec::new(noon(), noon() - hours(1))
            }),
            "it is no list",
        ),
        (
            "an older number",
            signed(list(4)),
            "it is older than the one that is known",
        ),
        (
            "of another configured authority",
            stage.root.crl(&list(6), &[]),
            "which none of the files that name this source holds",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_list_that_says_less_than_it_seems_to_is_not_taken() {
    let people = Stage::new().people;
    let with = |critical, id: &str, content: Vec<u8>| {
        let id = ObjectIdentifier::new_unwrap(id);
        let extra = vec![extension(id, critical, content)];
        people.crl(&CrlSpec { extra, ..list(6) }, &[])
    };
    let of_point = |content: &[u8]| with(true, "2.5.29.28", content.to_vec());
    none_taken(vec![
        ("a delta", with(true, "2.5.29.27", vec![2, 1, 1]), "a delta"),
        (
            "a delta that does not insist",
            with(false, "2.5.29.27", vec![2, 1, 1]),
            "a delta",
        ),
        (
            "with an unknown limit",
            with(true, "1.2.250.1.1", vec![5, 0]),
            "must be understood",
        ),
        (
            "an indirect one",
            of_point(&[0x30, 3, 0x84, 1, 0xff]),
            "an indirect one",
        ),
        (
            "of some reasons",
            of_point(&[0x30, 4, 0x83, 2, 1, 2]),
            "must be understood",
        ),
        (
            "of attributes' certificates",
            of_point(&[0x30, 3, 0x85, 1, 0xff]),
            "must be understood",
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_authority_that_may_sign_no_lists_is_not_believed() {
    let mut stage = Stage::new();
    let people = stage.root.intermediate(Spec {
        key_usage: vec![KeyUsages::KeyCertSign],
        ..Spec::authority("AC IGC-SANTE FORT PERSONNES")
    });
    stage.people_file().bytes = people.to_pem().into_bytes();
    let cards = stage.cards().await;
    assert_eq!(
        failure(&cards).as_deref(),
        Some("its authority's key is not for signing lists")
    );
}

#[tokio::test]
async fn a_list_of_one_distribution_point_speaks_of_the_cards_that_name_it_alone() {
    let mut stage = Stage::new();
    let address = "http://lists.example/part-1.crl";
    let spec = CrlSpec {
        extra: vec![issuing_point(address)],
        ..list(2)
    };
    stage.net.put(PEOPLE_LIST, stage.people.crl(&spec, &[]));
    let naming = |address: &str| Spec {
        urls: Some(Urls {
            crls: vec![address.to_owned()],
            ..Urls::default()
        }),
        ..physician()
    };
    let named = stage.people.issue(naming(address));
    let other = stage.people.issue(naming("http://lists.example/part-2.crl"));
    assert!(stage.judge(named.chain()).await.is_ok());
    assert_eq!(
        stage.judge(other.chain()).await,
        Err(CardFault::RevocationUnknown)
    );
    // A list of authorities' certificates alone says nothing of cards.
    let of_authorities = CrlSpec {
        extra: vec![extension(
            db::rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT,
            true,
            vec![0x30, 3, 0x82, 1, 0xff],
        )],
        ..list(3)
    };
    stage.settings.folder = stage.folder.path().join("another");
    stage.net.put(PEOPLE_LIST, stage.people.crl(&of_authorities, &[]));
    assert_eq!(
        stage.judge(named.chain()).await,
        Err(CardFault::RevocationUnknown)
    );
}
