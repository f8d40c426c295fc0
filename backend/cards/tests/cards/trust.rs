//! Files of authorities: what is read of them, and what is said of those that are wrong.

use portique_cards::{AuthorityFile, Issues, Trust};
use portique_test_authority::{Authority, Hash, KeyKind, Period, Spec};

use crate::stage::{Stage, file, noon, physician};

fn root() -> Authority {
    Authority::root(Spec::authority("AC RACINE"))
}

fn named(name: &str, bytes: impl Into<Vec<u8>>, issues: Issues) -> AuthorityFile {
    AuthorityFile {
        name: name.to_owned(),
        bytes: bytes.into(),
        ..file("", issues, &[])
    }
}

fn refusal(files: &[AuthorityFile]) -> String {
    Trust::new(files, noon()).err().expect("a refusal").to_string()
}

/// A `.p7b` of certificates, as `openssl crl2pkcs7 -nocrl` makes it: signed data that nobody signed.
fn p7b(certificates: &[&[u8]]) -> Vec<u8> {
    let tlv = |tag: u8, parts: &[&[u8]]| {
        let content = parts.concat();
        let length = u16::try_from(content.len())
            .expect("a small bundle")
            .to_be_bytes();
        let head = if content.len() < 0x80 {
            vec![tag, length[1]]
        } else {
            vec![tag, 0x82, length[0], length[1]]
        };
        [head, content].concat()
    };
    let short = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).expect("a few bytes");
        [&[tag, length], content].concat()
    };
    let data = short(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
    let signed_data = short(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);
    let signed = tlv(
        0x30,
        &[
            &short(0x02, &[1]),
            &short(0x31, &[]),
            &short(0x30, &data),
            &tlv(0xa0, certificates),
            &short(0x31, &[]),
        ],
    );
    tlv(0x30, &[&signed_data, &tlv(0xa0, &[&signed])])
}

fn in_pem(label: &str, der: &[u8]) -> String {
    der::pem::encode_string(label, der::pem::LineEnding::CRLF, der).expect("a label and bytes")
}

#[tokio::test]
async fn authorities_are_read_out_of_each_kind_of_file() {
    let stage = Stage::new();
    let card = stage.people.issue(physician());
    let (root, people) = (stage.root.certificate(), stage.people.certificate());
    let bundle = p7b(&[people, root]);
    for (kind, bytes) in [
        ("DER", people.to_vec()),
        ("PEM", stage.people.to_pem().into_bytes()),
        (
            "PEM with words around",
            format!("subject=AC\r\n{}\n\nend\n", stage.people.to_pem()).into_bytes(),
        ),
        (
            "several in PEM",
            format!("{}{}", stage.people.to_pem(), stage.root.to_pem()).into_bytes(),
        ),
        (".p7b", bundle.clone()),
        (".p7b in PEM", in_pem("PKCS7", &bundle).into_bytes()),
        (".p7b in PEM, its newer name", in_pem("CMS", &bundle).into_bytes()),
    ] {
        let mut stage = Stage::new();
        stage.people_file().bytes = bytes;
        assert!(stage.judge(card.chain()).await.is_ok(), "{kind}");
    }
}

#[test]
fn a_wrong_file_is_named_with_what_is_wrong_with_it() {
    let root = root();
    let card = root.issue(physician());
    let good = named("racine.pem", root.to_pem(), Issues::Nothing);
    let mut broken = root.to_pem();
    broken.replace_range(40..44, "!!!!");
    let mut forged = root.certificate().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let weak = Authority::root(Spec::authority("AC FAIBLE").with_key(KeyKind::Rsa1024));
    for (bytes, expected) in [
        (Vec::new(), "the file is empty"),
        (b"hello".to_vec(), "neither a certificate nor a .p7b"),
        (broken.into_bytes(), "a PEM block in it is broken"),
        (in_pem("X509 CRL", b"0").into_bytes(), "no certificate in it"),
        (
            in_pem("PKCS7", b"0").into_bytes(),
            "neither a certificate nor a .p7b",
        ),
        (p7b(&[]), "no certificate in it"),
        (
            card.to_pem().into_bytes(),
            "«810003456786» is no authority: its certificate may issue none",
        ),
        (
            forged,
            "«AC RACINE» names itself as its issuer, but its key did not sign it",
        ),
        (
            weak.to_pem().into_bytes(),
            "no authority in it that can be believed",
        ),
        (
            vec![b'0'; 5 * 1024 * 1024],
            "the file is larger than any bundle of authorities",
        ),
    ] {
        let files = [good.clone(), named("igc.p7b", bytes, Issues::Professionals)];
        assert_eq!(refusal(&files), format!("igc.p7b: {expected}"));
    }
}

#[test]
fn without_an_anchor_nothing_can_be_trusted() {
    let people = root().intermediate(Spec::authority("AC PERSONNES"));
    let refused = refusal(&[named("fort.pem", people.to_pem(), Issues::Professionals)]);
    assert!(
        refused.starts_with("fort.pem: no file holds a self-signed certificate"),
        "{refused}"
    );
    assert!(refusal(&[]).starts_with("cards.authorities: "));
}

#[test]
fn an_authority_can_have_one_meaning_but_its_root_may_be_in_every_bundle() {
    let root = root();
    let people = root.intermediate(Spec::authority("AC PERSONNES"));
    let contactless = root.intermediate(Spec::authority("AC SANS CONTACT"));
    let with_root = |authority: &Authority| format!("{}{}", authority.to_pem(), root.to_pem());
    let bundles = [
        named("fort.pem", with_root(&people), Issues::Professionals),
        named("elementaire.pem", with_root(&contactless), Issues::Contactless),
    ];
    assert!(Trust::new(&bundles, noon()).is_ok());
    let twice = [
        named("fort.pem", with_root(&people), Issues::Professionals),
        named("elementaire.pem", people.to_pem(), Issues::Contactless),
    ];
    assert_eq!(
        refusal(&twice),
        "elementaire.pem: «AC PERSONNES» is in another file too, with another meaning"
    );
}

