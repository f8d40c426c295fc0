//! Cards that open, in each of the shapes that cards have.

use jiff::Timestamp;
use portique_domain::card::{Card, CardFault, CardJudge as _, Presented};
use portique_shared::types::NationalId;
use portique_test_authority::{
    Attribute, Authority, Hash, KeyKind, Name, Period, Rdn, Spec, Tag, Text, unknown_extension,
};

use crate::stage::{PEOPLE_LIST, ROOT_LIST, RPPS, Stage, lines, list, noon, physician};

fn parts() -> [Attribute; 3] {
    [
        Attribute::common_name(RPPS),
        Attribute::surname("MARTIN"),
        Attribute::given_name("Claire"),
    ]
}

async fn opened(stage: &Stage, spec: Spec) -> Card {
    stage
        .judge(stage.people.issue(spec).chain())
        .await
        .expect("a good card")
}

#[tokio::test]
async fn a_card_tells_who_holds_it() {
    let stage = Stage::new();
    let issued = stage.people.issue(physician());
    let card = stage.judge(issued.chain()).await.expect("a good card");
    assert_eq!(
        card,
        Card {
            number: NationalId::Rpps("10003456786".into()),
            family_name: "MARTIN".into(),
            given_name: "Claire".into(),
            is_test: false,
        }
    );
}

#[tokio::test]
async fn a_certificate_is_named_by_its_number_and_by_an_authority_that_is_known() {
    let stage = Stage::new();
    let issued = stage.people.issue(physician());
    let serial = hex::encode(&issued.serial);
    let named = |chain| {
        stage.open_at(noon()).name_of(&Presented {
            chain,
            is_proved: false,
        })
    };
    assert_eq!(
        named(issued.chain()),
        Some(format!("{serial} AC IGC-SANTE FORT PERSONNES"))
    );
    let foreign = Authority::root(Spec::authority("=cmd()")).issue(physician());
    let serial = hex::encode(&foreign.serial);
    assert_eq!(
        named(foreign.chain()),
        Some(serial),
        "strangers write no names into the trail"
    );
    assert_eq!(named(vec![b"nonsense".to_vec()]), None);
    assert_eq!(named(Vec::new()), None);
}

#[tokio::test]
async fn the_subjects_attributes_stand_in_any_order_together_or_apart() {
    let stage = Stage::new();
    let plain = opened(&stage, physician()).await;
    let [number, surname, given] = parts();
    for order in [
        [&number, &surname, &given],
        [&number, &given, &surname],
        [&surname, &number, &given],
        [&surname, &given, &number],
        [&given, &number, &surname],
        [&given, &surname, &number],
    ] {
        let attributes: Vec<_> = order.into_iter().cloned().collect();
        let together = Rdn {
            attributes: attributes.clone(),
            as_given: true,
        };
        let mut apart = Name(attributes.into_iter().map(Rdn::from).collect());
        apart.0.push(Attribute::title("Médecin").into());
        apart.0.push(Attribute::country("FR").into());
        for subject in [Name::holder("Médecin", together), apart] {
            let card = opened(&stage, Spec::card(subject)).await;
            assert_eq!(
                (&card.number, &card.family_name),
                (&plain.number, &plain.family_name)
            );
        }
    }
}

#[tokio::test]
async fn each_kind_of_string_is_read() {
    let stage = Stage::new();
    for kind in [
        Text::utf8,
        Text::printable,
        Text::bmp,
        |text: &str| Text::raw(Tag::Ia5String, text.as_bytes()),
        |text: &str| Text::raw(Tag::TeletexString, text.as_bytes()),
    ] {
        let subject = Name::holder(
            "Médecin",
            vec![
                Attribute::common_name(kind(RPPS)),
                Attribute::surname(kind("MARTIN")),
                Attribute::given_name(kind("Claire")),
            ],
        );
        assert_eq!(opened(&stage, Spec::card(subject)).await.given_name, "Claire");
    }
    let accents = Spec::card(Name::holder(
        "Sage-femme",
        vec![
            Attribute::common_name(RPPS),
            Attribute::surname(Text::bmp("LEFÈVRE-D’ŒUF")),
            Attribute::given_name("Zoé"),
        ],
    ));
    let card = opened(&stage, accents).await;
    assert_eq!(
        (card.family_name.as_str(), card.given_name.as_str()),
        ("LEFÈVRE-D’ŒUF", "Zoé")
    );
}

#[tokio::test]
async fn older_cards_bear_an_adeli_number() {
    let stage = Stage::new();
    for (common_name, number) in [("0061234567", "061234567"), ("02A1234567", "2A1234567")] {
        let card = opened(&stage, Spec::professional(common_name, "MARTIN", "Claire")).await;
        assert_eq!(card.number, NationalId::Adeli(number.into()));
    }
}

#[tokio::test]
async fn a_card_of_the_test_series_says_so_whoever_issued_it() {
    let stage = Stage::new();
    let series = || Spec::professional("899700075122", "PHARMACIEN-TEST", "Carole");
    assert!(opened(&stage, series()).await.is_test);
    let chain = stage.test_people.issue(series()).chain();
    assert!(stage.judge(chain).await.expect("a good card").is_test);
}

#[tokio::test]
async fn keys_and_hashes_that_are_strong_are_taken() {
    let mut stage = Stage::new();
    let rsa = stage
        .root
        .intermediate(Spec::authority("AC IGC-SANTE FORT PERSONNES").with_key(KeyKind::Rsa2048));
    stage.people_file().bytes = rsa.to_pem().into_bytes();
    stage.net.put(PEOPLE_LIST, rsa.crl(&list(1), &[]));
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let spec = Spec {
            hash,
            ..physician().with_key(KeyKind::Rsa2048)
        };
        assert!(stage.judge(rsa.issue(spec).chain()).await.is_ok(), "{hash:?}");
    }
}

#[tokio::test]
async fn whatever_the_browser_sends_along_a_good_card_opens() {
    let stage = Stage::new();
    let card = stage.people.issue(physician()).certificate;
    let (people, root) = (
        stage.people.certificate().to_vec(),
        stage.root.certificate().to_vec(),
    );
    let strange = Authority::root(Spec::authority("AC ETRANGERE"))
        .certificate()
        .to_vec();
    for others in [
        vec![],
        vec![people.clone()],
        vec![root.clone(), people.clone()],
        vec![people.clone(), people.clone(), root, strange],
    ] {
        let mut chain = vec![card.clone()];
        chain.extend(others);
        assert!(stage.judge(chain).await.is_ok());
    }
}

#[tokio::test]
async fn an_authority_between_configured_ones_may_come_with_the_card() {
    let mut stage = Stage::new();
    let middle = stage.root.intermediate(Spec::authority("AC INTERMEDIAIRE"));
    let people = middle.intermediate(Spec::authority("AC IGC-SANTE FORT PERSONNES"));
    stage.people_file().bytes = people.to_pem().into_bytes();
    stage.net.put(PEOPLE_LIST, people.crl(&list(1), &[]));
    let card = people.issue(physician());
    let alone = stage.judge(vec![card.certificate.clone()]).await;
    assert_eq!(alone, Err(CardFault::UnknownAuthority));
    assert!(stage.judge(card.chain()).await.is_ok());
    // Whether it still stands is for the root's list to say, and nobody else's.
    stage
        .net
        .put(ROOT_LIST, stage.root.crl(&list(2), &lines(&[&middle.issued])));
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::Revoked));
    stage.net.take_away(ROOT_LIST);
    stage.settings.folder = stage.folder.path().join("another");
    assert_eq!(stage.judge(card.chain()).await, Err(CardFault::RevocationUnknown));
}

#[tokio::test]
async fn a_certificate_without_end_and_one_with_unknown_remarks_are_read() {
    let stage = Stage::new();
    let endless = Spec {
        valid: Period {
            from: noon(),
            until: Timestamp::MAX,
        },
        extra: vec![unknown_extension(false, 64)],
        ..physician()
    };
    opened(&stage, endless).await;
}