#[test]
fn a_bundle_of_several_ranges_has_no_one_meaning() {
    let range = |name: &str| {
        let root = Authority::root(Spec::authority(&format!("AC RACINE {name}")));
        let people = root.intermediate(Spec::authority(&format!("AC {name} PERSONNES")));
        (root, people)
    };
    let (strong, plain) = (range("FORT"), range("ELEMENTAIRE"));
    let pem = |authorities: &[&Authority]| authorities.iter().map(|it| it.to_pem()).collect::<String>();
    let whole = pem(&[&strong.0, &strong.1, &plain.0, &plain.1]);
    let expected = "igc.p7b: its authorities stand under several roots («AC RACINE FORT», «AC RACINE ELEMENTAIRE»); expected those of one";
    for meaning in [Issues::Professionals, Issues::Contactless, Issues::Organisations] {
        let refused = refusal(&[named("igc.p7b", whole.clone(), meaning)]);
        assert!(refused.starts_with(expected), "{refused}");
    }
    assert!(Trust::new(&[named("igc.p7b", whole, Issues::Nothing)], noon()).is_ok());
    // What tells the ranges apart may stand in another file.
    let roots = named("roots.pem", pem(&[&strong.0, &plain.0]), Issues::Nothing);
    let below = named("igc.p7b", pem(&[&strong.1, &plain.1]), Issues::Professionals);
    let refused = refusal(&[below.clone(), roots.clone()]);
    assert!(refused.starts_with("igc.p7b: "), "{refused}");
    // One whose root nobody holds can't be judged, and opens nothing.
    let strong_root = named("root.pem", pem(&[&strong.0]), Issues::Nothing);
    assert!(Trust::new(&[strong_root, below], noon()).is_ok());
    let split = [
        roots,
        named("fort.pem", pem(&[&strong.1]), Issues::Professionals),
        named("elementaire.pem", pem(&[&plain.1]), Issues::Contactless),
    ];
    assert!(Trust::new(&split, noon()).is_ok());
}

#[test]
fn an_authority_that_two_roots_certified_is_of_either_range() {
    let (old, new) = (
        Authority::root(Spec::authority("AC RACINE 2013")),
        Authority::root(Spec::authority("AC RACINE 2026")),
    );
    let people = || Spec::authority("AC PERSONNES");
    let others = new.intermediate(Spec::authority("AC AUTRES PERSONNES"));
    let pem = [
        &old,
        &new,
        &old.intermediate(people()),
        &new.intermediate(people()),
        &others,
    ]
    .map(Authority::to_pem)
    .concat();
    assert!(Trust::new(&[named("igc.pem", pem, Issues::Professionals)], noon()).is_ok());
}

#[tokio::test]
async fn a_root_in_bundles_of_several_meanings_issues_no_card_itself() {
    let mut stage = Stage::new();
    for place in [1, 2] {
        let root = stage.root.to_pem().into_bytes();
        stage.settings.authorities[place].bytes.extend(root);
    }
    let good = stage.judge(stage.people.issue(physician()).chain()).await;
    assert!(good.is_ok());
    let found = stage.judge(stage.root.issue(physician()).chain()).await;
    assert_eq!(found, Err(portique_domain::card::CardFault::BrokenChain));
}

#[test]
fn what_is_odd_but_can_be_lived_with_is_a_warning() {
    let old = Authority::root(Spec {
        valid: Period::years(2000, 2020),
        ..Spec::authority("AC ANCIENNE")
    });
    let future = old.intermediate(Spec {
        valid: Period::years(2030, 2040),
        ..Spec::authority("AC FUTURE")
    });
    let weak_key = old.intermediate(Spec::authority("AC CLE FAIBLE").with_key(KeyKind::Rsa1024));
    let weak_hash = old.intermediate(Spec {
        hash: Hash::Sha1,
        ..Spec::authority("AC SHA-1")
    });
    let orphan = root().intermediate(Spec::authority("AC ORPHELINE"));
    let pem: String = [&old, &future, &weak_key, &weak_hash, &orphan]
        .map(Authority::to_pem)
        .concat();
    let trust = Trust::new(&[named("igc.pem", pem, Issues::Professionals)], noon()).expect("a good anchor");
    assert_eq!(
        trust.warnings(),
        [
            "igc.pem: «AC ANCIENNE» has expired",
            "igc.pem: «AC FUTURE» is not valid yet",
            "igc.pem: «AC CLE FAIBLE» has a weak key and is left out",
            "igc.pem: «AC SHA-1» is signed with a weak algorithm and is left out",
            "igc.pem: neither a list nor a responder is named, so that its cards are refused",
            "«AC ORPHELINE»: no file holds the authority that issued it",
        ]
    );
}

#[tokio::test]
async fn an_anchor_is_trusted_past_its_own_end() {
    let mut stage = Stage::new();
    let root = Authority::root(Spec {
        valid: Period::years(2013, 2026),
        ..Spec::authority("AC RACINE IGC-SANTE FORT")
    });
    stage.settings.authorities[0].bytes = root.to_pem().into_bytes();
    assert!(stage.judge(stage.people.issue(physician()).chain()).await.is_ok());
    assert_eq!(
        stage.cards().await.warnings(),
        ["nothing.pem: «AC RACINE IGC-SANTE FORT» has expired"]
    );
}
